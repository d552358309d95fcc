internal import AreaGeometry
package import DirectoryAPI
package import DirectoryModel
internal import DirectoryStore
internal import ModuleHost
internal import ServiceTypeKit

extension DirectoryEngine {
    /// Stores a batch of records of one source in one transaction, and says what became of each.
    ///
    /// - Throws: `store_unwritable`; a faulty record is not an error but an entry of the report.
    package func apply(
        _ batch: RecordBatch, by actor: Actor, replyKey: ReplyKey?, report: ReportMaker
    ) throws(DirectoryError) -> RegisterReport {
        try exclusively { () throws(DirectoryError) -> RegisterReport in
            var intake = BatchIntake(batch, engine: self)
            let missing = batch.places.isEmpty ? [] : reading { index in index.missingModules }
            let committed = try store.write(by: actor, source: batch.source.id) { transaction in
                try transaction.requireUnanswered(replyKey)
                let number = try intake.write(to: &transaction)
                let made = try report(
                    BatchReport(
                        revision: transaction.revision, counts: intake.counts,
                        findings: missing + intake.findings, number: number))
                try transaction.remember(made, under: replyKey)
                return made
            }
            publish(committed.changes, made: intake.entries, revision: committed.revision)
            return committed.result
        }
    }
}

extension LiveIndex {
    /// Whether an origin is part of another one, at any depth.
    func isPart(_ part: OriginID, of whole: OriginID) -> Bool {
        var next: OriginID? = part
        // A hierarchy has four levels; more are followed, but not for ever.
        for _ in 0..<16 {
            guard let id = next else { return false }
            if id == whole { return true }
            next = origins[id]?.parent
        }
        return true
    }

    /// What an importer must know of modules that are not in use: things of their types were not seen as such.
    var missingModules: [RecordFinding] {
        moduleStatuses.filter { $0.state == "broken" || $0.state == "quarantined" }.map { status in
            RecordFinding(
                severity: "warning", code: "module_missing", record: status.file, value: status.state,
                message: LocalizedText(
                    zh: "模块未能使用，它的业态没有被识别；请修复后重新导入",
                    en:
                        "The module is not in use, so things of its types were not taken as such; mend it and "
                        + "import again"))
        }
    }
}

/// One batch on its way into the store.
private struct BatchIntake {
    private let batch: RecordBatch
    private let finder: CommunityFinder
    private var accepted: [(sourced: SourcedPlace, place: Place)] = []
    private let intake: PlaceIntake
    private var matcher: RowMatcher?
    /// Places that others of the batch lie in, or take place in.
    private let named: Set<PlaceID>
    private var origins: [SourcedOrigin] = []
    private var grids: [Grid] = []
    private var activities: [Activity] = []
    private var notices: [Notice] = []
    /// The communities of the batch, with what the office had said of them before.
    private var communities: [Community]
    /// Whether all modules are in use: otherwise places of the others were not looked for.
    private let isLookingForAllTypes: Bool
    private(set) var entries: [PlaceID: PlaceEntry] = [:]
    private(set) var counts: [RecordKind: BatchCounts] = [:]
    private(set) var findings: [RecordFinding] = []

