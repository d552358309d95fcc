import Foundation
import GRDB
import Synchronization
import TestSockets
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// Changes of a real daemon through the real bridge to a real server.
@Suite("Push bridge", .serialized, OnOwnThreads()) struct PushTests {
    /// What a receiver took: the message's id and the body.
    struct Letter: Sendable {
        var message: String
        var position: String?
        var record: String
        var name: String?
        var body: [UInt8]

        init(_ call: ScriptedWebServer.Call) {
            message = call.headers["idempotency-key"] ?? ""
            body = call.body
            let object = call.object
            let change = object["change"] as? [String: Any]
            let present = object["present"] as? [String: Any]
            position = change?["position"] as? String
            record = (change ?? present)?["id"] as? String ?? object.keys.first { $0.hasPrefix("set_") } ?? ""
            name = ((change ?? present)?["record"] as? [String: Any])?["name"] as? String
        }
    }

    private func configure(_ scene: RemoteScene, _ url: String, _ more: String = "") throws {
        try scene.write(
            "config/push/office.toml",
            """
            url = "\(url)/hook"
            backoff = "5ms"
            longest_wait = "100ms"
            timeout = "2s"
            \(more)
            """)
    }

    /// Starts the bridge.
    private func start(_ scene: RemoteScene) throws -> Process {
        let process = try scene.bridge(["push", "office"], log: "push.log")
        try process.run()
        return process
    }

    private func end(_ process: Process, _ number: Int32 = SIGTERM) -> Int32 {
        kill(process.processIdentifier, number)
        process.waitUntilExit()
        return process.terminationStatus
    }

    private func log(_ scene: RemoteScene) -> String {
        (try? String(contentsOfFile: scene.path + "/push.log", encoding: .utf8)) ?? ""
    }

    /// How the outbox stands; nothing before there is one.
    private func status(_ scene: RemoteScene) throws -> [String: Any] {
        let end = try scene.run("outbox", "status", "office", "--json")
        if end.status == 66 { return [:] }
        guard end.status == 0 else { throw RemoteScene.Fault(description: end.complaint) }
        return try #require(
            try JSONSerialization.jsonObject(with: Data(end.output.utf8)) as? [String: Any],
            "\(end.complaint)")
    }

    /// All changes of places after a position, as the daemon tells them: position and id.
    private func history(_ scene: RemoteScene, since: String) throws -> [(position: String, id: String)] {
        var next = since
        var changes: [(position: String, id: String)] = []
        while true {
            let page = try scene.client().get("/v1/changes?follow=no&limit=500&kind=place&since=" + next)
                .object()
            for change in page["changes"] as? [[String: Any]] ?? [] {
                changes.append((change["position"] as? String ?? "", change["id"] as? String ?? ""))
            }
            next = page["next"] as? String ?? ""
            if next == "\(page["revision"] as? Int ?? -1)" { return changes }
        }
    }

    private static func order(_ position: String) -> (Int, Int) {
        let parts = position.split(separator: ".").map { Int($0) ?? -1 }
        return (parts[0], parts.count > 1 ? parts[1] : .max)
    }

    @Test func aNewReceiverGetsAllRecordsAndThenEachChange() throws {
        let scene = try RemoteScene()
        for number in 0..<7 { try scene.put("shop-\(number)", name: "书店\(number)") }
        let server = try ScriptedWebServer { call in
            .reply(201, [:], #"{"data":{"receipt":"R-\#(call.headers["idempotency-key"] ?? "")"}}"#)
        }
        try configure(scene, server.url, "receipt = \"data.receipt\"")
        let process = try start(scene)
        #expect(try RemoteScene.wait { server.calls.count == 9 }, "\(log(scene))")
        let set = server.calls.map(Letter.init)
        #expect(set.first?.record == "set_begins" && set.last?.record == "set_ends")
        #expect(Set(set.compactMap(\.name)) == Set((0..<7).map { "书店\($0)" }))
        #expect(
            server.calls.allSatisfy {
                $0.method == "POST" && $0.headers["content-type"] == "application/json"
            })
        #expect(Set(set.map(\.message)).count == 9)
        try scene.put("shop-3", name: "新书店")
        let gone = try scene.admin().ask("DELETE", "/v1/places/shop-4")
        #expect(gone.status == 200, "\(gone.text)")
        #expect(try RemoteScene.wait { server.calls.count == 11 }, "\(log(scene))")
        let changes = server.calls.suffix(2).compactMap { $0.object["change"] as? [String: Any] }
        let changed = try #require(changes.first { $0["id"] as? String == "shop-3" })
        #expect(changed["change"] as? String == "changed" && changed["fields"] as? [String] == ["name"])
        #expect((changed["record"] as? [String: Any])?["name"] as? String == "新书店")
        let removed = try #require(changes.first { $0["id"] as? String == "shop-4" })
        #expect(removed["change"] as? String == "removed" && removed["record"] is NSNull)
        #expect(try RemoteScene.wait { try status(scene)["delivered"] as? Int == 11 })
        let figures = try status(scene)
        #expect(figures["lag_revisions"] as? Int == 0 && figures["waiting"] as? Int == 0, "\(figures)")
        let receipts = try scene.run("outbox", "list", "office", "--what", "receipts", "--json").output
        #expect(receipts.split(separator: "\n").count == 11)
        #expect(receipts.contains("\"receipt\":\"R-\(Letter(server.calls[10]).message)\""), "\(receipts)")
        let metrics = try scene.run("outbox", "status", "office", "--metrics").output
        #expect(metrics.contains("quarter_outbox_delivered_total{bridge=\"office\"} 11"))
        // Who started it last is not started a second time.
        let second = try scene.run("push", "office")
        #expect(second.status == 75 && second.complaint.contains("runs already"), "\(second.complaint)")
        #expect(end(process) == 0)
        // A restart tells nothing twice.
        let again = try start(scene)
        try scene.put("shop-5", name: "又一家")
        #expect(try RemoteScene.wait { server.calls.count == 12 })
        #expect(end(again) == 0)
        #expect(server.calls.count == 12)
    }

    /// Everything at once: the receiver fails at random, hangs up before and after it has taken something, is away for a
    /// while; the bridge is killed, and so is the daemon.
    @Test func eachChangeArrivesAndOfEachRecordInOrderWhateverEnds() throws {
        let scene = try RemoteScene()
        // QUARTER_KILLS asks for more than a test run has time for.
        let kills = ProcessInfo.processInfo.environment["QUARTER_KILLS"].flatMap(Int.init) ?? 30
        let records = 12
        let taken = Mutex<[Letter]>([])
        let random = Mutex(SplitMix(seed: 20_261_126))
        let server = try ScriptedWebServer { call in
            let dice = random.withLock { Int.random(in: 0..<10, using: &$0) }
            switch dice {
            case 0: return .drop
            case 1: return .reply(500)
            case 2: return .reply(429, ["Retry-After": "0"])
            case 3:
                // Taken, and nobody hears of it.
                taken.withLock { $0.append(Letter(call)) }
                return .drop
            default:
                taken.withLock { $0.append(Letter(call)) }
                return .reply(200)
            }
        }
        try configure(scene, server.url, "beginning = \"now\"\nattempts = 1000\nparallel = 4")
        var process = try start(scene)
        #expect(try RemoteScene.wait { try status(scene)["position"] is String }, "\(log(scene))")
        let begin = try #require(try status(scene)["position"] as? String)
        for round in 0..<kills {
            for change in 0..<8 {
                let number = (round * 5 + change) % records
                try scene.put("shop-\(number)", name: "书店\(number) 第\(round)-\(change)次")
            }
            if round % 7 == 3 { server.close() }
            if round % 7 == 4 { try server.open() }
            if round == kills / 2 {
                scene.stopDaemon(SIGKILL)
                try scene.startDaemon()
            }
            usleep(UInt32(random.withLock { Int.random(in: 5_000..<120_000, using: &$0) }))
            _ = end(process, SIGKILL)
            process = try start(scene)
        }
        if kills % 7 == 4 { try server.open() }
        let expected = try history(scene, since: begin)
        #expect(expected.count == kills * 8)
        let isDone = try RemoteScene.wait(60) {
            let figures = try status(scene)
            return figures["waiting"] as? Int == 0 && figures["lag_revisions"] as? Int == 0
        }
        #expect(isDone, "\(log(scene).suffix(2000))")
        #expect(end(process) == 0)
        let letters = taken.withLock { $0 }
        #expect(Set(letters.compactMap(\.position)) == Set(expected.map(\.position)))
        #expect(letters.allSatisfy { $0.position != nil })
        // One message, one body: a receiver may compare.
        for (_, same) in Dictionary(grouping: letters, by: \.message) {
            #expect(Set(same.map(\.body)).count == 1)
        }
        for (record, told) in Dictionary(grouping: letters, by: \.record) {
            let positions = told.compactMap(\.position).map(Self.order)
            #expect(zip(positions, positions.dropFirst()).allSatisfy { $0 <= $1 }, "\(record)")
        }
        let twice = letters.count - Set(letters.map(\.message)).count
        print(
            "push: \(kills) kills, \(expected.count) changes, \(server.calls.count) requests, \(twice) came twice"
        )
    }

    /// What a receiver does that wants nothing of these names.
    private static func answer(_ call: ScriptedWebServer.Call, refusing names: Set<String>)
        -> ScriptedWebServer.Action
    {
        names.contains(Letter(call).name ?? "") ? .reply(422, [:], #"{"why":"no"}"#) : .reply(204)
    }

    @Test func aDeadLetterIsPassedByAndKeptUntilSomebodyDecides() throws {
        let scene = try RemoteScene()
        let refused = Mutex<Set<String>>(["bad"])
        let server = try ScriptedWebServer { call in Self.answer(call, refusing: refused.withLock { $0 }) }
        try configure(scene, server.url, "beginning = \"now\"")
        let process = try start(scene)
        #expect(try RemoteScene.wait { try status(scene)["position"] is String })
        try scene.put("a", name: "bad")
        #expect(try RemoteScene.wait { try status(scene)["dead"] as? Int == 1 }, "\(log(scene))")
        #expect(server.calls.count == 1, "a refusal for good is not tried again")
        #expect(log(scene).contains("is not tried any more after 1 try"), "\(log(scene))")
        let listed = try scene.run("outbox", "list", "office").output
        #expect(
            listed.hasPrefix("1  ") && listed.contains("place a  1 tries: ") && listed.contains("422"),
            "\(listed)")
        let asJSON = try scene.run("outbox", "list", "office", "--json").output
        #expect(asJSON.contains("\"letter\":1,") && asJSON.contains("\"name\":\"bad\""), "\(asJSON)")
        // Tried again it arrives, for nothing came after it.
        refused.withLock { $0 = ["worse"] }
        #expect(try scene.run("outbox", "retry", "office", "1").status == 0)
        #expect(try RemoteScene.wait { try status(scene)["delivered"] as? Int == 1 })
        try scene.put("a", name: "worse")
        #expect(try RemoteScene.wait { try status(scene)["dead"] as? Int == 1 })
        try scene.put("a", name: "good")
        #expect(try RemoteScene.wait { try status(scene)["delivered"] as? Int == 2 })
        let late = try scene.run("outbox", "retry", "office", "2")
        #expect(late.status == 75 && late.complaint.contains("this one would undo it"), "\(late.complaint)")
        #expect(try scene.run("outbox", "drop", "office", "2").status == 0)
        #expect(try scene.run("outbox", "drop", "office", "2").status == 66)
        #expect(try status(scene)["dead"] as? Int == 0)
        #expect(end(process) == 0)
    }

    @Test func aDeadLetterHoldsUpItsRecordWhereThatIsWished() throws {
        let scene = try RemoteScene()
        let refused = Mutex<Set<String>>(["bad"])
        let server = try ScriptedWebServer { call in Self.answer(call, refusing: refused.withLock { $0 }) }
        try configure(scene, server.url, "beginning = \"now\"\non_dead = \"hold\"")
        let process = try start(scene)
        #expect(try RemoteScene.wait { try status(scene)["position"] is String })
        try scene.put("a", name: "bad")
        #expect(try RemoteScene.wait { try status(scene)["dead"] as? Int == 1 })
        try scene.put("a", name: "good")
        try scene.put("b", name: "other")
        #expect(try RemoteScene.wait { try status(scene)["delivered"] as? Int == 1 })
        pause(0.3)
        #expect(server.calls.map { Letter($0).name } == ["bad", "other"])
        refused.withLock { $0 = [] }
        #expect(try scene.run("outbox", "retry", "office", "1").status == 0)
        #expect(try RemoteScene.wait { try status(scene)["delivered"] as? Int == 3 })
        #expect(server.calls.map { Letter($0).name } == ["bad", "other", "bad", "good"])
        #expect(end(process) == 0)
    }

    @Test func triesAreBoundedAndAReceiverThatIsAwayCostsNone() throws {
        let scene = try RemoteScene()
        let status500 = Mutex(500)
        let server = try ScriptedWebServer { _ in .reply(status500.withLock { $0 }) }
        try configure(scene, server.url, "beginning = \"now\"\nattempts = 4")
        let process = try start(scene)
        #expect(try RemoteScene.wait { try status(scene)["position"] is String })
        try scene.put("a", name: "x")
        #expect(try RemoteScene.wait { try status(scene)["dead"] as? Int == 1 })
        #expect(server.calls.count == 4)
        // Neither refused credentials nor a receiver that is overrun or not there kills a letter.
        for code in [503, 401, 404, 0] {
            if code == 0 { server.close() } else { status500.withLock { $0 = code } }
            let before = server.calls.count
            try scene.put("b-\(code)", name: "x")
            if code == 0 {
                pause(0.6)
            } else {
                #expect(try RemoteScene.wait { server.calls.count > before + 6 })
            }
            let figures = try status(scene)
            #expect(figures["dead"] as? Int == 1, "\(code)")
            #expect(
                (figures["receiver_fault"] as? String)?.contains(code == 0 ? "reached" : "\(code)") == true,
                "\(figures)")
        }
        status500.withLock { $0 = 200 }
        try server.open()
        #expect(try RemoteScene.wait { try status(scene)["delivered"] as? Int == 4 })
        #expect(try status(scene)["receiver_fault"] is NSNull)
        #expect(end(process) == 0)
    }

    @Test func aFeedThatIsGoneOrAStoreThatWasRestoredMakesASet() throws {
        let scene = try RemoteScene()
        for number in 0..<3 { try scene.put("shop-\(number)", name: "书店\(number)") }
        let server = try ScriptedWebServer { _ in .reply(200) }
        try configure(scene, server.url)
        var process = try start(scene)
        #expect(try RemoteScene.wait { server.calls.count == 5 })
        #expect(end(process) == 0)
        // Meanwhile much happens, and the audit is shortened.
        for number in 0..<4 { try scene.put("shop-\(number)", name: "新\(number)") }
        scene.stopDaemon()
        let queue = try DatabaseQueue(path: scene.state + "/directory.sqlite")
        try queue.write { try $0.execute(sql: "DELETE FROM audit WHERE revision <= 6") }
        try queue.close()
        let copy = scene.path + "/copy"
        try FileManager.default.copyItem(atPath: scene.state, toPath: copy)
        try scene.startDaemon()
        process = try start(scene)
        #expect(try RemoteScene.wait { server.calls.count == 11 }, "\(log(scene))")
        let set = server.calls.suffix(6).map(Letter.init)
        #expect(set.first?.record == "set_begins" && set.last?.record == "set_ends")
        #expect(Set(set.compactMap(\.name)) == Set((0..<4).map { "新\($0)" }))
        // An older copy of the directory is put in its place, and goes on from there with the same positions.
        try scene.put("shop-1", name: "没有了")
        #expect(try RemoteScene.wait { server.calls.count == 12 })
        scene.stopDaemon()
        try FileManager.default.removeItem(atPath: scene.state)
        try FileManager.default.moveItem(atPath: copy, toPath: scene.state)
        try scene.startDaemon()
        #expect(try RemoteScene.wait { server.calls.count == 18 }, "\(log(scene))")
        try scene.put("shop-1", name: "又有了")
        #expect(try RemoteScene.wait { server.calls.count == 19 }, "\(log(scene))")
        let last = server.calls.map(Letter.init)
        // The same position in two directories is not the same message.
        #expect(last[11].position == last[18].position && last[11].message != last[18].message)
        #expect(last[18].name == "又有了")
        #expect(end(process) == 0)
    }

    /// Killed while a set is read and delivered, all of it arrives between its two marks.
    @Test func aSetSurvivesKills() throws {
        let scene = try RemoteScene()
        var rows = "编号,名称,业态,经度,纬度\n"
        for row in 1...1200 { rows += "\(row),书店\(row),新式书店,118.7\(10_000 + row),32.01\n" }
        let data = Array(rows.utf8)
        let client = try RawClient(unix: scene.adminSocket, timeout: 60)
        client.send(
            "POST /v1/registers?format=table&source=office&datum=wgs84 HTTP/1.1\r\nHost: x\r\nContent-Length: \(data.count)\r\n\r\n"
        )
        client.send(data)
        #expect(try client.answer().status == 200)
        let server = try ScriptedWebServer { _ in .reply(200) }
        try configure(scene, server.url, "parallel = 8")
        for round in 0..<12 {
            let process = try start(scene)
            usleep(UInt32(60_000 + round * 15_000))
            _ = end(process, SIGKILL)
        }
        let process = try start(scene)
        #expect(
            try RemoteScene.wait(60) {
                let figures = try status(scene)
                return figures["waiting"] as? Int == 0 && figures["reading_set"] as? Bool == false
                    && figures["position"] is String
            }, "\(log(scene).suffix(1000))")
        #expect(end(process) == 0)
        let letters = server.calls.map(Letter.init)
        #expect(letters.first?.record == "set_begins" && letters.last?.record == "set_ends")
        #expect(
            letters.last { $0.record == "set_begins" }.map { letters.first?.message == $0.message } == true)
        #expect(Set(letters.compactMap(\.name)) == Set((1...1200).map { "书店\($0)" }))
        #expect(Set(letters.map(\.message)).count == 1202)
    }

    @Test func onlyWhatWasAskedForIsTold() throws {
        let scene = try RemoteScene()
        let server = try ScriptedWebServer { _ in .reply(200) }
        try configure(scene, server.url, "types = [\"pharmacy\"]")
        let process = try start(scene)
        #expect(try RemoteScene.wait { server.calls.count == 2 })
        try scene.put("shop", name: "书店")
        let body = #"{"type":"pharmacy","name":"药店","location":{"lat":32.01,"lon":118.71}}"#
        let made = try scene.admin().ask(
            "PUT", "/v1/places/drugs", headers: ["Host: x", "Content-Type: application/json"], body: body)
        #expect(made.status == 201 || made.status == 200, "\(made.text)")
        #expect(try RemoteScene.wait { server.calls.count == 3 })
        #expect(server.calls.last.map { Letter($0).name } == "药店")
        #expect(end(process) == 0)
        // Other wishes need another set.
        try configure(scene, server.url, "types = [\"bookshop\"]")
        let other = try start(scene)
        #expect(try RemoteScene.wait { server.calls.count == 6 })
        #expect(server.calls.suffix(3).map { Letter($0).name } == [nil, "书店", nil])
        #expect(end(other) == 0)
    }

    /// Checked by Python, which knows nothing of this program.
    @Test func deliveriesAreSigned() throws {
        let scene = try RemoteScene()
        let server = try ScriptedWebServer { _ in .reply(200) }
        let key = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
        let file = try scene.write("signing", key)
        try configure(scene, server.url, "[signature]\nfile = \"\(file)\"")
        let process = try start(scene)
        #expect(try RemoteScene.wait { server.calls.count == 2 }, "\(log(scene))")
        #expect(end(process) == 0)
        for call in server.calls {
            let body = scene.path + "/body"
            try Data(call.body).write(to: URL(fileURLWithPath: body))
            let python = Process()
            python.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
            python.arguments = [
                "-c",
                """
                import base64, hashlib, hmac, sys
                key = base64.b64decode(sys.argv[1][6:])
                text = f"{sys.argv[2]}.{sys.argv[3]}.".encode() + open(sys.argv[5], "rb").read()
                sys.exit("v1," + base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode() != sys.argv[4])
                """,
                key, call.headers["webhook-id"] ?? "", call.headers["webhook-timestamp"] ?? "",
                call.headers["webhook-signature"] ?? "", body,
            ]
            try python.run()
            python.waitUntilExit()
            #expect(python.terminationStatus == 0)
            #expect(call.headers["webhook-id"] == call.headers["idempotency-key"])
        }
    }
}

/// A source of numbers that a seed decides.
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
