internal import Digests
internal import DirectoryAPI
package import DirectoryClient
package import DirectoryModel
internal import Foundation

/// One pass over the drop folders: takes what is complete, and waits a while for what is not.
///
/// Each file is copied to where only this user writes, sent from there, answered, kept, and only then taken out of the
/// drop folder. Whatever ends the run in between, the file is still in the drop folder, and its key has the daemon take
/// it once.
package struct InboxRun {
    /// What a run did.
    package struct Tally: Hashable, Sendable {
        /// Files that were taken.
        package var taken = 0
        /// Files that went to `failed`.
        package var failed = 0
        /// Files that stay for the next run, since something was in the way that passes.
        package var postponed = 0
        /// Files that were not complete at the end.
        package var unsettled = 0
    }

    let rules: InboxRules
    let client: DirectoryClient
    let journal: BridgeJournal
    private var tally = Tally()
    /// What was seen of files that are not complete: since when they are as they are.
    private var watched: [Drop: (state: FileState, since: ContinuousClock.Instant)] = [:]
    /// Files that are left for the next run.
    private var postponed: Set<Drop> = []
    /// What was said already in this run.
    private var complaints: Set<String> = []

    /// A file of a source.
    struct Drop: Hashable {
        let source: FileName
        let file: FileName
    }

    /// How often files that are not complete are looked at.
    ///
    /// Chosen, not measured.
    private static let pause = 0.25

    /// A run.
    ///
    /// - Parameter client: of the admin socket, with timeouts for long work.
    package init(rules: InboxRules, client: DirectoryClient, journal: BridgeJournal = BridgeJournal()) {
        self.rules = rules
        self.client = client
        self.journal = journal
    }

    /// Takes what there is to take.
    ///
    /// - Throws: `unreadable_file` where there is no inbox, `store_unwritable`, `state_locked` where another run is at
    ///   work, `cannot_connect` and `unavailable` where the daemon is away: everything stays as it is then.
    package mutating func run() throws(DirectoryError) -> Tally {
        // Nobody may end this process by opening a file on which it has a lease.
        signal(SIGIO, SIG_IGN)
        signal(SIGPIPE, SIG_IGN)
        // Rights are those that are named below; strangers get none.
        umask(0o007)
        let inbox = try Folder(at: rules.inbox)
        let taken = try Folder(at: rules.takenFolder)
        let lock = try RunLock(in: taken)
        defer { lock.release() }
        let end = ContinuousClock.now + .seconds(rules.patience.value)
        while true {
            let before = tally
            tally.unsettled = 0
            for entry in try inbox.entries() where entry.kind == .folder && entry.name.bytes.first != 0x2E {
                try takeSource(entry.name, inbox, taken)
            }
            if tally.unsettled == 0, before.taken == tally.taken, before.failed == tally.failed { break }
            // After something was taken, what came meanwhile is looked for at once.
            if tally.unsettled > 0 {
                guard ContinuousClock.now < end else { break }
                usleep(UInt32(Self.pause * 1e6))
            }
        }
        return tally
    }

    private mutating func takeSource(_ name: FileName, _ inbox: Folder, _ taken: Folder)
        throws(DirectoryError)
    {
        let source: SourceFolder
        do throws(DirectoryError) {
            source = try SourceFolder(name, in: inbox, taken: taken)
        } catch {
            // One source's trouble is not the others'.
            return complain("\(inbox.path(of: name).onOneLine): \(error.description)")
        }
        let entries = try source.waiting().sorted { $0.state.changed < $1.state.changed }
        for entry in entries {
            let drop = Drop(source: name, file: entry.name)
            guard !postponed.contains(drop) else { continue }
            guard isSettled(entry, drop) else {
                tally.unsettled += 1
                continue
            }
            do throws(DirectoryError) {
                switch try take(entry, of: source) {
                case .taken: tally.taken += 1
                case .busy: tally.unsettled += 1
                }
            } catch {
                try dealWith(error, entry, drop, source)
            }
        }
    }

    /// Puts a file off, or into `failed`.
    private mutating func dealWith(
        _ error: DirectoryError, _ entry: FolderEntry, _ drop: Drop, _ source: SourceFolder
    ) throws(DirectoryError) {
        let which = "\(source.id.rawValue)/\(entry.name)"
        if FaultKind(of: error) == .lasting {
            do throws(DirectoryError) {
                if let name = try source.fail(entry, because: error) {
                    tally.failed += 1
                    return journal.note(.error, "\(which) is now failed/\(name): \(error.description)")
                }
                tally.unsettled += 1
                return
            } catch {
                complain("\(which) cannot be put aside: \(error.description)")
            }
        }
        // Nothing else would fare better.
        if [.cannotConnect, .unavailable].contains(error.code) { throw error }
        postponed.insert(drop)
        tally.postponed += 1
        complain("\(which) stays for the next run: \(error.description)")
    }

    private mutating func complain(_ words: String) {
        if complaints.insert(words).inserted { journal.note(.warning, words) }
    }

    /// Whether nobody has touched a file for long enough: by its own time, which nobody can set, or, where the machine's
    /// clock was set back, by having been watched.
    private mutating func isSettled(_ entry: FolderEntry, _ drop: Drop) -> Bool {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        let age = Double(Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec) - entry.state.changed) / 1e9
        if age >= rules.settling.value { return true }
        if let seen = watched[drop], seen.state == entry.state {
            return ContinuousClock.now - seen.since >= .seconds(rules.settling.value)
        }
        watched[drop] = (entry.state, ContinuousClock.now)
        return false
    }

    private enum Ending {
        case taken
        /// Somebody is writing to it.
        case busy
    }

    private func take(_ entry: FolderEntry, of source: SourceFolder) throws(DirectoryError) -> Ending {
        try refuse(entry)
        let file = try OpenFile(entry.name, in: source.folder)
        guard file.state == entry.state, !file.hasKnownWriter else { return .busy }
        let copy = try source.copy(file)
        defer { try? source.taken.remove(SourceFolder.draft) }
        guard file.presentState == entry.state, !file.hasKnownWriter else { return .busy }
        let digest = try FileDigest.sha256(of: copy)
        let mapping = try source.mapping()
        let upload = RegisterUpload(
            path: copy, fileName: entry.name.text,
            format: RegisterEndings.format(ofFile: entry.name.text) ?? "",
            source: source.id, mapping: mapping, key: key(digest, mapping, entry.state, source.id))
        let (report, isRepeated) = try upload.send(by: client)
        let answer = try source.answer(
            entry.name, try RegisterUpload.answer(to: report, from: client), or: report)
        let kept = try source.keep(entry.name, digest: digest)
        let isOut = try source.takeOut(entry, file)
        journal.note(
            .notice,
            "took \(source.id.rawValue)/\(entry.name)\(isRepeated ? ", which was in already" : ""): "
                + "\(AnswerText.counts(of: report)); answers/\(answer), \(kept)"
                + (isOut ? "" : "; it was changed meanwhile and will be taken again"))
        return .taken
    }

    /// What needs no daemon to be refused.
    private func refuse(_ entry: FolderEntry) throws(DirectoryError) {
        let name = entry.name.description
        guard entry.kind == .file else {
            let what = entry.kind == .folder ? "a folder" : entry.kind == .link ? "a link" : "no file"
            throw DirectoryError(
                .unreadableFile, "\(name) is \(what)", advice: "put the files themselves there")
        }
        guard RegisterEndings.format(ofFile: entry.name.text) != nil else {
            throw DirectoryError(
                .unsupportedMedia, "\(name) does not say by its ending what it is",
                advice: "save it as .xlsx, .csv, .tsv, .geojson, .json or .osm.pbf")
        }
        guard entry.state.size > 0 else {
            throw DirectoryError(.invalidFile, "\(name) is empty", advice: "save it again")
        }
        guard entry.state.size <= rules.longest else {
            throw DirectoryError(
                .tooLarge, "\(name) has \(entry.state.size) bytes, more than \(rules.longest)",
                advice: "split it, or raise --longest and requests.register_limit")
        }
    }

    /// One for each dropping of a file: the same after a crash, another when the same file is dropped again, so that a
    /// table may come in again after its import was taken back, and when somebody has mended the mapping.
    private func key(
        _ digest: String, _ mapping: String?, _ state: FileState, _ source: SourceID
    ) -> String {
        NameUUID.text(
            of:
                "\(source.rawValue)/\(digest)/\(state.device)/\(state.inode)/\(state.changed)/\(mapping ?? "")",
            in: Array("quarter:inboxkey".utf8))
    }
}

/// Sees to it that one run at a time is at work.
private struct RunLock: ~Copyable {
    private let descriptor: CInt

    init(in folder: Folder) throws(DirectoryError) {
        let name = FileName(".lock")
        let opened = folder.with(name) {
            openat(folder.descriptor, $0, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
        }
        guard opened >= 0 else { throw Folder.unwritable(folder.path(of: name), errno) }
        guard flock(opened, LOCK_EX | LOCK_NB) == 0 else {
            close(opened)
            throw DirectoryError(
                .stateLocked, "another run is at work on \(folder.path)", advice: "wait until it has ended")
        }
        descriptor = opened
    }

    func release() { close(descriptor) }
}
