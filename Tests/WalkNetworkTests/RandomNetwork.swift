import DirectoryModel
import Glibc

@testable import WalkNetwork

/// A made-up town from a seed: streets with bends, islands, one-way footways, steps, blocked gates, loops,
/// parallel ways, nodes that are missing, named twice, or lie on one another.
struct RandomNetwork {
    var raw = RawNetwork()
    /// Things beside ways, some of them beyond any way.
    var things: [Coordinate] = []
    private var numbers: SeededNumbers
    private var nodes: [WayNode] = []

    init(seed: UInt64) {
        numbers = SeededNumbers(state: seed)
        addTown(north: 0, side: Int.random(in: 3...6, using: &numbers), spacing: 130)
        // An island 200 m off, often shorter than 1 km in all.
        addTown(north: 1_100, side: 2, spacing: Double.random(in: 60...300, using: &numbers))
        for node in nodes where chance(0.04) { raw.blocked.insert(node.id) }
        addThings()
    }

    private mutating func chance(_ share: Double) -> Bool {
        Double.random(in: 0..<1, using: &numbers) < share
    }

    private mutating func node(_ east: Double, _ north: Double) -> WayNode {
        let latitude = 32.04 + north / 111_195
        let longitude = 118.78 + east / (111_195 * cos(32.04 * Double.pi / 180))
        let node = WayNode(
            id: Int64(nodes.count + 1), latitude: Int32(latitude * 1e7), longitude: Int32(longitude * 1e7))
        nodes.append(node)
        return node
    }

    private mutating func addTown(north: Double, side: Int, spacing: Double) {
        var crossings: [[WayNode]] = []
        for row in 0..<side {
            crossings.append([])
            for column in 0..<side {
                let east = Double(column) * spacing + Double.random(in: -40...40, using: &numbers)
                let up = north + Double(row) * spacing + Double.random(in: -40...40, using: &numbers)
                crossings[row].append(node(east, up))
            }
        }
        for row in 0..<side {
            for column in 0..<side {
                if column + 1 < side && !chance(0.15) {
                    addStreet(crossings[row][column], crossings[row][column + 1])
                }
                if row + 1 < side && !chance(0.15) {
                    addStreet(crossings[row][column], crossings[row + 1][column])
                }
                if chance(0.08) { addStreet(crossings[row][column], crossings[row][column]) }
            }
        }
    }

    /// A street with bends; from a crossing to itself it is a loop.
    private mutating func addStreet(_ from: WayNode, _ to: WayNode) {
        var way = [from]
        let bends = from == to ? 3 : Int.random(in: 0...4, using: &numbers)
        for bend in 0..<bends {
            let part = Double(bend + 1) / Double(bends + 1)
            let spread = from == to ? 60.0 : 12
            let latitude = Double(from.latitude) + part * Double(to.latitude - from.latitude)
            let longitude = Double(from.longitude) + part * Double(to.longitude - from.longitude)
            let made = WayNode(
                id: Int64(nodes.count + 1),
                latitude: Int32(latitude + Double.random(in: -spread...spread, using: &numbers) * 90),
                longitude: Int32(longitude + Double.random(in: -spread...spread, using: &numbers) * 106))
            nodes.append(made)
            way.append(made)
            if chance(0.05) { way.append(made) }
            if chance(0.05) {
                let twin = WayNode(
                    id: Int64(nodes.count + 1), latitude: made.latitude, longitude: made.longitude)
                nodes.append(twin)
                way.append(twin)
            }
            if chance(0.02) { way.append(WayNode(missing: 1_000_000 + Int64(nodes.count))) }
        }
        way.append(to)
        let oneway: WayAttributes.Oneway = chance(0.85) ? .no : chance(0.5) ? .forward : .backward
        let attributes = WayAttributes(steps: chance(0.1), oneway: oneway)
        // Split in two now and then, so that chains run over ways of several names and attributes.
        if way.count > 3 && chance(0.4) {
            let cut = Int.random(in: 1..<way.count - 1, using: &numbers)
            append(Array(way[...cut]), attributes)
            append(
                Array(way[cut...]),
                chance(0.7) ? attributes : WayAttributes(steps: attributes.steps, oneway: .forward))
        } else {
            append(way, attributes)
        }
    }

    private mutating func append(_ nodes: [WayNode], _ attributes: WayAttributes) {
        let number = Int64(raw.ways.count + 1)
        raw.ways.append(
            RawNetwork.Way(
                id: number, attributes: attributes, name: chance(0.5) ? "\(number)号路" : nil,
                nameEnglish: nil, nodes: nodes))
        if chance(0.03) { raw.ways.append(raw.ways[raw.ways.count - 1]) }
    }

    private mutating func addThings() {
        let known = raw.ways.flatMap(\.nodes).filter { !$0.isMissing }
        for _ in 0..<32 {
            guard let near = known.randomElement(using: &numbers) else { return }
            let spread = chance(0.1) ? 400.0 : chance(0.3) ? 0 : 45
            let north = Double.random(in: -spread...spread, using: &numbers) / 111_195
            let east = Double.random(in: -spread...spread, using: &numbers) / 94_000
            let first = Coordinate(
                uncheckedLatitude: Double(near.latitude) / 1e7 + north,
                longitude: Double(near.longitude) / 1e7 + east)
            things.append(first)
            // A neighbour a few metres on, so that many pairs share an edge.
            things.append(
                Coordinate(
                    uncheckedLatitude: first.latitude.value
                        + Double.random(in: -2e-4...2e-4, using: &numbers),
                    longitude: first.longitude.value + Double.random(in: -2e-4...2e-4, using: &numbers)))
        }
    }
}
