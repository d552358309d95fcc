package import DirectoryModel

/// The question which activities take place, when, and near whom.
package struct ActivityQuery: Hashable, Sendable {
    /// Where a walk starts; nil for wherever they are.
    package var origin: OriginWord?
    /// Walking time in minutes, 1…60; nil for the configured default.
    package var minutes: Double?
    /// How one walks; nil for the default profile.
    package var profile: ProfileID?
    /// Only activities of this community.
    package var community: CommunityID?
    /// Only activities of this organisation.
    package var organisation: OrganisationID?
    /// Only activities at this place.
    package var place: PlaceID?
    /// Only for somebody of this age, in years.
    package var age: Int?
    /// Sessions that have not ended by then; nil for now.
    package var from: Timestamp?
    /// Sessions that begin before; nil for a week after `from`.
    package var until: Timestamp?
    /// Activities at most, 1…500.
    package var limit = WalkLimit.defaultPage
    /// The language of names.
    package var language = Language.zh

    /// The longest span that can be asked about, in seconds; chosen, not measured: a term and some.
    package static let longestSpan: Int64 = 200 * 86_400

    /// The query for all activities of the coming week.
    package init() {}

    /// Reads the words of `GET /v1/activities`.
    ///
    /// - Throws: `invalid_request`, `invalid_id`.
    package init(words: inout QueryWords) throws(DirectoryError) {
        origin = try words.originIfGiven()
        minutes = try words.minutes()
        profile = try words.id("profile")
        community = try words.id("community")
        organisation = try words.id("organisation")
        place = try words.id("place")
        age = try words.whole("age", in: 0...150)
        from = try words.moment("from")
        until = try words.moment("until")
        limit = try words.limit()
        language = try words.language()
        try words.finish()
        if origin == nil, minutes != nil || profile != nil {
            throw DirectoryError(
                .invalidRequest, "minutes and profile are of a walk, and no start is given",
                advice: "give either `origin=ID` or both `lat=` and `lon=`", location: "origin")
        }
    }
}

/// One activity with its next session.
package struct ActivityReply: Sendable {
    /// The record.
    package var activity: Activity
    /// The place where it takes place, if it is at one that is known.
    package var place: Place?
    /// Who runs it.
    package var organisation: Organisation?
    /// Where it takes place.
    package var location: Coordinate?
    /// Its next sessions, in order; empty where none is known.
    package var sessions: [Session]
    /// The times as a person would write them on a door; nil where they cannot be read.
    package var door: LocalizedText?
    /// The walk there, where one was asked about.
    package var walk: Walk?
    /// Changes when, and only when, the record changes.
    package var tag: String

    /// One time at which it takes place.
    package struct Session: Hashable, Sendable {
        /// When it begins.
        package var from: Timestamp
        /// When it ends.
        package var until: Timestamp
        /// Whether the calendar of that day has been decreed.
        package var isConfirmed: Bool
        /// Day and hours in the time of the place, for a person.
        package var text: LocalizedText

        /// A session; see the fields.
        package init(from: Timestamp, until: Timestamp, isConfirmed: Bool, text: LocalizedText) {
            self.from = from
            self.until = until
            self.isConfirmed = isConfirmed
            self.text = text
        }
    }

    /// An answer; see the fields.
    package init(
        activity: Activity, place: Place?, organisation: Organisation?, location: Coordinate?,
        sessions: [Session], door: LocalizedText?, walk: Walk?, tag: String
    ) {
        self.activity = activity
        self.place = place
        self.organisation = organisation
        self.location = location
        self.sessions = sessions
        self.door = door
        self.walk = walk
        self.tag = tag
    }
}

/// Activities by the beginning of their next session, ties by the bytes of their ids.
package struct ActivityList: Sendable {
    /// What was known when it was made.
    package var revision: Revision
    /// In order.
    package var activities: [ActivityReply]
    /// How many there are, these included.
    package var total: Int
    /// The language of names.
    package var language: Language

    /// A list; see the fields.
    package init(revision: Revision, activities: [ActivityReply], total: Int, language: Language) {
        self.revision = revision
        self.activities = activities
        self.total = total
        self.language = language
    }
}

/// One organisation with what it runs.
package struct OrganisationReply: Sendable {
    /// What was known when it was made.
    package var revision: Revision
    /// The record.
    package var organisation: Organisation
    /// Its active places, in the order of their ids.
    package var places: [Place]
    /// Its active activities, in the order of their ids.
    package var activities: [Activity]
    /// Changes when, and only when, the record changes.
    package var tag: String

    /// An answer; see the fields.
    package init(
        revision: Revision, organisation: Organisation, places: [Place], activities: [Activity], tag: String
    ) {
        self.revision = revision
        self.organisation = organisation
        self.places = places
        self.activities = activities
        self.tag = tag
    }
}

/// A page of organisations.
package struct OrganisationPage: Sendable {
    /// What was known when it was made.
    package var revision: Revision
    /// In the order of their ids.
    package var organisations: [Organisation]
    /// The last id of this page, when more follow.
    package var next: OrganisationID?
    /// The language of names.
    package var language: Language

    /// A page; see the fields.
    package init(
        revision: Revision, organisations: [Organisation], next: OrganisationID?, language: Language
    ) {
        self.revision = revision
        self.organisations = organisations
        self.next = next
        self.language = language
    }
}

/// The question which organisations there are.
package struct OrganisationListQuery: Hashable, Sendable {
    /// Only organisations of this kind.
    package var kind: Organisation.Kind?
    /// Only organisations after this id.
    package var after: OrganisationID?
    /// Organisations to a page, 1…500.
    package var limit = WalkLimit.defaultPage
    /// The language of names.
    package var language = Language.zh

    /// The query for the first page of all organisations.
    package init() {}

    /// Reads the words of `GET /v1/organisations`.
    ///
    /// - Throws: `invalid_request`, `invalid_id`.
    package init(words: inout QueryWords) throws(DirectoryError) {
        kind = try words.word("kind")
        after = try words.id("cursor")
        limit = try words.limit()
        language = try words.language()
        try words.finish()
    }
}
