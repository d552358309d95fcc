import DirectoryAPI

/// The rows of tables, such as the stalls of a market, as lines under their place.
enum RowWords {
    /// What is known of the types whose places have rows in an answer, by id.
    static func types(of places: [JSONValue], ask: (String) -> JSONValue?) -> [String: JSONValue] {
        let ids = Set(places.filter { !$0.members("rows").isEmpty }.map { $0.text("type") })
        return Dictionary(uniqueKeysWithValues: ids.compactMap { id in ask(id).map { (id, $0) } })
    }

    /// A line for each row of an answer's place, and one that says how many more there are.
    static func lines(of place: JSONValue, _ type: JSONValue) -> [String] {
        var lines: [String] = []
        for (table, value) in place.members("rows") {
            guard case .array(let rows) = value else { continue }
            let attribute = type.list("attributes").first { $0.text("key") == table }
            let columns = attribute?.list("row_columns") ?? []
            lines += rows.map { row in
                let text = line(row["values"] ?? .null, columns)
                let opening = row["opening"]
                let words = opening?.text("text") ?? ""
                let state = words.isEmpty ? opening?.text("state") ?? "" : words
                return state.isEmpty || state == "unknown" ? text : text + " · " + state
            }
            let total = place["row_counts"]?.whole(table) ?? rows.count
            if total > rows.count { lines.append("… \(total - rows.count) more") }
        }
        return lines
    }

    /// One row's values in the order of its columns; options by their Chinese names.
    static func line(_ values: JSONValue, _ columns: [JSONValue]) -> String {
        guard !columns.isEmpty else { return values.asText ?? "" }
        return columns.compactMap { column -> String? in
            guard let value = values[column.text("key")], value != .null else { return nil }
            let names = Dictionary(
                column.list("options").map { ($0.text("key"), $0["names"]?.text("zh") ?? "") }
            ) { first, _ in first }
            switch value {
            case .string(let key): return names[key] ?? key
            case .array(let keys):
                return keys.compactMap(\.asText).map { names[$0] ?? $0 }.joined(separator: "、")
            default: return AttributeTable.words(of: value, column)
            }
        }.joined(separator: " · ")
    }
}
