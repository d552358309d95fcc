import DirectoryAPI
import Foundation
import Testing

@testable import quarterctl

/// The real program, and where it was built the real daemon.
@Suite("Commands")
struct CommandTests {
    private let folder: ScratchFolder

    init() throws { folder = try ScratchFolder() }

    private func json(_ ending: Programs.Ending) throws -> JSONValue {
        try JSONValue(json: Array(ending.output.utf8))
    }

    private var state: String { folder.path + "/state" }

    private func demo() throws -> (map: String, communities: String, records: String) {
        let ending = try Programs.quarterctl(["demo", folder.path + "/demo", "--json"])
        #expect(ending.status == 0, "\(ending.complaint)")
        let files = try json(ending).texts("files")
        return (
            try #require(files.first { $0.hasSuffix(".osm.pbf") }),
            try #require(files.first { $0.hasSuffix(".geojson") }),
            try #require(files.first { $0.hasSuffix("records.json") })
        )
    }

    private func imported(_ format: String, _ file: String) throws -> JSONValue {
        let ending = try Programs.quarterctl(["--state", state, "import", format, file, "--json"])
        #expect(ending.status == 0, "\(ending.complaint)")
        return try json(ending)
    }

    @Test("Without a daemon: the demo comes in, again changes nothing, and its network can be written out")
    func offline() throws {
        let files = try demo()
        let communities = try imported("communities", files.communities)
        #expect(communities["counts"]?["community"]?.whole("created") == 3)
        let map = try imported("osm", files.map)
        #expect((map["counts"]?["place"]?.whole("created") ?? 0) > 400)
        #expect((map["counts"]?["origin"]?.whole("created") ?? 0) > 20)
        let again = try imported("osm", files.map)
        #expect(again.whole("revision") == map.whole("revision"))
        for (kind, counts) in again.members("counts") {
            #expect(counts.whole("created") == 0 && counts.whole("changed") == 0, "\(kind)")
            #expect(counts.whole("unchanged") == counts.whole("given"), "\(kind)")
        }
        let out = folder.path + "/network"
        let export = try json(Programs.quarterctl(["--state", state, "network", "export", out, "--json"]))
        #expect(export.list("files").count == 3)
        for file in export.list("files") {
            let lines = try String(contentsOfFile: file.text("file"), encoding: .utf8).split(separator: "\n")
            #expect(lines.count == 1 + (file.whole("rows") ?? -1))
            #expect(lines.count > 100)
        }
    }

    @Test("The report for a person adds up and credits nobody for made-up data it does not have")
    func report() throws {
        let files = try demo()
        let ending = try Programs.quarterctl(["--state", state, "import", "osm", files.map])
        #expect(ending.status == 0, "\(ending.complaint)")
        #expect(ending.output.contains("taken as"))
        // Away from a terminal progress is plain lines, and nothing is coloured.
        #expect(!ending.complaint.isEmpty && !ending.complaint.contains("\r"))
        #expect(!ending.output.contains("\u{1B}") && !ending.complaint.contains("\u{1B}"))
    }

    @Test(
        "Faults end in one line on stderr, with their exit codes",
        arguments: [
            (["status"], Int32(69), "no quarterd has been started"),
            (["import", "osm", "none.osm.pbf"], 66, "cannot open none.osm.pbf"),
            (["import", "communities", "empty.geojson", "--state", "s"], 65, "empty.geojson"),
            (["import", "communities", "empty.geojson"], 69, "name a state folder with --state"),
            (["--socket", "none.sock", "places"], 69, "there is no socket at none.sock"),
            (["--socket", "127.0.0.1:0", "places"], 64, "names no port"),
            (["places", "put", "x", "empty.geojson", "--socket", "none.sock"], 65, "is not JSON"),
            (["network", "export", "out", "--state", "s"], 69, "import osm"),
        ])
    func faults(arguments: [String], status: Int32, words: String) throws {
        try Data().write(to: URL(fileURLWithPath: folder.path + "/empty.geojson"))
        let ending = try Programs.quarterctl(arguments, in: folder.path)
        #expect(ending.status == status, "\(ending.complaint)")
        let lines = ending.complaint.split(separator: "\n").filter { $0.hasPrefix("quarterctl: ") }
        #expect(lines.count == 1)
        #expect(lines.first?.contains(words) == true, "\(ending.complaint)")
        #expect(ending.output.isEmpty)
    }

