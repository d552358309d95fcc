import DirectoryAPI
import DirectoryEngine
import DirectoryModel
import DirectoryServer
import Foundation
import Logging
import ModuleHost
import ServiceLifecycle
import Synchronization
import Systemd

/// Feeds the service manager's watchdog, but only by work that was really done.
///
/// One thread goes round: every event loop must turn, a real question must be answered through the live index, the
/// store must be read; then, if no module has been in one call for too long, the watchdog is fed. A second thread
/// looks whether the first still goes round. Where it does not, it says in the journal which part hangs and has the
/// service manager end the daemon; if even that thread stands still, the watchdog's own interval runs out.
final class Watchdog: Service {
    /// How long a module may be in one call while the watchdog is fed.
    ///
    /// Source: the host blames a hang on a call of over a second, too (`CrashSignals.hangNanoseconds`).
    static let moduleTime: Seconds = 1

    /// A part that was asked and has not answered yet.
    private struct Waiting {
        var part: String
        var since: SuspendingClock.Instant
    }

    private struct State {
        var waiting: Waiting?
        var lastRound = SuspendingClock.now
        var lastFault: DirectoryError?
    }

    private let keeper: DirectoryKeeper
    private let server: DirectoryServer
    private let manager: ServiceManager
    private let logger: Logger
    private let state = Mutex(State())
    private let isStopping = Atomic<Bool>(false)

    init(keeper: DirectoryKeeper, server: DirectoryServer, manager: ServiceManager, logger: Logger) {
        self.keeper = keeper
        self.server = server
        self.manager = manager
        self.logger = logger
    }

    func run() async throws {
        guard manager.isPresent, let interval = ServiceManager.watchdogInterval else {
            return try await gracefulShutdown()
        }
        Thread.detachNewThread { self.goRound(every: interval / 4) }
        Thread.detachNewThread { self.lookOn(interval: interval) }
        try? await gracefulShutdown()
        // The service manager's watchdog rests while a service stops.
        isStopping.store(true, ordering: .relaxed)
    }

    // MARK: The first thread

    private func goRound(every pause: Double) {
        while !isStopping.load(ordering: .relaxed) {
            let fault = ask()
            state.withLock { state in
                state.waiting = nil
                state.lastFault = fault
                if fault == nil { state.lastRound = .now }
            }
            if fault == nil, !isModuleLate(by: Self.moduleTime) { manager.feedWatchdog() }
            Thread.sleep(forTimeInterval: pause)
        }
    }

    /// Asks every part; returns why one cannot answer, and does not return where one hangs.
    private func ask() -> DirectoryError? {
        enter("loops")
        server.turn()
        guard let assembly = keeper.assembly else { return nil }
        do throws(DirectoryError) {
            try assembly.engine.probe { enter($0.rawValue) }
            return nil
        } catch {
            // A store that is closed belongs to a daemon that stops.
            return error.code == .unavailable ? nil : error
        }
    }

    private func enter(_ part: String) {
        state.withLock { $0.waiting = Waiting(part: part, since: .now) }
    }

    private func isModuleLate(by time: Seconds) -> Bool {
        (keeper.assembly?.host.longestCall?.time ?? 0) > time
    }

    // MARK: The second thread

    private func lookOn(interval: Double) {
        // Half of the interval, so that the cause is in the journal before the daemon is ended.
        let limit = interval / 2
        let pause = min(interval / 16, 1)
        while !isStopping.load(ordering: .relaxed) {
            let asleep = SuspendingClock.now
            Thread.sleep(forTimeInterval: pause)
            // Where this thread, too, was kept waiting, the whole machine was: nobody hangs for that reason.
            if (SuspendingClock.now - asleep).inSeconds > pause + limit / 2 {
                state.withLock { state in
                    state.waiting?.since = .now
                    state.lastRound = .now
                }
                continue
            }
            guard let (cause, words, metadata) = accusation(limit), !isStopping.load(ordering: .relaxed)
            else { continue }
            logger.report(
                .watchdog, "\(words); the service manager ends the daemon",
                metadata: metadata.merging(["cause": "\(cause)"]) { first, _ in first })
            return manager.triggerWatchdog()
        }
    }

    private func accusation(_ limit: Double) -> (cause: String, words: String, Logger.Metadata)? {
        if let call = keeper.assembly?.host.longestCall, call.time.value > limit {
            let name = call.id?.rawValue ?? call.file
            return (
                "module",
                "the module \(name) has been in \(call.call.word) for \(Self.text(call.time.value))",
                ["module": "\(name)", "file": "\(call.file)", "call": "\(call.call.word)"]
            )
        }
        let now = SuspendingClock.now
        let state = state.withLock { $0 }
        if let waiting = state.waiting, case let time = (now - waiting.since).inSeconds, time > limit {
            let name = waiting.part == "loops" ? "an event loop" : "the \(waiting.part)"
            return (waiting.part, "\(name) has not answered for \(Self.text(time))", [:])
        }
        if let fault = state.lastFault, case let time = (now - state.lastRound).inSeconds, time > limit * 1.5
        {
            return ("store", "the store cannot be read: \(fault.description)", [:])
        }
        return nil
    }

    private static func text(_ seconds: Double) -> String { "\((seconds * 10).rounded() / 10) s" }
}

extension Duration {
    fileprivate var inSeconds: Double { self / .seconds(1) }
}
