internal import DirectoryModel

/// Groups turned into rules.
extension ClerkReader {
    /// Makes a rule of the group in hand.
    mutating func finishGroup() throws(OpeningTextError) {
        defer { group = Group() }
        if group.isEmpty {
            if group.hasSeason { throw error("季节的起止日期", "the dates of the season") }
            guard group.joint == nil else {
                throw error("日期、星期、时间或状态", "a date, a weekday, a time or a state")
            }
            return
        }
        if group.hasSeason, group.rule.monthDays.isEmpty {
            throw error("季节的起止日期", "the dates of the season")
        }
        guard group.hasContent || group.isOpen && (group.hasSelectors || rules.isEmpty) else {
            if group.isOpen { return }
            throw error("时间或状态", "times or a state")
        }
        var rule = group.rule
        if !group.hasContent {
            // `周一至周五营业`: open, but when? Only a bare 开放 says all there is.
            guard !group.hasSelectors else { throw error("时间", "times") }
            rule.modifier = .open
        }
        if group.isWorkdays {
            var days = rule.days ?? DaySelector()
            days.weekdays.insert(WeekdayRange(from: 0, to: 4), at: 0)
            rule.days = days
        }
        if group.isAllDay {
            let isEveryDay =
                rule.days == nil || rule.days == DaySelector(weekdays: [WeekdayRange(from: 0, to: 6)])
            if isEveryDay, rule.monthDays.isEmpty, rule.years.isEmpty, rule.weeks.isEmpty,
                rule.modifier == nil
            {
                rule.isAlways = true
                rule.days = nil
            } else {
                rule.times = [
                    TimeSpan(start: TimePoint(minutes: 0), end: TimePoint(minutes: DayTimeline.minutes))
                ]
            }
        }
        rule.joint = group.joint ?? ClerkReader.joint(of: rule, after: rules)
        if rules.isEmpty { rule.joint = .normal }
        append(rule, Origin(isWorkdays: group.isWorkdays))
        let left = exclusions
        exclusions = []
        for days in left { appendExclusion(days) }
    }

    /// People list days; those of a rule that were not named before must not cut off what reaches past midnight.
    static func joint(of rule: Rule, after rules: [Rule]) -> Rule.Joint {
        guard rule.state == .open, !rule.times.isEmpty, rule.monthDays.isEmpty, rule.years.isEmpty,
            rule.weeks.isEmpty, let days = ClerkReader.weekdayBits(rule)
        else { return .normal }
        var overruns = false
        for earlier in rules where earlier.state != .closed {
            guard let others = ClerkReader.weekdayBits(earlier), others & days == 0 else { return .normal }
            if CompiledRule(earlier).overruns { overruns = true }
        }
        return overruns ? .additional : .normal
    }

    /// The weekdays of a rule of plain weekdays alone.
    static func weekdayBits(_ rule: Rule) -> UInt8? {
        guard let days = rule.days, days.holidays.isEmpty, !rule.isAlways, rule.monthDays.isEmpty,
            rule.years.isEmpty, rule.weeks.isEmpty,
            days.weekdays.allSatisfy({ $0.nth.isEmpty && $0.offset == 0 })
        else { return nil }
        return CompiledRule(rule).weekdayBits
    }

    /// Adds what was said of the whole: holidays as usual, workdays that are no days off.
    mutating func finish() throws(OpeningTextError) {
        guard !rules.isEmpty else { throw error("时间或状态", "times or a state") }
        guard exclusions.isEmpty else { throw error("时间", "times") }
        let namesHolidays = rules.contains { $0.names(.publicHoliday) }
        if isHolidayUsual {
            guard rules.contains(where: { $0.state == .open }) else { throw error("时间", "times") }
            let old = rules
            rules = []
            for rule in old {
                var rule = rule
                guard rule.state == .open, !rule.isAlways, !rule.names(.publicHoliday),
                    rule.days?.weekdays.isEmpty != true
                else {
                    rules.append(rule)
                    continue
                }
                let week = [WeekdayRange(from: 0, to: 6)]
                let days = rule.days ?? DaySelector(weekdays: week)
                if CompiledRule(rule).weekdayBits == 0x7F || rule.days == nil {
                    rule.days = days
                    rule.days?.holidays.append(HolidayRange(kind: .publicHoliday))
                    rules.append(rule)
                } else {
                    rules.append(rule)
                    rule.days?.holidays = [HolidayRange(kind: .publicHoliday)]
                    rule.days?.needsBoth = true
                    rules.append(rule)
                }
            }
            return
        }
        if !namesHolidays, let last = origins.lastIndex(where: { $0.isWorkdays }) {
            var rule = Rule()
            rule.days = DaySelector(holidays: [HolidayRange(kind: .publicHoliday)])
            rule.modifier = .closed
            rules.insert(rule, at: last + 1)
        }
    }
}
