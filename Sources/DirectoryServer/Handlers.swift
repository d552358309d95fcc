internal import DirectoryAPI
internal import DirectoryModel
internal import HSDS
internal import Logging
internal import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// Decodes requests, calls the service, encodes its answers.
///
/// Any thread may call.
struct Handlers: Sendable {
    let service: any DirectoryService
    let intake: (any RegisterIntake)?
    let common: CommonHandlers
    let humanServices: HSDSDirectory

    var access: WriteAccess { common.access }
    var logger: Logger { common.logger }

    /// The answer to a request, whatever becomes of it.
    func answer(_ request: Request) -> Response {
        do throws(DirectoryError) {
            return try choose(request)
        } catch {
            guard error.code == .changedMeanwhile else { return Response(error) }
            return conflict(error, request)
        }
    }

    /// That a record is another one by now, with the record as it is: so nobody has to ask again.
    private func conflict(_ error: DirectoryError, _ request: Request) -> Response {
        let reading: Route.Operation
        switch request.operation {
        case .putPlace, .patchPlace, .deletePlace, .confirm: reading = .getPlace
        case .putOrigin: reading = .getOrigin
        case .putCommunity: reading = .getCommunity
        case .putActivity, .deleteActivity: reading = .getActivity
        case .putNotice, .deleteNotice: reading = .getNotice
        case .putOrganisation, .deleteOrganisation: reading = .getOrganisation
        default: return Response(error)
        }
        let question = Request(
            operation: reading, method: "GET", path: request.path, query: "", id: request.id, headers: [:],
            body: nil, peer: request.peer, role: request.role)
        guard let present = try? choose(question) else { return Response(error, current: "null") }
        var response = Response(error, current: String(buffer: present.body))
        response.tag = present.tag
        return response
    }

    private func choose(_ request: Request) throws(DirectoryError) -> Response {
        switch request.operation {
        case .reach: try reach(request)
        case .isochrone: try isochrone(request)
        case .route: try route(request)
        case .variety: try variety(request)
        case .map: try map(request)
        case .search: try search(request)
        case .suggest: try suggest(request)
        case .listPlaces: try listPlaces(request)
        case .getPlace: try getPlace(request)
        case .listOrigins: try listOrigins(request)
        case .getOrigin: try getOrigin(request)
        case .listCommunities: try listCommunities(request)
        case .getCommunity: try getCommunity(request)
        case .listActivities: try listActivities(request)
        case .getActivity: try getActivity(request)
        case .putActivity: try putActivity(request)
        case .deleteActivity: try deleteActivity(request)
        case .listNotices: try listNotices(request)
        case .getNotice: try getNotice(request)
        case .putNotice: try putNotice(request)
        case .deleteNotice: try deleteNotice(request)
        case .listOrganisations: try listOrganisations(request)
        case .getOrganisation: try getOrganisation(request)
        case .putOrganisation: try putOrganisation(request)
        case .deleteOrganisation: try deleteOrganisation(request)
        case .listTypes: try listTypes(request)
        case .getType: try getType(request)
        case .listModules: try listModules(request)
        case .listProfiles: try listProfiles(request)
        case .putPlace: try putPlace(request)
        case .patchPlace: try patchPlace(request)
        case .deletePlace: try deletePlace(request)
        case .putOrigin: try putOrigin(request)
        case .putCommunity: try putCommunity(request)
        case .sendRegister: takeRegister(try registerRequest(request), from: request.peer)
        case .listImports: try listImports(request)
        case .undoImport: try undoImport(request)
        case .getAnswer: try getAnswer(request)
        case .listDuplicates: try listDuplicates(request)
        case .listPairs: try listPairs(request)
        case .decideDuplicate: try decideDuplicate(request)
        case .getProvenance: try getProvenance(request)
        case .verify: try verify(request)
        case .freshness: try freshness(request)
        case .confirm: try confirm(request)
        case .reload: try reload(request)
        case .releaseModule: try releaseModule(request)
        case .changes: try changes(request)
        case .hsdsMetadata: try hsdsMetadata(request)
        case .hsdsServices: try hsds(.services, request)
        case .hsdsService: try hsds(.services, oneOf: request)
        case .hsdsServiceAtLocations: try hsds(.serviceAtLocations, request)
        case .hsdsServiceAtLocation: try hsds(.serviceAtLocations, oneOf: request)
        case .hsdsOrganizations: try hsds(.organizations, request)
        case .hsdsOrganization: try hsds(.organizations, oneOf: request)
        case .hsdsTaxonomies: try hsds(.taxonomies, request)
        case .hsdsTaxonomy: try hsds(.taxonomies, oneOf: request)
        case .hsdsTaxonomyTerms: try hsds(.taxonomyTerms, request)
        case .hsdsTaxonomyTerm: try hsds(.taxonomyTerms, oneOf: request)
        case .qr: try common.qr(request)
        case .health: try health(request)
        case .metrics: try common.metrics(request, health: service.health())
        case .openAPI: try common.openAPI(request)
        }
    }
}

