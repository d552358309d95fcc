import DirectoryModel
import Foundation
import Testing

@testable import OpeningTimes

/// A Python that has opening-hours-py, if there is one.
enum Oracle {
    /// `QUARTER_ORACLE_PYTHON`, else `python3`.
    static let python = ProcessInfo.processInfo.environment["QUARTER_ORACLE_PYTHON"] ?? "python3"
    static let isThere = (try? OracleProcess(["-c", "import opening_hours"]))?.end() == 0
}

/// A child that reads opening hours.
///
/// It ends when its input does, which the system closes when this process is killed.
final class OracleProcess {
    private let process = Process()
    private let questions = Pipe()
    private let answers = Pipe()
    private var read: [UInt8] = []

    init(_ arguments: [String]) throws {
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [Oracle.python] + arguments
        process.standardInput = questions
        process.standardOutput = answers
        process.standardError = FileHandle.nullDevice
        try process.run()
    }

    deinit { end() }

    func ask(_ lines: [String]) throws {
        try questions.fileHandleForWriting.write(
            contentsOf: Data((lines.joined(separator: "\n") + "\n").utf8))
    }

    /// The next lines of the answer; fewer when the child has ended.
    func lines(_ count: Int) -> [Substring] {
        var newlines = read.count { $0 == 10 }
        while newlines < count {
            let more = answers.fileHandleForReading.availableData
            if more.isEmpty { break }
            newlines += more.count { $0 == 10 }
            read += more
        }
        let lines = String(decoding: read, as: UTF8.self).split(separator: "\n")
        read = Array(lines.dropFirst(count).map { $0 + "\n" }.joined().utf8)
        return Array(lines.prefix(count))
    }

    /// Closes its input and waits for its end.
    ///
    /// - Returns: its exit code.
    @discardableResult
    func end() -> Int32 {
        try? questions.fileHandleForWriting.close()
        process.waitUntilExit()
        return process.terminationStatus
    }
}

@Suite("opening-hours-py")
struct OracleTests {
    private struct Question {
        var expression: String
        /// Minutes since 1970, by the clock of the place.
        var minutes: [Int]

        var line: String { ([expression] + minutes.map(String.init)).joined(separator: "\t") }
    }

    /// So many questions are on their way at once: they fit into the pipe with their answers.
    private static let batchCount = 200

    @Test(
        "10,000 random expressions, three instants each: every state and next change is alike, or argued",
        .enabled(if: Oracle.isThere, "no Python with opening-hours-py: see Scripts/oracle-python.sh"))
    func agreement() throws {
        let questions = questions()
        let child = try OracleProcess([Files.repository + "/Tests/OpeningTimesTests/oracle.py"])
        var differences: [String] = []
        var argued = 0
        try child.ask(questions[..<Self.batchCount].map(\.line))
        for start in stride(from: 0, to: questions.count, by: Self.batchCount) {
            let batch = questions[start..<start + Self.batchCount]
            let answers = child.lines(batch.count)
            try #require(answers.count == batch.count, "the child has ended")
            // It works on the next ones while these are compared.
            let next = questions.dropFirst(start + Self.batchCount).prefix(Self.batchCount)
            if !next.isEmpty { try child.ask(next.map(\.line)) }
            for (question, line) in zip(batch, answers) {
                try compare(question, line, &differences, &argued)
            }
        }
        #expect(child.end() == 0)
        if let path = ProcessInfo.processInfo.environment["QUARTER_ORACLE_REPORT"] {
            let report = (["argued: \(argued)"] + differences).joined(separator: "\n")
            try report.write(toFile: path, atomically: true, encoding: .utf8)
        }
        // Forty-five of 30,000 with this seed; more would be something else.
        #expect(argued <= 60, "\(argued) argued")
        #expect(differences.isEmpty, "\(differences.count): \(differences.prefix(5))")
    }

    private func compare(
        _ question: Question, _ line: Substring, _ differences: inout [String], _ argued: inout Int
    ) throws {
        let theirs = line.split(separator: "\t")
        guard theirs.count == 2 * question.minutes.count else {
            differences.append("\(question.expression): not read: \(line)")
            return
        }
        let schedule = try OpeningSchedule(question.expression)
        let context = OpeningContext(calendar: .empty, policy: .commercial)
        for (index, minute) in question.minutes.enumerated() {
            let second = Int64(minute * 60 - OpeningZone.shanghai.offsets[0])
            let answer = schedule.answer(at: Timestamp(secondsSince1970: second), in: context)
            let until = answer.until.map { "\(($0.secondsSince1970 - second) / 60)" } ?? "-"
            let change = Oracle.within(theirs[2 * index + 1], of: minute)
            let state = theirs[2 * index]
            guard answer.state.rawValue != state || until != change else { continue }
            if Oracle.isArgued(schedule) {
                argued += 1
            } else {
                differences.append(
                    "\(question.expression) at \(minute): \(answer.state.rawValue) \(until), "
                        + "theirs \(state) \(change)")
            }
        }
    }

    private func questions() -> [Question] {
        var random = RandomSchedules(2026)
        random.isForOracle = true
        var generator = SeededGenerator(7)
        return (0..<10_000).map { _ in
            let expression = random.expression()
            let minutes = (0..<3).map { _ in
                generator.number(1_735_689_600 / 60...1_830_297_600 / 60)
            }
            return Question(expression: expression, minutes: minutes)
        }
    }
}

extension Oracle {
    /// The minutes to a change, "-" when it lies past the days that we look ahead.
    static func within(_ change: Substring, of minute: Int) -> Substring {
        guard let minutes = Int(change) else { return "-" }
        let days = (minute + minutes) / DayTimeline.minutes - minute / DayTimeline.minutes
        return days <= OpeningSchedule.horizon ? change : "-"
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
