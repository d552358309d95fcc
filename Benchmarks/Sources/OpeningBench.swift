// Measures opening times: reading them, state and next change, words, and a city's places at their own arrivals.

import DirectoryModel
import Glibc
import OpeningTimes

enum OpeningBench {
    /// How many moments each schedule is asked about.
    static let momentCount = 500
    /// How often each is asked in a row: one answer is too short for the clock.
    static let repetitions = 64
    /// How many places are filtered, and how many distinct schedules they have.
    static let placeCount = 100_000
    static let scheduleCount = 2_000

    /// The most that is asked of an ordinary schedule: nanoseconds for state and next change.
    ///
    /// Source: the requirement; so are the figures of opening-hours-py 2.1.4, in microseconds.
    private static let asked = 500.0
    private static let quoted = "quoted, not measured: opening-hours-py state 1.9 µs, next change 2.2 µs"

    private static let ordinary = [
        ("weekly with breaks", "Mo-Fr 08:00-12:00,13:30-17:30; Sa 09:00-12:00", OpeningPolicy.commercial),
        ("across midnight", "Mo-Su 17:00-02:00", .commercial),
        ("always", "24/7", .statutory),
        ("statutory", "Mo-Fr 08:30-17:30", .statutory),
        ("commercial, names PH", "Mo-Su 09:00-21:00; PH 10:00-18:00", .commercial),
    ]

    private static let texts = [
        "Mo-Fr 08:00-17:30", "Mo-Fr 09:00-12:00,13:30-17:30; PH off", "24/7", "Mo-Su 17:00-02:00",
        "We[3],Fr[-1] 14:00-16:00", "May 01-Sep 30 08:00-18:00; Oct 01-Apr 30 08:30-17:30",
        "Mo-Fr 09:00-17:00 || \"call\"", "2026 Oct 01-2026 Oct 03 off", "sunrise-sunset",
        "周一至周五 8:00-17:30", "每天上午8点-下午5点半", "周一至周五 9:00-17:00 中午12:00-13:30休息", "全天", "9:00-21:00，节假日无休",
        "周一闭馆，周二至周日9:00-17:00", "夏季（5月1日-9月30日）8:00-18:00，冬季（10月1日-4月30日）8:30-17:30",
    ]

    /// Measures with the calendars of a folder.
    static func run(calendars folder: String) throws {
        let calendar = try CalendarShelf(folder: folder).calendar()
        print("(\(quoted))")
        var numbers = SeededNumbers(state: 11)
        for (name, text, policy) in ordinary {
            let schedule = try OpeningSchedule(text)
            let context = OpeningContext(calendar: calendar, policy: policy)
            // The year 2026; and the ten days around the National Day, where the calendar decides.
            let year = answers(schedule, context, 1_767_196_800...1_798_646_400, &numbers)
            let holiday = answers(schedule, context, 1_790_640_000...1_791_504_000, &numbers)
            print(
                "\(name): state and next change \(nanoseconds(year)) (\(rounded(year.percentile(0.5) / asked)) of "
                    + "what is asked), near holidays \(nanoseconds(holiday))")
        }
        compile()
        try words(calendar)
        try filter(calendar, &numbers)
    }

    private static func answers(
        _ schedule: OpeningSchedule, _ context: OpeningContext, _ seconds: ClosedRange<Int64>,
        _ numbers: inout SeededNumbers
    ) -> Times {
        var times = Times()
        for _ in 0..<momentCount {
            let moment = Timestamp(secondsSince1970: Int64.random(in: seconds, using: &numbers))
            times.add(perRepetition { schedule.answer(at: moment, in: context).until == moment })
        }
        return times
    }

    private static func compile() {
        var times = Times()
        for text in texts {
            for _ in 0..<20 {
                times.add(perRepetition { (try? OpeningSchedule(text)) == nil } / 1_000)
            }
        }
        print(
            "reading \(texts.count) texts, in OpenStreetMap's form and clerks': \(times.text) (asked: 20 µs)")
    }

    private static func words(_ calendar: HolidayCalendar) throws {
        let schedule = try OpeningSchedule("Mo-Fr 08:00-12:00,13:30-17:30; Sa 09:00-12:00")
        let context = OpeningContext(calendar: calendar, policy: .commercial)
        var times = Times()
        for hour in 0..<Int64(7 * 24) {
            let moment = Timestamp(secondsSince1970: 1_795_968_000 + hour * 3_600)
            let answer = schedule.answer(at: moment, in: context)
            times.add(
                perRepetition { answer.words(at: moment, zone: .shanghai, walk: Seconds(600)).zh.isEmpty })
        }
        print("words, in both languages: \(nanoseconds(times))")
    }

    /// Every place at its own arrival; some ways of the engine ask those in reach only, this is all of them.
    private static func filter(_ calendar: HolidayCalendar, _ numbers: inout SeededNumbers) throws {
        var schedules: [OpeningSchedule] = []
        for number in 0..<scheduleCount {
            let from = 6 + number % 5
            let until = 15 + number / 5 % 8
            let minute = number / 40 % 60
            let clock = (minute < 10 ? "0" : "") + "\(minute)"
            let days = ["Mo-Fr", "Mo-Su", "Tu-Su", "Mo-Sa"][number % 4]
            let start = (from < 10 ? "0" : "") + "\(from):\(clock)"
            schedules.append(try OpeningSchedule("\(days) \(start)-12:00,12:30-\(until):\(clock)"))
        }
        let places = (0..<placeCount).map { _ in
            (
                schedule: Int.random(in: 0..<scheduleCount, using: &numbers),
                walk: Int64.random(in: 0...900, using: &numbers)
            )
        }
        for policy in [OpeningPolicy.commercial, .statutory] {
            let context = OpeningContext(calendar: calendar, policy: policy)
            var times = Times()
            var open = 0
            for round in 0..<5 {
                let left: Int64 = 1_795_968_000 + Int64(round) * 7_200
                open = 0
                let start = now()
                for place in places {
                    let arrival = Timestamp(secondsSince1970: left + place.walk)
                    if schedules[place.schedule].answer(at: arrival, in: context).state == .open { open += 1 }
                }
                times.add(now() - start)
            }
            print(
                "\(placeCount) places of \(scheduleCount) schedules, each at its own arrival, \(policy): "
                    + "p50 \(rounded(times.percentile(0.5) / 1_000)) ms, last \(open) open")
        }
    }

    /// Nanoseconds of one call, the best of three times many.
    private static func perRepetition(_ body: () -> Bool) -> Double {
        var best = Double.infinity
        var odd = 0
        for _ in 0..<3 {
            let start = now()
            for _ in 0..<repetitions where body() { odd += 1 }
            best = min(best, (now() - start) * 1_000 / Double(repetitions))
        }
        // What is never so keeps the calls from being left out.
        return odd > 3 * repetitions ? .nan : best
    }

    private static func nanoseconds(_ times: Times) -> String {
        "p50 \(rounded(times.percentile(0.5))) ns, p99 \(rounded(times.percentile(0.99))) ns"
    }
}
