import DirectoryAPI
import DirectoryModel
import Foundation
import Testing

@Suite struct OSMRegisterTests {
    /// A street with a shop, a market as an area, and things that become no place.
    private func sketch() -> MapSketch {
        var map = MapSketch()
        map.street()
        map.node(
            11, 10, 10,
            [
                "shop": "convenience", "name": "邻里便利店", "name:en": "Neighbour Store", "opening_hours": "24/7",
                "addr:street": "建康路", "addr:housenumber": "12", "phone": "+86 138 0013 8000",
                "contact:mobile": "13800138000", "description": "店主电话 13800138000",
            ])
        map.node(12, 20, 10, ["amenity": "parcel_locker"])
        map.node(13, 30, 10, ["amenity": "bench"])
        map.node(14, 40, 10, ["disused:shop": "convenience", "name": "旧店"])
        map.node(15, 50, 10, ["shop": "tailor", "opening_hours": "off"])
        map.node(16, 60, 10, ["shop": "vacant"])
        map.square(20, at: 100, 20, size: 60, ["amenity": "marketplace", "name": "大菜场"])
        map.node(17, 130, 50, ["amenity": "marketplace", "name": "大菜场"])
        map.way(30, [1, 11], ["shop": "bakery", "name": "一条线"])
        map.relation(
            40, ways: [(999, "outer")], ["type": "multipolygon", "amenity": "library", "name": "缺边图书馆"])
        return map
    }

