import DemoTown
import DirectoryAPI
import DirectoryModel
import Foundation
import StreetMap
import Testing

/// What of an OpenStreetMap file ends on the street map.
@Suite struct StreetMapImportTests {
    /// A file whose points are given in metres about a point of Nanjing.
    private struct Sheet {
        var file = OSMFile(writer: "test", timestamp: Timestamp(secondsSince1970: 1_767_225_600))
        private var next: Int64 = 1

        static func point(_ east: Double, _ north: Double) -> Coordinate {
            Coordinate(
                uncheckedLatitude: 32.04 + north / 111_195, longitude: 118.78 + east / 111_195 / 0.8477)
        }

        @discardableResult
        mutating func way(
            _ points: [(Double, Double)], _ tags: [String: String], closed: Bool = false, missing: Int? = nil
        ) -> Int64 {
            var nodes: [Int64] = []
            for (index, point) in points.enumerated() {
                if index != missing {
                    file.nodes.append(.init(id: next, point: Self.point(point.0, point.1)))
                }
                nodes.append(next)
                next += 1
            }
            if closed { nodes.append(nodes[0]) }
            file.ways.append(.init(id: next, nodes: nodes, tags: tags))
            next += 1
            return next - 1
        }

        @discardableResult
        mutating func square(_ east: Double, _ north: Double, _ half: Double, _ tags: [String: String])
            -> Int64
        {
            way(
                [(-1.0, -1.0), (1, -1), (1, 1), (-1, 1)].map { (east + $0.0 * half, north + $0.1 * half) },
                tags, closed: true)
        }

        mutating func relation(_ members: [(Int64, String)], _ tags: [String: String]) {
            file.relations.append(
                .init(id: next, ways: members.map { .init(way: $0.0, role: $0.1) }, tags: tags))
            next += 1
        }

        func tile(zoom: Int = 15) throws -> (MapTile, StreetMap, RegisterReport) {
            let directory = try ManualDirectory()
            let report = try directory.take(file.pbf(), name: "map.osm.pbf")
            let map = try directory.map()
            let number = try #require(TileNumber(zoom: zoom, at: Self.point(0, 0)))
            return (map.tile(number), map, report)
        }
    }

    private func sheet() -> Sheet {
        var sheet = Sheet()
        // Nothing is imported without a way to walk on.
        sheet.way([(-300, 0), (300, 0)], ["highway": "residential", "name": "中山路"])
        return sheet
    }

    @Test func waysAndAreasOfEveryLayer() throws {
        var sheet = sheet()
        sheet.way([(-300, 50), (300, 50)], ["highway": "motorway", "foot": "no", "name": "内环"])
        sheet.way([(-300, 60), (300, 60)], ["railway": "subway", "tunnel": "yes"])
        sheet.way([(-300, 70), (300, 70)], ["railway": "rail", "name": "京沪线"])
        sheet.way([(-300, 90), (300, 90)], ["waterway": "river", "name": "秦淮河"])
        sheet.square(-100, -100, 20, ["building": "yes"])
        sheet.square(-200, -100, 20, ["building": "no"])
        sheet.square(0, -100, 40, ["leisure": "park", "name": "小公园"])
        sheet.square(100, -100, 40, ["natural": "water", "name": "莲池"])
        sheet.square(0, 0, 150, ["landuse": "residential", "name": "翠竹园"])
        let (tile, map, report) = try sheet.tile()
        #expect(map.counts[.building] == 1 && tile.buildings.count == 1)
        #expect(tile.green.count == 1)
        #expect(tile.waterAreas.count == 1)
        #expect(tile.waterLines.count == 1)
        let streets = Set(tile.streets.map { "\($0.kind.word ?? "") \($0.name ?? "")" })
        #expect(streets == ["minor 中山路", "major 内环", "rail "])
        #expect(map.counts[.waterLabel] == 2 && map.counts[.parkLabel] == 1 && map.counts[.estateLabel] == 1)
        #expect(tile.labels.contains { $0.name == "翠竹园" && $0.kind == .estateLabel })
        #expect(map.attribution == "© OpenStreetMap contributors, ODbL 1.0")
        #expect(map.sourceTimestamp == Timestamp(secondsSince1970: 1_767_225_600))
        #expect(report.figures.contains { $0.name == "drawn on the map" && $0.value == "11" })
    }

