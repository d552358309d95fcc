package import DirectoryModel

/// Which rows that wait are wanted.
package struct HeldQuery: Hashable, Sendable {
    /// Only rows of this source.
    package var source: SourceID?
    /// Rows up to this number are left out.
    package var after: Int64
    /// How many at most, 1…500.
    package var limit: Int

    /// A query; see the fields.
    package init(source: SourceID? = nil, after: Int64 = 0, limit: Int = 50) {
        self.source = source
        self.after = after
        self.limit = limit
    }
}

/// A row that looks like a place that is there.
package struct HeldPlace: Hashable, Sendable {
    /// Its number.
    package var number: Int64
    /// Where it comes from.
    package var source: SourceID
    /// The source's own key for it.
    package var key: String
    /// What would be stored of it.
    package var place: Place
    /// The places that it looks like, the likeliest first, as they are now; those that are gone are left out.
    package var candidates: [PlaceLikeness]
    /// The file that it was last in.
    package var fileName: String
    /// When it was first held.
    package var since: Timestamp

    /// A row; see the fields.
    package init(
        number: Int64, source: SourceID, key: String, place: Place, candidates: [PlaceLikeness],
        fileName: String,
        since: Timestamp
    ) {
        self.number = number
        self.source = source
        self.key = key
        self.place = place
        self.candidates = candidates
        self.fileName = fileName
        self.since = since
    }
}

/// A place, and how sure it is that something else tells of it.
package struct PlaceLikeness: Hashable, Sendable {
    /// The place.
    package var place: Place
    /// How sure it is, 0…1.
    package var confidence: Double
    /// What speaks for it and against it, the weightiest first.
    package var evidence: [LocalizedText]

    /// A likeness; see the fields.
    package init(place: Place, confidence: Double, evidence: [LocalizedText]) {
        self.place = place
        self.confidence = confidence
        self.evidence = evidence
    }
}

/// Rows that wait, ascending by number.
package struct HeldPage: Hashable, Sendable {
    /// What was known when it was made.
    package var revision: Revision
    /// How many wait in all, of whatever source.
    package var waiting: Int
    /// The rows.
    package var rows: [HeldPlace]
    /// The last number of this page, when more follow.
    package var next: Int64?

    /// A page; see the fields.
    package init(revision: Revision, waiting: Int, rows: [HeldPlace], next: Int64?) {
        self.revision = revision
        self.waiting = waiting
        self.rows = rows
        self.next = next
    }
}

/// Which pairs of stored places are wanted.
package struct PairQuery: Hashable, Sendable {
    /// Only places of this community.
    package var community: CommunityID?
    /// Only places of this type.
    package var type: ServiceTypeID?
    /// Whether pairs that are merely likely (`maybe`) are wanted as well.
    package var withMaybe: Bool
    /// How many at most, 1…500.
    package var limit: Int

    /// A query; see the fields.
    package init(
        community: CommunityID? = nil, type: ServiceTypeID? = nil, withMaybe: Bool = false, limit: Int = 50
    ) {
        self.community = community
        self.type = type
        self.withMaybe = withMaybe
        self.limit = limit
    }
}

/// Two stored places that look like one.
package struct PlacePair: Hashable, Sendable {
    /// The one, with the lower id.
    package var one: Place
    /// The other, and how sure it is.
    package var other: PlaceLikeness

    /// A pair; see the fields.
    package init(one: Place, other: PlaceLikeness) {
        self.one = one
        self.other = other
    }
}

/// Pairs of stored places, the surest first.
package struct PairList: Hashable, Sendable {
    /// What was known when it was made.
    package var revision: Revision
    /// The pairs.
    package var pairs: [PlacePair]
    /// How many there are in all.
    package var count: Int

    /// A list; see the fields.
    package init(revision: Revision, pairs: [PlacePair], count: Int) {
        self.revision = revision
        self.pairs = pairs
        self.count = count
    }
}

/// What somebody has decided about two things that look like one.
package enum DuplicateDecision: Hashable, Sendable {
    /// A held row tells of a place: nil for its likeliest candidate.
    case joinRow(Int64, to: PlaceID?)
    /// A held row tells of a place of its own.
    case rowApart(Int64)
    /// Two stored places are one: the first stays, the other's sources speak of it from now on.
    case join(PlaceID, with: PlaceID)
    /// Two stored places are two.
    case apart(PlaceID, PlaceID)
    /// What a source says under a key is a place of its own after all.
    case part(PlaceID, source: SourceID, key: String)

    /// The words for a decision, as a client sends them.
    package enum Word: String, Hashable, Sendable, CaseIterable {
        /// They are one.
        case join
        /// They are two.
        case apart
        /// One is two after all.
        case part
    }

    /// The members that a client may send.
    package static let fields = ["decision", "row", "place", "other", "source", "key"]

    /// Reads a decision.
    ///
    /// - Throws: `invalid_record` naming the member.
    package init(_ value: JSONValue) throws(DirectoryError) {
        var reader = try JSONObjectReader(value, what: "decision")
        let decision: Word? = try reader.word("decision")
        let row = try reader.whole("row", in: 1...Int.max)
        let place: PlaceID? = try reader.id("place")
        let other: PlaceID? = try reader.id("other")
        let source: SourceID? = try reader.id("source")
        let key = try reader.text("key", limit: 500)
        try reader.finish()
        switch (decision, row, place, other, source, key) {
        case (.join, let row?, let place, nil, nil, nil): self = .joinRow(Int64(row), to: place)
        case (.apart, let row?, nil, nil, nil, nil): self = .rowApart(Int64(row))
        case (.join, nil, let place?, let other?, nil, nil): self = .join(place, with: other)
        case (.apart, nil, let place?, let other?, nil, nil): self = .apart(place, other)
        case (.part, nil, let place?, nil, let source?, let key?):
            self = .part(place, source: source, key: key)
        default:
            throw DirectoryError(
                .invalidRecord, "decision: these members do not make one",
                advice:
                    "send join with row (and place), or place and other; apart with row, or place and other; part with "
                    + "place, source and key", location: "decision")
        }
    }
}

/// What a decision did.
package struct DecisionReply: Hashable, Sendable {
    /// The revision after it.
    package var revision: Revision
    /// The place that there is now: the joined one, or the one that stands by itself.
    package var place: PlaceID
    /// The place that is gone; nil where none is.
    package var gone: PlaceID?

    /// A reply; see the fields.
    package init(revision: Revision, place: PlaceID, gone: PlaceID? = nil) {
        self.revision = revision
        self.place = place
        self.gone = gone
    }
}
