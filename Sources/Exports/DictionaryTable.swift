internal import DirectoryModel
internal import ServiceTypeKit
internal import TableFiles

extension DirectoryExtract {
    /// Every field of a place and every attribute of every type of the scope: what it is, what it takes, who may have it.
    ///
    /// Made from the fields of tables and from the schemas of the types, so it says what counts.
    package func dictionaryBook() -> ExportBook {
        var rows: [[TableCell]] = []
        func add(_ line: DictionaryLine) { rows.append(line.cells) }
        for field in ExportField.allCases { add(DictionaryLine(field)) }
        for line in DictionaryLine.beside { add(line) }
        for type in scopedTypes {
            for attribute in type.attributes {
                add(DictionaryLine(attribute, in: type))
                guard case .rows(let schema) = attribute.kind else { continue }
                for column in schema.columns {
                    add(DictionaryLine(column, in: type, under: attribute))
                }
            }
            for facet in type.facets { add(DictionaryLine(facet, in: type, isDerived: true)) }
        }
        let columns = DictionaryLine.titles.map { title in
            TableColumn(title: title.text, width: title.width, isText: true)
        }
        return ExportBook(
            tables: [ExportTable(name: "数据字典", columns: columns, rows: rows)], revision: revision,
            attributions: [])
    }
}

/// One line of the dictionary.
struct DictionaryLine {
    var type = "全部"
    var word: String
    var name: String
    var english: String
    var kind: String
    var range = ""
    var unit = ""
    var options = ""
    var isRequired = false
    var origin: String
    var sharing: SharingClass
    var headers = ""

    static let titles: [(text: String, width: Double)] = [
        ("适用业态", 20), ("字段", 28), ("中文名称", 24), ("英文名称", 28), ("类型", 12), ("长度或范围", 28), ("单位", 8),
        ("可选值", 50), ("必填", 8), ("来源", 24), ("共享属性", 18), ("台账列名", 40),
    ]

    var cells: [TableCell] {
        [
            type, word, name, english, kind, range, unit, options, isRequired ? "是" : "否", origin,
            sharing.rawValue, headers,
        ].map { TableCell.text(orEmpty: $0) }
    }

    private init(
        word: String, name: String, english: String, kind: String, origin: String, sharing: SharingClass
    ) {
        self.word = word
        self.name = name
        self.english = english
        self.kind = kind
        self.origin = origin
        self.sharing = sharing
    }

    /// The line of a field.
    init(_ field: ExportField) {
        let facts = field.facts
        self.init(
            word: field.rawValue, name: facts.title, english: facts.english, kind: facts.kind,
            origin: facts.origin, sharing: .open)
        range = facts.range
        unit = facts.unit
        isRequired = facts.isRequired
        headers = facts.isReadBack ? facts.title : ""
    }

    /// What is stored beside a place's own fields, and what is never stored.
    static let beside: [DictionaryLine] = [
        DictionaryLine(
            word: "revision", name: "修订号", english: "revision", kind: "整数", origin: "系统", sharing: .open),
        DictionaryLine(
            word: "actor", name: "操作者", english: "actor", kind: "文本", origin: "系统", sharing: .office),
        DictionaryLine(
            word: "–", name: "联系人、个人手机号、身份证号", english: "persons and their own numbers", kind: "–",
            origin: "台账中有也不登记", sharing: .personal),
    ]

    /// The line of an attribute, of a column of a table, or of a facet.
    ///
    /// - Parameters:
    ///   - whole: the table that the column is in.
    ///   - isDerived: whether nobody states it.
    init(
        _ attribute: AttributeDescription, in type: ServiceTypeDescription,
        under whole: AttributeDescription? = nil, isDerived: Bool = false
    ) {
        self.init(
            word: isDerived
                ? "facets." + attribute.key
                : "attributes." + (whole.map { $0.key + "." } ?? "") + attribute.key,
            name: (whole.map { $0.name.zh + "·" } ?? "") + attribute.name.zh,
            english: (whole.map { $0.name.en + ": " } ?? "") + attribute.name.en,
            kind: attribute.kind.officeWord, origin: isDerived ? "由系统推算" : "台账", sharing: .open)
        self.type = "\(type.name.zh)（\(type.id.rawValue)）"
        isRequired = attribute.isRequired
        headers = attribute.columnNames.joined(separator: "、")
        switch attribute.kind {
        case .whole(let unit, let range):
            self.unit = unit?.zh ?? ""
            self.range = range.map { "\($0.lowerBound)–\($0.upperBound)" } ?? ""
        case .decimal(let unit, let range):
            self.unit = unit?.zh ?? ""
            self.range =
                range.map {
                    "\(TableCell.number($0.lowerBound).text)–\(TableCell.number($0.upperBound).text)"
                }
                ?? ""
        case .money:
            unit = "元"
            range = "0–\(AttributeDescription.maximumMoney.fen / 100)"
        case .text, .schedule: range = "最多 \(AttributeDescription.maximumTextLength) 字"
        case .date: range = "yyyy-mm-dd"
        case .bool: options = "是、否"
        case .oneOf(let choices), .manyOf(let choices):
            options = choices.map { "\($0.name.zh)（\($0.key)）" }.joined(separator: "、")
        case .rows(let schema): range = "最多 \(schema.maximumRows) 行"
        }
    }
}

extension AttributeKind {
    /// For a clerk.
    var officeWord: String {
        switch self {
        case .bool: "是否"
        case .whole: "整数"
        case .decimal: "小数"
        case .money: "金额"
        case .text: "文本"
        case .oneOf: "单选"
        case .manyOf: "多选"
        case .schedule: "营业时间"
        case .date: "日期"
        case .rows: "表"
        }
    }
}
