package import DirectoryModel
internal import ServiceTypeKit

/// A fact of a place that a party may confirm or contest.
package enum ConfirmedFact: String, Hashable, Sendable, CaseIterable {
    /// Whether it is still there.
    case status
    /// Its opening times.
    case hours
    /// Its telephone number.
    case phone
    /// Its address.
    case address
    /// What it is called.
    case name
    /// Where it is.
    case location

    /// The fact's value in a place, as a party sees it; nil where there is none.
    package func value(in place: Place) -> String? {
        switch self {
        case .status: place.status.rawValue
        case .hours: place.hours
        case .phone: place.phone
        case .address: place.address
        case .name: place.name
        case .location: place.location.map { "\($0.latitude.value),\($0.longitude.value)" }
        }
    }

    /// The fact for a person.
    package var words: LocalizedText {
        switch self {
        case .status: LocalizedText(zh: "在营业", en: "that it is there")
        case .hours: LocalizedText(zh: "营业时间", en: "the opening times")
        case .phone: LocalizedText(zh: "电话", en: "the telephone number")
        case .address: LocalizedText(zh: "地址", en: "the address")
        case .name: LocalizedText(zh: "名称", en: "the name")
        case .location: LocalizedText(zh: "位置", en: "where it is")
        }
    }
}

/// What a party has to say about a fact.
package struct ConfirmationBody: Hashable, Sendable {
    /// The fact.
    package var fact: ConfirmedFact
    /// Whether it was found right.
    package var isConfirmed: Bool
    /// What is said to it, 1…200 characters; nil for nothing.
    package var note: String?
    /// For which party the writer speaks, where that is not his own.
    package var party: String?

    /// The words for what was found.
    package enum Verdict: String, Hashable, Sendable, CaseIterable {
        /// Right.
        case confirmed
        /// Wrong.
        case contested
    }

    /// The members that a client may send.
    package static let fields = ["fact", "verdict", "note", "party"]

    /// A body; see the fields.
    package init(fact: ConfirmedFact, isConfirmed: Bool, note: String? = nil, party: String? = nil) {
        self.fact = fact
        self.isConfirmed = isConfirmed
        self.note = note
        self.party = party
    }

    /// Reads a body.
    ///
    /// - Throws: `invalid_record` naming the member; a note that holds a person's number is refused.
    package init(_ value: JSONValue) throws(DirectoryError) {
        var reader = try JSONObjectReader(value, what: "confirmation")
        guard let fact: ConfirmedFact = try reader.word("fact") else {
            throw DirectoryError(
                .invalidRecord, "confirmation: “fact” is missing",
                advice: "use one of " + ConfirmedFact.allCases.map(\.rawValue).joined(separator: ", "),
                location: "fact")
        }
        guard let verdict: Verdict = try reader.word("verdict") else {
            throw DirectoryError(
                .invalidRecord, "confirmation: “verdict” is missing", advice: "use confirmed or contested",
                location: "verdict")
        }
        self.fact = fact
        isConfirmed = verdict == .confirmed
        note = try reader.text("note", limit: 200)
        party = try reader.text("party", limit: 64)
        try reader.finish()
        if let masked = note.flatMap({ PersonalData.masked($0) }) {
            throw DirectoryError(
                .invalidRecord, "confirmation: “note” \(masked.shortened()) holds a person's own number",
                advice: "leave the number out", location: "note")
        }
    }
}

/// What a party has confirmed or contested, as an answer has it.
package struct ConfirmationMention: Hashable, Sendable {
    /// The fact.
    package var fact: ConfirmedFact
    /// Whether it was found right.
    package var isConfirmed: Bool
    /// The party.
    package var party: String
    /// What the party is called; nil where it is in no configuration any more.
    package var partyName: String?
    /// What the party is.
    package var kind: Party.Kind?
    /// When.
    package var time: Timestamp
    /// The day of `time` by the clock of the place's community.
    package var day: LocalDay?
    /// What was said to it.
    package var note: String?
    /// Whether the fact is still what it was then.
    package var isCurrent: Bool

    /// A mention; see the fields.
    package init(
        fact: ConfirmedFact, isConfirmed: Bool, party: String, partyName: String?, kind: Party.Kind?,
        time: Timestamp, day: LocalDay?, note: String?, isCurrent: Bool
    ) {
        self.fact = fact
        self.isConfirmed = isConfirmed
        self.party = party
        self.partyName = partyName
        self.kind = kind
        self.time = time
        self.day = day
        self.note = note
        self.isCurrent = isCurrent
    }

    /// One line for a person: “7月3日楼栋长确认营业时间”.
    package var words: LocalizedText {
        let who = kind?.words ?? LocalizedText(zh: partyName ?? party, en: partyName ?? party)
        let day = day.map { day in
            LocalizedText(
                zh: "\(day.month)月\(day.day)日", en: "\(day.year)-\(Self.two(day.month))-\(Self.two(day.day))")
        }
        let verb =
            isConfirmed ? LocalizedText(zh: "确认", en: "confirmed") : LocalizedText(zh: "质疑", en: "contested")
        return LocalizedText(
            zh: (day?.zh ?? "") + who.zh + verb.zh + fact.words.zh,
            en: "\(verb.en) \(fact.words.en): \(who.en)" + (day.map { ", " + $0.en } ?? ""))
    }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}

/// Which places were not looked at for long.
package struct FreshnessQuery: Hashable, Sendable {
    /// Months since somebody confirmed a place or delivered it, 0…600.
    package var months: Int
    /// Only places of this community.
    package var community: CommunityID?
    /// Only places of this type.
    package var type: ServiceTypeID?

    /// A query; see the fields.
    package init(months: Int = 6, community: CommunityID? = nil, type: ServiceTypeID? = nil) {
        self.months = months
        self.community = community
        self.type = type
    }
}

/// A place, and when it was last known to be so.
package struct PlaceFreshness: Hashable, Sendable {
    /// The place.
    package var place: Place
    /// When a party confirmed it or a source delivered it last; nil where nobody has since that is kept.
    package var confirmed: Timestamp?
    /// The party or the source that did.
    package var by: String?
    /// Whole months since then; nil where that is not known.
    package var months: Int?
    /// The building captain whose building is the nearest on foot; nil where there is none within a quarter of an hour.
    package var captain: Party?

    /// A place; see the fields.
    package init(place: Place, confirmed: Timestamp?, by: String?, months: Int?, captain: Party?) {
        self.place = place
        self.confirmed = confirmed
        self.by = by
        self.months = months
        self.captain = captain
    }
}

/// The places that were not looked at for long: by captain, those of nobody last; then the longest first.
package struct FreshnessReply: Hashable, Sendable {
    /// What was known when it was made.
    package var revision: Revision
    /// The places.
    package var places: [PlaceFreshness]
    /// How many active places were looked at.
    package var among: Int

    /// An answer; see the fields.
    package init(revision: Revision, places: [PlaceFreshness], among: Int) {
        self.revision = revision
        self.places = places
        self.among = among
    }
}
