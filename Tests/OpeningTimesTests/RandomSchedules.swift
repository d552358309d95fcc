@testable import OpeningTimes

/// Seeded random expressions of the grammar.
struct RandomSchedules {
    var generator: SeededGenerator
    /// Plain weekdays, public holidays and fixed times: what the quick way answers.
    var isOrdinary = false
    /// What opening-hours-py and we both read alike.
    var isForOracle = false
    /// What people write on doors, so that the Chinese text can be read back.
    var isForDoors = false

    init(_ seed: UInt64) { generator = SeededGenerator(seed) }

    mutating func expression() -> String {
        let count = generator.number(1...(isForOracle ? 3 : 4))
        var text = ""
        for index in 0..<count {
            if index > 0 { text += separator() }
            text += rule()
        }
        return text
    }

    private mutating func separator() -> String {
        if isForOracle { return generator.chance(75) ? "; " : ", " }
        return generator.chance(70) ? "; " : generator.chance(60) ? ", " : " || "
    }

    private mutating func rule() -> String {
        if generator.chance(3) { return "24/7" }
        var parts: [String] = []
        var hasTimes = false
        if !isOrdinary, generator.chance(30) { parts.append(dates()) }
        if !isOrdinary, !isForOracle, generator.chance(6) { parts.append(weeks()) }
        if generator.chance(75) { parts.append(days()) }
        if parts.isEmpty || generator.chance(85) {
            hasTimes = true
            parts.append(times())
        }
        // A rule without times or a state would run into one that is added to it.
        if !hasTimes || generator.chance(15) {
            parts.append(
                generator.pick(isForOracle ? ["off"] : ["off", "unknown", "off \"盘点\"", "unknown \"需预约\""]))
        } else if hasTimes, !isForOracle, generator.chance(8) {
            parts.append(generator.pick(["\"按铃\"", "open \"members only\""]))
        }
        return parts.joined(separator: " ")
    }

    private static let months = ScheduleText.months
    private static let weekdays = ScheduleText.weekdays

    private mutating func date() -> String {
        generator.pick(RandomSchedules.months) + " " + ScheduleText.padded(generator.number(1...28))
    }

    private mutating func dates() -> String {
        switch generator.number(0...(isForOracle || isForDoors ? 6 : 10)) {
        case 0: return "\(generator.number(2024...2028))"
        case 1: return "\(generator.number(2024...2026))-\(generator.number(2027...2029))"
        case 2: return generator.pick(RandomSchedules.months)
        case 3: return generator.pick(RandomSchedules.months) + "-" + generator.pick(RandomSchedules.months)
        case 4: return date()
        case 5: return date() + "-" + date()
        case 6:
            let year = generator.number(2025...2026)
            return "\(year) \(date())-\(year + 1) \(date())"
        case 7: return "easter -2 days-easter +\(generator.number(1...9)) days"
        case 8: return date() + " +" + generator.pick(RandomSchedules.weekdays)
        case 9: return "\(generator.number(2024...2027)) " + date() + "+"
        default: return "Mar Su[-1]-Oct Su[-1]"
        }
    }

    private mutating func weeks() -> String {
        let from = generator.number(1...53)
        return generator.chance(50)
            ? "week \(ScheduleText.padded(from))"
            : "week \(ScheduleText.padded(from))-\(ScheduleText.padded(generator.number(1...53)))"
                + (!isForDoors && generator.chance(30) ? "/2" : "")
    }

    private mutating func days() -> String {
        var list: [String] = []
        for _ in 0..<generator.number(1...2) {
            let day = generator.pick(RandomSchedules.weekdays)
            if generator.chance(50) {
                let other = generator.pick(RandomSchedules.weekdays)
                list.append(day == other ? day : day + "-" + other)
            } else if !isOrdinary, generator.chance(20) {
                list.append(day + generator.pick(["[1]", "[2]", "[5]", "[-1]", "[1,3]", "[2-4]"]))
            } else {
                list.append(day)
            }
        }
        let text = list.joined(separator: ",")
        if isForOracle { return text }
        switch generator.number(0...19) {
        case 0, 1: return "PH"
        case 2: return text + ",PH"
        case 3: return "PH " + text
        case 4 where !isOrdinary: return "SH"
        case 5 where !isOrdinary: return "SH " + text
        case 6 where !isOrdinary && !isForDoors: return "PH -1 day"
        default: return text
        }
    }

    private mutating func times() -> String {
        if !isOrdinary, !isForOracle, generator.chance(8) {
            return generator.pick([
                "sunrise-sunset", "(sunrise+00:30)-(sunset-01:15)", "09:00-sunset", "dusk-dawn",
                "sunset-23:00",
            ])
        }
        if !isForOracle, generator.chance(6) { return clock(0...1400) + "+" }
        var list: [String] = []
        for _ in 0..<generator.number(1...2) {
            if generator.chance(15) {
                list.append(clock(900...1439) + "-" + clock(0...420))
            } else if generator.chance(8) {
                list.append(clock(900...1439) + "-" + clock(1441...1800))
            } else {
                let from = generator.number(0...1300)
                list.append(ScheduleText.clock(from) + "-" + clock((from + 1)...1440))
            }
        }
        let open = !isForOracle && generator.chance(5) ? "+" : ""
        return list.joined(separator: ",") + open
    }

    private mutating func clock(_ range: ClosedRange<Int>) -> String {
        let minutes = generator.number(range)
        let rounded = minutes / 30 * 30
        return ScheduleText.clock(range.contains(rounded) ? rounded : minutes)
    }
}
