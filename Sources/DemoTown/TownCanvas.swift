internal import DirectoryModel
internal import Foundation

/// A point of the town's plan, in metres east and north of its south-western corner.
struct Spot: Hashable {
    var x: Double
    var y: Double
}

/// A rectangle of the plan.
struct Block: Hashable {
    var x0: Double
    var y0: Double
    var x1: Double
    var y1: Double

    /// The rectangle, smaller by a margin on every side.
    func inset(_ margin: Double) -> Block {
        Block(x0: x0 + margin, y0: y0 + margin, x1: x1 - margin, y1: y1 - margin)
    }

    func contains(_ spot: Spot) -> Bool { spot.x >= x0 && spot.x < x1 && spot.y >= y0 && spot.y < y1 }

    /// The corners, counter-clockwise from the south-west.
    var corners: [Spot] { [Spot(x: x0, y: y0), Spot(x: x1, y: y0), Spot(x: x1, y: y1), Spot(x: x0, y: y1)] }

    var centre: Spot { Spot(x: (x0 + x1) / 2, y: (y0 + y1) / 2) }
}

/// Numbers that look random and are the same for the same seed on every machine.
///
/// Source: SplitMix64, G. Steele, D. Lea, C. Flood, OOPSLA 2014.
struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A number in 0 ..< `count`.
    mutating func below(_ count: Int) -> Int { Int(next() % UInt64(max(1, count))) }

    /// One of the elements; nil of none.
    mutating func pick<Element>(_ elements: [Element]) -> Element? {
        elements.isEmpty ? nil : elements[below(elements.count)]
    }

    /// The elements in another order.
    ///
    /// Not `shuffled(using:)`, whose order is not promised to stay.
    mutating func mixed<Element>(_ elements: [Element]) -> [Element] {
        var mixed = elements
        for index in stride(from: mixed.count - 1, to: 0, by: -1) { mixed.swapAt(index, below(index + 1)) }
        return mixed
    }
}

/// Draws the plan of the town as nodes and ways.
struct TownCanvas {
    private(set) var file: OSMFile
    private var nodeAt: [Cell: Int] = [:]
    private var nextNode = TownCanvas.firstID
    private var nextWay = TownCanvas.firstID
    private var nextRelation = TownCanvas.firstID
    private(set) var streets: [Street] = []

    /// Far above the ids of OpenStreetMap (some 13,000,000,000 in 2026), so that none is ever mistaken.
    static let firstID: Int64 = 900_000_000_001
    /// The south-western corner.
    ///
    /// There is no such town there.
    private static let corner = (latitude: 31.995, longitude: 118.69)
    /// Metres of one degree on a sphere of R = 6,371,008.8 m, as in the walking rules.
    private static let metresPerDegree = 6_371_008.8 * Double.pi / 180

    private struct Cell: Hashable {
        var x: Int
        var y: Int
        /// Centimetres: nearer points are one node.
        init(_ spot: Spot) {
            x = Int((spot.x * 100).rounded())
            y = Int((spot.y * 100).rounded())
        }
    }

    /// A straight street of the plan, with the points where others join it.
    struct Street {
        var name: String?
        var isVertical: Bool
        /// The coordinate that stays the same along it.
        var at: Double
        var from: Double
        var to: Double
        var tags: [String: String]
        /// Points along it that must be nodes.
        var stops: Set<Double>

        func spot(_ along: Double) -> Spot { isVertical ? Spot(x: at, y: along) : Spot(x: along, y: at) }
    }

    init(writer: String, timestamp: Timestamp) { file = OSMFile(writer: writer, timestamp: timestamp) }

    /// Where a point of the plan lies on Earth.
    ///
    /// Two shears bend the straight plan a little and keep every area as it is.
    static func coordinate(_ spot: Spot) -> Coordinate {
        let x = spot.x + 9 * sin(spot.y / 170)
        let y = spot.y + 7 * sin(x / 230)
        let cosine = cos(corner.latitude * .pi / 180)
        return Coordinate(
            uncheckedLatitude: corner.latitude + y / metresPerDegree,
            longitude: corner.longitude + x / (metresPerDegree * cosine))
    }

    /// The node at a point, made when there is none; tags are added to those it has.
    @discardableResult
    mutating func node(_ spot: Spot, _ tags: [String: String] = [:]) -> Int64 {
        let cell = Cell(spot)
        if let index = nodeAt[cell] {
            file.nodes[index].tags.merge(tags) { _, new in new }
            return file.nodes[index].id
        }
        nodeAt[cell] = file.nodes.count
        file.nodes.append(OSMFile.Node(id: nextNode, point: Self.coordinate(spot), tags: tags))
        nextNode += 1
        return nextNode - 1
    }

    /// A line through points.
    @discardableResult
    mutating func way(_ spots: [Spot], _ tags: [String: String]) -> Int64 {
        let nodes = spots.map { node($0) }
        file.ways.append(OSMFile.Way(id: nextWay, nodes: nodes, tags: tags))
        nextWay += 1
        return nextWay - 1
    }

    /// An area with an outline through points; further points on the outline may be given in their order.
    @discardableResult
    mutating func area(_ outline: [Spot], _ tags: [String: String]) -> Int64 {
        guard let first = outline.first else { return 0 }
        return way(outline + [first], tags)
    }

    /// Puts ways together, such as the outline and the hole of an area.
    mutating func relation(_ members: [(way: Int64, role: String)], _ tags: [String: String]) {
        file.relations.append(
            OSMFile.Relation(
                id: nextRelation, ways: members.map { OSMFile.Member(way: $0.way, role: $0.role) }, tags: tags
            ))
        nextRelation += 1
    }

    /// Adds a street; it is drawn when all that joins it is known.
    mutating func street(
        _ name: String?, vertical: Bool, at: Double, from: Double, to: Double, _ tags: [String: String]
    ) {
        var tags = tags
        if let name { tags["name"] = name }
        streets.append(
            Street(
                name: name, isVertical: vertical, at: at, from: from, to: to, tags: tags, stops: [from, to]))
    }

    /// Makes a point of a street a node of it, where a street runs there.
    mutating func join(_ spot: Spot) {
        for index in streets.indices {
            let street = streets[index]
            let (across, along) = street.isVertical ? (spot.x, spot.y) : (spot.y, spot.x)
            if abs(across - street.at) < 0.001, along >= street.from, along <= street.to {
                streets[index].stops.insert(along)
            }
        }
    }

    /// Draws the streets, joined wherever they meet.
    mutating func drawStreets() {
        for vertical in streets.indices where streets[vertical].isVertical {
            for flat in streets.indices where !streets[flat].isVertical {
                let meets =
                    (streets[vertical].from...streets[vertical].to).contains(streets[flat].at)
                    && (streets[flat].from...streets[flat].to).contains(streets[vertical].at)
                guard meets else { continue }
                streets[vertical].stops.insert(streets[flat].at)
                streets[flat].stops.insert(streets[vertical].at)
            }
        }
        for street in streets {
            // A node every 60 m lets the street bend with the plan.
            let bends = stride(from: street.from, to: street.to, by: 60)
            let stops = street.stops.union(bends).sorted()
            way(stops.map(street.spot), street.tags)
        }
    }
}
