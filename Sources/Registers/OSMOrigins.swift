internal import AreaGeometry
internal import DirectoryAPI
internal import DirectoryModel

/// Turns what the collector found into origins: estates, their gates, buildings, their entrances.
struct OSMOrigins {
    /// In the order of the things on the map: estates, buildings, then gates and units.
    private(set) var origins: [SourcedOrigin] = []
    /// Entrances of residential buildings without a name or number.
    private(set) var namelessEntrances: [String] = []

    /// A gate this far from the outline still belongs to it: mappers draw the wall and the land use apart.
    ///
    /// Chosen, not measured: half the width of a street.
    static let gateTolerance = Metres(10)

    private let estates: EstateIndex
    private let doors: [Int64: OSMDoor]
    private var taken: Set<Int64> = []

    init(estates: [OSMGround], buildings: [OSMGround], doors: [Int64: OSMDoor]) {
        self.estates = EstateIndex(estates)
        self.doors = doors
        for estate in estates { add(estate: estate) }
        for building in buildings { add(building: building) }
        for estate in estates { addGates(of: estate) }
        addNearGates()
    }

    private mutating func add(estate: OSMGround) {
        guard let name = OSMTagRules.name(estate.tags) else { return }
        append(
            estate.id, .estate, name: name, english: OSMTagRules.nameEnglish(estate.tags),
            at: estate.location,
            parent: nil, households: households(estate.tags))
    }

    private mutating func add(building: OSMGround) {
        let estate = estates.smallest(around: building.location)
        // A building that does not say that people live there counts only in an estate.
        guard OSMOriginRules.isResidential(building.tags) || estate != nil else { return }
        let estateName = estate.flatMap { OSMTagRules.name($0.tags) }
        let name = OSMOriginRules.buildingName(building.tags, estate: estateName)
        let english = OSMTagRules.nameEnglish(building.tags) ?? (name == nil ? "Unnamed building" : nil)
        append(
            building.id, .building, name: name ?? "未命名楼栋", english: english, at: building.location,
            parent: estate.map { OriginID(unchecked: $0.id.recordID) }, households: households(building.tags))
        for node in building.doors {
            guard let door = doors[node], door.tags["entrance"].map({ $0 != "no" }) == true else { continue }
            guard !taken.contains(node) else { continue }
            guard let unit = OSMOriginRules.unitName(door.tags) else {
                namelessEntrances.append("n\(node)")
                continue
            }
            taken.insert(node)
            append(
                OSMThingID(kind: .node, number: node), .unit, name: unit,
                english: OSMTagRules.nameEnglish(door.tags), at: door.location,
                parent: OriginID(unchecked: building.id.recordID), households: households(door.tags))
        }
    }

    private mutating func addGates(of estate: OSMGround) {
        for node in estate.doors { add(gate: node, of: estate) }
    }

    /// Gates that stand in no estate's outline, but beside one.
    private mutating func addNearGates() {
        for node in doors.keys.sorted() where !taken.contains(node) {
            guard let door = doors[node], door.tags["barrier"] != nil,
                let estate = estates.nearestOutline(to: door.location, within: Self.gateTolerance)
            else { continue }
            add(gate: node, of: estate)
        }
    }

    private mutating func add(gate node: Int64, of estate: OSMGround) {
        guard let door = doors[node], OSMOriginRules.isGate(door.tags), taken.insert(node).inserted else {
            return
        }
        append(
            OSMThingID(kind: .node, number: node), .gate,
            name: OSMOriginRules.gateName(door, estateCentre: estate.location),
            english: OSMTagRules.nameEnglish(door.tags), at: door.location,
            parent: OriginID(unchecked: estate.id.recordID), households: nil)
    }

    private func households(_ tags: [String: String]) -> Int? {
        guard let count = (tags["building:flats"] ?? tags["addr:flats:count"]).flatMap({ Int($0) }),
            (0...1_000_000).contains(count)
        else { return nil }
        return count
    }

    private mutating func append(
        _ id: OSMThingID, _ kind: Origin.Kind, name: String, english: String?, at location: Coordinate,
        parent: OriginID?, households: Int?
    ) {
        origins.append(
            SourcedOrigin(
                key: id.key,
                origin: Origin(
                    id: OriginID(unchecked: id.recordID), kind: kind, name: name, nameEnglish: english,
                    location: location, parent: parent, households: households)))
    }
}

/// Finds the estates around a point without asking each of them.
struct EstateIndex {
    private struct Entry {
        var estate: OSMGround
        var prepared: PreparedArea?
        var extent: Extent
    }

    /// A cell of the grid, about 1 km wide.
    ///
    /// Chosen, not measured: an estate lies in one to four of them.
    private static let cellDegrees = 0.01
    private struct Cell: Hashable {
        var row: Int32
        var column: Int32
    }
    private var entries: [Entry] = []
    private var cells: [Cell: [Int]] = [:]
    /// Areas too wide for the grid; asked for every point.
    private var everywhere: [Int] = []
    /// The widest area that the grid takes, in degrees.
    ///
    /// Chosen, not measured: far wider than any estate, and at most 1,000 cells.
    private static let widest = 0.3
    /// The widest tolerance that is asked for, in degrees of longitude up to 80° north: 10 m there are 5e-4°.
    private static let margin = 0.000_6

    init(_ estates: [OSMGround]) {
        for estate in estates {
            guard let area = estate.area else { continue }
            let extent = Extent(area)
            guard extent.south.isFinite else { continue }
            let index = entries.count
            entries.append(Entry(estate: estate, prepared: try? PreparedArea(area), extent: extent))
            guard extent.north - extent.south < Self.widest, extent.east - extent.west < Self.widest else {
                everywhere.append(index)
                continue
            }
            let south = Self.row(extent.south - Self.margin)
            let north = Self.row(extent.north + Self.margin)
            let west = Self.row(extent.west - Self.margin)
            let east = Self.row(extent.east + Self.margin)
            for row in south...north {
                for column in west...east { cells[Cell(row: row, column: column), default: []].append(index) }
            }
        }
    }

    private static func row(_ degrees: Double) -> Int32 { Int32((degrees / cellDegrees).rounded(.down)) }

    private func near(_ point: Coordinate) -> [Int] {
        (cells[Cell(row: Self.row(point.latitude.value), column: Self.row(point.longitude.value))] ?? [])
            + everywhere
    }

    /// The estate of the least extent that a point lies in; of two equal ones that of the lower id.
    func smallest(around point: Coordinate) -> OSMGround? {
        near(point).map { entries[$0] }
            .filter { $0.extent.contains(point) && $0.prepared?.contains(point) == true }
            .min { ($0.extent.size, $0.estate.id) < ($1.extent.size, $1.estate.id) }?.estate
    }

    /// The estate whose outline runs nearest to a point, within a distance; of two equal ones the lower id.
    func nearestOutline(to point: Coordinate, within limit: Metres) -> OSMGround? {
        let plane = LocalPlane(at: point)
        var best: (distance: Double, estate: OSMGround)?
        for entry in near(point).map({ entries[$0] }) where entry.extent.contains(point, margin: Self.margin)
        {
            let distance =
                entry.estate.area?.parts.compactMap(\.first).map { plane.distance(to: $0) }.min() ?? .infinity
            guard distance <= limit.value else { continue }
            if let best, (best.distance, best.estate.id) <= (distance, entry.estate.id) { continue }
            best = (distance, entry.estate)
        }
        return best?.estate
    }
}
