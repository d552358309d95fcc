import DirectoryAPI
import DirectoryModel
import ServiceTypeKit
import Synchronization
import TestSockets

/// A directory of a few records, made by hand: for tests of what stands in front of it.
final class ManualDirectoryService: DirectoryService {
    struct State {
        var revision: UInt64 = 7
        var generation: UInt64 = 1
        var places: [PlaceID: Place] = [:]
        var lastContext: WriteContext?
        /// The parties that users speak for.
        var parties: [String: Party] = [:]
        var hasNetwork = true
        var reloadFault: DirectoryError?
        /// Seconds that a reload takes.
        var reloadTime = 0.0
        /// The history from the first change on.
        var changes: [RecordChange] = []
        /// What `changes` throws.
        var historyFault: DirectoryError?
        var watchers: [Int: @Sendable (Revision) -> Void] = [:]
        var watched = 0
        /// Of the street map; nil for none.
        var mapTag: String? = "map1-0123"
    }

    let state: Mutex<State>
    /// How many places `reach` answers with.
    let reached: Int

    init(reached: Int = 3) {
        self.reached = reached
        var state = State()
        for index in 0..<max(3, reached) {
            let id = PlaceID(unchecked: "osm-n\(index)")
            state.places[id] = Place(
                id: id, type: ServiceTypeID(unchecked: "canteen"), name: "翠竹园社区食堂 \(index)",
                nameEnglish: "Cuizhuyuan Canteen \(index)",
                location: Coordinate(uncheckedLatitude: 32.04, longitude: 118.78),
                community: CommunityID(unchecked: "320102004011"), address: "建康路 \(index) 号",
                hours: "06:30-19:00")
        }
        self.state = Mutex(state)
    }

    let profile = Profile(
        id: ProfileID(unchecked: "standard"), name: LocalizedText(zh: "成人", en: "Adult"), pace: 1.11,
        avoidsSteps: false, source: "GB 50180-2018")
    let typeSummary = TypeSummary(
        description: ServiceTypeDescription(
            id: ServiceTypeID(unchecked: "canteen"), name: LocalizedText(zh: "食堂", en: "Canteen"),
            serviceClass: .basic, order: 1, targetMinutes: 15, source: "test"), module: nil, places: 3)
    let origin = Origin(
        id: OriginID(unchecked: "kiosk-1"), kind: .kiosk, name: "一号机",
        location: Coordinate(uncheckedLatitude: 32.04, longitude: 118.78))
    let community = CommunitySummary(
        community: Community(id: CommunityID(unchecked: "320102004011"), name: "翠竹园社区"), grids: [], places: 3,
        origins: 1, tag: "c1")

    var revision: Revision { Revision(state.withLock { $0.revision }) }
    var version: AnswerVersion {
        state.withLock { AnswerVersion(revision: Revision($0.revision), generation: $0.generation) }
    }

    private func start(_ word: OriginWord) throws(DirectoryError) -> ResolvedOrigin {
        guard state.withLock({ $0.hasNetwork }) else {
            throw DirectoryError(.noNetwork, "no walking network has been imported", advice: "import one")
        }
        switch word {
        case .point(let point): return ResolvedOrigin(origin: nil, location: point, leg: 3.2)
        case .id(let id):
            guard id == origin.id else { throw DirectoryError(.notFound, "there is no origin \(id)") }
            return ResolvedOrigin(origin: origin, location: origin.location, leg: 3.2)
        }
    }

    func reach(_ query: ReachQuery) throws(DirectoryError) -> ReachReply {
        let start = try start(query.origin)
        let places = state.withLock { $0.places }
        let reachedPlaces = (0..<reached).compactMap { index -> ReachedPlace? in
            guard let place = places[PlaceID(unchecked: "osm-n\(index)")] else { return nil }
            let metres = Metres(Double(index) * 10 + 3.2)
            return ReachedPlace(
                record: PlaceRecord(place),
                walk: Walk(metres: metres, seconds: profile.pace.time(for: metres)),
                opening: PlaceOpening(state: .unknown, raw: place.hours), highlights: [])
        }
        return ReachReply(
            revision: revision, origin: start, profile: profile, minutes: query.minutes ?? 15,
            places: Array(reachedPlaces.prefix(query.limit)), next: nil, attributions: [],
            language: query.language)
    }

