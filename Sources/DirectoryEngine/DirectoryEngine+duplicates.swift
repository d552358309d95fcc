package import DirectoryAPI
package import DirectoryModel
internal import DirectoryStore
internal import HashTreeCollections
internal import ModuleHost
internal import RegisterMatching

extension DirectoryEngine {
    /// Rows that look like a place that is there, and wait.
    package func heldPlaces(_ query: HeldQuery) throws(DirectoryError) -> HeldPage {
        let (rows, waiting) = try store.read { reader in
            var rows: [HeldRow] = []
            var after = query.after
            // One more tells whether there are more.
            while rows.count <= query.limit {
                let piece = try reader.heldRows(after: after, limit: 500)
                guard let last = piece.last else { break }
                after = last.number
                rows += piece.filter { query.source == nil || $0.source == query.source }
            }
            return (rows, try reader.heldRowCount())
        }
        let page = rows.prefix(query.limit)
        return reading { index in
            HeldPage(
                revision: index.revision, waiting: waiting,
                rows: page.map { row in
                    HeldPlace(
                        number: row.number, source: row.source, key: row.key, place: row.place,
                        candidates: row.candidates.compactMap { candidate in
                            index.places[candidate.place].map {
                                PlaceLikeness(
                                    place: $0.record.place, confidence: candidate.confidence,
                                    evidence: candidate.evidence)
                            }
                        }, fileName: row.fileName, since: row.since)
                }, next: rows.count > page.count ? page.last?.number : nil)
        }
    }

    /// Pairs of stored places that look like one and of which nobody has said that they are two.
    package func placePairs(_ query: PairQuery) throws(DirectoryError) -> PairList {
        let (revision, places, codes) = try reading { (index: LiveIndex) throws(DirectoryError) in
            if let community = query.community { try index.requireCommunity(community) }
            if let type = query.type { try index.requireType(type) }
            let places = index.placeOrder.ids.compactMap { index.places[$0]?.record.place }.filter { place in
                place.status == .active && (query.community == nil || place.community == query.community)
                    && (query.type == nil || place.type == query.type)
            }
            return (index.revision, places, index.organisations.compactMapValues(\.creditCode))
        }
        let apart = try store.read { reader in try reader.keptApart() }
        let traits = places.map { place in
            PlaceTraits(place, creditCode: place.organisation.flatMap { codes[$0] })
        }
        let found = DuplicateFinder.pairs(of: traits).pairs.filter { pair in
            let (one, other) = (places[pair.first], places[pair.second])
            return (query.withMaybe || pair.verdict == .same) && one.within != other.id
                && other.within != one.id
                && !apart.contains(KeptApart(one.id, other.id))
        }
        return PairList(
            revision: revision,
            pairs: found.prefix(query.limit).map { pair in
                let same = SamePlace(traits[pair.first], traits[pair.second])
                return PlacePair(
                    one: places[pair.first],
                    other: PlaceLikeness(
                        place: places[pair.second], confidence: same.confidence,
                        evidence: same.evidence.map(\.words)))
            }, count: found.count)
    }

    /// Carries out what somebody has decided about two things that look like one, and remembers it.
    package func decide(_ decision: DuplicateDecision, by actor: Actor) throws(DirectoryError)
        -> DecisionReply
    {
        try exclusively { () throws(DirectoryError) -> DecisionReply in
            let (host, finder, precedence) = reading { index in
                (index.host, index.finder, index.settings.precedence)
            }
            let desk = DecisionDesk(desk: StatementDesk(precedence: precedence, host: host, finder: finder))
            let source = try self.source(of: decision)
            let committed = try store.write(by: actor, source: source) { transaction in
                try desk.carryOut(decision, in: &transaction)
            }
            // What parties had said of the one is said of the other now.
            let words =
                committed.result.gone == nil
                ? nil : try store.read { reader in try reader.lastConfirmations() }
            publish(committed.changes, made: [:], revision: committed.revision) { next in
                if let words { next.confirmations = TreeDictionary(grouping: words, by: \.place) }
            }
            return DecisionReply(
                revision: committed.revision, place: committed.result.place, gone: committed.result.gone)
        }
    }

    /// The source for which a decision speaks: that of a row, else none but the writer's own hand.
    private func source(of decision: DuplicateDecision) throws(DirectoryError) -> SourceID {
        switch decision {
        case .joinRow(let number, _), .rowApart(let number):
            try store.read { reader in try reader.heldRow(number)?.source } ?? Self.handSource.id
        case .part(_, let source, _): source
        case .join, .apart: Self.handSource.id
        }
    }
}

