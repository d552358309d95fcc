package import DirectoryAPI
package import DirectoryModel
internal import ServiceTypeKit

/// Asks a daemon for the JSON of a route; the words of the query are not encoded yet, each part of the path is.
package typealias ReplyReader = (_ path: String, _ query: [(name: String, value: String)])
    throws(DirectoryError) -> JSONValue

extension DirectoryExtract {
    /// Takes a part of a directory out by what a daemon answers on its routes for everybody.
    ///
    /// - Throws: what `ask` throws; `bad_reply` for an answer that is none of this version, `changed_meanwhile` where the
    ///   directory is changed all the time.
    package init(asking ask: ReplyReader, _ scope: ExtractScope) throws(DirectoryError) {
        for _ in 0..<Self.tries {
            if let extract = try Self(attempt: ask, scope) {
                self = extract
                return
            }
        }
        throw Self.unsteady()
    }

    /// One attempt; nil where the directory was changed meanwhile.
    private init?(attempt ask: ReplyReader, _ scope: ExtractScope) throws(DirectoryError) {
        var revisions: Set<Int> = []
        func reply(_ path: String, _ query: [(name: String, value: String)] = [])
            throws(DirectoryError) -> JSONValue
        {
            let reply = try ask(path, query)
            guard case .whole(let revision)? = reply["revision"] else { throw Self.badReply("revision") }
            revisions.insert(revision)
            return reply
        }
        self.scope = scope
        (places, organisations, history, attributions) = ([], [], [:], [])
        // Of no revision: it is always the same.
        identity = scope.withOrganisations ? try ask("/hsds/", []).needed("directory") : ""
        var types: [ServiceTypeDescription] = []
        for (order, type) in try reply("/v1/types").items("types").enumerated() {
            let id = try type.needed("id")
            types.append(try ServiceTypeDescription(reply: reply("/v1/types/" + id), order: order + 1))
        }
        try scope.check(types)
        self.types = types
        communities = try reply("/v1/communities").items("communities").map {
            value throws(DirectoryError) in try Community(reply: value)
        }
        let page = [(name: "limit", value: "\(WalkLimit.maximumPage)")]
        let known = Dictionary(types.map { ($0.id, $0) }) { first, _ in first }
        for community in scope.asked {
            var words = page + scope.types.map { ("type", $0.rawValue) }
            if let community { words.append(("community", community.rawValue)) }
            var cursor: String?
            repeat {
                let reply = try reply("/v1/places", words + (cursor.map { [("cursor", $0)] } ?? []))
                for value in try reply.items("places") { places.append(try Place(reply: value, known)) }
                attributions = try reply.strings("attribution")
                cursor = reply.string("next")
            } while cursor != nil
        }
        places.sort { $0.id < $1.id }
        if scope.withOrganisations {
            var cursor: String?
            repeat {
                let reply = try reply("/v1/organisations", page + (cursor.map { [("cursor", $0)] } ?? []))
                for value in try reply.items("organisations") {
                    organisations.append(try Organisation(reply: value))
                }
                cursor = reply.string("next")
            } while cursor != nil
        }
        if scope.withHistory {
            for fresh in try reply("/v1/freshness", [("months", "0")]).items("places") {
                confirmed[PlaceID(unchecked: try fresh.needed("id"))] = PlaceConfirmed(
                    time: fresh.string("confirmed").flatMap { Timestamp(rfc3339: $0) },
                    by: fresh.string("by"),
                    captain: fresh.string("captain_name"))
            }
            var since = "0"
            while true {
                let words = [("since", since), ("follow", "no"), ("kind", "place")]
                let reply = try reply("/v1/changes", page + words)
                for change in try reply.items("changes") { try Self.note(change, in: &history) }
                since = try reply.needed("next")
                guard case .whole(let revision)? = reply["revision"], since != "\(revision)" else { break }
            }
        }
        // One revision everywhere, or it is none of any.
        guard revisions.count == 1, let only = revisions.first else { return nil }
        revision = Revision(UInt64(clamping: only))
    }

