internal import DirectoryModel

/// Answers for any schedule, day by day: the general way, beside the `WeekTable` for ordinary ones.
struct Evaluator {
    private let rules: [CompiledRule]
    private let usesSun: Bool
    private let context: OpeningContext
    private var sun: SunDays

    /// Timelines that were made, by the rules that matched their day and the day before.
    private var templates: [Template] = []
    /// Where the next template goes once there are enough.
    private var oldest = 0
    private var current = 0
    private var loadedDay = Int.min
    /// The bits of the rules whose times can reach past midnight.
    private let overruns: UInt64
    private let needsDates: Bool
    /// What matches, by weekday and whether it is a day off; for rules of plain weekdays.
    private var masks = [UInt64?](repeating: nil, count: 14)
    /// Of the day that was loaded last.
    private var facts: DayFacts?

    private struct Template {
        /// A bit for each rule that matches the day.
        var today: UInt64
        /// A bit for each rule whose times of the day before reach into it.
        var yesterday: UInt64
        var timeline: DayTimeline
    }

    /// Days of a week, and as many again for a season's change and holidays.
    private static let maximumTemplates = 16

    /// A span of one state, cut where the day, the offset or an exception ends.
    struct Segment {
        var state: Opening.State
        var start: Int64
        /// The first moment after it.
        var end: Int64
        var comment: String?
        /// Whether an exception decides.
        var isException = false
        /// The part of it around the moment that was asked about in which its comment holds, too.
        var steady: Range<Int64>
    }

    init(_ rules: [CompiledRule], usesSun: Bool, context: OpeningContext) {
        self.rules = rules
        self.usesSun = usesSun
        self.context = context
        sun = SunDays(context)
        needsDates = rules.contains { $0.needsDates }
        overruns = rules.indices.reduce(0) { $0 | (rules[$1].overruns ? 1 << UInt64($1) : 0) }
    }

    // MARK: - Days

    /// The timeline of a day.
    mutating func timeline(of day: Int) -> DayTimeline {
        load(day)
        return templates[current].timeline
    }

    private mutating func load(_ day: Int) {
        guard day != loadedDay else { return }
        let known = facts
        let facts = known?.day.number == day ? known : nil
        let before = known?.day.number == day - 1 ? known : nil
        load(day, facts ?? DayFacts(day, context: context), before ?? DayFacts(day - 1, context: context))
    }

    private mutating func load(_ day: Int, _ facts: DayFacts, _ before: DayFacts) {
        loadedDay = day
        self.facts = facts
        load(day, today: matching(facts), yesterday: matching(before) & overruns)
    }

    /// A bit for each rule that matches a day.
    private mutating func matching(_ facts: DayFacts) -> UInt64 {
        // Rules of plain weekdays cannot tell days apart by more than this.
        let key = needsDates ? -1 : facts.weekday * 2 + (facts.isOff ? 1 : 0)
        if key >= 0, let known = masks[key] { return known }
        var mask: UInt64 = 0
        for index in rules.indices where facts.matches(rules[index], calendar: context.calendar) {
            mask |= 1 << UInt64(index)
        }
        if key >= 0 { masks[key] = mask }
        return mask
    }

    /// Makes the timeline of these rules, or finds the one made before.
    private mutating func load(_ day: Int, today: UInt64, yesterday: UInt64) {
        if !usesSun,
            let known = templates.firstIndex(where: { $0.today == today && $0.yesterday == yesterday })
        {
            current = known
            return
        }
        let timeline = made(day, today: today, yesterday: yesterday)
        let template = Template(today: today, yesterday: yesterday, timeline: timeline)
        if templates.count < (usesSun ? 1 : Evaluator.maximumTemplates) {
            current = templates.count
            templates.append(template)
        } else {
            current = oldest
            templates[current] = template
            oldest = (oldest + 1) % templates.count
        }
    }

    private mutating func made(_ day: Int, today: UInt64, yesterday: UInt64) -> DayTimeline {
        var timeline = DayTimeline()
        for index in rules.indices {
            let bit: UInt64 = 1 << UInt64(index)
            let compiled = rules[index]
            let matches = today & bit != 0
            // A normal rule replaces what came before, but one that closes only covers it.
            if matches, compiled.rule.joint == .normal, compiled.state != .closed { timeline.clear() }
            if yesterday & bit != 0 {
                timeline.paint(compiled, index, day: day - 1, shift: DayTimeline.minutes, sun: &sun)
            }
            if matches { timeline.paint(compiled, index, day: day, shift: 0, sun: &sun) }
        }
        return timeline
    }

