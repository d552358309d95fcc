internal import DirectoryAPI
internal import DirectoryModel
internal import OpeningTimes

extension LiveIndex {
    /// Throws `invalid_record` where a place would name what is not there, or lie within itself.
    func require(namesOf body: PlaceBody, by id: PlaceID) throws(DirectoryError) {
        if let within = body.within {
            guard places[within] != nil else { throw missing(within, "within") }
            guard !isWithin(within, id) else {
                throw DirectoryError(
                    .invalidRecord,
                    "place: “within” \(within.rawValue.shortened()) lies in this place itself",
                    location: "within")
            }
        }
        if body.room != nil, body.within == nil {
            throw DirectoryError(
                .invalidRecord, "place: a room is one of another place, and there is no “within”",
                advice: "name the centre or the complex that the room is in", location: "room")
        }
        if let organisation = body.organisation, organisations[organisation] == nil {
            throw missing(organisation, "organisation")
        }
        let area = body.serviceArea
        for id in area.communities where communities[id] == nil { throw missing(id, "service_area") }
        for id in area.grids where grids[id] == nil { throw missing(id, "service_area") }
        for id in area.origins where origins[id] == nil { throw missing(id, "service_area") }
        guard body.isWalkIn || !area.isEmpty else {
            throw DirectoryError(
                .invalidRecord, "place: nobody can walk in, and it goes to nobody",
                advice: "give a service area, or leave “walk_in” out", location: "walk_in")
        }
    }

    /// Throws `invalid_record` where an activity would name what is not there.
    func require(namesOf body: ActivityBody) throws(DirectoryError) {
        if let organisation = body.organisation, organisations[organisation] == nil {
            throw missing(organisation, "organisation")
        }
        if let place = body.place, places[place] == nil { throw missing(place, "place") }
        if let community = body.community { try requireCommunity(community) }
    }

    /// Throws `invalid_record` where a notice would name a place or an organisation that is not there.
    func require(namesOf body: NoticeBody) throws(DirectoryError) {
        if let organisation = body.organisation, organisations[organisation] == nil {
            throw missing(organisation, "organisation")
        }
        if let place = body.place, places[place] == nil { throw missing(place, "place") }
    }

    private func missing<ID: DirectoryID>(_ id: ID, _ field: String) -> DirectoryError {
        DirectoryError(
            .invalidRecord, "there is no \(ID.noun) \(id.rawValue.shortened())",
            advice: "store it first, or leave it out", location: field)
    }

    /// Whether a place is another one, or lies in it at any depth.
    private func isWithin(_ place: PlaceID, _ whole: PlaceID) -> Bool {
        var next: PlaceID? = place
        // A stall in a market in a complex: more than that is followed, but not for ever.
        for _ in 0..<16 {
            guard let id = next else { return false }
            if id == whole { return true }
            next = places[id]?.record.place.within
        }
        return true
    }

    /// How far ahead two uses of one room are compared, in days; a fortnight, so that every other week counts.
    private static let conflictDays: Int64 = 14

    /// Other uses of the same room that are open at the same time: composite use of space needs hours of its own
    /// for each.
    ///
    /// - Complexity: a look at the schedules of the room's other uses for each span of a fortnight.
    func roomConflicts(of entry: PlaceEntry, from now: Timestamp) -> [RecordFinding] {
        let place = entry.record.place
        guard let whole = place.within, let room = place.room, place.status == .active else { return [] }
        let end = Timestamp(secondsSince1970: now.secondsSince1970 + LiveIndex.conflictDays * 86_400)
        let own = judge.spans(of: entry, from: now, until: end)
        var findings: [RecordFinding] = []
        for other in placesInOrder(relations.parts[whole])
        where other.id != place.id && other.room == room {
            guard let otherEntry = places[other.id],
                let clash = LiveIndex.overlap(own, judge.spans(of: otherEntry, from: now, until: end))
            else { continue }
            let zone = judge.context(of: place.community, policy: .commercial).zone
            let words = OpeningAnswer.words(for: clash, zone: zone)
            findings.append(
                RecordFinding(
                    severity: "warning", code: "room_conflict", record: place.id.rawValue, field: "hours",
                    value: place.hours,
                    message: LocalizedText(
                        zh: "“\(room)”在 \(words.zh) 同时用于\(other.name)（\(other.id)），请错开时间",
                        en:
                            "\(room.shortened()) is in use by \(other.name) (\(other.id)) at the same time, "
                            + "\(words.en); give each its own hours")))
        }
        return findings
    }

    /// The first time that lies in a span of both lists.
    private static func overlap(_ left: [Range<Timestamp>], _ right: [Range<Timestamp>]) -> Range<Timestamp>?
    {
        var (first, second) = (0, 0)
        while first < left.count, second < right.count {
            let shared = left[first].clamped(to: right[second])
            if !shared.isEmpty { return shared }
            if left[first].upperBound <= right[second].upperBound { first += 1 } else { second += 1 }
        }
        return nil
    }
}
