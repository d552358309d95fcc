package import DirectoryModel
internal import Glibc

/// A point of the square that Web Mercator makes of the world: 2^32 steps a side, from its north-west corner.
///
/// A step is 0.93 cm at the equator. A tile at zoom z is 2^(32 - z) steps wide, so that the way from steps to
/// the units of a tile is a power of two, and exact.
struct WorldPoint: Hashable, BitwiseCopyable {
    /// Steps east.
    var x: UInt32
    /// Steps south.
    var y: UInt32
}

/// Web Mercator (EPSG:3857), which the tiles of nearly all web maps are in.
enum Mercator {
    /// The side of the world in steps.
    static let side = 4_294_967_296.0
    /// Where the square ends, in degrees north and south.
    static let latitudeLimit = 85.051_128_779_806_59

    /// The step at which a point lies; one beyond the square is put on its edge.
    static func point(_ coordinate: Coordinate) -> WorldPoint {
        let latitude = min(latitudeLimit, max(-latitudeLimit, coordinate.latitude.value))
        let sine = sin(latitude * .pi / 180)
        return WorldPoint(
            x: step(coordinate.longitude.value / 360 + 0.5),
            y: step(0.5 - log((1 + sine) / (1 - sine)) / (4 * .pi)))
    }

    private static func step(_ share: Double) -> UInt32 {
        // Not a number counts as zero: a point must never trap.
        let steps = (share * side).rounded()
        return steps > 0 ? (steps >= side - 1 ? .max : UInt32(steps)) : 0
    }

    /// The point at a step.
    static func coordinate(_ point: WorldPoint) -> Coordinate {
        let angle = .pi * (1 - 2 * Double(point.y) / side)
        return Coordinate(
            uncheckedLatitude: atan(sinh(angle)) * 180 / .pi, longitude: (Double(point.x) / side - 0.5) * 360)
    }
}

/// The number of a tile, as nearly all web maps count them.
package struct TileNumber: Hashable, Sendable {
    /// The zooms of which there are tiles.
    ///
    /// Chosen: a community fits a screen at 13, and at 18 a house is as wide as a finger.
    package static let zooms = 13...18
    /// Units of a tile from edge to edge.
    package static let extent = 4096
    /// Units beyond each edge that a tile holds too, so that lines of some width end outside of what is shown.
    package static let margin = 64

    /// The zoom, within `zooms`.
    package let zoom: Int
    /// Tiles from the 180th meridian eastward, below 2^zoom.
    package let x: Int
    /// Tiles from the northern edge southward, below 2^zoom.
    package let y: Int

    /// A tile, or nil where there is none with these numbers.
    package init?(zoom: Int, x: Int, y: Int) {
        guard Self.zooms.contains(zoom), x >= 0, y >= 0, x < 1 << zoom, y < 1 << zoom else { return nil }
        self.zoom = zoom
        self.x = x
        self.y = y
    }

    /// The tile that a point lies in.
    package init?(zoom: Int, at coordinate: Coordinate) {
        guard Self.zooms.contains(zoom) else { return nil }
        let point = Mercator.point(coordinate)
        self.init(zoom: zoom, x: Int(point.x >> (32 - UInt32(zoom))), y: Int(point.y >> (32 - UInt32(zoom))))
    }

    /// Units of the tile to a step: a power of two.
    var scale: Double { Double(Self.extent) * Double(1 << zoom) / Mercator.side }

    /// The units at which a step lies, from the tile's north-western corner: exact.
    func position(_ point: WorldPoint) -> (x: Double, y: Double) {
        (
            Double(point.x) * scale - Double(x * Self.extent),
            Double(point.y) * scale - Double(y * Self.extent)
        )
    }

    /// The steps that the tile holds with its margin.
    var box: WorldBox {
        let side = Int64(1) << (32 - Int64(zoom))
        let margin = side * Int64(Self.margin) / Int64(Self.extent)
        func clamped(_ step: Int64) -> UInt32 { UInt32(min(Int64(UInt32.max), max(0, step))) }
        return WorldBox(
            west: clamped(Int64(x) * side - margin), north: clamped(Int64(y) * side - margin),
            east: clamped((Int64(x) + 1) * side + margin), south: clamped((Int64(y) + 1) * side + margin))
    }
}

/// A box in steps, edges included.
///
/// 16 bytes.
struct WorldBox: Hashable, BitwiseCopyable {
    var west: UInt32
    var north: UInt32
    var east: UInt32
    var south: UInt32

    /// The box that holds nothing.
    static let empty = WorldBox(west: .max, north: .max, east: 0, south: 0)

    /// Whether it holds nothing.
    var isEmpty: Bool { west > east || north > south }

    mutating func include(_ point: WorldPoint) {
        west = min(west, point.x)
        north = min(north, point.y)
        east = max(east, point.x)
        south = max(south, point.y)
    }

    mutating func include(_ other: WorldBox) {
        west = min(west, other.west)
        north = min(north, other.north)
        east = max(east, other.east)
        south = max(south, other.south)
    }

    /// Whether two boxes share a point.
    func meets(_ other: WorldBox) -> Bool {
        west <= other.east && other.west <= east && north <= other.south && other.north <= south
    }

    /// Whether it holds another box whole.
    func holds(_ other: WorldBox) -> Bool {
        west <= other.west && north <= other.north && east >= other.east && south >= other.south
    }

    /// The middle's place on a curve along which near is mostly near.
    ///
    /// Source: G. M. Morton, IBM 1966.
    var curveKey: UInt64 {
        let middle = (
            x: UInt32((UInt64(west) + UInt64(east)) / 2), y: UInt32((UInt64(north) + UInt64(south)) / 2)
        )
        return Self.spread(middle.x) | Self.spread(middle.y) << 1
    }

    /// The bits of a number with a zero after each.
    private static func spread(_ number: UInt32) -> UInt64 {
        var bits = UInt64(number)
        bits = (bits | bits << 16) & 0x0000_FFFF_0000_FFFF
        bits = (bits | bits << 8) & 0x00FF_00FF_00FF_00FF
        bits = (bits | bits << 4) & 0x0F0F_0F0F_0F0F_0F0F
        bits = (bits | bits << 2) & 0x3333_3333_3333_3333
        return (bits | bits << 1) & 0x5555_5555_5555_5555
    }
}