    /// Asks the modules about every place; nothing is written yet.
    init(_ given: RecordBatch, engine: DirectoryEngine) {
        let batch = given.byOwnKeys(in: engine)
        self.batch = batch
        named = Set(
            batch.places.compactMap(\.place.within) + batch.activities.compactMap(\.place)
                + batch.notices.compactMap(\.place))
        isLookingForAllTypes = engine.reading { index in index.missingModules.isEmpty }
        let known = engine.reading { index in Array(index.communities.values) }
        communities = batch.communities.map { community in
            let present = known.first { $0.id == community.id }
            var community = community
            community.timeZone = community.timeZone ?? present?.timeZone
            community.region = community.region ?? present?.region
            return community
        }
        if batch.communities.isEmpty {
            finder = engine.reading { index in index.finder }
        } else {
            var all = Dictionary(known.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
            for community in communities { all[community.id] = community }
            finder = CommunityFinder(all.values)
        }
        intake = PlaceIntake(
            of: batch.source.id, engine: engine, finder: finder, communities: communities.map(\.id))
        noteUnknownZones()
        let communities = intake.communities
        for sourced in batch.places {
            let judged = intake.judge(sourced)
            findings += judged.findings
            if let entry = judged.entry {
                accepted.append((sourced, entry.record.place))
                entries[entry.record.id] = entry
            } else {
                counts[.place, default: BatchCounts()].rejected += 1
            }
        }
        if engine.reading({ index in index.settings.holdsDuplicates }) {
            matcher = RowMatcher(of: batch.source.id, among: intake.knownToOthers, engine: engine)
        }
        dropDangling(engine: engine)
        let (presentOrigins, presentGrids) = engine.reading { index in
            (Set(index.origins.keys), Set(index.grids.keys))
        }
        takeGrids(communities: communities)
        takeOrigins(
            communities: communities, grids: presentGrids.union(grids.map(\.id)), present: presentOrigins)
        takeNotices(communities: communities, engine: engine)
    }

    /// Takes the notices whose addressees, organisation and place are there, or are taken themselves.
    private mutating func takeNotices(communities: Set<CommunityID>, engine: DirectoryEngine) {
        guard !batch.notices.isEmpty else { return }
        let places = Set(accepted.map(\.place.id))
        let ownOrganisations = Set(batch.organisations.map(\.id))
        for var notice in batch.notices {
            let (isThere, community, hasPlace, hasOrganisation) = engine.reading { index in
                return (
                    index.isThere(notice.to), index.community(of: notice.to),
                    notice.place.map { index.places[$0] != nil } ?? true,
                    notice.organisation.map { index.organisations[$0] != nil } ?? true
                )
            }
            let own: (isThere: Bool, community: CommunityID?) =
                switch notice.to {
                case .community(let id): (communities.contains(id), id)
                case .grid(let id):
                    (grids.contains { $0.id == id }, grids.first { $0.id == id }?.community)
                case .origin(let id):
                    (
                        origins.contains { $0.origin.id == id },
                        origins.first { $0.origin.id == id }?.origin.community
                    )
                }
            notice.community = own.community ?? community
            let missing: (field: String, value: String)? =
                if !isThere, !own.isThere {
                    ("to", notice.to.id)
                } else if let place = notice.place, !hasPlace, !places.contains(place) {
                    ("place", place.rawValue)
                } else if let organisation = notice.organisation, !hasOrganisation,
                    !ownOrganisations.contains(organisation)
                {
                    ("organisation", organisation.rawValue)
                } else { nil }
            if let missing {
                reject(
                    .notice, notice.id.rawValue, code: "reference_unknown", field: missing.field,
                    value: missing.value)
                continue
            }
            let span = engine.reading { index in index.span(of: notice, in: notice.community) }
            if let end = span.end, end <= span.begin {
                counts[.notice, default: BatchCounts()].rejected += 1
                findings.append(.endsTooEarly(notice))
                continue
            }
            notices.append(notice)
        }
    }

    /// Takes back the places that name what is not there, and those that name them in turn.
    private mutating func dropDangling(engine: DirectoryEngine) {
        let (present, organisations) = engine.reading { index in
            (Set(index.places.keys), Set(index.organisations.keys))
        }
        let known = organisations.union(batch.organisations.map(\.id))
        var isAtWork = true
        while isAtWork {
            isAtWork = false
            let there = present.union(accepted.map(\.place.id))
            for (sourced, place) in accepted {
                let missing: (field: String, value: String)? =
                    if let within = place.within, !there.contains(within) {
                        ("within", within.rawValue)
                    } else if let organisation = place.organisation, !known.contains(organisation) {
                        ("organisation", organisation.rawValue)
                    } else { nil }
                guard let missing else { continue }
                accepted.removeAll { $0.place.id == place.id }
                entries[place.id] = nil
                reject(
                    .place, sourced.key, code: "reference_unknown", field: missing.field, value: missing.value
                )
                isAtWork = true
            }
        }
        let places = present.union(accepted.map(\.place.id))
        let communities = engine.reading { index in Set(index.communities.keys) }
            .union(batch.communities.map(\.id))
        for activity in batch.activities {
            if let place = activity.place, !places.contains(place) {
                reject(
                    .activity, activity.id.rawValue, code: "reference_unknown", field: "place",
                    value: place.rawValue)
            } else if let organisation = activity.organisation, !known.contains(organisation) {
                reject(
                    .activity, activity.id.rawValue, code: "reference_unknown", field: "organisation",
                    value: organisation.rawValue)
            } else if let community = activity.community, !communities.contains(community) {
                reject(
                    .activity, activity.id.rawValue, code: "community_unknown", field: "community",
                    value: community.rawValue)
            } else if OpeningBook.shared.schedule(of: activity.times) == nil {
                counts[.activity, default: BatchCounts()].rejected += 1
                findings += OpeningBook.findings(about: activity)
            } else {
                var activity = activity
                activity.community =
                    activity.community ?? engine.reading { index in index.community(of: activity) }
                    ?? accepted.first { $0.place.id == activity.place }?.place.community
                activities.append(activity)
            }
        }
    }

    /// A zone that the machine does not know is left out, and said.
    private mutating func noteUnknownZones() {
        for index in communities.indices {
            guard let fault = communities[index].timeZoneFault else { continue }
            findings.append(
                RecordFinding(
                    severity: "warning", code: "time_zone_unknown", record: communities[index].id.rawValue,
                    field: "time_zone", value: communities[index].timeZone, message: fault))
            communities[index].timeZone = nil
        }
    }

    private mutating func takeGrids(communities: Set<CommunityID>) {
        for grid in batch.grids {
            if communities.contains(grid.community) {
                grids.append(grid)
            } else {
                reject(
                    .grid, grid.id.rawValue, code: "community_unknown", field: "community",
                    value: grid.community.rawValue)
            }
        }
    }

    /// Takes the origins whose community, grid and parent are there, or are taken themselves.
    private mutating func takeOrigins(
        communities: Set<CommunityID>, grids: Set<GridID>, present: Set<OriginID>
    ) {
        var waiting: [SourcedOrigin] = []
        for var sourced in batch.origins {
            let origin = sourced.origin
            if let grid = origin.grid, !grids.contains(grid) {
                reject(.origin, sourced.key, code: "grid_unknown", field: "grid", value: grid.rawValue)
            } else if let stated = origin.community, !communities.contains(stated) {
                reject(
                    .origin, sourced.key, code: "community_unknown", field: "community",
                    value: stated.rawValue)
            } else {
                sourced.origin.community = origin.community ?? finder.community(at: origin.location)
                waiting.append(sourced)
            }
        }
        // A part waits until what it is part of is taken; what is left in the end waits for nothing that is.
        // One that is given anew is not there until it is taken again: so no circle can close over old records.
        var taken = present.subtracting(waiting.map(\.origin.id))
        var isAtWork = true
        while isAtWork {
            isAtWork = false
            waiting.removeAll { sourced in
                let parent = sourced.origin.parent
                guard parent == nil || parent.map(taken.contains) == true, parent != sourced.origin.id else {
                    return false
                }
                taken.insert(sourced.origin.id)
                origins.append(sourced)
                isAtWork = true
                return true
            }
        }
        for sourced in waiting {
            reject(
                .origin, sourced.key, code: "parent_unknown", field: "parent",
                value: sourced.origin.parent?.rawValue ?? "")
        }
    }

    private mutating func reject(
        _ kind: RecordKind, _ key: String, code: String, field: String, value: String
    ) {
        counts[kind, default: BatchCounts()].rejected += 1
        findings.append(RecordFinding(missing: value, code: code, record: key, field: field))
    }

    /// Writes everything; called inside the transaction.
    ///
    /// - Returns: the number of the import; nil where no file is behind the batch.
    mutating func write(to transaction: inout StoreTransaction) throws(DirectoryError) -> Int64? {
        let source = batch.source.id
        try transaction.put(batch.source)
        for community in communities {
            let isNew = try transaction.community(community.id) == nil
            note(.community, isNew: isNew, isChanged: try transaction.put(community))
            try transaction.see(
                source: source, key: community.id.rawValue, kind: .community, id: community.id.rawValue)
        }
        for grid in grids {
            let isNew = try transaction.grid(grid.id) == nil
            note(.grid, isNew: isNew, isChanged: try transaction.put(grid))
            try transaction.see(source: source, key: grid.id.rawValue, kind: .grid, id: grid.id.rawValue)
        }
        for organisation in batch.organisations {
            let isNew = try transaction.organisation(organisation.id) == nil
            note(.organisation, isNew: isNew, isChanged: try transaction.put(organisation))
            try transaction.see(
                source: source, key: organisation.id.rawValue, kind: .organisation,
                id: organisation.id.rawValue)
        }
        for sourced in origins {
            let id = sourced.origin.id
            let isNew = try transaction.origin(id) == nil
            let isChanged = try transaction.put(sourced.origin)
            note(.origin, isNew: isNew, isChanged: isChanged)
            if isChanged, !isNew { try noteHandEdit(of: .origin, id.rawValue, sourced.key, in: transaction) }
            try transaction.see(source: source, key: sourced.key, kind: .origin, id: id.rawValue)
        }
        for (sourced, place) in accepted {
            if try hold(place, sourced, in: &transaction) { continue }
            let settled = try intake.settle(place, sourced, into: &transaction)
            findings += settled.findings
            let place = settled.place
            let isNew = try transaction.place(place.id) == nil
            let isChanged = try transaction.put(place)
            note(.place, isNew: isNew, isChanged: isChanged)
            if isChanged, !isNew, settled.findings.isEmpty {
                try noteHandEdit(of: .place, place.id.rawValue, sourced.key, in: transaction)
            }
            try transaction.see(source: source, key: sourced.key, kind: .place, id: place.id.rawValue)
        }
        for activity in activities {
            let isNew = try transaction.activity(activity.id) == nil
            note(.activity, isNew: isNew, isChanged: try transaction.put(activity))
            try transaction.see(
                source: source, key: activity.id.rawValue, kind: .activity, id: activity.id.rawValue)
        }
        for notice in notices {
            let isNew = try transaction.notice(notice.id) == nil
            note(.notice, isNew: isNew, isChanged: try transaction.put(notice))
            try transaction.see(
                source: source, key: notice.id.rawValue, kind: .notice, id: notice.id.rawValue)
        }
        try markVanished(in: &transaction)
        if !batch.communities.isEmpty { try finder.reassign(in: &transaction) }
        return try record(in: &transaction)
    }

    /// Keeps a place aside that looks like one of another source; false for one that does not.
    private mutating func hold(
        _ place: Place, _ sourced: SourcedPlace, in transaction: inout StoreTransaction
    ) throws(DirectoryError) -> Bool {
        let source = batch.source.id
        guard var matcher, try transaction.place(place.id) == nil else { return false }
        defer { self.matcher = matcher }
        // One that other records of the batch name is taken: they would name nothing.
        let candidates =
            named.contains(place.id)
            ? [] : try matcher.candidates(for: place, creditCode: sourced.creditCode, in: transaction)
        guard !candidates.isEmpty else {
            try transaction.dropHeldRow(of: source, key: sourced.key)
            return false
        }
        try transaction.hold(
            HeldRow(
                source: source, key: sourced.key, place: place, candidates: candidates,
                fileName: batch.fileName ?? "", since: transaction.time))
        counts[.place, default: BatchCounts()].held += 1
        entries[place.id] = nil
        findings.append(
            .held(sourced.key, candidates: candidates, name: matcher.name(of: candidates[0].place)))
        return true
    }

    private mutating func note(_ kind: RecordKind, isNew: Bool, isChanged: Bool) {
        switch (isNew, isChanged) {
        case (true, _): counts[kind, default: BatchCounts()].created += 1
        case (false, true): counts[kind, default: BatchCounts()].changed += 1
        case (false, false): counts[kind, default: BatchCounts()].unchanged += 1
        }
    }

    /// Says so where the batch replaces what somebody had last changed by hand.
    private mutating func noteHandEdit(
        of kind: RecordKind, _ id: String, _ key: String, in transaction: borrowing StoreTransaction
    ) throws(DirectoryError) {
        if let finding = try RecordFinding.handEditReplaced(kind, id, key, in: transaction) {
            findings.append(finding)
        }
    }

    private mutating func markVanished(in transaction: inout StoreTransaction) throws(DirectoryError) {
        for kind in RecordKind.allCases where batch.complete.contains(kind) {
            // Places of a module that is not in use were not looked for: they have not vanished.
            if kind == .place, !isLookingForAllTypes { continue }
            // A rejected record is still there in the source: it has not vanished.
            let keys: Set<String> =
                switch kind {
                case .place: Set(batch.places.map(\.key))
                case .origin: Set(batch.origins.map(\.key))
                case .community: Set(batch.communities.map(\.id.rawValue))
                case .grid: Set(batch.grids.map(\.id.rawValue))
                case .organisation: Set(batch.organisations.map(\.id.rawValue))
                case .activity: Set(batch.activities.map(\.id.rawValue))
                case .notice: Set(batch.notices.map(\.id.rawValue))
                case .source: []
                }
            let absences = try transaction.markAbsent(
                source: batch.source.id, kind: kind, keysNotIn: keys)
            counts[kind, default: BatchCounts()].vanished += absences.vanished.count
            guard kind == .place else { continue }
            try intake.withdraw(absences.held, from: &transaction)
            try transaction.dropHeldRows(of: batch.source.id, keysNotIn: keys)
        }
    }

    private func record(in transaction: inout StoreTransaction) throws(DirectoryError) -> Int64? {
        guard let fileName = batch.fileName, let digest = batch.fileDigest else { return nil }
        var total = ImportCounts()
        for counts in counts.values {
            total.rows += counts.given
            total.accepted += counts.created
            total.changed += counts.changed
            total.unchanged += counts.unchanged
            total.rejected += counts.rejected
            total.held += counts.held
            total.closed += counts.vanished
        }
        return try transaction.recordImport(
            source: batch.source.id, fileName: fileName, fileDigest: digest, counts: total)
    }
}

extension RecordBatch {
    /// The batch with each place under the id that its source's key stands for: after two places were joined that is
    /// another one than the source would give it.
    fileprivate func byOwnKeys(in engine: DirectoryEngine) -> RecordBatch {
        let known = try? engine.store.read { reader in
            try reader.recordIDs(of: source.id, kind: .place, presentOnly: false)
        }
        guard let known, !known.isEmpty else { return self }
        var others: [PlaceID: PlaceID] = [:]
        var batch = self
        for (index, sourced) in places.enumerated() {
            guard !sourced.isIdentified, let id = known[sourced.key], id != sourced.place.id.rawValue else {
                continue
            }
            others[sourced.place.id] = PlaceID(unchecked: id)
            batch.places[index].place.id = PlaceID(unchecked: id)
        }
        guard !others.isEmpty else { return self }
        for index in batch.places.indices {
            guard let within = batch.places[index].place.within, let other = others[within] else { continue }
            batch.places[index].place.within = other
        }
        for index in batch.activities.indices {
            guard let place = batch.activities[index].place, let other = others[place] else { continue }
            batch.activities[index].place = other
        }
        for index in batch.notices.indices {
            guard let place = batch.notices[index].place, let other = others[place] else { continue }
            batch.notices[index].place = other
        }
        return batch
    }
}

extension CommunityFinder {
    /// Throws `invalid_record` unless GEOS finds a boundary sound.
    static func check(_ boundary: Area, of id: CommunityID) throws(DirectoryError) {
        guard let defect = AreaGeometry.defect(of: boundary) else { return }
        throw DirectoryError(
            .invalidRecord, "community \(id.rawValue.shortened()): the boundary is not sound: \(defect)",
            advice: "mend it in a map editor", location: "boundary")
    }

