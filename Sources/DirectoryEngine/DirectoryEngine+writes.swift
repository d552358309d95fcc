package import DirectoryAPI
package import DirectoryModel
internal import DirectoryStore
internal import OpeningTimes
internal import ServiceTypeKit

extension DirectoryEngine {
    /// The source under which records written by hand are kept.
    static let handSource = Source(
        id: SourceID(unchecked: "api"), kind: "api", title: "written through the admin socket")

    /// Stores a place whole.
    package func putPlace(_ id: PlaceID, _ body: PlaceBody, _ context: WriteContext)
        throws(DirectoryError) -> WriteReply
    {
        try once(context) { () throws(DirectoryError) in
            let present = reading { index in index.places[id] }
            try require(context.ifMatch, tag: present?.tag, of: id)
            return try store(place: id, body, present: present, context)
        }
    }

    /// Changes the named fields of a place (RFC 7396).
    package func patchPlace(_ id: PlaceID, _ patch: JSONValue, _ context: WriteContext)
        throws(DirectoryError) -> WriteReply
    {
        try once(context) { () throws(DirectoryError) in
            guard let present = reading({ index in index.places[id] }) else { throw noSuch(id) }
            try require(context.ifMatch, tag: present.tag, of: id)
            var base = present.record.place
            // A community that was found by the place's point is found again when the point changes.
            if patch["location"] != nil, patch["community"] == nil, let location = base.location,
                reading({ index in index.finder }).community(at: location) == base.community
            {
                base.community = nil
            }
            let merged = try PlaceBody(PlaceBody.json(of: base).merged(with: patch))
            return try store(place: id, merged, present: present, context)
        }
    }

    /// Takes a place away, unless another source still delivers it.
    package func deletePlace(_ id: PlaceID, _ context: WriteContext) throws(DirectoryError) -> WriteReply {
        try once(context) { () throws(DirectoryError) in
            guard let present = reading({ index in index.places[id] }) else { throw noSuch(id) }
            try require(context.ifMatch, tag: present.tag, of: id)
            try require(context.party, mayChange: present.record.place, to: nil)
            return try delete(.place, id.rawValue, context)
        }
    }

    /// Stores an origin whole.
    package func putOrigin(_ id: OriginID, _ body: OriginBody, _ context: WriteContext)
        throws(DirectoryError) -> WriteReply
    {
        try once(context) { () throws(DirectoryError) in
            let (present, finder) = reading { index in (index.origins[id], index.finder) }
            try require(context.ifMatch, tag: present?.tag, of: id)
            if let community = body.community {
                try reading { (index: LiveIndex) throws(DirectoryError) in
                    try index.requireCommunity(community)
                }
            }
            if let parent = body.parent {
                guard parent != id, reading({ index in index.origins[parent] }) != nil else {
                    throw DirectoryError(
                        .invalidRecord, "origin: “parent” \(parent.rawValue.shortened()) is no other origin",
                        advice: "store the wider one first", location: "parent")
                }
            }
            if let parent = body.parent, reading({ index in index.isPart(parent, of: id) }) {
                throw DirectoryError(
                    .invalidRecord, "origin: “parent” \(parent.rawValue.shortened()) is a part of it already",
                    advice: "a unit is part of a building, a building of an estate", location: "parent")
            }
            if let grid = body.grid, reading({ index in index.grids[grid] }) == nil {
                throw DirectoryError(
                    .invalidRecord, "origin: there is no grid \(grid.rawValue.shortened())", location: "grid")
            }
            let origin = Origin(
                id: id, kind: body.kind, name: body.name, nameEnglish: body.nameEnglish,
                location: body.location,
                given: body.location == present?.location ? present?.given : nil,
                community: body.community ?? finder.community(at: body.location),
                grid: body.grid, parent: body.parent, households: body.households, status: body.status)
            return try commit(.origin, id.rawValue, wasThere: present != nil, context) {
                (transaction: inout StoreTransaction) throws(DirectoryError) in
                (try transaction.put(origin), origin.tag)
            }
        }
    }

