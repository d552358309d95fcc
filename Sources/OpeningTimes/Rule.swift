internal import DirectoryModel

/// One rule of a schedule: for which days, at which times, which state.
struct Rule: Hashable, Sendable {
    /// How a rule is joined to those before it.
    enum Joint: UInt8, Hashable, Sendable {
        /// `;`: replaces what earlier rules say of a day that it matches.
        case normal
        /// `,`: adds to it.
        case additional
        /// `||`: fills what they leave closed.
        case fallback
    }

    /// The state that a rule gives.
    enum Modifier: UInt8, Hashable, Sendable {
        case open
        case closed
        case unknown
    }

    var joint = Joint.normal
    /// Whether the rule is written `24/7`.
    var isAlways = false
    var years: [YearRange] = []
    var monthDays: [MonthDayRange] = []
    var weeks: [WeekRange] = []
    /// A comment in the place of dates, `"school days": …`.
    var heading: String?
    var days: DaySelector?
    /// Empty for the whole day.
    var times: [TimeSpan] = []
    /// As written; nil where only a comment or nothing is.
    var modifier: Modifier?
    var comment: String?

    /// The state that the rule gives.
    ///
    /// A bare comment says that nothing certain is known, and so does a comment in the place of dates, which no
    /// program can tell.
    var state: Opening.State {
        switch modifier {
        case .closed: .closed
        case .unknown: .unknown
        case .open: heading == nil ? .open : .unknown
        case nil: comment == nil && heading == nil ? .open : .unknown
        }
    }

    /// Whether the rule selects nothing at all: no days, no times.
    var isBare: Bool {
        !isAlways && years.isEmpty && monthDays.isEmpty && weeks.isEmpty && days == nil && times.isEmpty
            && heading == nil
    }

    /// Whether a holiday of a kind is named.
    func names(_ kind: HolidayRange.Kind) -> Bool {
        days?.holidays.contains { $0.kind == kind } ?? false
    }

    /// Whether dates of at most a month are named, so that the rule speaks of those days and no others.
    ///
    /// Thirty-one days: chosen, not measured; a season is longer.
    var namesDates: Bool {
        !monthDays.isEmpty && monthDays.allSatisfy { $0.spansAtMostAMonth }
    }
}

/// A range of years.
struct YearRange: Hashable, Sendable {
    var from: Int
    /// nil for an open end.
    var to: Int?
    var step = 1

    func contains(_ year: Int) -> Bool {
        year >= from && year <= (to ?? .max) && (year - from) % step == 0
    }
}

/// A range of weeks of ISO 8601.
struct WeekRange: Hashable, Sendable {
    var from: Int
    var to: Int
    var step = 1

    func contains(_ week: Int) -> Bool {
        if from <= to { return week >= from && week <= to && (week - from) % step == 0 }
        // Across the turn of the year, `week 50-3`.
        return week >= from ? (week - from) % step == 0 : week <= to && (week + 53 - from) % step == 0
    }
}

/// Months, or dates from one to another.
enum MonthDayRange: Hashable, Sendable {
    /// Whole months; `year` is that of the first one.
    case months(year: Int?, from: Int, to: Int)
    /// Dates; a year on `from` sets one on `to`.
    case dates(from: DateAnchor, to: DateAnchor)
    /// From a date on: for ever if it has a year, else to the end of the year.
    case onwards(from: DateAnchor)

    /// Whether it is at most 31 days of named dates.
    var spansAtMostAMonth: Bool {
        guard case .dates(let from, let to) = self else { return false }
        let year = from.year ?? 2024
        let first = from.number(in: year)
        var last = to.number(in: to.year ?? year)
        if last < first, to.year == nil { last = to.number(in: year + 1) }
        return last - first <= 31
    }
}

/// A date that is fixed or moves with Easter, with offsets.
struct DateAnchor: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        case day(month: Int, day: Int)
        case easter
        /// The nth weekday of a month, −1 for its last.
        case nth(month: Int, weekday: Int, nth: Int)
    }

    var year: Int?
    var kind: Kind
    /// To the next such weekday (on the day itself or later) or the one before.
    var weekday: WeekdayShift?
    var days = 0

    struct WeekdayShift: Hashable, Sendable {
        var weekday: Int
        var isForward: Bool
    }

    /// The month and day, if it is a plain date.
    var plain: (month: Int, day: Int)? {
        guard case .day(let month, let day) = kind, weekday == nil, days == 0 else { return nil }
        return (month, day)
    }

    /// The day number in a year; 29 February counts as 1 March where there is none.
    func number(in year: Int) -> Int {
        var number: Int
        switch kind {
        case .easter: number = CivilDay.easter(in: year)
        case .day(let month, let day): number = CivilDay.number(year: year, month: month, day: day)
        case .nth(let month, let weekday, let nth):
            if nth > 0 {
                let first = CivilDay.number(year: year, month: month, day: 1)
                number = first + (weekday - CivilDay.weekday(of: first) + 7) % 7 + (nth - 1) * 7
            } else {
                let length = CivilDay.length(of: month, in: year)
                let last = CivilDay.number(year: year, month: month, day: length)
                number = last - (CivilDay.weekday(of: last) - weekday + 7) % 7 + (nth + 1) * 7
            }
        }
        if let weekday {
            let ahead = (weekday.weekday - CivilDay.weekday(of: number) + 7) % 7
            number += weekday.isForward ? ahead : ahead - 7
        }
        return number + days
    }
}

/// Weekdays and holidays.
struct DaySelector: Hashable, Sendable {
    var holidays: [HolidayRange] = []
    var weekdays: [WeekdayRange] = []
    /// Whether a day must be both, `PH Mo-Fr`, and not either, `PH,Mo-Fr`.
    var needsBoth = false
}

/// A kind of holiday, or days before or after one.
struct HolidayRange: Hashable, Sendable {
    enum Kind: UInt8, Hashable, Sendable {
        case publicHoliday
        case schoolHoliday
    }

    var kind: Kind
    /// Days after the holiday; negative before it.
    var offset = 0
}

/// Weekdays from one to another, or the nth of one in a month.
struct WeekdayRange: Hashable, Sendable {
    /// 0 for Monday.
    var from: Int
    var to: Int
    var nth: [NthRange] = []
    var offset = 0

    func contains(_ weekday: Int) -> Bool {
        from <= to ? weekday >= from && weekday <= to : weekday >= from || weekday <= to
    }
}

/// The first to fifth of a month, or counted from its end.
struct NthRange: Hashable, Sendable {
    /// 1…5, or −5…−1 (then `to` equals it).
    var from: Int
    var to: Int
}

/// A time of the day, fixed or by the sun.
struct TimePoint: Hashable, Sendable {
    enum Event: UInt8, Hashable, Sendable, CaseIterable {
        case dawn
        case sunrise
        case sunset
        case dusk
    }

    /// nil for a fixed time.
    var event: Event?
    /// Minutes since midnight, or after the event.
    var minutes: Int
}

/// A span of times.
struct TimeSpan: Hashable, Sendable {
    var start: TimePoint
    /// nil for a point in time or a span that is open from its start.
    var end: TimePoint?
    /// Whether the end is not known, `+`.
    var isOpenEnded = false
    /// Minutes from one point to the next, for points in time.
    var step: Int?
}
