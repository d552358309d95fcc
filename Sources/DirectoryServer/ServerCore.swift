internal import DirectoryAPI
internal import DirectoryModel
internal import Logging
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import PageFiles
internal import Synchronization

/// What may change while the server runs: connections keep what they were opened with.
struct ServerSettings: Sendable {
    var limits: ServerLimits
    /// Names of this machine that a browser may use, without port.
    var hosts: [String]
    var spoolFolder: String
    /// The pages that are served beside the routes.
    var pages: PageShelf

    init(_ options: DirectoryServer.Options) {
        limits = options.limits
        hosts = options.hosts
        spoolFolder = options.spoolFolder
        pages = options.pages
    }
}

/// One of the server's sockets, as its connections see it.
struct Door: Sendable {
    let role: ListenerRole
    /// The TCP port, or nil for a Unix socket.
    let port: Int?
    let metrics: DoorMetrics
}

/// Threads for what waits: for the disk, for a name service, for polygon work.
final class Workers: Sendable {
    enum Kind: Sendable {
        /// Anything that is done soon.
        case general
        /// Writes, one after the other as the directory does them: they may wait for a register's.
        case writes
        /// Registers, one after the other: each may take minutes.
        case registers
        /// The history, for followers: however many there are, the others' work goes on.
        case feed
    }

    /// Chosen, not measured: writes are put in a row by the store; the others are for polygon work and spools.
    private static let generalThreads = 4
    /// Chosen, not measured: half of the store's readers at most.
    private static let feedThreads = 2

    private let general = NIOThreadPool(numberOfThreads: Workers.generalThreads)
    private let writes = NIOThreadPool(numberOfThreads: 1)
    private let registers = NIOThreadPool(numberOfThreads: 1)
    private let feed = NIOThreadPool(numberOfThreads: Workers.feedThreads)

    init() {
        for pool in [general, writes, registers, feed] { pool.start() }
    }

    func submit(_ kind: Kind, _ work: @escaping @Sendable () -> Void) {
        let pool =
            switch kind {
            case .general: general
            case .writes: writes
            case .registers: registers
            case .feed: feed
            }
        pool.submit { state in
            // A pool that is shutting down has no connections left that wait for it.
            if case .active = state { work() }
        }
    }

    /// Ends the threads once they are done with what they are at.
    func stop() {
        for pool in [general, writes, registers, feed] { pool.shutdownGracefully { _ in } }
    }
}

/// What all connections share.
final class ServerCore: Sendable {
    let router: Router
    /// The methods of Varlink.
    let varlink: VarlinkTable
    let workers = Workers()
    let logger: Logger
    /// Requests that met no route.
    let otherRequests: RouteMetrics
    /// The figures of the change feed.
    let feedMetrics: FeedMetrics
    /// Who follows the change feed.
    let followers = FollowerLedger()
    /// Wakes followers.
    let bell = FeedBell()
    private let ledgers: [ListenerRole: ConnectionLedger]
    private let settingsBox: Mutex<ServerSettings>
    private let responderBox: Mutex<Responder>
    private let watch: Mutex<CommitWatch?>

    init(_ responder: Responder, metrics: ServerMetrics, settings: ServerSettings, logger: Logger) {
        self.logger = logger
        router = Router(RouteTable.routes, metrics: metrics)
        varlink = VarlinkTable(metrics: metrics)
        otherRequests = metrics.route("other", method: "other")
        ledgers = Dictionary(uniqueKeysWithValues: ListenerRole.allCases.map { ($0, ConnectionLedger()) })
        settingsBox = Mutex(settings)
        responderBox = Mutex(responder)
        feedMetrics = metrics.feed()
        watch = Mutex(responder.watchCommits { [bell] in bell.ring($0) })
        if let revision = responder.revision { bell.ring(revision) }
    }

    var settings: ServerSettings {
        get { settingsBox.withLock { $0 } }
        set { settingsBox.withLock { $0 = newValue } }
    }

    /// Who answers now.
    var responder: Responder {
        get { responderBox.withLock { $0 } }
        set {
            responderBox.withLock { $0 = newValue }
            let next = newValue.watchCommits { [bell] in bell.ring($0) }
            watch.withLock { $0 = next }
            if let revision = newValue.revision { bell.ring(revision) }
        }
    }

    func ledger(of role: ListenerRole) -> ConnectionLedger {
        guard let ledger = ledgers[role] else { preconditionFailure("no ledger for \(role)") }
        return ledger
    }

    /// Logs an error that was answered: faults of ours loudly, faults of a client for who looks for them.
    ///
    /// What was asked is somebody's own affair: only a logger for developers is told the words of a query.
    func note(
        _ error: DirectoryError, head: HTTPRequestHead?, method: String? = nil, door: Door, peer: Peer?
    ) {
        let event: JournalEvent?
        switch error.code {
        case .internalError, .moduleFailed, .storeDamaged, .storeUnwritable, .networkDamaged:
            event = .requestFailed
        case .forbidden, .foreignHost, .tooManyConnections: event = .callerRefused
        default: event = nil
        }
        let level = event?.level ?? .debug
        guard level >= logger.logLevel else { return }
        var metadata: Logger.Metadata = ["code": "\(error.code.rawValue)", "socket": "\(door.role.rawValue)"]
        if let head {
            let uri = event == nil ? head.uri[...] : head.uri.prefix { $0 != "?" }
            metadata["request"] = "\(head.method.rawValue) \(String(uri.prefix(200)))"
        }
        if let method { metadata["request"] = "\(method)" }
        if let peer {
            metadata["peer_pid"] = "\(peer.process)"
            metadata["peer_uid"] = "\(peer.user)"
        }
        if let event {
            logger.report(event, "\(error.description)", metadata: metadata)
        } else {
            logger.log(level: level, "\(error.description)", metadata: metadata)
        }
    }
}