    /// Stores a community whole; places and origins are assigned anew where its boundary changed.
    package func putCommunity(_ id: CommunityID, _ body: CommunityBody, _ context: WriteContext)
        throws(DirectoryError) -> WriteReply
    {
        try once(context) { () throws(DirectoryError) in
            let (present, known) = reading { index in (index.communities[id], Array(index.communities.values))
            }
            try require(context.ifMatch, tag: present?.tag, of: id)
            if let boundary = body.boundary { try CommunityFinder.check(boundary, of: id) }
            let community = Community(
                id: id, name: body.name, nameEnglish: body.nameEnglish, streetOffice: body.streetOffice,
                boundary: body.boundary, households: body.households, population: body.population,
                elderShare: body.elderShare, timeZone: body.timeZone, region: body.region)
            if let fault = community.timeZoneFault {
                throw DirectoryError(
                    .invalidRecord, "community: " + fault.en, advice: "use a name such as Asia/Shanghai",
                    location: "time_zone")
            }
            let finder = CommunityFinder(known.filter { $0.id != id } + [community])
            return try commit(.community, id.rawValue, wasThere: present != nil, context) {
                (transaction: inout StoreTransaction) throws(DirectoryError) in
                let isChanged = try transaction.put(community)
                if present?.boundary != community.boundary { try finder.reassign(in: &transaction) }
                return (isChanged, community.tag)
            }
        }
    }

    /// Stores an activity whole.
    package func putActivity(_ id: ActivityID, _ body: ActivityBody, _ context: WriteContext)
        throws(DirectoryError) -> WriteReply
    {
        try once(context) { () throws(DirectoryError) in
            let (present, place, finder) = reading { index in
                (index.activities[id], body.place.flatMap { index.places[$0]?.record.place }, index.finder)
            }
            try require(context.ifMatch, tag: present?.tag, of: id)
            try require(context.party, mayChangeFor: body.organisation)
            if let present { try require(context.party, mayChangeFor: present.organisation) }
            try reading { (index: LiveIndex) throws(DirectoryError) in try index.require(namesOf: body) }
            do throws(OpeningTextError) {
                _ = try OpeningSchedule(body.times)
            } catch {
                throw DirectoryError(
                    .invalidRecord, "activity: “times” cannot be read: " + error.message.en,
                    advice: "write them like opening times: Tu,Th 16:30-18:00", location: "times",
                    cause: error.message.zh)
            }
            var activity = try body.activity(id)
            activity.community =
                activity.community ?? place?.community ?? activity.location.flatMap(finder.community(at:))
            let stored = activity
            return try commit(.activity, id.rawValue, wasThere: present != nil, context) {
                (transaction: inout StoreTransaction) throws(DirectoryError) in
                (try transaction.put(stored), stored.tag)
            }
        }
    }

    /// Takes an activity away.
    package func deleteActivity(_ id: ActivityID, _ context: WriteContext) throws(DirectoryError)
        -> WriteReply
    {
        try once(context) { () throws(DirectoryError) in
            guard let present = reading({ index in index.activities[id] }) else { throw noSuch(id) }
            try require(context.ifMatch, tag: present.tag, of: id)
            try require(context.party, mayChangeFor: present.organisation)
            return try delete(.activity, id.rawValue, context)
        }
    }

    /// Stores a notice whole.
    package func putNotice(_ id: NoticeID, _ body: NoticeBody, _ context: WriteContext)
        throws(DirectoryError) -> WriteReply
    {
        try once(context) { () throws(DirectoryError) in
            let present = reading { index in index.notices[id] }
            try require(context.ifMatch, tag: present?.tag, of: id)
            let notice = try notice(id, of: body)
            try require(context.party, mayChange: present, to: notice)
            return try commit(.notice, id.rawValue, wasThere: present != nil, context) {
                (transaction: inout StoreTransaction) throws(DirectoryError) in
                (try transaction.put(notice), notice.tag)
            }
        }
    }

    /// Takes a notice away.
    package func deleteNotice(_ id: NoticeID, _ context: WriteContext) throws(DirectoryError) -> WriteReply {
        try once(context) { () throws(DirectoryError) in
            guard let present = reading({ index in index.notices[id] }) else { throw noSuch(id) }
            try require(context.ifMatch, tag: present.tag, of: id)
            try require(context.party, mayChange: present, to: nil)
            return try delete(.notice, id.rawValue, context)
        }
    }

