/// What a register is, told by the name of its file.
package enum RegisterEndings {
    /// A JSON file of any kind: what it is stands in it.
    package static let json = "json"

    /// Endings in lower case, and the format of each.
    private static let known = [
        (".osm.pbf", "osm"), (".pbf", "osm"), (".xlsx", "table"), (".csv", "table"), (".tsv", "table"),
        (".txt", "table"), (".geojson", json), (".json", json),
        // Not read; who reads tables says so, and what to do.
        (".ods", "table"), (".xls", "table"), (".xlsm", "table"), (".xlsb", "table"), (".et", "table"),
        (".numbers", "table"),
    ]

    /// The format of a file with this name; nil where the name does not say it.
    package static func format(ofFile name: String) -> String? {
        let name = name.lowercased()
        return known.first { name.hasSuffix($0.0) }?.1
    }
}
