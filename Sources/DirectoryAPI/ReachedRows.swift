package import DirectoryModel

/// The rows of one table of a place that met the conditions of a query.
package struct ReachedRows: Sendable {
    /// The table's key.
    package var table: String
    /// How many rows met them.
    package var total: Int
    /// The first of them, at most `maximum`, in the record's order.
    package var rows: [ReachedRow]

    /// The most rows of one table that an answer has for a place.
    ///
    /// Chosen, not measured: a kiosk shows ten.
    package static let maximum = 50

    /// Rows; see the fields.
    package init(table: String, total: Int, rows: [ReachedRow]) {
        self.table = table
        self.total = total
        self.rows = rows
    }
}

/// A row of an answer.
package struct ReachedRow: Sendable {
    /// Its values.
    package var row: AttributeRow
    /// Whether it is open, where the table has opening times.
    package var opening: PlaceOpening?

    /// A row; see the fields.
    package init(_ row: AttributeRow, opening: PlaceOpening?) {
        self.row = row
        self.opening = opening
    }
}

extension JSONWriter {
    /// `"type_known":false`, for a place whose type nothing describes any more.
    mutating func typeKnown(_ isKnown: Bool) {
        guard !isKnown else { return }
        key("type_known")
        bool(false)
    }

    /// `"rows":{"stalls":[{"values":{…},"opening":{…}}]},"row_counts":{"stalls":3}`.
    mutating func reachedRows(_ tables: [ReachedRows], in language: Language) {
        key("rows")
        beginObject()
        for table in tables {
            key(table.table)
            beginArray()
            for row in table.rows {
                beginObject()
                key("values")
                values(row.row.values)
                if let opening = row.opening {
                    key("opening")
                    self.opening(opening, in: language)
                }
                endObject()
            }
            endArray()
        }
        endObject()
        key("row_counts")
        beginObject()
        for table in tables {
            key(table.table)
            whole(table.total)
        }
        endObject()
    }
}
