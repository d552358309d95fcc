import Foundation
import Logging
import Testing

@testable import Systemd

@Suite(.serialized) struct SystemdTests {
    @Test func writesPlainLinesWhereNoJournalIs() throws {
        let pipe = Pipe()
        let threshold = LogThreshold(.info)
        var logger = Logger(label: "test") { label in
            SystemLogHandler(
                label: label, threshold: threshold,
                destination: .descriptor(pipe.fileHandleForWriting.fileDescriptor))
        }
        logger[metadataKey: "by"] = "root"
        logger.debug("not seen")
        logger.notice("took 南京\nsecond", metadata: ["code": "x"])
        threshold.level = .error
        logger.notice("not seen")
        threshold.level = .debug
        logger.debug("seen")
        try pipe.fileHandleForWriting.close()
        let text = String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        #expect(text == "notice: took 南京⏎second by=root code=x\ndebug: seen by=root\n")
    }

    @Test func namesJournalFieldsAsTheJournalWants() {
        #expect(SystemLogHandler.fieldName(of: "peer_uid") == "QUARTER_PEER_UID")
        #expect(SystemLogHandler.fieldName(of: "a-b.c 中") == "QUARTER_A_B_C__")
        #expect(SystemLogHandler.fieldName(of: String(repeating: "x", count: 100)).count == 64)
        #expect(Logger.Level.allCases.map { SystemLogHandler.priority(of: $0) } == [7, 7, 6, 5, 4, 3, 2])
    }

    @Test func isSilentWithoutAServiceManager() throws {
        let sockets = try HandedSockets.take()
        #expect(sockets.isEmpty)
        if ProcessInfo.processInfo.environment["NOTIFY_SOCKET"] == nil {
            let manager = ServiceManager()
            #expect(!manager.isPresent)
            manager.ready(status: "x")
        }
    }

    @Test func readsACredentialThatTheServiceManagerHandsOver() throws {
        let folder = NSTemporaryDirectory() + "quarter-cred-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer {
            unsetenv("CREDENTIALS_DIRECTORY")
            try? FileManager.default.removeItem(atPath: folder)
        }
        #expect(Credentials.text("tokens_metrics") == nil)
        setenv("CREDENTIALS_DIRECTORY", folder, 1)
        #expect(Credentials.text("tokens_metrics") == nil)
        try Data("s3cret 一\n\n".utf8).write(to: URL(fileURLWithPath: folder + "/tokens_metrics"))
        #expect(Credentials.text("tokens_metrics") == "s3cret 一")
        try Data("\n".utf8).write(to: URL(fileURLWithPath: folder + "/tokens_metrics"))
        #expect(Credentials.text("tokens_metrics") == nil)
        try FileManager.default.removeItem(atPath: folder + "/tokens_metrics")
        symlink("/etc/passwd", folder + "/tokens_metrics")
        #expect(Credentials.text("tokens_metrics") == nil)
    }

    @Test func takesTheWatchdogsIntervalOnlyWhenItIsMeantForThisProcess() {
        defer {
            unsetenv("WATCHDOG_USEC")
            unsetenv("WATCHDOG_PID")
        }
        #expect(ServiceManager.watchdogInterval == nil)
        setenv("WATCHDOG_USEC", "3000000", 1)
        #expect(ServiceManager.watchdogInterval == 3)
        setenv("WATCHDOG_PID", "1", 1)
        #expect(ServiceManager.watchdogInterval == nil)
        setenv("WATCHDOG_PID", "\(getpid())", 1)
        #expect(ServiceManager.watchdogInterval == 3)
    }
}
