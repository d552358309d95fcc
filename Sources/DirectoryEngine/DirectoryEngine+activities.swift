package import DirectoryAPI
package import DirectoryModel
internal import OpeningTimes
internal import WalkNetwork

extension DirectoryEngine {
    /// Activities by the beginning of their next session, ties by the bytes of their ids.
    package func activities(_ query: ActivityQuery) throws(DirectoryError) -> ActivityList {
        let from = query.from ?? .now
        let until = query.until ?? Timestamp(secondsSince1970: from.secondsSince1970 + 7 * 86_400)
        guard from < until,
            until.secondsSince1970 - from.secondsSince1970 <= ActivityQuery.longestSpan
        else {
            throw DirectoryError(
                .invalidRequest, "“until” has to come after “from”, by 200 days at most", location: "until")
        }
        return try reading { (index: LiveIndex) throws(DirectoryError) in
            if let community = query.community { try index.requireCommunity(community) }
            if let place = query.place, index.places[place] == nil { throw noSuch(place, in: "place") }
            if let organisation = query.organisation, index.organisations[organisation] == nil {
                throw noSuch(organisation, in: "organisation")
            }
            var found: [ActivityReply] = []
            for activity in index.activities.values
            where activity.status == .active && query.wants(activity, of: index) {
                let sessions = index.sessions(of: activity, from: from, until: until, most: 10)
                guard !sessions.isEmpty else { continue }
                found.append(index.reply(activity, sessions: sessions))
            }
            if let word = query.origin {
                let start = try index.start(word, query.profile)
                let minutes = query.minutes ?? index.settings.defaultMinutes
                found = index.walked(found, from: start, minutes: minutes)
            }
            found.sort { left, right in
                let starts = (left.sessions[0].from, right.sessions[0].from)
                return starts.0 != starts.1 ? starts.0 < starts.1 : left.activity.id < right.activity.id
            }
            return ActivityList(
                revision: index.revision, activities: Array(found.prefix(query.limit)), total: found.count,
                language: query.language)
        }
    }

    /// One activity, with its sessions of the next 60 days.
    package func activity(_ id: ActivityID) throws(DirectoryError) -> ActivityReply {
        try reading { (index: LiveIndex) throws(DirectoryError) in
            guard let activity = index.activities[id] else { throw noSuch(id) }
            let now = Timestamp.now
            let sessions = index.sessions(
                of: activity, from: now,
                until: Timestamp(secondsSince1970: now.secondsSince1970 + 60 * 86_400),
                most: 100)
            return index.reply(activity, sessions: sessions)
        }
    }

    /// The organisations, in the order of their ids.
    package func organisations(_ query: OrganisationListQuery) throws(DirectoryError) -> OrganisationPage {
        reading { index in
            // A street office knows some hundred of them: sorting them for each page costs nothing.
            let all = index.organisations.values.sorted { $0.id < $1.id }.filter { organisation in
                (query.after.map { organisation.id > $0 } ?? true)
                    && (query.kind == nil || organisation.kind == query.kind)
            }
            let page = Array(all.prefix(query.limit))
            return OrganisationPage(
                revision: index.revision, organisations: page,
                next: all.count > page.count ? page.last?.id : nil, language: query.language)
        }
    }

    /// One organisation, with what it runs.
    package func organisation(_ id: OrganisationID) throws(DirectoryError) -> OrganisationReply {
        try reading { (index: LiveIndex) throws(DirectoryError) in
            guard let organisation = index.organisations[id] else { throw noSuch(id) }
            return OrganisationReply(
                revision: index.revision, organisation: organisation,
                places: index.placesInOrder(index.relations.placesOf[id]),
                activities: index.activitiesInOrder(index.relations.activitiesOf[id]), tag: organisation.tag)
        }
    }

    private func noSuch<ID: DirectoryID>(_ id: ID, in word: String) -> DirectoryError {
        DirectoryError(
            .invalidRequest, "there is no \(ID.noun) \(id.rawValue.shortened())", location: word)
    }
}

extension ActivityQuery {
    fileprivate func wants(_ activity: Activity, of index: LiveIndex) -> Bool {
        if let organisation, activity.organisation != organisation { return false }
        if let place, activity.place != place { return false }
        if let community, activity.community != community { return false }
        guard let age else { return true }
        return (activity.minimumAge ?? 0) <= age && age <= (activity.maximumAge ?? .max)
    }
}

extension LiveIndex {
    /// The places of a set that are listed, in the order of their ids.
    func placesInOrder(_ ids: Set<PlaceID>?) -> [Place] {
        (ids ?? []).compactMap { places[$0]?.record.place }.sorted { $0.id < $1.id }
    }

    /// The activities of a set, in the order of their ids.
    func activitiesInOrder(_ ids: Set<ActivityID>?) -> [Activity] {
        (ids ?? []).compactMap { activities[$0] }.sorted { $0.id < $1.id }
    }

    /// The community of an activity that states none: that of its place, or around its point.
    func community(of activity: Activity) -> CommunityID? {
        activity.place.flatMap { places[$0]?.record.place.community }
            ?? activity.location.flatMap(finder.community(at:))
    }

