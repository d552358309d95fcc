package import DirectoryAPI
internal import DirectoryModel
internal import HSDS
internal import QRCodes
package import Logging
internal import NIOCore

#if canImport(Glibc)
    import Glibc
#endif

/// Who answers: the handlers of a directory, or, where there is none, whoever says why.
///
/// A class, so that taking it out of its box for each request costs one count.
final class Responder: Sendable {
    private let ground: DirectoryServer.Ground
    let common: CommonHandlers
    let handlers: Handlers?

    init(
        _ ground: DirectoryServer.Ground, _ options: DirectoryServer.Options, _ registry: PrometheusRegistry,
        _ logger: Logger
    ) {
        let common = CommonHandlers(options, registry, logger)
        self.ground = ground
        self.common = common
        if case .directory(let service, let intake) = ground {
            handlers = Handlers(
                service: service, intake: intake, common: common, humanServices: HSDSDirectory(service))
        } else {
            handlers = nil
        }
    }

    /// The same with other options.
    func with(_ options: DirectoryServer.Options) -> Responder {
        Responder(ground, options, common.registry, common.logger)
    }

    /// The answer to a request, whatever becomes of it.
    func answer(_ request: Request) -> Response {
        if let handlers { return handlers.answer(request) }
        do throws(DirectoryError) {
            switch request.operation {
            case .metrics: return try common.metrics(request, health: nil)
            case .openAPI: return try common.openAPI(request)
            case .qr: return try common.qr(request)
            case .reload: return try common.reopen(request, fault)
            default: throw fault
            }
        } catch {
            return Response(error)
        }
    }

    /// What a register's head asks; see `Handlers`.
    func registerRequest(_ request: Request) throws(DirectoryError) -> RegisterRequest {
        guard let handlers else { throw fault }
        return try handlers.registerRequest(request)
    }

    /// Reads a register that lies in the spool; see `Handlers`.
    func takeRegister(_ request: RegisterRequest, from peer: Peer?) -> Response {
        handlers?.takeRegister(request, from: peer) ?? Response(fault)
    }

    /// What a follower is answered with; see `Handlers`.
    func openFeed(_ request: Request) -> FeedOpening {
        handlers?.openFeed(request) ?? .response(Response(fault))
    }

    /// What a follower over Varlink is told first; see `Handlers`.
    func openFeed(_ words: QueryWords) throws(DirectoryError) -> (ChangeQuery, FeedPiece) {
        guard let handlers else { throw fault }
        return try handlers.openFeed(words)
    }

    /// What a follower is sent next; see `Handlers`.
    func continueFeed(_ query: ChangeQuery, as format: FeedFormat) throws(DirectoryError) -> FeedPiece {
        guard let handlers else { throw fault }
        return try handlers.continueFeed(query, as: format)
    }

    /// Tells of commits, where there is a directory.
    func watchCommits(_ body: @escaping @Sendable (Revision) -> Void) -> CommitWatch? {
        handlers?.service.watchCommits(body)
    }

    /// The directory's revision, where there is one.
    var revision: Revision? { handlers?.service.version.revision }

    /// Why there is no directory.
    var fault: DirectoryError {
        if case .fault(let error) = ground { return error }
        return DirectoryError(.unavailable, "the daemon has no directory yet")
    }
}

/// What is answered with or without a directory.
struct CommonHandlers: Sendable {
    let registry: PrometheusRegistry
    let access: WriteAccess
    let logger: Logger
    /// The reply to Varlink's `GetInfo`.
    let varlinkInfo: ByteBuffer
    private let version: String
    private let metricsToken: String?
    private let reopening: (@Sendable () throws(DirectoryError) -> ReloadReply)?

    init(_ options: DirectoryServer.Options, _ registry: PrometheusRegistry, _ logger: Logger) {
        self.registry = registry
        self.logger = logger
        access = WriteAccess(group: options.adminGroup, ownUser: geteuid())
        version = options.version
        varlinkInfo = Self.varlinkInfo(version: options.version)
        metricsToken = options.metricsToken
        reopening = options.reopening
    }

