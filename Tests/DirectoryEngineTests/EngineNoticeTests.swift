import DirectoryAPI
import DirectoryModel
import DirectoryStore
import Foundation
import Synchronization
import Testing

@testable import DirectoryEngine

/// Notices: for whom they are, when they count, in which order they come, and who may post them.
@Suite struct EngineNoticeTests {
    private func write(_ town: SmallTown, party: Party? = nil) -> WriteContext {
        WriteContext(actor: party.map { Actor(name: $0.id, uid: 1001) } ?? town.actor, party: party)
    }

    /// Two communities; in the western one two grids, an estate with two buildings, a unit and a kiosk.
    private func town(parties: [Party] = []) throws -> SmallTown {
        var settings = SmallTown.settings
        settings.parties = parties
        let town = try SmallTown(settings: settings)
        try town.putCommunity("west", east: -1100 ... -1)
        try town.putCommunity("east", east: 1...1100)
        var batch = RecordBatch(source: Source(id: SourceID(unchecked: "office"), kind: "x", title: "台账"))
        func square(_ east: ClosedRange<Double>) -> Area {
            let corners = [
                (east.lowerBound, -600.0), (east.upperBound, -600), (east.upperBound, 600),
                (east.lowerBound, 600), (east.lowerBound, -600),
            ]
            return Area(parts: [[corners.map { SmallTown.point(east: $0.0, north: $0.1) }]])
        }
        batch.grids = [
            Grid(
                id: GridID(unchecked: "g1"), community: CommunityID(unchecked: "west"), name: "第一网格",
                boundary: square(-1100 ... -500)),
            Grid(
                id: GridID(unchecked: "g2"), community: CommunityID(unchecked: "west"), name: "第二网格",
                boundary: square(-500 ... -1)),
        ]
        func origin(
            _ id: String, _ kind: Origin.Kind, _ name: String, in parent: String? = nil, grid: String? = nil,
            east: Double = -600, english: String? = nil
        ) {
            batch.origins.append(
                SourcedOrigin(
                    key: id,
                    origin: Origin(
                        id: OriginID(unchecked: id), kind: kind, name: name, nameEnglish: english,
                        location: SmallTown.point(east: east, north: 0),
                        grid: grid.map { GridID(unchecked: $0) },
                        parent: parent.map { OriginID(unchecked: $0) })))
        }
        origin("estate", .estate, "翠竹园", grid: "g1", english: "Cuizhuyuan")
        origin("3幢", .building, "3幢", in: "estate", english: "Building 3")
        origin("4幢", .building, "4幢", in: "estate", grid: "g2")
        origin("3-1", .unit, "1单元", in: "3幢")
        origin("kiosk", .kiosk, "翠竹园大堂终端", in: "estate")
        origin("gate", .gate, "西门", east: -300)
        origin("far", .estate, "东苑", east: 600)
        _ = try town.engine.apply(batch, by: town.actor)
        return town
    }

    @discardableResult
    private func post(
        _ town: SmallTown, _ id: String, to: String, from: String = #""2026-11-26""#,
        until: String = #""2026-11-28""#, _ more: String = "", party: Party? = nil, ifMatch: String? = nil
    ) throws -> WriteReply {
        let json =
            #"{"title":"\#(id)","text":"\#(id)。","to":{"id":"\#(to)"},"from":\#(from),"until":\#(until)\#(more)}"#
        var context = write(town, party: party)
        context.ifMatch = ifMatch
        return try town.engine.putNotice(
            NoticeID(validating: id), NoticeBody(JSONValue(json: Array(json.utf8))), context)
    }

