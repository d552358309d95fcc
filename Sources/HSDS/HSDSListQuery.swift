package import DirectoryAPI
package import DirectoryModel

/// What a list of HSDS is asked for, by the words of its API specification.
package struct HSDSListQuery: Hashable, Sendable {
    /// The page, from 1.
    package var page = 1
    /// Objects to a page, 1…500.
    package var perPage = WalkLimit.defaultPage
    /// Whether each object comes with all that belongs to it.
    package var isFull = false
    /// Only what has this taxonomy term, by its UUID.
    package var term: String?
    /// Only terms of this taxonomy, by its UUID.
    package var taxonomy: String?
    /// Only what this organisation runs, by its UUID.
    package var organization: String?
    /// Only terms under this one, by its UUID.
    package var parent: String?
    /// Only what was changed at this moment or later.
    package var modifiedAfter: Timestamp?

    /// The words of a list.
    package enum Word: String, Hashable, Sendable {
        case full, term = "taxonomy_term_id", taxonomy = "taxonomy_id", organization = "organization_id"
        case parent = "parent_id", modifiedAfter = "modified_after"
    }

    private enum TrueOrFalse: String, CaseIterable {
        case yes = "true"
        case no = "false"
    }

    /// Reads the words of a list.
    ///
    /// - Parameter known: those that it takes besides `page` and `per_page`.
    /// - Throws: `invalid_request`.
    package init(words: inout QueryWords, _ known: Set<Word>) throws(DirectoryError) {
        page = try words.whole("page", in: 1...10_000_000) ?? 1
        perPage = try words.whole("per_page", in: 1...WalkLimit.maximumPage) ?? WalkLimit.defaultPage
        if known.contains(.full) { isFull = try words.word("full", as: TrueOrFalse.self) == .yes }
        if known.contains(.term) { term = try words.one(Word.term.rawValue) }
        if known.contains(.taxonomy) { taxonomy = try words.one(Word.taxonomy.rawValue) }
        if known.contains(.organization) { organization = try words.one(Word.organization.rawValue) }
        if known.contains(.parent) { parent = try words.one(Word.parent.rawValue) }
        if known.contains(.modifiedAfter), let text = try words.one(Word.modifiedAfter.rawValue) {
            guard let moment = Timestamp(rfc3339: text.count == 10 ? text + "T00:00:00Z" : text) else {
                throw DirectoryError(
                    .invalidRequest, "“modified_after” is \(text.shortened()), which is no moment",
                    advice: "write it as 2026-09-01T08:00:00Z", location: "modified_after")
            }
            modifiedAfter = moment
        }
        try words.finish()
    }
}
