import DirectoryModel
import Testing

@testable import WalkNetwork

@Suite("reach, isochrone and route against the oracle")
struct OracleTests {
    @Test("200 made-up towns", arguments: 0..<20)
    func randomNetworks(group: Int) throws {
        var listed = 0
        var off = 0
        for seed in 0..<10 {
            let random = RandomNetwork(seed: UInt64(group * 10 + seed + 1))
            let comparison = try Comparison(random.raw)
            let snaps = random.things.compactMap { comparison.network.snap($0) }
            for thing in random.things where comparison.network.snap(thing) == nil {
                off += 1
                #expect(comparison.oracle.nearest(thing) == nil)
            }
            let spots = try snaps.map(comparison.spot)
            var slots: [TargetSlot] = []
            let table = TargetTable(
                edgeCount: comparison.network.edgeCount, loading: snaps.map { ($0, 0) }, slots: &slots)
            for (index, limit) in [120.0, 333.33, 700, 5_000].enumerated() {
                guard index * 7 < snaps.count else { continue }
                for avoidsSteps in [false, true] {
                    listed += try comparison.check(
                        origin: snaps[index * 7], targets: snaps, spots: spots, limit: limit,
                        avoidsSteps: avoidsSteps, table: table, slots: slots)
                }
            }
        }
        #expect(listed > 1_000, "the towns must give something to compare")
        #expect(off > 0, "some things must lie off the network")
    }

    @Test("from A to B is from B to A with one-way ways turned round", arguments: 0..<20)
    func turnedRound(group: Int) throws {
        for seed in 0..<10 {
            let random = RandomNetwork(seed: UInt64(group * 10 + seed + 1))
            let there = try random.raw.build().network
            let back = try random.raw.turnedRound().build().network
            let things = random.things.filter { thing in
                // Where a thing stands before a blocked node, a tie decides on which side of it: left out.
                there.snap(thing)?.point == back.snap(thing)?.point && there.snap(thing)?.leg ?? 0 > 0
                    && !isAtBlockedNode(there, thing)
            }.prefix(16)
            let forward = totals(there, Array(things))
            let backward = totals(back, Array(things))
            for from in things.indices {
                for to in things.indices {
                    let (one, other) = (forward[from]?[to], backward[to]?[from])
                    #expect((one == nil) == (other == nil))
                    if let one, let other { #expect(abs(one - other) < Comparison.tolerance) }
                }
            }
        }
    }

    private func isAtBlockedNode(_ network: WalkNetwork, _ thing: Coordinate) -> Bool {
        guard let snap = network.snap(thing) else { return true }
        return (0..<network.nodeCount).contains {
            network.nodeBlocked[$0] != 0 && network.nodePositions[$0].coordinate == snap.point
        }
    }

    private func totals(_ network: WalkNetwork, _ things: [Coordinate]) -> [Int: [Int: Double]] {
        let snaps = things.compactMap { network.snap($0) }
        guard snaps.count == things.count else { return [:] }
        var slots: [TargetSlot] = []
        let table = TargetTable(edgeCount: network.edgeCount, loading: snaps.map { ($0, 0) }, slots: &slots)
        let numbers = Dictionary(uniqueKeysWithValues: slots.enumerated().map { ($1, $0) })
        let pool = SearchPool(network: network)
        var totals: [Int: [Int: Double]] = [:]
        var results: [ReachedTarget] = []
        for (index, origin) in snaps.enumerated() {
            pool.withScratch { scratch in
                network.reach(
                    TargetQuery(origin: origin, limit: 5_000), targets: table, scratch: scratch,
                    accept: { _, _ in true }, precedes: { $0 < $1 }, into: &results)
            }
            for result in results {
                if let number = numbers[result.slot] {
                    totals[index, default: [:]][number] = result.metres.value
                }
            }
        }
        return totals
    }

    // Skipped by name where the real maps do not lie beside the repository.
    @Test("Nanjing", .enabled(if: SharedData.map("nanjing-xinjiekou") != nil))
    func nanjing() throws { try compareMap("nanjing-xinjiekou", origins: 40, things: 400) }

    @Test("Malta", .enabled(if: SharedData.map("malta") != nil))
    func malta() throws { try compareMap("malta", origins: 25, things: 400) }

    private func compareMap(_ name: String, origins: Int, things count: Int) throws {
        let feed = try RawFeed.read(try #require(SharedData.map(name)))
        let comparison = try Comparison(feed.raw)
        var numbers = SeededNumbers(state: 11)
        // Around one place, so that most things are within reach of one another.
        let middle = try #require(feed.places.randomElement(using: &numbers))
        let near = feed.places.sorted {
            Geodesy.distance($0, middle) < Geodesy.distance($1, middle)
        }.prefix(count)
        let snaps = near.compactMap { comparison.network.snap($0) }
        let spots = try snaps.map(comparison.spot)
        var slots: [TargetSlot] = []
        let table = TargetTable(
            edgeCount: comparison.network.edgeCount, loading: snaps.map { ($0, 0) }, slots: &slots)
        var listed = 0
        for number in 0..<origins {
            let origin = try #require(snaps.randomElement(using: &numbers))
            listed += try comparison.check(
                origin: origin, targets: snaps, spots: spots, limit: [999, 333, 720][number % 3],
                avoidsSteps: number % 4 == 3, table: table, slots: slots, routes: 10)
        }
        #expect(listed > origins * 10)
    }
}
