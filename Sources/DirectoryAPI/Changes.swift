package import DirectoryModel

/// A place in the directory's history: what a follower of the change feed has seen.
///
/// On the wire `918`: everything up to revision 918; or `918.2`: of revision 918 only the first two changes. The
/// numbers count every change of a revision, whatever a follower has asked for, so that its filters may change.
package struct FeedPosition: Hashable, Sendable, CustomStringConvertible {
    /// The revision.
    package var revision: Revision
    /// How many changes of it have been seen; 0 for the whole revision.
    package var part: Int

    /// A position; see the fields.
    package init(_ revision: Revision, part: Int = 0) {
        self.revision = revision
        self.part = part
    }

    /// Reads what `description` wrote; nil for another text.
    package init?(_ text: String) {
        let words = text.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(words.count), let revision = Self.number(words[0]) else { return nil }
        self.init(Revision(revision))
        guard words.count == 2 else { return }
        guard let part = Self.number(words[1]), part > 0 else { return nil }
        self.part = Int(part)
    }

    private static func number(_ text: Substring) -> UInt64? {
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = UInt64(text),
            number <= UInt64(Int64.max)
        else { return nil }
        return number
    }

    /// The position as text.
    package var description: String { part == 0 ? "\(revision.number)" : "\(revision.number).\(part)" }
}

/// What is asked of the change feed.
package struct ChangeQuery: Hashable, Sendable {
    /// A kind of record that the feed tells of.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        /// Places.
        case place
        /// Origins.
        case origin
        /// Communities.
        case community
        /// Grids.
        case grid
        /// Organisations.
        case organisation
        /// Activities.
        case activity
        /// Notices.
        case notice
    }

    /// Where to go on; nil for the present.
    package var position: FeedPosition?
    /// Whether to go on with what is changed from now on; nil where the query does not say.
    package var follows: Bool?
    /// Only records that belong to this community, or are it, before the change or after it.
    package var community: CommunityID?
    /// Only places of these types, before the change or after it; empty for any record.
    package var types: [ServiceTypeID]
    /// Only records of these kinds; empty for all.
    package var kinds: [Kind]
    /// Changes at most, 1…500.
    package var limit: Int
    /// Whether each change carries the record as it is now.
    package var withRecord: Bool
    /// Whether each change says who made it, and for which source.
    package var withActor = false
    /// The language of names.
    package var language: Language

    /// A query of everything from the present on.
    package init(
        position: FeedPosition? = nil, community: CommunityID? = nil, types: [ServiceTypeID] = [],
        kinds: [Kind] = [], limit: Int = WalkLimit.maximumPage, withRecord: Bool = false,
        withActor: Bool = false, language: Language = .zh
    ) {
        self.position = position
        self.community = community
        self.types = types
        self.kinds = kinds
        self.limit = limit
        self.withRecord = withRecord
        self.withActor = withActor
        self.language = language
    }

    /// Reads the words of `GET /v1/changes`.
    ///
    /// - Throws: `invalid_request`, `invalid_id`.
    package init(words: inout QueryWords) throws(DirectoryError) {
        self.init()
        position = try words.one("since").map { text throws(DirectoryError) in
            try Self.position(text, in: "since")
        }
        follows = try words.word("follow", as: Answer.self).map { $0 == .yes }
        withRecord = try words.word("with", as: Extra.self) != nil
        for text in words.all("kind") {
            guard let kind = Kind(rawValue: text) else {
                throw DirectoryError(
                    .invalidRequest,
                    "“kind” is \(text.shortened()), not one of "
                        + Kind.allCases.map(\.rawValue).joined(separator: ", "), location: "kind")
            }
            kinds.append(kind)
        }
        types = try words.types()
        community = try words.id("community")
        limit = try words.limit()
        language = try words.language()
        try words.finish()
    }

    /// Whether a record counts that is, or was, like this.
    package func includes(kind: Kind, type: ServiceTypeID?, community: CommunityID?) -> Bool {
        (kinds.isEmpty || kinds.contains(kind)) && (self.community == nil || community == self.community)
            && (types.isEmpty || type.map(types.contains) ?? false)
    }

    /// The position that a client gives.
    ///
    /// - Throws: `invalid_request` naming where it stands.
    package static func position(_ text: String, in place: String) throws(DirectoryError) -> FeedPosition {
        guard let position = FeedPosition(text) else {
            throw DirectoryError(
                .invalidRequest, "“\(place)” is \(text.shortened()), which is no revision",
                advice: "give a revision such as 918, or an id of this feed such as 918.2", location: place)
        }
        return position
    }

    private enum Answer: String, CaseIterable {
        case yes, no
    }

    private enum Extra: String, CaseIterable {
        case record
    }
}

