/// Weekdays, holidays and times.
extension ScheduleParser {
    /// `[weekday] [time]`.
    mutating func smallSelectors(into rule: inout Rule) throws(OpeningTextError) {
        cursor.skipSpaces()
        if startsDay() { rule.days = try days() }
        cursor.skipSpaces()
        if rule.days != nil, cursor.peek() == 58 {
            let start = cursor.position
            cursor.position += 1
            cursor.note(from: start, read: " ")
            cursor.skipSpaces()
        }
        if startsTime() {
            repeat {
                let start = cursor.position
                let span = try timeSpan()
                rule.times.append(span)
                if span.end == nil, !span.isOpenEnded, !allowsPoints {
                    cursor.position = min(cursor.position, cursor.original.count)
                    var error = cursor.error(
                        "“-”和结束时间，或“+”", "\"-\" and a closing time, or \"+\"",
                        at: max(start, cursor.position))
                    error.lacksClosing = error.found.isEmpty
                    throw error
                }
            } while takeComma(before: { $0.startsTime() })
        }
    }

    /// Whether a weekday or a holiday stands at the place.
    func startsDay() -> Bool {
        peekWeekday() != nil || peekHoliday() != nil
    }

    /// `PH` or `SH`.
    private func peekHoliday() -> HolidayRange.Kind? {
        guard cursor.peek(1) | 32 == 104, !TextCursor.isLetter(cursor.peek(2)) else { return nil }
        switch cursor.peek() | 32 {
        case 112: return .publicHoliday
        case 115: return .schoolHoliday
        default: return nil
        }
    }

    private mutating func days() throws(OpeningTextError) -> DaySelector {
        var selector = DaySelector()
        var endsInHoliday = false
        repeat {
            if let kind = peekHoliday() {
                cursor.position += 2
                selector.holidays.append(HolidayRange(kind: kind, offset: try dayOffset() ?? 0))
                endsInHoliday = true
            } else {
                selector.weekdays.append(try weekdayRange())
                endsInHoliday = false
            }
        } while takeComma(before: { $0.startsDay() })
        cursor.skipSpaces()
        if endsInHoliday, selector.weekdays.isEmpty, peekWeekday() != nil {
            selector.needsBoth = true
            repeat {
                selector.weekdays.append(try weekdayRange())
            } while takeComma(before: {
                $0.peekWeekday() != nil
            })
        }
        return selector
    }

    private mutating func weekdayRange() throws(OpeningTextError) -> WeekdayRange {
        guard let from = takeWeekday() else { throw cursor.error("星期", "a weekday") }
        var range = WeekdayRange(from: from, to: from)
        if cursor.peek() == 91 {  // [
            range.nth = try nthEntries()
            range.offset = try dayOffset() ?? 0
        } else {
            let behind = cursor.position
            if takeHyphen() {
                guard let to = takeWeekday() else {
                    _ = behind
                    throw cursor.error("星期", "a weekday")
                }
                range.to = to
            }
        }
        return range
    }

    /// `[1,3-4,-1]`.
    mutating func nthEntries() throws(OpeningTextError) -> [NthRange] {
        var entries: [NthRange] = []
        repeat {
            cursor.position += 1  // [ or ,
            cursor.skipSpaces()
            if cursor.peek() == 45 {
                cursor.position += 1
                let nth = try nth()
                entries.append(NthRange(from: -nth, to: -nth))
            } else {
                let from = try nth()
                var to = from
                if takeHyphen() {
                    let place = cursor.position
                    to = try nth()
                    guard to >= from else { throw cursor.error("\(from)–5", "\(from)–5", at: place) }
                }
                entries.append(NthRange(from: from, to: to))
            }
            cursor.skipSpaces()
        } while cursor.peek() == 44
        guard cursor.peek() == 93 else { throw cursor.error("“]”", "\"]\"") }
        cursor.position += 1
        return entries
    }

    private mutating func nth() throws(OpeningTextError) -> Int {
        guard let number = peekNumber(digits: 1), number.value >= 1, number.value <= 5 else {
            throw cursor.error("序数 1–5", "an ordinal 1–5")
        }
        cursor.position += 1
        return number.value
    }

    // MARK: - Times

    /// Whether a time stands at the place.
    func startsTime() -> Bool {
        if TextCursor.isDigit(cursor.peek()) {
            // Neither a year nor a rule of its own.
            return peekNumber(digits: 2) != nil && !(cursor.peek() == 50 && matches("24/7"))
        }
        return cursor.peek() == 40 || peekEvent() != nil
    }

    private func peekEvent() -> (event: TimePoint.Event, count: Int)? {
        switch cursor.peek() | 32 {
        case 100 where matches("dawn"): return letterCount() == 4 ? (.dawn, 4) : nil
        case 100 where matches("dusk"): return letterCount() == 4 ? (.dusk, 4) : nil
        case 115 where matches("sunrise"): return letterCount() == 7 ? (.sunrise, 7) : nil
        case 115 where matches("sunset"): return letterCount() == 6 ? (.sunset, 6) : nil
        default: return nil
        }
    }

