package import DirectoryModel

/// Collects what is drawn, then lays it out as a map file.
///
/// The same features in any order give the same file, byte for byte.
package struct StreetMapBuilder {
    /// A feature as it was given.
    struct Feature {
        var kind: MapKind
        var firstZoom: UInt8
        var name: UInt32
        var size: Float
        var box: WorldBox
        /// Its rings or lines, each one's points in `points`.
        var parts: [Range<Int>]
    }

    /// Points that a file can hold: ranges of them are written in 32 bits.
    private static let maximumPoints = Int(UInt32.max)
    /// Bytes of a name that are kept; a longer one is cut between characters.
    ///
    /// Chosen, not measured: 100 Chinese characters.
    static let nameLimit = 300

    private(set) var features: [Feature] = []
    private(set) var points: [WorldPoint] = []
    private(set) var names: [String] = [""]
    private var nameNumbers: [String: UInt32] = ["": 0]

    /// A builder without features.
    package init() {}

    /// Adds an area: each of its parts is a feature of its own, with its holes.
    ///
    /// Rings of fewer than three different points are left out.
    package mutating func addArea(_ drawn: DrawingRules.Drawn, _ area: Area) {
        for part in area.parts {
            guard let outline = part.first.flatMap({ addRing($0) }) else { continue }
            let rings = [outline] + part.dropFirst().compactMap { addRing($0) }
            var size = surface(outline)
            for hole in rings.dropFirst() { size -= surface(hole) }
            add(drawn, name: 0, size: Float(max(0, size)), rings)
        }
    }

    /// Adds a line of two points and more.
    ///
    /// - Parameter name: what is written along it.
    package mutating func addLine(_ drawn: DrawingRules.Drawn, _ line: [Coordinate], name: String?) {
        let start = points.count
        append(line)
        guard points.count - start >= 2 else { return points.removeLast(points.count - start) }
        let length = self.length(start..<points.count)
        add(drawn, name: number(of: name), size: Float(length * length), [start..<points.count])
    }

    /// Adds the name of an area, to be written at a point inside it where the area is large enough on the screen.
    package mutating func addLabel(_ kind: MapKind, name: String, at point: Coordinate, of area: Area) {
        let size = area.parts.lazy.compactMap(\.first).map { ring in
            Self.surface(ring.map(Mercator.point))
        }.reduce(0, +)
        addLabel(kind, name: name, at: point, size: size)
    }

    /// Adds the name of a line, to be written at its middle where it is long enough on the screen.
    package mutating func addLabel(_ kind: MapKind, name: String, along line: [Coordinate]) {
        guard !line.isEmpty else { return }
        let steps = line.map(Mercator.point)
        var length = 0.0
        for (from, to) in zip(steps, steps.dropFirst()) { length += Self.length(from, to) }
        // An eighth of its length is to a line what its width is to an area.
        addLabel(kind, name: name, at: line[line.count / 2], size: length * length / 64)
    }

    private mutating func addLabel(_ kind: MapKind, name: String, at point: Coordinate, size: Double) {
        let number = number(of: name)
        guard kind.isLabel, number > 0, point.isOnEarth else { return }
        var box = WorldBox.empty
        box.include(Mercator.point(point))
        features.append(
            Feature(
                kind: kind, firstZoom: UInt8(TileNumber.zooms.lowerBound), name: number, size: Float(size),
                box: box, parts: []))
    }

    private mutating func add(
        _ drawn: DrawingRules.Drawn, name: UInt32, size: Float, _ parts: [Range<Int>]
    ) {
        var box = WorldBox.empty
        for part in parts { for point in points[part] { box.include(point) } }
        features.append(
            Feature(
                kind: drawn.kind, firstZoom: UInt8(drawn.firstZoom), name: name, size: size, box: box,
                parts: parts))
    }

    private mutating func append(_ line: [Coordinate]) {
        let start = points.count
        for coordinate in line where coordinate.isOnEarth {
            let point = Mercator.point(coordinate)
            if points.count > start, points.last == point { continue }
            points.append(point)
        }
    }

    /// Adds the points of a ring, the first one again at its end; nil where it encloses nothing.
    private mutating func addRing(_ ring: [Coordinate]) -> Range<Int>? {
        let start = points.count
        append(ring)
        if points.count > start, points.last != points[start] { points.append(points[start]) }
        guard points.count - start >= 4 else {
            points.removeLast(points.count - start)
            return nil
        }
        return start..<points.count
    }

    private mutating func number(of name: String?) -> UInt32 {
        guard var name, !name.isEmpty else { return 0 }
        while name.utf8.count > Self.nameLimit { name.removeLast() }
        if let known = nameNumbers[name] { return known }
        let number = UInt32(names.count)
        nameNumbers[name] = number
        names.append(name)
        return number
    }

    private func surface(_ ring: Range<Int>) -> Double { Self.surface(points[ring]) }

    private func length(_ line: Range<Int>) -> Double {
        zip(points[line], points[line].dropFirst()).reduce(0) { $0 + Self.length($1.0, $1.1) }
    }

    private static func length(_ from: WorldPoint, _ to: WorldPoint) -> Double {
        let (x, y) = (Double(to.x) - Double(from.x), Double(to.y) - Double(from.y))
        return (x * x + y * y).squareRoot()
    }

    /// The surface that a ring encloses, whichever way it runs.
    private static func surface(_ ring: some Collection<WorldPoint>) -> Double {
        guard let first = ring.first else { return 0 }
        var twice = 0.0
        for (from, to) in zip(ring, ring.dropFirst()) {
            // From the first point on, or differences of large products would drown small houses.
            twice += (Double(from.x) - Double(first.x)) * (Double(to.y) - Double(first.y))
            twice -= (Double(to.x) - Double(first.x)) * (Double(from.y) - Double(first.y))
        }
        return abs(twice) / 2
    }

    /// Lays out what was added; a map without features is one too.
    ///
    /// - Parameters:
    ///   - sourceTimestamp: the time up to which the source's data go, where it says so.
    ///   - attribution: whom to credit.
    /// - Throws: `.invalidFile` for more than a map file can hold.
    /// - Complexity: O(n log n) in the features.
    package consuming func build(sourceTimestamp: Timestamp?, attribution: String) throws(DirectoryError)
        -> BuiltStreetMap
    {
        guard points.count < Self.maximumPoints else {
            throw DirectoryError(
                .invalidFile, "the map holds \(points.count) points to be drawn, more than a map file can",
                advice: "cut the map to one city")
        }
        let writer = MapWriter(features: features, points: points, names: names)
        return BuiltStreetMap(
            image: writer.image(timestamp: sourceTimestamp, attribution: attribution),
            featureCount: features.count)
    }
}

extension Coordinate {
    /// Whether its numbers are ones of the Earth.
    fileprivate var isOnEarth: Bool {
        abs(latitude.value) <= 90 && abs(longitude.value) <= 180
    }
}
