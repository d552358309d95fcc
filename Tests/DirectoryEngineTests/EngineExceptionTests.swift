import DirectoryAPI
import DirectoryModel
import Foundation
import OpeningTimes
import Testing

@testable import DirectoryEngine

/// Dated exceptions, policies of places, zones and districts of communities, in answers.
@Suite struct EngineExceptionTests {
    /// Tuesday, 24 November 2026, at an hour of Shanghai, some days later.
    private func at(_ hour: Double, days: Int = 0) -> OpenCondition { .at(moment(hour, days: days)) }

    private func moment(_ hour: Double, days: Int = 0) -> Timestamp {
        Timestamp(secondsSince1970: 1_795_449_600 + Int64(hour * 3600) + Int64(days) * 86_400)
    }

    private func put(
        _ town: SmallTown, _ id: String, _ fields: String, type: String = "pharmacy", east: Double = 100
    ) throws -> WriteReply {
        let at = SmallTown.point(east: east, north: 0)
        let place = #"{"lat":\#(at.latitude.value),"lon":\#(at.longitude.value)}"#
        let json = #"{"type":"\#(type)","name":"店","location":\#(place),\#(fields)}"#
        return try town.engine.putPlace(
            PlaceID(validating: id), PlaceBody(JSONValue(json: Array(json.utf8))),
            WriteContext(actor: town.actor))
    }

    private func patch(_ town: SmallTown, _ id: String, _ json: String) throws -> WriteReply {
        try town.engine.patchPlace(
            PlaceID(validating: id), JSONValue(json: Array(json.utf8)), WriteContext(actor: town.actor))
    }

    private func open(_ town: SmallTown, _ condition: OpenCondition) throws -> [String] {
        try town.reach { $0.open = condition }.ids
    }

