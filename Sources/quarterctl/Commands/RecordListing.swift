import DirectoryAPI

/// One record as lines of "field  value".
enum RecordListing {
    /// Prints fields in order; those without a value are left out.
    static func print(_ fields: [(name: String, value: String)]) {
        let shown = fields.filter { !$0.value.isEmpty }
        let widest = shown.reduce(0) { max($0, DisplayWidth.of($1.name)) }
        for field in shown {
            let padding = String(repeating: " ", count: widest - DisplayWidth.of(field.name) + 2)
            Swift.print(Terminal.styled(field.name, .bold) + padding + field.value.printable)
        }
    }

    /// The members of an object as fields, their names indented.
    static func fields(of record: JSONValue, under key: String) -> [(name: String, value: String)] {
        record.members(key).map { ("  " + $0.key, $0.value.asText ?? "") }
    }
}
