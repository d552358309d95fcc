import DirectoryModel
import Synchronization

/// The number of a target in a `TargetTable`.
package struct TargetSlot: Hashable, Comparable, Sendable {
    /// 0 ..< `TargetTable.capacity`.
    package let number: Int32
    /// The slot with this number.
    @inline(__always) package init(_ number: Int32) { self.number = number }
    /// Whether the left slot has the lower number.
    package static func < (left: Self, right: Self) -> Bool { left.number < right.number }
}

/// One target where it stands; not changed while any search can meet it.
///
/// 24 bytes.
struct TargetRecord {
    /// Metres from the start of the edge.
    var offset: Double
    /// Metres from the edge to the thing.
    var leg: Double
    /// The number of the edge.
    var edge: UInt32
    /// What kind of target it is.
    var kind: UInt16
}

/// Targets of the search: things put on edges of one network, each of a kind.
///
/// Any number of threads may search while one changes the table. A search that runs beside a change may or may not
/// meet what is changed, and its `accept` tells which it should: so whoever wants answers as of one moment
/// notes for each slot from when until when it counts, and
///
/// 1. inserts what is new, which searches of before do not accept,
/// 2. lets new searches begin that do, and that do not accept any more what is to go,
/// 3. waits until all searches of before have ended, and removes,
/// 4. waits until all that began before that have ended, and calls `reclaim`.
///
/// Who never searches beside a change needs none of this but the call of `reclaim`.
package final class TargetTable: @unchecked Sendable {
    // Unchecked: what searches read is either not changed while they can meet it, or atomic; the rest belongs to
    // the one thread that changes.

    /// No target, or no slot.
    static let none: Int32 = -1
    /// In `previous`, of a slot without a target.
    private static let unused: Int32 = -2

    let records: UnsafeMutablePointer<TargetRecord>
    /// The targets of each edge, and of each target the next one of its edge.
    let chains: TargetChains
    /// In front of each target of an edge.
    private let previous: UnsafeMutablePointer<Int32>
    private let edgeCount: Int
    /// Room for targets, fixed: all slots are below this.
    package let capacity: Int
    private var firstFree = none
    /// All slots that were ever given are below this.
    private var usedLimit = 0
    /// The number of targets.
    package private(set) var count = 0
    /// Slots of targets that were removed, for `reclaim`.
    private var removed: [Int32] = []
    /// The lists of hubs, where they are kept.
    private(set) var hubs: HubLists?

    /// A table without targets.
    ///
    /// - Parameters:
    ///   - edgeCount: the edges of the network that the snaps come from.
    ///   - capacity: room for targets.
    package init(edgeCount: Int, capacity: Int = 64) {
        self.edgeCount = edgeCount
        self.capacity = min(max(1, capacity), HubTarget.slotLimit)
        records = .allocate(capacity: self.capacity)
        records.initialize(
            repeating: TargetRecord(offset: 0, leg: 0, edge: 0, kind: 0), count: self.capacity)
        previous = .allocate(capacity: self.capacity)
        previous.initialize(repeating: Self.unused, count: self.capacity)
        chains = TargetChains(edgeCount: edgeCount, capacity: self.capacity)
    }

    /// A table of many targets, with slots in the order of edges, so that neighbours lie together in memory.
    ///
    /// - Parameters:
    ///   - edgeCount: the edges of the network that the snaps come from.
    ///   - targets: the targets.
    ///   - spare: room for more of them.
    ///   - slots: becomes the slots of the targets, in the order of `targets`.
    /// - Complexity: O(n) in the targets.
    package convenience init(
        edgeCount: Int, loading targets: [(snap: Snap, kind: UInt16)], spare: Int = 0,
        slots: inout [TargetSlot]
    ) {
        self.init(edgeCount: edgeCount, capacity: targets.count + spare)
        slots = Array(repeating: TargetSlot(Self.none), count: targets.count)
        // The bits of an offset order as it does, since none is negative.
        let order = KeyOrder.indexes(
            of: targets.map { target in
                UInt64(target.snap.edge.number) << 32
                    | UInt64(Float(max(0, target.snap.offset.value)).bitPattern)
            })
        // Backwards, because a target is put before those that its edge has.
        for (number, index) in order.enumerated().reversed() {
            let slot = TargetSlot(Int32(number))
            slots[index] = slot
            place(slot, at: targets[index].snap, kind: targets[index].kind)
            link(slot)
        }
        usedLimit = targets.count
        count = targets.count
    }

    deinit {
        records.deallocate()
        previous.deallocate()
        chains.deallocate()
    }

    /// Hangs all targets on the hubs of the network that their snaps come from, and keeps them there from now
    /// on, so that searches within `WalkNetwork.labelledLimit` need not go over the network.
    ///
    /// Before the first search. Does nothing for a network without labels.
    ///
    /// - Complexity: O(n log n) in the targets, times the hubs of each.
    package func hangOnHubs(of network: WalkNetwork) {
        precondition(network.edgeCount == edgeCount, "the network of this table's snaps")
        let used = (0..<usedLimit).filter { previous[$0] != Self.unused }
        hubs = HubLists(network: network, records: records, slots: used)
    }

    /// The memory of the hubs' lists in bytes.
    package var hubByteCount: Int { hubs?.byteCount ?? 0 }

    /// Whether there is no room for another target; a larger table has to be made then.
    package var isFull: Bool { firstFree == Self.none && usedLimit == capacity }

    /// Adds a target; there must be room.
    ///
    /// Slots of removed targets are used again once they were reclaimed.
    ///
    /// - Parameter isMet: called with its slot before the first search can meet it.
    /// - Complexity: O(1), and as many insertions as it has hubs, where they are kept.
    @discardableResult
    package func insert(_ snap: Snap, kind: UInt16, before isMet: (TargetSlot) -> Void = { _ in })
        -> TargetSlot
    {
        precondition(!isFull, "room for a target")
        let slot: TargetSlot
        if firstFree != Self.none {
            slot = TargetSlot(firstFree)
            firstFree = chains.next(after: firstFree)
        } else {
            slot = TargetSlot(Int32(usedLimit))
            usedLimit += 1
        }
        place(slot, at: snap, kind: kind)
        isMet(slot)
        count += 1
        hubs?.insert(records[Int(slot.number)], slot: slot.number)
        link(slot)
        return slot
    }

    /// Removes a target: searches that begin from now on do not meet it.
    ///
    /// - Complexity: O(1), and as many removals as it has hubs.
    package func remove(_ slot: TargetSlot) {
        precondition(
            slot.number >= 0 && Int(slot.number) < usedLimit && previous[Int(slot.number)] != Self.unused,
            "a slot of this table, in use")
        unlink(slot.number)
        hubs?.remove(records[Int(slot.number)], slot: slot.number)
        previous[Int(slot.number)] = Self.unused
        removed.append(slot.number)
        count -= 1
    }

    /// Gives back memory and slots of what was removed or replaced before; no search that began before that may
    /// be running any more.
    package func reclaim() {
        for slot in removed {
            chains.follow(slot, by: firstFree)
            firstFree = slot
        }
        removed.removeAll(keepingCapacity: true)
        hubs?.reclaim()
    }

    /// The kind of a target.
    package func kind(of slot: TargetSlot) -> UInt16 { records[Int(slot.number)].kind }

    private func place(_ slot: TargetSlot, at snap: Snap, kind: UInt16) {
        precondition(Int(snap.edge.number) < edgeCount, "a snap of this table's network")
        records[Int(slot.number)] = TargetRecord(
            offset: snap.offset.value, leg: snap.leg.value, edge: snap.edge.number, kind: kind)
    }

    private func link(_ slot: TargetSlot) {
        let edge = records[Int(slot.number)].edge
        let next = chains.first(ofEdge: edge)
        previous[Int(slot.number)] = Self.none
        if next != Self.none { previous[Int(next)] = slot.number }
        chains.follow(slot.number, by: next)
        chains.begin(edge, with: slot.number)
    }

    /// Takes a target out of its chain; it still leads on itself, for who stands there.
    private func unlink(_ slot: Int32) {
        let (before, next) = (previous[Int(slot)], chains.next(after: slot))
        if before == Self.none {
            chains.begin(records[Int(slot)].edge, with: next)
        } else {
            chains.follow(before, by: next)
        }
        if next != Self.none { previous[Int(next)] = before }
    }
}

