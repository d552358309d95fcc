internal import Dispatch
internal import DirectoryModel
internal import Synchronization
internal import WalkNetwork

/// The number of an index among those that follow each other.
typealias IndexNumber = UInt32

/// The places that are listed, on one network, as targets of its searches.
///
/// Shared by the indexes that follow each other on one network: a place that is put there counts from one index on, one
/// that is taken down until before one. So many can search, each as of its index, while one thread changes what is
/// there.
final class HungPlaces: @unchecked Sendable {
    // Unchecked: what searches read is constant while they can meet it, or atomic; the rest is the writer's alone.

    let network: WalkNetwork
    /// Working memory for searches on the network.
    let pool: SearchPool
    let targets: TargetTable
    private let slots: UnsafeMutablePointer<Slot>
    /// Slots that count in no later index, and are still met.
    private var takenDown: [TargetSlot] = []

    /// What hangs in a slot.
    private struct Slot: ~Copyable {
        var entry: Unmanaged<PlaceEntry>?
        /// The first index that it counts in.
        var first: IndexNumber = 0
        /// The first one after that in which it does not.
        let end = Atomic<IndexNumber>(0)

        @inline(__always) func counts(in number: IndexNumber) -> Bool {
            first <= number && number < end.load(ordering: .relaxed)
        }
    }

    /// Puts all places that are listed on a network, with slots in the network's own order.
    ///
    /// - Parameters:
    ///   - places: each with the number of its kind; their entries stay alive meanwhile, and have no slot.
    ///   - number: the first index that they count in.
    ///   - keepsSlots: whether each place is to know its slot, so that it can be taken down.
    init(
        on network: WalkNetwork, places: [NewEntry], from number: IndexNumber, keepsSlots: Bool = true
    ) {
        self.network = network
        pool = SearchPool(network: network)
        var found: [Unmanaged<PlaceEntry>] = []
        var snaps: [(snap: Snap, kind: UInt16)] = []
        found.reserveCapacity(places.count)
        snaps.reserveCapacity(places.count)
        for (place, snap) in zip(places, Self.snaps(of: places, on: network)) {
            guard let snap else { continue }
            found.append(place.entry)
            snaps.append((snap, place.kind))
        }

        var given: [TargetSlot] = []
        targets = TargetTable(
            edgeCount: network.edgeCount, loading: snaps, spare: max(Self.leastSpare, found.count / 8),
            slots: &given)
        targets.hangOnHubs(of: network)
        slots = .allocate(capacity: targets.capacity)
        for index in 0..<targets.capacity { (slots + index).initialize(to: Slot()) }
        // On all processors: entries lie anywhere in memory, and are waited for.
        DispatchQueue.concurrentPerform(iterations: (found.count + Self.portion - 1) / Self.portion) {
            [found, given] part in
            for index in part * Self.portion..<min((part + 1) * Self.portion, found.count) {
                found[index]._withUnsafeGuaranteedRef { entry in
                    fill(given[index], with: entry, from: number)
                    if keepsSlots { entry.slot = given[index] }
                }
            }
        }
    }

    /// Room for places besides those of the beginning; chosen, not measured: a new table takes milliseconds.
    private static let leastSpare = 256

    deinit {
        for index in 0..<targets.capacity { slots[index].entry?.release() }
        slots.deinitialize(count: targets.capacity)
        slots.deallocate()
    }

    /// Points that a thread looks at in a row; chosen, not measured.
    private static let portion = 1_024

    /// Where places lie on a network, nil for those that are not listed or lie too far away; in the order of
    /// `places`.
    ///
    /// Neighbours one after the other, since they find the same ways in the processor's caches: half the time. On all
    /// processors.
    private static func snaps(of places: [NewEntry], on network: WalkNetwork) -> [Snap?] {
        let listed = places.indices.filter { places[$0].point != nil }
        let order = KeyOrder.indexes(of: listed.map { places[$0].point?.cell ?? 0 }).map { listed[$0] }
        return Array(unsafeUninitializedCapacity: places.count) { buffer, count in
            buffer.initialize(repeating: nil)
            count = places.count
            nonisolated(unsafe) let snaps = buffer
            DispatchQueue.concurrentPerform(iterations: (order.count + portion - 1) / portion) { number in
                for index in order[number * portion..<min((number + 1) * portion, order.count)] {
                    snaps[index] = places[index].point.flatMap { network.snap($0) }
                }
            }
        }
    }

