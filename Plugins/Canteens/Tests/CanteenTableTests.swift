import DirectoryModel
import ServiceTypeKit
import ServiceTypeTestKit
import Testing

/// Sitting times, price lists and menus: what clerks write, what is asked, and what a kiosk says at which hour.
@Suite("Canteen tables")
struct CanteenTableTests {
    private let module: any ServiceTypeModule
    private let type: ServiceTypeDescription

    init() throws {
        module = try BuiltModule.load("Canteens")
        type = try #require(module.manifest.types.first)
    }

    private func normalised(_ raw: [String: String]) -> NormalisedPlace {
        module.normalise(
            PlaceDraft(place: Place(id: PlaceID(unchecked: "c1"), type: type.id, name: "翠竹园银发餐厅"), raw: raw))
    }

    /// Opening times of the form `HH-HH` are open from the first hour until the second; others cannot be read.
    private func context(hour: Int64, day: Int64 = 0) -> HighlightContext {
        // Monday, 2026-03-02, in China.
        let moment = Timestamp(secondsSince1970: 1_772_380_800 + day * 86_400 + hour * 3_600)
        return HighlightContext(now: moment, utcOffset: 28_800) { times, at in
            let ends = times.split(separator: "-").compactMap { Int64($0) }
            guard ends.count == 2 else { return Opening(state: .unknown, raw: times) }
            let day = (at.secondsSince1970 + 28_800) / 86_400 * 86_400 - 28_800
            let now = (at.secondsSince1970 - day) / 3_600
            let isOpen = (ends[0]..<ends[1]).contains(now)
            let next = isOpen ? ends[1] : (now < ends[0] ? ends[0] : ends[0] + 24)
            return Opening(
                state: isOpen ? .open : .closed, until: Timestamp(secondsSince1970: day + next * 3_600),
                raw: times)
        }
    }

    private func lines(_ place: Place, hour: Int64, day: Int64 = 0, _ language: Language = .zh) -> [String] {
        module.highlights(for: place, in: context(hour: hour, day: day)).map { $0.text.text(in: language) }
    }

    private func rows(_ table: String, of place: Place, _ conditions: [(String, String, String)]) throws
        -> Int
    {
        guard case .rows(let schema)? = type.attribute(table)?.kind else { return -1 }
        var filter = RowFilter()
        for (column, op, value) in conditions {
            filter.add(column, try #require(schema.column(column)).kind.filter(op: op, value: value))
        }
        return place.rows(table).count { filter.matches($0) }
    }

    private let prices = """
        餐次 | 对象 | 起 | 止 | 餐价 | 补贴
        午餐 | 所有人 | | | 18 |
        午餐 | 老年人 | 60 | 79 | 12 | 3
        午餐 | 老年人 | 80 | | 8 | 7
        早餐 | | | | ３元 |
        """

    @Test("a price list by age as a clerk writes it; ages that are not stated are everyone's")
    func priceList() {
        let result = normalised(["收费标准": prices])
        #expect(result.findings == [])
        #expect(
            result.place.rows("prices").map {
                [$0.whole("from_age"), $0.whole("to_age"), $0.money("price")?.fen, $0.money("subsidy")?.fen]
            } == [[0, 120, 1_800, nil], [60, 79, 1_200, 300], [80, 120, 800, 700], [0, 120, 300, nil]])
        #expect(result.place.options("sittings") == ["breakfast", "lunch"], "from the prices")
        let elders = normalised(["餐价表": "午餐|||老人|8\n午餐||50|老人|8"]).place.rows("prices")
        #expect(elders.map { $0.whole("from_age") } == [60, 50])
    }

    @Test("lunch for an 80-year-old under 15 yuan, by the facet and by the rows of the README")
    func lunchUnder15() throws {
        func facet(_ place: Place) -> Money? {
            if case .money(let price)? = module.indexEntry(for: place).facets["elder_price"] {
                price
            } else {
                nil
            }
        }
        let place = normalised(["餐价表": prices]).place
        #expect(facet(place) == Money(fen: 800), "lunch, not the breakfast for 3 yuan")
        #expect(module.indexEntry(for: place).facets["lowest_price"] == .money(Money(fen: 300)))
        let asked = [
            ("price", "le", "15"), ("sitting", "eq", "lunch"), ("from_age", "le", "80"),
            ("to_age", "ge", "80"),
        ]
        #expect(try rows("prices", of: place, asked) == 1)
        let dear = normalised(["餐价表": "午餐|60|79|老人|12\n午餐|80||所有人|18\n晚餐||||9"]).place
        #expect(facet(dear) == Money(fen: 1_800))
        #expect(try rows("prices", of: dear, asked) == 0)
        // Who belongs to no other group does not get its price.
        #expect(facet(normalised(["餐价表": "午餐|||低保|2\n午餐|||职工|5\n午餐||59||6"]).place) == nil)
        #expect(facet(normalised(["餐价表": "晚餐||||9\n早餐||||3"]).place) == Money(fen: 900))
        #expect(facet(normalised(["餐标": "18", "老人午餐价": "8"]).place) == Money(fen: 800))
        #expect(facet(normalised(["餐标": "18"]).place) == Money(fen: 1_800))
        #expect(facet(normalised(["餐价表": "||||10\n"]).place) == Money(fen: 1_000), "of each sitting")
    }

