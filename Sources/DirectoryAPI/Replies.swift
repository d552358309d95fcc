package import DirectoryModel
package import ServiceTypeKit

/// Where the walk of an answer started.
package struct ResolvedOrigin: Hashable, Sendable {
    /// The origin of the store, when one was named.
    package var origin: Origin?
    /// The point itself.
    package var location: Coordinate
    /// Metres from the point to the nearest walkable way.
    package var leg: Metres

    /// A start; see the fields.
    package init(origin: Origin?, location: Coordinate, leg: Metres) {
        self.origin = origin
        self.location = location
        self.leg = leg
    }
}

/// A walk: metres, and seconds at the profile's pace.
package struct Walk: Hashable, Sendable {
    /// Unrounded; both legs included.
    package var metres: Metres
    /// Unrounded; rounded up on the wire.
    package var seconds: Seconds

    /// A walk; see the fields.
    package init(metres: Metres, seconds: Seconds) {
        self.metres = metres
        self.seconds = seconds
    }
}

/// A place within reach.
package struct ReachedPlace: Sendable {
    /// The record, with what of its JSON never changes.
    package let record: PlaceRecord
    /// The way there.
    package var walk: Walk
    /// Whether it is open.
    package var opening: PlaceOpening
    /// What its module says about it.
    package var highlights: [Highlight]
    /// How it was found, where a text was looked for.
    package var match: TextMatch?
    /// The rows that met the conditions, where some were on a table.
    package var rows: [ReachedRows]
    /// Whether its type is described by anything; its place stays where it is not.
    package var isTypeKnown = true

    /// The record itself.
    package var place: Place { record.place }

    /// A reached place; see the fields.
    package init(
        record: PlaceRecord, walk: Walk, opening: PlaceOpening, highlights: [Highlight],
        match: TextMatch? = nil, rows: [ReachedRows] = []
    ) {
        self.record = record
        self.walk = walk
        self.opening = opening
        self.highlights = highlights
        self.match = match
        self.rows = rows
    }
}

/// The answer to `ReachQuery`.
package struct ReachReply: Sendable {
    /// What was known when it was made.
    package var revision: Revision
    /// Where the walk starts.
    package var origin: ResolvedOrigin
    /// How one walks.
    package var profile: Profile
    /// Walking time in minutes.
    package var minutes: Double
    /// Nearest first.
    package var places: [ReachedPlace]
    /// Where the next page starts; nil at the end.
    package var next: ReachCursor?
    /// Places that go to people at the origin, by id; on the first page only.
    package var coming: [ComingPlace]
    /// Whom to credit.
    package var attributions: [String]
    /// How much is written of each place.
    package var detail: ReachQuery.Detail
    /// The language of names and highlights.
    package var language: Language

    /// An answer; see the fields.
    package init(
        revision: Revision, origin: ResolvedOrigin, profile: Profile, minutes: Double,
        places: [ReachedPlace], next: ReachCursor?, coming: [ComingPlace] = [], attributions: [String],
        detail: ReachQuery.Detail = .full, language: Language
    ) {
        self.revision = revision
        self.origin = origin
        self.profile = profile
        self.minutes = minutes
        self.places = places
        self.next = next
        self.coming = coming
        self.attributions = attributions
        self.detail = detail
        self.language = language
    }
}

/// A place that goes to people at the origin: its service area holds it.
package struct ComingPlace: Sendable {
    /// The record, with what of its JSON never changes.
    package let record: PlaceRecord
    /// Whether it is open.
    package var opening: PlaceOpening
    /// What its module says about it.
    package var highlights: [Highlight]

    /// The rows that met the conditions, where some were on a table.
    package var rows: [ReachedRows]

    /// Places at most in one answer.
    ///
    /// Chosen, not measured: a screen shows a dozen.
    package static let maximumCount = 50

    /// A coming place; see the fields.
    package init(
        record: PlaceRecord, opening: PlaceOpening, highlights: [Highlight], rows: [ReachedRows] = []
    ) {
        self.record = record
        self.opening = opening
        self.highlights = highlights
        self.rows = rows
    }
}

/// What is reached within one limit.
package struct IsochroneBand: Sendable {
    /// The limit in minutes.
    package var minutes: Double
    /// The limit in metres.
    package var metres: Metres
    /// The reached pieces of way: lines of at least two points.
    package var ways: [[Coordinate]]
    /// The area around them.
    package var area: Area

    /// A band; see the fields.
    package init(minutes: Double, metres: Metres, ways: [[Coordinate]], area: Area) {
        self.minutes = minutes
        self.metres = metres
        self.ways = ways
        self.area = area
    }
}

