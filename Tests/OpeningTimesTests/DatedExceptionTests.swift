import DirectoryModel
import Testing

@testable import OpeningTimes

/// Exceptions as a record keeps them, in the time of the place.
@Suite struct DatedExceptionTests {
    private func exception(
        _ from: String, _ until: String?, _ effect: DatedException.Effect = .closed, _ reason: String? = nil,
        zone: OpeningZone = .shanghai
    ) throws -> OpeningException {
        func edge(_ text: String) throws -> DatedException.Edge {
            text.count == 10 ? .day(try #require(LocalDay(text))) : .moment(moment(text))
        }
        return OpeningException(
            DatedException(from: try edge(from), until: try until.map(edge), effect: effect, reason: reason),
            zone: zone
        ) { try? OpeningSchedule($0) }
    }

    @Test func aDayIsWholeAndTheLastOneIsIncluded() throws {
        let holiday = try exception("2026-02-16", "2026-02-20")
        #expect(text(holiday.from) == "2026-02-16T00:00")
        #expect(text(holiday.until) == "2026-02-21T00:00")
        #expect(text(try exception("2026-12-31", "2026-12-31").until) == "2027-01-01T00:00")
        #expect(try exception("2026-02-16", nil).until == nil)
        #expect(text(try exception("2026-02-16T12:00", "2026-02-16T13:00").until) == "2026-02-16T13:00")
    }

    @Test func aDayBeginsInTheZoneOfThePlace() throws {
        let urumqi = try OpeningZone(identifier: "Asia/Urumqi")
        #expect(
            try exception("2026-02-16", nil, zone: urumqi).from
                == moment("2026-02-16T00:00", offset: 6 * 3600))
        // In Lisbon summer time begins on 29 March 2026 at 01:00 and ends on 25 October at 02:00.
        let lisbon = try OpeningZone(identifier: "Europe/Lisbon")
        #expect(
            try exception("2026-03-29", "2026-03-29", zone: lisbon)
                == OpeningException(
                    from: moment("2026-03-29T00:00", offset: 0),
                    until: moment("2026-03-30T00:00", offset: 3600), effect: .closed))
        let autumn = try exception("2026-10-25", "2026-10-25", zone: lisbon)
        #expect(autumn.from == moment("2026-10-25T00:00", offset: 3600))
        #expect(autumn.until == moment("2026-10-26T00:00", offset: 0))
    }

    /// In São Paulo the clocks of 4 November 2018 went from 23:59:59 to 01:00.
    @Test func aDayWithoutMidnightBeginsWithTheChange() throws {
        let zone = try OpeningZone(identifier: "America/Sao_Paulo")
        let day = try exception("2018-11-04", "2018-11-04", zone: zone)
        #expect(day.from == moment("2018-11-04T01:00", offset: -2 * 3600))
        #expect(day.until == moment("2018-11-05T00:00", offset: -2 * 3600))
    }

    @Test func otherTimesThatCannotBeReadAreUnknown() throws {
        #expect(try exception("2026-02-16", nil, .hours("看心情")).effect == .unknown)
        #expect(
            try exception("2026-02-16", nil, .hours("10:00-12:00")).effect
                == .schedule(try OpeningSchedule("10:00-12:00")))
    }

    /// Each day of two years: what an exception says, and beside it what the schedule says alone.
    @Test func anExceptionChangesItsDaysAndNoOthers() throws {
        let schedule = try OpeningSchedule("Mo-Sa 08:00-20:00; PH off")
        var context = OpeningContext(calendar: try Files.calendar(), policy: .statutory)
        let plain = context
        context.exceptions = [
            try exception("2025-03-01", "2025-03-31", .suspended, "装修"),
            try exception("2026-10-01", "2026-10-03", .hours("10:00-12:00")),
            try exception("2026-10-02", "2026-10-02", .closed, "盘点"),
        ]
        var day = HolidayCalendar.number(of: "2025-01-01") ?? 0
        var differing: [String] = []
        while day < HolidayCalendar.number(of: "2027-01-01") ?? 0 {
            let date = CivilDay(number: day)
            let name = "\(date.year)-\(ScheduleText.padded(date.month))-\(ScheduleText.padded(date.day))"
            for clock in ["00:00", "09:00", "11:00", "23:59"] {
                let at = moment(name + "T" + clock)
                let state = schedule.answer(at: at, in: context).state
                if state != schedule.answer(at: at, in: plain).state { differing.append(name + " " + clock) }
            }
            day += 1
        }
        var expected = (1...31).flatMap { day in
            ["00:00", "09:00", "11:00", "23:59"].map { "2025-03-\(ScheduleText.padded(day)) " + $0 }
        }
        // The National Day holiday is closed but for the exceptions; of two, the later in the list counts.
        expected += ["2026-10-01 11:00", "2026-10-03 11:00"]
        #expect(differing == expected)
    }

    @Test(arguments: [
        ("2026-11-20", "2026-11-23", "暂停营业到今天晚上（装修）", "Suspended until midnight (装修)"),
        ("2026-11-20", "2026-11-24", "暂停营业到明天（装修）", "Suspended through tomorrow (装修)"),
        ("2026-11-20", "2026-11-27", "暂停营业到周五（装修）", "Suspended through Fri (装修)"),
        ("2026-11-20", "2027-03-01", "暂停营业到 2027 年 3 月 1 日（装修）", "Suspended through 1 Mar 2027 (装修)"),
        ("2026-11-20", "2026-11-24T15:00", "暂停营业到 明天 15:00（装修）", "Suspended until tomorrow 15:00 (装修)"),
        ("2026-11-20", nil, "暂停营业（装修）", "Suspended (装修)"),
    ])
    func aSuspensionIsSaidWithItsEnd(_ from: String, _ until: String?, _ zh: String, _ en: String) throws {
        var context = OpeningContext(calendar: try Files.calendar(), policy: .commercial)
        context.exceptions = [try exception(from, until, .suspended, "装修")]
        let now = moment("2026-11-23T10:00")
        let answer = try OpeningSchedule("24/7").answer(at: now, in: context)
        #expect(answer.words(at: now, zone: .shanghai) == LocalizedText(zh: zh, en: en))
    }
}
