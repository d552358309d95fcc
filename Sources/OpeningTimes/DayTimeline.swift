internal import DirectoryModel

/// The states of one day, from its first minute to its last, without gaps.
struct DayTimeline {
    /// Minutes in a day.
    static let minutes = 24 * 60

    /// From a minute on one state, to where the next piece begins.
    struct Piece: Equatable {
        var start: Int
        var state: Opening.State
        /// The rule that says so; −1 where none does.
        var rule: Int
        /// Whether the closing time was not given.
        var isGuessed = false
    }

    private(set) var pieces = [Piece(start: 0, state: .closed, rule: -1)]
    private var spare: [Piece] = []

    /// Nothing but closed.
    mutating func clear() {
        pieces.removeAll(keepingCapacity: true)
        pieces.append(Piece(start: 0, state: .closed, rule: -1))
    }

    /// Puts a state over a span; over what is closed only, if asked.
    mutating func paint(from: Int, to: Int, _ piece: Piece, closedOnly: Bool) {
        let from = max(0, from)
        let to = min(DayTimeline.minutes, to)
        guard from < to else { return }
        if from == 0, to == DayTimeline.minutes, !closedOnly {
            pieces.removeAll(keepingCapacity: true)
            append(piece, at: 0, to: &pieces)
            return
        }
        spare.removeAll(keepingCapacity: true)
        for index in pieces.indices {
            let old = pieces[index]
            let end = index + 1 < pieces.count ? pieces[index + 1].start : DayTimeline.minutes
            if end <= from || old.start >= to || closedOnly && old.state != .closed {
                append(old, at: old.start, to: &spare)
                continue
            }
            if old.start < from { append(old, at: old.start, to: &spare) }
            append(piece, at: max(from, old.start), to: &spare)
            if end > to { append(old, at: to, to: &spare) }
        }
        swap(&pieces, &spare)
    }

    private func append(_ piece: Piece, at start: Int, to list: inout [Piece]) {
        if let last = list.last, last.state == piece.state, last.rule == piece.rule,
            last.isGuessed == piece.isGuessed
        {
            return
        }
        var piece = piece
        piece.start = start
        list.append(piece)
    }

    /// The index of the piece that a minute lies in.
    func index(at minute: Int) -> Int {
        var index = pieces.count - 1
        while index > 0, pieces[index].start > minute { index -= 1 }
        return index
    }

    /// The minute at which a piece ends.
    func end(of index: Int) -> Int {
        index + 1 < pieces.count ? pieces[index + 1].start : DayTimeline.minutes
    }
}

/// What the sun does around a day, worked out when asked.
struct SunDays {
    private let context: OpeningContext
    /// Four days by the lowest bits of their numbers, four events each; `.min` where not yet known.
    private var known = [Int?](repeating: .min, count: 16)
    private var days = [Int](repeating: .min, count: 4)
    private var suns = [SunTimes.Sun](repeating: SunTimes.Sun(declination: 0, equation: 0), count: 4)

    init(_ context: OpeningContext) { self.context = context }

    /// Minutes after the midnight that begins a day, nil where it does not happen.
    mutating func minutes(of event: TimePoint.Event, on day: Int) -> Int? {
        guard let place = context.coordinate else { return SunTimes.standIn(event) }
        let slot = day & 3
        if days[slot] != day {
            days[slot] = day
            suns[slot] = SunTimes.noonSun(on: day, at: place)
            for index in slot * 4..<slot * 4 + 4 { known[index] = .min }
        }
        let index = slot * 4 + Int(event.rawValue)
        if known[index] == .min {
            known[index] = SunTimes.minutes(
                of: event, on: day, at: place, noon: suns[slot], offset: context.zone.offsetAtNoon(of: day))
        }
        return known[index]
    }
}

extension DayTimeline {
    /// Where an open end is taken to end at the latest: the guess of opening_hours.js.
    static func guessedEnd(after minute: Int) -> Int {
        if minute >= 22 * 60 { return minute + 8 * 60 }
        if minute >= 17 * 60 { return minute + 10 * 60 }
        return minutes
    }

    /// Paints a rule's times of the day `day`, seen from a day `shift` minutes after it.
    mutating func paint(_ compiled: CompiledRule, _ index: Int, day: Int, shift: Int, sun: inout SunDays) {
        let rule = compiled.rule
        let closedOnly = rule.joint == .fallback
        let piece = Piece(start: 0, state: compiled.state, rule: index)
        if rule.times.isEmpty {
            if shift == 0 { paint(from: 0, to: DayTimeline.minutes, piece, closedOnly: closedOnly) }
            return
        }
        var guessed = piece
        if compiled.state == .open { guessed.state = .unknown }
        guessed.isGuessed = compiled.state != .closed
        for span in rule.times {
            guard let start = DayTimeline.start(of: span, day: day, sun: &sun) else { continue }
            guard span.end != nil else {
                if span.isOpenEnded {
                    paint(
                        from: start - shift, to: DayTimeline.guessedEnd(after: start) - shift, guessed,
                        closedOnly: closedOnly)
                } else {
                    paint(from: start - shift, to: start + 1 - shift, piece, closedOnly: closedOnly)
                }
                continue
            }
            guard let end = DayTimeline.end(of: span, after: start, day: day, sun: &sun) else { continue }
            if let step = span.step {
                for point in stride(from: start, through: end, by: step) {
                    paint(from: point - shift, to: point + 1 - shift, piece, closedOnly: closedOnly)
                }
                continue
            }
            paint(from: start - shift, to: end - shift, piece, closedOnly: closedOnly)
            if span.isOpenEnded {
                paint(
                    from: end - shift, to: DayTimeline.guessedEnd(after: end) - shift, guessed,
                    closedOnly: closedOnly)
            }
        }
    }

    private static func start(of span: TimeSpan, day: Int, sun: inout SunDays) -> Int? {
        guard let event = span.start.event else { return span.start.minutes }
        guard let minutes = sun.minutes(of: event, on: day) else { return nil }
        return max(0, minutes + span.start.minutes)
    }

    private static func end(of span: TimeSpan, after start: Int, day: Int, sun: inout SunDays) -> Int? {
        guard let end = span.end else { return nil }
        guard let event = end.event else {
            return end.minutes <= start ? end.minutes + DayTimeline.minutes : end.minutes
        }
        guard let minutes = sun.minutes(of: event, on: day) else { return nil }
        if minutes + end.minutes > start { return minutes + end.minutes }
        guard let next = sun.minutes(of: event, on: day + 1) else { return nil }
        return next + end.minutes + DayTimeline.minutes
    }
}
