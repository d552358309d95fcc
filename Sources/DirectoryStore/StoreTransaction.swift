import DirectoryModel

/// The only way to change the store: one transaction, valid inside the closure that it was given to.
///
/// What it changes counts at the end: a record that is changed and changed back was not changed.
package struct StoreTransaction: ~Copyable {
    /// The store with what this transaction has changed so far.
    package let reader: StoreReader
    /// Who writes.
    package let actor: Actor
    /// The source that the writer speaks for, if any.
    package let source: SourceID?
    /// The moment of the change, as the audit says it.
    package let time: Timestamp

    let base: StoreState
    var touched: [TouchedRecord] = []
    var positions: [RecordKey: Int] = [:]
    var changedRecords = 0
    /// Records whose changes are in the audit already.
    var settledRecords = 0
    var changesSightings = false
    var imports: [PendingImport] = []
    let firstImport: Int64

    private init(
        _ reader: consuming StoreReader, actor: Actor, source: SourceID?, time: Timestamp, base: StoreState,
        firstImport: Int64
    ) {
        self.reader = reader
        self.actor = actor
        self.source = source
        self.time = time
        self.base = base
        self.firstImport = firstImport
    }

    /// A transaction on a connection that has one open.
    static func begin(
        _ connection: Connection, actor: Actor, source: SourceID?, time: Timestamp
    ) throws(DirectoryError) -> StoreTransaction {
        let reader = StoreReader(connection)
        let base = try reader.state()
        let lastImport = try reader.imports(limit: 1).first?.number ?? 0
        return StoreTransaction(
            reader, actor: actor, source: source, time: time, base: base, firstImport: lastImport + 1)
    }

    /// The revision that the store has after this transaction, as far as it has gone.
    package var revision: Revision { changesAnything ? nextRevision : base.revision }

    var changesAnything: Bool { changedRecords > 0 || settledRecords > 0 || changesSightings }

    /// Stores a place; returns whether that changed it.
    ///
    /// - Throws: `invalid_record` for an id, a point or a number that the model does not allow. The same for
    ///   the other kinds of record.
    @discardableResult
    package mutating func put(_ place: Place) throws(DirectoryError) -> Bool { try store(place) }

    /// Stores a place; returns whether there was none before, and whether that changed it.
    package mutating func putNoting(_ place: Place) throws(DirectoryError) -> (isNew: Bool, isChanged: Bool) {
        let before: Place? = try reader.find(place.key)
        return (before == nil, try store(place, before: before))
    }

    /// Stores an origin; returns whether that changed it.
    @discardableResult
    package mutating func put(_ origin: Origin) throws(DirectoryError) -> Bool { try store(origin) }

    /// Stores a community; returns whether that changed it.
    @discardableResult
    package mutating func put(_ community: Community) throws(DirectoryError) -> Bool { try store(community) }

    /// Stores a grid; returns whether that changed it.
    @discardableResult
    package mutating func put(_ grid: Grid) throws(DirectoryError) -> Bool { try store(grid) }

    /// Stores a source; returns whether that changed it.
    @discardableResult
    package mutating func put(_ source: Source) throws(DirectoryError) -> Bool { try store(source) }

    /// Stores an organisation; returns whether that changed it.
    @discardableResult
    package mutating func put(_ organisation: Organisation) throws(DirectoryError) -> Bool {
        try store(organisation)
    }

    /// Stores an activity; returns whether that changed it.
    @discardableResult
    package mutating func put(_ activity: Activity) throws(DirectoryError) -> Bool { try store(activity) }

    /// Stores a notice; returns whether that changed it.
    @discardableResult
    package mutating func put(_ notice: Notice) throws(DirectoryError) -> Bool { try store(notice) }

    /// Stores a record of any kind; returns whether that changed it.
    @discardableResult
    package mutating func put(_ record: Record) throws(DirectoryError) -> Bool {
        switch record {
        case .place(let place): try store(place)
        case .origin(let origin): try store(origin)
        case .community(let community): try store(community)
        case .grid(let grid): try store(grid)
        case .source(let source): try store(source)
        case .organisation(let organisation): try store(organisation)
        case .activity(let activity): try store(activity)
        case .notice(let notice): try store(notice)
        }
    }

    /// Deletes a record, unless a source other than the writer's still has it.
    ///
    /// Deleting what other records name makes the whole transaction fail with `invalid_record`.
    ///
    /// - Parameter evenIfSeen: delete it although other sources still have it; they may bring it back.
    @discardableResult
    package mutating func delete(
        _ kind: RecordKind, _ id: String, evenIfSeen: Bool = false
    ) throws(DirectoryError) -> Deletion {
        switch kind {
        case .place: try delete(Place.self, id, evenIfSeen)
        case .origin: try delete(Origin.self, id, evenIfSeen)
        case .community: try delete(Community.self, id, evenIfSeen)
        case .grid: try delete(Grid.self, id, evenIfSeen)
        case .source: try delete(Source.self, id, evenIfSeen)
        case .organisation: try delete(Organisation.self, id, evenIfSeen)
        case .activity: try delete(Activity.self, id, evenIfSeen)
        case .notice: try delete(Notice.self, id, evenIfSeen)
        }
    }

    /// The place, or nil where there is none.
    package func place(_ id: PlaceID) throws(DirectoryError) -> Place? { try reader.place(id) }

    /// The origin, or nil where there is none.
    package func origin(_ id: OriginID) throws(DirectoryError) -> Origin? { try reader.origin(id) }

    /// The community, or nil where there is none.
    package func community(_ id: CommunityID) throws(DirectoryError) -> Community? {
        try reader.community(id)
    }

    /// The grid, or nil where there is none.
    package func grid(_ id: GridID) throws(DirectoryError) -> Grid? { try reader.grid(id) }

    /// The organisation, or nil where there is none.
    package func organisation(_ id: OrganisationID) throws(DirectoryError) -> Organisation? {
        try reader.organisation(id)
    }

    /// The activity, or nil where there is none.
    package func activity(_ id: ActivityID) throws(DirectoryError) -> Activity? { try reader.activity(id) }

    /// The notice, or nil where there is none.
    package func notice(_ id: NoticeID) throws(DirectoryError) -> Notice? { try reader.notice(id) }

    /// The source, or nil where there is none.
    package func source(_ id: SourceID) throws(DirectoryError) -> Source? { try reader.source(id) }
}

