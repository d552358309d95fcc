import DirectoryModel
import Testing

@testable import WalkNetwork

@Suite("targets")
struct TargetTableTests {
    private func map() throws -> AsciiMap {
        try AsciiMap(
            """
            A---1---2---3---B---4---C
                            |
                            5
                            |
                            D
            """, ways: ["ABC": ["highway": "footway"], "BD": ["highway": "footway"]])
    }

    private func list(
        _ map: AsciiMap, _ table: TargetTable, from: Character = "1", kinds: KindSet? = nil,
        wanted: Int = .max,
        limit: Metres = 1_000, accept: (TargetSlot, Metres) -> Bool = { _, _ in true },
        precedes: (TargetSlot, TargetSlot) -> Bool = { $0 < $1 }
    ) throws -> [TargetSlot] {
        let origin = try #require(map.snap(from))
        var results: [ReachedTarget] = []
        map.pool.withScratch { scratch in
            map.network.reach(
                TargetQuery(origin: origin, limit: limit, kinds: kinds, wanted: wanted), targets: table,
                scratch: scratch, accept: accept, precedes: precedes, into: &results)
        }
        return results.map(\.slot)
    }

    @Test("a change shows in the very next search")
    func changes() throws {
        let map = try map()
        let table = TargetTable(edgeCount: map.network.edgeCount)
        let snaps = try "12345".map { try #require(map.snap($0)) }
        let slots = snaps.map { table.insert($0, kind: 0) }
        #expect(try list(map, table) == [slots[0], slots[1], slots[2], slots[4], slots[3]])
        table.remove(slots[1])
        #expect(try !list(map, table).contains(slots[1]))
        #expect(table.count == 4)
        let other = table.insert(snaps[1], kind: 0)
        #expect(other != slots[1], "a slot is not used again while somebody may read it")
        #expect(try list(map, table).count == 5)
        table.remove(other)
        table.reclaim()
        let again = [table.insert(snaps[1], kind: 9), table.insert(snaps[4], kind: 0)]
        #expect(Set(again) == [slots[1], other], "then it is")
        #expect(try list(map, table).suffix(3).contains(again[1]))
        #expect(try list(map, table, kinds: KindSet([9])) == [again[0]])
        #expect(table.kind(of: again[0]) == 9)
    }

    @Test("loading many is the same as inserting each")
    func loading() throws {
        let map = try map()
        let snaps = try "54321".map { try #require(map.snap($0)) }
        var slots: [TargetSlot] = []
        let table = TargetTable(
            edgeCount: map.network.edgeCount, loading: snaps.map { ($0, 1) }, spare: 200, slots: &slots)
        #expect(Set(slots).count == 5)
        #expect(table.count == 5 && table.capacity == 205 && !table.isFull)
        #expect(try list(map, table).first == slots[4])
        #expect(try list(map, table).count == 5)
        for _ in 0..<200 { _ = table.insert(snaps[0], kind: 2) }
        #expect(table.isFull)
        #expect(try list(map, table, kinds: KindSet([2])).count == 200)
        for slot in slots { table.remove(slot) }
        #expect(try list(map, table).count == 200)
        #expect(table.isFull, "not given back yet")
        table.reclaim()
        #expect(!table.isFull)
    }

    @Test("as many as wanted, only those accepted, ties by the caller's order")
    func wanted() throws {
        let map = try map()
        let table = TargetTable(edgeCount: map.network.edgeCount)
        let near = try #require(map.snap("2"))
        let slots = (0..<10).map { _ in table.insert(near, kind: 0) }
        #expect(try list(map, table, wanted: 3) == Array(slots.prefix(3)))
        #expect(try list(map, table, wanted: 3, precedes: { $0 > $1 }) == Array(slots.suffix(3).reversed()))
        #expect(
            try list(map, table, wanted: 2, accept: { slot, _ in slot.number % 3 == 2 }) == [
                slots[2], slots[5],
            ])
        #expect(try list(map, table, wanted: 0).isEmpty)
        var asked = 0
        _ = try list(map, table, wanted: 4) { _, _ in
            asked += 1
            return true
        }
        #expect(asked == 4, "nobody is asked beyond what is wanted")
    }

    @Test("kinds")
    func kinds() throws {
        let map = try map()
        let table = TargetTable(edgeCount: map.network.edgeCount)
        let snaps = try "12345".map { try #require(map.snap($0)) }
        let slots = zip(snaps, [0, 63, 64, 200, 65_535]).map { table.insert($0, kind: UInt16($1)) }
        for (slot, kind) in zip(slots, [0, 63, 64, 200, 65_535] as [UInt16]) {
            #expect(try list(map, table, kinds: KindSet([kind])) == [slot])
            #expect(KindSet([kind]).contains(kind))
        }
        #expect(try list(map, table, kinds: KindSet()).isEmpty)
        #expect(try list(map, table, kinds: nil).count == 5)
    }

    @Test("a first leg beyond the limit finds nothing, and working memory stays clean")
    func limits() throws {
        let map = try AsciiMap("   1\n\nA-----B", ways: ["AB": ["highway": "path"]])
        let table = TargetTable(edgeCount: map.network.edgeCount)
        _ = table.insert(try #require(map.snap("1")), kind: 0)
        #expect(try list(map, table, limit: 19).isEmpty)
        #expect(try list(map, table, limit: 39.9).isEmpty)
        #expect(try list(map, table, limit: 40.1).count == 1)
        #expect(try list(map, table, limit: 1e9).count == 1)
    }

    @Test("epochs that run out start anew")
    func epochs() throws {
        let map = try map()
        let table = TargetTable(edgeCount: map.network.edgeCount)
        _ = table.insert(try #require(map.snap("5")), kind: 0)
        let origin = try #require(map.snap("1"))
        let scratch = SearchScratch(vertexCount: map.network.vertexCount)
        scratch.epoch = 3
        var results: [ReachedTarget] = []
        for _ in 0..<8 {
            map.network.reach(
                TargetQuery(origin: origin, limit: 1_000), targets: table, scratch: scratch,
                accept: { _, _ in true }, precedes: { $0 < $1 }, into: &results)
            #expect(results.count == 1)
        }
        #expect(scratch.epoch > 1_000)
    }
}
