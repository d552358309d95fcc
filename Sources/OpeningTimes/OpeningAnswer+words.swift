package import DirectoryModel

extension OpeningAnswer {
    /// The answer in words: "21:00 关门", "明天 08:00 开门", "今天休息（国庆节）", "24 小时开放".
    ///
    /// - Parameters:
    ///   - moment: when it was asked.
    ///   - zone: the zone of the place.
    ///   - walk: how long the way takes, if somebody is about to walk; then what is left on arrival is said where
    ///     it is an hour or less.
    package func words(at moment: Timestamp, zone: OpeningZone, walk: Seconds? = nil) -> LocalizedText {
        let phrase = phrase(at: moment, zone: zone)
        guard let walk, walk.value >= 0, walk.value < 86_400 else { return phrase.words(remark: nil) }
        let arrival = moment.secondsSince1970 + Int64(walk.value.rounded(.up))
        return phrase.words(remark: phrase.countdown?.remark(atArrival: Timestamp(secondsSince1970: arrival)))
    }

    /// The answer in words, without what depends on when somebody gets there.
    ///
    /// It is the same for all moments of one local day.
    ///
    /// - Parameters:
    ///   - moment: when it was asked.
    ///   - zone: the zone of the place.
    package func phrase(at moment: Timestamp, zone: OpeningZone) -> OpeningPhrase {
        let clock = WordClock(now: moment, zone: zone)
        var phrase: OpeningPhrase
        switch state {
        case .open: phrase = openPhrase(clock)
        case .closed: phrase = closedPhrase(clock)
        case .unknown:
            phrase = OpeningPhrase(LocalizedText(zh: "营业时间不定", en: "Hours not certain"))
            phrase.head.append(inParentheses: comment.map { LocalizedText(zh: $0, en: $0) })
        case .suspended:
            phrase = OpeningPhrase(LocalizedText(zh: "暂停营业", en: "Suspended"))
            if let until {
                let end = clock.end(until)
                phrase.head.zh += "到\(end.zh)"
                phrase.head.en += " \(end.en)"
            }
            phrase.head.append(inParentheses: comment.map { LocalizedText(zh: $0, en: $0) })
        }
        if !isConfirmed { phrase.tail = LocalizedText(zh: "（待确认）", en: " (unconfirmed)") }
        return phrase
    }

    private func openPhrase(_ clock: WordClock) -> OpeningPhrase {
        guard let until else { return OpeningPhrase(LocalizedText(zh: "24 小时开放", en: "Open 24 hours")) }
        let time = clock.text(of: until, isEnd: true)
        let words: LocalizedText
        switch next {
        case .unknown: words = LocalizedText(zh: "\(time.zh) 以后时间不定", en: "Open until \(time.en) at least")
        case .suspended: words = LocalizedText(zh: "\(time.zh) 起暂停营业", en: "Suspended from \(time.en)")
        default: words = LocalizedText(zh: "\(time.zh) 关门", en: "Closes \(time.en)")
        }
        return OpeningPhrase(words, countdown: .closing(until))
    }

    private func closedPhrase(_ clock: WordClock) -> OpeningPhrase {
        let why = comment.map { LocalizedText(zh: $0, en: $0) } ?? holiday
        guard let until else {
            var words = LocalizedText(zh: "不开放", en: "Closed")
            words.append(inParentheses: why)
            return OpeningPhrase(words)
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
            return OpeningPhrase(words)
        }
        words.en = "Opens" + words.en.dropFirst("opens".count)
        if next != .open { words.en = "Closed, " + opening.en }
        return OpeningPhrase(words, countdown: next == .open ? .opening(until) : nil)
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
