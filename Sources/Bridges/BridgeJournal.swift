package import DirectoryModel
internal import Foundation

/// Lines on standard error, which systemd takes into the journal with their severity (sd-daemon(3)).
package struct BridgeJournal: Sendable {
    /// How much a line matters, as syslog(3) counts it.
    package enum Severity: Int, Sendable {
        /// Somebody has to do something.
        case error = 3
        /// Something was put off or refused.
        case warning = 4
        /// What was done.
        case notice = 5
        /// What matters only to who watches.
        case info = 6
    }

    /// Whether lines begin with their severity, `<4>`: where standard error leads to the journal.
    private let marksSeverity: Bool

    /// A journal on standard error.
    package init() {
        marksSeverity = ProcessInfo.processInfo.environment["JOURNAL_STREAM"] != nil
    }

    /// Writes one line; control characters of the text are shown as their escapes.
    package func note(_ severity: Severity, _ text: String) {
        let line = (marksSeverity ? "<\(severity.rawValue)>" : "") + text.onOneLine + "\n"
        FileHandle.standardError.write(Data(line.utf8))
    }

    /// Writes what failed, in one line.
    package func complain(_ error: DirectoryError) {
        note(FaultKind(of: error) == .lasting ? .error : .warning, error.description)
    }
}

extension String {
    /// The text with its control characters and line ends shown as `\u{1B}`: a name that a stranger gave a file writes
    /// no second line and moves no cursor.
    package var onOneLine: String {
        var text = ""
        for scalar in unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator, .format:
                text += "\\u{" + String(scalar.value, radix: 16, uppercase: true) + "}"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}
