import DirectoryModel
import Foundation
import Testing

@testable import OpeningTimes

@Suite("Answers")
struct AnswerTests {
    private let plain = OpeningContext(calendar: .empty, policy: .announced)

    private func answer(_ text: String, _ instant: String, _ context: OpeningContext? = nil) throws
        -> OpeningAnswer
    {
        try OpeningSchedule(text).answer(at: moment(instant), in: context ?? plain)
    }

    @Test("spans past midnight, the end of the year, leap days")
    func edges() throws {
        for (expression, instant, state, since, until) in [
            ("18:00-02:00", "2026-12-31T23:30", Opening.State.open, "2026-12-31T18:00", "2027-01-01T02:00"),
            ("18:00-02:00", "2027-01-01T01:59", .open, "2026-12-31T18:00", "2027-01-01T02:00"),
            ("Su 20:00-26:00", "2026-11-23T01:00", .open, "2026-11-22T20:00", "2026-11-23T02:00"),
            (
                "Mo-Su 00:00-24:00; Mo 10:00-12:00", "2026-11-24T10:00", .open, "2026-11-24T00:00",
                "2026-11-30T00:00"
            ),
            ("Feb 29 10:00-12:00", "2028-02-29T11:00", .open, "2028-02-29T10:00", "2028-02-29T12:00"),
            ("Feb 29 10:00-12:00", "2026-03-01T11:00", .closed, nil, nil),
            ("Feb 20-Feb 29 10:00-12:00", "2027-02-28T11:00", .open, "2027-02-28T10:00", "2027-02-28T12:00"),
            (
                "Dec 24-Jan 02 off; Mo-Su 09:00-10:00", "2026-12-31T09:30", .open, "2026-12-31T09:00",
                "2026-12-31T10:00"
            ),
            (
                "Mo-Su 09:00-10:00; Dec 24-Jan 02 off", "2026-12-31T09:30", .closed, "2026-12-23T10:00",
                "2027-01-03T09:00"
            ),
            ("2026-2027 Mo-Fr 09:00-17:00", "2027-12-31T18:00", .closed, "2027-12-31T17:00", nil),
            ("week 53 10:00-12:00", "2026-12-30T11:00", .open, "2026-12-30T10:00", "2026-12-30T12:00"),
            ("week 01 10:00-12:00", "2027-01-03T11:00", .closed, nil, "2027-01-04T10:00"),
            ("easter 10:00-12:00", "2026-04-05T11:00", .open, "2026-04-05T10:00", "2026-04-05T12:00"),
            (
                "easter -2 days-easter +1 day off; easter +2 days 10:00-11:00", "2026-04-07T10:30", .open,
                "2026-04-07T10:00", "2026-04-07T11:00"
            ),
            ("Dec 25 -Su 10:00-12:00", "2026-12-20T11:00", .open, "2026-12-20T10:00", "2026-12-20T12:00"),
            (
                "Mar Su[-1]-Oct Su[-1] 10:00-12:00", "2026-03-28T11:00", .closed, nil,
                "2026-03-29T10:00"
            ),
            ("24/7", "2026-11-23T10:00", .open, nil, nil),
        ] as [(String, String, Opening.State, String?, String?)] {
            let found = try answer(expression, instant)
            #expect(found.state == state, "\(expression) at \(instant)")
            #expect(text(found.since) == since, "\(expression) at \(instant)")
            #expect(text(found.until) == until, "\(expression) at \(instant)")
        }
    }

