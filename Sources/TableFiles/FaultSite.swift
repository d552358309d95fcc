internal import DirectoryModel

/// Where in a table file something went wrong, for messages of one line.
struct FaultSite {
    /// The file's name, as its owner knows it.
    var file: String
    /// The sheet's name.
    var sheet: String?
    /// The part of the workbook ("xl/worksheets/sheet1.xml").
    var part: String?

    init(file: String, sheet: String? = nil, part: String? = nil) {
        self.file = file
        self.sheet = sheet
        self.part = part
    }

    /// "商户.xlsx, sheet 台账, row 12", "商户.csv:12".
    func location(row: Int? = nil, line: Int? = nil) -> String {
        var words = Self.plain(file)
        if let sheet { words += ", sheet " + Self.plain(sheet) }
        if let row { words += ", row \(row)" }
        if let line { words += ":\(line)" }
        return words
    }

    /// The file is not what it is said to be.
    func invalid(
        _ message: String, advice: String? = FaultSite.saveAgain, row: Int? = nil, line: Int? = nil,
        cause: String? = nil
    ) -> DirectoryError {
        DirectoryError(
            .invalidFile, message, advice: advice, location: location(row: row, line: line),
            cause: cause.map(Self.plain))
    }

    /// The system does not let the file be read.
    func unreadable(_ cause: String) -> DirectoryError {
        DirectoryError(
            .unreadableFile, "the file cannot be read", advice: "check the path and its permissions",
            location: location(), cause: cause)
    }

    /// What helps against most damage.
    static let saveAgain = "open it in the spreadsheet program and save it as .xlsx again"

    /// On one line and no longer than a line.
    static func plain(_ text: String) -> String {
        String(
            String.UnicodeScalarView(text.unicodeScalars.prefix(160).map { isLineBreaking($0) ? " " : $0 }))
    }

    private static func isLineBreaking(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || scalar.value == 0x2028
            || scalar.value == 0x2029
    }
}
