/// One row of a table that a place holds, such as a stall of a market: typed values by the keys of the columns.
///
/// Since: 2.0
public struct AttributeRow: Hashable, Sendable {
    /// The values by column; a column that the row does not state is not there.
    ///
    /// Since: 2.0
    public var values: [String: AttributeValue]

    /// A row; see the fields.
    ///
    /// Since: 2.0
    public init(_ values: [String: AttributeValue] = [:]) {
        self.values = values
    }

    /// The value of a column.
    ///
    /// Since: 2.0
    public subscript(column: String) -> AttributeValue? {
        get { values[column] }
        set { values[column] = newValue }
    }
}
