import DemoTown
import Foundation
import TestSockets
import Testing

/// Tables that a real spreadsheet program has opened, changed and saved, or made itself.
@Suite(.serialized, .onThreads, .enabled(if: Calc.isThere, "needs soffice and python3-uno"))
struct SpreadsheetTests {
    private let scratch: Scratch
    private let state: String

    init() throws {
        scratch = try Scratch()
        state = scratch.path + "/s"
        try FileManager.default.createDirectory(atPath: state, withIntermediateDirectories: true)
    }

    private func quarterctl(_ words: [String]) throws -> String {
        let ending = try Tool.run("quarterctl", ["--state", state] + words)
        #expect(ending.status == 0, "\(words): \(ending.complaint)")
        return ending.output
    }

    /// What an import reports.
    private struct Report {
        var counts: [String: Int]
        /// Each finding as "G5 digits_lost warning".
        var findings: [String]
    }

    private func take(_ file: String, _ words: String...) throws -> Report {
        let said = try quarterctl(
            ["import", file, "--source", "office", "--datum", "wgs84", "--no-answer", "--json"] + words)
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(said.utf8)) as? [String: Any])
        let findings = try #require(object["findings"] as? [[String: Any]])
        return Report(
            counts: try #require((object["counts"] as? [String: [String: Int]])?["place"]),
            findings: findings.map {
                "\($0["column"] ?? "")\($0["row"] ?? "") \($0["code"] ?? "") \($0["severity"] ?? "")"
            }.sorted())
    }

    /// All places, by id, field by field as the table of all types has them.
    private func places() throws -> [String: [String: String]] {
        let path = scratch.path + "/now.csv"
        _ = try quarterctl(["export", "places", "--output", path])
        let rows = Lines.read(try String(contentsOfFile: path, encoding: .utf8))
        let head = try #require(rows.first)
        var places: [String: [String: String]] = [:]
        for row in rows.dropFirst() {
            places[row[0]] = Dictionary(zip(head, row).filter { !$1.isEmpty }) { first, _ in first }
        }
        return places
    }

    @Test func whatAClerkChangesInAnExportIsChangedAndNothingElse() throws {
        let files = try DemoTown.write(to: scratch.path + "/demo", seed: 3)
        for (format, name) in [
            ("communities", "communities.geojson"), ("osm", ".osm.pbf"), ("records", "records.json"),
        ] {
            _ = try quarterctl(["import", format, try #require(files.first { $0.hasSuffix(name) })])
        }
        let book = scratch.path + "/places.xlsx"
        let said = try quarterctl(["export", "places", "--output", book])
        #expect(!said.contains("仅供查看"), "\(said)")
        let before = try places()
        // The columns of the sheet as the clerk sees them.
        let sheet = "早餐店"
        let seen = try Calc.work(
            [["open", book], ["sheet", sheet]] + (0..<26).map { ["read", Calc.cell($0, 1)] })
        func column(_ header: String) throws -> Int {
            try #require(seen.firstIndex { $0[1].hasPrefix(header) }, "no column \(header)")
        }
        func at(_ header: String, _ row: Int) throws -> String { Calc.cell(try column(header), row) }
        let ids = try Calc.work(
            [["open", book], ["sheet", sheet]] + (2...9).map { ["read", Calc.cell(0, $0)] }
        ).map { $0[1] }
        let lastRow = before.values.filter { $0["业态"] == sheet }.count + 1
        let edited = scratch.path + "/edited.xlsx"
        let text = scratch.path + "/edited.csv"
        _ = try Calc.work([
            ["open", book], ["sheet", sheet], ["text", try at("名称", 2), "𠮷祥早点（竹园店）"],
            ["text", try at("营业时间", 3), "05:30-10:15"], ["text", try at("电话", 4), "025-84412345"],
            ["number", try at("人均", 5), 7.5], ["number", try at("经度", 6), 118.7054321],
            ["text", try at("地址", 7), "007号"],
            ["text", try at("名称", lastRow + 1), "新来的早点铺"], ["text", try at("业态", lastRow + 1), sheet],
            ["number", try at("经度", lastRow + 1), 118.7012345],
            ["number", try at("纬度", lastRow + 1), 32.0012345],
            ["text", try at("地址", lastRow + 1), "竹园路8号"], ["delete-row", 9],
            ["save", edited, "Calc MS Excel 2007 XML"],
            ["save", text, "Text - txt - csv (StarCalc)", "44,34,76,1,,0,false,false,false,false,false,5"],
            ["close"],
        ])
        let report = try take(edited)
        #expect(report.counts["changed"] == 6 && report.counts["created"] == 1, "\(report)")
        #expect(report.counts["rejected"] == 0 && report.counts["held"] == 0, "\(report)")
        #expect(report.counts["unchanged"] == before.count - 7, "\(report)")
        let after = try places()
        // What the table no longer has stays: it was not said to be complete.
        #expect(after.count == before.count + 1)
        var changed: [String: Set<String>] = [:]
        for (id, fields) in before {
            let now = after[id] ?? [:]
            let names = Set(fields.keys).union(now.keys).filter { fields[$0] != now[$0] }
            if !names.isEmpty { changed[id] = names }
        }
        #expect(
            changed == [
                ids[0]: ["名称"], ids[1]: ["营业时间"], ids[2]: ["电话"], ids[3]: ["人均（元）"],
                ids[4]: ["经度(WGS84)"], ids[5]: ["地址"],
            ], "\(changed)")
        #expect(after[ids[5]]?["地址"] == "007号" && after[ids[0]]?["名称"] == "𠮷祥早点（竹园店）")
        // The same again, as a workbook and as text, is nothing new but the row without an id, which has its key.
        #expect(try take(edited).counts["unchanged"] == before.count)
        if FileManager.default.fileExists(atPath: text) {
            #expect(try take(text).counts["changed"] == 0)
        }
    }

    /// A register with a title, merged cells, a calculated and a failed cell, a date, times, and codes as numbers.
    private func register(_ name: String) -> [[Any]] {
        [
            ["new", "台账"], ["text", "A1", "翠溪街道书店台账"], ["merge", "A1:I1"],
            ["text", "A3", "编号"], ["text", "B3", "店铺名称"], ["text", "C3", "详细地址"], ["text", "D3", "经度"],
            ["text", "E3", "纬度"], ["text", "F3", "营业时间"], ["text", "G3", "统一社会信用代码"],
            ["text", "H3", "座位"], ["text", "I3", "填报日期"],
            ["text", "A4", "0012"], ["text", "B4", "新华书店"], ["text", "C4", "竹园路1号"],
            ["number", "D4", 118.71001], ["number", "E4", 32.01002], ["text", "F4", "9:00-21:00"],
            ["text", "G4", "121200004013590816"], ["type", "H4", "=20+20"], ["number", "I4", 46027],
            ["format", "I4", "YYYY-MM-DD"],
            ["text", "A5", "0013"], ["text", "B5", "福满书屋"], ["text", "C5", "竹园路2号"],
            ["number", "D5", 118.71101], ["number", "E5", 32.01102], ["number", "F5", 0.375],
            ["format", "F5", "HH:MM"], ["type", "G5", "121200004013590816"], ["merge", "H4:H5"],
            ["text", "A6", "0014"], ["text", "B6", "康宁书屋"], ["text", "C6", "竹园路3号"],
            ["number", "D6", 118.71201], ["number", "E6", 32.01202], ["text", "F6", "全天"],
            ["type", "H6", "=1/0"],
            ["type", "A7", "913201053393333333"], ["text", "B7", "𠮷祥书店"], ["text", "C7", "竹园路4号"],
            ["number", "D7", 118.71301], ["number", "E7", 32.01302],
            ["text", "A8", "合计"], ["type", "H8", "=SUM(H4:H5)"],
            ["sheet", "说明"], ["text", "A1", "无关"], ["sheet", "旧"], ["text", "A1", "名称"],
            ["text", "B1", "地址"], ["text", "A2", "旧书店"], ["hide"],
        ]
    }

    @Test func whatCalcTurnsIntoNumbersIsFoundInItsCell() throws {
        let path = scratch.path + "/书店"
        _ = try Calc.work(
            register("书店") + [
                ["save", path + ".xlsx", "Calc MS Excel 2007 XML"],
                ["save", path + ".csv", "Text - txt - csv (StarCalc)", "44,34,76,1,,0,false,true"],
                ["save", path + ".ods", "calc8"], ["save", path + ".xls", "MS Excel 97"], ["close"],
            ])
        let expected = ["A7 digits_lost error", "F5 hours_unreadable warning", "G5 digits_lost warning"]
        let book = try take(path + ".xlsx")
        #expect(book.findings.filter { !$0.hasPrefix("H") } == expected, "\(book)")
        #expect(book.findings.filter { $0.hasPrefix("H6") } == ["H6 cell_failed warning"], "\(book)")
        #expect(book.counts["given"] == 4 && book.counts["created"] == 3 && book.counts["rejected"] == 1)
        let rows = try places()
        #expect(rows["office-0012"]?["名称"] == "新华书店", "a key keeps its zeros: \(rows.keys)")
        // The same as text: what was shown is what is written.
        let text = try take(path + ".csv", "--dry-run")
        #expect(text.findings.filter { !$0.hasPrefix("H") } == expected, "\(text)")
        for (ending, words) in [("ods", "OpenDocument"), ("xls", ".xls")] {
            let refused = try Tool.run(
                "quarterctl",
                ["--state", state, "import", "\(path).\(ending)", "--source", "office", "--datum", "wgs84"])
            let lines = refused.complaint.split(separator: "\n").filter { $0.hasPrefix("quarterctl:") }
            #expect(refused.status != 0 && lines.count == 1, "\(refused.complaint)")
            #expect(
                lines.first?.contains(words) == true && lines.first?.contains(".xlsx") == true, "\(lines)")
        }
    }
}

