import DirectoryModel
import Testing

@testable import WalkNetwork

@Suite("labels against the bounded search")
struct LabelTests {
    @Test(
        "made-up towns with islands, steps, one-way footways and points in the middle of edges",
        arguments: 0..<10)
    func randomNetworks(group: Int) throws {
        var listed = 0
        for seed in 0..<6 {
            let random = RandomNetwork(seed: UInt64(group * 6 + seed + 1))
            var town = try LabelledTown(
                random.raw, things: random.things, targets: [0, 1, 40, 120, 400, 900][seed],
                seed: UInt64(group))
            if town.table.hubs == nil { town.table.hangOnHubs(of: town.network) }
            for _ in 0..<LabelledTown.queries / 60 { listed += try town.compare() }
        }
        #expect(listed > LabelledTown.queries, "the towns must give something to compare")
    }

    // Skipped by name where the real maps do not lie beside the repository.
    @Test("Nanjing", .enabled(if: SharedData.map("nanjing-xinjiekou") != nil))
    func nanjing() throws { try compareMap("nanjing-xinjiekou", targets: 2_000) }

    @Test("Malta", .enabled(if: SharedData.map("malta") != nil))
    func malta() throws { try compareMap("malta", targets: 20_000) }

    @Test("Helsinki", .enabled(if: SharedData.map("helsinki-center") != nil))
    func helsinki() throws { try compareMap("helsinki-center", targets: 2_000) }

