internal import AreaGeometry
internal import DirectoryAPI
internal import DirectoryModel
internal import ServiceTypeKit

/// What is wrong with a feature, so that it cannot be taken.
struct FeatureFault: Error {
    var finding: RecordFinding
}

/// Reads one feature of a register of communities.
struct FeatureReader {
    /// The record's id.
    let id: String
    /// Doubts that did not hinder the reading.
    private(set) var warnings: [RecordFinding] = []

    private let number: Int
    private let name: String?
    private let properties: [String: JSONValue]
    private let geometry: JSONValue?

    /// Other names of the properties that are read, as street offices write them.
    static let aliases: [String: [String]] = [
        "id": ["id", "code", "社区代码", "社区编码", "行政区划代码", "统计用区划代码", "网格编码", "网格编号", "编号", "编码", "代码"],
        "name": ["name", "名称", "社区名称", "社区", "网格名称"],
        "name_en": ["name_en", "name:en", "英文名", "英文名称"],
        "street_office": ["street_office", "街道", "街道办", "街道办事处", "所属街道"],
        "households": ["households", "户数", "总户数", "居民户数"],
        "population": ["population", "人口", "人口数", "常住人口"],
        "elder_share": ["elder_share", "老年人口比例", "老年人口占比", "60岁以上占比", "老龄化率"],
        "community": ["community", "所属社区", "社区代码", "社区编码"],
        "time_zone": ["time_zone", "时区"],
        "region": ["region", "所属行政区划代码", "区县代码"],
        "keeper": ["keeper", "网格员岗位", "责任岗位"],
        "grid": ["grid", "所属网格", "网格编码"],
        "parent": ["parent", "上级", "所属"],
    ]

    private enum Shape: String {
        case community
        case grid
        case estate
        case gate
        case building
        case unit
        case kiosk
    }

    private static let shapeWords: [String: Shape] = [
        "社区": .community, "网格": .grid, "小区": .estate, "出入口": .gate, "楼栋": .building, "单元": .unit,
        "自助终端": .kiosk, "一体机": .kiosk,
    ]

    /// Whether a word says what a feature of a register of communities is.
    static func isShape(_ word: String) -> Bool {
        Shape(rawValue: word.lowercased()) != nil || shapeWords[word] != nil
    }

    private static func word(of feature: JSONValue) -> String? {
        guard case .string(let word)? = feature["properties"]?["kind"], !word.isEmpty else { return nil }
        return word
    }

    private static func shape(of feature: JSONValue) -> Shape? {
        guard let word = word(of: feature) else { return .community }
        return Shape(rawValue: word.lowercased()) ?? shapeWords[word]
    }

    /// What kind of record a feature is meant to be; by its geometry where its `kind` is not understood.
    static func kind(of feature: JSONValue) -> RecordKind {
        switch shape(of: feature) {
        case .community: .community
        case .grid: .grid
        case .estate, .gate, .building, .unit, .kiosk: .origin
        case nil: feature["geometry"]?["type"] == .string("Point") ? .origin : .community
        }
    }

    private let shape: Shape

    /// A reader of one feature.
    ///
    /// - Parameter number: its place in the file, from 1.
    init(_ feature: JSONValue, number: Int) throws(FeatureFault) {
        self.number = number
        if case .object(let properties)? = feature["properties"] {
            self.properties = properties
        } else {
            properties = [:]
        }
        geometry = feature["geometry"]
        let name = Self.text(Self.first("name", in: properties)).flatMap {
            OSMTagRules.cleaned($0, limit: 200)
        }
        self.name = name
        let given = Self.text(Self.first("id", in: properties) ?? feature["id"])
        func fault(_ code: String, field: String?, value: String?, zh: String, en: String) -> FeatureFault {
            Self.fault(number, name, given, code, field: field, value: value, zh: zh, en: en)
        }
        guard case .string("Feature")? = feature["type"] else {
            throw fault(
                "no_feature", field: "type", value: nil, zh: "不是 GeoJSON Feature",
                en: "it is no GeoJSON Feature")
        }
        guard let shape = Self.shape(of: feature) else {
            throw fault(
                "kind_unknown", field: "kind", value: Self.word(of: feature),
                zh: "kind 只能是 community、grid、estate、gate、building、unit、kiosk",
                en: "“kind” is one of community, grid, estate, gate, building, unit, kiosk")
        }
        self.shape = shape
        guard let given else {
            throw fault(
                "id_missing", field: "id", value: nil, zh: "没有编号（id、code 或 社区代码）",
                en: "it has no id (property id, code or 社区代码)")
        }
        guard CommunityID.isValid(given) else {
            throw fault(
                "id_invalid", field: "id", value: given, zh: "编号不能含空格、斜杠或控制字符，且不超过 128 字节",
                en: "an id has no spaces, slashes or control characters, and at most 128 bytes")
        }
        id = given
    }

