import DirectoryModel
import ServiceTypeKit

extension TutoringSchema {
    /// The table of sessions: each with its weekly times over a term.
    ///
    /// No column is about a person.
    static let sessions = AttributeDescription(
        key: "sessions", name: LocalizedText(zh: "场次表", en: "Sessions"),
        kind: .rows(
            RowSchema(
                columns: [
                    subject, sessionGrades, sessionFormat, sessionCapacity, placesLeft, times, firstDay,
                    lastDay, language, sessionPrice,
                ],
                rowName: LocalizedText(zh: "场次", en: "session"), hoursColumn: "times", maximumRows: 200)),
        columnNames: ["场次表", "课程表", "排课表", "开课安排"])

    private static let subject = AttributeDescription(
        key: "subject", name: LocalizedText(zh: "科目", en: "Subject"), kind: .oneOf(subjectOptions),
        columnNames: ["辅导科目", "课程", "内容"])

    private static let sessionGrades = AttributeDescription(
        key: "grades", name: LocalizedText(zh: "年级", en: "Grades"), kind: .manyOf(gradeOptions),
        columnNames: ["辅导年级", "招收年级", "适合年级"])

    private static let sessionFormat = AttributeDescription(
        key: "format", name: LocalizedText(zh: "形式", en: "Format"),
        kind: .oneOf([
            option("one_to_one", "一对一", "One to one", ["1对1", "一对一辅导", "1v1"]),
            option(
                "class", "班课", "Class", ["集体", "大班", "班级", "集中辅导", "小班", "小组", "小组辅导", "group"]),
        ]), columnNames: ["辅导形式", "授课形式"])

    private static let sessionCapacity = AttributeDescription(
        key: "capacity", name: LocalizedText(zh: "人数", en: "Capacity"),
        kind: .whole(unit: LocalizedText(zh: "人", en: "children"), range: 0...500),
        columnNames: ["每场人数", "容量", "名额", "人数上限"])

    private static let placesLeft = AttributeDescription(
        key: "places_left", name: LocalizedText(zh: "剩余名额", en: "Places left"),
        kind: .whole(unit: LocalizedText(zh: "个", en: "places"), range: 0...500),
        columnNames: ["余位", "余额", "剩余", "空余名额"])

    private static let times = AttributeDescription(
        key: "times", name: LocalizedText(zh: "时间", en: "Times"), kind: .schedule, isRequired: true,
        columnNames: ["上课时间", "开课时间", "辅导时间"])

    private static let firstDay = AttributeDescription(
        key: "first_day", name: LocalizedText(zh: "开始日期", en: "First day"), kind: .date,
        columnNames: ["开课日期", "首次", "起始日期"])

    private static let lastDay = AttributeDescription(
        key: "last_day", name: LocalizedText(zh: "结束日期", en: "Last day"), kind: .date,
        columnNames: ["结课日期", "末次", "截止日期"])

    private static let language = AttributeDescription(
        key: "language", name: LocalizedText(zh: "语言", en: "Language"), kind: .oneOf(languageOptions),
        columnNames: ["授课语言"])

    private static let sessionPrice = AttributeDescription(
        key: "price", name: LocalizedText(zh: "收费", en: "Price"), kind: .money,
        columnNames: ["价格", "每场收费", "费用"])
}
