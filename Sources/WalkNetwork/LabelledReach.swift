import DirectoryModel

extension WalkNetwork {
    /// The same as `boundedReach`, from labels; for limits within `labelledLimit`.
    func labelledReach(
        _ query: TargetQuery, targets: TargetTable, hubs: HubLists, scratch: SearchScratch,
        accept: (TargetSlot, Metres) -> Bool, precedes: (TargetSlot, TargetSlot) -> Bool,
        into results: inout [ReachedTarget]
    ) {
        results.removeAll(keepingCapacity: true)
        let words = query.kinds?.words ?? []
        let scratch = scratch.labelled
        let count = words.withUnsafeBufferPointer { words in
            var search = LabelSearch(
                network: self, query: query, targets: targets, hubs: hubs, scratch: scratch,
                kinds: query.kinds == nil ? nil : words)
            return search?.run(accept: accept, precedes: precedes) ?? 0
        }
        results.append(contentsOf: UnsafeBufferPointer(start: scratch.memory.found.start, count: count))
    }
}

/// Whether labels or the bounded search come first to an answer.
enum LabelChoice {
    /// Where the lists around have more words than this, as in the middle of a dense city, what is wanted lies
    /// near, and each target is met in so many lists that the bounded search is quicker; not so where few are
    /// of the wanted kind.
    ///
    /// Measured on Helsinki and Malta.
    private static let mostWords = 6_000

    /// The choice for a query that both can answer.
    @inline(__always) static func isQuicker(_ query: TargetQuery, _ hubs: HubLists) -> Bool {
        query.kinds != nil || !hubs.hasMoreWords(than: mostWords, aroundEdge: query.origin.edge)
    }
}
