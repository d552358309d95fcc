package import DirectoryModel

/// What is known of a register before its first row: it is written row by row, in one transaction.
package struct RowBatch: Sendable {
    /// Where the rows come from.
    package var source: Source
    /// The file's name, without its folder.
    package var fileName: String
    /// The file's SHA-256 in lower-case hexadecimal digits.
    package var fileDigest: String
    /// Whether the file has all that the source knows: places that it had before and no longer has are marked.
    package var isComplete: Bool
    /// Whether nothing is to be written: every row is judged as if it were, and all is taken back.
    package var isRehearsal: Bool
    /// The party that brings it, and may change only what is its own; nil for an administrator.
    package var party: Party?

    /// A batch; see the fields.
    package init(
        source: Source, fileName: String, fileDigest: String, isComplete: Bool = false,
        isRehearsal: Bool = false, party: Party? = nil
    ) {
        self.source = source
        self.fileName = fileName
        self.fileDigest = fileDigest
        self.isComplete = isComplete
        self.isRehearsal = isRehearsal
        self.party = party
    }
}

/// What became of one row of a register.
package enum RowOutcome: String, Hashable, Sendable, CaseIterable {
    /// A new record.
    case created
    /// A record that is another now.
    case changed
    /// A record that was so already.
    case unchanged
    /// Not stored; a finding says why.
    case rejected
    /// Kept aside until somebody decides.
    case held
}

/// What became of one row, and what is to be said of it.
package struct RowResult: Sendable {
    /// What became of it.
    package var outcome: RowOutcome
    /// The record that it became, where there is one.
    package var id: PlaceID?
    /// What is wrong or doubtful.
    package var findings: [RecordFinding]

    /// A result; see the fields.
    package init(_ outcome: RowOutcome, id: PlaceID? = nil, findings: [RecordFinding] = []) {
        self.outcome = outcome
        self.id = id
        self.findings = findings
    }
}

/// Writes one row of a register, within the transaction of its batch; nil stands for a row that cannot be stored, so
/// that every row is counted.
///
/// - Throws: `store_unwritable`; a faulty record is not an error but a result.
package typealias RowWriter = (SourcedPlace?) throws(DirectoryError) -> RowResult

/// A register that was brought in, as the store keeps account of it.
package struct ImportSummary: Hashable, Sendable {
    /// Its number, from 1, ascending in time.
    package var number: Int64
    /// Its source.
    package var source: SourceID
    /// The file's name, without its folder.
    package var fileName: String
    /// The file's SHA-256 in lower-case hexadecimal digits, or another digest with its name before a colon.
    package var fileDigest: String
    /// Rows by what became of them; together they are all rows.
    package var rows: [RowOutcome: Int]
    /// Records that no source has any more, closed by this import.
    package var closed: Int
    /// The revision after it.
    package var revision: Revision
    /// When.
    package var time: Timestamp

    /// An account; see the fields.
    package init(
        number: Int64, source: SourceID, fileName: String, fileDigest: String, rows: [RowOutcome: Int],
        closed: Int, revision: Revision, time: Timestamp
    ) {
        self.number = number
        self.source = source
        self.fileName = fileName
        self.fileDigest = fileDigest
        self.rows = rows
        self.closed = closed
        self.revision = revision
        self.time = time
    }

    /// How many rows there were.
    package var rowCount: Int { rows.values.reduce(0, +) }
}

/// What the taking back of an import did.
package struct UndoReply: Hashable, Sendable {
    /// The revision after it.
    package var revision: Revision
    /// The import that was taken back.
    package var batch: Int64
    /// Records that are as they were before it.
    package var restored: Int
    /// Records that it had made and that are gone.
    package var deleted: Int

    /// A reply; see the fields.
    package init(revision: Revision, batch: Int64, restored: Int, deleted: Int) {
        self.revision = revision
        self.batch = batch
        self.restored = restored
        self.deleted = deleted
    }
}

extension ImportSummary {
    /// Writes it as `/v1/imports` has it.
    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.key("batch")
        json.whole(Int(number))
        json.key("source")
        json.string(source.rawValue)
        json.key("file")
        json.string(fileName)
        json.key("digest")
        json.string(fileDigest)
        json.key("rows")
        json.whole(rowCount)
        for outcome in RowOutcome.allCases {
            json.key(outcome.rawValue)
            json.whole(rows[outcome] ?? 0)
        }
        json.key("closed")
        json.whole(closed)
        json.key("revision")
        json.whole(revision.number)
        json.key("time")
        json.string(time.rfc3339)
        json.endObject()
    }
}

extension UndoReply {
    /// Writes it as `DELETE /v1/imports/{id}` answers.
    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.key("revision")
        json.whole(revision.number)
        json.key("batch")
        json.whole(Int(batch))
        json.key("restored")
        json.whole(restored)
        json.key("deleted")
        json.whole(deleted)
        json.endObject()
    }
}

/// A piece of an answer file: a long one is fetched piece by piece, so that nobody holds it whole.
package enum AnswerPiece {
    /// No answer file is longer, in bytes: twice the longest register.
    package static let longestFile = 1 << 41
    /// The longest piece that can be asked for, in bytes; chosen, not measured.
    package static let longest = 16 << 20
    /// The piece that our own clients ask for, in bytes; chosen, not measured.
    package static let usual = 4 << 20
}
