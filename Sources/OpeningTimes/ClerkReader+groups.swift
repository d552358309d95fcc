internal import DirectoryModel

/// Days and dates.
extension ClerkReader {
    // MARK: - Selectors

    /// Whether `5-9月` stands here.
    func startsMonthRange() -> Bool {
        guard peek() == .hyphen, case .month = peek(2) else { return false }
        return true
    }

    /// Dates and days: of a new group, or of the times just before.
    mutating func selectors() throws(OpeningTextError) {
        var found = Group()
        found.start = index
        let first = tokens[index].start
        try readSelectors(into: &found)
        if token == .outside || token == .except {
            // `每天 9:00-17:00（周一除外）`.
            guard token == .outside, let days = found.rule.days, found.rule.monthDays.isEmpty else {
                throw error("“除……外”", "\"除……外\"")
            }
            index += 1
            try finishGroup()
            appendExclusion(days)
            return
        }
        if group.hasContent || group.isUsual {
            if !group.hasSelectors, group.rule.modifier == nil, !group.rule.times.isEmpty, !leadsToContent() {
                // `9:00-17:00（周一至周五）`.
                attach(found)
                try finishGroup()
                return
            }
            let season = inheritedSeason(of: group, for: found)
            try finishGroup()
            if let season { found.rule.monthDays = season }
        } else if group.hasSelectors, !merges(found) {
            throw cursor.error("时间或状态", "times or a state", at: first)
        }
        attach(found)
    }

    /// Whether selectors can stand beside those that the group has: dates beside weekdays, a list of either.
    private func merges(_ found: Group) -> Bool {
        if found.rule.days == nil, !found.isWorkdays { return group.rule.days == nil && !group.isWorkdays }
        if found.rule.monthDays.isEmpty, found.rule.years.isEmpty, found.rule.weeks.isEmpty { return true }
        return group.rule.days == nil && !group.isWorkdays
    }

    private mutating func attach(_ found: Group) {
        group.rule.years += found.rule.years
        group.rule.monthDays += found.rule.monthDays
        group.rule.weeks += found.rule.weeks
        group.isWorkdays = group.isWorkdays || found.isWorkdays
        if let days = found.rule.days {
            if var known = group.rule.days {
                known.holidays += days.holidays
                known.weekdays += days.weekdays
                group.rule.days = known
            } else {
                group.rule.days = days
            }
        }
    }

    /// The season of the group before, where a comma only stands between.
    private func inheritedSeason(of group: Group, for found: Group) -> [MonthDayRange]? {
        guard !group.rule.monthDays.isEmpty, group.rule.state == .open, !group.rule.namesDates,
            found.rule.monthDays.isEmpty, found.rule.years.isEmpty, found.rule.weeks.isEmpty,
            found.rule.days?.weekdays.isEmpty == false, group.rule.days?.weekdays.isEmpty == false
        else { return nil }
        return group.rule.monthDays
    }

    /// Whether times or a state come next.
    private func leadsToContent() -> Bool {
        var ahead = index
        while ahead < tokens.count {
            switch tokens[ahead].token {
            case .filler, .openParenthesis, .comma: ahead += 1
            case .clock, .period, .number, .nextDay, .sun, .closed, .closedAll, .open, .unknown, .usual,
                .allDay, .remark,
                .quoted, .always:
                return true
            default: return false
            }
        }
        return false
    }

    private mutating func readSelectors(into found: inout Group) throws(OpeningTextError) {
        while let token {
            switch token {
            case .year, .month: try date(into: &found)
            case .number where startsMonthRange(): try date(into: &found)
            case .week: try weeks(into: &found)
            case .workdays:
                index += 1
                found.isWorkdays = true
            case .weekdays, .publicHoliday, .schoolHoliday, .nth, .monthly:
                let days = try daySelector()
                if var known = found.rule.days {
                    known.holidays += days.holidays
                    known.weekdays += days.weekdays
                    found.rule.days = known
                } else {
                    found.rule.days = days
                }
            case .filler, .openParenthesis:
                index += 1
            case .comma:
                switch peek() {
                case .year, .month, .week, .workdays, .weekdays, .publicHoliday, .schoolHoliday, .nth,
                    .monthly:
                    index += 1
                default: return
                }
            default: return
            }
        }
    }

    /// A list of weekdays and holidays.
    mutating func daySelector() throws(OpeningTextError) -> DaySelector {
        var selector = DaySelector()
        while true {
            switch token {
            case .publicHoliday:
                index += 1
                selector.holidays.append(HolidayRange(kind: .publicHoliday))
            case .schoolHoliday:
                index += 1
                selector.holidays.append(HolidayRange(kind: .schoolHoliday))
            case .weekdays(let ranges):
                index += 1
                try weekdays(ranges, into: &selector)
            case .monthly:
                index += 1
                guard case .nth = token else { throw error("“第几个”星期几", "which weekday of the month") }
            case .nth(let entries):
                index += 1
                guard case .weekdays(let ranges) = token, let day = ranges.first, ranges.count == 1,
                    day.from == day.to
                else { throw error("星期几", "a weekday") }
                index += 1
                selector.weekdays.append(WeekdayRange(from: day.from, to: day.to, nth: entries))
            default: throw error("星期或节假日", "a weekday or a holiday")
            }
            if token == .comma {
                switch peek() {
                case .publicHoliday, .schoolHoliday, .weekdays, .nth: index += 1
                case .monthly: index += 1
                case .workdays: return selector
                default: return selector
                }
                continue
            }
            switch token {
            case .publicHoliday, .schoolHoliday: continue
            case .filler where isOf(index) && selector.weekdays.isEmpty:
                // 节假日的周一: a day that is both.
                switch peek() {
                case .weekdays, .nth, .monthly: break
                default: return selector
                }
                index += 1
                selector.weekdays = try daySelector().weekdays
                selector.needsBoth = true
                return selector
            default: return selector
            }
        }
    }

