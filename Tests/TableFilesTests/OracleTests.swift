import DirectoryModel
import Foundation
import Testing

@testable import TableFiles

@Suite("Python's csv", .enabled(if: Python.isThere, "no Python"))
struct PythonCSVTests {
    private struct Expected: Decodable {
        var encoding: String
        var closed: Bool
        var rows: [[String]]
    }

    @Test("1,000 random tables, in four encodings, are read alike")
    func agreement() throws {
        let folder = try Folder()
        let count = 1000
        try Python.oracle(["csv", String(count), folder.path])
        let expected = try JSONDecoder().decode(
            [Expected].self, from: Data(contentsOf: URL(fileURLWithPath: folder.path + "/expected.json")))
        try #require(expected.count == count)
        var openCount = 0
        for (seed, table) in expected.enumerated() {
            let path = "\(folder.path)/\(seed).csv"
            // Texts this short need not show what encoding they have.
            let encoding: TableEncoding =
                switch table.encoding {
                case "gb18030": .gb18030
                case "utf-16": .utf16LittleEndian
                default: .utf8
                }
            guard try Data(contentsOf: URL(fileURLWithPath: path)).count > 0 else { continue }
            let options = TableOptions(encoding: encoding, delimiter: 0x2C)
            let file = try TableFile.open(path: path, fileName: "\(seed)", options: options)
            guard table.closed else {
                openCount += 1
                #expect(throws: DirectoryError.self, "seed \(seed)") { try file.rows() }
                continue
            }
            let rows = table.rows.map { row in
                var row = row
                while row.last == "" { row.removeLast() }
                return row
            }
            #expect(try file.texts() == rows.filter { !$0.isEmpty }, "seed \(seed)")
        }
        #expect(openCount > 50 && openCount < 500)
    }
}

@Suite("openpyxl", .enabled(if: Python.hasOpenpyxl, "no Python with openpyxl (Debian: python3-openpyxl)"))
struct OpenpyxlTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    @Test("What openpyxl writes is read")
    func reading() throws {
        let path = folder.path + "/a.xlsx"
        try Python.oracle(["write", path], needsOpenpyxl: true)
        let file = try TableFile.open(
            path: path, fileName: "a.xlsx", options: TableOptions(mergedCells: .filled))
        #expect(
            file.sheets == [TableSheet(name: "台账", isHidden: false), TableSheet(name: "隐藏的", isHidden: true)])
        #expect(
            try file.texts() == [
                ["名称", "日期", "时间", "时刻", "数", "码", "真", "空"],
                [
                    "翠竹园早餐店", "2024-05-01", "08:30", "2023-12-31 23:59:58", "31.23", "913201140000000123",
                    "TRUE",
                ],
                ["  前后有空格  ", "1900-01-01", "23:59:59", "", "-7", "913201140000000000"],
                ["合并", "1", "", "36:15"], ["合并", "2"], ["合并", "3"],
            ])
        let rows = try file.rows()
        #expect(rows.map(\.number) == [1, 2, 3, 5, 6, 7])
        #expect(!rows[1][5].hasLostDigits && rows[2][5].hasLostDigits)
        #expect(try file.texts(1) == [["", "", "一 & <二>\n三"]])
    }

    private struct Sheet: Decodable {
        var name: String
        var frozen: String?
        var filter: String?
        var bold: Bool
        var rows: [[JSON]]
        var formats: [[String]]
        var colours: [[String?]]
        var notes: [String: String]
        var widths: [String: Double]
    }

    private enum JSON: Decodable, Equatable {
        case null, bool(Bool), number(Double), text(String)

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if container.decodeNil() {
                self = .null
            } else if let value = try? container.decode(Bool.self) {
                self = .bool(value)
            } else if let value = try? container.decode(Double.self) {
                self = .number(value)
            } else {
                self = .text(try container.decode(String.self))
            }
        }
    }

    @Test("What is written, openpyxl reads: values, formats, colours, notes, head and filter")
    func writing() throws {
        let path = folder.path + "/b.xlsx"
        let writer = try TableWriter(path: path, format: .xlsx)
        try writer.addSheet(
            name: "核对结果",
            columns: [
                TableColumn(title: "名称", width: 30), TableColumn(title: "信用代码", width: 22, isText: true),
                TableColumn(title: "数"), TableColumn(title: "日期"),
            ])
        try writer.append(
            [
                .text("翠竹园 <&>"), .number(9.13e17, written: "913201140000000123"),
                .number(31.23, written: "31.23"),
                .moment(TableMoment(year: 2024, month: 5, day: 1)),
            ], tint: .warning, tinted: [2: .error], notes: [1: "校验位不对"])
        try writer.append(
            [.empty, .text("0510"), .bool(true), .moment(TableMoment(hour: 8, minute: 30))], tint: .good)
        try writer.append(
            [
                .text("=1+1"), .number(12, written: "12"), .failure("#N/A"),
                .moment(TableMoment(year: 2024, month: 2, day: 29, hour: 23, minute: 59, second: 58)),
                .text("beyond"),
            ])
        try writer.addSheet(name: "核对结果", columns: [TableColumn(title: "x")])
        try writer.close()
        let sheets = try JSONDecoder().decode(
            [Sheet].self, from: Python.oracle(["read", path], needsOpenpyxl: true))
        try #require(sheets.map(\.name) == ["核对结果", "核对结果 (2)"])
        let sheet = sheets[0]
        #expect(sheet.frozen == "A2" && sheet.filter == "A1:D4" && sheet.bold)
        #expect(
            sheet.rows == [
                [.text("名称"), .text("信用代码"), .text("数"), .text("日期")],
                [
                    .text("翠竹园 <&>"), .text("913201140000000123"), .number(31.23),
                    .text("2024-05-01T00:00:00"),
                ],
                [.null, .text("0510"), .bool(true), .text("08:30:00")],
                [.text("=1+1"), .text("12"), .text("#N/A"), .text("2024-02-29T23:59:58")],
            ])
        #expect(sheet.formats[1] == ["@", "@", "General", "yyyy-mm-dd"])
        #expect(sheet.formats[3][1] == "@")
        #expect(sheet.colours[1] == ["FFFFF2CC", "FFFFF2CC", "FFF8CBAD", "FFFFF2CC"])
        #expect(sheet.colours[2] == Array(repeating: "FFE2F0D9", count: 4))
        #expect(sheet.colours[3] == [nil, nil, nil, nil])
        #expect(sheet.notes.count == 1 && sheet.notes["B2"]?.contains("校验位不对") == true)
        #expect((sheet.widths["A"] ?? 0).rounded() == 31)
    }
}
