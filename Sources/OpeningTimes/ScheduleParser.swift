/// Reads the OpenStreetMap form of opening hours, specification 0.7.4, and small slips, which it notes.
struct ScheduleParser {
    /// Texts longer than this are not read.
    ///
    /// Four times what OpenStreetMap allows in a value; chosen, not measured.
    static let maximumLength = 1000
    /// Schedules of more rules than this are not read: a rule costs time in each answer.
    ///
    /// Chosen, not measured.
    static let maximumRules = 32

    /// Schedules of more times by the sun than this are not read: the sun is worked out day by day.
    ///
    /// Chosen so that looking through a year twice stays below a thousandth of a second.
    static let maximumSunSpans = 6
    /// Schedules of more ranges of dates that move, with Easter or to a weekday, are not read; the same reason.
    static let maximumMovingDates = 12

    var cursor: TextCursor
    /// Whether points in time are allowed, as in collection times.
    let allowsPoints: Bool

    init(_ cursor: TextCursor, allowsPoints: Bool) {
        self.cursor = cursor
        self.allowsPoints = allowsPoints
    }

    /// All rules of the text.
    mutating func parse() throws(OpeningTextError) -> [Rule] {
        var rules: [Rule] = []
        var joint = Rule.Joint.normal
        cursor.skipSpaces()
        while true {
            guard rules.count < ScheduleParser.maximumRules else {
                throw cursor.error(
                    "不超过 \(ScheduleParser.maximumRules) 条规则", "at most \(ScheduleParser.maximumRules) rules")
            }
            var rule = try rule()
            rule.joint = joint
            rules.append(rule)
            cursor.skipSpaces()
            guard let next = try separator() else { return rules }
            joint = next
        }
    }

    /// The separator after a rule, nil at the end of the text.
    private mutating func separator() throws(OpeningTextError) -> Rule.Joint? {
        if cursor.isAtEnd { return nil }
        let start = cursor.position
        switch cursor.peek() {
        case 59:  // ;
            cursor.position += 1
            cursor.skipSpaces()
            let spare = cursor.position
            while cursor.peek() == 59 {
                cursor.position += 1
                cursor.skipSpaces()
            }
            if cursor.position > spare || cursor.isAtEnd { cursor.note(from: start, read: ";") }
            return cursor.isAtEnd ? nil : .normal
        case 44:  // ,
            cursor.position += 1
            cursor.skipSpaces()
            return .additional
        case 124 where cursor.peek(1) == 124:  // ||
            cursor.position += 2
            cursor.skipSpaces()
            return .fallback
        default:
            throw cursor.error("“;”“,”或“||”，或时间、状态", "\";\", \",\" or \"||\", or times or a state")
        }
    }

    /// One rule.
    private mutating func rule() throws(OpeningTextError) -> Rule {
        var rule = Rule()
        let start = cursor.position
        if cursor.peek() == 50, matches("24/7") {
            cursor.position += 4
            rule.isAlways = true
        } else {
            try heading(into: &rule)
            try wideSelectors(into: &rule)
            try smallSelectors(into: &rule)
        }
        cursor.skipSpaces()
        let hasSelectors = !rule.isBare
        try modifier(into: &rule)
        if !hasSelectors, rule.modifier == nil, rule.comment == nil {
            throw cursor.error("日期、星期、时间或状态", "a date, a weekday, a time or a state", at: start)
        }
        if hasSelectors, rule.comment == nil, rule.modifier == nil || rule.modifier == .open {
            // `open` and a missing time go without saying: said in one way, equal schedules are equal.
            rule.modifier = nil
            if rule.times.isEmpty, !rule.isAlways, !allowsPoints {
                rule.times = [TimeSpan(start: TimePoint(minutes: 0), end: TimePoint(minutes: 24 * 60))]
            }
        }
        return rule
    }

    /// A comment that stands for dates, `"school days":`.
    private mutating func heading(into rule: inout Rule) throws(OpeningTextError) {
        guard cursor.peek() == 34 else { return }
        let start = cursor.position
        let text = try cursor.quotedText()
        cursor.skipSpaces()
        if cursor.peek() == 58, let text {
            cursor.position += 1
            cursor.skipSpaces()
            rule.heading = text
        } else {
            cursor.position = start
        }
    }

    /// `open`, `off`, `closed`, `unknown` and a comment.
    private mutating func modifier(into rule: inout Rule) throws(OpeningTextError) {
        if let word = peekWord() {
            switch word {
            case "open": rule.modifier = .open
            case "off", "closed": rule.modifier = .closed
            case "unknown": rule.modifier = .unknown
            default: return
            }
            cursor.position += word.utf8.count
            cursor.skipSpaces()
        }
        if cursor.peek() == 34 {
            let start = cursor.position
            let comment = try cursor.quotedText() ?? ""
            guard !comment.isEmpty else { throw cursor.error("说明文字", "a comment", at: start + 1) }
            rule.comment = comment
        }
    }

    // MARK: - Words

