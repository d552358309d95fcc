/// The texts of the index, each once, with the postings by which they are found.
///
/// A posting stands in the list of the pair of symbols that begins at its position; the last symbol of a text makes
/// a pair with the end. Inside a word of Latin letters no match begins, and there is no posting.
struct TextStore: Sendable {
    /// One distinct text.
    struct Record: Sendable {
        /// Where its UTF-8 begins in `utf8`.
        var utf8Start: UInt32 = 0
        /// Where its symbols begin in `pool`.
        var start: UInt32 = 0
        /// What has it: number of a thing × 8 + field.
        var links = PackedList()
        /// Bytes of its UTF-8; 0 for a free number.
        var utf8Count: UInt16 = 0
        /// Number of its symbols.
        var count: UInt8 = 0
        /// Bit n: field n of some thing has it.
        ///
        /// May be too many after a removal, never too few.
        var fields: UInt8 = 0
    }

    /// Two symbols side by side.
    struct Pair: Sendable {
        let first: UInt16
        let second: UInt16
        var postings = PackedList()
    }

    static let symbolMask: UInt16 = 0x7FFF
    static let startBit: UInt16 = 0x8000

    private(set) var table = SymbolTable()
    private(set) var records: [Record] = []
    private(set) var pairs: [Pair] = []
    /// Symbols of all texts, the highest bit where a match may begin.
    private(set) var pool: [UInt16] = []
    private(set) var lists = PackedLists()
    private var utf8: [UInt8] = []
    private var byText = HashSlots()
    private var byPair = HashSlots()
    private var freeRecords: [UInt32] = []
    private var wastedUnits = 0
    private var wastedBytes = 0

    /// Bytes of the index without the names themselves, and of the names (their UTF-8).
    var bytes: (index: Int, names: Int) {
        let index =
            table.bytes + records.capacity * MemoryLayout<Record>.stride
            + pairs.capacity * MemoryLayout<Pair>.stride + pool.capacity * 2 + lists.bytes + byText.bytes
            + byPair.bytes + freeRecords.capacity * 4
        return (index, utf8.capacity)
    }

    /// What a search reads, as plain memory while it runs.
    struct View {
        let records: UnsafeBufferPointer<Record>
        let pairs: UnsafeBufferPointer<Pair>
        let pool: UnsafeBufferPointer<UInt16>
        let symbols: UnsafeBufferPointer<Symbol>
        let spellings: UnsafeBufferPointer<SymbolSpelling>
        let lists: PackedLists.View
    }

    /// Calls with what a search reads; it is not kept longer.
    func withView<Result>(_ body: (View) -> Result) -> Result {
        records.withUnsafeBufferPointer { records in
            pairs.withUnsafeBufferPointer { pairs in
                pool.withUnsafeBufferPointer { pool in
                    table.symbols.withUnsafeBufferPointer { symbols in
                        table.spellings.withUnsafeBufferPointer { spellings in
                            lists.withView { lists in
                                body(
                                    View(
                                        records: records, pairs: pairs, pool: pool, symbols: symbols,
                                        spellings: spellings, lists: lists))
                            }
                        }
                    }
                }
            }
        }
    }

    /// The text of a number.
    func text(_ number: UInt32) -> String {
        String(decoding: bytes(of: records[Int(number)]), as: UTF8.self)
    }

    /// The symbols of a text, with their bits.
    func symbols(_ number: UInt32) -> ArraySlice<UInt16> {
        let record = records[Int(number)]
        return pool[Int(record.start)..<Int(record.start) + Int(record.count)]
    }

    /// Whether a text is one of a thing's, in a field.
    func has(_ number: UInt32, _ thing: UInt32, _ field: SearchField) -> Bool {
        lists.has(thing << 3 | UInt32(field.rawValue), in: records[Int(number)].links)
    }

    /// Whether the bytes of a text stand before those of another.
    func precedes(_ number: UInt32, _ other: UInt32) -> Bool {
        bytes(of: records[Int(number)]).lexicographicallyPrecedes(bytes(of: records[Int(other)]))
    }

    /// Links a thing with a text, nil where nothing of the text can be searched.
    mutating func add(_ text: String, thing: UInt32, field: SearchField) -> UInt32? {
        let folded = FoldedText(text, limit: SearchLimits.textUnits)
        guard !folded.units.isEmpty else { return nil }
        let kept = Self.kept(text)
        let hash = HashSlots.hash(kept)
        let number = find(kept, hash) ?? make(kept, hash, folded)
        guard let number else { return nil }
        var links = records[Int(number)].links
        lists.insert(thing << 3 | UInt32(field.rawValue), into: &links)
        records[Int(number)].links = links
        records[Int(number)].fields |= 1 << field.rawValue
        return number
    }

