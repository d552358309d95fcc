/// The headers that a register's reader takes for a field of the place, or passes over: none of them may stand over an
/// attribute.
///
/// Registers has the same list, which Exports does not see; a test compares the two.
package enum ReaderWords {
    /// The words, as they are written.
    package static let all: Set<String> = [
        "一刻圈编号", "quarter_id", "一刻圈结果", "一刻圈问题", "编号", "网点编号", "店铺编号", "机构编号", "单位编号", "登记编号", "备案编号",
        "许可证编号",
        "唯一标识", "主键", "key", "code", "名称", "网点名称", "店铺名称", "店名", "门店名称", "商户名称", "机构名称", "单位名称", "运营单位",
        "主办单位", "举办单位",
        "所属单位",
        "市场名称", "食堂名称", "餐厅名称", "图书馆名称", "站点名称", "服务站名称", "场所名称", "设施名称", "企业名称", "项目名称", "字号名称",
        "招牌名称", "点位名称", "网点", "店铺", "name", "英文名称", "英文名", "name_en", "name:en", "业态", "类型", "类别",
        "网点类型", "店铺类型", "设施类型", "机构类型", "服务类型", "经营类别", "业态类型", "type", "地址", "详细地址", "经营地址", "店铺地址",
        "所在地址", "单位地址", "机构地址", "门牌地址", "位置", "地点", "住所", "address", "坐标", "经纬度", "地理坐标", "位置坐标",
        "坐标位置", "gps", "gps坐标", "纬度", "北纬", "纬度坐标", "坐标纬度", "坐标y", "y坐标", "lat", "latitude", "gps纬度",
        "经度", "东经", "经度坐标", "坐标经度", "坐标x", "x坐标", "lon", "lng", "longitude", "gps经度", "坐标系", "坐标系统",
        "坐标系类型", "坐标基准", "坐标来源", "datum", "营业时间", "开放时间", "服务时间", "经营时间", "开门时间", "开馆时间", "供餐时间",
        "hours", "opening_hours", "联系电话", "电话", "服务电话", "咨询电话", "固定电话", "座机", "电话号码", "联系方式", "手机",
        "手机号", "phone", "社区", "所属社区", "所在社区", "社区名称", "社区代码", "社区编码", "居委会", "所属居委会", "community",
        "统一社会信用代码", "社会信用代码", "信用代码", "统一信用代码", "统一社会信用代码证号", "营业执照号", "credit_code",
    ]

    private static let folded = Set(all.map(fold))

    /// Whether a reader takes a header for something else than an attribute.
    static func holds(_ header: String) -> Bool { folded.contains(fold(header)) }

    /// A header as a reader compares it: without case, width, blanks and what stands in brackets behind.
    static func fold(_ header: String) -> String {
        var text = header.lowercased().replacing("（", with: "(").replacing("）", with: ")")
            .filter { !$0.isWhitespace && $0 != "*" && $0 != ":" && $0 != "：" }
        if text.hasSuffix(")"), let bracket = text.firstIndex(of: "("), bracket != text.startIndex {
            text = String(text[..<bracket])
        }
        return text
    }
}
