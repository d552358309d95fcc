import DirectoryModel

/// What one source says of a place of which several sources speak.
package struct PlaceStatement: Hashable, Sendable {
    /// Who says it.
    package var source: SourceID
    /// The source's own key for the place.
    package var key: String
    /// The place in the source's words, by the id that it has, or would have, by itself; only what `since` names was
    /// said.
    package var place: Place
    /// The fields that it states, by their names on the wire (`hours`, `attributes.seats`), and since when it says
    /// so; a field that is named and not there is stated to be nothing.
    package var since: [String: Since]

    /// Since when a source says something.
    package struct Since: Hashable, Sendable {
        /// The revision that brought it, by which the newest word is told.
        package var revision: Revision
        /// When.
        package var time: Timestamp

        /// A moment of the history.
        package init(revision: Revision, time: Timestamp) {
            self.revision = revision
            self.time = time
        }
    }

    /// A statement; see the fields.
    package init(source: SourceID, key: String, place: Place, since: [String: Since]) {
        self.source = source
        self.key = key
        self.place = place
        self.since = since
    }
}

/// A row that may tell of a place that is there already, kept aside until somebody decides.
package struct HeldRow: Hashable, Sendable {
    /// Its number, from 1; none is used twice.
    package var number: Int64
    /// Where it comes from.
    package var source: SourceID
    /// The source's own key for it.
    package var key: String
    /// What would be stored of it.
    package var place: Place
    /// The places that it may tell of, the likeliest first; at least one.
    package var candidates: [HeldCandidate]
    /// The file that it was last in, without its folder.
    package var fileName: String
    /// When it was first held.
    package var since: Timestamp

    /// A row; see the fields.
    package init(
        number: Int64 = 0, source: SourceID, key: String, place: Place, candidates: [HeldCandidate],
        fileName: String, since: Timestamp
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

/// A place that a row may tell of.
package struct HeldCandidate: Hashable, Sendable {
    /// The place.
    package var place: PlaceID
    /// How sure it is that they are one, 0…1.
    package var confidence: Double
    /// What speaks for it and against it, the weightiest first.
    package var evidence: [LocalizedText]

    /// A candidate; see the fields.
    package init(place: PlaceID, confidence: Double, evidence: [LocalizedText]) {
        self.place = place
        self.confidence = confidence
        self.evidence = evidence
    }
}

/// Two places of which somebody has said that they are two, ascending by id.
package struct KeptApart: Hashable, Sendable {
    /// The one.
    package let one: PlaceID
    /// The other.
    package let other: PlaceID

    /// The two in their order; they are not the same.
    package init(_ one: PlaceID, _ other: PlaceID) {
        let isInOrder = one.rawValue.utf8.lexicographicallyPrecedes(other.rawValue.utf8)
        self.one = isInOrder ? one : other
        self.other = isInOrder ? other : one
    }
}

/// That a party has looked at a fact of a place, and found it right or wrong.
package struct PlaceConfirmation: Hashable, Sendable {
    /// The place.
    package var place: PlaceID
    /// What was looked at, by its name on the wire.
    package var fact: String
    /// Whether it was found right.
    package var isConfirmed: Bool
    /// The fact's value at that time; nil where it had none.
    package var value: String?
    /// The party's id.
    package var party: String
    /// Who wrote it down.
    package var actor: Actor
    /// When.
    package var time: Timestamp
    /// What the party says to it.
    package var note: String?

    /// A confirmation; see the fields.
    package init(
        place: PlaceID, fact: String, isConfirmed: Bool, value: String?, party: String, actor: Actor,
        time: Timestamp, note: String? = nil
    ) {
        self.place = place
        self.fact = fact
        self.isConfirmed = isConfirmed
        self.value = value
        self.party = party
        self.actor = actor
        self.time = time
        self.note = note
    }
}
