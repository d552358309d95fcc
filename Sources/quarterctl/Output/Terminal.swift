import DirectoryModel
import Foundation

/// What is at the other end of standard output and standard error.
enum Terminal {
    /// Whether answers go to a person's terminal.
    static let isInteractive = isatty(STDOUT_FILENO) == 1
    /// Whether progress and complaints go to a person's terminal.
    static let showsProgress =
        isatty(STDERR_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
    /// Whether answers may be coloured: on a terminal, unless NO_COLOR is set (https://no-color.org).
    static let hasColour =
        isInteractive && (ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty
        && ProcessInfo.processInfo.environment["TERM"] != "dumb"

    /// Columns of the terminal; nil when answers go elsewhere and nothing is to be cut.
    static var width: Int? {
        if let text = ProcessInfo.processInfo.environment["COLUMNS"], let columns = Int(text), columns > 0 {
            return columns
        }
        guard isInteractive else { return nil }
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }

    /// The language of the locale: Chinese for a Chinese one, else English.
    static let language: Language = {
        let environment = ProcessInfo.processInfo.environment
        let names = ["LC_ALL", "LC_MESSAGES", "LANG"].compactMap { environment[$0] }
        return names.first { !$0.isEmpty }?.hasPrefix("zh") == true ? .zh : .en
    }()

    /// A style of text.
    enum Style: String {
        /// Titles.
        case bold = "1"
        /// What matters less.
        case faint = "2"
        /// What is good.
        case green = "32"
        /// What is doubtful.
        case yellow = "33"
        /// What is wrong.
        case red = "31"
    }

    /// The text in a style, where colours are shown.
    static func styled(_ text: String, _ style: Style) -> String {
        hasColour ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
    }

    /// Prints a table, its head bold.
    static func print(_ table: Table) {
        for (number, line) in table.lines(width: width).enumerated() {
            Swift.print(number == 0 ? styled(line, .bold) : line)
        }
    }

    /// Prints whom to credit for what was shown.
    static func printAttribution(_ attributions: [String]) {
        for attribution in attributions { Swift.print(styled("Data: " + attribution.printable, .faint)) }
    }

    /// Writes bytes to standard output as they are, and a line break.
    static func print(json bytes: [UInt8]) {
        FileHandle.standardOutput.write(Data(bytes))
        if bytes.last != UInt8(ascii: "\n") { FileHandle.standardOutput.write(Data("\n".utf8)) }
    }

    /// Writes a line to standard error.
    static func note(_ line: String) {
        FileHandle.standardError.write(Data((line + "\n").utf8))
    }

    /// Writes an error to standard error, in one line.
    static func complain(_ error: DirectoryError) {
        note("quarterctl: " + error.description.printable)
    }
}
