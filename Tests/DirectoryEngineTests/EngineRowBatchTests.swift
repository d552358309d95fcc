import DirectoryAPI
import DirectoryModel
import Foundation
import Testing

@testable import DirectoryEngine

/// Registers that are written row by row, rehearsed, and taken back.
@Suite struct EngineRowBatchTests {
    private let source = Source(
        id: SourceID(unchecked: "office"), kind: "table", title: "台账", attribution: nil, note: nil)

    private func row(_ key: String, _ name: String, east: Double = 0, type: String = "bookshop")
        -> SourcedPlace
    {
        SourcedPlace(
            key: key,
            place: Place(
                id: PlaceID(unchecked: "office-" + key), type: ServiceTypeID(unchecked: type), name: name,
                location: SmallTown.point(east: east, north: 0)), raw: [:])
    }

    private func take(
        _ town: SmallTown, isComplete: Bool = false, isRehearsal: Bool = false, _ rows: [SourcedPlace?],
        outcomes: inout [RowResult]
    ) throws -> BatchReport {
        let batch = RowBatch(
            source: source, fileName: "t.csv", fileDigest: String(repeating: "0", count: 64),
            isComplete: isComplete, isRehearsal: isRehearsal)
        var results: [RowResult] = []
        let report = try town.engine.take(batch, by: town.actor) { (put) throws(DirectoryError) in
            for row in rows { results.append(try put(row)) }
        }
        outcomes = results
        return report
    }

    private func names(_ town: SmallTown) throws -> [String] {
        try town.engine.places(PlaceListQuery()).places.map(\.name).sorted()
    }

    @Test func rowsAreCountedAndCountFromTheEndOn() throws {
        let town = try SmallTown()
        var outcomes: [RowResult] = []
        let first = try take(
            town, [row("1", "甲"), nil, row("2", "乙"), row("3", "丙", type: "nothing")], outcomes: &outcomes)
        #expect(outcomes.map(\.outcome) == [.created, .rejected, .created, .rejected])
        #expect(outcomes[3].findings.map(\.code) == ["unknown_type"])
        #expect(first.counts[.place]?.given == 4 && first.counts[.place]?.rejected == 2)
        #expect(try names(town) == ["乙", "甲"])
        #expect(try town.reach().places.count == 2)

        let second = try take(town, [row("1", "甲"), row("2", "乙2")], outcomes: &outcomes)
        #expect(outcomes.map(\.outcome) == [.unchanged, .changed])
        #expect(second.revision.number == first.revision.number + 1)
        let third = try take(town, [row("1", "甲"), row("2", "乙2")], outcomes: &outcomes)
        #expect(third.revision == second.revision)
        #expect(try town.engine.imports(limit: 10).map(\.rowCount) == [2, 2, 4])
        #expect(try town.engine.imports(limit: 1).map(\.number) == [third.number])
    }

    @Test func whatTheSourceCallsSoStaysTheRecordThatItWas() throws {
        let town = try SmallTown()
        var outcomes: [RowResult] = []
        _ = try take(town, [row("1", "甲")], outcomes: &outcomes)
        var other = row("1", "甲店")
        other.place.id = PlaceID(unchecked: "another-id")
        _ = try take(town, [other], outcomes: &outcomes)
        #expect(outcomes.map(\.id?.rawValue) == ["office-1"])
        #expect(try names(town) == ["甲店"])
    }

    @Test func aWholeTableMarksWhatItNoLongerHas() throws {
        let town = try SmallTown()
        var outcomes: [RowResult] = []
        _ = try take(town, [row("1", "甲"), row("2", "乙")], outcomes: &outcomes)
        let report = try take(town, isComplete: true, [row("2", "乙")], outcomes: &outcomes)
        #expect(report.counts[.place]?.vanished == 1)
        #expect(try town.reach().places.map(\.record.place.name) == ["乙"])
        let number = try #require(report.number)
        let undone = try town.engine.undoImport(number, by: town.actor)
        #expect(undone.restored == 1 && undone.deleted == 0)
        #expect(try town.reach().places.count == 2)
        // It is there again for its source, too: the next whole table without it marks it anew.
        let again = try take(town, isComplete: true, [row("2", "乙")], outcomes: &outcomes)
        #expect(again.counts[.place]?.vanished == 1)
    }

