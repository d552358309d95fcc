import DirectoryModel

/// That one source knows one record.
package struct Sighting: Hashable, Sendable {
    /// Who knows it.
    package let source: SourceID
    /// What kind of record it is.
    package let kind: RecordKind
    /// The source's own key for it, unique among that source's records of that kind.
    package let key: String
    /// The record's id.
    package let id: String
    /// Whether the source still had it when it was last read.
    package let isPresent: Bool
    /// The revision at which the source first brought it.
    package let first: Revision
    /// The revision at which it last appeared, vanished, came back, or was tied to another record.
    package let last: Revision
    /// When the source last had it, to half a day; nil where that was before stores kept it.
    package let seen: Timestamp?
}

/// What became of the records that a source no longer has.
package struct Absences: Hashable, Sendable {
    /// How many sightings were marked absent.
    package var marked: Int
    /// Ids of the records that no source has any more, ascending; places and origins among them were closed.
    package var vanished: [String]
    /// Ids of the records that another source still has, ascending; they were left as they are.
    package var held: [String]

    /// Absences; see the fields.
    package init(marked: Int = 0, vanished: [String] = [], held: [String] = []) {
        self.marked = marked
        self.vanished = vanished
        self.held = held
    }
}

/// What became of a record that was to be deleted.
package enum Deletion: Hashable, Sendable {
    /// It is gone, and so are its sightings.
    case deleted
    /// There is no such record.
    case unknown
    /// These other sources still have it, ascending: it stays, and only the writer's own sightings are absent.
    case held(by: [SourceID])
}

/// One row of the audit: who changed what, when, from what to what.
package struct AuditEntry: Hashable, Sendable {
    /// Its number, ascending in time; some numbers may be missing.
    package let number: Int64
    /// The revision that the change made.
    package let revision: Revision
    /// When.
    package let time: Timestamp
    /// Who.
    package let actor: Actor
    /// The source that the writer spoke for, if any.
    package let source: SourceID?
    /// What kind of record.
    package let kind: RecordKind
    /// Its id.
    package let id: String
    /// The record before as canonical JSON (`RecordJSON`), nil where there was none.
    package let before: String?
    /// The record after as canonical JSON, nil where it was deleted.
    package let after: String?
}

/// How many rows of an import came to what.
package struct ImportCounts: Hashable, Sendable {
    /// Rows, or things of the file that were looked at: accepted + changed + unchanged + rejected + held.
    package var rows: Int
    /// New records.
    package var accepted: Int
    /// Records that were changed.
    package var changed: Int
    /// Records that were already as the file has them.
    package var unchanged: Int
    /// Rows that were refused.
    package var rejected: Int
    /// Rows that wait for somebody's decision.
    package var held: Int
    /// Records that no source has any more, closed by this import; they are not among the rows.
    package var closed: Int

    /// Counts; see the fields.
    package init(
        rows: Int = 0, accepted: Int = 0, changed: Int = 0, unchanged: Int = 0, rejected: Int = 0,
        held: Int = 0, closed: Int = 0
    ) {
        self.rows = rows
        self.accepted = accepted
        self.changed = changed
        self.unchanged = unchanged
        self.rejected = rejected
        self.held = held
        self.closed = closed
    }
}

/// One file, or part of one, that was imported in one transaction.
package struct ImportBatch: Hashable, Sendable {
    /// Its number, from 1, ascending in time.
    package let number: Int64
    /// The source that it was imported for.
    package let source: SourceID
    /// The file's name, without its folder.
    package let fileName: String
    /// The file's SHA-256 in lower-case hexadecimal digits, or another digest with its name before a colon.
    package let fileDigest: String
    /// What came of its rows.
    package let counts: ImportCounts
    /// The store's revision after it; the audit rows of that revision are its changes, if it made any.
    package let revision: Revision
    /// When.
    package let time: Timestamp
}

/// The reply to an earlier write, kept so that the same request, sent again, gets the same answer.
package struct RememberedReply: Hashable, Sendable {
    /// A digest of the request that it answered: the same key with another digest is a client's mistake.
    package let requestDigest: [UInt8]
    /// The reply's HTTP status.
    package let status: Int
    /// The reply's body.
    package let body: [UInt8]
    /// When it was given.
    package let time: Timestamp

    /// A reply; see the fields.
    package init(requestDigest: [UInt8], status: Int, body: [UInt8], time: Timestamp) {
        self.requestDigest = requestDigest
        self.status = status
        self.body = body
        self.time = time
    }
}