    @Test func multipolygonsKeepTheirHolesAndParts() throws {
        var sheet = sheet()
        let outer = sheet.square(0, 200, 60, [:])
        let hole = sheet.square(0, 200, 20, [:])
        let other = sheet.square(200, 200, 30, [:])
        sheet.relation(
            [(outer, "outer"), (hole, "inner"), (other, "outer")],
            ["type": "multipolygon", "natural": "water", "name": "双湖"])
        // A relation without one of its ways cannot be put together: it is left out and hinders nothing.
        sheet.relation(
            [(outer, "outer"), (999_999, "outer")], ["type": "multipolygon", "landuse": "forest"])
        let (tile, map, _) = try sheet.tile()
        #expect(map.counts[.waterArea] == 2)
        #expect(tile.waterAreas.map(\.count).sorted() == [1, 2])
        #expect(map.counts[.waterLabel] == 1)
        #expect(tile.green.isEmpty)
    }

    @Test func aWayIsBrokenWhereTheFileLacksANode() throws {
        var sheet = sheet()
        sheet.way(
            [(-200, 30), (-100, 30), (0, 30), (100, 30), (200, 30)], ["highway": "footway", "name": "断路"],
            missing: 2)
        let (tile, _, _) = try sheet.tile()
        #expect(tile.streets.filter { $0.name == "断路" }.count == 2)
    }

    @Test func namesAreOfOneLineAndWithoutTelephoneNumbers() throws {
        var sheet = sheet()
        sheet.way([(-200, 30), (200, 30)], ["highway": "service", "name": "东\n路\u{202E} 13912345678"])
        sheet.square(0, -100, 90, ["leisure": "park", "name": String(repeating: "长", count: 300)])
        let (tile, _, _) = try sheet.tile(zoom: 16)
        let names = tile.streets.compactMap(\.name) + tile.labels.map(\.name)
        #expect(names.contains { $0.hasPrefix("东 路") })
        for name in names {
            #expect(name.count <= 100)
            #expect(!name.contains("13912345678") && !name.contains("\n") && !name.contains("\u{202E}"))
        }
    }

    @Test func theSameFileGivesTheSameMap() throws {
        let first = try sheet().tile().1.checksum
        #expect(try sheet().tile().1.checksum == first)
    }

