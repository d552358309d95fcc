internal import DirectoryAPI
internal import DirectoryModel
internal import DirectoryStore

/// What is shown of a place of which several sources speak: of each field the word of the source that is believed most.
struct Combination {
    /// The place; its status is active.
    private(set) var place: Place
    /// Whose word is shown, by field.
    private(set) var winners: [String: Winner] = [:]

    /// Whose word is shown in a field.
    struct Winner: Equatable {
        /// Who says it.
        let source: SourceID
        /// Since when.
        let since: PlaceStatement.Since
    }

    /// What is shown; nil where nobody states a name.
    ///
    /// Of equal rank the newest word counts, then the one by hand, then the first source and key by their bytes.
    ///
    /// - Parameter statements: all that is said of the place.
    init?(_ statements: [PlaceStatement], of id: PlaceID, by precedence: Precedence) {
        let stating = statements.filter { !$0.since.isEmpty }
        guard let first = stating.first(where: { $0.since["name"] != nil }) else { return nil }
        // The type first: what is believed of an attribute depends on it, and one of another type has no place here.
        let type =
            Self.winner("type", stating, first.place.type, precedence)?.statement.place.type
            ?? first.place.type
        place = Place(id: id, type: type, name: "")
        var names: Set<String> = []
        for statement in stating { names.formUnion(statement.since.keys) }
        for name in names {
            let fitting =
                name.hasPrefix(PlaceFields.attributes) ? stating.filter { $0.place.type == type } : stating
            guard let (statement, since) = Self.winner(name, fitting, type, precedence) else { continue }
            PlaceFields.copy(name, from: statement.place, to: &place)
            winners[name] = Winner(source: statement.source, since: since)
        }
        guard !place.name.isEmpty else { return nil }
    }

    private static func winner(
        _ name: String, _ statements: [PlaceStatement], _ type: ServiceTypeID, _ precedence: Precedence
    ) -> (statement: PlaceStatement, since: PlaceStatement.Since)? {
        var best: (statement: PlaceStatement, since: PlaceStatement.Since)?
        var bestRank = Int.max
        for statement in statements {
            guard let since = statement.since[name] else { continue }
            let rank = precedence.rank(of: statement.source, in: name, of: type)
            guard let present = best else {
                (best, bestRank) = ((statement, since), rank)
                continue
            }
            if Self.isBefore((statement, since, rank), (present.statement, present.since, bestRank)) {
                (best, bestRank) = ((statement, since), rank)
            }
        }
        return best
    }

    private static func isBefore(
        _ one: (statement: PlaceStatement, since: PlaceStatement.Since, rank: Int),
        _ other: (statement: PlaceStatement, since: PlaceStatement.Since, rank: Int)
    ) -> Bool {
        if one.rank != other.rank { return one.rank < other.rank }
        if one.since.revision != other.since.revision { return one.since.revision > other.since.revision }
        let (isHand, isOtherHand) = (one.statement.source.isHand, other.statement.source.isHand)
        if isHand != isOtherHand { return isHand }
        if one.statement.source != other.statement.source {
            return one.statement.source < other.statement.source
        }
        return one.statement.key.utf8.lexicographicallyPrecedes(other.statement.key.utf8)
    }
}

extension SourceID {
    /// Whether it stands for what is written by hand, by an administrator or a party.
    var isHand: Bool {
        self == DirectoryEngine.handSource.id || rawValue.hasPrefix(Party.sourcePrefix)
    }
}
