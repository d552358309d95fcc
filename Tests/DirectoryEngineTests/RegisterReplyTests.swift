import DirectoryAPI
import DirectoryModel
import Dispatch
import Foundation
import Registers
import Synchronization
import Testing

@testable import DirectoryEngine

/// A register that is sent again with its Idempotency-Key.
@Suite struct RegisterReplyTests {
    private let table = "编号,名称,业态,经度(WGS84),纬度\n1,新华书店,书店,118.7001,32.0001\n2,,书店,118.7,32\n"

    private func take(
        _ engine: DirectoryEngine, in folder: String, _ text: String, key: String?, file: String = "台账.csv",
        format: String = "table", as actor: Actor = Actor(name: "clerk", uid: 1000),
        _ change: (inout TableInstructions) -> Void = { _ in }
    ) throws(DirectoryError) -> RegisterReport {
        let path = folder + "/" + UUID().uuidString
        guard FileManager.default.createFile(atPath: path, contents: Data(text.utf8)) else {
            throw DirectoryError(.unreadableFile, path)
        }
        var instructions = TableInstructions()
        instructions.wantsAnswer = true
        change(&instructions)
        return try RegisterReader(sink: engine).take(
            RegisterRequest(
                path: path, fileName: file, format: format, source: SourceID(unchecked: "zhuyuan"),
                actor: actor,
                table: instructions, idempotencyKey: key)
        ) { _, _ in }
    }

    private func json(_ report: RegisterReport) -> String {
        var json = JSONWriter()
        report.write(to: &json)
        return String(decoding: json.bytes(), as: UTF8.self)
    }

    private func names(_ engine: DirectoryEngine) throws -> [String] {
        try engine.places(PlaceListQuery()).places.map(\.name).sorted()
    }

    @Test func theFirstReportIsGivenAgainAndNothingIsWritten() throws {
        let town = try SmallTown()
        let first = try take(town.engine, in: town.folder, table, key: "k")
        #expect(first.firstReply == nil)
        #expect(first.batch.counts[.place]?.created == 1)
        #expect(first.batch.counts[.place]?.rejected == 1)
        #expect(first.batch.revision == town.engine.version.revision)
        _ = try town.engine.undoImport(1, by: town.actor)
        let before = town.engine.version.revision
        let again = try take(town.engine, in: town.folder, table, key: "k")
        #expect(again.firstReply.map { String(decoding: $0, as: UTF8.self) } == json(first))
        #expect(town.engine.version.revision == before)
        #expect(try names(town.engine).isEmpty)
        #expect(try town.engine.imports(limit: 9).count == 1)
        // The answer file is that of the first, and there is one only.
        let name = try #require(first.answerPath?.split(separator: "/").last.map(String.init))
        let answer = try RegisterReader(sink: town.engine).answer(name, from: 0, count: nil)
        #expect(String(decoding: answer, as: UTF8.self).contains("新华书店"))
        let answers = try FileManager.default.contentsOfDirectory(atPath: town.folder + "/registers/answers")
        #expect(answers.count == 1)
        // Without a key, or with one of its own, it is a request of its own.
        #expect(try take(town.engine, in: town.folder, table, key: nil).batch.counts[.place]?.created == 1)
        #expect(try take(town.engine, in: town.folder, table, key: "l").batch.counts[.place]?.unchanged == 1)
    }

    @Test func anotherFileOrOtherWordsUnderTheKeyAreRefused() throws {
        let town = try SmallTown()
        _ = try take(town.engine, in: town.folder, table, key: "k")
        func refused(
            _ text: String? = nil, file: String = "台账.csv",
            _ change: (inout TableInstructions) -> Void = { _ in }
        ) -> DirectoryError.Code? {
            do throws(DirectoryError) {
                _ = try take(town.engine, in: town.folder, text ?? table, key: "k", file: file, change)
                return nil
            } catch {
                return error.code
            }
        }
        #expect(refused() == nil)
        #expect(refused(table + "3,猫的天空,书店,118.7002,32\n") == .keyReused)
        #expect(refused(file: "新台账.csv") == .keyReused)
        #expect(refused { $0.datum = .gcj02 } == .keyReused)
        #expect(refused { $0.isComplete = true } == .keyReused)
        #expect(refused { $0.mapping = "datum = \"wgs84\"" } == .keyReused)
        #expect(try names(town.engine) == ["新华书店"])
        // The key is the writer's own.
        let other = Actor(name: "other", uid: 1001)
        let report = try take(town.engine, in: town.folder, table, key: "k", as: other)
        #expect(report.firstReply == nil && report.batch.counts[.place]?.unchanged == 1)
    }

