import DirectoryModel
import Foundation
import Testing

@Suite struct OSMOriginTests {
    /// An estate with two gates on its outline, one beside it, and buildings in it and outside.
    private func sketch() -> MapSketch {
        var map = MapSketch()
        map.street()
        map.node(51, 150, 20, ["barrier": "gate", "name": "南门"])
        map.node(52, 190, 20, ["barrier": "lift_gate", "access": "private"])
        map.square(
            50, at: 100, 20, size: 200, with: [51, 52],
            ["landuse": "residential", "name": "翠竹园", "name:en": "Cuizhuyuan"])
        map.node(53, 200, 226, ["barrier": "gate"])
        map.node(54, 200, 260, ["barrier": "gate", "name": "别人的门"])
        map.node(61, 125, 60, ["entrance": "staircase", "ref": "1"])
        map.node(62, 135, 60, ["entrance": "staircase", "name": "东单元"])
        map.node(63, 138, 60, ["entrance": "yes"])
        map.square(
            60, at: 120, 60, size: 20, with: [61, 62, 63],
            ["building": "apartments", "ref": "3", "building:flats": "42"])
        map.square(70, at: 160, 60, size: 20, ["building": "yes", "addr:housenumber": "5"])
        map.square(71, at: 200, 60, size: 20, ["building": "yes"])
        map.square(72, at: 240, 60, size: 20, ["building": "dormitory"])
        map.square(
            80, at: -100, 60, size: 20, ["building": "house", "addr:street": "建康路", "addr:housenumber": "12"])
        map.square(81, at: -200, 60, size: 20, ["building": "yes", "name": "大厦"])
        map.square(90, at: -300, 60, size: 40, ["landuse": "residential"])
        return map
    }

    private func origins() throws -> [String: Origin] {
        let directory = try ManualDirectory()
        try directory.take(sketch().file.pbf(), name: "estate.osm.pbf")
        return Dictionary(
            uniqueKeysWithValues: directory.contents.origins.map { ($0.key.rawValue, $0.value) })
    }

    @Test func estatesBuildingsUnitsAndGatesFormAHierarchy() throws {
        let origins = try origins()
        #expect(
            Set(origins.keys) == [
                "osm-w50", "osm-n51", "osm-n52", "osm-n53", "osm-w60", "osm-n61", "osm-n62", "osm-w70",
                "osm-w72",
                "osm-w80",
            ])
        let estate = try #require(origins["osm-w50"])
        #expect(estate.kind == .estate)
        #expect(estate.name == "翠竹园")
        #expect(estate.nameEnglish == "Cuizhuyuan")
        #expect(estate.parent == nil)
        let building = try #require(origins["osm-w60"])
        #expect(building.kind == .building)
        #expect(building.name == "3幢")
        #expect(building.households == 42)
        #expect(building.parent == estate.id)
        for (id, name) in [("osm-n61", "1单元"), ("osm-n62", "东单元")] {
            let unit = try #require(origins[id])
            #expect(unit.kind == .unit)
            #expect(unit.name == name)
            #expect(unit.parent == building.id)
        }
        for id in ["osm-n51", "osm-n52", "osm-n53"] {
            #expect(origins[id]?.kind == .gate)
            #expect(origins[id]?.parent == estate.id)
        }
    }

    @Test func namesFallBackToNumbersAndSides() throws {
        let origins = try origins()
        #expect(origins["osm-n51"]?.name == "南门")
        #expect(origins["osm-n52"]?.name == "南侧出入口")
        #expect(origins["osm-n53"]?.name == "北侧出入口")
        #expect(origins["osm-w70"]?.name == "5幢")
        #expect(origins["osm-w72"]?.name == "未命名楼栋")
        #expect(origins["osm-w80"]?.name == "建康路12号")
        #expect(origins["osm-w80"]?.parent == nil)
    }

    @Test func anEntranceWithoutANameIsTold() throws {
        let directory = try ManualDirectory()
        let report = try directory.take(sketch().file.pbf(), name: "estate.osm.pbf")
        #expect(report.leftOut.first { $0.code == "entrance_without_name" }?.keys == ["n63"])
        #expect(report.figures.first { $0.name == "origins: gate" }?.value == "3")
        #expect(report.figures.first { $0.name == "origins: unit" }?.value == "2")
    }

    @Test func aBuildingBelongsToTheSmallestEstateAroundIt() throws {
        var map = sketch()
        map.square(55, at: 110, 50, size: 45, ["landuse": "residential", "name": "翠竹园一期"])
        let directory = try ManualDirectory()
        try directory.take(map.file.pbf(), name: "nested.osm.pbf")
        #expect(directory.contents.origins[OriginID(unchecked: "osm-w60")]?.parent?.rawValue == "osm-w55")
        #expect(directory.contents.origins[OriginID(unchecked: "osm-w70")]?.parent?.rawValue == "osm-w50")
    }

    @Test func anEstateMayBeARelationWithAHole() throws {
        var map = MapSketch()
        map.street()
        map.square(50, at: 100, 20, size: 200, [:])
        map.square(51, at: 150, 70, size: 100, [:])
        map.relation(
            5, ways: [(50, "outer"), (51, "inner")],
            ["type": "multipolygon", "landuse": "residential", "name": "回字园"])
        map.square(60, at: 110, 30, size: 20, ["building": "apartments", "ref": "1"])
        map.square(61, at: 180, 100, size: 20, ["building": "apartments", "ref": "2"])
        let directory = try ManualDirectory()
        try directory.take(map.file.pbf(), name: "ring.osm.pbf")
        let origins = directory.contents.origins
        let estate = try #require(origins[OriginID(unchecked: "osm-r5")])
        #expect(origins[OriginID(unchecked: "osm-w60")]?.parent == estate.id)
        #expect(origins[OriginID(unchecked: "osm-w61")]?.parent == nil)
        // The estate's own point lies on its ground, not in the hole.
        let hole = (south: MapSketch.point(0, 70).latitude, north: MapSketch.point(0, 170).latitude)
        let west = MapSketch.point(150, 0).longitude
        let east = MapSketch.point(250, 0).longitude
        let isInHole =
            estate.location.latitude > hole.south && estate.location.latitude < hole.north
            && estate.location.longitude > west && estate.location.longitude < east
        #expect(!isInHole)
    }
}
