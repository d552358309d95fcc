import DirectoryModel
import ServiceTypeKit

extension ElderCareSchema {
    /// The table of services: each at the station, at home or both, with its price and for whom.
    static let offers = AttributeDescription(
        key: "offers", name: LocalizedText(zh: "服务价目表", en: "Services and prices"),
        kind: .rows(
            RowSchema(
                columns: [service, location, price, unit, offerMinimumAge, eligibility, offerHours],
                rowName: LocalizedText(zh: "服务", en: "service"), hoursColumn: "hours", maximumRows: 200)),
        columnNames: ["服务价目表", "服务清单", "服务价格表", "收费项目"])

    private static let service = AttributeDescription(
        key: "service", name: LocalizedText(zh: "服务", en: "Service"), kind: .oneOf(serviceOptions),
        isRequired: true, columnNames: ["服务名称", "服务项目", "项目"])

    private static let location = AttributeDescription(
        key: "where", name: LocalizedText(zh: "方式", en: "Where"),
        kind: .manyOf([
            option("station", "站内", "At the station", ["到站", "在站", "到店", "机构内", "中心内"]),
            option("home", "上门", "At home", ["居家", "入户", "到家", "家中"]),
        ]), columnNames: ["服务方式", "站内或上门", "地点"])

    private static let price = AttributeDescription(
        key: "price", name: LocalizedText(zh: "价格", en: "Price"), kind: .money,
        columnNames: ["收费", "收费标准", "单价"])

    private static let unit = AttributeDescription(
        key: "unit", name: LocalizedText(zh: "计价单位", en: "Price for"),
        kind: .oneOf([
            option("once", "次", "once", ["每次", "元/次", "份", "元/份"]),
            option("hour", "小时", "an hour", ["每小时", "元/小时", "时", "钟头"]),
            option("day", "天", "a day", ["每天", "每日", "日", "元/天", "元/日"]),
            option("month", "月", "a month", ["每月", "元/月", "包月"]),
        ]), columnNames: ["单位", "计费单位"])

    private static let offerMinimumAge = AttributeDescription(
        key: "minimum_age", name: LocalizedText(zh: "起始年龄", en: "Minimum age"),
        kind: .whole(unit: LocalizedText(zh: "岁", en: "years"), range: 0...120),
        columnNames: ["年龄要求", "最低年龄"])

    private static let eligibility = AttributeDescription(
        key: "eligibility", name: LocalizedText(zh: "服务对象", en: "For whom"), kind: .text,
        columnNames: ["对象", "申请条件"])

    private static let offerHours = AttributeDescription(
        key: "hours", name: LocalizedText(zh: "服务时间", en: "Service hours"), kind: .schedule,
        columnNames: ["开放时间", "时间"])
}
