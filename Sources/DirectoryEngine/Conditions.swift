internal import DirectoryAPI
internal import DirectoryModel
internal import ServiceTypeKit

/// The conditions of one query, read against the schemas once and asked of each place within reach.
///
/// An attribute belongs to a type: a place whose type has no such attribute, and whose module derives no such
/// facet, never meets a condition on it. `stalls.goods` is the column `goods` of the table `stalls`.
struct Conditions {
    private struct Condition {
        let key: String
        /// The filter for places of a type, by type.
        var byType: [ServiceTypeID: AttributeFilter]
    }

    private let conditions: [Condition]
    /// Conditions on the columns of tables, one for each table.
    let tables: [TableCondition]
    let isEmpty: Bool

    /// Reads the clauses of a query.
    ///
    /// - Throws: `invalid_request` for a key that no wanted type has, or a value that cannot be compared.
    init(_ clauses: [WhereClause], types: [ServiceTypeID], index: LiveIndex) throws(DirectoryError) {
        isEmpty = clauses.isEmpty
        guard !clauses.isEmpty else {
            conditions = []
            tables = []
            return
        }
        let described = index.host.types.filter { types.isEmpty || types.contains($0.id) }
        var conditions: [Condition] = []
        var tables: [TableCondition] = []
        for clause in clauses {
            let parts = clause.attribute.split(separator: ".", maxSplits: 1).map(String.init)
            guard parts.count == 2 else {
                let byType = try Conditions.filters(clause, in: described) { $0.attribute(clause.attribute) }
                conditions.append(Condition(key: clause.attribute, byType: byType))
                continue
            }
            let byType = try Conditions.filters(clause, in: described) { type in
                type.table(parts[0])?.column(parts[1])
            }
            var rules: [ServiceTypeID: TableCondition.Rule] = [:]
            let known = tables.firstIndex { $0.table == parts[0] }
            for (type, filter) in byType {
                // A type whose table lacks one of the columns can never meet all the conditions.
                let before = known.map { tables[$0].byType[type] }
                if case .some(nil) = before { continue }
                let schema = index.host.type(type)?.table(parts[0])
                var rule =
                    (before ?? nil)
                    ?? TableCondition.Rule(filter: RowFilter(), hoursColumn: schema?.hoursColumn)
                rule.filter.add(parts[1], filter)
                rules[type] = rule
            }
            if let known {
                tables[known].byType = rules
            } else {
                tables.append(TableCondition(table: parts[0], byType: rules))
            }
        }
        self.conditions = conditions
        self.tables = tables
    }

    /// The filter of a clause for each type that has what it names.
    private static func filters(
        _ clause: WhereClause, in described: [ServiceTypeDescription],
        _ find: (ServiceTypeDescription) -> AttributeDescription?
    ) throws(DirectoryError) -> [ServiceTypeID: AttributeFilter] {
        var byType: [ServiceTypeID: AttributeFilter] = [:]
        var refusal: DirectoryError?
        for type in described {
            guard let attribute = find(type) else { continue }
            do throws(DirectoryError) {
                byType[type.id] = try attribute.kind.filter(op: clause.op, value: clause.value)
            } catch {
                // Another type may have an attribute of this key for which the value makes sense.
                refusal = error
            }
        }
        if byType.isEmpty { throw refused(clause, because: refusal, described: described) }
        return byType
    }

    private static func refused(
        _ clause: WhereClause, because refusal: DirectoryError?, described: [ServiceTypeDescription]
    ) -> DirectoryError {
        if var refusal {
            refusal.message = "\(clause.attribute): " + refusal.message
            refusal.location = "where"
            return refusal
        }
        let keys = Set(described.flatMap(\.filterKeys)).sorted()
        return DirectoryError(
            .invalidRequest, "no wanted service type has an attribute \(clause.attribute.shortened())",
            advice: keys.isEmpty
                ? "these types have no attributes" : "use one of " + keys.prefix(20).joined(separator: ", "),
            location: "where")
    }

    /// Whether a place meets all conditions, whatever its rows' opening times.
    func hold(for entry: PlaceEntry) -> Bool {
        conditions.allSatisfy { condition in
            guard let filter = condition.byType[entry.type] else { return false }
            return filter.matches(entry.record.place.attributes[condition.key] ?? entry.facets[condition.key])
        } && rowsHold(for: entry) { _ in true }
    }

    /// Whether each table has a row that meets its conditions.
    ///
    /// - Parameter isOpen: whether a row's own opening times are open; a row without them is not asked.
    func rowsHold(for entry: PlaceEntry, isOpen: (String) -> Bool) -> Bool {
        tables.allSatisfy { $0.holds(for: entry, isOpen: isOpen) }
    }
}

extension ServiceTypeDescription {
    /// The rows of the attribute with this key, where it is a table.
    fileprivate func table(_ key: String) -> RowSchema? {
        if case .rows(let schema)? = attribute(key)?.kind { schema } else { nil }
    }

    /// What `where=` may name: attributes, facets, and the columns of tables.
    fileprivate var filterKeys: [String] {
        (attributes + facets).flatMap { attribute in
            if case .rows(let schema) = attribute.kind {
                schema.columns.map { attribute.key + "." + $0.key }
            } else {
                [attribute.key]
            }
        }
    }
}
