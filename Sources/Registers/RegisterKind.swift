internal import DirectoryAPI
package import DirectoryModel

/// The formats of registers.
package enum RegisterKind: String, CaseIterable, Sendable {
    /// An .osm.pbf extract.
    case osm
    /// GeoJSON of communities, grids, and origins that an office keeps itself.
    case communities
    /// A JSON object of records as `PUT` takes them.
    case records
    /// .xlsx, .csv, .tsv.
    case table
    /// GeoJSON of places.
    case geojson

    /// Whether the instructions of a table (`--type`, `--datum`, `--mapping` …) are for it too.
    package var takesInstructions: Bool { self == .table || self == .geojson }

    /// Elements that are looked at to tell what a file is; chosen, not measured.
    private static let looked = 100

    /// Tells by its content what a JSON file is.
    ///
    /// A FeatureCollection is one of places where any of its first features cannot be a community, a grid or an origin: one
    /// without a `kind` that is a point or a line, has no geometry, or has the properties of a place (业态, 一刻圈编号 …).
    /// Boundaries without a `kind` are communities.
    /// - Throws: `unreadable_file`, `invalid_file` for what is no JSON object.
    package static func ofJSON(at path: String, fileName: String) throws(DirectoryError) -> RegisterKind {
        let request = RegisterRequest(
            path: path, fileName: fileName, format: "", source: nil, actor: Actor(name: "", uid: 0))
        var pieces = try JSONPieces(
            request, advice: "say what it is: `quarterctl import geojson`, `communities` or `records`")
        var kind: RegisterKind?
        var names: Set<String> = []
        try pieces.forEach(lists: ["features"]) { (name, _) throws(DirectoryError) in
            names.insert(name)
        } element: { (_, number, bytes) throws(DirectoryError) in
            kind = kind ?? .communities
            if let feature = try? JSONTree(bytes), isPlace(feature) { kind = .geojson }
            return kind == .communities && number < looked
        }
        return kind
            ?? (names.contains("features") || pieces.lists.contains("features") ? .communities : .records)
    }

    /// Whether a feature can be nothing but a place.
    private static func isPlace(_ feature: JSONTree) -> Bool {
        if let word = feature["properties"]?["kind"]?.string, !word.isEmpty,
            FeatureReader.isShape(word)
        {
            return false
        }
        guard case .object(let members)? = feature["properties"] else { return false }
        for (name, _) in members {
            guard let field = PlaceField.named(name)?.field else { continue }
            if [.id, .type, .hours, .phone, .creditCode].contains(field) { return true }
        }
        switch feature["geometry"]?["type"]?.string {
        case "Polygon", "MultiPolygon": return false
        default: return true
        }
    }
}
