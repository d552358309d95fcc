/// A kind of event that an administrator finds in the journal: one row of the table that MESSAGE_ID, message
/// catalog and `docs/events.md` are made from.
///
/// An id, once released, is never given to another kind and never changes: people have filters on it.
package struct JournalEvent: Hashable, Sendable {
    /// Its name, in snake case: the journal's `QUARTER_EVENT`.
    package let name: String
    /// The journal's `MESSAGE_ID`: 32 hexadecimal digits (sd-id128(3)).
    package let messageID: String
    /// How severe it is.
    package let severity: Severity
    /// One line for the catalog; `@FIELD@` stands for a field of the entry.
    package let subject: String
    /// What it means and what to do, in sentences; `@FIELD@` stands for a field of the entry.
    package let explanation: String
    /// The fields that every entry of the kind carries, besides the journal's own.
    package let fields: [String]

    /// How severe an event is, in syslog's words.
    package enum Severity: String, Hashable, Sendable {
        /// What an administrator may want to know.
        case info
        /// Out of the ordinary, and not wrong.
        case notice
        /// Wrong, and survived.
        case warning
        /// An action failed.
        case error
        /// The daemon cannot go on.
        case critical
    }

    private init(
        _ name: String, _ messageID: String, _ severity: Severity, _ subject: String, fields: [String] = [],
        _ explanation: String
    ) {
        self.name = name
        self.messageID = messageID
        self.severity = severity
        self.subject = subject
        self.explanation = explanation
        self.fields = fields
    }

    /// Every kind, in the order of the documentation.
    package static let all: [JournalEvent] = [
        .ready, .notServing, .configurationFallback, .reloaded, .restartNeeded, .reloadFailed, .stopped,
        .watchdog, .moduleBroken, .moduleEnded, .moduleQuarantined, .moduleReleased, .recordWritten,
        .registerTaken, .requestFailed, .callerRefused, .backupMade, .backupFailed, .stateRestored,
    ]
}

// MARK: The daemon's life

extension JournalEvent {
    /// The daemon answers.
    package static let ready = JournalEvent(
        "ready", "7ecaf232154e487fa62f2398f0943508", .notice, "quarterd answers",
        fields: ["QUARTER_REVISION"],
        "Configuration, modules, store and network are open, and questions are answered. The message says what "
            + "the directory holds; `quarterctl status` says it at any time.")
    /// The directory could not be opened.
    package static let notServing = JournalEvent(
        "not_serving", "35d27e21550a4569b27438246fa8d6ad", .error, "quarterd runs, but cannot serve",
        fields: ["QUARTER_CODE"],
        """
        The directory could not be opened, for the reason in the message. The daemon stays up, so that no connection \
        is refused, and answers every question with 503 and the code @QUARTER_CODE@.

        configuration_invalid: mend the file and line that the message names, look with `quarterd --check`, then \
        `systemctl reload quarterd`.
        state_locked, store_unwritable: end the other process, free space, or mend the owner of the state folder; \
        the daemon tries again by itself every few seconds.
        store_damaged: restore a backup (quarterctl-restore in quarterctl(1)).
        """)
    /// The last valid configuration serves.
    package static let configurationFallback = JournalEvent(
        "configuration_fallback", "7aaaf8607cd3438c8892709f73b6e800", .error,
        "The configuration is wrong; the last valid one serves",
        "At this start the configuration or a declared type was wrong: the message names file and line. The daemon "
            + "took the copy of the last valid configuration from its state folder and answers as before. Mend the "
            + "file, look with `quarterd --check`, then `systemctl reload quarterd`.")
    /// A reload was done.
    package static let reloaded = JournalEvent(
        "reloaded", "36ff3b9a3531495e947f41f90fbb16cd", .notice, "quarterd has read its configuration again",
        fields: ["QUARTER_REVISION", "QUARTER_CHANGES"],
        "Configuration, declared types and new modules are in use. Entries of the level info name each change."
    )
    /// A change waits for a restart.
    package static let restartNeeded = JournalEvent(
        "restart_needed", "9eebcf8808634bbf98568491f4dc1893", .warning,
        "A change takes effect after a restart only",
        "The reload found a change that cannot come in while the daemon runs: a setting that says so in "
            + "quarter.toml(5), or a module's file that was replaced. `systemctl restart quarterd` brings it in; no "
            + "connection is refused meanwhile.")
    /// A reload found something wrong.
    package static let reloadFailed = JournalEvent(
        "reload_failed", "4cf0ea39780c47e7b3dc89beeab0cd55", .error,
        "The reload failed and has changed nothing",
        fields: ["QUARTER_CODE"],
        "The message names file and line of the first fault. Everything goes on as before the reload. Mend the file, "
            + "look with `quarterd --check`, then `systemctl reload quarterd` again.")
    /// The daemon has ended in order.
    package static let stopped = JournalEvent(
        "stopped", "dd62523c62654701938f762a580fe1f7", .notice, "quarterd has stopped",
        "Answers that were under way were finished, for at most ten seconds, and the store is closed. Connections "
            + "that come now wait in the socket and start the daemon again.")
    /// The watchdog is not fed.
    package static let watchdog = JournalEvent(
        "watchdog", "538caacd4bee42cca70a6ba66675663a", .critical, "quarterd hangs: @QUARTER_CAUSE@",
        fields: ["QUARTER_CAUSE"],
        """
        Within the watchdog's interval a real question must be answered through the index, the store must be read, \
        every event loop must turn, and no call of a module may go on for over a second. One of them did not: \
        @QUARTER_CAUSE@ (engine, store, loops or module). The service manager ends the daemon and starts it again; \
        connections wait in the socket meanwhile.

        module: the message names it; the end counts towards its quarantine. Report it to the module's author.
        store: look at the disk (`journalctl -k`), and whether another program holds the store.
        engine, loops: please report it, with the backtrace that `coredumpctl` keeps.
        """)
}