/// One change of one record.
package struct RecordChange: Hashable, Sendable {
    /// What happened to the record.
    package enum Outcome: String, Hashable, Sendable, CaseIterable {
        /// It was not there before.
        case created
        /// It is another now.
        case changed
        /// It is gone.
        case removed
        /// No source has it any more; it is kept.
        case closed
    }

    /// What a follower that has got this change has seen.
    package var position: FeedPosition
    /// When.
    package var time: Timestamp
    /// What kind of record.
    package var kind: ChangeQuery.Kind
    /// The record's id.
    package var id: String
    /// What happened to it.
    package var outcome: Outcome
    /// Its service type, of a place: after the change, or before where it is gone.
    package var type: ServiceTypeID?
    /// The community that it belongs to, or is: after the change, or before where it is gone.
    package var community: CommunityID?
    /// What differs, by the names on the wire, ascending; empty for what is new or gone.
    package var fields: [String]
    /// Who made it; no part of what the public socket tells.
    package var actor: Actor
    /// The source that the writer spoke for; no part of what the public socket tells.
    package var source: SourceID?
    /// The record as it is now, where it was asked for and is not gone.
    package var record: ChangedRecord?

    /// A change; see the fields.
    package init(
        position: FeedPosition, time: Timestamp, kind: ChangeQuery.Kind, id: String, outcome: Outcome,
        type: ServiceTypeID?, community: CommunityID?, fields: [String], actor: Actor, source: SourceID?,
        record: ChangedRecord? = nil
    ) {
        self.position = position
        self.time = time
        self.kind = kind
        self.id = id
        self.outcome = outcome
        self.type = type
        self.community = community
        self.fields = fields
        self.actor = actor
        self.source = source
        self.record = record
    }
}

/// A record of a kind that the feed tells of.
package enum ChangedRecord: Hashable, Sendable {
    /// A place.
    case place(Place)
    /// An origin.
    case origin(Origin)
    /// A community.
    case community(Community)
    /// A grid.
    case grid(Grid)
    /// An organisation.
    case organisation(Organisation)
    /// An activity.
    case activity(Activity)
    /// A notice.
    case notice(Notice)
}

/// A piece of the history, oldest change first.
package struct ChangePage: Hashable, Sendable {
    /// The directory's revision.
    package var revision: Revision
    /// The changes that were asked for.
    package var changes: [RecordChange]
    /// Where to go on; `revision` whole where there is nothing more.
    package var next: FeedPosition

    /// A page; see the fields.
    package init(revision: Revision, changes: [RecordChange], next: FeedPosition) {
        self.revision = revision
        self.changes = changes
        self.next = next
    }

    /// Whether nothing more has been changed.
    package var isWhole: Bool { next == FeedPosition(revision) }
}

/// Somebody who is told of commits, for as long as this is held.
package final class CommitWatch: Sendable {
    private let end: @Sendable () -> Void

    /// A watch that does `end` when it is let go.
    package init(_ end: @escaping @Sendable () -> Void) { self.end = end }

    deinit { end() }
}

extension DirectoryError.Code {
    /// A revision that the directory has not reached: it was taken from another, or from before a restore.
    package static let revisionAhead = Self(rawValue: "revision_ahead")
    /// Changes that are no longer kept.
    package static let historyGone = Self(rawValue: "history_gone")
}
