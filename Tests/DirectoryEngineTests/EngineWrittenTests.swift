import DirectoryAPI
import DirectoryModel
import Foundation
import ModuleHost
import OpeningTimes
import Testing

@testable import DirectoryEngine

/// The answer that is put together from prepared bytes, against the one that is made as values and then written.
@Suite struct EngineWrittenTests {
    /// Opening times of every kind: ordinary, through midnight, by calendar, by the sun, with words, and none.
    private static let hours: [String?] = [
        nil, "24/7", "08:00-20:00", "Mo-Fr 08:00-12:00,13:30-17:30; PH off", "Tu-Su 18:00-02:00",
        "sunrise-sunset", "Mo-Su 09:00-21:00; 2026 Oct 01-2026 Oct 03 off \"盘点\"",
        "Mo-Fr 07:00-19:00; SH off", "off", "Mo 10:00-11:00", "看心情", "周一至周五 9:00-17:00",
        "10:00-12:00 \"需预约\", 12:00-14:00 open \"\\\"午间\\\"\"", "Jan 01 10:00-12:00", "08:00-20:00",
    ]

    private static let exceptions: [String] = [
        #"[{"from":"2026-10-01","until":"2026-10-02","state":"closed","reason":"国庆休息"}]"#,
        #"[{"from":"2026-09-30","state":"suspended","reason":"装修\"一期\""}]"#,
        #"[{"from":"2026-10-10","hours":"10:00-11:00"},{"from":"2026-07-30","until":"2026-07-31","state":"open"}]"#,
    ]

    private static let calendar = """
        {"format":1,"year":2026,"source":"made up","papers":["made up"],
         "days_off":[{"zh":"国庆","en":"National Day","dates":["2026-10-01","2026-10-02"]}],
         "makeup_workdays":[{"zh":"国庆","en":"National Day","dates":["2026-10-10"]}]}
        """