    @Test("summer time in London begins and ends within opening times")
    func summerTime() throws {
        var context = plain
        context.zone = try OpeningZone(identifier: "Europe/London")
        let night = try OpeningSchedule("Mo-Su 22:00-06:00")
        // 2026-03-29T01:00Z: the clock goes from 01:00 to 02:00; the night is of seven hours.
        let spring = night.answer(at: moment("2026-03-29T00:30", offset: 0), in: context)
        #expect(text(spring.since, offset: 0) == "2026-03-28T22:00")
        #expect(text(spring.until, offset: 0) == "2026-03-29T05:00")
        // 2026-10-25T01:00Z: from 02:00 to 01:00; nine hours.
        let autumn = night.answer(at: moment("2026-10-25T01:30", offset: 0), in: context)
        #expect(text(autumn.since, offset: 0) == "2026-10-24T21:00")
        #expect(text(autumn.until, offset: 0) == "2026-10-25T06:00")
        // Open in an hour that comes twice.
        let hour = try OpeningSchedule("01:00-02:00")
        let twice = hour.answer(at: moment("2026-10-25T00:30", offset: 0), in: context)
        #expect(text(twice.until, offset: 0) == "2026-10-25T02:00")
        // And in one that does not come.
        let never = hour.answer(at: moment("2026-03-29T00:30", offset: 0), in: context)
        #expect(never.state == .closed)
        #expect(text(never.until, offset: 0) == "2026-03-30T00:00")
        #expect(context.zone.offset(at: moment("2026-07-01T00:00", offset: 0)) == 3600)
        #expect(throws: DirectoryError.self) { try OpeningZone(identifier: "Asia/Quarter") }
    }

    @Test("the sun of Shanghai, London and the far north")
    func sun() throws {
        var context = plain
        context.coordinate = Coordinate(latitude: 31.23, longitude: 121.47)
        // Tables of almanacs, to two minutes: 2026-06-21 04:51 and 19:01; 2026-12-22 06:48 and 16:56.
        for (day, rise, set) in [
            ("2026-06-21", 4 * 60 + 51, 19 * 60 + 1), ("2026-12-22", 6 * 60 + 48, 16 * 60 + 56),
        ] {
            let answer = try answer("sunrise-sunset", day + "T12:00", context)
            let since = try #require(answer.since)
            let until = try #require(answer.until)
            let midnight = moment(day + "T00:00").secondsSince1970
            #expect(abs(Int(since.secondsSince1970 - midnight) / 60 - rise) <= 2)
            #expect(abs(Int(until.secondsSince1970 - midnight) / 60 - set) <= 2)
        }
        context.coordinate = Coordinate(latitude: 78.2, longitude: 15.6)
        #expect(try answer("sunrise-sunset", "2026-12-22T12:00", context).state == .closed)
    }

    @Test("dated exceptions: closed, suspended, other hours; edges are changes")
    func exceptions() throws {
        var context = plain
        context.exceptions = [
            OpeningException(
                from: moment("2026-11-24T12:00"), until: moment("2026-11-25T00:00"), effect: .closed,
                reason: "盘点"),
            OpeningException(from: moment("2026-12-01T00:00"), effect: .suspended, reason: "装修"),
            OpeningException(
                from: moment("2026-11-28T00:00"), until: moment("2026-11-29T00:00"),
                effect: .schedule(try OpeningSchedule("10:00-12:00"))),
        ]
        let shop = "Mo-Su 08:00-20:00"
        let before = try answer(shop, "2026-11-24T10:00", context)
        #expect(before.state == .open && text(before.until) == "2026-11-24T12:00")
        let during = try answer(shop, "2026-11-24T13:00", context)
        #expect(during.state == .closed && during.comment == "盘点" && during.isConfirmed)
        #expect(text(during.until) == "2026-11-25T08:00")
        #expect(text(try answer(shop, "2026-11-28T09:00", context).until) == "2026-11-28T10:00")
        let last = try answer(shop, "2026-11-30T21:00", context)
        #expect(last.state == .closed && text(last.until) == "2026-12-01T00:00" && last.next == .suspended)
        let long = try answer(shop, "2027-01-01T10:00", context)
        #expect(long.state == .suspended && long.until == nil && text(long.since) == "2026-12-01T00:00")
    }

