// DirectoryAPI: requests, replies, the error table and `DirectoryService`: what can be asked, free of transport.
// May import: DirectoryModel, ServiceTypeKit.

package import DirectoryModel
package import ServiceTypeKit

/// Everything that can be asked of a directory, and every change that can be made to it.
///
/// Reads answer from memory in microseconds, do no I/O and may be called from any thread. Writes wait for the
/// disk: call them away from an event loop. What a write has acknowledged shows in the very next read.
package protocol DirectoryService: RegisterSink {
    /// The places within reach of an origin, nearest first, ties by the bytes of their ids.
    ///
    /// - Throws: `invalid_request` for an unknown type, profile, community, origin or filter,
    ///   `origin_off_network`, `no_network`.
    func reach(_ query: ReachQuery) throws(DirectoryError) -> ReachReply
    /// Writes the answer to the same question as `GET /v1/reach` gives it, byte for byte what `ReachReply.write` would.
    ///
    /// Nothing is written where it throws.
    func writeReach(_ query: ReachQuery, to json: inout JSONWriter) throws(DirectoryError)
    /// The ways and the area within reach, for each limit.
    func isochrone(_ query: IsochroneQuery) throws(DirectoryError) -> IsochroneReply
    /// How many different things are to be had within some walks.
    ///
    /// - Throws: `invalid_request` for a key that no wanted type has, and what `reach` throws.
    func variety(_ query: VarietyQuery) throws(DirectoryError) -> VarietyReply
    /// The street map: a tile of it to be drawn, or where and in which zooms there are tiles.
    ///
    /// A tile that nobody has asked for lately takes milliseconds.
    /// - Throws: `no_map` where none has been imported, or its file is damaged.
    func map(_ query: MapQuery) throws(DirectoryError) -> MapReply
    /// What the `ETag` of every answer of `map` is made of; nil where there is no map.
    var mapTag: String? { get }
    /// The way to one place; its metres are those that `reach` gives.
    ///
    /// - Throws: `not_found` for the place, `unreachable` where there is no walk, and what `reach` throws.
    func route(_ query: RouteQuery) throws(DirectoryError) -> RouteReply

    /// What is called so, the best match first, then the nearest.
    ///
    /// - Throws: `invalid_request` for an unknown type or community, `not_found` for the origin.
    func search(_ query: SearchQuery) throws(DirectoryError) -> SearchReply
    /// What can be typed next, and what is found so far.
    func suggest(_ query: SearchQuery) throws(DirectoryError) -> SearchReply

    /// The places, in the order of their ids.
    func places(_ query: PlaceListQuery) throws(DirectoryError) -> PlacePage
    /// One place, whatever its status.
    func place(_ id: PlaceID) throws(DirectoryError) -> PlaceReply
    /// Activities by the beginning of their next session, ties by the bytes of their ids.
    ///
    /// - Throws: `invalid_request` for a span out of order or over `ActivityQuery.longestSpan`, an unknown
    ///   community, organisation or place; for a walk what `reach` throws.
    func activities(_ query: ActivityQuery) throws(DirectoryError) -> ActivityList
    /// One activity, with its sessions of the next 60 days.
    func activity(_ id: ActivityID) throws(DirectoryError) -> ActivityReply
    /// Notices, in the order of `NoticeRank`.
    ///
    /// - Throws: `invalid_request` for an unknown community, `not_found` for an unknown origin.
    func notices(_ query: NoticeQuery) throws(DirectoryError) -> NoticePage
    /// One notice, whether it counts or not.
    func notice(_ id: NoticeID) throws(DirectoryError) -> NoticeReply
    /// The organisations, in the order of their ids.
    func organisations(_ query: OrganisationListQuery) throws(DirectoryError) -> OrganisationPage
    /// One organisation, with what it runs.
    func organisation(_ id: OrganisationID) throws(DirectoryError) -> OrganisationReply
    /// The origins, in the order of their ids.
    func origins(_ query: OriginListQuery) throws(DirectoryError) -> OriginPage
    /// One origin.
    func origin(_ id: OriginID) throws(DirectoryError) -> OriginReply
    /// The communities, in the order of their ids.
    func communities() -> CommunitiesReply
    /// One community.
    func community(_ id: CommunityID) throws(DirectoryError) -> CommunityReply
    /// The service types, in the catalogue's order, with the number of active places of each.
    func types() -> TypesReply
    /// One service type with its schema.
    func type(_ id: ServiceTypeID) throws(DirectoryError) -> TypeReply
    /// The modules, whatever became of them.
    func modules() -> ModulesReply
    /// The walking profiles.
    func profiles() -> ProfilesReply
    /// How the directory is.
    func health() -> HealthReply
    /// What an `ETag` is made of: answers can only differ when this differs.
    var version: AnswerVersion { get }

    /// What was changed after a point of the history, oldest first.
    ///
    /// Reads the store, so it blocks: call it away from an event loop. A page may hold less than the limit, or
    /// nothing, and not be the last.
    /// - Throws: `revision_ahead`, `history_gone`, `store_damaged`.
    func changes(_ query: ChangeQuery) throws(DirectoryError) -> ChangePage
    /// Calls `body` with the revision after each commit that raises it, once answers have the change.
    ///
    /// `body` is called on the writer's thread, which waits for it.
    /// - Returns: what is to be held for as long as `body` is to be called.
    func watchCommits(_ body: @escaping @Sendable (Revision) -> Void) -> CommitWatch

    /// Rows that look like a place that is there, and wait; ascending by number.
    ///
    /// Reads the store: call it away from an event loop. The same for the next five.
    func heldPlaces(_ query: HeldQuery) throws(DirectoryError) -> HeldPage
    /// Pairs of stored places that look like one and of which nobody has said that they are two, the surest first.
    ///
    /// Takes seconds for a hundred thousand places.
    func placePairs(_ query: PairQuery) throws(DirectoryError) -> PairList
    /// Carries out what somebody has decided about two things that look like one, and remembers it.
    ///
    /// - Throws: `not_found` for a row that does not wait, a place or a key that is not there; `invalid_record` where
    ///   the two cannot be one.
    func decide(_ decision: DuplicateDecision, by actor: Actor) throws(DirectoryError) -> DecisionReply
    /// Since when each field of a place is what it is, and from whom.
    func provenance(_ id: PlaceID) throws(DirectoryError) -> ProvenanceReply
    /// The places that a code, a name or a source's key stands for, with what is known of each.
    func verify(_ query: VerifyQuery) throws(DirectoryError) -> VerifyReply
    /// The active places that nobody has confirmed or delivered for some months, by building captain.
    func freshness(_ query: FreshnessQuery) throws(DirectoryError) -> FreshnessReply
    /// The party that a user of the machine speaks for; nil for a user who speaks for none.
    func party(of user: String) -> Party?
    /// Writes down that a party has looked at a fact of a place and found it right or wrong.
    ///
    /// - Throws: `not_found`, `changed_meanwhile`; `invalid_record` for a party that is not there; `forbidden` where it
    ///   has nothing to do with the place, or the writer does not speak for it.
    func confirm(_ id: PlaceID, _ body: ConfirmationBody, _ context: WriteContext) throws(DirectoryError)
        -> ConfirmationMention

    /// Stores a place whole.
    ///
    /// - Throws: `invalid_record` naming every fault, `changed_meanwhile` when the precondition does not hold,
    ///   `store_unwritable`.
    func putPlace(_ id: PlaceID, _ body: PlaceBody, _ context: WriteContext) throws(DirectoryError)
        -> WriteReply
    /// Changes the named fields of a place (RFC 7396: null takes a field away).
    func patchPlace(_ id: PlaceID, _ patch: JSONValue, _ context: WriteContext) throws(DirectoryError)
        -> WriteReply
    /// Takes a place away.
    func deletePlace(_ id: PlaceID, _ context: WriteContext) throws(DirectoryError) -> WriteReply
    /// Stores an activity whole.
    func putActivity(_ id: ActivityID, _ body: ActivityBody, _ context: WriteContext) throws(DirectoryError)
        -> WriteReply
    /// Takes an activity away.
    func deleteActivity(_ id: ActivityID, _ context: WriteContext) throws(DirectoryError) -> WriteReply
    /// Stores a notice whole.
    func putNotice(_ id: NoticeID, _ body: NoticeBody, _ context: WriteContext) throws(DirectoryError)
        -> WriteReply
    /// Takes a notice away.
    func deleteNotice(_ id: NoticeID, _ context: WriteContext) throws(DirectoryError) -> WriteReply
    /// Stores an organisation whole.
    func putOrganisation(_ id: OrganisationID, _ body: OrganisationBody, _ context: WriteContext)
        throws(DirectoryError) -> WriteReply
    /// The registers that were brought in, newest first.
    ///
    /// Reads the store: call it away from an event loop.
    ///
    /// - Parameter limit: the most that are given.
    func imports(limit: Int) throws(DirectoryError) -> [ImportSummary]
    /// Takes an import back: what it made is deleted, what it changed is as it was before.
    ///
    /// - Throws: `not_found`; `changed_meanwhile` where some of its records were changed since, and then nothing is
    ///   taken back; `invalid_record` where a later record names one that would be deleted.
    func undoImport(_ number: Int64, by actor: Actor) throws(DirectoryError) -> UndoReply
    /// Takes an organisation away that runs nothing any more.
    func deleteOrganisation(_ id: OrganisationID, _ context: WriteContext) throws(DirectoryError)
        -> WriteReply
    /// Stores an origin whole.
    func putOrigin(_ id: OriginID, _ body: OriginBody, _ context: WriteContext) throws(DirectoryError)
        -> WriteReply
    /// Stores a community whole; places and origins without a community of their own are assigned anew.
    func putCommunity(_ id: CommunityID, _ body: CommunityBody, _ context: WriteContext)
        throws(DirectoryError) -> WriteReply
    /// Reads configuration, declared types and modules again; changes nothing when anything is wrong.
    ///
    /// - Throws: `configuration_invalid` with file and line.
    func reload() throws(DirectoryError) -> ReloadReply
    /// Lets a module out of quarantine and reloads.
    ///
    /// - Parameter name: the module's id, or its file's name where it never told its id.
    /// - Throws: `not_found` when no such module is quarantined, and what `reload` throws.
    func release(module name: String) throws(DirectoryError) -> ReloadReply
}

