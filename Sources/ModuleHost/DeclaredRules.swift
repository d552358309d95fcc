internal import DirectoryModel
internal import ServiceTypeKit

/// What a declared type says about its places besides its schema: findings, derived facets, lines for a kiosk.
package struct DeclaredRules: Hashable, Sendable {
    /// A finding under a condition.
    struct FindingRule: Hashable, Sendable {
        let severity: Finding.Severity
        let code: String
        /// The attribute that it is about; nil for the whole record.
        let field: String?
        let chinese: LineTemplate
        let english: LineTemplate
        let condition: RuleCondition
    }

    /// A yes-or-no facet that a condition derives.
    struct FacetRule: Hashable, Sendable {
        let key: String
        let condition: RuleCondition
    }

    /// A line under a condition, if it has one.
    struct LineRule: Hashable, Sendable {
        let chinese: LineTemplate
        let english: LineTemplate
        let tone: Highlight.Tone
        let condition: RuleCondition?
    }

    var findings: [FindingRule] = []
    var facets: [FacetRule] = []
    var lines: [LineRule] = []

    /// No rules.
    package static let none = DeclaredRules()

    /// How many findings, facets and lines it has.
    package var counts: (findings: Int, facets: Int, highlights: Int) {
        (findings.count, facets.count, lines.count)
    }

    /// Whether a line depends on the moment.
    var isTimed: Bool {
        lines.contains { $0.chinese.isTimed || $0.english.isTimed || $0.condition?.isTimed == true }
    }

    /// The attributes that lines name, in their text or their condition, and so need no line of their own.
    var shownKeys: Set<String> {
        Set(lines.flatMap { $0.chinese.keys + $0.english.keys + ($0.condition?.keys ?? []) })
    }

    /// The findings about a place, in the order of the file.
    func findings(about place: Place) -> [Finding] {
        findings.compactMap { rule in
            guard rule.condition.holds(for: place) else { return nil }
            // A message whose values the place does not say would be half a sentence: the code still says what it is.
            return Finding(
                rule.severity, code: rule.code, field: rule.field,
                message: LocalizedText(
                    zh: rule.chinese.text(for: place, in: .zh) ?? rule.code,
                    en: rule.english.text(for: place, in: .en) ?? rule.code))
        }
    }

    /// The facets of a place: yes or no, never unknown.
    func facets(of place: Place) -> [String: AttributeValue] {
        Dictionary(facets.map { ($0.key, .bool($0.condition.holds(for: place))) }) { first, _ in first }
    }

    /// The lines for a place whose condition holds and whose values are known.
    func lines(for place: Place, in context: HighlightContext) -> [Highlight] {
        var highlights: [Highlight] = []
        for line in lines where highlights.count < Highlight.maximumCount {
            guard line.condition?.holds(for: place, in: context) ?? true,
                let chinese = line.chinese.text(for: place, in: .zh, context),
                let english = line.english.text(for: place, in: .en, context)
            else { continue }
            highlights.append(Highlight(fitting: LocalizedText(zh: chinese, en: english), tone: line.tone))
        }
        return highlights
    }
}
