internal import DirectoryModel

/// Reads what people write in Chinese, and makes the rules of the specification of it.
///
/// Words are taken in their order into groups of days, times and a state; a group becomes a rule. Where people
/// can mean two things, nothing is read: the error says what would make it plain.
struct ClerkReader {
    var cursor: TextCursor
    let allowsPoints: Bool
    var tokens: [PlacedToken] = []
    var index = 0
    var rules: [Rule] = []
    /// What a rule was made from, beside `rules`.
    var origins: [Origin] = []
    var group = Group()
    /// Whether days off are said to be like other days.
    var isHolidayUsual = false
    /// Days that were said to be left out of what comes next.
    var exclusions: [DaySelector] = []

    /// Where a rule comes from.
    struct Origin {
        /// Whether its days are workdays, not days off.
        var isWorkdays = false
    }

    /// Days, times and a state that belong together.
    struct Group {
        var rule = Rule()
        var isWorkdays = false
        var isAllDay = false
        var isUsual = false
        var isOpen = false
        /// Whether a part of the day was named, so that later times need one too.
        var namesPeriod = false
        var hasSeason = false
        var joint: Rule.Joint?
        var start = 0

        var hasSelectors: Bool {
            rule.days != nil || isWorkdays || !rule.monthDays.isEmpty || !rule.years.isEmpty
                || !rule.weeks.isEmpty
        }
        var hasContent: Bool {
            !rule.times.isEmpty || isAllDay || rule.modifier != nil || rule.comment != nil || rule.isAlways
        }
        var isEmpty: Bool { !hasSelectors && !hasContent && !isUsual && !isOpen }
    }

    init(_ cursor: TextCursor, allowsPoints: Bool) {
        self.cursor = cursor
        self.allowsPoints = allowsPoints
    }

    /// All rules of the text.
    mutating func parse() throws(OpeningTextError) -> [Rule] {
        let lexed = try ClerkLexer.tokens(of: cursor, from: 0, to: cursor.scalars.count)
        tokens = lexed.tokens
        cursor.notes = lexed.notes
        while index < tokens.count { try step() }
        try finishGroup()
        try finish()
        guard rules.count <= ScheduleParser.maximumRules else {
            throw cursor.error(
                "不超过 \(ScheduleParser.maximumRules) 条规则", "at most \(ScheduleParser.maximumRules) rules",
                at: 0)
        }
        return rules
    }

    // MARK: - The words in order

    var token: ClerkToken? { index < tokens.count ? tokens[index].token : nil }

    func peek(_ offset: Int = 1) -> ClerkToken? {
        index + offset < tokens.count ? tokens[index + offset].token : nil
    }

    /// An error at the word in hand, or at the end of the text.
    func error(_ zh: String, _ en: String) -> OpeningTextError {
        cursor.error(zh, en, at: index < tokens.count ? tokens[index].start : cursor.original.count)
    }

    private mutating func step() throws(OpeningTextError) {
        guard let token else { return }
        switch token {
        case .filler, .comma, .openParenthesis, .closeParenthesis:
            index += 1
        case .semicolon:
            index += 1
            try finishGroup()
        case .fallback, .additional, .override:
            index += 1
            try finishGroup()
            group.joint = token == .fallback ? .fallback : token == .additional ? .additional : .normal
        case .weekdays, .workdays, .publicHoliday, .schoolHoliday, .year, .month, .nth, .monthly, .week:
            try selectors()
        case .day: throw error("月份", "a month")
        case .number(_, isHan: false) where startsMonthRange(): try selectors()
        case .clock, .period, .number, .nextDay, .sun: try times()
        case .season:
            index += 1
            if group.hasContent || group.isUsual { try finishGroup() }
            group.hasSeason = true
        case .closed, .closedAll, .open, .unknown, .usual, .allDay, .always, .quoted, .remark:
            try state(token)
        case .except: try exclusion()
        case .outside: throw error("前面的“除”", "\"除\" before it")
        case .noonBreak: try noonBreak()
        case .onwards, .hyphen: throw error("开始时间", "an opening time")
        }
    }

    // MARK: - States

