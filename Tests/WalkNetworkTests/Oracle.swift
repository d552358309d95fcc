import DirectoryModel
import Glibc

@testable import WalkNetwork

/// A slow reference, written apart from the code under test: the uncontracted graph from the raw ways, its own
/// haversine, its own nearest point, its own Dijkstra on metres as doubles.
struct Oracle {
    struct Piece {
        var from: Int
        var to: Int
        var metres: Double
        var steps: Bool
        var oneway: Bool
        var isSmall = false
    }

    /// A point on a piece, `offset` metres from its `from`.
    struct Spot {
        var piece: Int
        var offset: Double
        var leg: Double
    }

    private(set) var ids: [Int64] = []
    private(set) var latitudes: [Double] = []
    private(set) var longitudes: [Double] = []
    private(set) var pieces: [Piece] = []
    private var blocked: [Bool] = []
    private var adjacency: [[Int]] = []

    init(_ raw: RawNetwork) {
        var index: [Int64: Int] = [:]
        for way in raw.ways {
            var last: Int?
            for node in way.nodes {
                if node.latitude == Int32.max { last = nil; continue }
                let number = index[node.id] ?? ids.count
                if number == ids.count {
                    index[node.id] = number
                    ids.append(node.id)
                    latitudes.append(Double(node.latitude) * 1e-7)
                    longitudes.append(Double(node.longitude) * 1e-7)
                    blocked.append(raw.blocked.contains(node.id))
                }
                if let last, last != number {
                    let back = way.attributes.oneway == .backward
                    pieces.append(
                        Piece(
                            from: back ? number : last, to: back ? last : number,
                            metres: (haversine(last, number) * 100).rounded() / 100,
                            steps: way.attributes.steps, oneway: way.attributes.oneway != .no))
                }
                last = number
            }
        }
        adjacency = Array(repeating: [], count: ids.count)
        for (number, piece) in pieces.enumerated() {
            adjacency[piece.from].append(number)
            adjacency[piece.to].append(number)
        }
        markSmallComponents()
    }

    private func haversine(_ a: Int, _ b: Int) -> Double {
        Self.haversine(latitudes[a], longitudes[a], latitudes[b], longitudes[b])
    }

    static func haversine(_ lat1: Double, _ lon1: Double, _ lat2: Double, _ lon2: Double) -> Double {
        let r = Double.pi / 180
        let h =
            pow(sin((lat2 - lat1) * r / 2), 2) + cos(lat1 * r) * cos(lat2 * r)
            * pow(sin((lon2 - lon1) * r / 2), 2)
        return 2 * 6_371_008.8 * atan2(h.squareRoot(), (1 - h).squareRoot())
    }

    /// Floods over pieces; a blocked node does not join them.
    private mutating func markSmallComponents() {
        var seen = [Bool](repeating: false, count: pieces.count)
        for start in pieces.indices where !seen[start] {
            var component = [start]
            seen[start] = true
            var next = 0
            while next < component.count {
                let piece = pieces[component[next]]
                next += 1
                for node in [piece.from, piece.to] where !blocked[node] {
                    for other in adjacency[node] where !seen[other] {
                        seen[other] = true
                        component.append(other)
                    }
                }
            }
            if component.reduce(0, { $0 + pieces[$1].metres }) < 999.995 {
                for piece in component { pieces[piece].isSmall = true }
            }
        }
    }

    /// The nearest point of all pieces that may be snapped to, by trying every one; nil beyond 250 m.
    func nearest(_ thing: Coordinate) -> Spot? {
        nearest(thing) { !$0.steps && !$0.isSmall } ?? nearest(thing) { !$0.steps }
    }

    private func nearest(_ thing: Coordinate, where isAllowed: (Piece) -> Bool) -> Spot? {
        let latitude = thing.latitude.value
        let longitude = thing.longitude.value
        let perDegree = 6_371_008.8 * Double.pi / 180
        let squeeze = cos(latitude * Double.pi / 180)
        let window = 260 / perDegree
        var best = Double.infinity
        var spot: Spot?
        latitudes.withUnsafeBufferPointer { latitudes in
            longitudes.withUnsafeBufferPointer { longitudes in
                pieces.withUnsafeBufferPointer { pieces in
                    for number in 0..<pieces.count {
                        let a = pieces[number].from
                        let b = pieces[number].to
                        let (south, north) = (latitudes[a] - latitude, latitudes[b] - latitude)
                        if south > window && north > window || south < -window && north < -window { continue }
                        guard isAllowed(pieces[number]) else { continue }
                        let ax = (longitudes[a] - longitude) * squeeze * perDegree
                        let bx = (longitudes[b] - longitude) * squeeze * perDegree
                        let (ay, by) = (south * perDegree, north * perDegree)
                        let square = (bx - ax) * (bx - ax) + (by - ay) * (by - ay)
                        var part = square == 0 ? 0 : -((bx - ax) * ax + (by - ay) * ay) / square
                        part = part < 0 ? 0 : part > 1 ? 1 : part
                        let (x, y) = (ax + part * (bx - ax), ay + part * (by - ay))
                        if x * x + y * y < best {
                            best = x * x + y * y
                            let leg = Self.haversine(
                                latitude, longitude, latitudes[a] + part * (latitudes[b] - latitudes[a]),
                                longitudes[a] + part * (longitudes[b] - longitudes[a]))
                            spot = Spot(piece: number, offset: part * pieces[number].metres, leg: leg)
                        }
                    }
                }
            }
        }
        return spot.flatMap { $0.leg <= 250 ? $0 : nil }
    }

