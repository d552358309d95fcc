import AreaGeometry
import DirectoryModel
import Foundation
import Testing

@testable import StreetMap

@Suite struct TileTests {
    /// A quarter of a pixel by simplifying, and what rounding to whole units and steps adds.
    private static let tolerance = 5.0
    private static let frame = -64.0...4160.0

    @Test(arguments: 1...2)
    func areasHoldTheSamePointsAsThoseOfTheSlowOracle(seed: UInt64) throws {
        let town = RandomTown(seed: seed)
        let map = try town.map()
        var numbers = SeededNumbers(seed: seed &* 77)
        var (inside, outside) = (0, 0)
        for number in RandomTown.tiles(seed: seed, each: 6) {
            let tile = map.tile(number)
            let layers: [(given: [[[Coordinate]]], drawn: [MapTile.Polygon])] = [
                (town.lakes, tile.waterAreas), (town.woods, tile.green),
                (number.zoom >= 15 ? town.houses : [], tile.buildings),
            ]
            for layer in layers {
                let given = layer.given.map { $0.map { $0.map { units($0, in: number) } } }.filter(
                    Self.isNear)
                let drawn = layer.drawn.map { $0.map(Naive.line) }
                for _ in 0..<100 {
                    let point = Unit(x: numbers.number(Self.frame), y: numbers.number(Self.frame))
                    // On an outline both answers are right.
                    guard
                        given.joined().allSatisfy({ Naive.distance(point, $0) > Self.tolerance }),
                        abs(point.x + 64) > 1, abs(point.y + 64) > 1, abs(point.x - 4160) > 1,
                        abs(point.y - 4160) > 1
                    else { continue }
                    let expected = given.contains { Naive.isInside(point, $0) }
                    let found = drawn.contains { Naive.isInside(point, $0) }
                    #expect(found == expected, "\(number) at \(point)")
                    if expected { inside += 1 } else { outside += 1 }
                }
            }
        }
        // The comparison is worth something only where both kinds of points were met.
        #expect(inside > 200 && outside > 1_000, "\(inside) and \(outside)")
    }

    /// Whether some point of an outline's box can be in the frame.
    private static func isNear(_ rings: [[Unit]]) -> Bool {
        let (xs, ys) = (rings[0].map(\.x), rings[0].map(\.y))
        guard let west = xs.min(), let east = xs.max(), let north = ys.min(), let south = ys.max() else {
            return false
        }
        return west < 4200 && east > -100 && north < 4200 && south > -100
    }

