/// One search: candidates from the pairs, verified in the texts, gathered by channel.
struct SearchPass {
    let index: SearchIndex
    let view: TextStore.View
    let query: SearchQuery
    let typed: SearchQuery.View
    /// Number of units.
    let count: Int
    /// Pairs all of whose postings match in each way.
    var pairs = [[UInt32]](repeating: [], count: SearchChannel.allCases.count)
    let scratch: SearchScratch
    private var collector: SearchCollector

    private init(
        _ index: SearchIndex, _ view: TextStore.View, _ query: SearchQuery, _ typed: SearchQuery.View,
        _ scratch: SearchScratch, _ collector: SearchCollector
    ) {
        self.index = index
        self.view = view
        self.query = query
        self.typed = typed
        count = query.count
        self.scratch = scratch
        self.collector = collector
    }

    /// A thing, and its text that was found.
    struct Found {
        let id: UInt32
        let channel: SearchChannel
        let text: UInt32
        let field: SearchField
        /// How the text was matched, which for words of the type and the address is another channel.
        let way: SearchChannel
    }

    /// The things that a query finds, the best channel first.
    static func results(
        _ index: SearchIndex, _ query: SearchQuery, limit: Int, order: SearchCollector.Order
    ) -> [Found] {
        index.store.withView { view in
            index.ids.withUnsafeBufferPointer { ids in
                index.lengths.withUnsafeBufferPointer { lengths in
                    query.withView { typed in
                        let scratch = SearchScratch(view, things: ids.count)
                        defer { scratch.deallocate() }
                        let collector = SearchCollector(
                            limit: limit, things: SearchCollector.Things(ids: ids, lengths: lengths),
                            scratch: scratch, order: order)
                        var pass = SearchPass(index, view, query, typed, scratch, collector)
                        pass.run()
                        return pass.collector.results.compactMap { pass.found($0) }
                    }
                }
            }
        }
    }

    /// Searches channel by channel until the answer is full.
    private mutating func run() {
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
        guard query.allowsEdit else { return }
        find(EditAutomaton(query: typed, spellings: view.spellings))
        _ = gather(.oneEdit)
    }

    // MARK: - Gathering

    /// Fields that are found later, whatever the way.
    private static let later: UInt8 =
        1 << SearchField.english.rawValue | 1 << SearchField.typeWord.rawValue | 1
        << SearchField.address.rawValue

    /// Texts for the channels of fields, while gathering.
    private var postponed: [UInt32] = []

    /// Takes what was found in one way; false when the answer is full.
    private mutating func gather(_ way: SearchChannel) -> Bool {
        for pair in pairs[Int(way.rawValue)] {
            scratch.find(view.lists, view.pairs[Int(pair)].postings, way)
        }
        guard let bits = scratch.texts(way) else { return true }
        var now = ~Self.later
        if way == .exactName { now |= 1 << SearchField.english.rawValue }
        if way == .oneEdit { now = .max }
        var waiting = 0
        for word in bits.indices {
            // A text that was found in a better way has been dealt with.
            var left = bits[word] & ~scratch.taken[word]
            bits[word] = left
            scratch.taken[word] |= left
            while left != 0 {
                let text = UInt32(word * 64 + left.trailingZeroBitCount)
                left &= left - 1
                let record = view.records[Int(text)]
                if record.fields & ~now & Self.later != 0 { postponed.append(text) }
                guard record.fields & now != 0 else { continue }
                view.lists.forEach(record.links) { link in
                    guard now >> UInt8(link & 7) & 1 != 0 else { return }
                    scratch.line[waiting] = link >> 3
                    waiting += 1
                    if waiting == SearchScratch.batchCount {
                        collector.take(waiting, way)
                        waiting = 0
                    }
                }
            }
        }
        collector.take(waiting, way)
        collector.close()
        return !collector.isFull
    }

    /// Takes things whose text of one field was found in any way; false when the answer is full.
    private mutating func gatherField(_ field: SearchField) -> Bool {
        let channel = field.channel(of: .nameSubstring)
        // A word of the type that begins so stands before one that only holds it.
        for begins in field == .typeWord ? [true, false] : [nil] where !collector.isFull {
            var waiting = 0
            for text in postponed where begins == nil || scratch.begins(text) == begins {
                let record = view.records[Int(text)]
                guard record.fields >> field.rawValue & 1 != 0 else { continue }
                view.lists.forEach(record.links) { link in
                    guard UInt8(link & 7) == field.rawValue else { return }
                    scratch.line[waiting] = link >> 3
                    waiting += 1
                    if waiting == SearchScratch.batchCount {
                        collector.take(waiting, channel)
                        waiting = 0
                    }
                }
            }
            collector.take(waiting, channel)
            collector.close()
        }
        return !collector.isFull
    }

    /// Of the texts by which a thing was found in its channel the one that fits best, the same whatever was
    /// inserted before.
    private func found(_ entry: SearchCollector.Entry) -> Found? {
        var best: (found: Found, key: (Int, Int, Int, Int))?
        for text in index.store.lists.array(index.texts[Int(entry.thing)]) {
            guard let way = scratch.way(of: text) else { continue }
            let record = view.records[Int(text)]
            for field in SearchField.allCases
            where field.channel(of: way) == entry.channel && index.store.has(text, entry.thing, field) {
                let isInside = field == .typeWord && !scratch.begins(text)
                let key = (isInside ? 1 : 0, Int(way.rawValue), Int(record.count), Int(field.rawValue))
                let found = Found(id: entry.id, channel: entry.channel, text: text, field: field, way: way)
                if let known = best {
                    let isSame = key == known.key
                    guard isSame ? index.store.precedes(text, known.found.text) : key < known.key else {
                        continue
                    }
                }
                best = (found, key)
            }
        }
        return best?.found
    }
}

extension SearchField {
    /// In which channel a thing is found that was matched in a way by a text of this field.
    func channel(of way: SearchChannel) -> SearchChannel {
        if way == .oneEdit { return way }
        return switch self {
        case .name, .other: way
        case .english: way == .exactName ? way : .english
        case .typeWord: .typeWord
        case .address: .address
        }
    }
}
