import DirectoryModel
import ServiceTypeKit

/// The session that one still comes in time for: today's, or the next one, with the places left.
enum SessionLine {
    static func highlight(_ place: Place, _ context: HighlightContext) -> Highlight? {
        guard case .rows(let rows)? = place.attributes["sessions"],
            let clock = LocalClock(context.moment, utcOffset: context.utcOffset)
        else { return nil }
        var best: Coming?
        for row in rows.prefix(maximumRows) {
            guard let coming = coming(row, context, clock) else { continue }
            if best.map({ coming.isBetter(than: $0) }) ?? true { best = coming }
        }
        return best.map { line($0, clock) }
    }

    /// The most sessions that are looked at.
    ///
    /// Chosen, not measured: a week's plan of one place.
    private static let maximumRows = 20

    /// The next time that a session takes place.
    private struct Coming {
        let row: AttributeRow
        let start: Timestamp
        /// When the one that runs now ends.
        let end: Timestamp?

        /// A full session is no help as long as another has room; otherwise the earlier one, then the first row.
        func isBetter(than other: Coming) -> Bool {
            let isFull = row.whole("places_left") == 0
            let otherIsFull = other.row.whole("places_left") == 0
            return isFull == otherIsFull ? start < other.start : otherIsFull
        }
    }

    private static func coming(_ row: AttributeRow, _ context: HighlightContext, _ clock: LocalClock)
        -> Coming?
    {
        guard let times = row.text("times") else { return nil }
        let last = row.text("last_day").flatMap(LocalClock.day)
        if let last, last < clock.day { return nil }
        var from = context.moment
        if let first = row.text("first_day").flatMap(LocalClock.day), first > clock.day {
            from = clock.midnight(of: first)
        }
        let opening = context.opening(of: times, at: from)
        switch opening.state {
        case .open:
            let isNow = from == context.moment
            return Coming(row: row, start: from, end: isNow ? opening.until : nil)
        case .closed:
            guard let start = opening.until, start > from, let day = clock.day(of: start) else { return nil }
            if let last, day > last { return nil }
            return Coming(row: row, start: start, end: nil)
        case .unknown, .suspended: return nil
        }
    }

    private static func line(_ coming: Coming, _ clock: LocalClock) -> Highlight {
        let name = coming.row.text("subject").flatMap { names[$0] } ?? session
        let left = coming.row.whole("places_left")
        let tone: Highlight.Tone = left == 0 ? .caution : .good
        if let end = coming.end, let time = clock.time(of: end) {
            return Highlight(
                fitting: LocalizedText(
                    zh: name.zh + "到" + time + places(left).zh,
                    en: name.en + " until " + time + places(left).en),
                tone: tone)
        }
        guard let day = clock.day(of: coming.start), let time = clock.time(of: coming.start) else {
            return Highlight(fitting: name)
        }
        let when = LocalClock.name(of: day, seenFrom: clock.day)
        // Behind a date there is no room for the places, and they matter less.
        let rest = day - clock.day < 7 ? places(left) : LocalizedText(zh: "", en: "")
        return Highlight(
            fitting: LocalizedText(
                zh: when.zh + time + " " + name.zh + rest.zh,
                en: when.en + " " + time + " " + name.en + rest.en),
            tone: day == clock.day || left == 0 ? tone : .neutral)
    }

    private static func places(_ left: Int?) -> LocalizedText {
        guard let left else { return LocalizedText(zh: "", en: "") }
        return counted.indices.contains(left)
            ? counted[left] : LocalizedText(zh: "，余\(left)位", en: ", \(left) left")
    }

    private static let counted: [LocalizedText] =
        [LocalizedText(zh: "，已满", en: ", full"), LocalizedText(zh: "，还有1个名额", en: ", 1 place left")]
        + (2..<100).map { LocalizedText(zh: "，还有\($0)个名额", en: ", \($0) places left") }
    private static let session = LocalizedText(zh: "有课", en: "Session")
    private static let names = Dictionary(
        TutoringSchema.subjectOptions.map { ($0.key, $0.name) }
    ) { first, _ in first }
}