    /// Figures for Prometheus.
    ///
    /// - Parameter health: how the directory is; nil where there is none.
    func metrics(_ request: Request, health: @autoclosure () -> HealthReply?)
        throws(DirectoryError) -> Response
    {
        try request.takesNoWords()
        try checkToken(request)
        var text = registry.text()
        func gauge(_ name: String, _ value: Double) {
            text += "# TYPE \(PrometheusRegistry.name(name)) gauge\n"
            text += PrometheusRegistry.gauge(name, [], value)
        }
        let health = health()
        gauge("quarter_healthy", health?.state == "ok" ? 1 : 0)
        if let health {
            gauge("quarter_revision", Double(health.revision.number))
            for (name, count) in health.counts { gauge("quarter_\(name)", Double(count)) }
        }
        return Array(text.utf8).withUnsafeBytes {
            Response(status: 200, contentType: "text/plain; version=0.0.4; charset=utf-8", bytes: $0)
        }
    }

    /// Whoever comes through a Unix socket is known by the kernel; the loopback's callers are not.
    private func checkToken(_ request: Request) throws(DirectoryError) {
        guard let metricsToken, request.peer == nil else { return }
        let given = try request.header("authorization") ?? ""
        guard Self.isSame("Bearer " + metricsToken, given) else {
            throw DirectoryError(
                .forbidden, "the figures of this daemon need its token on the loopback socket",
                advice:
                    "send Authorization: Bearer with the text of /etc/quarter/tokens/metrics, or ask through "
                    + "the public socket", location: "Authorization")
        }
    }

    /// Compares in a time that does not tell how much of a guess was right.
    private static func isSame(_ one: String, _ other: String) -> Bool {
        let (one, other) = (Array(one.utf8), Array(other.utf8))
        guard one.count == other.count else { return false }
        return zip(one, other).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }

    /// The table of routes as OpenAPI.
    func openAPI(_ request: Request) throws(DirectoryError) -> Response {
        try request.takesNoWords()
        return OpenAPI.json(version: version).withUnsafeBytes {
            Response(status: 200, contentType: Response.json, bytes: $0)
        }
    }

    /// A text as a QR code.
    func qr(_ request: Request) throws(DirectoryError) -> Response {
        var words = try request.words()
        guard let text = try words.one("text") else {
            throw DirectoryError(
                .invalidRequest, "“text” is missing: what the code is to say", location: "text")
        }
        let correction: QRCode.Correction = try words.word("correction") ?? .medium
        try words.finish()
        let code = try QRCode(text, correction: correction)
        var response = Array(code.svg.utf8).withUnsafeBytes {
            Response(status: 200, contentType: "image/svg+xml", bytes: $0)
        }
        // An image that is opened as a page of its own may do nothing.
        response.headers = [("Content-Security-Policy", "default-src 'none'")]
        return response
    }

    /// Tries again to open the directory.
    func reopen(_ request: Request, _ fault: DirectoryError) throws(DirectoryError) -> Response {
        _ = try access.actor(request.peer)
        try request.takesNoWords()
        guard let reopening else { throw fault }
        var json = JSONWriter(capacity: 1024)
        try reopening().write(to: &json)
        return Response(json: json)
    }
}

extension Logger {
    /// Writes an entry of a kind of event that the journal's message catalog explains.
    package func report(
        _ event: JournalEvent, _ message: @autoclosure () -> Logger.Message, metadata: Logger.Metadata = [:],
        file: String = #fileID, function: String = #function, line: UInt = #line
    ) {
        log(
            level: event.level, message(),
            metadata: metadata.merging(["event": "\(event.name)"]) { first, _ in first },
            file: file, function: function, line: line)
    }
}

extension JournalEvent {
    /// Its severity as swift-log has it.
    package var level: Logger.Level { Logger.Level(rawValue: severity.rawValue) ?? .notice }
}
