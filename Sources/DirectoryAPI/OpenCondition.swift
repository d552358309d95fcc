package import DirectoryModel

/// When a place has to be open to be listed.
package enum OpenCondition: Hashable, Sendable {
    /// At the moment of the question.
    case now
    /// When the one who asks gets there: now and the walk.
    case arrival
    /// At a moment.
    case at(Timestamp)
    /// From one moment to a later one, without a break.
    case during(Timestamp, Timestamp)

    /// The longest span that can be asked about, in seconds; chosen, not measured: a week.
    package static let longestSpan: Int64 = 7 * 86_400
}

/// Whether a place is open at the moment that was asked about, as answers carry it.
package struct PlaceOpening: Sendable {
    /// Open, closed, unknown or suspended.
    package var state: Opening.State
    /// Since when, if that is known.
    package var since: Timestamp?
    /// Until when: the next change, if there is one within a year.
    package var until: Timestamp?
    /// Whether the calendar of the days in question has been decreed.
    package var isConfirmed: Bool
    /// One line for a person: "21:00 关门，您走到还有 12 分钟"; nil where nothing is known.
    package var text: LocalizedText?
    /// The opening times as written, if any.
    package var raw: String?
    /// The opening times in OpenStreetMap's form, and as a person would write them on a door; nil where they cannot be
    /// read, and in lists.
    package var canonical: (osm: String, door: LocalizedText)?
    /// The days from today on, of which the first is today; none in lists, and where the times cannot be read.
    package var week: [OpeningDay] = []

    /// An opening; see the fields.
    package init(
        state: Opening.State, since: Timestamp? = nil, until: Timestamp? = nil, isConfirmed: Bool = true,
        text: LocalizedText? = nil, raw: String? = nil
    ) {
        self.state = state
        self.since = since
        self.until = until
        self.isConfirmed = isConfirmed
        self.text = text
        self.raw = raw
    }
}

/// What is written on the door for one day.
package struct OpeningDay: Hashable, Sendable {
    /// The day by the clock of the place.
    package var day: LocalDay
    /// The weekday, 1 for Monday to 7 for Sunday.
    package var weekday: Int
    /// Open where it is open for any time of the day.
    package var state: Opening.State
    /// Minutes after midnight, past 1440 where it is open into the next day.
    package var spans: [Range<Int>]
    /// Whether the calendar of the day has been decreed.
    package var isConfirmed: Bool
    /// The holiday that the day is off for, or is made up for.
    package var holiday: LocalizedText?
    /// Whether it is a day off of that holiday; else a make-up workday.
    package var isOff: Bool

    /// A day; see the fields.
    package init(
        day: LocalDay, weekday: Int, state: Opening.State, spans: [Range<Int>], isConfirmed: Bool,
        holiday: LocalizedText?, isOff: Bool
    ) {
        self.day = day
        self.weekday = weekday
        self.state = state
        self.spans = spans
        self.isConfirmed = isConfirmed
        self.holiday = holiday
        self.isOff = isOff
    }
}

extension QueryWords {
    /// `open=now|arrival|RFC3339`, or `open_during=A/B` of two such moments.
    mutating func open() throws(DirectoryError) -> OpenCondition? {
        let word = try one("open")
        let span = try one("open_during")
        guard let span else {
            switch word {
            case nil: return nil
            case "now": return .now
            case "arrival": return .arrival
            case let text?: return .at(try QueryWords.moment(text, "open", "now, arrival or a moment"))
            }
        }
        guard word == nil else {
            throw DirectoryError(
                .invalidRequest, "both open and open_during are given", advice: "give one of them",
                location: "open_during")
        }
        let ends = span.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard ends.count == 2 else {
            throw DirectoryError(
                .invalidRequest, "“open_during” is \(span.shortened()), not two moments with a slash between",
                location: "open_during")
        }
        let from = try QueryWords.moment(ends[0], "open_during", "a moment")
        let to = try QueryWords.moment(ends[1], "open_during", "a moment")
        guard from < to, to.secondsSince1970 - from.secondsSince1970 <= OpenCondition.longestSpan else {
            throw DirectoryError(
                .invalidRequest,
                "“open_during” is \(span.shortened()): the second moment has to come after the "
                    + "first, by a week at most", location: "open_during")
        }
        return .during(from, to)
    }

    /// The moment of a word, or nil.
    mutating func moment(_ name: String) throws(DirectoryError) -> Timestamp? {
        try one(name).map { text throws(DirectoryError) in try QueryWords.moment(text, name, "a moment") }
    }

    private static func moment(_ text: String, _ name: String, _ wanted: String) throws(DirectoryError)
        -> Timestamp
    {
        guard let moment = Timestamp(rfc3339: text) else {
            throw DirectoryError(
                .invalidRequest,
                "“\(name)” is \(text.shortened()), not \(wanted) such as 2026-11-24T12:30:00+08:00",
                advice: "write + as %2B in a URL", location: name)
        }
        return moment
    }
}

extension Timestamp {
    /// Reads a moment as RFC 3339 has it, `2026-11-24T12:30:00+08:00`: seconds and their fraction may be left out.
    ///
    /// A space, as which a `+` in a URL arrives, counts as `+`; years 1970…9999; a leap second counts as the next
    /// second.
    package init?(rfc3339 text: String) {
        let pattern =
            /(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d)(?::(\d\d)(?:\.\d{1,9})?)?([Zz]|([+\- ])(\d\d):?(\d\d))/
        guard text.utf8.count <= 40, let match = text.wholeMatch(of: pattern),
            let year = Int64(match.1), let month = Int64(match.2), let day = Int64(match.3),
            let hour = Int64(match.4), let minute = Int64(match.5),
            let second = match.6.map({ Int64($0) }) ?? 0
        else { return nil }
        let days = [31, Timestamp.isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        guard year >= 1970, (1...12).contains(month), (1...Int64(days[Int(month) - 1])).contains(day),
            hour < 24,
            minute < 60, second <= 60
        else { return nil }
        var offset: Int64 = 0
        if let sign = match.8, let hours = match.9.flatMap({ Int64($0) }),
            let minutes = match.10.flatMap({ Int64($0) })
        {
            guard hours <= 18, minutes < 60 else { return nil }
            offset = (hours * 3600 + minutes * 60) * (sign == "-" ? -1 : 1)
        }
        // Days since 1970-01-01 in the proleptic Gregorian calendar.
        let before = year - 1
        var total = 365 * (year - 1970) + (before / 4 - before / 100 + before / 400) - 477
        for index in 0..<Int(month) - 1 { total += Int64(days[index]) }
        total += day - 1
        self.init(secondsSince1970: total * 86_400 + hour * 3600 + minute * 60 + second - offset)
    }

    private static func isLeap(_ year: Int64) -> Bool {
        year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    }
}
