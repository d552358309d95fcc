package import DirectoryModel

/// The question what is called so: by characters, pinyin, initials, telephone digits or English words.
package struct SearchQuery: Hashable, Sendable {
    /// What was typed, 1…200 characters.
    package var text: String
    /// Where nearness counts from; nil where it does not count.
    package var origin: OriginWord?
    /// Any of these types; empty for all.
    ///
    /// With types there are places alone among the answers.
    package var types: [ServiceTypeID]
    /// Only in this community.
    package var community: CommunityID?
    /// Any of these kinds of thing; empty for all.
    package var kinds: [Kind] = []
    /// Things at most, 1…500.
    package var limit: Int
    /// The language of names.
    package var language: Language

    /// A kind of thing that can be found.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        /// A place.
        case place
        /// An origin of any kind.
        case origin
        /// An activity.
        case activity
        /// An organisation.
        case organisation
    }

    /// The longest text, in characters; chosen, not measured: the longest names have fifty.
    package static let longestText = 200

    /// A query; see the fields.
    package init(
        text: String, origin: OriginWord? = nil, types: [ServiceTypeID] = [], community: CommunityID? = nil,
        limit: Int = 20, language: Language = .zh
    ) {
        self.text = text
        self.origin = origin
        self.types = types
        self.community = community
        self.limit = limit
        self.language = language
    }
}

/// How a text was found, and which characters of it matched, so that a page can mark them.
package struct TextMatch: Hashable, Sendable {
    /// The channel in snake case, such as `exact_name` or `initials`: answers of a better channel come first.
    package var channel: String
    /// Which text was found: `name`, `other`, `english`, `type_word` or `address`.
    package var field: String
    /// That text.
    package var text: String
    /// The matched characters of it.
    package var range: Range<Int>

    /// A match; see the fields.
    package init(channel: String, field: String, text: String, range: Range<Int>) {
        self.channel = channel
        self.field = field
        self.text = text
        self.range = range
    }
}

/// A thing that was found.
package struct FoundThing: Sendable {
    /// What was found.
    package enum Thing: Sendable {
        /// A place.
        case place(PlaceRecord)
        /// An origin.
        case origin(Origin)
        /// An activity, where it takes place, and when its next session begins, if that is known.
        case activity(Activity, at: Coordinate?, next: Timestamp?)
        /// An organisation.
        case organisation(Organisation)
    }

    /// The thing.
    package var thing: Thing
    /// How it was found.
    package var match: TextMatch
    /// How far it lies from the origin, as the crow flies; nil where no origin was given, or it has no point.
    package var distance: Metres?

    /// A found thing; see the fields.
    package init(thing: Thing, match: TextMatch, distance: Metres?) {
        self.thing = thing
        self.match = match
        self.distance = distance
    }
}

/// The answer to a search, or to what can be typed next.
package struct SearchReply: Sendable {
    /// What was known when it was made.
    package var revision: Revision
    /// The keys that lead to something when they are typed next; nil for a search.
    package var nextKeys: [Character]?
    /// What is found: by channel, then nearness.
    package var found: [FoundThing]
    /// Whom to credit.
    package var attributions: [String]
    /// The language of names.
    package var language: Language

    /// An answer; see the fields.
    package init(
        revision: Revision, nextKeys: [Character]? = nil, found: [FoundThing], attributions: [String],
        language: Language
    ) {
        self.revision = revision
        self.nextKeys = nextKeys
        self.found = found
        self.attributions = attributions
        self.language = language
    }
}

