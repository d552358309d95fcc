package import DirectoryModel

/// Which source is believed where several speak of one place.
///
/// Where nothing is said the newest word counts.
package struct Precedence: Hashable, Sendable {
    /// One rule.
    package struct Rule: Hashable, Sendable {
        /// The fields that it is about, by their names on the wire; `attributes` stands for all of them; empty for all
        /// fields.
        package var fields: [String]
        /// The service types that it is about; empty for all.
        package var types: [ServiceTypeID]
        /// The sources, the most believed first; the others come after them, the newest word first.
        package var sources: [SourceID]

        /// A rule; see the fields.
        package init(fields: [String] = [], types: [ServiceTypeID] = [], sources: [SourceID]) {
            self.fields = fields
            self.types = types
            self.sources = sources
        }

        fileprivate func isAbout(_ type: ServiceTypeID) -> Bool { types.isEmpty || types.contains(type) }
    }

    /// The rules: one that names the field goes before one that does not, then the first.
    package var rules: [Rule]

    /// The rules, in the order in which they are written.
    package init(_ rules: [Rule] = []) { self.rules = rules }

    /// The place of a source in a field's order; the same large number for all that are not named.
    package func rank(of source: SourceID, in field: String, of type: ServiceTypeID) -> Int {
        let rule =
            rules.first { $0.isAbout(type) && $0.fields.contains(field) }
            ?? (field.hasPrefix("attributes.")
                ? rules.first { $0.isAbout(type) && $0.fields.contains("attributes") } : nil)
            ?? rules.first { $0.isAbout(type) && $0.fields.isEmpty }
        return rule?.sources.firstIndex(of: source) ?? .max
    }
}