    @Test(
        "Misuse shows the usage and ends with 64",
        arguments: [
            ["reach", "--latitude", "1"], ["no-such"], ["--state", "a", "--socket", "b", "status"],
            ["import"],
        ])
    func misuse(arguments: [String]) throws {
        let ending = try Programs.quarterctl(arguments)
        #expect(ending.status == 64)
        #expect((ending.complaint + ending.output).contains("quarterctl"))
    }

    @Test("--state and --socket may stand before and after the command")
    func globalOptions() throws {
        for arguments in [["--state", "a/b", "status"], ["status", "--state", "a/b"]] {
            let ending = try Programs.quarterctl(arguments, in: folder.path)
            #expect(ending.complaint.contains("a/b/public.sock"))
        }
    }

    @Test("Shell completions are made", arguments: ["bash", "zsh", "fish"])
    func completions(shell: String) throws {
        let ending = try Programs.quarterctl(["--generate-completion-script", shell])
        #expect(ending.status == 0)
        #expect(ending.output.contains("isochrone"))
    }

    @Test("doctor tells of a missing daemon and of a wrong configuration, with its line, and ends with 1")
    func doctor() throws {
        let file = folder.path + "/quarter.toml"
        try Data("[walking]\ndefault_minutes = 15\nno_such_key = 1\n".utf8).write(
            to: URL(fileURLWithPath: file))
        let ending = try Programs.quarterctl(
            ["doctor", "--config", file, "--state", folder.path + "/none", "--json"])
        #expect(ending.status == 1)
        let checks = try json(ending).list("checks")
        let wrong = checks.first { $0.text("name") == "configuration" }
        #expect(wrong?.text("state") == "fault")
        #expect(wrong?.text("detail").contains("quarter.toml:3") == true, "\(ending.output)")
        #expect(checks.contains { $0.text("name") == "daemon" && $0.text("state") == "fault" })
    }

    @Test(
        "With the daemon: the same report, the same store, and every question answered",
        .enabled(if: Programs.exist("quarterd"), "quarterd is not built here"))
    func online() throws {
        let files = try demo()
        let offlineState = folder.path + "/offline"
        var offline: [String] = []
        let all = [("osm", files.map), ("communities", files.communities), ("records", files.records)]
        for (format, file) in all {
            let ending = try Programs.quarterctl(["--state", offlineState, "import", format, file, "--json"])
            #expect(ending.status == 0, "\(ending.complaint)")
            offline.append(ending.output)
        }
        try FileManager.default.createDirectory(atPath: state, withIntermediateDirectories: true)
        let daemon = try RunningDaemon(state: state)
        var online: [String] = []
        for (format, file) in all {
            let ending = try Programs.quarterctl(["--state", state, "import", format, file, "--json"])
            #expect(ending.status == 0, "\(ending.complaint)")
            online.append(ending.output)
        }
        #expect(online == offline)
        try readme()
        try questions()
        try writes()
        // The daemon goes on while its network is written out.
        let out = folder.path + "/network"
        #expect(try Programs.quarterctl(["--state", state, "network", "export", out]).status == 0)
        #expect(try Programs.quarterctl(["--state", state, "status"]).status == 0)
        daemon.stop()
        let after = try Programs.quarterctl(["--state", state, "status"])
        #expect(after.status == 69)
    }

    /// The examples of a page: what it shows is what is answered, to the letter.
    ///
    /// - Returns: how many there are.
    private func examples(of text: String) throws -> Int {
        let examples = text.components(separatedBy: "```\n$ .build/release/quarterctl ").dropFirst()
        for example in examples {
            let lines = example.split(separator: "\n", omittingEmptySubsequences: false)
            let shown = lines.dropFirst().prefix { $0 != "```" }.joined(separator: "\n") + "\n"
            let command = try #require(lines.first).split(separator: " ").map(String.init)
            let answer = try Programs.quarterctl(["--state", state] + command)
            #expect(answer.output == shown, "\(command.joined(separator: " ")) \(answer.complaint)")
        }
        return examples.count
    }

    /// The examples of README.md, and the questions of docs/questions.md.
    private func readme() throws {
        let page = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("README.md")
        let text = try String(contentsOf: page, encoding: .utf8)
        #expect(try examples(of: text) == 3)
        let questions = page.deletingLastPathComponent().appendingPathComponent("docs/questions.md")
        #expect(try examples(of: String(contentsOf: questions, encoding: .utf8)) >= 30)
        // What `make run` proposes to try is what README shows.
        let script = try String(
            contentsOf: page.deletingLastPathComponent().appendingPathComponent("Scripts/run.sh"),
            encoding: .utf8)
        let proposed = script.components(separatedBy: "\n  $ctl ").dropFirst().map {
            $0.prefix { $0 != "\n" }
        }
        for command in proposed where command.contains("kiosk-demo") {
            #expect(text.contains("$ .build/release/quarterctl " + command + "\n"), "\(command)")
        }
        #expect(proposed.count { $0.contains("kiosk-demo") } == 3)
    }

