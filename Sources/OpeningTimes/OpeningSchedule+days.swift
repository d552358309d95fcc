package import DirectoryModel

extension OpeningSchedule {
    /// The opening times of one day, as a person would read them on a door.
    package struct Day: Hashable, Sendable {
        /// The day by the clock of the place.
        package var day: LocalDay
        /// The weekday, 1 for Monday to 7 for Sunday.
        package var weekday: Int
        /// Open where it is open for any time of the day; else what it is at noon.
        package var state: Opening.State
        /// Minutes after the day's midnight, each from 0…1439 to 1…2880: what begins on a day stands with it, past
        /// midnight too.
        package var spans: [Range<Int>]
        /// Whether the calendar of the day has been decreed.
        package var isConfirmed: Bool
        /// The holiday that the day is off for, or is made up for; nil for a day like any other.
        package var holiday: LocalizedText?
        /// Whether it is a day off of that holiday; else a make-up workday.
        package var isOff: Bool
    }

    /// Days in a row, the first of them that of a moment.
    ///
    /// - Parameter count: how many, 1…31.
    /// - Complexity: two looks at the schedule for each span.
    package func days(from moment: Timestamp, count: Int, in context: OpeningContext) -> [Day] {
        let zone = context.zone
        let today = (moment.secondsSince1970 + Int64(zone.offset(at: moment))).flooredDays
        let midnights = (0...count).map { zone.midnight(of: today + $0) }
        guard let first = midnights.first, let last = midnights.last else { return [] }
        let spans = openSpans(from: first, until: last, in: context)
        return (0..<count).compactMap { index -> Day? in
            let number = today + index
            let civil = CivilDay(number: number)
            guard let day = LocalDay(year: civil.year, month: civil.month, day: civil.day) else { return nil }
            let (start, end) = (midnights[index], midnights[index + 1])
            let noon = answer(at: Timestamp(secondsSince1970: start.secondsSince1970 + 43_200), in: context)
            let parts = spans.compactMap { part(of: $0.span, from: start, to: end, isFirst: index == 0) }
            let entry = context.calendar.entry(on: number)
            return Day(
                day: day, weekday: civil.weekday + 1,
                state: parts.isEmpty ? (noon.state == .open ? .closed : noon.state) : .open,
                spans: parts, isConfirmed: noon.isConfirmed, holiday: entry?.name,
                isOff: entry?.isOff ?? false)
        }
    }

    /// The part of a span that stands with a day: what begins in it, to its end where that is within a day; what is
    /// longer is cut at each midnight.
    private func part(of span: Range<Timestamp>, from start: Timestamp, to end: Timestamp, isFirst: Bool)
        -> Range<Int>?
    {
        let isLong = span.upperBound.secondsSince1970 - span.lowerBound.secondsSince1970 > 86_400
        let begins = span.lowerBound >= start && span.lowerBound < end
        // What began before the first day and still holds in it stands there from midnight on.
        let reachesIn = span.lowerBound < start && span.upperBound > start
        guard begins || (reachesIn && (isLong || isFirst)) else { return nil }
        let from = max(span.lowerBound, start)
        let to = isLong ? min(span.upperBound, end) : span.upperBound
        guard from < to else { return nil }
        func minute(_ moment: Timestamp) -> Int {
            Int((moment.secondsSince1970 - start.secondsSince1970) / 60)
        }
        let (lower, upper) = (minute(from), minute(to))
        return lower < upper ? lower..<upper : nil
    }
}
