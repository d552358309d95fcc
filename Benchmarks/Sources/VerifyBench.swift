// Asks very many random questions from labels and by the bounded search, and expects the same answers to the bit.

import DirectoryModel
import WalkNetwork

enum VerifyBench {
    /// Origins are drawn from so many spots.
    private static let spots = 200_000
    /// Kinds of targets.
    private static let kinds = UInt16(0)..<8

    /// Throws where one answer is unlike.
    static func run(network path: String, queries: Int) throws {
        var network = try WalkNetwork.open(path)
        if network.labelledLimit == nil { network = try network.labelled(threads: 2).network() }
        var town = try VerifiedTown(network, kinds: kinds, spots: spots)
        let start = now()
        SearchPool(network: network).withScratch { scratch in
            for _ in 0..<queries { town.ask(scratch) }
        }
        print("\(queries) questions in \(rounded((now() - start) / 1e6)) s: \(town.counts)")
        guard town.counts.unlike == 0 else { throw BenchFailure("labels and the bounded search disagree") }
    }
}

/// A network with made-up targets, and random questions about it.
struct VerifiedTown {
    /// What was asked, and how it went.
    struct Counts: CustomStringConvertible {
        var unlike = 0
        var listed = 0
        var empty = 0
        var oneEdge = 0
        var oneway = 0
        var stepFree = 0

        var description: String {
            "\(unlike) unlike; \(listed) targets listed, nothing in reach \(empty) times, a target on the origin's own "
                + "edge \(oneEdge), origin on a one-way edge \(oneway), over no steps \(stepFree)"
        }
    }

    private(set) var counts = Counts()
    private let network: WalkNetwork
    private let table: TargetTable
    private let targets: [(snap: Snap, kind: UInt16)]
    private let spots: [Snap]
    private let onewaySpots: [Snap]
    private let kinds: Range<UInt16>
    private var numbers = SeededNumbers(state: 9)
    private var fromLabels: [ReachedTarget] = []
    private var bounded: [ReachedTarget] = []

    init(_ network: WalkNetwork, kinds: Range<UInt16>, spots count: Int) throws {
        guard let bounds = network.bounds else { throw BenchFailure("nothing is walkable there") }
        self.network = network
        self.kinds = kinds
        let north = bounds.southWest.latitude.value...bounds.northEast.latitude.value
        let east = bounds.southWest.longitude.value...bounds.northEast.longitude.value
        var spots: [Snap] = []
        while spots.count < count {
            let point = Coordinate(
                uncheckedLatitude: Double.random(in: north, using: &numbers),
                longitude: Double.random(in: east, using: &numbers))
            if let snap = network.snap(point) { spots.append(snap) }
        }
        let oneway = Self.onewayPieces(of: network)
        onewaySpots = spots.filter { oneway.contains(Int($0.piece.number)) }
        var targets: [(snap: Snap, kind: UInt16)] = []
        for _ in 0..<min(50_000, max(500, network.edgeCount / 8)) {
            var snap = spots[Int.random(in: 0..<spots.count, using: &numbers)]
            // Many share one spot with another, so that equal metres are common.
            if let last = targets.last, Int.random(in: 0..<8, using: &numbers) == 0 { snap = last.snap }
            targets.append((snap, UInt16.random(in: kinds, using: &numbers)))
        }
        var slots: [TargetSlot] = []
        table = TargetTable(edgeCount: network.edgeCount, loading: targets, slots: &slots)
        table.hangOnHubs(of: network)
        self.targets = targets
        self.spots = spots
    }

    /// The numbers of pieces that are walked one way only: the rows of `edges.csv` that end in 1.
    private static func onewayPieces(of network: WalkNetwork) -> Set<Int> {
        var oneway: Set<Int> = []
        var row = -1
        var last: UInt8 = 0
        network.writeEdgesCSV { part in
            for byte in part {
                if byte == UInt8(ascii: "\n") {
                    if last == UInt8(ascii: "1") { oneway.insert(row) }
                    row += 1
                }
                last = byte
            }
        }
        return oneway
    }

    /// Asks one question both ways.
    mutating func ask(_ scratch: SearchScratch) {
        var query = TargetQuery(origin: origin(), limit: 0)
        query.limit = limit()
        query.avoidsSteps = Bool.random(using: &numbers)
        query.wanted = [1, 3, 10, 50, 150, .max].randomElement(using: &numbers) ?? 1
        let isTyped = Bool.random(using: &numbers)
        let wanted = kinds.filter { _ in !isTyped || Bool.random(using: &numbers) }
        if isTyped { query.kinds = KindSet(wanted) }
        let salt = UInt64.random(in: 0...UInt64.max, using: &numbers)
        let share: UInt64 = [1, 1, 2, 20].randomElement(using: &numbers) ?? 1
        let isReversed = Bool.random(using: &numbers)
        let accept = { (slot: TargetSlot, _: Metres) in
            ((UInt64(slot.number) &+ salt) &* 0x9E37_79B9_7F4A_7C15) >> 33 % share == 0
        }
        let precedes = { (left: TargetSlot, right: TargetSlot) in isReversed != (left < right) }
        network.boundedReach(
            query, targets: table, scratch: scratch, accept: accept, precedes: precedes, into: &bounded)
        // With kinds named the labels are asked, however dense the place is.
        query.kinds = KindSet(wanted)
        network.reach(
            query, targets: table, scratch: scratch, accept: accept, precedes: precedes, into: &fromLabels)
        let isSame = fromLabels.elementsEqual(bounded) {
            $0.slot == $1.slot && $0.metres.value.bitPattern == $1.metres.value.bitPattern
        }
        counts.unlike += isSame ? 0 : 1
        counts.listed += bounded.count
        counts.empty += bounded.isEmpty ? 1 : 0
        counts.stepFree += query.avoidsSteps ? 1 : 0
    }

    /// In the middle of a way, at an end of one, on the very edge of a target, or on a one-way edge.
    private mutating func origin() -> Snap {
        var snap = spots[Int.random(in: 0..<spots.count, using: &numbers)]
        switch Int.random(in: 0..<8, using: &numbers) {
        case 0: snap.offset = 0
        case 1, 2:
            snap = targets[Int.random(in: 0..<targets.count, using: &numbers)].snap
            snap.offset = Metres(snap.offset.value * Double.random(in: 0...1, using: &numbers))
            counts.oneEdge += 1
        case 3 where !onewaySpots.isEmpty:
            snap = onewaySpots[Int.random(in: 0..<onewaySpots.count, using: &numbers)]
            counts.oneway += 1
        default: break
        }
        if Bool.random(using: &numbers) { snap.leg = 0 }
        return snap
    }

    private mutating func limit() -> Metres {
        let most = network.labelledLimit ?? Bench.limit
        return [most, Bench.limit, 333.3, Metres(Double.random(in: 0...most.value, using: &numbers))]
            .randomElement(using: &numbers) ?? most
    }
}
