extension SearchIndex {
    /// Finds things by what a person types: the best channel first, then by the caller's rank.
    ///
    /// Of things of one channel and rank the shorter name comes first (by its letters, digits and characters), then
    /// the caller's order decides. In the channel `typeWord` a word that begins as the query does stands before one
    /// that only holds it, whatever the rank. One letter or one digit alone stands for the beginning of a name only.
    /// `oneEdit` is looked for when the other channels have not filled the answer.
    ///
    /// - Parameters:
    ///   - query: characters, pinyin, initials, digits of a telephone, English words or a mixture; blanks, case,
    ///     full width and traditional forms do not matter.
    ///   - limit: how many at most; nothing for less than one.
    ///   - rank: smaller is better; nil (or not a number) for a thing that is not wanted. It is asked at most once
    ///     for each thing, of every thing in the channels that are needed, so it should be quick.
    ///   - precedes: whether the thing of one id stands before that of another; a strict total order.
    /// - Returns: each thing once, in its best channel; nothing for a query without letter, digit or character.
    package func search(
        _ query: String, limit: Int, rank: (UInt32) -> Double?, precedes: (UInt32, UInt32) -> Bool
    ) -> [SearchHit] {
        withoutActuallyEscaping(rank) { rank in
            withoutActuallyEscaping(precedes) { precedes in
                hits(query, limit, SearchCollector.Order(isRanked: true, rank: rank, precedes: precedes))
            }
        }
    }

    /// Finds things by what a person types: the best channel first, then by the caller's rank, the shorter name, and
    /// the smaller id.
    package func search(_ query: String, limit: Int, rank: (UInt32) -> Double?) -> [SearchHit] {
        search(query, limit: limit, rank: rank) { $0 < $1 }
    }

    /// Finds things by what a person types: the best channel first, then the shorter name, then the smaller id.
    package func search(_ query: String, limit: Int) -> [SearchHit] {
        hits(query, limit, SearchCollector.Order(isRanked: false, rank: { _ in 0 }, precedes: { $0 < $1 }))
    }

    private func hits(_ text: String, _ limit: Int, _ order: SearchCollector.Order) -> [SearchHit] {
        let query = SearchQuery(text)
        guard query.count > 0, limit > 0, count > 0 else { return [] }
        return SearchPass.results(self, query, limit: limit, order: order).map { hit($0, query) }
    }

    /// How a name is read by the table and the phrases: a syllable for each character, what has no reading itself.
    ///
    /// - Returns: `["chong", "qing", "lu"]` for 重庆路; ü is v.
    package static func reading(of text: String) -> [String] {
        let folded = FoldedText(text, limit: SearchLimits.textUnits)
        var table = SymbolTable()
        return table.symbols(of: folded).map { number in
            let symbol = table.symbols[Int(number)]
            if let syllable = symbol.firstSyllable {
                return ReadingTable.shared.syllables[Int(syllable)].letters
            }
            return Unicode.Scalar(symbol.unit).map { String(Character($0)) } ?? ""
        }
    }

    /// The full form of a hit, with the part of the text that was matched.
    private func hit(_ found: SearchPass.Found, _ query: SearchQuery) -> SearchHit {
        let text = store.text(found.text)
        let units = matchedUnits(found, query)
        let offsets = FoldedText.characterOffsets(text, limit: SearchLimits.textUnits)
        var range = 0..<0
        if let last = units.last, let first = units.first, offsets.indices.contains(last) {
            range = offsets[first]..<offsets[last] + 1
        }
        return SearchHit(
            id: found.id, channel: found.channel, field: found.field, text: text, range: range)
    }

    /// The first place in the text where the query matches as it did, as units.
    private func matchedUnits(_ found: SearchPass.Found, _ query: SearchQuery) -> Range<Int> {
        let units = Array(store.symbols(found.text))
        let symbols = store.table.symbols
        if found.way <= .nameSubstring {
            for start in 0...max(0, units.count - query.count)
            where start + query.count <= units.count && units[start] & TextStore.startBit != 0 {
                let matches = query.units.indices.allSatisfy {
                    symbols[Int(units[start + $0] & TextStore.symbolMask)].unit == query.units[$0]
                }
                if matches { return start..<start + query.count }
            }
            return 0..<0
        }
        return query.withView { query in
            store.table.spellings.withUnsafeBufferPointer { spellings in
                if found.way == .oneEdit {
                    let automaton = EditAutomaton(query: query, spellings: spellings)
                    return Self.range(automaton, units, symbols, found.way) ?? 0..<0
                }
                let keys = found.way == .digits || found.way == .digitsMixed
                let automaton = SpellingAutomaton(query: query, keys: keys, spellings: spellings)
                return Self.range(automaton, units, symbols, found.way) ?? 0..<0
            }
        }
    }

    private static func range<Automaton: SymbolAutomaton>(
        _ automaton: Automaton, _ units: [UInt16], _ symbols: [Symbol], _ way: SearchChannel
    ) -> Range<Int>? {
        for start in units.indices where units[start] & TextStore.startBit != 0 {
            var state = automaton.start
            for index in start..<units.count {
                let symbol = symbols[Int(units[index] & TextStore.symbolMask)]
                guard automaton.wanted(state) & automaton.offered(symbol) != 0 else { break }
                state = automaton.step(state, symbol)
                guard let channel = automaton.accepted(state) else { continue }
                let isWhole =
                    start == 0 && index + 1 == units.count
                    && (channel == .pinyin || channel == .pinyinOtherReading)
                if (isWhole ? .pinyinName : channel) == way { return start..<index + 1 }
            }
        }
        return nil
    }
}
