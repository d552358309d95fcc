public import DirectoryModel

extension AttributeDescription {
    /// Whether a wheelchair gets in: one and the same attribute for every type that has it, key `wheelchair`.
    ///
    /// Since: 1.0
    public static let wheelchair = AttributeDescription(
        key: "wheelchair", name: LocalizedText(zh: "轮椅通行", en: "Wheelchair access"),
        kind: .oneOf([
            AttributeOption(
                key: "yes", name: LocalizedText(zh: "可通行", en: "Yes"),
                aliases: ["是", "有", "可", "可以", "能", "无障碍", "designated"]),
            AttributeOption(
                key: "limited", name: LocalizedText(zh: "部分可通行", en: "Limited"),
                aliases: ["部分", "有限", "partial"]),
            AttributeOption(
                key: "no", name: LocalizedText(zh: "不可通行", en: "No"),
                aliases: ["否", "无", "没有", "不可", "不能", "不可以"]),
        ]),
        columnNames: ["轮椅通行", "无障碍", "无障碍通行", "无障碍设施"], osmKey: "wheelchair")

    /// The facet that `Place.isStepFree` gives, key `step_free`.
    ///
    /// Since: 1.0
    public static let stepFree = AttributeDescription(
        key: "step_free", name: LocalizedText(zh: "无台阶", en: "Step-free"), kind: .bool, isFacet: true)

    /// The values that the options of this attribute have in `place`, by name, in the schema's order.
    ///
    /// Options whose key is not in the schema are left out.
    ///
    /// Since: 1.0
    public func optionNames(of place: Place, in language: Language) -> [String] {
        guard let value = place.attributes[key] else { return [] }
        let keys: [String] =
            switch value {
            case .text(let key): [key]
            case .texts(let keys): keys
            case .bool, .whole, .decimal, .money, .rows: []
            }
        switch kind {
        case .oneOf(let options), .manyOf(let options):
            return options.filter { keys.contains($0.key) }.map { $0.name.text(in: language) }
        case .bool, .whole, .decimal, .money, .text, .schedule, .date, .rows: return []
        }
    }
}

extension Place {
    /// The attribute's yes or no, or nil when it is not known.
    ///
    /// Since: 1.0
    public func flag(_ key: String) -> Bool? {
        if case .bool(let flag)? = attributes[key] { flag } else { nil }
    }

    /// The attribute's whole number, or nil when it is not known.
    ///
    /// Since: 1.0
    public func whole(_ key: String) -> Int? {
        if case .whole(let number)? = attributes[key] { number } else { nil }
    }

    /// The attribute's amount, or nil when it is not known.
    ///
    /// Since: 1.0
    public func money(_ key: String) -> Money? {
        if case .money(let amount)? = attributes[key] { amount } else { nil }
    }

    /// The attribute's text or the key of its one option, or nil when it is not known.
    ///
    /// Since: 1.0
    public func text(_ key: String) -> String? {
        if case .text(let text)? = attributes[key] { text } else { nil }
    }

    /// The keys of the attribute's options; empty when none are known.
    ///
    /// Since: 1.0
    public func options(_ key: String) -> [String] {
        if case .texts(let keys)? = attributes[key] { keys } else { [] }
    }

    /// The rows of the attribute's table; empty when none are known.
    ///
    /// Since: 2.0
    public func rows(_ key: String) -> [AttributeRow] {
        if case .rows(let rows)? = attributes[key] { rows } else { [] }
    }

    /// Whether one gets in without steps, from the attribute `wheelchair`; nil when it is not known.
    ///
    /// Since: 1.0
    public var isStepFree: Bool? { text("wheelchair").map { $0 == "yes" } }
}

extension AttributeRow {
    /// The column's yes or no, or nil when it is not known.
    ///
    /// Since: 2.0
    public func flag(_ column: String) -> Bool? {
        if case .bool(let flag)? = values[column] { flag } else { nil }
    }

    /// The column's whole number, or nil when it is not known.
    ///
    /// Since: 2.0
    public func whole(_ column: String) -> Int? {
        if case .whole(let number)? = values[column] { number } else { nil }
    }

    /// The column's amount, or nil when it is not known.
    ///
    /// Since: 2.0
    public func money(_ column: String) -> Money? {
        if case .money(let amount)? = values[column] { amount } else { nil }
    }

    /// The column's text, date, opening times or the key of its one option, or nil when it is not known.
    ///
    /// Since: 2.0
    public func text(_ column: String) -> String? {
        if case .text(let text)? = values[column] { text } else { nil }
    }

