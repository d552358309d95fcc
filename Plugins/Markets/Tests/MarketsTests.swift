import DirectoryModel
import ServiceTypeKit
import ServiceTypeTestKit
import Testing

@Suite("Markets")
struct MarketsTests {
    private let module: any ServiceTypeModule
    private let type: ServiceTypeDescription

    init() throws {
        module = try BuiltModule.load("Markets")
        type = try #require(module.manifest.types.first)
    }

    private func normalised(_ name: String, _ raw: [String: String] = [:]) -> NormalisedPlace {
        module.normalise(
            PlaceDraft(place: Place(id: PlaceID(unchecked: "m1"), type: type.id, name: name), raw: raw))
    }

    private func highlights(_ place: Place, hour: Int64) -> [String] {
        // Monday, 2026-03-02, in China.
        let moment = Timestamp(secondsSince1970: 1_772_380_800 + hour * 3_600)
        return module.highlights(for: place, in: HighlightContext(now: moment, utcOffset: 28_800)).map(
            \.text.zh)
    }

    @Test(
        "markets of Nanjing, Hsinchu and Helsinki as OpenStreetMap has them",
        arguments: [
            ("香铺营集贸市场", "food"), ("科巷菜市场", "food"), ("仁義市場", nil), ("Vanha Kauppahalli", nil),
            ("夫子庙花鸟市场", "other"),
            ("湖南路夜市", "night"), ("锁金村早市", "morning"), ("珠江路电子市场", "other"), ("众彩农副产品夜市", "food"),
        ] as [(String, String?)])
    func kinds(name: String, kind: String?) {
        let result = normalised(name, ["amenity": "marketplace", "name": name])
        #expect(result.place.text("kind") == kind)
        #expect(result.findings.map(\.code) == (kind == "other" ? ["market_of_other_goods"] : []))
    }

    @Test("a market hall is indoors, a street market says nothing")
    func indoor() {
        #expect(normalised("科巷菜市场", ["covered": "yes"]).place.flag("indoor") == true)
        #expect(normalised("科巷菜市场", ["building": "yes"]).place.flag("indoor") == nil)
    }

    @Test("a row of a street office's register")
    func register() {
        let result = normalised(
            "翠竹园农贸市场",
            [
                "市场类型": "农贸市场", "经营品类": "蔬菜、水果，卤味；半成品 水产品", "摊位数量（个）": "８６", "公平秤": "有", "垃圾分类": "√",
                "功能分区": "一楼蔬菜水果，二楼水产", "无障碍": "部分", "负责人": "不读的一列",
            ])
        #expect(
            result.place.attributes == [
                "kind": .text("food"),
                "goods": .texts(["vegetables", "fruit", "seafood", "cooked", "semi_finished"]),
                "stall_count": .whole(86), "fair_scale": .bool(true), "waste_sorting": .bool(true),
                "zones": .text("一楼蔬菜水果，二楼水产"), "wheelchair": .text("limited"),
            ])
        #expect(result.findings == [])
    }

    @Test("a stall count that cannot be is left out and named")
    func wrongStalls() {
        let result = normalised("翠竹园农贸市场", ["摊位数": "86000"])
        #expect(result.place.whole("stall_count") == nil)
        #expect(result.findings.map(\.code) == [FindingCode.outOfRange])
    }

    @Test("goods are words to find the market by, and counted")
    func index() {
        let entry = module.indexEntry(
            for: normalised("翠竹园农贸市场", ["goods": "fruit;cooked", "wheelchair": "yes"]).place)
        #expect(Set(["水果", "卤菜", "熟食", "盐水鸭"]).isSubset(of: entry.searchWords))
        #expect(entry.facets == ["goods_count": .whole(2), "step_free": .bool(true)])
    }

    @Test("a specialised market's goods follow from its name, unless it says otherwise")
    func goodsFromName() {
        #expect(normalised("下关水产批发市场").place.options("goods") == ["seafood"])
        #expect(normalised("下关水产批发市场", ["goods": "fruit"]).place.options("goods") == ["fruit"])
    }

    @Test("highlights: what is sold; a morning market warns at noon, a night market by day")
    func highlighted() {
        let market = normalised(
            "翠竹园农贸市场",
            [
                "goods": "fruit;cooked;snacks", "stall_count": "86", "fair_scale": "yes",
                "waste_sorting": "yes",
            ])
        #expect(highlights(market.place, hour: 8) == ["水果、卤菜、小吃", "设公平秤", "86个摊位", "请分类投放垃圾"])
        #expect(highlights(normalised("锁金村早市").place, hour: 8) == [])
        #expect(highlights(normalised("锁金村早市").place, hour: 13) == ["早市，一般上午有"])
        #expect(highlights(normalised("湖南路夜市").place, hour: 13) == ["夜市，一般晚上有"])
        #expect(highlights(normalised("湖南路夜市").place, hour: 19) == [])
        #expect(highlights(normalised("珠江路电子市场").place, hour: 9) == ["不是菜市场"])
    }

    @Test("a shop that is only named after a market is none")
    func selectors() {
        func takes(_ tags: [String: String], _ name: String) -> Bool {
            type.osmSelectors.contains { $0.matches(tag: { tags[$0] }, name: name) != nil }
        }
        #expect(takes(["amenity": "marketplace"], "香铺营集贸市场"))
        #expect(takes(["shop": "mall"], "南湖菜市场"))
        #expect(!takes(["shop": "supermarket"], "苏果超市农贸市场店"))
        #expect(!takes(["shop": "greengrocer"], "绿叶水果科巷菜场店"))
        #expect(!takes(["shop": "mall"], "大洋百货"))
    }
}