    @Test("prices that contradict each other, that are fen or for nobody are doubted but kept")
    func wrongPrices() {
        let dearer = normalised(["餐价表": "午餐||||10\n午餐|60||老人|12"])
        #expect(dearer.findings.map(\.code) == ["price_inconsistent"])
        #expect(dearer.findings.map(\.field) == ["prices[2].price"])
        #expect(
            normalised(["餐标": "10", "餐价表": "午餐|60|||12\n"]).findings.map(\.code) == ["price_inconsistent"])
        #expect(normalised(["餐价表": "午餐||||10\n晚餐|60||老人|12"]).findings == [], "another sitting")
        let fen = normalised(["餐价表": "午餐||||1250\n晚餐||||1500"])
        #expect(fen.findings.map(\.field) == ["prices[1].price"])
        #expect(fen.findings.map(\.code) == ["price_doubtful"])
        let nobody = normalised(["餐价表": "午餐|80|60|老人|8\n"])
        #expect(nobody.findings.map(\.code) == ["ages_reversed"])
        #expect(nobody.place.rows("prices").count == 1)
    }

    @Test("rows of unknown sittings, without a price, or of too many cells are left out and named")
    func malformed() {
        let result = normalised(["餐价表": "夜宵||||10\n午餐||||\n午餐|||||1|2\n午餐|130|||10\n午餐||||免费"])
        #expect(result.place.rows("prices").map { $0.money("price")?.fen } == [1_000, 1_000, 0])
        #expect(
            result.findings.map(\.code) == [
                FindingCode.unknownOption, FindingCode.missing, FindingCode.rowTooWide,
                FindingCode.outOfRange,
            ])
        for empty in ["", "无", "不详", "|||", "；；"] {
            #expect(normalised(["餐价表": empty, "菜单": empty, "供餐时间": empty]).place.attributes == [:])
        }
    }

    @Test("tables that name a sitting which is not served are found, each sitting once")
    func unserved() {
        let result = normalised([
            "餐次": "午餐", "供餐时间": "早餐|6-8；午餐|11-13", "菜单": "粥|早餐\n面条|晚餐", "餐价表": "早餐||||3\n",
        ])
        #expect(result.findings.map(\.code) == ["sitting_not_served", "sitting_not_served"])
        #expect(result.findings.map(\.value) == ["早餐", "晚餐"])
        #expect(result.findings.first?.message.zh.contains("早餐价格") == true)
        #expect(normalised(["供餐时间": "早餐|6-8；午餐|11-13"]).place.options("sittings") == ["breakfast", "lunch"])
        #expect(normalised(["菜单": "粥|早点\n"]).place.options("sittings") == ["breakfast"])
    }

    @Test("the next meal follows the sittings' own times, and ends with the day")
    func sittingTimes() {
        let place = normalised(["开餐时间": "早餐|6-8；午餐|11-14", "餐价表": prices]).place
        #expect(lines(place, hour: 5).first == "早餐3元")
        #expect(lines(place, hour: 7).first == "早餐3元")
        #expect(lines(place, hour: 9).first == "午餐18元，老人8元", "by the clock alone still breakfast")
        #expect(lines(place, hour: 13, .en).first == "Lunch ¥18, elders ¥8")
        #expect(lines(place, hour: 14).first == "供早餐、午餐", "breakfast is tomorrow's")
        let unread = normalised(["开餐时间": "早餐|看情况；午餐|看情况", "餐价表": prices]).place
        #expect(lines(unread, hour: 7).first == "早餐3元" && lines(unread, hour: 12).first == "午餐18元，老人8元")
    }

    @Test("the menu of the next meal: of each day, of that day of the week, of that date first")
    func menu() {
        let place = normalised([
            "餐次": "早餐、午餐",
            "菜谱": """
            菜名 | 餐次 | 星期 | 日期 | 类别
            白粥 | 早餐 | | | 早点
            米饭 | 午餐 | | | 主食
            红烧肉 | 午餐 | 周一、星期三 | | 大荤
            鱼香肉丝 | 午餐 | 周二 | | 荤菜
            元宵 | | | 2026年3月3日 | 其他
            """,
        ])
        #expect(place.findings == [])
        #expect(lines(place.place, hour: 7) == ["早餐", "今天早餐：白粥"])
        #expect(lines(place.place, hour: 12) == ["午餐", "今天午餐：米饭、红烧肉"])
        #expect(lines(place.place, hour: 12, day: 1).last == "今天午餐：元宵、米饭、鱼香肉丝")
        #expect(lines(place.place, hour: 12, .en).last == "Lunch today: 米饭, 红烧肉")
        #expect(lines(place.place, hour: 20) == ["供早餐、午餐"])
        let long = normalised(["餐次": "午餐", "菜单": "红烧狮子头;清炒小白菜;西红柿蛋汤;杂粮米饭"]).place
        #expect(lines(long, hour: 12).last == "今天午餐：红烧狮子头、清炒小白菜等")
        let whole = normalised(["餐次": "午餐", "菜单": "红烧狮子头配清炒小白菜配西红柿蛋汤配杂粮米饭\n"]).place
        #expect(lines(whole, hour: 12).last == "今天午餐：红烧狮子头配清炒小白菜配西红…")
    }

    @Test(
        "a span of days is read in the week's order, and one that runs backwards is told",
        arguments: ["周一至周五", "周一到五", "星期一~星期五", "周一—周五", "周一至周三、周四、周五"])
    func dayRange(words: String) throws {
        let result = normalised(["菜单": "红烧肉|午餐|\(words)\n"])
        #expect(result.findings == [])
        let row = try #require(result.place.rows("menu").first)
        #expect(row.options("days") == ["mon", "tue", "wed", "thu", "fri"])
        for wrong in ["周五至周一", "周一至节日", "至周五", "周一至"] {
            let told = normalised(["菜单": "红烧肉|午餐|\(wrong)\n"])
            #expect(told.findings.map(\.code) == [FindingCode.unknownOption], "\(wrong)")
            #expect(told.findings.map(\.field) == ["menu[1].days"])
        }
    }

    @Test("a month of menus is kept, and the dishes asked for by row")
    func manyRows() throws {
        let dishes = (1...900).map { "第\($0)道菜|午餐||2026-03-\($0 % 28 + 1)|荤菜|\($0 % 9 + 3)元|少盐" }
        let result = normalised(["一周菜单": dishes.joined(separator: "\n")])
        #expect(result.findings == [] && result.place.rows("menu").count == 900)
        #expect(try rows("menu", of: result.place, [("dish", "has", "第88道"), ("diets", "has", "低盐")]) == 1)
        #expect(try rows("menu", of: result.place, [("date", "eq", "2026年3月2日"), ("price", "le", "5")]) > 0)
    }

    @Test("meals left count on their own day only")
    func mealsLeft() {
        let place = normalised(["餐次": "午餐", "余餐": "１８份", "余餐日期": "2026.3.2"])
        #expect(place.findings == [])
        #expect(lines(place.place, hour: 11) == ["午餐", "还有18份"])
        #expect(lines(place.place, hour: 11, .en) == ["Lunch", "18 meals left"])
        #expect(lines(place.place, hour: 11, day: 1) == ["午餐"])
        let none = normalised(["剩余份数": "0", "剩余份数日期": "2026-03-02"]).place
        #expect(lines(none, hour: 11) == ["今天已售完"])
        let undated = normalised(["剩余份数": "5"])
        #expect(undated.findings.map(\.code) == ["meals_left_undated"])
        #expect(lines(undated.place, hour: 11) == [])
    }

    @Test("a note on delivery says more than that there is one; a mobile number in it is masked")
    func deliveryNote() {
        let place = normalised(["送餐": "是", "送餐说明": "翠竹园1至12栋，高龄免费"])
        #expect(lines(place.place, hour: 11) == ["送餐：翠竹园1至12栋，高龄免费"])
        let personal = normalised(["送餐说明": "打小李13812345678"])
        #expect(personal.findings.map(\.code) == [FindingCode.personalData])
        #expect(personal.place.text("delivery_note")?.contains("12345678") == false)
    }
}
