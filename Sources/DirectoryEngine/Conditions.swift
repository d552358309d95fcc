internal import DirectoryAPI
internal import DirectoryModel
internal import ServiceTypeKit

/// The conditions of one query, read against the schemas once and asked of each place within reach.
///
/// An attribute belongs to a type: a place whose type has no such attribute, and whose module derives no such
/// facet, never meets a condition on it.
struct Conditions {
    private struct Condition {
        let key: String
        /// The filter for places of a type, by type.
        let byType: [ServiceTypeID: AttributeFilter]
    }

    private let conditions: [Condition]
    let isEmpty: Bool

    /// Reads the clauses of a query.
    ///
    /// - Throws: `invalid_request` for a key that no wanted type has, or a value that cannot be compared.
    init(_ clauses: [WhereClause], types: [ServiceTypeID], index: LiveIndex) throws(DirectoryError) {
        isEmpty = clauses.isEmpty
        guard !clauses.isEmpty else {
            conditions = []
            return
        }
        let described = index.host.types.filter { types.isEmpty || types.contains($0.id) }
        var conditions: [Condition] = []
        for clause in clauses {
            var byType: [ServiceTypeID: AttributeFilter] = [:]
            var refusal: DirectoryError?
            for type in described {
                let facet = type.facets.first { $0.key == clause.attribute }
                guard let attribute = type.attribute(clause.attribute) ?? facet else { continue }
                do throws(DirectoryError) {
                    byType[type.id] = try attribute.kind.filter(op: clause.op, value: clause.value)
                } catch {
                    // Another type may have an attribute of this key for which the value makes sense.
                    refusal = error
                }
            }
            guard !byType.isEmpty else {
                throw Conditions.refused(clause, because: refusal, described: described)
            }
            conditions.append(Condition(key: clause.attribute, byType: byType))
        }
        self.conditions = conditions
    }

    private static func refused(
        _ clause: WhereClause, because refusal: DirectoryError?, described: [ServiceTypeDescription]
    ) -> DirectoryError {
        if var refusal {
            refusal.message = "\(clause.attribute): " + refusal.message
            refusal.location = "where"
            return refusal
        }
        let keys = Set(described.flatMap { ($0.attributes + $0.facets).map(\.key) }).sorted()
        return DirectoryError(
            .invalidRequest, "no wanted service type has an attribute \(clause.attribute.shortened())",
            advice: keys.isEmpty
                ? "these types have no attributes" : "use one of " + keys.prefix(20).joined(separator: ", "),
            location: "where")
    }

    /// Whether a place meets all conditions.
    func hold(for entry: PlaceEntry) -> Bool {
        conditions.allSatisfy { condition in
            guard let filter = condition.byType[entry.record.place.type] else { return false }
            return filter.matches(entry.record.place.attributes[condition.key] ?? entry.facets[condition.key])
        }
    }
}
