/// The apostrophe that keeps a text of a CSV file from being run as a formula.
///
/// A spreadsheet that opens a CSV file runs a field that begins with one of these characters. The writer puts one
/// apostrophe before a text in which such a character comes first, or first after apostrophes; the reader takes one
/// apostrophe from a text in which such a character comes first after at least one. So each text reads back as it
/// was, those that begin with apostrophes too, and every other text is left alone by both.
enum FormulaGuard {
    /// Whether a text needs the apostrophe: for the writer.
    static func needsMark(_ text: some StringProtocol) -> Bool {
        let rest = text.unicodeScalars.drop { $0 == "'" }
        guard let first = rest.first else { return false }
        switch first {
        case "=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠": return true
        default: return false
        }
    }

    /// Whether a text has the apostrophe: for the reader.
    static func hasMark(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard text.first == UInt8(ascii: "'"), let index = text.firstIndex(where: { $0 != UInt8(ascii: "'") })
        else {
            return false
        }
        return needsMark(String(decoding: text[index..<min(index + 4, text.count)], as: UTF8.self))
    }
}
