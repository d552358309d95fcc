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
    /// The Human Services Data Specification 3.0, as JSON.
    case hsds

    /// Whether instructions of a table (`--type`, `--mapping` …) are for it too; of HSDS not all of them.
    package var takesInstructions: Bool { self == .table || self == .geojson || self == .hsds }

    /// Elements that are looked at to tell what a file is; chosen, not measured.
    private static let looked = 100

    /// Tells by its content what a JSON file is.
    ///
    /// A FeatureCollection is one of places where any of its first features cannot be a community, a grid or an origin: one
    /// without a `kind` that is a point or a line, has no geometry, or has the properties of a place (业态, 一刻圈编号 …).
    /// Boundaries without a `kind` are communities. A list, or an object with `services`, `service`, `organizations`,
    /// `service_at_locations` or `contents`, is HSDS.
    /// - Throws: `unreadable_file`, `invalid_file` for what is no JSON object.
    package static func ofJSON(at path: String, fileName: String) throws(DirectoryError) -> RegisterKind {
        let request = RegisterRequest(
            path: path, fileName: fileName, format: "", source: nil, actor: Actor(name: "", uid: 0))
        var pieces = try JSONPieces(
            request, advice: "say what it is: `quarterctl import geojson`, `hsds`, `communities` or `records`"
        )
        var kind: RegisterKind?
        var names: Set<String> = []
        let lists = HSDSFile.lists.union(HSDSFile.signs).union(["features", ""])
        try pieces.forEach(lists: lists) { (name, _) throws(DirectoryError) in
            names.insert(name)
        } element: { (list, number, bytes) throws(DirectoryError) in
            guard list == "features" else {
                // Of the other lists of HSDS any file may have one, such as `attributes`.
                guard list.isEmpty || HSDSFile.signs.contains(list) else { return true }
                kind = .hsds
                return false
            }
            kind = kind ?? .communities
            if let feature = try? JSONTree(bytes), isPlace(feature) { kind = .geojson }
            return kind == .communities && number < looked
        }
        if kind == nil,
            names.contains("service") || !pieces.lists.isDisjoint(with: HSDSFile.signs.union([""]))
        {
            return .hsds
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
