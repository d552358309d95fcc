import DirectoryModel

extension StoreTransaction {
    /// Notes that `source` has the record, which must be there; nothing is written where that is known.
    ///
    /// That it has it still is noted twice a day at most. `source` must have been put before the transaction ends. A key that stood for another record stands for
    /// this one from now on.
    ///
    /// - Parameter key: the source's own key for the record, unique among its records of that kind.
    /// - Throws: `invalid_record` where there is no such record.
    package mutating func see(
        source: SourceID, key: String, kind: RecordKind, id: String
    ) throws(DirectoryError) {
        precondition(kind != .source, "a source is not known by sources")
        var known = try reader.connection.statement(.sightingByKey)
        defer { known.reset() }
        known.bind(source.rawValue)
        known.bind(kind.rawValue)
        known.bind(key)
        if try known.step(), try known.neededText() == id, try known.neededWhole() != 0 {
            try renew(source, kind, key, lastSeen: known.whole())
            return
        }
        guard try exists(kind, id) else {
            throw DirectoryError(
                .invalidRecord,
                "\(source) cannot have \(kind.rawValue) \(id.shortened()), which is not there",
                advice: "put the record first")
        }
        var statement = try reader.connection.statement(.putSighting)
        statement.bind(source.rawValue)
        statement.bind(kind.rawValue)
        statement.bind(key)
        statement.bind(id)
        statement.bind(nextRevision.number)
        statement.bind(nextRevision.number)
        statement.bind(time.secondsSince1970)
        try statement.run()
        changesSightings = true
    }

    /// Seconds after which a delivery that says the same is noted again.
    ///
    /// Chosen, not measured: so the same file, sent twice, writes nothing.
    private static let renewal: Int64 = 12 * 3600

    /// Notes that a source has a record still; nobody's answer changes by it, so the revision stays.
    private mutating func renew(
        _ source: SourceID, _ kind: RecordKind, _ key: String, lastSeen: Int64?
    ) throws(DirectoryError) {
        if let lastSeen, abs(time.secondsSince1970 - lastSeen) < Self.renewal { return }
        var statement = try reader.connection.statement(.renewSighting)
        statement.bind(time.secondsSince1970)
        statement.bind(source.rawValue)
        statement.bind(kind.rawValue)
        statement.bind(key)
        try statement.run()
    }

    /// Notes that `source` no longer has its records of `kind`, except those with `keys`.
    ///
    /// Places, origins, activities and notices that no source has any more become `closed_at_source`; what another source still
    /// has is left alone. Nothing is deleted.
    package mutating func markAbsent(
        source: SourceID, kind: RecordKind, keysNotIn keys: Set<String>
    ) throws(DirectoryError) -> Absences {
        var absences = Absences()
        var ids: Set<String> = []
        for entry in try reader.keys(of: source, kind) where entry.isPresent && !keys.contains(entry.key) {
            try markAbsent(source, kind, key: entry.key)
            absences.marked += 1
            ids.insert(entry.id)
        }
        for id in ids.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
            if try isPresentSomewhere(kind, id) {
                absences.held.append(id)
            } else {
                absences.vanished.append(id)
                try close(kind, id)
            }
        }
        return absences
    }

    /// Takes back what a revision noted about which records `source` has: what it brought first is forgotten, what
    /// it no longer had is there again, and the other way round.
    ///
    /// - Parameter revision: one that this source alone wrote, such as that of an import.
    package mutating func undoSightings(of source: SourceID, at revision: Revision) throws(DirectoryError) {
        // What came back is told from what vanished before either is changed.
        for query in [Query.undoReturns, .undoNewSightings, .undoAbsences] {
            var statement = try reader.connection.statement(query)
            if query != .undoNewSightings { statement.bind(nextRevision.number) }
            statement.bind(source.rawValue)
            statement.bind(revision.number)
            try statement.run()
        }
        changesSightings = true
    }

    /// Keeps the account of an import; does not raise the revision by itself.
    ///
    /// - Parameters:
    ///   - fileName: the file's name, without its folder.
    ///   - fileDigest: the file's SHA-256 in lower-case hexadecimal digits.
    /// - Returns: the batch's number.
    @discardableResult
    package mutating func recordImport(
        source: SourceID, fileName: String, fileDigest: String, counts: ImportCounts
    ) throws(DirectoryError) -> Int64 {
        // The revision is that of the end, which later changes of this transaction may still raise.
        imports.append(
            PendingImport(source: source, fileName: fileName, fileDigest: fileDigest, counts: counts))
        return firstImport + Int64(imports.count) - 1
    }

    /// The reply that was given to this key of this writer, or nil where there is none or it has expired.
    package func reply(to key: String) throws(DirectoryError) -> RememberedReply? {
        try reader.reply(to: key, of: actor, at: time)
    }

    /// Keeps a reply for this writer, so that the same request, sent again, gets the same answer.
    ///
    /// Written with the change that it answers; does not raise the revision by itself. A reply that states the
    /// revision takes it from `revision`, after the last change.
    package mutating func rememberReply(
        to key: String, requestDigest: [UInt8], status: Int, body: [UInt8]
    ) throws(DirectoryError) {
        var expiry = try reader.connection.statement(.expireReplies)
        expiry.bind(time.secondsSince1970 - StoreReader.replyLifetime)
        try expiry.run()
        var statement = try reader.connection.statement(.putReply)
        statement.bind(key)
        statement.bind(StoreReader.uid(of: actor))
        statement.bind(bytes: requestDigest)
        statement.bind(status)
        statement.bind(bytes: body)
        statement.bind(time.secondsSince1970)
        try statement.run()
    }
}