    @Test func theDemoTownHasAPictureOfItsOwn() throws {
        let directory = try ManualDirectory()
        let paths = try DemoTown.write(to: directory.folder.path + "/demo", seed: 1)
        try directory.take(paths[0])
        let map = try directory.map()
        #expect(map.attribution == "演示数据 demo data, made up")
        #expect((map.counts[.building] ?? 0) > 400)
        #expect((map.counts[.green] ?? 0) >= 30)
        #expect((map.counts[.waterArea] ?? 0) >= 2)
        #expect((map.counts[.steps] ?? 0) >= 2)
        #expect((map.counts[.rail] ?? 0) >= 1)
        let bounds = try #require(map.bounds)
        var found: [MapKind: Set<String>] = [:]
        var hasHole = false
        let first = try #require(TileNumber(zoom: 16, at: bounds.southWest))
        let last = try #require(TileNumber(zoom: 16, at: bounds.northEast))
        for x in first.x...last.x {
            for y in last.y...first.y {
                let tile = map.tile(try #require(TileNumber(zoom: 16, x: x, y: y)))
                #expect(!tile.isFull)
                for label in tile.labels { found[label.kind, default: []].insert(label.name) }
                hasHole = hasHole || (tile.buildings + tile.waterAreas).contains { $0.count > 1 }
            }
        }
        #expect(found[.estateLabel]?.isSuperset(of: ["翠竹园一期", "晴山蓝城一区"]) == true)
        #expect(found[.waterLabel]?.contains("翠溪") == true)
        #expect(found[.parkLabel]?.contains("晴山公园") == true)
        #expect(hasHole)
    }

    // MARK: Real maps

    /// Takes a map in and looks at every tile of two zooms.
    private func picture(_ name: String, zooms: ClosedRange<Int>) throws -> (StreetMap, most: Int, tiles: Int)
    {
        let directory = try ManualDirectory()
        try directory.take(SharedFiles.map(name))
        let map = try directory.map()
        let path = try #require(map.path)
        let size = try #require(
            try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int)
        let source = try #require(
            try FileManager.default.attributesOfItem(atPath: SharedFiles.map(name))[.size] as? Int)
        #expect(size < 4 * source, "\(name): \(size) of \(source) bytes")
        let bounds = try #require(map.bounds)
        let middle = Coordinate(
            uncheckedLatitude: (bounds.southWest.latitude.value + bounds.northEast.latitude.value) / 2,
            longitude: (bounds.southWest.longitude.value + bounds.northEast.longitude.value) / 2)
        var (most, tiles) = (0, 0)
        for zoom in zooms {
            let centre = try #require(TileNumber(zoom: zoom, at: middle))
            for x in -3...3 {
                for y in -3...3 {
                    guard let number = TileNumber(zoom: zoom, x: centre.x + x, y: centre.y + y) else {
                        continue
                    }
                    let tile = map.tile(number)
                    let areas = (tile.waterAreas + tile.green + tile.buildings).joined()
                    let lines = tile.waterLines + tile.streets.map(\.line)
                    for flat in Array(areas) + lines {
                        #expect(flat.allSatisfy { (-64...4160).contains($0) })
                        #expect(flat.count.isMultiple(of: 2))
                    }
                    for ring in areas {
                        #expect(ring.count >= 8 && ring.prefix(2) == ring.suffix(2))
                    }
                    #expect(!tile.isFull, "\(name) \(number)")
                    most = max(most, areas.reduce(0) { $0 + $1.count } + lines.reduce(0) { $0 + $1.count })
                    tiles += 1
                }
            }
        }
        return (map, most / 2, tiles)
    }

    @Test(.enabled(if: SharedFiles.hasMap("malta"), "shared/data/osm/malta is not here"))
    func malta() throws {
        let (map, most, tiles) = try picture("malta", zooms: 14...16)
        #expect(tiles == 147 && most > 500)
        #expect((map.counts[.building] ?? 0) > 5_000)
        #expect((map.counts[.minor] ?? 0) > 5_000)
    }

    @Test(
        .enabled(if: SharedFiles.hasMap("nanjing-xinjiekou"), "shared/data/osm/nanjing-xinjiekou is not here")
    )
    func nanjing() throws {
        let (map, most, _) = try picture("nanjing-xinjiekou", zooms: 15...16)
        #expect(most > 500)
        #expect((map.counts[.building] ?? 0) > 100)
        let bounds = try #require(map.bounds)
        var names: Set<String> = []
        let corner = try #require(TileNumber(zoom: 15, at: bounds.southWest))
        let end = try #require(TileNumber(zoom: 15, at: bounds.northEast))
        for x in corner.x...end.x {
            for y in end.y...corner.y {
                guard let number = TileNumber(zoom: 15, x: x, y: y) else { continue }
                names.formUnion(map.tile(number).streets.compactMap(\.name))
            }
        }
        #expect(names.contains("中山路"))
    }

    @Test(.enabled(if: SharedFiles.hasMap("helsinki-center"), "shared/data/osm/helsinki-center is not here"))
    func helsinki() throws {
        let (map, most, _) = try picture("helsinki-center", zooms: 15...16)
        #expect(most > 1_000)
        #expect((map.counts[.rail] ?? 0) > 10)
    }
}
