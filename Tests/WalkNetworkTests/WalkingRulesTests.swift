import Testing

@testable import WalkNetwork

@Suite("walking rules")
struct WalkingRulesTests {
    static let closed = [
        "motorway", "motorway_link", "construction", "proposed", "planned", "abandoned", "razed", "raceway",
        "bus_guideway", "busway", "escape", "corridor", "platform", "rest_area", "services", "elevator",
        "trunk",
        "trunk_link",
    ]
    static let open = [
        "footway", "path", "pedestrian", "steps", "residential", "living_street", "service", "unclassified",
        "tertiary", "secondary", "primary", "primary_link", "track", "cycleway", "bridleway", "road",
        "some_new_value",
    ]

    private func isWalkable(_ tags: [String: String]) -> Bool { WalkingRules.way { tags[$0] } != nil }

    @Test("highways that are never walked", arguments: closed) func neverWalked(value: String) {
        #expect(!isWalkable(["highway": value]))
    }

    @Test("highways that are walked", arguments: open) func walked(value: String) {
        #expect(isWalkable(["highway": value]))
    }

    @Test("nothing without highway") func noHighway() {
        #expect(!isWalkable(["foot": "yes"]))
        #expect(!isWalkable([:]))
    }

    static let cases: [(String, Bool)] = [
        ("highway=corridor indoor=no", true),
        ("highway=corridor indoor=yes", false),
        ("highway=trunk foot=yes", true),
        ("highway=trunk foot=designated", true),
        ("highway=trunk_link foot=permissive", true),
        ("highway=trunk sidewalk=both", true),
        ("highway=trunk sidewalk=left", true),
        ("highway=trunk_link sidewalk=right", true),
        ("highway=trunk sidewalk=yes", true),
        ("highway=trunk sidewalk=no", false),
        ("highway=trunk sidewalk=separate", false),
        ("highway=trunk sidewalk=both foot=no", false),
        ("highway=trunk sidewalk=both access=no", false),
        ("highway=motorway foot=yes", false),
        ("highway=construction foot=yes", false),
        ("highway=service access=no", false),
        ("highway=service access=private", false),
        ("highway=service access=customers", true),
        ("highway=service access=private foot=yes", true),
        ("highway=service access=no foot=designated", true),
        ("highway=service access=private foot=permissive", true),
        ("highway=service access=private foot=customers", false),
        ("highway=footway foot=no", false),
        ("highway=footway foot=private", false),
        ("highway=primary foot=use_sidepath", false),
        ("highway=pedestrian area=yes", true),
    ]

    @Test("access and foot", arguments: cases) func access(words: String, expected: Bool) {
        var tags: [String: String] = [:]
        for word in words.split(separator: " ") {
            let pair = word.split(separator: "=")
            tags[String(pair[0])] = String(pair[1])
        }
        #expect(isWalkable(tags) == expected)
    }

    @Test("direction counts only in oneway:foot") func direction() {
        func oneway(_ tags: [String: String]) -> WayAttributes.Oneway? {
            WalkingRules.way { tags[$0] }?.oneway
        }
        #expect(oneway(["highway": "residential", "oneway": "yes"]) == .no)
        #expect(oneway(["highway": "footway", "oneway:foot": "yes"]) == .forward)
        #expect(oneway(["highway": "footway", "oneway:foot": "-1"]) == .backward)
        #expect(oneway(["highway": "footway", "oneway:foot": "no"]) == .no)
    }

    @Test("steps") func steps() {
        let tags = ["highway": "steps"]
        #expect(WalkingRules.way { tags[$0] }?.steps == true)
    }

    static let nodeCases: [(String, Bool)] = [
        ("barrier=gate", false),
        ("barrier=gate access=private", true),
        ("barrier=gate access=no", true),
        ("barrier=gate foot=no", true),
        ("barrier=lift_gate foot=private", true),
        ("barrier=gate locked=yes", true),
        ("barrier=gate locked=no", false),
        ("barrier=gate access=private foot=yes", false),
        ("barrier=gate access=no foot=designated", false),
        ("barrier=gate locked=yes foot=permissive", false),
        ("entrance=main access=private", true),
        ("gate=yes locked=yes", true),
        ("access=private", false),
        ("highway=crossing foot=no", false),
    ]

    @Test("blocked nodes", arguments: nodeCases) func nodes(words: String, expected: Bool) {
        var tags: [String: String] = [:]
        for word in words.split(separator: " ") {
            let pair = word.split(separator: "=")
            tags[String(pair[0])] = String(pair[1])
        }
        #expect(WalkingRules.blocksNode { tags[$0] } == expected)
    }
}