    @Test func aRehearsalSaysTheSameAndWritesNothing() throws {
        let town = try SmallTown()
        var outcomes: [RowResult] = []
        _ = try take(town, [row("1", "甲")], outcomes: &outcomes)
        let before = town.engine.version
        let rows = [row("1", "甲2"), row("2", "乙"), nil]
        let rehearsed = try take(town, isRehearsal: true, rows, outcomes: &outcomes)
        let expected = outcomes.map(\.outcome)
        #expect(expected == [.changed, .created, .rejected])
        #expect(rehearsed.number == nil)
        #expect(town.engine.version == before && rehearsed.revision == before.revision)
        #expect(try names(town) == ["甲"])
        let real = try take(town, rows, outcomes: &outcomes)
        #expect(outcomes.map(\.outcome) == expected)
        #expect(real.counts == rehearsed.counts)
    }

    @Test func aReaderThatFailsChangesNothing() throws {
        let town = try SmallTown()
        let before = town.engine.version
        let error = #expect(throws: DirectoryError.self) {
            try town.engine.take(
                RowBatch(source: source, fileName: "t.csv", fileDigest: "0"), by: town.actor
            ) { (put) throws(DirectoryError) in
                for number in 0..<1_500 { _ = try put(row("\(number)", "店")) }
                throw DirectoryError(.invalidFile, "row 1,501 is cut off")
            }
        }
        #expect(error?.code == .invalidFile)
        #expect(town.engine.version == before)
        #expect(try names(town).isEmpty && town.engine.imports(limit: 5).isEmpty)
    }

    /// The index of an import that is read back from the store has the same as one that is opened anew.
    @Test func theIndexOfALargeImportIsThatOfAStart() throws {
        let town = try SmallTown()
        var outcomes: [RowResult] = []
        let first = (0..<11_000).map { row("\($0)", "店\($0)", east: Double($0 % 300)) }
        _ = try take(town, first, outcomes: &outcomes)
        // All but 500 renamed, 300 left as they are, 200 gone; and some more than once.
        var second = (0..<10_800).map { number in
            row(
                "\(number)", number < 10_500 ? "铺\(number)" : "店\(number)", east: Double(number % 300))
        }
        second += (0..<50).map { row("\($0)", "末\($0)", east: 5) }
        let report = try take(town, isComplete: true, second, outcomes: &outcomes)
        #expect(report.counts[.place]?.unchanged == 300 && report.counts[.place]?.vanished == 200)
        var query = PlaceListQuery()
        query.status = nil
        query.limit = 500
        var listed: [String: String] = [:]
        repeat {
            let page = try town.engine.places(query)
            for place in page.places { listed[place.id.rawValue] = "\(place.name) \(place.status)" }
            query.after = page.next
        } while query.after != nil
        var stored: [String: String] = [:]
        try town.engine.store.read { reader in
            try reader.forEachPlace { stored[$0.id.rawValue] = "\($0.name) \($0.status)" }
        }
        #expect(listed == stored && listed.count == 11_000)
        #expect(listed.values.filter { $0.hasPrefix("末") }.count == 50)
        #expect(listed.values.filter { $0.hasSuffix("active") }.count == 10_800)
        let reached = try town.reach { $0.limit = 500 }.places.map(\.place.name)
        #expect(reached.count == 500)
        #expect(
            reached.allSatisfy { !$0.hasPrefix("店") || (10_500..<10_800).contains(Int($0.dropFirst()) ?? 0) })
    }

    @Test func importsAreTakenBackOneAfterTheOther() throws {
        let town = try SmallTown()
        var outcomes: [RowResult] = []
        let empty = try names(town)
        let first = try #require(try take(town, [row("1", "甲"), row("2", "乙")], outcomes: &outcomes).number)
        let second = try #require(
            try take(town, [row("1", "甲二"), row("3", "丙")], outcomes: &outcomes).number)
        let third = try #require(try take(town, [row("1", "甲三")], outcomes: &outcomes).number)
        #expect(throws: DirectoryError.self) { try town.engine.undoImport(second, by: town.actor) }
        _ = try town.engine.undoImport(third, by: town.actor)
        #expect(try names(town) == ["丙", "乙", "甲二"])
        #expect(throws: DirectoryError.self) { try town.engine.undoImport(third, by: town.actor) }
        #expect(throws: DirectoryError.self) { try town.engine.undoImport(first, by: town.actor) }
        _ = try town.engine.undoImport(second, by: town.actor)
        #expect(try names(town) == ["乙", "甲"])
        _ = try town.engine.undoImport(first, by: town.actor)
        #expect(try names(town) == empty)
        _ = try take(town, [row("1", "甲"), row("2", "乙")], outcomes: &outcomes)
        #expect(outcomes.map(\.outcome) == [.created, .created], "nothing of them is left")
    }

    @Test func manyRowsAreOneRevisionAndAllInTheAudit() throws {
        let town = try SmallTown()
        var outcomes: [RowResult] = []
        let rows = (0..<2_345).map { row("\($0)", "店\($0)", east: Double($0 % 300)) }
        let report = try take(town, rows, outcomes: &outcomes)
        #expect(outcomes.allSatisfy { $0.outcome == .created })
        #expect(try town.reach { $0.limit = WalkLimit.maximumPage }.places.count == WalkLimit.maximumPage)
        let audited = try town.engine.store.read { try $0.audit(of: report.revision) }
        #expect(audited.filter { $0.kind == .place }.count == 2_345)
        #expect(Set(audited.map(\.id)).count == audited.count)
        let number = try #require(report.number)
        let undone = try town.engine.undoImport(number, by: town.actor)
        #expect(undone.deleted == 2_345 && undone.restored == 0)
        #expect(try names(town).isEmpty)
        #expect(try town.reach().places.isEmpty)
    }

    @Test func whatWasChangedSinceIsNotTakenBackInSilence() throws {
        let town = try SmallTown()
        var outcomes: [RowResult] = []
        let first = try take(town, [row("1", "甲"), row("2", "乙")], outcomes: &outcomes)
        let second = try take(town, [row("2", "乙2")], outcomes: &outcomes)
        let number = try #require(first.number)
        let error = #expect(throws: DirectoryError.self) {
            try town.engine.undoImport(number, by: town.actor)
        }
        #expect(error?.code == .changedMeanwhile)
        #expect(error?.message.contains("office-2") == true)
        #expect(try names(town) == ["乙2", "甲"])
        let later = try #require(second.number)
        #expect(try town.engine.undoImport(later, by: town.actor).restored == 1)
        #expect(try names(town) == ["乙", "甲"])
        let unknown = #expect(throws: DirectoryError.self) { try town.engine.undoImport(99, by: town.actor) }
        #expect(unknown?.code == .notFound)
    }

    @Test func anImportThatChangedNothingTakesNothingBack() throws {
        let town = try SmallTown()
        var outcomes: [RowResult] = []
        _ = try take(town, [row("1", "甲")], outcomes: &outcomes)
        let idle = try take(town, [row("1", "甲")], outcomes: &outcomes)
        let number = try #require(idle.number)
        let undone = try town.engine.undoImport(number, by: town.actor)
        #expect(undone.restored == 0 && undone.deleted == 0)
        #expect(try names(town) == ["甲"])
    }
}
