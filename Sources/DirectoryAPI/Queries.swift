package import DirectoryModel

/// Where a walk starts: a known origin, or a point.
package enum OriginWord: Hashable, Sendable {
    /// An origin of the store.
    case id(OriginID)
    /// Any point, WGS-84.
    case point(Coordinate)
}

/// Bounds of a walk that a client may ask for.
package enum WalkLimit {
    /// Whole or decimal minutes, 1…60: the circle is one of fifteen; an hour covers every use seen.
    package static let minutes: ClosedRange<Double> = 1...60
    /// The longest page, in places.
    package static let maximumPage = 500
    /// The default page, in places.
    package static let defaultPage = 50
}

/// A condition on an attribute or facet: `attribute:op:value`.
package struct WhereClause: Hashable, Sendable {
    /// The key of the attribute or facet.
    package var attribute: String
    /// One of eq ne lt le gt ge has.
    package var op: String
    /// The value as written.
    package var value: String

    /// A condition; see the fields.
    package init(attribute: String, op: String, value: String) {
        self.attribute = attribute
        self.op = op
        self.value = value
    }
}

/// The question what can be reached from an origin.
package struct ReachQuery: Hashable, Sendable {
    /// How much an answer says of each place.
    package enum Detail: String, Hashable, CaseIterable, Sendable {
        /// All that a list shows.
        case full
        /// What it is called and how far it is: for a program that asks for more of what is picked.
        case brief
    }

    /// Where the walk starts.
    package var origin: OriginWord
    /// Walking time in minutes, 1…60; nil for the configured default.
    package var minutes: Double?
    /// How one walks; nil for the default profile.
    package var profile: ProfileID?
    /// Any of these types; empty for all.
    package var types: [ServiceTypeID]
    /// Only types of this class ("basic", "quality").
    package var serviceClass: String?
    /// Only places of this community.
    package var community: CommunityID?
    /// Conditions that must all hold.
    package var conditions: [WhereClause]
    /// When a place has to be open; nil for whenever.
    package var open: OpenCondition?
    /// What it is called, as `SearchQuery` has it: then places come by how they were found, then by the walk, and
    /// there is no second page; nil for whatever.
    package var text: String?
    /// Places to a page, 1…500.
    package var limit: Int
    /// Where the page starts.
    package var cursor: ReachCursor?
    /// How much is said of each place.
    package var detail: Detail
    /// The language of names and highlights.
    package var language: Language

    /// A query; see the fields.
    package init(
        origin: OriginWord, minutes: Double? = nil, profile: ProfileID? = nil,
        types: [ServiceTypeID] = [], serviceClass: String? = nil, community: CommunityID? = nil,
        conditions: [WhereClause] = [], open: OpenCondition? = nil, text: String? = nil,
        limit: Int = WalkLimit.defaultPage,
        cursor: ReachCursor? = nil, detail: Detail = .full, language: Language = .zh
    ) {
        self.origin = origin
        self.minutes = minutes
        self.profile = profile
        self.types = types
        self.serviceClass = serviceClass
        self.community = community
        self.conditions = conditions
        self.open = open
        self.text = text
        self.limit = limit
        self.cursor = cursor
        self.detail = detail
        self.language = language
    }
}

/// The last place of a page: the next page starts after it.
package struct ReachCursor: Hashable, Sendable {
    /// Its unrounded metres.
    package var metres: Double
    /// Its id.
    package var id: PlaceID

    /// A cursor; see the fields.
    package init(metres: Double, id: PlaceID) {
        self.metres = metres
        self.id = id
    }

    /// The cursor as an opaque word: the bits of the metres in hexadecimal, then the id.
    package var text: String { String(metres.bitPattern, radix: 16) + "." + id.rawValue }

    /// The cursor that `text` stands for.
    ///
    /// - Throws: `invalid_cursor`.
    package init(text: String) throws(DirectoryError) {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let bits = UInt64(parts[0], radix: 16),
            let id = PlaceID(rawValue: String(parts[1])), Double(bitPattern: bits).isFinite
        else {
            throw DirectoryError(
                .invalidCursor, "cursor \(text.shortened()) is not one that this server gave",
                advice: "take `next` from the last answer as it is, or leave `cursor` out to start again")
        }
        self.init(metres: Double(bitPattern: bits), id: id)
    }
}

/// The question how far one gets.
package struct IsochroneQuery: Hashable, Sendable {
    /// Where the walk starts.
    package var origin: OriginWord
    /// Ascending walking times in minutes, each 1…60, at most six.
    package var minutes: [Double]
    /// How one walks; nil for the default profile.
    package var profile: ProfileID?

    /// A query; see the fields.
    package init(origin: OriginWord, minutes: [Double], profile: ProfileID? = nil) {
        self.origin = origin
        self.minutes = minutes
        self.profile = profile
    }
}

/// The question how one gets to a place.
package struct RouteQuery: Hashable, Sendable {
    /// Where the walk starts.
    package var origin: OriginWord
    /// Where it ends.
    package var destination: PlaceID
    /// How one walks; nil for the default profile.
    package var profile: ProfileID?
    /// The language of the steps.
    package var language: Language

    /// A query; see the fields.
    package init(
        origin: OriginWord, destination: PlaceID, profile: ProfileID? = nil, language: Language = .zh
    ) {
        self.origin = origin
        self.destination = destination
        self.profile = profile
        self.language = language
    }
}

/// The question which places there are.
package struct PlaceListQuery: Hashable, Sendable {
    /// Any of these types; empty for all.
    package var types: [ServiceTypeID] = []
    /// Only places of this community.
    package var community: CommunityID?
    /// Only places of this status; nil for all.
    package var status: PlaceStatus? = .active
    /// Only places after this id.
    package var after: PlaceID?
    /// Places to a page, 1…500.
    package var limit = WalkLimit.defaultPage
    /// The language of names.
    package var language = Language.zh

    /// The query for the first page of all active places.
    package init() {}
}

/// The question which origins there are.
package struct OriginListQuery: Hashable, Sendable {
    /// Only origins of this kind.
    package var kind: Origin.Kind?
    /// Only origins of this community.
    package var community: CommunityID?
    /// Only parts of this origin.
    package var parent: OriginID?
    /// Only origins after this id.
    package var after: OriginID?
    /// Origins to a page, 1…500.
    package var limit = WalkLimit.defaultPage
    /// The language of names.
    package var language = Language.zh

    /// The query for the first page of all origins.
    package init() {}
}