    @Test(arguments: 1...4)
    func linesLieOnThoseOfTheSlowOracleAndCoverThem(seed: UInt64) throws {
        let town = RandomTown(seed: seed)
        let map = try town.map()
        var compared = 0
        for number in RandomTown.tiles(seed: seed &+ 9, each: 6) {
            let tile = map.tile(number)
            let names = Dictionary(grouping: tile.streets, by: \.name)
            for street in town.streets {
                let given = street.line.map { units($0, in: number) }
                let pieces = (names[street.name] ?? []).map { Naive.line($0.line) }
                #expect((names[street.name] ?? []).allSatisfy { $0.kind == street.kind })
                for point in pieces.joined() {
                    #expect(Naive.distance(point, given) <= Self.tolerance, "\(street.name) \(number)")
                    #expect((-64...4160).contains(point.x) && (-64...4160).contains(point.y))
                    compared += 1
                }
                // Every step of the line that lies in the frame, well within, is on one of the pieces.
                for (from, to) in zip(given, given.dropFirst()) {
                    for share in stride(from: 0.0, through: 1, by: 0.1) {
                        let point = Unit(
                            x: from.x + share * (to.x - from.x), y: from.y + share * (to.y - from.y))
                        guard (-58...4154).contains(point.x), (-58...4154).contains(point.y) else { continue }
                        #expect(
                            pieces.contains { Naive.distance(point, $0) <= Self.tolerance + 1 },
                            "\(street.name) \(number) \(point)")
                        compared += 1
                    }
                }
            }
            for line in tile.waterLines.map(Naive.line) {
                let nearest = town.brooks.map { brook in
                    line.map { Naive.distance($0, brook.map { units($0, in: number) }) }.max() ?? 0
                }.min()
                #expect((nearest ?? .infinity) <= Self.tolerance)
            }
        }
        #expect(compared > 2_000)
    }

    @Test func whatCrossesABorderIsTheSameOnBothSides() throws {
        let town = RandomTown(seed: 5)
        let map = try town.map()
        var met = 0
        for number in RandomTown.tiles(seed: 3, each: 8) {
            for (x, y) in [(1, 0), (0, 1)] {
                let next = try #require(TileNumber(zoom: number.zoom, x: number.x + x, y: number.y + y))
                // Points of lines between the two margins, without those that the margins themselves cut.
                func points(_ tile: MapTile, shift: Double) -> Set<String> {
                    var found: Set<String> = []
                    for street in tile.streets {
                        for point in Naive.line(street.line) {
                            let along = (x == 1 ? point.x : point.y) - shift
                            let across = x == 1 ? point.y : point.x
                            guard (-62...62).contains(along), (-62...4158).contains(across) else { continue }
                            found.insert("\(street.name ?? "") \(along) \(across)")
                        }
                    }
                    return found
                }
                let here = points(map.tile(number), shift: 4096)
                let there = points(map.tile(next), shift: 0)
                #expect(here == there, "\(number)")
                met += here.count
            }
        }
        #expect(met > 20)
    }

    @Test func simpleShapesHaveTheSurfaceThatTheyShouldHave() throws {
        // Squares of 300 m with a square hole of 100 m: never simplified, so only rounding may tell them apart.
        var builder = StreetMapBuilder()
        func square(_ east: Double, _ north: Double, _ half: Double) -> [Coordinate] {
            [(-1.0, -1.0), (1, -1), (1, 1), (-1, 1), (-1, -1)].map {
                RandomTown.point(east + $0.0 * half, north + $0.1 * half)
            }
        }
        var given: [[[Coordinate]]] = []
        for east in stride(from: -1_000.0, through: 1_000, by: 400) {
            given.append([square(east, 0, 150), square(east, 0, 50)])
        }
        builder.addArea(.init(kind: .green, firstZoom: 13), Area(parts: given))
        let map = try builder.build(sourceTimestamp: nil, attribution: "").map()
        #expect(map.counts[.green] == given.count)
        for zoom in TileNumber.zooms {
            var total = 0.0
            let corner = try #require(TileNumber(zoom: zoom, at: RandomTown.point(-1_300, 300)))
            let end = try #require(TileNumber(zoom: zoom, at: RandomTown.point(1_300, -300)))
            for x in corner.x...end.x {
                for y in corner.y...end.y {
                    let tile = map.tile(try #require(TileNumber(zoom: zoom, x: x, y: y)))
                    for polygon in tile.green {
                        total += Self.surfaceWithinTile(polygon[0])
                        total -= polygon.dropFirst().reduce(0) { $0 + Self.surfaceWithinTile($1) }
                    }
                }
            }
            let scale = 4096 * pow(2, Double(zoom))
            let metre =
                scale / (40_075_016.686 * cos(RandomTown.centre.latitude.value * .pi / 180))
            // 111,195 m to a degree of the sphere, against the 111,319 m of the ellipsoid's equator.
            let expected = Double(given.count) * (300 * 300 - 100 * 100) * metre * metre * 1.00224
            #expect(abs(total / expected - 1) < 0.02, "zoom \(zoom): \(total) for \(expected)")
        }
    }

    /// The surface of a ring within 0…4096.
    private static func surfaceWithinTile(_ flat: [Int32]) -> Double {
        var ring = Naive.line(flat)
        // Sutherland and Hodgman's way of cutting at a half-plane, four times.
        for side in 0..<4 {
            func depth(_ point: Unit) -> Double {
                switch side {
                case 0: point.x
                case 1: point.y
                case 2: 4096 - point.x
                default: 4096 - point.y
                }
            }
            var cut: [Unit] = []
            for (from, to) in zip(ring, ring.dropFirst()) {
                let (a, b) = (depth(from), depth(to))
                if a >= 0 { cut.append(from) }
                if (a >= 0) != (b >= 0) {
                    let share = a / (a - b)
                    cut.append(
                        Unit(x: from.x + share * (to.x - from.x), y: from.y + share * (to.y - from.y)))
                }
            }
            if let first = cut.first { cut.append(first) }
            ring = cut
        }
        var twice = 0.0
        for (from, to) in zip(ring, ring.dropFirst()) { twice += from.x * to.y - to.x * from.y }
        return abs(twice) / 2
    }

    @Test func theOrderOfAddingDoesNotMatter() throws {
        let town = RandomTown(seed: 8)
        var turned = town
        turned.houses.reverse()
        turned.lakes.reverse()
        turned.streets.reverse()
        let first = try town.map()
        let second = try turned.map()
        #expect(first.checksum == second.checksum)
        #expect(first.image.bytes.elementsEqual(second.image.bytes))
        let number = try #require(TileNumber(zoom: 15, at: RandomTown.centre))
        #expect(first.tile(number) == second.tile(number))
        #expect(first.tile(number) == first.tile(number))
        #expect(try RandomTown(seed: 9).map().checksum != first.checksum)
    }

    @Test func eachNameIsInOneTileAndOnlyWhereThereIsRoom() throws {
        var builder = StreetMapBuilder()
        func square(_ half: Double, _ east: Double) -> Area {
            Area(parts: [
                [
                    [(-1.0, -1.0), (1, -1), (1, 1), (-1, 1), (-1, -1)].map {
                        RandomTown.point(east + $0.0 * half, $0.1 * half)
                    }
                ]
            ])
        }
        builder.addLabel(.estateLabel, name: "翠竹园", at: RandomTown.point(0, 0), of: square(150, 0))
        builder.addLabel(.parkLabel, name: "小花园", at: RandomTown.point(500, 0), of: square(10, 500))
        builder.addLabel(
            .waterLabel, name: "秦淮河",
            along: [RandomTown.point(-900, 0), RandomTown.point(-500, 0), RandomTown.point(-100, 0)])
        let map = try builder.build(sourceTimestamp: nil, attribution: "").map()
        for zoom in TileNumber.zooms {
            var names: [String] = []
            let corner = try #require(TileNumber(zoom: zoom, at: RandomTown.point(-1_300, 300)))
            let end = try #require(TileNumber(zoom: zoom, at: RandomTown.point(1_300, -300)))
            for x in corner.x...end.x {
                for y in corner.y...end.y {
                    for label in map.tile(try #require(TileNumber(zoom: zoom, x: x, y: y))).labels {
                        names.append(label.name)
                        #expect((0...4096).contains(label.x) && (0...4096).contains(label.y))
                    }
                }
            }
            // 300 m are 18 pixels at zoom 13 and 36 at 14; 20 m are 38 at 18. 800 m count as 100.
            let expected =
                (zoom >= 14 ? ["翠竹园"] : []) + (zoom >= 18 ? ["小花园"] : []) + (zoom >= 16 ? ["秦淮河"] : [])
            #expect(names.sorted() == expected.sorted(), "zoom \(zoom)")
        }
    }

    @Test func smallThingsComeInAsOneComesNearer() throws {
        var builder = StreetMapBuilder()
        func square(_ half: Double) -> Area {
            Area(parts: [
                [
                    [(-1.0, -1.0), (1, -1), (1, 1), (-1, 1), (-1, -1)].map {
                        RandomTown.point($0.0 * half, $0.1 * half)
                    }
                ]
            ])
        }
        builder.addArea(.init(kind: .building, firstZoom: 15), square(20))
        builder.addArea(.init(kind: .building, firstZoom: 15), square(1))
        builder.addArea(.init(kind: .green, firstZoom: 13), square(7))
        let map = try builder.build(sourceTimestamp: nil, attribution: "").map()
        func count(_ zoom: Int, _ layer: (MapTile) -> Int) throws -> Int {
            layer(map.tile(try #require(TileNumber(zoom: zoom, at: RandomTown.centre))))
        }
        // A pixel is 16.2 m wide at zoom 13 here, and half as wide at each further one.
        #expect(try TileNumber.zooms.map { try count($0) { $0.buildings.count } } == [0, 0, 1, 1, 2, 2])
        #expect(try TileNumber.zooms.map { try count($0) { $0.green.count } } == [0, 1, 1, 1, 1, 1])
    }

    @Test func aTileHoldsNoMoreThanItsBudget() throws {
        var numbers = SeededNumbers(seed: 4)
        var builder = StreetMapBuilder()
        let number = try #require(TileNumber(zoom: 16, at: RandomTown.centre))
        // The middle of the tile, which is 518 m wide here.
        let half = UInt32(1) << 15
        let middle = Mercator.coordinate(
            WorldPoint(x: UInt32(number.x) << 16 | half, y: UInt32(number.y) << 16 | half))
        func point(_ east: Double, _ north: Double) -> Coordinate {
            Coordinate(
                uncheckedLatitude: middle.latitude.value + north / 111_195,
                longitude: middle.longitude.value + east / 111_195 / 0.8477)
        }
        for index in 0..<12_000 {
            let (east, north) = (numbers.number(-150...150), numbers.number(-150...150))
            let side = 3 + Double(index % 10)
            let ring = [(-1.0, -1.0), (1, -1), (1, 1), (-1, 1), (-1, -1)].map {
                point(east + $0.0 * side, north + $0.1 * side)
            }
            builder.addArea(.init(kind: .building, firstZoom: 15), Area(parts: [[ring]]))
        }
        builder.addLine(
            .init(kind: .major, firstZoom: 13), [point(-200, 0), point(200, 0)],
            name: String(repeating: "很长的路名", count: 100))
        let tile = try builder.build(sourceTimestamp: nil, attribution: "").map().tile(number)
        #expect(tile.isFull)
        let points = tile.buildings.joined().reduce(0) { $0 + $1.count / 2 }
        #expect(points <= TileMaker.budget && points > TileMaker.budget / 4)
        // Streets have room before houses, and large houses before small ones: the upper quarter is drawn.
        let name = try #require(tile.streets.first?.name)
        #expect(name.hasPrefix("很长的路名") && name.utf8.count <= StreetMapBuilder.nameLimit)
        let widths = tile.buildings.map { rings in
            let xs = stride(from: 0, to: rings[0].count, by: 2).map { rings[0][$0] }
            return (xs.max() ?? 0) - (xs.min() ?? 0)
        }
        // 7.9 units to a metre, and ten metres on each side of the middle.
        #expect((widths.min() ?? 0) > 140)
        #expect((2_500...3_000).contains(tile.buildings.count))
    }

    @Test func outsideOfTheMapTilesAreEmpty() throws {
        let map = try RandomTown(seed: 2).map()
        for (x, y) in [(0, 0), (65_535, 65_535), (1, 32_768)] {
            let tile = map.tile(try #require(TileNumber(zoom: 16, x: x, y: y)))
            #expect(tile == MapTile())
        }
        let nothing = try StreetMapBuilder().build(sourceTimestamp: nil, attribution: "甲").map()
        #expect(nothing.bounds == nil)
        #expect(nothing.attribution == "甲")
        #expect(nothing.tile(try #require(TileNumber(zoom: 13, x: 0, y: 0))) == MapTile())
    }

    @Test func shapesThatAreNoneAreLeftOut() throws {
        var builder = StreetMapBuilder()
        let point = RandomTown.centre
        let broken = Coordinate(uncheckedLatitude: .nan, longitude: .infinity)
        let far = Coordinate(uncheckedLatitude: 89, longitude: 179.999_999_99)
        builder.addArea(.init(kind: .building, firstZoom: 15), Area(parts: []))
        builder.addArea(.init(kind: .building, firstZoom: 15), Area(parts: [[]]))
        builder.addArea(.init(kind: .building, firstZoom: 15), Area(parts: [[[point, point, point, point]]]))
        builder.addLine(.init(kind: .minor, firstZoom: 13), [], name: "甲")
        builder.addLine(.init(kind: .minor, firstZoom: 13), [point, point], name: "甲")
        builder.addLine(.init(kind: .minor, firstZoom: 13), [point, broken], name: "甲")
        builder.addLabel(.parkLabel, name: "", at: point, of: Area(parts: []))
        builder.addLabel(.parkLabel, name: "乙", at: broken, of: Area(parts: []))
        builder.addLabel(.waterLabel, name: "丙", along: [])
        #expect(builder.features.isEmpty)
        #expect(builder.points.isEmpty)
        // A ring that crosses itself is drawn as far as GEOS can make something of it, and never traps.
        let bow = [(0.0, 0.0), (3_000, 3_000), (3_000, 0), (0, 3_000), (700, 100), (0, 0)].map {
            RandomTown.point($0.0, $0.1)
        }
        builder.addArea(.init(kind: .green, firstZoom: 13), Area(parts: [[bow]]))
        builder.addLine(.init(kind: .minor, firstZoom: 13), [point, far], name: "远")
        let map = try builder.build(sourceTimestamp: nil, attribution: "").map()
        for number in RandomTown.tiles(seed: 6, each: 4) { _ = map.tile(number) }
        let tile = map.tile(try #require(TileNumber(zoom: 13, at: RandomTown.point(2_000, 1_500))))
        #expect(!tile.green.isEmpty)
    }
}
