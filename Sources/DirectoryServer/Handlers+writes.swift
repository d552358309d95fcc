internal import DirectoryAPI
internal import DirectoryModel
internal import Logging
internal import NIOCore

/// Who may write.
struct WriteAccess: Sendable {
    /// The group whose members may.
    let group: String
    /// The daemon's own user.
    let ownUser: UInt32

    /// The actor that a peer stands for.
    ///
    /// Blocking: users and groups are looked up.
    /// - Throws: `forbidden`, saying who asks and what is needed.
    func actor(_ peer: Peer?) throws(DirectoryError) -> Actor {
        guard let peer else {
            throw DirectoryError(
                .forbidden, "this socket does not say who asks", advice: "write through the admin Unix socket"
            )
        }
        let name = UserAccounts.name(of: peer.user)
        guard peer.user == 0 || peer.user == ownUser || UserAccounts.isMember(peer.user, of: group) else {
            throw DirectoryError(
                .forbidden, "the user \(name) may not write",
                advice: "root, \(UserAccounts.name(of: ownUser)) and members of the group \(group) may: "
                    + "`adduser \(name) \(group)`, then log in anew")
        }
        return Actor(name: name, uid: peer.user)
    }
}

extension Handlers {
    /// Who writes one record: an administrator, or somebody who speaks for a party.
    func context(_ request: Request) throws(DirectoryError) -> WriteContext {
        let actor = try access.actor(request.peer)
        try request.takesNoWords()
        return WriteContext(
            actor: actor, ifMatch: try request.ifMatch(), idempotencyKey: try request.idempotencyKey(),
            requestDigest: request.digest(), party: service.party(of: actor.name))
    }

    /// Who does what no party may do.
    ///
    /// - Throws: `forbidden`.
    func administrator(_ request: Request) throws(DirectoryError) -> Actor {
        let actor = try access.actor(request.peer)
        if let party = service.party(of: actor.name) {
            throw DirectoryError(
                .forbidden, "\(actor.name) speaks for \(party.name), and this is an administrator's to do",
                advice: "ask a member of the group \(access.group) who speaks for no party")
        }
        return actor
    }

    private func written(_ reply: WriteReply, _ request: Request, _ context: WriteContext) -> Response {
        var json = JSONWriter(capacity: 1024)
        reply.write(to: &json)
        var response = Response(json: json)
        if !reply.tag.isEmpty { response.tag = "\"\(reply.tag)\"" }
        var metadata = Self.who(request.peer, context.actor)
        metadata["revision"] = "\(reply.revision.number)"
        if let community = reply.community { metadata["community"] = "\(community)" }
        logger.report(
            .recordWritten, "\(reply.outcome.rawValue) \(reply.kind) \(reply.id)", metadata: metadata)
        return response
    }

    static func who(_ peer: Peer?, _ actor: Actor) -> Logger.Metadata {
        var metadata: Logger.Metadata = ["by": "\(actor.name)"]
        if let peer { metadata["peer_uid"] = "\(peer.user)" }
        return metadata
    }

    func putPlace(_ request: Request) throws(DirectoryError) -> Response {
        let context = try context(request)
        let body = try PlaceBody(try request.json())
        return written(try service.putPlace(try request.pathID(), body, context), request, context)
    }

    func patchPlace(_ request: Request) throws(DirectoryError) -> Response {
        let context = try context(request)
        let patch = try request.json()
        return written(try service.patchPlace(try request.pathID(), patch, context), request, context)
    }

    func deletePlace(_ request: Request) throws(DirectoryError) -> Response {
        let context = try context(request)
        return written(try service.deletePlace(try request.pathID(), context), request, context)
    }

    func putActivity(_ request: Request) throws(DirectoryError) -> Response {
        let context = try context(request)
        let body = try ActivityBody(try request.json())
        return written(try service.putActivity(try request.pathID(), body, context), request, context)
    }

