import DirectoryModel

/// One consistent state of the store, valid inside the closure that it was given to.
package struct StoreReader: ~Copyable {
    let connection: Connection

    /// How long the reply to a write is remembered, in seconds.
    ///
    /// A day is chosen, not measured: longer than a client goes on trying.
    static let replyLifetime: Int64 = 86_400

    init(_ connection: Connection) { self.connection = connection }

    /// The revision of this state.
    package func revision() throws(DirectoryError) -> Revision { try state().revision }

    /// Hands over every place, ascending by id.
    ///
    /// - Throws: what `body` throws, if it is a `DirectoryError`; else `internal_error` with its words.
    package func forEachPlace(_ body: (Place) throws -> Void) throws(DirectoryError) { try forEach(body) }

    /// Every place that a revision changed and that is still there, as it is now, in the order of their ids.
    ///
    /// - Throws: as `forEachPlace(_:)`.
    package func forEachPlace(
        changedIn revision: Revision, _ body: (Place) throws -> Void
    ) throws(DirectoryError) {
        try forEach(of: .placesOfRevision, binding: { $0.bind(revision.number) }, body)
    }

    /// Hands over every origin, ascending by id.
    ///
    /// - Throws: what `body` throws, if it is a `DirectoryError`; else `internal_error` with its words.
    package func forEachOrigin(_ body: (Origin) throws -> Void) throws(DirectoryError) { try forEach(body) }

    /// All communities, ascending by id.
    package func communities() throws(DirectoryError) -> [Community] { try all() }

    /// All grids, ascending by id.
    package func grids() throws(DirectoryError) -> [Grid] { try all() }

    /// All sources, ascending by id.
    package func sources() throws(DirectoryError) -> [Source] { try all() }

    /// All organisations, ascending by id.
    package func organisations() throws(DirectoryError) -> [Organisation] { try all() }

    /// All activities, ascending by id.
    package func activities() throws(DirectoryError) -> [Activity] { try all() }

    /// All notices, ascending by id.
    package func notices() throws(DirectoryError) -> [Notice] { try all() }

    /// The place, or nil where there is none.
    package func place(_ id: PlaceID) throws(DirectoryError) -> Place? { try find(id.rawValue) }

    /// The origin, or nil where there is none.
    package func origin(_ id: OriginID) throws(DirectoryError) -> Origin? { try find(id.rawValue) }

    /// The community, or nil where there is none.
    package func community(_ id: CommunityID) throws(DirectoryError) -> Community? { try find(id.rawValue) }

    /// The grid, or nil where there is none.
    package func grid(_ id: GridID) throws(DirectoryError) -> Grid? { try find(id.rawValue) }

    /// The organisation, or nil where there is none.
    package func organisation(_ id: OrganisationID) throws(DirectoryError) -> Organisation? {
        try find(id.rawValue)
    }

    /// The activity, or nil where there is none.
    package func activity(_ id: ActivityID) throws(DirectoryError) -> Activity? { try find(id.rawValue) }

    /// The notice, or nil where there is none.
    package func notice(_ id: NoticeID) throws(DirectoryError) -> Notice? { try find(id.rawValue) }

    /// The source, or nil where there is none.
    package func source(_ id: SourceID) throws(DirectoryError) -> Source? { try find(id.rawValue) }
}

// MARK: Provenance

extension StoreReader {
    /// What was done to one record, newest first, at most `limit` rows.
    package func audit(
        of kind: RecordKind, _ id: String, limit: Int
    ) throws(DirectoryError) -> [AuditEntry] {
        try rows(.auditOfRecord) { statement in
            statement.bind(kind.rawValue)
            statement.bind(id)
            statement.bind(limit)
        } read: { row throws(DirectoryError) in
            try AuditEntry(row: &row)
        }
    }

