import DirectoryAPI
import DirectoryModel
import Foundation
import Testing

@testable import DirectoryEngine

/// Places within places, organisations, activities, and places that go to people.
@Suite struct EngineRelationTests {
    private func write(_ town: SmallTown) -> WriteContext { WriteContext(actor: town.actor) }

    @discardableResult
    private func put(_ town: SmallTown, _ id: String, east: Double? = 100, _ fields: String)
        throws -> WriteReply
    {
        let point = east.map { SmallTown.point(east: $0, north: 0) }
        let at =
            point.map { #""location":{"lat":\#($0.latitude.value),"lon":\#($0.longitude.value)},"# } ?? ""
        let json = #"{"name":"\#(id)",\#(at)\#(fields)}"#
        return try town.engine.putPlace(
            PlaceID(validating: id), PlaceBody(JSONValue(json: Array(json.utf8))), write(town))
    }

    @discardableResult
    private func activity(_ town: SmallTown, _ id: String, _ fields: String) throws -> WriteReply {
        let json = #"{"name":"\#(id)",\#(fields)}"#
        return try town.engine.putActivity(
            ActivityID(validating: id), ActivityBody(JSONValue(json: Array(json.utf8))), write(town))
    }

    @discardableResult
    private func organisation(_ town: SmallTown, _ id: String, _ fields: String = "") throws -> WriteReply {
        let json = #"{"name":"\#(id)"\#(fields)}"#
        return try town.engine.putOrganisation(
            OrganisationID(validating: id), OrganisationBody(JSONValue(json: Array(json.utf8))), write(town))
    }

    @Test func aComplexHoldsPlaces() throws {
        let town = try SmallTown()
        try organisation(town, "office")
        try put(town, "centre", #""type":"community_centre","organisation":"office""#)
        try put(town, "shop", #""type":"pharmacy","within":"centre""#)
        try put(town, "baker", #""type":"bakery","within":"centre","organisation":"office""#)
        let centre = try town.engine.place(PlaceID(unchecked: "centre"))
        #expect(centre.parts.map(\.id.rawValue) == ["baker", "shop"])
        #expect(centre.organisation?.id.rawValue == "office")
        let shop = try town.engine.place(PlaceID(unchecked: "shop"))
        #expect(shop.whole?.id.rawValue == "centre" && shop.parts.isEmpty)
        let office = try town.engine.organisation(OrganisationID(unchecked: "office"))
        #expect(office.places.map(\.id.rawValue) == ["baker", "centre"])
        // A complex lies in none of its parts, and is not taken away while it has some.
        let circle = try #require(throws: DirectoryError.self) {
            try put(town, "centre", #""type":"community_centre","within":"shop""#)
        }
        #expect(circle.location == "within")
        let held = try #require(throws: DirectoryError.self) {
            try town.engine.deletePlace(PlaceID(unchecked: "centre"), write(town))
        }
        #expect(held.code == .invalidRecord && held.message.contains("centre"))
        let running = try #require(throws: DirectoryError.self) {
            try town.engine.deleteOrganisation(OrganisationID(unchecked: "office"), write(town))
        }
        #expect(running.code == .invalidRecord)
        for id in ["shop", "baker", "centre"] {
            _ = try town.engine.deletePlace(PlaceID(unchecked: id), write(town))
        }
        _ = try town.engine.deleteOrganisation(OrganisationID(unchecked: "office"), write(town))
    }

    @Test(arguments: [
        (#""within":"none""#, "within"), (#""organisation":"none""#, "organisation"),
        (#""service_area":{"communities":["none"]}"#, "service_area"),
        (#""service_area":{"origins":["none"]}"#, "service_area"), (#""room":"301""#, "room"),
        (#""walk_in":false"#, "walk_in"), (#""service_area":{"villages":[]}"#, "villages"),
    ])
    func whatIsNamedMustBeThere(_ field: String, _ location: String) throws {
        let town = try SmallTown()
        let error = try #require(throws: DirectoryError.self) {
            try put(town, "p", #""type":"pharmacy","# + field)
        }
        #expect(error.code == .invalidRecord && error.location == location, "\(error)")
    }

    /// A centre's hall is a canteen at noon and a dance room at four: each use has hours of its own.
    @Test func twoUsesOfARoomMayNotOverlap() throws {
        let town = try SmallTown()
        try put(town, "centre", #""type":"community_centre""#)
        let noon = #""within":"centre","room":"多功能厅","hours":"#
        #expect(try put(town, "canteen", #""type":"pharmacy","# + noon + #""11:00-13:00""#).findings.isEmpty)
        #expect(
            try put(town, "dance", #""type":"pharmacy","# + noon + #""Mo-Fr 13:00-17:00""#).findings.isEmpty,
            "one ends where the other begins")
        let clash = try put(town, "dance", #""type":"pharmacy","# + noon + #""Mo-Fr 12:30-17:00""#)
        let finding = try #require(clash.findings.first { $0.code == "room_conflict" })
        #expect(finding.message.zh.contains("12:30–13:00") && finding.message.zh.contains("canteen"))
        let other = try put(
            town, "chess",
            #""type":"pharmacy","within":"centre","room":"棋牌室","hours":"12:30-17:00""#)
        #expect(other.findings.isEmpty, "another room")
        // Places of the reach answer say that they share a roof.
        let reached = try town.reach()
        #expect(Set(reached.places.compactMap(\.place.within?.rawValue)) == ["centre"])
        #expect(reached.places.count == 4)
    }

    @Test func whoComesToYouIsToldByServiceAreaAndNotByWalk() throws {
        let town = try SmallTown()
        try town.putCommunity("c", east: -1100...1100)
        try origin(town, "estate", "estate", nil)
        try origin(town, "3幢", "building", "estate")
        try origin(town, "4幢", "building", nil)
        try put(
            town, "visits",
            #""type":"housekeeping","walk_in":false,"hours":"08:00-17:00","service_area":{"origins":["estate"]}"#
        )
        try put(
            town, "meals", east: 900,
            #""type":"pharmacy","service_area":{"communities":["c"]}"#)
        func coming(_ id: String, _ change: (inout ReachQuery) -> Void = { _ in }) throws -> [String] {
            var query = ReachQuery(origin: .id(try OriginID(validating: id)), minutes: 5)
            change(&query)
            let reply = try town.engine.reach(query)
            #expect(reply.ids.isEmpty, "one has no door, the other is far")
            return reply.coming.map(\.record.place.id.rawValue)
        }
        #expect(try coming("estate") == ["meals", "visits"])
        #expect(try coming("3幢") == ["meals", "visits"], "a part of what is served")
        #expect(try coming("4幢") == ["meals"])
        #expect(try coming("3幢") { $0.types = [ServiceTypeID(unchecked: "housekeeping")] } == ["visits"])
        // 24 November 2026, 12:00 and 20:00 in Shanghai.
        #expect(try coming("3幢") { $0.open = .at(Timestamp(secondsSince1970: 1_795_492_800)) } == ["visits"])
        #expect(try coming("3幢") { $0.open = .at(Timestamp(secondsSince1970: 1_795_521_600)) } == [])
        let point = try town.reach(east: -400) { $0.minutes = 5 }
        #expect(point.coming.map(\.record.place.id.rawValue) == ["meals"], "a point lies in a community")
        // Whatever is changed shows at once.
        try put(town, "meals", east: 900, #""type":"pharmacy""#)
        #expect(try coming("4幢") == [])
    }

    private func origin(_ town: SmallTown, _ id: String, _ kind: String, _ parent: String?) throws {
        let at = SmallTown.point(east: -500, north: 0)
        let whole = parent.map { #","parent":"\#($0)""# } ?? ""
        let json = """
            {"kind":"\(kind)","name":"\(id)","location":{"lat":\(at.latitude.value),"lon":\(at.longitude.value)}\(whole)}
            """
        _ = try town.engine.putOrigin(
            OriginID(validating: id), OriginBody(JSONValue(json: Array(json.utf8))), write(town))
    }

    // MARK: Activities

    /// Monday, 23 November 2026, 08:00 in Shanghai.
    private let monday: Int64 = 1_795_392_000

    private func query(days: Int64 = 7, _ change: (inout ActivityQuery) -> Void = { _ in }) -> ActivityQuery {
        var query = ActivityQuery()
        query.from = Timestamp(secondsSince1970: monday)
        query.until = Timestamp(secondsSince1970: monday + days * 86_400)
        change(&query)
        return query
    }

    @Test func activitiesComeByTheirNextSession() throws {
        let town = try SmallTown()
        try organisation(town, "club", #","kind":"residents""#)
        try put(town, "library", #""type":"bookshop""#)
        try activity(
            town, "reading",
            #""place":"library","organisation":"club","times":"Sa 14:00-16:00","price":0,"minimum_age":6"#)
        try activity(town, "homework", #""place":"library","times":"Mo-Fr 16:30-18:00","maximum_age":12"#)
        try activity(town, "past", #""times":"09:00-10:00","last_day":"2026-11-20""#)
        try activity(
            town, "later", #""times":"09:00-10:00","first_day":"2026-12-01","last_day":"2026-12-02""#)
        let list = try town.engine.activities(query())
        #expect(list.activities.map(\.activity.id.rawValue) == ["homework", "reading"])
        #expect(list.activities[0].sessions.count == 5)
        #expect(list.activities[0].sessions[0].text.zh == "11 月 23 日 16:30–18:00")
        #expect(list.activities[1].organisation?.name == "club")
        #expect(list.activities[1].location != nil, "that of the place")
        #expect(
            try town.engine.activities(query(days: 30)).activities.first {
                $0.activity.id.rawValue == "later"
            }?
            .sessions.count == 2)
        #expect(
            try town.engine.activities(query { $0.age = 70 }).activities.map(\.activity.name) == ["reading"])
        #expect(
            try town.engine.activities(query { $0.organisation = OrganisationID(unchecked: "club") }).total
                == 1)
        let place = try town.engine.place(PlaceID(unchecked: "library"))
        #expect(place.activities.map(\.name) == ["homework", "reading"])
        #expect(
            try town.engine.organisation(OrganisationID(unchecked: "club")).activities.map(\.name) == [
                "reading"
            ])
    }

    @Test func aSessionThatIsLeftOutIsNotTold() throws {
        let town = try SmallTown()
        try activity(
            town, "a",
            #""times":"Tu,Th 10:00-11:00","exceptions":[{"from":"2026-11-24","until":"2026-11-24","state":"closed"}]"#
        )
        let sessions = try #require(try town.engine.activities(query()).activities.first).sessions
        #expect(sessions.map(\.text.zh) == ["11 月 26 日 10:00–11:00"])
    }

    @Test func activitiesWithinAWalk() throws {
        let town = try SmallTown()
        try put(town, "near", east: 100, #""type":"bookshop""#)
        try put(town, "far", east: 900, #""type":"bookshop""#)
        try activity(town, "a", #""place":"near","times":"10:00-11:00""#)
        try activity(town, "b", #""place":"far","times":"10:00-11:00""#)
        let at = SmallTown.point(east: -200, north: 0)
        try activity(
            town, "square",
            #""times":"10:00-11:00","location":{"lat":\#(at.latitude.value),"lon":\#(at.longitude.value)}"#)
        try activity(town, "nowhere", #""times":"10:00-11:00""#)
        let list = try town.engine.activities(
            query {
                $0.origin = .point(SmallTown.point(east: 0, north: 0))
                $0.minutes = 5
            })
        #expect(list.activities.map(\.activity.id.rawValue) == ["a", "square"])
        #expect(abs((list.activities[0].walk?.metres.value ?? 0) - 100) < 0.5)
        #expect(abs((list.activities[1].walk?.metres.value ?? 0) - 200) < 0.5)
    }

    @Test(arguments: [
        (#""times":"whenever""#, "times"), (#""times":"10:00-11:00","place":"none""#, "place"),
        (#""times":"10:00-11:00","organisation":"none""#, "organisation"),
        (#""times":"10:00-11:00","first_day":"2026-12-02","last_day":"2026-12-01""#, "last_day"),
        (#""times":"10:00-11:00","minimum_age":12,"maximum_age":6"#, "maximum_age"),
    ])
    func anActivityThatCannotBeIsRefused(_ fields: String, _ location: String) throws {
        let town = try SmallTown()
        let error = try #require(throws: DirectoryError.self) { try activity(town, "a", fields) }
        #expect(error.code == .invalidRecord && error.location == location, "\(error)")
        let person = try #require(throws: DirectoryError.self) {
            try activity(town, "a", #""times":"10:00-11:00","registration":"联系李老师 139 1234 5678""#)
        }
        #expect(!person.message.contains("5678") || person.message.contains("****"))
    }

    @Test func oneSearchFindsPlaceActivityAndOrganisation() throws {
        let town = try SmallTown()
        try organisation(town, "翠竹园互助会")
        try put(town, "翠竹园书店", #""type":"bookshop""#)
        try activity(town, "翠竹园读书会", #""place":"翠竹园书店","times":"Sa 14:00-16:00""#)
        func found(_ text: String, _ kinds: [SearchQuery.Kind] = []) throws -> Set<String> {
            var query = SearchQuery(text: text)
            query.kinds = kinds
            return Set(
                try town.engine.search(query).found.map { thing in
                    switch thing.thing {
                    case .place(let record): record.place.name
                    case .origin(let origin): origin.name
                    case .activity(let activity, _, _): activity.name
                    case .organisation(let organisation): organisation.name
                    }
                })
        }
        #expect(try found("翠竹园") == ["翠竹园互助会", "翠竹园书店", "翠竹园读书会"])
        #expect(try found("czydsh") == ["翠竹园读书会"])
        #expect(try found("翠竹园", [.organisation]) == ["翠竹园互助会"])
        #expect(try found("翠竹园", [.place, .activity]) == ["翠竹园书店", "翠竹园读书会"])
        _ = try town.engine.deleteActivity(ActivityID(unchecked: "翠竹园读书会"), write(town))
        #expect(try found("dushuhui") == [])
    }

    @Test func theyOutliveARestart() throws {
        let town = try SmallTown()
        try organisation(town, "club", #","credit_code":"91 110000 600037341l""#)
        try put(town, "library", #""type":"bookshop","organisation":"club""#)
        try activity(town, "reading", #""place":"library","organisation":"club","times":"Sa 14:00-16:00""#)
        try town.engine.close()
        let again = try SmallTown.open(town.folder)
        defer { try? again.close() }
        let club = try again.organisation(OrganisationID(unchecked: "club"))
        #expect(club.organisation.creditCode == "91110000600037341L")
        #expect(club.places.count == 1 && club.activities.count == 1)
        #expect(try again.activity(ActivityID(unchecked: "reading")).place?.name == "library")
    }
}
