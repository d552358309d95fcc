import DirectoryModel

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
/// A target is in the lists of the hubs of both ends of its edge, at most twice in each. As TargetTable,
/// whose part it is, it is not locked.
final class HubLists {
    /// A list.
    ///
    /// 16 bytes.
    struct List {
        /// The first of its words.
        var words: UnsafeMutablePointer<UInt64>?
        /// The number of words.
        var count: UInt32
        /// Room for words; 0: the words lie in the slab of all lists, and move out when one is added.
        var capacity: UInt32
    }

    let network: WalkNetwork
    private let labels: HubLabels
    let lists: UnsafeMutablePointer<List>
    private var slab: UnsafeMutablePointer<UInt64>?
    private var slabCount = 0
    /// By hub, the shortest walk to the target at hand over all ways, and over no steps; only while it is
    /// placed.
    private let nearest: UnsafeMutablePointer<UInt32>
    private let nearestStepFree: UnsafeMutablePointer<UInt32>
    private var placings = GrowingMemory<Placing>(capacity: 256)

    /// Lists of all targets of a table, or nil for a network without labels.
    ///
    /// - Complexity: O(n log n) in the targets, times the hubs of each.
    init?(network: WalkNetwork, records: UnsafeBufferPointer<TargetRecord>) {
        guard let labels = network.labels else { return nil }
        self.network = network
        self.labels = labels
        let count = max(1, network.vertexCount)
        lists = .allocate(capacity: count)
        lists.initialize(repeating: List(words: nil, count: 0, capacity: 0), count: count)
        nearest = .allocate(capacity: count)
        nearest.initialize(repeating: Placing.none, count: count)
        nearestStepFree = .allocate(capacity: count)
        nearestStepFree.initialize(repeating: Placing.none, count: count)
        load(records)
    }

    deinit {
        for vertex in 0..<network.vertexCount where lists[vertex].capacity > 0 {
            lists[vertex].words?.deallocate()
        }
        lists.deallocate()
        nearest.deallocate()
        nearestStepFree.deallocate()
        placings.start.deallocate()
        slab?.deallocate()
    }

    /// Counts first, so that all lists lie in one piece of memory without gaps.
    private func load(_ records: UnsafeBufferPointer<TargetRecord>) {
        var total = 0
        for (slot, record) in records.enumerated() where record.edge != .max {
            forEachPlacing(of: record, slot: Int32(slot)) { hub, _ in
                lists[Int(hub)].count += 1
                total += 1
            }
        }
        guard total > 0 else { return }
        let slab = UnsafeMutablePointer<UInt64>.allocate(capacity: total)
        self.slab = slab
        slabCount = total
        var start = 0
        for vertex in 0..<network.vertexCount where lists[vertex].count > 0 {
            lists[vertex].words = slab + start
            start += Int(lists[vertex].count)
            lists[vertex].count = 0
        }
        for (slot, record) in records.enumerated() where record.edge != .max {
            forEachPlacing(of: record, slot: Int32(slot)) { hub, word in
                lists[Int(hub)].words?[Int(lists[Int(hub)].count)] = word
                lists[Int(hub)].count += 1
            }
        }
        for vertex in 0..<network.vertexCount where lists[vertex].count > 1 {
            var words = UnsafeMutableBufferPointer(
                start: lists[vertex].words, count: Int(lists[vertex].count))
            words.sort()
        }
    }

    /// Memory in bytes, without what is the same for any number of targets.
    var byteCount: Int {
        (0..<network.vertexCount).reduce(slabCount * 8) { $0 + Int(lists[$1].capacity) * 8 }
    }

    /// Whether the lists around an edge have more words together.
    func hasMoreWords(than most: Int, aroundEdge edge: EdgeIndex) -> Bool {
        var count = 0
        for word in labels[network.edges[Int(edge.number)].head] {
            count &+= Int(lists[Int(LabelEntry(word: word).hub)].count)
            if count > most { return true }
        }
        return false
    }

