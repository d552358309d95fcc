package import DirectoryAPI
package import DirectoryModel
internal import DirectoryStore
internal import Synchronization

extension DirectoryEngine {
    /// Rows of the audit that one page looks at, at most: a page that finds nothing is no long work.
    ///
    /// Chosen, not measured.
    private static let scanLimit = 5_000
    /// Rows of the audit that are read at once.
    private static let pieceRows = WalkLimit.maximumPage
    /// Bytes of records in the rows that are read at once, but for one record that has more.
    ///
    /// Chosen, not measured: it bounds what a reader, and what a follower that takes nothing, costs.
    private static let pieceBytes = 256 << 10

    /// What was changed after a point of the history, oldest first.
    package func changes(_ query: ChangeQuery) throws(DirectoryError) -> ChangePage {
        // What is committed and not yet in the index is told later: whoever hears of a change can ask about it.
        let present = reading { index in index.revision }
        var page = ChangePage(
            revision: present, changes: [], next: query.position ?? FeedPosition(present))
        guard page.next.revision <= present else {
            throw DirectoryError(
                .revisionAhead,
                "revision \(page.next.revision.number) lies ahead: the directory is at \(present.number)",
                advice: "was a backup restored? read the directory anew, and go on from \(present.number)",
                location: "since")
        }
        var scanned = 0
        var bytes = 0
        while !page.isWhole, page.changes.count < query.limit, scanned < Self.scanLimit,
            bytes < Self.pieceBytes
        {
            let piece = try piece(after: page.next, through: page.revision)
            // Somebody else may have read it, later than this page was begun.
            page.revision = max(page.revision, piece.through)
            let begin = page.changes.count
            for row in piece.rows {
                scanned += 1
                page.next = row.position
                guard let change = row.change(for: query) else { continue }
                page.changes.append(change)
                if page.changes.count == query.limit { break }
            }
            if query.withRecord {
                bytes += try addRecords(to: &page, from: begin, within: Self.pieceBytes - bytes)
            }
            if piece.isWhole, piece.rows.last.map({ $0.position == page.next }) ?? true {
                page.next = FeedPosition(piece.through)
            }
        }
        return page
    }

    /// Calls `body` after each commit that raises the revision.
    package func watchCommits(_ body: @escaping @Sendable (Revision) -> Void) -> CommitWatch {
        commits.watch(body)
    }

    /// Puts the records as they are now beside the changes of a page, which is cut where they are too long for it.
    ///
    /// Not as they were then: what was taken out of the directory, such as a number that was somebody's own, is told to
    /// nobody any more.
    /// - Returns: their bytes in the store.
    private func addRecords(to page: inout ChangePage, from begin: Int, within budget: Int)
        throws(DirectoryError) -> Int
    {
        let changes = page.changes
        let (records, bytes) = try store.read { reader in
            var records: [ChangedRecord?] = []
            var bytes = 0
            for change in changes[begin...] where bytes < budget {
                let record = try reader.record(change.kind, change.id)
                bytes += record.map { RecordJSON.encode($0).utf8.count } ?? 0
                records.append(record.flatMap(ChangedRecord.init))
            }
            return (records, bytes)
        }
        for (index, record) in records.enumerated() { page.changes[begin + index].record = record }
        if begin + records.count < page.changes.count {
            page.changes.removeSubrange((begin + records.count)...)
            page.next = page.changes.last?.position ?? page.next
        }
        return bytes
    }

    private func piece(after position: FeedPosition, through present: Revision) throws(DirectoryError)
        -> HistoryPiece
    {
        if let known = history.piece(after: position) { return known }
        let read = try store.read { reader in
            // An audit that was shortened begins later than the first revision.
            let begin = try reader.historyBegin() ?? Revision(present.number + 1)
            guard position.revision.number + (position.part == 0 ? 1 : 0) >= begin.number else {
                throw DirectoryError(
                    .historyGone,
                    "the changes since \(position) are no longer kept: the oldest are of revision \(begin.number)",
                    advice: "read the directory anew, and go on from \(present.number)", location: "since")
            }
            return try reader.history(
                after: position.revision, part: position.part, through: present, limit: Self.pieceRows,
                bytes: Self.pieceBytes)
        }
        let piece = HistoryPiece(
            rows: try read.rows.map { row throws(DirectoryError) in try DescribedRow(row) },
            isWhole: read.isWhole, through: present)
        history.keep(piece, after: position)
        return piece
    }
}

/// A piece of the history, as it is told.
struct HistoryPiece: Sendable {
    let rows: [DescribedRow]
    /// Whether nothing followed up to `through`.
    let isWhole: Bool
    /// The directory's revision when it was read.
    let through: Revision
}

