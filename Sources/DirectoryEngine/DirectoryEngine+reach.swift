package import DirectoryAPI
package import DirectoryModel
internal import ModuleHost
internal import ServiceTypeKit
internal import WalkNetwork

/// Where a query starts, how it walks, and on what: resolved once for list, isochrone and route.
struct WalkStart {
    let network: WalkNetwork
    let hung: HungPlaces
    let resolved: ResolvedOrigin
    let snap: Snap
    let profile: Profile
}

extension LiveIndex {
    /// Resolves the words that list, isochrone and route share.
    ///
    /// - Throws: `no_network`, `network_damaged`, `not_found` for the origin, `invalid_request` for the
    ///   profile, `origin_off_network`.
    func start(_ word: OriginWord, _ profileID: ProfileID?) throws(DirectoryError) -> WalkStart {
        let profile = try profile(profileID)
        let network = try requireNetwork()
        guard let hung else { throw DirectoryError(.internalError, "no place hangs on the network") }
        let location: Coordinate
        var origin: Origin?
        switch word {
        case .point(let point): location = point
        case .id(let id):
            guard let known = origins[id] else {
                throw DirectoryError(
                    .notFound, "there is no origin \(id.rawValue.shortened())",
                    advice: "`quarterctl origins` lists those that are there", location: "origin")
            }
            origin = known
            location = known.location
        }
        let snap: Snap
        do { snap = try network.snapOrigin(location) } catch { throw DirectoryError.wrapping(error) }
        return WalkStart(
            network: network, hung: hung,
            resolved: ResolvedOrigin(origin: origin, location: location, leg: snap.leg), snap: snap,
            profile: profile)
    }

    /// A profile by its id, the usual one for nil.
    ///
    /// - Throws: `invalid_request`.
    func profile(_ id: ProfileID?) throws(DirectoryError) -> Profile {
        let wanted = id ?? settings.defaultProfile
        guard let profile = settings.profiles.first(where: { $0.id == wanted }) else {
            throw DirectoryError(
                .invalidRequest, "there is no profile \(wanted.rawValue.shortened())",
                advice: "use one of " + settings.profiles.map(\.id.rawValue).joined(separator: ", "),
                location: "profile")
        }
        return profile
    }

    /// The walking network.
    ///
    /// - Throws: `no_network`, `network_damaged`.
    func requireNetwork() throws(DirectoryError) -> WalkNetwork {
        guard let network else {
            throw networkProblem
                ?? DirectoryError(
                    .noNetwork, "no walking network has been imported",
                    advice: "run `quarterctl import osm FILE`")
        }
        return network
    }

    /// The farthest walk of `minutes` at a profile's pace; the same expression wherever a limit is needed.
    static func limit(minutes: Double, profile: Profile) -> Metres {
        Metres(minutes * 60 * profile.pace.value)
    }
}

/// What a search found, and what an answer about it rests on, all of one moment.
struct Gathered {
    /// What holds the places that were found.
    let index: LiveIndex
    let start: WalkStart
    let minutes: Double
    let revision: Revision
    let host: ModuleHost
    let attributions: [String]
    let judge: OpeningJudge
    let conditions: Conditions
    let now: Timestamp
    /// Places that go to people at the origin.
    var coming: [PlaceEntry] = []
    /// Where the next page starts.
    var next: ReachCursor?
}

extension DirectoryEngine {
    /// The places within reach of an origin, nearest first, ties by the bytes of their ids; where a text is looked
    /// for, the best match first.
    package func reach(_ query: ReachQuery) throws(DirectoryError) -> ReachReply {
        try reach(query, now: .now)
    }

    /// The same at a moment.
    func reach(_ query: ReachQuery, now: Timestamp) throws(DirectoryError) -> ReachReply {
        try answers.withScratch { scratch throws(DirectoryError) in
            try reply(to: query, gather(query, now: now, scratch), scratch)
        }
    }

