import DirectoryModel
import ServiceTypeKit

/// The schema of elder care.
enum ElderCareSchema {
    static let elderCare = ServiceTypeDescription(
        id: ServiceTypeID(unchecked: "elder_care"),
        name: LocalizedText(zh: "社区养老服务机构", en: "Community elder-care station"), serviceClass: .quality,
        order: 17,
        targetMinutes: 15,
        searchWords: [
            "养老服务站", "日间照料中心", "居家养老服务中心", "托老所", "养老驿站", "养老院", "敬老院", "助老点", "养老", "护理", "elder care",
        ],
        attributes: [
            kind, services, homeServices, offers, serviceArea, minimumAge, beds, bedsFree, dayPlaces,
            dayPlacesFree, freeOn, level, licence, monthlyFee, longTermCareInsurance, walkIn, .wheelchair,
        ],
        facets: [anyService, atHome, hasFreeBed, hasFreeDayPlace, lowestServicePrice, .stepFree],
        osmSelectors: facilitySelectors
            + ["social_facility", "community_centre", "nursing_home"].map {
                OSMSelector(tags: ["amenity": $0], nameWords: nameWords)
            },
        industryCodes: ["8521", "8514", "8512"], calendarPolicy: .statutory,
        source: "商务部等9部门 2025-09-19 通知（养老服务为必备业态）；步行15分钟：三年行动计划(2023-2025)")

    /// The catalogue's own; day care and care at home may leave out for whom, which is then asked for.
    private static let facilitySelectors: [OSMSelector] =
        ["day_care", "ambulatory_care"].map { facility($0, isForSeniors: false) }
        + ["day_care", "nursing_home", "assisted_living", "group_home", "ambulatory_care"].map {
            facility($0, isForSeniors: true)
        }

    private static func facility(_ value: String, isForSeniors: Bool) -> OSMSelector {
        var tags = ["amenity": "social_facility", "social_facility": value]
        if isForSeniors { tags["social_facility:for"] = "senior" }
        return OSMSelector(tags: tags)
    }

    private static let nameWords = [
        "养老", "敬老", "日间照料", "托老", "助老", "为老服务", "老年公寓", "颐养", "长者照护", "老年人照料", "老年服务",
    ]

    static let kind = AttributeDescription(
        key: "kind", name: LocalizedText(zh: "机构类型", en: "Kind of facility"),
        kind: .oneOf([
            option(
                "station", "养老服务站", "Elder-care station", ["居家养老服务站", "居家养老服务中心", "养老驿站", "助老点", "养老服务点"]),
            option("day_care", "日间照料中心", "Day care centre", ["日间照料", "托老所", "日托中心"]),
            option("centre", "综合为老服务中心", "Elder service centre", ["为老服务中心", "养老服务中心", "街道养老服务中心"]),
            option("nursing_home", "养老院", "Nursing home", ["敬老院", "养老机构", "老年公寓", "护理院", "福利院"]),
            option("home_care", "上门照护机构", "Home care provider", ["居家照护", "上门服务机构"]),
        ]), isFacet: true, columnNames: ["机构类型", "设施类型", "类别"])

    static let serviceOptions = [
        option("meals", "助餐", "Meals", ["就餐", "送餐", "配餐"]),
        option("cleaning", "助洁", "Cleaning", ["保洁", "家政", "打扫"]),
        option("bathing", "助浴", "Bathing", ["洗浴", "洗澡"]),
        option("medical", "助医", "Medical help", ["医疗", "陪诊", "健康管理", "量血压"]),
        option("mobility", "助行", "Getting about", ["陪同出行", "出行"]),
        option("emergency", "助急", "Emergency help", ["应急救助", "紧急救援", "急救"]),
        option("rehabilitation", "康复", "Rehabilitation", ["康复护理", "康复训练", "理疗"]),
        option("nursing", "护理", "Nursing", ["照护", "生活照料", "照料"]),
        option("day_care", "日托", "Day care", ["日间照料", "日间托养"]),
        option("overnight", "全托", "Overnight stay", ["短期托养", "喘息", "住养", "长托"]),
        option("company", "陪伴", "Company", ["精神慰藉", "探访", "聊天", "关爱"]),
        option("culture", "文娱", "Culture and play", ["文化娱乐", "娱乐", "活动", "老年大学", "棋牌"]),
    ]

    /// The keys of all services, in the order in which they are shown.
    static var serviceKeys: [String] { serviceOptions.map(\.key) }

    static let services = AttributeDescription(
        key: "services", name: LocalizedText(zh: "站内服务", en: "Services at the station"),
        kind: .manyOf(serviceOptions),
        isRequired: true, isFacet: true, columnNames: ["站内服务", "服务项目", "服务内容"])

    static let homeServices = AttributeDescription(
        key: "home_services", name: LocalizedText(zh: "上门服务", en: "Services at home"),
        kind: .manyOf(serviceOptions),
        isFacet: true, columnNames: ["上门服务", "上门服务项目", "居家服务"])

