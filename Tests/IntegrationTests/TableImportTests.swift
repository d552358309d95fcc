import DemoTown
import Foundation
import TestSockets
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// Tables through the real programs: with the daemon, without it, and killed in between.
@Suite(.serialized, .onThreads) struct TableImportTests {
    private func table(_ rows: Int) -> String {
        var text = "编号,名称,业态,经度,纬度,营业时间\n"
        for row in 1...rows {
            text += "\(row),书店\(row),新式书店,118.7\(10_000 + row),32.0\(10_000 + row),9:00-21:00\n"
        }
        return text
    }

    @Test func theAnswerComesBackThroughTheSocketAndTheImportCanBeTakenBack() throws {
        let scratch = try Scratch()
        let state = scratch.path + "/s"
        let daemon = try RunningDaemon(state: state)
        let file = scratch.path + "/书店.csv"
        try Data((table(3) + "4,,新式书店,118.71,32.01,\n").utf8).write(to: URL(fileURLWithPath: file))
        func quarterctl(_ words: String...) throws -> String {
            let ending = try Tool.run("quarterctl", ["--state", state] + words)
            #expect(ending.status == 0, "\(words): \(ending.complaint)")
            return ending.output
        }
        let rehearsed = try quarterctl(
            "import", file, "--source", "office", "--datum", "wgs84", "--dry-run", "--lang", "en")
        #expect(rehearsed.contains("Nothing was written"))
        #expect(try quarterctl("import", "list").contains("Nothing was brought in yet."))
        let taken = try quarterctl("import", file, "--source", "office", "--datum", "wgs84", "--lang", "en")
        #expect(taken.contains("error B5 #5 name: there is no name; fill it in"))
        let answer = try String(contentsOfFile: scratch.path + "/书店.answer.csv", encoding: .utf8)
        #expect(answer.contains("未导入") && answer.contains("office-1"))
        let client = try daemon.client()
        #expect(try client.get("/v1/places").object()["places"].map { ($0 as? [Any])?.count } == 3)
        #expect(try client.get("/v1/answers/..%2Fx.csv").status != 200)
        let undone = try quarterctl("import", "undo", "1")
        #expect(undone.contains("3 places are gone"))
        #expect(try client.get("/v1/places").object()["places"].map { ($0 as? [Any])?.count } == 0)
        #expect(daemon.stop() == 0)
    }

    /// The key holds through the socket, across kill -9 and a new process.
    @Test func aRegisterSentAgainWithItsKeyGetsItsFirstReport() throws {
        let scratch = try Scratch()
        let state = scratch.path + "/s"
        var daemon = try RunningDaemon(state: state)
        func send(_ text: String, key: String = "k1", words: String = "") throws
            -> RawClient.Answer
        {
            let client = try RawClient(unix: state + "/admin.sock", timeout: 60)
            let bytes = Array(text.utf8)
            client.send(
                "POST /v1/registers?format=table&source=office&datum=wgs84\(words) HTTP/1.1\r\nHost: x\r\n"
                    + "Content-Disposition: attachment; filename*=UTF-8''a.csv\r\nIdempotency-Key: \(key)\r\n"
                    + "Content-Length: \(bytes.count)\r\n\r\n")
            client.send(bytes)
            return try client.answer()
        }
        let first = try send(table(3))
        #expect(first.status == 200 && first.headers["idempotent-replayed"] == nil)
        let again = try send(table(3))
        #expect(again.status == 200 && again.body == first.body)
        #expect(again.headers["idempotent-replayed"] == "true")
        daemon.stop(SIGKILL)
        daemon = try RunningDaemon(state: state)
        #expect(try send(table(3)).body == first.body)
        for reused in [try send(table(4)), try send(table(3), words: "&complete=yes")] {
            #expect(reused.status == 422)
            #expect(try reused.code() == "idempotency_key_reused")
        }
        #expect(try send(table(3), key: String(repeating: "k", count: 129)).status == 400)
        let client = try daemon.admin()
        #expect(try client.get("/v1/imports").object()["imports"].map { ($0 as? [Any])?.count } == 1)
        #expect(daemon.stop() == 0)
    }

    /// Whatever the moment, a batch is in wholly, or not at all; and the next import goes on.
    @Test func aKillLeavesAllOfABatchOrNothing() throws {
        let scratch = try Scratch()
        let state = scratch.path + "/s"
        try FileManager.default.createDirectory(atPath: state, withIntermediateDirectories: true)
        let file = scratch.path + "/书店.csv"
        let rows = 2_000
        try Data(table(rows).utf8).write(to: URL(fileURLWithPath: file))
        let words = [
            "--state", state, "import", file, "--source", "office", "--datum", "wgs84", "--no-answer",
            "--json",
        ]
        let whole = Date()
        _ = try Tool.run("quarterctl", words)
        let span = Date().timeIntervalSince(whole)
        // QUARTER_KILLS asks for more than a test run has time for.
        let kills = ProcessInfo.processInfo.environment["QUARTER_KILLS"].flatMap(Int.init) ?? 12
        var ended = (before: 0, after: 0)
        for number in 0..<kills {
            try? FileManager.default.removeItem(atPath: state)
            try FileManager.default.createDirectory(atPath: state, withIntermediateDirectories: true)
            let process = try Tool.start("quarterctl", words)
            // From before the first row until after the last, evenly, with the end more densely.
            let share = sqrt(Double(number + 1) / Double(kills + 1))
            usleep(UInt32(share * span * 1_100_000))
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            let listed = try Tool.run("quarterctl", words)
            #expect(listed.status == 0, "\(listed.complaint)")
            let report = try #require(
                try JSONSerialization.jsonObject(with: Data(listed.output.utf8)) as? [String: Any])
            let counts = try #require((report["counts"] as? [String: [String: Int]])?["place"])
            let isAll = counts["unchanged"] == rows && counts["created"] == 0
            let isNothing = counts["created"] == rows && counts["unchanged"] == 0
            #expect(isAll || isNothing, "\(counts)")
            if isAll { ended.after += 1 } else { ended.before += 1 }
        }
        #expect(ended.before > 0, "every kill came too late: \(ended)")
    }
}

/// A program that was built beside the tests, with what it says.
enum Tool {
    struct Ending {
        let status: Int32
        let output: String
        let complaint: String
    }

    static func start(_ name: String, _ arguments: [String]) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: buildFolder + "/" + name)
        process.arguments = arguments
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        return process
    }

    static func run(_ name: String, _ arguments: [String]) throws -> Ending {
        let folder = try Scratch()
        func stream(_ name: String) throws -> FileHandle {
            _ = FileManager.default.createFile(atPath: folder.path + "/" + name, contents: nil)
            return try unwrapped(FileHandle(forWritingAtPath: folder.path + "/" + name), "no file")
        }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: buildFolder + "/" + name)
        process.arguments = arguments
        process.standardOutput = try stream("output")
        process.standardError = try stream("complaint")
        try process.run()
        process.waitUntilExit()
        func text(_ name: String) throws -> String {
            try String(contentsOfFile: folder.path + "/" + name, encoding: .utf8)
        }
        return Ending(
            status: process.terminationStatus, output: try text("output"), complaint: try text("complaint"))
    }
}
