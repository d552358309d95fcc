import DirectoryModel
import ServiceTypeKit
import ServiceTypeTestKit
import Testing

/// Reading, lending and self-service each by its own times, cards and loans, and what is on today.
@Suite("Library hours and events")
struct LibraryHoursTests {
    private let module: any ServiceTypeModule
    private let type: ServiceTypeDescription

    init() throws {
        module = try BuiltModule.load("Libraries")
        type = try #require(module.manifest.types.first)
    }

    private func normalised(_ raw: [String: String], name: String = "雨花台城市书房") -> NormalisedPlace {
        module.normalise(
            PlaceDraft(place: Place(id: PlaceID(unchecked: "l1"), type: type.id, name: name), raw: raw))
    }

    /// Opening times of the form `HH-HH` are open from the first hour until the second, `24/7` ever; others cannot be
    /// read.
    private func context(hour: Int64, day: Int64 = 0) -> HighlightContext {
        // Monday, 2026-03-02, in China.
        let moment = Timestamp(secondsSince1970: 1_772_380_800 + day * 86_400 + hour * 3_600)
        return HighlightContext(now: moment, utcOffset: 28_800) { times, at in
            if times == "24/7" { return Opening(state: .open, raw: times) }
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

    @Test("a row of a register with three times, a card and loans")
    func register() {
        let result = normalised([
            "阅览时间": "周二至周日 9:00-21:00", "借还时间": "周二至周日９：００－１７：３０", "自助借还时间": "24小时",
            "每证可借": "１０册", "借期": "30天", "借阅凭证": "信用借书", "押金": "免费", "亲子阅读区": "有",
        ])
        #expect(result.findings == [])
        #expect(
            result.place.attributes == [
                "kind": .text("city_study"), "reading_hours": .text("周二至周日 9:00-21:00"),
                "lending_hours": .text("周二至周日９：００－１７：３０"), "self_service_hours": .text("24小时"),
                "loans": .whole(10), "loan_days": .whole(30), "card": .text("credit"),
                "deposit": .money(Money(fen: 0)), "children_area": .bool(true),
                "childrens_area": .bool(true),
                // Derived: the times say 24 hours, a credit score needs no card, and ten loans are lent.
                "self_service_24h": .bool(true), "card_needed": .bool(false), "lends": .bool(true),
            ])
    }

    @Test("the children's area is kept under its key of version 1, too, whichever is given")
    func childrensArea() {
        var place = Place(id: PlaceID(unchecked: "l1"), type: type.id, name: "社区书吧")
        for key in ["children_area", "childrens_area"] {
            place.attributes = [key: .bool(false)]
            let result = module.normalise(PlaceDraft(place: place))
            #expect(result.findings == [])
            #expect(
                result.place.attributes == ["children_area": .bool(false), "childrens_area": .bool(false)])
        }
    }

