import DirectoryAPI
import Systemd

/// What a command that was started by the service manager writes to the journal, besides what it prints.
enum JournalNote {
    /// Writes an entry of a kind of event; nothing where standard error leads elsewhere: a person reads what is
    /// printed.
    ///
    /// - Parameter fields: further fields, without their prefix `QUARTER_`.
    static func write(
        _ event: JournalEvent, _ message: String, _ fields: [String: String], file: String = #fileID,
        function: String = #function, line: Int = #line
    ) {
        guard Journal.isConnected else { return }
        let priority =
            switch event.severity {
            case .critical: 2
            case .error: 3
            case .warning: 4
            case .notice: 5
            case .info: 6
            }
        _ = Journal.send(
            [
                "MESSAGE=\(message)", "PRIORITY=\(priority)", "SYSLOG_IDENTIFIER=quarterctl",
                "MESSAGE_ID=\(event.messageID)", "QUARTER_EVENT=\(event.name)", "CODE_FILE=\(file)",
                "CODE_LINE=\(line)", "CODE_FUNC=\(function)",
            ] + fields.sorted { $0.key < $1.key }.map { "QUARTER_\($0.key)=\($0.value)" })
    }
}