// MARK: Changing records

extension StoreTransaction {
    /// The revision that a change makes.
    package var nextRevision: Revision { Revision(base.revision.number + 1) }

    /// The point of the history that a change makes.
    package var now: PlaceStatement.Since { PlaceStatement.Since(revision: nextRevision, time: time) }

    private mutating func store<Stored: StoredRecord>(_ record: Stored) throws(DirectoryError) -> Bool {
        try store(record, before: try reader.find(record.key))
    }

    private mutating func store<Stored: StoredRecord>(
        _ record: Stored, before: Stored?
    ) throws(DirectoryError) -> Bool {
        if before == record { return false }
        try record.check()
        var statement = try reader.connection.statement(Stored.put)
        record.bind(to: &statement)
        try statement.run()
        note(Stored.recordKind, record.key, before: before?.record, after: record.record)
        return true
    }

    private mutating func delete<Stored: StoredRecord>(
        _ type: Stored.Type, _ id: String, _ evenIfSeen: Bool
    ) throws(DirectoryError) -> Deletion {
        guard let before: Stored = try reader.find(id) else { return .unknown }
        let others = evenIfSeen ? [] : try otherSources(of: Stored.recordKind, id)
        guard others.isEmpty else {
            try withdrawSightings(of: Stored.recordKind, id)
            return .held(by: others)
        }
        try dropSightings(of: Stored.recordKind, id)
        var statement = try reader.connection.statement(Stored.delete)
        statement.bind(id)
        try statement.run()
        note(Stored.recordKind, id, before: before.record, after: nil)
        return .deleted
    }

    private mutating func note(_ kind: RecordKind, _ id: String, before: Record?, after: Record?) {
        let key = RecordKey(kind: kind, id: id)
        if let position = positions[key] {
            changedRecords -= touched[position].isChanged ? 1 : 0
            touched[position].after = after
            changedRecords += touched[position].isChanged ? 1 : 0
        } else {
            positions[key] = touched.count
            touched.append(TouchedRecord(key: key, before: before, after: after))
            changedRecords += 1
        }
    }
}

// MARK: The end

extension StoreTransaction {
    /// Writes what was changed so far into the audit, and forgets it: so a transaction of any length takes little
    /// memory.
    ///
    /// A record that is changed again afterwards has a second entry in the audit. Everything is still undone with
    /// the transaction.
    ///
    /// - Returns: what was changed since the last call, in order; the commit's own list has the rest only.
    package mutating func settle() throws(DirectoryError) -> [Change] {
        let changes = try audited()
        settledRecords += changes.count
        touched = []
        positions = [:]
        changedRecords = 0
        return changes
    }

    private func audited() throws(DirectoryError) -> [Change] {
        var changes: [Change] = []
        changes.reserveCapacity(changedRecords)
        for record in touched where record.isChanged {
            try addAudit(record)
            changes.append(
                Change(kind: record.key.kind, id: record.key.id, before: record.before, after: record.after))
        }
        return changes
    }

    /// Writes audit and revision; the commit itself is the caller's.
    func finish() throws(DirectoryError) -> (state: StoreState, changes: [Change]) {
        try writeImports()
        try checkReferences()
        guard changesAnything else { return (base, []) }
        let changes = try audited()
        var statement = try reader.connection.statement(.raiseRevision)
        statement.bind(nextRevision.number)
        statement.bind(time.secondsSince1970)
        try statement.run()
        return (StoreState(revision: nextRevision, lastChange: time), changes)
    }

    private func addAudit(_ record: TouchedRecord) throws(DirectoryError) {
        var statement = try reader.connection.statement(.addAudit)
        statement.bind(nextRevision.number)
        statement.bind(time.secondsSince1970)
        statement.bind(actor.name)
        statement.bind(actor.uid)
        statement.bind(source?.rawValue)
        statement.bind(record.key.kind.rawValue)
        statement.bind(record.key.id)
        statement.bind(utf8: record.before.map { RecordJSON.bytes(of: $0) })
        statement.bind(utf8: record.after.map { RecordJSON.bytes(of: $0) })
        try statement.run()
    }
}

/// What names a record among all.
struct RecordKey: Hashable {
    let kind: RecordKind
    let id: String
}

/// A record as it was before the transaction, and as it is now.
struct TouchedRecord {
    let key: RecordKey
    let before: Record?
    var after: Record?
    var isChanged: Bool { before != after }
}
