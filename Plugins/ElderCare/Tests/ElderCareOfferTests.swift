import DirectoryModel
import ServiceTypeKit
import ServiceTypeTestKit
import Testing

@Suite("Elder care: services with prices, free beds")
struct ElderCareOfferTests {
    private let module: any ServiceTypeModule
    private let type: ServiceTypeDescription

    init() throws {
        module = try BuiltModule.load("ElderCare")
        type = try #require(module.manifest.types.first)
    }

    private func place(_ attributes: [String: AttributeValue] = [:]) -> Place {
        Place(id: PlaceID(unchecked: "e1"), type: type.id, name: "翠竹园养老服务站", attributes: attributes)
    }

    private func normalised(_ raw: [String: String]) -> NormalisedPlace {
        module.normalise(PlaceDraft(place: place(), raw: raw))
    }

    /// Rows that meet every `where=` on the table, as the daemon asks them.
    private func rows(_ place: Place, _ clauses: [(column: String, op: String, value: String)]) throws
        -> [AttributeRow]
    {
        guard case .rows(let schema)? = type.attribute("offers")?.kind else { return [] }
        var filter = RowFilter()
        for clause in clauses {
            let column = try #require(schema.column(clause.column))
            filter.add(clause.column, try column.kind.filter(op: clause.op, value: clause.value))
        }
        return place.rows("offers").filter(filter.matches)
    }

    /// Lines at 2026-09-03, 10:00 in China.
    private func lines(
        _ place: Place, arrival: Int64 = 0, opening: HighlightContext.OpeningReader? = nil
    ) -> [LocalizedText] {
        let now = Timestamp(secondsSince1970: 1_788_400_800)
        let there = Timestamp(secondsSince1970: 1_788_400_800 + arrival)
        return module.highlights(
            for: place,
            in: HighlightContext(now: now, arrival: there, utcOffset: 28_800, opening: opening)
        ).map(\.text)
    }

    private let table = """
        服务 | 方式 | 价格 | 计价单位 | 起始年龄 | 服务对象 | 服务时间
        助餐 | 站内、上门 | 12元 | 次 | 60 | | 11:00-13:00
        助浴 | 上门 | ８０ | 次 | 80 | 失能老人 | 周一至周五 9:00-17:00
        护理服务 | 居家 | 45.5 | 元/小时 | | |
        """

