import Testing

@testable import StreetMap

/// Each row of the tables in docs/map.md.
@Suite struct DrawingRulesTests {
    private func area(_ tags: [String: String]) -> MapKind? { DrawingRules.area { tags[$0] }?.kind }
    private func line(_ tags: [String: String]) -> DrawingRules.Drawn? { DrawingRules.line { tags[$0] } }
    private func label(_ tags: [String: String]) -> MapKind? { DrawingRules.label { tags[$0] } }

    @Test func areas() {
        for building in ["yes", "apartments", "retail", "house"] {
            #expect(area(["building": building]) == .building)
        }
        #expect(area(["building": "no"]) == nil)
        #expect(area(["building": "no", "leisure": "park"]) == .green)
        #expect(area(["building": "yes", "location": "underground"]) == nil)
        #expect(area(["building": "yes", "leisure": "pitch"]) == .building)
        for tags in [
            ["natural": "water"], ["waterway": "riverbank"], ["landuse": "reservoir"], ["landuse": "basin"],
        ] { #expect(area(tags) == .waterArea) }
        for leisure in ["park", "garden", "pitch", "playground"] {
            #expect(area(["leisure": leisure]) == .green)
        }
        for landuse in ["grass", "forest", "meadow", "recreation_ground", "village_green"] {
            #expect(area(["landuse": landuse]) == .green)
        }
        for natural in ["wood", "scrub", "grassland"] { #expect(area(["natural": natural]) == .green) }
        for tags in [
            [:], ["landuse": "residential"], ["natural": "peak"], ["leisure": "fitness_centre"],
            ["waterway": "dam"],
        ] { #expect(area(tags) == nil) }
    }

    @Test func lines() {
        for (highway, kind, zoom) in [
            ("motorway", MapKind.major, 13), ("trunk_link", .major, 13), ("primary", .major, 13),
            ("secondary", .major, 13), ("tertiary", .major, 13), ("residential", .minor, 13),
            ("living_street", .minor, 13), ("unclassified", .minor, 13), ("service", .minor, 15),
            ("track", .minor, 15), ("pedestrian", .pedestrian, 15), ("steps", .steps, 15),
            ("footway", .footway, 15), ("path", .footway, 15), ("cycleway", .footway, 15),
        ] {
            #expect(line(["highway": highway]) == .init(kind: kind, firstZoom: zoom), "\(highway)")
        }
        // Streets that are not walked are drawn all the same.
        #expect(line(["highway": "motorway", "foot": "no"])?.kind == .major)
        for highway in ["construction", "proposed", "platform", "elevator", "raceway", "corridor", "_link"] {
            #expect(line(["highway": highway]) == nil, "\(highway)")
        }
        #expect(line(["highway": "corridor", "indoor": "no"])?.kind == .footway)
        for railway in ["rail", "light_rail", "subway", "tram"] {
            #expect(line(["railway": railway])?.kind == .rail)
            #expect(line(["railway": railway, "tunnel": "yes"]) == nil)
            #expect(line(["railway": railway, "tunnel": "no"])?.kind == .rail)
        }
        #expect(line(["railway": "abandoned"]) == nil)
        #expect(line(["waterway": "river"]) == .init(kind: .waterLine, firstZoom: 13))
        #expect(line(["waterway": "stream"]) == .init(kind: .waterLine, firstZoom: 14))
        #expect(line(["waterway": "canal", "tunnel": "culvert"]) == nil)
        #expect(line(["waterway": "weir"]) == nil)
        #expect(line([:]) == nil)
    }

    @Test func labels() {
        #expect(label(["landuse": "residential"]) == .estateLabel)
        #expect(label(["place": "neighbourhood"]) == .estateLabel)
        #expect(label(["residential": "gated"]) == .estateLabel)
        #expect(label(["residential": "no"]) == nil)
        #expect(label(["leisure": "park"]) == .parkLabel)
        #expect(label(["natural": "water"]) == .waterLabel)
        #expect(label(["building": "yes", "landuse": "residential"]) == nil)
        #expect(label([:]) == nil)
    }

    @Test func everyKeyOfTheRulesIsAskedFor() {
        for key in ["building", "natural", "waterway", "landuse", "leisure", "residential", "place"] {
            #expect(DrawingRules.areaKeys.contains(key))
        }
        for key in ["highway", "railway", "waterway"] { #expect(DrawingRules.wayKeys.contains(key)) }
        #expect(MapKind.allCases.filter(\.isLabel).allSatisfy { $0.word != nil })
        #expect(Set(MapKind.streets + MapKind.labels).allSatisfy { $0.word != nil && !$0.isArea })
    }
}
