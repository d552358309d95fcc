import DirectoryModel
import ServiceTypeKit
import ServiceTypeTestKit
import Testing

@Suite("Tutoring: sessions")
struct TutoringSessionTests {
    private let module: any ServiceTypeModule
    private let type: ServiceTypeDescription

    init() throws {
        module = try BuiltModule.load("Tutoring")
        type = try #require(module.manifest.types.first)
    }

    private func normalised(_ raw: [String: String]) -> NormalisedPlace {
        let place = Place(id: PlaceID(unchecked: "t1"), type: type.id, name: "翠竹园四点半课堂")
        return module.normalise(
            PlaceDraft(place: place, raw: raw.merging(["需监护人同意": "是"]) { own, _ in own }))
    }

    /// Rows that meet every `where=` on the table, as the daemon asks them.
    private func rows(_ place: Place, _ clauses: [(column: String, op: String, value: String)]) throws
        -> [AttributeRow]
    {
        guard case .rows(let schema)? = type.attribute("sessions")?.kind else { return [] }
        var filter = RowFilter()
        for clause in clauses {
            let column = try #require(schema.column(clause.column))
            filter.add(clause.column, try column.kind.filter(op: clause.op, value: clause.value))
        }
        return place.rows("sessions").filter(filter.matches)
    }

    private let table = """
        科目 | 年级 | 形式 | 人数 | 剩余名额 | 时间 | 开始日期 | 结束日期 | 收费
        作业辅导 | 一至三年级 | 班课 | 20 | 4 | Mo-Th 16:30-18:00; PH off; SH off | 2026-09-01 | 2027-01-15 | 免费
        数学 | ５年级 | 1对1 | 1人 | 0 | 周六 9:00-10:00 | | | 20元
        """

    @Test("homework help for a third-grader this afternoon, free")
    func homework() throws {
        let result = normalised(["场次表": table])
        #expect(result.findings == [])
        let place = result.place
        let found = try rows(place, [("grades", "has", "三年级"), ("subject", "eq", "homework")])
        #expect(found.map { $0.text("times") } == ["Mo-Th 16:30-18:00; PH off; SH off"])
        #expect(found.map { $0.whole("places_left") } == [4])
        #expect(found.map { $0.text("last_day") } == ["2027-01-15"])
        let free = try #require(type.attribute("free")).kind.filter(op: "eq", value: "yes")
        #expect(free.matches(module.indexEntry(for: place).facets["free"]))
        #expect(try rows(place, [("grades", "has", "三年级"), ("subject", "eq", "数学")]) == [])
        #expect(try rows(place, [("subject", "eq", "数学"), ("price", "le", "0")]) == [])
        #expect(try rows(place, [("last_day", "ge", "2027年1月15日")]).count == 1)
    }

    @Test("what the sessions say of the whole is filled where it is not stated")
    func filled() {
        let place = normalised(["场次表": table]).place
        #expect(place.options("subjects") == ["homework", "maths"])
        #expect(place.options("grades") == ["grade_1", "grade_2", "grade_3", "grade_5"])
        // One is free and one is not, one a class and one not: nothing can be said of the whole.
        #expect(place.money("price") == nil && place.text("format") == nil)
        let alike = normalised([
            "sessions":
                "语文 | 小学 | 小班 | 8 | | Mo 16:30-18:00 | | | 普通话 | 0\n数学 | | 集体 | 8 | | Tu 16:30-18:00 | | | 英语 | 免费"
        ]).place
        #expect(alike.money("price") == Money(fen: 0) && alike.text("format") == "class")
        #expect(alike.options("languages") == ["mandarin", "english"])
        #expect(alike.options("grades").count == 6)
        let stated = normalised(["场次表": table, "科目": "美术", "年级": "初一", "收费": "30元", "形式": "小组"]).place
        #expect(stated.options("subjects") == ["art"] && stated.options("grades") == ["grade_7"])
        #expect(stated.money("price") == Money(fen: 3_000) && stated.text("format") == "group")
        #expect(module.indexEntry(for: stated).facets["free"] == .bool(true))
        let paid = normalised(["sessions": "语文 | | | | | Mo 16:30-18:00\n", "收费": "30元"]).place
        #expect(module.indexEntry(for: paid).facets["free"] == .bool(false))
    }

    @Test("ages have two names")
    func ages() {
        let old = normalised(["起始年龄": "6岁", "年龄上限": "12"]).place
        #expect(old.whole("minimum_age") == 6 && old.whole("maximum_age") == 12)
        let new = normalised(["最小年龄": "６", "最大年龄": "12"]).place
        #expect(new.whole("age_from") == 6 && new.whole("age_until") == 12)
        #expect(normalised(["最小年龄": "12", "最大年龄": "6"]).findings.map(\.code) == ["ages_reversed"])
    }

