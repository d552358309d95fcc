/// Years, months, dates and weeks.
extension ScheduleParser {
    /// `[year] [monthday] [week] [":"]`.
    mutating func wideSelectors(into rule: inout Rule) throws(OpeningTextError) {
        if try isYear() {
            if try yearBelongsToDate() {
                try monthDays(into: &rule)
            } else {
                try years(into: &rule)
                cursor.skipSpaces()
                if startsMonthDay() { try monthDays(into: &rule) }
            }
        } else if startsMonthDay() {
            try monthDays(into: &rule)
        }
        cursor.skipSpaces()
        if matches("week"), !TextCursor.isLetter(cursor.peek(4)) {
            cursor.position += 4
            try weeks(into: &rule)
        }
        let hasAny = !rule.years.isEmpty || !rule.monthDays.isEmpty || !rule.weeks.isEmpty
        cursor.skipSpaces()
        if hasAny, cursor.peek() == 58 {
            cursor.position += 1
            cursor.skipSpaces()
        }
    }

    /// Whether four digits that are no time stand at the place.
    private func isYear() throws(OpeningTextError) -> Bool {
        guard let number = peekNumber(digits: 8), number.count >= 4 else { return false }
        guard number.count == 4, number.value >= 1900, number.value <= 2999 else {
            throw cursor.error("年份 1900–2999，或带冒号的时间", "a year 1900–2999, or a time with a colon")
        }
        return true
    }

    /// Whether the year at the place is directly followed by a month, or by Easter.
    private func yearBelongsToDate() throws(OpeningTextError) -> Bool {
        var ahead = self
        ahead.cursor.position += 4
        ahead.cursor.skipSpaces()
        return ahead.startsDate()
    }

    /// Whether a month or Easter stands at the place.
    private func startsDate() -> Bool {
        peekMonth() != nil || (matches("easter") && letterCount() == 6)
    }

    /// Whether a date, with or without its year, stands at the place.
    private func startsMonthDay() -> Bool {
        if startsDate() { return true }
        guard let number = peekNumber(digits: 4), number.count == 4 else { return false }
        var ahead = self
        ahead.cursor.position += 4
        ahead.cursor.skipSpaces()
        return ahead.startsDate()
    }

    private mutating func year() throws(OpeningTextError) -> Int {
        guard try isYear(), let number = peekNumber() else { throw cursor.error("年份", "a year") }
        cursor.position += 4
        return number.value
    }

    private mutating func years(into rule: inout Rule) throws(OpeningTextError) {
        repeat {
            var range = YearRange(from: try year(), to: nil)
            if cursor.peek() == 43 {  // +
                cursor.position += 1
            } else if takeHyphen() {
                let place = cursor.position
                let to = try year()
                guard to >= range.from else {
                    throw cursor.error("不早于 \(range.from) 的年份", "a year from \(range.from) on", at: place)
                }
                range.to = to
                let step = try step(limit: 100)
                range.step = to > range.from ? step : 1
            } else {
                range.to = range.from
            }
            rule.years.append(range)
        } while takeComma(before: {
            $0.peekNumber(digits: 4)?.count == 4 && !$0.startsMonthDay() && !$0.isTime()
        })
    }

    /// `/2` behind a range.
    private mutating func step(limit: Int) throws(OpeningTextError) -> Int {
        guard cursor.peek() == 47 else { return 1 }
        cursor.position += 1
        guard let number = peekNumber(digits: 3), number.value > 0, number.value <= limit else {
            throw cursor.error("正整数", "a positive number")
        }
        cursor.position += number.count
        return number.value
    }

    private mutating func weeks(into rule: inout Rule) throws(OpeningTextError) {
        cursor.skipSpaces()
        repeat {
            let from = try week()
            var range = WeekRange(from: from, to: from)
            if takeHyphen() {
                range.to = try week()
                range.step = try step(limit: 53)
            }
            rule.weeks.append(range)
        } while takeComma(before: { $0.peekNumber(digits: 2) != nil && !$0.isTime() })
    }

    private mutating func week() throws(OpeningTextError) -> Int {
        guard let number = peekNumber(digits: 2), number.value >= 1, number.value <= 53 else {
            throw cursor.error("周次 1–53", "a week 1–53")
        }
        cursor.position += number.count
        return number.value
    }

    /// Whether a number with a colon stands at the place.
    func isTime() -> Bool {
        guard let number = peekNumber(digits: 2) else { return false }
        return cursor.peek(number.count) == 58
            && TextCursor.isDigit(cursor.peek(number.count + 1))
    }

    // MARK: - Dates

    private mutating func monthDays(into rule: inout Rule) throws(OpeningTextError) {
        var lastMonth: Int?
        var lastYear: Int?
        repeat {
            let range: MonthDayRange
            if let number = peekNumber(digits: 2), number.count <= 2, let month = lastMonth {
                // `Oct 01,03`: the month is that of the date before.
                let day = try dayOfMonth(month)
                range = try dates(from: DateAnchor(year: lastYear, kind: .day(month: month, day: day)))
            } else {
                range = try monthDay()
            }
            rule.monthDays.append(range)
            switch range {
            case .dates(_, let to):
                if case .day(let month, _) = to.kind { lastMonth = month } else { lastMonth = nil }
                lastYear = to.year
            default: lastMonth = nil
            }
        } while takeComma(before: { [lastMonth] parser in
            parser.startsMonthDay()
                || lastMonth != nil && (parser.peekNumber(digits: 2).map { $0.count <= 2 } ?? false)
                    && !parser.isTime()
        })
    }

