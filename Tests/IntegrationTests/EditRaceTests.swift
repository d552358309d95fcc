import DemoTown
import Foundation
import Synchronization
import TestSockets
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// Edits through the admin socket between questions from four connections: every answer is that of the directory at
/// the answer's own revision.
///
/// What it is compared with knows no index: the test's own list of places at each revision, and the walks to the spots
/// that they are moved between, which a bounded search has told beforehand.
@Suite(.serialized, .onThreads) struct EditRaceTests {
    /// QUARTER_EDITS asks for more than a test run has time for.
    static let edits = getenv("QUARTER_EDITS").flatMap { Int(String(cString: $0)) } ?? 400
    static let connections = 4

    /// A place by the test's own list.
    struct Listed {
        var spot: Int
        var type: String
        var isOpen = true
    }

    /// One question and what came back.
    struct Asked {
        let origin: Int
        let type: String?
        let limit: Int
        let revision: Int
        let places: [(id: String, metres: Double)]
    }

    /// What the daemon knew before the edits: origins, spots, and the walks between them.
    struct Ground {
        var origins: [String] = []
        var spots: [(lat: Double, lon: Double)] = []
        /// By origin and spot: the walk in metres, rounded as answers are; and its place in the order of walks.
        var walks: [[Int: (rank: Int, metres: Double)]] = []
    }

    static let types = ["pharmacy", "bakery", "clinic"]

    @Test func everyAnswerIsThatOfItsOwnRevision() throws {
        let scratch = try Scratch()
        let (ground, daemon) = try survey(scratch)
        #expect(ground.spots.count > 40 && ground.origins.count > 4)

        let isOver = Flag()
        let readers = (0..<Self.connections).map { number in
            Reader(daemon: daemon, ground: ground, seed: UInt64(number), isOver: isOver)
        }
        let threads = readers.map { reader in
            let ended = DispatchSemaphore(value: 0)
            Thread.detachNewThread {
                reader.run()
                ended.signal()
            }
            return ended
        }
        let history: [(revision: Int, id: String, place: Listed?)]
        do {
            defer {
                isOver.raise()
                threads.forEach { $0.wait() }
            }
            history = try edit(daemon, ground)
        }
        for reader in readers { #expect(reader.fault == nil, "\(reader.fault ?? "")") }
        let all = readers.flatMap { $0.asked.withLock { $0 } }.sorted { $0.revision < $1.revision }
        var present: [String: Listed] = [:]
        var next = 0
        for asked in all {
            while next < history.count, history[next].revision <= asked.revision {
                present[history[next].id] = history[next].place
                next += 1
            }
            let expected = answer(asked, present, ground)
            #expect(
                expected.map(\.id) == asked.places.map(\.id)
                    && expected.map(\.metres) == asked.places.map(\.metres),
                "revision \(asked.revision), origin \(asked.origin), \(asked.type ?? "any")")
        }
        let revisions = Set(all.map(\.revision))
        #expect(all.count > Self.edits && revisions.count > Self.edits / 10)
        print("\(Self.edits) edits, \(all.count) answers of \(revisions.count) revisions compared")
        #expect(daemon.stop() == 0)
    }

