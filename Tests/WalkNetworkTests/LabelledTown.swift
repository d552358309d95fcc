import DirectoryModel
import Glibc
import Testing

@testable import WalkNetwork

/// A network with labels and targets on its hubs, asked both ways: from labels, and by the bounded search.
struct LabelledTown {
    /// How many queries all tests of one kind ask together; QUARTER_LABEL_QUERIES asks for more than a test
    /// run has time for.
    static let queries = getenv("QUARTER_LABEL_QUERIES").flatMap { Int(String(cString: $0)) } ?? 6_000

    let network: WalkNetwork
    let pool: SearchPool
    var table: TargetTable
    var numbers: SeededNumbers
    /// The targets that are there, as a list that knows nothing of slots in use.
    var live: [TargetSlot: (snap: Snap, kind: UInt16)] = [:]
    private let things: [Snap]

    /// Kinds of targets; those of the end are told apart by records alone.
    static let kinds: [UInt16] = [0, 1, 2, 3, 63, 64, 4_094, 4_095, 4_096, 65_535]

    init(_ raw: RawNetwork, things: [Coordinate], targets: Int, seed: UInt64) throws {
        network = try raw.builder().build(sourceTimestamp: nil, attribution: "").labelled(threads: 2)
            .network()
        pool = SearchPool(network: network)
        table = TargetTable(edgeCount: network.edgeCount, capacity: targets)
        numbers = SeededNumbers(state: seed)
        let network = network
        self.things = things.compactMap { network.snap($0) }
        guard targets > 0 else { return }
        let loaded = (0..<targets).map { _ in
            (snap: spot(), kind: Self.kinds.randomElement(using: &numbers) ?? 0)
        }
        var slots: [TargetSlot] = []
        table = TargetTable(edgeCount: network.edgeCount, loading: loaded, spare: Self.queries, slots: &slots)
        table.hangOnHubs(of: network)
        for (slot, target) in zip(slots, loaded) { live[slot] = target }
    }

    /// A thing beside a way, or any point of any edge that is no steps, with a leg of its own; many share one
    /// spot.
    mutating func spot() -> Snap {
        if !things.isEmpty, Bool.random(using: &numbers) {
            return things.randomElement(using: &numbers) ?? things[0]
        }
        var edge = UInt32.random(in: 0..<UInt32(network.edgeCount), using: &numbers)
        while network.edges[Int(edge)].flags & EdgeRecord.steps != 0 {
            edge = (edge + 1) % UInt32(network.edgeCount)
        }
        return spot(onEdge: edge)
    }

    mutating func spot(onEdge edge: UInt32) -> Snap {
        let length = Double(network.centimetres(edge)) / 100
        let offset =
            switch Int.random(in: 0..<6, using: &numbers) {
            case 0: 0.0
            case 1: length
            case 2: length / 2
            default: Double.random(in: 0...length, using: &numbers)
            }
        let leg = Bool.random(using: &numbers) ? 0 : Double.random(in: 0...60, using: &numbers)
        let nowhere = Coordinate(uncheckedLatitude: 0, longitude: 0)
        return Snap(
            edge: EdgeIndex(edge), piece: PieceIndex(0), offset: Metres(offset), leg: Metres(leg),
            point: nowhere, thing: nowhere)
    }

    mutating func query() throws -> TargetQuery {
        let most = try #require(network.labelledLimit).value
        // Often on an edge that has targets: the walk along one edge is a case by itself.
        let own =
            live.isEmpty || Int.random(in: 0..<4, using: &numbers) > 0
            ? nil : live.randomElement(using: &numbers)
        var query = TargetQuery(
            origin: own.map { spot(onEdge: $0.value.snap.edge.number) } ?? spot(),
            limit: [Metres(most), 999, 333.3, Metres(Double.random(in: 0...most, using: &numbers))]
                .randomElement(
                    using: &numbers) ?? 999)
        query.avoidsSteps = Bool.random(using: &numbers)
        query.wanted = [1, 3, 10, 50, 150, 250, .max].randomElement(using: &numbers) ?? 1
        if Int.random(in: 0..<3, using: &numbers) == 0 {
            query.kinds = KindSet(Self.kinds.filter { _ in Int.random(in: 0..<3, using: &numbers) == 0 })
        }
        return query
    }

    /// Asks one random question both ways.
    ///
    /// - Returns: how many targets were listed.
    mutating func compare(sourceLocation: SourceLocation = #_sourceLocation) throws -> Int {
        let query = try query()
        let salt = UInt64.random(in: 0...UInt64.max, using: &numbers)
        // Some answers leave out most of what is there, and equal metres come in either order.
        let shares: [UInt64] = [0, 0, 2, 20]
        let share = shares.randomElement(using: &numbers) ?? 0
        let isReversed = Bool.random(using: &numbers)
        let way = Bool.random(using: &numbers) ? ReachWay.inOrder : .sorted
        func accepts(_ slot: TargetSlot) -> Bool {
            guard share > 0 else { return true }
            let mixed = (UInt64(slot.number) &+ salt) &* 0x9E37_79B9_7F4A_7C15
            return (mixed >> 33) % share == 0
        }
        func precedes(_ left: TargetSlot, _ right: TargetSlot) -> Bool { isReversed != (left < right) }
        let hubs = try #require(table.hubs)
        var (fromLabels, bounded): ([ReachedTarget], [ReachedTarget]) = ([], [])
        var (asked, expected): ([ReachedTarget], [ReachedTarget]) = ([], [])
        pool.withScratch { scratch in
            network.labelledReach(
                query, by: way, targets: table, hubs: hubs, scratch: scratch,
                accept: { slot, metres in
                    asked.append(ReachedTarget(slot: slot, metres: metres))
                    return accepts(slot)
                }, precedes: precedes, into: &fromLabels)
            network.boundedReach(
                query, targets: table, scratch: scratch,
                accept: { slot, metres in
                    expected.append(ReachedTarget(slot: slot, metres: metres))
                    return accepts(slot)
                }, precedes: precedes, into: &bounded)
        }
        #expect(fromLabels == bounded, "\(query)", sourceLocation: sourceLocation)
        #expect(
            asked == expected, "the same are asked about, in the same order", sourceLocation: sourceLocation)
        return bounded.count
    }

    /// Adds, removes, moves a target or makes it one of another kind: the latter two in the order in which the live
    /// index does it, the new one before the old one goes.
    mutating func edit() {
        let kind = Self.kinds.randomElement(using: &numbers) ?? 0
        let snap = spot()
        // Now and then, as searches of before would end.
        if Int.random(in: 0..<3, using: &numbers) == 0 { table.reclaim() }
        guard let (slot, present) = live.randomElement(using: &numbers) else {
            live[table.insert(snap, kind: kind)] = (snap, kind)
            return
        }
        switch Int.random(in: 0..<5, using: &numbers) {
        case 0, 1: live[table.insert(snap, kind: kind)] = (snap, kind)
        case 2: remove(slot)
        case 3:
            live[table.insert(snap, kind: present.kind)] = (snap, present.kind)
            remove(slot)
        default:
            live[table.insert(present.snap, kind: kind)] = (present.snap, kind)
            remove(slot)
        }
    }

    private mutating func remove(_ slot: TargetSlot) {
        table.remove(slot)
        live[slot] = nil
    }
}