    /// All that was done from `revision` on, that one included, oldest first, at most `limit` rows.
    ///
    /// - Parameter number: rows up to this number are left out: where the last call ended.
    package func audit(
        since revision: Revision, after number: Int64 = 0, limit: Int
    ) throws(DirectoryError) -> [AuditEntry] {
        try rows(.auditSince) { statement in
            statement.bind(revision.number)
            statement.bind(number)
            statement.bind(limit)
        } read: { row throws(DirectoryError) in
            try AuditEntry(row: &row)
        }
    }

    /// Which sources know a record, ascending by source and key.
    package func sightings(of kind: RecordKind, _ id: String) throws(DirectoryError) -> [Sighting] {
        try rows(.sightingsOfRecord) { statement in
            statement.bind(kind.rawValue)
            statement.bind(id)
        } read: { row throws(DirectoryError) in
            Sighting(
                source: SourceID(unchecked: try row.neededText()), kind: try row.word(),
                key: try row.neededText(), id: try row.neededText(), isPresent: try row.neededWhole() != 0,
                first: try row.revision(), last: try row.revision(),
                seen: row.whole().map { Timestamp(secondsSince1970: $0) })
        }
    }

    /// The ids of a source's records by the source's own keys.
    ///
    /// - Parameter presentOnly: leave out what the source no longer has.
    package func recordIDs(
        of source: SourceID, kind: RecordKind, presentOnly: Bool
    ) throws(DirectoryError) -> [String: String] {
        var ids: [String: String] = [:]
        for entry in try keys(of: source, kind) where entry.isPresent || !presentOnly {
            ids[entry.key] = entry.id
        }
        return ids
    }

    /// The id of the record that a source's own key stands for, present or not; nil where it is not known.
    package func recordID(
        of source: SourceID, kind: RecordKind, key: String
    ) throws(DirectoryError) -> String? {
        try rows(.sightingByKey) { statement in
            statement.bind(source.rawValue)
            statement.bind(kind.rawValue)
            statement.bind(key)
        } read: { row throws(DirectoryError) in
            try row.neededText()
        }.first
    }

    /// The import with this number, or nil.
    package func importBatch(_ number: Int64) throws(DirectoryError) -> ImportBatch? {
        try rows(.importByNumber) { statement in
            statement.bind(number)
        } read: { row throws(DirectoryError) in
            try ImportBatch(row: &row)
        }.first
    }

    /// The changes of one revision, in the order in which they were made.
    package func audit(of revision: Revision) throws(DirectoryError) -> [AuditEntry] {
        try rows(.auditOfRevision) { statement in
            statement.bind(revision.number)
        } read: { row throws(DirectoryError) in
            try AuditEntry(row: &row)
        }
    }

    /// The last imports, newest first, at most `limit`.
    package func imports(limit: Int) throws(DirectoryError) -> [ImportBatch] {
        try rows(.lastImports) { statement in
            statement.bind(limit)
        } read: { row throws(DirectoryError) in
            try ImportBatch(row: &row)
        }
    }

    /// The reply that was given to this key of this actor's uid, or nil where there is none or it has expired.
    ///
    /// - Parameter moment: the present moment, nil for now; a reply is kept for a day.
    package func reply(
        to key: String, of actor: Actor, at moment: Timestamp? = nil
    ) throws(DirectoryError) -> RememberedReply? {
        let now = moment ?? DirectoryStore.now
        return try rows(.replyByKey) { statement in
            statement.bind(key)
            statement.bind(Self.uid(of: actor))
            statement.bind(now.secondsSince1970 - Self.replyLifetime)
        } read: { row throws(DirectoryError) in
            RememberedReply(
                requestDigest: row.bytes(), status: Int(try row.neededWhole()), body: row.bytes(),
                time: Timestamp(secondsSince1970: try row.neededWhole()))
        }.first
    }
}

// MARK: Reading rows