    /// Puts places and origins into the communities that new boundaries give them.
    func reassign(in transaction: inout StoreTransaction) throws(DirectoryError) {
        var places: [Place] = []
        var origins: [Origin] = []
        try transaction.reader.forEachPlace { place in
            guard let location = place.location else { return }
            let community = assigned(place.community, at: location)
            guard community != place.community else { return }
            var place = place
            place.community = community
            places.append(place)
        }
        try transaction.reader.forEachOrigin { origin in
            let community = assigned(origin.community, at: origin.location)
            guard community != origin.community else { return }
            var origin = origin
            origin.community = community
            origins.append(origin)
        }
        for place in places { try transaction.put(place) }
        for origin in origins { try transaction.put(origin) }
    }

    /// The community of a record that has `present`: it keeps one whose boundary holds it or is not known.
    func assigned(_ present: CommunityID?, at point: Coordinate) -> CommunityID? {
        if let present, holds(present, point) != false { return present }
        return community(at: point)
    }
}

extension RecordFinding {
    /// That a notice would end before it begins.
    fileprivate static func endsTooEarly(_ notice: Notice) -> RecordFinding {
        RecordFinding(
            severity: "error", code: DirectoryError.Code.invalidRecord.rawValue, record: notice.id.rawValue,
            field: "until", value: notice.until?.text,
            message: LocalizedText(
                zh: "通知的结束时间早于开始时间", en: "the notice ends before it begins; mend “from” or “until”"))
    }

    /// A module's finding about one record.
    init(_ finding: Finding, record: String) {
        self.init(
            severity: finding.severity.rawValue, code: finding.code, record: record, field: finding.field,
            value: finding.value, message: finding.message)
    }
}
