/// A text as it is compared: full-width is half-width, traditional is simplified, small is capital.
///
/// Compatibility characters are resolved one scalar at a time (the K of NFKC), combining marks, blanks, punctuation
/// and emoji are dropped. Composition, the C, has nothing left to do then.
struct FoldedText: Sendable {
    /// What is compared, one after the other.
    private(set) var units: [UInt32] = []
    /// Whether a match may begin at each unit: not inside a word of Latin letters.
    private(set) var starts: [Bool] = []
    /// Units that were written ü.
    private(set) var umlauts: [Int] = []
    /// A blank or a mark of punctuation came after the last unit.
    private var broken = true
    private let limit: Int

    /// Folds a text until `limit` units are full.
    init(_ text: String, limit: Int) {
        self.limit = limit
        for scalar in text.unicodeScalars {
            if units.count >= limit { break }
            add(scalar.value)
        }
    }

    private init(limit: Int) { self.limit = limit }

    /// For each unit the offset of the character (`Character` of `String`) that it came from.
    static func characterOffsets(_ text: String, limit: Int) -> [Int] {
        var folded = FoldedText(limit: limit)
        var offsets: [Int] = []
        for (offset, character) in text.enumerated() {
            if folded.units.count >= limit { break }
            for scalar in character.unicodeScalars where folded.units.count < limit {
                folded.add(scalar.value)
            }
            while offsets.count < folded.units.count { offsets.append(offset) }
        }
        return offsets
    }

    static func isLatin(_ unit: UInt32) -> Bool { unit &- 0x61 < 26 }
    static func isDigit(_ unit: UInt32) -> Bool { unit &- 0x30 < 10 }

    private mutating func add(_ given: UInt32) {
        // Full-width forms of ASCII.
        let scalar = given &- 0xFF01 < 0x5E ? given - 0xFEE0 : given
        if scalar < 0x80 {
            addASCII(scalar)
        } else if Self.isHan(scalar) {
            append(ReadingTable.shared.simplified(scalar))
        } else if Self.isInvisible(scalar) {
            if scalar == 0x308, units.last == 0x75 { umlauts.append(units.count - 1) }
        } else if let parts = ReadingTable.shared.compatible(scalar) {
            for part in parts { append(ReadingTable.shared.simplified(part)) }
            if Self.isUmlaut(scalar) { umlauts.append(units.count - 1) }
        } else {
            addOther(scalar)
        }
    }

    private mutating func addASCII(_ scalar: UInt32) {
        switch scalar {
        case 0x41...0x5A: append(scalar + 32)
        case 0x61...0x7A, 0x30...0x39: append(scalar)
        // People's is one word.
        case 0x27: break
        default: broken = true
        }
    }

    private mutating func addOther(_ value: UInt32) {
        guard value != 0x2019 else { return }
        guard let scalar = Unicode.Scalar(value) else { return }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .titlecaseLetter:
            for lower in scalar.properties.lowercaseMapping.unicodeScalars { append(lower.value) }
        case .lowercaseLetter, .modifierLetter, .otherLetter, .decimalNumber, .letterNumber, .otherNumber:
            append(value)
        case .nonspacingMark, .enclosingMark, .format:
            break
        default:
            broken = true
        }
    }

    private mutating func append(_ unit: UInt32) {
        guard units.count < limit else { return }
        let inside = !broken && Self.isLatin(unit) && (units.last.map(Self.isLatin) ?? false)
        units.append(unit)
        starts.append(!inside)
        broken = false
    }

    private static func isHan(_ scalar: UInt32) -> Bool {
        (0x3400...0x9FFF).contains(scalar) || scalar == 0x3007 || (0x20000...0x2F7FF).contains(scalar)
            || (0x30000...0x3FFFF).contains(scalar)
    }

    /// Combining marks, variation selectors, joiners.
    private static func isInvisible(_ scalar: UInt32) -> Bool {
        (0x300...0x36F).contains(scalar) || scalar == 0x3099 || scalar == 0x309A
            || (0xFE00...0xFE0F).contains(scalar) || (0x200B...0x200F).contains(scalar) || scalar == 0x2060
            || scalar == 0xFEFF || (0xE0100...0xE01EF).contains(scalar)
    }

    /// Ü ü and ü with a tone.
    private static func isUmlaut(_ scalar: UInt32) -> Bool {
        scalar == 0xDC || scalar == 0xFC || (0x1D5...0x1DC).contains(scalar)
    }
}
