package import DirectoryAPI
package import DirectoryModel
internal import DirectoryStore
internal import OpeningTimes

extension DirectoryEngine {
    /// Writes down that a party has looked at a fact of a place and found it right or wrong.
    package func confirm(_ id: PlaceID, _ body: ConfirmationBody, _ context: WriteContext)
        throws(DirectoryError) -> ConfirmationMention
    {
        try exclusively { () throws(DirectoryError) -> ConfirmationMention in
            guard let present = reading({ index in index.places[id] }) else { throw noSuch(id) }
            try require(context.ifMatch, tag: present.tag, of: id)
            let place = present.record.place
            let party = try speaker(body, about: place, context)
            let committed = try store.write(by: context.actor) { transaction in
                let word = PlaceConfirmation(
                    place: id, fact: body.fact.rawValue, isConfirmed: body.isConfirmed,
                    value: body.fact.value(in: place), party: party.id, actor: context.actor,
                    time: transaction.time, note: body.note)
                try transaction.add(word)
                return word
            }
            change { next in next.confirm(committed.result, revision: committed.revision) }
            commits.ring(committed.revision)
            return reading { index in index.mention(committed.result, of: place) }
        }
    }

    /// The party that a confirmation comes from.
    ///
    /// - Throws: `invalid_record` for one that is not there, `forbidden` where it has nothing to do with the place, or
    ///   the writer does not speak for it.
    private func speaker(_ body: ConfirmationBody, about place: Place, _ context: WriteContext)
        throws(DirectoryError) -> Party
    {
        let parties = reading { index in index.settings.parties }
        let own = context.party
        let advice =
            parties.isEmpty
            ? "name the parties in [[parties]] of the configuration first"
            : "use one of " + parties.map(\.id).joined(separator: ", ")
        guard let id = body.party ?? own?.id else {
            throw DirectoryError(
                .invalidRecord, "confirmation: “party” is missing: you speak for none yourself",
                advice: advice,
                location: "party")
        }
        guard let party = parties.first(where: { $0.id == id }) else {
            throw DirectoryError(
                .invalidRecord, "confirmation: there is no party \(id.shortened())", advice: advice,
                location: "party")
        }
        if let own, own.id != party.id {
            throw DirectoryError(
                .forbidden, "\(own.name) cannot speak for \(party.name)", advice: "leave `party` out",
                location: "party")
        }
        guard party.isConcerned(with: place) else {
            throw DirectoryError(
                .forbidden,
                "\(party.name) has nothing to do with \(place.id.rawValue.shortened()): its communities or types are others",
                advice: "see [[parties]] in the configuration", location: "party")
        }
        return party
    }

    /// The active places that nobody has confirmed or delivered for some months.
    package func freshness(_ query: FreshnessQuery) throws(DirectoryError) -> FreshnessReply {
        let (revision, places, parties, words, judge) = try reading {
            (index: LiveIndex) throws(DirectoryError) in
            if let community = query.community { try index.requireCommunity(community) }
            if let type = query.type { try index.requireType(type) }
            let places = index.placeOrder.ids.compactMap { index.places[$0]?.record.place }.filter { place in
                place.status == .active && (query.community == nil || place.community == query.community)
                    && (query.type == nil || place.type == query.type)
            }
            return (index.revision, places, index.settings.parties, index.confirmations, index.judge)
        }
        let delivered = try store.read { reader in
            try reader.lastDeliveries(of: .place, but: Self.handSource.id)
        }
        let now = Timestamp.now
        var old: [PlaceFreshness] = []
        for place in places {
            var fresh = PlaceFreshness(place: place, confirmed: nil, by: nil, months: nil, captain: nil)
            if let delivery = delivered[place.id.rawValue] {
                (fresh.confirmed, fresh.by) = (delivery.time, delivery.source.rawValue)
            }
            for word in words[place.id] ?? [] where word.isConfirmed && word.isCurrent(for: place) {
                if let time = fresh.confirmed, time >= word.time { continue }
                (fresh.confirmed, fresh.by) = (word.time, word.party)
            }
            let offset = Int64(judge.offset(in: place.community, at: now))
            fresh.months = fresh.confirmed.map {
                Self.months(from: $0.secondsSince1970 + offset, to: now.secondsSince1970 + offset)
            }
            if let months = fresh.months, months < query.months { continue }
            old.append(fresh)
        }
        let captains = try self.captains(among: parties, of: Set(old.map(\.place.id)))
        for index in old.indices { old[index].captain = captains[old[index].place.id] }
        old.sort { one, other in
            if one.captain?.id != other.captain?.id {
                guard let first = one.captain?.id else { return false }
                guard let second = other.captain?.id else { return true }
                return first < second
            }
            let (first, second) = (
                one.confirmed?.secondsSince1970 ?? 0, other.confirmed?.secondsSince1970 ?? 0
            )
            return (first, one.place.id) < (second, other.place.id)
        }
        return FreshnessReply(revision: revision, places: old, among: places.count)
    }

