import DirectoryModel
import ServiceTypeKit
import ServiceTypeTestKit
import Testing

/// Stalls, notices and the morning peak: what clerks write, and what a kiosk says at which hour.
@Suite("Market stalls")
struct MarketStallTests {
    private let module: any ServiceTypeModule
    private let type: ServiceTypeDescription

    init() throws {
        module = try BuiltModule.load("Markets")
        type = try #require(module.manifest.types.first)
    }

    private func normalised(_ raw: [String: String], hours: String? = nil) -> NormalisedPlace {
        var place = Place(id: PlaceID(unchecked: "m1"), type: type.id, name: "翠竹园农贸市场")
        place.hours = hours
        return module.normalise(PlaceDraft(place: place, raw: raw))
    }

    /// Opening times of the form `HH-HH` are open from the first hour until the second; others cannot be read.
    private func context(hour: Int64, day: Int64 = 0) -> HighlightContext {
        // Monday, 2026-03-02, in China.
        let moment = Timestamp(secondsSince1970: 1_772_380_800 + day * 86_400 + hour * 3_600)
        return HighlightContext(now: moment, utcOffset: 28_800) { times, at in
            let ends = times.split(separator: "-").compactMap { Int64($0) }
            guard ends.count == 2 else { return Opening(state: .unknown, raw: times) }
            let now = (at.secondsSince1970 + 28_800) % 86_400 / 3_600
            return Opening(state: (ends[0]..<ends[1]).contains(now) ? .open : .closed, raw: times)
        }
    }

    private func lines(_ place: Place, hour: Int64, day: Int64 = 0, _ language: Language = .zh) -> [String] {
        module.highlights(for: place, in: context(hour: hour, day: day)).map { $0.text.text(in: language) }
    }

    private let clerk = """
        摊位号 | 分区 | 字号 | 经营品种 | 营业时间
        A12 | 卤菜区 | 老周盐水鸭 | 熟食、盐水鸭 | 5:30-11:00
        Ａ１３ ｜ 水产区 ｜ ｜ 海鲜，鱼 ｜
        B01\t水果区\t甜甜果行\t水果\t7:00-19:30
        """