    private func fill(_ slot: TargetSlot, with entry: PlaceEntry, from number: IndexNumber) {
        slots[slot.index].entry = .passRetained(entry)
        slots[slot.index].first = number
        slots[slot.index].end.store(.max, ordering: .relaxed)
    }

    // MARK: Searching

    /// What hangs in a slot that a search has met, where it counts in an index.
    ///
    /// The entry is good as long as the index is being read.
    @inline(__always)
    func entry(in slot: TargetSlot, of number: IndexNumber) -> Unmanaged<PlaceEntry>? {
        slots[slot.index].counts(in: number) ? slots[slot.index].entry : nil
    }

    /// Whether something that counts in an index hangs in a slot.
    @inline(__always) func has(_ slot: TargetSlot, in number: IndexNumber) -> Bool {
        slots[slot.index].counts(in: number)
    }

    /// Whether something that counts in an index hangs in a slot, and passes a test.
    @inline(__always)
    func has(_ slot: TargetSlot, in number: IndexNumber, passing test: (PlaceEntry) -> Bool) -> Bool {
        guard let entry = entry(in: slot, of: number) else { return false }
        return entry._withUnsafeGuaranteedRef(test)
    }

    /// Whether one of two comes before the other where both are equally far: by the bytes of their ids.
    func precedes(_ left: TargetSlot, _ right: TargetSlot) -> Bool {
        guard let left = slots[left.index].entry, let right = slots[right.index].entry else { return false }
        return left.takeUnretainedValue().record.id < right.takeUnretainedValue().record.id
    }

    // MARK: Changing

    /// Puts a place on the network, where it is listed and lies near enough.
    ///
    /// - Returns: false where there is no room, and all have to be put on anew.
    func hang(_ entry: PlaceEntry, kind: UInt16, from number: IndexNumber) -> Bool {
        entry.slot = nil
        guard let snap = entry.listedPoint.flatMap({ network.snap($0) }) else { return true }
        guard !targets.isFull else { return false }
        // What is in the slot must be there before a search can meet it.
        entry.slot = targets.insert(snap, kind: kind) { slot in fill(slot, with: entry, from: number) }
        return true
    }

    /// Lets a place count no more.
    func takeDown(_ entry: PlaceEntry, from number: IndexNumber) {
        guard let slot = entry.slot else { return }
        slots[slot.index].end.store(number, ordering: .relaxed)
        takenDown.append(slot)
        entry.slot = nil
    }

    /// Takes down what counts in no index that is read any more, and gives back its memory.
    ///
    /// - Parameter waitForReaders: returns when all have ended who began to read before.
    func settle(waitForReaders: () -> Void) {
        for slot in takenDown { targets.remove(slot) }
        waitForReaders()
        targets.reclaim()
        for slot in takenDown {
            slots[slot.index].entry?.release()
            slots[slot.index].entry = nil
        }
        takenDown.removeAll(keepingCapacity: true)
    }
}

extension Coordinate {
    /// The number of the cell of some hundred metres that it lies in, near ones mostly with near numbers: the bits of
    /// both numbers in turn (Morton's order).
    fileprivate var cell: UInt64 {
        func spread(_ number: UInt64) -> UInt64 {
            var bits = number
            bits = (bits | bits << 16) & 0x0000_FFFF_0000_FFFF
            bits = (bits | bits << 8) & 0x00FF_00FF_00FF_00FF
            bits = (bits | bits << 4) & 0x0F0F_0F0F_0F0F_0F0F
            bits = (bits | bits << 2) & 0x3333_3333_3333_3333
            return (bits | bits << 1) & 0x5555_5555_5555_5555
        }
        return spread(UInt64((latitude.value + 90) * 1_000)) | spread(UInt64((longitude.value + 180) * 1_000))
            << 1
    }
}
