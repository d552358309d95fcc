import DirectoryModel

extension ModuleManifest {
    /// What is wrong with the manifest, one English line each, in its own order; empty when it is sound.
    ///
    /// A module whose manifest has a problem is not loaded.
    ///
    /// Since: 1.0
    public func problems() -> [String] {
        var problems: [String] = []
        if !ManifestRules.isModuleID(id.rawValue) {
            problems.append(
                "module id \(id.rawValue.shortened()) must be lower case letters, digits, - and _, a letter first, "
                    + "at most \(ManifestRules.maximumKeyLength)")
        }
        problems += ManifestRules.problems(of: name, on: "module \(id)")
        if !ManifestRules.isSemanticVersion(version) {
            problems.append(
                "module \(id): version \(version.shortened()) must be major.minor.patch, such as 1.0.0")
        }
        if types.isEmpty { problems.append("module \(id) describes no service type") }
        problems += ManifestRules.duplicates(types.map(\.id.rawValue), "service type", on: "module \(id)")
        return problems + types.flatMap { $0.problems() }
    }
}

extension ServiceTypeDescription {
    /// What is wrong with the description, one English line each, in its own order; empty when it is sound.
    ///
    /// Since: 1.0
    public func problems() -> [String] {
        let subject = "type \(id)"
        var problems: [String] = []
        if !ManifestRules.isKey(id.rawValue) {
            problems.append("type id \(id.rawValue.shortened()) must be \(ManifestRules.keySyntax)")
        }
        problems += ManifestRules.problems(of: name, on: subject)
        if order < 1 { problems.append("\(subject): order \(order) must be 1 or more") }
        if !(1...60).contains(targetMinutes) {
            problems.append("\(subject): target minutes \(targetMinutes) must lie between 1 and 60")
        }
        if ManifestRules.isBlank(source) { problems.append("\(subject): the source is empty") }
        for word in searchWords
        where ManifestRules.isBlank(word) || word.count > ManifestRules.maximumNameLength {
            problems.append(
                "\(subject): search word \(word.shortened()) must have 1 to \(ManifestRules.maximumNameLength) characters"
            )
        }
        problems += ManifestRules.duplicates(searchWords, "search word", on: subject)
        for code in industryCodes
        where code.utf8.count != 4 || !code.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            problems.append(
                "\(subject): industry code \(code.shortened()) must be the 4 digits of a GB/T 4754 class")
        }
        for selector in osmSelectors { problems += ManifestRules.problems(of: selector, on: subject) }
        let keys = attributes.map(\.key)
        problems += ManifestRules.duplicates(keys, "attribute", on: subject)
        problems += ManifestRules.duplicates(facets.map(\.key), "facet", on: subject)
        for facet in facets where keys.contains(facet.key) {
            problems.append("\(subject): facet \(facet.key) is an attribute, too; give it another key")
        }
        return problems + (attributes + facets).flatMap { $0.problems(on: subject) }
    }
}

extension AttributeDescription {
    /// What is wrong with the attribute of `subject`, one English line each.
    func problems(on subject: String) -> [String] {
        let subject = "\(subject), attribute \(key)"
        var problems: [String] = []
        if !ManifestRules.isKey(key) {
            problems.append("\(subject): the key must be \(ManifestRules.keySyntax)")
        }
        problems += ManifestRules.problems(of: name, on: subject)
        for column in columnNames where ManifestRules.isBlank(column) {
            problems.append("\(subject): a column name is empty")
        }
        problems += ManifestRules.duplicates(columnNames, "column name", on: subject)
        if let osmKey, ManifestRules.isBlank(osmKey) { problems.append("\(subject): the OSM key is empty") }
        switch kind {
        case .bool, .money, .text, .schedule, .date: break
        case .rows(let schema): problems += schema.problems(of: self, on: subject)
        case .whole(let unit, _): problems += Self.problems(ofUnit: unit, on: subject)
        case .decimal(let unit, let range):
            problems += Self.problems(ofUnit: unit, on: subject)
            if let range, !range.lowerBound.isFinite || !range.upperBound.isFinite {
                problems.append("\(subject): the range must be finite")
            }
        case .oneOf(let options): problems += Self.problems(of: options, isList: false, on: subject)
        case .manyOf(let options): problems += Self.problems(of: options, isList: true, on: subject)
        }
        return problems
    }

