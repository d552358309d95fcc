import DirectoryModel
import DirectoryStore
import Foundation
import Testing

/// Stores of every format that was ever released, made by `make store-fixture`, stay readable.
@Suite struct FormatTests {
    private func open(_ format: Int, in folder: TemporaryFolder) throws -> DirectoryStore {
        let fixture = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Fixtures/format-\(format).db")
        try FileManager.default.copyItem(atPath: fixture.path, toPath: folder.file)
        return try folder.openStore()
    }

    @Test func everyFormatHasItsFixture() {
        let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Fixtures")
        for format in 1...DirectoryStore.format {
            #expect(
                FileManager.default.fileExists(atPath: fixtures.path + "/format-\(format).db"),
                "run `make store-fixture` before format \(format) is released")
        }
    }

    /// A backup that an older version made is checked before it is restored, and brought up to date after it.
    @Test(arguments: 1...DirectoryStore.format)
    func aFileOfAnyFormatCanBeChecked(_ format: Int) throws {
        let fixture = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Fixtures/format-\(format).db")
        let folder = try TemporaryFolder()
        try FileManager.default.copyItem(atPath: fixture.path, toPath: folder.file)
        let summary = try DirectoryStore.check(folder.file)
        #expect(summary.revision == Revision(2) && summary.counts[.place] == 2)
        #expect(summary.counts[.organisation] == (format == 1 ? 0 : 1))
    }

    @Test func formatTwoIsReadWhole() throws {
        let folder = try TemporaryFolder()
        let store = try open(2, in: folder)
        #expect(store.revision == Revision(2))
        try store.read { reader throws in
            let place = try #require(try reader.place(PlaceID(unchecked: "osm-w2")))
            #expect(
                place.attributes["shelves"]
                    == .rows([
                        AttributeRow(["topic": .text("历史"), "books": .whole(120)]), AttributeRow([:]),
                    ]))
            #expect(place.exceptions.map(\.effect) == [.closed, .hours("10:00-12:00")])
            #expect(place.exceptions.map(\.reason) == ["春节", nil])
            #expect(place.exceptions.first?.until == LocalDay("2026-02-20").map { .day($0) })
            #expect(place.exceptions.last?.from == .moment(Timestamp(secondsSince1970: 1_790_000_000)))
            #expect(place.calendarPolicy == .announced)
            #expect(place.within?.rawValue == "osm-n1" && place.room == "301" && !place.isWalkIn)
            #expect(place.organisation?.rawValue == "org-1")
            #expect(place.serviceArea.communities.map(\.rawValue) == ["320104001001"])
            #expect(place.serviceArea.grids.map(\.rawValue) == ["g-1"])
            #expect(place.serviceArea.origins.map(\.rawValue) == ["estate-1"])
            let organisation = try #require(try reader.organisations().first)
            #expect(organisation.creditCode == "91110000600037341L")
            #expect(organisation.kind == .socialOrganisation && organisation.about == "邻里互助")
            let activity = try #require(try reader.activities().first)
            #expect(activity.times == "Sa 14:00-16:00" && activity.place == place.id)
            #expect(activity.firstDay == LocalDay("2026-09-01") && activity.lastDay == LocalDay("2027-01-20"))
            #expect(activity.exceptions == place.exceptions && activity.capacity == 20)
            #expect(activity.price == Money(fen: 500) && activity.minimumAge == 6)
            #expect(activity.maximumAge == 99 && activity.registration == "前台")
            let community = try #require(try reader.communities().first)
            #expect(community.timeZone == "Asia/Urumqi" && community.region == "320104")
        }
    }

    @Test func formatThreeIsReadWhole() throws {
        let folder = try TemporaryFolder()
        let store = try open(3, in: folder)
        let moment = Timestamp(secondsSince1970: 1_790_000_000)
        try store.read { reader throws in
            #expect(try reader.statedPlaces() == ["osm-n1"])
            let stated = try #require(try reader.statements(of: canteen.id).first)
            #expect(stated.source == office && stated.key == "row 7")
            #expect(
                stated.place.hours == "Mo-Su 06:30-18:00" && stated.place.attributes == canteen.attributes)
            #expect(
                stated.since == [
                    "hours": PlaceStatement.Since(revision: Revision(1), time: moment),
                    "phone": PlaceStatement.Since(
                        revision: Revision(0), time: Timestamp(secondsSince1970: 1_780_000_000)),
                ])
            let row = try #require(try reader.heldRows(limit: 9).first)
            #expect(row.number == 1 && row.source == office && row.key == "row 9")
            #expect(row.place.name == "银发餐厅（建康路店）" && row.fileName == "台账.xlsx")
            #expect(row.since == moment)
            #expect(
                row.candidates == [
                    HeldCandidate(
                        place: canteen.id, confidence: 0.97,
                        evidence: [LocalizedText(zh: "名称相同", en: "the names are equal")])
                ])
            #expect(try reader.keptApart() == [KeptApart(canteen.id, library.id)])
            let word = try #require(try reader.confirmations(of: canteen.id, limit: 9).first)
            #expect(word.fact == "hours" && !word.isConfirmed && word.value == "Mo-Su 06:30-18:00")
            #expect(word.party == "captain-3" && word.actor == clerk && word.time == moment)
            #expect(word.note == "周日不开")
            #expect(try reader.lastConfirmations() == [word])
            #expect(try reader.sightings(of: .place, "osm-n1").map(\.seen) == [moment, moment])
        }
    }

    @Test func formatFourIsReadWhole() throws {
        let folder = try TemporaryFolder()
        let store = try open(4, in: folder)
        #expect(store.revision == Revision(2))
        let moment = Timestamp(secondsSince1970: 1_790_000_000)
        try store.read { reader throws in
            let notices = try reader.notices()
            #expect(notices.map(\.id.rawValue) == ["elders", "water"])
            let water = try #require(notices.last)
            #expect(water.title == "停水通知 🚰" && water.titleEnglish == "Water off")
            #expect(
                water.text == "27日8点起停水。\n请储水。" && water.textEnglish == "From 8 on the 27th.\nStore some.")
            #expect(water.to == .grid(GridID(unchecked: "g-1")))
            #expect(water.community?.rawValue == "320104001001" && water.isUrgent)
            #expect(water.from == LocalDay("2026-11-26").map { .day($0) } && water.until == .moment(moment))
            #expect(water.organisation?.rawValue == "org-1" && water.place == library.id)
            #expect(water.status == .closedAtSource)
            let elders = try #require(notices.first)
            #expect(elders.to == .origin(OriginID(unchecked: "building-3")) && !elders.isUrgent)
            #expect(elders.from == .moment(moment) && elders.until == nil && elders.community == nil)
            #expect(try reader.audit(of: .notice, "water", limit: 9).count == 1)
        }
    }

    /// A store of any older format holds no notices, takes them, and has the revision and the history that it had.
    @Test(arguments: 1...3) func olderFormatsTakeNotices(_ format: Int) throws {
        let folder = try TemporaryFolder()
        let store = try open(format, in: folder)
        #expect(try store.read { try $0.notices() }.isEmpty && store.revision == Revision(2))
        let notice = Notice(
            id: NoticeID(unchecked: "n"), title: "停水", text: "…",
            to: .community(CommunityID(unchecked: "320104001001")),
            from: .moment(Timestamp(secondsSince1970: 0)))
        try store.change(by: clerk) { try $0.put(notice) }
        #expect(store.revision == Revision(3))
        try store.close()
        let again = try folder.openStore()
        #expect(try again.read { try $0.notice(notice.id) } == notice)
        #expect(try again.read { try $0.audit(of: .place, "osm-n1", limit: 10) }.count == 2)
        // Nobody can be addressed who is not there, by whatever way.
        var nobody = notice
        for to: Notice.Addressee in [
            .community(CommunityID(unchecked: "x")), .grid(GridID(unchecked: "x")),
            .origin(OriginID(unchecked: "x")),
        ] {
            nobody.to = to
            let changed = nobody
            let error = try #require(throws: DirectoryError.self) {
                try again.change(by: clerk) { try $0.put(changed) }
            }
            #expect(error.code == .invalidRecord && error.message.contains("notice"), "\(error)")
        }
    }

    /// What older stores did not keep is nothing, and what they knew of deliveries is told from their history.
    @Test(arguments: 1...2) func olderFormatsHaveNoStatements(_ format: Int) throws {
        let folder = try TemporaryFolder()
        let store = try open(format, in: folder)
        try store.read { reader throws in
            #expect(try reader.statedPlaces().isEmpty)
            #expect(try reader.heldRows(limit: 9).isEmpty)
            #expect(try reader.keptApart().isEmpty)
            #expect(try reader.lastConfirmations().isEmpty)
            #expect(try reader.sightings(of: .place, "osm-n1").map(\.seen) == [nil, nil])
            let last = try reader.lastDeliveries(of: .place, but: SourceID(unchecked: "hand"))
            #expect(last.mapValues(\.time) == ["osm-n1": Timestamp(secondsSince1970: 1_790_000_000)])
        }
    }

    @Test func formatOneIsReadWhole() throws {
        let folder = try TemporaryFolder()
        let store = try open(1, in: folder)
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
