import DirectoryAPI
import DirectoryModel
import DirectoryStore
import Foundation
import GRDB
import Synchronization
import Testing

@testable import DirectoryEngine

/// The change feed of the engine beside a slow reading of the whole audit.
@Suite struct EngineChangeTests {
    /// A town that has seen edits of every kind, single and in bulk.
    private func busyTown() throws -> SmallTown {
        let town = try SmallTown()
        try town.putCommunity("west", east: -1100 ... -1)
        try town.putCommunity("east", east: 1...1100)
        var random = SmallRandom(state: 77)
        let types = ["pharmacy", "toilet", "laundry"]
        for step in 0..<120 {
            let id = "p\(random.next(30))"
            switch random.next(6) {
            case 0:
                var batch = RecordBatch(
                    source: Source(id: SourceID(unchecked: "osm"), kind: "osm", title: "t \(random.next(3))"))
                batch.places = (0..<(5 + Int(random.next(20)))).map { number in
                    SourcedPlace(
                        key: "n\(number)",
                        place: Place(
                            id: PlaceID(unchecked: "osm-n\(number)"),
                            type: ServiceTypeID(unchecked: "toilet"),
                            name: "公厕 \(random.next(9))",
                            location: SmallTown.point(east: Double(random.next(1800)) - 900, north: 0)),
                        raw: [:])
                }
                batch.complete = [.place]
                _ = try town.engine.apply(batch, by: town.actor)
            case 1:
                _ = try? town.engine.deletePlace(PlaceID(unchecked: id), WriteContext(actor: town.actor))
            case 2:
                let body = #"{"name":"互助会 \#(step)"}"#
                _ = try town.engine.putOrganisation(
                    OrganisationID(unchecked: "o\(random.next(3))"),
                    OrganisationBody(JSONValue(json: Array(body.utf8))), WriteContext(actor: town.actor))
            default:
                try town.put(
                    id, types[Int(random.next(3))], east: Double(random.next(1800)) - 900, north: 0,
                    name: "店 \(random.next(4))")
            }
        }
        return town
    }

    /// All changes of a query, in pages of odd sizes.
    private func all(_ town: SmallTown, _ query: ChangeQuery, limit: Int = 7) throws -> [RecordChange] {
        var query = query
        query.position = FeedPosition(Revision(0))
        query.limit = limit
        var changes: [RecordChange] = []
        while true {
            let page = try town.engine.changes(query)
            #expect(page.changes.count <= limit)
            changes += page.changes
            query.position = page.next
            if page.isWhole { return changes }
        }
    }

    /// What the audit says, read whole and slowly.
    private struct SlowEntry {
        let entry: AuditEntry
        let before: [String: Any]?
        let after: [String: Any]?
        let position: String
    }

