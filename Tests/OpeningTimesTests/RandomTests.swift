import DirectoryModel
import Foundation
import Testing

@testable import OpeningTimes

@Suite("Random schedules")
struct RandomTests {
    /// Seconds of the years 2024 to 2028.
    private func instant(_ generator: inout SeededGenerator) -> Timestamp {
        Timestamp(secondsSince1970: Int64(generator.number(1_704_067_200...1_861_920_000)))
    }

    @Test("the canonical text of 5,000 schedules gives them back, without notes")
    func canonical() throws {
        var random = RandomSchedules(1)
        for _ in 0..<5000 {
            let text = random.expression()
            let schedule = try OpeningSchedule(text)
            let again = try OpeningSchedule(schedule.canonical)
            #expect(again == schedule, "\(text) → \(schedule.canonical) → \(again.canonical)")
            #expect(again.canonical == schedule.canonical)
            #expect(again.notes.isEmpty, "\(schedule.canonical): \(again.notes)")
        }
    }

    @Test(
        "what a fuzzer found gives itself back",
        arguments: ["24:00-48:00", "Mo 24:00-47:00", "日落-次日40:00", "1900-1900 easter", "2026-2026/2 off"])
    func found(_ text: String) throws {
        let schedule = try OpeningSchedule(text)
        #expect(try OpeningSchedule(schedule.canonical) == schedule, "\(schedule.canonical)")
    }

    @Test("the Chinese text of 5,000 schedules gives them back")
    func chinese() throws {
        var random = RandomSchedules(2)
        random.isForDoors = true
        for _ in 0..<5000 {
            let schedule = try OpeningSchedule(random.expression())
            let again = OpeningSchedule.reading(schedule.chineseText)
            #expect(again == schedule.canonical, "\(schedule.chineseText)")
        }
    }

    @Test("the quick way and the general way agree on 2,000 ordinary schedules, in three zones")
    func quick() throws {
        let calendar = try Files.calendar()
        let zones = [
            OpeningZone.shanghai, try OpeningZone(identifier: "Europe/London"),
            try OpeningZone(identifier: "America/New_York"),
        ]
        var random = RandomSchedules(3)
        random.isOrdinary = true
        var generator = SeededGenerator(4)
        var quick = 0
        for _ in 0..<2000 {
            let schedule = try OpeningSchedule(random.expression())
            let week = try #require(schedule.week)
            _ = week
            for _ in 0..<4 {
                let context = OpeningContext(
                    zone: generator.pick(zones), calendar: calendar,
                    policy: generator.pick(OpeningPolicy.allCases))
                let moment = instant(&generator)
                let answer = schedule.answer(at: moment, in: context)
                let general = schedule.generalAnswer(at: moment, in: context)
                #expect(
                    answer == general,
                    "\(schedule.canonical), \(context.policy), \(context.zone.identifier), \(moment)")
                if answer == general { quick += 1 }
            }
        }
        #expect(quick == 8000)
    }

    @Test("since and until are where the state changes, for any schedule")
    func edges() throws {
        let calendar = try Files.calendar()
        let place = Coordinate(latitude: 30.57, longitude: 104.07)
        var random = RandomSchedules(5)
        var generator = SeededGenerator(6)
        for _ in 0..<1000 {
            let schedule = try OpeningSchedule(random.expression())
            let context = OpeningContext(
                coordinate: place, calendar: calendar, policy: generator.pick(OpeningPolicy.allCases))
            let answer = schedule.answer(at: instant(&generator), in: context)
            for (edge, isEnd) in [(answer.since, false), (answer.until, true)] {
                guard let edge else { continue }
                let before = Timestamp(secondsSince1970: edge.secondsSince1970 - 1)
                let states = (
                    schedule.answer(at: before, in: context).state,
                    schedule.answer(at: edge, in: context).state
                )
                #expect(isEnd ? states.0 == answer.state : states.1 == answer.state, "\(schedule.canonical)")
                #expect(states.0 != states.1, "\(schedule.canonical) at \(edge)")
                if isEnd { #expect(states.1 == answer.next) }
            }
        }
    }
}
