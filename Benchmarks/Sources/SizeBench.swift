// Measures what the size of the network and the number of places cost, on made-up towns of any size.

import DirectoryModel
import Glibc
import WalkNetwork

enum SizeBench {
    /// Nodes of the networks.
    static let nodes = [10_000, 100_000, 1_000_000]
    /// Places on each of them.
    static let places = [1_000, 10_000, 100_000]
    /// How often all origins are asked from; the best time of each counts.
    static let rounds = 11

    /// Prints rows of comma-separated values, which Benchmarks/plot.py draws.
    static func run() throws {
        print("nodes,places,question,p50_us,p99_us,listed")
        for count in nodes {
            let network = try MadeUpStreets(nodes: count).network()
            let origins = AnywhereOrigins(on: network, count: Bench.originCount).points
            for placeCount in places {
                let table = hang(placeCount, on: network)
                for question in [Question.nearest, .oneKind, .all, .bounded] {
                    let row = ask(question, from: origins, on: network, table)
                    print("\(network.nodeCount),\(placeCount),\(question.rawValue),\(row)")
                }
            }
        }
    }

    private enum Question: String {
        case nearest = "nearest 50"
        case oneKind = "nearest 50 of one kind in 35"
        case all = "all within 15 minutes"
        case bounded = "nearest 50 by bounded search"
    }

    private static func hang(_ count: Int, on network: WalkNetwork) -> TargetTable {
        var numbers = SeededNumbers(state: 6)
        let targets = AnywhereOrigins(on: network, count: count, seed: 11).points.compactMap { point in
            network.snap(point).map { (snap: $0, kind: UInt16.random(in: 0..<35, using: &numbers)) }
        }
        var slots: [TargetSlot] = []
        let table = TargetTable(edgeCount: network.edgeCount, loading: targets, slots: &slots)
        table.hangOnHubs(of: network)
        return table
    }

    private static func ask(
        _ question: Question, from origins: [Coordinate], on network: WalkNetwork, _ table: TargetTable
    ) -> String {
        var best = [Double](repeating: .infinity, count: origins.count)
        var results: [ReachedTarget] = []
        var listed = 0
        SearchPool(network: network).withScratch { scratch in
            for round in 0..<rounds {
                for (index, point) in origins.enumerated() {
                    let start = now()
                    guard let origin = network.snap(point) else { continue }
                    var query = TargetQuery(origin: origin, limit: Bench.limit, wanted: Bench.wanted)
                    if question == .all { query.wanted = .max }
                    if question == .oneKind { query.kinds = KindSet([7]) }
                    if question == .bounded {
                        network.boundedReach(
                            query, targets: table, scratch: scratch, accept: { _, _ in true },
                            precedes: { $0 < $1 }, into: &results)
                    } else {
                        network.reach(
                            query, targets: table, scratch: scratch, accept: { _, _ in true },
                            precedes: { $0 < $1 }, into: &results)
                    }
                    best[index] = min(best[index], now() - start)
                    if round == 0 { listed += results.count }
                }
            }
        }
        var times = Times()
        for time in best { times.add(time) }
        return "\(rounded(times.percentile(0.5))),\(rounded(times.percentile(0.99))),"
            + "\(rounded(Double(listed) / Double(max(1, origins.count))))"
    }
}

/// Streets that nobody walks: a grid that was shaken, with bends, missing streets, steps and one-way footways.
///
/// The same in every run.
struct MadeUpStreets {
    /// Metres between crossings: about three nodes to a crossing, as on the maps of towns.
    private static let spacing = 110.0
    private static let bends = 0...2
    private static let south = 32.0
    private static let west = 118.0
    private let nodes: Int

    /// Streets with about so many nodes.
    init(nodes: Int) { self.nodes = nodes }

    /// The network of the streets, with labels.
    func network() throws -> WalkNetwork {
        var numbers = SeededNumbers(state: 12)
        var builder = NetworkBuilder()
        // A crossing has 1.7 streets with one bend each, on average.
        let side = max(2, Int((Double(nodes) / 2.7).squareRoot().rounded()))
        var made: Int64 = 0
        func node(_ east: Double, _ north: Double) -> WayNode {
            made += 1
            let latitude = Self.south + north / 111_195
            let longitude = Self.west + east / (111_195 * cos(Self.south * .pi / 180))
            return WayNode(id: made, latitude: Int32(latitude * 1e7), longitude: Int32(longitude * 1e7))
        }
        var crossings: [(node: WayNode, east: Double, north: Double)] = []
        for index in 0..<side * side {
            let east = Double(index % side) * Self.spacing + Double.random(in: -35...35, using: &numbers)
            let north = Double(index / side) * Self.spacing + Double.random(in: -35...35, using: &numbers)
            crossings.append((node(east, north), east, north))
        }
        var way: Int64 = 0
        for index in crossings.indices {
            for other in [index + 1, index + side] {
                guard other < crossings.count, other != index + 1 || other % side != 0,
                    Int.random(in: 0..<100, using: &numbers) >= 15
                else { continue }
                let (from, to) = (crossings[index], crossings[other])
                var line = [from.node]
                let bends = Int.random(in: Self.bends, using: &numbers)
                for bend in 0..<bends {
                    let part = Double(bend + 1) / Double(bends + 1)
                    line.append(
                        node(
                            from.east + part * (to.east - from.east)
                                + Double.random(in: -12...12, using: &numbers),
                            from.north + part * (to.north - from.north)
                                + Double.random(in: -12...12, using: &numbers)))
                }
                line.append(to.node)
                way += 1
                let chance = Int.random(in: 0..<100, using: &numbers)
                builder.addWay(
                    id: way,
                    attributes: WayAttributes(steps: chance < 3, oneway: chance > 97 ? .forward : .no),
                    name: nil, nameEnglish: nil, nodes: line)
            }
        }
        return try builder.build(sourceTimestamp: nil, attribution: "made up").labelled(threads: 2).network()
    }
}