    // MARK: - Records

    /// The feature as a community.
    mutating func community() throws(FeatureFault) -> Community {
        Community(
            id: CommunityID(unchecked: id), name: try requiredName(),
            nameEnglish: text("name_en"), streetOffice: text("street_office"),
            boundary: try boundary(required: true),
            households: try whole("households"), population: try whole("population"),
            elderShare: try share("elder_share"), timeZone: text("time_zone"), region: try region())
    }

    private mutating func region() throws(FeatureFault) -> String? {
        guard let code = text("region") else { return nil }
        guard Community.regionFault(code) == nil else {
            throw fault(
                "region_invalid", field: "region", value: code, zh: "行政区划代码是 2 到 12 位数字",
                en: "an administrative code has 2 to 12 digits")
        }
        return code
    }

    /// The feature as a grid.
    mutating func grid() throws(FeatureFault) -> Grid {
        guard let community = reference("community").map(CommunityID.init(unchecked:)) else {
            throw fault(
                "community_missing", field: "community", value: nil, zh: "网格没有所属社区的编号",
                en: "a grid names its community by id")
        }
        return Grid(
            id: GridID(unchecked: id), community: community, name: try requiredName(), keeper: text("keeper"),
            boundary: try boundary(required: false))
    }

    /// The feature as an origin.
    mutating func origin() throws(FeatureFault) -> SourcedOrigin {
        guard let kind = Origin.Kind(rawValue: shape.rawValue) else {
            throw fault(
                "kind_unknown", field: "kind", value: shape.rawValue, zh: "不是起点", en: "it is no origin")
        }
        guard case .array(let numbers)? = geometry?["coordinates"], geometry?["type"] == .string("Point"),
            numbers.count >= 2, let longitude = Self.number(numbers[0]),
            let latitude = Self.number(numbers[1]),
            let location = Coordinate(latitude: Degrees(latitude), longitude: Degrees(longitude))
        else {
            throw fault(
                "geometry_invalid", field: "geometry", value: nil, zh: "起点需要一个经纬度在范围内的 Point",
                en: "an origin needs a Point [longitude, latitude] in range")
        }
        return SourcedOrigin(
            key: id,
            origin: Origin(
                id: OriginID(unchecked: id), kind: kind, name: try requiredName(),
                nameEnglish: text("name_en"),
                location: location, community: reference("community").map(CommunityID.init(unchecked:)),
                grid: reference("grid").map(GridID.init(unchecked:)),
                parent: reference("parent").map(OriginID.init(unchecked:)),
                households: try whole("households")))
    }

    private func requiredName() throws(FeatureFault) -> String {
        guard let name else {
            throw fault("name_missing", field: "name", value: nil, zh: "没有名称", en: "it has no name")
        }
        return name
    }

    private func boundary(required: Bool) throws(FeatureFault) -> Area? {
        guard let geometry, geometry != .null else {
            guard required else { return nil }
            throw fault(
                "geometry_missing", field: "geometry", value: nil, zh: "没有边界", en: "it has no boundary")
        }
        let area: Area
        do {
            area = try Area(geoJSON: geometry, what: "the boundary")
        } catch {
            throw fault(
                "geometry_invalid", field: "geometry", value: nil, zh: "边界不可用：\(error.message)",
                en: error.message)
        }
        if let defect = AreaGeometry.defect(of: area) {
            throw fault(
                "geometry_invalid", field: "geometry", value: defect, zh: "边界自相交或无效：\(defect)，请在制图软件中修正",
                en: "the boundary is invalid: \(defect); mend it in a drawing program")
        }
        return area
    }

    // MARK: - Properties

