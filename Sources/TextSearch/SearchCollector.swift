/// Gathers things channel by channel: in each the best by rank and id, each thing once.
struct SearchCollector {
    /// A thing that was found.
    struct Entry {
        let rank: Double
        let id: UInt32
        let text: UInt32
        let channel: SearchChannel
        let field: SearchField
        /// How the text was matched, which for words of the type and the address is another channel.
        let way: SearchChannel

        func isBefore(_ other: Entry) -> Bool {
            rank != other.rank ? rank < other.rank : id < other.id
        }
    }

    let limit: Int
    private(set) var results: [Entry] = []
    /// The best of the current channel, the worst of them on top.
    private var heap: [Entry] = []
    /// A bit for each thing that was noted; the caller's memory, which outlives this.
    private let seen: UnsafeMutableBufferPointer<UInt64>
    private let isRanked: Bool
    private let rank: (UInt32) -> Double?
    /// What a thing must be better than, once the channel has filled the answer.
    private var worstRank = Double.infinity
    private var worstID = UInt32.max
    private var isFilled = false

    init(
        limit: Int, seen: UnsafeMutableBufferPointer<UInt64>, isRanked: Bool,
        rank: @escaping (UInt32) -> Double?
    ) {
        self.limit = limit
        self.seen = seen
        self.isRanked = isRanked
        self.rank = rank
    }

    var isFull: Bool { results.count >= limit }

    /// Notes a thing; false when it was noted before.
    @inline(__always)
    mutating func isNew(_ thing: UInt32) -> Bool {
        let bit: UInt64 = 1 << UInt64(thing & 63)
        let word = Int(thing >> 6)
        if seen[word] & bit != 0 { return false }
        seen[word] |= bit
        return true
    }

    /// A new thing of the current channel; what is not wanted is passed over.
    @inline(__always)
    mutating func add(
        id: UInt32, text: UInt32, _ field: SearchField, _ channel: SearchChannel, _ way: SearchChannel
    ) {
        var value = 0.0
        if isRanked {
            guard let given = rank(id), !given.isNaN else { return }
            value = given
        }
        if isFilled {
            guard value < worstRank || (value == worstRank && id < worstID) else { return }
        }
        push(Entry(rank: value, id: id, text: text, channel: channel, field: field, way: way))
    }

    /// The channel has been searched: its best are results.
    mutating func close() {
        results += heap.sorted { $0.isBefore($1) }
        heap.removeAll(keepingCapacity: true)
        isFilled = false
    }

    private mutating func push(_ entry: Entry) {
        place(entry)
        guard heap.count == limit - results.count, let worst = heap.first else { return }
        isFilled = true
        worstRank = worst.rank
        worstID = worst.id
    }

    private mutating func place(_ entry: Entry) {
        let room = limit - results.count
        if heap.count < room {
            heap.append(entry)
            var child = heap.count - 1
            while child > 0 {
                let parent = (child - 1) / 2
                guard heap[parent].isBefore(heap[child]) else { break }
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
                if heap[worst].isBefore(heap[child]) { worst = child }
            }
            guard worst != parent else { return }
            heap.swapAt(worst, parent)
            parent = worst
        }
    }
}
