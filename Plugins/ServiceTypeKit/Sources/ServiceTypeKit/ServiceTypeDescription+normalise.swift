public import DirectoryModel

extension ServiceTypeDescription {
    /// The most characters of a place's name.
    ///
    /// Chosen, not measured: the kiosk's longest row.
    ///
    /// Since: 1.0
    public static var maximumNameLength: Int { 200 }

    /// Turns a draft into a place by the schema alone: what declared types use, and modules as their last step.
    ///
    /// For each attribute the typed value wins if it is sound, else the source's words are read: by key, OSM tag,
    /// column names, then Chinese and English name. Column names match whatever their width, spaces and unit in
    /// brackets. What is wrong is left out with a finding: an error for a typed value (its writer is a program and can
    /// mend it at once), a warning for a source's words. Name, English name and opening times are cleaned, and
    /// numbers that belong to a person are masked. Id, type, location, community, address and phone stay as they are.
    ///
    /// Idempotent: normalising its own result, with or without the same raw words, changes nothing.
    ///
    /// Since: 1.0
    public func normalise(_ draft: PlaceDraft) -> NormalisedPlace {
        var place = draft.place
        var findings = Self.clean(&place)
        let index = index
        let words = draft.raw.isEmpty ? [] : index.words(in: draft.raw)
        var values: [String: AttributeValue] = [:]
        values.reserveCapacity(place.attributes.count)
        for (number, attribute) in attributes.enumerated() {
            var reading = AttributeReading()
            var isGiven = false
            if let typed = place.attributes[attribute.key] {
                isGiven = true
                reading = attribute.check(typed, index.options[number])
            }
            if reading.value == nil, !words.isEmpty, let raw = words[number] {
                let fromWords = attribute.read(raw, index.options[number])
                isGiven = isGiven || fromWords.value != nil || !fromWords.findings.isEmpty
                reading = AttributeReading(
                    value: fromWords.value, findings: reading.findings + fromWords.findings)
            }
            if let value = reading.value { values[attribute.key] = value }
            if !reading.findings.isEmpty { findings += reading.findings }
            if attribute.isRequired, reading.value == nil, !isGiven {
                findings.append(Self.missing(attribute))
            }
        }
        findings += unknownAttributes(of: place, known: index.keys)
        place.attributes = values
        return NormalisedPlace(place: place, findings: findings)
    }

    /// The attribute or derived facet with this key.
    ///
    /// Since: 1.0
    public func attribute(_ key: String) -> AttributeDescription? {
        attributes.first { $0.key == key } ?? facets.first { $0.key == key }
    }

    /// The attribute that a register's column names by its header: key, OSM tag, column names, Chinese or English name,
    /// whatever its width, spaces and unit in brackets; nil for a column that no attribute reads.
    ///
    /// Since: 2.1
    public func attribute(forColumn header: String) -> AttributeDescription? {
        index.attribute(named: header).map { attributes[$0] }
    }

    /// The names and aliases of the options that a place has, as words to find it by.
    ///
    /// Since: 1.0
    public func optionWords(of place: Place) -> [String] {
        guard !place.attributes.isEmpty else { return [] }
        var words: [String] = []
        // By index: a description is large, and few have options.
        for index in attributes.indices {
            guard let value = place.attributes[attributes[index].key] else { continue }
            switch (attributes[index].kind, value) {
            case (.oneOf(let options), .text(let key)):
                words += options.filter { $0.key == key }.flatMap { [$0.name.zh] + $0.aliases }
            case (.manyOf(let options), .texts(let keys)):
                words += options.filter { keys.contains($0.key) }.flatMap { [$0.name.zh] + $0.aliases }
            default: break
            }
        }
        return words
    }

    /// Highlights made from the schema alone: the first facets that a place has, in the schema's order.
    ///
    /// Since: 1.0
    public func plainHighlights(for place: Place) -> [Highlight] {
        var highlights: [Highlight] = []
        for attribute in attributes where attribute.isFacet && highlights.count < Highlight.maximumCount {
            guard let value = place.attributes[attribute.key] else { continue }
            if case .bool(let flag) = value {
                if flag { highlights.append(Highlight(fitting: attribute.name, tone: .good)) }
                continue
            }
            highlights.append(
                Highlight(
                    fitting: LocalizedText(
                        zh: attribute.name.zh + "：" + attribute.text(of: value, in: .zh),
                        en: attribute.name.en + ": " + attribute.text(of: value, in: .en))))
        }
        return highlights
    }

    private static func missing(_ attribute: AttributeDescription) -> Finding {
        Finding(
            .warning, code: FindingCode.missing, field: attribute.key,
            message: LocalizedText(
                zh: "缺少“\(attribute.name.zh)”，请补填",
                en: "\(attribute.name.en) is missing; add it"))
    }

    private func unknownAttributes(of place: Place, known: Set<String>) -> [Finding] {
        if place.attributes.keys.allSatisfy(known.contains) { return [] }
        return place.attributes.keys.filter { !known.contains($0) }
            .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
            .map { key in
                Finding(
                    .error, code: FindingCode.unknownAttribute, field: key.excerpt,
                    message: LocalizedText(
                        zh: "“\(name.zh)”没有“\(key.excerpt)”这一项，请去掉或改为已有的项",
                        en:
                            "\(name.en) has no attribute \(key.shortened()); leave it out or use one that exists"
                    ))
            }
    }

    /// Cleans the record's own texts, in the order name, English name, address, hours.
    private static func clean(_ place: inout Place) -> [Finding] {
        var findings: [Finding] = []
        place.name = cleaned(
            place.name, field: "name", LocalizedText(zh: "名称", en: "The name"), limit: maximumNameLength,
            &findings)
        if let english = place.nameEnglish {
            let text = cleaned(
                english, field: "name_english", LocalizedText(zh: "英文名称", en: "The English name"),
                limit: maximumNameLength, &findings)
            place.nameEnglish = text.isEmpty ? nil : text
        }
        if let address = place.address, PersonalData.isIn(String(address.prefix(2_000))) {
            findings.append(
                Finding(
                    .error, code: FindingCode.personalData, field: "address", value: address.excerpt,
                    message: LocalizedText(
                        zh: "地址里有手机号或身份证号，不能登记；请删去后再导入",
                        en: "The address holds a mobile or ID number and cannot be stored; take it out first")
                ))
        }
        if let hours = place.hours {
            let text = cleaned(
                hours, field: "hours", LocalizedText(zh: "营业时间", en: "The opening times"),
                limit: AttributeDescription.maximumTextLength, &findings)
            place.hours = text.isEmpty ? nil : text
        }
        return findings
    }

    private static func cleaned(
        _ raw: String, field: String, _ name: LocalizedText, limit: Int, _ findings: inout [Finding]
    ) -> String {
        if !raw.isOverlong {
            let checked = FreeText(raw, field: field, name: name)
            findings += checked.findings
            if checked.text.count <= limit { return checked.text }
        }
        findings.append(
            Finding(
                .error, code: FindingCode.tooLong, field: field, value: raw.excerpt,
                message: LocalizedText(
                    zh: "\(name.zh)太长，请写在\(limit)字以内",
                    en: "\(name.en) is too long; keep it within \(limit) characters")))
        return raw.excerpt
    }
}