/// The local time at the moment of an answer: days are counted from 1970-01-01, so that none has to be written down.
struct LocalClock {
    let day: Int64
    private let utcOffset: Int64

    /// Nil at the ends of time, where local time would overflow.
    init?(_ moment: Timestamp, utcOffset: Int) {
        self.utcOffset = Int64(utcOffset)
        guard let day = Self.localSecond(moment, Int64(utcOffset)).map(Self.day(ofSecond:)) else {
            return nil
        }
        self.day = day
    }

    func day(of moment: Timestamp) -> Int64? {
        Self.localSecond(moment, utcOffset).map(Self.day(ofSecond:))
    }

    /// The first moment of a day; `day` is one of a date.
    func midnight(of day: Int64) -> Timestamp { Timestamp(secondsSince1970: day * 86_400 - utcOffset) }

    /// The time as a clock shows it: `9:05`.
    func time(of moment: Timestamp) -> String? {
        guard let second = Self.localSecond(moment, utcOffset) else { return nil }
        return Self.times[Int((second - Self.day(ofSecond: second) * 86_400) / 60)]
    }

    /// The day of a date as the kit stores it, `yyyy-mm-dd`; nil for another text.
    static func day(_ text: String) -> Int64? {
        // Read here, a digit at a time: this is asked of each session each time that a place is shown.
        var parts: (year: Int64, month: Int64, day: Int64) = (0, 0, 0)
        var dashes = 0
        guard text.utf8.count == 10 else { return nil }
        for byte in text.utf8 {
            guard byte != 0x2D else {
                dashes += 1
                continue
            }
            guard (0x30...0x39).contains(byte) else { return nil }
            let digit = Int64(byte - 0x30)
            switch dashes {
            case 0: parts.year = parts.year * 10 + digit
            case 1: parts.month = parts.month * 10 + digit
            default: parts.day = parts.day * 10 + digit
            }
        }
        // H. Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil; years are 1900 to 2999.
        let year = parts.month <= 2 ? parts.year - 1 : parts.year
        let (era, yearOfEra) = year.quotientAndRemainder(dividingBy: 400)
        let month = parts.month > 2 ? parts.month - 3 : parts.month + 9
        let dayOfYear = (153 * month + 2) / 5 + parts.day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    /// 今天, a day of the coming week by its name, another one by its date.
    static func name(of day: Int64, seenFrom today: Int64) -> LocalizedText {
        if day == today { return todayName }
        if day > today, day - today < 7 {
            // 1970-01-01 was a Thursday, the fourth day.
            return weekdays[Int(((day + 3) % 7 + 7) % 7)]
        }
        let date = HighlightContext(now: Timestamp(secondsSince1970: day * 86_400), utcOffset: 0).today
        let parts = date.split(separator: "-").compactMap { Int($0) }
        guard parts.count == 3, months.indices.contains(parts[1] - 1) else {
            return LocalizedText(zh: "", en: "")
        }
        return LocalizedText(zh: "\(parts[1])月\(parts[2])日", en: "\(parts[2]) " + months[parts[1] - 1])
    }

    private static func localSecond(_ moment: Timestamp, _ utcOffset: Int64) -> Int64? {
        let (second, overflow) = moment.secondsSince1970.addingReportingOverflow(utcOffset)
        // Far from the ends, so that what is reckoned with it cannot overflow.
        return overflow || second.magnitude > UInt64(Int64.max / 4) ? nil : second
    }

    private static func day(ofSecond second: Int64) -> Int64 {
        second >= 0 ? second / 86_400 : (second - 86_399) / 86_400
    }

    private static let todayName = LocalizedText(zh: "今天", en: "Today")
    private static let weekdays = zip(
        ["一", "二", "三", "四", "五", "六", "日"], ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    ).map { LocalizedText(zh: "周" + $0, en: $1) }
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    /// Every minute of a day.
    private static let times = (0..<1_440).map { minute in
        "\(minute / 60):" + (minute % 60 < 10 ? "0" : "") + "\(minute % 60)"
    }
}
