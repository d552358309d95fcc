internal import DirectoryAPI
internal import DirectoryModel
internal import OpeningTimes
internal import ServiceTypeKit

/// Tells whether places are open; a value of the moment, taken under the engine's lock and used outside of it.
struct OpeningJudge: Sendable {
    /// What answers of one community rest on, by policy, in the order of `CalendarPolicy.allCases`.
    typealias Contexts = [OpeningContext]
    private let all: [Contexts]
    /// Differs between judges of one index: what was judged by another is no longer good.
    let number: UInt64
    /// Communities with a zone or a calendar of their own, as indexes of `all`; 0 is for the others.
    private let byCommunity: [CommunityID: Int]

    /// A judge for these communities.
    ///
    /// A zone that the machine does not know counts as the directory's own: the configuration and every write
    /// refuse one, but a store may come from another machine.
    init(
        zone: OpeningZone, calendars: CalendarShelf, communities: some Sequence<Community>, number: UInt64
    ) {
        self.number = number
        func contexts(_ zone: OpeningZone, _ calendar: HolidayCalendar) -> Contexts {
            CalendarPolicy.allCases.map { policy in
                OpeningContext(
                    zone: zone, calendar: calendar,
                    policy: OpeningPolicy(rawValue: policy.rawValue) ?? .commercial)
            }
        }
        var all = [contexts(zone, calendars.calendar())]
        var zones = [zone.identifier: zone]
        var byCommunity: [CommunityID: Int] = [:]
        for community in communities {
            var own = zone
            if let name = community.timeZone, name != zone.identifier {
                own = zones[name] ?? (try? OpeningZone(identifier: name)) ?? zone
                zones[name] = own
            }
            let code = community.administrativeCode
            guard own != zone || calendars.hasOwnCalendar(code) else { continue }
            byCommunity[community.id] = all.count
            all.append(contexts(own, calendars.calendar(for: code)))
        }
        self.byCommunity = byCommunity
        self.all = all
    }

    func contexts(of community: CommunityID?) -> Contexts { all[contextNumber(of: community)] }

    /// The same for communities whose answers rest on the same.
    func contextNumber(of community: CommunityID?) -> Int {
        guard !byCommunity.isEmpty, let community else { return 0 }
        return byCommunity[community] ?? 0
    }

    /// Seconds east of Greenwich in a community at a moment.
    func offset(in community: CommunityID?, at moment: Timestamp) -> Int {
        contexts(of: community)[0].zone.offset(at: moment)
    }

    /// What the opening of something of a community rests on, by a policy.
    func context(of community: CommunityID?, policy: CalendarPolicy) -> OpeningContext {
        contexts(of: community)[CalendarPolicy.allCases.firstIndex(of: policy) ?? 0]
    }

    private func context(for entry: PlaceEntry, _ schedule: OpeningSchedule, at moment: Timestamp)
        -> OpeningContext
    {
        // A copy of the whole place would cost more than the answer.
        var context = contexts(of: entry.community)[Int(entry.policyNumber)]
        if schedule.usesSun { context.coordinate = entry.record.place.location }
        if entry.hasExceptions {
            // Those that ended before an answer looks back say nothing any more.
            let horizon = moment.secondsSince1970 - Int64(OpeningSchedule.hindsight + 1) * 86_400
            context.exceptions = entry.record.place.exceptions
                .map { OpeningException($0, zone: context.zone, schedule: OpeningBook.shared.schedule(of:)) }
                .filter { ($0.until?.secondsSince1970 ?? .max) > horizon }
        }
        return context
    }

    /// The spans in which a place is open, from a moment to another, in order; empty where nothing is known.
    func spans(of entry: PlaceEntry, from: Timestamp, until: Timestamp) -> [Range<Timestamp>] {
        guard let schedule = schedule(of: entry) else { return [] }
        return schedule.openSpans(from: from, until: until, in: context(for: entry, schedule, at: from))
            .map(\.span)
    }

