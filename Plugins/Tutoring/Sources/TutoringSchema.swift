import DirectoryModel
import ServiceTypeKit

/// The schema of volunteer tutoring.
///
/// It has no field for a person: neither child, parent nor volunteer.
enum TutoringSchema {
    static let tutoring = ServiceTypeDescription(
        id: ServiceTypeID(unchecked: "volunteer_tutoring"),
        name: LocalizedText(zh: "作业辅导(四点半课堂)", en: "Volunteer homework tutoring"), serviceClass: .quality,
        order: 31,
        targetMinutes: 15,
        searchWords: [
            "四点半课堂", "作业辅导", "课后辅导", "亲子教育", "亲子课堂", "一对一辅导", "高校大学生一对一作业辅导", "写作业", "homework", "tutoring",
        ],
        attributes: [
            kind, subjects, grades, sessions, age("minimum_age", "最小年龄", "Minimum age", ["最低年龄"]),
            age("maximum_age", "最大年龄", "Maximum age", ["最高年龄"]),
            age("age_from", "起始年龄", "Age from", ["起始年龄", "年龄下限"]),
            age("age_until", "截止年龄", "Age until", ["截止年龄", "年龄上限"]), format, capacity, weekdays, terms,
            languages, price,
            guardianConsent, signUp, .wheelchair,
        ],
        facets: [freeOfCharge, .stepFree],
        osmSelectors: ["community_centre", "social_facility", "childcare", "prep_school", "library"].map {
            OSMSelector(tags: ["amenity": $0], nameWords: nameWords)
        }
            + ["youth_centre", "family_centre"].map {
                OSMSelector(
                    tags: ["amenity": "community_centre", "community_centre": $0], nameWords: nameWords)
            },
        industryCodes: ["8399"], calendarPolicy: .statutory,
        source: "《城市一刻钟便民生活圈典型案例集》；步行15分钟：三年行动计划(2023-2025)")

    /// Not 辅导 or 培训 alone: those are commercial schools, another type.
    private static let nameWords = [
        "四点半", "4点半", "作业辅导", "课后辅导", "亲子课堂", "亲子教育", "公益课堂", "爱心课堂", "志愿课堂", "课业辅导",
    ]

    static let kind = AttributeDescription(
        key: "kind", name: LocalizedText(zh: "课堂类型", en: "Kind of class"),
        kind: .oneOf([
            option("homework", "作业辅导", "Homework help", ["四点半课堂", "课后辅导", "课业辅导", "课后服务"]),
            option("parent_child", "亲子课堂", "Parent-child class", ["亲子教育", "亲子活动"]),
            option("interest", "兴趣课堂", "Interest class", ["兴趣班", "公益课堂", "素质课"]),
        ]), isFacet: true, columnNames: ["课堂类型", "类型", "类别"])

    static let subjectOptions = [
        option("homework", "作业辅导", "Homework", ["作业", "写作业", "课业辅导", "课业"]),
        option("chinese", "语文", "Chinese", ["作文", "国语"]), option("maths", "数学", "Maths", ["算术", "奥数"]),
        option("english", "英语", "English", ["外语"]), option("science", "科学", "Science", ["科普", "自然"]),
        option("physics", "物理", "Physics", []), option("chemistry", "化学", "Chemistry", []),
        option("reading", "阅读", "Reading", ["绘本", "读书"]), option("art", "美术", "Art", ["绘画", "画画", "手工"]),
        option("calligraphy", "书法", "Calligraphy", ["毛笔字", "硬笔"]),
        option("music", "音乐", "Music", ["合唱", "声乐"]),
        option("sport", "体育", "Sport", ["跳绳", "篮球", "乒乓球"]),
        option("chess", "棋类", "Chess", ["围棋", "象棋"]),
        option("programming", "编程", "Programming", ["机器人"]),
    ]

    static let subjects = AttributeDescription(
        key: "subjects", name: LocalizedText(zh: "科目", en: "Subjects"), kind: .manyOf(subjectOptions),
        isFacet: true, columnNames: ["科目", "辅导科目", "课程"])

    static let gradeOptions =
        [option("preschool", "学前", "Preschool", ["幼儿园", "幼儿"])]
        + zip(["一", "二", "三", "四", "五", "六"], 1...6).map { primary($0, $1) }
        + [
            option("grade_7", "初一", "Grade 7", ["七年级", "7年级"]),
            option("grade_8", "初二", "Grade 8", ["八年级", "8年级"]),
            option("grade_9", "初三", "Grade 9", ["九年级", "9年级"]),
            option("senior", "高中", "Senior school", ["高一", "高二", "高三"]),
        ]

