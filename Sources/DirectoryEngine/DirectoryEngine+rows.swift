package import DirectoryAPI
package import DirectoryModel
internal import DirectoryStore
internal import ModuleHost

extension DirectoryEngine {
    /// Rows between two entries into the audit; chosen, not measured: a megabyte of records.
    private static let settlingStep = 1_000

    /// Writes the places of a register row by row, in one transaction.
    package func take(
        _ batch: RowBatch, by actor: Actor, replyKey: ReplyKey?,
        rows: (RowWriter) throws(DirectoryError) -> Void, report: ReportMaker
    ) throws(DirectoryError) -> RegisterReport {
        try exclusively { () throws(DirectoryError) -> RegisterReport in
            var intake = RowIntake(batch, engine: self)
            var rehearsed: RegisterReport?
            var others: [Change] = []
            do throws(DirectoryError) {
                let committed = try store.write(by: actor, source: batch.source.id) { transaction in
                    try transaction.requireUnanswered(replyKey)
                    try transaction.put(batch.source)
                    try rows { sourced throws(DirectoryError) in
                        let result = try intake.take(sourced, into: &transaction)
                        if intake.unsettled >= Self.settlingStep {
                            others += try intake.settle(&transaction)
                        }
                        return result
                    }
                    if batch.isComplete { try intake.markVanished(in: &transaction) }
                    let number = try intake.record(in: &transaction)
                    others += try intake.settle(&transaction)
                    if try intake.readBack(from: transaction) {
                        others.removeAll { $0.kind == .place && $0.after != nil }
                    }
                    let made = try report(
                        intake.report(
                            revision: transaction.revision, number: batch.isRehearsal ? nil : number))
                    if batch.isRehearsal {
                        rehearsed = made
                        throw Rehearsal()
                    }
                    try transaction.remember(made, under: replyKey)
                    return made
                }
                publish(others, places: intake.entries, revision: committed.revision)
                return committed.result
            } catch {
                // A rehearsal ends by being taken back.
                guard var rehearsed else { throw error }
                rehearsed.batch.revision = reading { index in index.revision }
                return rehearsed
            }
        }
    }
}

extension DirectoryEngine {
    /// Whether points in an offset datum may be turned into WGS-84.
    package var turnsOffsetDatums: Bool { reading { index in index.settings.turnsOffsetDatums } }

    /// The folder in which mappings and answer files are kept.
    package var registerFolder: String? { folder + "/registers" }

    /// Things with an address and a point, by id.
    package var knownAddresses: [(id: String, text: String, location: Coordinate)] {
        reading { index in index.knownAddresses }
    }
}

extension LiveIndex {
    fileprivate var knownAddresses: [(id: String, text: String, location: Coordinate)] {
        var known: [(id: String, text: String, location: Coordinate)] = []
        for entry in places.values {
            let place = entry.record.place
            guard let address = place.address, let location = place.location else { continue }
            known.append((place.id.rawValue, address, location))
        }
        for origin in origins.values where origin.status == .active {
            // A building's own name, "3幢", says nothing without that of its estate.
            var text = origin.name
            var next = origin.parent
            for _ in 0..<8 {
                guard let id = next, let parent = origins[id] else { break }
                text = parent.name + text
                next = parent.parent
            }
            known.append((origin.id.rawValue, text, origin.location))
        }
        return known.sorted { $0.id.utf8.lexicographicallyPrecedes($1.id.utf8) }
    }
}

/// Ends the transaction of a rehearsal, so that nothing of it stays.
private struct Rehearsal: Error {}

/// A register on its way into the store, row by row.
private struct RowIntake {
    /// The places that the rows changed, as the index will have them.
    private(set) var entries: [PlaceEntry] = []
    /// Whether the rows changed so many places that their entries are made at the end, from the store.
    private var isLarge = false
    /// Changed places from which on that is so.
    ///
    /// Entries that are made row by row lie in memory among all that is made and freed with each row; of a million
    /// rows that kept 150 MB from being used again. Made in one go they lie close together, as after a start. The
    /// figure is chosen, not measured.
    private static let largeImport = 10_000
    /// Rows since the last entries into the audit.
    private(set) var unsettled = 0
    private let batch: RowBatch
    private var places: PlaceIntake
    /// Looks for places of other sources that a new row may tell of; made when the first new row comes.
    private var matcher: RowMatcher?
    private let makeMatcher: (() -> RowMatcher)?
    private let isLookingForAllTypes: Bool
    private let missingModules: [RecordFinding]
    private var runners: RowRunners
    private var counts = BatchCounts()
    /// Rows that were given; what became of them adds up to it.
    private var rows = 0
    /// The keys of the rows, where places that no longer have one are marked.
    private var keys: Set<String> = []
    /// Entries by id since the last entries into the audit.
    private var fresh: [PlaceID: PlaceEntry] = [:]