    private static func note(_ change: JSONValue, in history: inout [PlaceID: PlaceHistory])
        throws(DirectoryError)
    {
        guard case .whole(let revision)? = change["revision"],
            let time = Timestamp(rfc3339: try change.needed("time"))
        else { throw badReply("changes") }
        note(
            try change.needed("id"), ChangeMark(revision: Revision(UInt64(clamping: revision)), time: time),
            isGone: change.string("change") == RecordChange.Outcome.removed.rawValue, in: &history)
    }

    /// That an answer is not what this version answers.
    static func badReply(_ member: String) -> DirectoryError {
        DirectoryError(
            .badReply, "the answer has no \(member) that can be read",
            advice: "see that quarterctl and quarterd are of one version, and that it is quarterd",
            location: member)
    }
}

// MARK: - Records

extension Place {
    /// A place as lists have it.
    ///
    /// The attributes of a type that the directory does not know at present are left out.
    init(reply: JSONValue, _ types: [ServiceTypeID: ServiceTypeDescription]) throws(DirectoryError) {
        guard case .object(let members) = reply else { throw DirectoryExtract.badReply("places") }
        var body = members.filter { PlaceBody.fields.contains($0.key) }
        body["name"] = reply["names"]?["zh"]
        body["name_en"] = reply["names"]?["en"]
        let type = types[ServiceTypeID(unchecked: try reply.needed("type"))]
        if type == nil { body["attributes"] = nil }
        let read = try PlaceBody(.object(body))
        self = try read.place(
            PlaceID(validating: try reply.needed("id")),
            of: type
                ?? ServiceTypeDescription(
                    id: read.type, name: LocalizedText(zh: read.type.rawValue, en: read.type.rawValue),
                    serviceClass: .basic, order: 0, targetMinutes: 15, source: ""))
        if let point = reply["given"] {
            guard let datum = Datum(rawValue: try point.needed("datum")), let latitude = point.real("lat"),
                let longitude = point.real("lon")
            else { throw DirectoryExtract.badReply("given") }
            given = GivenPoint(datum: datum, latitude: Degrees(latitude), longitude: Degrees(longitude))
        }
    }
}

extension Community {
    /// A community as lists have it, without its boundary.
    init(reply: JSONValue) throws(DirectoryError) {
        self.init(
            id: try CommunityID(validating: reply.needed("id")), name: try reply.chineseName(),
            nameEnglish: reply["names"]?.string("en"), streetOffice: reply.string("street_office"),
            timeZone: reply.string("time_zone"), region: reply.string("region"))
    }
}

extension Organisation {
    /// An organisation as lists have it.
    init(reply: JSONValue) throws(DirectoryError) {
        self.init(
            id: try OrganisationID(validating: reply.needed("id")), name: try reply.chineseName(),
            nameEnglish: reply["names"]?.string("en"),
            kind: Kind(rawValue: reply.string("kind") ?? "") ?? .other,
            creditCode: reply.string("credit_code"), phone: reply.string("phone"),
            address: reply.string("address"), about: reply.string("about"))
    }
}

// MARK: - Types

extension ServiceTypeDescription {
    /// A type as `GET /v1/types/{id}` tells it; the aliases of options are not told.
    ///
    /// - Parameter order: its place in the list of types, from 1.
    init(reply: JSONValue, order: Int) throws(DirectoryError) {
        self.init(
            id: try ServiceTypeID(validating: reply.needed("id")), name: try reply.localized("names"),
            serviceClass: ServiceClass(rawValue: reply.string("class") ?? "") ?? .basic, order: order,
            targetMinutes: reply.real("target_minutes").map { Int($0) } ?? 15,
            searchWords: try reply.strings("search_words"),
            attributes: try reply.items("attributes").map { value throws(DirectoryError) in
                try AttributeDescription(reply: value)
            },
            facets: try reply.items("facets").map { value throws(DirectoryError) in
                try AttributeDescription(reply: value)
            },
            industryCodes: try reply.strings("industry_codes"),
            calendarPolicy: CalendarPolicy(rawValue: reply.string("calendar_policy") ?? "") ?? .commercial,
            source: reply.string("source") ?? "")
    }
}

