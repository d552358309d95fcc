internal import AreaGeometry

extension StreetMap {
    /// Cuts a tile; outside of the map it is empty.
    ///
    /// Each feature is simplified whole, then cut at the tile's margin, so that two tiles have the same of what
    /// crosses their border.
    /// - Complexity: O(points of the features that the tile meets), times a logarithm for simplifying.
    package func tile(_ number: TileNumber) -> MapTile {
        var maker = TileMaker(map: self, number: number)
        return maker.tile()
    }
}

/// Makes one tile.
struct TileMaker {
    /// What lines and outlines may be off by, in units: a quarter of a pixel where a tile is drawn 256 pixels wide.
    static let tolerance = 4.0
    /// Units to such a pixel.
    static let pixel = Double(TileNumber.extent) / 256
    /// Areas smaller than this are left out, in square pixels.
    ///
    /// Chosen, not measured: what is smaller is a speck.
    static let leastArea = 2.0
    /// The side of an area, in pixels, from which its name is written.
    ///
    /// Chosen, not measured: two characters of 16 pixels fit in.
    static let leastLabelled = 32.0
    /// What a tile may hold, in points; a feature counts for four more, and a name for its bytes.
    ///
    /// Chosen: with at most ten bytes to a point, 300 KB of JSON.
    static let budget = 30_000
    /// Names in a tile at most.
    ///
    /// Chosen, not measured.
    static let maximumLabels = 100

    private let map: StreetMap
    private let number: TileNumber
    private let scale: Double
    private let shapes = PlaneShapes()
    private let frame = PlaneBox(
        west: -Double(TileNumber.margin), south: -Double(TileNumber.margin),
        east: Double(TileNumber.extent + TileNumber.margin),
        north: Double(TileNumber.extent + TileNumber.margin))
    private var room = TileMaker.budget
    private var result = MapTile()

    init(map: StreetMap, number: TileNumber) {
        self.map = map
        self.number = number
        scale = number.scale
    }

    /// The tile; room is given to waters, streets, green areas, names and buildings in this order.
    mutating func tile() -> MapTile {
        guard number.box.meets(map.box) else { return result }
        result.waterAreas = areas(.waterArea)
        result.waterLines = lines(.waterLine).map(\.line)
        for kind in MapKind.streets {
            result.streets += lines(kind).map { line in
                MapTile.Street(kind: kind, name: line.name, line: line.line)
            }
        }
        result.green = areas(.green)
        for kind in MapKind.labels { addLabels(kind) }
        result.buildings = areas(.building)
        return result
    }

    // MARK: Choosing

    /// The features of a kind that the tile shows, the largest first, ties by their number.
    private func chosen(_ kind: MapKind) -> [Int] {
        let box = number.box
        var found: [Int] = []
        BoxIndex.search(
            map.boxes, levelStarts: map.levelStarts, for: box, in: map.kindRanges[Int(kind.rawValue)]
        ) { feature in
            let record = map.features[feature]
            if number.zoom >= record.firstZoom, record.box.meets(box) { found.append(feature) }
        }
        return found.sorted { left, right in
            let (first, second) = (map.features[left].size, map.features[right].size)
            return first != second ? first > second : left < right
        }
    }

    /// Takes room for so many points and a name; false where there is none.
    private mutating func takesRoom(points: Int, name: String? = nil) -> Bool {
        let cost = points + 4 + (name?.utf8.count ?? 0)
        guard cost <= room else {
            result.isFull = true
            return false
        }
        room -= cost
        return true
    }

    /// A size in steps as square pixels.
    private func squarePixels(_ size: Float) -> Double {
        let side = scale / Self.pixel
        return Double(size) * side * side
    }

    // MARK: Areas

    private mutating func areas(_ kind: MapKind) -> [MapTile.Polygon] {
        var found: [(feature: Int, polygons: [MapTile.Polygon])] = []
        for feature in chosen(kind) where squarePixels(map.features[feature].size) >= Self.leastArea {
            let polygons = polygons(of: feature)
            guard !polygons.isEmpty else { continue }
            guard takesRoom(points: polygons.joined().reduce(0) { $0 + $1.count / 2 + 1 }) else { break }
            found.append((feature, polygons))
        }
        return found.sorted { $0.feature < $1.feature }.flatMap(\.polygons)
    }

