import DirectoryModel

/// One record of any kind.
package enum Record: Hashable, Sendable {
    /// A place.
    case place(Place)
    /// An origin.
    case origin(Origin)
    /// A community.
    case community(Community)
    /// A grid.
    case grid(Grid)
    /// A source.
    case source(Source)
    /// An organisation.
    case organisation(Organisation)
    /// An activity.
    case activity(Activity)
    /// A notice.
    case notice(Notice)

    /// What it is.
    package var kind: RecordKind {
        switch self {
        case .place: .place
        case .origin: .origin
        case .community: .community
        case .grid: .grid
        case .source: .source
        case .organisation: .organisation
        case .activity: .activity
        case .notice: .notice
        }
    }

    /// Its id's text, unique among the records of its kind.
    package var id: String {
        switch self {
        case .place(let place): place.id.rawValue
        case .origin(let origin): origin.id.rawValue
        case .community(let community): community.id.rawValue
        case .grid(let grid): grid.id.rawValue
        case .source(let source): source.id.rawValue
        case .organisation(let organisation): organisation.id.rawValue
        case .activity(let activity): activity.id.rawValue
        case .notice(let notice): notice.id.rawValue
        }
    }

    /// The community that it belongs to, or is; nil where there is none.
    package var community: CommunityID? {
        switch self {
        case .place(let place): place.community
        case .origin(let origin): origin.community
        case .community(let community): community.id
        case .grid(let grid): grid.community
        case .activity(let activity): activity.community
        case .notice(let notice): notice.community
        case .source, .organisation: nil
        }
    }
}

/// What one commit did to one record: never the same before and after.
package struct Change: Hashable, Sendable {
    /// What was changed.
    package let kind: RecordKind
    /// Its id's text.
    package let id: String
    /// The record before the commit, nil where there was none.
    package let before: Record?
    /// The record after the commit, nil where it was deleted.
    package let after: Record?

    /// A change; see the fields.
    package init(kind: RecordKind, id: String, before: Record?, after: Record?) {
        self.kind = kind
        self.id = id
        self.before = before
        self.after = after
    }
}

/// What a write did.
package struct Committed<Result> {
    /// The store's revision after it: one higher if anything changed, else as it was.
    package let revision: Revision
    /// The changed records, each once, in the order in which the transaction first touched them.
    package let changes: [Change]
    /// What the body returned.
    package let result: Result
}

extension Committed: Sendable where Result: Sendable {}
