import DirectoryModel
import Testing

@testable import WalkNetwork

@Suite("surveys of the whole network against a bounded search from every node")
struct SurveyTests {
    private static let limits: [Metres] = [333, 666, 999]

    @Test("made-up towns", arguments: 1...10 as ClosedRange<UInt64>, [false, true])
    func towns(seed: UInt64, avoidsSteps: Bool) throws {
        let random = RandomNetwork(seed: seed + 40)
        let town = try LabelledTown(random.raw, things: random.things, targets: 150, seed: seed)
        var query = SurveyQuery(kinds: LabelledTown.kinds, limits: Self.limits, avoidsSteps: avoidsSteps)
        let survey = try #require(town.network.survey(query, targets: town.table, threads: 2))
        #expect(survey.nearest.count == town.network.nodeCount * LabelledTown.kinds.count)
        let counted = KindSet([1, 64, 65_535])
        query = SurveyQuery(kinds: [], limits: Self.limits, counted: counted, avoidsSteps: avoidsSteps)
        let some = try #require(town.network.survey(query, targets: town.table, threads: 1))
        var reached = 0
        let origins = origins(town.network, avoidsSteps: avoidsSteps)
        for node in 0..<town.network.nodeCount {
            let lists = lists(town, node, origins[node] ?? [], avoidsSteps: avoidsSteps)
            for (column, kind) in LabelledTown.kinds.enumerated() {
                let walks = lists.compactMap { $0.first { town.live[$0.slot]?.kind == kind }?.metres.value }
                let found = survey.nearest(ofNode: node)[node * LabelledTown.kinds.count + column]
                if let least = walks.min() {
                    // Rounded down in the table; a whole centimetre in a double may be a little less than
                    // one.
                    #expect(abs(Double(found) / 100 - least) <= 0.011)
                    reached += 1
                } else {
                    #expect(found == NetworkSurvey.none)
                }
            }
            for (column, limit) in Self.limits.enumerated() {
                expect(
                    survey.counts(ofNode: node)[node * Self.limits.count + column], lists, limit
                ) { _ in true }
                expect(some.counts(ofNode: node)[node * Self.limits.count + column], lists, limit) { slot in
                    town.live[slot].map { counted.contains($0.kind) } ?? false
                }
            }
        }
        #expect(reached > 100)
    }

    /// The places of each node on the network, where it can be left at all.
    private func origins(_ network: WalkNetwork, avoidsSteps: Bool) -> [Int: [Snap]] {
        let nowhere = Coordinate(uncheckedLatitude: 0, longitude: 0)
        var origins: [Int: [Snap]] = [:]
        for edge in 0..<network.edgeCount {
            if avoidsSteps && network.edges[edge].flags & EdgeRecord.steps != 0 { continue }
            let points = network.edges[edge].firstPoint..<network.edges[edge + 1].firstPoint
            for point in points {
                let snap = Snap(
                    edge: EdgeIndex(UInt32(edge)), piece: PieceIndex(0),
                    offset: Metres(Double(network.pointPrefixes[Int(point)]) / 100), leg: 0, point: nowhere,
                    thing: nowhere)
                origins[Int(network.pointNodes[Int(point)]), default: []].append(snap)
            }
        }
        return origins
    }

    /// What can be reached from a node: all its edges together; for a blocked one, each of them alone.
    private func lists(
        _ town: LabelledTown, _ node: Int, _ origins: [Snap], avoidsSteps: Bool
    ) -> [[ReachedTarget]] {
        let lists = origins.map { origin in
            var results: [ReachedTarget] = []
            town.pool.withScratch { scratch in
                town.network.boundedReach(
                    TargetQuery(origin: origin, limit: 1_332.99, avoidsSteps: avoidsSteps),
                    targets: town.table, scratch: scratch, accept: { _, _ in true }, precedes: { $0 < $1 },
                    into: &results)
            }
            return results
        }
        guard town.network.nodeBlocked[node] == 0 else { return lists }
        var least: [TargetSlot: Metres] = [:]
        for target in lists.joined() { least[target.slot] = min(target.metres, least[target.slot] ?? 9_999) }
        return [least.map { ReachedTarget(slot: $0, metres: $1) }.sorted { $0.metres < $1.metres }]
    }

    /// A count may differ by those that lie within a centimetre of the limit.
    private func expect(
        _ count: UInt32, _ lists: [[ReachedTarget]], _ limit: Metres, _ isCounted: (TargetSlot) -> Bool
    ) {
        func most(_ limit: Double) -> Int {
            lists.map { list in list.count { $0.metres.value <= limit && isCounted($0.slot) } }.max() ?? 0
        }
        #expect(Int(count) >= most(limit.value - 0.011) && Int(count) <= most(limit.value + 0.011))
    }

    @Test("no survey of targets that hang on no hubs")
    func unlabelled() throws {
        let network = try RandomNetwork(seed: 3).raw.build().network
        let table = TargetTable(edgeCount: network.edgeCount)
        #expect(network.survey(SurveyQuery(kinds: [1], limits: [999]), targets: table, threads: 1) == nil)
    }
}