    /// Metres on the network from a spot to every node that a walk can arrive at.
    func distances(from spot: Spot, avoidsSteps: Bool, limit: Double = .infinity) -> [Int: Double] {
        var distance: [Int: Double] = [:]
        var heap = ReferenceHeap()
        let own = pieces[spot.piece]
        heap.push((own.metres - spot.offset, own.to))
        if !own.oneway { heap.push((spot.offset, own.from)) }
        while let (metres, node) = heap.pop() {
            if distance[node] != nil || metres > limit { continue }
            distance[node] = metres
            if blocked[node] { continue }
            for number in adjacency[node] {
                let piece = pieces[number]
                if avoidsSteps && piece.steps { continue }
                if piece.from == node { heap.push((metres + piece.metres, piece.to)) }
                if piece.to == node && !piece.oneway { heap.push((metres + piece.metres, piece.from)) }
            }
        }
        return distance
    }

    /// The whole walk, both legs included, or nil where there is none.
    func total(from origin: Spot, to goal: Spot, distances: [Int: Double]) -> Double? {
        let piece = pieces[goal.piece]
        var network = Double.infinity
        if origin.piece == goal.piece && (goal.offset >= origin.offset || !piece.oneway) {
            network = abs(goal.offset - origin.offset)
        }
        if let metres = distances[piece.from], !blocked[piece.from] {
            network = min(network, metres + goal.offset)
        }
        if !piece.oneway, let metres = distances[piece.to], !blocked[piece.to] {
            network = min(network, metres + piece.metres - goal.offset)
        }
        return network.isFinite ? origin.leg + network + goal.leg : nil
    }
}

/// A binary heap, the plain one.
struct ReferenceHeap {
    private var items: [(Double, Int)] = []

    mutating func push(_ item: (Double, Int)) {
        items.append(item)
        var index = items.count - 1
        while index > 0, items[index].0 < items[(index - 1) / 2].0 {
            items.swapAt(index, (index - 1) / 2)
            index = (index - 1) / 2
        }
    }

    mutating func pop() -> (Double, Int)? {
        guard let first = items.first, let last = items.popLast() else { return nil }
        if items.isEmpty { return first }
        items[0] = last
        var index = 0
        while true {
            var least = index
            for child in [index * 2 + 1, index * 2 + 2]
            where child < items.count && items[child].0 < items[least].0 {
                least = child
            }
            if least == index { return first }
            items.swapAt(index, least)
            index = least
        }
    }
}

/// The tables that the network exports, read back, so that a snap can be found in the oracle's graph.
struct ExportedTables {
    struct Row {
        var from: Int64
        var to: Int64
        var metres: Double
        var steps: Bool
        var oneway: Bool
    }

    var rows: [Row] = []
    var blocked: Set<Int64> = []
    var nodes: [Int64: (latitude: Double, longitude: Double)] = [:]

    init(_ network: WalkNetwork) {
        var text: [UInt8] = []
        network.writeEdgesCSV { text += $0 }
        for line in String(decoding: text, as: UTF8.self).split(separator: "\n").dropFirst() {
            let words = line.split(separator: ",")
            rows.append(
                Row(
                    from: Int64(words[1]) ?? 0, to: Int64(words[2]) ?? 0, metres: Double(words[3]) ?? -1,
                    steps: words[4] == "1", oneway: words[5] == "1"))
        }
        text = []
        network.writeNodesCSV { text += $0 }
        for line in String(decoding: text, as: UTF8.self).split(separator: "\n").dropFirst() {
            let words = line.split(separator: ",")
            let id = Int64(words[0]) ?? 0
            nodes[id] = (Double(words[1]) ?? 0, Double(words[2]) ?? 0)
            if words[3] == "1" { blocked.insert(id) }
        }
    }
}
