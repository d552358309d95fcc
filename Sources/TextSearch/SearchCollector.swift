/// Gathers things channel by channel: in each the best by rank, then the shorter name, then the caller's order.
struct SearchCollector {
    /// A thing that was found.
    struct Entry {
        let rank: Double
        /// Units of its name.
        let length: UInt8
        let id: UInt32
        /// Its number in the index.
        let thing: UInt32
        let channel: SearchChannel
    }

    /// What is known of each thing, by its number.
    struct Things {
        let ids: UnsafeBufferPointer<UInt32>
        /// Units of its name.
        let lengths: UnsafeBufferPointer<UInt8>
    }

    /// How the caller orders things.
    struct Order {
        /// Whether `rank` is asked; if not, all things are wanted, and alike.
        let isRanked: Bool
        /// Nil (or not a number) for a thing that is not wanted.
        let rank: (UInt32) -> Double?
        /// Whether a thing stands before another one whose rank and length are the same.
        let precedes: (UInt32, UInt32) -> Bool
    }

    let limit: Int
    private(set) var results: [Entry] = []
    /// The best of the current channel, the worst of them on top.
    private var heap: [Entry] = []
    /// A bit for each thing that was noted; this, `line` and `ranks` are the caller's memory, which outlives this.
    private let seen: UnsafeMutableBufferPointer<UInt64>
    private let line: UnsafeMutableBufferPointer<UInt32>
    private let ranks: UnsafeMutableBufferPointer<Double>
    private let things: Things
    private let order: Order
    /// What a thing must be better than, once the channel has filled the answer.
    private var worst = Self.nothing
    private var isFilled = false

    private static let nothing = Entry(
        rank: .infinity, length: .max, id: .max, thing: .max, channel: .oneEdit)

    init(limit: Int, things: Things, scratch: SearchScratch, order: Order) {
        self.limit = limit
        self.things = things
        seen = scratch.seen
        line = scratch.line
        ranks = scratch.ranks
        self.order = order
    }

    var isFull: Bool { results.count >= limit }

    /// Things of the current channel, the first `count` in line; what was there before or is not wanted is passed over.
    ///
    /// Many at once: to take hold of the caller's function costs more than to call it, and a bit that is set waits
    /// for the one before it unless both are set in a register.
    @inline(never)
    mutating func take(_ count: Int, _ channel: SearchChannel) {
        let count = keepNew(count)
        if order.isRanked { ask(order.rank, count) }
        for at in 0..<count {
            let rank = ranks[at]
            // Not a number passes neither comparison.
            guard rank <= worst.rank else { continue }
            let thing = line[at]
            let length = things.lengths[Int(thing)]
            guard rank < worst.rank || length <= worst.length else { continue }
            push(
                Entry(rank: rank, length: length, id: things.ids[Int(thing)], thing: thing, channel: channel))
        }
    }

    /// Drops from the line what was noted before, and notes the rest.
    private func keepNew(_ count: Int) -> Int {
        var kept = 0
        var word = 0
        var bits = seen[0]
        for at in 0..<count {
            let thing = line[at]
            if Int(thing >> 6) != word {
                seen[word] = bits
                word = Int(thing >> 6)
                bits = seen[word]
            }
            let bit: UInt64 = 1 << UInt64(thing & 63)
            line[kept] = thing
            kept &+= bits & bit == 0 ? 1 : 0
            bits |= bit
        }
        seen[word] = bits
        return kept
    }

    private func ask(_ rank: (UInt32) -> Double?, _ count: Int) {
        for at in 0..<count { ranks[at] = rank(things.ids[Int(line[at])]) ?? .nan }
    }

    /// What has been added stands before all that comes: the best of it are results.
    mutating func close() {
        if heap.isEmpty { return }
        results += heap.sorted(by: isBefore)
        heap.removeAll(keepingCapacity: true)
        isFilled = false
        worst = Self.nothing
    }

    private func isBefore(_ one: Entry, _ other: Entry) -> Bool {
        if one.rank != other.rank { return one.rank < other.rank }
        if one.length != other.length { return one.length < other.length }
        return order.precedes(one.id, other.id)
    }

    @inline(never)
    private mutating func push(_ entry: Entry) {
        if isFilled, !isBefore(entry, worst) { return }
        place(entry)
        guard heap.count == limit - results.count, let top = heap.first else { return }
        isFilled = true
        worst = top
    }

    private mutating func place(_ entry: Entry) {
        let room = limit - results.count
        if heap.count < room {
            heap.append(entry)
            var child = heap.count - 1
            while child > 0 {
                let parent = (child - 1) / 2
                guard isBefore(heap[parent], heap[child]) else { break }
                heap.swapAt(parent, child)
                child = parent
            }
            return
        }
        heap[0] = entry
        var parent = 0
        while true {
            var worst = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count {
                if isBefore(heap[worst], heap[child]) { worst = child }
            }
            guard worst != parent else { return }
            heap.swapAt(worst, parent)
            parent = worst
        }
    }
}
