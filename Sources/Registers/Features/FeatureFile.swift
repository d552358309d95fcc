internal import DirectoryAPI
internal import DirectoryModel
internal import TableFiles

/// The rows of a GeoJSON FeatureCollection: a feature is a row, its properties are the cells under their names.
///
/// The file is read twice, feature by feature: once for the names of the properties, once for the rows.
final class FeatureFile: RowFile {
    private let request: RegisterRequest
    private let headers: [String]
    private let columns: [String: Int]
    private let hasPoints: Bool
    private let hasIDs: Bool
    private let nested: Int
    private let count: Int
    private let datum: FeatureDatum
    let credit: FileCredit
    let unread: [String]

    private static let advice = "give a GeoJSON FeatureCollection in UTF-8, as docs/registers.md shows"
    /// Names of properties that are known at most: the columns of a spreadsheet, in which they are answered.
    private static let mostProperties = 16_000
    /// The property with attributes as typed values, as `quarterctl export places --format geojson` writes it.
    private static let attributes = "attributes"

    /// Reads what the file is.
    ///
    /// - Parameter stated: the datum that is stated with the import; nil where none is.
    /// - Throws: `unreadable_file`, `invalid_file`.
    init(_ request: RegisterRequest, stated: Datum?) throws(DirectoryError) {
        self.request = request
        var pieces = try JSONPieces(request, advice: Self.advice)
        let site = pieces
        var names: [String] = []
        var known: Set<String> = []
        var (hasPoints, hasIDs, nested, count) = (false, false, 0, 0)
        var own: [String: JSONTree] = [:]
        try pieces.forEach(lists: ["features"]) { (name, value) throws(DirectoryError) in
            if name == "features" { throw site.invalid("has “features”, but no list") }
            if ["type", "crs", "datum", "title", "name", "attribution", "note"].contains(name) {
                own[name] = value
            }
        } element: { (_, number, bytes) throws(DirectoryError) in
            count = number
            guard let feature = try Self.feature(bytes, number, site).tree else { return true }
            if case .null? = feature["geometry"] {} else if feature["geometry"] != nil { hasPoints = true }
            if Self.text(feature["id"]) != nil { hasIDs = true }
            guard case .object(let members)? = feature["properties"] else { return true }
            for (name, value) in members {
                switch value {
                case .object: nested += name == Self.attributes ? 0 : 1
                case _ where name == Self.attributes && Self.typed(value) != nil: break
                default: if known.insert(name).inserted { names.append(name) }
                }
            }
            guard names.count <= Self.mostProperties else {
                throw site.invalid("has more than \(Self.mostProperties.grouped) different properties")
            }
            return true
        }
        guard let type = own["type"]?.string else { throw site.invalid("has no “type”") }
        guard type == "FeatureCollection" else {
            throw site.invalid("is a \(type.shortened()), not a FeatureCollection")
        }
        guard pieces.lists.contains("features") else { throw site.invalid("has no list “features”") }
        datum = try FeatureDatum(
            crs: own["crs"], tag: own["datum"], stated: stated, file: request.fileName)
        credit = FileCredit(
            title: Self.line(own["title"]) ?? Self.line(own["name"]),
            attribution: own["attribution"]?.elements.map { lines in
                lines.compactMap(Self.line).joined(separator: "; ")
            } ?? Self.line(own["attribution"]), note: Self.line(own["note"]))
        (self.hasPoints, self.hasIDs, self.nested, self.count) = (hasPoints, hasIDs, nested, count)
        // The geometry is where a feature is: numbers among its properties say the same, or less.
        unread =
            hasPoints
            ? names.filter { name in
                guard let field = PlaceField.named(name)?.field else { return false }
                return [.point, .longitude, .latitude].contains(field)
            } : []
        let word = "(" + datum.datum.rawValue.uppercased() + ")"
        headers = (hasPoints ? ["经度" + word, "纬度" + word] : []) + names + (hasIDs ? ["key"] : [])
        let first = hasPoints ? 2 : 0
        columns = Dictionary(names.enumerated().map { ($1, $0 + first) }) { one, _ in one }
    }

    private static func line(_ value: JSONTree?) -> String? {
        OSMTagRules.cleaned(value?.string, limit: 200)
    }

    /// An id of a feature: a text or a number.
    private static func text(_ value: JSONTree?) -> String? {
        switch value {
        case .text(let text): text.isEmpty ? nil : text
        case .number(let digits): digits
        default: nil
        }
    }

    // MARK: as rows

    var sheets: [TableSheet] {
        let name = request.fileName
        let dot = name.lastIndex(of: ".").flatMap { $0 == name.startIndex ? nil : $0 }
        return [TableSheet(name: dot.map { String(name[..<$0]) } ?? name, isHidden: false)]
    }

    var words: String { "GeoJSON, \(count.grouped) features" }

    /// A feature's properties are a row of a workbook, which an office can mend; of GeoJSON few programs show cells.
    var answerFormat: TableFormat { .xlsx }

    var figures: [(name: String, value: String)] {
        var figures = [(name: "datum", value: "\(datum.datum.rawValue) (\(datum.authority.rawValue))")]
        if !hasPoints { figures = [] }
        if nested > 0 { figures.append(("nested properties left out", nested.grouped)) }
        return figures
    }

    private var head: TableRow { TableRow(number: 0, line: 0, cells: headers.map { .text($0) }) }

