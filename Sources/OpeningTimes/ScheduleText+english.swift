extension OpeningSchedule {
    /// The schedule in English words, for a person; not to be read back.
    package var englishText: String { EnglishText.text(of: rules.map(\.rule)) }
}

/// Writes rules in English.
enum EnglishText {
    static let weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]

    static func text(of rules: [Rule]) -> String {
        var text = ""
        for (index, rule) in rules.enumerated() {
            if index > 0 {
                switch rule.joint {
                case .normal: text += "; "
                case .additional: text += "; also "
                case .fallback: text += "; otherwise "
                }
            }
            text += self.text(of: rule)
        }
        guard let first = text.first else { return text }
        return first.uppercased() + text.dropFirst()
    }

    private static func text(of rule: Rule) -> String {
        var parts: [String] = []
        if let heading = rule.heading { parts.append(heading + ":") }
        let dates =
            rule.years.map(text) + rule.monthDays.map(text)
            + (rule.weeks.isEmpty ? [] : ["weeks " + rule.weeks.map(text).joined(separator: ", ")])
        if !dates.isEmpty { parts.append(dates.joined(separator: ", ")) }
        if let days = rule.days { parts.append(text(of: days)) }
        if rule.isAlways { parts.append("24 hours a day") }
        if !rule.times.isEmpty { parts.append(joined(rule.times.map(text))) }
        switch rule.modifier {
        case .open: parts.append("open")
        case .closed: parts.append("closed")
        case .unknown: parts.append("not certain")
        case nil: break
        }
        if let comment = rule.comment { parts.append("(\(comment))") }
        return parts.joined(separator: " ")
    }

    private static func joined(_ list: [String]) -> String {
        guard let last = list.last, list.count > 1 else { return list.first ?? "" }
        return list.dropLast().joined(separator: ", ") + " and " + last
    }

    private static func text(of years: YearRange) -> String {
        guard let to = years.to else { return "from \(years.from)" }
        if to == years.from { return "\(to)" }
        return "\(years.from)–\(to)" + (years.step > 1 ? " every \(years.step) years" : "")
    }

    private static func text(of weeks: WeekRange) -> String {
        (weeks.from == weeks.to ? "\(weeks.from)" : "\(weeks.from)–\(weeks.to)")
            + (weeks.step > 1 ? " every \(weeks.step)" : "")
    }

    private static func text(of range: MonthDayRange) -> String {
        let months = ScheduleText.months
        switch range {
        case .months(let year, let from, let to):
            return (from == to ? months[from - 1] : months[from - 1] + "–" + months[to - 1])
                + (year.map { " \($0)" } ?? "")
        case .onwards(let from): return "from " + text(of: from)
        case .dates(let from, let to):
            return from == to ? text(of: from) : text(of: from) + "–" + text(of: to)
        }
    }

    private static func text(of anchor: DateAnchor) -> String {
        var text: String
        switch anchor.kind {
        case .easter: text = "Easter"
        case .day(let month, let day): text = "\(day) \(ScheduleText.months[month - 1])"
        case .nth(let month, let weekday, let nth):
            text = "the \(ordinal(nth)) \(weekdays[weekday]) of \(ScheduleText.months[month - 1])"
        }
        if let shift = anchor.weekday {
            text = weekdays[shift.weekday] + (shift.isForward ? " from " : " before ") + text
        }
        text = offset(anchor.days) + text
        return text + (anchor.year.map { " \($0)" } ?? "")
    }

    private static func ordinal(_ nth: Int) -> String {
        switch nth {
        case -1: "last"
        case ..<0: "\(ordinal(-nth)) to last"
        case 1: "1st"
        case 2: "2nd"
        case 3: "3rd"
        default: "\(nth)th"
        }
    }

    private static func offset(_ days: Int) -> String {
        guard days != 0 else { return "" }
        return "\(abs(days)) day\(abs(days) == 1 ? "" : "s") \(days > 0 ? "after" : "before") "
    }

    private static func text(of days: DaySelector) -> String {
        let holidays = days.holidays.map {
            offset($0.offset) + ($0.kind == .publicHoliday ? "public holidays" : "school holidays")
        }
        let names = days.weekdays.map(text)
        if days.needsBoth { return joined(names) + " on " + joined(holidays) }
        return joined(names + holidays)
    }

    private static func text(of range: WeekdayRange) -> String {
        if !range.nth.isEmpty {
            let entries = range.nth.map {
                $0.from == $0.to ? ordinal($0.from) : ordinal($0.from) + " to " + ordinal($0.to)
            }
            return offset(range.offset) + "the " + joined(entries) + " \(weekdays[range.from]) of the month"
        }
        if range.from == 0, range.to == 6 { return "every day" }
        return range.from == range.to ? weekdays[range.from] : weekdays[range.from] + "–" + weekdays[range.to]
    }

    private static func text(of point: TimePoint) -> String {
        guard let event = point.event else { return ScheduleText.clock(point.minutes) }
        let name = "\(event)"
        guard point.minutes != 0 else { return name }
        return "\(abs(point.minutes)) minutes \(point.minutes < 0 ? "before" : "after") \(name)"
    }

    private static func text(of span: TimeSpan) -> String {
        var text = self.text(of: span.start)
        if var end = span.end {
            text += "–"
            var suffix = ""
            if end.event == nil, end.minutes > DayTimeline.minutes {
                end.minutes -= DayTimeline.minutes
                suffix = " the next day"
            }
            text += self.text(of: end) + suffix
        }
        if let step = span.step { text += " every \(step) minutes" }
        return span.isOpenEnded ? text + " or later" : text
    }
}
