public import DirectoryModel

/// Who a module is, and the service types that it describes.
///
/// Since: 1.0
public struct ModuleManifest: Hashable, Sendable {
    /// Its id, such as `markets`.
    public var id: ModuleID
    /// Its name in two languages.
    public var name: LocalizedText
    /// Its own version, "major.minor.patch".
    public var version: String
    /// The service types that it describes, at least one.
    public var types: [ServiceTypeDescription]

    /// A manifest; see the fields.
    public init(id: ModuleID, name: LocalizedText, version: String, types: [ServiceTypeDescription]) {
        self.id = id
        self.name = name
        self.version = version
        self.types = types
    }
}

/// What a service type (业态) is: names, class, schema, selectors.
///
/// Since: 1.0
public struct ServiceTypeDescription: Hashable, Sendable {
    /// Its id, that of the catalogue where the catalogue has it.
    public var id: ServiceTypeID
    /// Its name in two languages.
    public var name: LocalizedText
    /// Basic (基本保障类) or quality (品质提升类).
    public var serviceClass: ServiceClass
    /// Its place in the catalogue's order, from 1; types outside the catalogue use 1000 and more.
    public var order: Int
    /// The planning target: minutes on foot, 1…60.
    public var targetMinutes: Int
    /// What people call it, besides its name: type words and aliases.
    public var searchWords: [String]
    /// Its typed attributes, in the order in which they are shown.
    public var attributes: [AttributeDescription] { didSet { indexBox = SchemaIndexBox() } }
    /// What `indexEntry` derives to filter by, described like attributes; never stored, no key of an attribute.
    public var facets: [AttributeDescription]
    /// What in OpenStreetMap is of this type; any one suffices.
    public var osmSelectors: [OSMSelector]
    /// Codes of GB/T 4754-2017.
    public var industryCodes: [String]
    /// Which days of China's calendar its opening times follow.
    public var calendarPolicy: CalendarPolicy
    /// Where the description comes from.
    public var source: String
    /// The attributes made ready for lookups.
    private var indexBox = SchemaIndexBox()

    /// A description; see the fields.
    public init(
        id: ServiceTypeID, name: LocalizedText, serviceClass: ServiceClass, order: Int, targetMinutes: Int,
        searchWords: [String] = [], attributes: [AttributeDescription] = [],
        facets: [AttributeDescription] = [],
        osmSelectors: [OSMSelector] = [], industryCodes: [String] = [],
        calendarPolicy: CalendarPolicy = .commercial, source: String
    ) {
        self.id = id
        self.name = name
        self.serviceClass = serviceClass
        self.order = order
        self.targetMinutes = targetMinutes
        self.searchWords = searchWords
        self.attributes = attributes
        self.facets = facets
        self.osmSelectors = osmSelectors
        self.industryCodes = industryCodes
        self.calendarPolicy = calendarPolicy
        self.source = source
    }
}

extension ServiceTypeDescription {
    /// The attributes made ready for lookups.
    var index: SchemaIndex { indexBox.index(of: attributes) }
}

/// The class of a service type.
///
/// Since: 1.0
@frozen public enum ServiceClass: String, Hashable, Sendable, CaseIterable {
    /// 基本保障类.
    case basic
    /// 品质提升类.
    case quality
}

/// What in OpenStreetMap is of a type: every tag must match, and the name must hold one of the words, if any.
///
/// The selector with the most matches wins where several types want one thing; the name words count as one.
///
/// Since: 1.0
public struct OSMSelector: Hashable, Sendable {
    /// Tags that must all be there, value for value.
    public var tags: [String: String]
    /// Words of which the name must hold at least one; empty when any name will do.
    public var nameWords: [String]

    /// A selector; see the fields.
    public init(tags: [String: String] = [:], nameWords: [String] = []) {
        self.tags = tags
        self.nameWords = nameWords
    }

    /// How many conditions match, or nil when one of them does not.
    public func matches(tag: (String) -> String?, name: String?) -> Int? {
        for (key, value) in tags where tag(key) != value { return nil }
        guard !nameWords.isEmpty else { return tags.isEmpty ? nil : tags.count }
        guard let name, name.contains(anyOf: nameWords) else { return nil }
        return tags.count + 1
    }
}

/// One typed attribute of a service type.
///
/// Since: 1.0
public struct AttributeDescription: Hashable, Sendable {
    /// Its key: lower case letters, digits and underscores, a letter first.
    public var key: String
    /// Its name in two languages.
    public var name: LocalizedText
    /// What values it takes.
    public var kind: AttributeKind
    /// Whether a record without it is given a finding.
    public var isRequired: Bool
    /// Whether a kiosk offers it as a filter.
    public var isFacet: Bool
    /// Names of the columns in registers that hold it.
    public var columnNames: [String]
    /// The OSM tag that it is read from when the module does nothing else.
    public var osmKey: String?

    /// An attribute; see the fields.
    public init(
        key: String, name: LocalizedText, kind: AttributeKind, isRequired: Bool = false,
        isFacet: Bool = false, columnNames: [String] = [], osmKey: String? = nil
    ) {
        self.key = key
        self.name = name
        self.kind = kind
        self.isRequired = isRequired
        self.isFacet = isFacet
        self.columnNames = columnNames
        self.osmKey = osmKey
    }
}

/// What values an attribute takes.
///
/// Since: 1.0
@frozen public enum AttributeKind: Hashable, Sendable {
    /// Yes or no.
    case bool
    /// A whole number in a unit, within a range where one is given.
    case whole(unit: LocalizedText?, range: ClosedRange<Int>?)
    /// A finite decimal number in a unit, within a range where one is given.
    case decimal(unit: LocalizedText?, range: ClosedRange<Double>?)
    /// An amount of money, not negative.
    case money
    /// Free text of at most 500 characters.
    case text
    /// One of the options.
    case oneOf([AttributeOption])
    /// Any of the options.
    case manyOf([AttributeOption])
    /// Opening times as written, such as those of one counter; read by the daemon on China's calendar.
    case schedule
    /// A day, stored as `yyyy-mm-dd`.
    case date
    /// A table of rows, such as the stalls of a market.
    case rows(RowSchema)
}

/// One option of an attribute.
///
/// Since: 1.0
public struct AttributeOption: Hashable, Sendable {
    /// Its key, which is stored and filtered by.
    public var key: String
    /// Its name in two languages.
    public var name: LocalizedText
    /// Other words for it in registers and searches.
    public var aliases: [String]

    /// An option; see the fields.
    public init(key: String, name: LocalizedText, aliases: [String] = []) {
        self.key = key
        self.name = name
        self.aliases = aliases
    }
}