    /// Takes a thing from a text, and the text away when nothing has it any more.
    mutating func remove(_ number: UInt32, thing: UInt32) {
        var links = records[Int(number)].links
        for link in lists.array(links) where link >> 3 == thing { lists.remove(link, from: &links) }
        records[Int(number)].links = links
        if links.count == 0 { drop(number) }
    }

    /// The number of the pair of two symbols.
    func pair(_ first: UInt16, _ second: UInt16) -> UInt32? {
        byPair.find(Self.pairHash(first, second)) {
            pairs[Int($0)].first == first && pairs[Int($0)].second == second
        }
    }

    /// Adds a number to a list of the caller's, which lies here.
    mutating func insert(_ value: UInt32, into list: inout PackedList) { lists.insert(value, into: &list) }

    /// Gives up a list of the caller's.
    mutating func clear(_ list: inout PackedList) { lists.clear(&list) }

    // MARK: - Texts

    /// The UTF-8 that is kept: all of an ordinary text, the searched part of a very long one.
    private static func kept(_ text: String) -> [UInt8] {
        let bytes = [UInt8](text.utf8)
        guard bytes.count > 4000 else { return bytes }
        let count = FoldedText.characterOffsets(text, limit: SearchLimits.textUnits).last.map { $0 + 1 } ?? 0
        return [UInt8](String(text.prefix(count)).utf8.prefix(Int(UInt16.max)))
    }

    private func bytes(of record: Record) -> ArraySlice<UInt8> {
        utf8[Int(record.utf8Start)..<Int(record.utf8Start) + Int(record.utf8Count)]
    }

    private func find(_ kept: [UInt8], _ hash: UInt64) -> UInt32? {
        byText.find(hash) { number in
            let record = records[Int(number)]
            return Int(record.utf8Count) == kept.count && bytes(of: record).elementsEqual(kept)
        }
    }

    private mutating func make(_ kept: [UInt8], _ hash: UInt64, _ folded: FoldedText) -> UInt32? {
        let number: UInt32
        if let free = freeRecords.popLast() {
            number = free
        } else {
            guard records.count < Posting.textLimit else { return nil }
            number = UInt32(records.count)
            records.appendTightly(Record())
        }
        var record = Record()
        record.utf8Start = UInt32(utf8.count)
        record.utf8Count = UInt16(kept.count)
        for byte in kept { utf8.appendTightly(byte) }
        record.start = UInt32(pool.count)
        record.count = UInt8(folded.units.count)
        let symbols = table.symbols(of: folded)
        for (index, symbol) in symbols.enumerated() {
            pool.appendTightly(symbol | (folded.starts[index] ? Self.startBit : 0))
        }
        records[Int(number)] = record
        for index in symbols.indices where folded.starts[index] {
            let second = index + 1 < symbols.count ? symbols[index + 1] : 0
            let pair = makePair(symbols[index], second)
            var postings = pairs[Int(pair)].postings
            lists.insert(posting(number, index, symbols), into: &postings)
            pairs[Int(pair)].postings = postings
        }
        insertText(number, hash)
        return number
    }

    private func posting(_ number: UInt32, _ index: Int, _ symbols: [UInt16]) -> UInt32 {
        let third = index + 2 < symbols.count ? table.symbols[Int(symbols[index + 2])].keyClass : 0
        return Posting(text: number, position: index, third: third).packed
    }

    private mutating func drop(_ number: UInt32) {
        let record = records[Int(number)]
        let units = self.symbols(number)
        let symbols = units.map { $0 & Self.symbolMask }
        for (index, unit) in units.enumerated() where unit & Self.startBit != 0 {
            let second = index + 1 < symbols.count ? symbols[index + 1] : 0
            guard let pair = pair(symbols[index], second) else { continue }
            var postings = pairs[Int(pair)].postings
            lists.remove(posting(number, index, symbols), from: &postings)
            pairs[Int(pair)].postings = postings
        }
        let hash = HashSlots.hash(bytes(of: record))
        removeText(number, hash)
        wastedUnits += Int(record.count)
        wastedBytes += Int(record.utf8Count)
        freeText(number)
    }

