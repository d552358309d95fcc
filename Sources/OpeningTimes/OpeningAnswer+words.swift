package import DirectoryModel

extension OpeningAnswer {
    /// Minutes before closing from which a walker is told how much is left.
    ///
    /// Chosen, not measured: an errand takes less.
    private static let tightMinutes = 60

    /// The answer in words: "21:00 关门", "明天 08:00 开门", "今天休息（国庆节）", "24 小时开放".
    ///
    /// - Parameters:
    ///   - moment: when it was asked.
    ///   - zone: the zone of the place.
    ///   - walk: how long the way takes, if somebody is about to walk; then what is left on arrival is said where
    ///     it is an hour or less.
    package func words(at moment: Timestamp, zone: OpeningZone, walk: Seconds? = nil) -> LocalizedText {
        let clock = WordClock(now: moment, zone: zone)
        var words: LocalizedText
        switch state {
        case .open: words = openWords(clock, walk)
        case .closed: words = closedWords(clock, walk)
        case .unknown:
            words = LocalizedText(zh: "营业时间不定", en: "Hours not certain")
            words.append(inParentheses: comment.map { LocalizedText(zh: $0, en: $0) })
        case .suspended:
            words = LocalizedText(zh: "暂停营业", en: "Suspended")
            if let until {
                let end = clock.end(until)
                words.zh += "到\(end.zh)"
                words.en += " \(end.en)"
            }
            words.append(inParentheses: comment.map { LocalizedText(zh: $0, en: $0) })
        }
        if !isConfirmed {
            words.zh += "（待确认）"
            words.en += " (unconfirmed)"
        }
        return words
    }

    private func openWords(_ clock: WordClock, _ walk: Seconds?) -> LocalizedText {
        guard let until else { return LocalizedText(zh: "24 小时开放", en: "Open 24 hours") }
        let time = clock.text(of: until, isEnd: true)
        var words: LocalizedText
        switch next {
        case .unknown: words = LocalizedText(zh: "\(time.zh) 以后时间不定", en: "Open until \(time.en) at least")
        case .suspended: words = LocalizedText(zh: "\(time.zh) 起暂停营业", en: "Suspended from \(time.en)")
        default: words = LocalizedText(zh: "\(time.zh) 关门", en: "Closes \(time.en)")
        }
        if let walk, let arrival = clock.arrival(after: walk) {
            let left = until.secondsSince1970 - arrival
            if left <= 0 {
                words.zh += "，您走到时已关门"
                words.en += ", before you get there"
            } else if left / 60 <= Int64(OpeningAnswer.tightMinutes) {
                // Whole minutes that are surely left.
                let minutes = left / 60
                words.zh += "，您走到还有 \(minutes) 分钟"
                words.en += ", \(minutes) minute\(minutes == 1 ? "" : "s") left when you get there"
            }
        }
        return words
    }

    private func closedWords(_ clock: WordClock, _ walk: Seconds?) -> LocalizedText {
        let why = comment.map { LocalizedText(zh: $0, en: $0) } ?? holiday
        guard let until else {
            var words = LocalizedText(zh: "不开放", en: "Closed")
            words.append(inParentheses: why)
            return words
        }
        let time = clock.text(of: until)
        let opening: LocalizedText
        switch next {
        case .unknown: opening = LocalizedText(zh: "\(time.zh) 以后时间不定", en: "from \(time.en) not certain")
        case .suspended: opening = LocalizedText(zh: "\(time.zh) 起暂停营业", en: "suspended from \(time.en)")
        default: opening = LocalizedText(zh: "\(time.zh) 开门", en: "opens \(time.en)")
        }
        var words = opening
        if why != nil, clock.days(until: until) > 0 {
            words = LocalizedText(zh: "今天休息", en: "Closed today")
            words.append(inParentheses: why)
            words.zh += "，" + opening.zh
            words.en += ", " + opening.en
            return words
        }
        words.en = "Opens" + words.en.dropFirst("opens".count)
        if next != .open { words.en = "Closed, " + opening.en }
        if next == .open, let walk, let arrival = clock.arrival(after: walk) {
            let wait = until.secondsSince1970 - arrival
            if wait <= 0 {
                words.zh += "，您走到时已开门"
                words.en += ", before you get there"
            } else if wait / 60 < Int64(OpeningAnswer.tightMinutes) {
                let minutes = (wait + 59) / 60
                words.zh += "，您走到还要等 \(minutes) 分钟"
                words.en += ", \(minutes) minute\(minutes == 1 ? "" : "s") after you get there"
            }
        }
        return words
    }
}

