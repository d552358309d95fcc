public import DirectoryModel

/// Who a module is, and the service types that it describes.
///
/// Since: 1.0
public struct ModuleManifest: Hashable, Sendable {
    /// Its id, such as `markets`.
    ///
    /// Since: 1.0
    public var id: ModuleID
    /// Its name in two languages.
    ///
    /// Since: 1.0
    public var name: LocalizedText
    /// Its own version, "major.minor.patch".
    ///
    /// Since: 1.0
    public var version: String
    /// The service types that it describes, at least one.
    ///
    /// Since: 1.0
    public var types: [ServiceTypeDescription]

    /// A manifest; see the fields.
    ///
    /// Since: 1.0
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
    ///
    /// Since: 1.0
    public var id: ServiceTypeID
    /// Its name in two languages.
    ///
    /// Since: 1.0
    public var name: LocalizedText
    /// Basic (基本保障类) or quality (品质提升类).
    ///
    /// Since: 1.0
    public var serviceClass: ServiceClass
    /// Its place in the catalogue's order, from 1; types outside the catalogue use 1000 and more.
    ///
    /// Since: 1.0
    public var order: Int
    /// The planning target: minutes on foot, 1…60.
    ///
    /// Since: 1.0
    public var targetMinutes: Int
    /// What people call it, besides its name: type words and aliases.
    ///
    /// Since: 1.0
    public var searchWords: [String]
    /// Its typed attributes, in the order in which they are shown.
    ///
    /// Since: 1.0
    public var attributes: [AttributeDescription] { didSet { indexBox = SchemaIndexBox() } }
    /// What `indexEntry` derives to filter by, described like attributes; never stored, no key of an attribute.
    ///
    /// Since: 1.0
    public var facets: [AttributeDescription]
    /// What in OpenStreetMap is of this type; any one suffices.
    ///
    /// Since: 1.0
    public var osmSelectors: [OSMSelector]
    /// Codes of GB/T 4754-2017.
    ///
    /// Since: 1.0
    public var industryCodes: [String]
    /// Which days of China's calendar its opening times follow.
    ///
    /// Since: 1.0
    public var calendarPolicy: CalendarPolicy
    /// Where the description comes from.
    ///
    /// Since: 1.0
    public var source: String
    /// The attributes made ready for lookups.
    private var indexBox = SchemaIndexBox()

    /// A description; see the fields.
    ///
    /// Since: 1.0
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
    ///
    /// Since: 1.0
    case basic
    /// 品质提升类.
    ///
    /// Since: 1.0
    case quality
}

/// What in OpenStreetMap is of a type: every tag must match, and the name must hold one of the words, if any.
///
/// The selector with the most matches wins where several types want one thing; the name words count as one.
///
/// Since: 1.0
public struct OSMSelector: Hashable, Sendable {
    /// Tags that must all be there, value for value.
    ///
    /// Since: 1.0
    public var tags: [String: String]
    /// Words of which the name must hold at least one; empty when any name will do.
    ///
    /// Since: 1.0
    public var nameWords: [String]

    /// A selector; see the fields.
    ///
    /// Since: 1.0
    public init(tags: [String: String] = [:], nameWords: [String] = []) {
        self.tags = tags
        self.nameWords = nameWords
    }

    /// How many conditions match, or nil when one of them does not.
    ///
    /// Since: 1.0
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
    ///
    /// Since: 1.0
    public var key: String
    /// Its name in two languages.
    ///
    /// Since: 1.0
    public var name: LocalizedText
    /// What values it takes.
    ///
    /// Since: 1.0
    public var kind: AttributeKind
    /// Whether a record without it is given a finding.
    ///
    /// Since: 1.0
    public var isRequired: Bool
    /// Whether a kiosk offers it as a filter.
    ///
    /// Since: 1.0
    public var isFacet: Bool
    /// Names of the columns in registers that hold it.
    ///
    /// Since: 1.0
    public var columnNames: [String]
    /// The OSM tag that it is read from when the module does nothing else.
    ///
    /// Since: 1.0
    public var osmKey: String?

    /// An attribute; see the fields.
    ///
    /// Since: 1.0
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
    ///
    /// Since: 1.0
    case bool
    /// A whole number in a unit, within a range where one is given.
    ///
    /// Since: 1.0
    case whole(unit: LocalizedText?, range: ClosedRange<Int>?)
    /// A finite decimal number in a unit, within a range where one is given.
    ///
    /// Since: 1.0
    case decimal(unit: LocalizedText?, range: ClosedRange<Double>?)
    /// An amount of money, not negative.
    ///
    /// Since: 1.0
    case money
    /// Free text of at most 500 characters.
    ///
    /// Since: 1.0
    case text
    /// One of the options.
    ///
    /// Since: 1.0
    case oneOf([AttributeOption])
    /// Any of the options.
    ///
    /// Since: 1.0
    case manyOf([AttributeOption])
    /// Opening times as written, such as those of one counter; read by the daemon on China's calendar.
    ///
    /// Since: 2.0
    case schedule
    /// A day, stored as `yyyy-mm-dd`.
    ///
    /// Since: 2.0
    case date
    /// A table of rows, such as the stalls of a market.
    ///
    /// Since: 2.0
    case rows(RowSchema)
}

/// One option of an attribute.
///
/// Since: 1.0
public struct AttributeOption: Hashable, Sendable {
    /// Its key, which is stored and filtered by.
    ///
    /// Since: 1.0
    public var key: String
    /// Its name in two languages.
    ///
    /// Since: 1.0
    public var name: LocalizedText
    /// Other words for it in registers and searches.
    ///
    /// Since: 1.0
    public var aliases: [String]

    /// An option; see the fields.
    ///
    /// Since: 1.0
    public init(key: String, name: LocalizedText, aliases: [String] = []) {
        self.key = key
        self.name = name
        self.aliases = aliases
    }
}