    /// Stores an organisation whole.
    package func putOrganisation(_ id: OrganisationID, _ body: OrganisationBody, _ context: WriteContext)
        throws(DirectoryError) -> WriteReply
    {
        try once(context) { () throws(DirectoryError) in
            let present = reading { index in index.organisations[id] }
            try require(context.ifMatch, tag: present?.tag, of: id)
            try require(context.party, mayChangeFor: id)
            let organisation = try body.organisation(id)
            return try commit(.organisation, id.rawValue, wasThere: present != nil, context) {
                (transaction: inout StoreTransaction) throws(DirectoryError) in
                (try transaction.put(organisation), organisation.tag)
            }
        }
    }

    /// Takes an organisation away that runs nothing any more.
    package func deleteOrganisation(_ id: OrganisationID, _ context: WriteContext) throws(DirectoryError)
        -> WriteReply
    {
        try once(context) { () throws(DirectoryError) in
            let tag = reading { index in index.organisations[id]?.tag }
            guard let tag else { throw noSuch(id) }
            try require(context.ifMatch, tag: tag, of: id)
            try require(context.party, mayChangeFor: id)
            return try delete(.organisation, id.rawValue, context)
        }
    }

    // MARK: Parts of every write

    private func delete(_ kind: RecordKind, _ id: String, _ context: WriteContext) throws(DirectoryError)
        -> WriteReply
    {
        try commit(kind, id, wasThere: true, context) {
            (transaction: inout StoreTransaction) throws(DirectoryError) in
            // What another has written by hand is no file that would bring it back.
            let sightings = kind == .notice ? try transaction.reader.sightings(of: kind, id) : []
            let isByHandOnly =
                kind == .notice && !sightings.contains { $0.isPresent && !$0.source.isHand }
            if case .held(let sources) = try transaction.delete(kind, id, evenIfSeen: isByHandOnly) {
                throw DirectoryError(
                    .invalidRecord,
                    "\(kind.rawValue) \(id.shortened()) is still delivered by "
                        + sources.map(\.rawValue).joined(separator: ", "),
                    advice: "take it out of that source, and import the source again")
            }
            return (true, nil)
        }
    }

    private func store(place id: PlaceID, _ body: PlaceBody, present: PlaceEntry?, _ context: WriteContext)
        throws(DirectoryError) -> WriteReply
    {
        let (host, finder) = reading { index in (index.host, index.finder) }
        guard let type = host.type(body.type) else {
            throw DirectoryError(
                .invalidRecord, "place: there is no service type \(body.type.rawValue.shortened())",
                advice: "`quarterctl types` lists those that are there", location: "type")
        }
        if let community = body.community {
            try reading { (index: LiveIndex) throws(DirectoryError) in try index.requireCommunity(community) }
        }
        try reading { (index: LiveIndex) throws(DirectoryError) in try index.require(namesOf: body, by: id) }
        var draft = try body.place(id, of: type)
        draft.community = draft.community ?? draft.location.flatMap(finder.community(at:))
        if draft.location == present?.record.place.location { draft.given = present?.record.place.given }
        let result = host.normalise(PlaceDraft(place: draft))
        let findings =
            result.findings.map { RecordFinding($0, record: id.rawValue) }
            + OpeningBook.findings(about: result.place, of: type, record: id.rawValue)
            + reading { index in index.roomConflicts(of: PlaceEntry(result.place, host: host), from: .now) }
        if let fault = result.findings.first(where: { $0.severity == .error }) {
            throw DirectoryError(
                .invalidRecord, "place \(id.rawValue.shortened()): " + fault.message.en,
                location: fault.field, cause: fault.message.zh)
        }
        try require(context.party, mayChange: present?.record.place, to: result.place)
        let entry = PlaceEntry(result.place, host: host)
        let hand = hand(context)
        let desk = StatementDesk(
            precedence: reading { index in index.settings.precedence }, host: host, finder: finder)
        var overruled: [String: SourceID] = [:]
        var reply = try commit(
            .place, id.rawValue, wasThere: present != nil, context, entries: [id: entry], findings: findings
        ) { (transaction: inout StoreTransaction) throws(DirectoryError) in
            guard let before = present?.record.place, before != result.place,
                try transaction.reader.sightings(of: .place, id.rawValue).contains(where: {
                    !$0.source.isHand
                })
            else { return (try transaction.put(result.place), result.place.tag) }
            // A register speaks of it too: what is written by hand stays beside what that says.
            try transaction.put(hand)
            let settled = try desk.take(
                byHand: result.place, source: hand.id, present: before,
                into: &transaction)
            overruled = settled.overruled
            return (try transaction.put(settled.place), settled.place.tag)
        }
        reply.findings += overruled.sorted { $0.key < $1.key }.map {
            RecordFinding(overruled: $0, by: $1, of: id)
        }
        return reply
    }

