/// One address where one service of one type is offered (网点).
public struct Place: Hashable, Sendable {
    /// The place's id; `osm-n123`, `osm-w123`, `osm-r123` for what came from OpenStreetMap.
    public var id: PlaceID
    /// The one service type that it has.
    public var type: ServiceTypeID
    /// The name on the door, in its own language (mostly Chinese).
    public var name: String
    /// The English name, where the source has one.
    public var nameEnglish: String?
    /// Where it is; nil where a register gave an address only and no point is known yet.
    public var location: Coordinate?
    /// The point exactly as the source gave it.
    public var given: GivenPoint?
    /// The community that it lies in.
    public var community: CommunityID?
    /// The address as written.
    public var address: String?
    /// The opening times as written.
    public var hours: String?
    /// A service number.
    ///
    /// Never a person's own number without a recorded consent.
    public var phone: String?
    /// Typed attributes by key, as the type's schema describes them.
    public var attributes: [String: AttributeValue]
    /// Whether the place still exists, as far as its sources know.
    public var status: PlaceStatus
    /// Spans of time in which something else holds than the opening times say, in the order in which they were
    /// given.
    public var exceptions: [DatedException]
    /// Which days of the calendar its opening times follow; nil for its type's policy.
    public var calendarPolicy: CalendarPolicy?
    /// The place that it lies in, such as a market in a commercial complex; never itself, nor a part of it.
    public var within: PlaceID?
    /// The room or stall space that it uses there, by its name: two places may share one at different hours.
    public var room: String?
    /// Who runs it.
    public var organisation: OrganisationID?
    /// Where it goes to people; empty where people come to it alone.
    public var serviceArea: ServiceArea
    /// Whether people can walk in: false for an office of home visits without a door for them.
    public var isWalkIn: Bool

    /// A place; see the fields.
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
        self.given = given
        self.community = community
        self.address = address
        self.hours = hours
        self.phone = phone
        self.attributes = attributes
        self.status = status
        self.exceptions = exceptions
        self.calendarPolicy = calendarPolicy
        self.within = within
        self.room = room
        self.organisation = organisation
        self.serviceArea = serviceArea
        self.isWalkIn = isWalkIn
    }

    /// The name to show in `language`: the English one where it is asked for and known.
    public func name(in language: Language) -> String {
        language == .en ? nameEnglish ?? name : name
    }
}

/// Whether a place still exists.
@frozen public enum PlaceStatus: String, Hashable, Sendable, CaseIterable {
    /// Listed in answers.
    case active
    /// Vanished from every source that knew it; kept, but not listed in answers.
    case closedAtSource = "closed_at_source"
}

/// A typed value of an attribute.
@frozen public enum AttributeValue: Hashable, Sendable {
    /// Yes or no.
    case bool(Bool)
    /// A whole number, in the unit that the schema states.
    case whole(Int)
    /// A finite decimal number, in the unit that the schema states.
    case decimal(Double)
    /// An amount of money.
    case money(Money)
    /// Free text, opening times as written, a date as `yyyy-mm-dd`, or the key of one option.
    case text(String)
    /// The keys of several options, or several texts, in order.
    case texts([String])
    /// The rows of a table, in order.
    case rows([AttributeRow])
}
