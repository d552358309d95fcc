package import DirectoryModel
package import ServiceTypeKit

/// The module behind a declared type: everything it does, it does by the schema.
package struct DeclaredModule: ServiceTypeModule {
    /// The type.
    package let type: ServiceTypeDescription
    private let facets: [Facet]

    /// A module for `type`.
    package init(_ type: ServiceTypeDescription) {
        self.type = type
        facets = type.attributes.filter(\.isFacet).map(Facet.init)
    }

    /// The manifest: module and type have one id.
    package var manifest: ModuleManifest {
        ModuleManifest(id: ModuleID(unchecked: type.id.rawValue), name: type.name, version: "1.0.0", types: [type])
    }

    /// Normalises by the schema.
    package func normalise(_ draft: PlaceDraft) -> NormalisedPlace { type.normalise(draft) }

    /// The words of the place's options; no derived facts.
    package func indexEntry(for place: Place) -> IndexEntry {
        IndexEntry(searchWords: type.optionWords(of: place))
    }

    /// The facets that the place has, in the schema's order, at most four.
    ///
    /// The same lines as the kit's `plainHighlights`; those of yes-or-no facets and of single options, the
    /// most frequent ones, are made once, because a page of fifty places has but 20 µs for all its lines.
    package func highlights(for place: Place, in context: HighlightContext) -> [Highlight] {
        let attributes = place.attributes
        guard !attributes.isEmpty, !facets.isEmpty else { return [] }
        var highlights: [Highlight] = []
        for facet in facets {
            guard let value = attributes[facet.key], let highlight = facet.highlight(value) else { continue }
            highlights.append(highlight)
            if highlights.count == Highlight.maximumCount { break }
        }
        return highlights
    }

    private struct Facet: Sendable {
        let key: String
        let attribute: AttributeDescription
        let whenTrue: Highlight
        let options: [String: Highlight]

        init(_ attribute: AttributeDescription) {
            key = attribute.key
            self.attribute = attribute
            whenTrue = Highlight(fitting: attribute.name, tone: .good)
            var lines: [String: Highlight] = [:]
            if case .oneOf(let options) = attribute.kind {
                for option in options { lines[option.key] = Self.line(attribute, .text(option.key)) }
            }
            options = lines
        }

        func highlight(_ value: AttributeValue) -> Highlight? {
            switch value {
            case .bool(let flag): flag ? whenTrue : nil
            case .text(let text): options[text] ?? Self.line(attribute, value)
            default: Self.line(attribute, value)
            }
        }

        private static func line(_ attribute: AttributeDescription, _ value: AttributeValue) -> Highlight {
            Highlight(
                fitting: LocalizedText(
                    zh: attribute.name.zh + "：" + attribute.text(of: value, in: .zh),
                    en: attribute.name.en + ": " + attribute.text(of: value, in: .en)))
        }
    }
}