    func deleteActivity(_ request: Request) throws(DirectoryError) -> Response {
        let context = try context(request)
        return written(try service.deleteActivity(try request.pathID(), context), request, context)
    }

    func putNotice(_ request: Request) throws(DirectoryError) -> Response {
        let context = try context(request)
        let body = try NoticeBody(try request.json())
        return written(try service.putNotice(try request.pathID(), body, context), request, context)
    }

    func deleteNotice(_ request: Request) throws(DirectoryError) -> Response {
        let context = try context(request)
        return written(try service.deleteNotice(try request.pathID(), context), request, context)
    }

    func putOrganisation(_ request: Request) throws(DirectoryError) -> Response {
        let context = try context(request)
        let body = try OrganisationBody(try request.json())
        return written(try service.putOrganisation(try request.pathID(), body, context), request, context)
    }

    func deleteOrganisation(_ request: Request) throws(DirectoryError) -> Response {
        let context = try context(request)
        return written(try service.deleteOrganisation(try request.pathID(), context), request, context)
    }

    func putOrigin(_ request: Request) throws(DirectoryError) -> Response {
        _ = try administrator(request)
        let context = try context(request)
        let body = try OriginBody(try request.json())
        return written(try service.putOrigin(try request.pathID(), body, context), request, context)
    }

    func putCommunity(_ request: Request) throws(DirectoryError) -> Response {
        _ = try administrator(request)
        let context = try context(request)
        let body = try CommunityBody(try request.json())
        return written(try service.putCommunity(try request.pathID(), body, context), request, context)
    }

    func reload(_ request: Request) throws(DirectoryError) -> Response {
        let actor = try administrator(request)
        try request.takesNoWords()
        logger.info("a reload was asked for", metadata: Self.who(request.peer, actor))
        return reloaded(try service.reload())
    }

    func releaseModule(_ request: Request) throws(DirectoryError) -> Response {
        let actor = try administrator(request)
        try request.takesNoWords()
        let name: ModuleID = try request.pathID()
        let reply = try service.release(module: name.rawValue)
        var metadata = Self.who(request.peer, actor)
        metadata["module"] = "\(name)"
        logger.report(.moduleReleased, "module \(name) is released", metadata: metadata)
        return reloaded(reply)
    }

    private func reloaded(_ reply: ReloadReply) -> Response {
        var json = JSONWriter(capacity: 1024)
        reply.write(to: &json)
        return Response(json: json)
    }

    /// What a register's head asks, with an empty path.
    ///
    /// - Throws: `forbidden`, `invalid_request`, `unsupported_media_type`.
    func registerRequest(_ request: Request) throws(DirectoryError) -> RegisterRequest {
        let actor = try access.actor(request.peer)
        guard let intake else {
            throw DirectoryError(.unavailable, "this daemon takes no registers")
        }
        var words = try request.words()
        let format = try words.one("format")
        let source: SourceID? = try words.id("source")
        var table = TableInstructions()
        table.type = try words.id("type")
        table.datum = try words.word("datum")
        table.mapping = try words.one("mapping")
        table.isComplete = try words.word("complete", as: YesOrNo.self) == .yes
        table.isRehearsal = try words.word("dry_run", as: YesOrNo.self) == .yes
        table.wantsAnswer = true
        try words.finish()
        let known = intake.formats.joined(separator: ", ")
        guard let format else {
            throw DirectoryError(
                .invalidRequest, "the register's format is missing", advice: "give `format=` one of \(known)",
                location: "format")
        }
        let party = service.party(of: actor.name)
        if let party { try Self.require(party, mayBring: source, as: format) }
        guard intake.formats.contains(format) else {
            throw DirectoryError(
                .unsupportedMedia, "registers of the format \(format.shortened()) are not read here",
                advice: "give `format=` one of \(known)", location: "format")
        }
        return RegisterRequest(
            path: "", fileName: try request.fileName() ?? format, format: format, source: source,
            actor: actor, party: party, table: table, idempotencyKey: try request.idempotencyKey())
    }