    func isochrone(_ query: IsochroneQuery) throws(DirectoryError) -> IsochroneReply {
        IsochroneReply(
            revision: revision, origin: try start(query.origin), profile: profile, bands: [], attributions: []
        )
    }

    func variety(_ query: VarietyQuery) throws(DirectoryError) -> VarietyReply {
        VarietyReply(
            revision: revision, origin: try start(query.reach.origin), profile: profile, by: query.by,
            limits: [], attributions: [], language: query.reach.language)
    }

    func route(_ query: RouteQuery) throws(DirectoryError) -> RouteReply {
        let start = try start(query.origin)
        let place = try place(query.destination).place
        return RouteReply(
            revision: revision, origin: start, place: place, profile: profile,
            walk: Walk(metres: 3.2, seconds: 3), line: [start.location, start.location], steps: [],
            attributions: [], language: query.language)
    }

    func search(_ query: SearchQuery) throws(DirectoryError) -> SearchReply {
        if let origin = query.origin { _ = try start(origin) }
        let found = state.withLock { $0.places.values.sorted { $0.id < $1.id } }.prefix(query.limit).map {
            place in
            FoundThing(
                thing: .place(PlaceRecord(place)),
                match: TextMatch(channel: "name_prefix", field: "name", text: place.name, range: 0..<2),
                distance: 5)
        }
        return SearchReply(
            revision: revision, found: Array(found), attributions: [], language: query.language)
    }

    func suggest(_ query: SearchQuery) throws(DirectoryError) -> SearchReply {
        var reply = try search(query)
        reply.nextKeys = ["a", "c"]
        return reply
    }

    func places(_ query: PlaceListQuery) throws(DirectoryError) -> PlacePage {
        let all = state.withLock { $0.places.values.sorted { $0.id < $1.id } }
        return PlacePage(
            revision: revision, places: Array(all.prefix(query.limit)), next: nil, attributions: [],
            language: query.language)
    }

    func place(_ id: PlaceID) throws(DirectoryError) -> PlaceReply {
        guard let place = state.withLock({ $0.places[id] }) else {
            throw DirectoryError(.notFound, "there is no place \(id.rawValue.shortened())")
        }
        return PlaceReply(
            revision: revision, place: place, facets: [:], opening: PlaceOpening(state: .unknown),
            highlights: [],
            sources: [], attributions: [], tag: "p-\(place.name.utf8.count)")
    }

    func identity() -> String { "00000000-0000-4000-8000-000000000001" }

    func storedPlace(_ id: PlaceID) -> Place? { state.withLock { $0.places[id] } }

    func storedOrganisation(_ id: OrganisationID) -> Organisation? { nil }

    func imports(limit: Int) throws(DirectoryError) -> [ImportSummary] {
        [
            ImportSummary(
                number: 1, source: SourceID(unchecked: "office"), fileName: "台账.xlsx", fileDigest: "0",
                rows: [.created: 2, .rejected: 1], closed: 0, revision: Revision(7),
                time: Timestamp(secondsSince1970: 1_795_968_000))
        ].prefix(limit).map(\.self)
    }

    private static let sample = Place(
        id: PlaceID(unchecked: "osm-n1"), type: ServiceTypeID(unchecked: "canteen"), name: "银发餐厅")

    func heldPlaces(_ query: HeldQuery) throws(DirectoryError) -> HeldPage {
        let place = Self.sample
        return HeldPage(
            revision: Revision(7), waiting: 1,
            rows: [
                HeldPlace(
                    number: 12, source: SourceID(unchecked: "office"), key: "17", place: place,
                    candidates: [
                        PlaceLikeness(
                            place: place, confidence: 0.97,
                            evidence: [LocalizedText(zh: "名称相同", en: "the names are equal")])
                    ], fileName: "台账.xlsx", since: Timestamp(secondsSince1970: 1_795_968_000))
            ].filter { $0.number > query.after }, next: nil)
    }

    func placePairs(_ query: PairQuery) throws(DirectoryError) -> PairList {
        PairList(
            revision: Revision(7),
            pairs: [
                PlacePair(
                    one: Self.sample, other: PlaceLikeness(place: Self.sample, confidence: 0.9, evidence: []))
            ], count: 1)
    }

    func decide(_ decision: DuplicateDecision, by actor: Actor) throws(DirectoryError) -> DecisionReply {
        DecisionReply(revision: Revision(8), place: Self.sample.id)
    }

