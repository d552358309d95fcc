/// Memory of one search, given back when it ends.
struct SearchScratch {
    /// A text that has to be looked at.
    struct Waiting {
        /// Its posting, or its number while texts are gathered.
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
    /// What a third symbol does: the number of the pair when it does nothing after it, one more when it leads on.
    ///
    /// Less than the number of the pair at hand: not known yet.
    let known: UnsafeMutableBufferPointer<UInt32>
    let batch: UnsafeMutableBufferPointer<Waiting>
    let records: UnsafeMutableBufferPointer<TextStore.Record>

    init(_ view: TextStore.View, things: Int) {
        seen = .allocate(capacity: things / 64 + 1)
        taken = .allocate(capacity: view.records.count / 64 + 1)
        known = .allocate(capacity: view.symbols.count)
        batch = .allocate(capacity: Self.batchCount)
        records = .allocate(capacity: Self.batchCount)
        seen.initialize(repeating: 0)
        taken.initialize(repeating: 0)
        known.initialize(repeating: 0)
        batch.initialize(repeating: Waiting())
        records.initialize(repeating: TextStore.Record())
    }

    func deallocate() {
        seen.deallocate()
        taken.deallocate()
        known.deallocate()
        batch.deallocate()
        records.deallocate()
    }
}