    @Test(
        "a clerk's cells: spans, one line, full width, unknown words, no times, nothing",
        arguments: [
            ("作业 | 1-6年级 | | | | 周一至周四 16:30-18:00\n", 1, 6, [] as [String]),
            ("作业｜小学一年级至小学三年级、初一｜｜｜｜周一至周四 16:30-18:00；语文｜四年级｜｜｜｜周五 16:30-18:00", 2, 5, []),
            ("作业 | 学前、小学 | 大班 | ３０人 | 余2个 | 周一 16:30-18:00\n", 1, 7, ["value_unreadable"]),
            ("作业 | 五至三年级 | | | | 周一 16:30-18:00\n", 1, 0, ["option_unknown"]),
            ("奥数班级 | | | | | 周一 16:30-18:00\n", 1, 0, ["option_unknown"]),
            ("作业 | 三年级 | 班课\n", 0, 0, ["attribute_missing"]),
            ("作业 | | | | | 周一 16:30 | 9月1日 |\n", 1, 0, ["value_unreadable"]),
            ("作业 | | | | | 周一 16:30 | 2026-02-30 |\n", 1, 0, ["value_unreadable"]), ("", 0, 0, []),
            ("待定", 0, 0, []), ("暂无", 0, 0, []),
        ])
    func cells(cell: String, count: Int, grades: Int, codes: [String]) {
        let result = normalised(["课程表": cell])
        #expect(result.place.rows("sessions").count == count)
        #expect(result.place.options("grades").count == grades, "\(result.place.options("grades"))")
        #expect(result.findings.map(\.code) == codes, "\(result.findings)")
    }

