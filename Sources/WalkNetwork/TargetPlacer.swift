import DirectoryModel

/// Finds the hubs that targets hang on: the working memory of one thread.
struct TargetPlacer {
    private let network: WalkNetwork
    private let labels: HubLabels
    /// The shortest walks from the hubs of the target at hand.
    private var nearest = NearestWalks()
    private var placings = GrowingMemory<Placing>(capacity: 256)

    init(network: WalkNetwork, labels: HubLabels) {
        self.network = network
        self.labels = labels
    }

    func deallocate() {
        nearest.deallocate()
        placings.start.deallocate()
    }

    /// Calls `body` with each hub that a target hangs on, and with its word there: always the same for a
    /// record.
    @inline(__always)
    mutating func forEachHub(of record: TargetRecord, slot: Int32, body: (UInt32, UInt64) -> Void) {
        let edge = network.edges[Int(record.edge)]
        let isStepFree = edge.flags & EdgeRecord.steps == 0
        let (tail, head) = (labels[edge.tail], labels[edge.head])
        placings.ensure(tail.count + head.count, keeping: 0)
        nearest.begin(hubs: tail.count + head.count)
        let fromTail = Approach.centimetres(
            offset: record.offset, leg: record.leg, length: edge.length, isHead: false)
        var count = collect(tail, fromTail, isHead: false, isStepFree: isStepFree, count: 0)
        if edge.flags & EdgeRecord.oneway == 0 {
            let fromHead = Approach.centimetres(
                offset: record.offset, leg: record.leg, length: edge.length, isHead: true)
            count = collect(head, fromHead, isHead: true, isStepFree: isStepFree, count: count)
        }
        for index in 0..<count {
            let placing = placings.start[index]
            let ways = needed(placing)
            guard ways != 0 else { continue }
            let target = HubTarget(
                centimetres: placing.centimetres, kind: record.kind, ways: ways, isHead: placing.isHead,
                slot: slot)
            body(placing.hub, target.word)
        }
    }

    /// Notes the walks to a target from the hubs of one end of its edge.
    ///
    /// - Returns: how many walks there are now.
    private mutating func collect(
        _ label: UnsafeBufferPointer<UInt64>, _ approach: UInt32, isHead: Bool, isStepFree: Bool, count: Int
    ) -> Int {
        var count = count
        for word in label {
            let entry = LabelEntry(word: word)
            let any = entry.serves(.back) ? HubTarget.any : 0
            let ways = any | (isStepFree && entry.serves(.backStepFree) ? HubTarget.stepFree : 0)
            let centimetres = entry.centimetres + approach
            guard ways != 0, centimetres <= labels.boundCentimetres else { continue }
            nearest.note(entry.hub, centimetres, ways)
            placings.start[count] = Placing(
                hub: entry.hub, centimetres: centimetres, ways: ways, isHead: isHead)
            count += 1
        }
        return count
    }

    /// The walks for which coming in at the other end is not certainly shorter: two centimetres are allowed
    /// for what is rounded down.
    @inline(__always) private func needed(_ placing: Placing) -> UInt64 {
        var ways = placing.ways
        let least = nearest.walks(from: placing.hub)
        if least.any &+ 1 < placing.centimetres { ways &= ~HubTarget.any }
        if least.stepFree &+ 1 < placing.centimetres { ways &= ~HubTarget.stepFree }
        return ways
    }
}

/// A walk from a hub to a target, in over one end of the target's edge.
private struct Placing {
    let hub: UInt32
    let centimetres: UInt32
    let ways: UInt64
    let isHead: Bool
}

/// The shortest walks to one target from each of its hubs: a table with open addressing, used again for the next
/// target.
private struct NearestWalks {
    /// Over all ways, and over no steps, in centimetres.
    struct Walks {
        var hub: UInt32
        var any: UInt32
        var stepFree: UInt32
    }

    /// No walk; no hub has such a number either.
    private static let none = UInt32.max >> 1

    private var table = GrowingMemory<Walks>(capacity: 256)
    private var mask = 0

    /// Empties the table, for as many hubs.
    mutating func begin(hubs: Int) {
        var size = 16
        while size < 2 * hubs { size *= 2 }
        table.ensure(size, keeping: 0)
        table.start.initialize(
            repeating: Walks(hub: Self.none, any: Self.none, stepFree: Self.none), count: size)
        mask = size - 1
    }

    /// Where a hub stands, or would.
    @inline(__always) private func place(of hub: UInt32) -> UnsafeMutablePointer<Walks> {
        var index = Int(hub &* 0x9E37_79B1 >> 8) & mask
        while table.start[index].hub != hub && table.start[index].hub != Self.none {
            index = (index &+ 1) & mask
        }
        return table.start + index
    }

    /// Notes a walk for those that it serves.
    @inline(__always) func note(_ hub: UInt32, _ centimetres: UInt32, _ ways: UInt64) {
        let walks = place(of: hub)
        walks.pointee.hub = hub
        if ways & HubTarget.any != 0 { walks.pointee.any = min(walks.pointee.any, centimetres) }
        if ways & HubTarget.stepFree != 0 {
            walks.pointee.stepFree = min(walks.pointee.stepFree, centimetres)
        }
    }

    /// The shortest walks from a hub.
    @inline(__always) func walks(from hub: UInt32) -> Walks { place(of: hub).pointee }

    func deallocate() { table.start.deallocate() }
}