/// Carries out decisions within a transaction.
private struct DecisionDesk {
    let desk: StatementDesk

    /// What came of it.
    typealias Outcome = (place: PlaceID, gone: PlaceID?)

    func carryOut(_ decision: DuplicateDecision, in transaction: inout StoreTransaction)
        throws(DirectoryError)
        -> Outcome
    {
        switch decision {
        case .joinRow(let number, let place): (try join(number, to: place, in: &transaction), nil)
        case .rowApart(let number): (try keepApart(number, in: &transaction), nil)
        case .join(let kept, let gone): (kept, try join(gone, to: kept, in: &transaction))
        case .apart(let one, let other): (one, try keepApart(one, other, in: &transaction))
        case .part(let place, let source, let key): (try part(place, source, key, in: &transaction), nil)
        }
    }

    // MARK: Rows

    private func join(
        _ number: Int64, to place: PlaceID?, in transaction: inout StoreTransaction
    ) throws(DirectoryError) -> PlaceID {
        let row = try row(number, in: transaction)
        let id: PlaceID
        if let place { id = place } else { id = try candidate(of: row, in: transaction) }
        let present = try self.place(id, in: transaction)
        let settled = try desk.take(
            row.place, of: id, fields: desk.ownWords(of: row.place), source: row.source, key: row.key,
            present: present, into: &transaction)
        try transaction.put(settled.place)
        try transaction.see(source: row.source, key: row.key, kind: .place, id: id.rawValue)
        try transaction.dropHeldRow(of: row.source, key: row.key)
        return id
    }

    private func keepApart(_ number: Int64, in transaction: inout StoreTransaction) throws(DirectoryError)
        -> PlaceID
    {
        let row = try row(number, in: transaction)
        var place = row.place
        place.id = try freeID(place.id, in: transaction)
        try transaction.put(place)
        try transaction.see(source: row.source, key: row.key, kind: .place, id: place.id.rawValue)
        for candidate in row.candidates where try transaction.place(candidate.place) != nil {
            try transaction.keepApart(KeptApart(place.id, candidate.place))
        }
        try transaction.dropHeldRow(of: row.source, key: row.key)
        return place.id
    }

    /// The likeliest place of a row that is still there.
    private func candidate(of row: HeldRow, in transaction: borrowing StoreTransaction) throws(DirectoryError)
        -> PlaceID
    {
        for candidate in row.candidates where try transaction.place(candidate.place) != nil {
            return candidate.place
        }
        throw DirectoryError(
            .notFound, "the places that row \(row.number) looks like are gone",
            advice:
                "name a place, store the row by `quarterctl duplicates apart \(row.number)`, or bring its file in again",
            location: "place")
    }

    private func row(_ number: Int64, in transaction: borrowing StoreTransaction) throws(DirectoryError)
        -> HeldRow
    {
        guard let row = try transaction.reader.heldRow(number) else { throw Self.noRow(number) }
        return row
    }

    private static func noRow(_ number: Int64) -> DirectoryError {
        DirectoryError(
            .notFound, "no row \(number) waits: it was decided already, or its file no longer has it",
            advice: "`quarterctl duplicates` lists those that wait", location: "row")
    }

    // MARK: Places

    private func join(
        _ gone: PlaceID, to kept: PlaceID, in transaction: inout StoreTransaction
    ) throws(DirectoryError) -> PlaceID {
        guard gone != kept else {
            throw DirectoryError(
                .invalidRecord, "place \(kept.rawValue.shortened()) is the same as itself",
                advice: "name two places", location: "other")
        }
        let (one, other) = (try place(kept, in: transaction), try place(gone, in: transaction))
        guard one.within != gone, other.within != kept else {
            throw DirectoryError(
                .invalidRecord,
                "of \(kept.rawValue.shortened()) and \(gone.rawValue.shortened()) one lies in the other: they are two",
                advice: "take `within` away first, if that is wrong", location: "other")
        }
        var all = try desk.statements(of: kept, present: one, in: transaction)
        all += try desk.statements(of: gone, present: other, in: transaction)
        try moveReferences(from: gone, to: kept, in: &transaction)
        try moveCandidates(from: gone, to: kept, in: &transaction)
        try transaction.moveSightings(from: gone, to: kept)
        _ = try transaction.delete(.place, gone.rawValue, evenIfSeen: true)
        let settled = try desk.settle(
            all, changed: [], present: one, id: kept, by: DirectoryEngine.handSource.id, into: &transaction)
        try transaction.put(settled.place)
        return gone
    }

