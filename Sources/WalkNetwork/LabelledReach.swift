import DirectoryModel

extension WalkNetwork {
    /// The same as `boundedReach`, from labels; for limits within `labelledLimit`.
    ///
    /// - Parameter way: `inOrder` or `sorted`.
    func labelledReach(
        _ query: TargetQuery, by way: ReachWay, targets: TargetTable, hubs: HubLists, scratch: SearchScratch,
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
            return search?.run(by: way, accept: accept, precedes: precedes) ?? 0
        }
        results.append(contentsOf: UnsafeBufferPointer(start: scratch.memory.found.start, count: count))
    }
}

/// How an answer is come to soonest: by labels in the order of the walks, by labels all and then sorted, or by the
/// bounded search.
enum ReachWay {
    case inOrder
    case sorted
    case bounded

    /// Where the lists around have more words than this, as in the middle of a dense city, what is wanted lies
    /// near, and each target is met in so many lists that the bounded search is quicker; not so where few are
    /// of the wanted kind.
    ///
    /// Measured on Helsinki and Malta.
    private static let mostWords = 6_000
    /// Where the lists around have no more words than this for each wanted target, reading them to their ends
    /// and sorting is quicker than their queue.
    ///
    /// More with the number that is wanted: the farther away a target, the more hubs does it have in common with the
    /// origin, and the more often does it come out of the queue. Measured on Malta, and on made-up towns of three sizes.
    @inline(__always) private static func wordsEach(_ wanted: Int) -> Int {
        wanted < 15 ? 12 : wanted > 50 ? 40 : wanted * 4 / 5
    }

    /// The way for a query that all can answer.
    @inline(__always) static func soonest(_ query: TargetQuery, _ hubs: HubLists) -> Self {
        guard query.kinds == nil else { return .inOrder }
        let count = hubs.wordCount(aroundEdge: query.origin.edge, upTo: mostWords)
        if count > mostWords { return .bounded }
        return count / wordsEach(query.wanted) <= query.wanted ? .sorted : .inOrder
    }
}
