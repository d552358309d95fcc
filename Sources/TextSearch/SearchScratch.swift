/// Memory of one search, given back when it ends.
struct SearchScratch {
    /// A text that has to be looked at.
    struct Waiting {
        var posting: UInt32 = 0
        var place: UInt32 = 0
        /// The symbol two further on, 0 for the end.
        var third: UInt16 = 0
        /// Number of symbols of the text.
        var count: UInt8 = 0
    }

    /// So many texts are looked up at once: one load from memory does not wait for another, as it would text by text.
    ///
    /// Chosen, not measured.
    static let batchCount = 64

    /// A bit for each thing that was noted.
    let seen: UnsafeMutableBufferPointer<UInt64>
    /// A bit for each text that was gathered.
    let taken: UnsafeMutableBufferPointer<UInt64>
    /// A bit for each text that begins as the query does, in whatever way.
    let starts: UnsafeMutableBufferPointer<UInt64>
    /// A bit for each text that was found, by the way; once a way was gathered, of those that have no better one.
    ///
    /// In order of texts they are gathered, as they lie in memory, and each once.
    private let ways: UnsafeMutableBufferPointer<UnsafeMutableBufferPointer<UInt64>?>
    let batch: UnsafeMutableBufferPointer<Waiting>
    /// Things that wait for their rank.
    let line: UnsafeMutableBufferPointer<UInt32>
    /// The caller's ranks of those in line; they stay 0 where the caller has none.
    let ranks: UnsafeMutableBufferPointer<Double>

    init(_ view: TextStore.View, things: Int) {
        seen = Self.bits(things)
        taken = Self.bits(view.records.count)
        starts = Self.bits(view.records.count)
        ways = .allocate(capacity: SearchChannel.allCases.count)
        ways.initialize(repeating: nil)
        batch = .allocate(capacity: Self.batchCount)
        batch.initialize(repeating: Waiting())
        line = .allocate(capacity: Self.batchCount)
        line.initialize(repeating: 0)
        ranks = .allocate(capacity: Self.batchCount)
        ranks.initialize(repeating: 0)
    }

    func deallocate() {
        seen.deallocate()
        taken.deallocate()
        starts.deallocate()
        for way in ways { way?.deallocate() }
        ways.deallocate()
        batch.deallocate()
        line.deallocate()
        ranks.deallocate()
    }

    /// The texts of a way, nil where none was found.
    func texts(_ way: SearchChannel) -> UnsafeMutableBufferPointer<UInt64>? { ways[Int(way.rawValue)] }

    /// Notes where a text was found.
    @inline(__always)
    func find(_ text: UInt32, at position: Int, _ way: SearchChannel) {
        let bits = ways[Int(way.rawValue)] ?? made(way)
        let bit: UInt64 = 1 << UInt64(text & 63)
        bits[Int(text >> 6)] |= bit
        if position == 0 { starts[Int(text >> 6)] |= bit }
    }

    /// Notes that all postings of a list were found.
    @inline(never)
    func find(_ lists: PackedLists.View, _ postings: PackedList, _ way: SearchChannel) {
        let bits = ways[Int(way.rawValue)] ?? made(way)
        lists.forEach(postings) { packed in
            let posting = Posting(packed)
            let word = Int(posting.text >> 6)
            let bit: UInt64 = 1 << UInt64(posting.text & 63)
            bits[word] |= bit
            // Whether it is the first position cannot be foretold: no branch.
            starts[word] |= posting.position == 0 ? bit : 0
        }
    }

    /// Whether nothing better can be found of a posting: its text was gathered, and is known to begin so if it does.
    @inline(__always)
    func isDone(_ posting: Posting) -> Bool {
        let bit: UInt64 = 1 << UInt64(posting.text & 63)
        let word = Int(posting.text >> 6)
        return taken[word] & bit != 0 && (posting.position > 0 || starts[word] & bit != 0)
    }

    /// Whether a text begins as the query does.
    func begins(_ text: UInt32) -> Bool { starts[Int(text >> 6)] >> UInt64(text & 63) & 1 != 0 }

    /// The best way in which a text was found, once it was gathered.
    func way(of text: UInt32) -> SearchChannel? {
        SearchChannel.allCases.first { way in
            texts(way).map { $0[Int(text >> 6)] >> UInt64(text & 63) & 1 != 0 } ?? false
        }
    }

    @inline(never)
    private func made(_ way: SearchChannel) -> UnsafeMutableBufferPointer<UInt64> {
        let bits = Self.bits(taken.count * 64 - 1)
        ways[Int(way.rawValue)] = bits
        return bits
    }

    private static func bits(_ count: Int) -> UnsafeMutableBufferPointer<UInt64> {
        let bits = UnsafeMutableBufferPointer<UInt64>.allocate(capacity: count / 64 + 1)
        bits.initialize(repeating: 0)
        return bits
    }
}
