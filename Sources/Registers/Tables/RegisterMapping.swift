internal import DirectoryModel
internal import TOMLDocument

/// What an office has said once about its table, so that next month's goes in by itself.
///
/// ```toml
/// type = "canteen"            # the service type of all rows
/// datum = "gcj02"             # wgs84, cgcs2000, gcj02, bd09
/// sheet = "台账"              # only this sheet; all that have a known head otherwise
/// header_row = 3              # where the head stands, where it is not found
/// complete = true             # the table has all places of its source
/// [columns]
/// "店铺全称" = "name"         # a field, "attributes.KEY", or "" for a column that is not read
/// [types]
/// "菜场" = "wet_market"       # words of the type column
/// ```
struct RegisterMapping: Hashable {
    var type: ServiceTypeID?
    var datum: Datum?
    var sheet: String?
    var headerRow: Int?
    var isComplete: Bool?
    /// Targets by folded header.
    var columns: [String: ColumnTarget] = [:]
    /// Service types by word.
    var types: [String: ServiceTypeID] = [:]

    /// No mapping.
    init() {}

    /// Reads a mapping.
    ///
    /// - Throws: `invalid_file` with file and line.
    init(toml: String, file: String) throws(DirectoryError) {
        do throws(DirectoryError) {
            let reader = TOMLReader(try TOMLDocument(parsing: toml, file: file))
            type = reader.text("type", longest: 64).map(ServiceTypeID.init(unchecked:))
            datum = reader.choice("datum", as: Datum.self)
            sheet = reader.text("sheet", longest: 100)
            headerRow = reader.whole("header_row", in: 1...10_000)
            isComplete = reader.bool("complete")
            if let table = reader.table("columns") {
                for (header, target) in table.remainingTexts() {
                    guard let read = ColumnTarget(target) else {
                        table.report(
                            "there is no field \(target.shortened())", about: header,
                            advice: "use one of "
                                + PlaceField.allCases.map(\.rawValue).joined(separator: ", ")
                                + ", attributes.KEY, or an empty text for a column that is not read")
                        continue
                    }
                    columns[PlaceField.folded(header)] = read
                }
            }
            if let table = reader.table("types") {
                for (word, type) in table.remainingTexts(longest: 64) {
                    types[word] = ServiceTypeID(unchecked: type)
                }
            }
            try reader.finish()
        } catch {
            throw DirectoryError(
                .invalidFile, error.message, advice: error.advice, location: error.location,
                cause: error.cause)
        }
    }
}

/// As what a column is read.
enum ColumnTarget: Hashable {
    /// A field of the place.
    case field(PlaceField)
    /// An attribute of its type, by key.
    case attribute(String)
    /// Nothing: somebody has said so, or it is a column of an answer file.
    case ignored

    /// A target as a mapping writes it; nil for no such field.
    init?(_ text: String) {
        if text.isEmpty {
            self = .ignored
        } else if text.hasPrefix("attributes."), text.utf8.count > 11 {
            self = .attribute(String(text.dropFirst(11)))
        } else if let field = PlaceField(rawValue: text) {
            self = .field(field)
        } else {
            return nil
        }
    }

    /// As a mapping writes it; nil for a column that is not read.
    var text: String? {
        switch self {
        case .field(let field): field.rawValue
        case .attribute(let key): "attributes." + key
        case .ignored: nil
        }
    }
}