    @Test("a stall list in a clerk's cell: a row that names the columns, full-width bars, tabs, empty cells")
    func clerksCell() {
        let result = normalised(["摊位明细": clerk])
        #expect(result.findings == [])
        #expect(
            result.place.rows("stalls") == [
                AttributeRow([
                    "number": .text("A12"), "zone": .text("卤菜区"), "name": .text("老周盐水鸭"),
                    "goods": .texts(["cooked"]), "hours": .text("5:30-11:00"),
                ]),
                AttributeRow(["number": .text("Ａ１３"), "zone": .text("水产区"), "goods": .texts(["seafood"])]),
                AttributeRow([
                    "number": .text("B01"), "zone": .text("水果区"), "name": .text("甜甜果行"),
                    "goods": .texts(["fruit"]), "hours": .text("7:00-19:30"),
                ]),
            ])
        #expect(result.place.options("goods") == ["fruit", "seafood", "cooked"], "from the stalls")
    }

    @Test("one line holds several stalls, parted by semicolons; what says nothing is no stall")
    func oneLine() {
        let rows = normalised(["摊位表": "1||老王豆腐|豆腐；2|||猪肉、牛羊肉；；3|||蔬菜"]).place.rows("stalls")
        #expect(rows.map { $0.options("goods") } == [["soy"], ["meat"], ["vegetables"]])
        for empty in ["", "无", "-", "不详", "；；", " \n \n"] {
            let result = normalised(["摊位表": empty])
            #expect(result.place.attributes["stalls"] == nil && result.findings == [], "\(empty)")
        }
    }

    @Test(
        "the words of clerks and of people who ask are goods",
        arguments: [
            ("卤菜 熟食", "cooked"), ("半成品菜 净菜 预制菜", "semi_finished"), ("水果", "fruit"),
            ("小吃 早点 面点", "snacks"), ("水产 海鲜 鱼", "seafood"), ("蔬菜 青菜", "vegetables"),
            ("豆制品 豆腐", "soy"), ("肉类 猪肉 牛羊肉", "meat"), ("禽蛋 鸡蛋", "poultry_eggs"),
            ("粮油", "grain_oil"), ("调料 干货", "dried"), ("鲜花", "flowers"), ("日用", "household"),
            ("冷冻", "frozen"),
        ])
    func words(words: String, key: String) throws {
        for word in words.split(separator: " ") {
            let row = try #require(normalised(["摊位表": "1|||\(word)\n"]).place.rows("stalls").first)
            #expect(row.options("goods") == [key])
            guard case .rows(let schema)? = type.attribute("stalls")?.kind else { return }
            var filter = RowFilter()
            filter.add(
                "goods", try #require(schema.column("goods")).kind.filter(op: "has", value: String(word)))
            #expect(filter.matches(row))
        }
    }

    @Test("a stall without goods, with too many cells or of unknown goods is left out and named")
    func malformed() {
        let result = normalised(["摊位表": "A1|东区|好味|\nA2|东区|好味|火星菜\nA3|a|b|水果|6:00|多\nA4|||鱼"])
        #expect(result.place.rows("stalls").map { $0.text("number") } == ["A4"])
        #expect(
            result.findings.map(\.code) == [
                FindingCode.missing, FindingCode.unknownOption, FindingCode.rowTooWide,
            ])
        #expect(
            result.findings.map(\.field) == ["stalls[1].goods", "stalls[2].goods", "stalls[3]"])
    }

    @Test("a stallholder's mobile number in the trade name is masked")
    func phone() {
        let result = normalised(["摊位表": "A1||老周 13812345678|卤菜\n"])
        #expect(result.findings.map(\.code) == [FindingCode.personalData])
        #expect(result.place.rows("stalls").first?.text("name")?.contains("12345678") == false)
        #expect(module.indexEntry(for: result.place).searchWords.allSatisfy { !$0.contains("12345678") })
    }

    @Test("a number twice in one zone, too small a count and goods left out are found")
    func contradictions() {
        let result = normalised([
            "摊位数": "2", "经营品类": "蔬菜", "摊位表": "12|东区||蔬菜\n12|西区||蔬菜\n12|东区||水果",
        ])
        #expect(
            result.findings.map(\.code) == [
                "stall_count_too_small", "stall_number_repeated", "goods_of_stalls_unlisted",
            ])
        #expect(result.findings.map(\.value) == ["2", "12", "水果"])
        #expect(result.place.options("goods") == ["vegetables"], "a stated value is never replaced")
        #expect(result.place.rows("stalls").count == 3)
        #expect(normalised(["摊位数": "3", "摊位表": "1|||蔬菜\n2|||水果"]).findings == [])
    }

    @Test("what is sold and the stalls' names find the market; stalls are counted")
    func index() {
        let entry = module.indexEntry(for: normalised(["摊位表": clerk, "经营品类": "蔬菜"]).place)
        #expect(Set(["青菜", "盐水鸭", "海鲜", "老周盐水鸭", "甜甜果行"]).isSubset(of: entry.searchWords))
        #expect(Set(entry.searchWords).count == entry.searchWords.count)
        #expect(entry.facets == ["goods_count": .whole(1), "stalls_listed": .whole(3)])
    }

    @Test("a wholesale market of 5,000 stalls keeps them all and 200 words")
    func manyStalls() {
        let stalls = (1...5_000).map { "\($0)||第\($0)号铺|水果|5:00-11:00" }.joined(separator: "\n")
        let result = normalised(["摊位表": stalls])
        #expect(result.findings == [] && result.place.rows("stalls").count == 5_000)
        let entry = module.indexEntry(for: result.place)
        #expect(entry.searchWords.count == 200 && entry.facets["stalls_listed"] == .whole(5_000))
        #expect(normalised(["摊位表": stalls + "\n5001|||鱼"]).findings.map(\.code) == [FindingCode.tooManyRows])
    }

    @Test("who sells fruit: one stall has to meet every condition")
    func filters() throws {
        guard case .rows(let schema)? = type.attribute("stalls")?.kind else { return }
        var filter = RowFilter()
        filter.add("goods", try #require(schema.column("goods")).kind.filter(op: "has", value: "瓜果"))
        filter.add("zone", try #require(schema.column("zone")).kind.filter(op: "eq", value: "水果区"))
        let stalls = normalised(["摊位表": clerk]).place.rows("stalls")
        #expect(stalls.filter { filter.matches($0) }.map { $0.text("number") } == ["B01"])
    }

    @Test("the number of stalls that are open on arrival; one without times has the market's")
    func openStalls() {
        let stalls = "1|||蔬菜|6-11\n2|||蔬菜|6-11\n3|||水果|9-19\n4|||鱼"
        let market = normalised(["摊位表": stalls, "摊位数": "64"], hours: "6-18").place
        #expect(lines(market, hour: 7).first == "3个摊位营业中")
        #expect(lines(market, hour: 10).first == "4个摊位营业中")
        #expect(lines(market, hour: 12).first == "2个摊位营业中")
        #expect(lines(market, hour: 10, .en).first == "4 stalls open")
        #expect(lines(market, hour: 18) == ["蔬菜、水果、水产", "64个摊位"], "closed: the daemon says so")
        let unread = normalised(["摊位表": "1|||蔬菜|看天气\n"]).place
        #expect(lines(unread, hour: 7) == ["蔬菜"])
        let early = normalised(["摊位表": "1|||蔬菜|9-19\n"], hours: "5-20").place
        #expect(lines(early, hour: 6).first == "摊位都还没开或已收摊")
        #expect(lines(normalised(["摊位表": "1|||鱼\n"], hours: "5-20").place, hour: 6) == ["水产"])
    }

    @Test("the morning peak is said inside its times only")
    func peak() {
        let market = normalised(["早高峰": "6-8", "经营品类": "蔬菜", "垃圾分类要求": "厨余投东门绿桶，6点到9点有人督导"]).place
        #expect(lines(market, hour: 7) == ["现在早高峰", "蔬菜", "垃圾分类：厨余投东门绿桶，6点到9点有…"])
        #expect(lines(market, hour: 8).first == "蔬菜")
        #expect(lines(market, hour: 7, .en).first == "Morning peak now")
    }

    @Test("a notice shows on its days, one without days on each day")
    func notices() {
        let market = normalised(["市场公告": "公告内容|开始|结束\n3月2日停电检修|2026/3/2|2026年3月3日\n春节后恢复早市|2026-03-04|"])
        #expect(market.findings == [])
        #expect(lines(market.place, hour: 9) == ["公告：3月2日停电检修"])
        #expect(lines(market.place, hour: 9, day: 1) == ["公告：3月2日停电检修"])
        #expect(lines(market.place, hour: 9, day: 2) == ["公告：春节后恢复早市"])
        #expect(lines(market.place, hour: 9, day: -1) == [])
        #expect(lines(normalised(["公告": "周三盘点\n"]).place, hour: 9, day: -1) == ["公告：周三盘点"])
        let reversed = normalised(["公告": "停电|2026-03-05|2026-03-01"])
        #expect(reversed.findings.map(\.code) == ["dates_reversed"])
        #expect(reversed.findings.map(\.field) == ["notices[1].until"])
    }
}