    /// The timeline of a weekday that nothing is special about, 0 for Monday.
    mutating func timeline(ofWeekday weekday: Int) -> DayTimeline {
        var today: UInt64 = 0
        var yesterday: UInt64 = 0
        let before = (weekday + 6) % 7
        for index in rules.indices {
            let compiled = rules[index]
            if compiled.rule.days == nil {
                today |= 1 << UInt64(index)
                if compiled.overruns { yesterday |= 1 << UInt64(index) }
            } else if !(compiled.rule.days?.needsBoth ?? false) {
                if compiled.weekdayBits >> UInt8(weekday) & 1 == 1 { today |= 1 << UInt64(index) }
                if compiled.overruns, compiled.weekdayBits >> UInt8(before) & 1 == 1 {
                    yesterday |= 1 << UInt64(index)
                }
            }
        }
        load(.max, today: today, yesterday: yesterday)
        return templates[current].timeline
    }

    // MARK: - Moments

    /// The span of one state that a moment lies in.
    mutating func segment(at moment: Int64) -> Segment {
        var lower = Int64.min
        var upper = Int64.max
        var ruling: OpeningException?
        for exception in context.exceptions {
            let from = exception.from.secondsSince1970
            let until = exception.until?.secondsSince1970 ?? .max
            guard from < until else { continue }
            for edge in [from, until] {
                if edge <= moment { lower = max(lower, edge) } else { upper = min(upper, edge) }
            }
            if from <= moment, moment < until, ruling?.effect != .suspended || exception.effect == .suspended
            {
                ruling = exception
            }
        }
        var segment: Segment
        switch ruling?.effect {
        case nil: segment = ordinarySegment(at: moment)
        case .schedule(let other):
            var inner = context
            inner.exceptions = []
            inner.policy = .commercial
            segment = other.evaluator(in: inner).alone(at: moment)
        case .closed: segment = Segment(alwaysIn: .closed)
        case .suspended: segment = Segment(alwaysIn: .suspended)
        case .open: segment = Segment(alwaysIn: .open)
        case .unknown: segment = Segment(alwaysIn: .unknown)
        }
        if let ruling {
            segment.isException = true
            segment.comment = ruling.reason ?? segment.comment
        }
        segment.start = max(segment.start, lower)
        segment.end = min(segment.end, upper)
        segment.steady = segment.steady.clamped(to: lower..<upper)
        return segment
    }

    private func alone(at moment: Int64) -> Segment {
        var copy = self
        return copy.segment(at: moment)
    }

    private mutating func ordinarySegment(at moment: Int64) -> Segment {
        let period = context.zone.period(at: moment)
        let local = moment + Int64(period.offset)
        let day = local.flooredDays
        load(day)
        let second = Int(local - Int64(day) * 86_400)
        let midnight = Int64(day) * 86_400 - Int64(period.offset)
        let timeline = templates[current].timeline
        let index = timeline.index(at: second / 60)
        let piece = timeline.pieces[index]
        var first = index
        while first > 0, timeline.pieces[first - 1].state == piece.state { first -= 1 }
        var last = index
        while last + 1 < timeline.pieces.count, timeline.pieces[last + 1].state == piece.state { last += 1 }
        return Segment(
            state: piece.state,
            start: max(period.start, midnight + Int64(timeline.pieces[first].start) * 60),
            end: min(period.end, midnight + Int64(timeline.end(of: last)) * 60),
            comment: piece.rule < 0 ? nil : rules[piece.rule].rule.spokenComment,
            steady: (midnight + Int64(piece.start) * 60..<midnight + Int64(timeline.end(of: index)) * 60)
                .clamped(to: period.start..<period.end))
    }
}

extension Evaluator.Segment {
    /// A span without ends.
    fileprivate init(alwaysIn state: Opening.State) {
        self.init(state: state, start: .min, end: .max, steady: .min..<(.max))
    }
}

extension Int64 {
    /// The day that a second since 1970 lies in.
    var flooredDays: Int {
        let quotient = self / 86_400
        return Int(self % 86_400 < 0 ? quotient - 1 : quotient)
    }
}

extension Rule {
    /// What the rule says in words.
    var spokenComment: String? { comment ?? heading }
}
