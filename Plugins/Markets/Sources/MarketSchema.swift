import DirectoryModel
import ServiceTypeKit

/// The schema of wet markets.
enum MarketSchema {
    static let wetMarket = ServiceTypeDescription(
        id: ServiceTypeID(unchecked: "wet_market"),
        name: LocalizedText(zh: "菜市场", en: "Farmers (wet) market"),
        serviceClass: .basic, order: 3, targetMinutes: 10,
        searchWords: ["农贸市场", "集贸市场", "邻里生鲜市场", "菜场", "买菜", "早市", "一菜", "market"],
        attributes: [
            kind, goods, stallCount, MarketTables.stalls, zones, indoor, fairScale, morningPeak, wasteSorting,
            wasteRule, MarketTables.notices, .wheelchair,
        ],
        facets: [goodsCount, stallsListed, .stepFree],
        osmSelectors: [OSMSelector(tags: ["amenity": "marketplace"])]
            + ["mall", "market", "yes"].map { OSMSelector(tags: ["shop": $0], nameWords: nameWords) },
        industryCodes: ["7223", "5221", "5223", "5224"], calendarPolicy: .commercial,
        source: "商办流通函〔2021〕247号《城市一刻钟便民生活圈建设指南》；步行10分钟：三年行动计划(2023-2025)")

    /// Not on shop=supermarket or shop=greengrocer: a shop named after the market beside it is no market.
    private static let nameWords = ["菜市场", "菜场", "农贸市场", "集贸市场", "农副产品市场"]

    static let kind = AttributeDescription(
        key: "kind", name: LocalizedText(zh: "市场类型", en: "Kind of market"),
        kind: .oneOf([
            option("food", "农贸市场", "Food market", ["菜市场", "菜场", "集贸市场", "生鲜市场"]),
            option("morning", "早市", "Morning market", ["晨市", "早集"]),
            option("night", "夜市", "Night market", ["晚市"]),
            option("other", "其他专业市场", "Market of other goods", ["专业市场", "非食品市场", "其他"]),
        ]), isFacet: true, columnNames: ["市场类型", "市场类别"])

    static let goods = AttributeDescription(
        key: "goods", name: LocalizedText(zh: "经营品类", en: "Goods"), kind: .manyOf(goodsOptions),
        isFacet: true, columnNames: ["经营品类", "经营范围", "主营", "商品种类", "品类"])

    /// What is sold, by the market and by each of its stalls.
    static let goodsOptions = [
        option("vegetables", "蔬菜", "Vegetables", ["青菜", "鲜菜", "素菜", "时蔬", "菌菇"]),
        option("fruit", "水果", "Fruit", ["果品", "鲜果", "瓜果"]),
        option("meat", "肉类", "Meat", ["肉", "猪肉", "牛羊肉", "牛肉", "羊肉", "鲜肉"]),
        option("poultry_eggs", "禽蛋", "Poultry and eggs", ["家禽", "鸡鸭", "鸡蛋", "蛋", "光禽", "活禽"]),
        option("seafood", "水产", "Fish and seafood", ["水产品", "海鲜", "鱼", "鱼虾", "河鲜", "虾蟹"]),
        option("soy", "豆制品", "Soy products", ["豆腐", "豆品", "豆干"]),
        option("grain_oil", "粮油", "Grain and oil", ["米面", "粮食", "食用油", "米面粮油"]),
        option("cooked", "卤菜", "Cooked and braised food", ["熟食", "卤味", "熟菜", "卤制品", "盐水鸭", "凉菜"]),
        option("semi_finished", "半成品菜", "Semi-finished dishes", ["净菜", "预制菜", "半成品", "配菜"]),
        option("snacks", "小吃", "Snacks", ["点心", "早点", "早餐", "面点", "主食", "面条", "馒头"]),
        option("dried", "干货调料", "Dried goods and spices", ["干货", "调料", "调味品", "南北货", "炒货"]),
        option("frozen", "冷冻食品", "Frozen food", ["冷冻", "冻品", "速冻", "冻货"]),
        option("flowers", "鲜花", "Flowers", ["花卉", "绿植", "花草"]),
        option("halal", "清真食品", "Halal food", ["清真"]),
        option("household", "日用杂货", "Household goods", ["日用", "日用品", "日杂", "百货", "杂货"]),
    ]

    static let stallCount = AttributeDescription(
        key: "stall_count", name: LocalizedText(zh: "摊位数", en: "Stalls"),
        kind: .whole(unit: LocalizedText(zh: "个", en: "stalls"), range: 0...5_000),
        columnNames: ["摊位数", "摊位数量", "摊位", "固定摊位"])

    static let zones = AttributeDescription(
        key: "zones", name: LocalizedText(zh: "分区", en: "Zones"), kind: .text,
        columnNames: ["分区", "功能分区", "楼层分区"])

    static let indoor = AttributeDescription(
        key: "indoor", name: LocalizedText(zh: "室内", en: "Indoor"), kind: .bool, isFacet: true,
        columnNames: ["室内", "是否室内", "室内市场"])

    static let fairScale = AttributeDescription(
        key: "fair_scale", name: LocalizedText(zh: "公平秤", en: "Public check scale"), kind: .bool,
        columnNames: ["公平秤", "复秤点", "公平秤设置"])

    static let wasteSorting = AttributeDescription(
        key: "waste_sorting", name: LocalizedText(zh: "垃圾分类", en: "Waste sorting"), kind: .bool,
        columnNames: ["垃圾分类", "垃圾分类投放点"])

    private static let morningPeak = AttributeDescription(
        key: "morning_peak", name: LocalizedText(zh: "早高峰", en: "Morning peak"), kind: .schedule,
        columnNames: ["早高峰", "早高峰时段", "高峰时段"])

    private static let wasteRule = AttributeDescription(
        key: "waste_rule", name: LocalizedText(zh: "垃圾分类要求", en: "Waste-sorting rule"), kind: .text,
        columnNames: ["垃圾分类要求", "垃圾投放要求", "厨余投放"])

    private static let stallsListed = AttributeDescription(
        key: "stalls_listed", name: LocalizedText(zh: "登记摊位数", en: "Stalls listed"),
        kind: .whole(unit: LocalizedText(zh: "个", en: "stalls"), range: 0...RowSchema.maximumRowLimit))

    private static let goodsCount = AttributeDescription(
        key: "goods_count", name: LocalizedText(zh: "品类数", en: "Kinds of goods"),
        kind: .whole(unit: LocalizedText(zh: "类", en: "kinds"), range: 0...100))

    private static func option(_ key: String, _ zh: String, _ en: String, _ aliases: [String])
        -> AttributeOption
    {
        AttributeOption(key: key, name: LocalizedText(zh: zh, en: en), aliases: aliases)
    }
}
