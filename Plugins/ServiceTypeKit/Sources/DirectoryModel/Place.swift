/// One address where one service of one type is offered (网点).
///
/// Since: 1.0
public struct Place: Hashable, Sendable {
    /// The place's id; `osm-n123`, `osm-w123`, `osm-r123` for what came from OpenStreetMap.
    ///
    /// Since: 1.0
    public var id: PlaceID
    /// The one service type that it has.
    ///
    /// Since: 1.0
    public var type: ServiceTypeID
    /// The name on the door, in its own language (mostly Chinese).
    ///
    /// Since: 1.0
    public var name: String
    /// The English name, where the source has one.
    ///
    /// Since: 1.0
    public var nameEnglish: String?
    /// Where it is; nil where a register gave an address only and no point is known yet.
    ///
    /// Since: 1.0
    public var location: Coordinate?
    /// The point exactly as the source gave it.
    ///
    /// Since: 1.0
    public var given: GivenPoint? {
        get { rare?.fields.given }
        set { changeRare { $0.given = newValue } }
    }
    /// The community that it lies in.
    ///
    /// Since: 1.0
    public var community: CommunityID?
    /// The address as written.
    ///
    /// Since: 1.0
    public var address: String?
    /// The opening times as written.
    ///
    /// Since: 1.0
    public var hours: String?
    /// A service number.
    ///
    /// Never a person's own number without a recorded consent.
    ///
    /// Since: 1.0
    public var phone: String?
    /// Typed attributes by key, as the type's schema describes them.
    ///
    /// Since: 1.0
    public var attributes: [String: AttributeValue]
    /// Whether the place still exists, as far as its sources know.
    ///
    /// Since: 1.0
    public var status: PlaceStatus
    /// Spans of time in which something else holds than the opening times say, in the order in which they were
    /// given.
    ///
    /// Since: 2.0
    public var exceptions: [DatedException] {
        get { rare?.fields.exceptions ?? [] }
        set { changeRare { $0.exceptions = newValue } }
    }
    /// Which days of the calendar its opening times follow; nil for its type's policy.
    ///
    /// Since: 2.0
    public var calendarPolicy: CalendarPolicy? {
        get { rare?.fields.calendarPolicy }
        set { changeRare { $0.calendarPolicy = newValue } }
    }
    /// The place that it lies in, such as a market in a commercial complex; never itself, nor a part of it.
    ///
    /// Since: 2.0
    public var within: PlaceID? {
        get { rare?.fields.within }
        set { changeRare { $0.within = newValue } }
    }
    /// The room or stall space that it uses there, by its name: two places may share one at different hours.
    ///
    /// Since: 2.0
    public var room: String? {
        get { rare?.fields.room }
        set { changeRare { $0.room = newValue } }
    }
    /// Who runs it.
    ///
    /// Since: 2.0
    public var organisation: OrganisationID? {
        get { rare?.fields.organisation }
        set { changeRare { $0.organisation = newValue } }
    }
    /// Where it goes to people; empty where people come to it alone.
    ///
    /// Since: 2.0
    public var serviceArea: ServiceArea {
        get { rare?.fields.serviceArea ?? ServiceArea() }
        set { changeRare { $0.serviceArea = newValue } }
    }
    /// Whether people can walk in: false for an office of home visits without a door for them.
    ///
    /// Since: 2.0
    public var isWalkIn: Bool

    /// What few places have; nil where all of it is missing.
    private var rare: RareFields.Box?

    private mutating func changeRare(_ change: (inout RareFields) -> Void) {
        var fields = rare?.fields ?? RareFields()
        change(&fields)
        rare = fields.box
    }

    /// A place; see the fields.
    ///
    /// Since: 2.0
    public init(
        id: PlaceID, type: ServiceTypeID, name: String, nameEnglish: String? = nil,
        location: Coordinate? = nil, given: GivenPoint? = nil, community: CommunityID? = nil,
        address: String? = nil, hours: String? = nil, phone: String? = nil,
        attributes: [String: AttributeValue] = [:], status: PlaceStatus = .active,
        exceptions: [DatedException] = [], calendarPolicy: CalendarPolicy? = nil, within: PlaceID? = nil,
        room: String? = nil, organisation: OrganisationID? = nil, serviceArea: ServiceArea = ServiceArea(),
        isWalkIn: Bool = true
    ) {
        self.id = id
        self.type = type
        self.name = name
        self.nameEnglish = nameEnglish
        self.location = location
        self.community = community
        self.address = address
        self.hours = hours
        self.phone = phone
        self.attributes = attributes
        self.status = status
        self.isWalkIn = isWalkIn
        let fields = RareFields(
            given: given, exceptions: exceptions, calendarPolicy: calendarPolicy, within: within, room: room,
            organisation: organisation, serviceArea: serviceArea)
        rare = fields.box
    }

    /// The name to show in `language`: the English one where it is asked for and known.
    ///
    /// Since: 1.0
    public func name(in language: Language) -> String {
        language == .en ? nameEnglish ?? name : name
    }
}

/// What few places have, beside the rest: places are copied often, and a city keeps a hundred thousand of them.
private struct RareFields: Hashable, Sendable {
    var given: GivenPoint?
    var exceptions: [DatedException] = []
    var calendarPolicy: CalendarPolicy?
    var within: PlaceID?
    var room: String?
    var organisation: OrganisationID?
    var serviceArea = ServiceArea()

    /// The fields, in a piece of memory that copies share; nil where there is nothing in them.
    var box: Box? {
        let isEmpty =
            given == nil && exceptions.isEmpty && calendarPolicy == nil && within == nil && room == nil
            && organisation == nil && serviceArea.isEmpty
        return isEmpty ? nil : Box(self)
    }

    final class Box: Hashable, Sendable {
        let fields: RareFields

        init(_ fields: RareFields) { self.fields = fields }

        static func == (left: Box, right: Box) -> Bool { left === right || left.fields == right.fields }

        func hash(into hasher: inout Hasher) { fields.hash(into: &hasher) }
    }
}

/// Whether a place still exists.
///
/// Since: 1.0
@frozen public enum PlaceStatus: String, Hashable, Sendable, CaseIterable {
    /// Listed in answers.
    ///
    /// Since: 1.0
    case active
    /// Vanished from every source that knew it; kept, but not listed in answers.
    ///
    /// Since: 1.0
    case closedAtSource = "closed_at_source"
}

/// A typed value of an attribute.
///
/// Since: 1.0
@frozen public enum AttributeValue: Hashable, Sendable {
    /// Yes or no.
    ///
    /// Since: 1.0
    case bool(Bool)
    /// A whole number, in the unit that the schema states.
    ///
    /// Since: 1.0
    case whole(Int)
    /// A finite decimal number, in the unit that the schema states.
    ///
    /// Since: 1.0
    case decimal(Double)
    /// An amount of money.
    ///
    /// Since: 1.0
    case money(Money)
    /// Free text, opening times as written, a date as `yyyy-mm-dd`, or the key of one option.
    ///
    /// Since: 1.0
    case text(String)
    /// The keys of several options, or several texts, in order.
    ///
    /// Since: 1.0
    case texts([String])
    /// The rows of a table, in order.
    ///
    /// Since: 2.0
    case rows([AttributeRow])
}
