/// What a number with a format stands for.
enum NumberFormat: UInt8 {
    case number
    case date
    case time
    case dateAndTime
    /// Hours, minutes or seconds that go on beyond their usual end: 36:00.
    case elapsed

    /// The format of a built-in number, as a Chinese spreadsheet program knows it (ECMA-376 part 1, 18.8.30).
    init(builtIn id: Int) {
        switch id {
        case 14...17, 27...31, 36, 50...54, 57, 58: self = .date
        case 18...21, 32...35, 45, 47, 55, 56: self = .time
        case 22: self = .dateAndTime
        case 46: self = .elapsed
        default: self = .number
        }
    }

    /// The format of a code, such as `yyyy"年"m"月"d"日";@`; of its first section, which is for numbers above 0.
    init(code: String) {
        var parts = Parts()
        var rest = Array(code.unicodeScalars)[...]
        // "General" is a word, not letters that stand for parts of a date.
        if code.lowercased().hasPrefix("general") || code.hasPrefix("G/通用格式") {
            self = .number
            return
        }
        loop: while let scalar = rest.popFirst() {
            switch scalar {
            case "\"":
                while let next = rest.popFirst(), next != "\"" {}
            case "\\", "_", "*":
                _ = rest.popFirst()
            case "[":
                let inside = rest.prefix { $0 != "]" }
                rest = rest.dropFirst(inside.count + 1)
                parts.bracket(inside)
            case ";": break loop
            case "上", "下":
                parts.hasTime = parts.hasTime || rest.first == "午"
            case "e", "E":
                // "E+00" is scientific notation; "e" is a year.
                if rest.first != "+", rest.first != "-" { parts.hasDate = true }
            case "y", "Y", "d", "D", "g", "G": parts.hasDate = true
            case "h", "H", "s", "S": parts.hasTime = true
            case "m", "M":
                var isMinute = parts.hasTime
                while let next = rest.first, next == "m" || next == "M" { _ = rest.popFirst() }
                // Minutes after hours, or before seconds.
                if !isMinute, !parts.hasDate, Self.nextLetter(rest) == "s" { isMinute = true }
                if isMinute { parts.hasTime = true } else { parts.hasDate = true }
            case "a", "A":
                // AM/PM and A/P are a time's, aaaa is the day of the week.
                let word = String(String.UnicodeScalarView(rest.prefix(4))).lowercased()
                if word == "m/pm" || word.hasPrefix("/p") {
                    parts.hasTime = true
                    rest = rest.dropFirst(word == "m/pm" ? 4 : 2)
                } else if word.hasPrefix("aa") {
                    parts.hasDate = true
                }
            default: break
            }
        }
        self = parts.format
    }

    private static func nextLetter(_ rest: ArraySlice<Unicode.Scalar>) -> String? {
        var rest = rest
        while let scalar = rest.popFirst() {
            switch scalar {
            case "\"": while let next = rest.popFirst(), next != "\"" {}
            case "\\", "_", "*": _ = rest.popFirst()
            case "[":
                let inside = rest.prefix { $0 != "]" }
                if let first = inside.first, inside.allSatisfy({ $0 == "s" || $0 == "S" }) {
                    return String(Character(first)).lowercased()
                }
                rest = rest.dropFirst(inside.count + 1)
            case "a"..."z", "A"..."Z": return String(Character(scalar)).lowercased()
            case ";": return nil
            default: break
            }
        }
        return nil
    }

    private struct Parts {
        var hasDate = false
        var hasTime = false
        var isElapsed = false

        /// [h], [mm] and [ss] go on; [$-804], [红色] and [>1] say nothing about dates.
        mutating func bracket(_ inside: ArraySlice<Unicode.Scalar>) {
            guard let first = inside.first, ["h", "H", "m", "M", "s", "S"].contains(first),
                inside.allSatisfy({ $0.properties.lowercaseMapping == first.properties.lowercaseMapping })
            else { return }
            hasTime = true
            isElapsed = true
        }

        var format: NumberFormat {
            switch (hasDate, hasTime) {
            case (true, true): .dateAndTime
            case (true, false): .date
            case (false, true): isElapsed ? .elapsed : .time
            case (false, false): .number
            }
        }
    }

    /// The moment for which a number stands; nil when it is the number itself that counts.
    ///
    /// - Parameter counts1904: whether days are counted from 1 January 1904 instead of from 31 December 1899.
    func moment(of serial: Double, counts1904: Bool) -> TableMoment? {
        // The last day that a spreadsheet shows is 31 December 9999.
        guard self != .number, serial >= 0, serial < 2_958_466 else { return nil }
        let seconds = Int((serial * 86_400).rounded())
        let (days, clock) = seconds.quotientAndRemainder(dividingBy: 86_400)
        switch self {
        case .number: return nil
        case .elapsed:
            return TableMoment(hour: seconds / 3600, minute: seconds / 60 % 60, second: seconds % 60)
        case .time: return Self.time(clock)
        case .date:
            // Not rounded up into the next day.
            return Self.date(Int(serial), counts1904: counts1904)
        case .dateAndTime:
            // Below 1 there is no day in the count from 1900: the number is a time.
            guard let date = Self.date(days, counts1904: counts1904) else { return Self.time(clock) }
            return TableMoment(
                year: date.year, month: date.month, day: date.day, hour: clock / 3600,
                minute: clock / 60 % 60,
                second: clock % 60)
        }
    }

    private static func time(_ clock: Int) -> TableMoment {
        TableMoment(hour: clock / 3600, minute: clock / 60 % 60, second: clock % 60)
    }

    /// The date of a day count; nil for 0 in the count from 1900.
    private static func date(_ days: Int, counts1904: Bool) -> TableMoment? {
        if counts1904 { return civil(days - 24_107) }
        // Spreadsheets count a 29 February 1900 that was none, as Lotus 1-2-3 did: day 60.
        if days == 60 { return TableMoment(year: 1900, month: 2, day: 29) }
        guard days > 0 else { return nil }
        return civil((days > 60 ? days - 1 : days) - 25_568)
    }

    /// The date so many days after 1 January 1970.
    ///
    /// - Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days.
    private static func civil(_ days: Int) -> TableMoment {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return TableMoment(
            year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month: month,
            day: dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }

    /// The day count from 1900 of a date; nil for one that is none, or before 1900.
    static func serial(year: Int, month: Int, day: Int) -> Int? {
        guard (1900...9999).contains(year), (1...12).contains(month), (1...31).contains(day) else {
            return nil
        }
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = shiftedYear / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        let days = era * 146_097 + dayOfEra - 719_468 + 25_568
        let serial = days >= 60 ? days + 1 : days
        guard serial > 0, let back = date(serial, counts1904: false), back.day == day, back.month == month
        else {
            return nil
        }
        return serial
    }
}