    static let grades = AttributeDescription(
        key: "grades", name: LocalizedText(zh: "年级", en: "Grades"), kind: .manyOf(gradeOptions),
        isFacet: true, columnNames: ["年级", "辅导年级", "招收年级", "适合年级"])

    static let format = AttributeDescription(
        key: "format", name: LocalizedText(zh: "形式", en: "Format"),
        kind: .oneOf([
            option("one_to_one", "一对一", "One to one", ["1对1", "一对一辅导", "1v1"]),
            option("group", "小组", "Small group", ["小组辅导", "小班"]),
            option("class", "班课", "Class", ["集体", "大班", "班级", "集中辅导"]),
        ]), isFacet: true, columnNames: ["形式", "辅导形式", "授课形式"])

    private static let capacity = AttributeDescription(
        key: "capacity", name: LocalizedText(zh: "每场人数", en: "Children a session"),
        kind: .whole(unit: LocalizedText(zh: "人", en: "children"), range: 0...500),
        columnNames: ["每场人数", "容量", "名额", "人数上限"], osmKey: "capacity")

    static let weekdays = AttributeDescription(
        key: "weekdays", name: LocalizedText(zh: "上课日", en: "Days"),
        kind: .manyOf([
            day("monday", "一", "Monday"), day("tuesday", "二", "Tuesday"), day("wednesday", "三", "Wednesday"),
            day("thursday", "四", "Thursday"), day("friday", "五", "Friday"), day("saturday", "六", "Saturday"),
            day("sunday", "日", "Sunday", ["周天", "星期天", "礼拜天"]),
        ]), isFacet: true, columnNames: ["上课日", "上课星期", "开课日"])

    private static let terms = AttributeDescription(
        key: "terms", name: LocalizedText(zh: "时段", en: "Terms"),
        kind: .manyOf([
            option("term", "学期中", "Term time", ["学期", "上学期间", "平时"]),
            option("winter", "寒假", "Winter holiday", ["寒假班"]),
            option("summer", "暑假", "Summer holiday", ["暑假班", "暑期"]),
        ]), isFacet: true, columnNames: ["时段", "开课学期", "开班时段"])

    static let languageOptions = [
        option("mandarin", "普通话", "Mandarin", ["国语"]), option("english", "英语", "English", ["英文"]),
        option("sign", "手语", "Sign language", []),
    ]

    private static let languages = AttributeDescription(
        key: "languages", name: LocalizedText(zh: "语言", en: "Languages"), kind: .manyOf(languageOptions),
        columnNames: ["语言", "授课语言"])

    private static let price = AttributeDescription(
        key: "price", name: LocalizedText(zh: "每场收费", en: "Price a session"), kind: .money,
        columnNames: ["每场收费", "收费", "费用", "收费标准"])

    private static let guardianConsent = AttributeDescription(
        key: "guardian_consent_required",
        name: LocalizedText(zh: "需监护人同意", en: "Guardian's consent required"),
        kind: .bool, isRequired: true, columnNames: ["需监护人同意", "监护人同意", "家长同意"])

    private static let signUp = AttributeDescription(
        key: "sign_up", name: LocalizedText(zh: "报名方式", en: "How to sign up"), kind: .text,
        columnNames: ["报名方式", "报名"])

    private static let freeOfCharge = AttributeDescription(
        key: "free", name: LocalizedText(zh: "免费", en: "Free of charge"), kind: .bool, isFacet: true)

    private static func day(
        _ key: String, _ numeral: String, _ en: String, _ more: [String] = []
    ) -> AttributeOption {
        option(key, "周" + numeral, en, ["星期" + numeral, "礼拜" + numeral, String(en.prefix(3))] + more)
    }

    private static func primary(_ numeral: String, _ number: Int) -> AttributeOption {
        option(
            "grade_\(number)", numeral + "年级", "Grade \(number)",
            ["\(number)年级", "小" + numeral, "小学" + numeral + "年级"])
    }

    private static func age(_ key: String, _ zh: String, _ en: String, _ columns: [String])
        -> AttributeDescription
    {
        AttributeDescription(
            key: key, name: LocalizedText(zh: zh, en: en),
            kind: .whole(unit: LocalizedText(zh: "岁", en: "years"), range: 0...18), columnNames: columns)
    }

    static func option(_ key: String, _ zh: String, _ en: String, _ aliases: [String])
        -> AttributeOption
    {
        AttributeOption(key: key, name: LocalizedText(zh: zh, en: en), aliases: aliases)
    }
}
