import DirectoryModel

/// The number of a target in a `TargetTable`.
package struct TargetSlot: Hashable, Comparable, Sendable {
    /// 0 ..< `TargetTable.slotLimit`.
    package let number: Int32
    /// The slot with this number.
    @inline(__always) package init(_ number: Int32) { self.number = number }
    /// Whether the left slot has the lower number.
    package static func < (left: Self, right: Self) -> Bool { left.number < right.number }
}

/// One target where it stands.
///
/// 32 bytes.
struct TargetRecord {
    /// Metres from the start of the edge.
    var offset: Double
    /// Metres from the edge to the thing.
    var leg: Double
    /// The number of the edge; UInt32.max: the slot is free.
    var edge: UInt32
    /// The next target of the edge, or -1.
    ///
    /// In a free slot: the next free one.
    var next: Int32
    /// The previous target of the edge, or -1.
    var previous: Int32
    /// What kind of target it is.
    var kind: UInt16
}

/// Targets of the search: things put on edges of one network, each of a kind.
///
/// Not locked: whoever holds it lets many search at once or one change it. A change shows in the very next
/// search.
package final class TargetTable: @unchecked Sendable {
    /// No target, or no slot.
    static let none: Int32 = -1

    private(set) var records: UnsafeMutablePointer<TargetRecord>
    let firstOfEdge: UnsafeMutablePointer<Int32>
    private let edgeCount: Int
    private var capacity: Int
    private var firstFree = none
    /// All slots that were ever given are below this.
    package private(set) var slotLimit = 0
    /// The number of targets.
    package private(set) var count = 0
    /// The lists of hubs, where they are kept.
    private(set) var hubs: HubLists?

    /// A table without targets.
    ///
    /// - Parameter edgeCount: the edges of the network that the snaps come from.
    package init(edgeCount: Int, capacity: Int = 0) {
        self.edgeCount = edgeCount
        self.capacity = max(capacity, 64)
        records = .allocate(capacity: self.capacity)
        firstOfEdge = .allocate(capacity: max(1, edgeCount))
        firstOfEdge.initialize(repeating: Self.none, count: max(1, edgeCount))
    }

    /// A table of many targets, with slots in the order of edges, so that neighbours lie together in memory.
    ///
    /// - Parameters:
    ///   - edgeCount: the edges of the network that the snaps come from.
    ///   - targets: the targets.
    ///   - slots: becomes the slots of the targets, in the order of `targets`.
    /// - Complexity: O(n log n) in the targets.
    package convenience init(
        edgeCount: Int, loading targets: [(snap: Snap, kind: UInt16)], slots: inout [TargetSlot]
    ) {
        self.init(edgeCount: edgeCount, capacity: targets.count + targets.count / 8)
        slots = Array(repeating: TargetSlot(Self.none), count: targets.count)
        let order = targets.indices.sorted { left, right in
            let (a, b) = (targets[left].snap, targets[right].snap)
            return (a.edge, a.offset, left) < (b.edge, b.offset, right)
        }
        // Backwards, because a target is put before those that its edge has.
        for (number, index) in order.enumerated().reversed() {
            let slot = TargetSlot(Int32(number))
            slots[index] = slot
            place(slot, at: targets[index].snap, kind: targets[index].kind)
        }
        slotLimit = targets.count
        count = targets.count
    }

    /// Hangs all targets on the hubs of the network that their snaps come from, and keeps them there from now
    /// on, so that searches within `WalkNetwork.labelledLimit` need not go over the network.
    ///
    /// Does nothing for a network without labels.
    ///
    /// - Complexity: O(n log n) in the targets, times the hubs of each.
    package func hangOnHubs(of network: WalkNetwork) {
        precondition(network.edgeCount == edgeCount, "the network of this table's snaps")
        guard slotLimit <= HubTarget.slotLimit else { return }
        hubs = HubLists(
            network: network, records: UnsafeBufferPointer(start: records, count: slotLimit))
    }

    /// The memory of the hubs' lists in bytes.
    package var hubByteCount: Int { hubs?.byteCount ?? 0 }

    deinit {
        records.deallocate()
        firstOfEdge.deallocate()
    }

    /// Adds a target.
    ///
    /// Slots of removed targets are used again.
    ///
    /// - Complexity: O(1), amortised; and as many insertions as it has hubs, where they are kept.
    package func insert(_ snap: Snap, kind: UInt16) -> TargetSlot {
        let slot: TargetSlot
        if firstFree != Self.none {
            slot = TargetSlot(firstFree)
            firstFree = records[Int(firstFree)].next
        } else {
            if slotLimit == capacity { grow() }
            slot = TargetSlot(Int32(slotLimit))
            slotLimit += 1
        }
        place(slot, at: snap, kind: kind)
        count += 1
        if slotLimit > HubTarget.slotLimit { hubs = nil }
        hubs?.insert(records[Int(slot.number)], slot: slot.number)
        return slot
    }

    /// Removes a target; its slot may then be given to another one.
    ///
    /// - Complexity: O(1), and as many insertions as it has hubs.
    package func remove(_ slot: TargetSlot) {
        unlink(slot)
        hubs?.remove(records[Int(slot.number)], slot: slot.number)
        records[Int(slot.number)].edge = .max
        records[Int(slot.number)].next = firstFree
        firstFree = slot.number
        count -= 1
    }

    /// Puts a target elsewhere.
    ///
    /// - Complexity: O(1), and as many insertions as it has hubs.
    package func move(_ slot: TargetSlot, to snap: Snap) {
        unlink(slot)
        hubs?.remove(records[Int(slot.number)], slot: slot.number)
        place(slot, at: snap, kind: records[Int(slot.number)].kind)
        hubs?.insert(records[Int(slot.number)], slot: slot.number)
    }

    /// Makes a target one of another kind.
    package func setKind(_ slot: TargetSlot, to kind: UInt16) {
        check(slot)
        hubs?.remove(records[Int(slot.number)], slot: slot.number)
        records[Int(slot.number)].kind = kind
        hubs?.insert(records[Int(slot.number)], slot: slot.number)
    }

    /// The kind of a target.
    package func kind(of slot: TargetSlot) -> UInt16 {
        check(slot)
        return records[Int(slot.number)].kind
    }

    private func check(_ slot: TargetSlot) {
        precondition(
            slot.number >= 0 && Int(slot.number) < slotLimit && records[Int(slot.number)].edge != .max,
            "a slot of this table, in use")
    }

    private func place(_ slot: TargetSlot, at snap: Snap, kind: UInt16) {
        precondition(Int(snap.edge.number) < edgeCount, "a snap of this table's network")
        let edge = Int(snap.edge.number)
        let next = firstOfEdge[edge]
        (records + Int(slot.number)).initialize(
            to: TargetRecord(
                offset: snap.offset.value, leg: snap.leg.value, edge: snap.edge.number, next: next,
                previous: Self.none, kind: kind))
        if next != Self.none { records[Int(next)].previous = slot.number }
        firstOfEdge[edge] = slot.number
    }

    private func unlink(_ slot: TargetSlot) {
        check(slot)
        let record = records[Int(slot.number)]
        if record.previous == Self.none {
            firstOfEdge[Int(record.edge)] = record.next
        } else {
            records[Int(record.previous)].next = record.next
        }
        if record.next != Self.none { records[Int(record.next)].previous = record.previous }
    }

    private func grow() {
        let larger = UnsafeMutablePointer<TargetRecord>.allocate(capacity: capacity * 2)
        larger.moveInitialize(from: records, count: slotLimit)
        records.deallocate()
        records = larger
        capacity *= 2
    }
}
