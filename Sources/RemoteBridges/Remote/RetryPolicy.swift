// RemoteBridges: lists of servers elsewhere to the directory as registers, and its changes to servers elsewhere.
// May import: Bridges, Digests, DirectoryAPI, DirectoryClient, DirectoryModel, TOMLDocument, TableFiles, WebRequests. Holds
// no right of the daemon: everything goes through its sockets, as if a person did it.

package import DirectoryModel

/// How often, and after how long, something is tried again.
package struct RetryPolicy: Hashable, Sendable {
    /// Tries at most, the first one included.
    package var attempts: Int
    /// What the first wait is at most; each later one is at most twice as long.
    package var backoff: Seconds
    /// What no wait is longer than.
    package var longestWait: Seconds

    /// A policy; see the fields.
    package init(attempts: Int, backoff: Seconds, longestWait: Seconds) {
        self.attempts = attempts
        self.backoff = backoff
        self.longestWait = longestWait
    }

    /// What the wait after the `failures`-th failure is at most, 1 and more.
    package func limit(after failures: Int) -> Seconds {
        // Beyond 2⁶⁰ the double of anything is longer than the longest.
        Seconds(min(longestWait.value, backoff.value * Double(1 << min(max(failures, 1) - 1, 60))))
    }

    /// The wait after the `failures`-th failure: anything up to its limit, so that many who failed at once do not come
    /// back at once (“full jitter”).
    ///
    /// - Parameter asked: how long the other side asks to be left alone; at least so long, but no longer than
    ///   `longestWait`.
    package func wait(
        after failures: Int, asked: Seconds? = nil, using random: inout some RandomNumberGenerator
    ) -> Seconds {
        let own = Double.random(in: 0...limit(after: failures).value, using: &random)
        guard let asked else { return Seconds(own) }
        let spread = Double.random(in: 0...backoff.value, using: &random)
        return Seconds(min(longestWait.value, asked.value + spread))
    }
}
