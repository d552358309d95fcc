/// One search: candidates from the pairs, verified in the texts, gathered by channel.
struct SearchPass {
    private let index: SearchIndex
    private let view: TextStore.View
    private let ids: UnsafeBufferPointer<UInt32>
    private let query: SearchQuery
    private let typed: SearchQuery.View
    /// Number of units.
    private let count: Int
    /// Texts that were found in each way: number, and the way in the upper eight bits.
    private var texts = [[UInt32]](repeating: [], count: SearchChannel.allCases.count)
    /// Pairs all of whose postings match in each way.
    private var pairs = [[UInt32]](repeating: [], count: SearchChannel.allCases.count)
    /// What the third symbol of a popular pair does: 0 not known, 1 nothing, 2 leads on.
    private let known: UnsafeMutableBufferPointer<UInt8>
    private var collector: SearchCollector

    private init(
        _ index: SearchIndex, _ view: TextStore.View, _ ids: UnsafeBufferPointer<UInt32>,
        _ query: SearchQuery,
        _ typed: SearchQuery.View, _ known: UnsafeMutableBufferPointer<UInt8>, _ collector: SearchCollector
    ) {
        self.known = known
        self.typed = typed
        count = query.count
        self.index = index
        self.view = view
        self.ids = ids
        self.query = query
        self.collector = collector
    }