    private static let serviceArea = AttributeDescription(
        key: "service_area", name: LocalizedText(zh: "上门服务范围", en: "Area served at home"), kind: .text,
        columnNames: ["上门服务范围", "服务范围", "服务区域"])

    private static let minimumAge = AttributeDescription(
        key: "minimum_age", name: LocalizedText(zh: "起始年龄", en: "Minimum age"),
        kind: .whole(unit: LocalizedText(zh: "岁", en: "years"), range: 0...120),
        columnNames: ["起始年龄", "年龄要求", "最低年龄"])

    private static let beds = AttributeDescription(
        key: "beds", name: LocalizedText(zh: "床位数", en: "Beds"),
        kind: .whole(unit: LocalizedText(zh: "张", en: "beds"), range: 0...10_000),
        columnNames: ["床位数", "床位", "养老床位"], osmKey: "capacity:beds")

    private static let dayPlaces = AttributeDescription(
        key: "day_places", name: LocalizedText(zh: "日托位", en: "Day places"),
        kind: .whole(unit: LocalizedText(zh: "位", en: "places"), range: 0...2_000),
        columnNames: ["日托位", "日托床位", "日间托位"])

    private static let bedsFree = AttributeDescription(
        key: "beds_free", name: LocalizedText(zh: "空余床位", en: "Free beds"),
        kind: .whole(unit: LocalizedText(zh: "张", en: "beds"), range: 0...10_000),
        columnNames: ["空余床位", "空床数", "空床", "剩余床位"])

    private static let dayPlacesFree = AttributeDescription(
        key: "day_places_free", name: LocalizedText(zh: "空余日托位", en: "Free day places"),
        kind: .whole(unit: LocalizedText(zh: "位", en: "places"), range: 0...2_000),
        columnNames: ["空余日托位", "剩余日托位", "日托空位"])

    private static let freeOn = AttributeDescription(
        key: "free_on", name: LocalizedText(zh: "空位统计日期", en: "Free places as of"), kind: .date,
        columnNames: ["空位统计日期", "空床统计日期", "统计日期", "截至日期"])

    private static let levelOptions = zip(["一", "二", "三", "四", "五"], 1...5).map { numeral, number in
        option(
            "level_\(number)", "\(numeral)级", "Level \(number)",
            [
                "\(number)级", "\(number)A", "\(number)A级", "\(numeral)星", "\(numeral)星级", "\(number)星",
                "\(number)星级",
            ])
    }

    static let level = AttributeDescription(
        key: "level", name: LocalizedText(zh: "评定等级", en: "Level"), kind: .oneOf(levelOptions),
        columnNames: ["评定等级", "等级", "机构等级", "星级"])

    /// What the office that filed or licensed the facility says, beside the rating of an association.
    private static let licence = AttributeDescription(
        key: "licence", name: LocalizedText(zh: "备案等级", en: "Level of the licence"),
        kind: .oneOf(levelOptions), columnNames: ["备案等级", "许可等级", "许可证等级"])

    private static let monthlyFee = AttributeDescription(
        key: "monthly_fee", name: LocalizedText(zh: "月收费起", en: "Monthly fee from"), kind: .money,
        columnNames: ["月收费起", "月收费", "收费标准", "月费"])

    private static let longTermCareInsurance = AttributeDescription(
        key: "long_term_care_insurance",
        name: LocalizedText(zh: "长护险定点", en: "Long-term care insurance"),
        kind: .bool,
        isFacet: true, columnNames: ["长护险定点", "长护险", "长期护理保险定点"])

    private static let walkIn = AttributeDescription(
        key: "walk_in", name: LocalizedText(zh: "有接待场所", en: "Receives visitors"), kind: .bool,
        columnNames: ["有接待场所", "接待场所", "可到店办理"])

    private static let anyService = AttributeDescription(
        key: "any_service", name: LocalizedText(zh: "服务（站内或上门）", en: "Services anywhere"),
        kind: .manyOf(serviceOptions), isFacet: true)

    private static let atHome = AttributeDescription(
        key: "at_home", name: LocalizedText(zh: "可上门", en: "Comes to the home"), kind: .bool,
        isFacet: true)

    private static let hasFreeBed = AttributeDescription(
        key: "has_free_bed", name: LocalizedText(zh: "有空床", en: "Has a free bed"), kind: .bool,
        isFacet: true)

    private static let hasFreeDayPlace = AttributeDescription(
        key: "has_free_day_place", name: LocalizedText(zh: "有日托空位", en: "Has a free day place"),
        kind: .bool, isFacet: true)

    private static let lowestServicePrice = AttributeDescription(
        key: "lowest_service_price", name: LocalizedText(zh: "最低服务价格", en: "Lowest price of a service"),
        kind: .money)

    static func option(_ key: String, _ zh: String, _ en: String, _ aliases: [String])
        -> AttributeOption
    {
        AttributeOption(key: key, name: LocalizedText(zh: zh, en: en), aliases: aliases)
    }
}
