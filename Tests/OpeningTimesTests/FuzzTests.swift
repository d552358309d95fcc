import DirectoryModel
import Foundation
import Testing

@testable import OpeningTimes

@Suite("Mutated expressions")
struct FuzzTests {
    /// 100,000, or what `QUARTER_FUZZ_OPENING` says.
    static let count =
        ProcessInfo.processInfo.environment["QUARTER_FUZZ_OPENING"].flatMap(Int.init) ?? 100_000

    /// In a debug build, beside other tests, a limit on time says nothing.
    static let isTimed = ProcessInfo.processInfo.environment["QUARTER_FUZZ_OPENING"] != nil

    private static let scraps: [String] = [
        "Mo", "Su", "-", ",", ";", "||", "PH", "SH", "off", "24/7", "[", "]", "+", "(", ")", "\"", ":",
        "week", "easter",
        "sunrise", "2026", "9999", "00:00", "48:00", "26:00", "/", " ", "99999999999999999999", "周一", "至",
        "每天", "节假日",
        "休息", "上午", "下午", "次日", "点", "半", "除", "外", "月", "日", "年", "，", "；", "第", "个", "全天", "照常", "午休",
        "\u{0}", "\u{301}", "👨‍👩‍👧", "\r\n", "～", "“", "”", "０", "-1 day", "+Su", "{", "unknown", "Jan", "夏季",
    ]

    private static let seeds: [String] =
        ChineseTests.readings.map(\.0) + [
            "Mo-Fr 09:00-12:00,13:30-17:30", "We[3],Fr[-1] 14:00-16:00", "Nov 15-Mar 15 08:00-16:30",
            "2026 Oct 01-2026 Oct 03 off", "week 01-53/2 Mo (sunrise-00:30)-(sunset+01:00)",
            "easter -2 days-easter +1 day off", "Mo-Fr 09:00-17:00 || \"call\"", "18:00+",
            "PH -1 day,SH Mo 10:00-26:00",
            "2024-2030/2 Mar Su[-1]-Oct Su[-1] Sa 09:00-09:00", "Dec 25 -Su +3 days 00:00-24:00 open \"x\"",
        ]

    private func mutated(_ generator: inout SeededGenerator, _ random: inout RandomSchedules) -> String {
        var scalars = Array(
            (generator.chance(60) ? generator.pick(Self.seeds) : random.expression()).unicodeScalars)
        for _ in 0..<generator.number(1...4) {
            let place = generator.number(0...scalars.count)
            switch generator.number(0...4) {
            case 0 where place < scalars.count: scalars.remove(at: place)
            case 1 where place < scalars.count:
                scalars[place] = Array(generator.pick(Self.scraps).unicodeScalars)[0]
            case 2 where place < scalars.count:
                scalars.insert(
                    contentsOf: scalars[place..<min(scalars.count, place + generator.number(1...30))],
                    at: place)
            case 3:
                let other = Array(generator.pick(Self.seeds).unicodeScalars)
                scalars.insert(contentsOf: other[..<generator.number(0...other.count)], at: place)
            default: scalars.insert(contentsOf: generator.pick(Self.scraps).unicodeScalars, at: place)
            }
        }
        return String(String.UnicodeScalarView(scalars))
    }

