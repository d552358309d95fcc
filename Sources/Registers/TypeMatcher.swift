package import DirectoryModel
package import ServiceTypeKit

/// Says which service type a thing of OpenStreetMap is, and by which selector.
///
/// Where several types want one thing, the selector with the most matching conditions wins, then the type that
/// comes first in the catalogue's order, then the lower id.
package struct TypeMatcher: Sendable {
    /// The type of a thing, and why.
    package struct Match: Hashable, Sendable {
        /// The type.
        package var type: ServiceTypeID
        /// The selector in words, such as "amenity=marketplace" or "amenity=restaurant + name: 食堂".
        package var reason: String
    }

    /// The tag keys that selectors ask for, sorted.
    package let keys: [String]
    /// Whether some selector asks for words of the name alone.
    package let usesNameAlone: Bool
    /// The names of the types, for things without a name of their own.
    package let names: [ServiceTypeID: LocalizedText]

    private struct Entry: Sendable {
        var rank: Int
        var type: ServiceTypeID
        var selector: OSMSelector
        var reason: String
    }
    /// By the first tag of each selector, "key=value".
    private var byTag: [String: [Entry]] = [:]
    private var byNameAlone: [Entry] = []
    private let firstKeys: [String]

    /// A matcher over these types.
    package init(types: [ServiceTypeDescription]) {
        var keys: Set<String> = []
        var firstKeys: Set<String> = []
        let ranked = types.sorted { ($0.order, $0.id) < ($1.order, $1.id) }
        names = Dictionary(types.map { ($0.id, $0.name) }, uniquingKeysWith: { first, _ in first })
        for (rank, type) in ranked.enumerated() {
            for selector in type.osmSelectors {
                let tags = selector.tags.sorted { $0.key < $1.key }
                keys.formUnion(selector.tags.keys)
                let entry = Entry(
                    rank: rank, type: type.id, selector: selector,
                    reason: tags.map { "\($0.key)=\($0.value)" }.joined(separator: " + "))
                if let first = tags.first {
                    firstKeys.insert(first.key)
                    byTag["\(first.key)=\(first.value)", default: []].append(entry)
                } else if !selector.nameWords.isEmpty {
                    byNameAlone.append(entry)
                }
            }
        }
        self.keys = keys.sorted()
        self.firstKeys = firstKeys.sorted()
        usesNameAlone = !byNameAlone.isEmpty
    }

    /// The type that wants a thing with these tags, or nil.
    ///
    /// - Parameter name: every name of the thing; words are looked for in all of it.
    package func match(tags: [String: String], name: String?) -> Match? {
        var best: (count: Int, entry: Entry)?
        func consider(_ entries: [Entry]) {
            for entry in entries {
                guard let count = entry.selector.matches(tag: { tags[$0] }, name: name) else { continue }
                if let best, (best.count, -best.entry.rank) >= (count, -entry.rank) { continue }
                best = (count, entry)
            }
        }
        for key in firstKeys {
            if let value = tags[key], let entries = byTag["\(key)=\(value)"] { consider(entries) }
        }
        consider(byNameAlone)
        guard let best else { return nil }
        return Match(type: best.entry.type, reason: Self.reason(best.entry, name: name))
    }

    private static func reason(_ entry: Entry, name: String?) -> String {
        guard let word = entry.selector.nameWords.first(where: { name?.contains($0) == true }) else {
            return entry.reason
        }
        return (entry.reason.isEmpty ? "" : entry.reason + " + ") + "name: " + word
    }
}
