public import DirectoryModel

/// The conditions of a `where=` on one table: one and the same row has to meet them all.
///
/// Since: 2.0
public struct RowFilter: Hashable, Sendable {
    private struct Condition: Hashable, Sendable {
        let column: String
        let filter: AttributeFilter
    }

    private var conditions: [Condition] = []

    /// A filter that every row meets.
    ///
    /// Since: 2.0
    public init() {}

    /// Asks for a column's value, too.
    ///
    /// Since: 2.0
    public mutating func add(_ column: String, _ filter: AttributeFilter) {
        conditions.append(Condition(column: column, filter: filter))
    }

    /// Whether a row meets every condition; a row that does not say never does.
    ///
    /// Since: 2.0
    public func matches(_ row: AttributeRow) -> Bool {
        conditions.allSatisfy { $0.filter.matches(row.values[$0.column]) }
    }
}