// MARK: Modules

extension JournalEvent {
    /// A module or a declared type cannot be used.
    package static let moduleBroken = JournalEvent(
        "module_broken", "022a7b70cfcd4126ad56506d85b155a9", .warning,
        "A module or a declared type is left out",
        "The message says which file and why. Places of its types stay in the store and are not dressed. Replace or "
            + "mend the file, then `systemctl reload quarterd`.")
    /// The last process ended in a module's call.
    package static let moduleEnded = JournalEvent(
        "module_ended", "cd46589246c74824914b7e1d69d6dd5c", .error,
        "The module @QUARTER_MODULE@ ended the daemon",
        fields: ["QUARTER_MODULE"],
        "The daemon that ran before this one ended while it was in a call of this module: a trap, or a call that "
            + "never came back. A second such end within ten minutes quarantines the module. Report it to the "
            + "module's author, with the entries before it.")
    /// A module is quarantined.
    package static let moduleQuarantined = JournalEvent(
        "module_quarantined", "80b9987ba3b740c69267c5590186460e", .error,
        "The module @QUARTER_MODULE@ is quarantined",
        fields: ["QUARTER_MODULE"],
        "It has ended the daemon twice within ten minutes, and is not opened any more; everything else goes on. When "
            + "it has been mended: `quarterctl modules release @QUARTER_MODULE@`.")
    /// A module was let out of quarantine.
    package static let moduleReleased = JournalEvent(
        "module_released", "f730ac760c1444a19144daab1e859ec0", .notice,
        "The module @QUARTER_MODULE@ is out of quarantine",
        fields: ["QUARTER_MODULE", "QUARTER_BY"],
        "An administrator released it; it is open again, and its earlier ends are forgotten.")
}

// MARK: Records and callers

