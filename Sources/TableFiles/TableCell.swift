// TableFiles: the tables in which offices keep registers, read from .xlsx, .csv and .tsv and written as such.
// May import: DirectoryModel, CArchive, CExpat, CXLSXWriter.

/// What a cell holds, before anybody has said what it means.
package enum TableCell: Hashable, Sendable {
    /// Nothing, or a text without a character.
    case empty
    /// A text, as it stands in the file.
    case text(String)
    /// A number as the file stores it.
    ///
    /// `written` is the file's own digits ("9.132011400000000E+17"), precise where `Double` is not.
    case number(Double, written: String)
    /// A date, a time of day or both, which a spreadsheet stores as a number with a format.
    case moment(TableMoment)
    /// True or false.
    case bool(Bool)
    /// An error value such as "#N/A", as the program that calculated it left it.
    case failure(String)

    /// Whether there is nothing in it.
    package var isEmpty: Bool {
        switch self {
        case .empty: true
        case .text(let text): text.isEmpty
        default: false
        }
    }

    /// The text to show and to read.
    ///
    /// "" for `empty`; whole numbers without ".0" and with all the digits that the file has; dates as
    /// yyyy-mm-dd, times as HH:MM or, where there are seconds, HH:MM:SS; TRUE or FALSE.
    package var text: String {
        switch self {
        case .empty: ""
        case .text(let text): text
        case .number(let value, let written): NumberText.text(of: value, written: written)
        case .moment(let moment): moment.text
        case .bool(let value): value ? "TRUE" : "FALSE"
        case .failure(let text): text
        }
    }

    /// How long its text is, if it is one, in bytes.
    var byteCount: Int {
        if case .text(let text) = self { text.utf8.count } else { 0 }
    }

    /// Whether the cell is a number that cannot be told apart from its neighbours any more.
    ///
    /// True for a number of more than 15 digits before the point, all that a spreadsheet keeps of a code that it
    /// takes for a number; and for a text such as "9.13201E+17", in which a spreadsheet wrote such a code to a
    /// CSV file: its digits after the point are fewer than its exponent.
    package var hasLostDigits: Bool {
        switch self {
        case .number(let value, _): value.magnitude >= 1e15
        case .text(let text): NumberText.isShortened(text)
        default: false
        }
    }
}

/// A date, a time of day or both, by the clock of whoever wrote it; no time zone.
///
/// The parts are those that the file states: nothing promises that the date exists (a spreadsheet knows 29
/// February 1900), nor that an hour is below 24 (a duration may be 36:00).
package struct TableMoment: Hashable, Sendable {
    // Packed, or every cell of a table would take the place of six optional integers.
    private let years: Int16
    private let months: UInt8
    private let days: UInt8
    private let hours: Int32
    private let minutes: UInt8
    private let seconds: UInt8

    /// A date with year, month and day, a time with hour and minute, or both.
    ///
    /// A part that is nil is not there; of a part beyond what its type holds the nearest that it can is kept.
    package init(
        year: Int? = nil, month: Int? = nil, day: Int? = nil, hour: Int? = nil, minute: Int? = nil,
        second: Int? = nil
    ) {
        years = year.map { max(Int16(clamping: $0), 0) } ?? -1
        months = UInt8(clamping: month ?? 0)
        days = UInt8(clamping: day ?? 0)
        hours = hour.map { max(Int32(clamping: $0), 0) } ?? -1
        minutes = minute.map { min(UInt8(clamping: $0), 254) } ?? 255
        seconds = second.map { min(UInt8(clamping: $0), 254) } ?? 255
    }

    /// The year, such as 2024.
    package var year: Int? { years < 0 ? nil : Int(years) }
    /// 1 to 12.
    package var month: Int? { months == 0 ? nil : Int(months) }
    /// 1 to 31.
    package var day: Int? { days == 0 ? nil : Int(days) }
    /// 0 to 23; more in a duration.
    package var hour: Int? { hours < 0 ? nil : Int(hours) }
    /// 0 to 59.
    package var minute: Int? { minutes == 255 ? nil : Int(minutes) }
    /// 0 to 59.
    package var second: Int? { seconds == 255 ? nil : Int(seconds) }

    /// "2024-05-01", "08:30", "2024-05-01 08:30:15".
    package var text: String {
        var parts: [String] = []
        if let year {
            parts.append(
                ([Self.digits(year, 4)] + [month, day].compactMap { $0.map { Self.digits($0, 2) } })
                    .joined(separator: "-"))
        }
        if let hour {
            var clock = Self.digits(hour, 2) + ":" + Self.digits(minute ?? 0, 2)
            if let second, second > 0 { clock += ":" + Self.digits(second, 2) }
            parts.append(clock)
        }
        return parts.joined(separator: " ")
    }

    private static func digits(_ value: Int, _ width: Int) -> String {
        let text = String(value)
        return String(repeating: "0", count: max(width - text.utf8.count, 0)) + text
    }
}

/// One row of a sheet that has something in it.
package struct TableRow: Hashable, Sendable {
    /// The row's number from 1, as the spreadsheet shows it; in a text file the record's, blank ones counted.
    package var number: Int
    /// The line of a text file, from 1, on which the record starts; in a spreadsheet the row's number.
    package var line: Int
    /// The cells from the first column to the last that is not empty.
    package var cells: [TableCell]

    /// A row; see the fields.
    package init(number: Int, line: Int, cells: [TableCell]) {
        self.number = number
        self.line = line
        self.cells = cells
    }

    /// The cell of a column, from 0; `empty` beyond the last.
    package subscript(column: Int) -> TableCell {
        cells.indices.contains(column) ? cells[column] : .empty
    }
}

/// One sheet of a table file (工作表).
package struct TableSheet: Hashable, Sendable {
    /// Its name on the tab; of a text file the name of the file without what follows the last dot.
    package var name: String
    /// Whether the spreadsheet program does not show it.
    package var isHidden: Bool

    /// A sheet; see the fields.
    package init(name: String, isHidden: Bool) {
        self.name = name
        self.isHidden = isHidden
    }
}

/// Cells that are shown as one, whose value stands in the first of them.
package struct MergedRange: Hashable, Sendable {
    /// Row numbers, from 1.
    package var rows: ClosedRange<Int>
    /// Columns, from 0.
    package var columns: ClosedRange<Int>
}