    init(_ batch: RowBatch, engine: DirectoryEngine) {
        self.batch = batch
        let (finder, missing) = engine.reading { index in (index.finder, index.missingModules) }
        missingModules = missing
        isLookingForAllTypes = missing.isEmpty
        let places = PlaceIntake(of: batch.source.id, engine: engine, finder: finder, communities: [])
        self.places = places
        runners = RowRunners(engine, party: batch.party)
        let source = batch.source.id
        makeMatcher =
            engine.reading { index in index.settings.holdsDuplicates }
            ? { RowMatcher(of: source, among: places.knownToOthers, engine: engine) } : nil
    }

    /// Writes one row.
    mutating func take(
        _ given: SourcedPlace?, into transaction: inout StoreTransaction
    ) throws(DirectoryError) -> RowResult {
        rows += 1
        guard var sourced = given else {
            counts.rejected += 1
            return RowResult(.rejected)
        }
        let source = batch.source.id
        if batch.isComplete { keys.insert(sourced.key) }
        // What the source calls so is the record that it was, whatever its id would be today.
        let known = try transaction.reader.recordID(of: source, kind: .place, key: sourced.key)
        if !sourced.isIdentified, let known { sourced.place.id = PlaceID(unchecked: known) }
        let runner = sourced.organisation.map { runners.find($0, of: sourced.key) }
        runner?.name(in: &sourced)
        var judged = places.judge(sourced)
        judged.findings += runner?.findings ?? []
        guard var entry = judged.entry else {
            counts.rejected += 1
            return RowResult(.rejected, findings: judged.findings)
        }
        if let party = batch.party,
            let finding = try refusal(of: entry.record.place, sourced.key, by: party, in: transaction)
        {
            counts.rejected += 1
            return RowResult(.rejected, findings: judged.findings + [finding])
        }
        if known == nil, !sourced.isIdentified,
            let held = try hold(
                runner?.nameless(entry.record.place) ?? entry.record.place, sourced, in: &transaction)
        {
            counts.held += 1
            return RowResult(.held, findings: judged.findings + [held])
        }
        if let made = runner?.made {
            try transaction.put(made)
            try transaction.see(
                source: source, key: made.id.rawValue, kind: .organisation, id: made.id.rawValue)
            runners.note(made)
        }
        let settled = try places.settle(entry.record.place, sourced, into: &transaction)
        let place = settled.place
        if place != entry.record.place { entry = places.entry(place) }
        var findings = judged.findings + settled.findings
        let (isNew, isChanged) = try transaction.putNoting(place)
        try transaction.see(source: source, key: sourced.key, kind: .place, id: place.id.rawValue)
        // A row that waited and now says itself which place it is.
        if known == nil, sourced.isIdentified { try transaction.dropHeldRow(of: source, key: sourced.key) }
        unsettled += 1
        guard isChanged else {
            counts.unchanged += 1
            return RowResult(.unchanged, id: place.id, findings: findings)
        }
        fresh[place.id] = entry
        guard !isNew else {
            counts.created += 1
            return RowResult(.created, id: place.id, findings: findings)
        }
        counts.changed += 1
        if let finding = try RecordFinding.handEditReplaced(
            .place, place.id.rawValue, sourced.key, in: transaction)
        {
            findings.append(finding)
        }
        return RowResult(.changed, id: place.id, findings: findings)
    }

    /// Why a party may not write a row; nil where it may.
    private func refusal(
        of place: Place, _ key: String, by party: Party, in transaction: borrowing StoreTransaction
    ) throws(DirectoryError) -> RecordFinding? {
        if let present = try transaction.place(place.id) {
            let isOwn = try party.owns(present, in: transaction.reader)
            guard isOwn, party.isConcerned(with: present) else {
                return RecordFinding.notYours(key, field: "id", value: place.id.rawValue, party)
            }
        }
        guard !party.isConcerned(with: place) else { return nil }
        let isOtherType = !party.types.isEmpty && !party.types.contains(place.type)
        return RecordFinding.notYours(
            key, field: isOtherType ? "type" : "community",
            value: isOtherType ? place.type.rawValue : place.community?.rawValue ?? "", party)
    }

