import DirectoryModel
import Foundation
import Testing

@testable import TableFiles

@Suite("Workbooks that cannot be read", .enabled(if: Python.isThere, "no Python to make workbooks with"))
struct WorkbookFaultTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    /// The error of reading a workbook to its end.
    private func fault(
        _ book: HandmadeWorkbook, _ options: TableOptions = TableOptions(),
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> String {
        let error = try error(
            { try book.open(folder, options).rows() }, sourceLocation: sourceLocation)
        #expect(error.code == .invalidFile, sourceLocation: sourceLocation)
        return error.description
    }

    private func fault(rows: String, shared: String? = nil) throws -> String {
        try fault(HandmadeWorkbook(rows: rows, shared: shared))
    }

    @Test("Each fault in a sheet names the sheet, and the row where there is one")
    func sheets() throws {
        let at = "台账.xlsx, sheet 表, row 2: "
        func row(_ cells: String) -> String {
            "<row r=\"1\"><c><v>1</v></c></row><row r=\"2\">\(cells)</row>"
        }
        #expect(
            try fault(rows: row("<c r=\"B2\"><v>1x</v></c>")).hasPrefix(
                at + "cell B2 is \"1x\", which is no number"))
        #expect(try fault(rows: row("<c t=\"s\"><v>3</v></c>")).hasPrefix(at + "cell A2 names text 3, which"))
        #expect(try fault(rows: row("<c t=\"s\"><v>-1</v></c>")).hasPrefix(at + "cell A2 names text -1"))
        #expect(
            try fault(rows: row("<c t=\"b\"><v>2</v></c>")).hasPrefix(at + "cell A2 is \"2\", neither true"))
        #expect(try fault(rows: row("<c r=\"7\"><v>2</v></c>")).hasPrefix(at + "a cell's name is \"7\""))
        #expect(
            try fault(rows: row("<c r=\"XFE2\"><v>2</v></c>")).hasPrefix(
                at + "the row has more than 16384 columns"))
        #expect(
            try fault(rows: row("<c><v>1</w></c>")).contains(
                "row 2: the part xl/worksheets/sheet1.xml is broken XML (mismatched tag, line 1"))
        #expect(try fault(rows: row("") + "<row r=\"2\"/>").hasPrefix(at + "row 2 comes after row 2"))
        #expect(try fault(rows: "<row r=\"1048577\"/>").contains("the sheet goes beyond row 1048576"))
        #expect(try fault(rows: "<row r=\"x\"/>").contains("a row's number is \"x\""))
        #expect(try fault(rows: "<row r=\"99999999999999999999\"/>").contains("a row's number is"))
        let long = String(repeating: "长", count: 400_000)
        #expect(
            try fault(rows: row("<c t=\"inlineStr\"><is><t>\(long)</t></is></c>")).contains(
                "cell A2 is longer than 1048576 bytes"))
        #expect(
            try fault(rows: "<row><c t=\"s\"><v>0</v></c></row>", shared: "<si><t>\(long)</t></si>").contains(
                "text 1 of the workbook's list is longer than"))
        let merged = HandmadeWorkbook(
            rows: "<row><c><v>1</v></c></row>", after: "<mergeCells><mergeCell ref=\"A0:B1\"/></mergeCells>")
        #expect(try fault(merged, TableOptions(mergedCells: .filled)).contains("a merged range is \"A0:B1\""))
    }

    @Test("Document types, entities and nesting are refused")
    func hostileXML() throws {
        let laughs = """
            <!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
            """
        let outside = "<!DOCTYPE x SYSTEM \"file:///etc/passwd\">"
        for doctype in [laughs, outside] {
            for part in [
                "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml", "xl/styles.xml",
                "_rels/.rels",
            ] {
                var book = HandmadeWorkbook(
                    rows: "<row><c t=\"s\"><v>0</v></c></row>", shared: "<si><t>x</t></si>")
                book.parts[part] =
                    doctype
                    + (book.parts[part] ?? "").replacingOccurrences(of: "<?xml version=\"1.0\"?>", with: "")
                #expect(try fault(book).contains("the part \(part) declares a document type"))
            }
        }
        let deep = String(repeating: "<a>", count: 300)
        #expect(try fault(rows: deep).contains("is nested more than 100 deep"))
        var book = HandmadeWorkbook(rows: "<row x=\"\(String(repeating: "x", count: 9 << 20))\"/>")
        #expect(try fault(book).contains("has a tag or comment of more than 8 MB"))
        book = HandmadeWorkbook(rows: "<row><c><v>1</v></c></row>")
        book.parts["xl/worksheets/sheet1.xml"] = "<?xml version=\"1.0\" encoding=\"klingon\"?><worksheet/>"
        #expect(try fault(book).contains("unknown encoding"))
        book.parts["xl/worksheets/sheet1.xml"] = ""
        #expect(try fault(book).contains("no element found"))
    }

    @Test("What is inflated without end is refused")
    func bombs() throws {
        let blanks = String(repeating: " ", count: 80 << 20)
        var book = HandmadeWorkbook(rows: "<row><c><v>1</v></c></row>" + blanks)
        #expect(try fault(book).contains("the part xl/worksheets/sheet1.xml is inflated to more than 64 MB"))
        book = HandmadeWorkbook(rows: "<row><c><v>1</v></c></row>")
        var options = TableOptions()
        options.inflatedLimit = 100
        #expect(try fault(book, options).contains("is inflated to more than 0 MB"))
    }

    @Test("One long text that every cell names fills no memory")
    func longRows() throws {
        let long = "<si><t>\(String(repeating: "长", count: 300_000))</t></si>"
        let cells = String(repeating: "<c t=\"s\"><v>0</v></c>", count: 100)
        #expect(
            try fault(rows: "<row>\(cells)</row>", shared: long).hasPrefix(
                "台账.xlsx, sheet 表, row 1: the texts of the row are longer than 33554432 bytes; shorten them"))
        // Of fewer in each row no more wait than a few.
        let few = "<row>" + String(repeating: "<c t=\"s\"><v>0</v></c>", count: 30) + "</row>"
        let book = HandmadeWorkbook(rows: String(repeating: few, count: 30), shared: long)
        #expect(try book.open(folder).rows().count == 30)
        let merged = (0..<80).map { "<mergeCell ref=\"A\($0 + 1):A500\"/>" }.joined()
        let rows = String(repeating: "<row><c t=\"s\"><v>0</v></c></row>", count: 100)
        let overlapping = HandmadeWorkbook(
            rows: rows, after: "<mergeCells>\(merged)</mergeCells>", shared: long)
        #expect(
            try fault(overlapping, TableOptions(mergedCells: .filled)).contains(
                "the texts of merged cells are longer than 67108864 bytes"))
    }

    @Test("A part that is missing is named")
    func missingParts() throws {
        func without(_ part: String) throws -> String {
            var book = HandmadeWorkbook(
                rows: "<row><c t=\"s\"><v>0</v></c></row>", shared: "<si><t>x</t></si>")
            book.parts[part] = nil
            return try fault(book)
        }
        for part in [
            "xl/worksheets/sheet1.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml", "xl/sharedStrings.xml",
        ] {
            #expect(try without(part).contains("the part \(part) is missing from the file"))
        }
        #expect(try without("xl/workbook.xml").contains("xl/workbook.xml is missing"))
        var book = HandmadeWorkbook(rows: "")
        book.parts["_rels/.rels"] = nil
        #expect(try book.open(folder).rows().isEmpty, "the usual place will do")
        book.parts["xl/_rels/workbook.xml.rels"] = HandmadeWorkbook.relationships([])
        #expect(try fault(book).contains("sheet 表: the workbook does not say where the sheet is"))
        book.parts["xl/workbook.xml"] = "<workbook/>"
        #expect(try fault(book).contains("the workbook has no sheet with rows"))
    }

    @Test("A wrong checksum and a lost end are damage")
    func damage() throws {
        let rows = (1...3000).map {
            "<row r=\"\($0)\"><c r=\"A\($0)\"><v>\($0 * 7919 % 10_007)</v></c></row>"
        }.joined()
        let path = try HandmadeWorkbook(rows: rows).write(folder)
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        let cut = try error {
            try TableFile.open(path: folder.file("cut", bytes.prefix(bytes.count - 30)), fileName: "短.xlsx")
        }
        #expect(cut.description.hasPrefix("短.xlsx: the file is damaged"))
        #expect(
            cut.advice
                == "fetch or copy it again, or open it in the spreadsheet program and save it as .xlsx again")
        // The checksum of the sheet's part stands in both heads of that part.
        let name = Array("xl/worksheets/sheet1.xml".utf8)
        var wrong = bytes
        for index in bytes.indices.dropLast(name.count) where bytes[index...].starts(with: name) {
            let isLocal = Array(bytes[(index - 30)..<(index - 26)]) == [0x50, 0x4B, 3, 4]
            wrong[index - (isLocal ? 16 : 30)] ^= 1
        }
        let checksum = try error {
            try TableFile.open(path: folder.file("wrong", wrong), fileName: "坏.xlsx").rows()
        }
        #expect(
            checksum.description.contains(
                "the file is damaged in its part xl/worksheets/sheet1.xml (ZIP bad CRC"))
        #expect(checksum.location == "坏.xlsx, sheet 表")
    }

    @Test("Other formats are refused by name, whatever the file is called, with what to do")
    func otherFormats() throws {
        func refusal(_ bytes: some Sequence<UInt8>) throws -> DirectoryError {
            try error { try TableFile.open(path: folder.file("f", bytes), fileName: "台账.xlsx") }
        }
        let compound: [UInt8] =
            [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1] + [UInt8](repeating: 0, count: 1016)
        let old = try refusal(compound)
        #expect(old.message == "the file is in an old binary format (.xls, .et) that is not read")
        #expect(old.advice == "open it in the spreadsheet program and save it as .xlsx")
        var locked = compound
        locked.replaceSubrange(600..<632, with: "EncryptedPackage".utf8.flatMap { [$0, UInt8(0)] })
        #expect(try refusal(locked).message == "the file is locked with a password")
        #expect(try refusal([0x09, 0x08, 0x08, 0x00, 0x00, 0x05]).message.contains("old binary format"))
        #expect(try refusal([]).message == "the file is empty")
        for page in [
            "<html><table>", "  <!DOCTYPE html>",
            "\u{FEFF}<HTML xmlns:x=\"urn:schemas-microsoft-com:office:excel\">", "<table><tr>",
            "MIME-Version: 1.0\r\n",
        ] {
            #expect(
                try refusal(page.utf8).message == "the file is a web page, whatever its name says", "\(page)")
        }
        let xml = "<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\">"
        #expect(try refusal(xml.utf8).message == "the file is XML, whatever its name says")
        #expect(try refusal("%PDF-1.7".utf8).message == "the file is a PDF file, no table")
        func container(_ parts: [String: String]) throws -> String {
            var book = HandmadeWorkbook(rows: "")
            book.parts = parts
            return try refusal(Data(contentsOf: URL(fileURLWithPath: book.write(folder)))).message
        }
        #expect(try container(["a.csv": "x"]) == "the file is a ZIP file without a workbook")
        #expect(
            try container(["mimetype": "x", "content.xml": "x"]).contains("OpenDocument file (.ods, .odt)"))
        #expect(try container(["Index/Document.iwa": "x"]).contains("Numbers document"))
        #expect(try container(["xl/workbook.bin": "x"]).contains("binary workbook (.xlsb)"))
        #expect(try container(["word/document.xml": "x"]).contains("text document or a presentation"))
    }

    @Test("What the system refuses is unreadable")
    func unreadable() throws {
        let missing = try error {
            try TableFile.open(path: folder.path + "/none.xlsx", fileName: "none.xlsx")
        }
        #expect(missing.code == .unreadableFile && missing.description.contains("No such file"))
        let directory = try error { try TableFile.open(path: folder.path, fileName: "folder") }
        #expect(directory.code == .unreadableFile && directory.description.contains("no regular file"))
    }

    @Test("Names of many lines make messages of one")
    func oneLine() throws {
        let broken = try error { try TableFile.open(path: folder.file("f", []), fileName: "a\nb\u{2028}c") }
        #expect(broken.location == "a b c")
    }
}
