package import DirectoryModel
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import PageFiles
internal import Synchronization

/// What the connections of a desk have in common.
struct DeskRoom: Sendable {
    let gate: DeskGate
    let check: RequestCheck
    let pages: PageShelf
    let adminSocket: String
    let loop: any EventLoop
}

/// A page of this machine's loopback in front of the admin socket.
///
/// A TCP connection has no peer credentials: whoever starts a desk lends his rights to whoever holds its token. The desk
/// judges nothing itself; it asks as the process that it runs in, and the daemon judges that.
package final class StaffDesk: Sendable {
    /// Where it can be opened, once: `http://127.0.0.1:PORT/open/TOKEN`.
    package let address: String
    /// Its port.
    package let port: Int
    /// After what time without a request it ends.
    package let idleTime: Seconds

    private let gate: DeskGate
    private let group: MultiThreadedEventLoopGroup
    private let channel: any Channel
    private let isOver = Mutex(false)

    /// Opens a desk.
    ///
    /// - Throws: `unavailable` when the port is taken or may not be had.
    package init(_ settings: DeskSettings) throws(DirectoryError) {
        // One thread: one person works here, and everything between two sockets is copying.
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let loop = group.next()
        let room = Opened()
        let connections = settings.connections
        do {
            channel = try ServerBootstrap(group: group)
                .serverChannelOption(.backlog, value: 128)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
                .childChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        guard let room = room.take(channel, atMost: connections) else { throw TooMany() }
                        let pipeline = channel.pipeline.syncOperations
                        try pipeline.configureHTTPServerPipeline(
                            withPipeliningAssistance: true, withErrorHandling: true)
                        try pipeline.addHandler(DeskConnection(room))
                    }
                }
                .bind(host: "127.0.0.1", port: Int(settings.port)).wait()
        } catch {
            try? group.syncShutdownGracefully()
            throw DirectoryError(
                .unavailable, "cannot listen on 127.0.0.1:\(settings.port)",
                advice: "choose another port with --port, or none to take a free one", cause: "\(error)")
        }
        port = channel.localAddress?.port ?? 0
        gate = DeskGate(port: port)
        idleTime = settings.idleTime
        address = "http://127.0.0.1:\(port)/open/\(gate.token.text)"
        room.fill(
            DeskRoom(
                gate: gate, check: RequestCheck(port: port), pages: settings.pages,
                adminSocket: settings.adminSocket, loop: loop))
        watchIdle(loop)
    }

    /// Ends after the idle time.
    private func watchIdle(_ loop: any EventLoop) {
        let limit = Duration.nanoseconds(idleTime.nanoseconds)
        let step = TimeAmount.nanoseconds(max(1_000_000, min(idleTime.nanoseconds / 10, 10_000_000_000)))
        let (gate, channel) = (gate, channel)
        loop.scheduleRepeatedTask(initialDelay: step, delay: step) { task in
            guard channel.isActive else { return task.cancel() }
            if gate.idle >= limit { channel.close(promise: nil) }
        }
    }

    /// Waits until the desk has ended: after the idle time, or by `close()`.
    package func wait() {
        isOver.withLock { isOver in
            // A future of a loop that has been shut down tells nobody any more.
            guard !isOver else { return }
            try? channel.closeFuture.wait()
            try? group.syncShutdownGracefully()
            isOver = true
        }
    }

    /// Ends the desk, with all that is under way; nothing where it has ended.
    package func close() {
        if channel.isActive { channel.close(promise: nil) }
        wait()
    }
}
