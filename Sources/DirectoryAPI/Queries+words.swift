package import DirectoryModel

extension QueryWords {
    /// The start of a walk: `origin=ID`, or `lat=` and `lon=`.
    package mutating func origin() throws(DirectoryError) -> OriginWord {
        let id: OriginID? = try id("origin")
        let latitude = try number("lat", in: -90...90, unit: "degrees")
        let longitude = try number("lon", in: -180...180, unit: "degrees")
        switch (id, latitude, longitude) {
        case (let id?, nil, nil): return .id(id)
        case (nil, let latitude?, let longitude?):
            return .point(Coordinate(uncheckedLatitude: latitude, longitude: longitude))
        case (.some, _, _):
            throw DirectoryError(
                .invalidRequest, "both an origin and a point are given",
                advice: "give either `origin=ID` or `lat=` and `lon=`", location: "origin")
        default:
            throw DirectoryError(
                .invalidRequest, "the start of the walk is missing",
                advice: "give either `origin=ID` or both `lat=` and `lon=`", location: "origin")
        }
    }

    /// `minutes=`, 1…60.
    mutating func minutes() throws(DirectoryError) -> Double? {
        try number("minutes", in: WalkLimit.minutes, unit: "minutes")
    }

    /// `minutes=` with up to six ascending walking times.
    mutating func limits(standard: String) throws(DirectoryError) -> [Double] {
        var minutes: [Double] = []
        let text = try one("minutes") ?? standard
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let number = Double(part), WalkLimit.minutes.contains(number),
                number > minutes.last ?? 0, minutes.count < IsochroneQuery.maximumLimits
            else {
                throw DirectoryError(
                    .invalidRequest,
                    "“minutes” is \(text.shortened()), not up to \(IsochroneQuery.maximumLimits) ascending "
                        + "numbers from 1 to 60 with commas between them", location: "minutes")
            }
            minutes.append(number)
        }
        return minutes
    }

    /// `limit=`, 1…500.
    mutating func limit() throws(DirectoryError) -> Int {
        try whole("limit", in: 1...WalkLimit.maximumPage) ?? WalkLimit.defaultPage
    }

    /// `lang=zh|en`.
    package mutating func language() throws(DirectoryError) -> Language { try word("lang") ?? .zh }

    /// `type=`, repeatable.
    mutating func types() throws(DirectoryError) -> [ServiceTypeID] {
        try all("type").map { text throws(DirectoryError) in try ServiceTypeID(validating: text) }
    }
}

extension ReachQuery {
    /// Reads the words of `GET /v1/reach`.
    ///
    /// - Throws: `invalid_request`, `invalid_id`, `invalid_cursor`.
    package init(words: inout QueryWords) throws(DirectoryError) {
        // What most questions have, first.
        let limit = try words.limit()
        let minutes = try words.minutes()
        try self.init(conditionsOf: &words)
        self.limit = limit
        self.minutes = minutes
        text = try words.one("q").map { text throws(DirectoryError) in try SearchQuery.checked(text) }
        cursor = try words.one("cursor").map { text throws(DirectoryError) in try ReachCursor(text: text) }
        detail = try words.word("detail") ?? .full
        try words.finish()
        guard text == nil || cursor == nil else {
            throw DirectoryError(
                .invalidRequest, "a search has no second page",
                advice: "give a larger `limit` instead of `cursor`",
                location: "cursor")
        }
    }

    /// Reads where a walk starts, how one walks, and which places count.
    ///
    /// - Throws: `invalid_request`, `invalid_id`.
    init(conditionsOf words: inout QueryWords) throws(DirectoryError) {
        self.init(origin: try words.origin())
        profile = try words.id("profile")
        types = try words.types()
        serviceClass = try words.one("class")
        if let serviceClass, !["basic", "quality"].contains(serviceClass) {
            throw DirectoryError(
                .invalidRequest, "“class” is \(serviceClass.shortened()), not one of basic, quality",
                location: "class")
        }
        community = try words.id("community")
        conditions = try words.all("where").map { text throws(DirectoryError) in
            try WhereClause(text: text)
        }
        open = try words.open()
        language = try words.language()
    }
}

extension WhereClause {
    /// The operators, in the order of the documentation.
    package static let operators = ["eq", "ne", "lt", "le", "gt", "ge", "has"]

    /// Reads `attribute:op:value`; the value may hold colons.
    ///
    /// - Throws: `invalid_request`.
    package init(text: String) throws(DirectoryError) {
        let parts = text.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false).map(
            String.init)
        guard parts.count == 3, !parts[0].isEmpty, WhereClause.operators.contains(parts[1]) else {
            throw DirectoryError(
                .invalidRequest, "“where” is \(text.shortened()), not attribute:op:value",
                advice: "op is one of " + WhereClause.operators.joined(separator: " "), location: "where")
        }
        self.init(attribute: parts[0], op: parts[1], value: parts[2])
    }
}

extension IsochroneQuery {
    /// Most limits in one answer.
    ///
    /// Chosen, not measured: 5, 10 and 15 minutes are what is asked.
    package static let maximumLimits = 6

    /// Reads the words of `GET /v1/isochrone`.
    ///
    /// - Throws: `invalid_request`, `invalid_id`.
    package init(words: inout QueryWords) throws(DirectoryError) {
        let origin = try words.origin()
        let minutes = try words.limits(standard: "5,10,15")
        self.init(origin: origin, minutes: minutes, profile: try words.id("profile"))
        try words.finish()
    }
}

extension RouteQuery {
    /// Reads the words of `GET /v1/route`.
    ///
    /// - Throws: `invalid_request`, `invalid_id`.
    package init(words: inout QueryWords) throws(DirectoryError) {
        let origin = try words.origin()
        guard let destination: PlaceID = try words.id("to") else {
            throw DirectoryError(
                .invalidRequest, "the end of the walk is missing", advice: "give the place's id as `to=`",
                location: "to")
        }
        self.init(
            origin: origin, destination: destination, profile: try words.id("profile"),
            language: try words.language())
        try words.finish()
    }
}

extension PlaceListQuery {
    /// Reads the words of `GET /v1/places`.
    ///
    /// - Throws: `invalid_request`, `invalid_id`.
    package init(words: inout QueryWords) throws(DirectoryError) {
        self.init()
        types = try words.types()
        community = try words.id("community")
        switch try words.one("status") {
        case nil: status = .active
        case "all": status = nil
        case let text?:
            guard let known = PlaceStatus(rawValue: text) else {
                throw DirectoryError(
                    .invalidRequest,
                    "“status” is \(text.shortened()), not one of active, closed_at_source, all",
                    location: "status")
            }
            status = known
        }
        after = try words.id("cursor")
        limit = try words.limit()
        language = try words.language()
        try words.finish()
    }
}

extension OriginListQuery {
    /// Reads the words of `GET /v1/origins`.
    ///
    /// - Throws: `invalid_request`, `invalid_id`.
    package init(words: inout QueryWords) throws(DirectoryError) {
        self.init()
        kind = try words.word("kind")
        community = try words.id("community")
        parent = try words.id("parent")
        after = try words.id("cursor")
        limit = try words.limit()
        language = try words.language()
        try words.finish()
    }
}
