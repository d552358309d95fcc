import DirectoryModel
import DirectoryStore
import Foundation
import Testing

/// Stores of every format that was ever released, made by `make store-fixture`, stay readable.
@Suite struct FormatTests {
    @Test func formatOneIsReadWhole() throws {
        let fixture = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Fixtures/format-1.db")
        let folder = try TemporaryFolder()
        try FileManager.default.copyItem(atPath: fixture.path, toPath: folder.file)
        let store = try folder.openStore()
        #expect(store.revision == Revision(2))
        #expect(store.lastChange == Timestamp(secondsSince1970: 1_790_000_060))
        try store.read { reader throws in
            var places: [Place] = []
            try reader.forEachPlace { places.append($0) }
            #expect(places == [canteen, library])
            var origins: [Origin] = []
            try reader.forEachOrigin { origins.append($0) }
            #expect(origins.map(\.id.rawValue) == ["building-3", "estate-1"])
            #expect(origins.map(\.kind) == [.building, .estate])
            #expect(origins.map(\.parent?.rawValue) == ["estate-1", nil])
            #expect(origins.map(\.grid?.rawValue) == ["g-1", "g-1"])
            #expect(origins.map(\.households) == [24, 24])
            let community = try #require(try reader.communities().first)
            #expect(community.id.rawValue == "320104001001")
            #expect(community.name == "翠竹园社区")
            #expect(community.households == 2_104)
            #expect(community.population == 6_012)
            #expect(community.elderShare == 0.1202)
            #expect(community.boundary?.parts.first?.first?.count == 4)
            #expect(try reader.grids().map(\.boundary) == [community.boundary])
            #expect(try reader.grids().first?.keeper == "居委会")
            #expect(try reader.sources().map(\.kind) == ["osm", "communities"])
            #expect(try reader.sources().first?.attribution == "© OpenStreetMap contributors, ODbL 1.0")
        }
        try checkBookkeeping(of: store)
        try store.change(by: clerk) { try $0.put(place("new")) }
        #expect(store.revision == Revision(3))
    }

    private func checkBookkeeping(of store: DirectoryStore) throws {
        try store.read { reader throws in
            let audit = try reader.audit(of: .place, "osm-n1", limit: 10)
            #expect(audit.map(\.actor) == [Actor(name: "quarterd"), Actor(name: "clerk", uid: 1000)])
            #expect(audit.map(\.time.secondsSince1970) == [1_790_000_060, 1_790_000_000])
            let after = try #require(audit.first?.after)
            #expect(try RecordJSON.decode(after, as: .place) == .place(canteen))
            let sightings = try reader.sightings(of: .place, "osm-n1")
            #expect(sightings.map(\.key) == ["n1", "row 7"])
            #expect(sightings.map(\.isPresent) == [true, true])
            #expect(try reader.sightings(of: .place, "osm-w2").map(\.isPresent) == [false])
            let batch = try #require(try reader.imports(limit: 1).first)
            #expect(batch.fileName == "demo.osm.pbf")
            #expect(batch.counts == ImportCounts(rows: 9, accepted: 6, changed: 1, unchanged: 1, rejected: 1))
            #expect(batch.revision == Revision(1))
            let moment = Timestamp(secondsSince1970: 1_790_000_060)
            let reply = try reader.reply(to: "key-1", of: Actor(name: "quarterd"), at: moment)
            #expect(
                reply
                    == RememberedReply(
                        requestDigest: [1, 2, 3], status: 200, body: Array("{}".utf8), time: moment))
        }
    }

    private let canteen = Place(
        id: PlaceID(unchecked: "osm-n1"), type: ServiceTypeID(unchecked: "canteen"), name: "银发餐厅",
        nameEnglish: "Silver Canteen",
        location: Coordinate(uncheckedLatitude: 32.041234567891234, longitude: 118.7801),
        given: GivenPoint(datum: .gcj02, latitude: 32.0391, longitude: 118.7852),
        community: CommunityID(unchecked: "320104001001"), address: "建康路 1 号", hours: "Mo-Su 06:30-18:30",
        phone: "025-12345",
        attributes: [
            "delivers": .bool(true), "seats": .whole(48), "rating": .decimal(4.1),
            "lunch": .money(Money(fen: 1200)),
            "meals": .texts(["早餐", "午餐"]), "note": .text("“引号” \\ \n"),
        ])

    private let library = Place(
        id: PlaceID(unchecked: "osm-w2"), type: ServiceTypeID(unchecked: "library"), name: "农家书屋",
        status: .closedAtSource)
}
