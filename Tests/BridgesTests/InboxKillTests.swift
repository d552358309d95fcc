import Bridges
import DirectoryAPI
import Foundation
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// Whatever is killed, and when: no file is lost, and no row is taken twice.
@Suite(.serialized, .onThreads) struct InboxKillTests {
    private static let rows = 300

    @Test(arguments: [false, true])
    func killsLoseNothingAndTakeNothingTwice(ofDaemonToo: Bool) throws {
        // QUARTER_KILLS asks for more than a test run has time for.
        let kills = ProcessInfo.processInfo.environment["QUARTER_KILLS"].flatMap(Int.init) ?? 8
        let office = try Office()
        try office.source("canteens")
        let log = office.folder + "/bridge.log"
        let words = ["inbox", "--socket", office.socket, "--spool", office.spool, "--settle", "0"]
        func drop(_ number: Int) throws {
            try office.drop(
                Office.table(number * Self.rows + 1, rows: Self.rows), "canteens", "第\(number)份.csv")
        }
        try drop(0)
        let begun = ContinuousClock.now
        let whole = try start("quarter-bridge", words, log: log)
        whole.waitUntilExit()
        #expect(whole.terminationStatus == 0)
        let span = (ContinuousClock.now - begun) / .seconds(1)
        var ended = (before: 0, between: 0, after: 0)
        for number in 1...kills {
            try drop(number)
            let process = try start("quarter-bridge", words, log: log)
            // From before the first byte until after the last, evenly.
            usleep(UInt32(Double(number) / Double(kills + 1) * span * 1_150_000))
            if ofDaemonToo, number.isMultiple(of: 2) {
                office.stopDaemon(SIGKILL)
                kill(process.processIdentifier, SIGKILL)
                process.waitUntilExit()
                try office.startDaemon()
            } else {
                kill(process.processIdentifier, SIGKILL)
                process.waitUntilExit()
            }
            let isImported = try office.imports().contains { $0["file"] == .string("第\(number)份.csv") }
            let isWaiting = office.names("inbox/canteens").contains { $0.text == "第\(number)份.csv" }
            #expect(isWaiting || isImported, "file \(number) is lost")
            if isWaiting, isImported {
                ended.between += 1
            } else if isWaiting {
                ended.before += 1
            } else {
                ended.after += 1
            }
            // Now and then the next run finds two files.
            if !number.isMultiple(of: 3) || number == kills { try office.run() }
        }
        #expect(office.names("inbox/canteens").map(\.text) == ["answers", "source.toml"])
        // Each file once, as it was.
        let kept = office.kept("canteens").filter { !$0.hasEnding(".sha256") }
        #expect(kept.map(\.text).sorted() == (0...kills).map { "第\($0)份.csv" }.sorted())
        #expect(office.kept("canteens").count == 2 * (kills + 1))
        let day = try #require(office.names("archive/canteens").first { $0.bytes.first != 0x2E }?.text)
        for number in 0...kills {
            let text = try office.text("archive/canteens/\(day)/第\(number)份.csv")
            #expect(text == Office.table(number * Self.rows + 1, rows: Self.rows))
        }
        #expect(office.names("inbox/canteens/answers").count == kills + 1)
        // Each row once: every import made all its rows, and there is one for each file.
        let imports = try office.imports()
        #expect(imports.count == kills + 1)
        #expect(imports.allSatisfy { $0["created"] == .whole(Self.rows) && $0["rows"] == .whole(Self.rows) })
        let places = try office.places()
        #expect(places.count == (kills + 1) * Self.rows && Set(places).count == places.count)
        print(
            "\(kills) kills\(ofDaemonToo ? " of both" : ""): \(ended.before) before the import, \(ended.between) "
                + "between import and archive, \(ended.after) after; \(places.count) rows, each once")
    }
}