    private mutating func freeText(_ number: UInt32) {
        records[Int(number)] = Record()
        freeRecords.append(number)
        // Half of the room is waste: the rest moves together.
        if wastedUnits > 4096, wastedUnits * 2 > pool.count || wastedBytes * 2 > utf8.count { compact() }
    }

    private mutating func compact() {
        var pool: [UInt16] = []
        var utf8: [UInt8] = []
        pool.reserveCapacity(self.pool.count - wastedUnits)
        utf8.reserveCapacity(self.utf8.count - wastedBytes)
        for index in records.indices where records[index].utf8Count > 0 {
            let record = records[index]
            records[index].start = UInt32(pool.count)
            records[index].utf8Start = UInt32(utf8.count)
            pool += self.pool[Int(record.start)..<Int(record.start) + Int(record.count)]
            utf8 += bytes(of: record)
        }
        self.pool = pool
        self.utf8 = utf8
        wastedUnits = 0
        wastedBytes = 0
    }

    private mutating func insertText(_ number: UInt32, _ hash: UInt64) {
        let (records, utf8) = (records, utf8)
        byText.insert(number, hash: hash) { Self.hash(records[Int($0)], utf8) }
    }

    private mutating func removeText(_ number: UInt32, _ hash: UInt64) {
        let (records, utf8) = (records, utf8)
        byText.remove(number, hash: hash) { Self.hash(records[Int($0)], utf8) }
    }

    private static func hash(_ record: Record, _ utf8: [UInt8]) -> UInt64 {
        HashSlots.hash(utf8[Int(record.utf8Start)..<Int(record.utf8Start) + Int(record.utf8Count)])
    }

    // MARK: - Pairs

    private static func pairHash(_ first: UInt16, _ second: UInt16) -> UInt64 {
        HashSlots.hash(UInt32(first) << 16 | UInt32(second))
    }

    private mutating func makePair(_ first: UInt16, _ second: UInt16) -> UInt32 {
        if let known = pair(first, second) { return known }
        let number = UInt32(pairs.count)
        pairs.appendTightly(Pair(first: first, second: second))
        let pairs = pairs
        byPair.insert(number, hash: Self.pairHash(first, second)) {
            Self.pairHash(pairs[Int($0)].first, pairs[Int($0)].second)
        }
        var own = table.symbols[Int(first)].pairs
        lists.insert(number, into: &own)
        table.changePairs(of: first) { $0 = own }
        return number
    }
}

/// A text and a position in it, with a hint at the symbol two further on, in four bytes.
struct Posting {
    /// So many distinct texts have room.
    static let textLimit = 1 << 21

    let packed: UInt32

    @inline(__always)
    init(_ packed: UInt32) { self.packed = packed }

    init(text: UInt32, position: Int, third: UInt8) {
        packed = text << 11 | UInt32(position & 0x7F) << 4 | UInt32(third & 0xF)
    }

    var text: UInt32 { packed >> 11 }
    var position: Int { Int(packed >> 4 & 0x7F) }

    /// Whether the symbol two further on is one of the classes; see `KeyClass`.
    @inline(__always)
    func hasThird(in classes: UInt16) -> Bool { classes >> UInt16(packed & 0xF) & 1 != 0 }
}

/// With which key of a telephone a symbol may begin: 2 to 9, 1 for several or none, 0 for the end of a text.
enum KeyClass {
    /// The class of what may begin so; see `StartMask`.
    static func of(keyStarts: UInt64) -> UInt8 {
        guard keyStarts.nonzeroBitCount == 1 else { return 1 }
        let digit = keyStarts.trailingZeroBitCount - 26
        return (2...9).contains(digit) ? UInt8(digit) : 1
    }

    /// The classes, a bit each, of all symbols that may begin with what is wanted.
    static func all(_ wanted: UInt64) -> UInt16 {
        var classes: UInt16 = 1 << 1
        var left = wanted
        // A character that is typed as itself may be of any class.
        if wanted >> 36 != 0 { return 0xFFFE }
        while left != 0 {
            let bit = left.trailingZeroBitCount
            left &= left - 1
            let digit = bit >= 26 ? bit - 26 : Int(Keypad.digit(UInt8(bit) + UInt8(ascii: "a"))) - 0x30
            classes |= 1 << UInt16(digit)
        }
        // No class is wanted for the end of a text; 0 on the keypad has none of its own.
        return classes & ~1
    }
}
