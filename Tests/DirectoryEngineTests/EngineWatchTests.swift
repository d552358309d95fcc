import DirectoryAPI
import DirectoryModel
import Foundation
import Synchronization
import Testing

@testable import DirectoryEngine

/// What whoever looks after an engine can see of it: probes, events, and what is wrong with its configuration.
@Suite struct EngineWatchTests {
    /// Keeps what it is told.
    private final class Log: Sendable {
        private let lines = Mutex<[String]>([])
        var all: [String] { lines.withLock { $0 } }

        func note(_ event: EngineEvent) {
            let line =
                switch event {
                case .opening(let words): "opening: " + words
                case .reloadBegan: "reload began"
                case .reloadEnded(.success(let reply)): "reload brought \(reply.changes)"
                case .reloadEnded(.failure(let error)): "reload failed: \(error.message)"
                case .changed: "changed"
                }
            lines.withLock { $0.append(line) }
        }
    }

    private let fault = DirectoryError(
        .configurationInvalid, "unknown key “x”", advice: "take it out", location: "quarter.toml:3")

    @Test func aProbePassesThroughIndexAndStore() throws {
        let town = try SmallTown()
        try town.put("a", "pharmacy", east: 400, north: 0)
        for id in ["gate-1", "gate-2"] {
            let at = SmallTown.point(east: 10, north: 0)
            let body = try OriginBody(
                JSONValue(
                    json: Array(
                        #"{"kind":"gate","name":"门","location":{"lat":\#(at.latitude.value),"lon":\#(at.longitude.value)}}"#
                            .utf8)))
            _ = try town.engine.putOrigin(OriginID(validating: id), body, WriteContext(actor: town.actor))
        }
        var parts: [DirectoryEngine.ProbePart] = []
        for _ in 0..<3 { try town.engine.probe { parts.append($0) } }
        #expect(parts == [.engine, .store, .engine, .store, .engine, .store])
    }

    @Test func aProbeTakesARefusalForAnAnswerAndAClosedStoreForNone() throws {
        let empty = try SmallTown(withNetwork: false)
        try empty.engine.probe { _ in }
        try empty.engine.close()
        var last: DirectoryEngine.ProbePart?
        #expect(throws: DirectoryError.self) { try empty.engine.probe { last = $0 } }
        #expect(last == .store)
    }

    @Test func whoReadsWaitsForNoWriterAndWhoWritesForThemThatRead() throws {
        let town = try SmallTown()
        let engine = town.engine
        // In the middle of a change a read goes through: here it would hang otherwise.
        engine.change { _ in try? engine.probe { _ in } }
        let hasChanged = Atomic<Bool>(false)
        let ended = DispatchSemaphore(value: 0)
        engine.reading { index in
            let number = index.number
            Thread.detachNewThread {
                engine.change { _ in }
                hasChanged.store(true, ordering: .releasing)
                ended.signal()
            }
            // Answered from anew at once, though the change is not over before this read is.
            while engine.reading({ $0.number }) == number { usleep(1_000) }
            usleep(50_000)
            let isOver = hasChanged.load(ordering: .acquiring)
            #expect(!isOver && index.number == number)
        }
        ended.wait()
    }

    @Test func tellsWhatHappens() throws {
        let folder = NSTemporaryDirectory() + "quarter-watch-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let log = Log()
        let host = try SmallTown.host()
        let isWrong = Mutex(false)
        let fault = fault
        let engine = try DirectoryEngine(
            folder: folder, version: "test",
            opening: { EngineUpdate(settings: SmallTown.settings, host: host, problem: fault) },
            reloading: { () throws(DirectoryError) -> EngineUpdate in
                if isWrong.withLock({ $0 }) { throw fault }
                return EngineUpdate(settings: SmallTown.settings, host: host, changes: ["c"])
            }, observer: { log.note($0) })
        defer { try? engine.close() }
        #expect(log.all.count > 3 && log.all.allSatisfy { $0.hasPrefix("opening: ") })

        // Wrong from the start: an earlier configuration serves.
        #expect(
            engine.health().summary.contains(
                "; the last valid configuration serves: quarter.toml:3: unknown key “x”;"))
        #expect(engine.health().state == "degraded")
        isWrong.withLock { $0 = true }
        #expect(throws: DirectoryError.self) { try engine.reload() }
        #expect(engine.health().summary.contains("the last valid configuration serves: "))
        isWrong.withLock { $0 = false }
        _ = try engine.reload()
        #expect(!engine.health().summary.contains("quarter.toml"))

        // Wrong at a reload: the one from before goes on.
        isWrong.withLock { $0 = true }
        #expect(throws: DirectoryError.self) { try engine.reload() }
        #expect(engine.health().summary.contains("the last reload failed: quarter.toml:3: unknown key “x”"))
        #expect(engine.health().problems.contains { $0.contains("take it out") })
        isWrong.withLock { $0 = false }
        _ = try engine.reload()
        #expect(!engine.health().problems.contains { $0.contains("quarter.toml") })

        let body = try PlaceBody(JSONValue(json: Array(#"{"type":"pharmacy","name":"x"}"#.utf8)))
        let context = WriteContext(actor: Actor(name: "t", uid: 1))
        _ = try engine.putPlace(PlaceID(validating: "p"), body, context)
        _ = try engine.putPlace(PlaceID(validating: "p"), body, context)
        #expect(
            log.all.filter { !$0.hasPrefix("opening") } == [
                "reload began", "reload failed: unknown key “x”", "reload began", "reload brought [\"c\"]",
                "reload began", "reload failed: unknown key “x”", "reload began", "reload brought [\"c\"]",
                "changed",
            ], "a write that changes nothing is no change")
    }

    @Test func aWriteNamesTheCommunityForTheJournal() throws {
        let town = try SmallTown()
        #expect(try town.putCommunity("all", east: -1100...1100).community?.rawValue == "all")
        #expect(try town.put("a", "pharmacy", east: 300, north: 0).community?.rawValue == "all")
        let gone = try town.engine.deletePlace(PlaceID(unchecked: "a"), WriteContext(actor: town.actor))
        #expect(gone.community?.rawValue == "all")
    }
}
