package import DirectoryModel
package import ServiceTypeKit
internal import TOMLDocument

/// A service type without behaviour of its own, declared by a TOML file in a types directory.
///
/// Keys, `attributes` and `osm` being lists of tables: see docs/modules.md and the files in etc/quarter/types.d.
package struct DeclaredType: Hashable, Sendable {
    /// What the file says.
    package let description: ServiceTypeDescription
    /// Its findings, derived facets and lines for a kiosk.
    package let rules: DeclaredRules
    /// The file's path.
    package let file: String
    /// Where its id stands, as "file:line".
    package let location: String

    /// Reads one file.
    ///
    /// - Throws: `unreadable_file`, or `configuration_invalid` with the location "file:line" of its first fault
    ///   and the next ones in its cause.
    package init(contentsOf path: String) throws(DirectoryError) {
        try self.init(try TOMLDocument(contentsOf: path))
    }

    /// Reads a file's text; see `init(contentsOf:)`.
    package init(parsing text: String, file: String) throws(DirectoryError) {
        try self.init(try TOMLDocument(parsing: text, file: file))
    }

    private init(_ document: TOMLDocument) throws(DirectoryError) {
        let reader = TOMLReader(document)
        let read = Self.read(reader)
        let description = read?.description
        file = document.file
        location = reader.location(of: "id")
        // What the kit itself finds, such as two options with one name, has no line of its own.
        for problem in description?.problems() ?? [] where !reader.hasProblems {
            reader.report(problem, about: "id")
        }
        try reader.finish()
        guard let description, let rules = read?.rules else {
            throw DirectoryError(.internalError, "a declared type could not be read", location: document.file)
        }
        self.description = description
        self.rules = rules
    }

    /// Reads every key before giving up, so that every fault of the file is reported.
    private static func read(
        _ reader: TOMLReader
    ) -> (description: ServiceTypeDescription, rules: DeclaredRules)? {
        let id = reader.required(key(reader, "id"), "id")
        let name = name(reader)
        let serviceClass = reader.required(reader.choice("class", as: ServiceClass.self), "class")
        // Types outside the catalogue come behind it.
        let order = reader.whole("order", in: 1...1_000_000) ?? 1000
        let minutes = reader.required(reader.whole("target_minutes", in: 1...60), "target_minutes")
        let words = reader.texts("search_words", longest: 40, mostItems: 200) ?? []
        let codes = reader.texts("industry_codes", longest: 4, mostItems: 50) ?? []
        for code in codes where code.utf8.count != 4 || !code.utf8.allSatisfy({ 0x30...0x39 ~= $0 }) {
            reader.report(
                "industry code \(code.shortened()) is not the 4 digits of GB/T 4754", about: "industry_codes")
        }
        let policy = reader.choice("calendar_policy", as: CalendarPolicy.self) ?? .commercial
        let source = reader.required(reader.text("source", longest: 2000), "source")
        let selectors = reader.tables("osm", mostItems: 100).compactMap(selector)
        let attributes = attributes(reader, "attributes")
        let (rules, facets) = DeclaredRules.read(reader, attributes)
        guard let id, let name, let serviceClass, let minutes, let source else { return nil }
        let description = ServiceTypeDescription(
            id: ServiceTypeID(unchecked: id), name: name, serviceClass: serviceClass, order: order,
            targetMinutes: minutes, searchWords: words, attributes: attributes, facets: facets,
            osmSelectors: selectors, industryCodes: codes, calendarPolicy: policy, source: source)
        return (description, rules)
    }

    private static func selector(_ reader: TOMLReader) -> OSMSelector? {
        var tags: [String: String] = [:]
        if let table = reader.table("tags") {
            for (key, value) in table.remainingTexts() { tags[key] = value }
        }
        let words = reader.texts("name_words", longest: 40, mostItems: 200) ?? []
        if tags.isEmpty {
            // Words alone would take streets and stops for places.
            reader.report("an OSM selector needs at least one tag")
            return nil
        }
        return OSMSelector(tags: tags, nameWords: words)
    }

    /// The attributes of the type, or the columns of a table, which know no facet, no tag and no table.
    private static func attributes(_ reader: TOMLReader, _ list: String) -> [AttributeDescription] {
        var keys: Set<String> = []
        let isColumn = list == rowColumns
        let most = isColumn ? RowSchema.maximumColumns : 100
        return reader.tables(list, mostItems: most).compactMap { reader in
            guard let attribute = attribute(reader, isColumn: isColumn) else { return nil }
            guard keys.insert(attribute.key).inserted else {
                reader.report(
                    "there are two \(isColumn ? "columns" : "attributes") \(attribute.key.shortened())",
                    about: "key")
                return nil
            }
            return attribute
        }
    }

    private static func attribute(_ reader: TOMLReader, isColumn: Bool) -> AttributeDescription? {
        let key = reader.required(key(reader, "key"), "key")
        let name = name(reader)
        let kind = kind(reader, isColumn: isColumn)
        let columns = reader.texts("columns", longest: 40, mostItems: 50) ?? []
        let isRequired = reader.bool("required") ?? false
        let isFacet = isColumn ? false : reader.bool("facet") ?? false
        let osmKey = isColumn ? nil : reader.text("osm", longest: 100)
        guard let key, let name, let kind else { return nil }
        return AttributeDescription(
            key: key, name: name, kind: kind, isRequired: isRequired, isFacet: isFacet, columnNames: columns,
            osmKey: osmKey)
    }

    private enum Kind: String, CaseIterable {
        case bool, whole, decimal, money, text, schedule, date, rows
        case oneOf = "one_of"
        case manyOf = "many_of"
    }

    /// The keys of a kind are read for that kind alone: `options` of a bool is an unknown key.
    private static func kind(_ reader: TOMLReader, isColumn: Bool) -> AttributeKind? {
        guard let kind = reader.required(reader.choice("kind", as: Kind.self), "kind") else { return nil }
        switch kind {
        case .bool: return .bool
        case .money: return .money
        case .text: return .text
        case .schedule: return .schedule
        case .date: return .date
        case .rows:
            if !isColumn { return rows(reader).map { .rows($0) } }
            reader.report("a table cannot stand within a table", about: "kind")
            return nil
        case .oneOf: return options(reader).map { .oneOf($0) }
        case .manyOf: return options(reader).map { .manyOf($0) }
        case .whole:
            let unit = unit(reader)
            let bounds = -1_000_000_000_000...1_000_000_000_000
            let range = range(
                reader, reader.whole("minimum", in: bounds), reader.whole("maximum", in: bounds))
            return .whole(unit: unit, range: range)
        case .decimal:
            let unit = unit(reader)
            let bounds = -1e15...1e15
            let range = range(
                reader, reader.decimal("minimum", in: bounds), reader.decimal("maximum", in: bounds))
            return .decimal(unit: unit, range: range)
        }
    }

    private static let rowColumns = "row_columns"

    private static func rows(_ reader: TOMLReader) -> RowSchema? {
        let zh = reader.required(reader.text("row_zh", longest: 20), "row_zh")
        let en = reader.required(reader.text("row_en", longest: 40), "row_en")
        let most = reader.whole("maximum_rows", in: 1...RowSchema.maximumRowLimit) ?? 1_000
        let hours = reader.text("hours_column", longest: 64)
        let columns = attributes(reader, rowColumns)
        if columns.isEmpty, reader.required(reader.keys.first { $0 == rowColumns }, rowColumns) != nil {
            reader.report("'\(rowColumns)' needs at least one column", about: rowColumns)
        }
        if let hours, !columns.isEmpty, !columns.contains(where: { $0.key == hours && $0.kind == .schedule })
        {
            reader.report(
                "'hours_column' is \(hours.shortened()), which is no column of kind schedule",
                about: "hours_column")
        }
        guard let zh, let en, !columns.isEmpty else { return nil }
        return RowSchema(
            columns: columns, rowName: LocalizedText(zh: zh, en: en), hoursColumn: hours, maximumRows: most)
    }

    private static func range<Number: Comparable>(
        _ reader: TOMLReader, _ minimum: Number?, _ maximum: Number?
    ) -> ClosedRange<Number>? {
        if minimum == nil, maximum == nil { return nil }
        guard let minimum, let maximum else {
            reader.report(
                "'minimum' and 'maximum' go together", about: minimum == nil ? "maximum" : "minimum")
            return nil
        }
        guard minimum <= maximum else {
            reader.report("'minimum' is more than 'maximum'", about: "minimum")
            return nil
        }
        return minimum...maximum
    }

    private static func unit(_ reader: TOMLReader) -> LocalizedText? {
        let zh = reader.text("unit_zh", longest: 20)
        let en = reader.text("unit_en", longest: 20)
        if (zh == nil) != (en == nil) {
            reader.report("'unit_zh' and 'unit_en' go together", about: zh == nil ? "unit_en" : "unit_zh")
        }
        guard let zh, let en else { return nil }
        return LocalizedText(zh: zh, en: en)
    }

    private static func options(_ reader: TOMLReader) -> [AttributeOption]? {
        let tables = reader.tables("options", mostItems: 200)
        if tables.isEmpty, reader.required(reader.keys.first { $0 == "options" }, "options") != nil {
            reader.report("'options' needs at least one option", about: "options")
        }
        var keys: Set<String> = []
        let options = tables.compactMap { reader -> AttributeOption? in
            let key = reader.required(key(reader, "key"), "key")
            let name = name(reader)
            let aliases = reader.texts("aliases", longest: 40, mostItems: 100) ?? []
            guard let key, let name else { return nil }
            guard keys.insert(key).inserted else {
                reader.report("there are two options \(key.shortened())", about: "key")
                return nil
            }
            return AttributeOption(key: key, name: name, aliases: aliases)
        }
        return options.isEmpty ? nil : options
    }

    static func name(_ reader: TOMLReader) -> LocalizedText? {
        let zh = reader.required(reader.text("name_zh", longest: 40), "name_zh")
        let en = reader.required(reader.text("name_en", longest: 80), "name_en")
        guard let zh, let en else { return nil }
        return LocalizedText(zh: zh, en: en)
    }

    /// A key of the schema: lower case letters, digits and underscores, a letter first.
    static func key(_ reader: TOMLReader, _ name: String) -> String? {
        guard let text = reader.text(name, longest: 64) else { return nil }
        let isKey =
            text.utf8.allSatisfy { 0x61...0x7A ~= $0 || 0x30...0x39 ~= $0 || $0 == 0x5F }
            && 0x61...0x7A ~= (text.utf8.first ?? 0)
        guard isKey else {
            reader.report(
                "'\(name)' is \(text.shortened())", about: name,
                advice: "use lower case letters, digits and underscores, a letter first")
            return nil
        }
        return text
    }
}
