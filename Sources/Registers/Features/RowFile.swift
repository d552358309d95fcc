internal import DirectoryAPI
internal import DirectoryModel
internal import TableFiles

/// What the rows of a register come from, whatever the file is: sheets with a head and rows below it.
protocol RowFile: AnyObject {
    /// The sheets that have rows.
    var sheets: [TableSheet] { get }
    /// What the file turned out to be, in words.
    var words: String { get }
    /// The format of the answer to it.
    var answerFormat: TableFormat { get }
    /// What is to be said of the file besides its rows.
    var figures: [(name: String, value: String)] { get }
    /// Columns that are not to be read, by header: something else in the file says the same better.
    var unread: [String] { get }
    /// What the file says of itself, as far as it does.
    var credit: FileCredit { get }

    /// The first rows of a sheet, its head among them.
    func head(of sheet: Int, rows: Int) throws(DirectoryError) -> [TableRow]
    /// Hands on the rows of a sheet in order, until `body` returns false.
    func forEachRow(
        of sheet: Int, _ body: (SourceRow) throws(DirectoryError) -> Bool
    ) throws(DirectoryError)
}

/// What a file says of itself.
struct FileCredit: Hashable {
    var title: String?
    var attribution: String?
    var note: String?
}

/// A row with what does not fit into its cells.
struct SourceRow {
    var row: TableRow
    /// Whether it is a feature: then it has a number, and no columns with letters.
    var isFeature = false
    /// Attributes that the file has as typed values, by key.
    var attributes: [String: JSONValue] = [:]
    /// Why it is no record at all; nil for one that is, or was meant to be.
    var fault: RecordFinding?
    /// What else was found while it was read.
    var findings: [RecordFinding] = []
}

/// The rows of a table file.
final class TableRows: RowFile {
    private let file: TableFile

    init(_ file: TableFile) { self.file = file }

    var sheets: [TableSheet] { file.sheets }
    var words: String { file.description.description }
    var answerFormat: TableFormat { file.description.format }
    var figures: [(name: String, value: String)] { [] }
    var unread: [String] { [] }
    var credit: FileCredit { FileCredit() }

    func head(of sheet: Int, rows: Int) throws(DirectoryError) -> [TableRow] {
        try file.head(of: sheet, rows: rows)
    }

    func forEachRow(
        of sheet: Int, _ body: (SourceRow) throws(DirectoryError) -> Bool
    ) throws(DirectoryError) {
        try file.forEachRow(of: sheet) { (row) throws(DirectoryError) in try body(SourceRow(row: row)) }
    }
}
