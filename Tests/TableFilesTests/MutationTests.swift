import DirectoryModel
import Foundation
import Testing

@testable import TableFiles

@Suite("Damaged files")
struct MutationTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    private func workbook() throws -> [UInt8] {
        let path = folder.path + "/whole.xlsx"
        let writer = try TableWriter(path: path, format: .xlsx)
        for sheet in 0..<2 {
            try writer.addSheet(name: "表\(sheet)", columns: (0..<4).map { TableColumn(title: "列\($0)") })
            for row in 0..<20 {
                try writer.append([
                    .text("翠竹园\(row)"), .number(Double(row) * 1.5, written: ""), .bool(true),
                    .moment(TableMoment(year: 2024, month: 5, day: row + 1, hour: 8, minute: row, second: 0)),
                ])
            }
        }
        try writer.close()
        return [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    }

    /// Reads everything there is; an error is an answer, one of one line.
    private func read(_ bytes: some Sequence<UInt8>, _ options: TableOptions = TableOptions()) throws -> Bool
    {
        do {
            let file = try TableFile.open(
                path: folder.file("damaged", bytes), fileName: "坏", options: options)
            for sheet in file.sheets.indices {
                try file.forEachRow(of: sheet) { row throws(DirectoryError) in
                    for cell in row.cells { _ = (cell.text, cell.hasLostDigits) }
                    return true
                }
            }
            return true
        } catch let error as DirectoryError {
            #expect(error.code == .invalidFile, "\(error)")
            #expect(!error.description.contains { $0.isNewline }, "\(error)")
            return false
        }
    }

    @Test("A workbook with changed bytes is read or refused: 2,000 seeds")
    func changedBytes() throws {
        let whole = try workbook()
        var refused = 0
        for seed in 0..<2000 {
            var generator = SplitMix(seed: UInt64(seed))
            var bytes = whole
            for _ in 0..<Int.random(in: 1...8, using: &generator) {
                bytes[Int.random(in: bytes.indices, using: &generator)] = UInt8.random(
                    in: 0...255, using: &generator)
            }
            if try !read(bytes, TableOptions(mergedCells: .filled)) { refused += 1 }
        }
        #expect(refused > 1000)
    }

    @Test("A workbook without its end is refused, wherever it ends")
    func cutOff() throws {
        let whole = try workbook()
        for count in stride(from: 0, to: whole.count - 1, by: 64) {
            #expect(try !read(whole.prefix(count)), "\(count) bytes")
        }
    }

    @Test(
        "Parts with changed bytes are read or refused: 2,000 seeds",
        .enabled(if: Python.isThere, "no Python to make workbooks with"))
    func changedParts() throws {
        let rows = """
            <row r="1" spans="1:3"><c r="A1" t="s" s="1"><v>0</v></c><c r="B1" s="2"><v>45413.5</v></c><c r="C1" t="b"><v>1</v></c>\
            </row><row r="3"><c r="A3" t="inlineStr"><is><r><t xml:space="preserve"> 甲_x000D_</t></r></is></c><c t="e"><v>#N/A</v></c>\
            <c t="str"><f>A1</f><v>乙</v></c></row>
            """
        let book = HandmadeWorkbook(
            rows: rows, after: "<mergeCells><mergeCell ref=\"A1:B3\"/></mergeCells>",
            shared: "<si><t>共享</t><rPh><t>x</t></rPh></si>",
            styles:
                "<numFmts><numFmt numFmtId=\"200\" formatCode=\"[h]:mm;@\"/></numFmts><cellXfs><xf/><xf numFmtId=\"14\"/><xf numFmtId=\"200\"/></cellXfs>"
        )
        // Stored, not deflated: a part can be changed where it lies, if its checksum is changed with it.
        let parts = book.parts.sorted { $0.key < $1.key }.map {
            (name: Array($0.key.utf8), bytes: Array($0.value.utf8))
        }
        #expect(try read(StoredZip.container(parts), TableOptions(mergedCells: .filled)))
        let pieces = [
            "<", ">", "\"", "&", "/", "<row>", "<c>", "</c>", "<v>", "<!--", "]]>", "<![CDATA[", "r=\"ZZ9\"",
            "99999999999", "-1", "\u{0}", "&#0;", "<is>",
        ]
        var refused = 0
        for seed in 0..<2000 {
            var generator = SplitMix(seed: UInt64(seed))
            var changed = parts
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                let part = Int.random(in: parts.indices, using: &generator)
                guard !changed[part].bytes.isEmpty else { continue }
                let at = Int.random(in: changed[part].bytes.indices, using: &generator)
                switch Int.random(in: 0...2, using: &generator) {
                case 0: changed[part].bytes[at] = UInt8.random(in: 0...255, using: &generator)
                case 1: changed[part].bytes.remove(at: at)
                default:
                    changed[part].bytes.insert(
                        contentsOf: Array((pieces.randomElement(using: &generator) ?? "").utf8), at: at)
                }
            }
            if try !read(StoredZip.container(changed), TableOptions(mergedCells: .filled)) { refused += 1 }
        }
        #expect(refused > 500 && refused < 2000)
    }

    @Test("A text file of any bytes is read or refused: 2,000 seeds")
    func anyBytes() throws {
        let pieces: [[UInt8]] =
            ["翠竹园", ",", "\"", "\r\n", "\n", ";", "\t", "=\"0\"", "'=", "sep=,", "1E+17"].map {
                Array($0.utf8)
            } + [[0], [0xFF], [0xFE, 0xFF], [0xB4, 0xE4], [0x81, 0x30]]
        for seed in 0..<2000 {
            var generator = SplitMix(seed: UInt64(seed))
            let bytes = (0..<Int.random(in: 0...40, using: &generator)).flatMap { _ in
                pieces.randomElement(using: &generator) ?? []
            }
            _ = try read(bytes)
            _ = try read(
                bytes, TableOptions(encoding: TableEncoding.allCases.randomElement(using: &generator)))
        }
    }
}

/// A ZIP container whose parts are stored as they are, with right checksums.
enum StoredZip {
    static func container(_ parts: [(name: [UInt8], bytes: [UInt8])]) -> [UInt8] {
        var file: [UInt8] = []
        var list: [UInt8] = []
        for (name, bytes) in parts {
            let common =
                little(20, 2) + little(0, 2) + little(0, 2) + little(0, 4) + little(checksum(bytes), 4)
                + little(bytes.count, 4) + little(bytes.count, 4) + little(name.count, 2) + little(0, 2)
            list +=
                [0x50, 0x4B, 1, 2] + little(20, 2) + common + little(0, 2) + little(0, 2) + little(0, 2)
                + little(0, 4)
            list += little(file.count, 4) + name
            file += [0x50, 0x4B, 3, 4] + common + name + bytes
        }
        let start = file.count
        file += list + [0x50, 0x4B, 5, 6] + little(0, 4) + little(parts.count, 2) + little(parts.count, 2)
        return file + little(list.count, 4) + little(start, 4) + little(0, 2)
    }

    private static func little(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    private static let table: [UInt32] = (0..<256).map { (index: UInt32) in
        (0..<8).reduce(index) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1 }
    }

    private static func checksum(_ bytes: [UInt8]) -> Int {
        Int(~bytes.reduce(~UInt32(0)) { table[Int(($0 ^ UInt32($1)) & 0xFF)] ^ ($0 >> 8) })
    }
}
