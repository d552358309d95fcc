extension SearchIndex {
    /// What can be typed next, and what is found so far; for a pad of letters or digits.
    ///
    /// A key is given when the query with it finds something that is wanted, `oneEdit` not counted. Digits follow
    /// digits; letters and digits follow everything else and nothing.
    ///
    /// - Parameters:
    ///   - query: what has been typed; nothing for the beginning, when there are no completions.
    ///   - limit: how many completions at most.
    ///   - rank: as in `search`; it may be asked more than once for a thing.
    ///   - precedes: as in `search`.
    package func suggest(
        _ query: String, limit: Int, rank: (UInt32) -> Double?, precedes: (UInt32, UInt32) -> Bool
    ) -> SearchSuggestions {
        let next = withoutActuallyEscaping(rank) { nextKeys(SearchQuery(query), isWanted: $0) }
        let found = search(query, limit: limit, rank: rank, precedes: precedes)
        return SearchSuggestions(nextKeys: next, completions: found)
    }

    /// What can be typed next, and what is found so far; of equal things the smaller id comes first.
    package func suggest(_ query: String, limit: Int, rank: (UInt32) -> Double?) -> SearchSuggestions {
        suggest(query, limit: limit, rank: rank) { $0 < $1 }
    }

    /// What can be typed next, and what is found so far, of all things.
    package func suggest(_ query: String, limit: Int) -> SearchSuggestions {
        let next = nextKeys(SearchQuery(query), isWanted: nil)
        return SearchSuggestions(nextKeys: next, completions: search(query, limit: limit))
    }

    private func nextKeys(_ query: SearchQuery, isWanted: ((UInt32) -> Double?)?) -> [Character] {
        guard query.count < SearchLimits.queryUnits, count > 0 else { return [] }
        let mask = store.withView { view in
            query.withView { typed in
                var pass = SuggestionPass(view: view, typed: typed, ids: ids, rank: isWanted)
                if query.count == 0 {
                    pass.findFirst()
                } else {
                    pass.find(
                        SpellingAutomaton(query: typed, keys: query.isDigitsOnly, spellings: view.spellings))
                }
                return pass.keys
            }
        }
        let digits = "0123456789".enumerated().filter { mask & 1 << UInt64($0.offset + 26) != 0 }
        let letters = "abcdefghijklmnopqrstuvwxyz".enumerated().filter { mask & 1 << UInt64($0.offset) != 0 }
        return digits.map(\.element) + (query.isDigitsOnly ? [] : letters.map(\.element))
    }
}

/// Gathers the keys that lead on from a query, as `StartMask`.
private struct SuggestionPass {
    let view: TextStore.View
    let typed: SearchQuery.View
    let ids: [UInt32]
    let rank: ((UInt32) -> Double?)?
    private(set) var keys: UInt64 = 0

    init(
        view: TextStore.View, typed: SearchQuery.View, ids: [UInt32], rank: ((UInt32) -> Double?)?
    ) {
        self.view = view
        self.typed = typed
        self.ids = ids
        self.rank = rank
    }

    /// Letters and digits are kept, everything else is no key.
    private static let keyMask: UInt64 = 1 << 36 - 1

    /// Adds keys if a text is one of a thing that is wanted.
    @inline(__always)
    private mutating func add(_ mask: UInt64, _ text: UInt32) {
        guard mask & Self.keyMask & ~keys != 0, isWanted(text) else { return }
        keys |= mask & Self.keyMask
    }

    private func isWanted(_ text: UInt32) -> Bool {
        guard let rank else { return true }
        var wanted = false
        view.lists.forEach(view.records[Int(text)].links) { link in
            if !wanted, let value = rank(ids[Int(link >> 3)]), !value.isNaN { wanted = true }
        }
        return wanted
    }

    /// The first keys: beginnings of texts, and letters and digits that stand where a match may begin.
    mutating func findFirst() {
        for symbol in view.symbols {
            let all = symbol.starts | symbol.keyStarts
            guard all & Self.keyMask & ~keys != 0 else { continue }
            let written = symbol.key > 0 ? StartMask.of(symbol.unit) : 0
            view.lists.forEach(symbol.pairs) { number in
                view.lists.forEach(view.pairs[Int(number)].postings) { posting in
                    add(Posting(posting).position == 0 ? all : written, Posting(posting).text)
                }
            }
        }
    }

    /// The keys after what the automaton has used up.
    mutating func find(_ automaton: SpellingAutomaton) {
        var met = MetStates(automaton, view.symbols)
        defer { met.deallocate() }
        let wanted = automaton.wanted(automaton.start)
        for first in view.symbols.indices where automaton.offered(view.symbols[first]) & wanted != 0 {
            if met.count > SearchPass.stateCount { met.reset() }
            let state = met.next(Met.start, UInt16(first))
            if state == Met.dead { continue }
            let entry = met[state]
            let isUsedUp = entry.state.mixed & typed.end != 0
            view.lists.forEach(view.symbols[first].pairs) { number in
                let pair = view.pairs[Int(number)]
                var mask = entry.state.next
                var next = Met.dead
                if pair.second != 0 {
                    if isUsedUp { mask |= automaton.offered(view.symbols[Int(pair.second)]) }
                    next = met.next(state, pair.second)
                    mask |= met[next].state.next
                }
                follow(&met, automaton, pair, mask, next)
            }
        }
    }

    private typealias Met = MetStates<SpellingAutomaton>

    private mutating func follow(
        _ met: inout MetStates<SpellingAutomaton>, _ automaton: SpellingAutomaton, _ pair: TextStore.Pair,
        _ mask: UInt64, _ number: UInt32
    ) {
        if number == Met.dead || met[number].state.mixed == 0 {
            guard mask & Self.keyMask & ~keys != 0 else { return }
            view.lists.forEach(pair.postings) { add(mask, Posting($0).text) }
            return
        }
        view.lists.forEach(pair.postings) { posting in
            let record = view.records[Int(Posting(posting).text)]
            var mask = mask
            var number = number
            var at = Posting(posting).position + 2
            while at < Int(record.count), number != Met.dead {
                let symbol = view.pool[Int(record.start) + at] & TextStore.symbolMask
                if met[number].state.mixed & typed.end != 0 {
                    mask |= automaton.offered(view.symbols[Int(symbol)])
                }
                number = met.next(number, symbol)
                mask |= met[number].state.next
                at += 1
            }
            add(mask, Posting(posting).text)
        }
    }
}