extension StoreReader {
    /// Revision and time of the last change.
    func state() throws(DirectoryError) -> StoreState {
        let states = try rows(.storeState) { _ in
        } read: { row throws(DirectoryError) in
            StoreState(
                revision: try row.revision(),
                lastChange: row.whole().map { Timestamp(secondsSince1970: $0) })
        }
        guard let state = states.first else {
            throw DirectoryError(
                .storeDamaged, "\(connection.path) has lost its revision", advice: StoreFailure.damageAdvice)
        }
        return state
    }

    /// A source's keys of a kind, ascending.
    func keys(of source: SourceID, _ kind: RecordKind) throws(DirectoryError) -> [SourceKey] {
        try rows(.keysOfSource) { statement in
            statement.bind(source.rawValue)
            statement.bind(kind.rawValue)
        } read: { row throws(DirectoryError) in
            SourceKey(
                key: try row.neededText(), id: try row.neededText(), isPresent: try row.neededWhole() != 0)
        }
    }

    /// The record with this id, or nil.
    func find<Found: StoredRecord>(_ id: String) throws(DirectoryError) -> Found? {
        var statement = try connection.statement(Found.byID)
        defer { statement.reset() }
        statement.bind(id)
        return try statement.step() ? try Found(row: &statement) : nil
    }

    /// All rows of a query.
    func rows<Row>(
        _ query: Query, bind: (inout PreparedStatement) -> Void,
        read: (inout PreparedStatement) throws(DirectoryError) -> Row
    ) throws(DirectoryError) -> [Row] {
        var statement = try connection.statement(query)
        defer { statement.reset() }
        bind(&statement)
        var rows: [Row] = []
        while try statement.step() { rows.append(try read(&statement)) }
        return rows
    }

    /// The number that stands for the actor beside an idempotency key: −1 where the machine gave none.
    static func uid(of actor: Actor) -> Int64 { actor.uid.map { Int64($0) } ?? -1 }

    private func all<Found: StoredRecord>() throws(DirectoryError) -> [Found] {
        try rows(Found.all) { _ in
        } read: { row throws(DirectoryError) in
            try Found(row: &row)
        }
    }

    private func forEach<Found: StoredRecord>(
        of query: Query = Found.all, binding bind: (inout PreparedStatement) -> Void = { _ in },
        _ body: (Found) throws -> Void
    ) throws(DirectoryError) {
        var statement = try connection.statement(query)
        defer { statement.reset() }
        bind(&statement)
        if query == Found.all { statement.memory = RowMemory() }
        while try statement.step() {
            let record = try Found(row: &statement)
            do {
                try body(record)
            } catch {
                throw StoreFailure.directoryError(error, path: connection.path)
            }
        }
    }
}

/// Revision and time of the last change.
struct StoreState {
    /// The store's revision.
    var revision = Revision(0)
    /// When it was made, nil for an empty store.
    var lastChange: Timestamp?
}

/// One key of a source, and the record that it stands for.
struct SourceKey {
    let key: String
    let id: String
    let isPresent: Bool
}

extension AuditEntry {
    init(row: inout PreparedStatement) throws(DirectoryError) {
        number = try row.neededWhole()
        revision = try row.revision()
        time = Timestamp(secondsSince1970: try row.neededWhole())
        actor = Actor(name: try row.neededText(), uid: row.whole().flatMap { UInt32(exactly: $0) })
        source = row.id()
        kind = try row.word()
        id = try row.neededText()
        before = row.text()
        after = row.text()
    }
}

extension ImportBatch {
    init(row: inout PreparedStatement) throws(DirectoryError) {
        number = try row.neededWhole()
        source = SourceID(unchecked: try row.neededText())
        fileName = try row.neededText()
        fileDigest = try row.neededText()
        counts = ImportCounts(
            rows: Int(try row.neededWhole()), accepted: Int(try row.neededWhole()),
            changed: Int(try row.neededWhole()), unchanged: Int(try row.neededWhole()),
            rejected: Int(try row.neededWhole()), held: Int(try row.neededWhole()),
            closed: Int(try row.neededWhole()))
        revision = try row.revision()
        time = Timestamp(secondsSince1970: try row.neededWhole())
    }
}
