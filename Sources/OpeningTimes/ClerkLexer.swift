/// A word of what people write on doors.
enum ClerkToken: Hashable {
    case weekdays([WeekdayRange])
    case workdays
    case publicHoliday
    case schoolHoliday
    case year(Int)
    case month(Int)
    case day(Int)
    /// A number without a unit; Han numerals only count in lists of weekdays.
    case number(Int, isHan: Bool)
    case clock(Int, isHan: Bool)
    case period(ClerkPeriod)
    case nextDay
    case sun(TimePoint)
    case hyphen
    case comma
    case semicolon
    case fallback
    case openParenthesis
    case closeParenthesis
    case season
    case closed
    /// Closed at all the times before it, not the last alone.
    case closedAll
    case open
    case unknown
    case usual
    case allDay
    case always
    case except
    case outside
    case noonBreak
    case onwards
    case nth([NthRange])
    case monthly
    case week
    case additional
    case override
    case quoted(String)
    case remark(String)
    case filler
}

/// A part of the day that a clock time is said to be in.
enum ClerkPeriod: Hashable {
    case night
    case morning
    case noon
    case afternoon
    case evening

    /// Minutes of the day of a clock time, nil where the words contradict each other.
    func minutes(of clock: Int) -> Int? {
        let hour = clock / 60
        switch self {
        case .night: return hour == 12 ? clock - 720 : hour < 8 ? clock : nil
        case .morning: return hour <= 12 ? clock : nil
        case .noon: return hour >= 10 && hour <= 15 ? clock : hour >= 1 && hour <= 3 ? clock + 720 : nil
        case .afternoon:
            if hour >= 12 { return clock <= 24 * 60 ? clock : nil }
            return hour >= 1 ? clock + 720 : nil
        case .evening:
            if hour == 12 { return clock + 720 }
            if hour >= 5, hour < 12 { return clock + 720 }
            return hour >= 17 && clock <= 24 * 60 || hour < 5 ? clock : nil
        }
    }
}

/// A word and where it stands.
struct PlacedToken {
    var token: ClerkToken
    var start: Int
    var end: Int
}

/// Splits Chinese into the words that are known; the longest that fits counts.
struct ClerkLexer {
    private(set) var cursor: TextCursor
    private var tokens: [PlacedToken] = []

    init(_ cursor: TextCursor) { self.cursor = cursor }

    /// All words up to an end.
    static func tokens(
        of cursor: TextCursor, from start: Int, to end: Int
    ) throws(OpeningTextError) -> (tokens: [PlacedToken], notes: [TextCursor.Note]) {
        var lexer = ClerkLexer(cursor)
        lexer.cursor.scalars = Array(cursor.scalars[..<end])
        lexer.cursor.position = start
        while true {
            lexer.cursor.skipSpaces()
            if lexer.cursor.isAtEnd { break }
            let place = lexer.cursor.position
            let token = try lexer.next()
            lexer.tokens.append(PlacedToken(token: token, start: place, end: lexer.cursor.position))
        }
        return (lexer.tokens, lexer.cursor.notes)
    }

    private mutating func next() throws(OpeningTextError) -> ClerkToken {
        if cursor.peek() == 34 { return .quoted(try cursor.quotedText() ?? "") }
        if let token = try weekdayWord() { return token }
        if let token = nthWord() { return token }
        if let token = word() {
            if case .sun(let point) = token {
                return .sun(TimePoint(event: point.event, minutes: sunOffset()))
            }
            return token
        }
        if let token = try numberWord() { return token }
        if let token = englishWord() { return token }
        throw cursor.error("看得懂的词（日期、星期、时间、状态）", "a known word: date, weekday, time or state")
    }

    // MARK: - Words

    private mutating func word() -> ClerkToken? {
        guard let candidates = ClerkWords.table[cursor.peek()] else { return nil }
        for candidate in candidates {
            var fits = true
            for (offset, scalar) in candidate.scalars.enumerated() where cursor.peek(offset) != scalar {
                fits = false
                break
            }
            if fits {
                cursor.position += candidate.scalars.count
                return candidate.token
            }
        }
        return nil
    }

