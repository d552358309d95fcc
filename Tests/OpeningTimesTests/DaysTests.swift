import DirectoryModel
import Testing

@testable import OpeningTimes

/// Days as they are written on a door.
@Suite struct DaysTests {
    /// Days from one on, each as "Mon 06:30-13:00": weekday, holiday, state, spans.
    private func days(
        _ times: String, from day: String, count: Int = 3, policy: OpeningPolicy = .commercial,
        exceptions: [OpeningException] = []
    ) throws -> [String] {
        let context = OpeningContext(
            calendar: try Files.calendar(), policy: policy, exceptions: exceptions)
        return try OpeningSchedule(times).days(from: moment(day), count: count, in: context).map { day in
            var words = ["\(day.weekday)"]
            if let holiday = day.holiday { words.append((day.isOff ? "off " : "made up ") + holiday.en) }
            if day.spans.isEmpty { words.append(day.state.rawValue) }
            words += day.spans.map { "\($0.lowerBound)-\($0.upperBound)" }
            return words.joined(separator: " ")
        }
    }

    @Test func beginWithTheDayOfTheMomentWhateverTheHour() throws {
        // A Thursday, at its first and in its last minute.
        let times = "Th 06:30-08:30,11:00-13:00; Fr 10:00-24:00"
        let expected = ["4 390-510 660-780", "5 600-1440", "6 closed"]
        #expect(try days(times, from: "2026-11-26T00:00") == expected)
        #expect(try days(times, from: "2026-11-26T12:00") == expected)
        #expect(try days(times, from: "2026-11-26T23:59") == expected)
    }

    @Test func whatGoesOnPastMidnightStandsWithItsDay() throws {
        #expect(
            try days("Mo-Su 18:00-02:00", from: "2026-11-26T09:00") == [
                "4 0-120 1080-1560", "5 1080-1560", "6 1080-1560",
            ])
    }

    @Test func whatIsNeverClosedIsCutAtMidnight() throws {
        #expect(try days("24/7", from: "2026-11-26T09:00") == ["4 0-1440", "5 0-1440", "6 0-1440"])
        #expect(
            try days("Mo-Fr 00:00-24:00", from: "2026-11-26T09:00") == ["4 0-1440", "5 0-1440", "6 closed"])
    }

    @Test func daysOffAndMakeUpWorkdaysHaveTheirName() throws {
        // The Spring Festival of 2026 ends on Monday, 23 February; Saturday the 28th is made up for it.
        #expect(
            try days("Mo-Fr 09:00-17:00", from: "2026-02-23T08:00", count: 7, policy: .statutory) == [
                "1 off Spring Festival closed", "2 540-1020", "3 540-1020", "4 540-1020", "5 540-1020",
                "6 made up Spring Festival 540-1020", "7 closed",
            ])
        #expect(
            try days("Mo-Su 09:00-17:00", from: "2026-02-23T08:00", count: 1) == [
                "1 off Spring Festival 540-1020"
            ])
    }

    @Test func whatIsNotKnownAndWhatIsSuspendedIsNotClosed() throws {
        #expect(try days("unknown", from: "2026-11-26T09:00", count: 1) == ["4 unknown"])
        let repairs = OpeningException(
            from: moment("2026-11-27T00:00"), until: moment("2026-11-28T00:00"), effect: .suspended)
        #expect(
            try days("09:00-17:00", from: "2026-11-26T09:00", exceptions: [repairs]) == [
                "4 540-1020", "5 suspended", "6 540-1020",
            ])
    }

    @Test func aYearWithoutADecreeIsNotConfirmed() throws {
        let context = OpeningContext(calendar: try Files.calendar(), policy: .statutory)
        let days = try OpeningSchedule("Mo-Fr 09:00-17:00")
            .days(from: moment("2031-01-06T09:00"), count: 2, in: context)
        #expect(days.map(\.isConfirmed) == [false, false])
    }
}
