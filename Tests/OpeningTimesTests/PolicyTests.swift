import DirectoryModel
import Foundation
import ServiceTypeKit
import Testing

@testable import OpeningTimes

@Suite("China's calendar")
struct PolicyTests {
    private let window = "Mo-Fr 09:00-17:00"

    /// Days of a year, with what the decree says and what the weekday says.
    private func days(of year: Int, _ calendar: HolidayCalendar) -> [(
        day: CivilDay, entry: HolidayCalendar.Entry?
    )] {
        let first = CivilDay.number(year: year, month: 1, day: 1)
        let last = CivilDay.number(year: year, month: 12, day: 31)
        return (first...last).map { (CivilDay(number: $0), calendar.entry(on: $0)) }
    }

    private func isOpen(
        _ schedule: OpeningSchedule, _ day: CivilDay, _ policy: OpeningPolicy, _ calendar: HolidayCalendar
    ) -> Bool {
        let moment = Timestamp(secondsSince1970: Int64(day.number) * 86_400 + 2 * 3600)  // 10:00 in Shanghai
        let context = OpeningContext(calendar: calendar, policy: policy)
        let answer = schedule.answer(at: moment, in: context)
        #expect(answer == schedule.generalAnswer(at: moment, in: context))
        return answer.state == .open
    }

    @Test("every day of 2025 and 2026 under each policy: none wrong", arguments: [2025, 2026])
    func everyDay(_ year: Int) throws {
        let calendar = try Files.calendar()
        let plain = try OpeningSchedule(window)
        let closing = try OpeningSchedule(window + "; PH off")
        let opening = try OpeningSchedule("Mo-Su 09:00-17:00; PH 13:00-15:00")
        var wrong: [String] = []
        for (day, entry) in days(of: year, calendar) {
            let isOff = entry?.isOff ?? false
            let isMakeUp = entry.map { !$0.isOff } ?? false
            let isWeekday = day.weekday < 5
            let isWorkday = isMakeUp || isWeekday && !isOff
            let expected: [(OpeningSchedule, OpeningPolicy, Bool)] = [
                (plain, .statutory, isWorkday), (plain, .commercial, isWeekday),
                (plain, .announced, isWeekday),
                (closing, .statutory, isWorkday), (closing, .commercial, isWeekday && !isOff),
                (closing, .announced, isWeekday), (opening, .statutory, !isOff),
                (opening, .commercial, !isOff),
                (opening, .announced, true),
            ]
            for (schedule, policy, isRight) in expected
            where isOpen(schedule, day, policy, calendar) != isRight {
                wrong.append("\(day.year)-\(day.month)-\(day.day) \(policy) \(schedule.canonical)")
            }
        }
        #expect(wrong.isEmpty, "\(wrong)")
    }

    @Test("the shared vectors, day by day", .enabled(if: Files.areThere, "no shared vectors"))
    func vectors() throws {
        let calendar = try Files.calendar()
        let vectors = try #require(Files.vectors("holidays"))
        let listed = try #require(vectors["days"] as? [[String: Any]])
        #expect(listed.count > 60)
        let plain = try OpeningSchedule(window)
        for one in listed {
            let date = try #require(one["date"] as? String)
            let number = try #require(HolidayCalendar.number(of: date))
            let entry = try #require(calendar.entry(on: number), "\(date)")
            #expect(entry.isOff == (one["kind"] as? String == "off"))
            #expect(entry.name.zh == one["name"] as? String)
            let isWorkday = try #require(one["chinesecalendar_is_workday"] as? Bool)
            #expect(isOpen(plain, CivilDay(number: number), .statutory, calendar) == isWorkday, "\(date)")
        }
        // And nothing else is special in those years.
        let dates = Set(listed.compactMap { $0["date"] as? String })
        let years = Set(dates.map { $0.prefix(4) })
        for year in calendar.years where years.contains("\(year.year)") {
            #expect(year.days.allSatisfy { dates.contains($0.date) })
        }
    }

