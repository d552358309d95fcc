internal import DirectoryAPI
internal import DirectoryModel
internal import DirectoryStore
internal import ModuleHost
internal import ServiceTypeKit

/// Writes down what each source says of a place of which several speak, and says what is shown of it.
struct StatementDesk {
    let precedence: Precedence
    let host: ModuleHost
    let finder: CommunityFinder

    /// What is to be stored of a place after somebody's word about it.
    struct Settled {
        /// The place as it is shown now.
        var place: Place
        /// Fields in which the word was just given and another is shown, because that one is believed more.
        var overruled: [String: SourceID] = [:]
        /// Fields in which the word has taken the place of one by hand.
        var replacedHand: Set<String> = []
    }

    /// Takes a source's word about a place.
    ///
    /// - Parameters:
    ///   - own: the place in the source's own words.
    ///   - id: the place of which it speaks.
    ///   - fields: the fields that it states.
    ///   - present: the place as it is stored; nil where there is none yet.
    /// - Returns: what is to be stored; the statements are written already.
    func take(
        _ own: Place, of id: PlaceID, fields: Set<String>, source: SourceID, key: String, present: Place?,
        into transaction: inout StoreTransaction
    ) throws(DirectoryError) -> Settled {
        var all = try statements(of: id, present: present, in: transaction)
        let index = all.firstIndex { $0.source == source && $0.key == key }
        let earlier = index.map { all[$0] }
        var since: [String: PlaceStatement.Since] = [:]
        for name in fields {
            if let earlier, let time = earlier.since[name], PlaceFields.isEqual(name, earlier.place, own) {
                since[name] = time
            } else {
                since[name] = transaction.now
            }
        }
        var word = PlaceStatement(source: source, key: key, place: own, since: since)
        // Its own id stays, so that the two can be parted again.
        if let earlier { word.place.id = earlier.place.id }
        if let index { all[index] = word } else { all.append(word) }
        return try settle(all, changed: [word], present: present, id: id, by: source, into: &transaction)
    }

    /// Takes a word by hand: it is about the fields that it changes.
    func take(
        byHand edited: Place, source: SourceID, present: Place, into transaction: inout StoreTransaction
    ) throws(DirectoryError) -> Settled {
        var all = try statements(of: present.id, present: present, in: transaction)
        let key = present.id.rawValue
        let index = all.firstIndex { $0.source == source && $0.key == key }
        var word =
            index.map { all[$0] } ?? PlaceStatement(source: source, key: key, place: present, since: [:])
        for name in PlaceFields.differences(present, edited) {
            PlaceFields.copy(name, from: edited, to: &word.place)
            word.since[name] = transaction.now
        }
        if let index { all[index] = word } else { all.append(word) }
        var settled = try settle(
            all, changed: [word], present: present, id: present.id, by: source, into: &transaction)
        for name in PlaceFields.differences(settled.place, edited) {
            guard let winner = Combination(all, of: present.id, by: precedence)?.winners[name],
                winner.source != source
            else { continue }
            settled.overruled[name] = winner.source
        }
        settled.place.status = edited.status
        return settled
    }

    /// The fields that a source states with a place of its own; the community that its point lies in is nobody's word.
    func ownWords(of place: Place) -> Set<String> {
        var fields = PlaceFields.stated(by: place)
        if place.community == place.location.flatMap(finder.community(at:)) { fields.remove("community") }
        return fields
    }

    /// Takes back the word of a source that no longer has the place; another still has it.
    ///
    /// - Returns: what is to be stored; nil where only one source has spoken.
    func withdraw(
        _ source: SourceID, keys: Set<String>, of present: Place, into transaction: inout StoreTransaction
    ) throws(DirectoryError) -> Place? {
        var all = try transaction.reader.statements(of: present.id)
        var changed: [PlaceStatement] = []
        for index in all.indices where all[index].source == source && keys.contains(all[index].key) {
            all[index].since = [:]
            changed.append(all[index])
        }
        guard !changed.isEmpty else { return nil }
        return try settle(
            all, changed: changed, present: present, id: present.id, by: source, into: &transaction
        ).place
    }

    /// What is said of a place: as it was written down, or, for one of which one source has spoken so far, as its
    /// record and its history tell.
    func statements(
        of id: PlaceID, present: Place?, in transaction: borrowing StoreTransaction
    ) throws(DirectoryError) -> [PlaceStatement] {
        let written = try transaction.reader.statements(of: id)
        guard written.isEmpty, let present else { return written }
        let sightings = try transaction.reader.sightings(of: .place, id.rawValue).filter(\.isPresent)
        let origins = try FieldOrigins(of: present, in: transaction.reader)
        let spoken = Set(origins.byField.values.compactMap(\.source))
        // The source that is behind most of the record: of several the one that has spoken.
        guard
            let owner = sightings.first(where: { !$0.source.isHand && spoken.contains($0.source) })
                ?? sightings.first(where: { !$0.source.isHand }) ?? sightings.first
        else { return [] }
        var own = PlaceStatement(source: owner.source, key: owner.key, place: present, since: [:])
        var byHand: [SourceID: PlaceStatement] = [:]
        for (name, origin) in origins.byField {
            if let source = origin.source, source.isHand, source != owner.source {
                byHand[
                    source,
                    default: PlaceStatement(source: source, key: id.rawValue, place: present, since: [:])
                ].since[name] = origin.since
            } else {
                own.since[name] = origin.since
            }
        }
        // A record without a name is none, whoever gave it that.
        own.since["name"] = own.since["name"] ?? origins.byField["name"]?.since ?? transaction.now
        own.since["type"] = own.since["type"] ?? own.since["name"]
        // One that is found by the point is found again; it is nobody's word.
        if present.community == present.location.flatMap(finder.community(at:)) {
            own.since["community"] = nil
        }
        return [own] + byHand.values.sorted { $0.source < $1.source }
    }

    /// Writes down what is new among the statements, and says what is shown.
    func settle(
        _ all: [PlaceStatement], changed: [PlaceStatement], present: Place?, id: PlaceID, by source: SourceID,
        into transaction: inout StoreTransaction
    ) throws(DirectoryError) -> Settled {
        let written = try transaction.reader.statements(of: id)
        for statement in all where !written.contains(statement) { try transaction.put(statement, of: id) }
        let before = Combination(written, of: id, by: precedence)
        guard let combined = Combination(all, of: id, by: precedence) else {
            return Settled(place: present ?? changed.first?.place ?? all[0].place)
        }
        var settled = Settled(place: shown(combined.place, present: present))
        for (name, winner) in combined.winners where winner.source == source {
            if let earlier = before?.winners[name], earlier.source.isHand, !source.isHand {
                settled.replacedHand.insert(name)
            }
        }
        return settled
    }

    /// A combination as it is stored: its community is found where nobody states one, its attributes are those that
    /// its module allows.
    private func shown(_ combined: Place, present: Place?) -> Place {
        var place = combined
        place.community = place.community ?? place.location.flatMap(finder.community(at:))
        guard host.knows(place.type) else { return place }
        return host.normalise(PlaceDraft(place: place)).place
    }
}
