/// The readings of characters and their simplified forms, from the generated table.
///
/// Read once, when first used, and never changed. Source: see `ReadingTable+data.swift`.
struct ReadingTable: Sendable {
    /// The one table of this process.
    static let shared = ReadingTable()

    /// All spellings of all syllables, those of one syllable side by side.
    private(set) var syllables: [Syllable] = []
    /// Syllable numbers of a scalar's readings, the usual one first.
    private var readings: [UInt32: [UInt16]] = [:]
    private var simplified: [UInt32: UInt32] = [:]
    private var compatible: [UInt32: [UInt32]] = [:]
    private var numbers: [String: UInt16] = [:]

    private init() {
        readings.reserveCapacity(27_000)
        var others: [(UInt32, UInt16)] = []
        for line in Self.readingLines.split(separator: "\n") {
            // A syllable without usual characters has two blanks in a row.
            let parts = line.split(separator: " ", omittingEmptySubsequences: false)
            guard parts.count >= 2 else { continue }
            let number = add(String(parts[0]))
            for scalar in parts[1].unicodeScalars { readings[scalar.value] = [number] }
            if parts.count > 2 {
                for scalar in parts[2].unicodeScalars { others.append((scalar.value, number)) }
            }
        }
        for (scalar, number) in others { readings[scalar, default: []].append(number) }
        for piece in Self.simplifiedLines.split(separator: " ") {
            var scalars = piece.unicodeScalars.makeIterator()
            guard let target = scalars.next() else { continue }
            while let traditional = scalars.next() { simplified[traditional.value] = target.value }
        }
        for piece in Self.compatibilityLines.split(separator: " ") {
            let parts = piece.split(separator: "=")
            guard parts.count == 2, let scalar = UInt32(parts[0], radix: 16) else { continue }
            compatible[scalar] = parts[1].unicodeScalars.map(\.value)
        }
        for syllable in PhraseTable.syllables { _ = add(syllable) }
    }

    private mutating func add(_ letters: String) -> UInt16 {
        if let known = numbers[letters] { return known }
        let number = UInt16(syllables.count)
        syllables.append(Syllable(letters))
        numbers[letters] = number
        return number
    }

    /// The number of a syllable, nil where no character has it.
    func number(of letters: String) -> UInt16? { numbers[letters] }

    /// The readings of a character, the usual one first; empty for what has none.
    func readings(of scalar: UInt32) -> [UInt16] { readings[scalar] ?? [] }

    /// The simplified form of a character, or the character.
    func simplified(_ scalar: UInt32) -> UInt32 { simplified[scalar] ?? scalar }

    /// What a compatibility character stands for, nil for any other.
    func compatible(_ scalar: UInt32) -> [UInt32]? { compatible[scalar] }
}

/// A syllable without tone, and every way of typing it.
struct Syllable: Sendable {
    /// As in the table: ü is v.
    let letters: String
    /// Distinct ways of typing it, `letters` first; on the digits of a telephone most of them are one.
    let spellings: [Spelling]
    let keySpellings: [Spelling]

    init(_ letters: String) {
        self.letters = letters
        var forms = [letters]
        // ü after n and l is typed v, u or yu; after j, q, x and y it is written u, and v is typed too.
        if letters.hasPrefix("lv") || letters.hasPrefix("nv") {
            let rest = letters.dropFirst(2)
            forms += [letters.prefix(1) + "u" + rest, letters.prefix(1) + "yu" + rest]
        } else if let first = letters.first, "jqxy".contains(first), letters.dropFirst().hasPrefix("u") {
            forms.append(String(first) + "v" + letters.dropFirst(2))
        }
        let initial: UInt8 = ["zh", "ch", "sh"].contains(letters.prefix(2)) ? 2 : 1
        spellings = forms.map { Spelling([UInt8]($0.utf8), initial) }
        var keys: [Spelling] = []
        for form in forms {
            let spelling = Spelling(form.utf8.map { Keypad.digit($0) }, initial)
            if !keys.contains(where: { $0.packed == spelling.packed }) { keys.append(spelling) }
        }
        keySpellings = keys
    }
}

/// Up to eight letters or digits in one word, the first in the lowest byte.
struct Spelling: Sendable {
    let packed: UInt64
    let count: UInt8
    /// Two for zh, ch and sh, of which the second letter may be typed with the first; else one.
    let initialCount: UInt8

    init(_ bytes: [UInt8], _ initialCount: UInt8) {
        var packed: UInt64 = 0
        for (index, byte) in bytes.prefix(8).enumerated() { packed |= UInt64(byte) << UInt64(index * 8) }
        self.packed = packed
        count = UInt8(min(bytes.count, 8))
        self.initialCount = initialCount
    }
}

/// The letters on the digits of a telephone.
///
/// Source: ITU-T E.161.
enum Keypad {
    private static let digits = [UInt8]("22233344455566677778889999".utf8)

    /// The digit under which a small letter stands; anything else is left as it is.
    static func digit(_ letter: UInt8) -> UInt8 {
        guard letter >= UInt8(ascii: "a"), letter <= UInt8(ascii: "z") else { return letter }
        return digits[Int(letter - UInt8(ascii: "a"))]
    }
}
