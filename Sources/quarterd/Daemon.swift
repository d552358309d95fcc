import Assembly
import CoreMetrics
import DaemonConfiguration
import DirectoryAPI
import DirectoryModel
import DirectoryServer
import Foundation
import Logging
import ServiceLifecycle
import Synchronization
import Systemd

#if canImport(Glibc)
    import Glibc
#endif

/// The running daemon.
enum Daemon {
    /// Opens everything, serves until a signal ends it, and closes everything.
    static func run(_ layout: Layout, kiosk: String?) async throws {
        // A reload before the daemon is ready, or a reader of its output that went away, may not end it.
        signal(SIGHUP, SIG_IGN)
        signal(SIGPIPE, SIG_IGN)
        let handed = try takeSockets()
        let manager = ServiceManager()
        let threshold = LogThreshold(.info)
        LoggingSystem.bootstrap { SystemLogHandler(label: $0, threshold: threshold) }
        let logger = Logger(label: "quarterd")
        let registry = PrometheusRegistry()
        MetricsSystem.bootstrap(registry)

        manager.status("opening \(layout.stateFolder)")
        let running = RunningServer()
        let assembly = try Assembly(layout) { configuration in
            threshold.level = configuration.logLevel
            running.server?.apply(limits: configuration.limits, hosts: configuration.kiosk.allowedHosts)
        }
        threshold.level = assembly.configuration.logLevel
        for note in assembly.host.notes { logger.notice("\(note)") }
        for problem in assembly.host.problems { logger.warning("\(problem.description); ignoring it") }

        let listeners = try openSockets(handed, layout, kiosk, assembly.configuration, logger)
        let server = try makeServer(assembly, listeners, registry, logger) {
            for listener in listeners {
                logger.notice("listening on \(listener.name) (\(listener.role.rawValue))")
            }
            let summary = assembly.engine.health().summary
            logger.notice("ready: \(summary)")
            manager.ready(status: summary)
        }
        running.server = server
        // In the order of the start; the stop goes the other way.
        let services: [any Service] = [
            ReloadOnHangUp(assembly: assembly, manager: manager, logger: logger), server,
            StatusReporter(assembly: assembly, manager: manager),
        ]
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: services,
                gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
        try await group.run()
        try assembly.close()
        logger.notice("stopped")
    }

    /// The server, once there is one: a reload tells it the new limits.
    private final class RunningServer: Sendable {
        private let box = Mutex<DirectoryServer?>(nil)

        var server: DirectoryServer? {
            get { box.withLock { $0 } }
            set { box.withLock { $0 = newValue } }
        }
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
                    "ignoring the handed-over socket \(socket.name): the names are public, admin and kiosk")
                close(socket.descriptor)
                continue
            }
            listeners.append(try Listener.handed(role, descriptor: socket.descriptor))
        }
        if listeners.isEmpty {
            let folder = layout.stateFolder
            listeners.append(try Listener.unix(.publicDoor, path: folder + "/public.sock", mode: 0o666))
            listeners.append(
                try Listener.unix(
                    .admin, path: folder + "/admin.sock", mode: 0o660, group: configuration.admin.group))
        }
        if let kiosk, !listeners.contains(where: { $0.role == .kiosk }) {
            listeners.append(try Listener.loopback(kiosk))
        }
        return listeners
    }

    private static func makeServer(
        _ assembly: Assembly, _ listeners: [Listener], _ registry: PrometheusRegistry, _ logger: Logger,
        onListening: @escaping @Sendable () -> Void
    ) throws -> DirectoryServer {
        let configuration = assembly.configuration
        do {
            try FileManager.default.createDirectory(
                atPath: configuration.spool.folder, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
        } catch {
            throw DirectoryError(
                .storeUnwritable, "the spool \(configuration.spool.folder) cannot be made",
                advice: "see spool.folder", cause: "\(error)")
        }
        var options = DirectoryServer.Options(
            spoolFolder: configuration.spool.folder, version: Assembly.version)
        options.limits = configuration.limits
        options.hosts = configuration.kiosk.allowedHosts
        options.adminGroup = configuration.admin.group
        return DirectoryServer(
            service: assembly.engine, intake: assembly.intake, listeners: listeners, options: options,
            registry: registry, metrics: registry, logger: logger, onListening: onListening)
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
        limits.fitIntoDescriptors()
        return limits
    }

    /// The journal's threshold as swift-log has it.
    var logLevel: Logger.Level { Logger.Level(rawValue: log.level.rawValue) ?? .info }
}
