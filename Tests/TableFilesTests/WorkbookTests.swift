import DirectoryModel
import Foundation
import Testing

@testable import TableFiles

@Suite("Workbooks", .enabled(if: Python.isThere, "no Python to make workbooks with"))
struct WorkbookTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    private func texts(_ rows: String, shared: String? = nil, styles: String? = nil, workbook: String = "")
        throws
        -> [[String]]
    {
        try HandmadeWorkbook(rows: rows, shared: shared, styles: styles, workbook: workbook).open(folder)
            .texts()
    }

    @Test("Every kind of cell")
    func kinds() throws {
        let file = try HandmadeWorkbook(
            rows: """
                <row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><t>行内</t></is></c>\
                <c r="C1" t="str"><f>A1&amp;"x"</f><v>甲x</v></c><c r="D1"><v>1.5</v></c><c r="E1" t="b"><v>1</v></c>\
                <c r="F1" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="G1" t="n"><f>1+1</f><v>2</v></c>\
                <c r="H1" t="d"><v>2024-05-01T08:30:00</v></c><c r="I1" t="d"><v>08:30:00</v></c>\
                <c r="J1" t="d"><v>2024-05-01</v></c><c r="K1" t="b"><v>0</v></c></row>
                """, shared: "<si><t>共享</t></si>"
        ).open(folder)
        #expect(
            try file.rows() == [
                TableRow(
                    number: 1, line: 1,
                    cells: [
                        .text("共享"), .text("行内"), .text("甲x"), .number(1.5, written: "1.5"), .bool(true),
                        .failure("#DIV/0!"), .number(2, written: "2"),
                        .moment(TableMoment(year: 2024, month: 5, day: 1, hour: 8, minute: 30, second: 0)),
                        .moment(TableMoment(hour: 8, minute: 30, second: 0)),
                        .moment(TableMoment(year: 2024, month: 5, day: 1)), .bool(false),
                    ])
            ])
        #expect(file.description.format == .xlsx && file.description.description == "Excel workbook (.xlsx)")
        #expect(file.sheets == [TableSheet(name: "表", isHidden: false)])
    }

    @Test(
        "Rich texts are joined, what tells how to pronounce them is left out, white space is kept where it is said"
    )
    func sharedTexts() throws {
        let shared = """
            <si><r><rPr><b/></rPr><t>翠竹</t></r><r><t xml:space="preserve"> 园 </t></r><rPh sb="0" eb="2"><t>ツイ</t></rPh></si>\
            <si><t>
              两边  </t></si><si><t xml:space="preserve">  留 </t></si><si><t>a_x000D_b_x005F_x0041_</t></si><si/>\
            <si><t>一&#10;二</t></si><si xml:space="preserve"><t> 外 </t></si><si><t> 内 </t></si>
            """
        let cells = (0..<8).map { "<c t=\"s\"><v>\($0)</v></c>" }.joined()
        #expect(
            try texts("<row>\(cells)</row>", shared: shared)
                == [["翠竹 园 ", "两边", "  留 ", "a\rb_x0041_", "", "一\n二", " 外 ", "内"]])
    }

    @Test("Inline texts are read the same way")
    func inlineTexts() throws {
        let rows = """
            <row><c t="inlineStr"><is><r><t>翠</t></r><r><t xml:space="preserve"> 竹</t></r><rPh><t>x</t></rPh></is></c>\
            <c t="inlineStr"><is/></c><c t="inlineStr"><is><t>_x4E00_</t></is></c></row>
            """
        #expect(try texts(rows) == [["翠 竹", "", "一"]])
    }

    @Test("Rows and cells without names come one after the other; sparse ones where they say")
    func placement() throws {
        let rows = """
            <row><c><v>1</v></c><c><v>2</v></c></row><row r="5"><c r="C5"><v>3</v></c><c><v>4</v></c></row>\
            <row><c r="AA6"><v>5</v></c></row><row r="9"/><row r="10"><c r="B10" s="1"/></row>
            """
        let read = try HandmadeWorkbook(rows: rows).open(folder).rows()
        #expect(read.map(\.number) == [1, 5, 6])
        #expect(read.map { $0.cells.map(\.text) }.prefix(2) == [["1", "2"], ["", "", "3", "4"]])
        #expect(read[2].cells.count == 27 && read[2][26].text == "5")
    }

    @Test("Names with prefixes, the strict namespace, absolute, relative and escaped targets, UTF-16")
    func variants() throws {
        var book = HandmadeWorkbook(rows: "")
        let strict = "http://purl.oclc.org/ooxml/spreadsheetml/main"
        let strictRelations = "http://purl.oclc.org/ooxml/officeDocument/relationships"
        book.parts["xl/worksheets/sheet1.xml"] = nil
        book.parts["xl/_rels/workbook.xml.rels"] = """
            <p:Relationships xmlns:p="http://schemas.openxmlformats.org/package/2006/relationships">\
            <p:Relationship Id="a" Type="\(strictRelations)/worksheet" Target="/xl/My%20Sheets/One.XML"/>\
            <p:Relationship Id="b" Type="\(strictRelations)/worksheet" Target="./x/../two.xml"/>\
            <p:Relationship Id="c" Type="\(strictRelations)/chartsheet" Target="chart.xml"/></p:Relationships>
            """
        book.parts["xl/workbook.xml"] = """
            <x:workbook xmlns:x="\(strict)" xmlns:q="\(strictRelations)"><x:sheets><x:sheet name="一" sheetId="1" q:id="a"/>\
            <x:sheet name="图" sheetId="3" q:id="c"/><x:sheet name="二" sheetId="2" state="veryHidden" q:id="b"/></x:sheets>\
            </x:workbook>
            """
        book.parts["xl/My Sheets/one.xml"] = """
            <x:worksheet xmlns:x="\(strict)"><x:sheetData><x:row r="1"><x:c r="A1" t="inlineStr"><x:is><x:t>甲</x:t></x:is>\
            </x:c></x:row></x:sheetData></x:worksheet>
            """
        book.parts["xl/two.xml"] = """
            <worksheet xmlns="\(strict)"><sheetData><row r="2"><c r="B2"><v> 7 </v></c></row></sheetData></worksheet>
            """
        let file = try book.open(folder)
        #expect(
            file.sheets == [TableSheet(name: "一", isHidden: false), TableSheet(name: "二", isHidden: true)])
        #expect(try file.texts(0) == [["甲"]])
        #expect(try file.texts(1) == [["", "7"]])
    }

    @Test("Numbers with date formats are moments: built-in, custom, from 1900 and from 1904")
    func moments() throws {
        let styles = """
            <numFmts><numFmt numFmtId="176" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;;@"/>\
            <numFmt numFmtId="177" formatCode="[h]:mm"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>\
            <cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="176"/><xf numFmtId="177"/><xf numFmtId="20"/>\
            <xf numFmtId="31"/></cellXfs>
            """
        let rows = """
            <row><c s="1"><v>45413</v></c><c s="2"><v>45413</v></c><c s="3"><v>1.5</v></c><c s="4"><v>0.375</v></c>\
            <c s="5"><v>45413</v></c><c s="0"><v>45413</v></c><c s="99"><v>45413</v></c><c s="1"><v>-1</v></c></row>
            """
        #expect(
            try texts(rows, styles: styles) == [
                ["2024-05-01", "2024-05-01", "36:00", "09:00", "2024-05-01", "45413", "45413", "-1"]
            ])
        #expect(
            try texts(
                "<row><c s=\"1\"><v>43951</v></c></row>", styles: styles,
                workbook: "<workbookPr date1904=\"1\"/>")
                == [["2024-05-01"]])
    }

    @Test("Merged cells: as stored, or filled, though the ranges come after the rows")
    func mergedCells() throws {
        let rows = """
            <row r="1"><c r="A1" t="inlineStr"><is><t>题</t></is></c></row>\
            <row r="2"><c r="A2" t="inlineStr"><is><t>社区</t></is></c><c r="C2"><v>1</v></c></row>\
            <row r="3"><c r="A3" s="1"/><c r="C3"><v>2</v></c></row><row r="4"><c r="A4"/></row>\
            <row r="5"><c r="C5"><v>3</v></c></row><row r="6"><c r="C6"><v>4</v></c></row>
            """
        let after = """
            <mergeCells count="3"><mergeCell ref="A2:B5"/><mergeCell ref="A1:C1"/><mergeCell ref="D9:D7"/></mergeCells>
            """
        let book = HandmadeWorkbook(rows: rows, after: after)
        let stored = try book.open(folder)
        #expect(
            try stored.texts() == [["题"], ["社区", "", "1"], ["", "", "2"], ["", "", "3"], ["", "", "4"]])
        #expect(
            try stored.mergedRanges(of: 0) == [
                MergedRange(rows: 1...1, columns: 0...2), MergedRange(rows: 2...5, columns: 0...1),
                MergedRange(rows: 7...9, columns: 3...3),
            ])
        let filled = try book.open(folder, TableOptions(mergedCells: .filled))
        #expect(
            try filled.texts() == [
                ["题", "题", "题"], ["社区", "社区", "1"], ["社区", "社区", "2"], ["社区", "社区", "3"], ["", "", "4"],
            ])
        #expect(try filled.rows().map(\.number) == [1, 2, 3, 5, 6])
    }

    @Test("Reading ends when the body says so, and begins anew each time")
    func stopping() throws {
        let rows = (1...5000).map { "<row r=\"\($0)\"><c><v>\($0)</v></c></row>" }.joined()
        let file = try HandmadeWorkbook(rows: rows).open(folder)
        #expect(try file.head(of: 0, rows: 3).map(\.number) == [1, 2, 3])
        #expect(try file.head(of: 0, rows: 0).isEmpty)
        #expect(try file.rows().count == 5000)
        let thrown = try error {
            try file.forEachRow(of: 0) { row throws(DirectoryError) in
                throw DirectoryError(.invalidRecord, "mine", advice: "none", location: "\(row.number)")
            }
        }
        #expect(thrown.code == .invalidRecord && thrown.location == "1")
    }

    @Test("A million formatted empty rows are nothing; very wide rows are handed on as they come")
    func boundedRows() throws {
        let empty = (2...200_000).map { "<row r=\"\($0)\"><c r=\"A\($0)\" s=\"1\"/></row>" }.joined()
        let rows = "<row r=\"1\"><c><v>1</v></c></row>" + empty
        #expect(try texts(rows) == [["1"]])
        let wide = (1...40).map { "<row r=\"\($0)\"><c r=\"XFD\($0)\"><v>\($0)</v></c></row>" }.joined()
        let read = try HandmadeWorkbook(rows: wide).open(folder).rows()
        #expect(read.count == 40 && read.allSatisfy { $0.cells.count == 16_384 })
    }

    @Test("Texts beyond what is kept in memory go to a file and come back, in any order")
    func spilledTexts() throws {
        let site = FaultSite(file: "x")
        let texts = SharedTexts(folder: folder.path, site: site)
        func text(_ index: Int) -> String {
            // Long ones lie across pages, and some are longer than one.
            String(repeating: "第\(index)号", count: index % 1000 == 0 ? 8000 : index % 90)
        }
        for index in 0..<40_000 { try texts.append(Array(text(index).utf8)) }
        try texts.seal()
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty, "the file has no name")
        for index in 0..<40_000 { #expect(try texts.text(index) == text(index)) }
        var generator = SplitMix(seed: 3)
        for _ in 0..<5000 {
            let index = Int.random(in: 0..<40_000, using: &generator)
            #expect(try texts.text(index) == text(index))
        }
        #expect(try texts.text(40_000) == nil)
        #expect(try texts.text(-1) == nil)
        let failed = try error {
            let texts = SharedTexts(folder: folder.path + "/none", site: site)
            for index in 0..<40_000 { try texts.append(Array(text(index).utf8)) }
        }
        #expect(failed.code == .unreadableFile && failed.message.contains("temporary file"))
    }
}
