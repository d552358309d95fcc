/// A day of the Gregorian calendar, as days since 1970-01-01, with its parts.
struct CivilDay: Hashable, Sendable {
    /// Days since 1970-01-01.
    let number: Int
    /// The year.
    let year: Int
    /// The month, 1…12.
    let month: Int
    /// The day of the month, 1…31.
    let day: Int
    /// The weekday, 0 for Monday to 6 for Sunday.
    let weekday: Int

    /// The day with this number.
    ///
    /// - Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days.
    init(number: Int) {
        self.number = number
        let shifted = number + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        weekday = CivilDay.weekday(of: number)
    }

    /// Days since 1970-01-01 of a date.
    ///
    /// A day past the end of its month counts on into the next one.
    static func number(year: Int, month: Int, day: Int) -> Int {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    /// The weekday of a day number, 0 for Monday.
    static func weekday(of number: Int) -> Int {
        // 1970-01-01 was a Thursday.
        let rest = (number + 3) % 7
        return rest < 0 ? rest + 7 : rest
    }

    /// How many days a month has.
    static func length(of month: Int, in year: Int) -> Int {
        switch month {
        case 2: isLeap(year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Whether a year has a 29 February.
    static func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

    /// The week of ISO 8601, 1…53.
    var week: Int {
        let thursday = CivilDay(number: number - weekday + 3)
        return (thursday.number - CivilDay.number(year: thursday.year, month: 1, day: 1)) / 7 + 1
    }

    /// The day number of Easter Sunday.
    static func easter(in year: Int) -> Int {
        let index = year - 1890
        return easters.indices.contains(index) ? easters[index] : computedEaster(in: year)
    }

    /// Easter of 1890 to 3009, the years that a schedule can name and their neighbours.
    private static let easters = (1890..<3010).map { computedEaster(in: $0) }

    /// - Source: the anonymous Gregorian computus (Meeus, "Astronomical Algorithms", chapter 8).
    private static func computedEaster(in year: Int) -> Int {
        let golden = year % 19
        let century = year / 100
        let rest = year % 100
        let epact = (19 * golden + century - century / 4 - (century - (century + 8) / 25 + 1) / 3 + 15) % 30
        let dominical = (32 + 2 * (century % 4) + 2 * (rest / 4) - epact - rest % 4) % 7
        let correction = (golden + 11 * epact + 22 * dominical) / 451
        let month = (epact + dominical - 7 * correction + 114) / 31
        let day = (epact + dominical - 7 * correction + 114) % 31 + 1
        return number(year: year, month: month, day: day)
    }
}
