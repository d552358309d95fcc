import DirectoryModel
import Synchronization

/// A target in the list of a hub, in one word: where it lies from the hub, then what it is.
///
/// Words order by the walk from the hub to the target.
struct HubTarget {
    /// Kinds from this one on share a number, and are told apart by their records.
    static let lastKind: UInt16 = 4_095
    /// All slots are below this.
    static let slotLimit = 1 << 29
    /// Over all ways.
    static let any: UInt64 = 1
    /// Over no steps.
    static let stepFree: UInt64 = 2

    /// Centimetres (20 bits), kind (12), the walks that it is for (2), at which end of its edge the walk
    /// comes in (1: the head), slot (29).
    let word: UInt64

    /// The entry of a word.
    @inline(__always) init(word: UInt64) { self.word = word }

    /// An entry of its parts.
    @inline(__always)
    init(centimetres: UInt32, kind: UInt16, ways: UInt64, isHead: Bool, slot: Int32) {
        word =
            UInt64(centimetres) << 44 | UInt64(min(kind, Self.lastKind)) << 32 | ways << 30
            | (isHead ? 1 << 29 : 0) | UInt64(UInt32(bitPattern: slot))
    }

    /// Whole centimetres from the hub to the end of the edge, and those from there to the thing: up to two
    /// less than the walk has.
    @inline(__always) var centimetres: UInt32 { UInt32(truncatingIfNeeded: word >> 44) }
    /// The kind, or `lastKind` for that and those above it.
    @inline(__always) var kind: UInt16 { UInt16(truncatingIfNeeded: word >> 32) & Self.lastKind }
    /// `any`, `stepFree`.
    @inline(__always) var ways: UInt64 { word >> 30 & 3 }
    /// Whether the walk comes in at the head of the target's edge.
    @inline(__always) var isHead: Bool { word & 1 << 29 != 0 }
    /// The target.
    @inline(__always) var slot: Int32 { Int32(truncatingIfNeeded: word & 0x1FFF_FFFF) }
}

/// Whole centimetres from the end of an edge to a thing beside it.
enum Approach {
    /// Rounded down, so that no sum of it is more than the walk.
    @inline(__always)
    static func centimetres(offset: Double, leg: Double, length: UInt32, isHead: Bool) -> UInt32 {
        let metres =
            WalkTotal.toPoint(vertex: 0, offset: offset, length: length, reversed: isHead) + leg
        return UInt32(min((metres * 100).rounded(.down), Double(LabelBound.most)))
    }
}

/// For each hub the targets around it, nearest first.
///
/// A target is in the lists of the hubs of both ends of its edge, at most twice in each. One thread may change lists
/// while others read them: a changed list is a new piece of memory, put in the place of the old one at once, and
/// the old one stays until `reclaim`.
final class HubLists {
    /// The memory of a list: its number of words, then the words.
    private typealias Block = UnsafeMutablePointer<UInt64>

    let network: WalkNetwork
    private let labels: HubLabels
    private let lists: UnsafeMutablePointer<Atomic<UnsafeMutablePointer<UInt64>?>>
    /// All lists as they were loaded, in one piece.
    private var slab: UnsafeMutableBufferPointer<UInt64>?
    /// Memory in bytes of lists outside of the slab.
    private var ownBytes = 0
    /// Lists that others have taken the place of.
    private var replaced: [Block] = []
    /// The shortest walks from the hubs of the target at hand.
    private var nearest = NearestWalks()
    private var placings = GrowingMemory<Placing>(capacity: 256)

    /// Lists of all targets of a table, or nil for a network without labels.
    ///
    /// - Complexity: O(n log n) in the targets, times the hubs of each.
    init?(network: WalkNetwork, records: UnsafePointer<TargetRecord>, slots: [Int]) {
        guard let labels = network.labels else { return nil }
        self.network = network
        self.labels = labels
        let count = max(1, network.vertexCount)
        lists = .allocate(capacity: count)
        for hub in 0..<count { (lists + hub).initialize(to: Atomic(nil)) }
        load(records, slots)
    }

    deinit {
        reclaim()
        for vertex in 0..<network.vertexCount { free(lists[vertex].load(ordering: .relaxed)) }
        lists.deallocate()
        nearest.deallocate()
        placings.start.deallocate()
        slab?.deallocate()
    }