    private mutating func monthDay() throws(OpeningTextError) -> MonthDayRange {
        var year: Int?
        if peekNumber() != nil {
            year = try self.year()
            cursor.skipSpaces()
        }
        let start = cursor.position
        if let month = takeMonth() {
            let behind = cursor.position
            cursor.skipSpaces()
            if !isTime(), peekNumber(digits: 2) == nil, !isNthDate() {
                // Months: `Jan`, `Jan-Mar`.
                cursor.position = behind
                guard takeHyphen() else { return .months(year: year, from: month, to: month) }
                guard let to = takeMonth() else {
                    if peekWeekday() != nil || startsTime() { cursor.position = behind }
                    throw cursor.error("月份", "a month")
                }
                return .months(year: year, from: month, to: to)
            }
            if isTime() {
                cursor.position = behind
                return .months(year: year, from: month, to: month)
            }
            cursor.position = start
        }
        return try dates(from: try anchor(year: year))
    }

    /// Whether `We[1]-` or `We[1]+`, the nth weekday of a month as a date, stands at the place.
    private func isNthDate() -> Bool {
        var ahead = self
        guard ahead.takeWeekday() != nil, ahead.cursor.peek() == 91 else { return false }
        while !ahead.cursor.isAtEnd, ahead.cursor.peek() != 93 { ahead.cursor.position += 1 }
        ahead.cursor.position += 1
        ahead.cursor.skipSpaces()
        return ahead.cursor.peek() == 45 && ahead.takeHyphen() && ahead.startsMonthDay()
    }

    /// The rest of a range of dates behind its first.
    private mutating func dates(from: DateAnchor) throws(OpeningTextError) -> MonthDayRange {
        if cursor.peek() == 43, !TextCursor.isLetter(cursor.peek(1)) {
            cursor.position += 1
            return .onwards(from: from)
        }
        let behind = cursor.position
        guard takeHyphen() else { return .dates(from: from, to: from) }
        if isTime() {
            cursor.position = behind
            throw cursor.error("日期", "a date", at: behind)
        }
        var to: DateAnchor
        if let number = peekNumber(digits: 2), number.count <= 2 {
            guard case .day(let month, _) = from.kind else { throw cursor.error("月份", "a month") }
            let day = try dayOfMonth(month)
            to = DateAnchor(year: nil, kind: .day(month: month, day: day))
            try dateOffset(into: &to)
        } else {
            var year: Int?
            if peekNumber() != nil {
                year = try self.year()
                cursor.skipSpaces()
            }
            to = try anchor(year: year)
        }
        if let year = from.year, to.year == nil {
            to.year = to.number(in: year) < from.number(in: year) ? year + 1 : year
        }
        if from.year == nil, to.year != nil {
            throw cursor.error("开始日期的年份", "a year on the first date", at: behind)
        }
        if let first = from.year, let last = to.year, to.number(in: last) < from.number(in: first) {
            throw cursor.error("不早于开始日期的日期", "a date not before the first", at: behind)
        }
        return .dates(from: from, to: to)
    }

    private mutating func dayOfMonth(_ month: Int) throws(OpeningTextError) -> Int {
        let longest = CivilDay.length(of: month, in: 2024)
        guard let number = peekNumber(digits: 2), number.value >= 1, number.value <= longest else {
            throw cursor.error("日 1–\(longest)", "a day 1–\(longest)")
        }
        cursor.position += number.count
        return number.value
    }

    private mutating func anchor(year: Int?) throws(OpeningTextError) -> DateAnchor {
        var anchor = DateAnchor(year: year, kind: .easter)
        if matches("easter"), letterCount() == 6 {
            cursor.position += 6
        } else if let month = takeMonth() {
            cursor.skipSpaces()
            if let weekday = takeWeekday() {
                guard cursor.peek() == 91 else { throw cursor.error("“[”", "\"[\"") }
                let nth = try nthEntries()
                guard let only = nth.first, nth.count == 1, only.from == only.to else {
                    throw cursor.error("一个序数", "one ordinal")
                }
                anchor.kind = .nth(month: month, weekday: weekday, nth: only.from)
            } else {
                anchor.kind = .day(month: month, day: try dayOfMonth(month))
            }
        } else {
            throw cursor.error("月份或 easter", "a month or easter")
        }
        try dateOffset(into: &anchor)
        return anchor
    }

    /// `+Su`, `-2 days`.
    private mutating func dateOffset(into anchor: inout DateAnchor) throws(OpeningTextError) {
        let behind = cursor.position
        cursor.skipSpaces()
        let sign = cursor.peek()
        if sign == 43 || sign == 45 {
            cursor.position += 1
            if peekWeekday() != nil, let weekday = takeWeekday() {
                anchor.weekday = DateAnchor.WeekdayShift(weekday: weekday, isForward: sign == 43)
            } else {
                cursor.position = behind
            }
        } else {
            cursor.position = behind
        }
        anchor.days = try dayOffset() ?? 0
    }

    /// `+1 day`, `-2 days`; nil where none stands at the place.
    mutating func dayOffset() throws(OpeningTextError) -> Int? {
        let behind = cursor.position
        cursor.skipSpaces()
        let sign = cursor.peek()
        guard sign == 43 || sign == 45 else {
            cursor.position = behind
            return nil
        }
        cursor.position += 1
        cursor.skipSpaces()
        guard let number = peekNumber(digits: 3) else {
            cursor.position = behind
            return nil
        }
        let place = cursor.position
        cursor.position += number.count
        cursor.skipSpaces()
        guard matches("day"), let word = peekWord(), word == "day" || word == "days" else {
            cursor.position = behind
            return nil
        }
        guard number.value >= 1, number.value <= 366 else {
            throw cursor.error("天数 1–366", "a number of days 1–366", at: place)
        }
        cursor.position += word.utf8.count
        return sign == 43 ? number.value : -number.value
    }
}
