// OpeningTimes: the grammar of opening hours, China's calendar, and states and next change at any moment.
// May import: DirectoryModel. Parsing and answers are separate: a schedule is compiled once, when a record is
// written, and never changes; everything else that an answer depends on is an `OpeningContext`.
internal import DirectoryModel

/// Opening times, read once and ready to be asked.
///
/// Two schedules are equal if their rules are, however they were written.
package struct OpeningSchedule: Hashable, Sendable {
    /// How far an answer looks for a change, in days: a year and a leap day, and some.
    package static let horizon = 370
    /// How far an answer looks back for the last change, in days; nobody asks for more.
    ///
    /// Chosen, not measured.
    package static let hindsight = 62

    /// What was read although it is not as the specification wants it; empty for a canonical text.
    package let notes: [ReadingNote]
    let rules: [CompiledRule]
    let week: WeekTable?
    private let traits: Traits

    private struct Traits: Sendable {
        var usesSun = false
        var namesPublicHolidays = false
        var namesSchoolHolidays = false
        /// Whether days off cannot close a statutory place: `24/7`.
        var isAlways = true
        /// Whether any rule says anything but closed.
        var everOpens = false
    }

    /// What the text is written for.
    package enum Purpose: Hashable, Sendable {
        /// Opening hours: spans only.
        case openingHours
        /// Collection times and the like: `Mo 10:00` and `08:00-18:00/02:00` are points of one minute.
        case pointsInTime
    }

    /// Reads the form of OpenStreetMap, or what people write in Chinese.
    ///
    /// - Parameters:
    ///   - text: at most 1000 characters and 32 rules.
    ///   - purpose: whether spans or points in time are meant.
    /// - Throws: `OpeningTextError` with the place and what was expected there; nothing is guessed.
    /// - Complexity: linear in the text, some microseconds for an ordinary one.
    package init(_ text: String, for purpose: Purpose = .openingHours) throws(OpeningTextError) {
        var cursor = TextCursor(text)
        guard cursor.scalars.count <= ScheduleParser.maximumLength else {
            throw cursor.error(
                "不超过 \(ScheduleParser.maximumLength) 个字符",
                "at most \(ScheduleParser.maximumLength) characters", at: ScheduleParser.maximumLength)
        }
        let isChinese = cursor.foldWidth()
        if isChinese {
            var reader = ClerkReader(cursor, allowsPoints: purpose == .pointsInTime)
            let rules = try reader.parse()
            try cursor.check(rules)
            // A Chinese text as a whole is not of the specification.
            let whole = ReadingNote(position: 0, written: text, read: ScheduleText.text(of: rules))
            self.init(rules: rules, notes: [whole] + reader.cursor.readingNotes())
        } else {
            var parser = ScheduleParser(cursor, allowsPoints: purpose == .pointsInTime)
            let rules = try parser.parse()
            try cursor.check(rules)
            self.init(rules: rules, notes: parser.cursor.notes.isEmpty ? [] : parser.cursor.readingNotes())
        }
    }

    init(rules: [Rule], notes: [ReadingNote]) {
        self.notes = notes
        let compiled = rules.map(CompiledRule.init)
        self.rules = compiled
        var traits = Traits()
        var isOrdinary = true
        for rule in compiled {
            if rule.usesSun { traits.usesSun = true }
            if rule.namesPublicHolidays { traits.namesPublicHolidays = true }
            if rule.rule.names(.schoolHoliday) { traits.namesSchoolHolidays = true }
            if !rule.rule.isAlways { traits.isAlways = false }
            if rule.state != .closed { traits.everOpens = true }
            if rule.needsDates { isOrdinary = false }
        }
        self.traits = traits
        if isOrdinary {
            var evaluator = Evaluator(compiled, usesSun: false, context: .bare)
            week = WeekTable(&evaluator)
        } else {
            week = nil
        }
    }

    /// The schedule in the form of the specification; reading it gives an equal schedule and no notes.
    package var canonical: String { ScheduleText.text(of: rules.map(\.rule)) }

    /// Whether its times depend on where the place is: on sunrise or sunset.
    package var usesSun: Bool { traits.usesSun }

    /// Whether a rule names public holidays.
    package var namesPublicHolidays: Bool { traits.namesPublicHolidays }

    /// Whether two schedules have the same rules.
    package static func == (left: OpeningSchedule, right: OpeningSchedule) -> Bool {
        left.rules.count == right.rules.count
            && zip(left.rules, right.rules).allSatisfy { $0.rule == $1.rule }
    }

    /// Hashes the rules.
    package func hash(into hasher: inout Hasher) {
        for rule in rules { hasher.combine(rule.rule) }
    }

    func evaluator(in context: OpeningContext) -> Evaluator {
        Evaluator(rules, usesSun: traits.usesSun, context: context)
    }

    /// Whether the calendar can tell a day from its weekday.
    func heeds(_ context: OpeningContext) -> Bool {
        switch context.policy {
        case .announced: false
        case .commercial: traits.namesPublicHolidays
        case .statutory: !traits.isAlways
        }
    }

    /// Whether a schedule that never opens is closed for ever.
    var neverOpens: Bool { !traits.everOpens }

    /// Whether what is said of a day rests on known ground.
    func isConfirmed(on day: Int, in context: OpeningContext) -> Bool {
        if traits.usesSun, context.coordinate == nil { return false }
        if traits.namesSchoolHolidays, !context.calendar.schoolYears.contains(CivilDay(number: day).year) {
            return false
        }
        return context.policy == .announced || context.calendar.isConfirmed(day)
    }
}