/// Where registers put what they have read: the part of the directory that an importer needs.
package protocol RegisterSink: Sendable {
    /// What tells this directory from every other: a UUID that is drawn once and stays, in backups too.
    ///
    /// Reads a file: call it away from an event loop.
    /// - Throws: `store_unwritable`, where it has none yet and none can be kept.
    func identity() throws(DirectoryError) -> String
    /// The service types, in the catalogue's order.
    var typeDescriptions: [ServiceTypeDescription] { get }
    /// The communities with their boundaries.
    var allCommunities: [Community] { get }
    /// A place as it is stored, whatever its status; nil where there is none.
    func storedPlace(_ id: PlaceID) -> Place?
    /// An organisation as it is stored; nil where there is none.
    func storedOrganisation(_ id: OrganisationID) -> Organisation?
    /// Things with an address and a point, by id: places with their address, origins with their own name behind those
    /// of what they are part of ("翠竹园3幢2单元").
    var knownAddresses: [(id: String, text: String, location: Coordinate)] { get }
    /// Whether points in an offset datum (GCJ-02, BD-09) may be turned into WGS-84.
    var turnsOffsetDatums: Bool { get }
    /// The folder in which mappings and answer files are kept; nil where none are.
    var registerFolder: String? { get }
    /// Stores a batch of records of one source in one transaction, and says what became of each.
    ///
    /// - Throws: `store_unwritable`; a faulty record is not an error but an entry of the report.
    func apply(_ batch: RecordBatch, by actor: Actor) throws(DirectoryError) -> BatchReport
    /// Writes the places of a register row by row, in one transaction: all of them count from its end on, or none.
    ///
    /// Nobody else writes meanwhile; readers go on. Memory does not grow with the number of rows, but for what
    /// the directory itself keeps of the places.
    ///
    /// - Parameter rows: reads the rows and gives each to the writer that it is called with; where it throws,
    ///   nothing has changed.
    /// - Returns: counts and revision; `findings` has what is to be said of the whole batch only.
    /// - Throws: what `rows` throws, `store_unwritable`.
    func take(
        _ batch: RowBatch, by actor: Actor, rows: (RowWriter) throws(DirectoryError) -> Void
    ) throws(DirectoryError) -> BatchReport
    /// The report, as JSON, that was given to this key of this writer; nil where there is none, or none any more.
    ///
    /// - Throws: `idempotency_key_reused` where the key came with another request.
    func reply(to key: ReplyKey, of actor: Actor) throws(DirectoryError) -> [UInt8]?
    /// Stores a batch as `apply` does, and keeps its report in the same transaction.
    ///
    /// - Parameters:
    ///   - replyKey: the key under which the report is kept; nil to keep none.
    ///   - report: makes the report; called within the transaction, so where it throws, nothing has changed.
    /// - Throws: `changed_meanwhile` where the key was answered since `reply` gave none.
    func apply(
        _ batch: RecordBatch, by actor: Actor, replyKey: ReplyKey?, report: ReportMaker
    ) throws(DirectoryError) -> RegisterReport
    /// Writes rows as `take` does, and keeps the report in the same transaction; see `apply`.
    ///
    /// The report of a rehearsal is not kept.
    func take(
        _ batch: RowBatch, by actor: Actor, replyKey: ReplyKey?,
        rows: (RowWriter) throws(DirectoryError) -> Void, report: ReportMaker
    ) throws(DirectoryError) -> RegisterReport
    /// Puts a new network file in the place of the present one and walks on it from the next answer on.
    ///
    /// - Parameter path: a complete network file in the state folder's file system; it is moved.
    /// - Throws: `network_damaged`, `store_unwritable`; the present network stays.
    func adoptNetwork(at path: String) throws(DirectoryError)
    /// A path beside the state's network file, on its file system, at which an importer may build a new one.
    var networkBuildPath: String { get }
    /// Puts a new map file in the place of the present one; the next tile is of it.
    ///
    /// - Parameter path: a complete map file in the state folder's file system; it is moved.
    /// - Throws: `no_map` for a damaged one, `store_unwritable`; the present map stays.
    func adoptMap(at path: String) throws(DirectoryError)
    /// A path beside the state's map file, on its file system, at which an importer may build a new one.
    var mapBuildPath: String { get }
}

