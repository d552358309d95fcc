/// Writes rules in the form of the specification.
enum ScheduleText {
    static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    static let weekdays = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"]

    /// All rules, joined.
    static func text(of rules: [Rule]) -> String {
        var text = ""
        for (index, rule) in rules.enumerated() {
            if index > 0 {
                switch rule.joint {
                case .normal: text += "; "
                case .additional: text += ", "
                case .fallback: text += " || "
                }
            }
            text += self.text(of: rule)
            if index + 1 < rules.count, runs(rule, into: rules[index + 1]) { text += " open" }
        }
        return text
    }

    /// Whether an added rule of times alone would be read as more times of the rule before it.
    private static func runs(_ rule: Rule, into next: Rule) -> Bool {
        next.joint == .additional && rule.modifier == nil && rule.comment == nil && !rule.times.isEmpty
            && next.days == nil && next.heading == nil && next.years.isEmpty && next.monthDays.isEmpty
            && next.weeks.isEmpty && !next.isAlways && !next.times.isEmpty
    }

    /// One rule.
    static func text(of rule: Rule) -> String {
        var parts: [String] = []
        if rule.isAlways { parts.append("24/7") }
        if let heading = rule.heading { parts.append("\"\(heading)\":") }
        if !rule.years.isEmpty {
            var years = rule.years.map(text)
            // A year directly before a date would be that date's.
            if let last = rule.years.last, last.to == last.from, !rule.monthDays.isEmpty {
                years[years.count - 1] += "-\(last.from)"
            }
            parts.append(years.joined(separator: ","))
        }
        if !rule.monthDays.isEmpty { parts.append(rule.monthDays.map(text).joined(separator: ",")) }
        if !rule.weeks.isEmpty { parts.append("week " + rule.weeks.map(text).joined(separator: ",")) }
        if let days = rule.days { parts.append(text(of: days)) }
        if !rule.times.isEmpty { parts.append(rule.times.map(text).joined(separator: ",")) }
        switch rule.modifier {
        case .open: parts.append("open")
        case .closed: parts.append("off")
        case .unknown: parts.append("unknown")
        case nil: break
        }
        if let comment = rule.comment { parts.append("\"\(comment)\"") }
        return parts.joined(separator: " ")
    }

    // MARK: - Days

    private static func text(of years: YearRange) -> String {
        guard let to = years.to else { return "\(years.from)+" }
        if to == years.from { return "\(to)" }
        return "\(years.from)-\(to)" + (years.step > 1 ? "/\(years.step)" : "")
    }

    private static func text(of weeks: WeekRange) -> String {
        if weeks.from == weeks.to, weeks.step == 1 { return padded(weeks.from) }
        return padded(weeks.from) + "-" + padded(weeks.to) + (weeks.step > 1 ? "/\(weeks.step)" : "")
    }

    private static func text(of range: MonthDayRange) -> String {
        switch range {
        case .months(let year, let from, let to):
            let prefix = year.map { "\($0) " } ?? ""
            return prefix + (from == to ? months[from - 1] : months[from - 1] + "-" + months[to - 1])
        case .onwards(let from): return text(of: from, showsYear: true) + "+"
        case .dates(let from, let to):
            let start = text(of: from, showsYear: true)
            if from == to, from.year != nil || from.kind == to.kind { return start }
            if let first = from.plain, let last = to.plain, first.month == last.month, from.year == to.year,
                last.day >= first.day
            {
                return start + "-" + padded(last.day)
            }
            return start + "-" + text(of: to, showsYear: to.year != from.year || start.contains("easter"))
        }
    }

    private static func text(of anchor: DateAnchor, showsYear: Bool) -> String {
        var text = showsYear ? anchor.year.map { "\($0) " } ?? "" : ""
        switch anchor.kind {
        case .easter: text += "easter"
        case .day(let month, let day): text += months[month - 1] + " " + padded(day)
        case .nth(let month, let weekday, let nth):
            text += months[month - 1] + " " + weekdays[weekday] + "[\(nth)]"
        }
        if let shift = anchor.weekday {
            text += (shift.isForward ? " +" : " -") + weekdays[shift.weekday]
        }
        return text + offset(anchor.days)
    }

    static func offset(_ days: Int) -> String {
        guard days != 0 else { return "" }
        return (days > 0 ? " +" : " -") + "\(abs(days)) day" + (abs(days) == 1 ? "" : "s")
    }

    private static func text(of days: DaySelector) -> String {
        let holidays = days.holidays.map { ($0.kind == .publicHoliday ? "PH" : "SH") + offset($0.offset) }
        let weekdays = days.weekdays.map { range in
            var text = self.weekdays[range.from]
            if range.to != range.from { text += "-" + self.weekdays[range.to] }
            if !range.nth.isEmpty {
                let entries = range.nth.map { $0.from == $0.to ? "\($0.from)" : "\($0.from)-\($0.to)" }
                text += "[" + entries.joined(separator: ",") + "]"
            }
            return text + offset(range.offset)
        }
        if days.needsBoth {
            return holidays.joined(separator: ",") + " " + weekdays.joined(separator: ",")
        }
        return (weekdays + holidays).joined(separator: ",")
    }

    // MARK: - Times

    /// Minutes since midnight as `hh:mm`.
    static func clock(_ minutes: Int) -> String { padded(minutes / 60) + ":" + padded(minutes % 60) }

    static func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    /// A closing time, below 24:00 where that cannot be misread.
    static func closingMinutes(_ end: Int, after start: Int) -> Int {
        // `24:00-48:00` has no shorter form.
        end > 24 * 60 && end - 24 * 60 <= min(start, 24 * 60 - 1) ? end - 24 * 60 : end
    }

    private static func text(of point: TimePoint) -> String {
        guard let event = point.event else { return clock(point.minutes) }
        if point.minutes == 0 { return name(of: event) }
        return "(\(name(of: event))\(point.minutes < 0 ? "-" : "+")\(clock(abs(point.minutes))))"
    }

    private static func name(of event: TimePoint.Event) -> String {
        switch event {
        case .dawn: "dawn"
        case .sunrise: "sunrise"
        case .sunset: "sunset"
        case .dusk: "dusk"
        }
    }

    private static func text(of span: TimeSpan) -> String {
        var text = self.text(of: span.start)
        if var end = span.end {
            if end.event == nil, span.start.event == nil {
                end.minutes = closingMinutes(end.minutes, after: span.start.minutes)
            }
            text += "-" + self.text(of: end)
        }
        if span.isOpenEnded { text += "+" }
        if let step = span.step { text += "/" + clock(step) }
        return text
    }
}
