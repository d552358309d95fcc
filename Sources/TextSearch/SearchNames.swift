/// By what a thing can be found.
///
/// A text counts with its first 128 letters, digits and characters; the rest is not searched.
package struct SearchNames: Hashable, Sendable {
    /// The name, as a rule in Chinese.
    package var name: String
    /// The name in English, if it has one.
    package var english: String?
    /// Former, short and popular names.
    package var others: [String]
    /// Street, estate, community: whatever its address is found by.
    package var addresses: [String]
    /// Names of its type and what people say for it: 菜市场, 买菜.
    package var typeWords: [String]

    /// Puts the words together.
    package init(
        _ name: String, english: String? = nil, others: [String] = [], addresses: [String] = [],
        typeWords: [String] = []
    ) {
        self.name = name
        self.english = english
        self.others = others
        self.addresses = addresses
        self.typeWords = typeWords
    }

    /// All texts with their fields, each once.
    var fields: [(text: String, field: SearchField)] {
        var all: [(text: String, field: SearchField)] = [(name, .name)]
        all += others.map { ($0, .other) }
        if let english { all.append((english, .english)) }
        all += typeWords.map { ($0, .typeWord) }
        all += addresses.map { ($0, .address) }
        return all
    }
}

/// Which of a thing's texts was found.
package enum SearchField: UInt8, CaseIterable, Sendable {
    /// The name.
    case name
    /// One of the other names.
    case other
    /// The name in English.
    case english
    /// A word of its type.
    case typeWord
    /// A word of its address.
    case address
}

/// How a text was found, the best way first; answers of two channels are never mixed.
package enum SearchChannel: UInt8, CaseIterable, Comparable, Sendable {
    /// The whole name as it is written.
    case exactName
    /// The name begins so.
    case namePrefix
    /// So it stands in the name.
    case nameSubstring
    /// The whole name, in full syllables.
    case pinyinName
    /// A part of the name in full syllables, each as it is read here.
    case pinyin
    /// A part of the name in full syllables, one at least by another reading of its character.
    case pinyinOtherReading
    /// The first letters of syllables side by side (csc, or with zh, ch, sh as one).
    case initials
    /// Characters, syllables and initials mixed (c市chang).
    case mixed
    /// The last syllable is not finished (caishich).
    case unfinished
    /// Digits of a telephone, all for full syllables or all for initials.
    case digits
    /// Digits of a telephone, mixed or unfinished.
    case digitsMixed
    /// Words of the English name, from the beginning of a word on.
    case english
    /// In whatever way, a word of the type.
    case typeWord
    /// In whatever way, a word of the address.
    case address
    /// Full syllables or English words with one letter wrong, missing, too many or two swapped.
    case oneEdit

    /// The order of the cases.
    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// One thing that was found.
package struct SearchHit: Hashable, Sendable {
    /// The number under which it was inserted.
    package let id: UInt32
    /// How it was found.
    package let channel: SearchChannel
    /// Which of its texts was found.
    package let field: SearchField
    /// That text, as it was given (the searched part of a very long one).
    package let text: String
    /// The matched part of it, as offsets of its characters (`Character`).
    package let range: Range<Int>
}

/// What can be typed next, and what would be found.
package struct SearchSuggestions: Hashable, Sendable {
    /// Small letters and digits, ascending, that lead to something when typed next.
    package let nextKeys: [Character]
    /// The first things that are found by what has been typed.
    package let completions: [SearchHit]
}

/// The limits of the search, chosen, not measured.
package enum SearchLimits {
    /// So many letters, digits and characters of a text are searched.
    package static let textUnits = 128
    /// So many letters, digits and characters of a question count; what comes behind them is passed over.
    package static let queryUnits = 62
    /// From so many letters on one of them may be wrong.
    package static let editUnits = 5
}
