import DirectoryModel
import Foundation
import Testing

@testable import TableFiles

@Suite("Text files")
struct TextTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    private func texts(_ text: String, _ options: TableOptions = TableOptions()) throws -> [[String]] {
        try folder.text(text.utf8, options).texts()
    }

    /// 翠竹园 早餐, in GB 18030.
    private let gb: [UInt8] = [0xB4, 0xE4, 0xD6, 0xF1, 0xD4, 0xB0, 0x2C, 0xD4, 0xE7, 0xB2, 0xCD]

    @Test("Encodings are found by what there is")
    func encodings() throws {
        let words = "翠竹园,早餐"
        let utf16 = words.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        let swapped = words.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        let cases: [(bytes: [UInt8], encoding: TableEncoding, hasMark: Bool)] = [
            (Array(words.utf8), .utf8, false), ([0xEF, 0xBB, 0xBF] + Array(words.utf8), .utf8, true),
            (gb, .gb18030, false), ([0x84, 0x31, 0x95, 0x33] + gb, .gb18030, true),
            ([0xFF, 0xFE] + utf16, .utf16LittleEndian, true),
            ([0xFE, 0xFF] + swapped, .utf16BigEndian, true),
        ]
        for (bytes, encoding, hasMark) in cases {
            let file = try folder.text(bytes)
            #expect(file.description.encoding == encoding && file.description.hasByteOrderMark == hasMark)
            #expect(try file.texts() == [["翠竹园", "早餐"]])
        }
        #expect(try folder.text(gb).sheets == [TableSheet(name: "台账", isHidden: false)])
        #expect(
            try folder.text(gb + [13, 10]).description.description
                == "CSV, GB18030, fields between commas, CRLF")
        // Four bytes a character: U+20BB7, by Python's codec.
        #expect(try folder.text([0x95, 0x34, 0xB2, 0x35, 0x2C] + gb).texts() == [["𠮷", "翠竹园", "早餐"]])
        // What is said goes before what is found.
        #expect(
            try folder.text(utf16, TableOptions(encoding: .utf16LittleEndian)).texts() == [["翠竹园", "早餐"]])
        #expect(try error { try folder.text([0xFF, 0xFE, 0, 0, 0x41, 0, 0, 0]) }.message.contains("UTF-32"))
    }

    @Test("Characters of four bytes in GB 18030, and characters across the blocks that are read")
    func longGB() throws {
        // U+00E6.
        let fourBytes: [UInt8] = [0x81, 0x30, 0x8A, 0x33]
        var bytes: [UInt8] = gb + [10]
        for index in 0..<60_000 { bytes += gb + fourBytes + Array("\(index)\n".utf8) }
        let file = try folder.text(bytes)
        #expect(file.description.encoding == .gb18030)
        var count = -1
        try file.forEachRow(of: 0) { row throws(DirectoryError) in
            if count >= 0 { #expect(row[1].text == "早餐æ\(count)" && row.line == count + 2) }
            count += 1
            return true
        }
        #expect(count == 60_000)
    }

    @Test("A file that is UTF-8 at first and then breaks is told, with its line, and not garbled")
    func brokenUTF8() throws {
        let line = Array("翠竹园第一号早餐店,早餐店\n".utf8)
        var bytes: [UInt8] = []
        while bytes.count < 2_000_000 { bytes += line }
        let lines = bytes.count / line.count
        let late = try error { try folder.text(bytes + gb + [10]).rows() }
        #expect(
            late.description.hasPrefix(
                "台账.csv:\(lines + 1): the line has bytes that are not UTF-8; name the encoding"))
        // In the part that is looked at: most of it is right.
        let early = try error { try folder.text(Array(line + line + line) + [0xFF, 10] + line).rows() }
        #expect(early.location == "台账.csv:4")
        let quoted = try error {
            try folder.text(line + line + Array("\"一\r\n二\r三\n".utf8) + [0xE4, 0xBA, 0x22]).rows()
        }
        #expect(quoted.location == "台账.csv:6")
        // ASCII for long, and then GB 18030: that is what the rest says.
        let ascii = [UInt8](repeating: 0x61, count: 1000) + [10]
        let file = try folder.text(Array(repeatElement(ascii, count: 2000).joined()) + gb)
        #expect(file.description.encoding == .gb18030)
        #expect(try file.rows().count == 2001)
        let neither = try error { try folder.text(gb + [10] + gb + [0xFF, 0xFF, 10]).rows() }
        #expect(neither.description.hasPrefix("台账.csv:2: the line has bytes that are not UTF-8 or GB18030"))
        let cut = try error { try folder.text(gb + [10, 0xB4]).rows() }
        #expect(cut.location == "台账.csv:2")
    }

    @Test("Delimiters are found by how alike the records are")
    func delimiters() throws {
        let cases: [(String, UInt8)] = [
            ("a,b\n1,2\n", 0x2C), ("a;b\n1,5;2\n3;4\n", 0x3B), ("a\tb\n1\t2,3\n", 0x09), ("a|b\n1|2\n", 0x7C),
            ("名称，电话,地址\n甲，乙,丙\n", 0x2C), ("a\n1\n", 0x2C), ("\"a;b\",c\n\"d;e;f\",g\n", 0x2C),
            ("街道台账,,\n名称,电话,地址\n甲,1,丙\n", 0x2C), ("", 0x2C), ("只有一列；没有别的\n", 0x2C),
        ]
        for (text, delimiter) in cases where !text.isEmpty {
            #expect(try folder.text(text.utf8).description.delimiter == delimiter, "\(text)")
        }
        #expect(try texts("a,b;c\n", TableOptions(delimiter: 0x3B)) == [["a,b", "c"]])
        #expect(try texts("sep=;\r\na;b,c\r\n") == [["a", "b,c"]])
        #expect(try folder.text("sep=;\r\na;b,c\r\n".utf8).rows().map(\.line) == [2])
        #expect(try texts("SEP=\t\na\tb\n") == [["a", "b"]])
        #expect(try folder.text("a\tb\n".utf8).description.format == .tsv)
    }

    @Test("Quotation marks, line ends, blank lines, trailing delimiters")
    func records() throws {
        #expect(try texts("\"a,\"\"b\"\"\",c\r\n\"d\r\ne\",f") == [["a,\"b\"", "c"], ["d\r\ne", "f"]])
        #expect(try texts("a\"b,c\"\n\"x\"y,z\n") == [["a\"b", "c\""], ["xy", "z"]])
        #expect(try texts("a,b\rc,d\r") == [["a", "b"], ["c", "d"]])
        #expect(try texts("a,,\n,,\nb\n") == [["a"], ["b"]])
        let rows = try folder.text("a\n\n\"b\nc\"\n\r\n,\nd".utf8).rows()
        #expect(rows.map(\.number) == [1, 3, 6])
        #expect(rows.map(\.line) == [1, 3, 7])
        let ends: [(String, LineEnd?)] = [
            ("a\nb\n", .lf), ("a\r\nb", .crlf), ("a\rb\r", .cr), ("a\nb\r\n", .mixed), ("a", nil),
        ]
        for (text, end) in ends { #expect(try folder.text(text.utf8).description.lineEnd == end) }
        #expect(try texts("=\"0123\",=\"\",\"=\"\"09\"\"\",=\"a\n") == [["0123", "", "09", "=\"a"]])
        #expect(try folder.text("9.13201E+17,x".utf8).rows()[0][0].hasLostDigits)
    }

    @Test("Long fields and quotation marks that are left open end with the line that they begin on")
    func limits() throws {
        let open = try error { try folder.text("a,b\nc,\"d\ne,f\n".utf8).rows() }
        #expect(
            open.description
                == "台账.csv:2: the quotation mark that opens a field on this line is never closed; close it, or double it where it is part of the text"
        )
        let long = try error {
            try folder.text(Array("a\n\"".utf8) + [UInt8](repeating: 10, count: 3 << 20)).rows()
        }
        #expect(
            long.description.hasPrefix(
                "台账.csv:2: a field that begins on this line is longer than 1048576 bytes"))
        let plain = try error { try folder.text([10] + [UInt8](repeating: 0x61, count: 3 << 20)).rows() }
        #expect(plain.location == "台账.csv:2")
        let whole = [UInt8](repeating: 0x61, count: 1 << 20)
        #expect(try folder.text(whole + [0x2C, 0x62]).texts()[0].map(\.utf8.count) == [1 << 20, 1])
        let wide = try error { try folder.text([10] + [UInt8](repeating: 0x2C, count: 20_000)).rows() }
        #expect(wide.description.hasPrefix("台账.csv:2: the line has more than 16384 fields"))
        let fields = Array(
            repeatElement([UInt8](repeating: 0x61, count: 1 << 20) + [0x2C], count: 33).joined())
        let heavy = try error { try folder.text([10] + fields).rows() }
        #expect(
            heavy.description.hasPrefix(
                "台账.csv:2: the record that ends on this line is longer than 33554432 bytes"))
        for bytes in [
            Array("a\nb".utf8) + [0], Array("a\n\"b".utf8) + [0, 0x22], Array("a\n\"b\"".utf8) + [0],
        ] {
            let nul = try error { try folder.text(bytes).rows() }
            #expect(
                nul.description.hasPrefix(
                    "台账.csv:2: the line has a NUL byte, which no text has; if the file is UTF-16"))
        }
    }

    @Test("The file that was opened is read, even if another takes its name")
    func replacement() throws {
        let path = try folder.file("a.csv", "一,二\n".utf8)
        let file = try TableFile.open(path: path, fileName: "a.csv")
        let other = try folder.file("b.csv", "x\n".utf8)
        _ = try FileManager.default.removeItem(atPath: path)
        try FileManager.default.moveItem(atPath: other, toPath: path)
        #expect(try file.texts() == [["一", "二"]])
    }
}