    /// Searches; the places of the page are in the scratch then.
    func gather(
        _ query: ReachQuery, now: Timestamp, _ scratch: AnswerScratch
    ) throws(DirectoryError) -> Gathered {
        if query.text != nil { try prepareSearch() }
        func ask(_ index: LiveIndex, _ shelf: SearchShelf?) throws(DirectoryError) -> Gathered {
            let start = try index.start(query.origin, query.profile)
            let minutes = query.minutes ?? index.settings.defaultMinutes
            let conditions = try Conditions(query.conditions, types: query.types, index: index)
            scratch.openings.pointee.begin(index.judge)
            if let text = query.text {
                var all = query
                all.limit = index.places.count
                try index.list(all, conditions, from: start, minutes: minutes, now: now, scratch)
                let reached = scratch.found.map { ($0.entry, $0.metres) }
                let picked = index.pick(text, on: shelf, limit: query.limit, of: reached)
                scratch.found = picked.map { FoundPlace(.passUnretained($0.entry), $0.metres) }
                scratch.matches = picked.map(\.match)
            } else {
                try index.list(query, conditions, from: start, minutes: minutes, now: now, scratch)
            }
            var gathered = Gathered(
                index: index, start: start, minutes: minutes, revision: index.revision, host: index.host,
                attributions: index.attributions, judge: index.judge, conditions: conditions, now: now)
            if query.cursor == nil {
                gathered.coming = index.coming(to: start.resolved, query, conditions, now: now)
            }
            return gathered
        }
        var gathered =
            query.text == nil
            ? try reading { (index) throws(DirectoryError) in try ask(index, nil) }
            : try readingNames { (index, shelf) throws(DirectoryError) in try ask(index, shelf) }
        if scratch.found.count > query.limit {
            scratch.found.removeLast(scratch.found.count - query.limit)
            gathered.next = scratch.found.last.map {
                ReachCursor(metres: $0.metres.value, id: $0.entry.record.id)
            }
        }
        return gathered
    }

    /// Dresses what was found, as values.
    ///
    /// The modules are asked after the index was read: a slow one must not hold up a writer.
    func reply(to query: ReachQuery, _ gathered: Gathered, _ scratch: AnswerScratch) -> ReachReply {
        let (start, host, judge, now) = (gathered.start, gathered.host, gathered.judge, gathered.now)
        var places: [ReachedPlace] = []
        places.reserveCapacity(scratch.found.count)
        for (index, found) in scratch.found.enumerated() {
            let entry = found.entry
            let walk = Walk(metres: found.metres, seconds: start.profile.pace.time(for: found.metres))
            let moments = ReachMoments(query.open, now: now, walk: walk.seconds)
            let opening = judge.opening(of: entry, at: moments.moment, now: now, walk: moments.walk)
            let asked = RowMoment(
                open: query.open, moment: moments.moment, now: now, arrival: moments.arrival,
                walk: moments.walk, place: opening)
            places.append(
                ReachedPlace(
                    record: entry.record, walk: walk, opening: opening,
                    highlights: entry.highlights(
                        by: host, judge, now: moments.lineNow, arrival: moments.lineArrival),
                    match: scratch.matches.isEmpty ? nil : scratch.matches[index],
                    rows: gathered.conditions.rows(of: entry, dressing: judge, asked)))
            places[places.count - 1].isTypeKnown = entry.isTypeKnown
        }
        return ReachReply(
            revision: gathered.revision, origin: start.resolved, profile: start.profile,
            minutes: gathered.minutes, places: places, next: gathered.next,
            coming: comingPlaces(query, gathered), attributions: gathered.attributions,
            detail: query.detail, language: query.language)
    }

