// Writes what Benchmarks/peers asks everybody about: places, origins, the network, and the walks that are right.

import Assembly
import DirectoryAPI
import DirectoryEngine
import DirectoryModel
import Glibc
import WalkNetwork

enum PeerBench {
    /// Writes all of it into a folder.
    ///
    /// - `places.csv`, `origins.csv`: `number,id,lat,lon,edge,offset,leg`, numbers from 1 on, edges as in `edges.csv`
    /// - `nodes.csv`, `edges.csv`: the network, as `quarterctl network export` has it
    /// - `dump.txt`: the same for bounded.cpp
    /// - `walks.txt`: a line an origin, `place:metres` of all within 15 minutes, nearest first
    ///
    /// - Throws: `BenchFailure` where the engine's own answers have other walks.
    static func run(state: String, folder: String) throws {
        let network = try WalkNetwork.open(state + "/network.qnet")
        let assembly = try Assembly(Layout(stateFolder: state))
        defer { try? assembly.close() }
        var places: [(id: PlaceID, snap: Snap)] = []
        var query = PlaceListQuery()
        query.limit = WalkLimit.maximumPage
        repeat {
            let page = try assembly.engine.places(query)
            for place in page.places where place.isWalkIn {
                if let location = place.location, let snap = network.snap(location) {
                    places.append((place.id, snap))
                }
            }
            query.after = page.next
        } while query.after != nil
        let origins = try BenchOrigins(of: assembly.engine).points.map { try network.snapOrigin($0) }
        try write("\(folder)/places.csv", network, places.map { ($0.id.rawValue, $0.snap) })
        try write("\(folder)/origins.csv", network, origins.map { ("", $0) })
        try BenchFile(path: "\(folder)/nodes.csv").filled { file in
            try network.writeNodesCSV { try file.write($0) }
        }
        try BenchFile(path: "\(folder)/edges.csv").filled { file in
            try network.writeEdgesCSV { try file.write($0) }
        }
        try BenchFile(path: "\(folder)/dump.txt").filled { file in
            for snap in origins { try file.write(Bench.line("o", snap, 0)) }
            for place in places { try file.write(Bench.line("t", place.snap, 0)) }
        }
        try writeWalks("\(folder)/walks.txt", network, origins, places, assembly.engine)
        print("\(places.count) places, \(origins.count) origins beside them")
    }

    /// Prints what the same questions cost in this process: a case a line, its median and 99th percentile.
    static func time(state: String) throws {
        let assembly = try Assembly(Layout(stateFolder: state))
        defer { try? assembly.close() }
        let engine = assembly.engine
        let points = try BenchOrigins(of: engine).points
        let placeCount = try AnswerBench.placeTypes(of: engine).count
        for (name, limit, isWritten) in [
            ("ten", 10, false), ("fifty", 50, false), ("all", placeCount, false), ("ten-json", 10, true),
            ("fifty-json", 50, true),
        ] {
            let times = try AnswerBench.best(points.count) { index in
                let query = ReachQuery(origin: .point(points[index]), limit: limit)
                guard isWritten else {
                    _ = try engine.listedCount(query)
                    return
                }
                var json = JSONWriter()
                try engine.writeReach(query, to: &json)
            }
            print("\(name)\t\(rounded(times.percentile(0.5)))\t\(rounded(times.percentile(0.99)))")
        }
    }

    private static func write(_ path: String, _ network: WalkNetwork, _ snaps: [(id: String, snap: Snap)])
        throws
    {
        try BenchFile(path: path).filled { file in
            try file.write("number,id,lat,lon,edge,offset,leg\n")
            for (index, (id, snap)) in snaps.enumerated() {
                let row = network.exported(snap)
                try file.write(
                    "\(index + 1),\(id),\(snap.thing.latitude.value),\(snap.thing.longitude.value),\(row.edge.number),"
                        + "\(row.offset.value),\(row.leg.value)\n")
            }
        }
    }

    private static func writeWalks(
        _ path: String, _ network: WalkNetwork, _ origins: [Snap], _ places: [(id: PlaceID, snap: Snap)],
        _ engine: DirectoryEngine
    ) throws {
        var slots: [TargetSlot] = []
        let table = TargetTable(
            edgeCount: network.edgeCount, loading: places.map { ($0.snap, 0) }, slots: &slots)
        var numbers = [Int](repeating: 0, count: table.capacity)
        for (index, slot) in slots.enumerated() { numbers[Int(slot.number)] = index }
        let pool = SearchPool(network: network)
        var reached: [ReachedTarget] = []
        try BenchFile(path: path).filled { file in
            for origin in origins {
                pool.withScratch { scratch in
                    network.boundedReach(
                        TargetQuery(origin: origin, limit: Bench.limit), targets: table, scratch: scratch,
                        accept: { _, _ in true }, precedes: { $0 < $1 }, into: &reached)
                }
                var query = ReachQuery(origin: .point(origin.thing))
                query.limit = WalkLimit.maximumPage
                let answer = try engine.reach(query).places.map(\.walk.metres)
                guard answer.elementsEqual(reached.prefix(query.limit).map(\.metres)) else {
                    throw BenchFailure("the engine's walks from \(origin.thing) are not those of the search")
                }
                let line = reached.map { "\(numbers[Int($0.slot.number)] + 1):\($0.metres.value)" }
                try file.write(line.joined(separator: " ") + "\n")
            }
        }
    }
}

/// A file that is being written.
struct BenchFile {
    private let file: UnsafeMutablePointer<FILE>
    private let path: String

    init(path: String) throws {
        guard let file = fopen(path, "w") else { throw BenchFailure("\(path) cannot be written") }
        self.file = file
        self.path = path
    }

    /// Lets `body` write, and closes the file.
    func filled(_ body: (BenchFile) throws -> Void) throws {
        do { try body(self) } catch {
            fclose(file)
            throw error
        }
        guard fclose(file) == 0 else { throw BenchFailure("\(path) cannot be written") }
    }

    func write(_ bytes: [UInt8]) throws {
        guard fwrite(bytes, 1, bytes.count, file) == bytes.count else {
            throw BenchFailure("\(path) cannot be written")
        }
    }

    func write(_ text: String) throws { try write(Array(text.utf8)) }
}