    func provenance(_ id: PlaceID) throws(DirectoryError) -> ProvenanceReply {
        let reply = try place(id)
        return ProvenanceReply(
            revision: Revision(7), place: reply.place,
            fields: [
                FieldProvenance(
                    field: "name", value: .string(reply.place.name), source: SourceID(unchecked: "office"),
                    revision: Revision(7), since: Timestamp(secondsSince1970: 1_795_968_000))
            ], sources: [], confirmations: [])
    }

    func verify(_ query: VerifyQuery) throws(DirectoryError) -> VerifyReply {
        VerifyReply(revision: Revision(7), wanted: "x", matches: [])
    }

    func freshness(_ query: FreshnessQuery) throws(DirectoryError) -> FreshnessReply {
        FreshnessReply(
            revision: Revision(7),
            places: [PlaceFreshness(place: Self.sample, confirmed: nil, by: nil, months: nil, captain: nil)],
            among: 1)
    }

    func party(of user: String) -> Party? { state.withLock { $0.parties[user] } }

    func confirm(_ id: PlaceID, _ body: ConfirmationBody, _ context: WriteContext) throws(DirectoryError)
        -> ConfirmationMention
    {
        ConfirmationMention(
            fact: body.fact, isConfirmed: body.isConfirmed, party: "captain-3", partyName: "3幢",
            kind: .buildingCaptain, time: Timestamp(secondsSince1970: 1_795_968_000),
            day: LocalDay("2026-11-29"), note: body.note, isCurrent: true)
    }

    func undoImport(_ number: Int64, by actor: Actor) throws(DirectoryError) -> UndoReply {
        guard number == 1 else { throw DirectoryError(.notFound, "there is no import \(number)") }
        return UndoReply(revision: Revision(9), batch: number, restored: 0, deleted: 2)
    }

    let turnsOffsetDatums = false
    let registerFolder: String? = nil
    let knownAddresses: [(id: String, text: String, location: Coordinate)] = []

    func take(
        _ batch: RowBatch, by actor: Actor, rows: (RowWriter) throws(DirectoryError) -> Void
    ) throws(DirectoryError) -> BatchReport {
        throw DirectoryError(.unavailable, "no tables are read here")
    }

    let held = Activity(
        id: ActivityID(unchecked: "reading"), name: "读书会", place: PlaceID(unchecked: "osm-n0"),
        times: "Sa 14:00-16:00")
    let owner = Organisation(id: OrganisationID(unchecked: "org-1"), name: "翠竹园互助会", kind: .residents)

    func activities(_ query: ActivityQuery) throws(DirectoryError) -> ActivityList {
        ActivityList(
            revision: revision, activities: [try activity(held.id)], total: 1, language: query.language)
    }

    func activity(_ id: ActivityID) throws(DirectoryError) -> ActivityReply {
        guard id == held.id else { throw DirectoryError(.notFound, "there is no activity \(id)") }
        return ActivityReply(
            activity: held, place: nil, organisation: owner, location: nil, sessions: [], door: nil,
            walk: nil,
            tag: "a1")
    }

    var posted: NoticeReply {
        let notice = Notice(
            id: NoticeID(unchecked: "water-1"), title: "停水通知", text: "8点起停水。",
            to: .community(CommunityID(unchecked: "320102004011")),
            from: .moment(Timestamp(secondsSince1970: 1_795_622_400)))
        return NoticeReply(
            notice: notice, addressee: LocalizedText(zh: "翠竹园社区", en: "Cuizhuyuan"), offsets: (0, 0),
            organisation: owner,
            state: .current,
            rank: NoticeRank(
                isUrgent: false, width: 4, begin: Timestamp(secondsSince1970: 1_795_622_400), id: notice.id),
            tag: "n1")
    }

    func notices(_ query: NoticeQuery) throws(DirectoryError) -> NoticePage {
        NoticePage(revision: revision, notices: [posted], next: nil, language: query.language)
    }

    func notice(_ id: NoticeID) throws(DirectoryError) -> NoticeReply {
        guard id == posted.notice.id else { throw DirectoryError(.notFound, "there is no notice \(id)") }
        return posted
    }

    func organisations(_ query: OrganisationListQuery) throws(DirectoryError) -> OrganisationPage {
        OrganisationPage(revision: revision, organisations: [owner], next: nil, language: query.language)
    }

