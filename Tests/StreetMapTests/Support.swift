// StreetMapTests: tiles against a slow oracle, the map file whole and damaged.
// May import: DirectoryModel, AreaGeometry, StreetMap.

import DirectoryModel
import Foundation
import Testing

@testable import StreetMap

/// Numbers that look random and are the same for the same seed on every machine.
struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func number(_ range: ClosedRange<Double>) -> Double {
        range.lowerBound + Double(next() >> 11) / Double(1 << 53) * (range.upperBound - range.lowerBound)
    }

    mutating func below(_ count: Int) -> Int { Int(next() % UInt64(max(1, count))) }
}

/// A point in units of a tile.
struct Unit: Hashable {
    var x: Double
    var y: Double
}

/// Web Mercator by its textbook formula, not by the code under test.
///
/// Source: https://wiki.openstreetmap.org/wiki/Slippy_map_tilenames
func units(_ point: Coordinate, in tile: TileNumber) -> Unit {
    let count = pow(2, Double(tile.zoom))
    let latitude = point.latitude.value * .pi / 180
    return Unit(
        x: ((point.longitude.value + 180) / 360 * count - Double(tile.x)) * 4096,
        y: ((1 - asinh(tan(latitude)) / .pi) / 2 * count - Double(tile.y)) * 4096)
}

/// A town of random shapes about a point of Nanjing.
struct RandomTown {
    static let centre = Coordinate(uncheckedLatitude: 32.04, longitude: 118.78)
    var lakes: [[[Coordinate]]] = []
    var woods: [[[Coordinate]]] = []
    var houses: [[[Coordinate]]] = []
    var streets: [(kind: MapKind, name: String, line: [Coordinate])] = []
    var brooks: [[Coordinate]] = []

    init(seed: UInt64) {
        var numbers = SeededNumbers(seed: seed)
        for _ in 0..<6 { lakes.append(Self.blob(&numbers, metres: 200...900, corners: 40, holes: 2)) }
        for _ in 0..<10 { woods.append(Self.blob(&numbers, metres: 150...500, corners: 4, holes: 0)) }
        for _ in 0..<300 { houses.append(Self.blob(&numbers, metres: 15...60, corners: 7, holes: 1)) }
        let kinds: [MapKind] = [.major, .minor, .footway, .steps, .pedestrian, .rail]
        for index in 0..<40 {
            streets.append(
                (kinds[index % kinds.count], "第\(index)号路", Self.walk(&numbers, points: 5 + index * 3)))
        }
        for _ in 0..<5 { brooks.append(Self.walk(&numbers, points: 60)) }
    }

    /// The point so many metres east and north of the centre.
    static func point(_ east: Double, _ north: Double) -> Coordinate {
        let degree = 111_195.0
        return Coordinate(
            uncheckedLatitude: centre.latitude.value + north / degree,
            longitude: centre.longitude.value + east / degree / cos(centre.latitude.value * .pi / 180))
    }

    /// A polygon like a star about a random middle, with holes like small stars about points inside.
    static func blob(
        _ numbers: inout SeededNumbers, metres: ClosedRange<Double>, corners: Int, holes: Int
    ) -> [[Coordinate]] {
        let middle = (east: numbers.number(-2_500...2_500), north: numbers.number(-2_500...2_500))
        let radius = numbers.number(metres)
        func star(_ east: Double, _ north: Double, _ radius: Double, _ corners: Int) -> [Coordinate] {
            let turn = numbers.number(0...1)
            let ring = (0..<corners).map { corner in
                let angle = (Double(corner) + turn) / Double(corners) * 2 * .pi
                let reach = radius * numbers.number(0.6...1)
                return point(east + reach * cos(angle), north + reach * sin(angle))
            }
            return ring + [ring[0]]
        }
        var rings = [star(middle.east, middle.north, radius, corners)]
        // Within half of the least reach, and apart from one another.
        for hole in 0..<holes {
            let side = hole == 0 ? -0.25 : 0.25
            rings.append(star(middle.east + side * radius, middle.north, radius * 0.18, 6))
        }
        return rings
    }

    static func walk(_ numbers: inout SeededNumbers, points: Int) -> [Coordinate] {
        var (east, north) = (numbers.number(-2_500...2_500), numbers.number(-2_500...2_500))
        var angle = numbers.number(0...6.28)
        return (0..<points).map { _ in
            angle += numbers.number(-0.7...0.7)
            let step = numbers.number(2...90)
            east += step * cos(angle)
            north += step * sin(angle)
            return point(east, north)
        }
    }

    func builder() -> StreetMapBuilder {
        var builder = StreetMapBuilder()
        for rings in lakes {
            builder.addArea(.init(kind: .waterArea, firstZoom: 13), Area(parts: [rings]))
        }
        for rings in woods { builder.addArea(.init(kind: .green, firstZoom: 13), Area(parts: [rings])) }
        for rings in houses { builder.addArea(.init(kind: .building, firstZoom: 15), Area(parts: [rings])) }
        for street in streets {
            builder.addLine(.init(kind: street.kind, firstZoom: 13), street.line, name: street.name)
        }
        for brook in brooks { builder.addLine(.init(kind: .waterLine, firstZoom: 13), brook, name: nil) }
        return builder
    }

    func map() throws -> StreetMap {
        try builder().build(sourceTimestamp: nil, attribution: "测试").map()
    }

    /// Some tiles of every zoom that lie in the town.
    static func tiles(seed: UInt64, each: Int) -> [TileNumber] {
        var numbers = SeededNumbers(seed: seed)
        return TileNumber.zooms.flatMap { zoom in
            (0..<each).compactMap { _ in
                TileNumber(
                    zoom: zoom, at: point(numbers.number(-2_000...2_000), numbers.number(-2_000...2_000)))
            }
        }
    }
}

/// Distances and insides, the slow way.
enum Naive {
    /// The distance from a point to the nearest piece of a line.
    static func distance(_ point: Unit, _ line: [Unit]) -> Double {
        var least = Double.infinity
        for (from, to) in zip(line, line.dropFirst()) {
            let (dx, dy) = (to.x - from.x, to.y - from.y)
            let square = dx * dx + dy * dy
            let share = square > 0 ? ((point.x - from.x) * dx + (point.y - from.y) * dy) / square : 0
            let at = min(1, max(0, share))
            let (x, y) = (from.x + at * dx - point.x, from.y + at * dy - point.y)
            least = min(least, (x * x + y * y).squareRoot())
        }
        return least
    }

    /// Whether a point lies in rings, by the number of edges that a ray from it crosses.
    static func isInside(_ point: Unit, _ rings: [[Unit]]) -> Bool {
        var crossings = 0
        for ring in rings {
            for (from, to) in zip(ring, ring.dropFirst()) where (from.y > point.y) != (to.y > point.y) {
                let x = from.x + (point.y - from.y) / (to.y - from.y) * (to.x - from.x)
                if x > point.x { crossings += 1 }
            }
        }
        return crossings % 2 == 1
    }

    static func line(_ flat: [Int32]) -> [Unit] {
        stride(from: 0, to: flat.count, by: 2).map { Unit(x: Double(flat[$0]), y: Double(flat[$0 + 1])) }
    }
}