    @Test("days, places and one to one that cannot be")
    func doubts() {
        let result = normalised([
            "sessions": """
            作业 | | 一对一 | 12 | 13 | Mo 16:30-18:00 | 2026-09-01 | 2026-08-01
            数学 | | 一对一 | 1 | 1 | Mo 16:30-18:00 | 2026-09-01 | 2026-09-01
            """
        ])
        #expect(
            result.findings.map(\.code) == [
                "capacity_inconsistent", "places_left_exceed_capacity", "days_reversed",
            ])
        #expect(
            result.findings.map(\.field) == [
                "sessions[1].capacity", "sessions[1].places_left", "sessions[1].last_day",
            ])
    }

    @Test("no child and no volunteer gets into the table")
    func people() {
        let result = normalised([
            "场次表": """
            科目 | 志愿者 | 时间 | 学生名单
            作业 | 王小明 | 周一 16:30-18:00 找 13812345678 | 李小红、320104201503071234
            """
        ])
        #expect(result.place.rows("sessions").first?.text("times") == "周一 16:30-18:00 找 138****5678")
        #expect(result.place.rows("sessions").first?.text("subject") == "homework")
        #expect(result.findings.map(\.code) == [FindingCode.personalData, "personal_columns"])
        for trace in ["王小明", "李小红", "13812345678", "320104201503071234"] {
            #expect(!"\(result)".contains(trace))
        }
        guard case .rows(let schema)? = type.attribute("sessions")?.kind else { return #expect(Bool(false)) }
        // A session has no free text: subject, grades, numbers, days, times.
        #expect(!schema.columns.contains { $0.kind == .text })
    }

    // MARK: - Lines

    /// 2026-09-03, a Thursday, at the hour in China.
    private func lines(_ place: Place, hour: Int64, minute: Int64 = 0, day: Int64 = 0) -> [LocalizedText] {
        let midnight: Int64 = 1_788_364_800
        let moment = Timestamp(secondsSince1970: midnight + day * 86_400 + hour * 3_600 + minute * 60)
        let context = HighlightContext(now: moment, utcOffset: 28_800, opening: Self.daily)
        return module.highlights(for: place, in: context).map(\.text)
    }

    /// Times of a fake: `16:30-18:00` every day; anything else cannot be read.
    private static let daily: HighlightContext.OpeningReader = { times, moment in
        let ends = times.split(separator: "-").map { end in
            end.split(separator: ":").compactMap { Int64($0) }.reduce(0) { $0 * 60 + $1 } * 60
        }
        guard ends.count == 2, ends[0] > 0 else { return Opening(state: .unknown, raw: times) }
        let local = moment.secondsSince1970 + 28_800
        let midnight = local / 86_400 * 86_400 - 28_800
        let second = local % 86_400
        func at(_ second: Int64) -> Timestamp { Timestamp(secondsSince1970: midnight + second) }
        if second < ends[0] { return Opening(state: .closed, until: at(ends[0])) }
        if second < ends[1] { return Opening(state: .open, until: at(ends[1])) }
        return Opening(state: .closed, until: at(86_400 + ends[0]))
    }

    private func place(_ rows: [AttributeRow]) -> Place {
        Place(
            id: PlaceID(unchecked: "t1"), type: type.id, name: "四点半课堂", attributes: ["sessions": .rows(rows)])
    }

    private func row(
        _ times: String, _ subject: String = "homework", left: Int? = nil, from: String? = nil,
        until: String? = nil
    ) -> AttributeRow {
        AttributeRow(
            [
                "times": .text(times), "subject": .text(subject), "places_left": left.map { .whole($0) },
                "first_day": from.map { .text($0) }, "last_day": until.map { .text($0) },
            ].compactMapValues(\.self))
    }

    @Test("today's session with the places left, the running one, else the next")
    func today() {
        let homework = place([row("16:30-18:00", left: 4)])
        #expect(
            lines(homework, hour: 15)
                == [LocalizedText(zh: "今天16:30 作业辅导，还有4个名额", en: "Today 16:30 Homework, 4 places left")])
        #expect(
            lines(homework, hour: 17)
                == [LocalizedText(zh: "作业辅导到18:00，还有4个名额", en: "Homework until 18:00, 4 places left")])
        #expect(
            lines(homework, hour: 19)
                == [LocalizedText(zh: "周五16:30 作业辅导，还有4个名额", en: "Fri 16:30 Homework, 4 places left")])
        #expect(lines(place([row("16:30-18:00", left: 12)]), hour: 15).first?.zh == "今天16:30 作业辅导，还有12个名额")
        #expect(lines(place([row("16:30-18:00", left: 0)]), hour: 15).first?.zh == "今天16:30 作业辅导，已满")
        #expect(
            lines(place([row("16:30-18:00", left: 1)]), hour: 15).first?.en
                == "Today 16:30 Homework, 1 place left")
        #expect(lines(place([row("看情况")]), hour: 15) == [])
    }

    @Test("the earlier session, but a full one gives way")
    func choice() {
        let both = [row("18:30-19:30", "maths", left: 2), row("16:30-18:00", left: 3)]
        #expect(lines(place(both), hour: 15).first?.zh == "今天16:30 作业辅导，还有3个名额")
        #expect(lines(place(both), hour: 18, minute: 10).first?.zh == "今天18:30 数学，还有2个名额")
        let full = [row("18:30-19:30", "maths", left: 2), row("16:30-18:00", left: 0)]
        #expect(lines(place(full), hour: 15).first?.zh == "今天18:30 数学，还有2个名额")
    }

    @Test("nothing before the first day, nothing after the last")
    func term() {
        let last = place([row("16:30-18:00", left: 4, until: "2026-09-03")])
        #expect(lines(last, hour: 15).first?.zh == "今天16:30 作业辅导，还有4个名额")
        #expect(lines(last, hour: 19) == [])
        #expect(lines(last, hour: 15, day: 1) == [])
        let first = place([row("16:30-18:00", left: 4, from: "2026-09-04")])
        #expect(lines(first, hour: 15).first?.zh == "周五16:30 作业辅导，还有4个名额")
        let later = place([row("16:30-18:00", left: 4, from: "2026-12-31")])
        #expect(
            lines(later, hour: 15) == [LocalizedText(zh: "12月31日16:30 作业辅导", en: "31 Dec 16:30 Homework")])
        let began = place([row("16:30-18:00", from: "2026-09-03")])
        #expect(lines(began, hour: 15).first?.zh == "今天16:30 作业辅导")
        // Over the end of a year, and on a leap day.
        let leap = place([row("16:30-18:00", from: "2028-02-29", until: "2028-02-29")])
        #expect(lines(leap, hour: 15).first?.zh == "2月29日16:30 作业辅导")
    }

    @Test("the session stands before subjects, consent and free")
    func order() {
        var place = place([row("16:30-18:00", left: 4)])
        place.attributes["guardian_consent_required"] = .bool(true)
        place.attributes["price"] = .money(Money(fen: 0))
        place.attributes["subjects"] = .texts(["homework"])
        place.attributes["format"] = .text("one_to_one")
        #expect(lines(place, hour: 15).map(\.zh) == ["今天16:30 作业辅导，还有4个名额", "作业辅导", "需监护人同意", "免费"])
    }
}
