extension SearchPass {
    /// Texts that the automaton accepts: over the distinct pairs of symbols, then on in the texts where need be.
    mutating func find<Automaton: SymbolAutomaton>(_ automaton: Automaton) {
        var met = MetStates(automaton, view.symbols)
        defer { met.deallocate() }
        let wanted = automaton.wanted(automaton.start)
        for first in view.symbols.indices where automaton.offered(view.symbols[first]) & wanted != 0 {
            // A question of many ways leaves many states behind; they are met again soon.
            if met.count > Self.stateCount { met.reset() }
            let state = met.next(MetStates<Automaton>.start, UInt16(first))
            if state == MetStates<Automaton>.dead { continue }
            let accepted = met[state].accepted
            view.lists.forEach(view.symbols[first].pairs) { number in
                let second = view.pairs[Int(number)].second
                let after = second == 0 ? MetStates<Automaton>.dead : met.next(state, second)
                if after != MetStates<Automaton>.dead {
                    findPair(&met, number, after, accepted, best: automaton.best)
                } else if let accepted {
                    keep(number, accepted, wholeCount: second == 0 && Self.isFull(accepted) ? 1 : nil)
                }
            }
        }
    }

    /// Whether texts were gathered in which the query stands as it is, as letters do in English names.
    private var hasWritten: Bool { scratch.texts(.namePrefix) != nil || scratch.texts(.nameSubstring) != nil }

    /// So many states are remembered from one first symbol to the next.
    ///
    /// Chosen, not measured: ordinary questions meet some dozens.
    static var stateCount: Int { 4096 }

    /// A pair whose two symbols lead to a state; `accepted` is what the first alone is accepted as.
    ///
    /// Nothing that comes later can be better than `possible`.
    @inline(__always)
    private mutating func findPair<Automaton: SymbolAutomaton>(
        _ met: inout MetStates<Automaton>, _ number: UInt32, _ state: UInt32, _ accepted: SearchChannel?,
        best possible: SearchChannel?
    ) {
        let entry = met[state]
        let best = Self.better(accepted, entry.accepted)
        let isFull = Self.isFull(entry.accepted)
        if entry.wanted == 0 || (best != nil && best == possible) {
            if let best { keep(number, best, wholeCount: isFull ? 2 : nil) }
            return
        }
        let classes = KeyClass.all(entry.wanted)
        var waiting = 0
        let hasWritten = hasWritten
        view.lists.forEach(view.pairs[Int(number)].postings) { packed in
            let posting = Posting(packed)
            if count == 1, posting.position > 0 { return }
            if hasWritten, scratch.isDone(posting) { return }
            guard posting.hasThird(in: classes) || (isFull && posting.position == 0) else {
                if let best { scratch.find(posting.text, at: posting.position, best) }
                return
            }
            scratch.batch[waiting].posting = packed
            waiting += 1
            if waiting == SearchScratch.batchCount {
                checkBatch(&met, state, waiting, best, isFull)
                waiting = 0
            }
        }
        checkBatch(&met, state, waiting, best, isFull)
    }

    /// Goes on in each text of a batch; `best` is how its first two symbols are accepted.
    @inline(never)
    private mutating func checkBatch<Automaton: SymbolAutomaton>(
        _ met: inout MetStates<Automaton>, _ state: UInt32, _ count: Int, _ best: SearchChannel?,
        _ isFull: Bool
    ) {
        loadBatch(count)
        for at in 0..<count {
            let waiting = scratch.batch[at]
            let posting = Posting(waiting.posting)
            var best = isFull && posting.position == 0 && waiting.count == 2 ? .pinyinName : best
            if waiting.third != 0 {
                let next = met.next(state, waiting.third)
                if next != MetStates<Automaton>.dead {
                    best = Self.better(best, followed(&met, next, posting, waiting))
                }
            }
            if let best { scratch.find(posting.text, at: posting.position, best) }
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

    /// The best way in which a text is accepted from its third symbol, which led to a state, on.
    @inline(__always)
    private func followed<Automaton: SymbolAutomaton>(
        _ met: inout MetStates<Automaton>, _ third: UInt32, _ posting: Posting,
        _ waiting: SearchScratch.Waiting
    ) -> SearchChannel? {
        let left = Int(waiting.count) - posting.position - 2
        var best: SearchChannel?
        var state = third
        var read = 1
        while true {
            let entry = met[state]
            if let accepted = entry.accepted {
                let isWhole = posting.position == 0 && read == left && Self.isFull(accepted)
                best = Self.better(best, isWhole ? .pinyinName : accepted)
            }
            guard read < left, entry.wanted != 0 else { return best }
            state = met.next(state, view.pool[Int(waiting.place) + read] & TextStore.symbolMask)
            if state == MetStates<Automaton>.dead { return best }
            read += 1
        }
    }

    /// Keeps all postings of a pair; those of texts that are wholly matched with `wholeCount` symbols by themselves.
    private mutating func keep(_ pair: UInt32, _ way: SearchChannel, wholeCount: Int?) {
        if count > 1 { pairs[Int(way.rawValue)].append(pair) }
        guard wholeCount != nil || count == 1 else { return }
        view.lists.forEach(view.pairs[Int(pair)].postings) { posting in
            let text = Posting(posting).text
            guard Posting(posting).position == 0 else { return }
            if let wholeCount, Int(view.records[Int(text)].count) == wholeCount {
                scratch.find(text, at: 0, .pinyinName)
            } else if count == 1 {
                scratch.find(text, at: 0, way)
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
