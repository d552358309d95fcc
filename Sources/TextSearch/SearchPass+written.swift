extension SearchPass {
    /// Texts in which the query stands as it is, from the rarest pair of its units.
    mutating func findWritten() {
        let table = index.store.table
        let bases = query.units.compactMap { table.base(of: $0) }
        guard bases.count == query.count else { return }
        if count == 1 {
            for symbol in table.all(of: query.units[0]) { findUnit(symbol) }
            return
        }
        var rarest: (at: Int, pairs: [UInt32], count: Int)?
        for at in 0..<query.count - 1 where at == 0 || !FoldedText.isLatin(query.units[at]) {
            var pairs: [UInt32] = []
            for first in table.all(of: query.units[at]) {
                for second in table.all(of: query.units[at + 1]) {
                    if let pair = index.store.pair(first, second) { pairs.append(pair) }
                }
            }
            let count = pairs.reduce(0) { $0 + view.pairs[Int($1)].postings.count }
            if count < rarest?.count ?? .max { rarest = (at, pairs, count) }
        }
        guard let rarest else { return }
        for pair in rarest.pairs {
            view.lists.forEach(view.pairs[Int(pair)].postings) { posting in
                verifyWritten(posting, rarest.at, bases)
            }
        }
    }

    /// All places of one symbol: every pair that begins with it.
    private mutating func findUnit(_ symbol: UInt16) {
        view.lists.forEach(view.symbols[Int(symbol)].pairs) { number in
            let pair = view.pairs[Int(number)]
            view.lists.forEach(pair.postings) { posting in
                let posting = Posting(posting)
                guard posting.position == 0 else { return }
                scratch.find(posting.text, at: 0, pair.second == 0 ? .exactName : .namePrefix)
            }
            // What was found as a prefix is passed over when it comes again.
            pairs[Int(SearchChannel.nameSubstring.rawValue)].append(number)
        }
    }

    private mutating func verifyWritten(_ posting: UInt32, _ at: Int, _ bases: [UInt16]) {
        let posting = Posting(posting)
        let start = posting.position - at
        guard start >= 0 else { return }
        let text = posting.text
        if bases.count == 2, start > 0 {
            scratch.find(text, at: start, .nameSubstring)
            return
        }
        let record = view.records[Int(text)]
        guard start + bases.count <= Int(record.count) else { return }
        let first = Int(record.start) + start
        guard view.pool[first] & TextStore.startBit != 0 else { return }
        for (offset, base) in bases.enumerated() {
            let symbol = view.pool[first + offset] & TextStore.symbolMask
            // A symbol that a phrase made has the same base; letters have no other than their own.
            if symbol != base, view.symbols[Int(symbol)].base != base { return }
        }
        let isWhole = bases.count == Int(record.count)
        scratch.find(text, at: start, start > 0 ? .nameSubstring : isWhole ? .exactName : .namePrefix)
    }
}