    /// Counts and notes first, so that all lists lie in one piece of memory without gaps.
    private func load(_ records: UnsafePointer<TargetRecord>, _ slots: [Int]) {
        var counts = [UInt32](repeating: 0, count: max(1, network.vertexCount))
        var placed: [(hub: UInt32, word: UInt64)] = []
        placed.reserveCapacity(slots.count * 16)
        for slot in slots {
            forEachPlacing(of: records[slot], slot: Int32(slot)) { hub, word in
                counts[Int(hub)] += 1
                placed.append((hub, word))
            }
        }
        let total = counts.reduce(0) { $0 + ($1 > 0 ? Int($1) + 1 : 0) }
        guard total > 0 else { return }
        let slab = UnsafeMutableBufferPointer<UInt64>.allocate(capacity: total)
        guard var next = slab.baseAddress else { return }
        self.slab = slab
        for (hub, count) in counts.enumerated() where count > 0 {
            next[0] = 0
            lists[hub].store(next, ordering: .relaxed)
            next += Int(count) + 1
        }
        for (hub, word) in placed {
            guard let block = lists[Int(hub)].load(ordering: .relaxed) else { continue }
            block[0] += 1
            block[Int(block[0])] = word
        }
        for (hub, count) in counts.enumerated() where count > 1 {
            guard let block = lists[hub].load(ordering: .relaxed) else { continue }
            var words = UnsafeMutableBufferPointer(start: block + 1, count: Int(count))
            words.sort()
        }
    }

    /// The words of a hub, in order.
    @inline(__always) subscript(hub: UInt32) -> UnsafeBufferPointer<UInt64> {
        guard let block = lists[Int(hub)].load(ordering: .acquiring) else {
            return UnsafeBufferPointer(start: nil, count: 0)
        }
        return UnsafeBufferPointer(start: block + 1, count: Int(block[0]))
    }

    /// Memory in bytes, without what is the same for any number of targets.
    var byteCount: Int { (slab?.count ?? 0) * 8 + ownBytes }

    /// Whether the lists around an edge have more words together.
    func hasMoreWords(than most: Int, aroundEdge edge: EdgeIndex) -> Bool {
        var count = 0
        for word in labels[network.edges[Int(edge.number)].head] {
            count &+= self[LabelEntry(word: word).hub].count
            if count > most { return true }
        }
        return false
    }

    /// Puts a target into the lists of its hubs.
    ///
    /// - Complexity: O(n) in the words of each hub, which are copied.
    func insert(_ record: TargetRecord, slot: Int32) {
        forEachPlacing(of: record, slot: slot) { hub, word in
            let words = self[hub]
            let index = Self.position(of: word, in: words)
            let block = allocate(words.count + 1)
            block[index + 1] = word
            if let start = words.baseAddress {
                (block + 1).update(from: start, count: index)
                (block + index + 2).update(from: start + index, count: words.count - index)
            }
            replace(hub, by: block)
        }
    }

    /// Takes a target out of the lists of its hubs.
    ///
    /// - Complexity: O(n) in the words of each hub, which are copied.
    func remove(_ record: TargetRecord, slot: Int32) {
        forEachPlacing(of: record, slot: slot) { hub, word in
            let words = self[hub]
            let index = Self.position(of: word, in: words)
            precondition(
                index < words.count && words[index] == word, "a target is in the lists of its hubs")
            guard words.count > 1, let start = words.baseAddress else { return replace(hub, by: nil) }
            let block = allocate(words.count - 1)
            (block + 1).update(from: start, count: index)
            (block + index + 1).update(from: start + index + 1, count: words.count - index - 1)
            replace(hub, by: block)
        }
    }

    /// Frees lists that were replaced; nobody who may have found one of them may read any more.
    func reclaim() {
        for block in replaced { free(block) }
        replaced.removeAll(keepingCapacity: true)
    }

    private func allocate(_ count: Int) -> Block {
        let block = Block.allocate(capacity: count + 1)
        block[0] = UInt64(count)
        ownBytes += (count + 1) * 8
        return block
    }

    private func replace(_ hub: UInt32, by block: Block?) {
        if let old = lists[Int(hub)].exchange(block, ordering: .acquiringAndReleasing) {
            replaced.append(old)
        }
    }

    private func free(_ block: Block?) {
        guard let block else { return }
        // The slab goes as a whole.
        if let slab, let start = slab.baseAddress, block >= start, block < start + slab.count { return }
        ownBytes -= (Int(block[0]) + 1) * 8
        block.deallocate()
    }

    private static func position(of word: UInt64, in words: UnsafeBufferPointer<UInt64>) -> Int {
        var (low, high) = (0, words.count)
        while low < high {
            let middle = (low + high) / 2
            if words[middle] < word { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Calls `body` with each hub that a target hangs on, and with its word there: always the same for a
    /// record.
    @inline(__always)
    private func forEachPlacing(of record: TargetRecord, slot: Int32, body: (UInt32, UInt64) -> Void) {
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
    private func collect(
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
