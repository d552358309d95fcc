import DirectoryModel
import ServiceTypeKit

/// The tables of a wet market: its stalls and its notices.
enum MarketTables {
    static let stalls = AttributeDescription(
        key: "stalls", name: LocalizedText(zh: "摊位表", en: "Stall list"),
        kind: .rows(
            RowSchema(
                columns: [
                    text("number", "摊位号", "Stall number", ["摊位号", "摊位编号", "铺位号", "档口号"]),
                    text("zone", "分区", "Zone", ["分区", "区域", "所在区域"]),
                    text("name", "字号", "Trade name", ["字号", "店名", "招牌", "摊位名称"]),
                    AttributeDescription(
                        key: "goods", name: LocalizedText(zh: "经营品种", en: "Goods"),
                        kind: .manyOf(MarketSchema.goodsOptions), isRequired: true,
                        columnNames: ["经营品种", "经营品类", "经营范围", "主营"]),
                    AttributeDescription(
                        key: "hours", name: LocalizedText(zh: "营业时间", en: "Opening times"), kind: .schedule,
                        columnNames: ["营业时间", "出摊时间", "经营时间"]),
                ],
                rowName: LocalizedText(zh: "摊位", en: "stall"), hoursColumn: "hours",
                maximumRows: RowSchema.maximumRowLimit)),
        columnNames: ["摊位表", "摊位明细", "摊位名录"])

    static let notices = AttributeDescription(
        key: "notices", name: LocalizedText(zh: "公告", en: "Notices"),
        kind: .rows(
            RowSchema(
                columns: [
                    AttributeDescription(
                        key: "text", name: LocalizedText(zh: "内容", en: "Text"), kind: .text, isRequired: true,
                        columnNames: ["公告内容", "通知"]),
                    day("from", "开始日期", "From", ["起始日期", "开始"]),
                    day("until", "结束日期", "Until", ["截止日期", "结束", "至"]),
                ],
                rowName: LocalizedText(zh: "公告", en: "notice"), maximumRows: 50)),
        columnNames: ["公告", "市场公告", "通知公告"])

    private static func text(_ key: String, _ zh: String, _ en: String, _ columns: [String])
        -> AttributeDescription
    {
        AttributeDescription(
            key: key, name: LocalizedText(zh: zh, en: en), kind: .text, columnNames: columns)
    }

    private static func day(_ key: String, _ zh: String, _ en: String, _ columns: [String])
        -> AttributeDescription
    {
        AttributeDescription(
            key: key, name: LocalizedText(zh: zh, en: en), kind: .date, columnNames: columns)
    }
}
