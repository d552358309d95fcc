internal import DirectoryModel

/// The fields of a place that a table may have a column for, its type's attributes aside.
///
/// The raw value is the word of templates and of `--columns`.
package enum ExportField: String, CaseIterable, Hashable, Sendable {
    /// The directory's own id, by which a row finds its place again.
    case id
    /// The name.
    case name
    /// The English name.
    case nameEnglish = "name_en"
    /// The service type, in words.
    case typeName = "type.name"
    /// The service type's id.
    case typeID = "type.id"
    /// The address.
    case address
    /// Degrees east.
    case longitude = "lon"
    /// Degrees north.
    case latitude = "lat"
    /// What the degrees refer to.
    case datum
    /// The opening times.
    case hours
    /// The service number.
    case phone
    /// The community, in words.
    case communityName = "community.name"
    /// The community's id.
    case communityID = "community.id"
    /// Whether the place still exists.
    case status
    /// The place that it lies in.
    case within
    /// The room that it uses there.
    case room
    /// Who runs it, in words.
    case organisationName = "organisation.name"
    /// The id of who runs it.
    case organisationID = "organisation.id"
    /// Which days of the calendar its opening times follow.
    case calendarPolicy = "calendar_policy"
    /// Whether people can walk in.
    case walkIn = "walk_in"
    /// The key of its row: the id once more.
    ///
    /// Without it a reader takes two rows of one name and address, or of one name without an address, for one that
    /// stands there twice.
    case key

    /// The first columns of a table of places where nobody says otherwise; `datum` joins them where points differ in it,
    /// the attributes follow, and `key` is the last.
    package static let standard: [ExportField] = [
        .id, .name, .nameEnglish, .typeName, .address, .longitude, .latitude, .hours, .phone, .communityName,
    ]

    /// What stands at the head of its column: a word by which a register's reader knows the field, where it reads it.
    package var title: String { facts.title }
    /// Whether a register's reader takes the column back as this field.
    package var isReadBack: Bool { facts.isReadBack }
    /// What is known of it, for the dictionary.
    var facts: FieldFacts { Self.table[self] ?? FieldFacts("", rawValue, false, "", "") }

    private static let table: [ExportField: FieldFacts] = [
        .id: FieldFacts(
            "一刻圈编号", "Quarter's id", true, "编号", "1–128 字节，不含空格和斜杠", isRequired: true, origin: "系统"),
        .name: FieldFacts("名称", "name", true, "文本", "1–200 字", isRequired: true),
        .nameEnglish: FieldFacts("英文名称", "English name", true, "文本", "1–200 字"),
        .typeName: FieldFacts("业态", "service type", true, "单选", "业态名称", isRequired: true),
        .typeID: FieldFacts("业态代号", "service type's id", false, "编号", "业态代号", isRequired: true),
        .address: FieldFacts("地址", "address", true, "文本", "1–500 字"),
        .longitude: FieldFacts("经度", "longitude", true, "数值", "±180", unit: "度"),
        .latitude: FieldFacts("纬度", "latitude", true, "数值", "±90", unit: "度"),
        .datum: FieldFacts(
            "坐标系", "datum", true, "单选", Datum.allCases.map(\.officeWord).joined(separator: "、")),
        .hours: FieldFacts("营业时间", "opening times", true, "营业时间", "1–500 字"),
        .phone: FieldFacts("电话", "service telephone", true, "电话", "服务电话，个人手机号不登记"),
        .communityName: FieldFacts(
            "社区", "community", true, "单选", "社区名称", origin: "台账，或按坐标归属"),
        .communityID: FieldFacts(
            "社区编号", "community's id", false, "编号", "社区编号", origin: "台账，或按坐标归属"),
        .status: FieldFacts(
            "登记状态", "status", false, "单选", PlaceStatus.allCases.map(\.officeWord).joined(separator: "、"),
            origin: "系统"),
        .within: FieldFacts("所在网点编号", "the place that it lies in", false, "编号", "一刻圈编号"),
        .room: FieldFacts("房间", "room", false, "文本", "1–60 字"),
        .organisationName: FieldFacts("运营机构", "organisation", false, "文本", "机构名称"),
        .organisationID: FieldFacts("运营机构编号", "organisation's id", false, "编号", "机构编号"),
        .calendarPolicy: FieldFacts(
            "节假日规则", "calendar policy", false, "单选",
            CalendarPolicy.allCases.map(\.officeWord).joined(separator: "、")),
        .walkIn: FieldFacts("可到店", "walk in", false, "是否", "是、否"),
        .key: FieldFacts(
            "唯一标识", "key of the row", true, "编号", "同一刻圈编号", isRequired: true, origin: "系统"),
    ]
}

/// Who may be given a field.
package enum SharingClass: String, CaseIterable, Hashable, Sendable {
    /// Answered to everybody.
    case open = "公开"
    /// Answered to those who may write.
    case office = "内部"
    /// Somebody's own: never stored, so never exported.
    case personal = "个人信息不登记"
}

/// What is known of a field, once for tables and dictionary.
struct FieldFacts {
    /// What stands at the head of its column; its Chinese name.
    let title: String
    /// Its English name.
    let english: String
    /// Whether a register's reader takes the column back.
    let isReadBack: Bool
    /// What kind of value it is, in words.
    let kind: String
    /// How long it may be, or which values it takes, in words.
    let range: String
    /// Its unit.
    let unit: String
    /// Whether a place cannot be without it.
    let isRequired: Bool
    /// Where it comes from, in words.
    let origin: String

    init(
        _ title: String, _ english: String, _ isReadBack: Bool, _ kind: String, _ range: String,
        unit: String = "", isRequired: Bool = false, origin: String = "台账"
    ) {
        self.title = title
        self.english = english
        self.isReadBack = isReadBack
        self.kind = kind
        self.range = range
        self.unit = unit
        self.isRequired = isRequired
        self.origin = origin
    }
}

extension Datum {
    /// As offices write it, and as registers are read.
    package var officeWord: String {
        switch self {
        case .wgs84: "WGS84"
        case .cgcs2000: "CGCS2000"
        case .gcj02: "GCJ02"
        case .bd09: "BD09"
        }
    }
}

extension PlaceStatus {
    /// For a clerk.
    var officeWord: String {
        switch self {
        case .active: "在用"
        case .closedAtSource: "来源已注销"
        }
    }
}

extension CalendarPolicy {
    /// For a clerk.
    var officeWord: String {
        switch self {
        case .statutory: "按国务院放假安排"
        case .commercial: "照常营业"
        case .announced: "以公告为准"
        }
    }
}
