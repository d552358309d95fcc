import DirectoryModel
import DirectoryStore
import Testing

/// What several sources say of one place, rows that wait, pairs that are two, and words of parties.
@Suite struct StatementTests {
    private let folder: TemporaryFolder
    private let store: DirectoryStore
    private let first = Timestamp(secondsSince1970: 1_790_000_000)
    private let later = Timestamp(secondsSince1970: 1_790_100_000)

    init() throws {
        folder = try TemporaryFolder()
        store = try folder.openStore()
        try store.change(by: clerk, source: office, at: first) { store in
            try store.put(Source(id: office, kind: "table", title: "台账"))
            try store.put(Source(id: osm, kind: "osm", title: "map"))
            for id in ["a", "b", "c"] { try store.put(place(id)) }
            try store.see(source: office, key: "1", kind: .place, id: "a")
            try store.see(source: osm, key: "n1", kind: .place, id: "b")
        }
    }

    private func statement(_ id: String, _ source: SourceID, name: String, _ fields: String...)
        -> PlaceStatement
    {
        PlaceStatement(
            source: source, key: "1", place: place(id, name: name),
            since: Dictionary(
                fields.map { ($0, PlaceStatement.Since(revision: Revision(1), time: first)) }
            ) { one, _ in one })
    }

    private func statements(_ id: String) throws -> [PlaceStatement] {
        try store.read { try $0.statements(of: PlaceID(unchecked: id)) }
    }

    @Test func whatARevisionStatedIsTakenBack() throws {
        let old = statement("a", office, name: "甲", "name")
        try store.change(by: clerk) { try $0.put(old, of: old.place.id) }
        let before = store.revision
        try store.change(by: clerk) { store in
            try store.put(statement("a", office, name: "乙", "name", "phone"), of: PlaceID(unchecked: "a"))
            try store.put(statement("a", osm, name: "丙", "name"), of: PlaceID(unchecked: "a"))
            // A second word in the same revision does not make the first one what was before.
            try store.put(statement("a", office, name: "丁", "name"), of: PlaceID(unchecked: "a"))
        }
        let revision = store.revision
        #expect(revision.number == before.number + 1)
        #expect(try statements("a").map(\.place.name) == ["丙", "丁"])
        try store.change(by: clerk) { try $0.undoStatements(at: revision) }
        #expect(try statements("a") == [old])
        #expect(try store.read { try $0.statedPlaces() } == ["a"])
    }

    @Test func aPlaceThatIsGivenUpLeavesItsSightingsToTheOther() throws {
        let (a, b, c) = (PlaceID(unchecked: "a"), PlaceID(unchecked: "b"), PlaceID(unchecked: "c"))
        try store.change(by: clerk) { store in
            try store.put(statement("b", osm, name: "乙", "name"), of: PlaceID(unchecked: "b"))
            try store.keepApart(KeptApart(c, b))
            try store.keepApart(KeptApart(a, b))
            try store.moveSightings(from: b, to: a)
            _ = try store.delete(.place, "b", evenIfSeen: true)
        }
        try store.read { reader throws in
            #expect(try reader.sightings(of: .place, "a").map(\.key) == ["n1", "1"])
            #expect(try reader.statements(of: b).isEmpty)
            // What was two with the one is two with the other; a place is never two with itself.
            #expect(try reader.keptApart() == [KeptApart(a, c)])
            #expect(try reader.recordID(of: osm, kind: .place, key: "n1") == "a")
        }
    }

    @Test func aDeletedPlaceTakesItsStatementsWithIt() throws {
        try store.change(by: clerk, source: office) { store in
            try store.put(statement("a", office, name: "甲", "name"), of: PlaceID(unchecked: "a"))
            try store.keepApart(KeptApart(PlaceID(unchecked: "a"), PlaceID(unchecked: "c")))
            _ = try store.delete(.place, "a")
        }
        #expect(try statements("a").isEmpty)
        #expect(try store.read { try $0.keptApart() }.isEmpty)
    }

    @Test func aHeldRowKeepsItsNumberAndSinceWhen() throws {
        func row(_ key: String, name: String) -> HeldRow {
            HeldRow(
                source: office, key: key, place: place("x-" + key, name: name),
                candidates: [
                    HeldCandidate(place: PlaceID(unchecked: "b"), confidence: 0.93, evidence: [])
                ], fileName: "七月.xlsx", since: first)
        }
        try store.change(by: clerk, at: first) { store in
            try store.hold(row("1", name: "甲"))
            try store.hold(row("2", name: "乙"))
        }
        let revision = store.revision
        try store.change(by: clerk, at: later) { try $0.hold(row("1", name: "甲")) }
        #expect(store.revision == revision, "the same row again changes nothing")
        try store.change(by: clerk, at: later) { try $0.hold(row("1", name: "甲店")) }
        let rows = try store.read { try $0.heldRows(limit: 9) }
        #expect(rows.map(\.number) == [1, 2] && rows.map(\.since) == [first, first])
        #expect(rows.map(\.place.name) == ["甲店", "乙"])
        #expect(try store.read { try $0.heldRows(after: 1, limit: 9) }.map(\.key) == ["2"])
        // Taken back with the import that held it first.
        try store.change(by: clerk) { try $0.undoHeldRows(of: office, at: revision) }
        #expect(try store.read { try $0.heldRows(limit: 9) }.isEmpty)
        try store.change(by: clerk) { try $0.hold(row("1", name: "甲")) }
        let number = try #require(try store.read { try $0.heldRows(limit: 9) }.first?.number)
        #expect(number > 2, "no number is used twice")
        try store.change(by: clerk) { store in
            let isDropped = try store.dropHeldRow(of: office, key: "1")
            let isDroppedAgain = try store.dropHeldRow(of: office, key: "1")
            #expect(isDropped && !isDroppedAgain)
        }
    }

    @Test func theLastWordOfEachPartyCounts() throws {
        func word(_ party: String, _ isConfirmed: Bool, _ time: Timestamp) -> PlaceConfirmation {
            PlaceConfirmation(
                place: PlaceID(unchecked: "a"), fact: "hours", isConfirmed: isConfirmed, value: nil,
                party: party, actor: clerk, time: time)
        }
        let revision = store.revision
        try store.change(by: clerk) { store in
            try store.add(word("captain", true, first))
            try store.add(word("captain", false, later))
            try store.add(word("office", true, first))
        }
        #expect(store.revision.number == revision.number + 1)
        #expect(
            try store.read { try $0.lastConfirmations() }
                == [word("captain", false, later), word("office", true, first)])
        #expect(
            try store.read { try $0.confirmations(of: PlaceID(unchecked: "a"), limit: 2) }
                == [word("office", true, first), word("captain", false, later)])
    }

    /// A delivery that says the same is noted, and raises no revision.
    @Test func adeliveryRenewsItsSightings() throws {
        let revision = store.revision
        func seen() throws -> Timestamp? {
            try store.read { try $0.sightings(of: .place, "a") }.first?.seen
        }
        try store.change(
            by: clerk, source: office, at: Timestamp(secondsSince1970: first.secondsSince1970 + 60)
        ) {
            try $0.see(source: office, key: "1", kind: .place, id: "a")
        }
        #expect(try seen() == first, "twice a day at most")
        try store.change(by: clerk, source: office, at: later) {
            try $0.see(source: office, key: "1", kind: .place, id: "a")
        }
        #expect(try seen() == later)
        #expect(store.revision == revision)
        let last = try store.read { try $0.lastDeliveries(of: .place, but: osm) }
        #expect(last.mapValues(\.time) == ["a": later] && last["a"]?.source == office)
    }
}
