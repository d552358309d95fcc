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
    package func suggest(_ query: String, limit: Int, rank: (UInt32) -> Double?) -> SearchSuggestions {
        let next = withoutActuallyEscaping(rank) { nextKeys(SearchQuery(query), isWanted: $0) }
        return SearchSuggestions(nextKeys: next, completions: search(query, limit: limit, rank: rank))
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
        let wanted = automaton.wanted(automaton.start)
        for symbol in view.symbols where automaton.offered(symbol) & wanted != 0 {
            let state = automaton.step(automaton.start, symbol)
            let wantedNext = automaton.wanted(state)
            let isUsedUp = state.mixed & typed.end != 0
            guard state.next != 0 || wantedNext != 0 || isUsedUp else { continue }
            view.lists.forEach(symbol.pairs) { number in
                let pair = view.pairs[Int(number)]
                let second = view.symbols[Int(pair.second)]
                var mask = state.next
                var next: SpellingAutomaton.State?
                if pair.second != 0 {
                    if isUsedUp { mask |= automaton.offered(second) }
                    if automaton.offered(second) & wantedNext != 0 {
                        let after = automaton.step(state, second)
                        mask |= after.next
                        next = after
                    }
                }
                follow(automaton, pair, mask, next)
            }
        }
    }

    private mutating func follow(
        _ automaton: SpellingAutomaton, _ pair: TextStore.Pair, _ mask: UInt64,
        _ state: SpellingAutomaton.State?
    ) {
        guard let state, state.mixed != 0 else {
            guard mask & Self.keyMask & ~keys != 0 else { return }
            view.lists.forEach(pair.postings) { add(mask, Posting($0).text) }
            return
        }
        view.lists.forEach(pair.postings) { posting in
            let record = view.records[Int(Posting(posting).text)]
            var mask = mask
            var state = state
            var at = Posting(posting).position + 2
            while at < Int(record.count), state.mixed != 0 {
                let symbol = Int(view.pool[Int(record.start) + at] & TextStore.symbolMask)
                let offered = automaton.offered(view.symbols[symbol])
                if state.mixed & typed.end != 0 { mask |= offered }
                guard offered & automaton.wanted(state) != 0 else { break }
                state = automaton.step(state, view.symbols[symbol])
                mask |= state.next
                at += 1
            }
            add(mask, Posting(posting).text)
        }
    }
}
