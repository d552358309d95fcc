/// The smallest administrative area (社区): owner of its records.
///
/// Since: 1.0
public struct Community: Hashable, Sendable {
    /// Its 12-digit code, or any id that the street office gives it.
    ///
    /// Since: 1.0
    public var id: CommunityID
    /// Its Chinese name.
    ///
    /// Since: 1.0
    public var name: String
    /// Its English name.
    ///
    /// Since: 1.0
    public var nameEnglish: String?
    /// The street office (街道办) above it, by name.
    ///
    /// Since: 1.0
    public var streetOffice: String?
    /// Its boundary.
    ///
    /// Since: 1.0
    public var boundary: Area?
    /// Households, at least 0.
    ///
    /// Since: 1.0
    public var households: Int?
    /// Residents, at least 0.
    ///
    /// Since: 1.0
    public var population: Int?
    /// Share of residents of 60 years and more, 0…1.
    ///
    /// Since: 1.0
    public var elderShare: Double?
    /// The zone of its local time by its IANA name; nil for the directory's own.
    ///
    /// Since: 2.0
    public var timeZone: String?
    /// The administrative code of where it lies, 2…12 digits, for the school holidays of its district; nil where
    /// its id is that code.
    ///
    /// Since: 2.0
    public var region: String?

    /// A community; see the fields.
    ///
    /// Since: 2.0
    public init(
        id: CommunityID, name: String, nameEnglish: String? = nil, streetOffice: String? = nil,
        boundary: Area? = nil, households: Int? = nil, population: Int? = nil, elderShare: Double? = nil,
        timeZone: String? = nil, region: String? = nil
    ) {
        self.id = id
        self.name = name
        self.nameEnglish = nameEnglish
        self.streetOffice = streetOffice
        self.boundary = boundary
        self.households = households
        self.population = population
        self.elderShare = elderShare
        self.timeZone = timeZone
        self.region = region
    }

    /// Its administrative code: `region`, or its id where that is one.
    ///
    /// Since: 2.0
    public var administrativeCode: String? {
        region ?? (id.rawValue.utf8.allSatisfy { $0 >= 48 && $0 <= 57 } ? id.rawValue : nil)
    }
}

/// A part of a community (网格), with a code and a keeper.
///
/// Since: 1.0
public struct Grid: Hashable, Sendable {
    /// Its code.
    ///
    /// Since: 1.0
    public var id: GridID
    /// The community that it is part of: a grid never belongs to a street directly.
    ///
    /// Since: 1.0
    public var community: CommunityID
    /// Its name.
    ///
    /// Since: 1.0
    public var name: String
    /// The office of its keeper (网格员), never a person's number.
    ///
    /// Since: 1.0
    public var keeper: String?
    /// Its boundary.
    ///
    /// Since: 1.0
    public var boundary: Area?

    /// A grid; see the fields.
    ///
    /// Since: 1.0
    public init(
        id: GridID, community: CommunityID, name: String, keeper: String? = nil, boundary: Area? = nil
    ) {
        self.id = id
        self.community = community
        self.name = name
        self.keeper = keeper
        self.boundary = boundary
    }
}

/// Where a walk starts (起点): an estate, a gate, a building, a unit or a kiosk.
///
/// Since: 1.0
public struct Origin: Hashable, Sendable {
    /// Its id.
    ///
    /// Since: 1.0
    public var id: OriginID
    /// What it is.
    ///
    /// Since: 1.0
    public var kind: Kind
    /// Its name, such as "3幢".
    ///
    /// Since: 1.0
    public var name: String
    /// Its English name.
    ///
    /// Since: 1.0
    public var nameEnglish: String?
    /// Where it is.
    ///
    /// Since: 1.0
    public var location: Coordinate
    /// The point exactly as the source gave it.
    ///
    /// Since: 1.0
    public var given: GivenPoint?
    /// The community that it lies in.
    ///
    /// Since: 1.0
    public var community: CommunityID?
    /// The grid that it lies in.
    ///
    /// Since: 1.0
    public var grid: GridID?
    /// What it is part of: unit › building › estate, gate › estate, kiosk › any.
    ///
    /// Since: 1.0
    public var parent: OriginID?
    /// Households that live there, at least 0.
    ///
    /// Since: 1.0
    public var households: Int?
    /// Whether it still exists, as far as its sources know.
    ///
    /// Since: 1.0
    public var status: PlaceStatus

