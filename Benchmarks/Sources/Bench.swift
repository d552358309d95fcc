// quarter-bench: what `make bench` runs, beside the C++ yardstick (Benchmarks/yardstick/bounded.cpp).
// May import: everything.
//
//     quarter-bench build FILE.osm.pbf FILE.qnet      the network file, with times
//     quarter-bench dump FILE.osm.pbf FILE.qnet DUMP  origins and targets for both programs, as text
//     quarter-bench search FILE.qnet DUMP [WANTED]    bounded searches: median and 99th percentile of 1,000, checksum
//     quarter-bench labels FILE.qnet DUMP             labels made, hung and asked, beside the bounded search
//     quarter-bench verify FILE.qnet QUERIES          random questions from labels and by the bounded search: the same?
//     quarter-bench sizes                             what nodes and places cost, on made-up streets, as CSV
//     quarter-bench shapes FILE.qnet DUMP             the same of isochrones and routes
//     quarter-bench reach STATE                       from the decoded query to the bytes of the JSON
//     quarter-bench answers STATE [ROW]               the same and its parts, from coordinates anywhere, with snapping
//     quarter-bench peers STATE                       the questions that Benchmarks/peers asks everybody, in this process
//     quarter-bench peers STATE FOLDER                places, origins, network and walks, for Benchmarks/peers
//     quarter-bench modules STATE                     normalising records, and dressing a page of answers
//     quarter-bench registers FOLDER ROWS              tables of places, from the file to the commit
//     quarter-bench opening CALENDARS                 opening times, with the calendars of a folder
//     quarter-bench names TEXTS                       finding by name, with the names of the folder TEXTS
//     quarter-bench daemon STATE QUARTERD             start, memory, and answers over the Unix socket

import AreaGeometry
import DirectoryModel
import OSMReader
import WalkNetwork

import Glibc

/// Feeds a network builder from a map.
struct NetworkFeed: OSMVisitor {
    var builder = NetworkBuilder()

    mutating func node(_ node: OSMNode) throws {
        if WalkingRules.blocksNode({ node.tags[$0] }) { builder.addBlockedNode(node.id) }
    }

    mutating func way(_ way: OSMWay) throws {
        guard let attributes = WalkingRules.way({ way.tags[$0] }) else { return }
        builder.addWay(
            id: way.id, attributes: attributes, name: way.tags["name"], nameEnglish: way.tags["name:en"],
            nodes: way.nodes.lazy.map { node in
                node.isMissing
                    ? WayNode(missing: node.id)
                    : WayNode(id: node.id, latitude: node.latitude, longitude: node.longitude)
            })
    }
}

/// Collects the nodes that could be places.
struct PlaceFeed: OSMVisitor {
    static let keys = ["shop", "amenity", "leisure", "healthcare", "office", "tourism"]
    var places: [(coordinate: Coordinate, kind: UInt16)] = []

    mutating func node(_ node: OSMNode) throws {
        let kind = Self.keys.firstIndex { node.tags.has($0) } ?? 0
        places.append((node.coordinate, UInt16(kind)))
    }
}

/// A generator of numbers that is the same everywhere (SplitMix64).
struct SeededNumbers: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}

@main
enum Bench {
    /// The limit of each search: 15 minutes at 1.11 m/s.
    static let limit = Metres(999)
    /// How many targets each search wants.
    static let wanted = 50
    /// How many origins are drawn.
    static let originCount = 1_000
    /// How often all origins are searched from; the best time of each counts, as in bounded.cpp.
    static let rounds = 31