    private func moment(_ text: String) throws -> Timestamp { try #require(Timestamp(rfc3339: text)) }

    private func read(
        _ town: SmallTown, at time: String = "2026-11-27T12:00:00+08:00",
        _ change: (inout NoticeQuery) -> Void = { _ in }
    ) throws -> [String] {
        var query = NoticeQuery()
        query.at = try moment(time)
        change(&query)
        return try town.engine.notices(query).notices.map(\.notice.id.rawValue)
    }

    private func read(_ town: SmallTown, from origin: String, at time: String = "2026-11-27T12:00:00+08:00")
        throws -> [String]
    {
        try read(town, at: time) { $0.origin = .id(OriginID(unchecked: origin)) }
    }

    // MARK: For whom

    @Test func whoIsAtAnOriginReadsWhatIsForItAndForAllThatItIsPartOf() throws {
        let town = try town()
        for to in ["west", "east", "g1", "g2", "estate", "3幢", "4幢", "3-1", "kiosk", "far"] {
            try post(town, "for-\(to)", to: to)
        }
        #expect(try read(town, from: "3-1") == ["3-1", "3幢", "estate", "g1", "west"].map { "for-" + $0 })
        #expect(try read(town, from: "3幢") == ["3幢", "estate", "g1", "west"].map { "for-" + $0 })
        #expect(
            try read(town, from: "4幢") == ["4幢", "estate", "g2", "west"].map { "for-" + $0 },
            "a large estate lies in several grids: its own counts")
        #expect(try read(town, from: "kiosk") == ["kiosk", "estate", "g1", "west"].map { "for-" + $0 })
        #expect(try read(town, from: "far") == ["for-far", "for-east"])
        // One that says nothing of its grid is in the one around it.
        #expect(try read(town, from: "gate") == ["for-g2", "for-west"])
        // A point lies in its community and its grids, and in no building.
        func at(_ east: Double) throws -> [String] {
            try read(town) { $0.origin = .point(SmallTown.point(east: east, north: 10)) }
        }
        #expect(try at(-700) == ["for-g1", "for-west"])
        #expect(try at(-300) == ["for-g2", "for-west"])
        #expect(try at(700) == ["for-east"])
        #expect(try at(5000) == [])
        // A community's own list has those for its parts, too; without anything all are listed.
        let west = try read(town) { $0.community = CommunityID(unchecked: "west") }
        #expect(
            Set(west) == Set(["west", "g1", "g2", "estate", "3幢", "4幢", "3-1", "kiosk"].map { "for-" + $0 }))
        #expect(try read(town).count == 10)
        let missing = try #require(throws: DirectoryError.self) { try read(town, from: "none") }
        #expect(missing.code == .notFound && missing.location == "origin")
        let unknown = try #require(throws: DirectoryError.self) {
            try read(town) { $0.community = CommunityID(unchecked: "none") }
        }
        #expect(unknown.code == .invalidRequest)
    }

    @Test func addresseesAreCalledByTheirNames() throws {
        let town = try town()
        for to in ["west", "g1", "3-1", "3幢", "kiosk"] { try post(town, "for-\(to)", to: to) }
        func name(_ to: String) throws -> LocalizedText {
            try town.engine.notice(NoticeID(unchecked: "for-" + to)).addressee
        }
        #expect(try name("3-1").zh == "翠竹园3幢1单元")
        #expect(try name("3-1").en == "翠竹园3幢1单元", "the unit has no English name")
        #expect(try name("3幢").en == "Building 3, Cuizhuyuan")
        #expect(try name("kiosk").zh == "翠竹园大堂终端", "it is called by its estate already")
        #expect(try name("west").zh == "社区west" && name("g1").zh == "第一网格")
        let notice = try town.engine.notice(NoticeID(unchecked: "for-3-1"))
        #expect(
            notice.notice.community?.rawValue == "west"
                && notice.notice.to == .origin(OriginID(unchecked: "3-1")))
    }

    /// An origin that moves takes its notices with it, at once.
    @Test func noticesFollowTheirOrigins() throws {
        let town = try town()
        try post(town, "own", to: "far")
        try post(town, "wide", to: "west")
        #expect(try read(town, from: "far") == ["own"])
        let at = SmallTown.point(east: -100, north: 0)
        let json = """
            {"kind":"estate","name":"东苑","location":{"lat":\(at.latitude.value),"lon":\(at.longitude.value)}}
            """
        _ = try town.engine.putOrigin(
            OriginID(unchecked: "far"), OriginBody(JSONValue(json: Array(json.utf8))), write(town))
        #expect(try read(town, from: "far") == ["own", "wide"])
        #expect(try read(town) { $0.community = CommunityID(unchecked: "west") } == ["own", "wide"])
    }

    // MARK: When

    @Test func daysBeginAndEndAtMidnightOfTheCommunity() throws {
        let town = try town()
        try post(town, "days", to: "west", from: #""2026-11-27""#, until: #""2026-11-27""#)
        #expect(try read(town, at: "2026-11-26T23:59:59+08:00") == [])
        #expect(try read(town, at: "2026-11-27T00:00:00+08:00") == ["days"])
        #expect(try read(town, at: "2026-11-27T23:59:59+08:00") == ["days"])
        #expect(try read(town, at: "2026-11-28T00:00:00+08:00") == [])
        // A community with another clock, and a day of 23 hours: 29 March 2026 in Berlin.
        let json = #"{"name":"柏林","time_zone":"Europe/Berlin"}"#
        _ = try town.engine.putCommunity(
            CommunityID(unchecked: "berlin"), CommunityBody(JSONValue(json: Array(json.utf8))), write(town))
        try post(town, "summer", to: "berlin", from: #""2026-03-29""#, until: #""2026-03-29""#)
        #expect(try read(town, at: "2026-03-28T22:59:59Z") == [])
        #expect(try read(town, at: "2026-03-28T23:00:00Z") == ["summer"])
        #expect(try read(town, at: "2026-03-29T21:59:59Z") == ["summer"])
        #expect(try read(town, at: "2026-03-29T22:00:00Z") == [])
        // When the community gets another clock, the days are those of that clock.
        let moved = #"{"name":"上海"}"#
        _ = try town.engine.putCommunity(
            CommunityID(unchecked: "berlin"), CommunityBody(JSONValue(json: Array(moved.utf8))), write(town))
        #expect(try read(town, at: "2026-03-28T16:00:00Z") == ["summer"])
        #expect(try read(town, at: "2026-03-29T16:00:00Z") == [])
    }

    @Test func momentsAndNoEnd() throws {
        let town = try town()
        try post(
            town, "moments", to: "west", from: #""2026-11-27T08:00:00+08:00""#,
            until: #""2026-11-27T10:00:00Z""#)
        #expect(try read(town, at: "2026-11-27T07:59:59+08:00") == [])
        #expect(try read(town, at: "2026-11-27T08:00:00+08:00") == ["moments"])
        #expect(try read(town, at: "2026-11-27T17:59:59+08:00") == ["moments"])
        #expect(try read(town, at: "2026-11-27T18:00:00+08:00") == [])
        try post(town, "open", to: "west", until: "null")
        #expect(try read(town, at: "2999-01-01T00:00:00Z") == ["open"])
        #expect(try town.engine.notice(NoticeID(unchecked: "open")).notice.until == nil)
        // From a moment of a day to the end of the same day: days and moments are compared by the clock there.
        try post(town, "rest", to: "west", from: #""2026-11-27T20:00:00+08:00""#, until: #""2026-11-27""#)
        #expect(try read(town, at: "2026-11-27T23:00:00+08:00") == ["rest", "open"])
        for (from, until) in [
            (#""2026-11-28""#, #""2026-11-27""#),
            (#""2026-11-27T08:00:00+08:00""#, #""2026-11-27T08:00:00+08:00""#),
            (#""2026-11-28T00:00:00+08:00""#, #""2026-11-27""#),
            (#""2026-11-27""#, #""2026-11-26T16:00:00Z""#),
        ] {
            let error = try #require(throws: DirectoryError.self) {
                try post(town, "wrong", to: "west", from: from, until: until)
            }
            #expect(error.code == .invalidRecord && error.location == "until", "\(from) \(until)")
        }
    }

    @Test func pastAndComingOnesAreListedWhenAskedFor() throws {
        let town = try town()
        try post(town, "past", to: "west", from: #""2026-11-01""#, until: #""2026-11-02""#)
        try post(town, "now", to: "west")
        try post(town, "coming", to: "west", from: #""2026-12-01""#, until: #""2026-12-02""#)
        try post(town, "closed", to: "west", #","status":"closed_at_source""#)
        #expect(try read(town) == ["now"])
        var query = NoticeQuery()
        query.at = try moment("2026-11-27T12:00:00+08:00")
        query.all = true
        let all = try town.engine.notices(query).notices
        #expect(all.map(\.notice.id.rawValue) == ["coming", "closed", "now", "past"], "the newest first")
        #expect(all.map(\.state) == [.coming, .current, .current, .past])
    }

    // MARK: In which order

    @Test func urgentThenNarrowThenNewThenById() throws {
        let town = try town()
        try post(town, "b-west", to: "west", from: #""2026-11-25""#)
        try post(town, "a-west", to: "west", from: #""2026-11-25""#)
        try post(town, "new-west", to: "west", from: #""2026-11-26""#)
        try post(town, "old-building", to: "3幢", from: #""2026-11-01""#)
        try post(town, "grid", to: "g1")
        try post(town, "estate", to: "estate")
        try post(town, "urgent-west", to: "west", from: #""2026-11-01""#, #","urgent":true"#)
        try post(town, "urgent-grid", to: "g1", from: #""2026-11-01""#, #","urgent":true"#)
        let order = [
            "urgent-grid", "urgent-west", "old-building", "estate", "grid", "new-west", "a-west", "b-west",
        ]
        #expect(try read(town, from: "3幢") == order)
        // Page by page, in every size, it is the same list.
        for size in 1...9 {
            var query = NoticeQuery()
            query.at = try moment("2026-11-27T12:00:00+08:00")
            query.limit = size
            var found: [String] = []
            repeat {
                let page = try town.engine.notices(query)
                #expect(page.notices.count <= size)
                found += page.notices.map(\.notice.id.rawValue)
                query.cursor = try page.next.map { try NoticeCursor(text: $0.text) }
            } while query.cursor != nil
            #expect(found == order, "\(size)")
        }
        // A page goes on although the last notice of the one before was withdrawn.
        var query = NoticeQuery()
        query.at = try moment("2026-11-27T12:00:00+08:00")
        query.limit = 3
        let page = try town.engine.notices(query)
        _ = try town.engine.deleteNotice(NoticeID(unchecked: "old-building"), write(town))
        query.cursor = page.next
        query.limit = 500
        #expect(try town.engine.notices(query).notices.map(\.notice.id.rawValue) == Array(order[3...]))
    }

    @Test(arguments: ["", "0", "0.4.1", "2.4.1.a", "0.x.1.a", "0.4.x.a", "0.4.1.", "0.4.1.a b", "1.1.1"])
    func whatIsNoCursorIsRefused(_ text: String) {
        let error = #expect(throws: DirectoryError.self) { try NoticeCursor(text: text) }
        #expect(error?.code == .invalidCursor)
    }

    // MARK: What is named

    @Test func whatANoticeNamesStays() throws {
        let town = try town()
        try town.put("clinic", "pharmacy", east: -100, north: 0)
        let body = try OrganisationBody(JSONValue(json: Array(#"{"name":"居委会","name_en":"Committee"}"#.utf8)))
        _ = try town.engine.putOrganisation(OrganisationID(unchecked: "org"), body, write(town))
        try post(town, "n", to: "west", #","place":"clinic","organisation":"org""#)
        let reply = try town.engine.notice(NoticeID(unchecked: "n"))
        #expect(reply.organisation?.name == "居委会" && reply.notice.place?.rawValue == "clinic")
        let place = try #require(throws: DirectoryError.self) {
            try town.engine.deletePlace(PlaceID(unchecked: "clinic"), write(town))
        }
        #expect(place.code == .invalidRecord && place.message.contains("notice"), "\(place)")
        let organisation = try #require(throws: DirectoryError.self) {
            try town.engine.deleteOrganisation(OrganisationID(unchecked: "org"), write(town))
        }
        #expect(organisation.code == .invalidRecord && organisation.message.contains("notice"))
        _ = try town.engine.deleteNotice(NoticeID(unchecked: "n"), write(town))
        _ = try town.engine.deletePlace(PlaceID(unchecked: "clinic"), write(town))
        _ = try town.engine.deleteOrganisation(OrganisationID(unchecked: "org"), write(town))
    }

    /// The origins of an import are not taken back from under a notice; nor is a grid or a community.
    @Test func anImportIsNotTakenBackFromUnderANotice() throws {
        let town = try SmallTown()
        try town.putCommunity("west", east: -1100 ... -1)
        var batch = RecordBatch(source: Source(id: SourceID(unchecked: "osm"), kind: "osm", title: "t"))
        batch.origins = [
            SourcedOrigin(
                key: "k",
                origin: Origin(
                    id: OriginID(unchecked: "k"), kind: .kiosk, name: "大堂",
                    location: SmallTown.point(east: -50, north: 0)))
        ]
        batch.grids = [
            Grid(id: GridID(unchecked: "g"), community: CommunityID(unchecked: "west"), name: "一")
        ]
        (batch.fileName, batch.fileDigest) = ("a.csv", "sha256:0")
        let number = try #require(try town.engine.apply(batch, by: town.actor).number)
        for to in ["k", "g"] {
            try post(town, "n", to: to)
            let error = try #require(throws: DirectoryError.self) {
                try town.engine.undoImport(number, by: town.actor)
            }
            #expect(error.code == .invalidRecord && error.message.contains("notice"), "\(error)")
        }
        _ = try town.engine.deleteNotice(NoticeID(unchecked: "n"), write(town))
        #expect(try town.engine.undoImport(number, by: town.actor).deleted == 2)
    }

    @Test(arguments: [
        (#"{"id":"none"}"#, "", "to"), (#"{"kind":"grid","id":"west"}"#, "", "to"),
        (#"{"kind":"village","id":"west"}"#, "", "kind"), (#"{"kind":"community"}"#, "", "to"),
        (#"{"id":"west","name":"西"}"#, "", "name"), (#""west""#, "", nil), ("null", "", "to"),
        (#"{"id":"west"}"#, #","place":"none""#, "place"),
        (#"{"id":"west"}"#, #","organisation":"none""#, "organisation"),
        (#"{"id":"west"}"#, #","status":"gone""#, "status"), (#"{"id":"west"}"#, #","urgent":1"#, "urgent"),
        (#"{"id":"west"}"#, #","colour":"red""#, "colour"),
    ])
    func aNoticeThatCannotBeIsRefused(_ to: String, _ more: String, _ location: String?) throws {
        let town = try town()
        let json =
            #"{"title":"停水","text":"8点起。","to":\#(to),"from":"2026-11-27","until":"2026-11-28"\#(more)}"#
        let error = try #require(throws: DirectoryError.self) {
            try town.engine.putNotice(
                NoticeID(unchecked: "n"), NoticeBody(JSONValue(json: Array(json.utf8))), write(town))
        }
        #expect(error.code == .invalidRecord && error.location == location, "\(error)")
        #expect(try read(town) == [])
    }

    @Test func anIDOfTwoThingsNeedsItsKind() throws {
        let town = try town()
        let at = SmallTown.point(east: -50, north: 0)
        let json = """
            {"kind":"kiosk","name":"西","location":{"lat":\(at.latitude.value),"lon":\(at.longitude.value)}}
            """
        _ = try town.engine.putOrigin(
            OriginID(unchecked: "west"), OriginBody(JSONValue(json: Array(json.utf8))), write(town))
        let error = try #require(throws: DirectoryError.self) { try post(town, "n", to: "west") }
        #expect(error.location == "to" && error.message.contains("community and a origin"), "\(error)")
        let body =
            #"{"title":"停水","text":"8点起。","to":{"kind":"origin","id":"west"},"from":"2026-11-27","until":null}"#
        _ = try town.engine.putNotice(
            NoticeID(unchecked: "n"), NoticeBody(JSONValue(json: Array(body.utf8))), write(town))
        #expect(try read(town, from: "west") == ["n"])
        #expect(try read(town, from: "3幢") == [])
    }

    // MARK: Who may

    private let committee = Party(
        id: "committee", name: "翠竹园居委会", kind: .residentsCommittee, users: ["juweihui"],
        communities: [CommunityID(unchecked: "west")], organisations: [OrganisationID(unchecked: "org-1")])
    private let owners = Party(
        id: "owners", name: "业委会", kind: .ownersCommittee, users: ["yeweihui"],
        communities: [CommunityID(unchecked: "west")])
    private let captain = Party(
        id: "captain-3", name: "3幢楼栋长", kind: .buildingCaptain, users: ["captain"],
        communities: [CommunityID(unchecked: "west")], buildings: [OriginID(unchecked: "3幢")])

    @Test func aPartyPostsInItsCommunitiesAndACaptainInHisBuilding() throws {
        let town = try town(parties: [committee, owners, captain])
        func refused(_ location: String?, _ body: () throws -> Void) throws {
            let error = try #require(throws: DirectoryError.self, performing: body)
            #expect(error.code == .forbidden && error.location == location, "\(error)")
        }
        for to in ["west", "g2", "estate", "3-1"] { try post(town, "by-\(to)", to: to, party: committee) }
        try refused("to") { try post(town, "x", to: "east", party: committee) }
        try refused("to") { try post(town, "x", to: "far", party: committee) }
        for to in ["3幢", "3-1"] { try post(town, "captain-\(to)", to: to, party: captain) }
        for to in ["west", "g1", "estate", "4幢", "kiosk"] {
            try refused("to") { try post(town, "x", to: to, party: captain) }
        }
        // Whose it is not, it is not anybody's to change, or to take away, or to take over.
        try refused(nil) { try post(town, "by-west", to: "west", party: owners) }
        try refused(nil) {
            _ = try town.engine.deleteNotice(NoticeID(unchecked: "by-west"), write(town, party: owners))
        }
        try refused(nil) { try post(town, "captain-3幢", to: "3幢", party: committee) }
        // Moving its own out of its community is no way round.
        try refused("to") { try post(town, "by-west", to: "east", party: committee) }
        // Nobody speaks for an organisation that is not its own.
        let body = try OrganisationBody(JSONValue(json: Array(#"{"name":"居委会"}"#.utf8)))
        for id in ["org-1", "org-2"] {
            _ = try town.engine.putOrganisation(OrganisationID(unchecked: id), body, write(town))
        }
        try post(town, "by-west", to: "west", #","organisation":"org-1""#, party: committee)
        try refused(nil) {
            try post(town, "by-west", to: "west", #","organisation":"org-2""#, party: committee)
        }
        // What its organisation says is its own, whoever wrote it down.
        try post(town, "clerk", to: "west", #","organisation":"org-1""#)
        try refused(nil) { try post(town, "clerk", to: "west", party: owners) }
        try post(
            town, "clerk", to: "west", until: #""2026-11-29""#, #","organisation":"org-1""#, party: committee)
        _ = try town.engine.deleteNotice(NoticeID(unchecked: "clerk"), write(town, party: committee))
        // An administrator takes away what a party has posted.
        _ = try town.engine.deleteNotice(NoticeID(unchecked: "by-west"), write(town))
        _ = try town.engine.deleteNotice(
            NoticeID(unchecked: "captain-3幢"), write(town, party: captain))
        let sources = try town.engine.store.read { try $0.sightings(of: .notice, "by-g2") }
        #expect(sources.map(\.source.rawValue) == ["party-committee"])
    }

    // MARK: Writes

    @Test func aNoticeIsChangedAndTakenAwayOnConditionOnly() throws {
        let town = try town()
        let first = try post(town, "n", to: "west")
        #expect(first.outcome == .created && first.kind == "notice")
        let reply = try town.engine.notice(NoticeID(unchecked: "n"))
        #expect(reply.tag == first.tag)
        #expect(try post(town, "n", to: "west").outcome == .unchanged)
        let second = try post(town, "n", to: "g1", ifMatch: first.tag)
        #expect(second.outcome == .changed && second.tag != first.tag)
        let late = try #require(throws: DirectoryError.self) {
            try post(town, "n", to: "west", ifMatch: first.tag)
        }
        #expect(late.code == .changedMeanwhile)
        #expect(try read(town, from: "4幢") == [] && read(town, from: "3幢") == ["n"], "it is for g1 alone now")
        var context = write(town)
        context.ifMatch = first.tag
        #expect(throws: DirectoryError.self) {
            try town.engine.deleteNotice(NoticeID(unchecked: "n"), context)
        }
        context.ifMatch = second.tag
        #expect(try town.engine.deleteNotice(NoticeID(unchecked: "n"), context).outcome == .deleted)
        let gone = try #require(throws: DirectoryError.self) {
            try town.engine.deleteNotice(NoticeID(unchecked: "n"), context)
        }
        #expect(gone.code == .notFound && gone.advice?.contains("quarterctl notices") == true)
        let audit = try town.engine.store.read { try $0.audit(of: .notice, "n", limit: 9) }
        #expect(audit.count == 3 && audit.map(\.actor.name) == ["clerk", "clerk", "clerk"])
    }

    @Test func theChangeFeedTellsOfNotices() throws {
        let town = try town()
        let begin = try post(town, "n", to: "3幢").revision
        try post(
            town, "n", to: "g1", from: #""2026-11-26T08:00:00+08:00""#, until: "null", #","urgent":true"#)
        try post(town, "other", to: "east")
        try post(
            town, "n", to: "g1", from: #""2026-11-26T08:00:00+08:00""#, until: "null",
            #","status":"closed_at_source""#)
        _ = try town.engine.deleteNotice(NoticeID(unchecked: "n"), write(town))
        var query = ChangeQuery(position: FeedPosition(Revision(begin.number - 1)), withRecord: true)
        query.kinds = [.notice]
        query.community = CommunityID(unchecked: "west")
        let changes = try town.engine.changes(query).changes
        #expect(changes.map(\.outcome) == [.created, .changed, .closed, .removed])
        #expect(changes[1].fields == ["from", "to", "until", "urgent"])
        #expect(changes.map(\.id) == ["n", "n", "n", "n"] && changes.allSatisfy { $0.record == nil })
        query.community = nil
        let other = try #require(try town.engine.changes(query).changes.first { $0.id == "other" })
        guard case .notice(let notice)? = other.record else {
            Issue.record("no record goes along")
            return
        }
        #expect(notice.to == .community(CommunityID(unchecked: "east")))
        var json = JSONWriter()
        other.write(to: &json, for: query)
        let text = String(decoding: json.bytes(), as: UTF8.self)
        #expect(text.contains(#""to":{"kind":"community","id":"east"}"#), "\(text)")
    }

    /// A place that turns out to be another one takes its notices along.
    @Test func joinedPlacesJoinTheirNotices() throws {
        let town = try town()
        try town.put("one", "pharmacy", east: -100, north: 0, name: "药房")
        try town.put("two", "pharmacy", east: -101, north: 0, name: "药房")
        try post(town, "n", to: "west", #","place":"two""#)
        let decision = try DuplicateDecision(
            JSONValue(json: Array(#"{"decision":"join","place":"one","other":"two"}"#.utf8)))
        _ = try town.engine.decide(decision, by: town.actor)
        #expect(try town.engine.notice(NoticeID(unchecked: "n")).notice.place?.rawValue == "one")
    }

    @Test func theyOutliveARestart() throws {
        let town = try town()
        let words = #","text_en":"Water is off.","title_en":"Water off","urgent":true"#
        try post(town, "n", to: "3幢", from: #""2026-11-26T08:00:00+08:00""#, until: "null", words)
        let before = try town.engine.notice(NoticeID(unchecked: "n"))
        try town.engine.close()
        let again = try SmallTown.open(town.folder)
        defer { try? again.close() }
        let after = try again.notice(NoticeID(unchecked: "n"))
        #expect(after.notice == before.notice && after.tag == before.tag)
        var query = NoticeQuery()
        query.origin = .id(OriginID(unchecked: "3-1"))
        query.at = try moment("2026-11-27T12:00:00+08:00")
        #expect(try again.notices(query).notices.count == 1)
    }

    /// Whatever is written at the same time, each answer is whole: a notice is for one of two, never for both or none.
    @Test func readersSeeWholeNoticesWhileOthersWrite() throws {
        let town = try town()
        try post(town, "n", to: "west", until: "null")
        let engine = town.engine
        let odd = Mutex<[String]>([])
        let context = write(town)
        var bodies: [NoticeBody] = []
        for to in ["east", "west"] {
            let json = #"{"title":"\#(to)","text":"x","to":{"id":"\#(to)"},"from":"2026-11-01","until":null}"#
            bodies.append(try NoticeBody(JSONValue(json: Array(json.utf8))))
        }
        let sent = bodies
        var query = NoticeQuery()
        query.at = try moment("2026-11-27T12:00:00+08:00")
        let asked = query
        DispatchQueue.concurrentPerform(iterations: 4) { worker in
            for round in 0..<150 {
                do {
                    if worker == 0 {
                        _ = try engine.putNotice(NoticeID(unchecked: "n"), sent[round % 2], context)
                    } else if worker == 1 {
                        let id = NoticeID(unchecked: "extra-\(round)")
                        _ = try engine.putNotice(id, sent[1], context)
                        _ = try engine.deleteNotice(id, context)
                    } else {
                        let found = try engine.notices(asked).notices.filter { $0.notice.id.rawValue == "n" }
                        if found.count != 1 || found[0].notice.to.id != found[0].notice.title,
                            found.first?.notice.title != "n"
                        {
                            odd.withLock { $0.append("\(found)") }
                        }
                    }
                } catch {
                    odd.withLock { $0.append("\(error)") }
                }
            }
        }
        #expect(odd.withLock { $0 } == [])
        #expect(try read(town) == ["n"])
    }

    /// What hung on the wall in many years costs a page little: it is passed over, and not dressed.
    @Test func manyPastNoticesAreNoBurden() throws {
        let town = try town()
        var batch = RecordBatch(
            source: Source(id: SourceID(unchecked: "records"), kind: "records", title: "t"))
        batch.notices = (0..<20_000).map { number in
            let begin = 1_700_000_000 + Int64(number) * 3_600
            return Notice(
                id: NoticeID(unchecked: "n\(number)"), title: "停水", text: String(repeating: "水", count: 500),
                to: .community(CommunityID(unchecked: "west")),
                from: .moment(Timestamp(secondsSince1970: begin)),
                until: .moment(Timestamp(secondsSince1970: begin + 3_600)))
        }
        #expect(try town.engine.apply(batch, by: town.actor).counts[.notice]?.created == 20_000)
        var query = NoticeQuery()
        query.origin = .id(OriginID(unchecked: "3-1"))
        query.at = Timestamp(secondsSince1970: 1_700_000_000 + 19_000 * 3_600)
        let current = try town.engine.notices(query)
        #expect(current.notices.map(\.notice.id.rawValue) == ["n19000"] && current.next == nil)
        // All of them, page by page, each once.
        query.all = true
        query.limit = 500
        var count = 0
        repeat {
            let page = try town.engine.notices(query)
            count += page.notices.count
            query.cursor = page.next
        } while query.cursor != nil
        #expect(count == 20_000)
    }

    // MARK: From a register

    @Test func noticesOfARegisterComeWithTheirRecords() throws {
        let town = try town()
        func notice(_ id: String, _ to: Notice.Addressee, _ change: (inout Notice) -> Void = { _ in })
            -> Notice
        {
            var notice = Notice(
                id: NoticeID(unchecked: id), title: id, text: "…", to: to,
                from: .moment(Timestamp(secondsSince1970: 1_795_600_000)))
            change(&notice)
            return notice
        }
        var batch = RecordBatch(
            source: Source(id: SourceID(unchecked: "records"), kind: "records", title: "t"))
        batch.organisations = [Organisation(id: OrganisationID(unchecked: "new"), name: "居委会")]
        batch.notices = [
            notice("a", .origin(OriginID(unchecked: "3幢"))) {
                $0.organisation = OrganisationID(unchecked: "new")
            },
            notice("b", .grid(GridID(unchecked: "none"))),
            notice("c", .community(CommunityID(unchecked: "west"))) { $0.place = PlaceID(unchecked: "none") },
            notice("d", .community(CommunityID(unchecked: "west"))) {
                $0.organisation = OrganisationID(unchecked: "none")
            },
            notice("e", .community(CommunityID(unchecked: "west"))) {
                $0.until = .moment(Timestamp(secondsSince1970: 1_795_600_000))
            },
        ]
        batch.complete = [.notice]
        let report = try town.engine.apply(batch, by: town.actor)
        #expect(report.counts[.notice]?.created == 1 && report.counts[.notice]?.rejected == 4)
        #expect(report.findings.map(\.field) == ["to", "place", "organisation", "until"])
        #expect(try town.engine.notice(NoticeID(unchecked: "a")).notice.community?.rawValue == "west")
        let held = try #require(throws: DirectoryError.self) {
            try town.engine.deleteNotice(NoticeID(unchecked: "a"), write(town))
        }
        #expect(held.message.contains("records"), "the file would bring it back")
        // The next file has it no more.
        batch.notices = []
        #expect(try town.engine.apply(batch, by: town.actor).counts[.notice]?.vanished == 1)
        #expect(try town.engine.notice(NoticeID(unchecked: "a")).notice.status == .closedAtSource)
        #expect(try read(town) == [])
    }
}
