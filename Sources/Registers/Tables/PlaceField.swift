internal import DirectoryModel

/// The fields of a place that a column of a register may be read as, its type's attributes aside.
enum PlaceField: String, CaseIterable, Hashable {
    /// The directory's own id of a place, as answer files state it.
    case id
    /// The source's own key.
    case key
    case name
    case nameEnglish = "name_en"
    case type
    case address
    /// Both numbers in one cell.
    case point
    case latitude = "lat"
    case longitude = "lon"
    case datum
    case hours
    case phone
    case community
    case creditCode = "credit_code"
    /// Who runs the place, by name.
    case organisation

    /// How offices head the column, the most telling first.
    var headers: [String] {
        switch self {
        case .id: [AnswerColumn.id.header, "quarter_id"]
        case .key:
            ["编号", "网点编号", "店铺编号", "机构编号", "单位编号", "登记编号", "备案编号", "许可证编号", "唯一标识", "主键", "key", "code"]
        case .name:
            [
                "名称", "网点名称", "店铺名称", "店名", "门店名称", "商户名称", "机构名称", "单位名称", "市场名称", "食堂名称", "餐厅名称",
                "图书馆名称", "站点名称", "服务站名称", "场所名称", "设施名称", "企业名称", "项目名称", "字号名称", "招牌名称", "点位名称",
                "网点", "店铺", "name",
            ]
        case .nameEnglish: ["英文名称", "英文名", "name_en", "name:en"]
        case .type: ["业态", "类型", "类别", "网点类型", "店铺类型", "设施类型", "机构类型", "服务类型", "经营类别", "业态类型", "type"]
        case .address:
            ["地址", "详细地址", "经营地址", "店铺地址", "所在地址", "单位地址", "机构地址", "门牌地址", "位置", "地点", "住所", "address"]
        case .point: ["坐标", "经纬度", "地理坐标", "位置坐标", "坐标位置", "gps", "gps坐标"]
        case .latitude: ["纬度", "北纬", "纬度坐标", "坐标纬度", "坐标y", "y坐标", "lat", "latitude", "gps纬度"]
        case .longitude: ["经度", "东经", "经度坐标", "坐标经度", "坐标x", "x坐标", "lon", "lng", "longitude", "gps经度"]
        case .datum: ["坐标系", "坐标系统", "坐标系类型", "坐标基准", "坐标来源", "datum"]
        case .hours: ["营业时间", "开放时间", "服务时间", "经营时间", "开门时间", "开馆时间", "供餐时间", "hours", "opening_hours"]
        case .phone: ["联系电话", "电话", "服务电话", "咨询电话", "固定电话", "座机", "电话号码", "联系方式", "手机", "手机号", "phone"]
        case .community: ["社区", "所属社区", "所在社区", "社区名称", "社区代码", "社区编码", "居委会", "所属居委会", "community"]
        case .creditCode:
            ["统一社会信用代码", "社会信用代码", "信用代码", "统一信用代码", "统一社会信用代码证号", "营业执照号", "credit_code"]
        // Not "organisation": an export has an id under that name.
        case .organisation: ["运营单位", "主办单位", "举办单位", "所属单位"]
        }
    }

    /// The name by which a report calls it.
    var name: LocalizedText {
        switch self {
        case .id: LocalizedText(zh: "一刻圈编号", en: "Quarter's id")
        case .key: LocalizedText(zh: "来源编号", en: "source's key")
        case .name: LocalizedText(zh: "名称", en: "name")
        case .nameEnglish: LocalizedText(zh: "英文名称", en: "English name")
        case .type: LocalizedText(zh: "业态", en: "service type")
        case .address: LocalizedText(zh: "地址", en: "address")
        case .point: LocalizedText(zh: "坐标", en: "coordinates")
        case .latitude: LocalizedText(zh: "纬度", en: "latitude")
        case .longitude: LocalizedText(zh: "经度", en: "longitude")
        case .datum: LocalizedText(zh: "坐标系", en: "datum")
        case .hours: LocalizedText(zh: "营业时间", en: "opening times")
        case .phone: LocalizedText(zh: "电话", en: "telephone")
        case .community: LocalizedText(zh: "社区", en: "community")
        case .creditCode: LocalizedText(zh: "统一社会信用代码", en: "credit code")
        case .organisation: LocalizedText(zh: "运营单位", en: "organisation")
        }
    }

    /// Whether a type may have an attribute of its own under such a header.
    var mayBeAttribute: Bool {
        switch self {
        case .hours, .type, .key, .community, .organisation: true
        case .id, .name, .nameEnglish, .address, .point, .latitude, .longitude, .datum, .phone, .creditCode:
            false
        }
    }

    /// A header that names the place, or whoever runs it where another column names the place.
    static let eitherName = "单位名称"

    /// The field that a header names, and how early among the field's headers it stands; nil for another column.
    static func named(_ header: String) -> (field: PlaceField, rank: Int)? { byHeader[folded(header)] }

    private static let byHeader: [String: (field: PlaceField, rank: Int)] = {
        var all: [String: (field: PlaceField, rank: Int)] = [:]
        for field in allCases {
            for (rank, header) in field.headers.enumerated() where all[folded(header)] == nil {
                all[folded(header)] = (field, rank)
            }
        }
        return all
    }()

    /// A header without case, width, blanks, stars, colons and what stands in brackets at its end.
    static func folded(_ header: String) -> String {
        var text = header.foldedWidth.lowercased().filter { !$0.isWhitespace && $0 != "*" && $0 != ":" }
        if text.hasSuffix(")"), let bracket = text.firstIndex(of: "("), bracket != text.startIndex {
            text = String(text[..<bracket])
        }
        return text
    }
}

/// The columns that an answer file has besides the register's own; they are not read when it is sent again, but for
/// the id.
enum AnswerColumn: CaseIterable {
    case outcome
    case id
    case problem

    /// What stands at its head.
    var header: String {
        switch self {
        case .outcome: "一刻圈结果"
        case .id: "一刻圈编号"
        case .problem: "一刻圈问题"
        }
    }

    static let headers = Set(allCases.map(\.header))
}

extension String {
    /// With full-width letters, digits and marks as their plain ones.
    var foldedWidth: String {
        guard
            unicodeScalars.contains(where: {
                $0.value >= 0x3000 && ($0.value == 0x3000 || $0.value >= 0xFF01)
            })
        else {
            return self
        }
        var scalars = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            switch scalar.value {
            case 0x3000: scalars.append(" ")
            case 0xFF01...0xFF5E: scalars.append(Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar)
            default: scalars.append(scalar)
            }
        }
        return String(scalars)
    }
}