    /// Puts a target into the lists of its hubs.
    ///
    /// - Complexity: O(log n) in the targets of each hub, and moving those behind it.
    func insert(_ record: TargetRecord, slot: Int32) {
        forEachPlacing(of: record, slot: slot) { hub, word in
            let list = lists[Int(hub)]
            let words = list.count < list.capacity ? list.words ?? makeRoom(hub) : makeRoom(hub)
            let index = Self.position(of: word, in: words, count: Int(list.count))
            (words + index + 1).update(from: words + index, count: Int(list.count) - index)
            words[index] = word
            lists[Int(hub)].count += 1
        }
    }

    /// Takes a target out of the lists of its hubs.
    func remove(_ record: TargetRecord, slot: Int32) {
        forEachPlacing(of: record, slot: slot) { hub, word in
            let list = lists[Int(hub)]
            guard let words = list.words else { return }
            let index = Self.position(of: word, in: words, count: Int(list.count))
            precondition(
                index < Int(list.count) && words[index] == word, "a target is in the lists of its hubs")
            (words + index).update(from: words + index + 1, count: Int(list.count) - index - 1)
            lists[Int(hub)].count -= 1
        }
    }

    /// Memory of its own for a list, with room for more.
    private func makeRoom(_ hub: UInt32) -> UnsafeMutablePointer<UInt64> {
        let list = lists[Int(hub)]
        let capacity = Int(list.count) + Int(list.count) / 4 + 4
        let larger = UnsafeMutablePointer<UInt64>.allocate(capacity: capacity)
        // All of it, so that shifting a list by one never touches memory that was not.
        larger.initialize(repeating: 0, count: capacity)
        if let words = list.words {
            larger.update(from: words, count: Int(list.count))
            if list.capacity > 0 { words.deallocate() }
        }
        lists[Int(hub)] = List(words: larger, count: list.count, capacity: UInt32(capacity))
        return larger
    }

    private static func position(
        of word: UInt64, in words: UnsafeMutablePointer<UInt64>, count: Int
    ) -> Int {
        var (low, high) = (0, count)
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
        let fromTail = Approach.centimetres(
            offset: record.offset, leg: record.leg, length: edge.length, isHead: false)
        var count = collect(labels[edge.tail], fromTail, isHead: false, isStepFree: isStepFree, count: 0)
        if edge.flags & EdgeRecord.oneway == 0 {
            let fromHead = Approach.centimetres(
                offset: record.offset, leg: record.leg, length: edge.length, isHead: true)
            count = collect(labels[edge.head], fromHead, isHead: true, isStepFree: isStepFree, count: count)
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
        for index in 0..<count {
            nearest[Int(placings.start[index].hub)] = Placing.none
            nearestStepFree[Int(placings.start[index].hub)] = Placing.none
        }
    }

    /// Notes the walks to a target from the hubs of one end of its edge.
    ///
    /// - Returns: how many walks there are now.
    private func collect(
        _ label: UnsafeBufferPointer<UInt64>, _ approach: UInt32, isHead: Bool, isStepFree: Bool, count: Int
    ) -> Int {
        var count = count
        placings.ensure(count + label.count, keeping: count)
        for word in label {
            let entry = LabelEntry(word: word)
            let any = entry.serves(.back) ? HubTarget.any : 0
            let ways = any | (isStepFree && entry.serves(.backStepFree) ? HubTarget.stepFree : 0)
            let centimetres = entry.centimetres + approach
            guard ways != 0, centimetres <= labels.boundCentimetres else { continue }
            let hub = Int(entry.hub)
            if ways & HubTarget.any != 0 { nearest[hub] = min(nearest[hub], centimetres) }
            if ways & HubTarget.stepFree != 0 {
                nearestStepFree[hub] = min(nearestStepFree[hub], centimetres)
            }
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
        let hub = Int(placing.hub)
        if nearest[hub] &+ 1 < placing.centimetres { ways &= ~HubTarget.any }
        if nearestStepFree[hub] &+ 1 < placing.centimetres { ways &= ~HubTarget.stepFree }
        return ways
    }
}

/// A walk from a hub to a target, in over one end of the target's edge.
private struct Placing {
    /// No walk.
    static let none = UInt32.max >> 1

    let hub: UInt32
    let centimetres: UInt32
    let ways: UInt64
    let isHead: Bool
}