    @Test("what is open on arrival, and until when")
    func openParts() {
        let place = normalised(["阅览时间": "9-21", "借还时间": "9-17", "自助借还时间": "24/7"])
        #expect(place.findings == [])
        #expect(lines(place.place, hour: 10) == ["阅览到21:00，借还到17:00", "24小时自助借还", "可借书"])
        #expect(lines(place.place, hour: 18).prefix(2) == ["阅览到21:00", "24小时自助借还"])
        #expect(lines(place.place, hour: 22).first == "24小时自助借还")
        #expect(lines(place.place, hour: 7).first == "阅览9:00开始")
        #expect(
            lines(place.place, hour: 10, .en).prefix(2) == [
                "Reading until 21:00, lending until 17:00", "24-hour self-service",
            ])
        let evening = normalised(["自助借还时间": "6-23"]).place
        #expect(lines(evening, hour: 20) == ["自助借还到23:00"])
        #expect(lines(evening, hour: 23) == [])
        let lending = normalised(["借还时间": "9-17"]).place
        #expect(lines(lending, hour: 10).first == "借还到17:00")
        #expect(lines(lending, hour: 10, .en).first == "Lending until 17:00")
        let endless = normalised(["阅览时间": "24/7"]).place
        #expect(lines(endless, hour: 3) == ["阅览开放中"])
    }

    @Test("times that cannot be read leave what the record says")
    func unreadable() {
        let place = normalised(["阅览时间": "看老师", "自助借还时间": "全天都行"]).place
        #expect(lines(place, hour: 10) == ["24小时自助借还"])
        #expect(lines(place, hour: 23) == ["24小时自助借还"])
    }

    @Test(
        "loans and the card in one line",
        arguments: [
            (["可借册数": "5", "借期": "30天", "借书凭证": "免证"], "可借5册30天，免办证", "Lends 5 for 30 days, no card needed"),
            (["可借册数": "5", "借书凭证": "二代身份证"], "可借5册，凭身份证", "Lends 5, ID card"),
            (["外借": "是", "借书凭证": "芝麻信用"], "可借书，信用免押", "Lends books, no deposit"),
            (["外借": "是", "借书凭证": "读者证"], "可借书，需借书证", "Lends books, library card"),
            (["外借": "是"], "可借书", "Lends books"),
            (
                ["可借册数": "1000", "借期": "365", "借书凭证": "免证"], "可借1000册365天，免办证",
                "Lends 1000 for 365 days, no card needed"
            ),
        ])
    func loans(raw: [String: String], zh: String, en: String) {
        let place = normalised(raw).place
        #expect(lines(place, hour: 10) == [zh])
        #expect(lines(place, hour: 10, .en) == [en])
        #expect(zh.count <= 20 && en.count <= 40)
    }

    private let events = """
        活动名称 | 类型 | 时间 | 开始日期 | 结束日期 | 年龄
        小青蛙绘本 | 绘本 | 10-11 | 2026年3月1日 | 2026/6/30 | 3至6岁
        春联展 | 书画展 | | 2026-02-20 | 2026-03-03 |
        公益讲座：防诈骗 | 讲座 | 14-16 | 2026.3.2 | 2026.3.2 | 不限
        观影夜 | 电影 | 19-21 | | |
        """

    @Test("what is on: now, later today, or all day, on its days only")
    func todaysEvent() {
        let result = normalised(["活动安排": events])
        #expect(result.findings == [])
        #expect(
            result.place.rows("events").map { $0.text("kind") } == ["story", "exhibition", "lecture", "film"])
        let place = result.place
        #expect(lines(place, hour: 10) == ["正在：小青蛙绘本"])
        #expect(lines(place, hour: 10, .en) == ["Now: 小青蛙绘本"])
        #expect(lines(place, hour: 12) == ["今天14:00：公益讲座：防诈骗"])
        #expect(lines(place, hour: 12, day: 1) == ["今天19:00：观影夜"])
        #expect(lines(place, hour: 22) == ["今天：春联展"])
        #expect(lines(place, hour: 22, day: 2) == [], "the exhibition is over, the film is tomorrow's")
        let single = normalised(["活动表": "手工坊|手作||2026-03-02\n"]).place
        #expect(lines(single, hour: 9) == ["今天：手工坊"] && lines(single, hour: 9, day: 1) == [])
        #expect(lines(normalised(["活动表": "手工坊|手作\n"]).place, hour: 9) == [], "no day, no times")
    }

    @Test("malformed events are left out and named; an empty cell is none")
    func malformed() {
        let result = normalised(["活动安排": "|讲座|10-11\n故事会|相声\n画展|展览|||昨天\n读书会|共读|a|2026-3-1|2026-3-2|成人|多"])
        #expect(result.place.rows("events").map { $0.text("name") } == ["故事会", "画展"])
        #expect(
            result.findings.map(\.code) == [
                FindingCode.missing, FindingCode.unknownOption, FindingCode.unreadable,
                FindingCode.rowTooWide,
            ])
        for empty in ["", "无", "-", "| |", "暂无"] {
            #expect(normalised(["活动安排": empty], name: "").place.attributes["events"] == nil, "\(empty)")
        }
        let reversed = normalised(["活动安排": "画展|展览||2026-03-05|2026-03-01\n"])
        #expect(reversed.findings.map(\.code) == ["dates_reversed"])
        #expect(reversed.findings.map(\.field) == ["events[1].last_day"])
    }

    @Test("times, cards and lending that contradict each other are found and kept")
    func contradictions() {
        func codes(_ raw: [String: String]) -> [String] { normalised(raw).findings.map(\.code) }
        #expect(codes(["24小时自助": "是", "自助借还时间": "8:00-22:00"]) == ["hours_contradict"])
        #expect(codes(["24小时自助": "否", "自助借还时间": "24小时"]) == ["hours_contradict"])
        #expect(codes(["24小时自助": "是", "自助借还时间": "24/7"]) == [])
        #expect(codes(["24小时自助": "否", "自助借还时间": "8:00-22:00"]) == [])
        #expect(codes(["借书凭证": "免证", "需办证": "是"]) == ["card_contradicts"])
        #expect(codes(["借书凭证": "借书证", "需办证": "是"]) == [])
        #expect(codes(["外借": "否", "可借册数": "5"]) == ["lending_contradicts"])
        #expect(codes(["外借": "否", "借还时间": "9-17"]) == ["lending_contradicts"])
        #expect(normalised(["外借": "否", "可借册数": "5"]).place.flag("lends") == false)
    }

    @Test("a year of events is kept; they find the library by name and kind, and are asked by row")
    func manyEvents() throws {
        let many = (1...900).map { "第\($0)场故事会|绘本|10-11|2026-03-\($0 % 28 + 1)|2026-04-01|3岁以上" }
        let result = normalised(["活动日程": many.joined(separator: "\n"), "card": "id"])
        #expect(result.findings == [] && result.place.rows("events").count == 900)
        let entry = module.indexEntry(for: result.place)
        #expect(entry.searchWords.count == 200)
        #expect(Set(["身份证", "绘本故事", "第1场故事会"]).isSubset(of: entry.searchWords))
        guard case .rows(let schema)? = type.attribute("events")?.kind else { return }
        var filter = RowFilter()
        filter.add("kind", try #require(schema.column("kind")).kind.filter(op: "eq", value: "绘本"))
        filter.add(
            "first_day", try #require(schema.column("first_day")).kind.filter(op: "le", value: "2026年3月1日"))
        #expect(result.place.rows("events").count { filter.matches($0) } == 32)
    }
}
