import Assembly
import DirectoryAPI
import DirectoryModel
import Foundation
import Logging
import ServiceLifecycle
import Systemd
import UnixSignals

/// Reads configuration, declared types and modules again at each SIGHUP.
struct ReloadOnHangUp: Service {
    let assembly: Assembly
    let manager: ServiceManager
    let logger: Logger

    func run() async throws {
        for await _ in await UnixSignalsSequence(trapping: .sighup).cancelOnGracefulShutdown() {
            manager.reloading(status: "reading configuration, types and modules")
            let result = await reload()
            switch result {
            case .success(let reply):
                let restart =
                    reply.needsRestart.isEmpty
                    ? "" : "; a restart is needed for " + reply.needsRestart.joined(separator: ", ")
                logger.notice("reloaded: \(reply.changes.count) changes\(restart)")
                for change in reply.changes { logger.info("reload: \(change)") }
                manager.ready(status: assembly.engine.health().summary)
            case .failure(let error):
                logger.error("the reload changed nothing: \(error.description)")
                manager.ready(status: "the last reload failed: \(error.description)")
            }
        }
    }

    /// A reload reads files and opens libraries: on a thread of its own.
    private func reload() async -> Result<ReloadReply, DirectoryError> {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                do throws(DirectoryError) {
                    continuation.resume(returning: .success(try assembly.engine.reload()))
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        }
    }
}

/// Keeps the service manager's status line in step with the directory, and says when the daemon stops.
struct StatusReporter: Service {
    /// Chosen, not measured: a person who looks again sees the change.
    static let interval = Duration.seconds(10)

    let assembly: Assembly
    let manager: ServiceManager

    func run() async throws {
        guard manager.isPresent else { return try await gracefulShutdown() }
        await withTaskGroup(of: Void.self) { tasks in
            tasks.addTask { await report() }
            tasks.addTask { try? await gracefulShutdown() }
            await tasks.next()
            tasks.cancelAll()
        }
        manager.stopping(status: "finishing answers")
    }

    private func report() async {
        var last = assembly.engine.version
        while (try? await Task.sleep(for: Self.interval)) != nil {
            let now = assembly.engine.version
            guard now != last else { continue }
            last = now
            manager.status(assembly.engine.health().summary)
        }
    }
}
