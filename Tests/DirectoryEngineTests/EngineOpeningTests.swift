import DirectoryAPI
import DirectoryModel
import Foundation
import OpeningTimes
import Testing

@testable import DirectoryEngine

/// Opening times in answers, and as a condition of them.
@Suite struct EngineOpeningTests {
    /// Tuesday, 24 November 2026, 12:00 in Shanghai.
    private let noon: Int64 = 1_795_492_800

    private func at(_ hours: Double) -> Timestamp {
        Timestamp(secondsSince1970: noon + Int64(hours * 3600))
    }

    /// Pharmacies along the street, a hundred metres apart, with these opening times.
    private func town(_ hours: [String?]) throws -> SmallTown {
        let town = try SmallTown()
        for (number, text) in hours.enumerated() {
            let at = SmallTown.point(east: Double(number + 1) * 100, north: 0)
            let hours = text.map { ",\"hours\":\"\($0)\"" } ?? ""
            let json =
                #"{"type":"pharmacy","name":"药店","location":{"lat":\#(at.latitude.value),"lon":\#(at.longitude.value)}\#(hours)}"#
            _ = try town.engine.putPlace(
                PlaceID(validating: "p\(number)"), PlaceBody(JSONValue(json: Array(json.utf8))),
                WriteContext(actor: town.actor))
        }
        return town
    }

    private func open(_ town: SmallTown, _ condition: OpenCondition) throws -> [String] {
        try town.reach { $0.open = condition }.ids
    }

    @Test func listsWhatIsOpenAtAMoment() throws {
        let town = try town([
            "08:00-20:00", "Mo 08:00-20:00", nil, "24/7", "not to be read", "Tu 11:00-12:00",
        ])
        #expect(try open(town, .at(at(0))) == ["p0", "p3"], "12:00 ends the last one")
        #expect(try open(town, .at(at(-0.1))) == ["p0", "p3", "p5"])
        #expect(try open(town, .at(at(9))) == ["p3"])
        #expect(try open(town, .at(at(-24))) == ["p0", "p1", "p3"], "Monday")
        #expect(try open(town, .during(at(6), at(8))) == ["p0", "p3"])
        #expect(try open(town, .during(at(6), at(8.1))) == ["p3"])
        #expect(try open(town, .during(at(-0.5), at(0))) == ["p0", "p3", "p5"])
    }

    @Test func tellsTheStateAtTheMomentThatIsAskedAbout() throws {
        let town = try town(["08:00-20:00", nil, "not to be read"])
        let reply = try town.reach { $0.open = .at(at(1)) }
        let opening = try #require(reply.places.first).opening
        #expect(opening.state == .open)
        #expect(opening.since == at(-4))
        #expect(opening.until == at(8))
        #expect(opening.raw == "08:00-20:00")
        let all = try town.reach()
        #expect(all.places.map(\.opening.state).dropFirst() == [.unknown, .unknown])
        #expect(all.places.last?.opening.raw == "not to be read")
        // The same by itself.
        let place = try town.engine.place(PlaceID(unchecked: "p0"))
        #expect(place.opening.state == all.places.first?.opening.state)
        #expect(place.opening.canonical?.osm == "08:00-20:00")
        #expect(place.opening.canonical?.door.zh.contains("08:00") == true)
        #expect(place.opening.week.map(\.spans) == Array(repeating: [480..<1200], count: 7))
        #expect(reply.places.allSatisfy { $0.opening.week.isEmpty }, "in lists there is none")
        #expect(try town.engine.place(PlaceID(unchecked: "p1")).opening.week.isEmpty)
    }