    private func compareMap(_ name: String, targets: Int) throws {
        let feed = try RawFeed.read(try #require(SharedData.map(name)))
        var town = try LabelledTown(feed.raw, things: feed.places, targets: targets, seed: 17)
        var listed = 0
        for _ in 0..<LabelledTown.queries / 20 { listed += try town.compare() }
        #expect(listed > LabelledTown.queries / 20)
    }

    @Test("edits between queries: always what a table made anew answers", arguments: 0..<6)
    func edits(seed: Int) throws {
        let random = RandomNetwork(seed: UInt64(seed + 700))
        var town = try LabelledTown(random.raw, things: random.things, targets: 30, seed: UInt64(seed))
        for step in 0..<LabelledTown.queries / 6 {
            town.edit()
            _ = try town.compare()
            guard step % 100 == 0 else { continue }
            // Made anew, from what is there by the test's own list.
            let targets = town.live.sorted { $0.key < $1.key }
            #expect(town.table.count == targets.count)
            var slots: [TargetSlot] = []
            let anew = TargetTable(
                edgeCount: town.network.edgeCount, loading: targets.map { ($0.value.snap, $0.value.kind) },
                slots: &slots)
            let names = Dictionary(uniqueKeysWithValues: zip(slots, targets.map(\.key)))
            var query = try town.query()
            query.wanted = .max
            let network = town.network
            let (left, right): ([ReachedTarget], [ReachedTarget]) = town.pool.withScratch { scratch in
                var (left, right): ([ReachedTarget], [ReachedTarget]) = ([], [])
                network.reach(
                    query, targets: town.table, scratch: scratch, accept: { _, _ in true },
                    precedes: { $0 < $1 }, into: &left)
                network.boundedReach(
                    query, targets: anew, scratch: scratch, accept: { _, _ in true },
                    precedes: { names[$0] ?? $0 < names[$1] ?? $1 }, into: &right)
                return (left, right)
            }
            #expect(left == right.map { ReachedTarget(slot: names[$0.slot] ?? $0.slot, metres: $0.metres) })
        }
    }

    @Test("lists loaded at once are those of insertions, and all removed leaves none")
    func loading() throws {
        let random = RandomNetwork(seed: 9)
        let town = try LabelledTown(random.raw, things: random.things, targets: 300, seed: 9)
        let loaded = try #require(town.table.hubs)
        let table = TargetTable(edgeCount: town.network.edgeCount, capacity: 300)
        table.hangOnHubs(of: town.network)
        let targets = town.live.sorted { $0.key < $1.key }
        for target in targets {
            #expect(table.insert(target.value.snap, kind: target.value.kind) == target.key)
        }
        let inserted = try #require(table.hubs)
        for vertex in 0..<town.network.vertexCount {
            #expect(loaded[UInt32(vertex)].elementsEqual(inserted[UInt32(vertex)]))
        }
        table.reclaim()
        #expect(table.hubByteCount == town.table.hubByteCount, "no memory but that of the lists")
        for target in targets { table.remove(target.key) }
        for vertex in 0..<town.network.vertexCount { #expect(inserted[UInt32(vertex)].isEmpty) }
        table.reclaim()
        #expect(table.hubByteCount == 0)
    }

    @Test("a limit beyond the labels is answered by the bounded search")
    func beyond() throws {
        let random = RandomNetwork(seed: 12)
        var town = try LabelledTown(random.raw, things: random.things, targets: 200, seed: 12)
        let most = try #require(town.network.labelledLimit)
        #expect(most >= Metres(20 * 60 * 1.11), "20 minutes at the quickest shipped pace")
        for limit in [most, most + 0.001, 5_000, 1e9] {
            var query = try town.query()
            query.limit = limit
            query.wanted = .max
            var (left, right): ([ReachedTarget], [ReachedTarget]) = ([], [])
            town.pool.withScratch { scratch in
                town.network.reach(
                    query, targets: town.table, scratch: scratch, accept: { _, _ in true },
                    precedes: { $0 < $1 }, into: &left)
                town.network.boundedReach(
                    query, targets: town.table, scratch: scratch, accept: { _, _ in true },
                    precedes: { $0 < $1 }, into: &right)
            }
            #expect(left == right)
        }
    }

    @Test("a network without labels keeps no lists")
    func unlabelled() throws {
        let network = try RandomNetwork(seed: 3).raw.build().network
        #expect(network.labelledLimit == nil)
        let table = TargetTable(edgeCount: network.edgeCount)
        table.hangOnHubs(of: network)
        #expect(table.hubs == nil)
    }

    @Test(
        "each pair of vertices within the bound has its shortest way in the labels, over all ways and over no steps"
    )
    func pairs() throws {
        for seed in Array(1...30) + [702] as [UInt64] {
            let network = try RandomNetwork(seed: seed).raw.builder()
                .build(sourceTimestamp: nil, attribution: "").labelled(threads: 1).network()
            let labels = try #require(network.labels)
            for avoidsSteps in [false, true] {
                for from in stride(from: 0, to: UInt32(network.vertexCount), by: 3) {
                    let expected = shortest(network, from: from, avoidsSteps: avoidsSteps)
                    for to in 0..<UInt32(network.vertexCount) {
                        let found = labelled(labels, from, to, avoidsSteps: avoidsSteps)
                        #expect(found == expected[Int(to)])
                    }
                }
            }
        }
    }

    private func labelled(_ labels: HubLabels, _ from: UInt32, _ to: UInt32, avoidsSteps: Bool) -> UInt32? {
        var least = UInt32.max
        for one in labels[from].map({ LabelEntry(word: $0) }) where one.serves(.out(avoidsSteps: avoidsSteps))
        {
            for other in labels[to].map({ LabelEntry(word: $0) })
            where other.hub == one.hub && other.serves(.back(avoidsSteps: avoidsSteps)) {
                least = min(least, one.centimetres + other.centimetres)
            }
        }
        return least <= LabelBound.centimetres ? least : nil
    }

    /// Bellman and Ford's way, which has nothing in common with the code under test.
    private func shortest(_ network: WalkNetwork, from: UInt32, avoidsSteps: Bool) -> [UInt32?] {
        var least = [UInt32](repeating: .max, count: network.vertexCount)
        least[Int(from)] = 0
        var isChanged = true
        while isChanged {
            isChanged = false
            for number in 0..<network.edgeCount {
                let edge = network.edges[number]
                if avoidsSteps && edge.flags & EdgeRecord.steps != 0 { continue }
                var ways = [(edge.tail, edge.head)]
                if edge.flags & EdgeRecord.oneway == 0 { ways.append((edge.head, edge.tail)) }
                for (start, end) in ways where least[Int(start)] != .max {
                    let sum = least[Int(start)] + edge.length
                    if sum < least[Int(end)] {
                        least[Int(end)] = sum
                        isChanged = true
                    }
                }
            }
        }
        return least.map { $0 <= LabelBound.centimetres ? $0 : nil }
    }

    @Test("the labels do not depend on the number of threads, and progress rises to 1")
    func threads() throws {
        let built = try RandomNetwork(seed: 21).raw.builder().build(sourceTimestamp: nil, attribution: "")
        var shares: [Double] = []
        let one = try built.labelled(threads: 1) { shares.append($0) }.network()
        let three = try built.labelled(threads: 3).network()
        #expect(one.checksum == three.checksum)
        #expect(shares == shares.sorted() && shares.last == 1 && shares.first ?? -1 >= 0)
        #expect(try built.labelled(threads: 2).labelled(threads: 2).network().checksum == one.checksum)
    }
}
