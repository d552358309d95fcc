import ServiceTypeKit

/// What names and columns say.
enum TutoringNames {
    static func kind(of name: String) -> String? {
        if name.contains("亲子") { return "parent_child" }
        return name.contains(anyOf: ["四点半", "4点半", "作业", "课后辅导", "课业"]) ? "homework" : nil
    }

    /// Words of columns that are about a person.
    static let personal = [
        "学生姓名", "孩子姓名", "儿童姓名", "家长姓名", "家长电话", "监护人姓名", "监护人电话", "志愿者姓名", "志愿者电话", "老师电话", "身份证",
    ]

    /// Words of a header in the table of sessions that is about a person: sessions have neither names nor phones.
    static let personalInTable = ["姓名", "电话", "手机", "身份证", "联系人", "名单", "志愿者", "监护人"]
}
