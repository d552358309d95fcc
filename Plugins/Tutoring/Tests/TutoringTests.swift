import DirectoryModel
import ServiceTypeKit
import ServiceTypeTestKit
import Testing

@Suite("Tutoring")
struct TutoringTests {
    private let module: any ServiceTypeModule
    private let type: ServiceTypeDescription

    init() throws {
        module = try BuiltModule.load("Tutoring")
        type = try #require(module.manifest.types.first)
    }

    private func normalised(_ name: String, _ raw: [String: String] = [:]) -> NormalisedPlace {
        module.normalise(
            PlaceDraft(place: Place(id: PlaceID(unchecked: "t1"), type: type.id, name: name), raw: raw))
    }

    /// Highlights on a day of the week of March 2026, 1 for Monday.
    private func highlights(_ place: Place, weekday: Int64) -> [String] {
        let moment = Timestamp(secondsSince1970: 1_772_380_800 + (weekday - 1) * 86_400 + 57_600)
        return module.highlights(for: place, in: HighlightContext(now: moment, utcOffset: 28_800)).map(
            \.text.zh)
    }

    @Test("a row of a street office's register")
    func register() {
        let result = normalised(
            "翠竹园四点半课堂",
            [
                "辅导科目": "语文、数学、英语", "招收年级": "一至三年级", "辅导形式": "小班", "名额": "12人", "上课星期": "周一至周四，周六",
                "开班时段": "学期中、寒假",
                "收费": "公益免费", "家长同意": "需要", "起始年龄": "6岁", "年龄上限": "9", "报名方式": "到党群服务中心前台", "授课语言": "普通话",
            ])
        #expect(result.findings == [])
        #expect(
            result.place.attributes == [
                "kind": .text("homework"), "subjects": .texts(["chinese", "maths", "english"]),
                "grades": .texts(["grade_1", "grade_2", "grade_3"]), "format": .text("group"),
                "capacity": .whole(12),
                "weekdays": .texts(["monday", "tuesday", "wednesday", "thursday", "saturday"]),
                "terms": .texts(["term", "winter"]), "price": .money(Money(fen: 0)),
                "guardian_consent_required": .bool(true), "age_from": .whole(6), "age_until": .whole(9),
                "minimum_age": .whole(6), "maximum_age": .whole(9),
                "sign_up": .text("到党群服务中心前台"), "languages": .texts(["mandarin"]),
            ])
    }

    @Test(
        "spans of grades and days",
        arguments: [
            ("grades", "1-6年级", 6), ("grades", "小学", 6), ("grades", "小学一年级至小学六年级", 6), ("grades", "三到五年级", 3),
            ("grades", "初一～初三", 3),
            ("grades", "学前、小学", 7), ("grades", "四年级", 1), ("weekdays", "周一至周五", 5),
            ("weekdays", "星期二到星期四", 3),
            ("weekdays", "每天", 7), ("weekdays", "周末", 2), ("weekdays", "Mo-Fr", 5), ("weekdays", "工作日、周六", 6),
            ("weekdays", "周日", 1),
        ])
    func spans(key: String, text: String, count: Int) {
        let result = normalised("四点半课堂", [key: text, "需监护人同意": "是"])
        #expect(result.place.options(key).count == count, "\(result.place.options(key))")
        #expect(result.findings == [])
    }

    @Test("a span that runs backwards is left out and named")
    func backwards() {
        let result = normalised("四点半课堂", ["年级": "五至三年级", "需监护人同意": "是"])
        #expect(result.place.options("grades") == [])
        #expect(result.findings.map(\.code) == [FindingCode.unknownOption])
    }

    @Test("consent is asked for; one-to-one with twelve children and reversed ages are doubted")
    func doubts() {
        #expect(normalised("四点半课堂").findings.map(\.code) == [FindingCode.missing])
        let result = normalised(
            "一对一作业辅导", ["名额": "12", "起始年龄": "9", "截止年龄": "6", "需监护人同意": "是"])
        #expect(result.place.text("format") == "one_to_one")
        #expect(result.findings.map(\.code) == ["capacity_inconsistent", "ages_reversed"])
    }

    @Test("no person gets in: columns about people are not read, numbers in free text are masked")
    func people() {
        let result = normalised(
            "四点半课堂",
            [
                "学生姓名": "王小明", "志愿者电话": "13812345678", "报名方式": "打王老师电话 13812345678", "需监护人同意": "是",
            ])
        #expect(result.place.text("sign_up") == "打王老师电话 138****5678")
        #expect(result.findings.map(\.code) == [FindingCode.personalData, "personal_columns"])
        #expect(!"\(result)".contains("13812345678") && !"\(result)".contains("王小明"))
        let keys = type.attributes.map(\.key)
        #expect(
            !keys.contains { key in
                ["name", "phone", "volunteer", "child", "parent"].contains { key.contains($0) }
            })
    }

    @Test("today's day first, else the days; free, one to one, consent")
    func highlighted() {
        let place = normalised(
            "一对一作业辅导", ["科目": "语文;数学", "上课日": "周二、周四", "收费": "0", "需监护人同意": "是"]
        ).place
        #expect(highlights(place, weekday: 2) == ["周二有课", "语文、数学", "需监护人同意", "免费"])
        #expect(highlights(place, weekday: 3) == ["上课日：周二、周四", "语文、数学", "需监护人同意", "免费"])
        #expect(module.indexEntry(for: place).facets == ["free": .bool(true)])
        let paid = normalised("亲子课堂", ["收费": "20元/次", "需监护人同意": "否"]).place
        #expect(highlights(paid, weekday: 1) == ["每场20元"])
        #expect(paid.text("kind") == "parent_child")
    }

    @Test("a community centre or a training school is no tutoring unless its name says so")
    func selectors() {
        func takes(_ tags: [String: String], _ name: String?) -> Bool {
            type.osmSelectors.contains { $0.matches(tag: { tags[$0] }, name: name) != nil }
        }
        #expect(takes(["amenity": "community_centre"], "翠竹园四点半课堂"))
        #expect(!takes(["amenity": "community_centre"], "竹北里集會所"))
        #expect(!takes(["amenity": "community_centre", "community_centre": "youth_centre"], "青少年宫"))
        #expect(!takes(["amenity": "prep_school"], "新东方培训"))
    }
}
