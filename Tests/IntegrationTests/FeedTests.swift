import Foundation
import TestSockets
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// The change feed of the real daemon, beside a writer that knows what it has written.
@Suite(.serialized, .onThreads) struct FeedTests {
    /// What a writer was told: the revision and the places that it wrote in it.
    private final class Ledger: @unchecked Sendable {
        // Unchecked: used under the lock.
        private let lock = NSLock()
        private var entries: [Int: Set<String>] = [:]
        private var fault: String?

        func note(_ revision: Int, _ ids: some Sequence<String>) {
            lock.withLock { entries[revision, default: []].formUnion(ids) }
        }
        func fail(_ words: String) { lock.withLock { fault = fault ?? words } }
        func all() throws -> [Int: Set<String>] {
            try lock.withLock {
                if let fault { throw RunningDaemon.Fault(description: fault) }
                return entries
            }
        }
    }

    /// Writes edits on a thread: single ones, and after every fifty a register of sixty.
    private func write(
        _ edits: Range<Int>, to daemon: RunningDaemon, scratch: Scratch, _ ledger: Ledger, padding: Int = 0
    ) -> Thread {
        let state = daemon.state
        let thread = Thread {
            do {
                let admin = try RawClient(unix: state + "/admin.sock", timeout: 120)
                let padding = String(repeating: "长", count: padding)
                for edit in edits {
                    let id = "p\(edit % 40)"
                    let body = #"{"type":"pharmacy","name":"店 \#(edit)","address":"\#(padding)"}"#
                    let answer = try admin.ask("PUT", "/v1/places/\(id)", body: body)
                    guard answer.status == 200, let revision = try answer.object()["revision"] as? Int else {
                        return ledger.fail(answer.text)
                    }
                    ledger.note(revision, [id])
                    guard edit % 50 == 49 else { continue }
                    let ids = (0..<60).map { "b\($0)" }
                    let places = ids.map { #"{"id":"\#($0)","type":"toilet","name":"公厕 \#(edit)"}"# }
                    let register = #"{"places":[\#(places.joined(separator: ","))]}"#
                    let report = try admin.ask("POST", "/v1/registers?format=records", body: register)
                    guard report.status == 200, let revision = try report.object()["revision"] as? Int else {
                        return ledger.fail(report.text)
                    }
                    ledger.note(revision, ids)
                }
            } catch {
                ledger.fail("\(error)")
            }
        }
        thread.start()
        return thread
    }

    private func wait(for thread: Thread) {
        while !thread.isFinished { pause(0.01) }
    }

    /// Checks that events are the ledger's changes, each once and in order.
    private func compare(_ events: [EventStream.Event], _ ledger: Ledger) throws {
        var found: [Int: [String]] = [:]
        var last = (revision: 0, part: 0)
        for event in events {
            let object = try event.object()
            let id = try #require(event.id)
            #expect(object["position"] as? String == id)
            let words = id.split(separator: ".").compactMap { Int($0) }
            // The last change of a revision has the revision alone.
            let position = (revision: words[0], part: words.count > 1 ? words[1] : Int.max)
            #expect(position > last, "\(id) after \(last)")
            if position.part != Int.max, position.revision == last.revision {
                #expect(position.part == last.part + 1, "a part is missing before \(id)")
            }
            last = position
            found[position.revision, default: []].append(try #require(object["id"] as? String))
        }
        let expected = try ledger.all()
        #expect(found.keys.sorted() == expected.keys.sorted())
        for (revision, ids) in found {
            #expect(ids.count == Set(ids).count, "revision \(revision) tells something twice")
            #expect(Set(ids) == expected[revision], "revision \(revision)")
        }
    }

    @Test func aClientThatIsCutOffAHundredTimesSeesEachChangeOnce() throws {
        let scratch = try Scratch()
        var daemon = try RunningDaemon(state: scratch.path + "/s")
        let ledger = Ledger()
        var events: [EventStream.Event] = []
        var last = "0"
        var generator = Xorshift(state: 2026)
        /// Follows until so many bytes of events have come, or the end.
        func follow(bytes limit: Int) throws {
            let client = try RawClient(unix: daemon.state + "/public.sock", timeout: 120)
            // The header comes before the query, as a browser that connects again sends both.
            let head = try client.open(
                "/v1/changes?since=0&kind=place", headers: ["Host: x", "Last-Event-ID: \(last)"])
            #expect(head.status == 200)
            var stream = EventStream(after: last)
            var taken = 0
            while taken < limit, case let piece = try client.piece(), !piece.isEmpty {
                let part = piece.prefix(limit - taken)
                taken += part.count
                events += stream.take(part).filter { $0.name == "change" }
            }
            last = stream.lastID ?? last
            client.close()
        }
        for round in 0..<2 {
            let writer = write(round * 250..<(round + 1) * 250, to: daemon, scratch: scratch, ledger)
            for _ in 0..<50 { try follow(bytes: Int.random(in: 1...1_500, using: &generator)) }
            wait(for: writer)
            if round == 0 {
                // A restart with a follower on the line, which is told and not waited for.
                let idle = try daemon.client()
                _ = try idle.open("/v1/changes?since=0")
                #expect(daemon.stop() == 0)
                var stream = EventStream()
                while case let piece = try idle.piece(), !piece.isEmpty { _ = stream.take(piece) }
                #expect(stream.comments.last == " the daemon stops; go on after your last id")
                daemon = try RunningDaemon(state: scratch.path + "/s")
            }
        }
        let end = try #require(try ledger.all().keys.max())
        let client = try daemon.client()
        _ = try client.open("/v1/changes?since=\(last)&kind=place")
        var stream = EventStream(after: last)
        while stream.lastID != "\(end)" {
            let piece = try client.piece()
            try #require(!piece.isEmpty)
            events += stream.take(piece).filter { $0.name == "change" }
        }
        #expect(events.count == 500 + 10 * 60)
        try compare(events, ledger)
        #expect(daemon.stop() == 0)
    }

    @Test func aHundredFollowersAndAStalledOneKeepNoWriterWaiting() throws {
        let scratch = try Scratch()
        let config = try scratch.write("quarter.toml", "[requests]\nfollower_lag = 50\n")
        let daemon = try RunningDaemon(state: scratch.path + "/s", config: config)
        raiseDescriptorLimit()
        let stalled = try daemon.client()
        _ = try stalled.open("/v1/changes?since=0&with=record")
        let followers = try (0..<100).map { _ in try daemon.client() }
        for follower in followers { _ = try follower.open("/v1/changes?since=0") }
        let ledger = Ledger()
        wait(for: write(0..<400, to: daemon, scratch: scratch, ledger, padding: 490))
        let end = try #require(try ledger.all().keys.max())
        var first: [EventStream.Event] = []
        for follower in followers {
            var stream = EventStream()
            var events: [EventStream.Event] = []
            while stream.lastID != "\(end)" {
                let piece = try follower.piece()
                try #require(!piece.isEmpty)
                events += stream.take(piece)
            }
            events.removeAll { $0.data == nil }
            if first.isEmpty {
                first = events
                try compare(events, ledger)
            }
            #expect(events == first)
        }
        var stream = EventStream()
        var bytes = 0
        var last: EventStream.Event?
        while case let piece = try stalled.piece(), !piece.isEmpty {
            bytes += piece.count
            last = stream.take(piece).last ?? last
        }
        #expect(last?.name == "reread")
        var whole = 0
        var next = "0"
        repeat {
            let page = try daemon.client().get("/v1/changes?since=\(next)&follow=no&limit=500&with=record")
            whole += page.body.count
            next = try #require(try page.object()["next"] as? String)
        } while next != "\(end)"
        #expect(bytes < whole * 3 / 4, "what it did not take was kept: \(bytes) of \(whole)")
        #expect(daemon.stop() == 0)
    }

    @Test func aFileOfChangesGoesOnWhereTheLastOneEnded() throws {
        let scratch = try Scratch()
        let daemon = try RunningDaemon(state: scratch.path + "/s")
        let ledger = Ledger()
        var lines: [[String: Any]] = []
        var since: [String] = []
        for round in 0..<2 {
            wait(for: write(round * 60..<(round + 1) * 60, to: daemon, scratch: scratch, ledger))
            let file = scratch.path + "/changes-\(round).ndjson"
            let status = try Program.run(
                "quarterctl",
                ["--state", daemon.state, "changes", "--output", file, "--kind", "place"] + since)
            #expect(status == 0)
            let objects = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n").map {
                try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
            }
            let next = try #require(objects.last?["next"] as? String)
            since = ["--since", next]
            lines += objects.dropLast()
            #expect(!FileManager.default.fileExists(atPath: file + ".part"))
        }
        let events = try lines.map { line in
            EventStream.Event(
                id: try #require(line["position"] as? String), name: "change",
                data: String(decoding: try JSONSerialization.data(withJSONObject: line), as: UTF8.self))
        }
        #expect(events.count == 120 + 2 * 60)
        try compare(events, ledger)
        #expect(
            try Program.run("quarterctl", ["--state", daemon.state, "changes", "--since", "999999"]) == 65)
        #expect(daemon.stop() == 0)
    }
}

/// xorshift64*, Vigna 2014 (arXiv:1402.6246).
private struct Xorshift: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state ^= state >> 12
        state ^= state << 25
        state ^= state >> 27
        return state &* 0x2545_F491_4F6C_DD1D
    }
}
