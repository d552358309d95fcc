internal import DirectoryModel
internal import Foundation

/// Which areas and doors of the map residents start from, and what they are called.
enum OSMOriginRules {
    /// What an area of the map is to a resident.
    enum Ground: Sendable {
        /// 小区.
        case estate
        /// 楼栋.
        case building
    }

    /// What an area with these tags is, or nil.
    ///
    /// An estate is a named area of `landuse=residential`, of any `residential=*`, or of
    /// `place=neighbourhood`; a building is one that people live in by its tag, or any building with a name or
    /// number, which counts only where it stands in an estate.
    static func ground(_ tags: [String: String]) -> Ground? {
        if let building = tags["building"], building != "no" {
            if residentialBuildings.contains(building) { return .building }
            return building == "yes" && hasLabel(tags) ? .building : nil
        }
        let isEstate =
            tags["landuse"] == "residential" || tags["place"] == "neighbourhood"
            || tags["residential"].map { $0 != "no" } == true
        return isEstate && OSMTagRules.name(tags) != nil ? .estate : nil
    }

    /// Values of `building` that say that people live there.
    ///
    /// Source: https://wiki.openstreetmap.org/wiki/Key:building#Accommodation, without hotels.
    static let residentialBuildings: Set<String> = [
        "apartments", "residential", "house", "dormitory", "terrace", "detached", "semidetached_house",
        "bungalow",
        "static_caravan", "cabin", "farm",
    ]

    /// Whether a building says by its own tag that people live there.
    static func isResidential(_ tags: [String: String]) -> Bool {
        tags["building"].map(residentialBuildings.contains) ?? false
    }

    /// Whether a building or an entrance has a name or a number of its own.
    static func hasLabel(_ tags: [String: String]) -> Bool {
        labelKeys.contains { OSMTagRules.cleaned(tags[$0], limit: 200) != nil }
    }

    private static let labelKeys = [
        "name", "name:zh", "ref", "addr:housename", "addr:unit", "addr:housenumber",
    ]

    /// What a building is called: its name, its number ("3幢" in an estate), or its address; nil for none.
    static func buildingName(_ tags: [String: String], estate: String?) -> String? {
        if let name = OSMTagRules.name(tags) ?? OSMTagRules.cleaned(tags["addr:housename"], limit: 200) {
            return name
        }
        let isHan = estate.map(OSMTagRules.isHan) ?? true
        if let number = OSMTagRules.cleaned(tags["ref"], limit: 60) {
            return numbered(number, "幢", isHan: isHan)
        }
        guard let number = OSMTagRules.cleaned(tags["addr:housenumber"], limit: 60) else { return nil }
        if estate != nil { return numbered(number, "幢", isHan: isHan) }
        return OSMTagRules.address(tags) ?? number
    }

    /// What an entrance of a building is called, or nil.
    static func unitName(_ tags: [String: String]) -> String? {
        if let name = OSMTagRules.name(tags) { return name }
        for key in ["ref", "addr:unit"] {
            if let number = OSMTagRules.cleaned(tags[key], limit: 60) {
                return numbered(number, "单元", isHan: true)
            }
        }
        return nil
    }

    /// What a gate of an estate is called: its name or number, else the side of the estate that it is on.
    static func gateName(_ door: OSMDoor, estateCentre centre: Coordinate) -> String {
        if let name = OSMTagRules.name(door.tags) { return name }
        if let number = OSMTagRules.cleaned(door.tags["ref"], limit: 60) {
            return numbered(number, "号门", isHan: true)
        }
        return LocalPlane(at: centre).side(of: door.location) + "侧出入口"
    }

    /// Whether a node is a way in through a wall, as far as its tags say.
    static func isGate(_ tags: [String: String]) -> Bool {
        if let barrier = tags["barrier"] { return gateBarriers.contains(barrier) }
        if tags["gate"] != nil { return true }
        return tags["entrance"].map { $0 != "no" } ?? false
    }

    private static let gateBarriers: Set<String> = [
        "gate", "lift_gate", "swing_gate", "sliding_gate", "wicket_gate", "entrance", "turnstile",
        "full-height_turnstile", "kissing_gate",
    ]

    private static func numbered(_ number: String, _ word: String, isHan: Bool) -> String {
        let isPlain = number.count <= 4 && number.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
        return isHan && isPlain ? number + word : number
    }
}

/// A flat map around a point, good for a few kilometres.
struct LocalPlane {
    /// Metres of one degree of latitude on a sphere of R = 6,371,008.8 m, as in the walking rules.
    private static let metresPerDegree = 6_371_008.8 * Double.pi / 180
    private let centre: Coordinate
    private let metresPerDegreeEast: Double

    init(at centre: Coordinate) {
        self.centre = centre
        metresPerDegreeEast = Self.metresPerDegree * cos(centre.latitude.value * .pi / 180)
    }

    /// Metres east and north of the centre.
    func position(_ point: Coordinate) -> (east: Double, north: Double) {
        (
            (point.longitude - centre.longitude).value * metresPerDegreeEast,
            (point.latitude - centre.latitude).value * Self.metresPerDegree
        )
    }

    /// On which of the eight sides of the centre a point lies, such as 东北.
    func side(of point: Coordinate) -> String {
        let (east, north) = position(point)
        // Within 22.5° of an axis: tan 22.5° = 0.4142.
        let tangent = 0.414_213_562_373_095
        if abs(north) <= abs(east) * tangent { return east >= 0 ? "东" : "西" }
        if abs(east) <= abs(north) * tangent { return north >= 0 ? "北" : "南" }
        return (east >= 0 ? "东" : "西") + (north >= 0 ? "北" : "南")
    }

    /// Metres from the centre to the nearest point of a line.
    func distance(to line: [Coordinate]) -> Double {
        var least = Double.infinity
        for (from, to) in zip(line, line.dropFirst()) {
            let a = position(from)
            let b = position(to)
            let along = (east: b.east - a.east, north: b.north - a.north)
            let square = along.east * along.east + along.north * along.north
            let share = square > 0 ? -(a.east * along.east + a.north * along.north) / square : 0
            let at = min(1, max(0, share))
            let east = a.east + along.east * at
            let north = a.north + along.north * at
            least = min(least, (east * east + north * north).squareRoot())
        }
        return least
    }
}