    func head(of sheet: Int, rows: Int) throws(DirectoryError) -> [TableRow] {
        var all: [TableRow] = []
        try forEachRow(of: sheet) { (row) throws(DirectoryError) in
            all.append(row.row)
            return all.count < rows
        }
        return all
    }

    func forEachRow(
        of sheet: Int, _ body: (SourceRow) throws(DirectoryError) -> Bool
    ) throws(DirectoryError) {
        guard try body(SourceRow(row: head)) else { return }
        var pieces = try JSONPieces(request, advice: Self.advice)
        let site = pieces
        try pieces.forEach(lists: ["features"]) { (_, _) in
        } element: { (_, number, bytes) throws(DirectoryError) in
            let (tree, reason) = try Self.feature(bytes, number, site)
            guard let tree else {
                let row = TableRow(number: number, line: number, cells: [])
                return try body(
                    SourceRow(
                        row: row, isFeature: true,
                        fault: finding(.featureUnreadable, number, nil, nil, reason)))
            }
            return try body(row(tree, number))
        }
    }

    /// An element as a feature; else why it is none.
    ///
    /// - Throws: `invalid_file` where it is not UTF-8, for then nothing in the file can be trusted.
    private static func feature(
        _ bytes: [UInt8], _ number: Int, _ site: JSONPieces
    ) throws(DirectoryError) -> (tree: JSONTree?, reason: LocalizedText) {
        let tree: JSONTree
        do throws(JSONTree.Fault) {
            tree = try JSONTree(bytes)
        } catch {
            if error.isEncoding {
                throw site.invalid(
                    "is not UTF-8 in feature \(number)", cause: "save it as UTF-8 in the program that made it"
                )
            }
            return (
                nil,
                LocalizedText(
                    zh: "不是有效的 JSON：\(error.reason)（第 \(error.offset) 字节）",
                    en: "it is not JSON: \(error.reason), at its byte \(error.offset)")
            )
        }
        guard tree["type"]?.string == "Feature" else {
            return (nil, LocalizedText(zh: "不是 GeoJSON Feature", en: "it is no GeoJSON Feature"))
        }
        return (tree, LocalizedText(zh: "", en: ""))
    }

    private func row(_ feature: JSONTree, _ number: Int) -> SourceRow {
        var cells = [TableCell](repeating: .empty, count: headers.count)
        var source = SourceRow(row: TableRow(number: number, line: number, cells: []), isFeature: true)
        do throws(FeaturePoint.Fault) {
            if let point = try FeaturePoint.of(feature["geometry"]) {
                cells[0] = .number(point.longitude, written: "\(point.longitude)")
                cells[1] = .number(point.latitude, written: "\(point.latitude)")
            }
        } catch {
            source.findings.append(finding(.geometryUnreadable, number, "geometry", nil, error.words))
        }
        if case .object(let members)? = feature["properties"] {
            var seen: Set<String> = []
            for (name, value) in members {
                if !seen.insert(name).inserted {
                    source.findings.append(
                        finding(
                            .propertyRepeated, number, name, Self.cell(value).text,
                            LocalizedText(
                                zh: "属性“\(name.prefix(40))”出现了两次，取后一个",
                                en: "the property \(name.shortened()) stands twice; the last one counts")))
                }
                if name == Self.attributes, let typed = Self.typed(value) {
                    source.attributes = typed
                } else if let column = columns[name] {
                    cells[column] = Self.cell(value)
                }
            }
        }
        if hasIDs, let id = Self.text(feature["id"]) { cells[cells.count - 1] = .text(id) }
        source.row.cells = cells
        return source
    }

    /// Typed attributes: an object, or the text of one, as programs write it that know no objects.
    private static func typed(_ value: JSONTree) -> [String: JSONValue]? {
        if case .object(let members) = value {
            return Dictionary(members.map { ($0.name, $0.value.value) }) { _, last in last }
        }
        guard let text = value.string, text.utf8.first == UInt8(ascii: "{"),
            case .object? = try? JSONTree(Array(text.utf8))
        else { return nil }
        return (try? JSONTree(Array(text.utf8))).flatMap(typed)
    }

    /// A property's value as a cell; objects, and lists of anything but plain values, are none.
    private static func cell(_ value: JSONTree) -> TableCell {
        switch value {
        case .null, .object: .empty
        case .bool(let bool): .bool(bool)
        case .number(let digits):
            // JSON keeps all digits of a code: nothing is lost, so it is no number of a spreadsheet.
            digits.utf8.allSatisfy { $0 >= 48 && $0 <= 57 }
                ? .text(digits) : .number(Double(digits) ?? 0, written: digits)
        case .text(let text): text.isEmpty ? .empty : .text(text)
        case .array(let elements):
            elements.isEmpty
                ? .empty
                : .text(elements.map { Self.cell($0).text }.filter { !$0.isEmpty }.joined(separator: "、"))
        }
    }

    private func finding(
        _ code: RowFindingCode, _ number: Int, _ property: String?, _ value: String?, _ words: LocalizedText
    ) -> RecordFinding {
        RecordFinding(
            severity: code == .featureUnreadable ? "error" : "warning", code: code.rawValue,
            record: "#\(number)", field: property, value: value.map { String($0.prefix(200)) },
            message: words,
            cell: CellPlace(sheet: sheets[0].name, row: number, header: property))
    }
}