    /// Whether ASCII text stands at the place, in any case.
    func matches(_ text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard cursor.position + count <= cursor.scalars.count else { return false }
        return text.withUTF8Buffer { bytes in
            for index in 0..<count {
                var scalar = cursor.scalars[cursor.position + index]
                if scalar >= 65, scalar <= 90 { scalar |= 32 }
                if scalar != UInt32(bytes[index]) { return false }
            }
            return true
        }
    }

    /// The letters at the place in lower case, nil where none are or more than twelve.
    func peekWord() -> String? {
        var bytes: [UInt8] = []
        var index = cursor.position
        while index < cursor.scalars.count, TextCursor.isLetter(cursor.scalars[index]) {
            bytes.append(UInt8(cursor.scalars[index] | 32))
            index += 1
            if bytes.count > 12 { return nil }
        }
        return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
    }

    /// How many letters stand at the place.
    func letterCount() -> Int {
        var count = 0
        while TextCursor.isLetter(cursor.peek(count)) { count += 1 }
        return count
    }

    /// A number of at most `digits` digits at the place, and how many it has; nil where none is.
    func peekNumber(at offset: Int = 0, digits: Int = 4) -> (value: Int, count: Int)? {
        var value = 0
        var count = 0
        while TextCursor.isDigit(cursor.peek(offset + count)) {
            guard count < digits else { return nil }
            value = value * 10 + Int(cursor.peek(offset + count)) - 48
            count += 1
        }
        return count == 0 ? nil : (value, count)
    }

    /// Three lower-case letters as one number, 0 unless exactly letters.
    private func threeLetters() -> UInt32 {
        var key: UInt32 = 0
        for offset in 0..<3 {
            let scalar = cursor.peek(offset)
            guard TextCursor.isLetter(scalar) else { return 0 }
            key = key << 8 | (scalar | 32)
        }
        return key
    }

    private static let monthKeys: [UInt32] = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ].map { key($0) }

    private static let dayKeys: [UInt32] = ["mo", "tu", "we", "th", "fr", "sa", "su"].map { key($0) }

    private static func key(_ text: String) -> UInt32 { text.utf8.reduce(0) { $0 << 8 | UInt32($1) } }

    private static let longMonths = [
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
        "november", "december",
    ]

    private static let longDays = [
        "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
    ]

    /// The month at the place, 1…12, and its letters.
    func peekMonth() -> (month: Int, count: Int)? {
        let key = threeLetters()
        guard key != 0, let index = ScheduleParser.monthKeys.firstIndex(of: key) else { return nil }
        let count = letterCount()
        if count == 3 { return (index + 1, 3) }
        guard let word = peekWord(), word == ScheduleParser.longMonths[index] || word == "sept" else {
            return nil
        }
        return (index + 1, count)
    }

    /// The weekday at the place, 0 for Monday, and its letters.
    func peekWeekday() -> (weekday: Int, count: Int)? {
        guard TextCursor.isLetter(cursor.peek()), TextCursor.isLetter(cursor.peek(1)) else { return nil }
        let key = (cursor.peek() | 32) << 8 | (cursor.peek(1) | 32)
        guard let index = ScheduleParser.dayKeys.firstIndex(of: key) else { return nil }
        let count = letterCount()
        if count == 2 { return (index, 2) }
        guard let word = peekWord(), word.count >= 3,
            ScheduleParser.longDays[index].hasPrefix(word) || word == "weds"
        else { return nil }
        return (index, count)
    }

    /// Takes a month, noting one that is spelt out.
    mutating func takeMonth() -> Int? {
        guard let found = peekMonth() else { return nil }
        let start = cursor.position
        cursor.position += found.count
        if found.count > 3 { cursor.note(from: start, read: ScheduleText.months[found.month - 1]) }
        return found.month
    }

    /// Takes a weekday, noting one that is spelt out.
    mutating func takeWeekday() -> Int? {
        guard let found = peekWeekday() else { return nil }
        let start = cursor.position
        cursor.position += found.count
        if found.count > 2 { cursor.note(from: start, read: ScheduleText.weekdays[found.weekday]) }
        return found.weekday
    }

    /// Takes a range's hyphen with spaces around it, or leaves everything as it is.
    mutating func takeHyphen() -> Bool {
        let start = cursor.position
        cursor.skipSpaces()
        if cursor.peek() == 45 {
            cursor.position += 1
            cursor.skipSpaces()
            return true
        }
        if matches("to"), letterCount() == 2 {
            let word = cursor.position
            cursor.position += 2
            cursor.note(from: word, read: "-")
            cursor.skipSpaces()
            return true
        }
        cursor.position = start
        return false
    }

    /// Takes a comma if what stands behind it passes a test, or leaves everything as it is.
    mutating func takeComma(before test: (ScheduleParser) -> Bool) -> Bool {
        let start = cursor.position
        cursor.skipSpaces()
        if cursor.peek() == 44 {
            cursor.position += 1
            cursor.skipSpaces()
            if test(self) { return true }
        }
        cursor.position = start
        return false
    }
}