    /// Throws `forbidden` where a party brings a register that is not its own.
    private static func require(
        _ party: Party, mayBring source: SourceID?, as format: String
    ) throws(DirectoryError) {
        if let source, party.sources.contains(source), partyFormats.contains(format) { return }
        throw DirectoryError(
            .forbidden,
            "\(party.name) may not bring \(source.map { "the register \($0)" } ?? "a register of no source") as \(format)",
            advice: party.sources.isEmpty
                ? "its registers are named in [[parties]] of the configuration; it has none"
                : "it may bring tables of " + party.sources.map(\.rawValue).joined(separator: ", "))
    }

    /// Formats whose rows are judged one by one.
    private static let partyFormats = ["table", "geojson"]

    /// The registers that were brought in, for those who may write.
    func listImports(_ request: Request) throws(DirectoryError) -> Response {
        _ = try access.actor(request.peer)
        var words = try request.words()
        let limit = try words.whole("limit", in: 1...1_000) ?? 50
        try words.finish()
        let imports = try service.imports(limit: limit)
        var json = JSONWriter()
        json.beginObject()
        json.key("revision")
        json.whole(service.version.revision.number)
        json.key("imports")
        json.beginArray()
        for summary in imports { summary.write(to: &json) }
        json.endArray()
        json.endObject()
        return Response(json: json)
    }

    /// Takes an import back.
    func undoImport(_ request: Request) throws(DirectoryError) -> Response {
        let actor = try administrator(request)
        try request.takesNoWords()
        let id = request.id ?? ""
        guard let number = Int64(id) else {
            throw DirectoryError(
                .notFound, "there is no import \(id.shortened())",
                advice: "`quarterctl import list` shows those that there are")
        }
        let reply = try service.undoImport(number, by: actor)
        var metadata = Self.who(request.peer, actor)
        metadata["batch"] = "\(number)"
        metadata["revision"] = "\(reply.revision.number)"
        logger.report(.registerTaken, "took back import \(number)", metadata: metadata)
        var json = JSONWriter()
        reply.write(to: &json)
        return Response(json: json)
    }

    /// The answer file of a table, for those who may write.
    func getAnswer(_ request: Request) throws(DirectoryError) -> Response {
        _ = try access.actor(request.peer)
        var words = try request.words()
        let offset = try words.whole("offset", in: 0...AnswerPiece.longestFile) ?? 0
        let length = try words.whole("length", in: 1...AnswerPiece.longest)
        try words.finish()
        guard let intake else {
            throw DirectoryError(.unavailable, "this daemon takes no registers")
        }
        return try intake.answer(request.id ?? "", from: offset, count: length).withUnsafeBytes {
            Response(status: 200, contentType: "application/octet-stream", bytes: $0)
        }
    }

    /// Reads a register that lies in the spool.
    ///
    /// Blocking, for minutes.
    func takeRegister(_ request: RegisterRequest, from peer: Peer?) -> Response {
        guard let intake else {
            return Response(DirectoryError(.unavailable, "this daemon takes no registers"))
        }
        do throws(DirectoryError) {
            let logger = logger
            let report = try intake.take(request) { stage, share in
                logger.debug("register \(request.fileName): \(stage.en) \(Int(share * 100)) %")
            }
            var metadata = Self.who(peer, request.actor)
            metadata["format"] = "\(request.format)"
            if let first = report.firstReply {
                logger.info("gave the first report on \(request.fileName) again", metadata: metadata)
                var response = first.withUnsafeBytes {
                    Response(status: 200, contentType: Response.json, bytes: $0)
                }
                response.headers.append(("Idempotent-Replayed", "true"))
                return response
            }
            metadata["revision"] = "\(report.batch.revision.number)"
            logger.report(.registerTaken, "took register \(request.fileName)", metadata: metadata)
            var json = JSONWriter()
            report.write(to: &json)
            return Response(json: json)
        } catch {
            return Response(error)
        }
    }
}

