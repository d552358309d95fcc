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

extension DirectoryEngine {
    /// The places within reach of an origin, nearest first, ties by the bytes of their ids; where a text is looked
    /// for, the best match first.
    package func reach(_ query: ReachQuery) throws(DirectoryError) -> ReachReply {
        if query.text != nil { try prepareSearch() }
        var found: [(entry: PlaceEntry, metres: Metres, match: TextMatch?)] = []
        let now = Timestamp.now
        var coming: [PlaceEntry] = []
        func ask(_ index: LiveIndex, _ shelf: SearchShelf?) throws(DirectoryError) -> (
            WalkStart, Double, Revision, ModuleHost, [String], OpeningJudge, Conditions
        ) {
            let start = try index.start(query.origin, query.profile)
            let minutes = query.minutes ?? index.settings.defaultMinutes
            let conditions = try Conditions(query.conditions, types: query.types, index: index)
            if let text = query.text {
                var all = query
                all.limit = index.places.count
                let reached = try index.list(all, conditions, from: start, minutes: minutes, now: now)
                found = index.pick(text, on: shelf, limit: query.limit, of: reached).map {
                    ($0.entry, $0.metres, $0.match)
                }
            } else {
                found = try index.list(query, conditions, from: start, minutes: minutes, now: now).map {
                    ($0.entry, $0.metres, nil)
                }
            }
            if query.cursor == nil {
                coming = index.coming(to: start.resolved, query, conditions, now: now)
            }
            return (start, minutes, index.revision, index.host, index.attributions, index.judge, conditions)
        }
        let (start, minutes, revision, host, attributions, judge, conditions) =
            query.text == nil
            ? try reading { (index) throws(DirectoryError) in try ask(index, nil) }
            : try readingNames { (index, shelf) throws(DirectoryError) in try ask(index, shelf) }
        var next: ReachCursor?
        if found.count > query.limit {
            found.removeLast(found.count - query.limit)
            next = found.last.map { ReachCursor(metres: $0.metres.value, id: $0.entry.record.place.id) }
        }
        // The modules are asked afterwards: a slow one must not hold up a writer.
        var places: [ReachedPlace] = []
        places.reserveCapacity(found.count)
        for (entry, metres, match) in found {
            let walk = Walk(metres: metres, seconds: start.profile.pace.time(for: metres))
            let arrival = now.after(walk.seconds)
            let moment = query.open?.moment(now: now, arrival: arrival) ?? now
            // Who asks about a moment to come wants to be there then: the lines tell of that moment, too.
            let startsNow = query.open?.startsNow ?? true
            let highlights = entry.highlights(
                by: host, judge, now: startsNow ? now : moment, arrival: startsNow ? arrival : moment)
            let opening = judge.opening(of: entry, at: moment, now: now, walk: startsNow ? walk.seconds : nil)
            let asked = RowMoment(
                open: query.open, moment: moment, now: now, arrival: arrival,
                walk: startsNow ? walk.seconds : nil, place: opening)
            places.append(
                ReachedPlace(
                    record: entry.record, walk: walk, opening: opening, highlights: highlights, match: match,
                    rows: conditions.rows(of: entry, dressing: judge, asked)))
            places[places.count - 1].isTypeKnown = host.knows(entry.type)
        }
        return ReachReply(
            revision: revision, origin: start.resolved, profile: start.profile, minutes: minutes,
            places: places, next: next,
            coming: coming.map { entry in
                let moment = query.open?.moment(now: now, arrival: now) ?? now
                let opening = judge.opening(of: entry, at: moment, now: now, walk: nil)
                let asked = RowMoment(
                    open: query.open, moment: moment, now: now, arrival: now, walk: nil, place: opening)
                return ComingPlace(
                    record: entry.record, opening: opening,
                    highlights: entry.highlights(by: host, judge, now: moment, arrival: nil),
                    rows: conditions.rows(of: entry, dressing: judge, asked))
            }, attributions: attributions, language: query.language)
    }
}

extension LiveIndex {
    /// The places that go to people at an origin and meet a query, in the order of their ids; of those that are
    /// looked for by a text none, since they are found by `search`.
    func coming(
        to start: ResolvedOrigin, _ query: ReachQuery, _ conditions: Conditions, now: Timestamp
    ) -> [PlaceEntry] {
        guard !relations.serving.isEmpty, query.text == nil else { return [] }
        var served: [Relations.Served] = []
        var next = start.origin
        // Four levels lie between a unit and nothing; a circle in the data must not hold us.
        for _ in 0..<8 {
            guard let origin = next else { break }
            served.append(.origin(origin.id))
            if let grid = origin.grid { served.append(.grid(grid)) }
            if let community = origin.community { served.append(.community(community)) }
            next = origin.parent.flatMap { origins[$0] }
        }
        if start.origin == nil, let community = finder.community(at: start.location) {
            served.append(.community(community))
        }
        let ids = served.reduce(into: Set<PlaceID>()) { $0.formUnion(relations.serving[$1] ?? []) }
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
        if let community = query.community { try requireCommunity(community) }
        let search = TargetSearch(
            origin: start.snap, limit: LiveIndex.limit(minutes: minutes, profile: start.profile),
            avoidsSteps: start.profile.avoidsSteps, kinds: try kindSet(of: query), wanted: query.limit + 1)
        let community = query.community
        let cursor = query.cursor
        let open = query.open
        let pace = start.profile.pace
        let reached = search.run(
            on: start.hung,
            accept: { slot, metres in
                guard let entry = start.hung.entry(in: slot, of: number)?.takeUnretainedValue() else {
                    return false
                }
                if let cursor, !cursor.isBefore(metres, entry.record.place.id) { return false }
                if let community, entry.community != community { return false }
                guard conditions.isEmpty || conditions.hold(for: entry) else { return false }
                // Last, since it costs most.
                guard let open else { return true }
                let arrival = now.after(pace.time(for: metres))
                guard judge.holds(open, for: entry, now: now, arrival: arrival) else { return false }
                return conditions.rowsHold(for: entry) { times in
                    judge.holds(open, times: times, of: entry, now: now, arrival: arrival)
                }
            },
            precedes: { left, right in
                start.hung.precedes(left, right)
            })
        return reached.compactMap { target in
            start.hung.entry(in: target.slot, of: number).map { ($0.takeUnretainedValue(), target.metres) }
        }
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
    fileprivate func moment(now: Timestamp, arrival: Timestamp) -> Timestamp {
        switch self {
        case .now: now
        case .arrival: arrival
        case .at(let moment), .during(let moment, _): moment
        }
    }

    /// Whether the walk begins now.
    fileprivate var startsNow: Bool { self == .now || self == .arrival }
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
