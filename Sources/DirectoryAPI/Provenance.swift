package import DirectoryModel

/// Since when each field of a place is what it is, and from whom.
package struct ProvenanceReply: Hashable, Sendable {
    /// What was known when it was made.
    package var revision: Revision
    /// The place.
    package var place: Place
    /// Each field that says something, in the order of the fields' names.
    package var fields: [FieldProvenance]
    /// The sources that speak of it.
    package var sources: [SourceWord]
    /// What parties have confirmed and contested, newest first.
    package var confirmations: [ConfirmationMention]

    /// An answer; see the fields.
    package init(
        revision: Revision, place: Place, fields: [FieldProvenance], sources: [SourceWord],
        confirmations: [ConfirmationMention]
    ) {
        self.revision = revision
        self.place = place
        self.fields = fields
        self.sources = sources
        self.confirmations = confirmations
    }
}

/// Where the present value of a field comes from.
package struct FieldProvenance: Hashable, Sendable {
    /// The field by its name on the wire; an attribute is `attributes.seats`.
    package var field: String
    /// The value as the place's record has it.
    package var value: JSONValue
    /// The source that says so; nil where nobody is known.
    package var source: SourceID?
    /// The revision that made it so.
    package var revision: Revision
    /// Since when.
    package var since: Timestamp
    /// What other sources say instead.
    package var others: [OtherWord]

    /// What another source says.
    package struct OtherWord: Hashable, Sendable {
        /// The source.
        package var source: SourceID
        /// What it says.
        package var value: JSONValue

        /// A word; see the fields.
        package init(source: SourceID, value: JSONValue) {
            self.source = source
            self.value = value
        }
    }

    /// A field; see the fields.
    package init(
        field: String, value: JSONValue, source: SourceID?, revision: Revision, since: Timestamp,
        others: [OtherWord] = []
    ) {
        self.field = field
        self.value = value
        self.source = source
        self.revision = revision
        self.since = since
        self.others = others
    }
}

/// A source that speaks of a place.
package struct SourceWord: Hashable, Sendable {
    /// The source.
    package var source: SourceID
    /// What the source is called.
    package var title: String
    /// The source's own key for the place.
    package var key: String
    /// Whether its last delivery still had it.
    package var isPresent: Bool
    /// When it was last in a delivery, to half a day; nil where that was before it was kept.
    package var seen: Timestamp?

    /// A source; see the fields.
    package init(source: SourceID, title: String, key: String, isPresent: Bool, seen: Timestamp?) {
        self.source = source
        self.title = title
        self.key = key
        self.isPresent = isPresent
        self.seen = seen
    }
}

/// By what a record is to be verified; exactly one is given.
package enum VerifyQuery: Hashable, Sendable {
    /// The unified social credit code of whoever runs it, checked.
    case creditCode(String)
    /// Its name: equal but for legal form, punctuation and width.
    case name(String)
    /// A source's own key for it.
    case key(source: SourceID, key: String)
}

/// The places that answer to what was asked, with what is known of each and since when.
package struct VerifyReply: Hashable, Sendable {
    /// What was known when it was made.
    package var revision: Revision
    /// What was looked for, as it was understood.
    package var wanted: String
    /// The places, in the order of their ids; empty where there is none.
    package var matches: [ProvenanceReply]

    /// An answer; see the fields.
    package init(revision: Revision, wanted: String, matches: [ProvenanceReply]) {
        self.revision = revision
        self.wanted = wanted
        self.matches = matches
    }
}
