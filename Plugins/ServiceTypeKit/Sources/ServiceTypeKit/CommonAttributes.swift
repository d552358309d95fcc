public import DirectoryModel

extension AttributeDescription {
    /// Whether a wheelchair gets in: one and the same attribute for every type that has it, key `wheelchair`.
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
    public static let stepFree = AttributeDescription(
        key: "step_free", name: LocalizedText(zh: "无台阶", en: "Step-free"), kind: .bool, isFacet: true)

    /// The values that the options of this attribute have in `place`, by name, in the schema's order.
    ///
    /// Options whose key is not in the schema are left out.
    public func optionNames(of place: Place, in language: Language) -> [String] {
        guard let value = place.attributes[key] else { return [] }
        let keys: [String] =
            switch value {
            case .text(let key): [key]
            case .texts(let keys): keys
            case .bool, .whole, .decimal, .money: []
            }
        switch kind {
        case .oneOf(let options), .manyOf(let options):
            return options.filter { keys.contains($0.key) }.map { $0.name.text(in: language) }
        case .bool, .whole, .decimal, .money, .text: return []
        }
    }
}

extension Place {
    /// The attribute's yes or no, or nil when it is not known.
    public func flag(_ key: String) -> Bool? {
        if case .bool(let flag)? = attributes[key] { flag } else { nil }
    }

    /// The attribute's whole number, or nil when it is not known.
    public func whole(_ key: String) -> Int? {
        if case .whole(let number)? = attributes[key] { number } else { nil }
    }

    /// The attribute's amount, or nil when it is not known.
    public func money(_ key: String) -> Money? {
        if case .money(let amount)? = attributes[key] { amount } else { nil }
    }

    /// The attribute's text or the key of its one option, or nil when it is not known.
    public func text(_ key: String) -> String? {
        if case .text(let text)? = attributes[key] { text } else { nil }
    }

    /// The keys of the attribute's options; empty when none are known.
    public func options(_ key: String) -> [String] {
        if case .texts(let keys)? = attributes[key] { keys } else { [] }
    }

    /// Whether one gets in without steps, from the attribute `wheelchair`; nil when it is not known.
    public var isStepFree: Bool? { text("wheelchair").map { $0 == "yes" } }
}

extension NormalisedPlace {
    /// Sets an attribute that no source stated, and takes back the finding that it is missing.
    ///
    /// For what a module derives from the name or from other tags; a stated value is never replaced.
    public mutating func fill(_ key: String, with value: AttributeValue?) {
        guard let value, place.attributes[key] == nil else { return }
        place.attributes[key] = value
        findings.removeAll { $0.field == key && $0.code == FindingCode.missing }
    }
}

extension Highlight {
    /// Names in a row, cut to as many as fit and followed by 等 or "…": `水果、卤菜、小吃`.
    ///
    /// - Returns: nil when there are no names.
    public static func list(
        of attribute: AttributeDescription, in place: Place, zh lead: String = "",
        en leadEnglish: String = "",
        tone: Tone = .neutral
    ) -> Highlight? {
        let chinese = attribute.optionNames(of: place, in: .zh)
        guard !chinese.isEmpty else { return nil }
        let english = attribute.optionNames(of: place, in: .en)
        return Highlight(
            fitting: LocalizedText(
                zh: fit(chinese, lead: lead, separator: "、", rest: "等", limit: maximumCharacters(in: .zh)),
                en: fit(
                    english, lead: leadEnglish, separator: ", ", rest: " …", limit: maximumCharacters(in: .en)
                )),
            tone: tone)
    }

    private static func fit(_ names: [String], lead: String, separator: String, rest: String, limit: Int)
        -> String
    {
        var text = lead
        for (index, name) in names.enumerated() {
            let isLast = index == names.count - 1
            let next = text + (index == 0 ? "" : separator) + name
            if next.count + (isLast ? 0 : rest.count) > limit, index > 0 { return text + rest }
            text = next
        }
        return text
    }
}
