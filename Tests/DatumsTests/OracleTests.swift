import DirectoryModel
import Foundation
import Testing

@testable import Datums

/// A Python that has coord-convert, if there is one: `QUARTER_ORACLE_PYTHON`, else `python3`.
private enum Oracle {
    static let isThere = (try? answers("-c", "from coord_convert import transform", [])) != nil

    /// The lines that a Python program answers.
    static func answers(_ arguments: String..., asked lines: [String]) throws -> [Substring]? {
        try run(arguments, lines)
    }

    static func answers(_ option: String, _ program: String, _ lines: [String]) throws -> [Substring]? {
        try run([option, program], lines)
    }

    private static func run(_ arguments: [String], _ lines: [String]) throws -> [Substring]? {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        let python = ProcessInfo.processInfo.environment["QUARTER_ORACLE_PYTHON"] ?? "python3"
        process.arguments = [python] + arguments
        // Files, not pipes: question and answer may both be longer than a pipe.
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("datums-\(ProcessInfo.processInfo.globallyUniqueString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (asked, told) = (folder.appendingPathComponent("in"), folder.appendingPathComponent("out"))
        try Data((lines.joined(separator: "\n") + (lines.isEmpty ? "" : "\n")).utf8).write(to: asked)
        try Data().write(to: told)
        process.standardInput = try FileHandle(forReadingFrom: asked)
        process.standardOutput = try FileHandle(forWritingTo: told)
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { return nil }
        return String(decoding: try Data(contentsOf: told), as: UTF8.self).split(separator: "\n")
    }
}

@Suite("coord-convert")
struct OracleTests {
    @Test(
        "20,000 random points: every step is the same",
        .enabled(if: Oracle.isThere, "no Python with coord-convert: see Scripts/oracle-python.sh"))
    func agreement() throws {
        // Datums, its function, and metres: its eccentricity differs in the twelfth digit, its inverses are rougher.
        let steps: [(from: Datum, to: Datum, name: String, tolerance: Double)] = [
            (.wgs84, .gcj02, "wgs2gcj", 1e-4), (.gcj02, .wgs84, "gcj2wgs", 0.01),
            (.gcj02, .bd09, "gcj2bd", 1e-6), (.bd09, .gcj02, "bd2gcj", 0.5), (.wgs84, .bd09, "wgs2bd", 1e-4),
            (.bd09, .wgs84, "bd2wgs", 0.5),
        ]
        var numbers = SeededNumbers(2)
        let points = (0..<20_000).map { _ in
            [
                Double.random(in: 72.05...137.8, using: &numbers),
                Double.random(in: 0.85...55.8, using: &numbers),
            ]
        }
        for step in steps {
            let lines = points.map { "\(step.name) \($0[0]) \($0[1])" }
            let answers = try #require(
                try Oracle.answers(Files.repository + "/Tests/DatumsTests/oracle.py", asked: lines))
            try #require(answers.count == points.count)
            var worst = 0.0
            for (given, answer) in zip(points, answers) {
                let theirs = answer.split(separator: " ").compactMap { Double($0) }
                worst = max(worst, metres(moved(step.from, given, to: step.to), theirs))
            }
            #expect(worst < step.tolerance, "\(step.name): \(worst) m")
        }
    }
}