    @Test("open during a whole span")
    func during() throws {
        let schedule = try OpeningSchedule("Mo-Fr 08:00-12:00,13:00-17:00")
        func isOpen(_ from: String, _ until: String) -> Bool {
            schedule.isOpen(during: moment(from), until: moment(until), in: plain)
        }
        #expect(isOpen("2026-11-23T08:00", "2026-11-23T12:00"))
        #expect(!isOpen("2026-11-23T08:00", "2026-11-23T12:01"))
        #expect(!isOpen("2026-11-23T11:00", "2026-11-23T14:00"))
        #expect(!isOpen("2026-11-23T07:59", "2026-11-23T09:00"))
        #expect(isOpen("2026-11-23T08:00", "2026-11-23T08:00"))
        #expect(
            try OpeningSchedule("24/7").isOpen(
                during: moment("2026-01-01T00:00"), until: moment("2026-12-01T00:00"), in: plain))
    }

    @Test("points in time, where they are meant")
    func points() throws {
        #expect(throws: OpeningTextError.self) { try OpeningSchedule("Mo 10:00") }
        let schedule = try OpeningSchedule("Mo 10:00,16:00; Tu 08:00-12:00/02:00", for: .pointsInTime)
        #expect(schedule.canonical == "Mo 10:00,16:00; Tu 08:00-12:00/02:00")
        #expect(text(schedule.answer(at: moment("2026-11-23T10:30"), in: plain).until) == "2026-11-23T16:00")
        #expect(text(schedule.answer(at: moment("2026-11-24T08:30"), in: plain).until) == "2026-11-24T10:00")
    }

    @Test("moments beyond every calendar are unknown, not a trap")
    func farAway() throws {
        for second in [Int64.min, .max, -9_000_000_000_000, 9_000_000_000_000] {
            let answer = try OpeningSchedule("Mo 10:00-12:00; Jan off").answer(
                at: Timestamp(secondsSince1970: second), in: plain)
            #expect(answer.state == .unknown)
        }
    }

    @Test("words for a person")
    func words() throws {
        var context = OpeningContext(calendar: try Files.calendar(), policy: .statutory)
        func words(_ expression: String, _ instant: String, walk: Seconds? = nil) throws -> LocalizedText {
            try answer(expression, instant, context).words(at: moment(instant), zone: .shanghai, walk: walk)
        }
        let week = "Mo-Fr 08:00-21:00"
        #expect(try words(week, "2026-11-23T10:00") == LocalizedText(zh: "21:00 关门", en: "Closes 21:00"))
        #expect(
            try words(week, "2026-11-23T22:00")
                == LocalizedText(zh: "明天 08:00 开门", en: "Opens tomorrow 08:00"))
        #expect(try words(week, "2026-11-27T22:00").zh == "周一 08:00 开门")
        #expect(try words("24/7", "2026-11-23T22:00").zh == "24 小时开放")
        #expect(
            try words(week, "2026-10-01T10:00")
                == LocalizedText(
                    zh: "今天休息（国庆节），10 月 8 日 08:00 开门",
                    en: "Closed today (National Day), opens 8 Oct 08:00"))
        #expect(try words(week, "2026-11-23T20:40", walk: 480).zh == "21:00 关门，您走到还有 12 分钟")
        #expect(try words(week, "2026-11-23T20:55", walk: 480).zh == "21:00 关门，您走到时已关门")
        #expect(try words(week, "2026-11-23T07:55", walk: 480).zh == "08:00 开门，您走到时已开门")
        #expect(try words(week, "2026-11-23T10:00", walk: 480).zh == "21:00 关门")
        #expect(try words("10:00-24:00", "2026-11-23T20:00").zh == "24:00 关门")
        #expect(try words("18:00-02:00", "2026-11-23T20:00").zh == "明天 02:00 关门")
        #expect(try words("Sa unknown \"需预约\"", "2026-11-28T10:00").zh == "营业时间不定（需预约）")
        #expect(try words("off", "2026-11-23T10:00").zh == "不开放")
        #expect(try words(week, "2027-11-23T10:00").zh == "21:00 关门（待确认）")
        context.exceptions = [
            OpeningException(from: moment("2026-11-01T00:00"), effect: .suspended, reason: "装修")
        ]
        #expect(try words(week, "2026-11-23T10:00") == LocalizedText(zh: "暂停营业（装修）", en: "Suspended (装修)"))
    }
}
