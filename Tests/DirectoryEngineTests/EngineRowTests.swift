import DirectoryAPI
import DirectoryModel
import Foundation
import ModuleHost
import Testing

@testable import DirectoryEngine

/// Tables of places: what a market's stalls are asked, and what is answered.
@Suite struct EngineRowTests {
    /// A market with stalls, and a fair of the same table without one of its columns.
    private static let market = """
        id = "bazaar"
        name_zh = "集市"
        name_en = "Bazaar"
        class = "basic"
        target_minutes = 10
        source = "test"
        [[attributes]]
        key = "founded"
        name_zh = "开业日期"
        name_en = "Founded"
        kind = "date"
        [[attributes]]
        key = "ice_hours"
        name_zh = "冰库时间"
        name_en = "Ice store hours"
        kind = "schedule"
        [[attributes]]
        key = "stalls"
        name_zh = "摊位表"
        name_en = "Stalls"
        kind = "rows"
        row_zh = "摊位"
        row_en = "stall"
        hours_column = "hours"
        maximum_rows = 200
        [[attributes.row_columns]]
        key = "number"
        name_zh = "摊位号"
        name_en = "Number"
        kind = "text"
        required = true
        [[attributes.row_columns]]
        key = "goods"
        name_zh = "经营品种"
        name_en = "Goods"
        kind = "many_of"
        options = [
          { key = "fruit", name_zh = "水果", name_en = "Fruit", aliases = ["瓜果"] },
          { key = "fish", name_zh = "水产", name_en = "Fish" },
        ]
        [[attributes.row_columns]]
        key = "hours"
        name_zh = "营业时间"
        name_en = "Hours"
        kind = "schedule"
        [[attributes.row_columns]]
        key = "rent"
        name_zh = "月租"
        name_en = "Rent"
        kind = "money"
        """

    /// Tuesday, 24 November 2026, 12:00 in Shanghai.
    private let noon: Int64 = 1_795_492_800

    private let types = NSTemporaryDirectory() + "quarter-rows-" + UUID().uuidString

