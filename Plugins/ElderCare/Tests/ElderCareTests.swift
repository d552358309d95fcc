import DirectoryModel
import ServiceTypeKit
import ServiceTypeTestKit
import Testing

@Suite("Elder care")
struct ElderCareTests {
    private let module: any ServiceTypeModule
    private let type: ServiceTypeDescription

    init() throws {
        module = try BuiltModule.load("ElderCare")
        type = try #require(module.manifest.types.first)
    }

    private func normalised(_ name: String, _ raw: [String: String] = [:]) -> NormalisedPlace {
        module.normalise(
            PlaceDraft(place: Place(id: PlaceID(unchecked: "e1"), type: type.id, name: name), raw: raw))
    }

    private func highlights(_ place: Place, hour: Int64) -> [String] {
        let moment = Timestamp(secondsSince1970: 1_772_380_800 + hour * 3_600)
        return module.highlights(for: place, in: HighlightContext(now: moment, utcOffset: 28_800)).map(
            \.text.zh)
    }

    @Test("a day care centre for children in Helsinki is refused")
    func children() throws {
        let result = normalised(
            "Hoivanet Kids Park",
            ["amenity": "social_facility", "social_facility": "day_care", "social_facility:for": "child"])
        let finding = try #require(result.findings.first { $0.code == "not_for_elders" })
        #expect(finding.severity == .error && finding.value == "child")
    }

    @Test("day care that does not say for whom is doubted, unless its name does")
    func forWhom() {
        let tags = ["amenity": "social_facility", "social_facility": "day_care", "services": "meals"]
        #expect(normalised("Sunshine", tags).findings.map(\.code) == ["for_whom_unstated"])
        #expect(normalised("翠竹园老年日间照料中心", tags).findings == [])
        let both = tags.merging(["social_facility:for": "senior;disabled"]) { $1 }
        #expect(normalised("Sunshine", both).findings == [])
    }

    @Test(
        "the kind follows from the name, then from the tag",
        arguments: [
            ("香铺营居家养老服务站", nil, "station"), ("五老村日间照料中心", nil, "day_care"),
            ("玄武区综合为老服务中心", nil, "centre"),
            ("南京市敬老院", nil, "nursing_home"), ("Sunrise", "nursing_home", "nursing_home"),
            ("Sunrise", "ambulatory_care", "home_care"),
            ("Sunrise", nil, nil),
        ] as [(String, String?, String?)])
    func kinds(name: String, facility: String?, kind: String?) {
        #expect(
            normalised(name, facility.map { ["social_facility": $0] } ?? [:]).place.text("kind") == kind)
    }

    @Test("a row of a street office's register")
    func register() {
        let result = normalised(
            "翠竹园养老服务站",
            [
                "设施类型": "养老服务站", "服务项目": "助餐、助浴服务、理疗、老年大学", "上门服务项目": "助洁；助医", "服务范围": "翠竹园、百家湖",
                "床位（张）": "6",
                "日托位": "10个", "等级": "3A", "月收费": "2800元起", "长护险": "是", "年龄要求": "60", "接待场所": "有",
            ])
        #expect(result.findings == [])
        #expect(
            result.place.attributes == [
                "kind": .text("station"),
                "services": .texts(["meals", "bathing", "rehabilitation", "culture"]),
                "home_services": .texts(["cleaning", "medical"]), "service_area": .text("翠竹园、百家湖"),
                "beds": .whole(6),
                "day_places": .whole(10), "level": .text("level_3"),
                "monthly_fee": .money(Money(fen: 280_000)),
                "long_term_care_insurance": .bool(true), "minimum_age": .whole(60), "walk_in": .bool(true),
            ])
    }

    @Test("what a clerk forgot: services, the area of home visits, a nursing home's beds")
    func forgotten() {
        #expect(normalised("养老服务站").findings.map(\.code) == [FindingCode.missing])
        let home = normalised("养老服务站", ["站内服务": "助餐", "上门服务": "助洁"])
        #expect(home.findings.map(\.code) == ["service_area_missing"])
        let beds = normalised("敬老院", ["站内服务": "全托", "床位数": "0"])
        #expect(beds.findings.map(\.code) == ["nursing_home_without_beds"])
    }

    @Test("a service is found whether it is given at the station or at home")
    func anyService() throws {
        let place = normalised("养老服务站", ["站内服务": "助餐", "上门服务": "助浴", "服务范围": "全社区"]).place
        let entry = module.indexEntry(for: place)
        #expect(entry.facets["any_service"] == .texts(["meals", "bathing"]))
        #expect(entry.facets["at_home"] == .bool(true))
        let filter = try #require(type.attribute("any_service")).kind.filter(op: "has", value: "助浴")
        #expect(filter.matches(entry.facets["any_service"]))
    }

    @Test("at noon the meal comes first; who only visits homes says so")
    func highlighted() {
        let place = normalised(
            "养老服务站", ["站内服务": "助餐;康复", "上门服务": "助洁", "服务范围": "全社区", "年龄要求": "60", "床位": "6"]
        ).place
        #expect(highlights(place, hour: 11) == ["有助餐", "助餐、康复", "上门：助洁", "60岁以上"])
        #expect(highlights(place, hour: 15) == ["助餐、康复", "上门：助洁", "60岁以上", "床位6张"])
        let visits = normalised("居家照护", ["接待场所": "无", "上门服务": "护理"]).place
        #expect(highlights(visits, hour: 15) == ["只上门，不接待", "上门：护理"])
    }

    @Test("a shelter or a food bank is no elder care")
    func selectors() {
        func takes(_ tags: [String: String], _ name: String?) -> Bool {
            type.osmSelectors.contains { $0.matches(tag: { tags[$0] }, name: name) != nil }
        }
        #expect(takes(["amenity": "social_facility"], "香铺营养老服务站"))
        #expect(
            takes(
                [
                    "amenity": "social_facility", "social_facility": "nursing_home",
                    "social_facility:for": "senior",
                ], nil))
        #expect(!takes(["amenity": "social_facility", "social_facility": "outreach"], "Hiv-säätiö"))
        #expect(!takes(["amenity": "community_centre"], "竹北社區活動中心"))
    }
}
