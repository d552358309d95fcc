package import DirectoryModel
package import ServiceTypeKit
internal import Synchronization

/// The module behind a declared type: everything it does, it does by the schema and the rules of its file.
///
/// A class, since a call of a module that is a large value copies it.
package final class DeclaredModule: ServiceTypeModule {
    /// The type.
    package let type: ServiceTypeDescription
    /// Its findings, derived facets and lines.
    let rules: DeclaredRules
    private let lines: FacetLines

    /// A module for `type`.
    package init(_ type: ServiceTypeDescription, rules: DeclaredRules = .none) {
        self.type = type
        self.rules = rules
        lines = FacetLines(type, without: rules.shownKeys)
    }

    /// A module for the type that a file declares.
    package convenience init(_ declared: DeclaredType) {
        self.init(declared.description, rules: declared.rules)
    }

    /// The manifest: module and type have one id.
    package var manifest: ModuleManifest {
        ModuleManifest(
            id: ModuleID(unchecked: type.id.rawValue), name: type.name, version: "1.0.0", types: [type])
    }

    /// Normalises by the schema, then says what the type's own rules find.
    package func normalise(_ draft: PlaceDraft) -> NormalisedPlace {
        var result = type.normalise(draft)
        if !rules.findings.isEmpty { result.findings += rules.findings(about: result.place) }
        return result
    }

    /// The facets that its rules derive, and the words of the place's options.
    package func indexEntry(for place: Place) -> IndexEntry {
        IndexEntry(facets: rules.facets(of: place), searchWords: type.optionWords(of: place))
    }

    /// The type's own lines, then the facets that the place has and no line shows, in the schema's order; at most
    /// four.
    package func highlights(for place: Place, in context: HighlightContext) -> [Highlight] {
        let attributes = place.attributes
        let plain = attributes.isEmpty ? [] : lines.lines(of: attributes)
        if rules.lines.isEmpty { return plain }
        return Array((rules.lines(for: place, in: context) + plain).prefix(Highlight.maximumCount))
    }
}

/// The lines of a type's facets, each made once.
///
/// A page of fifty places has but 20 µs for all its lines. Places of one type have few different combinations
/// of yes-or-no facets and single options, so the list of lines of each combination is kept.
private final class FacetLines: Sendable {
    /// Combinations that are kept.
    ///
    /// Chosen, not measured: what a city's places of one type have.
    private static let maximumKept = 1000

    private let facets: [Facet]
    private let byKey: [String: Facet]
    private let kept = Mutex<[UInt64: [Highlight]]>([:])

    /// - Parameter shown: keys that need no line of their own.
    init(_ type: ServiceTypeDescription, without shown: Set<String>) {
        facets = type.attributes.filter { $0.isFacet && !shown.contains($0.key) }.enumerated().map {
            Facet($1, index: $0)
        }
        byKey = Dictionary(facets.map { ($0.key, $0) }) { first, _ in first }
    }

    func lines(of attributes: [String: AttributeValue]) -> [Highlight] {
        var combination: UInt64 = 0
        for (key, value) in attributes {
            guard let facet = byKey[key] else { continue }
            guard let code = facet.code(value) else { return made(attributes) }
            combination |= code
        }
        if combination == 0 { return [] }
        if let lines = kept.withLock({ $0[combination] }) { return lines }
        let lines = made(attributes)
        kept.withLock { if $0.count < Self.maximumKept { $0[combination] = lines } }
        return lines
    }

    private func made(_ attributes: [String: AttributeValue]) -> [Highlight] {
        var lines: [Highlight] = []
        for facet in facets {
            guard let value = attributes[facet.key], let line = facet.line(value) else { continue }
            lines.append(line)
            if lines.count == Highlight.maximumCount { break }
        }
        return lines
    }
}

/// One facet, and the number of each of its values in a combination of facets.
private final class Facet: Sendable {
    let key: String
    private let attribute: AttributeDescription
    /// Where the facet's four bits stand; nil beyond the 16th facet.
    private let shift: UInt64?
    private let options: [String: UInt64]

    init(_ attribute: AttributeDescription, index: Int) {
        key = attribute.key
        self.attribute = attribute
        shift = index < 16 ? UInt64(index * 4) : nil
        var numbers: [String: UInt64] = [:]
        if case .oneOf(let options) = attribute.kind {
            // Four bits hold fifteen options besides "none".
            for (number, option) in options.prefix(15).enumerated() {
                numbers[option.key] = UInt64(number + 1)
            }
        }
        options = numbers
    }

    /// The value's bits in a combination; 0 for a "no", nil for a value without a number.
    func code(_ value: AttributeValue) -> UInt64? {
        guard let shift else { return nil }
        switch value {
        case .bool(let flag): return flag ? 1 << shift : 0
        case .text(let text): return options[text].map { $0 << shift }
        default: return nil
        }
    }

    func line(_ value: AttributeValue) -> Highlight? {
        if case .bool(let flag) = value {
            return flag ? Highlight(fitting: attribute.name, tone: .good) : nil
        }
        return Highlight(
            fitting: LocalizedText(
                zh: attribute.name.zh + "：" + attribute.text(of: value, in: .zh),
                en: attribute.name.en + ": " + attribute.text(of: value, in: .en)))
    }
}
