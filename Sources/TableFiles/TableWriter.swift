package import DirectoryModel
internal import Glibc

/// A column of a table that is written.
package struct TableColumn: Hashable, Sendable {
    /// What stands at its head.
    package var title: String
    /// How wide it is shown, in characters of Latin script (a Chinese one takes two); 1 to 255.
    package var width: Double
    /// Whether the spreadsheet is to take what somebody types into it as text, such as codes and telephone numbers.
    package var isText: Bool

    /// A column; see the fields.
    package init(title: String, width: Double = 12, isText: Bool = false) {
        self.title = title
        self.width = width
        self.isText = isText
    }
}

/// What the colour behind a row or cell says.
package enum RowTint: Hashable, Sendable, CaseIterable {
    /// No colour.
    case none
    /// Accepted: green.
    case good
    /// Different from before: blue.
    case changed
    /// Doubtful: yellow.
    case warning
    /// Refused: red.
    case error
}

/// Writes a table file, row by row, in bounded memory; it is put in its place whole by `close`, or not at all.
///
/// A workbook's sheets have a bold head that stays in view and a filter on each column. Texts are text cells; so are
/// numbers of more digits than a spreadsheet keeps. Characters that XML cannot hold become U+FFFD, line ends within
/// a cell LF, and a text beyond 32,767 UTF-16 units ends with "…" before. A text file is UTF-8 with a byte order mark
/// and CRLF, and has one sheet; texts that a spreadsheet would run as formulas get an apostrophe, which `TableFile`
/// takes away again (`FormulaGuard`). Not for use by several threads at once.
package final class TableWriter {
    private let path: String
    private let partial: String
    private var body: (any TableBody)?
    private var columns: [TableColumn] = []
    private var hasSheet = false

    /// Begins a file beside its later place.
    ///
    /// - Parameter path: where it will be; what is there is replaced by `close`.
    /// - Throws: `store_unwritable` when the folder cannot be written.
    package init(path: String, format: TableFormat) throws(DirectoryError) {
        self.path = path
        var random = SystemRandomNumberGenerator()
        partial = "\(path).\(String(random.next(), radix: 36)).partial"
        switch format {
        case .xlsx: body = try WorkbookBody(path: partial, finalPath: path)
        case .csv: body = try DelimitedBody(path: partial, finalPath: path, delimiter: UInt8(ascii: ","))
        case .tsv: body = try DelimitedBody(path: partial, finalPath: path, delimiter: UInt8(ascii: "\t"))
        }
    }

    deinit {
        guard let body else { return }
        body.discard()
        unlink(partial)
    }

    /// Begins a sheet, and writes its head.
    ///
    /// - Parameters:
    ///   - name: what stands on its tab; what a tab cannot hold is replaced, and a name that is taken gets a number.
    ///   - columns: 1 to 16,384.
    /// - Throws: `invalid_request` for a second sheet of a text file; `store_unwritable`.
    package func addSheet(name: String, columns: [TableColumn]) throws(DirectoryError) {
        precondition(!columns.isEmpty && columns.count <= 16_384, "a sheet has 1 to 16,384 columns")
        guard let body else { preconditionFailure("the writer is closed") }
        self.columns = columns
        hasSheet = true
        try body.addSheet(name: name, columns: columns)
    }

    /// Writes a row of the sheet that was added last.
    ///
    /// Where that sheet is full (1,048,576 rows), another of the same head is begun.
    ///
    /// - Parameters:
    ///   - row: its cells from the first column; beyond the columns they are left out.
    ///   - tint: the colour behind all of its columns.
    ///   - tinted: other colours, by column from 0.
    ///   - notes: comments, by column from 0; of the first 20,000 of a workbook, as each takes memory until `close`. A
    ///     text file has neither colours nor notes.
    /// - Throws: `store_unwritable` when the disk is full.
    package func append(
        _ row: [TableCell], tint: RowTint = .none, tinted: [Int: RowTint] = [:], notes: [Int: String] = [:]
    ) throws(DirectoryError) {
        guard let body, hasSheet else { preconditionFailure("no sheet was added, or the writer is closed") }
        try body.append(
            TableLine(
                cells: row.prefix(columns.count), columns: columns, tint: tint, tinted: tinted, notes: notes))
    }

    /// Ends the file, puts it on the disk and into its place.
    ///
    /// - Throws: `store_unwritable`; what was at the place before is still there then.
    package func close() throws(DirectoryError) {
        guard let body else { return }
        self.body = nil
        do {
            try body.finish()
            try settle()
        } catch {
            unlink(partial)
            throw error
        }
    }

    /// The bytes first, then the name.
    private func settle() throws(DirectoryError) {
        let descriptor = Glibc.open(partial, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.unwritable(path, String(cString: strerror(errno))) }
        let isSafe = fsync(descriptor) == 0
        let reason = errno
        Glibc.close(descriptor)
        guard isSafe else { throw Self.unwritable(path, String(cString: strerror(reason))) }
        guard rename(partial, path) == 0 else {
            throw Self.unwritable(path, String(cString: strerror(errno)))
        }
    }

    static func unwritable(_ path: String, _ cause: String) -> DirectoryError {
        DirectoryError(
            .storeUnwritable, "the table file cannot be written",
            advice: "check the folder's permissions and the room on its disk",
            location: FaultSite.plain(path),
            cause: cause)
    }
}

/// A row with what is said about it.
struct TableLine {
    var cells: ArraySlice<TableCell>
    var columns: [TableColumn]
    var tint: RowTint
    var tinted: [Int: RowTint]
    var notes: [Int: String]
}

/// What differs between the formats.
protocol TableBody: AnyObject {
    func addSheet(name: String, columns: [TableColumn]) throws(DirectoryError)
    func append(_ line: TableLine) throws(DirectoryError)
    func finish() throws(DirectoryError)
    func discard()
}
