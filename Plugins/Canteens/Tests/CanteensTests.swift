import DirectoryModel
import ServiceTypeKit
import ServiceTypeTestKit
import Testing

@Suite("Canteens")
struct CanteensTests {
    private let module: any ServiceTypeModule
    private let type: ServiceTypeDescription

    init() throws {
        module = try BuiltModule.load("Canteens")
        type = try #require(module.manifest.types.first)
    }

    private func normalised(_ name: String, _ raw: [String: String] = [:]) -> NormalisedPlace {
        module.normalise(
            PlaceDraft(place: Place(id: PlaceID(unchecked: "c1"), type: type.id, name: name), raw: raw))
    }

    private func highlights(_ place: Place, minute: Int64, in language: Language = .zh) -> [String] {
        let moment = Timestamp(secondsSince1970: 1_772_380_800 + minute * 60)
        return module.highlights(for: place, in: HighlightContext(now: moment, utcOffset: 28_800))
            .map { $0.text.text(in: language) }
    }

    private func takes(_ tags: [String: String], _ name: String?) -> Bool {
        type.osmSelectors.contains { $0.matches(tag: { tags[$0] }, name: name) != nil }
    }

    @Test("a canteen is taken by explicit tags or by its name, never any restaurant")
    func selectors() {
        #expect(takes(["amenity": "canteen"], nil))
        #expect(takes(["amenity": "restaurant"], "香铺营社区食堂"))
        #expect(takes(["amenity": "fast_food"], "幸福里老年助餐点"))
        #expect(takes(["amenity": "restaurant"], "银发餐厅"))
        #expect(
            takes(
                [
                    "amenity": "social_facility", "social_facility": "soup_kitchen",
                    "social_facility:for": "senior",
                ], nil))
        #expect(!takes(["amenity": "restaurant"], "芝兰园餐厅"))
        #expect(!takes(["amenity": "fast_food"], "麦当劳"))
        #expect(!takes(["amenity": "restaurant"], nil))
        #expect(!takes(["shop": "yes"], "二食堂小卖部"))
        #expect(!takes(["amenity": "social_facility", "social_facility": "food_bank"], "粥厂"))
    }

    @Test(
        "canteens of schools and offices in Beijing are noted and not sold as everyone's",
        arguments: [
            ("清华附中食堂", ["students"]), ("南园教工食堂", ["staff"]), ("北大青鸟总部食堂", ["staff"]), ("大学路社区食堂", []),
            ("香铺营食堂", []),
        ])
    func institutions(name: String, groups: [String]) {
        let result = normalised(name, ["amenity": "restaurant"])
        #expect(result.place.options("open_to") == groups)
        #expect(result.findings.map(\.code) == (groups.isEmpty ? [] : ["canteen_of_an_institution"]))
        let stated = normalised(name, ["服务对象": "所有居民"])
        #expect(stated.place.options("open_to") == ["everyone"])
        #expect(stated.findings == [])
    }

    @Test("a row of a street office's register")
    func register() {
        let result = normalised(
            "翠竹园银发餐厅",
            [
                "餐次": "早餐、中餐", "早餐价": "5元", "餐标": "12.5 元/份", "老人午餐价": "¥８", "服务对象": "60岁以上老人，残疾人",
                "年龄要求": "60岁",
                "送餐": "可", "餐位数（座）": "48", "特殊饮食": "低糖;软烂", "日供餐量": "约150份", "助餐补贴": "有",
            ])
        #expect(result.findings == [])
        #expect(
            result.place.attributes == [
                "sittings": .texts(["breakfast", "lunch"]), "breakfast_price": .money(Money(fen: 500)),
                "lunch_price": .money(Money(fen: 1_250)), "elder_lunch_price": .money(Money(fen: 800)),
                "open_to": .texts(["elders", "disabled"]), "minimum_age": .whole(60), "delivery": .bool(true),
                "seats": .whole(48), "diets": .texts(["low_sugar", "soft"]), "daily_meals": .whole(150),
                "subsidised": .bool(true),
            ])
    }

    @Test("sittings follow from tags, then from prices")
    func sittings() {
        #expect(
            normalised("食堂", ["lunch": "yes", "dinner": "yes", "breakfast": "no"]).place.options("sittings")
                == ["lunch", "supper"])
        #expect(normalised("食堂", ["午餐价": "12"]).place.options("sittings") == ["lunch"])
        #expect(normalised("食堂", ["diet:halal": "only"]).place.options("diets") == ["halal"])
        #expect(normalised("食堂").place.attributes == [:])
    }

    @Test("prices that contradict each other, or that are fen, are doubted but kept")
    func prices() {
        let fen = normalised("食堂", ["餐标": "1250"])
        #expect(fen.findings.map(\.code) == ["price_doubtful"])
        #expect(fen.place.money("lunch_price") == Money(fen: 125_000))
        let dearer = normalised("食堂", ["餐标": "10", "老人午餐价": "12"])
        #expect(dearer.findings.map(\.code) == ["price_inconsistent"])
        let unserved = normalised("食堂", ["餐次": "午餐", "晚餐价": "15"])
        #expect(unserved.findings.map(\.code) == ["sitting_not_served"])
        #expect(unserved.place.options("sittings") == ["lunch"])
    }

    @Test("lunch for an 80-year-old under 15 yuan can be filtered for")
    func filters() throws {
        let place = normalised("银发餐厅", ["餐标": "18", "老人午餐价": "8", "服务对象": "不限"]).place
        let price = try #require(type.attribute("elder_lunch_price")).kind.filter(op: "le", value: "15")
        #expect(price.matches(place.attributes["elder_lunch_price"]))
        let entry = module.indexEntry(for: place)
        #expect(
            entry.facets == [
                "lowest_price": .money(Money(fen: 800)), "elder_price": .money(Money(fen: 800)),
                "for_everyone": .bool(true),
            ])
        let lowest = try #require(type.attribute("lowest_price")).kind.filter(op: "lt", value: "8")
        #expect(!lowest.matches(entry.facets["lowest_price"]))
    }

    @Test("highlights name the next meal with its price, and for whom it is")
    func highlighted() {
        let place = normalised(
            "银发餐厅", ["餐次": "早餐;午餐", "早餐价": "5", "餐标": "12.5", "老人午餐价": "8", "年龄要求": "60", "送餐": "是"]
        ).place
        #expect(highlights(place, minute: 7 * 60) == ["早餐5元", "60岁以上可用", "可送餐上门"])
        #expect(highlights(place, minute: 11 * 60 + 30).first == "午餐12.5元，老人8元")
        #expect(highlights(place, minute: 11 * 60 + 30, in: .en).first == "Lunch ¥12.50, elders ¥8")
        #expect(highlights(place, minute: 17 * 60).first == "只供早餐、午餐")
        #expect(highlights(place, minute: 20 * 60).first == "供早餐、午餐")
        #expect(highlights(normalised("南园教工食堂").place, minute: 600) == ["仅限职工"])
        #expect(highlights(normalised("食堂", ["服务对象": "所有居民、老年人"]).place, minute: 600) == [])
    }
}