    static func main() {
        let arguments = CommandLine.arguments.dropFirst()
        do {
            switch (arguments.first, arguments.count) {
            case ("build", 3): try build(map: arguments[2], network: arguments[3])
            case ("dump", 4): try dump(map: arguments[2], network: arguments[3], to: arguments[4])
            case ("search", 3): try search(network: arguments[2], dump: arguments[3], wanted: wanted)
            case ("search", 4):
                try search(network: arguments[2], dump: arguments[3], wanted: Int(arguments[4]) ?? wanted)
            case ("labels", 3): try LabelBench.run(network: arguments[2], dump: arguments[3])
            case ("verify", 3): try VerifyBench.run(network: arguments[2], queries: Int(arguments[3]) ?? 0)
            case ("sizes", 1): try SizeBench.run()
            case ("shapes", 3): try shapes(network: arguments[2], dump: arguments[3])
            case ("reach", 2): try ReachBench.run(state: arguments[2])
            case ("answers", 2): try AnswerBench.run(state: arguments[2])
            case ("answers", 3): try AnswerBench.run(state: arguments[2], naming: arguments[3])
            case ("peers", 3): try PeerBench.run(state: arguments[2], folder: arguments[3])
            case ("peers", 2): try PeerBench.time(state: arguments[2])
            case ("modules", 2): try ModuleBench.run(state: arguments[2])
            case ("registers", 3): try RegisterBench.run(folder: arguments[2], rows: Int(arguments[3]) ?? 0)
            case ("opening", 2): try OpeningBench.run(calendars: arguments[2])
            case ("names", 2): SearchBench.run(texts: arguments[2])
            case ("daemon", 3): try DaemonBench.run(state: arguments[2], program: arguments[3])
            default:
                print(
                    "usage: quarter-bench build|dump|search|labels|verify|sizes|shapes|reach|answers|peers|modules|"
                        + "registers|opening|names|daemon …, see Bench.swift"
                )
                exit(64)
            }
        } catch {
            print("quarter-bench: \(error)")
            exit(1)
        }
    }

    static func build(map: String, network path: String) throws {
        let clock = ContinuousClock()
        let start = clock.now
        var feed = NetworkFeed()
        let summary = try OSMReader.read(
            path: map,
            selection: OSMSelection(nodeKeys: WalkingRules.nodeKeys, wayKeys: WalkingRules.wayKeys),
            visitor: &feed)
        let read = clock.now
        let built = try feed.builder.build(
            sourceTimestamp: summary.timestamp, attribution: OSMReader.attribution)
        let contracted = clock.now
        try built.write(to: path)
        let written = clock.now
        let network = try WalkNetwork.open(path)
        let opened = clock.now
        print(summary)
        print(built.report)
        print(
            "read \(read - start), built \(contracted - read), written \(written - contracted), opened "
                + "\(opened - written), \(network.edgeCount) edges")
        try snapBench(network)
    }

    static func snapBench(_ network: WalkNetwork) throws {
        guard let bounds = network.bounds else { return }
        var numbers = SeededNumbers(state: 7)
        var found = 0
        let count = 20_000
        let points = (0..<count).map { _ in
            Coordinate(
                uncheckedLatitude: Double.random(
                    in: bounds.southWest.latitude.value...bounds.northEast.latitude.value, using: &numbers),
                longitude: Double.random(
                    in: bounds.southWest.longitude.value...bounds.northEast.longitude.value,
                    using: &numbers))
        }
        let time = ContinuousClock().measure {
            for point in points where network.snap(point) != nil { found += 1 }
        }
        print("snap: \(count) points, \(found) found, \(time / count) each")
    }

    static func dump(map: String, network path: String, to dump: String) throws {
        let network = try WalkNetwork.open(path)
        var feed = PlaceFeed()
        _ = try OSMReader.read(
            path: map, selection: OSMSelection(nodeKeys: PlaceFeed.keys), visitor: &feed)
        var numbers = SeededNumbers(state: 1)
        var origins: [Snap] = []
        while origins.count < originCount {
            // Beside a place, because people live where places are.
            guard let near = feed.places.randomElement(using: &numbers) else { break }
            let coordinate = Coordinate(
                uncheckedLatitude: near.coordinate.latitude.value
                    + Double.random(in: -0.001...0.001, using: &numbers),
                longitude: near.coordinate.longitude.value
                    + Double.random(in: -0.001...0.001, using: &numbers))
            if let snap = network.snap(coordinate) { origins.append(snap) }
        }
        try BenchFile(path: dump).filled { file in
            for snap in origins { try file.write(line("o", snap, 0)) }
            for place in feed.places {
                if let snap = network.snap(place.coordinate) { try file.write(line("t", snap, place.kind)) }
            }
        }
        print("\(origins.count) origins, \(feed.places.count) places")
    }

    /// Offsets and legs go over as the bits of the double, so that both programs walk the same metres.
    static func line(_ mark: String, _ snap: Snap, _ kind: UInt16) -> String {
        "\(mark) \(snap.edge.number) \(snap.offset.value.bitPattern) \(snap.leg.value.bitPattern) \(kind)\n"
    }

