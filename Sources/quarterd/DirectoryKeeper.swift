import Assembly
import DaemonConfiguration
import DirectoryAPI
import DirectoryEngine
import DirectoryModel
import DirectoryServer
import Foundation
import Logging
import ModuleHost
import Synchronization
import Systemd

/// Has the daemon's directory, or knows why there is none, and tells journal and service manager what becomes of it.
///
/// Safe to use from any thread. What opens or reloads blocks: call it away from an event loop.
final class DirectoryKeeper: Sendable {
    private enum Standing {
        case open(Assembly)
        case fault(DirectoryError)
    }

    /// Told again and again that the directory has changed; several changes may come as one.
    let changes: AsyncStream<Void>

    private let layout: Layout
    private let manager: ServiceManager
    private let logger: Logger
    private let threshold: LogThreshold
    private let standing: Mutex<Standing>
    private let server = Mutex<DirectoryServer?>(nil)
    private let opening = Mutex<Void>(())
    private let change: AsyncStream<Void>.Continuation
    /// The text of the credential for `/metrics`; read once, as the service manager hands it over once.
    private let metricsToken = Credentials.text("tokens_metrics")

    /// Tries to open the directory of a layout, and keeps the fault where that fails.
    init(_ layout: Layout, manager: ServiceManager, logger: Logger, threshold: LogThreshold) {
        self.layout = layout
        self.manager = manager
        self.logger = logger
        self.threshold = threshold
        (changes, change) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        standing = Mutex(.fault(DirectoryError(.unavailable, "the daemon is starting")))
        manager.status("opening \(layout.stateFolder)")
        do throws(DirectoryError) {
            try open()
        } catch {
            standing.withLock { $0 = .fault(error) }
        }
        threshold.level = configuration.logLevel
    }

    /// The directory, where it is open.
    var assembly: Assembly? {
        if case .open(let assembly) = standing.withLock({ $0 }) { assembly } else { nil }
    }

    /// Why it is not open.
    var fault: DirectoryError? {
        if case .fault(let error) = standing.withLock({ $0 }) { error } else { nil }
    }

    /// The configuration that counts; where none can be read, the defaults.
    var configuration: QuarterConfiguration {
        assembly?.configuration ?? (try? Assembly.readConfiguration(layout))
            ?? Assembly.fitted(QuarterConfiguration(), to: layout)
    }

    /// What a server is to answer from.
    var ground: DirectoryServer.Ground {
        switch standing.withLock({ $0 }) {
        case .open(let assembly): .directory(assembly.engine, intake: assembly.intake)
        case .fault(let error): .fault(error)
        }
    }

    /// What a server is to be made of; of another configuration than the present one, where it is given.
    func options(_ other: QuarterConfiguration? = nil) -> DirectoryServer.Options {
        let configuration = other ?? configuration
        var options = DirectoryServer.Options(
            spoolFolder: configuration.spool.folder, version: Assembly.version)
        options.limits = configuration.limits
        options.hosts = configuration.kiosk.allowedHosts
        options.adminGroup = configuration.admin.group
        options.metricsToken = metricsToken
        options.pages = configuration.shelf
        for problem in options.pages.problems { logger.notice("\(problem)") }
        options.reopening = { [weak self] () throws(DirectoryError) -> ReloadReply in
            guard let self else { throw DirectoryError(.unavailable, "the daemon is stopping") }
            return try self.reload()
        }
        return options
    }

    /// Has this server answer from the directory, now and whenever it is opened later.
    func serve(with server: DirectoryServer) { self.server.withLock { $0 = server } }

    /// Says, to journal and service manager, that the daemon answers, and with what.
    ///
    /// - Parameter time: how long the start took.
    func announce(after time: Duration? = nil) {
        guard let assembly else {
            guard let fault else { return }
            logger.report(
                .notServing, "cannot serve: \(fault.description)",
                metadata: ["code": "\(fault.code.rawValue)"])
            return manager.ready(status: status)
        }
        for note in assembly.notes { logger.notice("\(note)") }
        report(modules: assembly.host)
        if let problem = assembly.configurationProblem {
            logger.report(
                .configurationFallback,
                "the last valid configuration serves, because of \(problem.description)")
        }
        let health = assembly.engine.promptHealth()
        var metadata: Logger.Metadata = ["revision": "\(health.revision.number)"]
        if let time { metadata["milliseconds"] = "\(Int(time / .milliseconds(1)))" }
        logger.report(.ready, "ready: \(health.summary)", metadata: metadata)
        manager.ready(status: health.summary)
        // The first who looks for a name or the map should not have to wait; the start does not wait for it either.
        Thread.detachNewThread { [logger] in
            assembly.engine.prepareMap()
            let checked = assembly.engine.health()
            if checked.problems != health.problems { logger.warning("\(checked.state): \(checked.summary)") }
            assembly.engine.prepareRecords()
            try? assembly.engine.prepareSearch()
            Heap.giveBack()
        }
        Thread.detachNewThread { [logger] in
            do throws(DirectoryError) {
                try assembly.engine.prepareLabels()
            } catch {
                logger.warning("the network goes on without labels, more slowly: \(error.description)")
            }
        }
    }

