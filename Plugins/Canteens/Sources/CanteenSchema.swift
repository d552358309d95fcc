import DirectoryModel
import ServiceTypeKit

/// The schema of community canteens.
enum CanteenSchema {
    static let canteen = ServiceTypeDescription(
        id: ServiceTypeID(unchecked: "canteen"),
        name: LocalizedText(zh: "社区食堂(老年助餐点)", en: "Community canteen"), serviceClass: .quality, order: 29,
        targetMinutes: 15,
        searchWords: [
            "银发餐厅", "惠爱餐厅", "长者食堂", "助餐点", "爱心餐", "社区食堂", "老年食堂", "吃饭", "食堂", "送餐", "canteen",
        ],
        attributes: [
            sittings, CanteenTables.sittingTimes,
            price("breakfast_price", "早餐价格", "Breakfast price", ["早餐价格", "早餐价", "早餐餐标"]),
            price("lunch_price", "午餐价格", "Lunch price", ["午餐价格", "午餐价", "午餐餐标", "中餐价格", "餐标"]),
            price(
                "elder_lunch_price", "老年人午餐价格", "Lunch price for elders",
                ["老年人午餐价格", "老人午餐价", "老年人餐标", "补贴后价格", "助餐价"]),
            price("supper_price", "晚餐价格", "Supper price", ["晚餐价格", "晚餐价", "晚餐餐标"]),
            CanteenTables.prices, CanteenTables.menu, openTo, minimumAge, subsidised, diets, delivery,
            deliveryNote, seats, dailyMeals, mealsLeft, mealsLeftOn, .wheelchair,
        ],
        facets: [lowestPrice, elderPrice, forEveryone, .stepFree],
        osmSelectors: [OSMSelector(tags: ["amenity": "canteen"])]
            + ["restaurant", "fast_food", "social_facility", "community_centre"].map {
                OSMSelector(tags: ["amenity": $0], nameWords: nameWords)
            }
            + [
                OSMSelector(tags: [
                    "amenity": "social_facility", "social_facility": "soup_kitchen",
                    "social_facility:for": "senior",
                ])
            ],
        industryCodes: ["6220", "6299", "8521"], calendarPolicy: .commercial,
        source: "《城市一刻钟便民生活圈典型案例集》；商务部等9部门 2025-09-19 通知；步行15分钟：三年行动计划(2023-2025)")

    /// What a community canteen's name holds; every other restaurant is none.
    private static let nameWords = [
        "食堂", "助餐", "老年餐", "老人餐", "银发餐", "惠爱餐", "爱心餐", "长者餐", "长者食", "长者饭", "敬老餐", "孝老餐", "为老餐",
    ]

    static let sittings = AttributeDescription(
        key: "sittings", name: LocalizedText(zh: "供餐餐次", en: "Sittings"),
        kind: .manyOf(sittingOptions), isFacet: true, columnNames: ["供餐餐次", "餐次", "供餐", "供应餐次"])

    /// The meals of a day, here and in every table.
    static let sittingOptions = [
        option("breakfast", "早餐", "Breakfast", ["早饭", "早点", "早"]),
        option("lunch", "午餐", "Lunch", ["午饭", "中餐", "中饭", "午", "中"]),
        option("supper", "晚餐", "Supper", ["晚饭", "晚", "dinner"]),
    ]

    static let openTo = AttributeDescription(
        key: "open_to", name: LocalizedText(zh: "服务对象", en: "Open to"),
        kind: .manyOf([
            option(
                "everyone", "所有居民", "Everyone", ["不限", "全体居民", "居民", "社会开放", "对外开放", "所有人", "全龄", "公众"]),
            option("elders", "老年人", "Elders", ["老人", "长者", "60岁以上", "60岁以上老人", "60岁以上老年人", "高龄老人"]),
            option("disabled", "残疾人", "People with disabilities", ["残障人士", "残疾人士"]),
            option("staff", "职工", "Staff", ["教工", "员工", "教职工", "机关人员"]),
            option("students", "学生", "Students", ["师生", "在校生"]),
        ]), isFacet: true, columnNames: ["服务对象", "供餐对象", "就餐对象", "开放对象"])

