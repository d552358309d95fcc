import DirectoryModel
import Foundation
import Testing

@testable import OpeningTimes

/// What is said to hold for a while is what every moment of that while is told.
@Suite("Steady answers") struct SteadyTests {
    /// Seconds of the years 2024 to 2028, near a change of the year or of summer time more often than not.
    private func instant(_ generator: inout SeededGenerator) -> Int64 {
        let anchors: [Int64] = [1_774_746_000, 1_792_890_000, 1_798_732_800, 1_759_248_000]
        return generator.chance(40)
            ? Int64(generator.number(1_704_067_200...1_861_920_000))
            : generator.pick(anchors) + Int64(generator.number(-100_000...100_000))
    }

    private func exceptions(around second: Int64, _ generator: inout SeededGenerator) throws
        -> [OpeningException]
    {
        try (0..<generator.number(0...3)).map { _ in
            // Some of them some two months back, where an answer ceases to look.
            let from =
                second + Int64(generator.number(-63 * 24...48)) * 3600 + Int64(generator.number(0...3599))
            let effects: [OpeningException.Effect] = [
                .closed, .suspended, .open, .unknown,
                .schedule(try OpeningSchedule("10:00-12:00 \"临时\", 14:00-15:00")),
            ]
            return OpeningException(
                from: Timestamp(secondsSince1970: from),
                until: generator.chance(20)
                    ? nil : Timestamp(secondsSince1970: from + Int64(generator.number(0...40)) * 3600),
                effect: generator.pick(effects), reason: generator.chance(50) ? "盘点" : nil)
        }
    }

    @Test("every moment of 3,000 spans has the answer of the span", arguments: [true, false])
    func holds(isOrdinary: Bool) throws {
        let calendar = try Files.calendar()
        let zones = [
            OpeningZone.shanghai, try OpeningZone(identifier: "Europe/London"),
            try OpeningZone(identifier: "America/New_York"),
        ]
        var random = RandomSchedules(isOrdinary ? 31 : 32)
        random.isOrdinary = isOrdinary
        var generator = SeededGenerator(33)
        var long = 0
        for _ in 0..<1500 {
            let schedule = try OpeningSchedule(random.expression())
            let second = instant(&generator)
            let context = OpeningContext(
                zone: generator.pick(zones),
                coordinate: generator.chance(70) ? Coordinate(latitude: 30.57, longitude: 104.07) : nil,
                calendar: calendar, policy: generator.pick(OpeningPolicy.allCases),
                exceptions: generator.chance(40) ? try exceptions(around: second, &generator) : [])
            let moment = Timestamp(secondsSince1970: second)
            let (answer, span) = schedule.steadyAnswer(at: moment, in: context)
            #expect(answer == schedule.answer(at: moment, in: context))
            #expect(span.contains(moment) && context.zone.day(around: moment).contains(span.lowerBound))
            let (first, last) = (span.lowerBound.secondsSince1970, span.upperBound.secondsSince1970 - 1)
            if last - first > 1_800 { long += 1 }
            for other in [first, last] + (0..<6).map({ _ in Int64(generator.number(Int(first)...Int(last))) })
            {
                let there = schedule.answer(at: Timestamp(secondsSince1970: other), in: context)
                #expect(
                    there == answer, "\(schedule.canonical) at \(second) and \(other), \(context.exceptions)")
            }
        }
        #expect(long > 1_350, "a span that ends at once is true and of no use")
    }

    @Test("moments that nothing is known of have no span", arguments: [Int64.min, Int64.max, 32_503_680_000])
    func extremes(_ second: Int64) throws {
        let schedule = try OpeningSchedule("Mo-Fr 09:00-17:00")
        let context = OpeningContext(calendar: .empty, policy: .commercial)
        #expect(schedule.steadyAnswer(at: Timestamp(secondsSince1970: second), in: context).span.isEmpty)
    }

    @Test("what is said of a walk is what is left, or to wait, when one gets there")
    func remarks() {
        let change = Timestamp(secondsSince1970: 1_000_000)
        func said(_ countdown: ArrivalCountdown, _ before: Int64) -> String? {
            countdown.remark(atArrival: Timestamp(secondsSince1970: 1_000_000 - before))?.en
        }
        #expect(said(.closing(change), 3_660) == nil)
        #expect(said(.closing(change), 3_659) == ", 60 minutes left when you get there")
        #expect(said(.closing(change), 119) == ", 1 minute left when you get there")
        #expect(said(.closing(change), 1) == ", 0 minutes left when you get there")
        #expect(said(.closing(change), 0) == ", before you get there")
        #expect(said(.opening(change), 3_600) == nil)
        #expect(said(.opening(change), 3_599) == ", 60 minutes after you get there")
        #expect(said(.opening(change), 60) == ", 1 minute after you get there")
        #expect(said(.opening(change), 1) == ", 1 minute after you get there")
        #expect(said(.opening(change), -5) == ", before you get there")
        #expect(
            ArrivalCountdown.opening(change).remark(atArrival: Timestamp(secondsSince1970: 999_281))?.zh
                == "，您走到还要等 12 分钟")
    }
}