    func organisation(_ id: OrganisationID) throws(DirectoryError) -> OrganisationReply {
        guard id == owner.id else { throw DirectoryError(.notFound, "there is no organisation \(id)") }
        return OrganisationReply(
            revision: revision, organisation: owner, places: [], activities: [held], tag: "g1")
    }

    func origins(_ query: OriginListQuery) throws(DirectoryError) -> OriginPage {
        OriginPage(
            revision: revision, origins: [origin], next: nil, attributions: [], language: query.language)
    }

    func origin(_ id: OriginID) throws(DirectoryError) -> OriginReply {
        guard id == origin.id else { throw DirectoryError(.notFound, "there is no origin \(id)") }
        return OriginReply(revision: revision, origin: origin, ancestors: [], attributions: [], tag: "o1")
    }

    func communities() -> CommunitiesReply { CommunitiesReply(revision: revision, communities: [community]) }

    func community(_ id: CommunityID) throws(DirectoryError) -> CommunityReply {
        guard id == community.community.id else {
            throw DirectoryError(.notFound, "there is no community \(id)")
        }
        return CommunityReply(revision: revision, summary: community)
    }

    func types() -> TypesReply { TypesReply(revision: revision, types: [typeSummary]) }

    func type(_ id: ServiceTypeID) throws(DirectoryError) -> TypeReply {
        guard id == typeSummary.description.id else {
            throw DirectoryError(.notFound, "there is no type \(id)")
        }
        return TypeReply(revision: revision, type: typeSummary)
    }

    func modules() -> ModulesReply { ModulesReply(revision: revision, modules: []) }

    func profiles() -> ProfilesReply {
        ProfilesReply(revision: revision, profiles: [profile], standard: profile.id)
    }

    func health() -> HealthReply {
        HealthReply(
            revision: revision, state: "ok", summary: "3 places", problems: [],
            notes: ["there is no street map yet"], counts: [("places", 3)],
            version: "0.0.0-test")
    }

    func changes(_ query: ChangeQuery) throws(DirectoryError) -> ChangePage {
        let (all, fault, present) = state.withLock { ($0.changes, $0.historyFault, $0.revision) }
        if let fault { throw fault }
        let revision = Revision(present)
        let next = query.position ?? FeedPosition(revision)
        let later = all.filter { $0.position.revision > next.revision }
        let page = later.prefix(query.limit)
        return ChangePage(
            revision: revision, changes: Array(page),
            next: page.count == later.count ? FeedPosition(revision) : page.last?.position ?? next)
    }

    func watchCommits(_ body: @escaping @Sendable (Revision) -> Void) -> CommitWatch {
        let number = state.withLock { state in
            state.watched += 1
            state.watchers[state.watched] = body
            return state.watched
        }
        return CommitWatch { [weak self] in self?.state.withLock { $0.watchers[number] = nil } }
    }

    /// Makes revisions of one change each, whose ids have so many bytes.
    func change(_ count: Int, bytes: Int = 10) {
        for _ in 0..<count {
            let watchers = state.withLock { state in
                state.revision += 1
                state.changes.append(
                    RecordChange(
                        position: FeedPosition(Revision(state.revision)),
                        time: Timestamp(secondsSince1970: 0),
                        kind: .place, id: String(repeating: "x", count: bytes), outcome: .changed,
                        type: typeSummary.description.id, community: nil, fields: ["name"],
                        actor: Actor(name: "somebody"), source: nil))
                return Array(state.watchers.values)
            }
            let revision = revision
            for watcher in watchers { watcher(revision) }
        }
    }

    private func commit(
        _ kind: String, _ id: String, _ outcome: WriteReply.Outcome, _ context: WriteContext,
        _ change: (inout State) -> Void
    ) -> WriteReply {
        state.withLock { state in
            change(&state)
            state.revision += 1
            state.lastContext = context
        }
        return WriteReply(
            revision: revision, kind: kind, id: id, outcome: outcome, tag: outcome == .deleted ? "" : "t1",
            findings: [])
    }

    func putPlace(_ id: PlaceID, _ body: PlaceBody, _ context: WriteContext) throws(DirectoryError)
        -> WriteReply
    {
        commit("place", id.rawValue, .changed, context) { state in
            state.places[id] = Place(id: id, type: body.type, name: body.name, location: body.location)
        }
    }

