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
}

/// The attributes and facets of one place, with the names and units that its type gives them.
enum AttributeTable {
    /// A row for each attribute, then for each facet, in the order of their keys.
    static func make(of place: JSONValue, _ type: JSONValue) -> Table {
        var table = Table([.word("attribute"), .text("value"), .name("name")])
        let described = Dictionary(type.list("attributes").map { ($0.text("key"), $0) }) { first, _ in first }
        for (key, value) in place.members("attributes") {
            let attribute = described[key] ?? .null
            let name = attribute["names"]?.text("zh") ?? ""
            guard attribute.text("kind") == "rows", case .array(let rows) = value else {
                table.add([key, words(of: value, attribute), name])
                continue
            }
            table.add([key, "\(rows.count) × \(attribute["row_names"]?.text("zh") ?? "")", name])
            table.add(under: rows.map { RowWords.line($0, attribute.list("row_columns")) })
        }
        for (key, value) in place.members("facets") { table.add([key, value.asText ?? "", "(facet)"]) }
        return table
    }

    /// A value with its unit; money, which travels in fen, in yuan.
    static func words(of value: JSONValue, _ attribute: JSONValue) -> String {
        if attribute.text("kind") == "money", let fen = value.asNumber {
            return fen == 0 ? "免费" : (fen / 100).decimals(2) + " 元"
        }
        let text = value.asText ?? ""
        let unit = attribute["unit"]?.text("zh") ?? ""
        return unit.isEmpty ? text : text + " " + unit
    }
}
