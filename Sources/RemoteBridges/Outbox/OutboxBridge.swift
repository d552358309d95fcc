package import Bridges
package import DirectoryClient
package import DirectoryModel
internal import Foundation

/// Tells a receiver elsewhere of every change: at least once, and of each record in order.
package final class OutboxBridge: Sendable {
    private let configuration: OutboxConfiguration
    private let client: DirectoryClient
    private let store: OutboxStore
    private let journal: BridgeJournal
    private let dispatch: OutboxDispatch

    /// How long deliveries under way are waited for at the end; chosen, not measured.
    private static let farewell: Seconds = 10

    /// A bridge that is ready to run.
    ///
    /// - Parameters:
    ///   - client: of the public socket.
    ///   - store: the outbox in the bridge's own folder, which it holds the lock of.
    package init(
        _ configuration: OutboxConfiguration, client: DirectoryClient, store: OutboxStore,
        journal: BridgeJournal
    ) {
        self.configuration = configuration
        self.client = client
        self.store = store
        self.journal = journal
        dispatch = OutboxDispatch(configuration, store: store, journal: journal)
    }

    /// Follows and delivers until `stop` is called.
    ///
    /// Blocks. The thread that follows the feed may still wait for the daemon then: the process is to end.
    /// - Throws: what no later try mends.
    package func run() throws(DirectoryError) {
        var threads: [OutboxDelivery] = []
        for _ in 0..<configuration.parallel { threads.append(try OutboxDelivery(configuration)) }
        let dispatch = dispatch
        for delivery in threads {
            // Handed over whole: nobody else has it.
            nonisolated(unsafe) let delivery = delivery
            Thread.detachNewThread { delivery.run(dispatch) }
        }
        let feed = OutboxFeed(configuration, client: client, store: store, journal: journal) {
            dispatch.ring()
        }
        nonisolated(unsafe) let own = feed
        Thread.detachNewThread {
            do throws(DirectoryError) {
                try own.run { dispatch.goesOn }
            } catch {
                dispatch.stop(because: error)
            }
        }
        dispatch.waitForStop()
        dispatch.waitForDeliveries(atMost: Self.farewell)
        if let end = dispatch.end { throw end }
    }

    /// Has `run` come to an end; any thread may call.
    package func stop() { dispatch.stop() }
}
