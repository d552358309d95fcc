internal import AreaGeometry
internal import DirectoryModel
internal import OSMReader
internal import StreetMap
internal import WalkNetwork

/// A thing of the map that may become a place.
struct OSMThing: Sendable {
    var id: OSMThingID
    var tags: [String: String]
    var location: Coordinate
    /// Its extent, when it is an area.
    var area: Area?
}

/// An area of the map that may become an origin.
struct OSMGround: Sendable {
    var id: OSMThingID
    var tags: [String: String]
    var location: Coordinate
    /// Its extent; kept for estates only.
    var area: Area?
    /// The doors and gates among the nodes of its outline, in the order of the outline.
    var doors: [Int64]
}

/// A node that a person passes: a gate in a wall, an entrance of a building.
struct OSMDoor: Sendable {
    var tags: [String: String]
    var location: Coordinate
}

/// Takes from a map, in one go, the walking network, what is drawn, what may become a place, and what an origin.
struct OSMCollector: OSMVisitor {
    /// Things with a key that a selector asks for, or one of interest, and with a location.
    private(set) var things: [OSMThing] = []
    /// Things of that kind that have no location, with the reason's code.
    private(set) var unplaced: [(id: OSMThingID, code: UnplacedReason, tags: [String: String])] = []
    /// Named residential estates.
    private(set) var estates: [OSMGround] = []
    /// Buildings that people may live in.
    private(set) var buildings: [OSMGround] = []
    /// Gates and entrances by node.
    private(set) var doors: [Int64: OSMDoor] = [:]
    /// The network as it grows.
    private(set) var builder = NetworkBuilder()
    /// What is drawn.
    private(set) var drawing = OSMDrawing()

    /// Ways of interest that have not yet come as an area.
    private var waysWithoutArea: [Int64: (tags: [String: String], isClosed: Bool)] = [:]
    private let placeKeys: Set<String>

    /// Why a thing has no location.
    enum UnplacedReason: Sendable {
        /// A line that encloses nothing.
        case openWay
        /// An area whose outline cannot be put together.
        case brokenArea
    }

    init(matcher: TypeMatcher) {
        var keys = Set(matcher.keys + OSMTagRules.interestKeys + OSMTagRules.lifecycleKeys)
        if matcher.usesNameAlone { keys.insert("name") }
        placeKeys = keys
    }

    /// The keys of the objects that it wants to be shown.
    var selection: OSMSelection {
        let place = placeKeys.sorted()
        return OSMSelection(
            nodeKeys: place + WalkingRules.nodeKeys,
            wayKeys: place + WalkingRules.wayKeys + DrawingRules.wayKeys,
            areaKeys: place + ["landuse", "residential", "place", "building"] + DrawingRules.areaKeys)
    }

    mutating func node(_ node: OSMNode) {
        if WalkingRules.blocksNode({ node.tags[$0] }) { builder.addBlockedNode(node.id) }
        if node.tags.has("barrier") || node.tags.has("entrance") || node.tags.has("gate") {
            doors[node.id] = OSMDoor(tags: dictionary(node.tags), location: node.coordinate)
        }
        let tags = dictionary(node.tags)
        guard isOfInterest(tags) else { return }
        things.append(
            OSMThing(id: OSMThingID(kind: .node, number: node.id), tags: tags, location: node.coordinate))
    }

    mutating func way(_ way: OSMWay) {
        drawing.add(way)
        if let attributes = WalkingRules.way({ way.tags[$0] }) {
            builder.addWay(
                id: way.id, attributes: attributes, name: way.tags["name"], nameEnglish: way.tags["name:en"],
                nodes: way.nodes.map {
                    $0.isMissing
                        ? WayNode(missing: $0.id)
                        : WayNode(id: $0.id, latitude: $0.latitude, longitude: $0.longitude)
                })
        }
        let tags = dictionary(way.tags)
        guard isOfInterest(tags) else { return }
        waysWithoutArea[way.id] = (tags, way.isClosed)
    }

    mutating func area(_ area: OSMArea) {
        drawing.add(area)
        let id = OSMThingID(area.id)
        let tags = dictionary(area.tags)
        let isOfInterest = isOfInterest(tags)
        let ground = OSMOriginRules.ground(tags)
        guard isOfInterest || ground != nil else { return }
        guard let location = try? AreaGeometry.pointInside(area.area) else {
            // A closed way is told of when the file is at its end, where it still has no area.
            if isOfInterest, id.kind == .relation { unplaced.append((id, .brokenArea, tags)) }
            return
        }
        if isOfInterest {
            if id.kind == .way { waysWithoutArea[id.number] = nil }
            things.append(OSMThing(id: id, tags: tags, location: location, area: area.area))
        }
        guard let ground else { return }
        let found = OSMGround(
            id: id, tags: tags, location: location, area: ground == .estate ? area.area : nil,
            doors: outlineDoors(area.outlineNodes))
        if ground == .estate { estates.append(found) } else { buildings.append(found) }
    }

    /// Settles what was waiting for the end of the file, and puts everything into the order of its ids.
    ///
    /// - Parameter broken: the areas that the reader could not put together.
    mutating func finish(broken: [OSMUnassembledArea]) {
        for area in broken {
            let id = OSMThingID(area.id)
            let tags = dictionary(area.tags)
            // A way has come as a way too, and is told of below.
            if id.kind == .relation, isOfInterest(tags) { unplaced.append((id, .brokenArea, tags)) }
        }
        for (number, way) in waysWithoutArea {
            let id = OSMThingID(kind: .way, number: number)
            unplaced.append((id, way.isClosed ? .brokenArea : .openWay, way.tags))
        }
        waysWithoutArea = [:]
        unplaced.sort { $0.id < $1.id }
        things.sort { $0.id < $1.id }
        estates.sort { $0.id < $1.id }
        buildings.sort { $0.id < $1.id }
    }

    private func isOfInterest(_ tags: [String: String]) -> Bool {
        tags.keys.contains { placeKeys.contains($0) }
    }

    private func dictionary(_ tags: OSMTags) -> [String: String] {
        var dictionary: [String: String] = [:]
        for (key, value) in tags { dictionary[key] = value }
        return dictionary
    }

    private func outlineDoors(_ nodes: [Int64]) -> [Int64] {
        var seen: Set<Int64> = []
        return nodes.filter { doors[$0] != nil && seen.insert($0).inserted }
    }
}

extension OSMThingID {
    init(_ id: OSMAreaID) {
        switch id {
        case .way(let number): self.init(kind: .way, number: number)
        case .relation(let number): self.init(kind: .relation, number: number)
        }
    }
}
