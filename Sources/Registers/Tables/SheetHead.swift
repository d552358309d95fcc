internal import DirectoryAPI
internal import DirectoryModel
internal import ServiceTypeKit
internal import TableFiles

/// The head of a sheet: where it stands, and as what each column is read.
struct SheetHead {
    /// The number of the row that it stands in.
    let row: Int
    /// The headers as written, by column.
    let headers: [String]
    /// As what each column is read; nil for one that nothing knows.
    let targets: [ColumnTarget?]
    /// Whether the mapping says as what a column is read.
    let isMapped: [Bool]
    /// Columns by field.
    let columns: [PlaceField: Int]
    /// The datum that the headers of the coordinates name ("经度(GCJ02)"); nil where they name none.
    let datum: Datum?

    /// Rows at the top of a sheet among which the head is looked for.
    ///
    /// Chosen, not measured: a title, a line about who keeps it, a date, two lines of head.
    static let depth = 20

    /// Finds the head of a sheet among its first rows.
    ///
    /// It is the row with most known headers, a column for the name among them; the first of equals.
    ///
    /// - Returns: nil where no row is a head.
    init?(_ rows: [TableRow], mapping: RegisterMapping, types: [ServiceTypeDescription]) {
        var best: (head: SheetHead, known: Int)?
        for row in rows {
            if let wanted = mapping.headerRow, row.number != wanted { continue }
            let head = SheetHead(row, mapping, types)
            guard head.columns[.name] != nil || head.columns[.id] != nil else { continue }
            let known = head.targets.reduce(0) { $0 + ($1 == nil ? 0 : 1) }
            // One word that happens to be a header is no head.
            guard known >= 2 || mapping.headerRow != nil else { continue }
            if best.map({ known > $0.known }) ?? true { best = (head, known) }
        }
        guard let best else { return nil }
        self = best.head
    }

    private init(_ row: TableRow, _ mapping: RegisterMapping, _ types: [ServiceTypeDescription]) {
        self.row = row.number
        headers = row.cells.map { $0.text.split(whereSeparator: \.isNewline).joined() }
        var targets = [ColumnTarget?](repeating: nil, count: headers.count)
        var ranks: [PlaceField: Int] = [:]
        var columns: [PlaceField: Int] = [:]
        var datum: Datum?
        for (index, header) in headers.enumerated() where !header.isEmpty {
            let folded = PlaceField.folded(header)
            if let stated = mapping.columns[folded] {
                targets[index] = stated
                if case .field(let field) = stated {
                    if let other = columns[field] { targets[other] = nil }
                    columns[field] = index
                    ranks[field] = -1
                }
                continue
            }
            let attribute = types.lazy.compactMap { $0.attribute(forColumn: header)?.key }.first
            // Where all rows are of one type, its own word for a column goes before the usual one.
            let isTypesOwn = types.count == 1 && attribute != nil
            if let (field, rank) = PlaceField.named(header), !(isTypesOwn && field.mayBeAttribute) {
                // Of two columns for one field that counts whose header says it best.
                if let held = ranks[field], held <= rank { continue }
                if let other = columns[field] { targets[other] = nil }
                (columns[field], ranks[field], targets[index]) = (index, rank, .field(field))
                continue
            }
            if AnswerColumn.headers.contains(header) {
                targets[index] = .ignored
                continue
            }
            targets[index] = attribute.map { .attribute($0) }
        }
        for field in [PlaceField.point, .longitude, .latitude] {
            if datum == nil, let column = columns[field] { datum = DatumWords.named(in: headers[column]) }
        }
        let headers = self.headers
        if columns[.organisation] == nil, let name = columns[.name],
            let other = headers.indices.first(where: {
                $0 != name && targets[$0] == nil && PlaceField.folded(headers[$0]) == PlaceField.eitherName
            })
        {
            (targets[other], columns[.organisation]) = (.field(.organisation), other)
        }
        self.targets = targets
        isMapped = headers.map { !$0.isEmpty && mapping.columns[PlaceField.folded($0)] != nil }
        self.columns = columns
        self.datum = datum
    }

    /// Whether a row is the head again, as sheets have it that were made to be printed.
    func isRepeated(by row: TableRow) -> Bool {
        guard let name = columns[.name] ?? columns[.id] else { return false }
        let same = zip(headers, row.cells).reduce(0) { $0 + (!$1.0.isEmpty && $1.0 == $1.1.text ? 1 : 0) }
        return same >= 2 && row[name].text == headers[name]
    }
}

/// The words for a datum.
enum DatumWords {
    private static let words: [(String, Datum)] = [
        ("wgs84", .wgs84), ("wgs-84", .wgs84), ("gps坐标系", .wgs84), ("epsg:4326", .wgs84),
        ("cgcs2000", .cgcs2000),
        ("2000国家大地", .cgcs2000), ("国家2000", .cgcs2000), ("大地2000", .cgcs2000), ("epsg:4490", .cgcs2000),
        ("gcj02", .gcj02), ("gcj-02", .gcj02), ("火星", .gcj02), ("高德", .gcj02), ("腾讯", .gcj02),
        ("国测局", .gcj02), ("bd09", .bd09), ("bd-09", .bd09), ("百度", .bd09),
    ]

    /// The datum that a text names, or nil.
    static func named(in text: String) -> Datum? {
        let folded = text.foldedWidth.lowercased().filter { !$0.isWhitespace }
        return words.first { folded.contains($0.0) }?.1
    }
}
