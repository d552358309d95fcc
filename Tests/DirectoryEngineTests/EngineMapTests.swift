import DirectoryAPI
import DirectoryModel
import Foundation
import StreetMap
import Synchronization
import Testing

@testable import DirectoryEngine

@Suite struct EngineMapTests {
    /// A map of one street and some houses; `name` tells one from another.
    private static func built(_ name: String, houses: Int = 3) throws -> BuiltStreetMap {
        var builder = StreetMapBuilder()
        func point(_ east: Double, _ north: Double) -> Coordinate {
            Coordinate(
                uncheckedLatitude: SmallTown.crossing.latitude + north * SmallTown.north,
                longitude: SmallTown.crossing.longitude + east * SmallTown.east)
        }
        builder.addLine(
            .init(kind: .minor, firstZoom: 13), [point(-1_000, 0), point(1_000, 0)], name: name)
        for number in 0..<houses {
            let east = Double(number % 100) * 20
            let north = Double(number / 100) * 20 + 20
            builder.addArea(
                .init(kind: .building, firstZoom: 15),
                Area(parts: [
                    [
                        [
                            point(east, north), point(east + 15, north), point(east + 15, north + 10),
                            point(east, north + 10), point(east, north),
                        ]
                    ]
                ]))
        }
        return try builder.build(sourceTimestamp: nil, attribution: "© 测试")
    }