// MARK: Sightings

extension StoreTransaction {
    /// The sources other than the writer's that have the record, ascending.
    func otherSources(of kind: RecordKind, _ id: String) throws(DirectoryError) -> [SourceID] {
        try reader.rows(.otherSourcesOfRecord) { statement in
            statement.bind(kind.rawValue)
            statement.bind(id)
            statement.bind(source?.rawValue)
        } read: { row throws(DirectoryError) in
            SourceID(unchecked: try row.neededText())
        }
    }

    /// Notes that the writer's own source no longer has the record.
    mutating func withdrawSightings(of kind: RecordKind, _ id: String) throws(DirectoryError) {
        guard let source else { return }
        let keys = try reader.rows(.presentKeysOfRecord) { statement in
            statement.bind(kind.rawValue)
            statement.bind(id)
            statement.bind(source.rawValue)
        } read: { row throws(DirectoryError) in
            try row.neededText()
        }
        for key in keys { try markAbsent(source, kind, key: key) }
    }

    /// Forgets who knew a record that is deleted.
    mutating func dropSightings(of kind: RecordKind, _ id: String) throws(DirectoryError) {
        if kind == .place {
            for query in [Query.dropStatements, .dropKeptApart] {
                var statement = try reader.connection.statement(query)
                statement.bind(id)
                try statement.run()
            }
        }
        guard try !reader.sightings(of: kind, id).isEmpty else { return }
        var statement = try reader.connection.statement(.deleteSightings)
        statement.bind(kind.rawValue)
        statement.bind(id)
        try statement.run()
        changesSightings = true
    }

    private mutating func markAbsent(
        _ source: SourceID, _ kind: RecordKind, key: String
    ) throws(DirectoryError) {
        var statement = try reader.connection.statement(.markAbsent)
        statement.bind(nextRevision.number)
        statement.bind(source.rawValue)
        statement.bind(kind.rawValue)
        statement.bind(key)
        try statement.run()
        changesSightings = true
    }

    private func isPresentSomewhere(_ kind: RecordKind, _ id: String) throws(DirectoryError) -> Bool {
        var statement = try reader.connection.statement(.isPresentSomewhere)
        defer { statement.reset() }
        statement.bind(kind.rawValue)
        statement.bind(id)
        return try statement.step()
    }

    /// Closes a place or an origin that no source has any more.
    private mutating func close(_ kind: RecordKind, _ id: String) throws(DirectoryError) {
        switch kind {
        case .place:
            guard var place = try reader.place(PlaceID(unchecked: id)) else { return }
            place.status = .closedAtSource
            try put(place)
        case .origin:
            guard var origin = try reader.origin(OriginID(unchecked: id)) else { return }
            origin.status = .closedAtSource
            try put(origin)
        case .activity:
            guard var activity: Activity = try reader.find(id) else { return }
            activity.status = .closedAtSource
            try put(activity)
        case .notice:
            guard var notice: Notice = try reader.find(id) else { return }
            notice.status = .closedAtSource
            try put(notice)
        case .community, .grid, .source, .organisation:
            return
        }
    }

