import CSystemd
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
    private let destination: Destination

    /// A handler for the logger `label`, which follows `threshold` until it is given a level of its own.
    package init(label: String, threshold: LogThreshold, destination: Destination = Self.usual) {
        self.label = label
        self.threshold = threshold
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
    ///
    /// `sd_journal_sendv` answers 0 even where no journal is, so the daemon looks itself: `JOURNAL_STREAM`
    /// names the device and inode of the stream that systemd connected (systemd.exec(5)).
    package static var usual: Destination {
        guard let stream = getenv("JOURNAL_STREAM") else { return .descriptor(2) }
        var status = stat()
        guard fstat(2, &status) == 0, String(cString: stream) == "\(status.st_dev):\(status.st_ino)",
            access("/run/systemd/journal/socket", W_OK) == 0
        else { return .descriptor(2) }
        return .journal
    }

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
        for (key, value) in fields { text += " \(key)=\(value)" }
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
        for (key, value) in fields { entries.append(Self.fieldName(of: key) + "=" + value) }
        var bytes: [UInt8] = []
        var lengths: [Int] = []
        for entry in entries {
            bytes.append(contentsOf: entry.utf8)
            lengths.append(entry.utf8.count)
        }
        let sent = bytes.withUnsafeMutableBytes { all -> CInt in
            var vectors: [iovec] = []
            var offset = 0
            for length in lengths {
                vectors.append(iovec(iov_base: all.baseAddress.map { $0 + offset }, iov_len: length))
                offset += length
            }
            return sd_journal_sendv(&vectors, CInt(vectors.count))
        }
        if sent < 0 { write(line(event, fields), to: 2) }
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