    /// `周一`, `星期六日`, `礼拜天`, `周末`.
    private mutating func weekdayWord() throws(OpeningTextError) -> ClerkToken? {
        var length = 0
        switch (cursor.peek(), cursor.peek(1)) {
        case (0x5468, _): length = 1  // 周
        case (0x661F, 0x671F), (0x793C, 0x62DC): length = 2  // 星期 礼拜
        default: return nil
        }
        let start = cursor.position
        cursor.position += length
        if length == 1, cursor.peek() == 0x6B21 {  // 周次, behind a week's number
            cursor.position += 1
            return .filler
        }
        if cursor.peek() == 0x672B {  // 末
            cursor.position += 1
            return .weekdays([WeekdayRange(from: 5, to: 6)])
        }
        var days: [Int] = []
        if TextCursor.isDigit(cursor.peek()), !TextCursor.isDigit(cursor.peek(1)), cursor.peek(1) != 58,
            let day = ClerkLexer.weekday(cursor.peek())
        {
            days.append(day)
            cursor.position += 1
        } else {
            while !TextCursor.isDigit(cursor.peek()), let day = ClerkLexer.weekday(cursor.peek()) {
                days.append(day)
                cursor.position += 1
            }
        }
        guard !days.isEmpty else {
            throw cursor.error("星期几", "which weekday", at: start + length)
        }
        if days == [5, 6] { return .weekdays([WeekdayRange(from: 5, to: 6)]) }
        return .weekdays(days.map { WeekdayRange(from: $0, to: $0) })
    }

    private static func weekday(_ scalar: UInt32) -> Int? {
        switch scalar {
        case 0x4E00, 49: 0  // 一
        case 0x4E8C, 50: 1
        case 0x4E09, 51: 2
        case 0x56DB, 52: 3
        case 0x4E94, 53: 4
        case 0x516D, 54: 5
        case 0x65E5, 0x5929, 55: 6  // 日 天
        default: nil
        }
    }

    /// `第一个`, `第1、3个`, `最后一个`, `倒数第二个`.
    private mutating func nthWord() -> ClerkToken? {
        let start = cursor.position
        if take("最后一个") || take("最后1个") { return .nth([NthRange(from: -1, to: -1)]) }
        let isBackward = take("倒数")
        guard take("第") else {
            cursor.position = start
            return nil
        }
        var entries: [NthRange] = []
        repeat {
            if !entries.isEmpty { _ = take("第") }
            guard let number = number(), (1...5).contains(number.value) else {
                cursor.position = start
                return nil
            }
            if take("至") || take("-"), let last = self.number(), (number.value...5).contains(last.value) {
                entries.append(NthRange(from: number.value, to: last.value))
            } else {
                entries.append(NthRange(from: number.value, to: number.value))
            }
            if isBackward, let last = entries.last { entries = [NthRange(from: -last.from, to: -last.to)] }
        } while !isBackward && (take(",") || take("和"))
        guard take("个") else {
            cursor.position = start
            return nil
        }
        return .nth(entries)
    }

    /// Minutes before or after an event of the sun, `前30分钟`, `后1小时`.
    private mutating func sunOffset() -> Int {
        let start = cursor.position
        let sign = take("前") ? -1 : take("后") ? 1 : 0
        guard sign != 0 else { return 0 }
        var minutes = 0
        var hasAny = false
        while let number = number() {
            if take("小时") {
                minutes += number.value * 60
            } else if take("分钟") || take("分") {
                minutes += number.value
            } else {
                break
            }
            hasAny = true
        }
        guard hasAny, minutes <= 24 * 60 else {
            cursor.position = start
            return 0
        }
        return sign * minutes
    }

    private mutating func take(_ text: String) -> Bool {
        var count = 0
        for scalar in text.unicodeScalars {
            guard cursor.peek(count) == scalar.value else { return false }
            count += 1
        }
        cursor.position += count
        return true
    }

    // MARK: - Numbers

    private static let digits: [UInt32: Int] = [
        0x3007: 0, 0x96F6: 0, 0x4E00: 1, 0x4E8C: 2, 0x4E24: 2, 0x4E09: 3, 0x56DB: 4, 0x4E94: 5, 0x516D: 6,
        0x4E03: 7, 0x516B: 8, 0x4E5D: 9,
    ]