    /// Makes what lies in a place, and takes place in it, do so in another.
    private func moveReferences(
        from gone: PlaceID, to kept: PlaceID, in transaction: inout StoreTransaction
    ) throws(DirectoryError) {
        var parts: [Place] = []
        try transaction.reader.forEachPlace { place in if place.within == gone { parts.append(place) } }
        for var part in parts {
            part.within = kept
            try transaction.put(part)
        }
        for var activity in try transaction.reader.activities() where activity.place == gone {
            activity.place = kept
            try transaction.put(activity)
        }
        for var notice in try transaction.reader.notices() where notice.place == gone {
            notice.place = kept
            try transaction.put(notice)
        }
    }

    /// Makes rows that look like a place look like another.
    private func moveCandidates(
        from gone: PlaceID, to kept: PlaceID, in transaction: inout StoreTransaction
    ) throws(DirectoryError) {
        var last: Int64 = 0
        while true {
            let rows = try transaction.reader.heldRows(after: last, limit: 500)
            guard let end = rows.last else { return }
            last = end.number
            for var row in rows where row.candidates.contains(where: { $0.place == gone }) {
                row.candidates.removeAll { $0.place == kept }
                for index in row.candidates.indices where row.candidates[index].place == gone {
                    row.candidates[index].place = kept
                }
                try transaction.hold(row)
            }
        }
    }

    private func keepApart(
        _ one: PlaceID, _ other: PlaceID, in transaction: inout StoreTransaction
    ) throws(DirectoryError) -> PlaceID? {
        guard one != other else {
            throw DirectoryError(
                .invalidRecord, "place \(one.rawValue.shortened()) cannot be two", advice: "name two places",
                location: "other")
        }
        _ = try place(one, in: transaction)
        _ = try place(other, in: transaction)
        try transaction.keepApart(KeptApart(one, other))
        return nil
    }

    private func part(
        _ id: PlaceID, _ source: SourceID, _ key: String, in transaction: inout StoreTransaction
    ) throws(DirectoryError) -> PlaceID {
        let present = try place(id, in: transaction)
        var all = try desk.statements(of: id, present: present, in: transaction)
        guard let index = all.firstIndex(where: { $0.source == source && $0.key == key }), all.count > 1
        else {
            throw DirectoryError(
                .notFound,
                "\(source) says nothing under \(key.shortened()) about \(id.rawValue.shortened()) beside another source",
                advice: "`quarterctl places sources \(id.rawValue)` shows who speaks of it",
                location: "key")
        }
        var word = all.remove(at: index)
        let free = word.place.id == id ? PlaceID(unchecked: id.rawValue + "-2") : word.place.id
        word.place.id = try freeID(free, in: transaction)
        guard let own = Combination([word], of: word.place.id, by: desk.precedence) else {
            throw DirectoryError(
                .invalidRecord, "what \(source) says about \(id.rawValue.shortened()) is no place by itself",
                location: "key")
        }
        try transaction.put(own.place)
        try transaction.moveSighting(of: source, key: key, to: word.place.id)
        try transaction.deleteStatement(of: id, source: source, key: key)
        let settled = try desk.settle(
            all, changed: [], present: present, id: id, by: source, into: &transaction)
        var rest = settled.place
        rest.status = present.status
        try transaction.put(rest)
        try transaction.keepApart(KeptApart(id, word.place.id))
        return word.place.id
    }

    // MARK: Parts

    private func place(_ id: PlaceID, in transaction: borrowing StoreTransaction) throws(DirectoryError)
        -> Place
    {
        guard let place = try transaction.place(id) else {
            throw DirectoryError(
                .notFound, "there is no place \(id.rawValue.shortened())",
                advice: "`quarterctl places` lists those that are there", location: "place")
        }
        return place
    }

    /// An id that no place has: the given one, or the first free one with a number behind it.
    private func freeID(_ id: PlaceID, in transaction: borrowing StoreTransaction) throws(DirectoryError)
        -> PlaceID
    {
        var free = id
        var number = 2
        while try transaction.place(free) != nil {
            free = PlaceID(unchecked: "\(id.rawValue.prefix(PlaceID.maximumLength - 8))-\(number)")
            number += 1
        }
        return free
    }
}