    private static let minimumAge = AttributeDescription(
        key: "minimum_age", name: LocalizedText(zh: "起始年龄", en: "Minimum age"),
        kind: .whole(unit: LocalizedText(zh: "岁", en: "years"), range: 0...120),
        columnNames: ["起始年龄", "年龄要求", "最低年龄"])

    private static let subsidised = AttributeDescription(
        key: "subsidised", name: LocalizedText(zh: "有助餐补贴", en: "Subsidised"), kind: .bool,
        columnNames: ["助餐补贴", "有助餐补贴", "是否补贴", "政府补贴"])

    static let diets = AttributeDescription(
        key: "diets", name: LocalizedText(zh: "饮食照顾", en: "Diets"),
        kind: .manyOf(dietOptions), isFacet: true, columnNames: ["饮食照顾", "特殊饮食", "膳食类型"])

    /// The diets that are looked after, by the canteen and by a dish.
    static let dietOptions = [
        option("halal", "清真", "Halal", ["清真餐"]),
        option("low_sugar", "低糖", "Low sugar", ["无糖", "糖尿病餐", "控糖"]),
        option("low_salt", "低盐", "Low salt", ["少盐", "控盐"]),
        option("soft", "软食", "Soft food", ["软烂", "流食", "半流食", "易嚼"]),
        option("vegetarian", "素食", "Vegetarian", ["素餐", "纯素"]),
    ]

    private static let delivery = AttributeDescription(
        key: "delivery", name: LocalizedText(zh: "送餐上门", en: "Home delivery"), kind: .bool, isFacet: true,
        columnNames: ["送餐上门", "送餐", "是否送餐", "上门送餐"], osmKey: "delivery")

    private static let deliveryNote = AttributeDescription(
        key: "delivery_note", name: LocalizedText(zh: "送餐说明", en: "Delivery note"), kind: .text,
        columnNames: ["送餐说明", "送餐范围", "送餐要求"])

    private static let seats = AttributeDescription(
        key: "seats", name: LocalizedText(zh: "座位数", en: "Seats"),
        kind: .whole(unit: LocalizedText(zh: "座", en: "seats"), range: 0...5_000),
        columnNames: ["座位数", "餐位数", "餐位", "座位"], osmKey: "capacity")

    private static let dailyMeals = AttributeDescription(
        key: "daily_meals", name: LocalizedText(zh: "日供餐量", en: "Meals a day"),
        kind: .whole(unit: LocalizedText(zh: "份", en: "meals"), range: 0...50_000),
        columnNames: ["日供餐量", "供餐能力", "日均供餐"])

    private static let mealsLeft = AttributeDescription(
        key: "meals_left", name: LocalizedText(zh: "剩余份数", en: "Meals left"),
        kind: .whole(unit: LocalizedText(zh: "份", en: "meals"), range: 0...50_000),
        columnNames: ["剩余份数", "余餐", "剩余餐数", "今日剩余"])

    private static let mealsLeftOn = AttributeDescription(
        key: "meals_left_on", name: LocalizedText(zh: "剩余份数日期", en: "Day of the meals left"), kind: .date,
        columnNames: ["剩余份数日期", "余餐日期"])

    private static let elderPrice = AttributeDescription(
        key: "elder_price", name: LocalizedText(zh: "老年人餐价", en: "Price for elders"), kind: .money,
        isFacet: true)

    private static let lowestPrice = AttributeDescription(
        key: "lowest_price", name: LocalizedText(zh: "最低餐价", en: "Lowest price"), kind: .money, isFacet: true)

    private static let forEveryone = AttributeDescription(
        key: "for_everyone", name: LocalizedText(zh: "不限对象", en: "For everyone"), kind: .bool, isFacet: true)

    private static func price(_ key: String, _ zh: String, _ en: String, _ columns: [String])
        -> AttributeDescription
    {
        AttributeDescription(
            key: key, name: LocalizedText(zh: zh, en: en), kind: .money, columnNames: columns)
    }

    static func option(_ key: String, _ zh: String, _ en: String, _ aliases: [String])
        -> AttributeOption
    {
        AttributeOption(key: key, name: LocalizedText(zh: zh, en: en), aliases: aliases)
    }
}
