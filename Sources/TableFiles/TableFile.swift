package import DirectoryModel

/// An open table file: a workbook (.xlsx) or a text file with a record a line (.csv, .tsv).
///
/// What it is, is told from what is in it; its name is for messages. The file stays open, so that each pass reads the
/// same bytes even if another file takes its name. Not for use by several threads at once.
package final class TableFile {
    private enum Content {
        case workbook(Workbook)
        case text(DelimitedText)
    }

    private let content: Content
    /// What the file turned out to be.
    package let description: TableDescription
    /// The sheets that have rows, hidden ones too; of a text file the one that it is.
    package let sheets: [TableSheet]

    private init(_ content: Content, _ description: TableDescription, _ sheets: [TableSheet]) {
        self.content = content
        self.description = description
        self.sheets = sheets
    }

    /// Opens a file and reads what it is: of a workbook the list of sheets, of a text file the beginning.
    ///
    /// - Parameters:
    ///   - path: where it is.
    ///   - fileName: its name as its owner knows it, for messages.
    /// - Throws: `unreadable_file` when the system refuses; `invalid_file` when it is no table, is damaged, is locked,
    ///   or is of a format that is not read (.xls, .xlsb, .ods, .numbers, a web page), with what to do.
    package static func open(
        path: String, fileName: String, options: TableOptions = TableOptions()
    ) throws(DirectoryError) -> TableFile {
        let site = FaultSite(file: fileName)
        let file = try FileBytes(path: path, site: site)
        switch FileKind.kind(of: file) {
        case .container:
            let workbook = try Workbook(file: file, site: site, options: options)
            return TableFile(
                .workbook(workbook), TableDescription(format: .xlsx), workbook.sheets.map(\.sheet))
        case .text:
            let text = try DelimitedText(file: file, site: site, options: options)
            let stem = fileName.split(separator: "/").last.map(String.init) ?? fileName
            let dot = stem.lastIndex(of: ".").flatMap { $0 == stem.startIndex ? nil : $0 }
            let name = dot.map { String(stem[..<$0]) } ?? stem
            return TableFile(.text(text), text.description, [TableSheet(name: name, isHidden: false)])
        case let other: throw other.refusal(site)
        }
    }

    /// Hands on the rows of a sheet that have something in them, in order, until `body` returns false.
    ///
    /// What is held at once does not grow with the file: of a workbook the texts that its cells share go to a
    /// temporary file once they are many. With `mergedCells: .filled` the sheet's part is read for the ranges first.
    ///
    /// - Parameter sheet: its place in `sheets`.
    /// - Throws: `invalid_file` with sheet and row, or line, when the file is damaged or too large in some way; the rows
    ///   before have been handed on. What `body` throws.
    package func forEachRow(
        of sheet: Int, _ body: (TableRow) throws(DirectoryError) -> Bool
    ) throws(DirectoryError) {
        precondition(sheets.indices.contains(sheet), "no such sheet")
        switch content {
        case .workbook(let workbook): try workbook.forEachRow(of: sheet, body)
        case .text(let text): try text.forEachRow(body)
        }
    }

    /// The first rows of a sheet that have something in them.
    ///
    /// - Parameter rows: how many at most.
    /// - Throws: as `forEachRow`.
    package func head(of sheet: Int, rows: Int) throws(DirectoryError) -> [TableRow] {
        guard rows > 0 else { return [] }
        var head: [TableRow] = []
        try forEachRow(of: sheet) { (row) throws(DirectoryError) in
            head.append(row)
            return head.count < rows
        }
        return head
    }

    /// The merged ranges of a sheet, by their first row; none in a text file.
    ///
    /// - Throws: as `forEachRow`.
    /// - Complexity: reads the sheet's part once, and then remembers.
    package func mergedRanges(of sheet: Int) throws(DirectoryError) -> [MergedRange] {
        precondition(sheets.indices.contains(sheet), "no such sheet")
        switch content {
        case .workbook(let workbook): return try workbook.mergedRanges(of: sheet).map(\.range)
        case .text: return []
        }
    }
}
