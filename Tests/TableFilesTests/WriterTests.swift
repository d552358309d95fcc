import DirectoryModel
import Foundation
import Testing

@testable import TableFiles

@Suite("Writing")
struct WriterTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    private func written(_ rows: [[TableCell]], _ format: TableFormat, columns: Int) throws -> TableFile {
        let path = folder.path + "/" + UUID().uuidString
        let writer = try TableWriter(path: path, format: format)
        try writer.addSheet(name: "表", columns: (0..<columns).map { TableColumn(title: "列\($0)") })
        for row in rows { try writer.append(row) }
        try writer.close()
        return try TableFile.open(path: path, fileName: "表")
    }

    @Test("Random texts come back as they were, in each format", arguments: TableFormat.allCases)
    func roundTrip(format: TableFormat) throws {
        var generator = SplitMix(seed: 11)
        let letters =
            Array("ab 01_x,;|\t\"'=+-@＝＋－＠\n翠竹𠮷é").map(String.init) + [
                "''", "'=", "_x0041_", "sep=;", "=\"1\"", "\r\n", "  ",
            ]
        let rows = (0..<1500).map { _ in
            (0..<Int.random(in: 1...5, using: &generator)).map { _ in
                (0..<Int.random(in: 0...6, using: &generator)).map { _ in
                    letters.randomElement(using: &generator) ?? ""
                }
                .joined()
            }
        }
        let file = try written(rows.map { $0.map { .text($0) } }, format, columns: 5)
        #expect(file.description.format == format)
        let expected = rows.map { row in
            var row = row
            while row.last == "" { row.removeLast() }
            // In a workbook's cell there is one kind of line end.
            return format == .xlsx ? row.map { $0.replacingOccurrences(of: "\r\n", with: "\n") } : row
        }.filter { !$0.isEmpty }
        let read = try Array(file.texts().dropFirst())
        #expect(read.count == expected.count)
        for (one, other) in zip(read, expected) { #expect(one == other) }
    }

    @Test("A text that a spreadsheet would run gets one apostrophe, and no other does")
    func formulas() throws {
        let path = folder.path + "/a.csv"
        let writer = try TableWriter(path: path, format: .csv)
        try writer.addSheet(name: "表", columns: [TableColumn(title: "x"), TableColumn(title: "y")])
        for text in ["=1+1", "+86", "-5", "@a", "\tx", "'=x", "'x", "a=b", "＝1"] {
            try writer.append([.text(text), .text("z")])
        }
        try writer.append([.number(-5, written: "-5"), .text("a\"b, c")])
        try writer.close()
        let text = String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
        #expect(
            text
                == "\u{FEFF}x,y\r\n'=1+1,z\r\n'+86,z\r\n'-5,z\r\n'@a,z\r\n\"'\tx\",z\r\n''=x,z\r\n'x,z\r\na=b,z\r\n'＝1,z\r\n-5,\"a\"\"b, c\"\r\n"
        )
        #expect(
            try TableFile.open(path: path, fileName: "a.csv").texts().dropFirst().map { $0[0] }
                == ["=1+1", "+86", "-5", "@a", "\tx", "'=x", "'x", "a=b", "＝1", "-5"])
    }

    @Test("Numbers, moments and the rest come back from a workbook as what they are")
    func kinds() throws {
        let row: [TableCell] = [
            .number(31.23, written: "31.23"), .number(-7, written: "-7"), .bool(true), .bool(false),
            .moment(TableMoment(year: 2024, month: 2, day: 29)),
            .moment(TableMoment(year: 2024, month: 2, day: 29, hour: 8, minute: 30, second: 1)),
            .moment(TableMoment(hour: 23, minute: 59, second: 59)),
            .moment(TableMoment(hour: 36, minute: 15, second: 0)),
            .text("文"), .empty, .text("尾"),
        ]
        let read = try written([row], .xlsx, columns: row.count).rows()
        #expect(read.count == 2 && read[1].cells == row)
        let odd: [TableCell] = [
            .number(9.1e17, written: "9.1E+17"), .failure("#N/A"),
            .moment(TableMoment(year: 1800, month: 1, day: 1)),
            .moment(TableMoment(year: 2023, month: 2, day: 29)), .number(.infinity, written: "1E999"),
        ]
        #expect(
            try written([odd], .xlsx, columns: odd.count).rows()[1].cells == [
                .text("910000000000000000"), .text("#N/A"), .text("1800-01-01"), .text("2023-02-29"),
                .text("1E999"),
            ])
    }

    @Test(
        "What XML cannot hold is replaced, line ends are one kind, and too long texts say that they are cut")
    func unfitTexts() throws {
        let long = String(repeating: "长", count: 40_000)
        let rows: [[TableCell]] = [
            [.text("a\u{0}b\u{1}c\u{FFFE}d\u{1B}"), .text("1\r\n2\r3\n4"), .text(long)]
        ]
        let read = try written(rows, .xlsx, columns: 3).rows()[1]
        #expect(read[0].text == "a\u{FFFD}b\u{FFFD}c\u{FFFD}d\u{FFFD}")
        #expect(read[1].text == "1\n2\n3\n4")
        #expect(read[2].text == String(long.prefix(32_766)) + "…")
        #expect(
            try written([[.text("a\u{0}b"), .text("x,\u{0}")]], .csv, columns: 2).texts()[1] == [
                "a b", "x, ",
            ])
    }

    @Test("A full sheet goes on in another")
    func overflow() throws {
        let path = folder.path + "/full.xlsx"
        let writer = try TableWriter(path: path, format: .xlsx)
        try writer.addSheet(name: "满", columns: [TableColumn(title: "号")])
        for number in 1...1_048_577 { try writer.append([.number(Double(number), written: "\(number)")]) }
        try writer.close()
        let file = try TableFile.open(path: path, fileName: "full.xlsx")
        #expect(file.sheets.map(\.name) == ["满", "满 (2)"])
        var last: TableRow?
        try file.forEachRow(of: 0) { row throws(DirectoryError) in
            last = row
            return true
        }
        #expect(last?.number == 1_048_576 && last?[0].text == "1048575")
        #expect(try file.texts(1) == [["号"], ["1048576"], ["1048577"]])
    }

    @Test("Sheets get names that a tab can hold")
    func names() throws {
        let path = folder.path + "/names.xlsx"
        let writer = try TableWriter(path: path, format: .xlsx)
        let long = String(repeating: "很长的名字", count: 10)
        for name in ["a/b:[c]*?\\", "'x'", "", long, long, "A", "a"] {
            try writer.addSheet(name: name, columns: [TableColumn(title: "t")])
        }
        try writer.close()
        let names = try TableFile.open(path: path, fileName: "n").sheets.map(\.name)
        #expect(
            names == [
                "a_b__c____", "x", "Sheet", String(long.prefix(31)), String(long.prefix(27)) + " (2)", "A",
                "a (2)",
            ])
    }

    @Test("The file is in its place whole or not at all")
    func wholeOrNot() throws {
        for format in TableFormat.allCases {
            let path = try folder.file("kept", "old".utf8)
            var writer: TableWriter? = try TableWriter(path: path, format: format)
            try writer?.addSheet(name: "表", columns: [TableColumn(title: "x")])
            try writer?.append([.text("y")])
            #expect(try String(contentsOfFile: path, encoding: .utf8) == "old")
            writer = nil
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["kept"])
            let nowhere = try error { try TableWriter(path: folder.path + "/none/a", format: format) }
            #expect(
                nowhere.code == .storeUnwritable
                    && nowhere.description.contains("the table file cannot be written"))
            // A folder is in its place.
            try FileManager.default.createDirectory(
                atPath: folder.path + "/taken/in", withIntermediateDirectories: true)
            let blocked = try TableWriter(path: folder.path + "/taken", format: format)
            try blocked.addSheet(name: "表", columns: [TableColumn(title: "x")])
            #expect(try error { try blocked.close() }.code == .storeUnwritable)
            #expect(
                try Set(FileManager.default.contentsOfDirectory(atPath: folder.path)) == ["kept", "taken"])
            try FileManager.default.removeItem(atPath: folder.path + "/taken")
        }
    }

    @Test("A text file has one sheet")
    func secondSheet() throws {
        let writer = try TableWriter(path: folder.path + "/a.csv", format: .csv)
        try writer.addSheet(name: "一", columns: [TableColumn(title: "x")])
        let second = try error { try writer.addSheet(name: "二", columns: [TableColumn(title: "x")]) }
        #expect(second.code == .invalidRequest && second.advice == "write an .xlsx file")
    }
}
