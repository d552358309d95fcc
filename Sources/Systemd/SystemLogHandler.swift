package import Logging
internal import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// The least severe level that is written: one for all loggers, and changed while they run.
package final class LogThreshold: Sendable {
    private let value: Mutex<Logger.Level>

    /// A threshold at `level`.
    package init(_ level: Logger.Level) { value = Mutex(level) }

    /// The level.
    package var level: Logger.Level {
        get { value.withLock { $0 } }
        set { value.withLock { $0 = newValue } }
    }
}

/// Writes log lines where this machine keeps them: to the journal as native fields when the journal is there,
/// otherwise to standard error as plain lines.
///
/// Metadata become upper-case fields with the prefix `QUARTER_` in the journal and `key=value` on a line.
package struct SystemLogHandler: LogHandler {
    /// Where lines go.
    package enum Destination: Hashable, Sendable {
        /// The journal's own socket.
        case journal
        /// A descriptor, normally standard error (2).
        case descriptor(CInt)
    }

    private var ownLevel: Logger.Level?
    private let threshold: LogThreshold
    /// What every line of this handler carries.
    package var metadata: Logger.Metadata = [:]
    private let label: String
    private let messageIDs: [String: String]
    private let destination: Destination

    /// The metadata key of an entry's kind of event, such as `reloaded`.
    ///
    /// Only the journal gets it, as `QUARTER_EVENT`, with the event's `MESSAGE_ID`.
    package static let eventKey = "event"

    /// A handler for the logger `label`, which follows `threshold` until it is given a level of its own.
    ///
    /// - Parameter messageIDs: the journal's `MESSAGE_ID` of each kind of event, by its name.
    package init(
        label: String, threshold: LogThreshold, messageIDs: [String: String] = [:],
        destination: Destination = Self.usual
    ) {
        self.label = label
        self.threshold = threshold
        self.messageIDs = messageIDs
        self.destination = destination
    }

    /// Its own level, or the threshold's.
    package var logLevel: Logger.Level {
        get { ownLevel ?? threshold.level }
        set { ownLevel = newValue }
    }

    /// One of `metadata`.
    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// The journal when standard error is connected to it, otherwise standard error.
    package static var usual: Destination { Journal.isConnected ? .journal : .descriptor(2) }

    /// Writes one line.
    package func log(event: LogEvent) {
        var fields = metadata
        if let own = event.metadata { fields.merge(own) { $1 } }
        if let error = event.error { fields["error"] = "\(error)" }
        let ordered = fields.sorted { $0.key < $1.key }.map { (key: $0.key, value: "\($0.value)") }
        switch destination {
        case .journal: sendToJournal(event, ordered)
        case .descriptor(let descriptor): write(line(event, ordered), to: descriptor)
        }
    }

    /// One line: level, message, metadata.
    ///
    /// Line breaks in a message become `⏎`, so that a line is a record.
    func line(_ event: LogEvent, _ fields: [(key: String, value: String)]) -> String {
        var text = "\(event.level.rawValue): \(event.message)"
        for (key, value) in fields where key != Self.eventKey { text += " \(key)=\(value)" }
        return text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).joined(
            separator: "⏎") + "\n"
    }

    private func write(_ line: String, to descriptor: CInt) {
        // One write a line: lines of several threads do not mix on a pipe or a terminal.
        var line = line
        line.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while !rest.isEmpty {
                let written = Glibc.write(descriptor, rest.baseAddress, rest.count)
                if written < 0, errno == EINTR { continue }
                guard written > 0 else { return }
                rest = UnsafeRawBufferPointer(rebasing: rest[written...])
            }
        }
    }

    private func sendToJournal(_ event: LogEvent, _ fields: [(key: String, value: String)]) {
        var entries = [
            "MESSAGE=\(event.message)",
            "PRIORITY=\(Self.priority(of: event.level))",
            "SYSLOG_IDENTIFIER=\(label)",
            "CODE_FILE=\(event.file)",
            "CODE_LINE=\(event.line)",
            "CODE_FUNC=\(event.function)",
        ]
        for (key, value) in fields {
            entries.append(Self.fieldName(of: key) + "=" + value)
            if key == Self.eventKey, let id = messageIDs[value] { entries.append("MESSAGE_ID=" + id) }
        }
        if !Journal.send(entries) { write(line(event, fields), to: 2) }
    }

    /// The journal's name of a metadata key: upper case, letters, digits and underscores, at most 64 bytes.
    static func fieldName(of key: String) -> String {
        let name = key.uppercased().unicodeScalars.map { scalar -> Character in
            ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar) ? Character(scalar) : "_"
        }
        return String(("QUARTER_" + String(name)).prefix(64))
    }

    /// syslog(3)'s number of a level.
    static func priority(of level: Logger.Level) -> Int {
        switch level {
        case .trace, .debug: 7
        case .info: 6
        case .notice: 5
        case .warning: 4
        case .error: 3
        case .critical: 2
        }
    }
}
