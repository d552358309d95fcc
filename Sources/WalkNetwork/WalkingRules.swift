/// How a walkable way may be walked.
package struct WayAttributes: Hashable, Sendable {
    /// Whether the way is steps.
    package var steps: Bool
    /// In which direction it may be walked.
    package var oneway: Oneway

    /// Attributes; see the fields.
    package init(steps: Bool = false, oneway: Oneway = .no) {
        self.steps = steps
        self.oneway = oneway
    }

    /// Where a direction counts for somebody on foot.
    package enum Oneway: Hashable, Sendable, CaseIterable {
        /// Both ways.
        case no
        /// Only in the order of the way's nodes (`oneway:foot=yes`).
        case forward
        /// Only against the order of the way's nodes (`oneway:foot=-1`).
        case backward
    }
}

/// What may be walked, by the project's walking rules (docs/walking.md has them in words).
package enum WalkingRules {
    /// Values of `highway` that are never walked.
    ///
    /// `corridor`, `trunk` and `trunk_link` depend on other tags.
    private static let closedHighways: Set<String> = [
        "motorway", "motorway_link", "construction", "proposed", "planned", "abandoned", "razed", "raceway",
        "bus_guideway", "busway", "escape", "platform", "rest_area", "services", "elevator",
    ]

    /// Returns how a way may be walked, or nil where it may not.
    ///
    /// - Parameter tag: returns the value of a key of the way, or nil.
    package static func way(_ tag: (String) -> String?) -> WayAttributes? {
        guard let highway = tag("highway"), !closedHighways.contains(highway) else { return nil }
        let foot = tag("foot")
        switch highway {
        case "corridor":
            guard tag("indoor") == "no" else { return nil }
        case "trunk", "trunk_link":
            guard opensFoot(foot) || hasSidewalk(tag("sidewalk")) else { return nil }
        default: break
        }
        if closesFoot(foot) || (closesAccess(tag("access")) && !opensFoot(foot)) { return nil }
        let oneway: WayAttributes.Oneway =
            switch tag("oneway:foot") {
            case "yes": .forward
            case "-1": .backward
            default: .no
            }
        return WayAttributes(steps: highway == "steps", oneway: oneway)
    }

    /// Whether no walk passes a node.
    ///
    /// - Parameter tag: returns the value of a key of the node, or nil.
    package static func blocksNode(_ tag: (String) -> String?) -> Bool {
        guard tag("barrier") != nil || tag("entrance") != nil || tag("gate") != nil else { return false }
        let foot = tag("foot")
        if opensFoot(foot) { return false }
        return closesAccess(tag("access")) || closesAccess(foot) || tag("locked") == "yes"
    }

    /// The key without which no way is walkable: what a reader must select.
    package static let wayKeys = ["highway"]
    /// The keys of which a node that can be blocked has at least one: what a reader must select.
    package static let nodeKeys = ["barrier", "entrance", "gate"]

    private static func opensFoot(_ value: String?) -> Bool {
        value == "yes" || value == "designated" || value == "permissive"
    }

    private static func closesFoot(_ value: String?) -> Bool {
        value == "no" || value == "private" || value == "use_sidepath"
    }

    private static func closesAccess(_ value: String?) -> Bool { value == "no" || value == "private" }

    private static func hasSidewalk(_ value: String?) -> Bool {
        value == "both" || value == "left" || value == "right" || value == "yes"
    }
}