extension OpeningContext {
    /// For days that nothing is special about.
    static let bare = OpeningContext(calendar: .empty, policy: .announced)
}

extension TextCursor {
    /// Refuses schedules whose answers would take long.
    func check(_ rules: [Rule]) throws(OpeningTextError) {
        var suns = 0
        var moving = 0
        for rule in rules {
            for span in rule.times where span.start.event != nil || span.end?.event != nil { suns += 1 }
            for case .dates(let from, let to) in rule.monthDays where from.plain == nil || to.plain == nil {
                moving += 1
            }
        }
        let limits = (suns: ScheduleParser.maximumSunSpans, moving: ScheduleParser.maximumMovingDates)
        guard suns <= limits.suns else {
            throw error("不超过 \(limits.suns) 个按日出日落的时段", "at most \(limits.suns) times by the sun", at: 0)
        }
        guard moving <= limits.moving else {
            throw error("不超过 \(limits.moving) 个变动的日期", "at most \(limits.moving) moving dates", at: 0)
        }
    }

    /// Turns full-width characters outside quotes into ordinary ones, with notes.
    ///
    /// - Returns: whether the text holds Chinese words.
    mutating func foldWidth() -> Bool {
        var isChinese = false
        /// What closes the quotation, 0 outside one.
        var closing: UInt32 = 0
        for index in scalars.indices {
            let scalar = scalars[index]
            if closing != 0, scalar != closing { continue }
            if scalar < 0x7F {
                if scalar == 34 { closing = closing == 0 ? 34 : 0 }
                continue
            }
            let folded: UInt32
            switch scalar {
            case 0xFF01...0xFF5E: folded = scalar - 0xFEE0 == 126 ? 45 : scalar - 0xFEE0  // ！…～
            case 0x2010...0x2015, 0x2212, 0x301C, 0xFE58, 0xFE63: folded = 45  // ‐ ‑ ‒ – — ― − 〜
            case 0x3000, 0x2002...0x200A, 0x202F: folded = 32
            case 0x3001: folded = 44  // 、
            case 0x3002: folded = 59  // 。
            case 0x201C, 0x201D: folded = 34
            case 0x2236, 0xFE55: folded = 58  // ∶
            case 0x3010, 0x3014: folded = 40
            case 0x3011, 0x3015: folded = 41
            case 0xA0:
                scalars[index] = 32
                continue
            default:
                if scalar >= 0x2E80 { isChinese = true }
                guard let simplified = ClerkWords.simplified[scalar] else { continue }
                scalars[index] = simplified
                continue
            }
            if folded == 34 { closing = closing == 0 ? 0x201D : 0 }
            scalars[index] = folded
            let here = position
            position = index + 1
            note(from: index, read: folded == 32 ? " " : String(UnicodeScalar(UInt8(folded))))
            position = here
        }
        // The tilde is written for a hyphen; two of a kind, ——, are one.
        for index in scalars.indices where scalars[index] == 126 {
            let here = position
            position = index + 1
            note(from: index, read: "-")
            position = here
            scalars[index] = 45
        }
        return isChinese
    }
}