    private func isOf(_ index: Int) -> Bool {
        tokens[index].end - tokens[index].start == 1 && cursor.scalars[tokens[index].start] == 0x7684  // 的
    }

    /// Weekdays with what goes on from them: `至周五`, `、三、五`.
    private mutating func weekdays(
        _ ranges: [WeekdayRange], into selector: inout DaySelector
    ) throws(OpeningTextError) {
        selector.weekdays += ranges
        if token == .hyphen, let last = ranges.last, last.from == last.to {
            let to: Int
            switch peek() {
            case .weekdays(let end):
                guard let day = end.first, end.count == 1, day.from == day.to else { return }
                to = day.from
            case .number(let number, _):
                guard (1...7).contains(number) else { return }
                to = number - 1
            case .filler: return
            default: return
            }
            index += 2
            selector.weekdays[selector.weekdays.count - 1].to = to
        }
        while token == .comma, case .number(let number, isHan: true) = peek(), (1...6).contains(number) {
            index += 2
            selector.weekdays.append(WeekdayRange(from: number - 1, to: number - 1))
        }
    }

    // MARK: - Dates

    private mutating func weeks(into found: inout Group) throws(OpeningTextError) {
        index += 1
        repeat {
            if token == .comma { index += 1 }
            guard case .number(let from, _) = token, (1...53).contains(from) else {
                throw error("周次", "a week")
            }
            index += 1
            var range = WeekRange(from: from, to: from)
            if token == .hyphen, case .number(let to, _) = peek(), (1...53).contains(to) {
                index += 2
                range.to = to
            }
            found.rule.weeks.append(range)
        } while token == .comma
        guard case .filler = token else { throw error("“周次”", "\"周次\"") }
        index += 1
    }

    private mutating func date(into found: inout Group) throws(OpeningTextError) {
        var year: Int?
        if case .year(let number) = token {
            index += 1
            year = number
            guard case .month = token else {
                if case .number = token, startsMonthRange() { return try monthsAndDates(year, into: &found) }
                var range = YearRange(from: number, to: number)
                if token == .hyphen, case .year(let last) = peek(), last >= number {
                    index += 2
                    range.to = last
                } else if token == .onwards {
                    index += 1
                    range.to = nil
                }
                found.rule.years.append(range)
                return
            }
        }
        try monthsAndDates(year, into: &found)
    }

    private mutating func monthsAndDates(_ year: Int?, into found: inout Group) throws(OpeningTextError) {
        if case .number(let from, _) = token, case .month(let to) = peek(2) {
            guard (1...12).contains(from) else { throw error("月份 1–12", "a month 1–12") }
            index += 3
            found.rule.monthDays.append(.months(year: year, from: from, to: to))
            return
        }
        guard case .month(let month) = token else { throw error("月份", "a month") }
        index += 1
        guard let day = try dayNumber(of: month) else {
            if token == .hyphen, case .month(let last) = peek() {
                // `5月至9月`, unless a day follows the second.
                if case .day = peek(2) { throw error("开始的日子", "the day of the first date") }
                index += 2
                found.rule.monthDays.append(.months(year: year, from: month, to: last))
            } else {
                found.rule.monthDays.append(.months(year: year, from: month, to: month))
            }
            return
        }
        let from = DateAnchor(year: year, kind: .day(month: month, day: day))
        if token == .onwards {
            index += 1
            guard token == .hyphen else {
                found.rule.monthDays.append(.onwards(from: from))
                return
            }
        }
        var to = from
        if token == .hyphen {
            index += 1
            to.year = nil
            if case .year(let number) = token {
                index += 1
                to.year = number
            }
            var lastMonth = month
            if case .month(let number) = token {
                index += 1
                lastMonth = number
            }
            guard let last = try dayNumber(of: lastMonth) else { throw error("日", "a day") }
            to.kind = .day(month: lastMonth, day: last)
            if let year, to.year == nil {
                to.year = to.number(in: year) < from.number(in: year) ? year + 1 : year
            }
            guard year != nil || to.year == nil,
                to.year == nil || to.number(in: to.year ?? 0) >= from.number(in: year ?? 0)
            else { throw error("不早于开始日期的日期", "a date not before the first") }
        }
        found.rule.monthDays.append(.dates(from: from, to: to))
        while token == .comma, case .day(let number) = peek() {
            index += 1
            guard try dayNumber(of: month) != nil else { break }
            let anchor = DateAnchor(year: year, kind: .day(month: month, day: number))
            found.rule.monthDays.append(.dates(from: anchor, to: anchor))
        }
    }

    /// The day of a month that stands here, with or without its 日; nil where none does.
    private mutating func dayNumber(of month: Int) throws(OpeningTextError) -> Int? {
        let number: Int
        switch token {
        case .day(let day): number = day
        case .number(let bare, isHan: false) where peek() == .hyphen: number = bare
        default: return nil
        }
        guard number >= 1, number <= CivilDay.length(of: month, in: 2024) else {
            throw error("\(month) 月的一天", "a day of month \(month)")
        }
        index += 1
        return number
    }
}