    private func audit(_ town: SmallTown) throws -> [SlowEntry] {
        let audit = try town.engine.store.read { try $0.audit(since: Revision(0), limit: 1_000_000) }
        func object(_ text: String?) throws -> [String: Any]? {
            try text.map { try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] ?? [:] }
        }
        return try audit.enumerated().map { index, entry in
            let part = audit[...index].count { $0.revision == entry.revision }
            let isLast = index + 1 == audit.count || audit[index + 1].revision != entry.revision
            return SlowEntry(
                entry: entry, before: try object(entry.before), after: try object(entry.after),
                position: "\(entry.revision.number)\(isLast ? "" : ".\(part)")")
        }
    }

    private func expected(_ audit: [SlowEntry], _ query: ChangeQuery) -> [String] {
        var lines: [String] = []
        for slow in audit where slow.entry.kind != .source {
            let (entry, before, after) = (slow.entry, slow.before, slow.after)
            let counts = [before, after].compactMap { $0 }.contains { side in
                let community = entry.kind == .community ? entry.id : side["community"] as? String
                let type = entry.kind == .place ? side["type"] as? String : nil
                return (query.kinds.isEmpty || query.kinds.map(\.rawValue).contains(entry.kind.rawValue))
                    && (query.community == nil || query.community?.rawValue == community)
                    && (query.types.isEmpty || query.types.map(\.rawValue).contains(type ?? "-"))
            }
            guard counts else { continue }
            let isClosed = { (side: [String: Any]?) in side?["status"] as? String == "closed_at_source" }
            let outcome =
                before == nil
                ? "created"
                : after == nil ? "removed" : isClosed(after) && !isClosed(before) ? "closed" : "changed"
            lines.append("\(slow.position) \(outcome) \(entry.kind.rawValue) \(entry.id)")
        }
        return lines
    }

    @Test func everyFilterAgreesWithASlowReadingOfTheAudit() throws {
        let town = try busyTown()
        let audit = try audit(town)
        let communities = [nil, "east", "west", "nowhere"].map { $0.map { CommunityID(unchecked: $0) } }
        let types = [[], ["toilet"], ["pharmacy", "laundry"], ["gone"]].map {
            $0.map { ServiceTypeID(unchecked: $0) }
        }
        let kinds: [[ChangeQuery.Kind]] = [[], [.place], [.community, .organisation], [.grid]]
        var compared = 0
        var outcomes: Set<RecordChange.Outcome> = []
        for community in communities {
            for types in types {
                for kinds in kinds {
                    let query = ChangeQuery(community: community, types: types, kinds: kinds)
                    let found = try all(town, query, limit: [1, 7, 500][compared % 3])
                    let lines = found.map {
                        "\($0.position) \($0.outcome.rawValue) \($0.kind.rawValue) \($0.id)"
                    }
                    let expected = expected(audit, query)
                    #expect(lines == expected, "\(query)")
                    compared += expected.count
                    outcomes.formUnion(found.map(\.outcome))
                }
            }
        }
        #expect(compared > 500)
        #expect(outcomes == Set(RecordChange.Outcome.allCases))
    }

    @Test func aChangeSaysWhatDiffersAndCarriesTheRecord() throws {
        let town = try SmallTown()
        try town.put("a", "pharmacy", east: 300, north: 0, name: "同仁堂")
        let moved = try town.put("a", "pharmacy", east: 310, north: 0, name: "同仁堂大药房")
        var query = ChangeQuery(position: FeedPosition(Revision(1)), withRecord: true, withActor: true)
        let page = try town.engine.changes(query)
        #expect(page.isWhole && page.changes.count == 1)
        let change = try #require(page.changes.first)
        #expect(change.fields == ["location", "name"])
        #expect(change.position == FeedPosition(moved.revision))
        #expect(change.record == .place(try town.engine.place(PlaceID(unchecked: "a")).place))
        #expect(change.actor == town.actor)
        var json = JSONWriter()
        change.write(to: &json, for: query)
        let full = try JSONValue(json: json.bytes())
        #expect(full["actor"] == .string("clerk") && full["record"]?["name"] == .string("同仁堂大药房"))
        query.withActor = false
        query.withRecord = false
        json = JSONWriter()
        change.write(to: &json, for: query)
        let plain = try JSONValue(json: json.bytes())
        #expect(plain["actor"] == nil && plain["source"] == nil && plain["record"] == nil)
    }

    @Test func whatWasTakenOutOfARecordIsToldToNobodyAnyMore() throws {
        let town = try SmallTown()
        func put(_ id: String, _ phone: String) throws {
            let body = #"{"type":"pharmacy","name":"同仁堂","phone":\#(phone)}"#
            _ = try town.engine.putPlace(
                PlaceID(unchecked: id), PlaceBody(JSONValue(json: Array(body.utf8))),
                WriteContext(actor: town.actor))
        }
        try put("a", #""025-84400001""#)
        try put("b", #""025-84400002""#)
        try put("a", "null")
        _ = try town.engine.deletePlace(PlaceID(unchecked: "b"), WriteContext(actor: town.actor))
        let query = ChangeQuery(position: FeedPosition(Revision(0)), withRecord: true, withActor: true)
        let page = try town.engine.changes(query)
        #expect(page.changes.map(\.outcome) == [.created, .created, .changed, .removed])
        #expect(page.changes.map { $0.record != nil } == [true, false, true, false])
        #expect(page.changes[2].fields == ["phone"])
        var json = JSONWriter()
        page.write(to: &json, for: query)
        #expect(!String(decoding: json.bytes(), as: UTF8.self).contains("8440000"))
    }

    @Test func recordsThatAreLongEndAPageEarlier() throws {
        let town = try SmallTown()
        let address = String(repeating: "长", count: 490)
        for number in 0..<300 {
            let body = #"{"type":"pharmacy","name":"店 \#(number)","address":"\#(address)"}"#
            _ = try town.engine.putPlace(
                PlaceID(unchecked: "p\(number % 5)"), PlaceBody(JSONValue(json: Array(body.utf8))),
                WriteContext(actor: town.actor))
        }
        var query = ChangeQuery(position: FeedPosition(Revision(0)), withRecord: true)
        var revisions: [UInt64] = []
        var pages = 0
        while true {
            let page = try town.engine.changes(query)
            pages += 1
            #expect(page.changes.count < 250)
            revisions += page.changes.map(\.position.revision.number)
            query.position = page.next
            if page.isWhole { break }
        }
        #expect(revisions == Array(1...300) && pages > 1)
    }

    @Test func whatLiesAheadOrIsNoLongerKeptIsSaid() throws {
        let town = try SmallTown()
        for number in 0..<10 { try town.put("p\(number)", "toilet", east: Double(number), north: 0) }
        let ahead = #expect(throws: DirectoryError.self) {
            try town.engine.changes(ChangeQuery(position: FeedPosition(Revision(11))))
        }
        #expect(ahead?.code == .revisionAhead)
        let queue = try DatabaseQueue(path: town.folder + "/" + DirectoryStore.fileName)
        try queue.write { try $0.execute(sql: "DELETE FROM audit WHERE revision <= 4") }
        for (position, isKept) in [
            (FeedPosition(Revision(0)), false), (FeedPosition(Revision(3)), false),
            (FeedPosition(Revision(4), part: 1), false), (FeedPosition(Revision(4)), true),
            (FeedPosition(Revision(9)), true), (FeedPosition(Revision(10)), true),
        ] {
            do throws(DirectoryError) {
                _ = try town.engine.changes(ChangeQuery(position: position))
                #expect(isKept, "\(position)")
            } catch {
                #expect(error.code == .historyGone && !isKept, "\(position)")
            }
        }
    }

    @Test func watchersHearOfACommitOnceItIsAnswered() throws {
        let town = try SmallTown()
        let heard = Mutex<[UInt64]>([])
        let engine = town.engine
        var watch: CommitWatch? = engine.watchCommits { revision in
            #expect(engine.version.revision == revision)
            heard.withLock { $0.append(revision.number) }
        }
        try town.put("a", "toilet", east: 0, north: 0)
        try town.put("a", "toilet", east: 0, north: 0)
        try town.put("a", "toilet", east: 1, north: 0)
        #expect(heard.withLock { $0 } == [1, 2])
        #expect(watch != nil)
        watch = nil
        try town.put("a", "toilet", east: 2, north: 0)
        #expect(heard.withLock { $0 } == [1, 2])
    }

    @Test func positionsAreReadAsTheyAreWritten() {
        for text in ["0", "918", "918.1", "9223372036854775807"] {
            #expect(FeedPosition(text)?.description == text)
        }
        for text in ["", "-1", "+1", "1.", ".1", "1.0", "1.2.3", "a", "1 ", "9223372036854775808", "１"] {
            #expect(FeedPosition(text) == nil, "\(text)")
        }
    }
}

/// Random numbers that are the same in every run: xorshift64*, Vigna 2014 (arXiv:1402.6246).
private struct SmallRandom {
    var state: UInt64

    mutating func next(_ bound: UInt64) -> UInt64 {
        state ^= state >> 12
        state ^= state << 25
        state ^= state >> 27
        return (state &* 0x2545_F491_4F6C_DD1D) >> 33 % bound
    }
}
