import DirectoryModel

/// A whole store as text, a JSON object a line, that this and every later version reads.
///
/// The first line says what it is, the last how many lines there are, so that a part of a text is no text. Between them
/// stand the records, what sources, people and parties said of them, and the history, each under its word:
/// `{"place":{…}}`. Records are `RecordJSON`; see docs/exports.md for the rest.
package enum StoreText {
    /// The version of the text, raised when an older reader would misread it.
    static let version = 1

    /// A table whose rows are written column by column.
    struct Table {
        /// What stands before a row.
        let word: String
        let table: String
        let columns: [Column]
        let order: String
    }

    /// A column, and its member in a row's object: members that a row lacks are NULL.
    struct Column {
        /// How a value is written.
        enum Kind { case text, whole, json }

        let name: String
        let kind: Kind

        init(_ name: String, _ kind: Kind) {
            self.name = name
            self.kind = kind
        }
    }

    /// The order of the text: what is named comes before what names it.
    static let tables = [
        Table(
            word: "sighting", table: "sightings",
            columns: [
                Column("first", .whole), Column("key", .text), Column("kind", .text), Column("last", .whole),
                Column("present", .whole), Column("record", .text), Column("seen", .whole),
                Column("source", .text),
            ], order: "source, kind, key"),
        Table(
            word: "statement", table: "statements",
            columns: [
                Column("key", .text), Column("place", .json), Column("place_before", .json),
                Column("record", .text), Column("revision", .whole), Column("since", .json),
                Column("since_before", .json), Column("source", .text),
            ], order: "record, source, key"),
        Table(
            word: "held", table: "held_rows",
            columns: [
                Column("candidates", .json), Column("file_name", .text), Column("key", .text),
                Column("number", .whole), Column("place", .json), Column("revision", .whole),
                Column("since", .whole), Column("source", .text),
            ], order: "number"),
        Table(
            word: "apart", table: "kept_apart",
            columns: [
                Column("actor", .text), Column("one", .text), Column("other", .text), Column("time", .whole),
                Column("uid", .whole),
            ], order: "one, other"),
        Table(
            word: "confirmation", table: "confirmations",
            columns: [
                Column("actor", .text), Column("fact", .text), Column("note", .text),
                Column("number", .whole),
                Column("party", .text), Column("place", .text), Column("time", .whole), Column("uid", .whole),
                Column("value", .text), Column("verdict", .text),
            ], order: "number"),
        Table(
            word: "audit", table: "audit",
            columns: [
                Column("actor", .text), Column("after", .json), Column("before", .json),
                Column("kind", .text),
                Column("number", .whole), Column("record", .text), Column("revision", .whole),
                Column("source", .text), Column("time", .whole), Column("uid", .whole),
            ], order: "number"),
        Table(
            word: "import", table: "imports",
            columns: [
                Column("accepted", .whole), Column("changed", .whole), Column("closed", .whole),
                Column("file_digest", .text), Column("file_name", .text), Column("held", .whole),
                Column("number", .whole), Column("rejected", .whole), Column("revision", .whole),
                Column("row_count", .whole), Column("source", .text), Column("time", .whole),
                Column("unchanged", .whole),
            ], order: "number"),
    ]

    /// The kinds of record, in the order of the text.
    static let kinds: [RecordKind] = [
        .source, .community, .grid, .organisation, .origin, .place, .activity, .notice,
    ]
}