    /// Keeps a row aside that looks like a place of another source; nil for one that does not.
    private mutating func hold(
        _ place: Place, _ sourced: SourcedPlace, in transaction: inout StoreTransaction
    ) throws(DirectoryError) -> RecordFinding? {
        guard let makeMatcher else { return nil }
        if matcher == nil { matcher = makeMatcher() }
        guard var matcher else { return nil }
        defer { self.matcher = matcher }
        let source = batch.source.id
        let candidates = try matcher.candidates(for: place, creditCode: sourced.creditCode, in: transaction)
        guard !candidates.isEmpty else {
            try transaction.dropHeldRow(of: source, key: sourced.key)
            return nil
        }
        try transaction.hold(
            HeldRow(
                source: source, key: sourced.key, place: place, candidates: candidates,
                fileName: batch.fileName, since: transaction.time))
        return .held(sourced.key, candidates: candidates, name: matcher.name(of: candidates[0].place))
    }

    /// Moves what was changed into the audit; returns the changes that are not of places.
    mutating func settle(_ transaction: inout StoreTransaction) throws(DirectoryError) -> [Change] {
        var others: [Change] = []
        for change in try transaction.settle() {
            guard case .place(let place)? = change.after else {
                others.append(change)
                continue
            }
            if isLarge { continue }
            if let entry = fresh[place.id], entry.record.place == place {
                entries.append(entry)
            } else {
                others.append(change)
            }
        }
        fresh = [:]
        unsettled = 0
        if entries.count >= Self.largeImport {
            isLarge = true
            entries = []
        }
        return others
    }

    /// Makes the entries of a large import from what was stored, once everything is in the audit.
    ///
    /// - Returns: whether it was one; then `entries` has every place that was changed and is still there.
    mutating func readBack(from transaction: borrowing StoreTransaction) throws(DirectoryError) -> Bool {
        guard isLarge else { return false }
        matcher = nil
        keys = []
        var made: [PlaceEntry] = []
        try transaction.reader.forEachPlace(changedIn: transaction.revision) { place in
            made.append(places.entry(place))
        }
        entries = made
        return true
    }

    mutating func markVanished(in transaction: inout StoreTransaction) throws(DirectoryError) {
        // Places of a module that is not in use were not looked for: they have not vanished.
        guard isLookingForAllTypes else { return }
        let source = batch.source.id
        let absences = try transaction.markAbsent(source: source, kind: .place, keysNotIn: keys)
        counts.vanished = absences.vanished.count
        try places.withdraw(absences.held, from: &transaction)
        try transaction.dropHeldRows(of: source, keysNotIn: keys)
    }

    /// Keeps the account; every row is in it.
    func record(in transaction: inout StoreTransaction) throws(DirectoryError) -> Int64 {
        guard counts.given == rows else {
            throw DirectoryError(
                .internalError, "of \(rows.grouped) rows \(counts.given.grouped) are accounted for",
                advice: "report this with the file")
        }
        return try transaction.recordImport(
            source: batch.source.id, fileName: batch.fileName, fileDigest: batch.fileDigest,
            counts: ImportCounts(
                rows: counts.given, accepted: counts.created, changed: counts.changed,
                unchanged: counts.unchanged, rejected: counts.rejected, held: counts.held,
                closed: counts.vanished))
    }

    func report(revision: Revision, number: Int64?) -> BatchReport {
        BatchReport(
            revision: revision, counts: [.place: counts], findings: missingModules, number: number)
    }
}

extension RecordFinding {
    /// That a row is about a place that its party may not write.
    fileprivate static func notYours(_ key: String, field: String, value: String, _ party: Party)
        -> RecordFinding
    {
        RecordFinding(
            severity: "error", code: "not_yours", record: key, field: field, value: value,
            message: LocalizedText(
                zh: "不归\(party.name)维护，未导入；请交由该网点的负责方修改",
                en: "it is not \(party.name)'s to write and was not taken; ask whoever keeps this place"))
    }
}
