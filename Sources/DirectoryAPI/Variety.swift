package import DirectoryModel

/// The question how many different things are to be had within some walks: dishes for breakfast, goods, services.
package struct VarietyQuery: Hashable, Sendable {
    /// What is counted: `type`, an attribute (`goods`), or a column of a table (`menu.dish`).
    package var by: String
    /// Ascending walking times in minutes, each 1…60, at most six.
    package var minutes: [Double]
    /// Which places count; its minutes, page and text are not looked at.
    package var reach: ReachQuery

    /// A query; see the fields.
    package init(by: String, minutes: [Double], reach: ReachQuery) {
        self.by = by
        self.minutes = minutes
        self.reach = reach
    }

    /// Reads the words of `GET /v1/variety`.
    ///
    /// - Throws: `invalid_request`, `invalid_id`.
    package init(words: inout QueryWords) throws(DirectoryError) {
        guard let by = try words.one("by"), !by.isEmpty else {
            throw DirectoryError(
                .invalidRequest, "what is to be counted is missing",
                advice: "give `by=` type, an attribute, or a column such as menu.dish", location: "by")
        }
        minutes = try words.limits(standard: "8,15")
        self.by = by
        reach = try ReachQuery(conditionsOf: &words)
        try words.finish()
    }
}

/// The answer to `VarietyQuery`.
package struct VarietyReply: Sendable {
    /// What was known when it was made.
    package var revision: Revision
    /// Where the walks start.
    package var origin: ResolvedOrigin
    /// How one walks.
    package var profile: Profile
    /// What is counted.
    package var by: String
    /// One for each walking time, ascending.
    package var limits: [Limit]
    /// Whom to credit.
    package var attributions: [String]
    /// The language of names.
    package var language: Language

    /// What there is within one walking time.
    package struct Limit: Sendable {
        /// The walking time in minutes.
        package var minutes: Double
        /// Places that meet the conditions.
        package var places: Int
        /// The different things, those of most places first, ties by their keys.
        package var values: [Value]

        /// What there is; see the fields.
        package init(minutes: Double, places: Int, values: [Value]) {
            self.minutes = minutes
            self.places = places
            self.values = values
        }
    }

    /// One of the different things.
    package struct Value: Sendable {
        /// The key of an option or a type, or the text itself.
        package var key: String
        /// Its name.
        package var name: LocalizedText
        /// How many places have it.
        package var places: Int
        /// The nearest of them.
        package var nearest: Place
        /// The walk to that one.
        package var walk: Walk

        /// One thing; see the fields.
        package init(key: String, name: LocalizedText, places: Int, nearest: Place, walk: Walk) {
            self.key = key
            self.name = name
            self.places = places
            self.nearest = nearest
            self.walk = walk
        }
    }

    /// An answer; see the fields.
    package init(
        revision: Revision, origin: ResolvedOrigin, profile: Profile, by: String, limits: [Limit],
        attributions: [String], language: Language
    ) {
        self.revision = revision
        self.origin = origin
        self.profile = profile
        self.by = by
        self.limits = limits
        self.attributions = attributions
        self.language = language
    }

    /// Writes the answer as `GET /v1/variety` gives it.
    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.key("revision")
        json.whole(revision.number)
        json.key("origin")
        json.origin(origin, in: language)
        json.key("profile")
        json.string(profile.id.rawValue)
        json.key("by")
        json.string(by)
        json.key("limits")
        json.beginArray()
        for limit in limits { limit.write(to: &json, in: language) }
        json.endArray()
        json.attribution(attributions)
        json.endObject()
    }
}

extension VarietyReply.Limit {
    fileprivate func write(to json: inout JSONWriter, in language: Language) {
        json.beginObject()
        json.key("minutes")
        json.minutes(minutes)
        json.key("places")
        json.whole(places)
        json.key("different")
        json.whole(values.count)
        json.key("values")
        json.beginArray()
        for value in values {
            json.beginObject()
            json.key("key")
            json.string(value.key)
            json.key("name")
            json.string(value.name.text(in: language))
            json.key("places")
            json.whole(value.places)
            json.key("nearest")
            json.link((value.nearest.id.rawValue, value.nearest.name(in: language)), type: value.nearest.type)
            json.key("walk")
            json.walk(value.walk)
            json.endObject()
        }
        json.endArray()
        json.endObject()
    }
}