/// A row of the audit with what is told of it.
struct DescribedRow: Sendable {
    let entry: AuditEntry
    let position: FeedPosition
    /// Nil for a kind that the feed does not tell of.
    let kind: ChangeQuery.Kind?
    let outline: ChangeOutline

    init(_ row: HistoryRow) throws(DirectoryError) {
        entry = row.entry
        position = FeedPosition(entry.revision, part: row.isLast ? 0 : row.part)
        kind = ChangeQuery.Kind(rawValue: entry.kind.rawValue)
        outline = kind == nil ? ChangeOutline() : try ChangeOutline(entry)
    }

    /// The change, if it was asked for.
    func change(for query: ChangeQuery) -> RecordChange? {
        guard let kind else { return nil }
        let sides = [outline.before, outline.after].compactMap { $0 }
        guard
            sides.contains(where: { query.includes(kind: kind, type: $0.type, community: $0.community) }),
            let side = sides.last
        else { return nil }
        return RecordChange(
            position: position, time: entry.time, kind: kind, id: entry.id, outcome: outcome, type: side.type,
            community: side.community, fields: outline.fields, actor: entry.actor, source: entry.source)
    }

    private var outcome: RecordChange.Outcome {
        guard let before = outline.before else { return .created }
        guard let after = outline.after else { return .removed }
        return after.isClosed && !before.isClosed ? .closed : .changed
    }
}

extension ChangedRecord {
    /// A record of a kind that the feed tells of.
    fileprivate init?(_ record: Record) {
        switch record {
        case .place(let place): self = .place(place)
        case .origin(let origin): self = .origin(origin)
        case .community(let community): self = .community(community)
        case .grid(let grid): self = .grid(grid)
        case .organisation(let organisation): self = .organisation(organisation)
        case .activity(let activity): self = .activity(activity)
        case .notice(let notice): self = .notice(notice)
        case .source: return nil
        }
    }
}

extension StoreReader {
    /// The record as it is now; nil where it is gone.
    fileprivate func record(_ kind: ChangeQuery.Kind, _ id: String) throws(DirectoryError) -> Record? {
        switch kind {
        case .place: try place(PlaceID(unchecked: id)).map { .place($0) }
        case .origin: try origin(OriginID(unchecked: id)).map { .origin($0) }
        case .community: try community(CommunityID(unchecked: id)).map { .community($0) }
        case .grid: try grid(GridID(unchecked: id)).map { .grid($0) }
        case .organisation: try organisation(OrganisationID(unchecked: id)).map { .organisation($0) }
        case .activity: try activity(ActivityID(unchecked: id)).map { .activity($0) }
        case .notice: try notice(NoticeID(unchecked: id)).map { .notice($0) }
        }
    }
}

/// Remembers the piece of the history that was read last: of a hundred followers that hear of a commit one reads it.
///
/// A piece stays right, because nothing is ever put before its end.
final class HistoryMemory: Sendable {
    private let last = Mutex<(position: FeedPosition, piece: HistoryPiece)?>(nil)

    /// The piece after a position, if it is the one that was read last, or its rest.
    func piece(after position: FeedPosition) -> HistoryPiece? {
        guard let (start, piece) = last.withLock({ $0 }) else { return nil }
        if start == position { return piece }
        guard let index = piece.rows.firstIndex(where: { $0.position == position }),
            index + 1 < piece.rows.count
        else { return nil }
        return HistoryPiece(
            rows: Array(piece.rows[(index + 1)...]), isWhole: piece.isWhole, through: piece.through)
    }

    /// Keeps a piece; one without rows would hide what comes.
    func keep(_ piece: HistoryPiece, after position: FeedPosition) {
        guard !piece.rows.isEmpty else { return }
        last.withLock { $0 = (position, piece) }
    }
}

/// Tells whoever wants to know of each commit.
final class CommitBell: Sendable {
    private struct State {
        var watchers: [UInt64: @Sendable (Revision) -> Void] = [:]
        var count: UInt64 = 0
        var revision = Revision(0)
    }

    private let state = Mutex(State())

    /// Says that the directory is at a revision; one that was said before is not said again.
    func ring(_ revision: Revision) {
        let watchers = state.withLock { state -> [@Sendable (Revision) -> Void] in
            guard state.revision < revision else { return [] }
            state.revision = revision
            return Array(state.watchers.values)
        }
        for watcher in watchers { watcher(revision) }
    }

    /// Calls `body` at each ring, for as long as the watch is held.
    func watch(_ body: @escaping @Sendable (Revision) -> Void) -> CommitWatch {
        let number = state.withLock { state in
            state.count += 1
            state.watchers[state.count] = body
            return state.count
        }
        return CommitWatch { [weak self] in
            self?.state.withLock { _ = $0.watchers.removeValue(forKey: number) }
        }
    }
}
