import DirectoryModel
import Foundation
import Testing

@testable import OpeningTimes

@Suite("The shared vectors")
struct VectorTests {
    let context = OpeningContext(calendar: .empty, policy: .commercial)

    private func state(_ answer: OpeningAnswer) -> String {
        answer.state == .unknown || answer.state == .open
            ? answer.state.rawValue + (answer.comment.map { "|" + $0 } ?? "") : answer.state.rawValue
    }

    @Test(
        "every case, at every instant, and its next change", .enabled(if: Files.areThere, "no shared vectors")
    )
    func cases() throws {
        let vectors = try #require(Files.vectors("opening_hours"))
        let instants = try #require(vectors["instants"] as? [String: String])
        let cases = try #require(vectors["cases"] as? [[String: Any]])
        #expect(cases.count == 15)
        for one in cases {
            let expression = try #require(one["expr"] as? String)
            let schedule = try OpeningSchedule(expression)
            for (name, expected) in try #require(one["expected"] as? [String: String]) {
                let instant = try #require(instants[name])
                let answer = schedule.answer(at: moment(instant), in: context)
                #expect(state(answer) == expected, "\(expression) at \(instant)")
                let slow = schedule.generalAnswer(at: moment(instant), in: context)
                #expect(slow == answer, "\(expression) at \(instant)")
            }
            let next = schedule.answer(at: moment("2026-11-23T10:00"), in: context).until
            #expect(text(next) == one["next_change_after_2026-11-23T10:00"] as? String, "\(expression)")
        }
    }

    @Test("contested cases as opening_hours.js has them", .enabled(if: Files.areThere, "no shared vectors"))
    func contested() throws {
        let vectors = try #require(Files.vectors("opening_hours"))
        let instants = try #require(vectors["instants"] as? [String: String])
        for one in try #require(vectors["contested"] as? [[String: Any]]) {
            let expression = try #require(one["expr"] as? String)
            let schedule = try OpeningSchedule(expression)
            for (name, expected) in try #require(one["opening_hours_js"] as? [String: String]) {
                let answer = schedule.answer(at: moment(try #require(instants[name])), in: context)
                // The library's own sentence for a guessed end is not ours.
                let ours = state(answer)
                let theirs = expected.replacingOccurrences(
                    of: "|Specified as open end. Closing time was guessed.", with: "")
                #expect(ours == theirs, "\(expression) at \(name)")
            }
        }
    }

    @Test("what is valid, and what is read with a note", .enabled(if: Files.areThere, "no shared vectors"))
    func validity() throws {
        let vectors = try #require(Files.vectors("opening_hours"))
        for one in try #require(vectors["validity"] as? [[String: Any]]) {
            let expression = try #require(one["expr"] as? String)
            // Chinese is what opening_hours.js does not read and we do.
            let isValid = one["opening_hours_js"] as? Bool ?? false || expression.hasPrefix("周")
            let schedule = try? OpeningSchedule(expression)
            #expect((schedule != nil) == isValid, "\(expression)")
            if let warnings = one["js_warnings"] as? Int, let schedule {
                #expect(schedule.notes.isEmpty == (warnings == 0), "\(expression): \(schedule.notes)")
            }
        }
    }
}