    func patchPlace(_ id: PlaceID, _ patch: JSONValue, _ context: WriteContext) throws(DirectoryError)
        -> WriteReply
    {
        if let wanted = context.ifMatch, wanted != "*" {
            let tag = try place(id).tag
            guard wanted == tag else { throw DirectoryError(.changedMeanwhile, "place \(id) is another now") }
        }
        return commit("place", id.rawValue, .changed, context) { state in
            if case .string(let name)? = patch["name"] { state.places[id]?.name = name }
        }
    }

    func deletePlace(_ id: PlaceID, _ context: WriteContext) throws(DirectoryError) -> WriteReply {
        _ = try place(id)
        return commit("place", id.rawValue, .deleted, context) { $0.places[id] = nil }
    }

    func putActivity(_ id: ActivityID, _ body: ActivityBody, _ context: WriteContext)
        throws(DirectoryError) -> WriteReply
    { commit("activity", id.rawValue, .created, context) { _ in } }

    func deleteActivity(_ id: ActivityID, _ context: WriteContext) throws(DirectoryError) -> WriteReply {
        _ = try activity(id)
        return commit("activity", id.rawValue, .deleted, context) { _ in }
    }

    func putNotice(_ id: NoticeID, _ body: NoticeBody, _ context: WriteContext)
        throws(DirectoryError) -> WriteReply
    { commit("notice", id.rawValue, .created, context) { _ in } }

    func deleteNotice(_ id: NoticeID, _ context: WriteContext) throws(DirectoryError) -> WriteReply {
        _ = try notice(id)
        return commit("notice", id.rawValue, .deleted, context) { _ in }
    }

    func putOrganisation(_ id: OrganisationID, _ body: OrganisationBody, _ context: WriteContext)
        throws(DirectoryError) -> WriteReply
    { commit("organisation", id.rawValue, .created, context) { _ in } }

    func deleteOrganisation(_ id: OrganisationID, _ context: WriteContext) throws(DirectoryError)
        -> WriteReply
    {
        _ = try organisation(id)
        return commit("organisation", id.rawValue, .deleted, context) { _ in }
    }

    func putOrigin(_ id: OriginID, _ body: OriginBody, _ context: WriteContext) throws(DirectoryError)
        -> WriteReply
    {
        commit("origin", id.rawValue, .created, context) { _ in }
    }

    func putCommunity(_ id: CommunityID, _ body: CommunityBody, _ context: WriteContext)
        throws(DirectoryError) -> WriteReply
    { commit("community", id.rawValue, .created, context) { _ in } }

    func reload() throws(DirectoryError) -> ReloadReply {
        let (fault, time) = state.withLock { ($0.reloadFault, $0.reloadTime) }
        if time > 0 { pause(time) }
        if let fault { throw fault }
        return ReloadReply(revision: revision, changes: [], needsRestart: [])
    }

    func release(module name: String) throws(DirectoryError) -> ReloadReply {
        guard name != "nobody" else {
            throw DirectoryError(.notFound, "no module \(name.shortened()) is quarantined")
        }
        return ReloadReply(revision: revision, changes: ["type trapping is new"], needsRestart: [])
    }

    var typeDescriptions: [ServiceTypeDescription] { [typeSummary.description] }
    var allCommunities: [Community] { [community.community] }
    var networkBuildPath: String { "/nonexistent/network" }
    var mapBuildPath: String { "/nonexistent/map" }
    var mapTag: String? { state.withLock { $0.mapTag } }

    func map(_ query: MapQuery) throws(DirectoryError) -> MapReply {
        guard let tag = mapTag else { throw DirectoryError(.noMap, "there is no street map yet") }
        var json = JSONWriter()
        json.key(query.tile == nil ? "zooms" : "layers")
        json.string("\(query)")
        return MapReply(revision: revision, tag: tag, members: json.bytes())
    }

    func adoptMap(at path: String) throws(DirectoryError) { throw DirectoryError(.noMap, "no map here") }

    func apply(_ batch: RecordBatch, by actor: Actor) throws(DirectoryError) -> BatchReport {
        BatchReport(revision: revision, counts: [:], findings: [])
    }

    func adoptNetwork(at path: String) throws(DirectoryError) {
        throw DirectoryError(.networkDamaged, "no network here")
    }
}