    private static func first(_ key: String, in properties: [String: JSONValue]) -> JSONValue? {
        for alias in aliases[key] ?? [key] {
            if let value = properties[alias], value != .null, value != .string("") { return value }
        }
        return nil
    }

    private static func text(_ value: JSONValue?) -> String? {
        switch value {
        case .string(let text): OSMTagRules.cleaned(text, limit: 500)
        case .whole(let number): String(number)
        default: nil
        }
    }

    private static func number(_ value: JSONValue) -> Double? {
        switch value {
        case .whole(let number): Double(number)
        case .decimal(let number): number
        default: nil
        }
    }

    private func text(_ key: String) -> String? {
        Self.text(Self.first(key, in: properties)).map { String($0.prefix(200)) }
    }

    private mutating func reference(_ key: String) -> String? {
        guard let text = Self.text(Self.first(key, in: properties)) else { return nil }
        guard CommunityID.isValid(text) else {
            warnings.append(
                fault(
                    "reference_invalid", field: key, value: text, zh: "\(key) 不是有效的编号，已忽略",
                    en: "“\(key)” is no id: it was left out", severity: "warning"
                ).finding)
            return nil
        }
        return text
    }

    private func whole(_ key: String) throws(FeatureFault) -> Int? {
        guard let given = Self.first(key, in: properties) else { return nil }
        let description = AttributeDescription(
            key: key, name: LocalizedText(zh: key, en: key),
            kind: .whole(unit: LocalizedText(zh: "户", en: "households"), range: 0...100_000_000))
        let value: AttributeValue?
        switch given {
        case .whole(let number): value = description.check(.whole(number)).value
        case .decimal(let number): value = description.check(.decimal(number)).value
        case .string(let text):
            let bare = text.hasSuffix("人") ? String(text.dropLast()) : text
            value = description.read(bare).value
        default: value = nil
        }
        guard case .whole(let number)? = value else {
            throw fault(
                "value_unreadable", field: key, value: Self.words(of: given), zh: "\(key) 应为不小于 0 的整数",
                en: "“\(key)” is a whole number of at least 0")
        }
        return number
    }

    /// A share: 0…1, or a percentage with its sign.
    private func share(_ key: String) throws(FeatureFault) -> Double? {
        guard let given = Self.first(key, in: properties) else { return nil }
        var value = Self.number(given)
        if case .string(let text) = given {
            let bare = text.split(whereSeparator: \.isWhitespace).joined()
            if let sign = bare.last, "%％".contains(sign) {
                // Divided in decimal, so that 12.02% is stored as 0.1202.
                value = Double(bare.dropLast()).map { ($0 * 1e6).rounded() / 1e8 }
            } else {
                value = Double(bare)
            }
        }
        guard let value, (0...1).contains(value) else {
            throw fault(
                "value_unreadable", field: key, value: Self.words(of: given),
                zh: "\(key) 应为 0 到 1 的小数，或带 % 的百分数",
                en: "“\(key)” is a number from 0 to 1, or a percentage with its sign")
        }
        return value
    }

    private static func words(of value: JSONValue) -> String {
        switch value {
        case .null: "null"
        case .bool(let bool): "\(bool)"
        case .whole(let number): "\(number)"
        case .decimal(let number): "\(number)"
        case .string(let text): String(text.prefix(100))
        case .array: "[…]"
        case .object: "{…}"
        }
    }

    // MARK: - Faults

    /// What is wrong with this feature, with its number and its name.
    func fault(
        _ code: String, field: String?, value: String?, zh: String, en: String, severity: String = "error"
    ) -> FeatureFault {
        Self.fault(number, name, id, code, field: field, value: value, zh: zh, en: en, severity: severity)
    }

    private static func fault(
        _ number: Int, _ name: String?, _ id: String?, _ code: String, field: String?, value: String?,
        zh: String,
        en: String, severity: String = "error"
    ) -> FeatureFault {
        let called = name.map { $0.shortened() } ?? ""
        return FeatureFault(
            finding: RecordFinding(
                severity: severity, code: code, record: id.map { String($0.prefix(128)) } ?? "#\(number)",
                field: field, value: value.map { String($0.prefix(200)) },
                message: LocalizedText(
                    zh: "第 \(number) 个要素\(called)：\(zh)",
                    en: "feature \(number)\(called.isEmpty ? "" : " " + called): \(en)")))
    }
}