extension OpeningAnswer {
    /// A span in words: "11 月 24 日 12:00–13:30".
    package static func words(for span: Range<Timestamp>, zone: OpeningZone) -> LocalizedText {
        // Seen from long before, so that the day is named by its date.
        let clock = WordClock(
            now: Timestamp(secondsSince1970: span.lowerBound.secondsSince1970 - 30 * 86_400), zone: zone)
        let from = clock.text(of: span.lowerBound)
        let until = clock.text(of: span.upperBound, isEnd: true)
        func hour(_ text: String) -> String { text.split(separator: " ").last.map(String.init) ?? text }
        let isOneDay = from.en.dropLast(hour(from.en).count) == until.en.dropLast(hour(until.en).count)
        return LocalizedText(
            zh: "\(from.zh)–\(isOneDay ? hour(until.zh) : until.zh)",
            en: "\(from.en)–\(isOneDay ? hour(until.en) : until.en)")
    }
}

extension LocalizedText {
    fileprivate mutating func append(inParentheses text: LocalizedText?) {
        guard let text else { return }
        zh += "（\(text.zh)）"
        en += " (\(text.en))"
    }
}

/// Names moments as a person does who stands at another one.
private struct WordClock {
    let now: Timestamp
    let zone: OpeningZone

    private func local(_ moment: Timestamp) -> (day: Int, minutes: Int) {
        let second = moment.secondsSince1970 + Int64(zone.offset(at: moment))
        let day = second.flooredDays
        return (day, Int(second - Int64(day) * 86_400) / 60)
    }

    /// How many midnights lie between now and a moment.
    func days(until moment: Timestamp) -> Int { local(moment).day - local(now).day }

    /// When somebody who leaves now arrives, nil for a walk that has no end.
    func arrival(after walk: Seconds) -> Int64? {
        guard walk.value >= 0, walk.value < 86_400 else { return nil }
        return now.secondsSince1970 + Int64(walk.value.rounded(.up))
    }

    /// `明天`, `周六 15:00`: the last day of a span that ends with a day, else the moment.
    func end(_ moment: Timestamp) -> LocalizedText {
        guard local(moment).minutes == 0 else {
            let time = text(of: moment)
            return LocalizedText(zh: " \(time.zh)", en: "until \(time.en)")
        }
        let last = Timestamp(secondsSince1970: moment.secondsSince1970 - 1)
        guard days(until: last) > 0 else { return LocalizedText(zh: "今天晚上", en: "until midnight") }
        let name = text(of: last)
        func day(_ text: String) -> String { text.split(separator: " ").dropLast().joined(separator: " ") }
        let zh = day(name.zh)
        // Han and figures stand apart.
        let gap = zh.utf8.first.map { $0 < 0x80 } == true ? " " : ""
        return LocalizedText(zh: gap + zh, en: "through " + day(name.en))
    }

    /// `21:00`, `明天 08:00`, `周六 09:00`, `10月8日 09:00`; the end of a day is its 24:00.
    func text(of moment: Timestamp, isEnd: Bool = false) -> LocalizedText {
        var (day, minutes) = local(moment)
        if isEnd, minutes == 0 {
            day -= 1
            minutes = DayTimeline.minutes
        }
        let clock = ScheduleText.clock(minutes)
        let days = day - local(now).day
        switch days {
        case 0: return LocalizedText(zh: clock, en: clock)
        case 1: return LocalizedText(zh: "明天 \(clock)", en: "tomorrow \(clock)")
        case 2...6:
            let weekday = CivilDay.weekday(of: day)
            return LocalizedText(
                zh: "\(ChineseText.weekdays[weekday]) \(clock)",
                en: "\(EnglishText.weekdays[weekday]) \(clock)")
        default:
            let date = CivilDay(number: day)
            let isOtherYear = date.year != CivilDay(number: local(now).day).year
            return LocalizedText(
                zh: (isOtherYear ? "\(date.year) 年 " : "") + "\(date.month) 月 \(date.day) 日 \(clock)",
                en: "\(date.day) \(ScheduleText.months[date.month - 1])"
                    + (isOtherYear ? " \(date.year)" : "") + " \(clock)")
        }
    }
}