    /// The keys of the column's options; empty when none are known.
    ///
    /// Since: 2.0
    public func options(_ column: String) -> [String] {
        if case .texts(let keys)? = values[column] { keys } else { [] }
    }
}

extension NormalisedPlace {
    /// Sets an attribute that no source stated, and takes back the finding that it is missing.
    ///
    /// For what a module derives from other tags; a stated value is never replaced.
    ///
    /// Since: 1.0
    public mutating func fill(_ key: String, with value: AttributeValue?) {
        guard place.attributes[key] == nil, let value else { return }
        place.attributes[key] = value
        findings.removeAll { $0.field == key && $0.code == FindingCode.missing }
    }

    /// The same with a value that is derived from the place, such as from its name, and only where it is needed.
    ///
    /// Since: 1.0
    public mutating func fill(_ key: String, from derive: (Place) -> AttributeValue?) {
        if place.attributes[key] == nil { fill(key, with: derive(place)) }
    }
}

extension String {
    /// Whether the text holds one of `words`, byte for byte: for words of names.
    ///
    /// Complexity: O(n) in the bytes of the text for each word.
    ///
    /// Since: 1.0
    public func contains(anyOf words: [String]) -> Bool { words.contains { holds($0) } }
}

/// A highlight of the names of an attribute's options, cut to as many as fit: `水果、卤菜、小吃等`.
///
/// Make one for each attribute and wording, once (`static let`): names and lengths are looked up, not counted anew.
///
/// Since: 1.0
public struct OptionHighlight: Sendable {
    private let attribute: String
    private let chinese: NameList
    private let english: NameList
    private let numbers: [String: Int]
    private let tone: Highlight.Tone

    /// A highlight of `attribute`'s options, with words in front of the names.
    ///
    /// Since: 1.0
    public init(
        _ attribute: AttributeDescription, zh lead: String = "", en leadEnglish: String = "",
        tone: Highlight.Tone = .neutral
    ) {
        let options: [AttributeOption] =
            switch attribute.kind {
            case .oneOf(let options), .manyOf(let options): options
            case .bool, .whole, .decimal, .money, .text, .schedule, .date, .rows: []
            }
        self.attribute = attribute.key
        chinese = NameList(
            options.map(\.name.zh), lead: lead, separator: "、", rest: "等",
            limit: Highlight.maximumCharacters(in: .zh))
        english = NameList(
            options.map(\.name.en), lead: leadEnglish, separator: ", ", rest: " …",
            limit: Highlight.maximumCharacters(in: .en))
        numbers = Dictionary(options.enumerated().map { ($1.key, $0) }) { first, _ in first }
        self.tone = tone
    }

    /// The highlight of the options that `place` has, in the order in which they are stored; nil when it has none.
    ///
    /// Since: 1.0
    public func highlight(for place: Place) -> Highlight? {
        var found: [Int] = []
        switch place.attributes[attribute] {
        case .text(let key)?: if let number = numbers[key] { found.append(number) }
        case .texts(let keys)?:
            found.reserveCapacity(keys.count)
            for key in keys { if let number = numbers[key] { found.append(number) } }
        default: return nil
        }
        if found.isEmpty { return nil }
        return Highlight(LocalizedText(zh: chinese.text(found), en: english.text(found)), tone: tone)
    }
}

/// Names with their lengths, to be put in a row within a limit.
private struct NameList: Sendable {
    let names: [(text: String, length: Int)]
    let lead: (text: String, length: Int)
    let separator: (text: String, length: Int)
    let rest: (text: String, length: Int)
    let limit: Int

    init(_ names: [String], lead: String, separator: String, rest: String, limit: Int) {
        // A name alone fits, whatever its length; where it has to be cut, it is cut here.
        let room = max(1, limit - lead.count)
        self.names = names.map { name in
            name.count <= room ? (name, name.count) : (name.prefix(room - 1) + "…", room)
        }
        self.lead = (lead, lead.count)
        self.separator = (separator, separator.count)
        self.rest = (rest, rest.count)
        self.limit = limit
    }

    func text(_ numbers: [Int]) -> String {
        var text = lead.text
        var length = lead.length
        for (position, number) in numbers.enumerated() {
            let name = names[number]
            let added = name.length + (position == 0 ? 0 : separator.length)
            let isLast = position == numbers.count - 1
            if position > 0, length + added + (isLast ? 0 : rest.length) > limit {
                return length + rest.length <= limit ? text + rest.text : text
            }
            if position > 0 { text += separator.text }
            text += name.text
            length += added
        }
        return text
    }
}
