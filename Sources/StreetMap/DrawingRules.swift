/// What of OpenStreetMap is drawn, and as what; docs/map.md has the same in words.
package enum DrawingRules {
    /// A kind, and the least zoom at which it shows.
    package struct Drawn: Hashable, Sendable {
        /// What it is drawn as.
        package var kind: MapKind
        /// 13…18.
        package var firstZoom: Int

        /// A kind at a zoom; see the fields.
        package init(kind: MapKind, firstZoom: Int) {
            self.kind = kind
            self.firstZoom = firstZoom
        }
    }

    /// Keys of ways that may be drawn as lines.
    package static let wayKeys = ["highway", "railway", "waterway", "natural"]
    /// Keys of closed ways and relations that may be drawn as areas, or whose name is written.
    package static let areaKeys = [
        "building", "natural", "waterway", "landuse", "leisure", "residential", "place",
    ]

    private static let first = TileNumber.zooms.lowerBound
    /// From here on there is room for buildings and paths.
    private static let close = 15

    /// What an area with these tags is drawn as, or nil.
    package static func area(_ tag: (String) -> String?) -> Drawn? {
        if let building = tag("building"), building != "no" {
            return tag("location") == "underground" ? nil : Drawn(kind: .building, firstZoom: close)
        }
        if isWaterArea(tag) { return Drawn(kind: .waterArea, firstZoom: first) }
        if let landuse = tag("landuse"), greenLanduse.contains(landuse) {
            return Drawn(kind: .green, firstZoom: first)
        }
        if let leisure = tag("leisure"), greenLeisure.contains(leisure) {
            return Drawn(kind: .green, firstZoom: first)
        }
        if let natural = tag("natural"), greenNatural.contains(natural) {
            return Drawn(kind: .green, firstZoom: first)
        }
        return nil
    }

    private static func isWaterArea(_ tag: (String) -> String?) -> Bool {
        if tag("natural") == "water" || tag("waterway") == "riverbank" { return true }
        return tag("landuse").map { ["reservoir", "basin"].contains($0) } ?? false
    }

    private static let greenLanduse: Set = [
        "grass", "forest", "meadow", "recreation_ground", "village_green",
    ]
    private static let greenLeisure: Set = ["park", "garden", "pitch", "playground"]
    private static let greenNatural: Set = ["wood", "scrub", "grassland"]

    /// What the name of an area with these tags is written as, or nil.
    package static func label(_ tag: (String) -> String?) -> MapKind? {
        switch area(tag)?.kind {
        case .waterArea: return .waterLabel
        case .green: return .parkLabel
        case .building: return nil
        default: break
        }
        let isEstate =
            tag("landuse") == "residential" || tag("place") == "neighbourhood"
            || tag("residential").map { $0 != "no" } == true
        return isEstate ? .estateLabel : nil
    }

    /// What a line with these tags is drawn as, or nil.
    package static func line(_ tag: (String) -> String?) -> Drawn? {
        if let highway = tag("highway") { return street(highway, tag) }
        let isInTunnel = tag("tunnel").map { $0 != "no" } ?? false
        if let railway = tag("railway"), rails.contains(railway), !isInTunnel {
            return Drawn(kind: .rail, firstZoom: close)
        }
        guard let waterway = tag("waterway"), !isInTunnel else { return nil }
        switch waterway {
        case "river", "canal": return Drawn(kind: .waterLine, firstZoom: first)
        case "stream": return Drawn(kind: .waterLine, firstZoom: first + 1)
        default: return nil
        }
    }

    private static func street(_ highway: String, _ tag: (String) -> String?) -> Drawn? {
        let whole = highway.hasSuffix("_link") ? String(highway.dropLast(5)) : highway
        switch whole {
        case "motorway", "trunk", "primary", "secondary", "tertiary":
            return Drawn(kind: .major, firstZoom: first)
        case "unclassified", "residential", "living_street", "road":
            return Drawn(kind: .minor, firstZoom: first)
        case "service", "track", "busway": return Drawn(kind: .minor, firstZoom: close)
        case "pedestrian": return Drawn(kind: .pedestrian, firstZoom: close)
        case "steps": return Drawn(kind: .steps, firstZoom: close)
        case "footway", "path", "cycleway", "bridleway": return Drawn(kind: .footway, firstZoom: close)
        // As it is walked: docs/walking.md.
        case "corridor": return tag("indoor") == "no" ? Drawn(kind: .footway, firstZoom: close) : nil
        default: return nil
        }
    }

    private static let rails: Set = ["rail", "light_rail", "subway", "tram"]
}