/// LibreOffice Calc, told by its UNO interface what to do.
private enum Calc {
    private static let python = "/usr/bin/python3"

    static let isThere: Bool = {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", "command -v soffice && \(python) -c 'import uno'"]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }()

    /// Does steps of calc.py; returns what `read` tells: of each cell its kind, and its text.
    static func work(_ steps: [[Any]]) throws -> [[String]] {
        let process = Process()
        let (questions, answers) = (Pipe(), Pipe())
        process.executableURL = URL(fileURLWithPath: python)
        process.arguments = [treeRoot + "/Tests/IntegrationTests/calc.py"]
        process.standardInput = questions
        process.standardOutput = answers
        try process.run()
        try questions.fileHandleForWriting.write(contentsOf: JSONSerialization.data(withJSONObject: steps))
        try questions.fileHandleForWriting.close()
        let said = answers.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "calc.py failed")
        return try said.split(separator: UInt8(ascii: "\n")).map {
            try #require(try JSONSerialization.jsonObject(with: $0) as? [String])
        }
    }

    /// The name of a cell, such as C2.
    static func cell(_ column: Int, _ row: Int) -> String {
        let letter = Unicode.Scalar(UInt8(65 + column % 26))
        return (column < 26 ? "" : "A") + String(letter) + "\(row)"
    }
}

/// Lines of a text file of fields between commas.
private enum Lines {
    static func read(_ text: String) -> [[String]] {
        var rows: [[String]] = [[]]
        var field = ""
        var isQuoted = false
        for scalar in text.unicodeScalars where scalar != "\u{FEFF}" {
            switch scalar {
            case "\"": isQuoted.toggle()
            case "," where !isQuoted:
                rows[rows.count - 1].append(field)
                field = ""
            case "\r" where !isQuoted: break
            case "\n" where !isQuoted:
                rows[rows.count - 1].append(field)
                field = ""
                rows.append([])
            default: field.unicodeScalars.append(scalar)
            }
        }
        rows.removeLast()
        return rows
    }
}
