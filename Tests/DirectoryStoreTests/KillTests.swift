import DirectoryModel
import DirectoryStore
import Foundation
import Synchronization
import Testing

/// A writer in a process of its own is killed at any moment: what it was told is committed is there, wholly.
@Suite struct KillTests {
    /// The first kills come while the store is being made, the later ones between and inside commits.
    @Test func nothingAcknowledgedIsLostAndNothingIsHalfThere() throws {
        let folder = try TemporaryFolder()
        var random = SeededGenerator(seed: 7)
        var revision: UInt64 = 0
        for round in 0..<25 {
            let acknowledged =
                try round < 8
                ? runWriter(in: folder, commits: 0, thenMilliseconds: 5 + 4 * Double(round))
                : runWriter(
                    in: folder, commits: Int.random(in: 1...8, using: &random),
                    thenMilliseconds: Double.random(in: 0...10, using: &random))
            let store = try folder.openStore()
            #expect(
                store.revision.number >= acknowledged ?? revision,
                "round \(round): an acknowledged commit is gone")
            #expect(
                store.revision.number <= (acknowledged ?? revision) + 1,
                "round \(round): one commit at most was under way")
            #expect(store.revision.number >= revision)
            revision = store.revision.number
            try checkSteps(of: store)
            try store.close()
        }
        #expect(revision >= 17, "the writer wrote hardly anything")
    }

    /// Runs the writer and kills it some time after it has acknowledged so many commits.
    ///
    /// - Returns: the revision that it printed last, or nil where it printed none.
    private func runWriter(
        in folder: TemporaryFolder, commits: Int, thenMilliseconds milliseconds: Double
    ) throws -> UInt64? {
        let writer = Process()
        let output = Pipe()
        writer.executableURL = builtProgram("StoreWriter")
        writer.arguments = ["append", folder.path]
        writer.standardOutput = output
        try writer.run()
        let printed = Printed(output.fileHandleForReading)
        printed.wait(forLines: commits)
        Thread.sleep(forTimeInterval: milliseconds / 1_000)
        kill(writer.processIdentifier, SIGKILL)
        writer.waitUntilExit()
        #expect(writer.terminationReason == .uncaughtSignal, "the writer ended by itself")
        return printed.wholeLines().last.flatMap { UInt64($0) }
    }

    /// Step n is revision n: a counter with its number, ten places, an origin, and their audit.
    private func checkSteps(of store: DirectoryStore) throws {
        let steps = Int(store.revision.number)
        var places: Set<String> = []
        var origins: Set<String> = []
        try store.read { reader throws in
            try reader.forEachPlace { places.insert($0.id.rawValue) }
            try reader.forEachOrigin { origins.insert($0.id.rawValue) }
            #expect(try reader.place(PlaceID(unchecked: "counter"))?.name == (steps > 0 ? "\(steps)" : nil))
            var expected: Set<String> = steps > 0 ? ["counter"] : []
            for step in 0..<steps { for number in 0..<10 { expected.insert("\(step + 1)-\(number)") } }
            #expect(places == expected)
            #expect(origins == Set((0..<steps).map { "\($0 + 1)" }))
            // Twelve records a step, and the source in the first.
            let audit = try reader.audit(since: Revision(0), limit: 1_000_000)
            #expect(audit.count == (steps > 0 ? steps * 12 + 1 : 0))
            let keys = try reader.recordIDs(
                of: SourceID(unchecked: "appender"), kind: .place, presentOnly: true)
            #expect(keys["9"] == (steps > 0 ? "\(steps)-9" : nil))
        }
    }
}

/// What comes out of a pipe, read on another thread, so that the writer never waits for its reader.
private final class Printed: Sendable {
    private let text = Mutex("")
    private let line = DispatchSemaphore(value: 0)
    private let end = DispatchSemaphore(value: 0)

    init(_ handle: FileHandle) {
        Thread.detachNewThread { [self] in
            while case let part = handle.availableData, !part.isEmpty {
                let part = String(decoding: part, as: UTF8.self)
                text.withLock { $0 += part }
                for byte in part.utf8 where byte == 0x0A { line.signal() }
            }
            end.signal()
        }
    }

    func wait(forLines count: Int) {
        for _ in 0..<count { _ = line.wait(timeout: .now() + 60) }
    }

    /// All lines up to the end; the last one may have been cut off and is left out.
    func wholeLines() -> [Substring] {
        end.wait()
        return text.withLock { $0.split(separator: "\n", omittingEmptySubsequences: false).dropLast() }
    }
}
