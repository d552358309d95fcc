internal import DirectoryModel

/// A rule with what is asked of it often worked out.
///
/// Never changes. An object, because a year is looked through rule by rule: a copy of a value would count a dozen lists
/// up and down each time.
final class CompiledRule: Sendable {
    let rule: Rule
    let state: Opening.State
    /// Whether its times can reach past midnight.
    let overruns: Bool
    let usesSun: Bool
    let namesDates: Bool
    let namesPublicHolidays: Bool
    /// Whether the rule selects by more than plain weekdays and public holidays.
    let needsDates: Bool
    /// The bits of the weekdays, Monday the lowest, whichever of a month they are.
    let weekdayBits: UInt8
    /// Whether a weekday is meant with days added to it: then any day may match.
    let hasOffsets: Bool

    init(_ rule: Rule) {
        self.rule = rule
        state = rule.state
        overruns = rule.times.contains { span in
            if span.start.event != nil || span.end?.event != nil { return true }
            if span.isOpenEnded { return true }
            return (span.end?.minutes ?? 0) > 24 * 60
        }
        usesSun = rule.times.contains { $0.start.event != nil || $0.end?.event != nil }
        namesDates = rule.namesDates
        namesPublicHolidays = rule.names(.publicHoliday)
        var bits: UInt8 = 0
        hasOffsets = rule.days?.weekdays.contains { $0.offset != 0 } ?? false
        var isPlain = rule.years.isEmpty && rule.monthDays.isEmpty && rule.weeks.isEmpty
        if let days = rule.days {
            for range in days.weekdays {
                if !range.nth.isEmpty || range.offset != 0 { isPlain = false }
                for weekday in 0..<7 where range.contains(weekday) { bits |= 1 << UInt8(weekday) }
            }
            for holiday in days.holidays where holiday.kind == .schoolHoliday || holiday.offset != 0 {
                isPlain = false
            }
        }
        weekdayBits = bits
        needsDates = !isPlain || usesSun
    }
}

/// What is to be known of a day to tell whether a rule matches it.
struct DayFacts {
    let day: CivilDay
    /// Whether it is a day off, to rules.
    var isOff = false
    /// The weekday that it counts as: another on make-up workdays of statutory places.
    var weekday: Int
    var week = 0
    private var policy: OpeningPolicy

    init(_ number: Int, context: OpeningContext) {
        day = CivilDay(number: number)
        weekday = day.weekday
        policy = context.policy
        guard policy != .announced, let entry = context.calendar.entry(on: number) else { return }
        isOff = entry.isOff
        if policy == .statutory, !entry.isOff {
            // A make-up workday on a weekend, as they all are: Saturday stands for Friday, Sunday for Monday.
            if weekday == 5 { weekday = 4 } else if weekday == 6 { weekday = 0 }
        }
    }

    /// Whether a rule's days and dates take this day in.
    func matches(_ compiled: CompiledRule, calendar: HolidayCalendar) -> Bool {
        if compiled.needsDates, !matchesDates(compiled) { return false }
        let isOpening = compiled.state != .closed
        // On a day off a statutory place keeps to the rules that name public holidays or the very date.
        let isReserved =
            policy == .statutory && isOff && isOpening && !compiled.namesDates && !compiled.rule.isAlways
        guard let days = compiled.rule.days else { return !isReserved }
        let isHoliday = !days.holidays.isEmpty && days.holidays.contains { matches($0, calendar: calendar) }
        if days.needsBoth {
            guard isHoliday, !isReserved || compiled.namesPublicHolidays else { return false }
            return matchesWeekday(compiled, days)
        }
        return isHoliday || !isReserved && matchesWeekday(compiled, days)
    }

    private func matchesWeekday(_ compiled: CompiledRule, _ days: DaySelector) -> Bool {
        let counted = compiled.namesDates ? day.weekday : weekday
        let isNamed = compiled.weekdayBits >> UInt8(counted) & 1 == 1
        if !compiled.needsDates { return isNamed }
        // What is the weekday neither by count nor on the wall needs no look at the month.
        let isOnWall = compiled.weekdayBits >> UInt8(day.weekday) & 1 == 1
        if !isNamed, !isOnWall, !compiled.hasOffsets { return false }
        return days.weekdays.contains { range in
            if range.nth.isEmpty { return range.contains(counted) }
            // The nth of a month is so by the calendar on the wall.
            let shifted = range.offset == 0 ? day : CivilDay(number: day.number - range.offset)
            guard shifted.weekday == range.from else { return false }
            let nth = (shifted.day - 1) / 7 + 1
            let last = (CivilDay.length(of: shifted.month, in: shifted.year) - shifted.day) / 7 + 1
            return range.nth.contains { $0.from > 0 ? nth >= $0.from && nth <= $0.to : last == -$0.from }
        }
    }

    private func matches(_ holiday: HolidayRange, calendar: HolidayCalendar) -> Bool {
        switch holiday.kind {
        case .publicHoliday:
            if holiday.offset == 0 { return isOff }
            guard policy != .announced else { return false }
            return calendar.entry(on: day.number - holiday.offset)?.isOff ?? false
        case .schoolHoliday: return calendar.isSchoolHoliday(day.number - holiday.offset)
        }
    }

    private func matchesDates(_ compiled: CompiledRule) -> Bool {
        let (years, monthDays, weeks) = (compiled.rule.years, compiled.rule.monthDays, compiled.rule.weeks)
        if !years.isEmpty, !years.contains(where: { $0.contains(day.year) }) { return false }
        if !monthDays.isEmpty, !monthDays.contains(where: { $0.contains(day) }) { return false }
        if !weeks.isEmpty {
            let week = day.week
            if !weeks.contains(where: { $0.contains(week) }) { return false }
        }
        return true
    }
}

extension MonthDayRange {
    /// Whether a day lies in the range.
    func contains(_ day: CivilDay) -> Bool {
        switch self {
        case .months(let year, let from, let to):
            if let year {
                let month = (day.year - year) * 12 + day.month
                return month >= from && month <= (to >= from ? to : to + 12)
            }
            return from <= to
                ? day.month >= from && day.month <= to : day.month >= from || day.month <= to
        case .onwards(let from):
            return day.number >= from.number(in: from.year ?? day.year)
        case .dates(let from, let to):
            if let first = from.year {
                return day.number >= from.number(in: first)
                    && day.number <= to.closing(in: to.year ?? first)
            }
            if let first = from.plain, let last = to.plain {
                let today = day.month * 32 + day.day
                let start = first.month * 32 + first.day
                let end = last.month * 32 + last.day
                return start <= end ? today >= start && today <= end : today >= start || today <= end
            }
            // What moves can begin a year earlier or later than the day.
            for year in (day.year - 1)...(day.year + 1) {
                let start = from.number(in: year)
                var end = to.closing(in: year)
                if end < start { end = to.closing(in: year + 1) }
                if day.number >= start, day.number <= end { return true }
            }
            return false
        }
    }
}

extension DateAnchor {
    /// The day number in a year as the end of a range: 29 February counts as the 28th where there is none.
    func closing(in year: Int) -> Int {
        if case .day(2, 29) = kind, !CivilDay.isLeap(year) { return number(in: year) - 1 }
        return number(in: year)
    }
}