/// The targets of each edge, one after the other: changed by one thread while others read.
struct TargetChains {
    private let firstOfEdge: UnsafeMutablePointer<Atomic<Int32>>
    private let nextOfSlot: UnsafeMutablePointer<Atomic<Int32>>

    init(edgeCount: Int, capacity: Int) {
        func all(_ count: Int) -> UnsafeMutablePointer<Atomic<Int32>> {
            let memory = UnsafeMutablePointer<Atomic<Int32>>.allocate(capacity: max(1, count))
            for index in 0..<max(1, count) { (memory + index).initialize(to: Atomic(TargetTable.none)) }
            return memory
        }
        firstOfEdge = all(edgeCount)
        nextOfSlot = all(capacity)
    }

    func deallocate() {
        firstOfEdge.deallocate()
        nextOfSlot.deallocate()
    }

    /// The first target of an edge, or -1.
    @inline(__always) func first(ofEdge edge: UInt32) -> Int32 {
        firstOfEdge[Int(edge)].load(ordering: .acquiring)
    }

    /// The next target of the same edge, or -1.
    @inline(__always) func next(after slot: Int32) -> Int32 {
        nextOfSlot[Int(slot)].load(ordering: .acquiring)
    }

    func begin(_ edge: UInt32, with slot: Int32) { firstOfEdge[Int(edge)].store(slot, ordering: .releasing) }

    func follow(_ slot: Int32, by next: Int32) { nextOfSlot[Int(slot)].store(next, ordering: .releasing) }
}