/// Reads a register file into a directory; what `POST /v1/registers` and `quarterctl import` call.
package protocol RegisterIntake: Sendable {
    /// The formats that can be read ("osm", "communities"), in order.
    var formats: [String] { get }
    /// The bytes of an answer file, by the name that its report gave.
    ///
    /// - Parameters:
    ///   - offset: bytes that are left out.
    ///   - count: the most that are given, nil for all; fewer are given at the end of the file.
    /// - Throws: `not_found`.
    func answer(_ name: String, from offset: Int, count: Int?) throws(DirectoryError) -> [UInt8]
    /// Reads a file whole, in one transaction a kind of record, and says what became of each row.
    ///
    /// Blocking: call it away from an event loop.
    /// - Parameters:
    ///   - progress: called with a stage and 0…1 of it, at most some hundred times.
    /// - Throws: `unreadable_file`, `invalid_file`, `invalid_request` for an unknown format.
    func take(_ request: RegisterRequest, progress: @Sendable (LocalizedText, Double) -> Void)
        throws(DirectoryError) -> RegisterReport
}

/// What answers depend on besides the question.
package struct AnswerVersion: Hashable, Sendable {
    /// The last committed change.
    package var revision: Revision
    /// Differs between runs of the daemon and after each reload.
    package var generation: UInt64

    /// A version; see the fields.
    package init(revision: Revision, generation: UInt64) {
        self.revision = revision
        self.generation = generation
    }
}

extension DirectoryService {
    /// Makes the reply and writes it: for services that have nothing prepared.
    package func writeReach(_ query: ReachQuery, to json: inout JSONWriter) throws(DirectoryError) {
        try reach(query).write(to: &json)
    }
}
