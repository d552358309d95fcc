internal import DirectoryModel
internal import ServiceTypeKit
internal import TOMLDocument

extension DeclaredRules {
    /// Reads `[[findings]]`, `[[facets]]` and `[[highlights]]`; what is wrong is reported with its line and character.
    ///
    /// - Returns: the rules, and the facets as the schema describes them.
    static func read(
        _ reader: TOMLReader, _ attributes: [AttributeDescription]
    ) -> (rules: DeclaredRules, facets: [AttributeDescription]) {
        let vocabulary = RuleVocabulary(attributes: attributes)
        var rules = DeclaredRules()
        var facets: [AttributeDescription] = []
        rules.findings = reader.tables("findings", mostItems: 100).compactMap { finding($0, vocabulary) }
        for table in reader.tables("facets", mostItems: 50) {
            let key = table.required(DeclaredType.key(table, "key"), "key")
            let name = DeclaredType.name(table)
            let condition = table.required(condition(table, vocabulary, mayBeTimed: false), "when")
            guard let key, let name, let condition else { continue }
            if attributes.contains(where: { $0.key == key }) || facets.contains(where: { $0.key == key }) {
                table.report("there is an attribute or facet \(key.shortened()) already", about: "key")
                continue
            }
            rules.facets.append(FacetRule(key: key, condition: condition))
            facets.append(AttributeDescription(key: key, name: name, kind: .bool, isFacet: true))
        }
        rules.lines = reader.tables("highlights", mostItems: 20).compactMap { line($0, vocabulary) }
        return (rules, facets)
    }

    private static func finding(_ table: TOMLReader, _ vocabulary: RuleVocabulary) -> FindingRule? {
        let code = table.required(DeclaredType.key(table, "code"), "code")
        let severity = table.required(table.choice("severity", as: Finding.Severity.self), "severity")
        let field = table.text("attribute", longest: 64)
        if let field, !vocabulary.attributes.contains(where: { $0.key == field }) {
            table.report("there is no attribute \(field.shortened())", about: "attribute")
        }
        let chinese = table.required(
            template(table, "message_zh", 200, vocabulary, mayBeTimed: false), "message_zh")
        let english = table.required(
            template(table, "message_en", 200, vocabulary, mayBeTimed: false), "message_en")
        let condition = table.required(condition(table, vocabulary, mayBeTimed: false), "when")
        guard let code, let severity, let chinese, let english, let condition else { return nil }
        return FindingRule(
            severity: severity, code: code, field: field, chinese: chinese, english: english,
            condition: condition)
    }

    private static func line(_ table: TOMLReader, _ vocabulary: RuleVocabulary) -> LineRule? {
        let chinese = table.required(template(table, "text_zh", 40, vocabulary, mayBeTimed: true), "text_zh")
        let english = table.required(template(table, "text_en", 80, vocabulary, mayBeTimed: true), "text_en")
        let tone = table.choice("tone", as: Highlight.Tone.self) ?? .neutral
        let condition = condition(table, vocabulary, mayBeTimed: true)
        guard let chinese, let english else { return nil }
        return LineRule(chinese: chinese, english: english, tone: tone, condition: condition)
    }

    private static func condition(
        _ table: TOMLReader, _ vocabulary: RuleVocabulary, mayBeTimed: Bool
    ) -> RuleCondition? {
        guard let text = table.text("when", longest: 500) else { return nil }
        do throws(RuleFault) {
            return try ConditionParser.parse(text, vocabulary, mayBeTimed: mayBeTimed)
        } catch {
            report(error, "when", table)
            return nil
        }
    }

    private static func template(
        _ table: TOMLReader, _ key: String, _ longest: Int, _ vocabulary: RuleVocabulary, mayBeTimed: Bool
    ) -> LineTemplate? {
        guard let text = table.text(key, longest: longest) else { return nil }
        do throws(RuleFault) {
            return try LineTemplate(text, vocabulary, mayBeTimed: mayBeTimed)
        } catch {
            report(error, key, table)
            return nil
        }
    }

    private static func report(_ fault: RuleFault, _ key: String, _ table: TOMLReader) {
        table.report("'\(table.path).\(key)', character \(fault.column): \(fault.message)", about: key)
    }
}