    private static func problems(ofUnit unit: LocalizedText?, on subject: String) -> [String] {
        unit.map { ManifestRules.problems(of: $0, on: subject + ", unit") } ?? []
    }

    private static func problems(of options: [AttributeOption], isList: Bool, on subject: String) -> [String]
    {
        if options.isEmpty { return ["\(subject): there are no options"] }
        var problems = ManifestRules.duplicates(options.map(\.key), "option", on: subject)
        var owners: [String: String] = [:]
        for option in options {
            if !ManifestRules.isKey(option.key) {
                problems.append(
                    "\(subject), option \(option.key.shortened()): the key must be \(ManifestRules.keySyntax)"
                )
            }
            problems += ManifestRules.problems(of: option.name, on: "\(subject), option \(option.key)")
            let words = [option.key, option.name.zh, option.name.en] + option.aliases
            for word in Set(words.map(\.foldedForComparison)).sorted() {
                if word.isEmpty {
                    problems.append("\(subject), option \(option.key): a name or alias is empty")
                } else if let owner = owners.updateValue(option.key, forKey: word), owner != option.key {
                    problems.append("\(subject): \(word.shortened()) means both \(owner) and \(option.key)")
                }
            }
            for word in words where isList && word.contains(where: OptionWords.separators.contains) {
                problems.append(
                    "\(subject), option \(option.key): \(word.shortened()) holds a sign that parts lists (; 、 ， , / |)"
                )
            }
        }
        return problems
    }
}

/// The rules that ids, keys and texts of a manifest follow.
enum ManifestRules {
    /// The longest key or id.
    ///
    /// Chosen, not measured.
    static let maximumKeyLength = 64
    /// The longest name, in characters.
    ///
    /// Chosen, not measured.
    static let maximumNameLength = 60
    static let keySyntax = "lower case letters, digits and _, a letter first, at most \(maximumKeyLength)"

    static func isKey(_ text: String) -> Bool {
        guard let first = text.utf8.first, (0x61...0x7A).contains(first) else { return false }
        return text.utf8.count <= maximumKeyLength
            && text.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F }
    }

    static func isModuleID(_ text: String) -> Bool {
        isKey(String(text.map { $0 == "-" ? "_" : $0 }))
    }

    /// "major.minor.patch" of plain numbers without leading zeros.
    static func isSemanticVersion(_ text: String) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 3
            && parts.allSatisfy { part in
                (1...6).contains(part.utf8.count) && part.utf8.allSatisfy { (0x30...0x39).contains($0) }
                    && (part.utf8.count == 1 || part.utf8.first != 0x30)
            }
    }

    static func isBlank(_ text: String) -> Bool { text.allSatisfy(\.isWhitespace) }

    static func problems(of text: LocalizedText, on subject: String) -> [String] {
        var problems: [String] = []
        for language in Language.allCases {
            let words = text.text(in: language)
            if isBlank(words) {
                problems.append("\(subject): the name in \(language.rawValue) is empty")
            } else if words.count > maximumNameLength {
                problems.append(
                    "\(subject): the name in \(language.rawValue) has more than \(maximumNameLength) characters"
                )
            }
        }
        return problems
    }

    static func problems(of selector: OSMSelector, on subject: String) -> [String] {
        var problems: [String] = []
        if selector.tags.isEmpty {
            problems.append("\(subject): a selector has no tag; a name alone says too little")
        }
        if selector.tags.contains(where: { isBlank($0.key) || isBlank($0.value) }) {
            problems.append("\(subject): a selector has an empty key or value")
        }
        if selector.nameWords.contains(where: isBlank) {
            problems.append("\(subject): a selector has an empty name word, which any name holds")
        }
        return problems
    }

    static func duplicates(_ values: [String], _ noun: String, on subject: String) -> [String] {
        var seen: Set<String> = []
        var twice: [String] = []
        for value in values where !seen.insert(value).inserted && !twice.contains(value) {
            twice.append(value)
        }
        return twice.map { "\(subject): \(noun) \($0.shortened()) is there twice" }
    }
}
