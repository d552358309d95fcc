import DirectoryModel
import Foundation
import TOMLDocument
import Testing

@Suite("TOML documents")
struct TOMLDocumentTests {
    private func parse(_ text: String) throws -> TOMLDocument {
        try TOMLDocument(parsing: text, file: "t.toml")
    }

    private func problems(_ text: String, _ read: (TOMLReader) -> Void) throws -> [String] {
        let reader = TOMLReader(try parse(text))
        read(reader)
        return reader.problems().map(\.description)
    }

    @Test("Values keep their kinds, lines, columns and the order of the file")
    func values() throws {
        let document = try parse(
            """
            zebra = "斑马"
            apple = -7
            half = 0.5
            yes = true
            day = 2026-11-23
            list = [1, "two"]
            [table."a b"]
            inner = { x = 1 }
            """)
        #expect(
            document.root.entries.map(\.key) == ["zebra", "apple", "half", "yes", "day", "list", "table"])
        #expect(document.root["zebra"]?.content == .text("斑马"))
        #expect(document.root["zebra"]?.position == document.root.entries.first?.value.position)
        #expect(document.root["zebra"]?.position.line == 1)
        #expect(document.root["zebra"]?.position.column == 9)
        #expect(document.root["apple"]?.content == .whole(-7))
        #expect(document.root["half"]?.content == .decimal(0.5))
        #expect(document.root["yes"]?.content == .bool(true))
        #expect(document.root["day"]?.content == .moment("2026-11-23"))
        guard case .array(let list) = document.root["list"]?.content else {
            Issue.record("no list")
            return
        }
        #expect(list.map(\.content) == [.whole(1), .text("two")])
        let table = try #require(TOMLReader(document).table("table"))
        let inner = try #require(table.table("a b"))
        #expect(inner.path == "table.a b")
        #expect(inner.location(of: "inner") == "t.toml:8")
    }

    @Test("Unknown keys of every table are errors, in the order of their lines, with the known keys")
    func unknownKeys() throws {
        let found = try problems(
            """
            known = 1
            typo = 2
            [profiles.elder]
            pace = 0.8
            paceX = 0.9
            [stray]
            x = 1
            """
        ) { reader in
            #expect(reader.whole("known", in: 0...9) == 1)
            let elder = reader.table("profiles")?.table("elder")
            #expect(elder?.decimal("pace", in: 0...3) == 0.8)
            _ = elder?.bool("avoids_steps")
        }
        #expect(
            found == [
                "t.toml:2: unknown key “typo”; known keys: known, profiles",
                "t.toml:5: unknown key “paceX” in [profiles.elder]; known keys: avoids_steps, pace",
                "t.toml:6: unknown key “stray”; known keys: known, profiles",
            ])
    }

    @Test("All faults of a file come in one error: the first, and what comes next")
    func summary() throws {
        let reader = TOMLReader(try parse("a = 1\nb = 2\nc = 3\nd = 4\ne = 5\nf = 6\ng = 7\n"))
        let error = #expect(throws: DirectoryError.self) { try reader.finish() }
        #expect(error?.location == "t.toml:1")
        #expect(error?.code == .configurationInvalid)
        #expect(error?.cause?.contains("t.toml:5: unknown key “e”; and 2 more") == true)
        #expect(error?.description.contains("\n") == false)
    }

    @Test(
        "Wrong kinds and values are named once, with their line",
        arguments: [
            ("k = \"1\"", "t.toml:1: 'k' must be a whole number, and is a text"),
            ("k = 11", "t.toml:1: 'k' is 11, outside 0 to 10"),
            ("k = 1.0", "t.toml:1: 'k' must be a whole number, and is a decimal number"),
            ("k = 99999999999999999999", "this is not TOML"),
        ])
    func wholeNumbers(text: String, expected: String) throws {
        let error = #expect(throws: DirectoryError.self) {
            let reader = TOMLReader(try parse(text))
            #expect(reader.whole("k", in: 0...10) == nil)
            try reader.finish()
        }
        #expect(error?.description.contains(expected) == true, "\(error?.description ?? "")")
        #expect(error?.cause == nil)
    }

    @Test("Each typed reading refuses what it cannot be")
    func typedReadings() throws {
        let text = """
            text = ""
            long = "1234567890a"
            control = "a\\nb"
            number = inf
            flag = 1
            word = "blue"
            time = "10 minutes"
            time2 = 10
            late = "2d"
            size = "16KB"
            big = "2GiB"
            list = ["a", 1]
            twice = ["a", "a"]
            table = 1
            tables = [1]
            """
        enum Colour: String, CaseIterable { case red, green }
        let found = try problems(text) { reader in
            #expect(reader.text("text") == nil)
            #expect(reader.text("long", longest: 10) == nil)
            #expect(reader.text("control") == nil)
            #expect(reader.decimal("number", in: 0...1) == nil)
            #expect(reader.bool("flag") == nil)
            #expect(reader.choice("word", as: Colour.self) == nil)
            #expect(reader.duration("time", in: 0...60) == nil)
            #expect(reader.duration("time2", in: 0...60) == nil)
            #expect(reader.duration("late", in: 1...3600) == nil)
            #expect(reader.byteSize("size", in: 0...100) == nil)
            #expect(reader.byteSize("big", in: 0...1 << 20) == nil)
            #expect(reader.texts("list") == nil)
            #expect(reader.texts("twice") == nil)
            #expect(reader.table("table") == nil)
            #expect(reader.tables("tables").isEmpty)
        }
        #expect(found.count == 15)
        for (index, problem) in found.enumerated() {
            #expect(problem.hasPrefix("t.toml:\(index + 1): "), "\(problem)")
        }
        #expect(found.contains { $0.contains("'word' is “blue”, not one of \"red\", \"green\"") })
        #expect(found.contains { $0.contains("'late' is 2d, outside 1s to 1h") })
    }

    @Test("Durations and sizes read and write alike")
    func quantities() {
        for text in ["250ms", "90s", "10m", "2h", "1d", "36h"] {
            #expect(DurationText.parse(text).map(DurationText.text) == text)
        }
        #expect(DurationText.parse("1.5h") == 5400)
        for text in ["", "s", "10", "-1s", "1e3s", "１s", ".5s", "5.s", "1.2.3s", "1 s", "1S"] {
            #expect(DurationText.parse(text) == nil, "\(text)")
        }
        for text in ["512B", "16KiB", "1MiB", "2GiB", "1025B"] {
            #expect(ByteSizeText.parse(text).map(ByteSizeText.text) == text)
        }
        for text in ["1KB", "1", "GiB", "999999999999999GiB", "-1B"] {
            #expect(ByteSizeText.parse(text) == nil, "\(text)")
        }
    }

    @Test("A byte order mark and DOS line ends are read")
    func byteOrderMark() throws {
        let document = try TOMLDocument(
            parsing: [0xEF, 0xBB, 0xBF] + Array("a = 1\r\nb = 2\r\n".utf8), file: "t")
        #expect(document.root["b"]?.position.line == 2)
    }

    @Test(
        "What is no TOML is an error with its line",
        arguments: [
            ("a = 1\na = 2\n", 2), ("a = \n", 1), ("a = \"x\n", 1), ("[t]\n[t]\n", 2), ("a = 'b' c\n", 1),
            ("x = 1\ny = \"\u{0}\"\n", 2), ("\u{0}", 1), ("a = 2026-13-01\n", 1), ("é = 1\n", 1),
            ("、= 1\n", 1),
            ("a.é = 1\n", 1), ("a. = 1\n", 1), ("a = \"\"\"\n\\é\"\"\"\n", 2),
        ])
    func syntax(text: String, line: Int) {
        let error = #expect(throws: DirectoryError.self) { try parse(text) }
        #expect(error?.location == "t.toml:\(line)", "\(error?.description ?? "")")
    }

    @Test("Bytes that are no UTF-8, hostile depth and size are errors")
    func hostile() {
        let inputs: [[UInt8]] = [
            Array("a = \"".utf8) + [0xC3, 0x28] + Array("\"".utf8), [0xFF, 0xFE, 0x61, 0x00],
            Array(("a = " + String(repeating: "[", count: 100_000)).utf8),
            Array(("a = " + String(repeating: "{b=", count: 100_000)).utf8),
            Array((String(repeating: "a.", count: 200_000) + "a = 1").utf8),
            Array(("[" + String(repeating: "a.", count: 200_000) + "a]").utf8),
            Array((String(repeating: "\"a\".", count: 50_000) + "a = 1").utf8),
            Array(("x = '''\n'''''\n" + String(repeating: "a.", count: 50) + "a = 1").utf8),
            [UInt8](repeating: 0x23, count: TOMLDocument.maximumBytes + 1),
        ]
        for (index, input) in inputs.enumerated() {
            let error = #expect(throws: DirectoryError.self, "input \(index)") {
                try TOMLDocument(parsing: input, file: "t.toml")
            }
            #expect(error?.code == .configurationInvalid)
        }
    }

    @Test("Dots inside texts and comments are not depth")
    func dots() throws {
        let dots = String(repeating: ".", count: 100)
        let text =
            "# \(dots)\na = \"\(dots)\"\nb = '\(dots)'\nc = \"\"\"\n\(dots)\"\n\\\"\"\"\"\nd = '''\(dots)'''\ne = 1.5\n"
        #expect(try parse(text).root.entries.count == 5)
        #expect(throws: DirectoryError.self) {
            try parse(text + String(repeating: "a.", count: 16) + "a = 1")
        }
    }

    @Test("Mutations of a real file never trap", arguments: 1...4)
    func mutations(seed: UInt64) throws {
        let sound = Array(
            try String(
                contentsOfFile: Repository.folder + "/etc/quarter/types.d/breakfast.toml", encoding: .utf8
            ).utf8)
        var state = seed
        func random(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(limit))
        }
        let tokens = [
            "[", "]", "{", "}", "\"", "'", "\"\"\"", "=", ".", "\n", "#", "\\u", "inf", "[[", "\0", ",",
        ].map { Array($0.utf8) }
        var failures = 0
        for _ in 0..<500 {
            var bytes = sound
            for _ in 0...random(3) {
                let at = random(bytes.count)
                switch random(4) {
                case 0: bytes[at] = UInt8(random(256))
                case 1: bytes.insert(contentsOf: tokens[random(tokens.count)], at: at)
                case 2: bytes.removeSubrange(at..<min(bytes.count, at + 1 + random(40)))
                default: bytes.removeLast(random(bytes.count / 2))
                }
            }
            do {
                let reader = TOMLReader(try TOMLDocument(parsing: bytes, file: "t.toml"))
                _ = reader.text("id")
                #expect(!reader.problems().isEmpty)
            } catch {
                failures += 1
            }
        }
        #expect(failures > 100)
    }

    @Test("Files that cannot be read are named")
    func unreadable() {
        for path in ["/nowhere/quarter.toml", "/"] {
            let error = #expect(throws: DirectoryError.self) { try TOMLDocument(contentsOf: path) }
            #expect(error?.code == .unreadableFile)
            #expect(error?.location == path)
        }
    }
}

/// The repository that the tests stand in.
enum Repository {
    static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path
}