    @Test func aSuspensionShowsInTheNextAnswerAndLeavesNoTrace() throws {
        let town = try SmallTown()
        _ = try put(town, "p", #""hours":"08:00-20:00""#)
        let id = PlaceID(unchecked: "p")
        let before = try town.engine.place(id).tag
        let reply = try patch(
            town, "p",
            #"{"exceptions":[{"from":"2026-11-24","until":"2026-11-26","state":"suspended","reason":"装修"}]}"#)
        #expect(reply.outcome == .changed && reply.findings.isEmpty)
        #expect(try open(town, at(12)) == [])
        #expect(try open(town, at(12, days: 2)) == [])
        #expect(try open(town, at(12, days: 3)) == ["p"])
        #expect(try open(town, at(12, days: -1)) == ["p"])
        #expect(try open(town, .during(moment(19, days: -1), moment(20, days: -1))) == ["p"])
        #expect(try town.engine.place(id).tag != before)
        _ = try patch(town, "p", #"{"exceptions":null}"#)
        #expect(try town.engine.place(id).tag == before)
        #expect(try open(town, at(12)) == ["p"])
    }

    @Test func whatHoldsNowIsToldWithItsReason() throws {
        let town = try SmallTown()
        _ = try put(
            town, "p", #""exceptions":[{"from":"2020-01-01","state":"suspended","reason":"设备检修"}]"#)
        let reached = try #require(try town.reach().places.first)
        #expect(reached.opening.state == .suspended, "although there are no opening times")
        #expect(reached.opening.text?.zh == "暂停营业（设备检修）")
        #expect(try town.engine.place(PlaceID(unchecked: "p")).opening.state == .suspended)
    }

    @Test func exceptionsOutliveARestart() throws {
        let town = try SmallTown()
        _ = try put(
            town, "p",
            #""hours":"08:00-20:00","calendar_policy":"statutory","#
                + #""exceptions":[{"from":"2026-11-24","hours":"10:00-11:00"}]"#)
        try town.engine.close()
        let again = try SmallTown.open(town.folder)
        defer { try? again.close() }
        let place = try again.place(PlaceID(unchecked: "p")).place
        #expect(place.exceptions.first?.effect == .hours("10:00-11:00"))
        #expect(place.exceptions.first?.until == nil)
        #expect(place.calendarPolicy == .statutory)
    }

    @Test func anImportDoesNotTakeThemAway() throws {
        let town = try SmallTown()
        _ = try put(
            town, "p",
            #""calendar_policy":"announced","exceptions":[{"from":"2026-11-24","state":"closed"}]"#)
        var batch = RecordBatch(source: Source(id: SourceID(unchecked: "osm"), kind: "osm", title: "t"))
        let place = Place(
            id: PlaceID(unchecked: "p"), type: ServiceTypeID(unchecked: "pharmacy"), name: "新名字",
            location: SmallTown.point(east: 100, north: 0), hours: "24/7")
        batch.places = [SourcedPlace(key: "p", place: place, raw: [:])]
        _ = try town.engine.apply(batch, by: town.actor)
        let stored = try town.engine.place(PlaceID(unchecked: "p")).place
        #expect(stored.name == "新名字" && stored.hours == "24/7")
        #expect(stored.exceptions.count == 1 && stored.calendarPolicy == .announced)
    }

    @Test func otherTimesThatCannotBeReadAreAFindingAndAPersonsNumberIsRefused() throws {
        let town = try SmallTown()
        let reply = try put(
            town, "p", #""exceptions":[{"from":"2026-11-24","hours":"看心情"}],"hours":"24/7""#)
        let finding = try #require(reply.findings.first { $0.code == "hours_unreadable" })
        #expect(finding.field == "exceptions[0].hours" && finding.value == "看心情")
        #expect(try open(town, at(12)) == [], "unknown is not open")
        let error = try #require(throws: DirectoryError.self) {
            try patch(
                town, "p",
                #"{"exceptions":[{"from":"2026-11-24","state":"closed","reason":"找王师傅13812345678"}]}"#)
        }
        #expect(error.code == .invalidRecord && error.location == "exceptions.reason")
        #expect(!error.message.contains("13812345678"))
    }

    /// The policy of a place's own comes before its type's: here on the make-up Saturday of 10 October 2026.
    @Test func aPlaceCanHaveAPolicyOfItsOwn() throws {
        let town = try calendarTown(files: [(nil, Self.national)])
        _ = try put(town, "shop", #""hours":"Mo-Fr 09:00-17:00""#)
        _ = try put(town, "office", #""hours":"Mo-Fr 09:00-17:00","calendar_policy":"statutory""#)
        let saturday = at(12, days: -45)
        #expect(try open(town, saturday) == ["office"])
        let thursday = at(12, days: -54)
        #expect(try open(town, thursday) == ["shop"], "1 October is a day off")
    }

    @Test func aCommunityHasItsOwnTime() throws {
        let town = try SmallTown()
        try town.putCommunity("w", east: -1100...(-1))
        _ = try town.engine.putCommunity(
            CommunityID(unchecked: "w"), try community("w", town, #","time_zone":"Asia/Urumqi""#),
            WriteContext(actor: town.actor))
        _ = try put(town, "east", #""hours":"08:00-20:00""#, east: 100)
        _ = try put(town, "west", #""hours":"08:00-20:00""#, east: -100)
        #expect(try town.engine.place(PlaceID(unchecked: "west")).place.community?.rawValue == "w")
        #expect(try open(town, at(9)) == ["east"])
        #expect(try Set(open(town, at(10.5))) == ["east", "west"])
        #expect(try open(town, at(21)) == ["west"])
        let error = try #require(throws: DirectoryError.self) {
            try town.engine.putCommunity(
                CommunityID(unchecked: "w"), try community("w", town, #","time_zone":"Asia/Nowhere""#),
                WriteContext(actor: town.actor))
        }
        #expect(error.code == .invalidRecord && error.location == "time_zone")
        #expect(try open(town, at(9)) == ["east"], "nothing has changed")
    }

    /// School holidays are those of the district in which the community lies.
    @Test func aDistrictHasItsOwnSchoolHolidays() throws {
        let town = try calendarTown(files: [(nil, Self.national), ("320106", Self.schools)])
        try town.putCommunity("320106001001", east: -1100...(-1))
        try town.putCommunity("qs", east: 0...1100)
        for (id, east) in [("gulou", -100.0), ("elsewhere", 100)] {
            _ = try put(town, id, #""hours":"09:00-11:00; SH 13:00-15:00""#, east: east)
        }
        #expect(try Set(open(town, at(10))) == ["elsewhere"])
        #expect(try Set(open(town, at(14))) == ["gulou"])
        _ = try town.engine.putCommunity(
            CommunityID(unchecked: "qs"), try community("qs", town, #","region":"320106""#),
            WriteContext(actor: town.actor))
        #expect(try open(town, at(10)) == [], "its region says that it lies in that district")
    }

    // MARK: Support

    private static let national = """
        "days_off":[{"zh":"国庆","en":"National Day","dates":["2026-10-01"]}],
        "makeup_workdays":[{"zh":"国庆","en":"National Day","dates":["2026-10-10"]}],"papers":["made up"]
        """
    private static let schools = """
        "papers":[],"school_holidays":[{"zh":"秋假","en":"Autumn break","from":"2026-11-20","to":"2026-11-29"}]
        """

    /// The community as it is, its boundary kept, with further members.
    private func community(_ id: String, _ town: SmallTown, _ members: String) throws -> CommunityBody {
        let reply = try town.engine.community(CommunityID(unchecked: id))
        var body = try CommunityBody(JSONValue(json: Array(#"{"name":"x"\#(members)}"#.utf8)))
        body.boundary = reply.summary.community.boundary
        return body
    }

    private func calendarTown(files: [(district: String?, members: String)]) throws -> SmallTown {
        let folder = NSTemporaryDirectory() + "quarter-calendar-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for (number, file) in files.enumerated() {
            let district = file.district.map { #""district":"\#($0)","# } ?? ""
            let json = #"{"format":1,"year":2026,"source":"made up",\#(district)\#(file.members)}"#
            try Data(json.utf8).write(to: URL(fileURLWithPath: folder + "/\(number).json"))
        }
        let shelf = try CalendarShelf(folder: folder)
        let host = try SmallTown.host()
        let town = try SmallTown(reloading: { () throws(DirectoryError) -> EngineUpdate in
            var settings = SmallTown.settings
            settings.calendars = shelf
            return EngineUpdate(settings: settings, host: host)
        })
        _ = try town.engine.reload()
        return town
    }
}