    /// Where an activity takes place.
    func point(of activity: Activity) -> Coordinate? {
        activity.location ?? activity.place.flatMap { places[$0]?.record.place.location }
    }

    /// When the next session begins, or began where one is going on, within 60 days.
    func nextSession(of activity: Activity, from now: Timestamp) -> Timestamp? {
        let end = Timestamp(secondsSince1970: now.secondsSince1970 + 60 * 86_400)
        return sessions(of: activity, from: now, until: end, most: 1).first?.from
    }

    /// The sessions that have not ended at a moment and begin before another, in order.
    func sessions(of activity: Activity, from: Timestamp, until: Timestamp, most: Int)
        -> [ActivityReply.Session]
    {
        guard let schedule = OpeningBook.shared.schedule(of: activity.times) else { return [] }
        var context = judge.context(of: activity.community, policy: .commercial)
        if schedule.usesSun { context.coordinate = point(of: activity) }
        let zone = context.zone
        context.exceptions = activity.exceptions.map {
            OpeningException($0, zone: zone, schedule: OpeningBook.shared.schedule(of:))
        }
        // Outside of its term nothing takes place, whatever else is said.
        context.exceptions += activity.outsideOfTerm.map {
            OpeningException($0, zone: zone, schedule: OpeningBook.shared.schedule(of:))
        }
        return schedule.openSpans(from: from, until: until, most: most, in: context).map { span in
            ActivityReply.Session(
                from: span.span.lowerBound, until: span.span.upperBound, isConfirmed: span.isConfirmed,
                text: OpeningAnswer.words(for: span.span, zone: zone))
        }
    }

    fileprivate func reply(_ activity: Activity, sessions: [ActivityReply.Session]) -> ActivityReply {
        let schedule = OpeningBook.shared.schedule(of: activity.times)
        return ActivityReply(
            activity: activity, place: activity.place.flatMap { places[$0]?.record.place },
            organisation: activity.organisation.flatMap { organisations[$0] }, location: point(of: activity),
            sessions: sessions,
            door: schedule.map { LocalizedText(zh: $0.chineseText, en: $0.englishText) }, walk: nil,
            tag: activity.tag)
    }

    /// Those within a walk, each with its walk.
    fileprivate func walked(_ activities: [ActivityReply], from start: WalkStart, minutes: Double)
        -> [ActivityReply]
    {
        let limit = LiveIndex.limit(minutes: minutes, profile: start.profile)
        var metres: [PlaceID: Metres] = [:]
        let wanted = Set(activities.compactMap(\.activity.place))
        if !wanted.isEmpty {
            let search = TargetSearch(
                origin: start.snap, limit: limit, avoidsSteps: start.profile.avoidsSteps, kinds: nil,
                wanted: wanted.count)
            var reached: [ReachedTarget] = []
            search.run(
                on: start.hung,
                accept: { slot, _ in
                    start.hung.has(slot, in: number) { wanted.contains($0.record.id) }
                }, precedes: { $0.index < $1.index }, into: &reached)
            for target in reached {
                if let entry = start.hung.entry(in: target.slot, of: number)?.takeUnretainedValue() {
                    metres[entry.record.id] = target.metres
                }
            }
        }
        return activities.compactMap { reply in
            let walked = reply.activity.place.map { metres[$0] } ?? walk(to: reply, from: start, limit)
            guard let walked else { return nil }
            var reply = reply
            reply.walk = Walk(metres: walked, seconds: start.profile.pace.time(for: walked))
            return reply
        }
    }

    /// The walk to an activity that is at no place.
    private func walk(to reply: ActivityReply, from start: WalkStart, _ limit: Metres) -> Metres? {
        guard let location = reply.location, Geodesy.distance(start.resolved.location, location) <= limit,
            let goal = start.network.snap(location),
            let route = try? FoundRoute(
                on: start.network, pool: start.hung.pool, from: start.snap, to: goal,
                avoidsSteps: start.profile.avoidsSteps), route.metres <= limit
        else { return nil }
        return route.metres
    }
}

extension Activity {
    /// The time before and after its term, as exceptions.
    fileprivate var outsideOfTerm: [DatedException] {
        let beginning = Timestamp(secondsSince1970: -1 << 40)
        return [
            firstDay.flatMap { $0.before }.map {
                DatedException(from: .moment(beginning), until: .day($0), effect: .closed)
            },
            lastDay.flatMap { $0.after }.map { DatedException(from: .day($0), effect: .closed) },
        ].compactMap { $0 }
    }

    /// Changes when, and only when, the record changes.
    var tag: String {
        var json = JSONWriter(capacity: 1024)
        json.beginObject()
        writeFields(to: &json, in: .zh)
        json.endObject()
        return json.digest
    }
}

extension Organisation {
    /// Changes when, and only when, the record changes.
    var tag: String {
        var json = JSONWriter(capacity: 512)
        json.beginObject()
        writeFields(to: &json, in: .zh)
        json.endObject()
        return json.digest
    }
}