    /// A directory with a town's network, some origins and no place; and what is known of the walks there, as told for
    /// more minutes than labels cover.
    private func survey(_ scratch: Scratch) throws -> (Ground, RunningDaemon) {
        let whole = try RunningDaemon(state: scratch.path + "/whole")
        let files = try DemoTown.write(to: scratch.path + "/demo", seed: 15)
        let town = try unwrapped(files.first { $0.hasSuffix(".osm.pbf") }, "no town")
        #expect(try whole.take(town, format: "osm").status == 200)
        func points(_ list: String, of path: String, every step: Int, most: Int) throws -> [(
            lat: Double, lon: Double
        )] {
            var found: [(lat: Double, lon: Double)] = []
            let all = try whole.client().get(path).object()[list] as? [[String: Any]] ?? []
            for thing in all.enumerated().filter({ $0.offset % step == 0 }).map(\.element) {
                let point = try #require(thing["location"] as? [String: Double])
                let (lat, lon) = (try #require(point["lat"]), try #require(point["lon"]))
                if found.count < most, !found.contains(where: { $0 == (lat, lon) }) {
                    found.append((lat, lon))
                }
            }
            return found
        }
        var ground = Ground()
        ground.spots = try points("places", of: "/v1/places?limit=500", every: 1, most: 150)
        let starts = try points("origins", of: "/v1/origins?limit=200", every: 20, most: 10)
        #expect(whole.stop() == 0)
        let state = scratch.path + "/s"
        try FileManager.default.createDirectory(atPath: state, withIntermediateDirectories: true)
        try FileManager.default.copyItem(
            atPath: scratch.path + "/whole/network.qnet", toPath: state + "/network.qnet")

        let daemon = try RunningDaemon(state: state)
        let (client, admin) = (try daemon.client(), try daemon.admin())
        for (number, start) in starts.enumerated() {
            let answer = try admin.ask(
                "PUT", "/v1/origins/o\(number)",
                body:
                    #"{"kind":"gate","name":"门 \#(number)","location":{"lat":\#(start.lat),"lon":\#(start.lon)}}"#
            )
            try #require(answer.status == 200, "\(answer.text)")
            ground.origins.append("o\(number)")
        }
        for (spot, point) in ground.spots.enumerated() {
            let written = try put(
                admin, "spot-\(spot)", Listed(spot: spot, type: Self.types[0]), ground, point)
            try #require(written.status == 200, "\(written.text)")
        }
        for origin in ground.origins {
            let reply = try client.get("/v1/reach?origin=\(origin)&minutes=21&limit=500").object()
            var walks: [Int: (rank: Int, metres: Double)] = [:]
            for (rank, place) in (reply["places"] as? [[String: Any]] ?? []).enumerated() {
                let id = try #require(place["id"] as? String)
                let walk = try #require(place["walk"] as? [String: Any])
                walks[try #require(Int(id.dropFirst(5)))] = (rank, try #require(walk["metres"] as? Double))
            }
            ground.walks.append(walks)
        }
        for spot in ground.spots.indices {
            try #require(try admin.ask("DELETE", "/v1/places/spot-\(spot)").status < 300)
        }
        return (ground, daemon)
    }

    private func put(
        _ admin: RawClient, _ id: String, _ place: Listed, _ ground: Ground,
        _ point: (lat: Double, lon: Double)
    ) throws -> RawClient.Answer {
        let status = place.isOpen ? "active" : "closed_at_source"
        return try admin.ask(
            "PUT", "/v1/places/\(id)",
            body:
                #"{"type":"\#(place.type)","name":"店 \#(id)","status":"\#(status)","location":{"lat":\#(point.lat),"lon":\#(point.lon)}}"#
        )
    }

    /// Adds, moves, closes and removes.
    private func edit(_ daemon: RunningDaemon, _ ground: Ground) throws
        -> [(revision: Int, id: String, place: Listed?)]
    {
        let admin = try daemon.admin()
        var numbers = Numbers(state: 11)
        var history: [(revision: Int, id: String, place: Listed?)] = []
        var present: [String: Listed] = [:]
        for number in 0..<Self.edits {
            var id = "p\(Int.random(in: 0..<400, using: &numbers))"
            var place: Listed? = present[id]
            let answer: RawClient.Answer
            if place != nil, Int.random(in: 0..<3, using: &numbers) == 0 {
                answer = try admin.ask("DELETE", "/v1/places/\(id)")
                place = nil
            } else {
                if place == nil { id = "p\(Int.random(in: 0..<400, using: &numbers))" }
                let made = Listed(
                    spot: Int.random(in: ground.spots.indices, using: &numbers),
                    type: Self.types.randomElement(using: &numbers) ?? "pharmacy",
                    isOpen: Int.random(in: 0..<6, using: &numbers) > 0)
                answer = try put(admin, id, made, ground, ground.spots[made.spot])
                place = made
            }
            try #require(answer.status < 300, "\(number): \(answer.text)")
            present[id] = place
            history.append((try revision(answer), id, place))
        }
        return history
    }

    private func revision(_ answer: RawClient.Answer) throws -> Int {
        try #require(try answer.object()["revision"] as? Int, "\(answer.text)")
    }

    /// What a question is answered with, by the test's own list.
    private func answer(_ asked: Asked, _ present: [String: Listed], _ ground: Ground) -> [(
        id: String, metres: Double
    )] {
        let walks = ground.walks[asked.origin]
        let most = 15 * 60 * 1.11
        let found = present.compactMap { id, place -> (rank: Int, id: String, metres: Double)? in
            guard place.isOpen, asked.type == nil || asked.type == place.type, let walk = walks[place.spot],
                walk.metres <= most
            else { return nil }
            return (walk.rank, id, walk.metres)
        }
        return found.sorted { ($0.rank, $0.id) < ($1.rank, $1.id) }.prefix(asked.limit).map {
            ($0.id, $0.metres)
        }
    }
}

/// SplitMix64: the same numbers on every machine.
private struct Numbers: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// Raised once.
final class Flag: Sendable {
    private let value = Mutex(false)
    func raise() { value.withLock { $0 = true } }
    var isRaised: Bool { value.withLock { $0 } }
}

/// One connection that asks without a pause.
private final class Reader: @unchecked Sendable {
    // Unchecked: `fault` is read after the thread has ended.
    let asked = Mutex<[EditRaceTests.Asked]>([])
    private(set) var fault: String?
    private let daemon: RunningDaemon
    private let ground: EditRaceTests.Ground
    private let seed: UInt64
    private let isOver: Flag

    init(daemon: RunningDaemon, ground: EditRaceTests.Ground, seed: UInt64, isOver: Flag) {
        self.daemon = daemon
        self.ground = ground
        self.seed = seed
        self.isOver = isOver
    }

    func run() {
        do {
            let client = try daemon.client()
            var numbers = Numbers(state: seed + 100)
            while !isOver.isRaised { try ask(client, &numbers) }
        } catch {
            fault = "\(error)"
        }
    }

    private func ask(_ client: RawClient, _ numbers: inout Numbers) throws {
        let origin = Int.random(in: ground.origins.indices, using: &numbers)
        let type = Bool.random(using: &numbers) ? EditRaceTests.types.randomElement(using: &numbers) : nil
        let limit = [1, 10, 50, 500].randomElement(using: &numbers) ?? 1
        let reply = try client.get(
            "/v1/reach?origin=\(ground.origins[origin])&limit=\(limit)" + (type.map { "&type=\($0)" } ?? "")
        ).object()
        guard let revision = reply["revision"] as? Int, let places = reply["places"] as? [[String: Any]]
        else {
            throw RunningDaemon.Fault(description: "no answer: \(reply)")
        }
        let found = places.map { place in
            (place["id"] as? String ?? "", (place["walk"] as? [String: Any])?["metres"] as? Double ?? -1)
        }
        asked.withLock {
            $0.append(
                EditRaceTests.Asked(
                    origin: origin, type: type, limit: limit, revision: revision, places: found))
        }
    }
}
