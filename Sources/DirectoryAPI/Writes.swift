package import DirectoryModel

/// Who writes, and on what condition.
package struct WriteContext: Hashable, Sendable {
    /// Who writes.
    package var actor: Actor
    /// The `ETag` that the record must still have; `*` for any existing one; nil for no condition.
    package var ifMatch: String?
    /// The client's own key for this request: sent again, the first answer is given again.
    package var idempotencyKey: String?
    /// A digest of method, path and body, to tell a repeated request from another one under the same key.
    package var requestDigest: String
    /// The party that the writer speaks for; nil for an administrator, who may change anything.
    package var party: Party?

    /// A context; see the fields.
    package init(
        actor: Actor, ifMatch: String? = nil, idempotencyKey: String? = nil, requestDigest: String = "",
        party: Party? = nil
    ) {
        self.actor = actor
        self.ifMatch = ifMatch
        self.idempotencyKey = idempotencyKey
        self.requestDigest = requestDigest
        self.party = party
    }
}

/// What a write did.
package struct WriteReply: Hashable, Sendable {
    /// The revision after it; the same as before when nothing changed.
    package var revision: Revision
    /// The kind of record: place, origin, community.
    package var kind: String
    /// The record's id.
    package var id: String
    /// created, changed, unchanged or deleted.
    package var outcome: Outcome
    /// The record's `ETag` after it; empty when it is gone.
    package var tag: String
    /// Findings that did not hinder the write: one line each, Chinese and English.
    package var findings: [RecordFinding]
    /// The community that the record belongs to, or is, for the journal; it is no part of the answer.
    package var community: CommunityID?

    /// A reply; see the fields.
    package init(
        revision: Revision, kind: String, id: String, outcome: Outcome, tag: String,
        findings: [RecordFinding]
    ) {
        self.revision = revision
        self.kind = kind
        self.id = id
        self.outcome = outcome
        self.tag = tag
        self.findings = findings
    }

    /// What a write did to its record.
    package enum Outcome: String, Hashable, Sendable, CaseIterable {
        /// It was not there before.
        case created
        /// It is another now.
        case changed
        /// It was so already.
        case unchanged
        /// It is gone.
        case deleted
    }
}

/// A finding about one record.
package struct RecordFinding: Hashable, Sendable {
    /// `error`, `warning` or `note`.
    package var severity: String
    /// A stable code in snake case.
    package var code: String
    /// The record's id, or the source's own key.
    package var record: String
    /// The field that it is about.
    package var field: String?
    /// The value as given.
    package var value: String?
    /// What is wrong and what to do.
    package var message: LocalizedText
    /// Where it stands in the table that it was read from; nil for what comes from no table.
    package var cell: CellPlace?

    /// A finding; see the fields.
    package init(
        severity: String, code: String, record: String, field: String? = nil, value: String? = nil,
        message: LocalizedText, cell: CellPlace? = nil
    ) {
        self.severity = severity
        self.code = code
        self.record = record
        self.field = field
        self.value = value
        self.message = message
        self.cell = cell
    }
}

/// Where something stands in a table file.
package struct CellPlace: Hashable, Sendable {
    /// The sheet's name.
    package var sheet: String
    /// The row's number as a spreadsheet shows it, from 1.
    package var row: Int
    /// The column by its letters, such as "AB"; nil for the whole row.
    package var column: String?
    /// What stands at the column's head.
    package var header: String?

    /// A place; see the fields.
    package init(sheet: String, row: Int, column: String? = nil, header: String? = nil) {
        self.sheet = sheet
        self.row = row
        self.column = column
        self.header = header
    }

    /// The letters of a column: 0 is A, 26 is AA.
    package static func letters(of column: Int) -> String {
        var letters = ""
        var rest = column + 1
        while rest > 0 {
            let digit = (rest - 1) % 26
            letters = String(UnicodeScalar(UInt8(65 + digit))) + letters
            rest = (rest - 1) / 26
        }
        return letters
    }
}

/// Records of one source, to be stored together.
package struct RecordBatch: Sendable {
    /// Where they came from.
    package var source: Source
    /// Places, with the source's own words.
    package var places: [SourcedPlace]
    /// Origins, parents before parts or in any order.
    package var origins: [SourcedOrigin]
    /// Communities.
    package var communities: [Community]
    /// Grids.
    package var grids: [Grid]
    /// Organisations, by ids that are unique in the directory.
    package var organisations: [Organisation]
    /// Activities, by ids that are unique in the directory; their times can be read.
    package var activities: [Activity]
    /// Notices, by ids that are unique in the directory.
    package var notices: [Notice]
    /// Kinds of record that the source delivered whole: those it had before and no longer has are marked.
    package var complete: Set<RecordKind>
    /// The file's name, for the record of imports.
    package var fileName: String?
    /// A digest of the file with the digest's name before a colon, for the record of imports.
    package var fileDigest: String?

    /// An empty batch of a source.
    package init(source: Source) {
        self.source = source
        places = []
        origins = []
        communities = []
        grids = []
        organisations = []
        activities = []
        notices = []
        complete = []
    }
}

