// ServiceTypeKit: the protocol that every service-type module implements, its manifest and schema.
// May import: DirectoryModel.

public import DirectoryModel

/// The code behind one or several service types.
///
/// A module is called when a record is written (`normalise`, then `indexEntry`) and when a chosen answer is
/// dressed (`highlights`), never inside a search. It must be quick (well under 50 ms a call), must not keep
/// what it is given, and may be called from several threads at once.
///
/// Since: 1.0
public protocol ServiceTypeModule: Sendable {
    /// Who the module is, and the service types that it describes. Constant over the module's life.
    ///
    /// Since: 1.0
    var manifest: ModuleManifest { get }

    /// Turns what a source says into the type's own attributes, and says what is wrong with it.
    ///
    /// Called with the raw words of the source (tags of OpenStreetMap, columns of a register) and the typed
    /// attributes already known; must be idempotent: normalising its own result changes nothing.
    ///
    /// Since: 1.0
    func normalise(_ draft: PlaceDraft) -> NormalisedPlace

    /// Derived facts to filter by, and the words under which the place is found besides its name.
    ///
    /// Since: 1.0
    func indexEntry(for place: Place) -> IndexEntry

    /// Short lines for a kiosk, most important first, at most four.
    ///
    /// Since: 1.0
    func highlights(for place: Place, in context: HighlightContext) -> [Highlight]
}

/// What a source says about one place, before a module has looked at it.
///
/// Since: 1.0
public struct PlaceDraft: Hashable, Sendable {
    /// The place as far as it is known; `attributes` holds typed values given by the writer.
    ///
    /// Since: 1.0
    public var place: Place
    /// The source's own words by its own keys: OSM tags, or column names of a register.
    ///
    /// Since: 1.0
    public var raw: [String: String]

    /// A draft; see the fields.
    ///
    /// Since: 1.0
    public init(place: Place, raw: [String: String] = [:]) {
        self.place = place
        self.raw = raw
    }
}

/// A place as the module wants it stored, with what it found.
///
/// Since: 1.0
public struct NormalisedPlace: Hashable, Sendable {
    /// The place; only name, English name, hours and attributes may differ from the draft's.
    ///
    /// Since: 1.0
    public var place: Place
    /// What is wrong or doubtful, in the order of the schema.
    ///
    /// Since: 1.0
    public var findings: [Finding]

    /// A result; see the fields.
    ///
    /// Since: 1.0
    public init(place: Place, findings: [Finding] = []) {
        self.place = place
        self.findings = findings
    }
}

/// Something wrong or doubtful in a record, in plain words.
///
/// Since: 1.0
public struct Finding: Hashable, Sendable {
    /// How bad it is.
    ///
    /// Since: 1.0
    public var severity: Severity
    /// A stable code, lower case with underscores, such as `value_out_of_range`.
    ///
    /// Since: 1.0
    public var code: String
    /// The attribute or field that it is about, or nil for the whole record.
    ///
    /// Since: 1.0
    public var field: String?
    /// The value as given, for the person who has to mend it.
    ///
    /// Since: 1.0
    public var value: String?
    /// What is wrong and what to do, in Chinese and English.
    ///
    /// Since: 1.0
    public var message: LocalizedText

    /// A finding; see the fields.
    ///
    /// Since: 1.0
    public init(
        _ severity: Severity, code: String, field: String? = nil, value: String? = nil, message: LocalizedText
    ) {
        self.severity = severity
        self.code = code
        self.field = field
        self.value = value
        self.message = message
    }

    /// How bad a finding is.
    ///
    /// Since: 1.0
    @frozen public enum Severity: String, Hashable, Sendable, CaseIterable {
        /// The record cannot be stored.
        ///
        /// Since: 1.0
        case error
        /// The value was left out or is doubtful; the record is stored.
        ///
        /// Since: 1.0
        case warning
        /// Worth knowing.
        ///
        /// Since: 1.0
        case note
    }
}

/// What the index keeps about a place besides its record.
///
/// Since: 1.0
public struct IndexEntry: Hashable, Sendable {
    /// Derived facts by key, filtered by `where=` like attributes; a key must not be an attribute's.
    ///
    /// Since: 1.0
    public var facets: [String: AttributeValue]
    /// Words under which the place is found besides its name and its type's words.
    ///
    /// Since: 1.0
    public var searchWords: [String]

    /// An entry; see the fields.
    ///
    /// Since: 1.0
    public init(facets: [String: AttributeValue] = [:], searchWords: [String] = []) {
        self.facets = facets
        self.searchWords = searchWords
    }
}

/// When and for whom highlights are made.
///
/// Since: 1.0
public struct HighlightContext: Sendable {
    /// The moment of the answer.
    ///
    /// Since: 1.0
    public var now: Timestamp
    /// The moment of arrival (now + the walk), where there is a walk.
    ///
    /// Since: 1.0
    public var arrival: Timestamp?
    /// Offset of local time from UTC at `now`, in seconds.
    ///
    /// Since: 1.0
    public var utcOffset: Int
    /// Reads opening times; nil where nothing can, as in most tests.
    private let reader: OpeningReader?

    /// What tells the state of opening times, as written, at a moment: the daemon's, in the place's own zone and on
    /// its calendar.
    ///
    /// Since: 2.0
    public typealias OpeningReader = @Sendable (_ times: String, _ moment: Timestamp) -> Opening

    /// A context; see the fields.
    ///
    /// - Parameter opening: tells the state of opening times; without it every state is unknown.
    ///
    /// Since: 2.0
    public init(now: Timestamp, arrival: Timestamp? = nil, utcOffset: Int, opening: OpeningReader? = nil) {
        self.now = now
        self.arrival = arrival
        self.utcOffset = utcOffset
        reader = opening
    }

    /// The moment that counts: that of arrival, or of the answer where there is no walk.
    ///
    /// Since: 2.0
    public var moment: Timestamp { arrival ?? now }

    /// Whether opening times of the place, as written in an attribute of kind `schedule`, are open at a moment, and
    /// when that changes: `until` of closed times is when they open next.
    ///
    /// Unknown for times that cannot be read.
    ///
    /// - Parameter moment: nil for the moment that counts.
    ///
    /// Since: 2.0
    public func opening(of times: String, at moment: Timestamp? = nil) -> Opening {
        reader?(times, moment ?? self.moment) ?? Opening(state: .unknown, raw: times)
    }
}

/// A short line about a place for a kiosk.
///
/// Since: 1.0
public struct Highlight: Hashable, Sendable {
    /// At most 20 characters in Chinese and 40 in English.
    ///
    /// Since: 1.0
    public var text: LocalizedText
    /// How to show it.
    ///
    /// Since: 1.0
    public var tone: Tone

    /// A highlight; see the fields.
    ///
    /// Since: 1.0
    public init(_ text: LocalizedText, tone: Tone = .neutral) {
        self.text = text
        self.tone = tone
    }

    /// How a highlight is shown.
    ///
    /// Since: 1.0
    @frozen public enum Tone: String, Hashable, Sendable, CaseIterable {
        /// Good news.
        ///
        /// Since: 1.0
        case good
        /// Plain information.
        ///
        /// Since: 1.0
        case neutral
        /// Something to mind.
        ///
        /// Since: 1.0
        case caution
    }
}