    /// An origin; see the fields.
    ///
    /// Since: 1.0
    public init(
        id: OriginID, kind: Kind, name: String, nameEnglish: String? = nil, location: Coordinate,
        given: GivenPoint? = nil, community: CommunityID? = nil, grid: GridID? = nil,
        parent: OriginID? = nil, households: Int? = nil, status: PlaceStatus = .active
    ) {
        self.id = id
        self.kind = kind
        self.name = name
        self.nameEnglish = nameEnglish
        self.location = location
        self.given = given
        self.community = community
        self.grid = grid
        self.parent = parent
        self.households = households
        self.status = status
    }

    /// What an origin is, from the widest to the narrowest.
    ///
    /// Since: 1.0
    @frozen public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// 小区: a residential estate.
        ///
        /// Since: 1.0
        case estate
        /// 出入口: a gate of an estate.
        ///
        /// Since: 1.0
        case gate
        /// 楼栋: a residential building.
        ///
        /// Since: 1.0
        case building
        /// 单元: a stairwell of a building.
        ///
        /// Since: 1.0
        case unit
        /// A lobby kiosk.
        ///
        /// Since: 1.0
        case kiosk
    }
}

/// How somebody walks (步行方式): pace, and what is avoided.
///
/// Since: 1.0
public struct Profile: Hashable, Sendable {
    /// Its id.
    ///
    /// Since: 1.0
    public var id: ProfileID
    /// Its name in two languages.
    ///
    /// Since: 1.0
    public var name: LocalizedText
    /// Its pace, more than zero and at most 3 m/s.
    ///
    /// Since: 1.0
    public var pace: MetresPerSecond
    /// Whether it never uses steps.
    ///
    /// Since: 1.0
    public var avoidsSteps: Bool
    /// Where the pace comes from.
    ///
    /// Since: 1.0
    public var source: String

    /// A profile; see the fields.
    ///
    /// Since: 1.0
    public init(
        id: ProfileID, name: LocalizedText, pace: MetresPerSecond, avoidsSteps: Bool, source: String
    ) {
        self.id = id
        self.name = name
        self.pace = pace
        self.avoidsSteps = avoidsSteps
        self.source = source
    }
}

/// Where records came from.
///
/// Since: 1.0
public struct Source: Hashable, Sendable {
    /// Its id.
    ///
    /// Since: 1.0
    public var id: SourceID
    /// The format that it was read as, such as `osm`, `communities`, `api`.
    ///
    /// Since: 1.0
    public var kind: String
    /// Its title, for a person.
    ///
    /// Since: 1.0
    public var title: String
    /// Whom to credit wherever its data show, such as "© OpenStreetMap contributors, ODbL 1.0".
    ///
    /// Since: 1.0
    public var attribution: String?
    /// Remarks, such as that all of it is made up for a demo.
    ///
    /// Since: 1.0
    public var note: String?

    /// A source; see the fields.
    ///
    /// Since: 1.0
    public init(
        id: SourceID, kind: String, title: String, attribution: String? = nil, note: String? = nil
    ) {
        self.id = id
        self.kind = kind
        self.title = title
        self.attribution = attribution
        self.note = note
    }
}

/// A kind of record that the directory keeps.
///
/// Since: 1.0
@frozen public enum RecordKind: String, Hashable, Sendable, CaseIterable {
    /// A place (网点).
    ///
    /// Since: 1.0
    case place
    /// An origin (起点).
    ///
    /// Since: 1.0
    case origin
    /// A community (社区).
    ///
    /// Since: 1.0
    case community
    /// A grid (网格).
    ///
    /// Since: 1.0
    case grid
    /// A source: where records came from.
    ///
    /// Since: 1.0
    case source
    /// An organisation (机构).
    ///
    /// Since: 2.0
    case organisation
    /// An activity (活动).
    ///
    /// Since: 2.0
    case activity
    /// A notice (通知).
    ///
    /// Since: 2.2
    case notice
}