extension Request {
    /// Checks that the query is empty.
    func takesNoWords() throws(DirectoryError) {
        if !query.isEmpty { try words().finish() }
    }

    /// The `lang` of a query that has no other words.
    func onlyLanguage() throws(DirectoryError) -> Language {
        guard !query.isEmpty else { return .zh }
        var words = try words()
        let language = try words.language()
        try words.finish()
        return language
    }

    /// The id of the path.
    func pathID<ID: DirectoryID>(_ kind: ID.Type = ID.self) throws(DirectoryError) -> ID {
        try ID(validating: id ?? "")
    }

    /// Whether the client's copy still has this tag (RFC 9110, 13.1.2: a weak comparison).
    func holds(_ tag: String) -> Bool {
        let values = headers["if-none-match"]
        guard !values.isEmpty else { return false }
        return values.contains { value in
            value.split(separator: ",").contains { part in
                let word = part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()
                let text = String(word)
                return text == "*" || text == tag || text == "W/" + tag
            }
        }
    }
}

extension AnswerVersion {
    /// The version as a word.
    var word: String { "r\(revision.number)-\(String(generation, radix: 16))" }
    /// The `ETag` of an answer that depends on nothing else.
    var tag: String { "\"\(word)\"" }
    /// The version and the present minute as a word: what depends on opening times is good for that long.
    var wordOfMinute: String { word(ofMinute: time(nil) / 60) }
    private func word(ofMinute minute: Int) -> String { "\(word)-m\(minute)" }

    /// The `ETag` of an answer that depends on nothing else but the minute.
    var tagOfMinute: String {
        let minute = time(nil) / 60
        return Self.lastTag.withLock { last in
            if let last, last.version == self, last.minute == minute { return last.tag }
            let tag = "\"\(word(ofMinute: minute))\""
            last = (self, minute, tag)
            return tag
        }
    }

    /// That of the last minute and version: nearly every answer has the same one as the last.
    private static let lastTag = Mutex<(version: AnswerVersion, minute: Int, tag: String)?>(nil)
}

/// The `ETag` of a single record's answer.
///
/// It begins with the record's own tag, which is what `If-Match` is held against: a write of another record
/// in between is no conflict. The version follows, because the answer holds more than the record (counts,
/// sources, highlights), and a copy of it is only good while nothing has changed.
enum RecordTag {
    /// Between the record's tag and the version; no record's tag has it.
    private static let mark: Character = ";"

    static func text(_ tag: String, _ version: AnswerVersion) -> String {
        "\"\(tag)\(mark)\(version.wordOfMinute)\""
    }

    /// The record's own tag out of what stood between the quotation marks.
    static func own(_ text: some StringProtocol) -> String { String(text.prefix { $0 != mark }) }
}
