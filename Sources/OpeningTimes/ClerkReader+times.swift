/// Clock times as people say them.
extension ClerkReader {
    /// One side of a span, as written.
    private struct Side {
        var period: ClerkPeriod?
        var clock: Int
        var isHan = false
        var isNextDay = false
        var sun: TimePoint?
        var place: Int
    }

    /// A span of times, put into the group.
    mutating func times() throws(OpeningTextError) {
        let start = try side()
        let place = index
        var span = TimeSpan(start: TimePoint(minutes: 0))
        if group.rule.isAlways || group.isAllDay || group.rule.modifier != nil { try finishGroup() }
        if token == .onwards {
            index += 1
            span.isOpenEnded = true
            span.start = try opening(start, isHan: start.isHan)
        } else if token == .hyphen {
            index += 1
            if case .remark(let text) = token {
                // `6:00-售完为止`.
                index += 1
                span.isOpenEnded = true
                span.start = try opening(start, isHan: start.isHan)
                group.rule.comment = text
                group.rule.modifier = .open
            } else {
                let end = try side()
                (span.start, span.end) = try resolved(start, end)
                if token == .onwards {
                    index += 1
                    span.isOpenEnded = true
                }
            }
        } else if allowsPoints {
            span.start = try opening(start, isHan: start.isHan)
        } else {
            let isLast = index == tokens.count
            index = place
            var error = self.error("“-”和结束时间", "\"-\" and a closing time")
            error.lacksClosing = isLast
            throw error
        }
        try check(span, start)
        if start.period != nil { group.namesPeriod = true }
        group.rule.times.append(span)
    }

    /// Times without a part of the day must not follow some with one, out of order.
    private func check(_ span: TimeSpan, _ start: Side) throws(OpeningTextError) {
        guard group.namesPeriod, start.period == nil, span.start.event == nil,
            let last = group.rule.times.last,
            last.start.event == nil, span.start.minutes < last.start.minutes
        else { return }
        throw cursor.error("上午或下午", "morning or afternoon", at: start.place)
    }

    private mutating func side() throws(OpeningTextError) -> Side {
        var isNextDay = false
        var period: ClerkPeriod?
        let place = index < tokens.count ? tokens[index].start : cursor.original.count
        while true {
            switch token {
            case .nextDay:
                index += 1
                isNextDay = true
            case .period(let found):
                // 中午12点, 早8点, 次日凌晨2点.
                index += 1
                period = found
            case .filler: index += 1
            case .sun(let point):
                index += 1
                return Side(period: nil, clock: 0, isNextDay: isNextDay, sun: point, place: place)
            case .clock(let minutes, let isHan):
                index += 1
                if case .period(let found) = token, period == nil, isEnglish(index) {
                    index += 1
                    period = found
                }
                return Side(period: period, clock: minutes, isHan: isHan, isNextDay: isNextDay, place: place)
            case .number(let hour, let isHan):
                guard hour <= 48 else { throw error("时间", "a time") }
                index += 1
                cursor.note(from: place, read: ScheduleText.clock(hour * 60))
                return Side(
                    period: period, clock: hour * 60, isHan: isHan || period != nil, isNextDay: isNextDay,
                    place: place)
            default: throw error("时间", "a time")
            }
        }
    }

    private func isEnglish(_ index: Int) -> Bool {
        TextCursor.isLetter(cursor.scalars[tokens[index].start])
    }

    private func opening(_ side: Side, isHan: Bool) throws(OpeningTextError) -> TimePoint {
        if let sun = side.sun { return sun }
        guard !side.isNextDay, side.clock <= DayTimeline.minutes else {
            throw cursor.error("当天的开始时间", "an opening time of the day", at: side.place)
        }
        guard let period = side.period else { return TimePoint(minutes: side.clock) }
        guard let minutes = period.minutes(of: side.clock), minutes <= DayTimeline.minutes else {
            throw cursor.error("与时段相符的时间", "a time in that part of the day", at: side.place)
        }
        return TimePoint(minutes: minutes)
    }

    /// Start and end, each with the part of the day that it is in.
    private func resolved(_ start: Side, _ end: Side) throws(OpeningTextError) -> (TimePoint, TimePoint) {
        let first = try opening(start, isHan: start.isHan)
        if let sun = end.sun { return (first, sun) }
        guard first.event == nil else {
            guard let minutes = end.period.map({ $0.minutes(of: end.clock) }) ?? end.clock else {
                throw cursor.error("与时段相符的时间", "a time in that part of the day", at: end.place)
            }
            let isCounted = end.isNextDay && minutes <= DayTimeline.minutes
            return (first, TimePoint(minutes: minutes + (isCounted ? DayTimeline.minutes : 0)))
        }
        var last: Int
        if let period = end.period {
            guard let minutes = period.minutes(of: end.clock) else {
                throw cursor.error("与时段相符的时间", "a time in that part of the day", at: end.place)
            }
            last = minutes
        } else {
            last = end.clock
            // `下午2:00-5:30`: the part of the day goes on.
            if let period = start.period, !end.isNextDay, end.clock <= 12 * 60,
                period == .afternoon || period == .evening || period == .noon,
                let carried = period.minutes(of: end.clock), carried > first.minutes
            {
                last = carried
            }
        }
        if end.isNextDay {
            if last <= DayTimeline.minutes { last += DayTimeline.minutes }
            return (first, TimePoint(minutes: last))
        }
        // From 24:00 to 24:00 or 0:00 is nothing.
        guard first.minutes < DayTimeline.minutes || last > 0 && last != DayTimeline.minutes else {
            throw cursor.error("早于 24:00 的开始时间", "an opening time before 24:00", at: start.place)
        }
        if last <= first.minutes {
            let isPlain = end.period == .night || end.period == .evening || end.period == .morning
            let isLate = first.minutes >= 12 * 60 && start.period == nil && end.period == nil && !end.isHan
            guard isPlain && first.minutes >= 12 * 60 || isLate || last == 0 else {
                throw cursor.error("上午、下午或次日", "morning, afternoon or next day (次日)", at: end.place)
            }
            last += DayTimeline.minutes
        }
        return (first, TimePoint(minutes: last))
    }
}
