import DirectoryAPI
import DirectoryModel
import Foundation
import ServiceLifecycle
import Systemd
import UnixSignals

/// Reads configuration, declared types and modules again at each SIGHUP.
struct ReloadOnHangUp: Service {
    let keeper: DirectoryKeeper

    func run() async throws {
        for await _ in await UnixSignalsSequence(trapping: .sighup).cancelOnGracefulShutdown() {
            // Its outcome is in the journal and in the status.
            _ = await onThread { [keeper] in _ = try? keeper.reload() }
        }
    }
}

/// Tries again to open a directory that could not be opened for a reason that may pass by itself.
struct OpeningRetry: Service {
    /// Chosen, not measured: a person who has just freed the disk does not wait for long.
    static let interval = Duration.seconds(2)

    let keeper: DirectoryKeeper

    func run() async throws {
        try await untilShutdown {
            while (try? await Task.sleep(for: Self.interval)) != nil {
                switch keeper.fault?.code {
                case .stateLocked?, .storeUnwritable?: await onThread { _ = try? keeper.reopen() }
                default: break
                }
            }
        }
    }
}

/// Keeps the service manager's status line in step with the directory, and says when the daemon stops.
struct StatusReporter: Service {
    /// The shortest time between two lines.
    ///
    /// Chosen, not measured: a person sees a change at once, and an import does not write a line for each record.
    static let interval = Duration.milliseconds(500)

    let keeper: DirectoryKeeper
    let manager: ServiceManager

    func run() async throws {
        guard manager.isPresent else { return try await gracefulShutdown() }
        try await untilShutdown {
            for await _ in keeper.changes {
                manager.status(keeper.status)
                guard (try? await Task.sleep(for: Self.interval)) != nil else { return }
            }
        }
        manager.stopping(status: "finishing answers")
    }
}

/// Runs `body` until the daemon is to stop, then cancels it.
private func untilShutdown(_ body: @escaping @Sendable () async -> Void) async throws {
    await withTaskGroup(of: Void.self) { tasks in
        tasks.addTask { await body() }
        tasks.addTask { try? await gracefulShutdown() }
        await tasks.next()
        tasks.cancelAll()
    }
}

/// Runs what reads files and opens libraries on a thread of its own.
private func onThread(_ body: @escaping @Sendable () -> Void) async {
    await withCheckedContinuation { continuation in
        Thread.detachNewThread {
            body()
            continuation.resume()
        }
    }
}
