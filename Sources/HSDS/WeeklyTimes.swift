internal import DirectoryModel
internal import OpeningTimes

/// Opening times as a week that comes again and again: what a rule of RFC 5545 can say of them.
struct WeeklyTimes: Hashable {
    /// The same times on some days of the week.
    struct Block: Hashable {
        /// Days, from 0 for Monday, ascending.
        var days: [Int]
        /// Minutes after midnight.
        var opens: Int
        /// Minutes after midnight, at most 1,440.
        var closes: Int

        /// The days as a rule has them: `MO,TU`.
        var byDay: String {
            days.map { ["MO", "TU", "WE", "TH", "FR", "SA", "SU"][$0] }.joined(separator: ",")
        }

        /// `09:00`.
        var opensAt: String { Self.clock(opens) }
        /// `18:00`; the end of the day is 23:59, since HSDS has no 24:00.
        var closesAt: String { Self.clock(min(closes, 1_439)) }

        private static func clock(_ minute: Int) -> String {
            func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
            return two(minute / 60) + ":" + two(minute % 60)
        }
    }

    /// By days, then by the hour.
    let blocks: [Block]

    /// Weeks that are looked at: a year, so that a season shows.
    private static let weeks = 53

    /// The week of opening times as written; nil where they cannot be read, where they hang on the sun or the season, or
    /// where they never open.
    ///
    /// Days off are not heeded: the calendar decrees them from year to year.
    /// - Parameter now: from which week on it is looked.
    init?(_ text: String, at now: Timestamp) {
        guard let schedule = try? OpeningSchedule(text), !schedule.usesSun else { return nil }
        let context = OpeningContext(calendar: .empty, policy: .commercial)
        let shift = Int64(OpeningZone.shanghai.offset(at: now))
        let day = (now.secondsSince1970 + shift) / 86_400
        // 1970-01-01 was a Thursday.
        let monday = day - (day + 3) % 7
        func moment(_ day: Int64) -> Timestamp { Timestamp(secondsSince1970: day * 86_400 - shift) }
        var weeks = [Set<[Int]>](repeating: [], count: Self.weeks)
        let (from, until) = (moment(monday), moment(monday + Int64(Self.weeks) * 7))
        for open in schedule.openSpans(from: from, until: until, in: context) {
            var start = max(open.span.lowerBound, from).secondsSince1970 + shift
            let end = min(open.span.upperBound, until).secondsSince1970 + shift
            while start < end {
                let today = start / 86_400
                let stop = min(end, (today + 1) * 86_400)
                let index = Int(today - monday)
                weeks[index / 7].insert([
                    index % 7, Int(start - today * 86_400) / 60, Int(stop - today * 86_400) / 60,
                ])
                start = stop
            }
        }
        guard let week = weeks.first, !week.isEmpty, weeks.allSatisfy({ $0 == week }) else { return nil }
        var days: [[Int]: [Int]] = [:]
        for entry in week { days[[entry[1], entry[2]], default: []].append(entry[0]) }
        blocks = days.map { Block(days: $1.sorted(), opens: $0[0], closes: $0[1]) }
            .sorted { ($0.days[0], $0.opens, $0.closes) < ($1.days[0], $1.opens, $1.closes) }
    }
}
