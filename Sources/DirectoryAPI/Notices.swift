package import DirectoryModel

/// The question which notices there are for somebody.
package struct NoticeQuery: Hashable, Sendable {
    /// For whoever is there: the notices for an origin and for all that it is part of; nil for all notices.
    package var origin: OriginWord?
    /// Only notices of this community, whether they are for all of it or for a part.
    package var community: CommunityID?
    /// Those that count at this moment; nil for now.
    package var at: Timestamp?
    /// Whether those that are past, are to come or have been closed are wanted as well.
    package var all = false
    /// Where the page before ended.
    package var cursor: NoticeCursor?
    /// Notices to a page, 1…500.
    package var limit = WalkLimit.defaultPage
    /// The language of titles, texts and names.
    package var language = Language.zh

    /// The query for all notices that count now.
    package init() {}

    /// Reads the words of `GET /v1/notices`.
    ///
    /// - Throws: `invalid_request`, `invalid_id`, `invalid_cursor`.
    package init(words: inout QueryWords) throws(DirectoryError) {
        origin = try words.originIfGiven()
        community = try words.id("community")
        at = try words.moment("at")
        all = try words.word("all", as: Answer.self) == .yes
        cursor = try words.one("cursor").map { text throws(DirectoryError) in try NoticeCursor(text: text) }
        limit = try words.limit()
        language = try words.language()
        try words.finish()
    }

    private enum Answer: String, CaseIterable {
        case yes, no
    }
}

/// What a notice's place in a list depends on: urgent ones first, then those for the fewest people, then the newest.
package struct NoticeRank: Hashable, Comparable, Sendable {
    /// Whether it comes before all others.
    package var isUrgent: Bool
    /// How wide its addressee is: 0 a unit or a kiosk, 1 a building or a gate, 2 an estate, 3 a grid, 4 a community.
    package var width: Int
    /// When it begins.
    package var begin: Timestamp
    /// Its id.
    package var id: NoticeID

    /// A rank; see the fields.
    package init(isUrgent: Bool, width: Int, begin: Timestamp, id: NoticeID) {
        self.isUrgent = isUrgent
        self.width = width
        self.begin = begin
        self.id = id
    }

    /// Whether the left notice comes first; of notices that are alike the one with the lower id.
    package static func < (left: Self, right: Self) -> Bool {
        if left.isUrgent != right.isUrgent { return left.isUrgent }
        if left.width != right.width { return left.width < right.width }
        if left.begin != right.begin { return left.begin > right.begin }
        return left.id < right.id
    }
}

/// The last notice of a page: the next page starts after it, whether it is still there or not.
package struct NoticeCursor: Hashable, Sendable {
    /// Where it stood.
    package var rank: NoticeRank

    /// A cursor; see the field.
    package init(_ rank: NoticeRank) { self.rank = rank }

    /// The cursor as an opaque word.
    package var text: String {
        "\(rank.isUrgent ? 1 : 0).\(rank.width).\(rank.begin.secondsSince1970).\(rank.id)"
    }

    /// The cursor that `text` stands for.
    ///
    /// - Throws: `invalid_cursor`.
    package init(text: String) throws(DirectoryError) {
        let parts = text.split(separator: ".", maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count == 4, ["0", "1"].contains(parts[0]), let width = Int(parts[1]),
            let begin = Int64(parts[2]), let id = NoticeID(rawValue: String(parts[3]))
        else {
            throw DirectoryError(
                .invalidCursor, "\(text.shortened()) is no cursor", advice: "use `next` of the page before",
                location: "cursor")
        }
        rank = NoticeRank(
            isUrgent: parts[0] == "1", width: width, begin: Timestamp(secondsSince1970: begin), id: id)
    }
}

/// One notice, with what it names.
package struct NoticeReply: Sendable {
    /// Whether a notice counts at a moment.
    package enum State: String, Hashable, Sendable, CaseIterable {
        /// It has not begun.
        case coming
        /// It counts.
        case current
        /// It has ended.
        case past
    }

    /// The record; its community is that of the addressed ones as they are now.
    package var notice: Notice
    /// What the addressed ones are called: a building behind its estate.
    package var addressee: LocalizedText
    /// Seconds east of Greenwich of its community's clock at its beginning, and at its end.
    package var offsets: (from: Int, until: Int)
    /// Who says it.
    package var organisation: Organisation?
    /// Whether it counts at the moment that was asked about.
    package var state: State
    /// Its place in a list.
    package var rank: NoticeRank
    /// Changes when, and only when, the record changes.
    package var tag: String

    /// An answer; see the fields.
    package init(
        notice: Notice, addressee: LocalizedText, offsets: (from: Int, until: Int),
        organisation: Organisation?, state: State,
        rank: NoticeRank, tag: String
    ) {
        self.notice = notice
        self.addressee = addressee
        self.offsets = offsets
        self.organisation = organisation
        self.state = state
        self.rank = rank
        self.tag = tag
    }
}

/// A page of notices, in the order of `NoticeRank`.
package struct NoticePage: Sendable {
    /// What was known when it was made.
    package var revision: Revision
    /// In order.
    package var notices: [NoticeReply]
    /// Where this page ended, when more follow.
    package var next: NoticeCursor?
    /// The language of titles, texts and names.
    package var language: Language

    /// A page; see the fields.
    package init(revision: Revision, notices: [NoticeReply], next: NoticeCursor?, language: Language) {
        self.revision = revision
        self.notices = notices
        self.next = next
        self.language = language
    }
}
