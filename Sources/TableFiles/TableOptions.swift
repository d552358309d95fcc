/// The kinds of table file.
package enum TableFormat: String, Hashable, Sendable, CaseIterable {
    /// Office Open XML, as Excel, WPS and LibreOffice write it.
    case xlsx
    /// Text with a record a line, its fields between commas or another mark.
    case csv
    /// Text with tabulators between the fields.
    case tsv
}

/// How the characters of a text file are written as bytes.
package enum TableEncoding: String, Hashable, Sendable, CaseIterable {
    /// UTF-8, with or without a byte order mark.
    case utf8 = "UTF-8"
    /// GB 18030, and with it GBK and GB 2312.
    case gb18030 = "GB18030"
    /// UTF-16, the low byte first.
    case utf16LittleEndian = "UTF-16LE"
    /// UTF-16, the high byte first.
    case utf16BigEndian = "UTF-16BE"
}

/// What ends the lines of a text file.
package enum LineEnd: String, Hashable, Sendable {
    /// Line feed.
    case lf = "LF"
    /// Carriage return and line feed.
    case crlf = "CRLF"
    /// Carriage return.
    case cr = "CR"
    /// More than one kind.
    case mixed = "mixed line ends"
}

/// What is done with merged cells.
package enum MergedCells: Hashable, Sendable {
    /// The value stands in the first cell, as in the file.
    case asStored
    /// Each cell of a merged range that lies in a row with something else in it has the value of the first.
    case filled
}

/// How a table file is read, and how much of it.
package struct TableOptions: Hashable, Sendable {
    /// The encoding of a text file; nil: found out.
    package var encoding: TableEncoding?
    /// The byte between the fields of a text file; nil: found out among `, ; TAB |`.
    package var delimiter: UInt8?
    /// What is done with merged cells.
    package var mergedCells: MergedCells
    /// The most bytes that one field or cell may have.
    ///
    /// Chosen, not measured: a spreadsheet's own limit is 32,767 characters.
    package var fieldLimit = 1 << 20
    /// The most bytes that the texts of one row may have together.
    ///
    /// Chosen, not measured.
    package var rowLimit = 32 << 20
    /// The most columns that a row may have: a spreadsheet's own limit.
    package var columnLimit = 16_384
    /// The most bytes to which one part of a workbook may be inflated.
    ///
    /// Chosen, not measured: a full sheet of a million rows with 40 columns takes 2 GB.
    package var inflatedLimit = 4 << 30
    /// The most bytes to which one byte of the file may be inflated, beyond the first 64 MB.
    ///
    /// Chosen: a million formatted empty rows come to less than 100; the format allows 1,032.
    package var ratioLimit = 250
    /// Where texts of a large workbook are put while it is read; nil: `TMPDIR`, else /tmp.
    package var temporaryFolder: String?

    /// The usual options, with what is given.
    package init(
        encoding: TableEncoding? = nil, delimiter: UInt8? = nil, mergedCells: MergedCells = .asStored
    ) {
        self.encoding = encoding
        self.delimiter = delimiter
        self.mergedCells = mergedCells
    }
}

/// What a table file turned out to be.
package struct TableDescription: Hashable, Sendable, CustomStringConvertible {
    /// The kind of file.
    package var format: TableFormat
    /// The encoding of a text file; nil for a workbook.
    package var encoding: TableEncoding?
    /// Whether a text file starts with a byte order mark.
    package var hasByteOrderMark = false
    /// The byte between the fields of a text file; nil for a workbook.
    package var delimiter: UInt8?
    /// What ends the lines of a text file, as far as the beginning shows; nil for a workbook, or a single line.
    package var lineEnd: LineEnd?

    /// In words: "CSV, UTF-8 with byte order mark, fields between commas, CRLF".
    package var description: String {
        guard let encoding, let delimiter else { return "Excel workbook (.xlsx)" }
        let mark =
            switch delimiter {
            case UInt8(ascii: ","): "commas"
            case UInt8(ascii: ";"): "semicolons"
            case UInt8(ascii: "\t"): "tabulators"
            default: "\"\(Character(UnicodeScalar(delimiter)))\""
            }
        return [
            format.rawValue.uppercased(),
            encoding.rawValue + (hasByteOrderMark ? " with byte order mark" : ""),
            "fields between \(mark)", lineEnd?.rawValue,
        ].compactMap { $0 }.joined(separator: ", ")
    }
}