    private func ask(_ arguments: [String]) throws -> JSONValue {
        let table = try Programs.quarterctl(["--state", state] + arguments)
        #expect(table.status == 0, "\(arguments): \(table.complaint)")
        #expect(!table.output.isEmpty)
        let ending = try Programs.quarterctl(["--state", state] + arguments + ["--json"])
        #expect(ending.status == 0)
        return try json(ending)
    }

    private func questions() throws {
        let gates = try ask(["origins", "--kind", "gate", "--limit", "1"])
        let gate = try #require(gates.list("origins").first).text("id")
        let reach = try ask(["reach", "--origin", gate, "--minutes", "15", "--profile", "elder"])
        #expect(reach.list("places").count > 5)
        let nearest = try #require(reach.list("places").last)
        let route = try ask(["route", "--origin", gate, "--to", nearest.text("id"), "--profile", "elder"])
        #expect(route["properties"]?.number("metres") == nearest["walk"]?.number("metres"))
        let isochrone = try ask(["isochrone", "--origin", gate, "--minutes", "5,10"])
        #expect(isochrone.list("features").count == 4)
        for arguments in [
            ["types"], ["types", nearest.text("type")], ["modules"], ["profiles"], ["communities"],
            ["places"],
            ["places", nearest.text("id")], ["origins", gate], ["status"], ["doctor"],
        ] {
            _ = try ask(arguments)
        }
        // All pages together are the whole list, each place once.
        let all = try Programs.quarterctl(
            ["--state", state, "places", "--all", "--limit", "100", "--json"]
        ).output.split(separator: "\n").map { try JSONValue(json: Array($0.utf8)) }
        #expect(all.count > 3)
        let ids = all.flatMap { $0.list("places").map { $0.text("id") } }
        #expect(Set(ids).count == ids.count)
        #expect(try ask(["status"])["counts"]?.whole("places") == ids.count)
    }

    /// The place test-1 is suspended and taken up again; other exceptions come and go by their number.
    private func exceptions() throws {
        func change(_ arguments: [String], status: Int32 = 0) throws -> String {
            let ending = try Programs.quarterctl(["--state", state, "places"] + arguments)
            #expect(ending.status == status, "\(arguments): \(ending.output)\(ending.complaint)")
            return ending.complaint
        }
        func opening() throws -> JSONValue { try ask(["places", "test-1"])["opening"] ?? .null }
        #expect(try change(["resume", "test-1"], status: 64).contains("is not suspended"))
        _ = try change(["suspend", "test-1", "--until", "2999-12-31", "--reason", "装修"])
        #expect(try opening().text("state") == "suspended")
        #expect(try opening().text("text").contains("装修"))
        _ = try change(["except", "test-1", "--from", "2026-02-16", "--until", "2026-02-20", "--closed"])
        _ = try change(["except", "test-1", "--hours", "00:00-24:00", "--from", "2026-11-01"])
        let list = try ask(["places", "test-1"]).list("exceptions")
        #expect(list.map { $0.text("state") } == ["suspended", "closed", "hours"])
        #expect(try opening().text("state") == "suspended", "a suspension comes before all")
        _ = try change(["resume", "test-1"])
        #expect(try opening().text("state") == "open")
        _ = try change(["except", "test-1", "--drop", "2"])
        #expect(try ask(["places", "test-1"]).list("exceptions").map { $0.text("state") } == ["closed"])
        #expect(try change(["except", "test-1", "--drop", "2"], status: 64).contains("there are 1"))
        #expect(try change(["except", "test-1"], status: 64).contains("--closed"))
        #expect(try change(["suspend", "test-1", "--until", "soon"], status: 64).contains("--until"))
        #expect(try change(["suspend", "none"], status: 66).contains("none"))
    }