    private func town() throws -> SmallTown {
        try FileManager.default.createDirectory(atPath: types, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: types) }
        try Self.market.write(toFile: types + "/bazaar.toml", atomically: true, encoding: .utf8)
        return try SmallTown(types: types)
    }

    @discardableResult
    private func put(
        _ town: SmallTown, _ id: String, _ stalls: String, hours: String = "06:00-18:00", more: String = ""
    ) throws -> WriteReply {
        let at = SmallTown.point(east: 100, north: 0)
        let json = """
            {"type":"bazaar","name":"集市","location":{"lat":\(at.latitude.value),"lon":\(at.longitude.value)},
             "hours":"\(hours)","attributes":{"stalls":\(stalls)\(more)}}
            """
        return try town.engine.putPlace(
            PlaceID(validating: id), PlaceBody(JSONValue(json: Array(json.utf8))),
            WriteContext(actor: town.actor))
    }

    private let three = """
        [{"number":"A1","goods":["fruit"],"hours":"06:00-11:00"},{"number":"A2","goods":["水产"],"rent":120000},
         {"number":"A3","goods":["fruit","fish"],"hours":"10:00-20:00"}]
        """

    private func reach(_ town: SmallTown, _ conditions: [String], _ open: OpenCondition? = nil) throws
        -> [ReachedPlace]
    {
        let clauses = try conditions.map { try WhereClause(text: $0) }
        return try town.reach {
            $0.conditions = clauses
            $0.open = open
        }.places
    }

    private func numbers(_ place: ReachedPlace?) -> [String] {
        place?.rows.flatMap { $0.rows.compactMap { $0.row["number"] } }.compactMap {
            if case .text(let text) = $0 { text } else { nil }
        } ?? []
    }

    /// What is asked of a table is answered for those who come to people, too: the price of a bath at home.
    @Test func whoComesShowsTheRowsThatWereAskedFor() throws {
        let town = try town()
        try town.putCommunity("c", east: -1100...1100)
        try put(town, "m1", three)
        _ = try town.engine.patchPlace(
            PlaceID(unchecked: "m1"),
            JSONValue(json: Array(#"{"service_area":{"communities":["c"]},"walk_in":false}"#.utf8)),
            WriteContext(actor: town.actor))
        func coming(_ open: OpenCondition?) throws -> ComingPlace? {
            let reply = try town.reach(east: -400) { query in
                query.conditions = [WhereClause(attribute: "stalls.goods", op: "has", value: "水果")]
                query.open = open
            }
            return reply.coming.first
        }
        #expect(try coming(nil)?.rows.first?.total == 2)
        let noonRows = try #require(try coming(.at(Timestamp(secondsSince1970: noon)))?.rows.first)
        #expect(noonRows.rows.map { $0.row["number"] } == [.text("A3")])
        #expect(try coming(.at(Timestamp(secondsSince1970: noon + 8 * 3600))) == nil, "the market is closed")
    }

    @Test func aPlaceMatchesByOneOfItsRows() throws {
        let town = try town()
        try put(town, "m1", three)
        try put(town, "m2", #"[{"number":"B1","goods":["fish"]}]"#)
        let fruit = try reach(town, ["stalls.goods:has:水果"])
        #expect(fruit.map(\.place.id.rawValue) == ["m1"])
        #expect(numbers(fruit.first) == ["A1", "A3"])
        #expect(try reach(town, []).first?.rows.isEmpty == true)
        // Both conditions in one row: no stall sells fruit for this rent, though one sells fruit and one pays it.
        #expect(try reach(town, ["stalls.goods:has:水果", "stalls.rent:ge:1000"]).isEmpty)
        #expect(
            numbers(
                try reach(
                    town,
                    ["stalls.goods:has:鱼", "stalls.rent:ge:1000"].map {
                        $0.replacingOccurrences(of: "鱼", with: "水产")
                    }
                ).first) == ["A2"])
    }

    @Test func openAsksTheStallToo() throws {
        let town = try town()
        try put(town, "m1", three)
        func open(_ hours: Double) throws -> [String] {
            let moment = Timestamp(secondsSince1970: noon + Int64(hours * 3600))
            return numbers(try reach(town, ["stalls.number:has:A"], .at(moment)).first)
        }
        #expect(try open(-5) == ["A1", "A2"], "07:00")
        #expect(try open(-1.5) == ["A1", "A2", "A3"], "10:30")
        #expect(try open(0) == ["A2", "A3"], "noon")
        #expect(try open(7) == [], "19:00: the stall says open, but its market is closed")
        let at = Timestamp(secondsSince1970: noon)
        let rows = try #require(try reach(town, ["stalls.goods:has:fish"], .at(at)).first).rows
        #expect(rows.map(\.total) == [2])
        // A stall without hours of its own has the market's; one that would stay longer closes with it.
        let closing = Timestamp(secondsSince1970: noon + 6 * 3600)
        #expect(rows.first?.rows.map(\.opening?.state) == [.open, .open])
        #expect(rows.first?.rows.map(\.opening?.until) == [closing, closing])
        let early = try #require(
            try reach(town, ["stalls.number:eq:A1"], nil).first
        ).rows.first?.rows.first?.opening
        #expect(early != nil)
    }

    @Test func answersAsJSON() throws {
        let town = try town()
        let stalls = (1...60).map { #"{"number":"S\#($0)","goods":["fruit"]}"# }.joined(separator: ",")
        try put(town, "m1", "[\(stalls)]")
        let clause = try WhereClause(text: "stalls.goods:has:瓜果")
        let reply = try town.reach { $0.conditions = [clause] }
        var writer = JSONWriter(capacity: 1024)
        reply.write(to: &writer)
        let json = try JSONValue(json: writer.withBytes { Array($0) })
        guard case .array(let places)? = json["places"] else { return #expect(Bool(false)) }
        guard case .array(let rows)? = places[0]["rows"]?["stalls"] else { return #expect(Bool(false)) }
        #expect(rows.count == ReachedRows.maximum)
        #expect(rows[0]["values"]?["number"] == .string("S1"))
        #expect(rows[0]["opening"]?["state"] != nil)
        #expect(places[0]["row_counts"]?["stalls"] == .whole(60))
    }

    @Test func refusesWhatCannotBeAsked() throws {
        let town = try town()
        for (clause, words) in [
            ("stalls:has:水果", "a table cannot be compared"), ("stalls.colour:eq:x", "no wanted service type"),
            ("stalls.goods:has:火星", "is not a value"), ("stalls.goods:lt:水果", "cannot be asked"),
            ("founded:lt:yesterday", "is not a value of a date"),
        ] {
            let error = #expect(throws: DirectoryError.self) { try reach(town, [clause]) }
            #expect(error?.message.contains(words) == true, "\(clause): \(error?.message ?? "")")
            #expect(error?.code == .invalidRequest)
        }
    }

    @Test func storesAndPatchesTypedRows() throws {
        let town = try town()
        let reply = try put(
            town, "m1", #"[{"number":"A1","hours":"六点到看心情"}]"#,
            more: #","founded":"2026年9月1日","ice_hours":"sometimes""#)
        #expect(reply.findings.map(\.code) == ["hours_unreadable", "hours_unreadable"])
        #expect(reply.findings.map(\.field) == ["ice_hours", "stalls[1].hours"])
        let place = try town.engine.place(PlaceID(unchecked: "m1")).place
        #expect(place.attributes["founded"] == .text("2026-09-01"))
        #expect(
            place.attributes["stalls"]
                == .rows([AttributeRow(["number": .text("A1"), "hours": .text("六点到看心情")])]))
        _ = try town.engine.patchPlace(
            PlaceID(unchecked: "m1"), JSONValue(json: Array(#"{"name":"新集市"}"#.utf8)),
            WriteContext(actor: town.actor))
        #expect(try town.engine.place(PlaceID(unchecked: "m1")).place.attributes == place.attributes)
        #expect(try reach(town, ["founded:ge:2026-09-01"]).count == 1)
        #expect(try reach(town, ["founded:lt:2026/9/1"]).isEmpty)
        for (stalls, location) in [
            (#"{"number":"A1"}"#, "attributes.stalls"), (#"["A1"]"#, "attributes.stalls[1]"),
            (#"[{"number":"A1"},{"number":1}]"#, "attributes.stalls[2].number"),
            (#"[{"number":"A1","colour":"red"}]"#, "attributes.stalls[1]"),
            (#"[{"goods":["fruit"]}]"#, "stalls[1].number"),
            (#"[{"number":"A1","goods":["fruit","火星"]}]"#, "stalls[1].goods"),
            (
                "[" + Array(repeating: #"{"number":"A"}"#, count: 201).joined(separator: ",") + "]",
                "attributes.stalls"
            ),
        ] {
            let error = #expect(throws: DirectoryError.self) { try put(town, "m9", stalls) }
            #expect(error?.location == location, "\(stalls.prefix(60)): \(error?.description ?? "")")
            #expect(error?.code == .invalidRecord)
        }
    }

    @Test func aReloadNormalisesAnewAndNothingVanishes() throws {
        try FileManager.default.createDirectory(atPath: types, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: types) }
        let file = types + "/bazaar.toml"
        try Self.market.write(toFile: file, atomically: true, encoding: .utf8)
        let folder = types
        let town = try SmallTown(types: folder) { () throws(DirectoryError) in
            EngineUpdate(
                settings: SmallTown.settings,
                host: try ModuleHost.open(ModuleHostSettings(typeDirectories: [folder])))
        }
        try put(town, "m1", three)
        // Fruit is no goods any more: the entry loses it, the record does not.
        try Self.market.replacing(
            "{ key = \"fruit\", name_zh = \"水果\", name_en = \"Fruit\", aliases = [\"瓜果\"] },", with: ""
        )
        .write(toFile: file, atomically: true, encoding: .utf8)
        let narrower = try town.engine.reload()
        #expect(narrower.newFindings == 1)
        #expect(narrower.changes == ["type bazaar: 1 place has new findings"])
        #expect(try town.engine.place(PlaceID(unchecked: "m1")).place.rows("stalls").count == 1)
        try Self.market.write(toFile: file, atomically: true, encoding: .utf8)
        #expect(try town.engine.reload().newFindings == 0)
        #expect(try town.engine.place(PlaceID(unchecked: "m1")).place.rows("stalls").count == 3)

        try FileManager.default.removeItem(atPath: file)
        let gone = try town.engine.reload()
        #expect(
            gone.changes.first?.hasPrefix("type bazaar: nothing describes it any more; its 1 place stays")
                == true)
        #expect(try town.engine.place(PlaceID(unchecked: "m1")).isTypeKnown == false)
        #expect(try town.reach().places.map(\.isTypeKnown) == [false])
        #expect(town.engine.health().summary.contains("type bazaar is gone"))
    }

    /// A type that was narrowed while no daemon ran counts from its next start, as after a reload.
    @Test func aStartNormalisesAnewAsAReloadDoes() throws {
        try FileManager.default.createDirectory(atPath: types, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: types) }
        let file = types + "/bazaar.toml"
        try Self.market.write(toFile: file, atomically: true, encoding: .utf8)
        let town = try SmallTown(types: types)
        try put(town, "m1", three)
        try town.engine.close()
        try Self.market.replacing(
            "{ key = \"fruit\", name_zh = \"水果\", name_en = \"Fruit\", aliases = [\"瓜果\"] },", with: ""
        )
        .write(toFile: file, atomically: true, encoding: .utf8)
        let narrower = try SmallTown.open(town.folder, types: types)
        #expect(try narrower.place(PlaceID(unchecked: "m1")).place.rows("stalls").count == 1)
        try narrower.close()
        // The record itself stays as it was written.
        try Self.market.write(toFile: file, atomically: true, encoding: .utf8)
        let wide = try SmallTown.open(town.folder, types: types)
        defer { try? wide.close() }
        #expect(try wide.place(PlaceID(unchecked: "m1")).place.rows("stalls").count == 3)
    }
}