    static func search(network path: String, dump: String, wanted: Int) throws {
        let network = try WalkNetwork.open(path)
        let (origins, targets) = try read(dump: dump)
        var slots: [TargetSlot] = []
        let table = TargetTable(edgeCount: network.edgeCount, loading: targets, slots: &slots)
        let pool = SearchPool(network: network)
        var best = [Double](repeating: .infinity, count: origins.count)
        var checksum: UInt64 = 0
        var found = 0
        var results: [ReachedTarget] = []
        pool.withScratch { scratch in
            for _ in 0..<rounds {
                checksum = 0
                found = 0
                for (index, origin) in origins.enumerated() {
                    let query = TargetQuery(origin: origin, limit: limit, wanted: wanted)
                    let start = now()
                    network.boundedReach(
                        query, targets: table, scratch: scratch, accept: { _, _ in true },
                        precedes: { $0 < $1 }, into: &results)
                    best[index] = min(best[index], now() - start)
                    for result in results {
                        checksum = (checksum ^ result.metres.value.bitPattern) &* 0x9E37_79B9_7F4A_7C15
                    }
                    found += results.count
                }
            }
        }
        best.sort()
        print(
            "swift  median \(rounded(best[best.count / 2])) us  p99 \(rounded(best[best.count * 99 / 100])) us  "
                + "found \(found)  checksum \(String(checksum, radix: 16))")
    }

    static func shapes(network path: String, dump: String) throws {
        let network = try WalkNetwork.open(path)
        let (origins, targets) = try read(dump: dump)
        let pool = SearchPool(network: network)
        var times: [String: [Double]] = [:]
        var numbers = SeededNumbers(state: 2)
        for origin in origins.prefix(100) {
            var start = now()
            let reached = pool.withScratch {
                network.reached(from: origin, limit: limit, avoidsSteps: false, scratch: $0)
            }
            times["reached", default: []].append(now() - start)
            start = now()
            let lines = [333, 666, 999].map { reached.lines(within: $0) }
            times["lines, three limits", default: []].append(now() - start)
            start = now()
            for lines in lines { _ = try AreaGeometry.buffered(lines, by: AreaGeometry.isochroneBuffer) }
            times["areas, three limits", default: []].append(now() - start)
            guard let goal = targets.randomElement(using: &numbers)?.snap else { continue }
            start = now()
            _ = try? pool.withScratch {
                try network.route(from: origin, to: goal, limit: 10_800, avoidsSteps: false, scratch: $0)
            }
            times["route, up to 10.8 km", default: []].append(now() - start)
        }
        for (name, times) in times.sorted(by: { $0.key < $1.key }) {
            let sorted = times.sorted()
            print(
                name, "median", rounded(sorted[sorted.count / 2]), "us  most", rounded(sorted.last ?? 0), "us"
            )
        }
    }

    static func read(dump: String) throws -> ([Snap], [(snap: Snap, kind: UInt16)]) {
        guard let file = fopen(dump, "r") else {
            throw DirectoryError(.unreadableFile, "the dump cannot be read", location: dump)
        }
        defer { fclose(file) }
        var origins: [Snap] = []
        var targets: [(snap: Snap, kind: UInt16)] = []
        let nowhere = Coordinate(uncheckedLatitude: 0, longitude: 0)
        var line = [CChar](repeating: 0, count: 256)
        while fgets(&line, Int32(line.count), file) != nil {
            let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            let words = text.split(whereSeparator: \.isWhitespace)
            guard words.count == 5, let edge = UInt32(words[1]), let offset = UInt64(words[2]),
                let leg = UInt64(words[3]), let kind = UInt16(words[4])
            else { continue }
            let snap = Snap(
                edge: EdgeIndex(edge), piece: PieceIndex(0), offset: Metres(Double(bitPattern: offset)),
                leg: Metres(Double(bitPattern: leg)), point: nowhere, thing: nowhere)
            if words[0] == "o" { origins.append(snap) } else { targets.append((snap, kind)) }
        }
        return (origins, targets)
    }
}

/// A figure with two decimals.
func rounded(_ value: Double) -> Double { (value * 100).rounded() / 100 }

/// The system's load averages over 1, 5 and 15 minutes, to be printed beside figures.
func systemLoad() -> String {
    var loads = [Double](repeating: .nan, count: 3)
    getloadavg(&loads, 3)
    return loads.map { String(rounded($0)) }.joined(separator: " ")
}

/// Microseconds.
func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) * 1e6 + Double(time.tv_nsec) / 1e3
}