extension Request {
    /// The body as JSON.
    ///
    /// - Throws: `unsupported_media_type`, `invalid_request`.
    func json() throws(DirectoryError) -> JSONValue {
        if let type = try header("content-type") {
            let word = type.prefix { $0 != ";" }.lowercased().filter { $0 != " " }
            guard word == "application/json" || word.hasSuffix("+json") else {
                throw DirectoryError(
                    .unsupportedMedia, "a body of \(type.shortened()) is not read here",
                    advice: "send application/json", location: "Content-Type")
            }
        }
        guard let body, body.readableBytes > 0 else {
            throw DirectoryError(.invalidRequest, "the body is missing", advice: "send a JSON object")
        }
        return try JSONValue(json: Array(body.readableBytesView))
    }

    /// The record's own tag of `If-Match`, without quotation marks; `*` as it is.
    func ifMatch() throws(DirectoryError) -> String? {
        guard let text = try header("if-match") else { return nil }
        if text == "*" { return text }
        let inner = text.dropFirst().dropLast()
        guard text.utf8.count > 2, text.hasPrefix("\""), text.hasSuffix("\""), !inner.contains("\"") else {
            throw DirectoryError(
                .invalidRequest, "If-Match is \(text.shortened()), not one tag in quotation marks",
                advice: "send the record's ETag as it was given, or *", location: "If-Match")
        }
        return RecordTag.own(inner)
    }

    /// The file name of `Content-Disposition` (RFC 6266), without any folder, or nil.
    func fileName() throws(DirectoryError) -> String? {
        guard let header = try header("content-disposition") else { return nil }
        var plain: String?
        for part in header.split(separator: ";").dropFirst() {
            let pair = part.split(separator: "=", maxSplits: 1).map { $0.filter { $0 != " " } }
            guard pair.count == 2 else { continue }
            switch pair[0].lowercased() {
            case "filename*":
                guard pair[1].lowercased().hasPrefix("utf-8''") else { continue }
                return Self.lastPart(try PathSegment.decoded(pair[1].dropFirst(7)[...]))
            case "filename": plain = pair[1].filter { $0 != "\"" }
            default: continue
            }
        }
        return plain.flatMap(Self.lastPart)
    }

    private static func lastPart(_ path: String) -> String? {
        path.split(separator: "/").last.map { String($0.prefix(200)) }
    }

    /// The longest Idempotency-Key.
    ///
    /// Chosen, not measured: three UUIDs fit.
    private static let longestKey = 128

    func idempotencyKey() throws(DirectoryError) -> String? {
        guard let key = try header("idempotency-key") else { return nil }
        guard (1...Self.longestKey).contains(key.utf8.count),
            key.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else {
            throw DirectoryError(
                .invalidRequest, "Idempotency-Key is not 1 to \(Self.longestKey) visible ASCII characters",
                location: "Idempotency-Key")
        }
        return key
    }

    /// FNV-1a with 128 bits over method, path and body, in hexadecimal.
    ///
    /// It tells a repeated request from a mistaken use of the same key; it is no seal against forgery, and
    /// need not be: the peer is known.
    func digest() -> String {
        var hash: UInt128 = 0x6C62_272E_07BB_0142_62B8_2175_6295_C58D
        let prime: UInt128 = 0x0000_0000_0100_0000_0000_0000_0000_013B
        for byte in "\(method) \(path)\n".utf8 { hash = (hash ^ UInt128(byte)) &* prime }
        if let body {
            for byte in body.readableBytesView { hash = (hash ^ UInt128(byte)) &* prime }
        }
        return String(hash, radix: 16)
    }
}

/// The two answers to a question.
private enum YesOrNo: String, CaseIterable {
    case yes
    case no
}
