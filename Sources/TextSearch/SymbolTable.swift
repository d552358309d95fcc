/// What one unit of a text is, with the readings that it has at this place.
///
/// A character has one symbol for its usual readings, and another for each phrase that puts another reading first:
/// so a text needs two bytes a character, and nothing beside them to tell how it is read.
struct Symbol: Sendable {
    /// The unit as it is compared.
    var unit: UInt32 = 0
    /// Where its spellings begin: those in letters, then those in digits of a telephone.
    var spellingStart: UInt32 = 0
    /// What may be typed first for this unit; see `StartMask`.
    var starts: UInt64 = 0
    /// Which digits may be typed first for it on a telephone.
    var keyStarts: UInt64 = 0
    /// Numbers of the pairs that begin with it.
    var pairs = PackedList()
    /// The number of the first symbol of this unit: the same for all that look alike.
    var base: UInt16 = 0
    /// The syllable that is right here.
    var firstSyllable: UInt16?
    var spellingCount: UInt8 = 0
    var keySpellingCount: UInt8 = 0
    /// The digit of a Latin letter or of a digit, 0 for all else.
    var key: UInt8 = 0
    /// See `KeyClass`.
    var keyClass: UInt8 = 1
}

/// One way of typing a symbol.
struct SymbolSpelling: Sendable {
    let spelling: Spelling
    /// It belongs to the reading that is right here.
    let isFirst: Bool
}

/// One bit for each letter (0…25) and digit (26…35), one (36) for everything else.
enum StartMask {
    static func of(_ unit: UInt32) -> UInt64 {
        if FoldedText.isLatin(unit) { return 1 << UInt64(unit - 0x61) }
        if FoldedText.isDigit(unit) { return 1 << UInt64(unit - 0x30 + 26) }
        return 1 << 36
    }
}

/// All symbols that were ever met, a few thousand; they are never given up.
struct SymbolTable: Sendable {
    /// Symbol 0 stands for nothing and is the end of a text in pairs.
    private(set) var symbols = [Symbol()]
    private(set) var spellings: [SymbolSpelling] = []
    private var slots = HashSlots()
    /// Further symbols of a unit, by its base.
    private(set) var variants: [UInt16: [UInt16]] = [:]
    /// Numbers go up to here: the highest bit of a unit in the pool says that a match may begin.
    private static let maximum = 0x7FFF

    var bytes: Int {
        symbols.capacity * MemoryLayout<Symbol>.stride + slots.bytes + variants.capacity * 48
            + spellings.capacity * MemoryLayout<SymbolSpelling>.stride
    }

    /// The base symbol of a unit, nil where no text has it.
    func base(of unit: UInt32) -> UInt16? {
        slots.find(HashSlots.hash(unit)) { symbols[Int($0)].unit == unit }.map { UInt16($0) }
    }

    /// All symbols of a unit that any text has.
    func all(of unit: UInt32) -> [UInt16] {
        guard let base = base(of: unit) else { return [] }
        return [base] + (variants[base] ?? [])
    }

    /// The symbol of a unit, which is made if need be; 0 when there is no room for more.
    mutating func symbol(of unit: UInt32, firstReading: UInt16?) -> UInt16 {
        let base: UInt16
        if let known = self.base(of: unit) {
            base = known
        } else {
            guard symbols.count <= Self.maximum, unit != 0 else { return 0 }
            base = UInt16(symbols.count)
            make(unit, base: base, ReadingTable.shared.readings(of: unit))
            insertSlot(base, unit)
        }
        guard let firstReading, symbols[Int(base)].firstSyllable != firstReading else { return base }
        for variant in variants[base] ?? [] where symbols[Int(variant)].firstSyllable == firstReading {
            return variant
        }
        guard symbols.count <= Self.maximum else { return base }
        let number = UInt16(symbols.count)
        let usual = ReadingTable.shared.readings(of: unit)
        make(unit, base: base, [firstReading] + usual.filter { $0 != firstReading })
        variants[base, default: []].append(number)
        return number
    }

    private mutating func insertSlot(_ number: UInt16, _ unit: UInt32) {
        let symbols = symbols
        slots.insert(UInt32(number), hash: HashSlots.hash(unit)) { HashSlots.hash(symbols[Int($0)].unit) }
    }

    private mutating func make(_ unit: UInt32, base: UInt16, _ syllables: [UInt16]) {
        var symbol = Symbol(unit: unit, spellingStart: UInt32(spellings.count), base: base)
        symbol.firstSyllable = syllables.first
        symbol.starts = StartMask.of(unit)
        if FoldedText.isLatin(unit) || FoldedText.isDigit(unit) {
            symbol.key = Keypad.digit(UInt8(unit))
            symbol.keyStarts = StartMask.of(UInt32(symbol.key))
        }
        let all = syllables.map { ReadingTable.shared.syllables[Int($0)] }
        let letters = Self.distinct(all.map(\.spellings))
        let keys = Self.distinct(all.map(\.keySpellings))
        symbol.spellingCount = UInt8(clamping: letters.count)
        symbol.keySpellingCount = UInt8(clamping: keys.count)
        for entry in letters { symbol.starts |= StartMask.of(UInt32(entry.spelling.packed & 0xFF)) }
        for entry in keys { symbol.keyStarts |= StartMask.of(UInt32(entry.spelling.packed & 0xFF)) }
        symbol.keyClass = KeyClass.of(keyStarts: symbol.keyStarts)
        for entry in letters + keys { spellings.appendTightly(entry) }
        symbols.appendTightly(symbol)
    }

    /// The spellings of all readings; ni and mi are the same on the keys, and the first one counts.
    private static func distinct(_ readings: [[Spelling]]) -> [SymbolSpelling] {
        var result: [SymbolSpelling] = []
        for (index, reading) in readings.enumerated() {
            for spelling in reading
            where !result.contains(where: {
                $0.spelling.packed == spelling.packed && $0.spelling.initialCount == spelling.initialCount
            }) {
                result.append(SymbolSpelling(spelling: spelling, isFirst: index == 0))
            }
        }
        return result
    }

    /// The symbols of a folded text, phrases read as phrases.
    mutating func symbols(of text: FoldedText) -> [UInt16] {
        var result: [UInt16] = []
        result.reserveCapacity(text.units.count)
        var index = 0
        while index < text.units.count {
            if let syllables = PhraseTable.shared.word(at: index, of: text.units) {
                for syllable in syllables {
                    result.append(symbol(of: text.units[index], firstReading: syllable))
                    index += 1
                }
            } else {
                result.append(symbol(of: text.units[index], firstReading: nil))
                index += 1
            }
        }
        return result
    }

    /// Adds or takes away a pair that begins with a symbol.
    mutating func changePairs(of symbol: UInt16, _ change: (inout PackedList) -> Void) {
        change(&symbols[Int(symbol)].pairs)
    }
}
