import DirectoryAPI
import DirectoryClient
import DirectoryModel
import Foundation
import TestSockets
import Testing

@testable import Bridges

#if canImport(Glibc)
    import Glibc
#endif

/// Drop folders, with a real daemon behind them.
@Suite(.serialized, .onThreads) struct InboxTests {
    @Test func aTableIsTakenAnsweredAndKept() throws {
        let office = try Office()
        try office.source("canteens")
        try office.drop(Office.table() + "C9,,118.71,32.01\n", "canteens", "食堂台账.csv")
        #expect(try office.run() == InboxRun.Tally(taken: 1))
        #expect(office.names("inbox/canteens").map(\.text) == ["answers", "source.toml"])
        let answer = try office.text("inbox/canteens/answers/食堂台账.answer.csv")
        #expect(answer.contains("未导入") && answer.contains("食堂2"))
        #expect(try office.places() == ["食堂1", "食堂2"])
        #expect(office.kept("canteens").map(\.text) == ["食堂台账.csv", "食堂台账.csv.sha256"])
        let day = try #require(office.names("archive/canteens").first?.text)
        #expect(try checks("食堂台账.csv.sha256", in: office.spool + "/archive/canteens/" + day))
        // The next month's goes in by the mapping that the directory has kept.
        try FileManager.default.removeItem(atPath: office.spool + "/inbox/canteens/source.toml")
        try office.drop(Office.table(3), "canteens", "食堂台账.csv")
        #expect(try office.run() == InboxRun.Tally(taken: 1))
        #expect(try office.places().count == 4)
        #expect(
            office.kept("canteens").map(\.text) == [
                "食堂台账-2.csv", "食堂台账-2.csv.sha256", "食堂台账.csv", "食堂台账.csv.sha256",
            ])
        #expect(
            office.names("inbox/canteens/answers").map(\.text) == [
                "食堂台账.answer-2.csv", "食堂台账.answer.csv",
            ])
        #expect(try office.run() == InboxRun.Tally())
    }

    @Test func otherRegistersAreAnsweredByAText() throws {
        let office = try Office()
        try office.source("communities", mapping: nil)
        let feature =
            #"{"type":"Feature","geometry":null,"properties":{"kind":"community","id":"zy","name":"竹园"}}"#
        try office.drop(
            #"{"type":"FeatureCollection","features":[\#(feature)]}"#, "communities", "社区.geojson")
        #expect(try office.run() == InboxRun.Tally(taken: 1))
        let answer = try office.text("inbox/communities/answers/社区.answer.txt")
        #expect(answer.contains("community: ") && answer.hasPrefix("\u{FEFF}社区.geojson\r\n"))
    }

    @Test func namesOfAnyBytesAreKeptAsTheyAre() throws {
        let office = try Office()
        try office.source("canteens")
        let names: [[UInt8]] = [
            Array("两\n行\u{1B}[31m.csv".utf8), Array("a b'\"\\;$(x).csv".utf8), Array("-rf.csv".utf8),
            // 食堂.csv in GB 18030.
            [0xCA, 0xB3, 0xCC, 0xC3] + Array(".csv".utf8), [0xFF, 0xFE] + Array(".csv".utf8),
            Array(String(repeating: "堂", count: 83).utf8) + Array("xx.csv".utf8),
        ]
        #expect(names.last?.count == 255)
        for (number, name) in names.enumerated() {
            try office.drop(Office.table(number * 10 + 1, rows: 1), "canteens", name)
        }
        #expect(try office.run() == InboxRun.Tally(taken: names.count))
        let kept = office.kept("canteens").filter { !$0.hasEnding(".sha256") }
        #expect(Set(kept.map(\.bytes)) == Set(names))
        #expect(office.kept("canteens").count == 2 * names.count)
        #expect(office.names("inbox/canteens/answers").count == names.count)
        #expect(try office.places().count == names.count)
        let files = try office.imports().compactMap {
            if case .string(let file)? = $0["file"] { file } else { nil }
        }
        #expect(files.contains("食堂.csv"))
        #expect(files.contains { $0.contains("两\\u{A}行\\u{1B}") })
        // What sha256sum can check, it does: all but the names that are no UTF-8.
        let day = try #require(office.names("archive/canteens").first?.text)
        for name in names where String(validating: name, as: UTF8.self) != nil {
            let digest = FileName(name).adding(".sha256")
            #expect(try checks(digest.text, in: office.spool + "/archive/canteens/" + day), "\(digest)")
        }
    }

    @Test func whatCannotBeReadIsPutAsideWithItsReason() throws {
        let office = try Office()
        let folder = try office.source("canteens")
        let secret = office.folder + "/secret.csv"
        try Data(Office.table().utf8).write(to: URL(fileURLWithPath: secret))
        try office.drop("", "canteens", "空.csv")
        try office.drop("x", "canteens", "照片.jpg")
        try office.drop("no workbook", "canteens", "坏.xlsx")
        try office.drop("无,头\n1,2\n", "canteens", "无头.csv")
        try office.drop("", "canteens", "大.csv")
        #expect(truncate(folder + "/大.csv", 3 << 30) == 0)
        #expect(symlink(secret, folder + "/链接.csv") == 0)
        #expect(symlink("/nowhere", folder + "/断.csv") == 0)
        #expect(mkfifo(folder + "/管道.csv", 0o666) == 0)
        #expect(mkdir(folder + "/文件夹.csv", 0o777) == 0)
        #expect(try office.run() == InboxRun.Tally(failed: 9))
        #expect(office.names("inbox/canteens").map(\.text).sorted() == ["failed", "source.toml"])
        let failed = office.names("inbox/canteens/failed").map(\.text)
        #expect(failed.count == 18)
        for (name, words) in [
            ("空.csv", "is empty"), ("照片.jpg", "文件名后缀不是"), ("坏.xlsx", "文件内容无法识别"),
            ("无头.csv", "mapping"), ("大.csv", "文件过大"), ("链接.csv", "is a link"), ("断.csv", "is a link"),
            ("管道.csv", "is no file"), ("文件夹.csv", "is a folder"),
        ] {
            let reason = try office.text("inbox/canteens/failed/\(name).reason.txt")
            #expect(reason.contains(words) && reason.contains("移回上一级文件夹"), "\(reason)")
            #expect(reason.split(separator: "\n").count == 1)
        }
        #expect(try String(contentsOfFile: secret, encoding: .utf8) == Office.table())
        #expect(try office.places().isEmpty && office.imports().isEmpty)
        // Mended and moved back it is taken.
        try FileManager.default.removeItem(atPath: folder + "/failed/坏.xlsx")
        try office.drop(Office.table(), "canteens", "坏.xlsx")
        #expect(try office.run() == InboxRun.Tally(taken: 1))
    }

    @Test func whatIsNotCompleteByItsNameIsLeftAlone() throws {
        let office = try Office(isUp: false)
        try office.source("canteens")
        let names = [
            ".~lock.台账.csv#", ".hidden.csv", "Thumbs.db", "~$台账.xlsx", "台账.csv.PART", "台账.csv.crdownload",
        ]
        for name in names { try office.drop(Office.table(), "canteens", name) }
        try office.source(".trash", mapping: nil)
        #expect(try office.run() == InboxRun.Tally())
        #expect(office.names("inbox/canteens").map(\.text) == (names + ["source.toml"]).sorted())
    }

    @Test func aFileIsTakenWholeHoweverSlowlyItComes() throws {
        let office = try Office()
        let folder = try office.source("canteens")
        let text = Array(Office.table(rows: 300).utf8)
        let file = open(folder + "/慢.csv", O_WRONLY | O_CREAT, 0o640)
        Thread.detachNewThread {
            // Pieces that end anywhere, over a second in all.
            for start in stride(from: 0, to: text.count, by: 1_000) {
                let piece = Array(text[start..<min(start + 1_000, text.count)])
                _ = write(file, piece, piece.count)
                usleep(100_000)
            }
            close(file)
        }
        #expect(try office.run(office.rules(settling: 0.6, patience: 60)) == InboxRun.Tally(taken: 1))
        #expect(try office.places().count == 300)
        // One that is moved there is complete, also while others are waited for.
        try Data(Office.table(1_000).utf8).write(to: URL(fileURLWithPath: office.folder + "/new"))
        #expect(rename(office.folder + "/new", folder + "/整.csv") == 0)
        #expect(try office.run() == InboxRun.Tally(taken: 1))
    }

    @Test func aFileThatSomebodyHasOpenToWriteWaits() throws {
        let office = try Office()
        let folder = try office.source("canteens")
        let file = open(folder + "/写.csv", O_WRONLY | O_CREAT, 0o640)
        let text = Array(Office.table().utf8)
        _ = write(file, text, text.count)
        // However long ago that was: the kernel knows of the writer.
        #expect(try office.run() == InboxRun.Tally(unsettled: 1))
        close(file)
        #expect(try office.run() == InboxRun.Tally(taken: 1))
    }

    @Test func aFileThatChangesWhileItIsTakenStaysAndIsTakenAgain() throws {
        let office = try Office()
        let folder = try office.source("canteens")
        try office.drop(Office.table(rows: 6_000), "canteens", "台账.csv")
        let copy = office.spool + "/archive/canteens/.taking"
        Thread.detachNewThread {
            // Once the copy is whole, which its rights tell, the daemon has it for a while.
            var status = stat()
            while stat(copy, &status) != 0 || status.st_mode & 0o777 != 0o440 { usleep(1_000) }
            usleep(50_000)
            let file = open(folder + "/台账.csv", O_WRONLY | O_APPEND)
            let row = Array("C6001,食堂6001,118.71,32.01\n".utf8)
            _ = write(file, row, row.count)
            close(file)
        }
        #expect(try office.run(office.rules(patience: 60)) == InboxRun.Tally(taken: 2))
        #expect(try office.places().count == 6_001)
        let imports = try office.imports()
        #expect(imports.map { $0["rows"] } == [.whole(6_001), .whole(6_000)])
        #expect(imports.first?["created"] == .whole(1))
        #expect(office.names("inbox/canteens").map(\.text) == ["answers", "source.toml"])
        #expect(office.kept("canteens").count == 4)
    }

    @Test func whileTheDaemonIsAwayEverythingStays() throws {
        let office = try Office(isUp: false)
        try office.source("canteens")
        try office.drop(Office.table(), "canteens", "台账.csv")
        for _ in 0..<2 {
            let error = #expect(throws: DirectoryError.self) { try office.run() }
            #expect(error?.code == .cannotConnect)
            #expect(office.names("inbox/canteens").map(\.text) == ["source.toml", "台账.csv"])
            #expect(office.names("archive/canteens").isEmpty)
        }
        let log = office.folder + "/bridge.log"
        let process = try start(
            "quarter-bridge", ["inbox", "--socket", office.socket, "--spool", office.spool, "--settle", "0"],
            log: log
        )
        process.waitUntilExit()
        #expect(process.terminationStatus == ErrorTable.exitCode(of: .cannotConnect))
        let words = try String(contentsOfFile: log, encoding: .utf8)
        #expect(words.contains("all files stay for the next run: there is no socket at"), "\(words)")
        try office.startDaemon()
        #expect(try office.run() == InboxRun.Tally(taken: 1))
    }

    @Test func theSameFileDroppedAgainAfterItWasTakenBackComesInAgain() throws {
        let office = try Office()
        try office.source("canteens")
        for round in 1...2 {
            try office.drop(Office.table(), "canteens", "台账.csv")
            #expect(try office.run() == InboxRun.Tally(taken: 1))
            #expect(try office.places().count == 2, "round \(round)")
            _ = try office.client.send(ClientRequest("DELETE", "/v1/imports/\(round)"))
        }
        // The same bytes under the same name on the same day are kept once.
        #expect(office.kept("canteens").count == 2)
    }

    @Test func noLinkLeadsOutAndOneSourceDoesNotHinderAnother() throws {
        let office = try Office()
        let outside = office.folder + "/outside"
        try FileManager.default.createDirectory(atPath: outside, withIntermediateDirectories: true)
        let folder = try office.source("a")
        #expect(symlink(outside, folder + "/answers") == 0)
        #expect(symlink(outside, folder + "/failed") == 0)
        try office.drop(Office.table(), "a", "台账.csv")
        try office.drop("", "a", "空.csv")
        #expect(symlink(outside, office.spool + "/inbox/linked") == 0)
        try Data(Office.table().utf8).write(to: URL(fileURLWithPath: outside + "/x.csv"))
        try office.source("b")
        try office.drop(Office.table(10), "b", "台账.csv")
        #expect(try office.run() == InboxRun.Tally(taken: 1, postponed: 2))
        #expect(try FileManager.default.contentsOfDirectory(atPath: outside) == ["x.csv"])
        #expect(
            office.names("inbox/a").map(\.text) == ["answers", "failed", "source.toml", "台账.csv", "空.csv"])
        unlink(folder + "/answers")
        unlink(folder + "/failed")
        #expect(try office.run() == InboxRun.Tally(taken: 1, failed: 1))
        // It was in the directory already, and was not taken twice.
        #expect(try office.imports().count == 2)
    }

    @Test func oneRunAtATimeIsAtWork() throws {
        let office = try Office(isUp: false)
        let other = open(office.spool + "/archive/.lock", O_RDWR | O_CREAT, 0o600)
        #expect(flock(other, LOCK_EX | LOCK_NB) == 0)
        let error = #expect(throws: DirectoryError.self) { try office.run() }
        #expect(error?.code == .stateLocked)
        close(other)
        #expect(try office.run() == InboxRun.Tally())
    }

    @Test func quarterctlTellsWhatWaitsFailedAndWasAnswered() throws {
        let office = try Office()
        try office.source("canteens")
        func told(_ words: String...) throws -> String {
            let log = office.folder + "/told"
            let process = try start("quarterctl", ["inbox", "--spool", office.spool] + words, log: log)
            process.waitUntilExit()
            #expect(process.terminationStatus == 0)
            return try String(contentsOfFile: log, encoding: .utf8)
        }
        try office.drop(Office.table(), "canteens", "台账.csv")
        try office.drop("", "canteens", "空.csv")
        try office.run()
        try office.drop(Office.table(), "canteens", "新.csv")
        let line = try #require(try told().split(separator: "\n").first { $0.hasPrefix("canteens") })
        let cells = line.split(separator: " ", omittingEmptySubsequences: true)
        #expect(cells.prefix(4) == ["canteens", "1", "1", "1"])
        #expect(line.contains("台账.answer.csv"))
        #expect(try told().contains("failed: read 空.csv.reason.txt"))
        let json = try JSONValue(json: Array(try told("--json").utf8))
        guard case .array(let sources)? = json["sources"] else { throw CocoaError(.coderReadCorrupt) }
        #expect(sources.first?["waiting"] == .array([.string("新.csv")]))
    }

    private func checks(_ list: String, in folder: String) throws -> Bool {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/sha256sum")
        process.arguments = ["--check", "--strict", "--", list]
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}
