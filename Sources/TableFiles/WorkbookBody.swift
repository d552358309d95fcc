internal import CXLSXWriter
internal import DirectoryModel
internal import Glibc

/// Writes .xlsx, through libxlsxwriter, which puts each row into a temporary file when the next begins.
final class WorkbookBody: TableBody {
    /// The last row of a sheet, from 0.
    private static let lastRow: UInt32 = 1_048_575
    /// Each note is held until the end.
    ///
    /// Chosen, not measured: more than anybody reads.
    private static let noteLimit = 20_000
    /// The most UTF-16 units of a cell.
    private static let textLimit = 32_767

    private enum Look: Hashable { case head, general, text, wrapped, date, time, elapsed, dateAndTime }
    private struct Style: Hashable {
        var look: Look
        var tint: RowTint
    }

    private let finalPath: String
    private var book: UnsafeMutablePointer<lxw_workbook>?
    private var sheets: [UnsafeMutablePointer<lxw_worksheet>] = []
    private var styles: [Style: UnsafeMutablePointer<lxw_format>] = [:]
    private var takenNames: Set<String> = []
    private var name = ""
    private var columns: [TableColumn] = []
    private var row: UInt32 = 0
    private var noteCount = 0

    init(path: String, finalPath: String) throws(DirectoryError) {
        self.finalPath = finalPath
        // libxlsxwriter opens the file at the end only; whether that will be possible is to be known now.
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else {
            throw TableWriter.unwritable(finalPath, String(cString: strerror(errno)))
        }
        close(descriptor)
        var options = lxw_workbook_options()
        options.constant_memory = 1
        options.use_zip64 = 0
        guard let book = workbook_new_opt(path, &options) else {
            unlink(path)
            throw TableWriter.unwritable(finalPath, "no memory")
        }
        self.book = book
    }

    deinit { discard() }

    func addSheet(name: String, columns: [TableColumn]) throws(DirectoryError) {
        endSheet()
        self.name = name
        self.columns = columns
        let title = freeName(name)
        guard let sheet = workbook_add_worksheet(book, title) else {
            throw TableWriter.unwritable(finalPath, "no temporary file, or no memory, for sheet \(title)")
        }
        sheets.append(sheet)
        for (index, column) in columns.enumerated() {
            worksheet_set_column(
                sheet, UInt16(index), UInt16(index), min(max(column.width, 1), 255),
                column.isText ? style(.text, .none) : nil)
        }
        worksheet_freeze_panes(sheet, 1, 0)
        row = 0
        for (index, column) in columns.enumerated() {
            try check(
                worksheet_write_string(sheet, 0, UInt16(index), Self.text(column.title), style(.head, .none)))
        }
        row = 1
    }

    /// The filter covers the rows that there are.
    private func endSheet() {
        guard let sheet = sheets.last else { return }
        worksheet_autofilter(sheet, 0, 0, max(row, 1) - 1, UInt16(columns.count - 1))
    }

    func append(_ line: TableLine) throws(DirectoryError) {
        if row > Self.lastRow { try addSheet(name: name, columns: columns) }
        guard let sheet = sheets.last else { return }
        for column in columns.indices {
            let index = line.cells.startIndex + column
            let cell = index < line.cells.endIndex ? line.cells[index] : .empty
            let tint = line.tinted[column] ?? line.tint
            try write(cell, sheet, UInt16(column), tint: tint, isText: columns[column].isText)
        }
        for (column, note) in line.notes where columns.indices.contains(column) && noteCount < Self.noteLimit
        {
            noteCount += 1
            try check(worksheet_write_comment(sheet, row, UInt16(column), Self.text(note)))
        }
        row += 1
    }

    private func write(
        _ cell: TableCell, _ sheet: UnsafeMutablePointer<lxw_worksheet>, _ column: UInt16, tint: RowTint,
        isText: Bool
    ) throws(DirectoryError) {
        func text(_ text: String) throws(DirectoryError) {
            // A text of several lines shows them.
            let look: Look = text.utf8.contains(10) ? .wrapped : .text
            try check(worksheet_write_string(sheet, row, column, Self.text(text), style(look, tint)))
        }
        switch cell {
        case .empty:
            if tint != .none {
                try check(worksheet_write_blank(sheet, row, column, style(isText ? .text : .general, tint)))
            }
        case .text(let content): try text(content)
        case .number(let value, _):
            if isText || cell.hasLostDigits || !value.isFinite {
                try text(cell.text)
            } else {
                try check(worksheet_write_number(sheet, row, column, value, style(.general, tint)))
            }
        case .bool(let value):
            try check(worksheet_write_boolean(sheet, row, column, value ? 1 : 0, style(.general, tint)))
        case .failure(let content): try text(content)
        case .moment(let moment):
            guard !isText, let (serial, look) = Self.serial(of: moment) else {
                try text(moment.text)
                return
            }
            try check(worksheet_write_number(sheet, row, column, serial, style(look, tint)))
        }
    }