    /// A week of days from that of a moment on, as on a door; none where nothing is known.
    func week(of entry: PlaceEntry, from moment: Timestamp) -> [OpeningDay] {
        guard let schedule = schedule(of: entry) else { return [] }
        return schedule.days(from: moment, count: 7, in: context(for: entry, schedule, at: moment)).map {
            OpeningDay(
                day: $0.day, weekday: $0.weekday, state: $0.state, spans: $0.spans,
                isConfirmed: $0.isConfirmed, holiday: $0.holiday, isOff: $0.isOff)
        }
    }

    /// The place's schedule; where there is none that can be read, but exceptions, one that says nothing.
    private func schedule(of entry: PlaceEntry) -> OpeningSchedule? {
        if let schedule = entry.schedule { return schedule }
        return entry.hasExceptions ? OpeningBook.shared.schedule(of: "unknown") : nil
    }

    /// Whether a place meets a condition.
    ///
    /// - Parameter arrival: when one who starts now gets there.
    func holds(_ condition: OpenCondition, for entry: PlaceEntry, now: Timestamp, arrival: Timestamp) -> Bool
    {
        guard let schedule = schedule(of: entry) else { return false }
        let moment =
            switch condition {
            case .now: now
            case .arrival: arrival
            case .at(let moment), .during(let moment, _): moment
            }
        let context = context(for: entry, schedule, at: moment)
        guard case .during(_, let end) = condition else {
            return schedule.answer(at: moment, in: context).state == .open
        }
        return schedule.isOpen(during: moment, until: end, in: context)
    }

    /// Whether a place is open, for an answer.
    ///
    /// - Parameters:
    ///   - moment: the moment that was asked about.
    ///   - walk: how long the way there is, where one starts now and that is asked about.
    func opening(of entry: PlaceEntry, at moment: Timestamp, now: Timestamp, walk: Seconds?) -> PlaceOpening {
        let raw = entry.hours
        guard let schedule = schedule(of: entry) else { return PlaceOpening(state: .unknown, raw: raw) }
        let context = context(for: entry, schedule, at: moment)
        let answer = schedule.answer(at: moment, in: context)
        return PlaceOpening(
            state: answer.state, since: answer.since, until: answer.until, isConfirmed: answer.isConfirmed,
            text: answer.words(at: walk == nil ? moment : now, zone: context.zone, walk: walk), raw: raw)
    }

    /// The same opening in words that hold for a while, and which moments and readers have it.
    ///
    /// - Parameters:
    ///   - moment: the moment that was asked about.
    ///   - reading: the moment at which the words are read.
    func steadyOpening(of entry: PlaceEntry, at moment: Timestamp, readAt reading: Timestamp) -> SteadyOpening
    {
        let raw = entry.hours
        guard let schedule = schedule(of: entry) else {
            return SteadyOpening(opening: PlaceOpening(state: .unknown, raw: raw))
        }
        let context = context(for: entry, schedule, at: moment)
        let (answer, span) = schedule.steadyAnswer(at: moment, in: context)
        return SteadyOpening(
            opening: PlaceOpening(
                state: answer.state, since: answer.since, until: answer.until,
                isConfirmed: answer.isConfirmed, raw: raw),
            phrase: answer.phrase(at: reading, zone: context.zone), moments: span,
            readings: context.zone.day(around: reading))
    }
}

/// An opening that holds for a while.
struct SteadyOpening {
    /// Without its text.
    var opening: PlaceOpening
    /// Its text, but for what depends on a walk; nil where nothing is known.
    var phrase: OpeningPhrase?
    /// The moments that have this opening.
    var moments: Range<Timestamp> = .always
    /// The moments at which it is said in these words.
    var readings: Range<Timestamp> = .always
}

extension Range<Timestamp> {
    fileprivate static var always: Range<Timestamp> {
        Timestamp(secondsSince1970: .min)..<Timestamp(secondsSince1970: .max)
    }
}
