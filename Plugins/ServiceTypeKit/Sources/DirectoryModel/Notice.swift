/// Something that everybody in one place has to know for a time (通知): the water is off, a clinic is open, a feast.
///
/// Since: 2.2
public struct Notice: Hashable, Sendable {
    /// Its id.
    ///
    /// Since: 2.2
    public var id: NoticeID
    /// What it is about, in a line.
    ///
    /// Since: 2.2
    public var title: String
    /// The same in English.
    ///
    /// Since: 2.2
    public var titleEnglish: String?
    /// What there is to know; lines end with a line feed.
    ///
    /// Since: 2.2
    public var text: String
    /// The same in English.
    ///
    /// Since: 2.2
    public var textEnglish: String?
    /// Whom it is for.
    ///
    /// Since: 2.2
    public var to: Addressee
    /// The community that the addressed ones belong to, when it was written; nil where they belong to none.
    ///
    /// Since: 2.2
    public var community: CommunityID?
    /// From when it is told: the beginning of a day in the time of its community, or a moment.
    ///
    /// Since: 2.2
    public var from: DatedException.Edge
    /// Until when: a day is the last one, included; a moment is the first at which it is no longer told; nil until
    /// further notice.
    ///
    /// Since: 2.2
    public var until: DatedException.Edge?
    /// Whether it comes before all others.
    ///
    /// Since: 2.2
    public var isUrgent: Bool
    /// Who says it.
    ///
    /// Since: 2.2
    public var organisation: OrganisationID?
    /// The place that it is about.
    ///
    /// Since: 2.2
    public var place: PlaceID?
    /// Whether it still counts, as far as its sources know.
    ///
    /// Since: 2.2
    public var status: PlaceStatus

    /// A notice; see the fields.
    ///
    /// Since: 2.2
    public init(
        id: NoticeID, title: String, titleEnglish: String? = nil, text: String, textEnglish: String? = nil,
        to: Addressee, community: CommunityID? = nil, from: DatedException.Edge,
        until: DatedException.Edge? = nil, isUrgent: Bool = false, organisation: OrganisationID? = nil,
        place: PlaceID? = nil, status: PlaceStatus = .active
    ) {
        self.id = id
        self.title = title
        self.titleEnglish = titleEnglish
        self.text = text
        self.textEnglish = textEnglish
        self.to = to
        self.community = community
        self.from = from
        self.until = until
        self.isUrgent = isUrgent
        self.organisation = organisation
        self.place = place
        self.status = status
    }

    /// Whom a notice is for: everybody of one of these.
    ///
    /// Since: 2.2
    @frozen public enum Addressee: Hashable, Sendable {
        /// A community with all its grids and origins.
        ///
        /// Since: 2.2
        case community(CommunityID)
        /// A grid with the origins in it.
        ///
        /// Since: 2.2
        case grid(GridID)
        /// An origin with its parts: an estate, a gate, a building, a unit, a kiosk.
        ///
        /// Since: 2.2
        case origin(OriginID)
    }
}
