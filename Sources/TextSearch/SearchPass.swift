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
    private let scratch: SearchScratch
    /// Even, and higher for each pair whose texts are looked at; see `SearchScratch.known`.
    private var pairNumber: UInt32 = 0
    private var collector: SearchCollector

    private init(
        _ index: SearchIndex, _ view: TextStore.View, _ ids: UnsafeBufferPointer<UInt32>,
        _ query: SearchQuery, _ typed: SearchQuery.View, _ scratch: SearchScratch,
        _ collector: SearchCollector
    ) {
        self.index = index
        self.view = view
        self.ids = ids
        self.query = query
        self.typed = typed
        count = query.count
        self.scratch = scratch
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
                    let scratch = SearchScratch(view, things: ids.count)
                    defer { scratch.deallocate() }
                    let collector = SearchCollector(
                        limit: limit, seen: scratch.seen, isRanked: isRanked, rank: rank)
                    var pass = SearchPass(index, view, ids, query, typed, scratch, collector)
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
        guard withEdits, query.allowsEdit else { return }
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
        var waiting = 0
        for text in texts[number] { line(text, way, &waiting) }
        for pair in pairs[number] {
            view.lists.forEach(view.pairs[Int(pair)].postings) { line(Posting($0).text, way, &waiting) }
        }
        takeBatch(waiting, way)
        collector.close()
        return !collector.isFull
    }

    /// Puts a text that was not gathered yet into the batch.
    @inline(__always)
    private mutating func line(_ text: UInt32, _ way: SearchChannel, _ waiting: inout Int) {
        // A text that was found in a better way, or at another place, has been dealt with.
        let bit: UInt64 = 1 << UInt64(text & 63)
        guard scratch.taken[Int(text >> 6)] & bit == 0 else { return }
        scratch.taken[Int(text >> 6)] |= bit
        scratch.batch[waiting].posting = text
        waiting += 1
        if waiting == SearchScratch.batchCount {
            takeBatch(waiting, way)
            waiting = 0
        }
    }

    @inline(never)
    private mutating func takeBatch(_ count: Int, _ way: SearchChannel) {
        for at in 0..<count { scratch.records[at] = view.records[Int(scratch.batch[at].posting)] }
        for at in 0..<count { take(scratch.batch[at].posting, scratch.records[at], way) }
    }

    @inline(__always)
    private mutating func take(_ text: UInt32, _ record: TextStore.Record, _ way: SearchChannel) {
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
        let thirds = UnsafeMutableBufferPointer<Third<Automaton.State>>.allocate(capacity: view.symbols.count)
        defer { thirds.deallocate() }
        let wanted = automaton.wanted(automaton.start)
        for first in view.symbols.indices where automaton.offered(view.symbols[first]) & wanted != 0 {
            let state = automaton.step(automaton.start, view.symbols[first])
            let accepted = automaton.accepted(state)
            let wantedNext = automaton.wanted(state)
            guard accepted != nil || wantedNext != 0 else { continue }
            view.lists.forEach(view.symbols[first].pairs) { number in
                let second = Int(view.pairs[Int(number)].second)
                if second != 0, automaton.offered(view.symbols[second]) & wantedNext != 0 {
                    findPair(automaton, number, automaton.step(state, view.symbols[second]), accepted, thirds)
                } else if let accepted {
                    keep(number, accepted, wholeCount: second == 0 && Self.isFull(accepted) ? 1 : nil)
                }
            }
        }
    }

    /// A pair whose two symbols lead to a state; `accepted` is what the first alone is accepted as.
    @inline(__always)
    private mutating func findPair<Automaton: SymbolAutomaton>(
        _ automaton: Automaton, _ number: UInt32, _ state: Automaton.State, _ accepted: SearchChannel?,
        _ thirds: UnsafeMutableBufferPointer<Third<Automaton.State>>
    ) {
        let second = automaton.accepted(state)
        let best = Self.better(accepted, second)
        let wanted = automaton.wanted(state)
        if wanted == 0 || (best != nil && best == automaton.best) {
            if let best { keep(number, best, wholeCount: Self.isFull(second) ? 2 : nil) }
            return
        }
        let postings = view.pairs[Int(number)].postings
        pairNumber += 2
        let classes = KeyClass.all(wanted)
        let isFull = Self.isFull(second)
        var waiting = 0
        view.lists.forEach(postings) { packed in
            let posting = Posting(packed)
            if count == 1, posting.position > 0 { return }
            guard posting.hasThird(in: classes) || (isFull && posting.position == 0) else {
                if let best { found(posting.text, best) }
                return
            }
            scratch.batch[waiting].posting = packed
            waiting += 1
            if waiting == SearchScratch.batchCount {
                checkBatch(automaton, state, wanted, waiting, best, isFull, thirds)
                waiting = 0
            }
        }
        checkBatch(automaton, state, wanted, waiting, best, isFull, thirds)
    }

    /// What a third symbol does after the two of the pair.
    private struct Third<State> {
        let state: State
        let accepted: SearchChannel?
        let wanted: UInt64
    }

    /// Goes on in each text of a batch; `best` is how its first two symbols are accepted.
    ///
    /// The third symbols of a pair are few different ones: what each does is remembered.
    @inline(never)
    private mutating func checkBatch<Automaton: SymbolAutomaton>(
        _ automaton: Automaton, _ state: Automaton.State, _ wanted: UInt64, _ count: Int,
        _ best: SearchChannel?,
        _ isFull: Bool, _ thirds: UnsafeMutableBufferPointer<Third<Automaton.State>>
    ) {
        loadBatch(count)
        for at in 0..<count {
            let waiting = scratch.batch[at]
            let posting = Posting(waiting.posting)
            let third = Int(waiting.third)
            var best = isFull && posting.position == 0 && waiting.count == 2 ? .pinyinName : best
            if third != 0, scratch.known[third] < pairNumber {
                let next = automaton.step(state, view.symbols[third])
                let entry = Third(
                    state: next, accepted: automaton.accepted(next), wanted: automaton.wanted(next))
                thirds.initializeElement(at: third, to: entry)
                scratch.known[third] =
                    entry.accepted != nil || entry.wanted != 0 ? pairNumber + 1 : pairNumber
            }
            if third != 0, scratch.known[third] == pairNumber + 1 {
                let accepted = thirds[third].accepted
                let isWhole = posting.position == 0 && waiting.count == 3 && Self.isFull(accepted)
                best = Self.better(best, isWhole ? .pinyinName : accepted)
                if thirds[third].wanted != 0 {
                    let state = thirds[third].state
                    best = Self.better(best, followed(automaton, state, thirds[third].wanted, posting))
                }
            }
            if let best { found(posting.text, best) }
        }
    }

    /// Looks up the third symbols of a batch: one load does not wait for another, as it would text by text.
    private func loadBatch(_ count: Int) {
        for at in 0..<count {
            let posting = Posting(scratch.batch[at].posting)
            let record = view.records[Int(posting.text)]
            scratch.batch[at].count = record.count
            let isInside = posting.position + 2 < Int(record.count)
            scratch.batch[at].place = isInside ? record.start + UInt32(posting.position + 2) : .max
        }
        for at in 0..<count {
            let place = scratch.batch[at].place
            scratch.batch[at].third = place == .max ? 0 : view.pool[Int(place)] & TextStore.symbolMask
        }
    }

    /// The best way in which a text is accepted from the fourth symbol on.
    @inline(__always)
    private func followed<Automaton: SymbolAutomaton>(
        _ automaton: Automaton, _ state: Automaton.State, _ wanted: UInt64, _ posting: Posting
    ) -> SearchChannel? {
        let record = view.records[Int(posting.text)]
        let isFirst = posting.position == 0
        var best: SearchChannel?
        var state = state
        var wanted = wanted
        var at = posting.position + 3
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