extension SearchQuery {
    /// Reads the words of `GET /v1/search` and `GET /v1/suggest`.
    ///
    /// - Parameter mayBeEmpty: whether nothing need have been typed yet.
    /// - Throws: `invalid_request`, `invalid_id`.
    package init(words: inout QueryWords, mayBeEmpty: Bool = false) throws(DirectoryError) {
        let given = words.all("q")
        guard given.count <= 1 else {
            throw DirectoryError(.invalidRequest, "“q” is given \(given.count) times", location: "q")
        }
        guard let typed = given.first ?? (mayBeEmpty ? "" : nil), mayBeEmpty || !typed.isEmpty else {
            throw DirectoryError(
                .invalidRequest, "there is nothing to look for", advice: "give it as `q=`", location: "q")
        }
        self.init(text: try SearchQuery.checked(typed))
        origin = try words.originIfGiven()
        types = try words.types()
        community = try words.id("community")
        kinds = try words.all("kind").map { text throws(DirectoryError) in
            guard let kind = Kind(rawValue: text) else {
                throw DirectoryError(
                    .invalidRequest, "“kind” is \(text.shortened())",
                    advice: "use one of " + Kind.allCases.map(\.rawValue).joined(separator: ", "),
                    location: "kind")
            }
            return kind
        }
        limit = try words.whole("limit", in: 1...WalkLimit.maximumPage) ?? limit
        language = try words.language()
        try words.finish()
    }

    /// A text that may be looked for.
    static func checked(_ text: String) throws(DirectoryError) -> String {
        guard text.count <= longestText else {
            throw DirectoryError(
                .invalidRequest, "“q” has \(text.count) characters, and may have \(longestText)",
                location: "q")
        }
        return text
    }
}

extension QueryWords {
    /// The start of a walk, where one is given.
    mutating func originIfGiven() throws(DirectoryError) -> OriginWord? {
        guard ["origin", "lat", "lon"].contains(where: holds) else {
            note(["origin", "lat", "lon"])
            return nil
        }
        return try origin()
    }
}

extension SearchReply {
    /// Writes the answer as `GET /v1/search` and `GET /v1/suggest` give it.
    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.key("revision")
        json.whole(revision.number)
        if let nextKeys {
            json.key("next_keys")
            json.beginArray()
            for key in nextKeys { json.string(String(key)) }
            json.endArray()
        }
        json.key("found")
        json.beginArray()
        for thing in found { thing.write(to: &json, in: language) }
        json.endArray()
        json.attribution(attributions)
        json.endObject()
    }
}

extension FoundThing {
    fileprivate func write(to json: inout JSONWriter, in language: Language) {
        json.beginObject()
        switch thing {
        case .place(let record):
            json.key("kind")
            json.string("place")
            record.writeFirst(to: &json, in: language)
            record.writeLast(to: &json, in: language)
        case .origin(let origin):
            json.key("kind")
            json.string(origin.kind.rawValue)
            json.key("id")
            json.string(origin.id.rawValue)
            json.key("name")
            json.string(language == .en ? origin.nameEnglish ?? origin.name : origin.name)
            json.key("location")
            json.point(origin.location)
        case .activity(let activity, let location, let next):
            json.key("kind")
            json.string("activity")
            json.key("id")
            json.string(activity.id.rawValue)
            json.key("name")
            json.string(activity.name(in: language))
            json.key("location")
            if let location { json.point(location) } else { json.null() }
            json.key("next")
            json.string(next?.rfc3339)
        case .organisation(let organisation):
            json.key("kind")
            json.string("organisation")
            json.key("id")
            json.string(organisation.id.rawValue)
            json.key("name")
            json.string(organisation.name(in: language))
            json.key("address")
            json.string(organisation.address)
        }
        json.key("match")
        json.match(match)
        if let distance {
            json.key("distance_metres")
            json.fixed(distance.value, places: 1)
        }
        json.endObject()
    }
}

extension JSONWriter {
    mutating func match(_ match: TextMatch) {
        beginObject()
        key("channel")
        string(match.channel)
        key("field")
        string(match.field)
        key("text")
        string(match.text)
        key("from")
        whole(match.range.lowerBound)
        key("to")
        whole(match.range.upperBound)
        endObject()
    }
}