    private mutating func state(_ token: ClerkToken) throws(OpeningTextError) {
        let place = index
        index += 1
        if case .always = token {
            if group.hasContent { try finishGroup() }
            if group.hasSelectors { group.isAllDay = true } else { group.rule.isAlways = true }
            return
        }
        switch token {
        case .allDay:
            if group.hasContent { try finishGroup() }
            group.isAllDay = true
        case .open:
            if case .quoted(let text) = self.token, !group.isUsual {
                index += 1
                try remark(text, at: place)
                group.rule.modifier = .open
            }
            group.isOpen = true
        case .closed, .closedAll: try close(token)
        case .unknown:
            group.rule.modifier = .unknown
            try takeRemark()
        case .usual:
            if group.hasContent, group.rule.modifier == nil,
                !group.hasSelectors || group.rule.times.isEmpty == false
            {
                // `每天 9:00-21:00 无休`.
                isHolidayUsual = true
            } else {
                group.isUsual = true
                try finishUsual(at: place)
            }
        case .quoted(let text):
            if group.isEmpty, self.token == .filler, peek(0) == .filler, isColon(index) {
                group.rule.heading = text
                index += 1
            } else {
                try remark(text, at: place)
            }
        case .remark(let text):
            try remark(text, at: place)
            // With times it is open for those who ask; without, nobody knows.
            group.rule.modifier = group.rule.times.isEmpty ? .unknown : .open
        default: break
        }
    }

    private mutating func close(_ token: ClerkToken) throws(OpeningTextError) {
        if token == .closed, group.rule.times.count > 1, !group.isAllDay {
            // `9:00-17:00，12:00-13:00休息`: the last times only.
            let span = group.rule.times.removeLast()
            try finishGroup()
            group.rule.times = [span]
        } else if group.rule.modifier != nil || group.rule.isAlways {
            try finishGroup()
        }
        group.isAllDay = false
        group.rule.modifier = .closed
        try takeRemark()
    }

    private func isColon(_ index: Int) -> Bool {
        tokens[index].end - tokens[index].start == 1 && cursor.scalars[tokens[index].start] == 58
    }

    private mutating func takeRemark() throws(OpeningTextError) {
        if case .quoted(let text) = token {
            index += 1
            try remark(text, at: index - 1)
        }
    }

    private mutating func remark(_ text: String, at place: Int) throws(OpeningTextError) {
        guard !text.isEmpty, group.rule.comment == nil else {
            throw cursor.error("一段说明", "one comment", at: tokens[place].start)
        }
        group.rule.comment = text
    }

    /// `节假日照常`, `周末照常`, `全年无休`.
    private mutating func finishUsual(at place: Int) throws(OpeningTextError) {
        let days = group.rule.days
        let isPlain = group.rule.monthDays.isEmpty && group.rule.years.isEmpty && group.rule.weeks.isEmpty
        guard isPlain, !group.isWorkdays else {
            throw cursor.error("具体时间", "times", at: tokens[place].start)
        }
        if let days, !days.weekdays.isEmpty {
            guard days.weekdays.allSatisfy({ $0.nth.isEmpty }), var last = rules.last, last.state == .open,
                !last.times.isEmpty, last.days != nil
            else { throw cursor.error("具体时间", "times", at: tokens[place].start) }
            last.days?.weekdays += days.weekdays
            rules[rules.count - 1] = last
        }
        if days == nil || days?.holidays.contains(where: { $0.kind == .publicHoliday }) == true {
            isHolidayUsual = true
        }
        group = Group()
    }

    private mutating func noonBreak() throws(OpeningTextError) {
        index += 1
        while token == .filler || token == .comma || token == .openParenthesis { index += 1 }
        switch token {
        case .clock, .period, .number, .sun:
            try finishGroup()
            try times()
        default:
            // `12:00-14:00午休`.
            guard let span = group.rule.times.last else {
                throw error("午休的起止时间", "the times of the noon break")
            }
            group.rule.times.removeLast()
            if group.rule.times.isEmpty {
                let empty = group
                group = Group()
                if empty.hasSelectors { group = empty }
            } else {
                try finishGroup()
            }
            group.rule.times = [span]
        }
        group.rule.modifier = .closed
        try finishGroup()
    }

    /// `除周一外`.
    private mutating func exclusion() throws(OpeningTextError) {
        index += 1
        let days = try daySelector()
        guard token == .outside else { throw error("“外”", "\"外\"") }
        index += 1
        if group.hasContent {
            try finishGroup()
            appendExclusion(days)
        } else {
            exclusions.append(days)
        }
    }

    mutating func appendExclusion(_ days: DaySelector) {
        var rule = Rule()
        rule.days = days
        rule.modifier = .closed
        append(rule, Origin())
    }

    mutating func append(_ rule: Rule, _ origin: Origin) {
        rules.append(rule)
        origins.append(origin)
    }
}