    @Test("none traps, and what is read is written and read again")
    func mutations() throws {
        let calendar = try Files.calendar()
        var generator = SeededGenerator(UInt64(Self.count))
        var random = RandomSchedules(8)
        var read = 0
        var worst: (Duration, String) = (.zero, "")
        let clock = ContinuousClock()
        for index in 0..<Self.count {
            let text = mutated(&generator, &random)
            let context = OpeningContext(
                coordinate: Coordinate(latitude: 30, longitude: 104), calendar: calendar,
                policy: generator.pick(OpeningPolicy.allCases))
            let moment = Timestamp(secondsSince1970: Int64(generator.number(1_700_000_000...1_900_000_000)))
            let started = clock.now
            let schedule = try? OpeningSchedule(text)
            if let schedule { _ = schedule.answer(at: moment, in: context) }
            let took = clock.now - started
            // Again, so that a pause of the machine is not held against the text.
            if took > worst.0 {
                var best = took
                for _ in 0..<4 where best > worst.0 {
                    best = min(
                        best,
                        clock.measure {
                            if let schedule = try? OpeningSchedule(text) {
                                _ = schedule.answer(at: moment, in: context)
                            }
                        })
                }
                if best > worst.0 { worst = (best, text) }
            }
            guard let schedule else { continue }
            read += 1
            if index % 8 == 0 {
                let canonical = schedule.canonical
                #expect(OpeningSchedule.reading(canonical) == canonical, "\(text)")
                _ = (schedule.chineseText, schedule.englishText)
                _ = OpeningSchedule.reading(schedule.chineseText)
            }
        }
        #expect(read > Self.count / 50)
        if Self.isTimed {
            print("fuzz: \(Self.count) expressions, \(read) read, slowest \(worst.0): \(worst.1)")
            #expect(worst.0 < .milliseconds(1), "\(worst.1)")
        }
    }

    @Test("texts made to be slow stay within a thousandth of a second in release")
    func worst() throws {
        let context = OpeningContext(
            coordinate: Coordinate(latitude: 30, longitude: 104), calendar: try Files.calendar(),
            policy: .statutory)
        var slowest: (Duration, String) = (.zero, "")
        for unit in [
            "easter,", "Mo[1];", "Jan 01-Feb 02,", "(sunrise-01:00)-(sunset+01:00),", "00:00-00:01,",
            "week 01-53/2,", "PH,",
            "off;", "1900 off;", "Mo-Su 24/7;", "[", "(", "\"", "周一、", "每天；", "除周一外，", "10:00-11:00 \"a\";",
            "10:00-11:00 unknown;",
            "Mo,Tu,We,Th,Fr,Sa,Su 00:00-24:00 unknown;",
            "Mo[1],Tu[1],We[1],Th[1],Fr[1],Sa[1],Su[1] unknown;", "Mo[-1] +3 days unknown;",
            "week 01-53/2 Mo[1] off;", "2000-2100/2 Jan 01-Dec 31 Mo[5] off;",
            "PH -1 day,SH -2 days Mo[2] off;",
            "easter -9 days-easter +9 days Su[3] off;", "00:00-00:01,00:02-00:03,00:04-00:05,00:06-00:07;",
            "SH;", "Jan 01-Mar 01 10:00-26:00,", "Jan Mo[-5] 23:00-26:00 unknown,",
        ] {
            let most = unit.contains(";") || unit.contains("；") ? ScheduleParser.maximumRules - 1 : 1000
            let text = String(repeating: unit, count: min(most, 1000 / unit.unicodeScalars.count))
            for tail in ["", "off", "10:00-11:00 off", "Mo 10:00-11:00"] {
                // And the most that is read of times by the sun, without a change in a year.
                let sun =
                    tail.isEmpty
                    ? "sunrise-sunset,sunset-sunrise,dawn-dusk,dusk-dawn; sunrise-dusk,dusk-dawn" : ""
                if !sun.isEmpty { measure(sun, context, &slowest) }
                let whole = String(text.dropLast(text.count > 990 ? tail.count + 1 : 0)) + tail
                measure(whole, context, &slowest)
            }
        }
        if Self.isTimed {
            print("worst: \(slowest.0): \(slowest.1.prefix(60))")
            #expect(slowest.0 < .milliseconds(1), "\(slowest.1)")
        }
    }

    private func measure(_ text: String, _ context: OpeningContext, _ slowest: inout (Duration, String)) {
        var best = Duration.seconds(1)
        for _ in 0..<9 {
            let took = ContinuousClock().measure {
                if let schedule = try? OpeningSchedule(text) {
                    _ = schedule.answer(at: moment("2026-11-23T10:00"), in: context)
                }
            }
            best = min(best, took)
        }
        if best > slowest.0 { slowest = (best, text) }
    }
}