extension JournalEvent {
    /// A record was written by hand.
    package static let recordWritten = JournalEvent(
        "record_written", "3d59a2f34ef24caa81fb19d17234310b", .info, "A record was written",
        fields: ["QUARTER_REVISION", "QUARTER_PEER_UID", "QUARTER_BY"],
        "Somebody with the right to write changed a record through the admin socket; QUARTER_COMMUNITY is its "
            + "community, where it has one. The store's audit has the record before and after.")
    /// A register was taken in.
    package static let registerTaken = JournalEvent(
        "register_taken", "002ceb2f9759474680e9d570735f7496", .notice, "A register was taken in",
        fields: ["QUARTER_REVISION", "QUARTER_FORMAT", "QUARTER_PEER_UID", "QUARTER_BY"],
        "A register file came through the admin socket. Its report went to the one who sent it.")
    /// A request failed by a fault of ours or of the disk.
    package static let requestFailed = JournalEvent(
        "request_failed", "9f5e0d8e82404cfb9047a434007697fa", .error, "A request failed: @QUARTER_CODE@",
        fields: ["QUARTER_CODE", "QUARTER_SOCKET"],
        """
        The fault lies with this machine or with Quarter, not with the caller.

        store_unwritable: the disk is full, or the state folder has another owner. Nothing that was acknowledged is \
        lost; reading goes on.
        store_damaged, network_damaged: restore a backup, or import the map again.
        module_failed: `quarterctl modules` says more.
        internal_error: please report it with this entry.
        """)
    /// A caller was refused.
    package static let callerRefused = JournalEvent(
        "caller_refused", "4880552756b942eba8d4479af3720af7", .notice, "A caller was refused: @QUARTER_CODE@",
        fields: ["QUARTER_CODE", "QUARTER_SOCKET"],
        """
        forbidden: the user in QUARTER_PEER_UID may not write; members of the group quarter-admin may.
        foreign_host: a page from elsewhere tried to ask through this machine's browser, or kiosk.allowed_hosts \
        lacks a name of this machine.
        too_many_connections: one user holds too many connections; requests.connections_per_user is the limit.
        """)
}

// MARK: Backups

extension JournalEvent {
    /// A backup was made and checked.
    package static let backupMade = JournalEvent(
        "backup_made", "b2fd168756544c74afc1fce2f77f316d", .notice, "A backup was made",
        fields: ["QUARTER_REVISION", "QUARTER_FOLDER"],
        "Store and network were copied beside the running daemon, and the copies were read whole and found sound. "
            + "Bring one back with `quarterctl restore @QUARTER_FOLDER@`.")
    /// A backup could not be made.
    package static let backupFailed = JournalEvent(
        "backup_failed", "52c16449180044b78094f845f4a5b466", .error, "The backup failed",
        fields: ["QUARTER_CODE"],
        "No backup was made, and no older one was removed. The message says why: mostly a full disk, or a folder that "
            + "the user quarter may not write.")
    /// A backup was brought back.
    package static let stateRestored = JournalEvent(
        "state_restored", "62fc9a12ed8a4b10a65771538cf54748", .notice, "A backup was brought back",
        fields: ["QUARTER_REVISION", "QUARTER_FOLDER"],
        "The state folder is that of the backup. What was there before lies beside it, in a folder that begins with "
            + "before-restore; remove it when all is well.")
}

// MARK: Pages

extension JournalEvent {
    /// The message catalog for `journalctl -x` (https://systemd.io/CATALOG/).
    package static func catalog() -> String {
        var text = """
            # Generated by `make docs` from Sources/DirectoryAPI/JournalEvent.swift.
            # The explanations that `journalctl -x` prints beside quarterd's entries.

            """
        for event in all {
            text += "\n-- \(event.messageID)\nSubject: \(event.subject)\nDefined-By: Quarter\n"
            text += "Documentation: man:quarterd(8)\n\n\(event.explanation)\n"
        }
        return text
    }

    /// The page `docs/events.md`.
    package static func markdown() -> String {
        var page = """
            # Events

            <!-- Generated by `make docs` from Sources/DirectoryAPI/JournalEvent.swift. -->

            What quarterd and quarterctl write to the journal. Each entry carries `MESSAGE_ID`, `QUARTER_EVENT`, \
            `CODE_FILE`, `CODE_LINE` and the fields named here; `journalctl -x` prints the explanation beside it.

            ```
            journalctl -u quarterd QUARTER_EVENT=reload_failed       # one kind of event
            journalctl -u quarterd -o json QUARTER_EVENT=record_written
            ```

            """
        for event in all {
            let fields = event.fields.map { "`\($0)`" }.joined(separator: ", ")
            page +=
                "\n## \(event.name)\n\n\(event.subject). Level \(event.severity.rawValue), `\(event.messageID)`"
            page += fields.isEmpty ? ".\n" : "; \(fields).\n"
            page += "\n\(event.explanation)\n"
        }
        return page
    }
}