    private func report(modules host: ModuleHost) {
        for problem in host.problems { logger.report(.moduleBroken, "\(problem.description); ignoring it") }
        for end in host.newEnds {
            let name = end.id?.rawValue ?? end.file
            logger.report(
                .moduleEnded, "the module \(name) ended the daemon: \(end.cause.word) in \(end.call.word)",
                metadata: ["module": "\(name)", "file": "\(end.file)", "ending": "\(end.cause.word)"])
        }
        for report in host.reports {
            guard case .quarantined(let reason, _) = report.state else { continue }
            let name = report.id?.rawValue ?? report.file
            logger.report(
                .moduleQuarantined,
                "the module \(name) is quarantined: it \(reason); let it out with `quarterctl modules release \(name)`",
                metadata: ["module": "\(name)"])
        }
    }

    /// One line about the directory for `systemctl status`.
    var status: String {
        switch standing.withLock({ $0 }) {
        case .open(let assembly): assembly.engine.health().summary
        case .fault(let error): "cannot serve: \(error.description)"
        }
    }

    // MARK: Opening and reloading

    private func open() throws(DirectoryError) {
        let assembly = try Assembly(
            layout, keepsLastValid: true, observer: { [weak self] in self?.note($0) },
            reloaded: { [weak self] in self?.take($0) })
        // What was read, sorted and put together is gone by now.
        Heap.giveBack()
        standing.withLock { $0 = .open(assembly) }
    }

    /// Reads configuration, types and modules again; opens the directory where it is not open.
    ///
    /// - Throws: why not; then nothing has changed.
    func reload() throws(DirectoryError) -> ReloadReply {
        if let assembly { return try assembly.engine.reload() }
        manager.reloading(status: "trying again to open the directory")
        defer { manager.ready(status: status) }
        return try reopen()
    }

    /// Tries again to open the directory.
    ///
    /// - Throws: why it can still not be opened.
    @discardableResult
    func reopen() throws(DirectoryError) -> ReloadReply {
        let result: Result<ReloadReply, DirectoryError> = opening.withLock { _ in
            do throws(DirectoryError) {
                if assembly == nil {
                    try open()
                    threshold.level = configuration.logLevel
                    server.withLock { $0 }?.apply(ground, options())
                    announce()
                }
                let revision = assembly?.engine.health().revision ?? Revision(0)
                return .success(
                    ReloadReply(revision: revision, changes: ["the directory is open"], needsRestart: []))
            } catch {
                noteFault(error)
                return .failure(error)
            }
        }
        return try result.get()
    }

    /// A fault is told once, not at every try.
    private func noteFault(_ error: DirectoryError) {
        guard fault != error else { return }
        standing.withLock { $0 = .fault(error) }
        server.withLock { $0 }?.apply(ground, options())
        announce()
    }

    /// Closes the directory, if it is open.
    func close() throws(DirectoryError) { try assembly?.close() }

    // MARK: What the engine tells

    /// How long a step of the opening may take until the next word about it, in seconds.
    ///
    /// Chosen, not measured: a city of 200,000 places is read in a few seconds; an old store on a slow disk may
    /// take a minute to be brought up to date.
    private static let stepTime = 120

    private func note(_ event: EngineEvent) {
        switch event {
        case .opening(let words):
            manager.status(words)
            manager.extendTimeout(bySeconds: Self.stepTime)
        case .reloadBegan: manager.reloading(status: "reading configuration, types and modules")
        case .reloadEnded(.success(let reply)):
            logger.report(
                .reloaded, "reloaded: \(reply.changes.count) changes",
                metadata: [
                    "revision": "\(reply.revision.number)", "changes": "\(reply.changes.count)",
                ])
            for change in reply.changes { logger.info("reload: \(change)") }
            if !reply.needsRestart.isEmpty {
                let names = reply.needsRestart.joined(separator: ", ")
                logger.report(.restartNeeded, "a restart is needed for \(names)")
            }
            manager.ready(status: status)
        case .reloadEnded(.failure(let error)):
            logger.report(
                .reloadFailed, "the reload changed nothing: \(error.description)",
                metadata: ["code": "\(error.code.rawValue)"])
            manager.ready(status: status)
        case .changed: change.yield()
        }
    }

    private func take(_ configuration: QuarterConfiguration) {
        threshold.level = configuration.logLevel
        // What needs a restart stays as it was: sockets and spool are those of the start.
        var options = options(configuration)
        if let started = assembly?.configuration {
            options.adminGroup = started.admin.group
            options.spoolFolder = started.spool.folder
        }
        server.withLock { $0 }?.apply(options)
    }
}
