import DirectoryModel
import ServiceTypeKit

/// The tables of a canteen: the times of its sittings, its prices and its menu.
enum CanteenTables {
    static let sittingTimes = AttributeDescription(
        key: "sitting_times", name: LocalizedText(zh: "供餐时间", en: "Sitting times"),
        kind: .rows(
            RowSchema(
                columns: [
                    sitting(isRequired: true),
                    AttributeDescription(
                        key: "hours", name: LocalizedText(zh: "时间", en: "Times"), kind: .schedule,
                        isRequired: true, columnNames: ["供餐时间", "开餐时间", "用餐时间"]),
                ],
                rowName: LocalizedText(zh: "餐次", en: "sitting"), hoursColumn: "hours", maximumRows: 50)),
        columnNames: ["供餐时间", "餐次时间", "开餐时间", "各餐时间"])

    static let prices = AttributeDescription(
        key: "prices", name: LocalizedText(zh: "餐价表", en: "Prices"),
        kind: .rows(
            RowSchema(
                columns: [
                    sitting(), age("from_age", "起始年龄", "From age", ["起", "年龄起", "最低年龄"]),
                    age("to_age", "截止年龄", "To age", ["止", "年龄止", "最高年龄"]),
                    AttributeDescription(
                        key: "group", name: LocalizedText(zh: "对象", en: "For"), kind: .oneOf(groups),
                        columnNames: ["对象", "人群", "服务对象"]),
                    money("price", "餐价", "Price", ["餐价", "自付", "个人支付", "价格"], isRequired: true),
                    money("subsidy", "补贴", "Subsidy", ["补贴", "政府补贴", "补助"]),
                ],
                rowName: LocalizedText(zh: "餐价", en: "price"), maximumRows: 200)),
        columnNames: ["餐价表", "收费标准", "餐费标准", "分档餐价"])

    static let menu = AttributeDescription(
        key: "menu", name: LocalizedText(zh: "菜单", en: "Menu"),
        kind: .rows(
            RowSchema(
                columns: [
                    AttributeDescription(
                        key: "dish", name: LocalizedText(zh: "菜名", en: "Dish"), kind: .text, isRequired: true,
                        columnNames: ["菜名", "菜品", "品名"]),
                    sitting(),
                    AttributeDescription(
                        key: "days", name: LocalizedText(zh: "星期", en: "Days"), kind: .manyOf(days),
                        columnNames: ["星期", "供应日", "周几"]),
                    AttributeDescription(
                        key: "date", name: LocalizedText(zh: "日期", en: "Date"), kind: .date,
                        columnNames: ["日期", "供应日期"]),
                    AttributeDescription(
                        key: "kind", name: LocalizedText(zh: "类别", en: "Kind"), kind: .oneOf(dishKinds),
                        columnNames: ["类别", "菜类", "种类"]),
                    money("price", "单价", "Price", ["单价", "价格"]),
                    AttributeDescription(
                        key: "diets", name: LocalizedText(zh: "饮食照顾", en: "Diets"),
                        kind: .manyOf(CanteenSchema.dietOptions), columnNames: ["饮食照顾", "特殊饮食"]),
                ],
                rowName: LocalizedText(zh: "菜品", en: "dish"))),
        columnNames: ["菜单", "菜谱", "一周菜单", "今日菜单"])

    /// The keys of the days from Monday, as `menu` has them.
    static let dayKeys = days.map(\.key)

    private static let groups = [
        CanteenSchema.option("everyone", "所有人", "Everyone", ["不限", "居民", "所有居民", "普通", "社会", "公众"]),
        CanteenSchema.option("elders", "老年人", "Elders", ["老人", "长者", "高龄老人"]),
        CanteenSchema.option(
            "low_income", "低保特困", "People on low income", ["低保", "特困", "困难群众", "低保户", "低收入"]),
        CanteenSchema.option("disabled", "残疾人", "People with disabilities", ["残障人士", "残疾"]),
        CanteenSchema.option("staff", "职工", "Staff", ["员工", "工作人员", "社工"]),
    ]

    private static let days = [
        ("mon", "一", "Monday"), ("tue", "二", "Tuesday"), ("wed", "三", "Wednesday"), ("thu", "四", "Thursday"),
        ("fri", "五", "Friday"), ("sat", "六", "Saturday"), ("sun", "日", "Sunday"),
    ].map { key, zh, en in
        CanteenSchema.option(
            key, "周" + zh, en,
            ["星期" + zh, "礼拜" + zh, zh] + (key == "sun" ? ["周天", "星期天", "礼拜天"] : []))
    }

    private static let dishKinds = [
        CanteenSchema.option("staple", "主食", "Staple", ["米饭", "面食"]),
        CanteenSchema.option("meat", "荤菜", "Meat dish", ["荤", "大荤", "小荤"]),
        CanteenSchema.option("vegetable", "素菜", "Vegetable dish", ["素", "蔬菜"]),
        CanteenSchema.option("soup", "汤", "Soup", ["汤羹", "汤类", "例汤"]),
        CanteenSchema.option("breakfast", "早点", "Breakfast dish", ["早餐", "点心"]),
        CanteenSchema.option("other", "其他", "Other", ["其它", "水果", "饮品"]),
    ]

    private static func sitting(isRequired: Bool = false) -> AttributeDescription {
        AttributeDescription(
            key: "sitting", name: LocalizedText(zh: "餐次", en: "Sitting"),
            kind: .oneOf(CanteenSchema.sittingOptions), isRequired: isRequired, columnNames: ["餐次", "餐别"])
    }

    private static func age(_ key: String, _ zh: String, _ en: String, _ columns: [String])
        -> AttributeDescription
    {
        AttributeDescription(
            key: key, name: LocalizedText(zh: zh, en: en),
            kind: .whole(unit: LocalizedText(zh: "岁", en: "years"), range: Ages.all), columnNames: columns)
    }

    private static func money(
        _ key: String, _ zh: String, _ en: String, _ columns: [String], isRequired: Bool = false
    ) -> AttributeDescription {
        AttributeDescription(
            key: key, name: LocalizedText(zh: zh, en: en), kind: .money, isRequired: isRequired,
            columnNames: columns)
    }
}

/// Ages of those who eat, in years.
enum Ages {
    static let all = 0...120
    /// Who is an elder.
    ///
    /// Law on the protection of the rights and interests of the elderly, article 2.
    static let elder = 60
    /// Whose price the facet `elder_price` is.
    ///
    /// Chosen, not measured: the age from which most cities pay the highest meal subsidy.
    static let asked = 80
}