    private struct Numbers: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
            return mixed ^ mixed >> 31
        }

        mutating func pick<T>(_ list: [T]) -> T { list[Int.random(in: list.indices, using: &self)] }
        mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &self) < percent }
    }

    private static func town() throws -> SmallTown {
        let folder = NSTemporaryDirectory() + "quarter-written-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try calendar.write(toFile: folder + "/2026.json", atomically: true, encoding: .utf8)
        var settings = SmallTown.settings
        settings.calendars = try CalendarShelf(folder: folder)
        let town = try SmallTown(settings: settings)
        // The west has a time of its own.
        try town.putCommunity("w", east: -1100...(-1))
        var body = try CommunityBody(JSONValue(json: Array(#"{"name":"西","time_zone":"Asia/Urumqi"}"#.utf8)))
        body.boundary = try town.engine.community(CommunityID(unchecked: "w")).summary.community.boundary
        _ = try town.engine.putCommunity(
            CommunityID(unchecked: "w"), body, WriteContext(actor: town.actor))
        return town
    }

    /// Puts many places, and one that some of them lie in.
    private static func fill(_ town: SmallTown, _ count: Int, _ numbers: inout Numbers) throws {
        try town.put("centre", "complex", east: 30, north: 5)
        for number in 0..<count { try put(town, number, &numbers) }
    }

    private static func put(_ town: SmallTown, _ number: Int, _ numbers: inout Numbers) throws {
        let at = SmallTown.point(
            east: Double.random(in: -950...950, using: &numbers),
            north: Double.random(in: -15...15, using: &numbers))
        let type = numbers.pick(["bakery", "pharmacy", "clinic", "toilet", "bakery"])
        var json =
            #"{"type":"\#(type)","name":"\#(numbers.pick(["店", #"“老\"店"#, "Café", "一二三四五六七八九十"]))","#
            + #""location":{"lat":\#(at.latitude.value),"lon":\#(at.longitude.value)}"#
        if numbers.chance(30) { json += #","name_en":"Book\"shop""# }
        if let hours = numbers.pick(hours) {
            json +=
                #","hours":"\#(hours.replacingOccurrences(of: #"\""#, with: "").replacingOccurrences(of: "\"", with: #"\""#))""#
        }
        if numbers.chance(20) { json += #","exceptions":\#(numbers.pick(exceptions))"# }
        if numbers.chance(30) {
            json += #","calendar_policy":"\#(numbers.pick(["statutory", "announced", "commercial"]))""#
        }
        if numbers.chance(30) {
            json += #","address":"建康路 \#(number) 号","within":"centre","room":"\#(number) 室""#
        }
        if type == "bakery" {
            json +=
                #","attributes":{"custom_cakes":\#(numbers.chance(50)),"oven_hours":"07:00-09:00,15:00-16:00"}"#
        }
        _ = try town.engine.putPlace(
            PlaceID(validating: "p\(number)"), PlaceBody(JSONValue(json: Array((json + "}").utf8))),
            WriteContext(actor: town.actor))
    }

    private static func query(_ numbers: inout Numbers, near now: Int64) -> ReachQuery {
        var query = ReachQuery(
            origin: .point(
                SmallTown.point(
                    east: Double.random(in: -900...900, using: &numbers),
                    north: Double.random(in: -20...20, using: &numbers))))
        query.language = numbers.pick([.zh, .en])
        query.limit = numbers.pick([1, 5, 50, 100])
        if numbers.chance(30) { query.minutes = numbers.pick([2, 7.5, 30]) }
        if numbers.chance(20) { query.profile = ProfileID(unchecked: "wheelchair") }
        if numbers.chance(20) { query.types = [ServiceTypeID(unchecked: "bakery")] }
        if numbers.chance(10) {
            query.conditions = [WhereClause(attribute: "custom_cakes", op: "eq", value: "true")]
        }
        let later = Timestamp(secondsSince1970: now + Int64.random(in: 0...90_000, using: &numbers))
        let condition: [OpenCondition?] = [
            nil, nil, .now, .arrival, .arrival, .at(later),
            .during(later, Timestamp(secondsSince1970: later.secondsSince1970 + 5_400)),
        ]
        query.open = numbers.pick(condition)
        if numbers.chance(25) { query.detail = .brief }
        return query
    }

    private func expectSame(_ engine: DirectoryEngine, _ query: ReachQuery, now: Timestamp) throws
        -> ReachReply
    {
        let reply = try engine.reach(query, now: now)
        var slow = JSONWriter()
        reply.write(to: &slow)
        var quick = JSONWriter()
        try engine.writeReach(query, now: now, to: &quick)
        let (one, other) = (quick.bytes(), slow.bytes())
        #expect(
            one == other,
            "\(query) at \(now.rfc3339)\n\(String(decoding: one, as: UTF8.self))\n\(String(decoding: other, as: UTF8.self))"
        )
        return reply
    }

    /// Moments around changes of state, days off, make-up workdays and midnights of two zones, in no order, on one
    /// memory; and records that change in between.
    @Test(arguments: [1, 2] as [UInt64])
    func isByteForByteWhatTheValuesWouldBeWrittenAs(_ seed: UInt64) throws {
        let town = try Self.town()
        var numbers = Numbers(state: seed)
        try Self.fill(town, 120, &numbers)
        // 30 September, 16:00, of Shanghai, and days later.
        let days: [Int64] = [
            1_790_755_200, 1_790_755_200 + 86_400, 1_790_755_200 + 9 * 86_400, 1_767_196_800,
        ]
        var states: [Opening.State: Int] = [:]
        var texts: Set<String> = []
        for round in 0..<700 {
            if round % 10 == 9 {
                try Self.put(town, Int.random(in: 0..<130, using: &numbers), &numbers)
            }
            let now = numbers.pick(days) + Int64.random(in: -50_000...50_000, using: &numbers)
            let query = Self.query(&numbers, near: now)
            let reply = try expectSame(town.engine, query, now: Timestamp(secondsSince1970: now))
            for place in reply.places {
                states[place.opening.state, default: 0] += 1
                if let text = place.opening.text?.en { texts.insert(text) }
            }
        }
        for state in Opening.State.allCases { #expect(states[state, default: 0] > 50, "\(state)") }
        #expect(texts.count { $0.contains("minute") } > 50, "countdowns")
        #expect(
            texts.contains { $0.contains("National Day") } && texts.contains { $0.contains("(unconfirmed)") })
    }

    /// The same place in answers a second apart, over the edges of its states.
    @Test func changesInTheVerySecondInWhichTheStateDoes() throws {
        let town = try SmallTown()
        var numbers = Numbers(state: 3)
        try Self.fill(town, 40, &numbers)
        // 24 November 2026 in Shanghai: 08:00, 20:00 and midnight.
        for edge in [1_795_478_400, 1_795_521_600, 1_795_536_000] as [Int64] {
            for second in -3...3 as ClosedRange<Int64> {
                for open in [nil, OpenCondition.arrival] {
                    var query = ReachQuery(origin: .point(SmallTown.point(east: 10, north: 5)))
                    query.open = open
                    for walk in [0, 120, 600] as [Int64] {
                        _ = try expectSame(
                            town.engine, query, now: Timestamp(secondsSince1970: edge - walk + second))
                    }
                }
            }
        }
    }

    @Test func aTextTheNextPageAndAnErrorAreTheSame() throws {
        let town = try SmallTown()
        var numbers = Numbers(state: 4)
        try Self.fill(town, 30, &numbers)
        let now = Timestamp(secondsSince1970: 1_795_492_800)
        var query = ReachQuery(origin: .point(SmallTown.point(east: 10, north: 5)))
        query.text = "店"
        #expect(try expectSame(town.engine, query, now: now).places.count > 1)
        query.text = nil
        query.limit = 4
        var pages = 0
        while true {
            let reply = try expectSame(town.engine, query, now: now)
            pages += 1
            guard let next = reply.next else { break }
            query.cursor = next
        }
        #expect(pages > 3)
        query.types = [ServiceTypeID(unchecked: "nowhere")]
        var json = JSONWriter()
        #expect(throws: DirectoryError.self) { try town.engine.writeReach(query, now: now, to: &json) }
        let count = json.count
        #expect(count == 0)
    }

    /// The same places with the same walks, and nothing else of them.
    @Test func aBriefAnswerSaysWhatPlacesAreCalledAndHowFarTheyAre() throws {
        let town = try SmallTown()
        var numbers = Numbers(state: 7)
        try Self.fill(town, 30, &numbers)
        let now = Timestamp(secondsSince1970: 1_795_492_800)
        func places(_ query: ReachQuery) throws -> [[String: Any]] {
            var json = JSONWriter()
            try town.engine.writeReach(query, now: now, to: &json)
            let answer = try JSONSerialization.jsonObject(with: Data(json.bytes())) as? [String: Any]
            return try #require(answer?["places"] as? [[String: Any]])
        }
        for text in [nil, "店"] {
            for language in Language.allCases {
                var query = ReachQuery(
                    origin: .point(SmallTown.point(east: 10, north: 5)), open: .arrival, text: text,
                    language: language)
                let full = try places(query)
                query.detail = .brief
                let brief = try places(query)
                #expect(brief.count == full.count && brief.count > 1)
                for (one, other) in zip(brief, full) {
                    let found = text == nil ? [] : ["match"]
                    #expect(Set(one.keys) == Set(["id", "name", "type", "walk"] + found))
                    for key in one.keys { #expect(one[key] as? NSObject == other[key] as? NSObject) }
                }
            }
        }
    }

    /// What another calendar or zone made is not said again.
    @Test func aReloadIsHeeded() throws {
        let host = try SmallTown.host()
        let town = try SmallTown(reloading: { () throws(DirectoryError) -> EngineUpdate in
            var settings = SmallTown.settings
            settings.timeZone = "Asia/Urumqi"
            return EngineUpdate(settings: settings, host: host)
        })
        var numbers = Numbers(state: 5)
        try Self.fill(town, 30, &numbers)
        let now = Timestamp(secondsSince1970: 1_795_492_800)
        let query = ReachQuery(origin: .point(SmallTown.point(east: 10, north: 5)))
        let before = try expectSame(town.engine, query, now: now).places.map(\.opening.text)
        _ = try town.engine.reload()
        let after = try expectSame(town.engine, query, now: now).places.map(\.opening.text)
        #expect(before != after)
    }

    /// Many ask at once, each with memory of its own.
    @Test func manyAtOnceGetTheSame() async throws {
        let town = try SmallTown()
        var numbers = Numbers(state: 6)
        try Self.fill(town, 60, &numbers)
        let engine = town.engine
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<4 as Range<UInt64> {
                group.addTask {
                    var numbers = Numbers(state: task)
                    for _ in 0..<60 {
                        let now: Int64 = 1_795_492_800 + Int64.random(in: 0...600, using: &numbers)
                        let query = Self.query(&numbers, near: now)
                        _ = try expectSame(engine, query, now: Timestamp(secondsSince1970: now))
                    }
                }
            }
            try await group.waitForAll()
        }
    }
}