    /// On arrival: the list is what a plain look at every place, one by one, finds open when one gets there.
    @Test func openOnArrivalCountsTheWalkOfEachPlace() throws {
        // Spans of one minute, all around the clock: what is open depends on when exactly one arrives.
        let now = Int64(Date().timeIntervalSince1970)
        var hours: [String?] = []
        for number in 0..<9 {
            let start = (now + 28_800 + Int64(number * 90)) % 86_400 / 60
            hours.append(
                String(
                    format: "%02d:%02d-%02d:%02d", start / 60, start % 60, (start + 2) / 60 % 24,
                    (start + 2) % 60))
        }
        let town = try town(hours)
        // The second may turn between the question and the look.
        for _ in 0..<5 {
            let before = Timestamp.now
            let found = try open(town, .arrival)
            guard Timestamp.now == before else { continue }
            var expected: [String] = []
            for reached in try town.reach().places {
                let arrival = Timestamp(
                    secondsSince1970: before.secondsSince1970 + Int64(reached.walk.seconds.value.rounded(.up))
                )
                let schedule = try OpeningSchedule(try #require(reached.place.hours))
                let context = OpeningContext(calendar: .empty, policy: .commercial)
                if schedule.answer(at: arrival, in: context).state == .open {
                    expected.append(reached.place.id.rawValue)
                }
            }
            #expect(found == expected)
            return
        }
        Issue.record("the second turned in each of five tries")
    }

    @Test func aPageGoesOnWhereTheLastOneEnded() throws {
        let town = try town((0..<9).map { $0 % 2 == 0 ? "24/7" : "off" })
        var ids: [String] = []
        var cursor: ReachCursor?
        repeat {
            let reply = try town.reach {
                $0.open = .now
                $0.limit = 2
                $0.cursor = cursor
            }
            ids += reply.ids
            cursor = reply.next
        } while cursor != nil
        #expect(ids == ["p0", "p2", "p4", "p6", "p8"])
    }

    @Test func timesThatCannotBeReadAreAFindingAndStay() throws {
        let town = try SmallTown()
        let json = #"{"type":"pharmacy","name":"药店","hours":"看心情"}"#
        let reply = try town.engine.putPlace(
            PlaceID(validating: "p"), PlaceBody(JSONValue(json: Array(json.utf8))),
            WriteContext(actor: town.actor))
        let finding = try #require(reply.findings.first { $0.code == "hours_unreadable" })
        #expect(finding.field == "hours")
        #expect(finding.value == "看心情")
        #expect(finding.severity == "warning")
        let opening = try town.engine.place(PlaceID(unchecked: "p")).opening
        #expect(opening.state == .unknown)
        #expect(opening.raw == "看心情")
        #expect(opening.canonical == nil)
    }

    @Test func aReloadBringsAnotherCalendarIn() throws {
        let folder = NSTemporaryDirectory() + "quarter-calendar-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let calendar = """
            {"format":1,"year":2026,"source":"made up","papers":["made up"],
             "days_off":[{"zh":"停","en":"Off","dates":["2026-11-24"]}],"makeup_workdays":[]}
            """
        try Data(calendar.utf8).write(to: URL(fileURLWithPath: folder + "/cn-2026.json"))
        let read = try CalendarShelf(folder: folder)
        let host = try SmallTown.host()
        let town = try SmallTown(reloading: { () throws(DirectoryError) -> EngineUpdate in
            var settings = SmallTown.settings
            settings.calendars = read
            return EngineUpdate(settings: settings, host: host)
        })
        let at = SmallTown.point(east: 100, north: 0)
        // A community centre follows the statutory days.
        let json =
            #"{"type":"community_centre","name":"社区","hours":"Mo-Fr 09:00-17:00","location":{"lat":\#(at.latitude.value),"lon":\#(at.longitude.value)}}"#
        _ = try town.engine.putPlace(
            PlaceID(validating: "c"), PlaceBody(JSONValue(json: Array(json.utf8))),
            WriteContext(actor: town.actor))
        #expect(try open(town, .at(self.at(0))) == ["c"])
        #expect(try town.reach { $0.open = .at(self.at(0)) }.places.first?.opening.isConfirmed == false)
        _ = try town.engine.reload()
        #expect(try open(town, .at(self.at(0))) == [])
        #expect(try open(town, .at(self.at(24))) == ["c"])
        #expect(try town.reach { $0.open = .at(self.at(24)) }.places.first?.opening.isConfirmed == true)
    }
}
