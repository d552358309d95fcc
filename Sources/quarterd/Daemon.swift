import Assembly
import CoreMetrics
import DaemonConfiguration
import DirectoryAPI
import DirectoryModel
import DirectoryServer
import Foundation
import Logging
import ServiceLifecycle
import Systemd

#if canImport(Glibc)
    import Glibc
#endif

/// The running daemon.
enum Daemon {
    /// Opens everything, serves until a signal ends it, and closes everything.
    ///
    /// A directory that cannot be opened does not end the daemon: whoever waits in the socket would start it
    /// again and again. It is served as an error instead, until it can be opened.
    /// - Throws: what is wrong with the sockets; then there is nobody to tell.
    static func run(_ layout: Layout, kiosk: String?) async throws {
        let started = ContinuousClock.now
        // A reload before the daemon is ready, or a reader of its output that went away, may not end it.
        signal(SIGHUP, SIG_IGN)
        signal(SIGPIPE, SIG_IGN)
        let handed = try takeSockets()
        let manager = ServiceManager()
        let threshold = LogThreshold(.info)
        let messageIDs = Dictionary(uniqueKeysWithValues: JournalEvent.all.map { ($0.name, $0.messageID) })
        LoggingSystem.bootstrap {
            SystemLogHandler(label: $0, threshold: threshold, messageIDs: messageIDs)
        }
        let logger = Logger(label: "quarterd")
        let registry = PrometheusRegistry()
        MetricsSystem.bootstrap(registry)

        let keeper = DirectoryKeeper(layout, manager: manager, logger: logger, threshold: threshold)
        let listeners = try openSockets(handed, layout, kiosk, keeper.configuration, logger)
        makeSpool(keeper.configuration.spool.folder, logger)
        let server = DirectoryServer(
            keeper.ground, listeners: listeners, options: keeper.options(), registry: registry,
            metrics: registry, logger: logger
        ) {
            for listener in listeners {
                logger.notice("listening on \(listener.name) (\(listener.role.rawValue))")
            }
            keeper.announce(after: ContinuousClock.now - started)
        }
        keeper.serve(with: server)
        // In the order of the start; the stop goes the other way.
        let services: [any Service] = [
            ReloadOnHangUp(keeper: keeper), OpeningRetry(keeper: keeper), server,
            Watchdog(keeper: keeper, server: server, manager: manager, logger: logger),
            StatusReporter(keeper: keeper, manager: manager),
        ]
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: services,
                gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
        try await group.run()
        try keeper.close()
        logger.report(.stopped, "stopped")
    }

    private static func takeSockets() throws -> [HandedSocket] {
        do {
            return try HandedSockets.take()
        } catch {
            throw DirectoryError(
                .configurationInvalid, error.description, advice: "look at the socket units of quarterd")
        }
    }

    private static func openSockets(
        _ handed: [HandedSocket], _ layout: Layout, _ kiosk: String?, _ configuration: QuarterConfiguration,
        _ logger: Logger
    ) throws(DirectoryError) -> [Listener] {
        var listeners: [Listener] = []
        for socket in handed {
            guard let role = ListenerRole(rawValue: socket.name) else {
                logger.warning(
                    "ignoring the handed-over socket \(socket.name): the names are public, admin, kiosk and varlink"
                )
                close(socket.descriptor)
                continue
            }
            listeners.append(try Listener.handed(role, descriptor: socket.descriptor))
        }
        if listeners.isEmpty {
            let folder = layout.stateFolder
            // Where the directory could not be opened, for a fault in the configuration, it may not be there yet.
            mkdir(folder, 0o750)
            listeners.append(try Listener.unix(.publicDoor, path: folder + "/public.sock", mode: 0o666))
            listeners.append(
                try Listener.unix(
                    .admin, path: folder + "/admin.sock", mode: 0o660, group: configuration.admin.group))
            listeners.append(
                try Listener.unix(.varlink, path: folder + "/" + Listener.varlinkFileName, mode: 0o666))
        }
        if let kiosk, !listeners.contains(where: { $0.role == .kiosk }) {
            listeners.append(try Listener.loopback(kiosk))
        }
        return listeners
    }

    /// Without a spool registers are refused in words; everything else goes on.
    private static func makeSpool(_ folder: String, _ logger: Logger) {
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            logger.warning("the spool \(folder) cannot be made: \(error); see spool.folder")
        }
    }
}

extension QuarterConfiguration {
    /// What the server takes from it, fitted into the process's descriptors.
    var limits: ServerLimits {
        var limits = ServerLimits()
        limits.headBytes = requests.headLimit
        limits.bodyBytes = requests.bodyLimit
        limits.registerBytes = requests.registerLimit
        limits.requestTime = requests.requestTime
        limits.idleTime = requests.idleTime
        limits.connectionsPerUser = requests.connectionsPerUser
        limits.followers = requests.followers
        limits.followersPerUser = requests.followersPerUser
        limits.followerLag = requests.followerLag
        limits.fitIntoDescriptors()
        return limits
    }

    /// The journal's threshold as swift-log has it.
    var logLevel: Logger.Level { Logger.Level(rawValue: log.level.rawValue) ?? .info }
}
