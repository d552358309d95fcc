import DirectoryModel
import Foundation
import Testing

@testable import OpeningTimes

/// A Python that has opening-hours-py, if there is one.
enum Oracle {
    /// `QUARTER_ORACLE_PYTHON`, else `python3`.
    static let python = ProcessInfo.processInfo.environment["QUARTER_ORACLE_PYTHON"] ?? "python3"
    static let isThere = (try? run(["-c", "import opening_hours"])) == 0

    static func run(_ arguments: [String]) throws -> Int32 {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [python] + arguments
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }
}

@Suite("opening-hours-py")
struct OracleTests {
    private struct Question: Encodable {
        var expression: String
        var instants: [String]
    }

    private struct Reply: Decodable {
        var states: [String]?
        var changes: [String?]?
        var error: String?
    }

    @Test(
        "10,000 random expressions, three instants each: every state and next change is alike, or argued",
        .enabled(if: Oracle.isThere, "no Python with opening-hours-py"))
    func agreement() throws {
        let questions = questions()
        let folder = NSTemporaryDirectory() + "opening-oracle-\(getpid())"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let lines = try questions.map { String(decoding: try JSONEncoder().encode($0), as: UTF8.self) }
        try (lines.joined(separator: "\n") + "\n").write(
            toFile: folder + "/questions", atomically: true, encoding: .utf8)
        let script = Files.repository + "/Tests/OpeningTimesTests/oracle.py"
        try #require(try Oracle.run([script, folder + "/questions", folder + "/answers"]) == 0)
        let answers = try String(contentsOfFile: folder + "/answers", encoding: .utf8).split(separator: "\n")
        try #require(answers.count == questions.count)

        var differences: [String] = []
        var argued = 0
        for (question, line) in zip(questions, answers) {
            let reply = try JSONDecoder().decode(Reply.self, from: Data(line.utf8))
            guard let states = reply.states, let changes = reply.changes else {
                differences.append("\(question.expression): not read: \(reply.error ?? "")")
                continue
            }
            let schedule = try OpeningSchedule(question.expression)
            for (index, instant) in question.instants.enumerated() {
                let answer = schedule.answer(
                    at: moment(instant), in: OpeningContext(calendar: .empty, policy: .commercial))
                let ours = "\(answer.state.rawValue) \(text(answer.until) ?? "-")"
                let change = Oracle.within(changes[index], of: instant)
                guard ours != "\(states[index]) \(change ?? "-")" else { continue }
                if Oracle.isArgued(schedule) {
                    argued += 1
                } else {
                    differences.append(
                        "\(question.expression) at \(instant): \(ours), theirs \(states[index]) \(change ?? "-")"
                    )
                }
            }
        }
        if let path = ProcessInfo.processInfo.environment["QUARTER_ORACLE_REPORT"] {
            let report = (["argued: \(argued)"] + differences).joined(separator: "\n")
            try report.write(toFile: path, atomically: true, encoding: .utf8)
        }
        // Forty-five of 30,000 with this seed; more would be something else.
        #expect(argued <= 60, "\(argued) argued")
        #expect(differences.isEmpty, "\(differences.count): \(differences.prefix(5))")
    }

    private func questions() -> [Question] {
        var random = RandomSchedules(2026)
        random.isForOracle = true
        var generator = SeededGenerator(7)
        return (0..<10_000).map { _ in
            let expression = random.expression()
            let instants = (0..<3).map { _ in
                let minute = generator.number(1_735_689_600 / 60...1_830_297_600 / 60)
                return text(Timestamp(secondsSince1970: Int64(minute) * 60), offset: 0) ?? ""
            }
            return Question(expression: expression, instants: instants)
        }
    }
}

extension Oracle {
    /// A change, unless it lies past the days that we look ahead.
    static func within(_ change: String?, of instant: String) -> String? {
        guard let change, let first = HolidayCalendar.number(of: String(instant.prefix(10))),
            let last = HolidayCalendar.number(of: String(change.prefix(10)))
        else { return nil }
        return last - first <= OpeningSchedule.horizon ? change : nil
    }

    /// Whether the one difference that is known can show.
    ///
    /// The library drops what a `;` rule opens past midnight on a day that an earlier rule matches and this one
    /// does not: with `Mo-Su 09:00-12:00; Fr 20:00-02:00` it has Saturday 01:00 closed. The specification gives
    /// the time to Friday's rule, and only a later rule that matches Saturday may replace it; no rule here does.
    /// opening_hours.js has it open.
    static func isArgued(_ schedule: OpeningSchedule) -> Bool {
        schedule.rules.dropFirst().contains { $0.overruns && $0.rule.joint == .normal && $0.state == .open }
    }
}
