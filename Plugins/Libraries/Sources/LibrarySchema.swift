import DirectoryModel
import ServiceTypeKit

/// The schema of libraries.
enum LibrarySchema {
    static let library = ServiceTypeDescription(
        id: ServiceTypeID(unchecked: "library"),
        name: LocalizedText(zh: "图书馆(图书室)", en: "Library or reading room"),
        serviceClass: .quality, order: 30, targetMinutes: 15,
        searchWords: ["图书馆", "农家书屋", "图书室", "阅览室", "城市书房", "书屋", "借书", "看书", "读书", "library"],
        attributes: [
            kind, LibraryTimes.reading, LibraryTimes.lending, LibraryTimes.selfService, seats, books,
            flag("lends", "可外借", "Lends books", ["可外借", "外借", "可借阅"], isFacet: true),
            loans, loanDays, card, flag("card_needed", "需办证", "Card needed", ["需办证", "是否需要办证", "需借书证"]),
            deposit,
            flag(
                "self_service_24h", "24小时自助", "24-hour self-service", ["24小时自助", "自助借还", "24小时"],
                isFacet: true),
            flag("children_area", "少儿区", "Children's area", childrenColumns, isFacet: true),
            // The key of version 1, which records and questions still have; kept in step with the one above.
            flag("childrens_area", "少儿区", "Children's area", childrenColumns),
            LibraryEvents.table, activities,
            flag("internet", "可上网", "Internet access", ["可上网", "无线网络", "上网"]),
            flag("free_entry", "免费入馆", "Free entry", ["免费入馆", "免费开放", "是否免费"]),
            flag("public_entry", "居民可入", "Open to residents", ["居民可入", "对外开放", "是否对外开放"], isFacet: true),
            .wheelchair,
        ],
        facets: [
            AttributeDescription(
                key: "has_seats", name: LocalizedText(zh: "有座位", en: "Has seats"), kind: .bool, isFacet: true),
            .stepFree,
        ],
        osmSelectors: [
            OSMSelector(tags: ["amenity": "library"]), OSMSelector(tags: ["amenity": "public_bookcase"]),
            OSMSelector(tags: ["amenity": "community_centre"], nameWords: nameWords),
        ],
        industryCodes: ["8831"], calendarPolicy: .commercial,
        source: "《城市一刻钟便民生活圈典型案例集》；步行15分钟：三年行动计划(2023-2025)")

    private static let childrenColumns = ["少儿区", "儿童区", "少儿阅览区", "亲子阅读区"]

    private static let nameWords = ["图书馆", "农家书屋", "图书室", "阅览室", "城市书房", "智慧书房"]

    static let kind = AttributeDescription(
        key: "kind", name: LocalizedText(zh: "馆室类型", en: "Kind of library"),
        kind: .oneOf([
            option("public_library", "公共图书馆", "Public library", ["图书馆", "区图书馆", "市图书馆", "分馆"]),
            option("reading_room", "社区图书室", "Community reading room", ["图书室", "阅览室", "书屋"]),
            option("farm_bookroom", "农家书屋", "Farm bookroom", ["农村书屋"]),
            option("city_study", "城市书房", "City study", ["智慧书房", "24小时书房"]),
            option("school", "学校图书馆", "School library", ["高校图书馆"]),
            option("bookcase", "公共书架", "Public bookcase", ["漂流书柜", "图书角", "书柜"]),
        ]), isFacet: true, columnNames: ["馆室类型", "类型", "类别"])

    static let activities = AttributeDescription(
        key: "activities", name: LocalizedText(zh: "活动", en: "Activities"),
        kind: .manyOf([
            option("reading_club", "读书会", "Reading club", ["阅读分享", "共读"]),
            option("storytelling", "绘本故事会", "Story time", ["绘本", "故事会", "讲故事"]),
            option("exhibition", "展览", "Exhibitions", ["书画展", "画展"]),
            option("lecture", "讲座", "Lectures", ["公益讲座", "课堂"]),
            option("film", "电影放映", "Films", ["电影", "观影"]),
        ]), isFacet: true, columnNames: ["活动", "常设活动", "活动类型"])

    private static let seats = AttributeDescription(
        key: "seats", name: LocalizedText(zh: "座位数", en: "Seats"),
        kind: .whole(unit: LocalizedText(zh: "座", en: "seats"), range: 0...20_000),
        columnNames: ["座位数", "阅览座位", "座位", "阅览座席"], osmKey: "capacity")

    private static let books = AttributeDescription(
        key: "books", name: LocalizedText(zh: "藏书量", en: "Books"),
        kind: .whole(unit: LocalizedText(zh: "册", en: "volumes"), range: 0...100_000_000),
        columnNames: ["藏书量", "藏书", "图书册数", "藏书册数"])

    private static let loans = AttributeDescription(
        key: "loans", name: LocalizedText(zh: "可借册数", en: "Loans"),
        kind: .whole(unit: LocalizedText(zh: "册", en: "volumes"), range: 0...1_000),
        columnNames: ["可借册数", "每证可借", "借阅册数", "外借册数"])

    private static let loanDays = AttributeDescription(
        key: "loan_days", name: LocalizedText(zh: "借期", en: "Loan period"),
        kind: .whole(unit: LocalizedText(zh: "天", en: "days"), range: 0...365),
        columnNames: ["借期", "借阅天数", "借阅期限"])

    static let card = AttributeDescription(
        key: "card", name: LocalizedText(zh: "借书凭证", en: "Card"),
        kind: .oneOf([
            option("none", "免证", "No card", ["免办证", "无需办证", "不需要证"]),
            option("id", "身份证", "ID card", ["凭身份证", "二代身份证", "社保卡"]),
            option("library", "借书证", "Library card", ["读者证", "借阅证", "办证", "市民卡"]),
            option("credit", "信用免押", "Credit score", ["信用借书", "芝麻信用", "信用借阅"]),
        ]), isFacet: true, columnNames: ["借书凭证", "借阅凭证", "所需证件", "证件"])

    private static let deposit = AttributeDescription(
        key: "deposit", name: LocalizedText(zh: "押金", en: "Deposit"), kind: .money,
        columnNames: ["押金", "借书押金", "办证押金"])

    private static func flag(
        _ key: String, _ zh: String, _ en: String, _ columns: [String], isFacet: Bool = false
    ) -> AttributeDescription {
        AttributeDescription(
            key: key, name: LocalizedText(zh: zh, en: en), kind: .bool, isFacet: isFacet, columnNames: columns
        )
    }

    static func option(_ key: String, _ zh: String, _ en: String, _ aliases: [String])
        -> AttributeOption
    {
        AttributeOption(key: key, name: LocalizedText(zh: zh, en: en), aliases: aliases)
    }
}