    private func polygons(of feature: Int) -> [MapTile.Polygon] {
        var rings: [[Double]] = []
        for part in map.parts(of: feature) {
            let ring = position(part)
            // A hole too small to be seen is none.
            if rings.isEmpty || Self.surface(ring) >= Self.leastArea * Self.pixel * Self.pixel {
                rings.append(ring)
            }
        }
        // Four corners are as simple as it gets.
        if rings.contains(where: { $0.count > 10 }) {
            rings = (try? shapes.simplified(rings: rings, tolerance: Self.tolerance)) ?? rings
        }
        guard !number.box.holds(map.features[feature].box) else {
            return Self.rounded(rings).map { [$0] } ?? []
        }
        let cut = (try? shapes.cut(rings: rings, to: frame, grid: 1)) ?? []
        return cut.compactMap(Self.rounded)
    }

    /// A polygon in whole units; nil where nothing is left of it.
    private static func rounded(_ rings: [[Double]]) -> MapTile.Polygon? {
        var polygon: MapTile.Polygon = []
        for ring in rings {
            let whole = rounded(line: ring)
            if whole.count >= 8, surface(ring) > 0 {
                polygon.append(whole)
            } else if polygon.isEmpty {
                return nil
            }
        }
        return polygon.isEmpty ? nil : polygon
    }

    private static func surface(_ ring: [Double]) -> Double {
        guard ring.count >= 6 else { return 0 }
        var twice = 0.0
        for index in stride(from: 0, to: ring.count - 3, by: 2) {
            twice += (ring[index] - ring[0]) * (ring[index + 3] - ring[1])
            twice -= (ring[index + 2] - ring[0]) * (ring[index + 1] - ring[1])
        }
        return abs(twice) / 2
    }

    // MARK: Lines

    private mutating func lines(_ kind: MapKind) -> [(name: String?, line: [Int32])] {
        var found: [(feature: Int, name: String?, line: [Int32])] = []
        for feature in chosen(kind) {
            let name = map.name(of: map.features[feature])
            let pieces = pieces(of: feature)
            let cost = pieces.reduce(0) { $0 + $1.count / 2 + 4 + (name?.utf8.count ?? 0) }
            guard !pieces.isEmpty else { continue }
            guard takesRoom(points: cost) else { break }
            found += pieces.map { (feature, name, $0) }
        }
        // Swift's sort is stable: the pieces of a line stay in their order.
        return found.sorted { $0.feature < $1.feature }.map { (name: $0.name, line: $0.line) }
    }

    private func pieces(of feature: Int) -> [[Int32]] {
        var pieces: [[Double]] = []
        for part in map.parts(of: feature) {
            var line = position(part)
            if line.count > 4 {
                line = (try? shapes.simplified(line: line, tolerance: Self.tolerance)) ?? line
            }
            if number.box.holds(map.features[feature].box) {
                pieces.append(line)
            } else {
                pieces += (try? shapes.cut(line: line, to: frame)) ?? []
            }
        }
        return pieces.map(Self.rounded(line:)).filter { $0.count >= 4 }
    }

    // MARK: Names

    private mutating func addLabels(_ kind: MapKind) {
        let extent = Double(TileNumber.extent)
        for feature in chosen(kind) {
            let record = map.features[feature]
            let (x, y) = number.position(WorldPoint(x: record.box.west, y: record.box.north))
            guard (0..<extent).contains(x), (0..<extent).contains(y),
                squarePixels(record.size) >= Self.leastLabelled * Self.leastLabelled,
                let name = map.name(of: record)
            else { continue }
            guard result.labels.count < Self.maximumLabels, takesRoom(points: 1, name: name) else { return }
            result.labels.append(
                MapTile.Label(kind: kind, name: name, x: Self.rounded(x), y: Self.rounded(y)))
        }
    }

    // MARK: Numbers

    private func position(_ range: Range<Int>) -> [Double] {
        var flat: [Double] = []
        flat.reserveCapacity(range.count * 2)
        for index in range {
            let (x, y) = number.position(map.points[index])
            flat.append(x)
            flat.append(y)
        }
        return flat
    }

    /// Rounds up from the half on both sides of zero, so that two tiles round the same point to the same place.
    private static func rounded(_ unit: Double) -> Int32 { Int32((unit + 0.5).rounded(.down)) }

    private static func rounded(line: [Double]) -> [Int32] {
        var whole: [Int32] = []
        whole.reserveCapacity(line.count)
        for index in stride(from: 0, to: line.count - 1, by: 2) {
            let (x, y) = (rounded(line[index]), rounded(line[index + 1]))
            if whole.count >= 2, whole[whole.count - 2] == x, whole[whole.count - 1] == y { continue }
            whole.append(x)
            whole.append(y)
        }
        return whole
    }
}