    @Test("2026: 33 days off, six make-up workdays; an inline selection for those without the vectors")
    func selection() throws {
        let calendar = try Files.calendar()
        let year = try #require(calendar.years.last)
        #expect(year.year == 2026)
        #expect(year.days.filter(\.isOff).count == 33)
        #expect(
            year.days.filter { !$0.isOff }.map(\.date)
                == ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"])
        #expect(calendar.years.map(\.year) == Array(2019...2026))
        for (text, instant, policy, state) in [
            ("Mo-Fr 09:00-17:00", "2026-10-10T10:00", OpeningPolicy.statutory, Opening.State.open),
            ("Mo-Fr 09:00-17:00", "2026-10-10T10:00", .commercial, .closed),
            ("Mo-Fr 09:00-17:00", "2026-10-05T10:00", .statutory, .closed),
            ("Mo-Fr 09:00-17:00", "2026-10-05T10:00", .commercial, .open),
            ("Mo-Fr 09:00-17:00; PH off", "2026-10-05T10:00", .announced, .open),
            // A make-up Sunday counts as a Monday, a make-up Saturday as a Friday.
            ("Tu-Su 09:00-17:00; Mo off", "2026-09-20T10:00", .statutory, .closed),
            ("Fr 09:00-17:00", "2026-10-10T10:00", .statutory, .open),
            ("Mo-Fr 09:00-17:00; Sa-Su off", "2026-10-10T10:00", .statutory, .open),
            // Unless the schedule names the date.
            ("Mo-Fr 09:00-17:00; 2026 Oct 10 off", "2026-10-10T10:00", .statutory, .closed),
            ("Mo-Fr 09:00-17:00; 2026 Oct 05 09:00-12:00", "2026-10-05T10:00", .statutory, .open),
            ("24/7", "2026-10-05T10:00", .statutory, .open),
            ("09:00-17:00; PH 10:00-16:00; 12:00-13:00 off", "2026-10-05T12:30", .statutory, .closed),
            ("Mo-Su,PH 08:00-20:00", "2026-10-05T10:00", .statutory, .open),
        ] {
            let context = OpeningContext(calendar: calendar, policy: policy)
            let answer = try OpeningSchedule(text).answer(at: moment(instant), in: context)
            #expect(answer.state == state, "\(text) at \(instant), \(policy)")
        }
    }

    @Test("a year without a decree is not confirmed")
    func confirmed() throws {
        let calendar = try Files.calendar()
        let schedule = try OpeningSchedule(window)
        for policy in OpeningPolicy.allCases {
            let context = OpeningContext(calendar: calendar, policy: policy)
            #expect(schedule.answer(at: moment("2026-06-01T10:00"), in: context).isConfirmed)
            #expect(
                schedule.answer(at: moment("2027-06-01T10:00"), in: context).isConfirmed
                    == (policy == .announced))
        }
        let sun = try OpeningSchedule("sunrise-sunset")
        #expect(
            !sun.answer(
                at: moment("2026-06-01T10:00"), in: OpeningContext(calendar: calendar, policy: .commercial)
            ).isConfirmed)
    }

    @Test("the policies are those that types name")
    func names() {
        #expect(OpeningPolicy.allCases.map(\.rawValue) == CalendarPolicy.allCases.map(\.rawValue))
    }

    @Test("school holidays are a district's")
    func schools() throws {
        let json = """
            {"format": 1, "district": "330106", "year": 2026, "source": "made up", "papers": [],
             "school_holidays": [{"zh": "暑假", "en": "summer holidays", "from": "2026-07-01", "to": "2026-08-31"}]}
            """
        let file = try CalendarFile(Data(json.utf8), name: "school.json")
        let calendar = try Files.calendar().merging(HolidayCalendar(years: [file.year]))
        #expect(calendar.hasDecree(for: 2026))
        let schedule = try OpeningSchedule("SH Mo-Fr 09:00-11:00")
        let context = OpeningContext(calendar: calendar, policy: .commercial)
        #expect(schedule.answer(at: moment("2026-07-15T10:00"), in: context).state == .open)
        #expect(schedule.answer(at: moment("2026-07-18T10:00"), in: context).state == .closed)
        #expect(schedule.answer(at: moment("2026-09-15T10:00"), in: context).state == .closed)
        #expect(schedule.answer(at: moment("2026-09-15T10:00"), in: context).isConfirmed)
        #expect(!schedule.answer(at: moment("2025-09-15T10:00"), in: context).isConfirmed)
    }

    @Test("a bad calendar file names file and key")
    func badFiles() {
        let good = "\"format\": 1, \"year\": 2026, \"source\": \"s\", \"papers\": [\"p\"]"
        for (text, word) in [
            ("[", "JSON"), ("{\(good), \"holidays\": []}", "holidays"), ("{\"format\": 2}", "format"),
            ("{\"format\": 1, \"year\": \"2026\"}", "year"), ("{\"format\": 1, \"year\": 2026}", "source"),
            (
                "{\(good), \"days_off\": [{\"zh\": \"元旦\", \"en\": \"x\", \"dates\": [\"2026-02-30\"]}]}",
                "2026-02-30"
            ),
            (
                "{\(good), \"days_off\": [{\"zh\": \"元旦\", \"en\": \"x\", \"dates\": [\"2025-11-30\"]}]}",
                "2025-11-30"
            ),
            ("{\(good), \"days_off\": [{\"zh\": \"元旦\", \"en\": \"x\", \"date\": []}]}", "date"),
            (
                "{\(good), \"school_holidays\": [{\"zh\": \"a\", \"en\": \"b\", \"from\": \"2026-07-01\", \"to\": \"2026-06-01\"}]}",
                "to"
            ),
        ] {
            do {
                _ = try CalendarFile(Data(text.utf8), name: "cn-2026.json")
                Issue.record("\(text) was read")
            } catch {
                #expect(error.code == .configurationInvalid)
                #expect(
                    error.description.contains(word) && error.description.contains("cn-2026.json"), "\(error)"
                )
            }
        }
        #expect(throws: DirectoryError.self) { try CalendarShelf(folder: "/nowhere") }
    }
}
