import DemoTown
import Foundation
import TestSockets
import Testing

/// The whole chain against a program that knows nothing of Quarter but the rules in docs/walking.md: a plain
/// Dijkstra over the exported tables says what the daemon must answer on its socket.
@Suite struct ExportOracleTests {
    @Test func theDemoTownIsAnsweredAsItsExportSays() throws {
        let scratch = try Scratch()
        let files = try DemoTown.write(to: scratch.path + "/demo", seed: 7)
        let map = try #require(files.first { $0.hasSuffix(".osm.pbf") })
        try check(map, in: scratch, origins: 25)
    }

    @Test(.enabled(if: sharedFile("nanjing-xinjiekou.osm.pbf") != nil, "needs the shared map of Nanjing"))
    func nanjingIsAnsweredAsItsExportSays() throws {
        try check(try #require(sharedFile("nanjing-xinjiekou.osm.pbf")), in: Scratch(), origins: 40)
    }

    @Test(.enabled(if: sharedFile("malta.osm.pbf") != nil, "needs the shared map of Malta"))
    func maltaIsAnsweredAsItsExportSays() throws {
        try check(try #require(sharedFile("malta.osm.pbf")), in: Scratch(), origins: 40)
    }

    /// Paces and steps of the shipped profiles, written down again.
    private static let profiles: [(id: String, pace: Double, avoidsSteps: Bool)] = [
        ("standard", 1.11, false), ("elder", 0.8, false), ("frail", 0.64, false), ("pushchair", 1.0, true),
        ("wheelchair", 0.8, true),
    ]

    private func check(_ map: String, in scratch: Scratch, origins: Int) throws {
        let state = scratch.path + "/state"
        let export = scratch.path + "/export"
        try FileManager.default.createDirectory(atPath: state, withIntermediateDirectories: true)
        for words in [["import", "osm", map], ["network", "export", export]] {
            #expect(try Program.run("quarterctl", ["--state", state] + words) == 0)
        }
        let network = try ExportedNetwork(folder: export)
        let daemon = try RunningDaemon(state: state)
        let client = try daemon.client()
        var compared = 0
        let starts = network.origins.keys.sorted()
        try #require(!starts.isEmpty)
        for index in 0..<origins {
            let origin = starts[index * starts.count / origins]
            let profile = Self.profiles[index % Self.profiles.count]
            let minutes = [5, 10, 15, 30][index % 4]
            let limit = Double(minutes) * 60 * profile.pace
            let expected = network.reach(from: origin, limit: limit + 1e-6, avoidsSteps: profile.avoidsSteps)
            let answered = try pages(client, "origin=\(origin)&profile=\(profile.id)&minutes=\(minutes)")
            for (id, metres) in answered {
                let right = try #require(expected[id], "\(id) is listed from \(origin), and out of reach")
                #expect(abs(right - metres) < 0.051, "\(id) from \(origin): \(metres) instead of \(right)")
            }
            // Sums of six decimals: what lies within a micrometre of the limit may fall either way.
            for (id, metres) in expected where metres < limit - 1e-6 {
                #expect(answered[id] != nil, "\(id) at \(metres) of \(limit) m is missing from \(origin)")
            }
            compared += answered.count
        }
        #expect(compared > 100, "too little was compared to mean anything")
        #expect(daemon.stop() == 0)
    }

    /// All pages of a list.
    private func pages(_ client: RawClient, _ query: String) throws -> [String: Double] {
        var found: [String: Double] = [:]
        var cursor: String?
        repeat {
            let next = cursor.map { "&cursor=" + $0 } ?? ""
            let object = try client.get("/v1/reach?limit=100&\(query)\(next)").object()
            for place in try #require(object["places"] as? [[String: Any]]) {
                let walk = try #require(place["walk"] as? [String: Any])
                let id = try #require(place["id"] as? String)
                #expect(found[id] == nil, "\(id) is listed twice")
                found[id] = try #require(walk["metres"] as? Double)
            }
            cursor = object["next"] as? String
        } while cursor != nil
        return found
    }
}

/// A program that was built beside the tests.
enum Program {
    static func run(_ name: String, _ arguments: [String]) throws -> Int32 {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: buildFolder + "/" + name)
        process.arguments = arguments
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }
}

/// The tables of `quarterctl network export`, and the slowest search that could be written on them.
private struct ExportedNetwork {
    struct Edge {
        let from: String
        let to: String
        let metres: Double
        let isSteps: Bool
        let isOneway: Bool
    }

    struct Snap {
        let edge: Int
        let offset: Double
        let leg: Double
    }

    private var blocked: Set<String> = []
    private var edges: [Edge] = []
    private var leaving: [String: [(to: String, metres: Double, isSteps: Bool)]] = [:]
    private var places: [String: Snap] = [:]
    private(set) var origins: [String: Snap] = [:]

    init(folder: String) throws {
        for row in try Self.rows(folder + "/nodes.csv", header: "id,lat,lon,blocked") where row[3] == "1" {
            blocked.insert(row[0])
        }
        for row in try Self.rows(folder + "/edges.csv", header: "edge,from,to,metres,steps,oneway") {
            let edge = Edge(
                from: row[1], to: row[2], metres: try #require(Double(row[3])), isSteps: row[4] == "1",
                isOneway: row[5] == "1")
            #expect(Int(row[0]) == edges.count, "edges are numbered from 0")
            edges.append(edge)
            leaving[edge.from, default: []].append((edge.to, edge.metres, edge.isSteps))
            if !edge.isOneway { leaving[edge.to, default: []].append((edge.from, edge.metres, edge.isSteps)) }
        }
        for row in try Self.rows(folder + "/snaps.csv", header: "kind,id,edge,offset_m,leg_m") {
            let snap = Snap(
                edge: try #require(Int(row[2])), offset: try #require(Double(row[3])),
                leg: try #require(Double(row[4])))
            if row[0] == "place" { places[row[1]] = snap } else { origins[row[1]] = snap }
        }
    }

    private static func rows(_ path: String, header: String) throws -> [[String]] {
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        #expect(lines.first.map(String.init) == header)
        return lines.dropFirst().map {
            $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
    }

    /// Metres to every place within a limit.
    func reach(from origin: String, limit: Double, avoidsSteps: Bool) -> [String: Double] {
        guard let start = origins[origin] else { return [:] }
        let own = edges[start.edge]
        var open = [own.to: start.leg + own.metres - start.offset]
        if !own.isOneway { open[own.from] = min(open[own.from] ?? .infinity, start.leg + start.offset) }
        var done: [String: Double] = [:]
        while let (node, metres) = open.min(by: { $0.value < $1.value }), metres <= limit {
            open[node] = nil
            done[node] = metres
            // A blocked node can be walked up to, and not passed.
            guard !blocked.contains(node) else { continue }
            for way in leaving[node] ?? [] where done[way.to] == nil && !(avoidsSteps && way.isSteps) {
                open[way.to] = min(open[way.to] ?? .infinity, metres + way.metres)
            }
        }
        var found: [String: Double] = [:]
        for (id, place) in places {
            let edge = edges[place.edge]
            var walks: [Double] = []
            if let metres = done[edge.from], !blocked.contains(edge.from) {
                walks.append(metres + place.offset)
            }
            if !edge.isOneway, let metres = done[edge.to], !blocked.contains(edge.to) {
                walks.append(metres + edge.metres - place.offset)
            }
            if place.edge == start.edge, place.offset >= start.offset || !edge.isOneway {
                walks.append(start.leg + abs(place.offset - start.offset))
            }
            if let least = walks.min(), least + place.leg <= limit { found[id] = least + place.leg }
        }
        return found
    }
}