    /// Dresses the places that go to people.
    func comingPlaces(_ query: ReachQuery, _ gathered: Gathered) -> [ComingPlace] {
        let (judge, now) = (gathered.judge, gathered.now)
        return gathered.coming.map { entry in
            let moment = query.open?.moment(now: now, arrival: now) ?? now
            let opening = judge.opening(of: entry, at: moment, now: now, walk: nil)
            let asked = RowMoment(
                open: query.open, moment: moment, now: now, arrival: now, walk: nil, place: opening)
            return ComingPlace(
                record: entry.record, opening: opening,
                highlights: entry.highlights(by: gathered.host, judge, now: moment, arrival: nil),
                rows: gathered.conditions.rows(of: entry, dressing: judge, asked))
        }
    }
}

/// The moments that matter to what is said of one place.
struct ReachMoments {
    /// When one who starts now gets there.
    let arrival: Timestamp
    /// The moment that a state is told of.
    let moment: Timestamp
    /// How long the way there is, where one starts now.
    let walk: Seconds?
    /// The moments that lines are told of: who asks about a moment to come wants to be there then.
    let lineNow: Timestamp
    let lineArrival: Timestamp

    init(_ open: OpenCondition?, now: Timestamp, walk seconds: Seconds) {
        arrival = now.after(seconds)
        moment = open?.moment(now: now, arrival: arrival) ?? now
        let startsNow = open?.startsNow ?? true
        walk = startsNow ? seconds : nil
        lineNow = startsNow ? now : moment
        lineArrival = startsNow ? arrival : moment
    }
}

extension LiveIndex {
    /// The places that go to people at an origin and meet a query, in the order of their ids; of those that are
    /// looked for by a text none, since they are found by `search`.
    func coming(
        to start: ResolvedOrigin, _ query: ReachQuery, _ conditions: Conditions, now: Timestamp
    ) -> [PlaceEntry] {
        guard !relations.serving.isEmpty, query.text == nil else { return [] }
        var ids: Set<PlaceID> = []
        func add(_ served: Relations.Served) {
            if let serving = relations.serving[served] { ids.formUnion(serving) }
        }
        var next = start.origin
        // Four levels lie between a unit and nothing; a circle in the data must not hold us.
        for _ in 0..<8 {
            guard let origin = next else { break }
            add(.origin(origin.id))
            if let grid = origin.grid { add(.grid(grid)) }
            if let community = origin.community { add(.community(community)) }
            next = origin.parent.flatMap { origins[$0] }
        }
        if start.origin == nil, let community = finder.community(at: start.location) {
            add(.community(community))
        }
        guard !ids.isEmpty else { return [] }
        var entries: [PlaceEntry] = []
        for id in ids.sorted() where entries.count < ComingPlace.maximumCount {
            guard let entry = places[id] else { continue }
            let place = entry.record.place
            guard query.types.isEmpty || query.types.contains(place.type),
                query.serviceClass.map({ host.type(place.type)?.serviceClass.rawValue == $0 }) ?? true,
                query.community == nil || place.community == query.community,
                conditions.isEmpty || conditions.hold(for: entry),
                query.open.map({ open in
                    judge.holds(open, for: entry, now: now, arrival: now)
                        && conditions.rowsHold(for: entry) { times in
                            judge.holds(open, times: times, of: entry, now: now, arrival: now)
                        }
                }) ?? true
            else { continue }
            entries.append(entry)
        }
        return entries
    }
}

extension LiveIndex {
    /// The places of one page and one more, where there is one.
    func list(
        _ query: ReachQuery, _ conditions: Conditions, from start: WalkStart, minutes: Double, now: Timestamp
    )
        throws(DirectoryError) -> [(entry: PlaceEntry, metres: Metres)]
    {
        let scratch = AnswerScratch()
        scratch.openings.pointee.begin(judge)
        try list(query, conditions, from: start, minutes: minutes, now: now, scratch)
        return scratch.found.map { ($0.entry, $0.metres) }
    }