    @Test func aRehearsalIsMadeAnewAndLeavesTheKeyFree() throws {
        let town = try SmallTown()
        func rehearse() throws -> RegisterReport {
            try take(town.engine, in: town.folder, table, key: "k") { $0.isRehearsal = true }
        }
        #expect(try rehearse().batch.counts[.place]?.created == 1)
        let report = try take(town.engine, in: town.folder, table, key: "k")
        #expect(report.firstReply == nil && report.batch.counts[.place]?.created == 1)
        #expect(try rehearse().batch.counts[.place]?.unchanged == 1)
    }

    @Test func aFileThatWasRefusedLeavesTheKeyFree() throws {
        let town = try SmallTown()
        #expect(throws: DirectoryError.self) {
            try take(town.engine, in: town.folder, "nothing that is a table\n", key: "k")
        }
        #expect(try take(town.engine, in: town.folder, table, key: "k").batch.counts[.place]?.created == 1)
    }

    @Test func itIsRememberedAcrossARestart() throws {
        let town = try SmallTown()
        let first = try take(town.engine, in: town.folder, table, key: "k")
        try town.engine.close()
        let engine = try SmallTown.open(town.folder)
        defer { try? engine.close() }
        let again = try take(engine, in: town.folder, table, key: "k")
        #expect(again.firstReply.map { String(decoding: $0, as: UTF8.self) } == json(first))
    }

    @Test func registersOfTheOtherFormatsAreRememberedToo() throws {
        let town = try SmallTown()
        let records = #"{"organisations":[{"id":"o1","name":"竹园街道办"}],"places":[{"id":"x"}]}"#
        let communities = """
            {"type":"FeatureCollection","features":[{"type":"Feature","geometry":null,
            "properties":{"kind":"community","id":"zy","name":"竹园社区"}}]}
            """
        for (format, text) in [("records", records), ("communities", communities)] {
            let first = try take(town.engine, in: town.folder, text, key: format, format: format)
            let revision = town.engine.version.revision
            #expect(first.batch.revision == revision)
            let again = try take(town.engine, in: town.folder, text, key: format, format: format)
            #expect(again.firstReply.map { String(decoding: $0, as: UTF8.self) } == json(first), "\(format)")
            #expect(town.engine.version.revision == revision)
        }
    }

    @Test func twoRequestsWithOneKeyAtOnceAreOne() throws {
        let town = try SmallTown()
        for round in 0..<5 {
            let reports = Mutex<[RegisterReport]>([])
            let faults = Mutex<[DirectoryError]>([])
            let text = table + "\(round + 10),书店\(round),书店,118.70\(round + 10),32.0002\n"
            let (engine, folder) = (town.engine, town.folder)
            DispatchQueue.concurrentPerform(iterations: 4) { _ in
                do throws(DirectoryError) {
                    let report = try take(engine, in: folder, text, key: "k\(round)")
                    reports.withLock { $0.append(report) }
                } catch {
                    faults.withLock { $0.append(error) }
                }
            }
            #expect(faults.withLock { $0.map(\.description) } == [])
            let all = reports.withLock { $0 }
            let own = all.filter { $0.firstReply == nil }
            try #require(own.count == 1)
            for report in all where report.firstReply != nil {
                #expect(report.firstReply.map { String(decoding: $0, as: UTF8.self) } == json(own[0]))
            }
        }
        #expect(try town.engine.imports(limit: 50).count == 5)
    }
}
