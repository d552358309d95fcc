package import DirectoryModel
internal import ServiceTypeKit

/// A notice as a client sends it.
package struct NoticeBody: Hashable, Sendable {
    /// What it is about, 1…60 characters.
    package var title: String
    /// The same in English.
    package var titleEnglish: String?
    /// What there is to know, 1…2,000 characters in lines.
    package var text: String
    /// The same in English.
    package var textEnglish: String?
    /// Whom it is for.
    package var to: AddresseeWord
    /// From when it is told.
    package var from: DatedException.Edge
    /// Until when; nil where the client has said that nobody knows.
    package var until: DatedException.Edge?
    /// Whether it comes before all others.
    package var isUrgent: Bool
    /// Who says it.
    package var organisation: OrganisationID?
    /// The place that it is about.
    package var place: PlaceID?
    /// Whether it still counts.
    package var status: PlaceStatus

    /// The fields that a client may send.
    package static let fields = [
        "title", "title_en", "text", "text_en", "to", "from", "until", "urgent", "organisation", "place",
        "status",
    ]

    /// The longest title, in characters: a line of a kiosk in large letters and another; chosen, not measured.
    package static let longestTitle = 60
    /// The longest text, in characters: two pages on a notice board; chosen, not measured.
    package static let longestText = 2_000

    /// Reads a notice.
    ///
    /// - Throws: `invalid_record` naming the field, also for a person's number.
    package init(_ value: JSONValue) throws(DirectoryError) {
        var reader = try JSONObjectReader(value, what: "notice")
        title = try reader.requiredText("title", limit: Self.longestTitle)
        titleEnglish = try reader.text("title_en", limit: Self.longestTitle * 2)
        guard let text = try reader.lines("text", limit: Self.longestText) else {
            throw DirectoryError(.invalidRecord, "notice: “text” is missing or empty", location: "text")
        }
        self.text = text
        textEnglish = try reader.lines("text_en", limit: Self.longestText * 2)
        guard let to = reader.any("to") else {
            throw DirectoryError(
                .invalidRecord, "notice: “to” is missing",
                advice: #"say whom it is for: {"kind":"community","id":"320102004011"}"#, location: "to")
        }
        self.to = try AddresseeWord(to)
        guard let from = try reader.noticeEdge("from") else {
            throw DirectoryError(
                .invalidRecord, "notice: “from” is missing", advice: "give a day or a moment",
                location: "from")
        }
        self.from = from
        until = try reader.noticeEdge("until")
        // An end that was forgotten would stay on the wall for ever: that nobody knows it has to be said.
        guard value["until"] != nil else {
            throw DirectoryError(
                .invalidRecord, "notice: “until” is missing",
                advice:
                    "give the last day or the moment of the end; null where it holds until further notice",
                location: "until")
        }
        isUrgent = try reader.bool("urgent") ?? false
        organisation = try reader.id("organisation")
        place = try reader.id("place")
        status = try reader.word("status") ?? .active
        try reader.finish()
        try refusePersonalNumbers()
    }

    private func refusePersonalNumbers() throws(DirectoryError) {
        for (key, text) in [
            ("title", title), ("title_en", titleEnglish), ("text", text), ("text_en", textEnglish),
        ] {
            guard let masked = text.flatMap(PersonalData.masked) else { continue }
            let stars = masked.firstIndex(of: "*") ?? masked.startIndex
            let begin = masked.index(stars, offsetBy: -20, limitedBy: masked.startIndex) ?? masked.startIndex
            throw DirectoryError(
                .invalidRecord,
                "notice: “\(key)” holds a person's own number: \(String(masked[begin...]).shortened(to: 40))",
                advice: "give a service number, or none", location: key)
        }
    }

    /// The notice that the body describes.
    package func notice(_ id: NoticeID, to: Notice.Addressee, community: CommunityID?) -> Notice {
        Notice(
            id: id, title: title, titleEnglish: titleEnglish, text: text, textEnglish: textEnglish, to: to,
            community: community, from: from, until: until, isUrgent: isUrgent, organisation: organisation,
            place: place, status: status)
    }
}

/// Whom a notice is for, as a client says it.
package struct AddresseeWord: Hashable, Sendable {
    /// A kind of addressee.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        /// A community.
        case community
        /// A grid.
        case grid
        /// An origin.
        case origin
    }

    /// Its kind; nil where its id alone tells.
    package var kind: Kind?
    /// Its id.
    package var id: String

    /// Reads `{"kind":…,"id":…}`.
    ///
    /// - Throws: `invalid_record`, `invalid_id`.
    package init(_ value: JSONValue) throws(DirectoryError) {
        var reader = try JSONObjectReader(value, what: "notice's addressee")
        kind = try reader.word("kind")
        // The same text can be the id of a community, a grid or an origin.
        guard let id: OriginID = try reader.id("id") else {
            throw DirectoryError(
                .invalidRecord, "notice: “to” has no id",
                advice: "give the id of a community, a grid or an origin",
                location: "to")
        }
        self.id = id.rawValue
        try reader.finish()
    }

    /// Whom it means, where the kind is said.
    package var addressee: Notice.Addressee? {
        switch kind {
        case nil: nil
        case .community?: .community(CommunityID(unchecked: id))
        case .grid?: .grid(GridID(unchecked: id))
        case .origin?: .origin(OriginID(unchecked: id))
        }
    }
}

extension Notice.Addressee {
    /// Its kind.
    package var kind: AddresseeWord.Kind {
        switch self {
        case .community: .community
        case .grid: .grid
        case .origin: .origin
        }
    }

    /// Its id's text.
    package var id: String {
        switch self {
        case .community(let id): id.rawValue
        case .grid(let id): id.rawValue
        case .origin(let id): id.rawValue
        }
    }
}

extension JSONObjectReader {
    /// The day or moment under a key, or nil.
    fileprivate mutating func noticeEdge(_ key: String) throws(DirectoryError) -> DatedException.Edge? {
        guard let text = try text(key, limit: 40) else { return nil }
        guard let edge = DatedException.Edge(text) else {
            throw DirectoryError(
                .invalidRecord, "notice: “\(key)” is \(text.shortened()), no day and no moment",
                advice: "write 2026-11-27 or 2026-11-27T08:00:00+08:00", location: key)
        }
        return edge
    }
}