    private mutating func timeSpan() throws(OpeningTextError) -> TimeSpan {
        let place = cursor.position
        var span = TimeSpan(start: try timePoint(limit: 24 * 60))
        if cursor.peek() == 43 {
            cursor.position += 1
            span.isOpenEnded = true
            return span
        }
        guard takeHyphen() else { return span }
        guard startsTime() else { throw cursor.error("结束时间", "a closing time") }
        var end = try timePoint(limit: 48 * 60)
        if span.start.event == nil, end.event == nil {
            // `24:00-24:00` and `24:00-00:00` are nothing.
            if span.start.minutes == 24 * 60, end.minutes == 0 || end.minutes == 24 * 60 {
                throw cursor.error("早于 24:00 的开始时间", "an opening time before 24:00", at: place)
            }
            // `18:00-02:00`: past midnight; kept as written, `18:00-26:00` the same.
            if end.minutes <= span.start.minutes { end.minutes += 24 * 60 }
        }
        span.end = end
        if cursor.peek() == 43 {
            cursor.position += 1
            span.isOpenEnded = true
        } else if cursor.peek() == 47 {
            guard allowsPoints else { throw cursor.error("“,”“;”或状态", "\",\", \";\" or a state") }
            cursor.position += 1
            span.step = try interval()
        }
        return span
    }

    /// Minutes, or hours and minutes, between points in time.
    private mutating func interval() throws(OpeningTextError) -> Int {
        let place = cursor.position
        guard let first = peekNumber(digits: 4) else { throw cursor.error("分钟数", "minutes") }
        cursor.position += first.count
        var minutes = first.value
        if cursor.peek() == 58, let second = peekNumber(at: 1, digits: 2), second.count == 2,
            second.value < 60
        {
            cursor.position += 3
            minutes = minutes * 60 + second.value
        }
        guard minutes > 0, minutes <= 24 * 60 else {
            throw cursor.error("1–1440 分钟", "1–1440 minutes", at: place)
        }
        return minutes
    }

    private mutating func timePoint(limit: Int) throws(OpeningTextError) -> TimePoint {
        if cursor.peek() == 40 {  // (
            cursor.position += 1
            cursor.skipSpaces()
            guard let found = peekEvent() else {
                throw cursor.error("dawn、sunrise、sunset 或 dusk", "dawn, sunrise, sunset or dusk")
            }
            cursor.position += found.count
            cursor.skipSpaces()
            let sign = cursor.peek()
            guard sign == 43 || sign == 45 else { throw cursor.error("“+”或“-”", "\"+\" or \"-\"") }
            cursor.position += 1
            cursor.skipSpaces()
            let offset = try clock(limit: 24 * 60)
            cursor.skipSpaces()
            guard cursor.peek() == 41 else { throw cursor.error("“)”", "\")\"") }
            cursor.position += 1
            return TimePoint(event: found.event, minutes: sign == 43 ? offset : -offset)
        }
        if let found = peekEvent() {
            cursor.position += found.count
            return TimePoint(event: found.event, minutes: 0)
        }
        return TimePoint(event: nil, minutes: try clock(limit: limit))
    }

    /// `09:00`, and with a note `9`, `9.30`, `9am`.
    private mutating func clock(limit: Int) throws(OpeningTextError) -> Int {
        let place = cursor.position
        guard let hours = peekNumber(digits: 2) else { throw cursor.error("时间 hh:mm", "a time hh:mm") }
        cursor.position += hours.count
        var minutes = hours.value * 60
        var isComplete = false
        let mark = cursor.peek()
        if mark == 58 || mark == 46 && TextCursor.isDigit(cursor.peek(1)) {
            guard let part = peekNumber(at: 1, digits: 2), part.count == 2, part.value < 60 else {
                throw cursor.error("分钟 00–59", "minutes 00–59", at: cursor.position + 1)
            }
            cursor.position += 3
            minutes += part.value
            isComplete = mark == 58
        }
        let behind = cursor.position
        cursor.skipSpaces()
        if let word = peekWord(), word == "am" || word == "pm" {
            guard hours.value >= 1, hours.value <= 12 else {
                throw cursor.error("1–12 点", "an hour 1–12", at: place)
            }
            cursor.position += 2
            minutes = minutes % 720 + (word == "pm" ? 720 : 0)
            isComplete = false
        } else {
            cursor.position = behind
        }
        guard minutes <= limit else {
            throw cursor.error(
                "不晚于 \(limit / 60):00 的时间", "a time up to \(limit / 60):00", at: place)
        }
        if !isComplete { cursor.note(from: place, read: ScheduleText.clock(minutes)) }
        return minutes
    }
}