    /// The number that stands for a moment; nil when a spreadsheet has none for it.
    private static func serial(of moment: TableMoment) -> (Double, Look)? {
        var clock: Double?
        if let hour = moment.hour {
            clock = Double(hour * 3600 + (moment.minute ?? 0) * 60 + (moment.second ?? 0)) / 86_400
        }
        guard let year = moment.year else {
            guard let clock else { return nil }
            return (clock, clock < 1 ? .time : .elapsed)
        }
        guard let month = moment.month, let day = moment.day,
            let serial = NumberFormat.serial(year: year, month: month, day: day)
        else { return nil }
        guard let clock else { return (Double(serial), .date) }
        return clock < 1 ? (Double(serial) + clock, .dateAndTime) : nil
    }

    private func check(_ result: lxw_error) throws(DirectoryError) {
        guard result == LXW_NO_ERROR else {
            throw TableWriter.unwritable(finalPath, lxw_strerror(result).map { String(cString: $0) } ?? "")
        }
    }

    private func style(_ look: Look, _ tint: RowTint) -> UnsafeMutablePointer<lxw_format>? {
        let style = Style(look: look, tint: tint)
        if let known = styles[style] { return known }
        guard look != .general || tint != .none, let format = workbook_add_format(book) else { return nil }
        switch look {
        case .head: format_set_bold(format)
        case .general: break
        case .text: format_set_num_format(format, "@")
        case .wrapped:
            format_set_num_format(format, "@")
            format_set_text_wrap(format)
        case .date: format_set_num_format(format, "yyyy-mm-dd")
        case .time: format_set_num_format(format, "hh:mm:ss")
        case .elapsed: format_set_num_format(format, "[h]:mm:ss")
        case .dateAndTime: format_set_num_format(format, "yyyy-mm-dd hh:mm:ss")
        }
        switch tint {
        case .none: break
        case .good: format_set_bg_color(format, 0xE2F0D9)
        case .changed: format_set_bg_color(format, 0xDDEBF7)
        case .warning: format_set_bg_color(format, 0xFFF2CC)
        case .error: format_set_bg_color(format, 0xF8CBAD)
        }
        styles[style] = format
        return format
    }

    /// A name that a tab can hold and that no other has: at most 31 UTF-16 units, none of `[]:*?/\`.
    private func freeName(_ name: String) -> String {
        var plain = String(
            String.UnicodeScalarView(
                FaultSite.plain(name).unicodeScalars.map { "[]:*?/\\".unicodeScalars.contains($0) ? "_" : $0 }
            ))
        while plain.hasPrefix("'") { plain.removeFirst() }
        while plain.hasSuffix("'") { plain.removeLast() }
        if plain.isEmpty { plain = "Sheet" }
        var number = 1
        while true {
            let ending = number == 1 ? "" : " (\(number))"
            var stem = plain
            while (stem + ending).utf16.count > 31 { stem.removeLast() }
            while stem.hasSuffix("'") { stem.removeLast() }
            if takenNames.insert((stem + ending).lowercased()).inserted { return stem + ending }
            number += 1
        }
    }

    /// A text as a cell of a workbook holds it.
    static func text(_ text: String) -> String {
        var units = 0
        var result = String.UnicodeScalarView()
        var needsChange = false
        for byte in text.utf8 where byte < 0x20 || byte == UInt8(ascii: "_") || byte >= 0xEF {
            needsChange = true
            break
        }
        if !needsChange, text.utf8.count <= textLimit { return text }
        let bytes = Array(text.utf8)
        var offset = 0
        var isAfterReturn = false
        for scalar in text.unicodeScalars {
            var scalars: [Unicode.Scalar] = [scalar]
            switch scalar.value {
            case 0x0A: scalars = isAfterReturn ? [] : ["\n"]
            case 0x0D: scalars = ["\n"]
            case 0x00..<0x09, 0x0B..<0x20, 0xFFFE, 0xFFFF: scalars = ["\u{FFFD}"]
            case 0x5F where XMLText.escape(in: bytes, at: offset) != nil:
                // What looks like an escape is told apart from one by escaping its first character.
                scalars = Array("_x005F_".unicodeScalars)
            default: break
            }
            isAfterReturn = scalar.value == 0x0D
            offset += UTF8.width(scalar)
            for scalar in scalars { units += UTF16.width(scalar) }
            if units > textLimit - 1 {
                result.append("…")
                break
            }
            result.append(contentsOf: scalars)
        }
        return String(result)
    }

    func finish() throws(DirectoryError) {
        guard let book else { return }
        if sheets.isEmpty {
            throw DirectoryError(
                .internalError, "a workbook without a sheet cannot be written",
                location: FaultSite.plain(finalPath))
        }
        endSheet()
        // libxlsxwriter does not look whether its temporary files took everything.
        for sheet in sheets {
            if let file = sheet.pointee.optimize_tmpfile, fflush(file) != 0 || ferror(file) != 0 {
                throw TableWriter.unwritable(finalPath, "the folder for temporary files is full")
            }
        }
        self.book = nil
        try check(workbook_close(book))
    }

    func discard() {
        if let book { lxw_workbook_free(book) }
        book = nil
        sheets = []
    }
}