/// The answer to `IsochroneQuery`.
package struct IsochroneReply: Sendable {
    /// What was known when it was made.
    package var revision: Revision
    /// Where the walk starts.
    package var origin: ResolvedOrigin
    /// How one walks.
    package var profile: Profile
    /// Ascending limits.
    package var bands: [IsochroneBand]
    /// Whom to credit.
    package var attributions: [String]

    /// An answer; see the fields.
    package init(
        revision: Revision, origin: ResolvedOrigin, profile: Profile, bands: [IsochroneBand],
        attributions: [String]
    ) {
        self.revision = revision
        self.origin = origin
        self.profile = profile
        self.bands = bands
        self.attributions = attributions
    }
}

/// One step of a route, in words.
package struct RouteInstruction: Hashable, Sendable {
    /// What to do.
    package var text: LocalizedText
    /// Its length.
    package var metres: Metres
    /// The index of its first point on the route's line, from 0.
    package var firstPoint: Int

    /// A step; see the fields.
    package init(text: LocalizedText, metres: Metres, firstPoint: Int) {
        self.text = text
        self.metres = metres
        self.firstPoint = firstPoint
    }
}

/// The answer to `RouteQuery`.
package struct RouteReply: Sendable {
    /// What was known when it was made.
    package var revision: Revision
    /// Where the walk starts.
    package var origin: ResolvedOrigin
    /// Where it ends.
    package var place: Place
    /// How one walks.
    package var profile: Profile
    /// The whole walk, legs included.
    package var walk: Walk
    /// From the origin's point to the place's, both included.
    package var line: [Coordinate]
    /// In order.
    package var steps: [RouteInstruction]
    /// Whom to credit.
    package var attributions: [String]
    /// The language of the steps.
    package var language: Language

    /// An answer; see the fields.
    package init(
        revision: Revision, origin: ResolvedOrigin, place: Place, profile: Profile, walk: Walk,
        line: [Coordinate], steps: [RouteInstruction], attributions: [String], language: Language
    ) {
        self.revision = revision
        self.origin = origin
        self.place = place
        self.profile = profile
        self.walk = walk
        self.line = line
        self.steps = steps
        self.attributions = attributions
        self.language = language
    }
}

/// A page of places.
package struct PlacePage: Sendable {
    /// What was known when it was made.
    package var revision: Revision
    /// In the order of their ids.
    package var places: [Place]
    /// The last id of this page, when more follow.
    package var next: PlaceID?
    /// Whom to credit.
    package var attributions: [String]
    /// The language of names.
    package var language: Language

    /// A page; see the fields.
    package init(
        revision: Revision, places: [Place], next: PlaceID?, attributions: [String], language: Language
    ) {
        self.revision = revision
        self.places = places
        self.next = next
        self.attributions = attributions
        self.language = language
    }
}

/// One place, with all that is known of it.
package struct PlaceReply: Sendable {
    /// What was known when it was made.
    package var revision: Revision
    /// The record.
    package var place: Place
    /// Derived facts that can be filtered by.
    package var facets: [String: AttributeValue]
    /// Whether it is open.
    package var opening: PlaceOpening
    /// What its module says about it.
    package var highlights: [Highlight]
    /// Which sources know it, each with its own key for it.
    package var sources: [SourceMention]
    /// Whom to credit.
    package var attributions: [String]
    /// Changes when, and only when, the record changes: the `ETag`, for `If-Match`.
    package var tag: String
    /// Whether its type is described by anything.
    package var isTypeKnown = true
    /// The place that it lies in.
    package var whole: Place?
    /// The places that lie in it, in the order of their ids.
    package var parts: [Place] = []
    /// Who runs it.
    package var organisation: Organisation?
    /// What takes place in it, in the order of their ids.
    package var activities: [Activity] = []
    /// What parties have confirmed and contested of what still holds, newest first.
    package var confirmations: [ConfirmationMention] = []

    /// An answer; see the fields.
    package init(
        revision: Revision, place: Place, facets: [String: AttributeValue], opening: PlaceOpening,
        highlights: [Highlight], sources: [SourceMention], attributions: [String], tag: String
    ) {
        self.revision = revision
        self.place = place
        self.facets = facets
        self.opening = opening
        self.highlights = highlights
        self.sources = sources
        self.attributions = attributions
        self.tag = tag
    }
}

/// A source that knows a record.
package struct SourceMention: Hashable, Sendable {
    /// The source.
    package var source: SourceID
    /// The source's own key for the record.
    package var key: String
    /// Whether the source's last delivery still had it.
    package var isPresent: Bool

    /// A mention; see the fields.
    package init(source: SourceID, key: String, isPresent: Bool) {
        self.source = source
        self.key = key
        self.isPresent = isPresent
    }
}