/// A place as a source has it.
package struct SourcedPlace: Sendable {
    /// The source's own key for it.
    package var key: String
    /// The place as far as the source knows it.
    package var place: Place
    /// The source's own words by its own keys.
    package var raw: [String: String]
    /// Whether the source states the directory's own id: then it is that place, whatever its key was before.
    package var isIdentified: Bool
    /// The fields that the source has something to say about, by their names on the wire.
    ///
    /// Nil for those in which the place says something; attributes that come out of `raw` count besides.
    package var stated: Set<String>?
    /// The unified social credit code of whoever runs it; nil where the source has none.
    package var creditCode: String?
    /// Who runs it, as the source names it; nil where it does not say.
    ///
    /// Of a row that is the organisation of its credit code, without a code that of exactly its name, else one that is made.
    package var organisation: Organisation?

    /// A place as a source has it; see the fields.
    package init(
        key: String, place: Place, raw: [String: String], isIdentified: Bool = false,
        stated: Set<String>? = nil,
        creditCode: String? = nil, organisation: Organisation? = nil
    ) {
        self.key = key
        self.place = place
        self.raw = raw
        self.isIdentified = isIdentified
        self.stated = stated
        self.creditCode = creditCode
        self.organisation = organisation
    }
}

/// An origin as a source has it.
package struct SourcedOrigin: Sendable {
    /// The source's own key for it.
    package var key: String
    /// The origin.
    package var origin: Origin

    /// An origin as a source has it; see the fields.
    package init(key: String, origin: Origin) {
        self.key = key
        self.origin = origin
    }
}

/// What became of a batch: for each kind, created + changed + unchanged + rejected + held = records given.
package struct BatchReport: Sendable {
    /// The revision after it; the same as before when nothing changed.
    package var revision: Revision
    /// By kind of record.
    package var counts: [RecordKind: BatchCounts]
    /// What is wrong or doubtful, in the order of the records.
    package var findings: [RecordFinding]
    /// The number by which the batch can be taken back; nil where nothing of it was written.
    package var number: Int64?

    /// A report; see the fields.
    package init(
        revision: Revision, counts: [RecordKind: BatchCounts], findings: [RecordFinding],
        number: Int64? = nil
    ) {
        self.revision = revision
        self.counts = counts
        self.findings = findings
        self.number = number
    }
}

/// Counts of one kind of record in a batch.
package struct BatchCounts: Hashable, Sendable {
    /// Not there before.
    package var created = 0
    /// Another now.
    package var changed = 0
    /// So already.
    package var unchanged = 0
    /// Not stored; a finding says why.
    package var rejected = 0
    /// Kept aside until somebody decides.
    package var held = 0
    /// No longer delivered by the source, and by no other: marked, not deleted.
    package var vanished = 0

    /// No records.
    package init() {}

    /// Records that the batch gave.
    package var given: Int { created + changed + unchanged + rejected + held }
}

/// A register file to be read.
package struct RegisterRequest: Sendable {
    /// Where the file lies.
    package var path: String
    /// Its name as the sender knows it.
    package var fileName: String
    /// One of `RegisterIntake.formats`.
    package var format: String
    /// The source's id; nil for the format's own default.
    package var source: SourceID?
    /// Who brings it.
    package var actor: Actor
    /// The party that he speaks for; nil for an administrator.
    package var party: Party?
    /// What is said about a table.
    package var table: TableInstructions
    /// The client's own key for this request: sent again with the same file, the first report is given again.
    package var idempotencyKey: String?

    /// A request; see the fields.
    package init(
        path: String, fileName: String, format: String, source: SourceID?, actor: Actor,
        party: Party? = nil, table: TableInstructions = TableInstructions(), idempotencyKey: String? = nil
    ) {
        self.path = path
        self.fileName = fileName
        self.format = format
        self.source = source
        self.actor = actor
        self.party = party
        self.table = table
        self.idempotencyKey = idempotencyKey
    }
}

/// What whoever brings a table says about it, beside the table itself.
package struct TableInstructions: Hashable, Sendable {
    /// The service type of all its rows; nil where a column, the mapping or the sheet's name says it.
    package var type: ServiceTypeID?
    /// The datum of its points; nil where a column or the mapping says it.
    package var datum: Datum?
    /// A mapping, as TOML; nil for the one that the source's last file had.
    package var mapping: String?
    /// Whether the table has all places of its source: those that it no longer has are marked.
    package var isComplete = false
    /// Whether nothing is to be written: the answer says what would become of each row.
    package var isRehearsal = false
    /// Where the answer file is to lie, without its extension; nil for the place where answers are kept, if one is
    /// wanted.
    package var answerPath: String?
    /// Whether an answer file is wanted.
    package var wantsAnswer = false

    /// Nothing is said.
    package init() {}
}

