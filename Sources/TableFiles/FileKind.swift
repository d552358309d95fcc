internal import DirectoryModel

/// What a file is, told from what is in it.
enum FileKind {
    case container
    case text
    case empty
    case oldWorkbook
    case lockedWorkbook
    case binaryWorkbook
    case openDocument
    case numbers
    case otherDocument
    case markup
    case spreadsheetXML
    case otherContainer
    case otherBinary(String)

    /// The kind of an open file.
    static func kind(of file: FileBytes) -> FileKind {
        let start = file.bytes(at: 0, count: 2048)
        if start.isEmpty { return .empty }
        if start.starts(with: [0x50, 0x4B, 0x03, 0x04]) || start.starts(with: [0x50, 0x4B, 0x05, 0x06]) {
            return .container
        }
        if start.starts(with: [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]) {
            return isLocked(file, start) ? .lockedWorkbook : .oldWorkbook
        }
        // Workbooks from before 1995 are a bare stream of records.
        if start.count > 4, start[0] == 0x09, [0x00, 0x02, 0x04, 0x08].contains(start[1]), start[3] == 0 {
            return .oldWorkbook
        }
        let marks: [(String, [UInt8])] = [
            ("PDF", Array("%PDF".utf8)), ("RTF", Array("{\\rtf".utf8)), ("RAR", Array("Rar!".utf8)),
            ("7z", [0x37, 0x7A, 0xBC, 0xAF]), ("gzip", [0x1F, 0x8B]), ("JPEG", [0xFF, 0xD8, 0xFF]),
            ("PNG", [0x89, 0x50, 0x4E, 0x47]), ("SQLite", Array("SQLite format 3".utf8)),
        ]
        if let mark = marks.first(where: { start.starts(with: $0.1) }) { return .otherBinary(mark.0) }
        return markup(start) ?? .text
    }

    /// Web pages and XML that are called .xls, in UTF-8, GB 18030 or UTF-16.
    private static func markup(_ start: [UInt8]) -> FileKind? {
        let text = String(
            decoding: start.filter { $0 != 0 && $0 < 0x80 }.drop { $0 <= 0x20 }.map {
                $0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0
            }, as: UTF8.self)
        if text.hasPrefix("mime-version:") { return .markup }
        guard text.hasPrefix("<") else { return nil }
        if text.contains("urn:schemas-microsoft-com:office:spreadsheet") || text.hasPrefix("<workbook") {
            return .spreadsheetXML
        }
        if text.hasPrefix("<?xml") { return text.contains("<html") ? .markup : .spreadsheetXML }
        let starts = [
            "<html", "<!doctype html", "<table", "<meta", "<head", "<body", "<!--", "<style", "<div",
        ]
        return starts.contains { text.hasPrefix($0) } ? .markup : nil
    }

    /// Whether the folder of a compound file ([MS-CFB]) names an encrypted package.
    private static func isLocked(_ file: FileBytes, _ start: [UInt8]) -> Bool {
        guard start.count >= 512 else { return false }
        let first = Int(start[0x30]) | Int(start[0x31]) << 8 | Int(start[0x32]) << 16 | Int(start[0x33]) << 24
        let size = start[0x1E] == 12 ? 4096 : 512
        var name: [UInt8] = []
        for byte in "EncryptedPackage".utf8 { name += [byte, 0] }
        let folder = file.bytes(at: (first + 1) * size, count: 4096)
        guard folder.count >= name.count else { return false }
        return (0...(folder.count - name.count)).contains { folder[$0...].starts(with: name) }
    }

    /// The kind of a ZIP container that has no workbook.
    static func kind(ofContainer container: ZipContainer) -> FileKind {
        if container.has("xl/workbook.bin") { return .binaryWorkbook }
        if container.has("Index/Document.iwa") || container.has("Index.zip") { return .numbers }
        if container.has("content.xml"), container.has("mimetype") { return .openDocument }
        if container.has("word/document.xml") || container.has("ppt/presentation.xml") {
            return .otherDocument
        }
        return .otherContainer
    }

    /// Why it is not read, and what to do.
    func refusal(_ site: FaultSite) -> DirectoryError {
        let again = "open it in the spreadsheet program and save it as .xlsx"
        let (message, advice): (String, String) =
            switch self {
            case .container, .text: ("the file is no table", again)
            case .empty:
                ("the file is empty", "check that it is the right file, and that it was copied to its end")
            case .oldWorkbook:
                ("the file is in an old binary format (.xls, .et) that is not read", again)
            case .lockedWorkbook:
                ("the file is locked with a password", "save it without a password as .xlsx")
            case .binaryWorkbook: ("the file is a binary workbook (.xlsb) that is not read", again)
            case .openDocument:
                ("the file is an OpenDocument file (.ods, .odt) that is not read", again)
            case .numbers:
                ("the file is a Numbers document that is not read", "export it from Numbers as .xlsx")
            case .otherDocument:
                (
                    "the file is a text document or a presentation, no table",
                    "copy its table into a spreadsheet, and save that as .xlsx"
                )
            case .markup: ("the file is a web page, whatever its name says", again)
            case .spreadsheetXML: ("the file is XML, whatever its name says", again)
            case .otherContainer:
                (
                    "the file is a ZIP file without a workbook",
                    "unpack it, and bring in the tables that are in it"
                )
            case .otherBinary(let name):
                ("the file is a \(name) file, no table", "bring in the table as .xlsx or .csv")
            }
        return site.invalid(message, advice: advice)
    }
}