    @Test func everyThingIsAPlaceOrHasAReason() throws {
        let directory = try ManualDirectory()
        let report = try directory.take(sketch().file.pbf(), name: "town.osm.pbf")
        #expect(Set(directory.contents.places.keys.map(\.rawValue)) == ["osm-n11", "osm-n12", "osm-w20"])
        let reasons = Dictionary(
            uniqueKeysWithValues: report.leftOut.flatMap { row in row.keys.map { ($0, row) } })
        #expect(reasons["n13"]?.code == "no_type")
        #expect(reasons["n13"]?.reason.en == "no service type wants amenity=bench")
        #expect(reasons["n14"]?.code == "not_in_use")
        #expect(reasons["n15"]?.reason.en == "marked as not in use (opening_hours=off)")
        #expect(reasons["n16"]?.code == "not_in_use")
        #expect(reasons["n17"]?.code == "duplicate")
        #expect(reasons["w30"]?.code == "open_way")
        #expect(reasons["r40"]?.code == "broken_area")
        #expect(reasons.count == 7)
        #expect(report.takenAs.map(\.count).reduce(0, +) == 3)
        #expect(
            report.takenAs.contains { $0.type.rawValue == "wet_market" && $0.reason == "amenity=marketplace" }
        )
        #expect(directory.contents.sources.last?.attribution == "© OpenStreetMap contributors, ODbL 1.0")
    }

    @Test func tagsBecomeFieldsAndNobodysNumberIsKept() throws {
        let directory = try ManualDirectory()
        try directory.take(sketch().file.pbf(), name: "town.osm.pbf")
        let shop = try #require(directory.contents.places[PlaceID(unchecked: "osm-n11")])
        #expect(shop.key == "n11")
        #expect(shop.place.name == "邻里便利店")
        #expect(shop.place.nameEnglish == "Neighbour Store")
        #expect(shop.place.hours == "24/7")
        #expect(shop.place.address == "建康路12号")
        #expect(shop.place.phone == nil)
        #expect(shop.raw["phone"] == nil)
        #expect(shop.raw["contact:mobile"] == nil)
        #expect(shop.raw["description"] == "店主电话 138****8000")
        #expect(shop.raw["shop"] == "convenience")
        // Unnamed things bear their type's name.
        let locker = try #require(directory.contents.places[PlaceID(unchecked: "osm-n12")]?.place)
        #expect(locker.type.rawValue == "parcel_locker")
        #expect(locker.name == TestTypes.all.first { $0.id == locker.type }?.name.zh)
        // An area lies at its middle.
        let market = try #require(directory.contents.places[PlaceID(unchecked: "osm-w20")]?.place.location)
        let middle = MapSketch.point(130, 50)
        #expect(abs((market.latitude - middle.latitude).value) < 1e-6)
        #expect(abs((market.longitude - middle.longitude).value) < 1e-6)
    }

    @Test func namesFallBackInOrder() throws {
        var map = MapSketch()
        map.street()
        map.node(11, 0, 10, ["shop": "bakery", "name:zh": "面包", "name:en": "Bread", "brand": "牌"])
        map.node(12, 9, 10, ["shop": "bakery", "name:en": "Bread", "brand": "牌"])
        map.node(13, 18, 10, ["shop": "bakery", "brand": "牌"])
        let directory = try ManualDirectory()
        try directory.take(map.file.pbf(), name: "names.osm.pbf")
        #expect(directory.contents.places[PlaceID(unchecked: "osm-n11")]?.place.name == "面包")
        #expect(directory.contents.places[PlaceID(unchecked: "osm-n12")]?.place.name == "Bread")
        #expect(directory.contents.places[PlaceID(unchecked: "osm-n13")]?.place.name == "牌")
    }

    @Test func whatCannotBeSeenIsTakenOutOfNames() throws {
        var map = MapSketch()
        map.street()
        map.node(
            11, 0, 10,
            ["shop": "bakery", "name": " 面包\u{202E}房\u{200B}\t 一\n号 "])
        map.node(12, 9, 10, ["shop": "bakery", "name": "\u{200B} "])
        let directory = try ManualDirectory()
        try directory.take(map.file.pbf(), name: "names.osm.pbf")
        let bakery = try #require(directory.contents.places[PlaceID(unchecked: "osm-n11")])
        #expect(bakery.place.name == "面包房 一 号")
        let nameless = directory.contents.places[PlaceID(unchecked: "osm-n12")]?.place
        #expect(nameless?.name == TestTypes.all.first { $0.id.rawValue == "bakery" }?.name.zh)
    }

    @Test func aSourceMayBeNamed() throws {
        let directory = try ManualDirectory()
        let path = try directory.folder.write(sketch().file.pbf(), name: "town.osm.pbf")
        let report = try directory.take(path, source: "osm-2026")
        #expect(report.source.rawValue == "osm-2026")
        #expect(directory.contents.sources.map(\.id.rawValue) == ["osm-2026"])
        #expect(directory.contents.batches.first?.complete == [.place, .origin])
    }

    @Test func theSameFileAgainChangesNothing() throws {
        let directory = try ManualDirectory()
        let bytes = sketch().file.pbf()
        let first = try directory.take(bytes, name: "town.osm.pbf")
        let network = directory.contents.network
        let second = try directory.take(bytes, name: "town.osm.pbf")
        #expect(first.batch.counts[.place]?.created == 3)
        #expect(second.batch.revision == first.batch.revision)
        for counts in second.batch.counts.values {
            #expect(counts.created + counts.changed + counts.rejected + counts.vanished == 0)
        }
        #expect(directory.contents.network == network)
        #expect(!network.isEmpty)
    }

    @Test func aNewerCutChangesWhatChangedAndMarksWhatVanished() throws {
        let directory = try ManualDirectory()
        try directory.take(sketch().file.pbf(), name: "town.osm.pbf")
        var newer = sketch()
        newer.remove(node: 12)
        newer.change(node: 11) { $0["name"] = "邻里超市" }
        newer.change(node: 13) { $0 = ["amenity": "toilets"] }
        let report = try directory.take(newer.file.pbf(), name: "newer.osm.pbf")
        let counts = try #require(report.batch.counts[.place])
        #expect(counts.created == 1)
        #expect(counts.changed == 1)
        #expect(counts.unchanged == 1)
        #expect(counts.vanished == 1)
        #expect(directory.contents.places[PlaceID(unchecked: "osm-n12")]?.place.status == .closedAtSource)
        #expect(directory.contents.places[PlaceID(unchecked: "osm-n11")]?.place.name == "邻里超市")
        #expect(directory.contents.places[PlaceID(unchecked: "osm-n13")]?.place.type.rawValue == "toilet")
    }

    @Test func aDuplicateThatKnowsMoreIsTheOneKept() throws {
        var map = sketch()
        map.change(node: 17) {
            $0["opening_hours"] = "05:30-19:00"
            $0["wheelchair"] = "yes"
        }
        let directory = try ManualDirectory()
        let report = try directory.take(map.file.pbf(), name: "town.osm.pbf")
        #expect(directory.contents.places[PlaceID(unchecked: "osm-n17")]?.place.hours == "05:30-19:00")
        #expect(directory.contents.places[PlaceID(unchecked: "osm-w20")] == nil)
        #expect(report.leftOut.first { $0.code == "duplicate" }?.keys == ["w20"])
    }

    @Test(arguments: ["empty", "truncated", "text", "nodeless", "wayless"])
    func aBadFileIsNamedAndChangesNothing(_ fault: String) throws {
        let directory = try ManualDirectory()
        let good = sketch().file.pbf()
        let bytes: [UInt8]
        switch fault {
        case "empty": bytes = []
        case "truncated": bytes = Array(good.prefix(good.count - 40))
        case "text": bytes = Array("<html>not a map</html>".utf8)
        case "nodeless":
            var map = MapSketch()
            map.way(1, [1, 2], ["highway": "residential"])
            bytes = map.file.pbf()
        default:
            var map = MapSketch()
            map.node(1, 0, 0, ["shop": "bakery"])
            bytes = map.file.pbf()
        }
        let error = #expect(throws: DirectoryError.self) { try directory.take(bytes, name: "bad.osm.pbf") }
        #expect(error?.code == .invalidFile)
        #expect(error?.message.isEmpty == false)
        #expect(directory.contents.batches.isEmpty)
        #expect(directory.contents.network.isEmpty)
    }

    @Test func aMissingFileAndAnUnknownFormatAreTold() throws {
        let directory = try ManualDirectory()
        let missing = #expect(throws: DirectoryError.self) {
            try directory.take(directory.folder.path + "/none.osm.pbf")
        }
        #expect(missing?.code == .unreadableFile)
        let unknown = #expect(throws: DirectoryError.self) {
            try directory.take(directory.folder.path + "/none.csv", format: "csv2")
        }
        #expect(unknown?.code == .invalidRequest)
        #expect(unknown?.advice == "use one of osm, communities, records, table, geojson, hsds, json")
    }

    @Test func theNetworkIsWalkedOnAndProgressIsTold() throws {
        let directory = try ManualDirectory()
        let path = try directory.folder.write(sketch().file.pbf(), name: "town.osm.pbf")
        let stages = ProgressLog()
        let report = try RegistersReaderProbe.take(path, into: directory, log: stages)
        #expect(stages.names.contains("building the walking network"))
        #expect(stages.shares.allSatisfy { (0...1).contains($0) })
        #expect(report.figures.first { $0.name == "walkable km" }?.value == "1.0")
        #expect(report.figures.first { $0.name == "components" }?.value == "1")
        let snap = try directory.network().snap(MapSketch.point(10, 10))
        #expect(abs((snap?.leg.value ?? 0) - 10) < 0.05)
    }
}
