package import DirectoryModel

extension OpeningSchedule {
    /// Whether the place is open at a moment, since when and until when.
    ///
    /// - Complexity: for weekly schedules on days without a holiday near, two binary searches; else day by day
    ///   until the state changes, at most `horizon` days ahead and `hindsight` back.
    package func answer(at moment: Timestamp, in context: OpeningContext) -> OpeningAnswer {
        if let week, context.exceptions.isEmpty, let answer = weekly(week, at: moment, in: context) {
            return answer
        }
        return generalAnswer(at: moment, in: context)
    }

    /// Whether the place is open, and known to be, from a moment to just before another.
    ///
    /// - Parameters:
    ///   - from: the first moment.
    ///   - until: the first moment that no longer matters; a span that is empty asks for `from` alone.
    ///   - context: what the answer depends on.
    package func isOpen(during from: Timestamp, until: Timestamp, in context: OpeningContext) -> Bool {
        let last = max(from.secondsSince1970 &+ 1, until.secondsSince1970)
        let first = answer(at: from, in: context)
        guard first.state == .open else { return false }
        guard let end = first.until else {
            return last - from.secondsSince1970 <= Int64(OpeningSchedule.horizon) * 86_400
        }
        return end.secondsSince1970 >= last
    }

    /// The quick way; nil where the calendar, a change of offset or the like must be looked at.
    private func weekly(_ week: WeekTable, at moment: Timestamp, in context: OpeningContext) -> OpeningAnswer?
    {
        let second = moment.secondsSince1970
        guard OpeningSchedule.isAnswerable(second) else { return nil }
        let period = context.zone.period(at: second)
        let local = second + Int64(period.offset)
        let day = local.flooredDays
        let weekday = CivilDay.weekday(of: day)
        let monday = day - weekday
        let minute = weekday * DayTimeline.minutes + Int(local - Int64(day) * 86_400) / 60
        let entry = week.entry(at: minute)
        let heeds = heeds(context)
        var answer = OpeningAnswer(
            state: entry.state, since: nil, until: nil, next: nil, isConfirmed: true,
            comment: entry.rule < 0 ? nil : rules[entry.rule].rule.spokenComment, holiday: nil)
        if week.isUniform {
            if heeds, !neverOpens {
                let horizon = OpeningSchedule.horizon + 1
                if context.calendar.hasEntry(from: day - horizon, to: day + horizon) { return nil }
            }
        } else {
            let origin = Int64(monday) * 86_400 - Int64(period.offset)
            let from = origin + Int64(entry.from) * 60
            let to = origin + Int64(entry.to) * 60
            guard from > period.start, to < period.end else { return nil }
            if heeds {
                // The day before the first as well: its times may reach past midnight.
                let first = monday + (entry.from < 0 ? -7 : entry.from / DayTimeline.minutes) - 1
                let last = monday + entry.to / DayTimeline.minutes
                if context.calendar.hasEntry(from: first, to: last) { return nil }
            }
            answer.since = Timestamp(secondsSince1970: from)
            answer.until = Timestamp(secondsSince1970: to)
            answer.next = entry.next
        }
        answer.isConfirmed = isConfirmed(on: day, in: context)
        return answer
    }

    /// Moments of the years 1900 to 2999; outside them nothing is known.
    static func isAnswerable(_ second: Int64) -> Bool { second > -2_208_988_800 && second < 32_503_680_000 }

    /// The general way, which holds for every schedule and context.
    func generalAnswer(at moment: Timestamp, in context: OpeningContext) -> OpeningAnswer {
        let second = moment.secondsSince1970
        guard OpeningSchedule.isAnswerable(second) else {
            return OpeningAnswer(
                state: .unknown, since: nil, until: nil, next: nil, isConfirmed: false, comment: nil,
                holiday: nil)
        }
        var evaluator = evaluator(in: context)
        let segment = evaluator.segment(at: second)
        let day = (second + Int64(context.zone.period(at: second).offset)).flooredDays
        let special = heeds(context) && !neverOpens ? context.calendar.entry(on: day) : nil
        var answer = OpeningAnswer(
            state: segment.state, since: nil, until: nil, next: nil,
            isConfirmed: segment.isException || isConfirmed(on: day, in: context), comment: segment.comment,
            holiday: special.flatMap { $0.isOff ? $0.name : nil })
        if neverOpens, context.exceptions.isEmpty { return answer }
        let horizon = Int64(OpeningSchedule.horizon) * 86_400
        var end = segment.end
        while end <= second + horizon {
            let next = evaluator.segment(at: end)
            if next.state != segment.state {
                answer.until = Timestamp(secondsSince1970: end)
                answer.next = next.state
                break
            }
            end = next.end
        }
        var start = segment.start
        while start >= second - Int64(OpeningSchedule.hindsight) * 86_400 {
            let before = evaluator.segment(at: start - 1)
            if before.state != segment.state {
                answer.since = Timestamp(secondsSince1970: start)
                break
            }
            start = before.start
        }
        return answer
    }
}
