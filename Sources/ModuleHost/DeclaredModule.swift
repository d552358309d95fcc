package import DirectoryModel
package import ServiceTypeKit
internal import Synchronization

/// The module behind a declared type: everything it does, it does by the schema.
package struct DeclaredModule: ServiceTypeModule {
    /// The type.
    package let type: ServiceTypeDescription
    private let lines: FacetLines

    /// A module for `type`.
    package init(_ type: ServiceTypeDescription) {
        self.type = type
        lines = FacetLines(type)
    }

    /// The manifest: module and type have one id.
    package var manifest: ModuleManifest {
        ModuleManifest(
            id: ModuleID(unchecked: type.id.rawValue), name: type.name, version: "1.0.0", types: [type])
    }

    /// Normalises by the schema.
    package func normalise(_ draft: PlaceDraft) -> NormalisedPlace { type.normalise(draft) }

    /// The words of the place's options; no derived facts.
    package func indexEntry(for place: Place) -> IndexEntry {
        IndexEntry(searchWords: type.optionWords(of: place))
    }

    /// The facets that the place has, in the schema's order, at most four: the kit's `plainHighlights`.
    package func highlights(for place: Place, in context: HighlightContext) -> [Highlight] {
        let attributes = place.attributes
        return attributes.isEmpty ? [] : lines.lines(of: attributes)
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

    init(_ type: ServiceTypeDescription) {
        facets = type.attributes.filter(\.isFacet).enumerated().map { Facet($1, index: $0) }
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
