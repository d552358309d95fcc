/// Who runs places or activities: a company, an office, an association (机构).
///
/// Since: 2.0
public struct Organisation: Hashable, Sendable {
    /// Its id.
    ///
    /// Since: 2.0
    public var id: OrganisationID
    /// Its name, mostly Chinese.
    ///
    /// Since: 2.0
    public var name: String
    /// Its English name.
    ///
    /// Since: 2.0
    public var nameEnglish: String?
    /// What it is.
    ///
    /// Since: 2.0
    public var kind: Kind
    /// Its 18-character unified social credit code (统一社会信用代码), GB 32100-2015.
    ///
    /// Since: 2.0
    public var creditCode: String?
    /// A service number, never a person's.
    ///
    /// Since: 2.0
    public var phone: String?
    /// Its address as written.
    ///
    /// Since: 2.0
    public var address: String?
    /// What it does, in a few words.
    ///
    /// Since: 2.0
    public var about: String?

    /// An organisation; see the fields.
    ///
    /// Since: 2.0
    public init(
        id: OrganisationID, name: String, nameEnglish: String? = nil, kind: Kind = .other,
        creditCode: String? = nil, phone: String? = nil, address: String? = nil, about: String? = nil
    ) {
        self.id = id
        self.name = name
        self.nameEnglish = nameEnglish
        self.kind = kind
        self.creditCode = creditCode
        self.phone = phone
        self.address = address
        self.about = about
    }

    /// What an organisation is.
    ///
    /// Since: 2.0
    @frozen public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// 企业.
        ///
        /// Since: 2.0
        case company
        /// 个体工商户.
        ///
        /// Since: 2.0
        case soleTrader = "sole_trader"
        /// 机关.
        ///
        /// Since: 2.0
        case government
        /// 事业单位.
        ///
        /// Since: 2.0
        case publicInstitution = "public_institution"
        /// 社会组织: an association, a foundation, a social service agency.
        ///
        /// Since: 2.0
        case socialOrganisation = "social_organisation"
        /// 居民团队: residents without a registration of their own.
        ///
        /// Since: 2.0
        case residents
        /// Anything else.
        ///
        /// Since: 2.0
        case other
    }
}

/// Something that takes place at times of its own: a class, a reading, a clinic's open day (活动).
///
/// Since: 2.0
public struct Activity: Hashable, Sendable {
    /// Its id.
    ///
    /// Since: 2.0
    public var id: ActivityID
    /// What it is called.
    ///
    /// Since: 2.0
    public var name: String
    /// Its English name.
    ///
    /// Since: 2.0
    public var nameEnglish: String?
    /// Who runs it.
    ///
    /// Since: 2.0
    public var organisation: OrganisationID?
    /// The place where it takes place.
    ///
    /// Since: 2.0
    public var place: PlaceID?
    /// Where it takes place, if not at a place.
    ///
    /// Since: 2.0
    public var location: Coordinate?
    /// The community that it lies in.
    ///
    /// Since: 2.0
    public var community: CommunityID?
    /// Its sessions, written like opening times: `Tu,Th 16:30-18:00`.
    ///
    /// Since: 2.0
    public var times: String
    /// The first day of its term; nil where it has none.
    ///
    /// Since: 2.0
    public var firstDay: LocalDay?
    /// The last day of its term, included; nil where it has none.
    ///
    /// Since: 2.0
    public var lastDay: LocalDay?
    /// Spans of time in which something else holds: a session that is left out, another time.
    ///
    /// Since: 2.0
    public var exceptions: [DatedException]
    /// How many people can take part, at least 0.
    ///
    /// Since: 2.0
    public var capacity: Int?
    /// What it costs once; zero for nothing; nil where that is not known.
    ///
    /// Since: 2.0
    public var price: Money?
    /// From which age, in years.
    ///
    /// Since: 2.0
    public var minimumAge: Int?
    /// Up to which age, in years, included.
    ///
    /// Since: 2.0
    public var maximumAge: Int?
    /// How to sign up, in words; nil where nobody need.
    ///
    /// Since: 2.0
    public var registration: String?
    /// What it is about, in a few words.
    ///
    /// Since: 2.0
    public var about: String?
    /// Whether it still takes place, as far as its sources know.
    ///
    /// Since: 2.0
    public var status: PlaceStatus

    /// An activity; see the fields.
    ///
    /// Since: 2.0
    public init(
        id: ActivityID, name: String, nameEnglish: String? = nil, organisation: OrganisationID? = nil,
        place: PlaceID? = nil, location: Coordinate? = nil, community: CommunityID? = nil, times: String,
        firstDay: LocalDay? = nil, lastDay: LocalDay? = nil, exceptions: [DatedException] = [],
        capacity: Int? = nil, price: Money? = nil, minimumAge: Int? = nil, maximumAge: Int? = nil,
        registration: String? = nil, about: String? = nil, status: PlaceStatus = .active
    ) {
        self.id = id
        self.name = name
        self.nameEnglish = nameEnglish
        self.organisation = organisation
        self.place = place
        self.location = location
        self.community = community
        self.times = times
        self.firstDay = firstDay
        self.lastDay = lastDay
        self.exceptions = exceptions
        self.capacity = capacity
        self.price = price
        self.minimumAge = minimumAge
        self.maximumAge = maximumAge
        self.registration = registration
        self.about = about
        self.status = status
    }
}

/// Where a place goes to people instead of people to it: home visits, delivery to the door (服务范围).
///
/// Since: 2.0
public struct ServiceArea: Hashable, Sendable {
    /// Whole communities.
    ///
    /// Since: 2.0
    public var communities: [CommunityID]
    /// Grids.
    ///
    /// Since: 2.0
    public var grids: [GridID]
    /// Estates, buildings, units; each with all its parts.
    ///
    /// Since: 2.0
    public var origins: [OriginID]

    /// An area; see the fields.
    ///
    /// Since: 2.0
    public init(communities: [CommunityID] = [], grids: [GridID] = [], origins: [OriginID] = []) {
        self.communities = communities
        self.grids = grids
        self.origins = origins
    }

    /// Whether nobody is served.
    ///
    /// Since: 2.0
    public var isEmpty: Bool { communities.isEmpty && grids.isEmpty && origins.isEmpty }
}