    /// Whole months between two moments of local time.
    private static func months(from: Int64, to: Int64) -> Int {
        guard let first = LocalDay(String(Timestamp(secondsSince1970: from).rfc3339.prefix(10))),
            let last = LocalDay(String(Timestamp(secondsSince1970: to).rfc3339.prefix(10)))
        else { return 0 }
        let months = (last.year - first.year) * 12 + last.month - first.month
        return max(0, last.day < first.day ? months - 1 : months)
    }

    /// The building captain of each place: the one whose building is the nearest on foot.
    private func captains(among parties: [Party], of ids: Set<PlaceID>) throws(DirectoryError) -> [PlaceID:
        Party]
    {
        var nearest: [PlaceID: (metres: Metres, party: Party)] = [:]
        for party in parties where party.kind == .buildingCaptain {
            for building in party.buildings where reading({ index in index.origins[building] != nil }) {
                var query = ReachQuery(origin: .id(building), limit: 500)
                while true {
                    let reply: ReachReply
                    do throws(DirectoryError) {
                        reply = try reach(query)
                    } catch {
                        // Off the network, or none imported: nobody is near on foot.
                        break
                    }
                    for reached in reply.places where ids.contains(reached.place.id) {
                        if let present = nearest[reached.place.id], present.metres <= reached.walk.metres {
                            continue
                        }
                        nearest[reached.place.id] = (reached.walk.metres, party)
                    }
                    guard let next = reply.next else { break }
                    query.cursor = next
                }
            }
        }
        return nearest.mapValues(\.party)
    }
}

extension PlaceConfirmation {
    /// Whether the fact is still what it was when the party looked at it.
    func isCurrent(for place: Place) -> Bool {
        guard let fact = ConfirmedFact(rawValue: fact) else { return false }
        return fact.value(in: place) == value
    }
}

extension LiveIndex {
    /// Takes a party's word.
    func confirm(_ word: PlaceConfirmation, revision: Revision) {
        confirmations[word.place, default: []].removeAll { $0.fact == word.fact && $0.party == word.party }
        confirmations[word.place, default: []].append(word)
        self.revision = revision
    }

    /// What parties have confirmed and contested of a place, newest first.
    func mentions(of place: Place) -> [ConfirmationMention] {
        (confirmations[place.id] ?? []).reversed().map { mention($0, of: place) }
            .sorted { $0.time > $1.time }
    }

    /// A party's word, for an answer.
    func mention(_ word: PlaceConfirmation, of place: Place) -> ConfirmationMention {
        let party = settings.parties.first { $0.id == word.party }
        let local = Timestamp(
            secondsSince1970: word.time.secondsSince1970
                + Int64(judge.offset(in: place.community, at: word.time)))
        return ConfirmationMention(
            fact: ConfirmedFact(rawValue: word.fact) ?? .status, isConfirmed: word.isConfirmed,
            party: word.party,
            partyName: party?.name, kind: party?.kind, time: word.time,
            day: LocalDay(String(local.rfc3339.prefix(10))), note: word.note,
            isCurrent: word.isCurrent(for: place))
    }
}
