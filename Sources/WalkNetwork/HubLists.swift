import Dispatch
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
    private var placer: TargetPlacer

    /// Lists of all targets of a table, or nil for a network without labels.
    ///
    /// - Complexity: O(n log n) in the targets, times the hubs of each.
    init?(network: WalkNetwork, records: UnsafePointer<TargetRecord>, slots: [Int]) {
        guard let labels = network.labels else { return nil }
        self.network = network
        self.labels = labels
        placer = TargetPlacer(network: network, labels: labels)
        let count = max(1, network.vertexCount)
        lists = .allocate(capacity: count)
        for hub in 0..<count { (lists + hub).initialize(to: Atomic(nil)) }
        load(records, slots)
    }

    deinit {
        reclaim()
        for vertex in 0..<network.vertexCount { free(lists[vertex].load(ordering: .relaxed)) }
        lists.deallocate()
        placer.deallocate()
        slab?.deallocate()
    }

    /// Finds the hubs first, then makes all lists in one piece of memory without gaps; both on all processors.
    private func load(_ records: UnsafePointer<TargetRecord>, _ slots: [Int]) {
        let parts = (slots.count + Self.portion - 1) / Self.portion
        let vertices = max(1, network.vertexCount)
        let shift = Self.rangeShift(of: vertices)
        let ranges = (vertices - 1) >> shift + 1
        // For each portion of the targets, and in it for each range of hubs.
        let placed = [[[Placed]]](unsafeUninitializedCapacity: parts) { buffer, count in
            guard let start = buffer.baseAddress else { return }
            nonisolated(unsafe) let (first, records, labels) = (start, records, labels)
            DispatchQueue.concurrentPerform(iterations: parts) { [network] part in
                let some = slots[part * Self.portion..<min((part + 1) * Self.portion, slots.count)]
                var found = [[Placed]](repeating: [], count: ranges)
                for range in found.indices { found[range].reserveCapacity(some.count * 16 / ranges) }
                var placer = TargetPlacer(network: network, labels: labels)
                defer { placer.deallocate() }
                for slot in some {
                    placer.forEachHub(of: records[slot], slot: Int32(slot)) { hub, word in
                        found[Int(hub) >> shift].append(Placed(hub: hub, word: word))
                    }
                }
                (first + part).initialize(to: found)
            }
            count = parts
        }
        @Sendable func hubs(of range: Int) -> Range<Int> {
            range << shift..<min(vertices, (range + 1) << shift)
        }
        let counts = [[UInt32]](unsafeUninitializedCapacity: ranges) { buffer, count in
            guard let start = buffer.baseAddress else { return }
            nonisolated(unsafe) let first = start
            DispatchQueue.concurrentPerform(iterations: ranges) { range in
                let hubs = hubs(of: range)
                var counts = [UInt32](repeating: 0, count: hubs.count)
                for part in placed {
                    for one in part[range] { counts[Int(one.hub) - hubs.lowerBound] += 1 }
                }
                (first + range).initialize(to: counts)
            }
            count = ranges
        }
        // In front of its words each list has their number.
        var starts = [0]
        for counts in counts {
            starts.append(counts.reduce(starts[starts.count - 1]) { $0 + ($1 > 0 ? Int($1) + 1 : 0) })
        }
        let total = starts[ranges]
        guard total > 0 else { return }
        let slab = UnsafeMutableBufferPointer<UInt64>.allocate(capacity: total)
        guard let start = slab.baseAddress else { return }
        self.slab = slab
        nonisolated(unsafe) let (first, lists) = (start, lists)
        DispatchQueue.concurrentPerform(iterations: ranges) { [starts] range in
            var next = first + starts[range]
            for (hub, count) in zip(hubs(of: range), counts[range]) where count > 0 {
                next[0] = 0
                lists[hub].store(next, ordering: .relaxed)
                next += Int(count) + 1
            }
            for part in placed {
                for one in part[range] {
                    guard let block = lists[Int(one.hub)].load(ordering: .relaxed) else { continue }
                    block[0] += 1
                    block[Int(block[0])] = one.word
                }
            }
            for (hub, count) in zip(hubs(of: range), counts[range]) where count > 1 {
                guard let block = lists[hub].load(ordering: .relaxed) else { continue }
                var words = UnsafeMutableBufferPointer(start: block + 1, count: Int(count))
                words.sort()
            }
        }
    }

    /// The word of a target at a hub.
    private struct Placed {
        let hub: UInt32
        let word: UInt64
    }

    /// Ranges of hubs whose lists are made by themselves, at most; chosen, not measured.
    private static let mostRanges = 16

    /// The number of the lowest bits of a hub's number that do not tell its range.
    private static func rangeShift(of vertices: Int) -> Int {
        var shift = 0
        while (vertices - 1) >> shift >= mostRanges { shift += 1 }
        return shift
    }

    /// Targets that a thread takes in a row; chosen, not measured.
    private static let portion = 2_048

    /// The words of a hub, in order.
    @inline(__always) subscript(hub: UInt32) -> UnsafeBufferPointer<UInt64> {
        guard let block = lists[Int(hub)].load(ordering: .acquiring) else {
            return UnsafeBufferPointer(start: nil, count: 0)
        }
        return UnsafeBufferPointer(start: block + 1, count: Int(block[0]))
    }

    /// Memory in bytes, without what is the same for any number of targets.
    var byteCount: Int { (slab?.count ?? 0) * 8 + ownBytes }

    /// How many words the lists of the hubs of an edge's head have together; beyond `most` some number above it.
    func wordCount(aroundEdge edge: EdgeIndex, upTo most: Int) -> Int {
        var count = 0
        for word in labels[network.edges[Int(edge.number)].head] {
            count &+= self[LabelEntry(word: word).hub].count
            if count > most { break }
        }
        return count
    }

    /// Puts a target into the lists of its hubs.
    ///
    /// - Complexity: O(n) in the words of each hub, which are copied.
    func insert(_ record: TargetRecord, slot: Int32) {
        placer.forEachHub(of: record, slot: slot) { hub, word in
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
        placer.forEachHub(of: record, slot: slot) { hub, word in
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
}