/// What became of a register: every row is accounted for.
package struct RegisterReport: Sendable {
    /// The format it was read as.
    package var format: String
    /// Its source.
    package var source: SourceID
    /// What became of the records.
    package var batch: BatchReport
    /// Things of interest in the file that became no record, by reason, most first.
    package var leftOut: [LeftOut]
    /// How many records were taken as what, and why ("wet_market by amenity=marketplace": 4).
    package var takenAs: [TakenAs]
    /// Figures for a person, in order ("walkable km": "87.2").
    package var figures: [(name: String, value: String)]
    /// Findings by code, most first, all of them counted; `batch.findings` may have the first ones only.
    package var findingCounts: [FindingCount]
    /// As what each column of a table was read.
    package var columns: [ReadColumn]
    /// Whether nothing was written.
    package var isRehearsal: Bool
    /// The answer file: the table's own rows with what became of each; nil where there is none.
    package var answerPath: String?
    /// The report as JSON that was given when the same request came first; nil for one of its own.
    ///
    /// Where it is there, nothing was written now, and the other fields tell nothing.
    package var firstReply: [UInt8]?

    /// A report; see the fields.
    package init(
        format: String, source: SourceID, batch: BatchReport, leftOut: [LeftOut] = [],
        takenAs: [TakenAs] = [], figures: [(name: String, value: String)] = [],
        findingCounts: [FindingCount]? = nil, columns: [ReadColumn] = [], isRehearsal: Bool = false,
        answerPath: String? = nil
    ) {
        self.format = format
        self.source = source
        self.batch = batch
        self.leftOut = leftOut
        self.takenAs = takenAs
        self.figures = figures
        self.findingCounts = findingCounts ?? FindingCount.counts(of: batch.findings)
        self.columns = columns
        self.isRehearsal = isRehearsal
        self.answerPath = answerPath
    }
}

/// How many findings of one kind there are.
package struct FindingCount: Hashable, Sendable {
    /// Their code.
    package var code: String
    /// `error`, `warning` or `note`.
    package var severity: String
    /// How many.
    package var count: Int

    /// A count; see the fields.
    package init(code: String, severity: String, count: Int) {
        self.code = code
        self.severity = severity
        self.count = count
    }

    /// The counts of some findings, most first, ties by code.
    package static func counts(of findings: [RecordFinding]) -> [FindingCount] {
        var counts: [[String]: Int] = [:]
        for finding in findings { counts[[finding.code, finding.severity], default: 0] += 1 }
        return sorted(counts.map { FindingCount(code: $0.key[0], severity: $0.key[1], count: $0.value) })
    }

    /// In the order of a report: most first, ties by code.
    package static func sorted(_ counts: [FindingCount]) -> [FindingCount] {
        counts.sorted { ($1.count, $0.code, $0.severity) < ($0.count, $1.code, $1.severity) }
    }
}

/// As what a column of a table was read, with the first of its values.
package struct ReadColumn: Hashable, Sendable {
    /// The sheet's name.
    package var sheet: String
    /// The column by its letters.
    package var column: String
    /// What stands at its head.
    package var header: String
    /// The field or attribute that it was read as: "name", "attributes.seats"; nil for a column that nothing reads.
    package var field: String?
    /// The first values that differ, at most three.
    package var samples: [String]

    /// A column; see the fields.
    package init(sheet: String, column: String, header: String, field: String?, samples: [String] = []) {
        self.sheet = sheet
        self.column = column
        self.header = header
        self.field = field
        self.samples = samples
    }
}

/// Things of a file that became no record, for one reason.
package struct LeftOut: Hashable, Sendable {
    /// A stable code in snake case.
    package var code: String
    /// The reason.
    package var reason: LocalizedText
    /// The things' own keys, all of them.
    package var keys: [String]

    /// Things left out; see the fields.
    package init(code: String, reason: LocalizedText, keys: [String]) {
        self.code = code
        self.reason = reason
        self.keys = keys
    }
}

/// Records that were taken as one type for one reason.
package struct TakenAs: Hashable, Sendable {
    /// The type.
    package var type: ServiceTypeID
    /// The selector in words ("amenity=marketplace").
    package var reason: String
    /// How many.
    package var count: Int

    /// Records of one type; see the fields.
    package init(type: ServiceTypeID, reason: String, count: Int) {
        self.type = type
        self.reason = reason
        self.count = count
    }
}
