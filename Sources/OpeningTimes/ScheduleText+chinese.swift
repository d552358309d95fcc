extension OpeningSchedule {
    /// The schedule as a person would write it on a door, in Chinese.
    ///
    /// Reading it gives an equal schedule, but for what nobody writes on a door: days counted from another date or
    /// holiday, Easter, every second year or week, points in time.
    package var chineseText: String { ChineseText.text(of: rules.map(\.rule)) }
}

/// Writes rules in Chinese, in words that `ClerkReader` knows.
enum ChineseText {
    static let weekdays = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"]

    static func text(of rules: [Rule]) -> String {
        var text = ""
        for (index, rule) in rules.enumerated() {
            if index > 0 {
                switch rule.joint {
                case .additional: text += "，另"
                case .fallback: text += "，否则"
                case .normal:
                    // Where a reader would take it for an addition.
                    let isPlain = ClerkReader.joint(of: rule, after: Array(rules[..<index])) == .normal
                    text += isPlain ? "；" : "；以此为准："
                }
            }
            text += self.text(of: rule)
        }
        return text
    }

    private static func text(of rule: Rule) -> String {
        var dates = ""
        if let heading = rule.heading { dates += "“\(heading)”：" }
        dates += rule.years.map(text).joined(separator: "、")
        dates += rule.monthDays.map(text).joined(separator: "、")
        if !rule.weeks.isEmpty { dates += "全年第" + rule.weeks.map(text).joined(separator: "、") + "周次" }
        var parts = dates.isEmpty ? [] : [dates]
        if let days = rule.days { parts.append(text(of: days)) }
        if rule.isAlways { parts.append(rule.modifier == nil && rule.comment == nil ? "24小时开放" : "24小时") }
        if !rule.times.isEmpty { parts.append(rule.times.map(text).joined(separator: "、")) }
        var state = ""
        switch rule.modifier {
        case .open: state = "开放"
        case .closed: state = rule.times.count > 1 ? "均休息" : "休息"
        case .unknown: state = "不定"
        case nil: break
        }
        if let comment = rule.comment {
            state += comment.contains("”") ? "\"\(comment)\"" : "“\(comment)”"
        }
        if !state.isEmpty { parts.append(state) }
        return parts.joined(separator: " ")
    }

    private static func text(of years: YearRange) -> String {
        guard let to = years.to else { return "\(years.from)年起" }
        if to == years.from { return "\(to)年" }
        return "\(years.from)年至\(to)年" + (years.step > 1 ? "每\(years.step)年" : "")
    }

    private static func text(of weeks: WeekRange) -> String {
        (weeks.from == weeks.to ? "\(weeks.from)" : "\(weeks.from)至\(weeks.to)")
            + (weeks.step > 1 ? "每\(weeks.step)周" : "")
    }

    private static func text(of range: MonthDayRange) -> String {
        switch range {
        case .months(let year, let from, let to):
            (year.map { "\($0)年" } ?? "") + (from == to ? "\(from)月" : "\(from)月至\(to)月")
        case .onwards(let from): text(of: from, after: nil) + "起"
        case .dates(let from, let to):
            from == to
                ? text(of: from, after: nil) : text(of: from, after: nil) + "至" + text(of: to, after: from)
        }
    }

    private static func text(of anchor: DateAnchor, after first: DateAnchor?) -> String {
        var text = ""
        if let year = anchor.year, year != first?.year { text += "\(year)年" }
        switch anchor.kind {
        case .easter: text += "复活节"
        case .day(let month, let day): text += "\(month)月\(day)日"
        case .nth(let month, let weekday, let nth): text += "\(month)月\(ordinal(nth))个\(weekdays[weekday])"
        }
        if let shift = anchor.weekday {
            text += (shift.isForward ? "起首个" : "前最后一个") + weekdays[shift.weekday]
        }
        return text + offset(anchor.days)
    }

    private static func ordinal(_ nth: Int) -> String {
        nth == -1 ? "最后一" : nth < 0 ? "倒数第\(-nth)" : "第\(nth)"
    }

    private static func offset(_ days: Int) -> String {
        days == 0 ? "" : days > 0 ? "后\(days)天" : "前\(-days)天"
    }

    private static func text(of days: DaySelector) -> String {
        let holidays = days.holidays.map {
            ($0.kind == .publicHoliday ? "法定节假日" : "寒暑假") + offset($0.offset)
        }
        let names = days.weekdays.map(text)
        if days.needsBoth {
            return holidays.joined(separator: "、") + "的" + names.joined(separator: "、")
        }
        return (names + holidays).joined(separator: "、")
    }

    private static func text(of range: WeekdayRange) -> String {
        if !range.nth.isEmpty {
            let day = weekdays[range.from] + offset(range.offset)
            if let only = range.nth.first, range.nth.count == 1, only.from < 0 {
                return "每月" + ordinal(only.from) + "个" + day
            }
            let entries = range.nth.map { $0.from == $0.to ? "\($0.from)" : "\($0.from)至\($0.to)" }
            return "每月第" + entries.joined(separator: "、") + "个" + day
        }
        if range.from == 0, range.to == 6 { return "每天" }
        if range.from == 5, range.to == 6 { return "周末" }
        if range.from == range.to { return weekdays[range.from] }
        return weekdays[range.from] + "至" + weekdays[range.to]
    }

    private static func text(of point: TimePoint) -> String {
        guard let event = point.event else { return ScheduleText.clock(point.minutes) }
        var text: String
        switch event {
        case .dawn: text = "黎明"
        case .sunrise: text = "日出"
        case .sunset: text = "日落"
        case .dusk: text = "黄昏"
        }
        guard point.minutes != 0 else { return text }
        text += point.minutes < 0 ? "前" : "后"
        let minutes = abs(point.minutes)
        if minutes >= 60 { text += "\(minutes / 60)小时" }
        if minutes % 60 > 0 { text += "\(minutes % 60)分钟" }
        return text
    }

    private static func text(of span: TimeSpan) -> String {
        var text = self.text(of: span.start)
        if var end = span.end {
            text += "–"
            if end.event == nil, end.minutes > DayTimeline.minutes {
                end.minutes -= DayTimeline.minutes
                text += "次日"
            }
            text += self.text(of: end)
        }
        if let step = span.step { text += "每\(step)分钟" }
        return text + (span.isOpenEnded ? span.end == nil ? "起" : "以后" : "")
    }
}
