/// Whether a place is open at some moment.
///
/// Since: 1.0
public struct Opening: Hashable, Sendable {
    /// Open, closed, unknown or suspended.
    ///
    /// Since: 1.0
    public var state: State
    /// When that changes next, if that is known.
    ///
    /// Since: 1.0
    public var until: Timestamp?
    /// The opening times as written, if any.
    ///
    /// Since: 1.0
    public var raw: String?

    /// An opening state; see the fields.
    ///
    /// Since: 1.0
    public init(state: State, until: Timestamp? = nil, raw: String? = nil) {
        self.state = state
        self.until = until
        self.raw = raw
    }

    /// Open, closed, unknown or suspended.
    ///
    /// Since: 1.0
    @frozen public enum State: String, Hashable, Sendable, CaseIterable {
        /// Open at that moment.
        ///
        /// Since: 1.0
        case open
        /// Closed at that moment.
        ///
        /// Since: 1.0
        case closed
        /// Not known: no times, or times that cannot be read.
        ///
        /// Since: 1.0
        case unknown
        /// Closed for a time by a dated notice.
        ///
        /// Since: 1.0
        case suspended
    }
}

/// Which days of China's calendar opening times follow.
///
/// Since: 1.0
@frozen public enum CalendarPolicy: String, Hashable, Sendable, CaseIterable {
    /// Make-up workdays count as workdays, days off as public holidays.
    ///
    /// Since: 1.0
    case statutory
    /// Weekday rules, unless a rule names public holidays.
    ///
    /// Since: 1.0
    case commercial
    /// Only dated exceptions close it.
    ///
    /// Since: 1.0
    case announced
}

/// A span of time in which something else holds at a place than its opening times say: a stocktaking, a closed
/// fortnight, a kitchen under repair.
///
/// Of several at one moment the last in the list counts, but a suspension before all.
///
/// Since: 2.0
public struct DatedException: Hashable, Sendable {
    /// From when.
    ///
    /// Since: 2.0
    public var from: Edge
    /// Until when: a day is the last one, included; a moment is the first at which it no longer holds; nil until
    /// further notice.
    ///
    /// Since: 2.0
    public var until: Edge?
    /// What holds instead.
    ///
    /// Since: 2.0
    public var effect: Effect
    /// Why, for a person.
    ///
    /// Since: 2.0
    public var reason: String?

    /// An exception; see the fields.
    ///
    /// Since: 2.0
    public init(from: Edge, until: Edge? = nil, effect: Effect, reason: String? = nil) {
        self.from = from
        self.until = until
        self.effect = effect
        self.reason = reason
    }

    /// An end of the span.
    ///
    /// Since: 2.0
    @frozen public enum Edge: Hashable, Sendable {
        /// A whole day of the place's own time.
        ///
        /// Since: 2.0
        case day(LocalDay)
        /// A moment.
        ///
        /// Since: 2.0
        case moment(Timestamp)
    }

    /// What holds instead.
    ///
    /// Since: 2.0
    @frozen public enum Effect: Hashable, Sendable {
        /// Closed, for a holiday or a stocktaking.
        ///
        /// Since: 2.0
        case closed
        /// Suspended: the service is not given for a time.
        ///
        /// Since: 2.0
        case suspended
        /// Open without a break.
        ///
        /// Since: 2.0
        case open
        /// Not known.
        ///
        /// Since: 2.0
        case unknown
        /// Other opening times, as written.
        ///
        /// Since: 2.0
        case hours(String)

        /// The effect that a word names: one of `words`, `hours` with the times.
        ///
        /// Nil for another word, and where times are missing or given to another word than `hours`.
        ///
        /// Since: 2.0
        public init?(word: String, hours: String?) {
            switch (word, hours) {
            case ("closed", nil): self = .closed
            case ("suspended", nil): self = .suspended
            case ("open", nil): self = .open
            case ("unknown", nil): self = .unknown
            case ("hours", let hours?): self = .hours(hours)
            default: return nil
            }
        }

        /// Its word, as records and answers have it.
        ///
        /// Since: 2.0
        public var word: String {
            switch self {
            case .closed: "closed"
            case .suspended: "suspended"
            case .open: "open"
            case .unknown: "unknown"
            case .hours: "hours"
            }
        }

        /// Every word.
        ///
        /// Since: 2.0
        public static let words = ["closed", "suspended", "open", "unknown", "hours"]
    }
}

/// A day of the Gregorian calendar, wherever it is.
///
/// Since: 2.0
@frozen public struct LocalDay: Hashable, Comparable, Sendable {
    /// The year, 1900…2999.
    ///
    /// Since: 2.0
    public let year: Int
    /// The month, 1…12.
    ///
    /// Since: 2.0
    public let month: Int
    /// The day of the month, from 1.
    ///
    /// Since: 2.0
    public let day: Int

    /// The day of a date; nil where there is no such day.
    ///
    /// Since: 2.0
    public init?(year: Int, month: Int, day: Int) {
        guard (1900...2999).contains(year), (1...12).contains(month) else { return nil }
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        guard day >= 1, day <= lengths[month - 1] else { return nil }
        self.year = year
        self.month = month
        self.day = day
    }

    /// The day of an ISO date, `2026-02-16`; nil for anything else.
    ///
    /// Since: 2.0
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 10, bytes[4] == 45, bytes[7] == 45 else { return nil }
        var numbers = [0, 0, 0]
        for (part, range) in [0..<4, 5..<7, 8..<10].enumerated() {
            for byte in bytes[range] {
                guard byte >= 48, byte <= 57 else { return nil }
                numbers[part] = numbers[part] * 10 + Int(byte) - 48
            }
        }
        self.init(year: numbers[0], month: numbers[1], day: numbers[2])
    }

    /// The ISO date, `2026-02-16`.
    ///
    /// Since: 2.0
    public var text: String {
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(year)-\(two(month))-\(two(day))"
    }

    /// The day before; nil for the first one.
    ///
    /// Since: 2.0
    public var before: LocalDay? {
        if day > 1 { return LocalDay(year: year, month: month, day: day - 1) }
        let (year, month) = month > 1 ? (year, month - 1) : (year - 1, 12)
        return (28...31).reversed().lazy.compactMap { LocalDay(year: year, month: month, day: $0) }.first
    }

    /// The day after; nil for the last one.
    ///
    /// Since: 2.0
    public var after: LocalDay? {
        LocalDay(year: year, month: month, day: day + 1)
            ?? (month < 12
                ? LocalDay(year: year, month: month + 1, day: 1) : LocalDay(year: year + 1, month: 1, day: 1))
    }

    /// Whether the left day is the earlier one.
    ///
    /// Since: 2.0
    public static func < (left: Self, right: Self) -> Bool {
        (left.year, left.month, left.day) < (right.year, right.month, right.day)
    }
}
