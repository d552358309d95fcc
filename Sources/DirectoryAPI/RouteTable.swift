package import DirectoryModel

/// What can be asked over HTTP: the one table that the server's router, `openapi.json` and `docs/api.md` come
/// from.
package struct Route: Sendable {
    /// What a route does.
    ///
    /// The server's handlers are a switch over this: a route without one does not build.
    package enum Operation: String, Hashable, Sendable, CaseIterable {
        case reach, isochrone, route, variety, map, search, suggest
        case listPlaces, getPlace, putPlace, patchPlace, deletePlace
        case listOrigins, getOrigin, putOrigin
        case listCommunities, getCommunity, putCommunity
        case listActivities, getActivity, putActivity, deleteActivity
        case listNotices, getNotice, putNotice, deleteNotice
        case listOrganisations, getOrganisation, putOrganisation, deleteOrganisation
        case listTypes, getType
        case listModules, listProfiles
        case sendRegister, listImports, undoImport, getAnswer
        case listDuplicates, listPairs, decideDuplicate
        case getProvenance, verify, freshness, confirm
        case reload, releaseModule
        case changes
        case hsdsMetadata, hsdsServices, hsdsService, hsdsServiceAtLocations, hsdsServiceAtLocation
        case hsdsOrganizations, hsdsOrganization, hsdsTaxonomies, hsdsTaxonomy
        case hsdsTaxonomyTerms, hsdsTaxonomyTerm
        case qr
        case health, metrics, openAPI
    }

    /// An HTTP method that some route has.
    package enum Method: String, Hashable, Sendable, CaseIterable {
        case get = "GET"
        case put = "PUT"
        case patch = "PATCH"
        case post = "POST"
        case delete = "DELETE"
    }

    /// What a route takes as its body.
    package enum Body: Hashable, Sendable {
        /// Nothing; a body that is sent all the same is read and dropped.
        case none
        /// A JSON object with these members.
        case object(members: [String], contentType: String)
        /// A file, up to the limit of registers.
        case file
    }

    /// What a route answers with when all is well.
    package struct Reply: Hashable, Sendable {
        /// The status.
        package var status = 200
        /// The media type, without parameters.
        package var contentType = "application/json"
        /// The members of the answer's object that are always there; empty where it is no JSON object.
        package var members: [String]
        /// The members that may be missing.
        package var optionalMembers: [String] = []
        /// Whether it goes on as `text/event-stream`, unless the client wants this answer.
        package var isFollowed = false
    }

    /// What it does.
    package let operation: Operation
    /// Its method; every GET route takes HEAD as well.
    package let method: Method
    /// Its path; `{id}` stands for one segment.
    package let path: String
    /// One line for a person.
    package let summary: String
    /// The words of its query.
    package let words: [QueryWord]
    /// Its body.
    package let body: Body
    /// Its answer.
    package let reply: Reply
    /// The errors of its own, besides those that any route may give.
    package let errors: [DirectoryError.Code]

    /// Whether it changes something: then it is answered on the admin socket only.
    package var isWrite: Bool { method != .get }

    init(
        _ operation: Operation, _ method: Method, _ path: String, _ summary: String, words: [QueryWord] = [],
        body: Body = .none, reply: Reply, errors: [DirectoryError.Code] = []
    ) {
        self.operation = operation
        self.method = method
        self.path = path
        self.summary = summary
        self.words = words
        self.body = body
        self.reply = reply
        self.errors = errors
    }
}

/// A word of a route's query.
package struct QueryWord: Hashable, Sendable {
    /// What its value is.
    package enum Kind: Hashable, Sendable {
        /// Any text.
        case text
        /// An id: 1…128 bytes without spaces and slashes.
        case id
        /// A number of `unit`.
        case number(ClosedRange<Double>, unit: String)
        /// A whole number.
        case whole(ClosedRange<Int>)
        /// One of these.
        case choice([String])
    }

    /// The word.
    package let name: String
    /// What its value is.
    package let kind: Kind
    /// What it means: one line.
    package let meaning: String
    /// The value where the word is missing, as text; nil where there is none.
    package let standard: String?
    /// Whether it must be given. (`origin`, `lat` and `lon` are a choice, and none of them must.)
    package let isRequired: Bool
    /// Whether it may be given several times.
    package let isRepeatable: Bool
    /// A value that is right.
    package let example: String

    init(
        _ name: String, _ kind: Kind, _ meaning: String, standard: String? = nil, isRequired: Bool = false,
        isRepeatable: Bool = false, example: String
    ) {
        self.name = name
        self.kind = kind
        self.meaning = meaning
        self.standard = standard
        self.isRequired = isRequired
        self.isRepeatable = isRepeatable
        self.example = example
    }

    /// The kind in words: "number 1…60, minutes".
    package var kindText: String {
        func plain(_ number: Double) -> String { number == number.rounded() ? "\(Int(number))" : "\(number)" }
        switch kind {
        case .text: return "text"
        case .id: return "id"
        case .number(let range, let unit):
            return "number \(plain(range.lowerBound))…\(plain(range.upperBound)), \(unit)"
        case .whole(let range): return "whole number \(range.lowerBound)…\(range.upperBound)"
        case .choice(let words): return words.joined(separator: ", ")
        }
    }
}

extension QueryWord {
    static let start: [QueryWord] = [
        QueryWord("origin", .id, "where the walk starts: an origin (起点)", example: "kiosk-1"),
        QueryWord(
            "lat", .number(-90...90, unit: "degrees"), "or a point, WGS-84: its latitude", example: "32.04"),
        QueryWord("lon", .number(-180...180, unit: "degrees"), "and its longitude", example: "118.78"),
    ]
    static let profile = QueryWord(
        "profile", .id, "how one walks (`/v1/profiles`)", standard: "walking.default_profile",
        example: "elder")
    static let lang = QueryWord(
        "lang", .choice(Language.allCases.map(\.rawValue)), "the language of names and words", standard: "zh",
        example: "en")
    static let type = QueryWord(
        "type", .id, "only places of this type (`/v1/types`); several: any of them", isRepeatable: true,
        example: "canteen")
    static let community = QueryWord("community", .id, "only in this community", example: "320102004011")
    static let limit = QueryWord(
        "limit", .whole(1...WalkLimit.maximumPage), "entries to a page", standard: "\(WalkLimit.defaultPage)",
        example: "20")
    static func cursor(_ example: String) -> QueryWord {
        QueryWord("cursor", .text, "`next` of the page before", example: example)
    }
}