    /// The things that a query finds, the best channel first; `withEdits` also those of `oneEdit`.
    static func results(
        _ index: SearchIndex, _ query: SearchQuery, limit: Int, withEdits: Bool = true, isRanked: Bool,
        rank: @escaping (UInt32) -> Double?
    ) -> [SearchCollector.Entry] {
        index.store.withView { view in
            index.ids.withUnsafeBufferPointer { ids in
                query.withView { typed in
                    let seen = UnsafeMutableBufferPointer<UInt64>.allocate(capacity: (ids.count + 63) / 64)
                    let known = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: view.symbols.count)
                    defer {
                        seen.deallocate()
                        known.deallocate()
                    }
                    seen.initialize(repeating: 0)
                    known.initialize(repeating: 0)
                    let collector = SearchCollector(limit: limit, seen: seen, isRanked: isRanked, rank: rank)
                    var pass = SearchPass(index, view, ids, query, typed, known, collector)
                    pass.run(withEdits: withEdits)
                    return pass.collector.results
                }
            }
        }
    }

    /// Searches channel by channel until the answer is full.
    private mutating func run(withEdits: Bool) {
        findWritten()
        for way in [SearchChannel.exactName, .namePrefix, .nameSubstring] where !gather(way) { return }
        if query.hasLetters {
            find(SpellingAutomaton(query: typed, keys: false, spellings: view.spellings))
        } else if query.isDigitsOnly {
            find(SpellingAutomaton(query: typed, keys: true, spellings: view.spellings))
        }
        for way in SearchChannel.allCases where way >= .pinyinName && way <= .digitsMixed {
            if !gather(way) { return }
        }
        for field in [SearchField.english, .typeWord, .address] where !gatherField(field) { return }
        guard withEdits, query.isLettersOnly, query.count >= SearchLimits.editUnits else { return }
        find(EditAutomaton(query: typed, spellings: view.spellings))
        _ = gather(.oneEdit)
    }

    // MARK: - Gathering

    /// Fields that are found later, whatever the way.
    private static let later: UInt8 =
        1 << SearchField.english.rawValue | 1 << SearchField.typeWord.rawValue | 1
        << SearchField.address.rawValue

    /// Texts for the channels of fields, with their ways, while gathering.
    private var postponed: [UInt32] = []

    /// Takes what was found in one way; false when the answer is full.
    private mutating func gather(_ way: SearchChannel) -> Bool {
        let number = Int(way.rawValue)
        for text in texts[number] { take(text, way) }
        for pair in pairs[number] {
            view.lists.forEach(view.pairs[Int(pair)].postings) { take(Posting($0).text, way) }
        }
        collector.close()
        return !collector.isFull
    }

    @inline(__always)
    private mutating func take(_ text: UInt32, _ way: SearchChannel) {
        let record = view.records[Int(text)]
        var now = ~Self.later
        if way == .exactName { now |= 1 << SearchField.english.rawValue }
        if way == .oneEdit { now = .max }
        if record.fields & now != 0 {
            view.lists.forEach(record.links) { link in
                let field = UInt8(link & 7)
                if now & (1 << field) != 0 { add(link, text, field, way, way) }
            }
        }
        if record.fields & ~now & Self.later != 0 { postponed.append(text | UInt32(way.rawValue) << 24) }
    }

    @inline(__always)
    private mutating func add(
        _ link: UInt32, _ text: UInt32, _ field: UInt8, _ channel: SearchChannel, _ way: SearchChannel
    ) {
        let thing = link >> 3
        guard collector.isNew(thing) else { return }
        let field = SearchField(rawValue: field) ?? .name
        collector.add(id: ids[Int(thing)], text: text, field, channel, way)
    }

    /// Takes things whose text of one field was found in any way; false when the answer is full.
    private mutating func gatherField(_ field: SearchField) -> Bool {
        let channel: SearchChannel =
            switch field {
            case .english: .english
            case .typeWord: .typeWord
            default: .address
            }
        for entry in postponed {
            let text = entry & 0xFF_FFFF
            let record = view.records[Int(text)]
            guard record.fields & (1 << field.rawValue) != 0 else { continue }
            let way = SearchChannel(rawValue: UInt8(entry >> 24)) ?? channel
            view.lists.forEach(record.links) { link in
                if UInt8(link & 7) == field.rawValue { add(link, text, field.rawValue, channel, way) }
            }
        }
        collector.close()
        return !collector.isFull
    }

    private mutating func found(_ text: UInt32, _ way: SearchChannel) {
        texts[Int(way.rawValue)].append(text)
    }

    // MARK: - As it is written

    /// Texts in which the query stands as it is, from the rarest pair of its units.
    private mutating func findWritten() {
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
                found(posting.text, pair.second == 0 ? .exactName : .namePrefix)
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
            found(text, .nameSubstring)
            return
        }
        let record = view.records[Int(text)]
        guard start + bases.count <= Int(record.count) else { return }
        let first = Int(record.start) + start
        guard view.pool[first] & TextStore.startBit != 0 else { return }
        for (offset, base) in bases.enumerated() {
            let symbol = Int(view.pool[first + offset] & TextStore.symbolMask)
            if view.symbols[symbol].base != base { return }
        }
        let isWhole = bases.count == Int(record.count)
        found(text, start > 0 ? .nameSubstring : isWhole ? .exactName : .namePrefix)
    }

    // MARK: - As it is spelled

    /// Texts that the automaton accepts: over the distinct pairs of symbols, then on in the texts where need be.
    private mutating func find<Automaton: SymbolAutomaton>(_ automaton: Automaton) {
        let wanted = automaton.wanted(automaton.start)
        for first in view.symbols.indices where automaton.offered(view.symbols[first]) & wanted != 0 {
            let state = automaton.step(automaton.start, view.symbols[first])
            let accepted = automaton.accepted(state)
            let wantedNext = automaton.wanted(state)
            guard accepted != nil || wantedNext != 0 else { continue }
            view.lists.forEach(view.symbols[first].pairs) { number in
                let second = Int(view.pairs[Int(number)].second)
                if second != 0, automaton.offered(view.symbols[second]) & wantedNext != 0 {
                    findPair(automaton, number, automaton.step(state, view.symbols[second]), accepted)
                } else if let accepted {
                    keep(number, accepted, wholeCount: second == 0 && Self.isFull(accepted) ? 1 : nil)
                }
            }
        }
    }

    /// A pair whose two symbols lead to a state; `accepted` is what the first alone is accepted as.
    @inline(__always)
    private mutating func findPair<Automaton: SymbolAutomaton>(
        _ automaton: Automaton, _ number: UInt32, _ state: Automaton.State, _ accepted: SearchChannel?
    ) {
        let second = automaton.accepted(state)
        let best = Self.better(accepted, second)
        let wanted = automaton.wanted(state)
        if wanted == 0 || (best != nil && best == automaton.best) {
            if let best { keep(number, best, wholeCount: Self.isFull(second) ? 2 : nil) }
            return
        }
        let postings = view.pairs[Int(number)].postings
        // Most texts of a popular pair end with the third symbol, of which there are few different ones.
        let remembers = postings.count > Self.popular
        let classes = KeyClass.all(wanted)
        if remembers { known.update(repeating: 0) }
        view.lists.forEach(postings) { posting in
            let posting = Posting(posting)
            let position = posting.position
            if count == 1, position > 0 { return }
            guard posting.hasThird(in: classes) || (position == 0 && Self.isFull(second)) else {
                if let best { found(posting.text, best) }
                return
            }
            let record = view.records[Int(posting.text)]
            var best = best
            if position == 0, record.count == 2, Self.isFull(second) { best = .pinyinName }
            if leads(automaton, state, wanted, record, position + 2, remembers) {
                let isFirst = position == 0
                let longer = followed(automaton, state, wanted, record, from: position + 2, isFirst: isFirst)
                best = Self.better(best, longer)
            }
            if let best { found(posting.text, best) }
        }
    }

    /// From so many postings on what the third symbol does is remembered.
    ///
    /// Chosen, not measured.
    private static let popular = 200

    /// Whether the symbol of a text at a position leads on from a state.
    @inline(__always)
    private func leads<Automaton: SymbolAutomaton>(
        _ automaton: Automaton, _ state: Automaton.State, _ wanted: UInt64, _ record: TextStore.Record,
        _ at: Int,
        _ remembers: Bool
    ) -> Bool {
        guard at < Int(record.count) else { return false }
        let symbol = Int(view.pool[Int(record.start) + at] & TextStore.symbolMask)
        guard automaton.offered(view.symbols[symbol]) & wanted != 0 else { return false }
        guard remembers else { return true }
        if known[symbol] == 0 {
            let next = automaton.step(state, view.symbols[symbol])
            known[symbol] = automaton.accepted(next) != nil || automaton.wanted(next) != 0 ? 2 : 1
        }
        return known[symbol] == 2
    }

    /// The best way in which the rest of a text from a symbol on is accepted.
    @inline(__always)
    private func followed<Automaton: SymbolAutomaton>(
        _ automaton: Automaton, _ state: Automaton.State, _ wanted: UInt64, _ record: TextStore.Record,
        from: Int, isFirst: Bool
    ) -> SearchChannel? {
        var best: SearchChannel?
        var state = state
        var wanted = wanted
        var at = from
        while at < Int(record.count), wanted != 0 {
            let symbol = Int(view.pool[Int(record.start) + at] & TextStore.symbolMask)
            guard automaton.offered(view.symbols[symbol]) & wanted != 0 else { break }
            state = automaton.step(state, view.symbols[symbol])
            at += 1
            if let accepted = automaton.accepted(state) {
                let isWhole = isFirst && at == Int(record.count) && Self.isFull(accepted)
                best = Self.better(best, isWhole ? .pinyinName : accepted)
            }
            wanted = automaton.wanted(state)
        }
        return best
    }

    /// Keeps all postings of a pair; those of texts that are wholly matched with `wholeCount` symbols by themselves.
    private mutating func keep(_ pair: UInt32, _ way: SearchChannel, wholeCount: Int?) {
        if count > 1 { pairs[Int(way.rawValue)].append(pair) }
        guard wholeCount != nil || count == 1 else { return }
        view.lists.forEach(view.pairs[Int(pair)].postings) { posting in
            let text = Posting(posting).text
            guard Posting(posting).position == 0 else { return }
            if let wholeCount, Int(view.records[Int(text)].count) == wholeCount {
                found(text, .pinyinName)
            } else if count == 1 {
                found(text, way)
            }
        }
    }

    private static func better(_ one: SearchChannel?, _ other: SearchChannel?) -> SearchChannel? {
        guard let one, let other else { return one ?? other }
        return min(one, other)
    }

    /// Every syllable was typed in full: a name that is matched so from end to end is a `pinyinName`.
    private static func isFull(_ way: SearchChannel?) -> Bool { way == .pinyin || way == .pinyinOtherReading }
}