extension AttributeDescription {
    init(reply: JSONValue) throws(DirectoryError) {
        self.init(
            key: try reply.needed("key"), name: try reply.localized("names"),
            kind: try AttributeKind(reply: reply), isRequired: reply["required"] == .bool(true),
            isFacet: reply["facet"] == .bool(true), columnNames: try reply.strings("columns"))
    }
}

extension AttributeKind {
    init(reply: JSONValue) throws(DirectoryError) {
        let unit = reply["unit"] == nil ? nil : try reply.localized("unit")
        let (minimum, maximum) = (reply.real("minimum"), reply.real("maximum"))
        var range: ClosedRange<Double>?
        if let minimum, let maximum, minimum <= maximum { range = minimum...maximum }
        func options() throws(DirectoryError) -> [AttributeOption] {
            try reply.items("options").map { value throws(DirectoryError) in
                AttributeOption(key: try value.needed("key"), name: try value.localized("names"))
            }
        }
        switch reply.string("kind") {
        case "bool": self = .bool
        case "whole":
            self = .whole(
                unit: unit,
                range: range.flatMap { range in
                    guard let low = Int(exactly: range.lowerBound), let high = Int(exactly: range.upperBound)
                    else { return nil }
                    return low...high
                })
        case "decimal": self = .decimal(unit: unit, range: range)
        case "money": self = .money
        case "text": self = .text
        case "one_of": self = .oneOf(try options())
        case "many_of": self = .manyOf(try options())
        case "schedule": self = .schedule
        case "date": self = .date
        case "rows":
            self = .rows(
                RowSchema(
                    columns: try reply.items("row_columns").map { value throws(DirectoryError) in
                        try AttributeDescription(reply: value)
                    }, rowName: try reply.localized("row_names"), hoursColumn: reply.string("hours_column"),
                    maximumRows: reply.real("maximum_rows").map { Int($0) } ?? RowSchema.maximumRowLimit))
        default: throw DirectoryExtract.badReply("kind")
        }
    }
}

// MARK: - JSON

extension JSONValue {
    /// The text under a key, or nil.
    func string(_ key: String) -> String? {
        guard case .string(let text)? = self[key] else { return nil }
        return text
    }

    /// The text under a key.
    ///
    /// - Throws: `bad_reply` where there is none.
    func needed(_ key: String) throws(DirectoryError) -> String {
        guard let text = string(key) else { throw DirectoryExtract.badReply(key) }
        return text
    }

    /// The number under a key, or nil.
    func real(_ key: String) -> Double? {
        switch self[key] {
        case .whole(let number): Double(number)
        case .decimal(let number): number
        default: nil
        }
    }

    /// The values of the array under a key.
    ///
    /// - Throws: `bad_reply` where there is none.
    func items(_ key: String) throws(DirectoryError) -> [JSONValue] {
        guard case .array(let values)? = self[key] else { throw DirectoryExtract.badReply(key) }
        return values
    }

    /// The texts of the array under a key; none where it is not there.
    func strings(_ key: String) throws(DirectoryError) -> [String] {
        guard self[key] != nil else { return [] }
        return try items(key).map { value throws(DirectoryError) in
            guard case .string(let text) = value else { throw DirectoryExtract.badReply(key) }
            return text
        }
    }

    /// The text in both languages under a key.
    func localized(_ key: String) throws(DirectoryError) -> LocalizedText {
        guard let value = self[key] else { throw DirectoryExtract.badReply(key) }
        return LocalizedText(zh: try value.needed("zh"), en: try value.needed("en"))
    }

    /// The record's Chinese name.
    func chineseName() throws(DirectoryError) -> String {
        guard let names = self["names"] else { throw DirectoryExtract.badReply("names") }
        return try names.needed("zh")
    }
}
