import AreaGeometry
import DemoTown
import DirectoryAPI
import DirectoryModel
import Foundation
import Testing

@Suite struct DemoTownTests {
    private func town(seed: UInt64 = 1) throws -> (ManualDirectory, RegisterReport) {
        let directory = try ManualDirectory()
        let paths = try DemoTown.write(to: directory.folder.path + "/demo", seed: seed)
        let report = try directory.take(paths[0])
        try directory.take(paths[1], format: "communities")
        return (directory, report)
    }

    @Test func theSameSeedGivesTheSameBytes() throws {
        let first = try DemoTown.files(seed: 7)
        let second = try DemoTown.files(seed: 7)
        let other = try DemoTown.files(seed: 8)
        #expect(first.map(\.name) == DemoTown.fileNames)
        #expect(first.map(\.bytes) == second.map(\.bytes))
        #expect(first[0].bytes != other[0].bytes)
    }

    @Test func everyTypeOfTheDirectoryIsThere() throws {
        let (directory, report) = try town()
        let types = Set(directory.contents.places.values.map(\.place.type))
        // An activity room comes from an office's register; mappers hardly tell one from a community centre.
        #expect(Set(TestTypes.all.map(\.id)).subtracting(types).map(\.rawValue) == ["activity_room"])
        #expect((550...700).contains(directory.contents.places.count))
        for code in ["no_type", "not_in_use", "duplicate"] {
            #expect(report.leftOut.contains { $0.code == code })
        }
    }

    @Test(.enabled(if: SharedFiles.hasCatalogue, "shared/domain/catalogue.json is not here"))
    func everyTypeOfTheCatalogueIsThere() throws {
        struct Catalogue: Decodable {
            struct Item: Decodable { var id: String }
            var items: [Item]
        }
        let data = try Data(contentsOf: URL(fileURLWithPath: SharedFiles.catalogue))
        let ids = Set(try JSONDecoder().decode(Catalogue.self, from: data).items.map(\.id))
        #expect(ids.count == 35)
        let (directory, _) = try town()
        #expect(ids.subtracting(directory.contents.places.values.map(\.place.type.rawValue)).isEmpty)
    }

    @Test func everythingNamedSaysThatItIsMadeUp() throws {
        let (directory, _) = try town()
        for place in directory.contents.places.values { #expect(place.raw["source"] == DemoTown.sourceTag) }
        for source in directory.contents.sources {
            #expect(source.note?.contains("demo") == true)
            #expect(source.attribution?.contains("OpenStreetMap") == false)
        }
        #expect(directory.contents.sources.first?.id.rawValue == "demo")
        let names = Set(directory.contents.places.values.map(\.place.name))
        #expect(names.count > 400)
    }

    @Test func theCommunitiesFollowTheCaseBook() throws {
        let (directory, _) = try town()
        let contents = directory.contents
        #expect(contents.communities.count == 3)
        let a = try #require(contents.communities[CommunityID(unchecked: "demo-cuizhuyuan")])
        let b = try #require(contents.communities[CommunityID(unchecked: "demo-qingshan")])
        #expect(abs(try AreaGeometry.squareMetres(of: try #require(a.boundary)).value - 404_000) < 1_000)
        #expect(abs(try AreaGeometry.squareMetres(of: try #require(b.boundary)).value - 1_490_000) < 3_000)
        #expect((a.households ?? 0) > 2_000)
        #expect(b.population == 22_487)
        #expect(b.elderShare == 0.1202)
        #expect(contents.grids.count == 14)
        let estates = contents.origins.values.filter { $0.kind == .estate && $0.name.hasPrefix("翠竹园") }
        let buildings = contents.origins.values.filter { origin in estates.contains { $0.id == origin.parent }
        }
        .filter { $0.kind == .building }
        let units = contents.origins.values.filter { origin in buildings.contains { $0.id == origin.parent } }
        #expect(estates.count == 3)
        #expect(buildings.count == 50)
        #expect(units.count == 50)
        #expect(buildings.compactMap(\.households).reduce(0, +) == a.households)
    }

    @Test func kiosksStandInEstatesThatTheMapKnows() throws {
        let (directory, _) = try town()
        let origins = directory.contents.origins
        let kiosks = origins.values.filter { $0.kind == .kiosk }
        #expect(kiosks.count == 14)
        for kiosk in kiosks {
            let parent = try #require(kiosk.parent)
            #expect(origins[parent]?.kind == .estate)
        }
    }

    @Test func theNetworkIsOneWithStepsBridgesAndLockedGates() throws {
        let (directory, report) = try town()
        func figure(_ name: String) -> String? { report.figures.first { $0.name == name }?.value }
        #expect(figure("components") == "1")
        #expect(figure("blocked nodes") == "12")
        #expect(figure("missing nodes") == "0")
        #expect(figure("areas that could not be assembled") == "0")
        let network = try directory.network()
        var edges: [UInt8] = []
        network.writeEdgesCSV { edges += $0 }
        let rows = String(decoding: edges, as: UTF8.self).split(separator: "\n")
        #expect(rows.contains { $0.hasSuffix(",1,0") })
        #expect(rows.contains { $0.hasSuffix(",0,1") })
        for place in directory.contents.places.values {
            let location = try #require(place.place.location)
            let snap = try #require(network.snap(location))
            #expect(snap.leg.value < 100)
        }
        for origin in directory.contents.origins.values {
            #expect((network.snap(origin.location)?.leg.value ?? .infinity) < 100)
        }
    }

    @Test func placesLieInTheirCommunities() throws {
        let (directory, _) = try town()
        let areas = try directory.contents.communities.values.map { community in
            (community.id.rawValue, try PreparedArea(try #require(community.boundary)))
        }
        var counts: [String: Int] = [:]
        for place in directory.contents.places.values {
            let location = try #require(place.place.location)
            for (id, area) in areas where area.contains(location) { counts[id, default: 0] += 1 }
        }
        #expect((counts["demo-cuizhuyuan"] ?? 0) > 100)
        #expect((counts["demo-qingshan"] ?? 0) > 250)
        #expect((counts["demo-nanmen"] ?? 0) > 100)
        #expect(counts.values.reduce(0, +) >= directory.contents.places.count - 5)
    }

    @Test func openingTimesAreOfManyKinds() throws {
        let (directory, _) = try town()
        let hours = Set(directory.contents.places.values.compactMap(\.place.hours))
        #expect(hours.count >= 25)
        for needle in ["24/7", "PH off", "SH off", "每天", "18:00-02:00", "+"] {
            #expect(hours.contains { $0.contains(needle) })
        }
        #expect(directory.contents.places.values.contains { $0.place.hours == nil })
    }

    @Test func aFolderThatCannotBeWrittenIsTold() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write([1], name: "file")
        let error = #expect(throws: DirectoryError.self) { try DemoTown.write(to: file + "/demo", seed: 1) }
        #expect(error?.code == .storeUnwritable)
        #expect(error?.location?.hasPrefix(file) == true)
    }
}