    private func exists(_ kind: RecordKind, _ id: String) throws(DirectoryError) -> Bool {
        if let position = positions[RecordKey(kind: kind, id: id)] { return touched[position].after != nil }
        let query: Query =
            switch kind {
            case .place: .placeByID
            case .origin: .originByID
            case .community: .communityByID
            case .grid: .gridByID
            case .source: .sourceByID
            case .organisation: .organisationByID
            case .activity: .activityByID
            case .notice: .noticeByID
            }
        var statement = try reader.connection.statement(query)
        defer { statement.reset() }
        statement.bind(id)
        return try statement.step()
    }
}

// MARK: The end

extension StoreTransaction {
    /// Writes the accounts of imports, with the revision that the transaction makes.
    func writeImports() throws(DirectoryError) {
        for (number, pending) in zip(firstImport..., imports) {
            var statement = try reader.connection.statement(.addImport)
            statement.bind(number)
            statement.bind(pending.source.rawValue)
            statement.bind(pending.fileName)
            statement.bind(pending.fileDigest)
            let counts = pending.counts
            for count in [
                counts.rows, counts.accepted, counts.changed, counts.unchanged, counts.rejected, counts.held,
                counts.closed,
            ] {
                statement.bind(count)
            }
            statement.bind(revision.number)
            statement.bind(time.secondsSince1970)
            try statement.run()
        }
    }

    /// Throws `invalid_record` where a record names another that is not there.
    ///
    /// SQLite would refuse the commit as well, but could not say which record it is.
    func checkReferences() throws(DirectoryError) {
        guard reader.connection.hasDanglingReference else { return }
        for reference in Reference.all {
            var statement = try reader.connection.statement(sql: reference.sql)
            guard try statement.step() else { continue }
            let (id, missing) = (try statement.neededText(), try statement.neededText())
            statement.reset()
            let name = "\(reference.noun) \(id.shortened())"
            throw DirectoryError(
                .invalidRecord,
                "\(name) names \(reference.target) \(missing.shortened()), which is not there",
                advice: "bring in that \(reference.target) first, or leave it out")
        }
        throw DirectoryError(.internalError, "a reference is broken, but none was found")
    }
}

/// An account of an import that is written when the transaction ends.
struct PendingImport {
    let source: SourceID
    let fileName: String
    let fileDigest: String
    let counts: ImportCounts
}

/// A column that names a record of another table.
private struct Reference {
    let noun: String
    let table: String
    let identity: String
    let column: String
    let target: String
    let targets: String

    /// Selects one row whose reference leads nowhere, and what it names.
    var sql: String {
        """
        SELECT \(identity), \(column) FROM \(table)
        WHERE \(column) IS NOT NULL AND \(column) NOT IN (SELECT id FROM \(targets)) ORDER BY 1 LIMIT 1
        """
    }

    private init(
        _ noun: String, in table: String, identity: String = "id", _ column: String,
        names target: String, in targets: String
    ) {
        self.noun = noun
        self.table = table
        self.identity = identity
        self.column = column
        self.target = target
        self.targets = targets
    }

    static let all = [
        Reference("grid", in: "grids", "community", names: "community", in: "communities"),
        Reference("origin", in: "origins", "community", names: "community", in: "communities"),
        Reference("origin", in: "origins", "grid", names: "grid", in: "grids"),
        Reference("origin", in: "origins", "parent", names: "origin", in: "origins"),
        Reference("place", in: "places", "community", names: "community", in: "communities"),
        Reference("place", in: "places", "within", names: "place", in: "places"),
        Reference("place", in: "places", "organisation", names: "organisation", in: "organisations"),
        Reference("activity", in: "activities", "place", names: "place", in: "places"),
        Reference("activity", in: "activities", "community", names: "community", in: "communities"),
        Reference(
            "activity", in: "activities", "organisation", names: "organisation", in: "organisations"),
        Reference("notice", in: "notices", "to_community", names: "community", in: "communities"),
        Reference("notice", in: "notices", "to_grid", names: "grid", in: "grids"),
        Reference("notice", in: "notices", "to_origin", names: "origin", in: "origins"),
        Reference("notice", in: "notices", "community", names: "community", in: "communities"),
        Reference("notice", in: "notices", "organisation", names: "organisation", in: "organisations"),
        Reference("notice", in: "notices", "place", names: "place", in: "places"),
        Reference(
            "sighting of", in: "sightings", identity: "record", "source", names: "source", in: "sources"),
        Reference(
            "import of", in: "imports", identity: "file_name", "source", names: "source", in: "sources"),
    ]
}