    /// The same, into a scratch, whose openings have begun with this index's judge.
    func list(
        _ query: ReachQuery, _ conditions: Conditions, from start: WalkStart, minutes: Double, now: Timestamp,
        _ scratch: AnswerScratch
    ) throws(DirectoryError) {
        scratch.found.removeAll(keepingCapacity: true)
        if let community = query.community { try requireCommunity(community) }
        let search = TargetSearch(
            origin: start.snap, limit: LiveIndex.limit(minutes: minutes, profile: start.profile),
            avoidsSteps: start.profile.avoidsSteps, kinds: try kindSet(of: query), wanted: query.limit + 1)
        let community = query.community
        let cursor = query.cursor
        let open = query.open
        let pace = start.profile.pace
        let language = query.language
        // Where nothing is to be asked of a place, it is not looked at before it is listed.
        let isPlain = cursor == nil && community == nil && conditions.isEmpty && open == nil
        let openings = scratch.openings
        let (hung, number) = (start.hung, number)
        func isWanted(_ entry: PlaceEntry, _ metres: Metres) -> Bool {
            if let cursor, !cursor.isBefore(metres, entry.record.id) { return false }
            if let community, entry.community != community { return false }
            guard conditions.isEmpty || conditions.hold(for: entry) else { return false }
            // Last, since it costs most.
            guard let open else { return true }
            let moments = ReachMoments(open, now: now, walk: pace.time(for: metres))
            if case .during = open {
                guard judge.holds(open, for: entry, now: now, arrival: moments.arrival) else {
                    return false
                }
            } else {
                // What is made here is what the answer will have of the place.
                let opening = openings.pointee.find(
                    entry, judge, at: moments.moment,
                    readAt: moments.walk == nil ? moments.moment : now, in: language)
                guard openings.pointee.state(of: opening) == .open else { return false }
            }
            return conditions.rowsHold(for: entry) { times in
                judge.holds(open, times: times, of: entry, now: now, arrival: moments.arrival)
            }
        }
        search.run(
            on: hung,
            accept: { slot, metres in
                isPlain ? hung.has(slot, in: number) : hung.has(slot, in: number) { isWanted($0, metres) }
            },
            precedes: { left, right in
                hung.precedes(left, right)
            }, into: &scratch.targets)
        var found: [FoundPlace] = []
        swap(&found, &scratch.found)
        for target in scratch.targets {
            guard let entry = hung.entry(in: target.slot, of: number) else { continue }
            found.append(FoundPlace(entry, target.metres))
        }
        swap(&found, &scratch.found)
    }

    private func kindSet(of query: ReachQuery) throws(DirectoryError) -> KindSet? {
        for type in query.types { try requireType(type) }
        guard !query.types.isEmpty || query.serviceClass != nil else { return nil }
        var set = KindSet()
        for (type, kind) in kinds {
            guard query.types.isEmpty || query.types.contains(type) else { continue }
            if let wanted = query.serviceClass, host.type(type)?.serviceClass.rawValue != wanted { continue }
            set.insert(kind)
        }
        return set
    }
}

extension Timestamp {
    /// The first full second at which a span that begins now has passed.
    func after(_ span: Seconds) -> Timestamp {
        Timestamp(secondsSince1970: secondsSince1970 + Int64(span.value.rounded(.up)))
    }
}

extension OpenCondition {
    /// The moment that a state is told of.
    func moment(now: Timestamp, arrival: Timestamp) -> Timestamp {
        switch self {
        case .now: now
        case .arrival: arrival
        case .at(let moment), .during(let moment, _): moment
        }
    }

    /// Whether the walk begins now.
    fileprivate var startsNow: Bool {
        switch self {
        case .now, .arrival: true
        case .at, .during: false
        }
    }
}

extension ReachCursor {
    /// Whether the last place of the page before comes before a place: metres first, then id.
    fileprivate func isBefore(_ metres: Metres, _ id: PlaceID) -> Bool {
        self.metres != metres.value ? self.metres < metres.value : self.id < id
    }
}

extension TargetSlot {
    /// The slot as an index of an array.
    var index: Int { Int(number) }
}
