import CSystemd

#if canImport(Glibc)
    import Glibc
#endif

/// What the service manager is told (sd_notify(3)).
///
/// Without one, that is without `NOTIFY_SOCKET`, every call does nothing. Any thread may call.
package struct ServiceManager: Sendable {
    /// Whether somebody listens.
    package let isPresent: Bool

    /// The service manager that started this process, if one did.
    package init() {
        isPresent = getenv("NOTIFY_SOCKET") != nil
    }

    /// The daemon answers.
    ///
    /// - Parameter status: one line for `systemctl status`.
    package func ready(status: String) { send(["READY=1", "STATUS=" + line(status)]) }

    /// The daemon reads its configuration again; `ready` follows when that is done, however it ended.
    package func reloading(status: String) {
        send(["RELOADING=1", "MONOTONIC_USEC=\(monotonicMicroseconds())", "STATUS=" + line(status)])
    }

    /// The daemon takes no more requests and ends soon.
    package func stopping(status: String) { send(["STOPPING=1", "STATUS=" + line(status)]) }

    /// One line for `systemctl status`.
    package func status(_ text: String) { send(["STATUS=" + line(text)]) }

    /// Within how many seconds `feedWatchdog` must be called again and again; nil where nobody waits for it.
    package static var watchdogInterval: Double? {
        var microseconds: UInt64 = 0
        guard sd_watchdog_enabled(0, &microseconds) > 0, microseconds > 0 else { return nil }
        return Double(microseconds) / 1e6
    }

    /// The daemon works: the watchdog's interval counts anew from now.
    package func feedWatchdog() { send(["WATCHDOG=1"]) }

    /// The daemon hangs: the service manager is to end it now, as if the watchdog's interval had passed.
    package func triggerWatchdog() { send(["WATCHDOG=trigger"]) }

    /// Starting, reloading or stopping takes longer than the unit allows: the limit counts anew from now.
    package func extendTimeout(bySeconds seconds: Int) {
        send(["EXTEND_TIMEOUT_USEC=\(seconds * 1_000_000)"])
    }

    private func send(_ lines: [String]) {
        guard isPresent else { return }
        // The result says only that the datagram could not be sent: there is nobody to tell.
        _ = sd_notify(0, lines.joined(separator: "\n"))
    }

    /// A status is one line: a line break in it would begin another assignment.
    private func line(_ text: String) -> String {
        String(text.map { $0.isNewline ? " " : $0 })
    }

    private func monotonicMicroseconds() -> Int {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        return now.tv_sec * 1_000_000 + now.tv_nsec / 1000
    }
}