    /// A notice is posted, read at a kiosk, put right, and withdrawn.
    private func notices() throws {
        func run(_ arguments: [String], status: Int32 = 0) throws -> String {
            let ending = try Programs.quarterctl(["--state", state, "notices"] + arguments)
            #expect(ending.status == status, "\(arguments): \(ending.output)\(ending.complaint)")
            return ending.output + ending.complaint
        }
        let at = ["--at", "2026-12-05T12:00:00+08:00"]
        #expect(try run(["--origin", "kiosk-demo-1"] + at).hasSuffix("\n1 notice.\n"))
        let post = [
            "post", "--to", "demo-cuizhuyuan", "--title", "电梯检修 🛗", "--text", "周六停用。\n请走楼梯。", "--from",
            "2026-12-04",
        ]
        let made = try run(post + ["--until", "2026-12-05", "--by", "org-demo-office", "--urgent"])
        #expect(made.wholeMatch(of: /notice notice-[0-9a-f]{8}: created, revision \d+\n/) != nil, "\(made)")
        let list = try run(["--origin", "kiosk-demo-1"] + at)
        let lines = list.split(separator: "\n").map(String.init)
        #expect(lines.count == 7 && lines[1].hasPrefix("urgent  电梯检修 🛗"), "\(list)")
        #expect(lines[1].contains("翠竹园社区") && lines[1].contains("翠溪街道办事处(演示)"))
        #expect(lines[2...3] == ["      周六停用。", "      请走楼梯。"] && lines[6] == "2 notices.")
        #expect(try run(["--community", "demo-nanmen"] + at) == "0 notices.\n")
        #expect(
            try run(["--community", "demo-cuizhuyuan", "--limit", "1"] + at).hasSuffix(
                "\n1 notice, and more: --all.\n"))
        #expect(
            try run(["--community", "demo-cuizhuyuan", "--limit", "1", "--all"] + at).hasSuffix(
                "\n2 notices.\n"))
        let id = try #require(made.split(separator: " ").dropFirst().first).dropLast()
        #expect(try ask(["notices", String(id)]).text("title") == "电梯检修 🛗")
        #expect(try ask(["notices", "--past"]).list("notices").count == 5)
        _ = try run(post + ["--until-further-notice", "--id", String(id)])
        #expect(try run([String(id)]).contains("further notice"))
        // Each fault says what to do, and changes nothing.
        for (arguments, status, words) in [
            (post, 64, "--until-further-notice"),
            (post + ["--until", "2026-12-05", "--until-further-notice"], 64, "--until"),
            (post + ["--until", "soon"], 65, "no day and no moment"),
            (post + ["--until", "2026-12-05", "--by", "none"], 65, "there is no organisation"),
            (["post", "--to", "none", "--title", "a", "--text", "b", "--until", "2999-12-31"], 65, "“none”"),
            (
                [
                    "post", "--to", "kiosk-demo-1", "--title", "a", "--text", "找王师傅13812345678", "--until",
                    "2999-12-31",
                ],
                65, "138****5678"
            ), (["withdraw", "none"], 66, "quarterctl notices"),
            (["--origin", "none"], 66, "none"),
        ] as [([String], Int32, String)] {
            #expect(try run(arguments, status: status).contains(words), "\(arguments)")
        }
        #expect(try run(["withdraw", String(id)]).contains("deleted"))
        #expect(try run(["show", String(id)], status: 66).contains(id))
    }

    private func writes() throws {
        let gates = try ask(["origins", "--kind", "gate", "--limit", "1"])
        let location = try #require(gates.list("origins").first?["location"])
        let file = folder.path + "/place.json"
        let text = """
            {"type":"repair","name":"翠竹园修鞋铺","location":{"lat":\(location.number("lat") ?? 0),\
            "lon":\(location.number("lon") ?? 0)}}
            """
        try Data(text.utf8).write(to: URL(fileURLWithPath: file))
        let put = try Programs.quarterctl(["--state", state, "places", "put", "test-1", file, "--json"])
        #expect(put.status == 0, "\(put.complaint)")
        #expect(try json(put).text("outcome") == "created")
        #expect(try ask(["places", "test-1"]).text("name") == "翠竹园修鞋铺")
        let stale = try Programs.quarterctl(
            ["--state", state, "places", "put", "test-1", file, "--if-match", "\"no-such\""])
        #expect(stale.status == 75, "\(stale.complaint)")
        try exceptions()
        try notices()
        #expect(try Programs.quarterctl(["--state", state, "places", "delete", "test-1"]).status == 0)
        #expect(try Programs.quarterctl(["--state", state, "places", "test-1"]).status == 66)
        #expect(try Programs.quarterctl(["--state", state, "reload"]).status == 0)
    }
}