    /// A number in digits or Han up to 9999, taken.
    private mutating func number() -> (value: Int, isHan: Bool, count: Int)? {
        var value = 0
        var count = 0
        while TextCursor.isDigit(cursor.peek(count)) {
            guard count < 4 else { return nil }
            value = value * 10 + Int(cursor.peek(count)) - 48
            count += 1
        }
        if count > 0 {
            cursor.position += count
            return (value, false, count)
        }
        // 十二, 二十, 三十五, 八.
        var tens: Int?
        var ones: Int?
        while count < 4 {
            let scalar = cursor.peek(count)
            if scalar == 0x5341, tens == nil {  // 十
                tens = ones ?? 1
                ones = nil
            } else if let digit = ClerkLexer.digits[scalar], ones == nil || ones == 0 {
                ones = digit
            } else {
                break
            }
            count += 1
        }
        guard count > 0 else { return nil }
        cursor.position += count
        return ((tens ?? 0) * 10 + (ones ?? 0), true, count)
    }

    /// A clock time, a date's part or a bare number.
    private mutating func numberWord() throws(OpeningTextError) -> ClerkToken? {
        let start = cursor.position
        guard let number = number() else { return nil }
        let mark = cursor.peek()
        if number.count <= 2, !number.isHan, mark == 58 || mark == 46, TextCursor.isDigit(cursor.peek(1)),
            TextCursor.isDigit(cursor.peek(2))
        {
            let minutes = Int(cursor.peek(1) - 48) * 10 + Int(cursor.peek(2) - 48)
            guard minutes < 60, !TextCursor.isDigit(cursor.peek(3)) else {
                throw cursor.error("分钟 00–59", "minutes 00–59", at: cursor.position + 1)
            }
            cursor.position += 3
            _ = take("分")
            if mark == 46 { cursor.note(from: start, read: ScheduleText.clock(number.value * 60 + minutes)) }
            return try clock(number.value * 60 + minutes, isHan: false, at: start)
        }
        if take("年") {
            guard !number.isHan, number.count == 4, number.value >= 1900, number.value <= 2999 else {
                throw cursor.error("四位数的年份", "a year of four digits", at: start)
            }
            return .year(number.value)
        }
        if take("月份") || take("月") {
            guard (1...12).contains(number.value) else {
                throw cursor.error("月份 1–12", "a month 1–12", at: start)
            }
            return .month(number.value)
        }
        if take("日") || take("号") {
            guard (1...31).contains(number.value) else {
                throw cursor.error("日 1–31", "a day 1–31", at: start)
            }
            return .day(number.value)
        }
        if take("点钟") || take("点整") || take("时整") || take("点") || take("时") || take("點") {
            var minutes = number.value * 60
            if take("半") {
                minutes += 30
            } else if take("一刻") {
                minutes += 15
            } else if take("三刻") {
                minutes += 45
            } else {
                let behind = cursor.position
                if let part = self.number(), part.count >= 2 || cursor.peek() == 0x5206, part.value < 60 {
                    _ = take("分")
                    minutes += part.value
                } else {
                    cursor.position = behind
                }
            }
            return try clock(minutes, isHan: true, at: start)
        }
        guard number.count <= 2 else { throw cursor.error("时间，如 9:00", "a time such as 9:00", at: start) }
        return .number(number.value, isHan: number.isHan)
    }

    private func clock(_ minutes: Int, isHan: Bool, at start: Int) throws(OpeningTextError) -> ClerkToken {
        guard minutes <= 48 * 60 else { throw cursor.error("不晚于 48:00 的时间", "a time up to 48:00", at: start) }
        return .clock(minutes, isHan: isHan)
    }

    /// The specification's own words between Chinese ones.
    private mutating func englishWord() -> ClerkToken? {
        var parser = ScheduleParser(cursor, allowsPoints: false)
        if let weekday = parser.takeWeekday() {
            cursor = parser.cursor
            return .weekdays([WeekdayRange(from: weekday, to: weekday)])
        }
        if let month = parser.takeMonth() {
            cursor = parser.cursor
            return .month(month)
        }
        guard let word = parser.peekWord() else { return nil }
        let token: ClerkToken
        switch word {
        case "ph": token = .publicHoliday
        case "sh": token = .schoolHoliday
        case "off", "closed": token = .closed
        case "open": token = .open
        case "unknown": token = .unknown
        case "am": token = .period(.morning)
        case "pm": token = .period(.afternoon)
        default: return nil
        }
        cursor.position += word.utf8.count
        return token
    }
}