    @Test("who comes home to bathe my father, and what does it cost")
    func bathing() throws {
        let result = normalised(["服务价目表": table, "上门服务范围": "翠竹园"])
        #expect(result.findings == [])
        let found = try rows(result.place, [("service", "eq", "助浴"), ("where", "has", "home")])
        #expect(found.map { $0.money("price")?.fen } == [8_000])
        #expect(found.map { $0.text("unit") } == ["once"])
        #expect(found.map { $0.text("eligibility") } == ["失能老人"])
        #expect(try rows(result.place, [("service", "eq", "助浴"), ("where", "has", "站内")]) == [])
        #expect(
            try rows(
                result.place,
                [("service", "eq", "bathing"), ("where", "has", "home"), ("price", "le", "50")]) == [])
    }

    @Test("services at the station and at home follow from the table where they are not stated")
    func filled() {
        let place = normalised(["服务价目表": table]).place
        #expect(place.options("services") == ["meals"])
        #expect(place.options("home_services") == ["meals", "bathing", "nursing"])
        let facets = module.indexEntry(for: place).facets
        #expect(facets["any_service"] == .texts(["meals", "bathing", "nursing"]))
        #expect(facets["at_home"] == .bool(true))
        #expect(facets["lowest_service_price"] == .money(Money(fen: 1_200)))
        let stated = normalised(["服务价目表": table, "站内服务": "文娱", "上门服务": "助洁"]).place
        #expect(
            stated.options("services") == ["culture"] && stated.options("home_services") == ["cleaning"])
        #expect(module.indexEntry(for: stated).facets["any_service"] != nil)
    }

    @Test("a row that does not say where is at the station, or at home where nobody is received")
    func unsaid() {
        #expect(normalised(["offers": "理疗 | | 30\n"]).place.options("services") == ["rehabilitation"])
        let visits = normalised(["offers": "理疗 | | 30\n", "接待场所": "无"]).place
        #expect(
            visits.options("home_services") == ["rehabilitation"] && visits.options("services") == [])
        var draft = place()
        draft.isWalkIn = false
        let own = module.normalise(PlaceDraft(place: draft, raw: ["offers": "理疗\n"])).place
        #expect(own.options("home_services") == ["rehabilitation"])
    }

    @Test("the record's own area of home visits is enough")
    func ownArea() {
        var draft = place()
        draft.serviceArea = ServiceArea(communities: [CommunityID(unchecked: "320114000001")])
        let raw = ["站内服务": "助餐", "上门服务": "助洁"]
        #expect(module.normalise(PlaceDraft(place: draft, raw: raw)).findings == [])
        #expect(normalised(raw).findings.map(\.code) == ["service_area_missing"])
    }

    @Test(
        "a clerk's cells: one line, a frame of bars, unknown words, too many cells, nothing",
        arguments: [
            ("助餐 | 站内 | 免费；助洁｜上门｜３０元", 2, [] as [String]),
            ("| 助餐 | 站内 | 12 |\n| 助医 | 到家 | |", 2, []),
            ("助餐 | 站内\n驾车 | 站内", 1, ["option_unknown"]), ("助餐 | 电话里\n", 1, ["option_unknown"]),
            ("助餐 | 站内 | 好几块\n", 1, ["value_unreadable"]),
            ("助餐 | 站内 | 1 | 次 | 60 | 全部 | 9:00 | 多出来\n", 0, ["row_too_wide"]),
            (" | 站内 | 12\n", 0, ["attribute_missing"]), ("助餐 | | -5元\n", 1, ["value_out_of_range"]),
            ("助餐 | | 12 | 次 | 600\n", 1, ["value_out_of_range"]), ("", 0, []), ("不详", 0, []),
            ("暂无", 0, []),
        ])
    func cells(cell: String, count: Int, codes: [String]) {
        let result = normalised(["offers": cell, "站内服务": "文娱", "服务范围": "全社区"])
        #expect(result.place.rows("offers").count == count)
        #expect(result.findings.map(\.code) == codes, "\(result.findings)")
    }

    @Test("no one's number gets into the table")
    func people() {
        let result = normalised([
            "offers": "助浴 | 上门 | 80 | 次 | | 找李阿姨 138 1234 5678 |\n", "服务范围": "全社区",
        ])
        #expect(result.place.rows("offers").first?.text("eligibility") == "找李阿姨 138****5678")
        #expect(result.findings.map(\.code) == [FindingCode.personalData], "\(result.findings)")
    }

    @Test("more free than there are, and a service for people whom the place does not serve")
    func contradictions() {
        let result = normalised([
            "床位数": "10张", "空床": "12", "日托位": "4", "日托空位": "5位", "统计日期": "2026年9月1日", "年龄要求": "60",
            "站内服务": "日托", "offers": "日托 | 站内 | 50 | 天 | 60\n助餐 | 站内 | 12 | 次 | 55",
        ])
        #expect(
            result.findings.map(\.code) == [
                "free_beds_exceed_beds", "free_day_places_exceed_day_places", "minimum_age_contradicted",
            ])
        #expect(result.findings.last?.field == "offers[2].minimum_age")
        #expect(result.place.text("free_on") == "2026-09-01")
        let full = normalised(["床位数": "10", "空床": "10", "站内服务": "全托", "备案等级": "３级", "等级": "4A"])
        #expect(full.findings == [])
        #expect(full.place.text("licence") == "level_3" && full.place.text("level") == "level_4")
        let facets = module.indexEntry(for: full.place).facets
        #expect(facets["has_free_bed"] == .bool(true) && facets["has_free_day_place"] == nil)
        #expect(
            module.indexEntry(for: place(["day_places_free": .whole(0)])).facets["has_free_day_place"]
                == .bool(false))
    }

    @Test("free beds come with the day of the count unless it is today")
    func free() {
        func line(_ beds: Int, _ day: String?) -> LocalizedText? {
            lines(
                place(
                    ["beds_free": .whole(beds), "free_on": day.map { .text($0) }].compactMapValues(\.self))
            ).first
        }
        #expect(line(3, "2026-09-03") == LocalizedText(zh: "空床3张", en: "3 beds free"))
        #expect(line(3, nil)?.zh == "空床3张")
        #expect(
            line(3, "2026-09-01") == LocalizedText(zh: "空床3张（9月1日数据）", en: "3 beds free (as of 1 Sep)"))
        #expect(
            line(12, "2025-12-31")
                == LocalizedText(zh: "空床12张（2025年12月31日数据）", en: "12 beds free (as of 31 Dec 2025)"))
        #expect(line(0, "2026-09-03") == LocalizedText(zh: "无空床", en: "No bed free"))
        #expect(line(1, "2026-09-03")?.en == "1 bed free")
        #expect(line(250, "2026-09-03")?.zh == "空床250张")
        let both = lines(
            place(["beds": .whole(9), "beds_free": .whole(2), "day_places_free": .whole(1)]))
        #expect(both.map(\.zh) == ["空床2张", "日托空位1个"])
        #expect(both.map(\.en) == ["2 beds free", "1 day place free"])
    }

    @Test("what is open on arrival, else what is next today")
    func open() {
        let place = normalised([
            "offers": "助餐 | 站内 | 12 | 次 | | | noon\n康复 | | | | | | morning\n助浴 | 上门 | 80 | | | | morning",
            "服务范围": "翠竹园",
        ]).place
        // 2026-09-03: morning until 11:00, noon from 11:00.
        let eleven = Timestamp(secondsSince1970: 1_788_404_400)
        let tomorrow = Timestamp(secondsSince1970: 1_788_404_400 + 86_400)
        let reader: HighlightContext.OpeningReader = { times, moment in
            let isNoon = moment >= eleven
            if times == "noon" {
                return Opening(state: isNoon ? .open : .closed, until: isNoon ? tomorrow : eleven)
            }
            return Opening(state: isNoon ? .closed : .open, until: isNoon ? tomorrow : eleven)
        }
        #expect(
            lines(place, opening: reader).first
                == LocalizedText(zh: "到时开放：康复", en: "Open: Rehabilitation"))
        #expect(lines(place, arrival: 3_600, opening: reader).first?.zh == "到时开放：助餐")
        let meals = normalised(["offers": "助餐 | 站内 | | | | | noon\n"]).place
        #expect(
            lines(meals, opening: reader).first == LocalizedText(zh: "11:00起助餐", en: "Meals from 11:00"))
        // Nothing more today: nothing is said of tomorrow.
        let closed: HighlightContext.OpeningReader = { _, _ in Opening(state: .closed, until: tomorrow)
        }
        #expect(lines(meals, opening: closed).map(\.zh) == ["助餐"])
        #expect(lines(meals).map(\.zh) == ["助餐"])
    }
}