    /// Commits one record's change, applies it to the index, and makes the reply.
    ///
    /// - Parameter body: makes the change; returns whether there was one, and the record's tag after it, nil
    ///   when it is gone.
    private func commit(
        _ kind: RecordKind, _ id: String, wasThere: Bool, _ context: WriteContext,
        entries: [PlaceID: PlaceEntry] = [:], findings: [RecordFinding] = [],
        _ body: (inout StoreTransaction) throws(DirectoryError) -> (changed: Bool, tag: String?)
    ) throws(DirectoryError) -> WriteReply {
        let hand = hand(context)
        let committed = try store.write(by: context.actor, source: hand.id) { transaction in
            let (isChanged, tag) = try body(&transaction)
            // What was made by hand is known by hand; a change to another source's record is not a sighting.
            if isChanged, tag != nil, !wasThere {
                try transaction.put(hand)
                try transaction.see(source: hand.id, key: id, kind: kind, id: id)
            }
            let outcome: WriteReply.Outcome =
                tag == nil ? .deleted : !isChanged ? .unchanged : wasThere ? .changed : .created
            let reply = WriteReply(
                revision: transaction.revision, kind: kind.rawValue, id: id, outcome: outcome,
                tag: tag ?? "", findings: findings)
            if let key = context.idempotencyKey {
                var json = JSONWriter(capacity: 1024)
                reply.write(to: &json)
                try transaction.rememberReply(
                    to: key, requestDigest: Array(context.requestDigest.utf8), status: 200, body: json.bytes()
                )
            }
            return reply
        }
        publish(committed.changes, made: entries, revision: committed.revision)
        var reply = committed.result
        reply.community = committed.changes.lazy.compactMap { ($0.after ?? $0.before)?.community }.first
        return reply
    }

    /// Runs a write once for each idempotency key: sent again, the first reply is given again.
    private func once(_ context: WriteContext, _ body: () throws(DirectoryError) -> WriteReply)
        throws(DirectoryError) -> WriteReply
    {
        try exclusively { () throws(DirectoryError) -> WriteReply in
            guard let key = context.idempotencyKey,
                let remembered = try store.read({ try $0.reply(to: key, of: context.actor) })
            else { return try body() }
            guard remembered.requestDigest == Array(context.requestDigest.utf8) else {
                throw DirectoryError(
                    .keyReused, "the Idempotency-Key \(key.shortened()) was used with another request",
                    advice: "make a new key for each new request", location: "Idempotency-Key")
            }
            return try WriteReply(JSONValue(json: remembered.body))
        }
    }

    func require<ID: DirectoryID>(_ ifMatch: String?, tag: String?, of id: ID)
        throws(DirectoryError)
    {
        guard let ifMatch else { return }
        let wanted = ifMatch.split(separator: ",").map {
            $0.drop { $0 == " " || $0 == "\"" }.prefix { $0 != "\"" }
        }
        if let tag, wanted.contains("*") || wanted.contains(where: { $0 == tag }) { return }
        throw DirectoryError(
            .changedMeanwhile,
            tag == nil
                ? "\(ID.noun) \(id.rawValue.shortened()) is not there any more"
                : "\(ID.noun) \(id.rawValue.shortened()) was changed by somebody else meanwhile",
            advice: "read it again, then decide", location: "If-Match")
    }
}

extension RecordFinding {
    /// That what was written by hand is kept and not shown, because another source is believed more.
    fileprivate init(overruled field: String, by source: SourceID, of id: PlaceID) {
        self.init(
            severity: "warning", code: "other_source_believed", record: id.rawValue, field: field,
            value: source.rawValue,
            message: LocalizedText(
                zh: "“\(field)”按配置以来源 \(source.rawValue) 为准，您的修改已记录，但不显示；请在该来源中修改",
                en:
                    "of “\(field)” the configuration believes source \(source.rawValue) more: your word is kept and not "
                    + "shown; change it at that source"))
    }
}