    private static func tile(zoom: Int = 16) throws -> MapQuery {
        let number = try #require(
            TileNumber(
                zoom: zoom,
                at: Coordinate(
                    uncheckedLatitude: SmallTown.crossing.latitude, longitude: SmallTown.crossing.longitude)))
        return MapQuery(tile: .init(zoom: number.zoom, x: number.x, y: number.y))
    }

    private static func flipByte(of path: String) throws {
        let file = URL(fileURLWithPath: path)
        var bytes = try Data(contentsOf: file)
        bytes[bytes.count / 2] ^= 1
        try bytes.write(to: file)
    }

    private static func object(_ reply: MapReply) throws -> [String: Any] {
        var json = JSONWriter()
        reply.write(to: &json)
        return try #require(try JSONSerialization.jsonObject(with: Data(json.bytes())) as? [String: Any])
    }

    @Test func theAPIAndTheMapMeanTheSameZooms() { #expect(MapQuery.zooms == TileNumber.zooms) }

    @Test func anOlderStateFolderOpensWithoutAMapAndSaysHowToGetOne() throws {
        let town = try SmallTown()
        #expect(town.engine.mapTag == nil)
        let fault = #expect(throws: DirectoryError.self) { try town.engine.map(try Self.tile()) }
        #expect(fault?.code == .noMap)
        #expect(fault?.description.contains("quarterctl import osm") == true)
        let health = town.engine.health()
        #expect(health.state == "ok")
        #expect(health.problems.isEmpty)
        #expect(health.notes.count == 1)
        #expect(health.notes.first?.contains("import the OpenStreetMap file again") == true)
        var json = JSONWriter()
        health.write(to: &json)
        #expect(String(decoding: json.bytes(), as: UTF8.self).contains(#""notes":[""#))
        // Where there is no network either, one word is enough.
        #expect(try SmallTown(withNetwork: false).engine.health().notes.isEmpty)
    }

    @Test func aTileHasTheMembersOfTheContract() throws {
        let town = try SmallTown()
        try Self.built("中山\"路\"").write(to: town.engine.mapBuildPath)
        try town.engine.adoptMap(at: town.engine.mapBuildPath)
        #expect(town.engine.health().notes.isEmpty)
        #expect(!FileManager.default.fileExists(atPath: town.engine.mapBuildPath))
        let object = try Self.object(try town.engine.map(try Self.tile()))
        #expect(Set(object.keys) == ["revision", "z", "x", "y", "extent", "layers", "attribution"])
        #expect(object["z"] as? Int == 16 && object["extent"] as? Int == 4096)
        #expect(object["attribution"] as? [String] == ["© 测试"])
        let layers = try #require(object["layers"] as? [String: Any])
        #expect(Set(layers.keys) == ["water", "green", "buildings", "streets", "labels"])
        let water = try #require(layers["water"] as? [String: Any])
        #expect(Set(water.keys) == ["areas", "lines"])
        let streets = try #require(layers["streets"] as? [[String: Any]])
        #expect(streets.first?["kind"] as? String == "minor")
        #expect(streets.first?["name"] as? String == "中山\"路\"")
        #expect((streets.first?["line"] as? [Int])?.count == 4)
        let buildings = try #require((layers["buildings"] as? [String: Any])?["areas"] as? [[[Int]]])
        #expect(buildings.count == 3)
        let ring = try #require(buildings.first?.first)
        #expect(ring.count == 10 && ring.prefix(2) == ring.suffix(2))

        let about = try Self.object(try town.engine.map(MapQuery()))
        #expect(Set(about.keys) == ["revision", "bounds", "zooms", "attribution"])
        #expect(about["zooms"] as? [Int] == [13, 18])
        let bounds = try #require(about["bounds"] as? [Double])
        #expect(bounds.count == 4 && bounds[0] < bounds[2] && bounds[1] < bounds[3])
        #expect(abs(bounds[0] - (SmallTown.crossing.longitude - 1_000 * SmallTown.east)) < 1e-5)
        // A tile far away is empty, and no error.
        let far = try Self.object(try town.engine.map(MapQuery(tile: .init(zoom: 13, x: 0, y: 0))))
        #expect(((far["layers"] as? [String: Any])?["streets"] as? [Any])?.isEmpty == true)
    }

    @Test func aDamagedMapIsAProblemAtTheStartAndIsNotAdopted() throws {
        let town = try SmallTown()
        try Self.built("甲路").write(to: town.engine.mapBuildPath)
        try town.engine.adoptMap(at: town.engine.mapBuildPath)
        let tag = try #require(town.engine.mapTag)
        try Self.built("乙路").write(to: town.engine.mapBuildPath)
        try Self.flipByte(of: town.engine.mapBuildPath)
        let fault = #expect(throws: DirectoryError.self) {
            try town.engine.adoptMap(at: town.engine.mapBuildPath)
        }
        #expect(fault?.code == .noMap)
        #expect(town.engine.mapTag == tag)
        try town.engine.close()
        try Self.flipByte(of: town.engine.mapPath)
        let again = try SmallTown.open(town.folder)
        // Nobody has waited for the map yet, and so nobody knows.
        #expect(again.promptHealth().state == "ok")
        again.prepareMap()
        #expect(again.promptHealth().state == "degraded")
        #expect(again.mapTag == nil)
        #expect(again.health().state == "degraded")
        #expect(again.health().problems.contains { $0.contains("map.qmap") && $0.contains("checksum") })
        #expect(again.health().summary.contains("the street map is damaged"))
        // The next import mends it.
        try Self.built("丙路").write(to: again.mapBuildPath)
        try again.adoptMap(at: again.mapBuildPath)
        #expect(again.health().state == "ok")
        try again.close()
    }

    @Test func theSameMapAgainKeepsItsTagAndItsTiles() throws {
        let town = try SmallTown()
        for _ in 0..<2 {
            try Self.built("甲路").write(to: town.engine.mapBuildPath)
            try town.engine.adoptMap(at: town.engine.mapBuildPath)
            _ = try town.engine.map(try Self.tile())
        }
        #expect(town.engine.mapShelf.kept.count == 1)
        let first = town.engine.mapTag
        try Self.built("乙路").write(to: town.engine.mapBuildPath)
        try town.engine.adoptMap(at: town.engine.mapBuildPath)
        #expect(town.engine.mapShelf.kept.count == 0)
        #expect(town.engine.mapTag != first)
    }

    @Test func tilesThatAreKeptAreBounded() throws {
        let town = try SmallTown()
        try Self.built("甲路", houses: 6_000).write(to: town.engine.mapBuildPath)
        try town.engine.adoptMap(at: town.engine.mapBuildPath)
        let middle = try #require(try Self.tile(zoom: 18).tile)
        var sizes = 0
        for x in -20...20 {
            for y in -20...20 {
                let query = MapQuery(tile: .init(zoom: 18, x: middle.x + x, y: middle.y + y))
                let reply = try town.engine.map(query)
                sizes += reply.members.count
                let kept = town.engine.mapShelf.kept
                #expect(kept.count <= MapShelf.countLimit && kept.bytes <= MapShelf.limit)
            }
        }
        // 1,681 tiles: more than are kept; the last one still is, and the first one is made again alike.
        #expect(town.engine.mapShelf.kept.count == MapShelf.countLimit)
        #expect(sizes > 200_000)
    }

    /// The largest tile that there can be: full of points, and of names.
    @Test func aTileIsBoundedInBytes() throws {
        let town = try SmallTown()
        var builder = StreetMapBuilder()
        func point(_ east: Double, _ north: Double) -> Coordinate {
            Coordinate(
                uncheckedLatitude: SmallTown.crossing.latitude + north * SmallTown.north,
                longitude: SmallTown.crossing.longitude + east * SmallTown.east)
        }
        for number in 0..<9_000 {
            let (east, north) = (Double(number % 95) * 3, Double(number / 95) * 3)
            builder.addLine(
                .init(kind: .pedestrian, firstZoom: 13), [point(east, north), point(east + 2, north + 2)],
                name: number % 2 == 0 ? nil : String(repeating: "\"", count: 20))
            builder.addArea(
                .init(kind: .building, firstZoom: 15),
                Area(parts: [
                    [
                        [
                            point(east, north), point(east + 9, north), point(east + 9, north + 9),
                            point(east, north),
                        ]
                    ]
                ]))
        }
        try builder.build(sourceTimestamp: nil, attribution: "").write(to: town.engine.mapBuildPath)
        try town.engine.adoptMap(at: town.engine.mapBuildPath)
        for zoom in TileNumber.zooms {
            let reply = try town.engine.map(try Self.tile(zoom: zoom))
            #expect(reply.members.count < 310_000, "zoom \(zoom): \(reply.members.count)")
        }
    }

    @Test func whoAsksWhileMapsChangeGetsTheOneOrTheOtherWhole() throws {
        let town = try SmallTown()
        let names = ["甲路", "乙路", "丙路"]
        func adopt(_ name: String) throws {
            try Self.built(name, houses: 400).write(to: town.engine.mapBuildPath)
            try town.engine.adoptMap(at: town.engine.mapBuildPath)
        }
        try adopt(names[0])
        let query = try Self.tile()
        let engine = town.engine
        let done = Atomic(false)
        let seen = Mutex<[String: Set<String>]>([:])
        let faults = Mutex<[String]>([])
        let group = DispatchGroup()
        for _ in 0..<3 {
            DispatchQueue.global().async(group: group) {
                while !done.load(ordering: .relaxed) {
                    do {
                        let reply = try engine.map(query)
                        let layers = try Self.object(reply)["layers"] as? [String: Any]
                        let street = (layers?["streets"] as? [[String: Any]])?.first?["name"] as? String
                        seen.withLock { _ = $0[reply.tag, default: []].insert(street ?? "nothing") }
                    } catch {
                        faults.withLock { $0.append("\(error)") }
                    }
                }
            }
        }
        for number in 0..<60 { try adopt(names[number % names.count]) }
        // Each map was asked for at least once.
        while seen.withLock({ $0.isEmpty }) { usleep(1_000) }
        done.store(true, ordering: .relaxed)
        group.wait()
        #expect(faults.withLock { $0 }.isEmpty)
        // A tag always comes with the map that it is the tag of.
        for (tag, streets) in seen.withLock({ $0 }) {
            #expect(streets.count == 1, "\(tag): \(streets)")
            #expect(streets.isSubset(of: names))
        }
    }
}
