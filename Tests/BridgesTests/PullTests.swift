import Foundation
import Synchronization
import TestSockets
import Testing

/// Lists of a real server through the real bridge into a real daemon.
@Suite("Pull bridge", .serialized, OnOwnThreads()) struct PullTests {
    private static let secret = "s3cr3t-t0k3n"

    /// Items `range` of a list of bookshops.
    private static func items(_ range: Range<Int>, name: String = "书店") -> String {
        range.map {
            #"{"id":\#($0),"info":{"name":"\#(name)\#($0)","open":"9:00-21:00"},"pos":{"x":118.7\#(10_000 + $0),"y":32.01},"#
                + #""tags":["咖啡","阅读"],"changed":"2026-11-\#($0 % 20 + 10)"}"#
        }.joined(separator: ",")
    }

    /// Writes a configuration that reads `url` in the way `more` says.
    private func configure(_ scene: RemoteScene, _ url: String, _ more: String = "") throws {
        try scene.write("token", Self.secret + "\n")
        try scene.write(
            "config/pull/shops.toml",
            """
            url = "\(url)"
            list = "data.items"
            source = "office-shops"
            type = "bookshop"
            datum = "wgs84"
            key = "id"
            backoff = "5ms"
            longest_wait = "3s"
            timeout = "2s"
            attempts = 4
            \(more)
            [credential]
            file = "\(scene.path)/token"
            [columns]
            "id" = "编号"
            "info.name" = "名称"
            "info.open" = "营业时间"
            "pos.x" = "经度"
            "pos.y" = "纬度"
            """)
    }

    private func names(_ scene: RemoteScene) throws -> [String] {
        let page = try scene.client().get("/v1/places?limit=500").object()
        return (page["places"] as? [[String: Any]] ?? []).compactMap { $0["name"] as? String }
    }

    @Test func aListOfCursorsBecomesARegisterAndComesBackUnchanged() throws {
        let scene = try RemoteScene()
        let server = try ScriptedWebServer { call in
            let start = call.word("after").flatMap(Int.init) ?? 0
            let next = start + 100 < 250 ? "\"\(start + 100)\"" : "null"
            let end = min(start + 100, 250)
            return .reply(200, [:], #"{"data":{"items":[\#(Self.items(start..<end))],"next":\#(next)}}"#)
        }
        try configure(
            scene, server.url + "/api/list?size=100",
            "complete = true\npages = { by = \"cursor\", cursor = \"data.next\", parameter = \"after\" }")
        let first = try scene.run("pull", "shops", "--json")
        #expect(first.status == 0, "\(first.complaint)")
        #expect(first.complaint.contains("250 created"), "\(first.complaint)")
        #expect(server.calls.map { $0.word("after") ?? "-" } == ["-", "100", "200"])
        #expect(server.calls.allSatisfy { $0.word("size") == "100" })
        #expect(server.calls.allSatisfy { $0.headers["authorization"] == "Bearer " + Self.secret })
        #expect(!first.complaint.contains(Self.secret) && !first.output.contains(Self.secret))
        #expect(try Set(names(scene)) == Set((0..<250).map { "书店\($0)" }))
        let answer = try String(
            contentsOfFile: scene.path + "/bridges/pull/shops/answer.csv", encoding: .utf8)
        #expect(answer.contains("office-shops-249"))
        let second = try scene.run("pull", "shops")
        #expect(second.complaint.contains("0 created, 0 changed, 250 unchanged"), "\(second.complaint)")
    }

    @Test func numberedAndLinkedPagesAreReadToTheirEnd() throws {
        let scene = try RemoteScene()
        let server = try ScriptedWebServer { call in
            let page = call.word("page").flatMap(Int.init) ?? 1
            let range = min((page - 1) * 10, 25)..<min(page * 10, 25)
            let items = range.isEmpty ? "" : Self.items(range)
            let body = #"{"data":{"items":[\#(items)],"total":25}}"#
            let next = "<?page=\(page + 1)&q=a%2Cb>; rel=\"next\", <?page=1>; rel=\"first\""
            return .reply(200, call.target.hasPrefix("/linked") && page < 3 ? ["Link": next] : [:], body)
        }
        try configure(
            scene, server.url + "/counted",
            "total = \"data.total\"\npages = { by = \"number\", parameter = \"page\" }")
        let counted = try scene.run("pull", "shops")
        #expect(counted.complaint.contains("25 created"), "\(counted.complaint)")
        #expect(server.calls.map { $0.word("page") } == ["1", "2", "3"])
        try configure(scene, server.url + "/linked", "pages = { by = \"link\" }")
        let linked = try scene.run("pull", "shops")
        #expect(linked.complaint.contains("25 unchanged"), "\(linked.complaint)")
        #expect(server.calls.suffix(3).map { $0.word("q") } == [nil, "a,b", "a,b"])
        // Without a total only an empty page is the end.
        try configure(scene, server.url + "/counted", "pages = { by = \"number\", parameter = \"page\" }")
        #expect(try scene.run("pull", "shops").complaint.contains("25 unchanged"))
        #expect(server.calls.last?.word("page") == "4")
    }

    /// The value of `since` moves only after the daemon has said yes.
    @Test func whatTheDaemonHasNotAcknowledgedIsAskedForAgain() throws {
        let scene = try RemoteScene()
        let server = try ScriptedWebServer { _ in
            .reply(200, [:], #"{"data":{"items":[\#(Self.items(0..<3))],"as_of":"T1"}}"#)
        }
        try configure(
            scene, server.url,
            "attempts = 2\nsince = { parameter = \"since\", start = \"T0\", answer = \"data.as_of\" }"
                .replacing("attempts = 2\n", with: ""))
        scene.stopDaemon(SIGKILL)
        let refused = try scene.run("pull", "shops")
        #expect(refused.status == 69, "\(refused.complaint)")
        try scene.startDaemon()
        #expect(try scene.run("pull", "shops").status == 0)
        #expect(try scene.run("pull", "shops").status == 0)
        #expect(server.calls.map { $0.word("since") } == ["T0", "T0", "T1"])
        // The greatest value of an item's member goes on too, and never back.
        try configure(scene, server.url, "since = { parameter = \"since\", item = \"changed\" }")
        try FileManager.default.removeItem(atPath: scene.path + "/bridges/pull/shops/state.json")
        #expect(try scene.run("pull", "shops").status == 0)
        #expect(try scene.run("pull", "shops").status == 0)
        #expect(server.calls.suffix(2).map { $0.word("since") } == [nil, "2026-11-12"])
    }

    /// Killed at any moment, the next run brings what is missing; nothing is asked since a moment that is not in.
    @Test func aKillLosesNothing() throws {
        let scene = try RemoteScene()
        let moment = Mutex(0)
        let server = try ScriptedWebServer { call in
            let since = Int(call.word("since") ?? "0") ?? 0
            let now = moment.withLock { $0 }
            let items = since < now ? Self.items(since..<now) : ""
            return .reply(200, [:], #"{"data":{"items":[\#(items)],"as_of":"\#(now)"}}"#)
        }
        try configure(scene, server.url, "since = { parameter = \"since\", answer = \"data.as_of\" }")
        let rounds = ProcessInfo.processInfo.environment["QUARTER_KILLS"].flatMap(Int.init) ?? 25
        for round in 1...rounds {
            moment.withLock { $0 += 3 }
            let process = try scene.bridge(["pull", "shops"], log: "pull.log")
            try process.run()
            usleep(UInt32(round * 240_000 / rounds))
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
        let end = try scene.run("pull", "shops")
        #expect(end.status == 0, "\(end.complaint)")
        #expect(try Set(names(scene)) == Set((0..<rounds * 3).map { "书店\($0)" }))
    }

    @Test func whatPassesIsTriedAgainAndOnlySoOften() throws {
        let scene = try RemoteScene()
        let good = #"{"data":{"items":[\#(Self.items(0..<2))]}}"#
        let script = Mutex<[ScriptedWebServer.Action]>([])
        let server = try ScriptedWebServer { _ in
            script.withLock { $0.isEmpty ? .reply(200, [:], good) : $0.removeFirst() }
        }
        try configure(scene, server.url + "/api")
        script.withLock { $0 = [.reply(503, ["Retry-After": "1"]), .drop, .reply(500)] }
        let begin = Date()
        let passed = try scene.run("pull", "shops")
        #expect(passed.status == 0, "\(passed.complaint)")
        #expect(Date().timeIntervalSince(begin) >= 1)
        #expect(server.calls.count == 4)
        script.withLock { $0 = Array(repeating: .reply(502), count: 9) }
        let failed = try scene.run("pull", "shops")
        #expect(failed.status == 69 && server.calls.count == 8)
        #expect(
            failed.complaint.split(separator: "\n").last?.contains(
                "\(server.url)/api, page 1, answers with status 502, after 4 tries") == true)
        // Too long to wait for.
        script.withLock { $0 = [.reply(429, ["Retry-After": "3600"])] }
        let later = try scene.run("pull", "shops")
        #expect(later.complaint.contains("asks to be left alone for 3600 s"), "\(later.complaint)")
        #expect(server.calls.count == 9)
        script.withLock { $0 = Array(repeating: .hang, count: 2) }
        let slow = try scene.run("pull", "shops")
        #expect(slow.status == 0 && slow.complaint.contains("has not answered in time"), "\(slow.complaint)")
    }

    /// A way in which a server goes wrong, what the bridge says, and its exit code.
    struct Wrong: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var more = ""
        var status: Int32 = 76
        var words: String
        var calls = 1
        var act: @Sendable (ScriptedWebServer.Call) -> ScriptedWebServer.Action
    }

    private static let cursors = "pages = { by = \"cursor\", cursor = \"data.next\", parameter = \"after\" }"
    private static func list(_ items: String, _ rest: String = "") -> ScriptedWebServer.Action {
        .reply(200, [:], #"{"data":{"items":[\#(items)]\#(rest)}}"#)
    }

    static let wrongs: [Wrong] = [
        Wrong(testDescription: "no JSON", words: "answers with no JSON but “text/html” on page 1") { _ in
            .reply(200, ["Content-Type": "text/html"], "<html>")
        },
        Wrong(testDescription: "no list", words: "has no list at “data.items” on page 1") { _ in
            .reply(200, [:], #"{"data":{"rows":[]}}"#)
        },
        Wrong(testDescription: "refused", status: 77, words: "see that the credential is right") { _ in
            .reply(401)
        },
        Wrong(testDescription: "not there", status: 77, words: "see that url is right") { _ in .reply(404) },
        Wrong(
            testDescription: "a cursor in a circle", more: cursors, words: "gives the cursor “a” again",
            calls: 3
        ) { call in
            let from = call.word("after") == nil ? 0 : call.word("after") == "a" ? 2 : 4
            return list(items(from..<from + 2), #","next":"\#(call.word("after") == "a" ? "b" : "a")""#)
        },
        Wrong(
            testDescription: "a parameter that is not known",
            more: "pages = { by = \"number\", parameter = \"seite\" }\n",
            words: "gives page 1 again as page 2", calls: 2
        ) { _ in list(items(0..<2)) },
        Wrong(
            testDescription: "a total that changes",
            more: "total = \"data.total\"\npages = { by = \"number\", parameter = \"page\" }", status: 75,
            words: "changed while it was read: it said that it has 4 items, and then 5", calls: 6
        ) { call in
            let page = call.word("page") == "1" ? 0 : 1
            return list(items(page * 2..<page * 2 + 2), ",\"total\":\(4 + page)")
        },
        Wrong(
            testDescription: "an item that moves", more: cursors, status: 75,
            words: "gave “1” twice, the second time on page 2", calls: 6
        ) { call in
            call.word("after") == nil ? list(items(0..<2), #","next":7"#) : list(items(1..<3))
        },
        Wrong(
            testDescription: "too few items", more: "total = \"data.total\"", status: 75,
            words: "said that it has 9 items, and gave 2", calls: 3
        ) { _ in list(items(0..<2), #","total":9"#) },
        Wrong(
            testDescription: "pages without end", more: cursors + "\npage_limit = 5",
            words: "has more than 5 pages",
            calls: 5
        ) { call in
            let start = call.word("after").flatMap(Int.init) ?? 0
            return list(items(start..<start + 1), ",\"next\":\(start + 1)")
        },
        Wrong(
            testDescription: "two gigabytes", more: "largest_answer = \"1MiB\"",
            words: "answers with too much"
        ) { _ in .flood(1 << 31) },
        Wrong(testDescription: "an object in a column", words: "“info.name” of item 1, page 1, is an object")
        { _ in
            list(#"{"id":1,"info":{"name":{"zh":"书"},"open":""},"pos":{"x":1,"y":2}}"#)
        },
        Wrong(testDescription: "digits lost", words: "has an item whose “id” is a number of more digits") {
            _ in
            list(#"{"id":913201140000000000017,"info":{"name":"a","open":""},"pos":{"x":1,"y":2}}"#)
        },
        Wrong(testDescription: "a member that nobody has", words: "has no item with “info.open”") { _ in
            list(#"{"id":1,"info":{"name":"a"},"pos":{"x":1,"y":2}}"#)
        },
        Wrong(testDescription: "no object", words: "has an item without “id”") { _ in list("1,2") },
        Wrong(
            testDescription: "a redirect elsewhere", status: 77,
            words: "sends on to another server for a redirect: http://127.0.0.1:9/x"
        ) { _ in .reply(302, ["Location": "http://127.0.0.1:9/x?token=hidden"]) },
        Wrong(
            testDescription: "a redirect to another scheme", status: 77,
            words: "sends on to another server for a redirect: https://"
        ) { _ in .reply(301, ["Location": "https://127.0.0.1/x"]) },
        Wrong(testDescription: "a redirect to a file", words: "names no URL as a redirect") { _ in
            .reply(301, ["Location": "file:///etc/passwd"])
        },
        Wrong(testDescription: "redirects in a circle", words: "redirects in a circle", calls: 6) { call in
            .reply(302, ["Location": call.target + "x"])
        },
        Wrong(
            testDescription: "a next page elsewhere", more: "pages = { by = \"link\" }", status: 77,
            words: "sends on to another server for its next page"
        ) { _ in
            .reply(
                200, ["Link": "<http://localhost:9/>; rel=next"], #"{"data":{"items":[\#(items(0..<1))]}}"#)
        },
    ]

    @Test(arguments: wrongs) func eachFaultIsOneLineAndNothingIsTakenIn(_ wrong: Wrong) throws {
        let scene = try RemoteScene()
        let server = try ScriptedWebServer(wrong.act)
        try configure(scene, server.url + "/list?key=hidden", wrong.more)
        let end = try scene.run("pull", "shops")
        let last = try #require(end.complaint.split(separator: "\n").last.map(String.init), "silent")
        #expect(end.status == wrong.status, "\(end.complaint)")
        #expect(last.contains(wrong.words), "\(end.complaint)")
        #expect(last.contains("http://127.0.0.1:"), "\(last)")
        #expect(last.contains("; "), "no advice: \(last)")
        #expect(!end.complaint.contains(Self.secret) && !end.complaint.contains("hidden"), "\(end.complaint)")
        #expect(server.calls.count == wrong.calls)
        #expect(try names(scene).isEmpty)
        #expect(!FileManager.default.fileExists(atPath: scene.path + "/bridges/pull/shops/state.json"))
    }

    @Test func aListThatHasShrunkIsNotBelievedAtOnce() throws {
        let scene = try RemoteScene()
        let count = Mutex(10)
        let server = try ScriptedWebServer { _ in Self.list(Self.items(0..<count.withLock { $0 })) }
        try configure(scene, server.url, "complete = true")
        #expect(try scene.run("pull", "shops").status == 0)
        count.withLock { $0 = 4 }
        let refused = try scene.run("pull", "shops")
        #expect(
            refused.status == 76 && refused.complaint.contains("has 4 items, and had 10"),
            "\(refused.complaint)")
        let accepted = try scene.run("pull", "shops", "--accept-fewer")
        #expect(accepted.complaint.contains("6 vanished"), "\(accepted.complaint)")
        #expect(try scene.run("pull", "shops").status == 0)
    }

    @Test func aRehearsalChangesNothing() throws {
        let scene = try RemoteScene()
        let server = try ScriptedWebServer { _ in Self.list(Self.items(0..<2)) }
        try configure(scene, server.url)
        let end = try scene.run("pull", "shops", "--dry-run")
        #expect(end.status == 0 && end.output.contains("\"dry_run\":true"), "\(end.complaint)")
        #expect(try names(scene).isEmpty)
    }

    @Test func aConfigurationThatIsWrongNamesItsLine() throws {
        let scene = try RemoteScene()
        func complaint(_ text: String) throws -> String {
            try scene.write("config/pull/bad.toml", text)
            let end = try scene.run("pull", "bad")
            #expect(end.status == 78, "\(end.complaint)")
            return end.complaint
        }
        let columns = "source = \"a\"\n[columns]\nname = \"名称\"\n"
        #expect(
            try complaint("url = \"http://example.org/x\"\n" + columns).contains(
                "bad.toml:1: http://example.org/x is not encrypted"))
        #expect(
            try complaint("url = \"https://me:pw@example.org/\"\n" + columns).contains(
                "user and password do not belong in it"))
        #expect(
            try complaint("url = \"ftp://example.org/\"\n" + columns).contains("no URL that can be asked"))
        #expect(
            try complaint("url = \"https://example.org\"\nspeed = 1\n" + columns).contains(
                "bad.toml:2: unknown key “speed”"))
        #expect(
            try complaint("url = \"https://example.org\"\n" + columns + "[headers]\nAuthorization = \"x\"\n")
                .contains("use [credential]"))
        let open = try scene.write("open", "secret")
        chmod(open, 0o644)
        let credential = "[credential]\nfile = \"\(open)\"\n"
        #expect(
            try complaint("url = \"https://example.org\"\n" + columns + credential).contains(
                "everybody may read the credential"))
        let named = "[credential]\nheader = \"X-Key\"\n"
        #expect(
            try complaint("url = \"https://example.org\"\n" + columns + named).contains(
                "systemd has handed none over"))
        #expect(try scene.run("pull", "../bad").status == 64)
    }

    @Test func secretsThatSystemdHandsOverGoIntoAHeaderOrAParameter() throws {
        let scene = try RemoteScene()
        let server = try ScriptedWebServer { _ in Self.list(Self.items(0..<1)) }
        try scene.write("secret", "k&y=1")
        for (rule, check) in [
            ("header = \"X-Key\"", { (call: ScriptedWebServer.Call) in call.headers["x-key"] == "k&y=1" }),
            ("parameter = \"key\"", { (call: ScriptedWebServer.Call) in call.word("key") == "k&y=1" }),
        ] {
            try configure(scene, server.url)
            let file = scene.path + "/config/pull/shops.toml"
            let text = try String(contentsOfFile: file, encoding: .utf8)
            try scene.write(
                "config/pull/shops.toml", text.replacing("file = \"\(scene.path)/token\"", with: rule))
            let end = try scene.run("pull", "shops", environment: ["CREDENTIALS_DIRECTORY": scene.path])
            #expect(end.status == 0, "\(end.complaint)")
            let call = try #require(server.calls.last)
            #expect(check(call), "\(call)")
        }
    }
}
