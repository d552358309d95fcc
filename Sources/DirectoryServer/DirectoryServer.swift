package import CoreMetrics
package import DirectoryAPI
package import DirectoryModel
package import Logging
internal import Foundation
internal import NIOCore
internal import NIOPosix
package import PageFiles
internal import ServiceLifecycle
internal import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// Serves a directory over HTTP/1.1 and Varlink on some sockets, until it is asked to stop.
package final class DirectoryServer: Service {
    /// What a server is made of.
    package struct Options: Sendable {
        /// What one client may ask.
        package var limits = ServerLimits()
        /// Names of this machine that a browser may use on the TCP socket, without port.
        package var hosts = ["localhost", "127.0.0.1", "[::1]"]
        /// The group whose members may write.
        package var adminGroup = "quarter-admin"
        /// The folder for registers on their way in; it must be there.
        package var spoolFolder: String
        /// The daemon's version, for `openapi.json`.
        package var version: String
        /// What `/metrics` must be asked with (`Authorization: Bearer …`) on the loopback's TCP socket, which does
        /// not say who asks; nil where everybody may.
        package var metricsToken: String?
        /// The pages that are served beside the routes, with or without a directory.
        package var pages = PageShelf()
        /// Tries again to open the directory, for `POST /v1/reload` while there is none.
        package var reopening: (@Sendable () throws(DirectoryError) -> ReloadReply)?
        /// Event loops; nil for one a core, at most four.
        package var threads: Int?

        /// Options with the defaults of `quarter.toml`.
        package init(spoolFolder: String, version: String) {
            self.spoolFolder = spoolFolder
            self.version = version
        }
    }

    /// What a server answers from.
    package enum Ground: Sendable {
        /// A directory, and what reads registers into it; nil to refuse registers.
        case directory(any DirectoryService, intake: (any RegisterIntake)?)
        /// None: every question is answered with this error.
        case fault(DirectoryError)
    }

    private let core: ServerCore
    private let listeners: [Listener]
    private let metrics: ServerMetrics
    private let threads: Int
    private let loops = Mutex<[any EventLoop]>([])
    private let registry: PrometheusRegistry
    private let logger: Logger
    private let onListening: @Sendable () -> Void

    /// A server.
    ///
    /// - Parameters:
    ///   - ground: what it answers from at first.
    ///   - listeners: the sockets; they are the server's from now on.
    ///   - registry: where `/metrics` reads from; the server's own figures go to `metrics`.
    ///   - onListening: called once, when every socket is being served.
    package init(
        _ ground: Ground, listeners: [Listener], options: Options, registry: PrometheusRegistry,
        metrics: any MetricsFactory, logger: Logger, onListening: @escaping @Sendable () -> Void = {}
    ) {
        self.metrics = ServerMetrics(factory: metrics)
        core = ServerCore(
            Responder(ground, options, registry, logger), metrics: self.metrics,
            settings: ServerSettings(options), logger: logger)
        self.listeners = listeners
        self.registry = registry
        self.logger = logger
        self.onListening = onListening
        // At least two: a long answer does not hold up everybody, and on one processor that clients share it was a fifth
        // more answers.
        threads = options.threads ?? min(4, max(2, Processors.usable))
    }

    /// Answers from something else from now on, and takes new options for connections that are opened from now
    /// on; threads stay as they are.
    package func apply(_ ground: Ground, _ options: Options) {
        core.settings = ServerSettings(options)
        core.responder = Responder(ground, options, registry, logger)
    }

    /// Takes new options for connections that are opened from now on; threads stay as they are.
    package func apply(_ options: Options) {
        core.settings = ServerSettings(options)
        core.responder = core.responder.with(options)
    }

    /// Returns when every event loop has done a turn since the call: a loop that hangs lets it hang.
    ///
    /// Blocking: never on an event loop.
    package func turn() {
        for loop in loops.withLock({ $0 }) { try? loop.submit {}.wait() }
    }

    /// Serves until a graceful shutdown is asked for or the task is cancelled; then lets answers that are under
    /// way be finished, for at most `ServerLimits.drainTime`.
    package func run() async throws {
        SpoolFile.clean(core.settings.spoolFolder)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: threads)
        var loops: [ObjectIdentifier: NIOLoopBound<LoopState>] = [:]
        for loop in group.makeIterator() {
            loops[ObjectIdentifier(loop)] = try await loop.submit { Self.prepare(loop) }.get()
        }
        self.loops.withLock { $0 = Array(group.makeIterator()) }
        core.bell.hang(Array(loops.values))
        var channels: [any Channel] = []
        for listener in listeners { channels.append(try await serve(listener, on: group, loops)) }
        onListening()
        try? await gracefulShutdown()
        await stop(channels, group, Array(loops.values))
    }

    private static func prepare(_ loop: any EventLoop) -> NIOLoopBound<LoopState> {
        let bound = NIOLoopBound(LoopState(loop), eventLoop: loop)
        loop.scheduleRepeatedTask(
            initialDelay: LoopState.sweepInterval, delay: LoopState.sweepInterval
        ) { _ in bound.value.sweep() }
        return bound
    }

    private func serve(
        _ listener: Listener, on group: MultiThreadedEventLoopGroup,
        _ loops: [ObjectIdentifier: NIOLoopBound<LoopState>]
    ) async throws -> any Channel {
        let door = Door(role: listener.role, port: listener.port, metrics: metrics.door(listener.role))
        let core = core
        var bootstrap = ServerBootstrap(group: group)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    guard let loop = loops[ObjectIdentifier(channel.eventLoop)] else {
                        preconditionFailure("a connection on a foreign event loop")
                    }
                    try Reception(core: core, door: door).welcome(channel, loop.value)
                }
            }
        if listener.role == .varlink {
            bootstrap =
                bootstrap
                .childChannelOption(
                    .recvAllocator,
                    value: FixedSizeRecvByteBufferAllocator(capacity: VarlinkConnection.readBytes)
                )
                .childChannelOption(.maxMessagesPerRead, value: 1)
        }
        if listener.port != nil {
            bootstrap = bootstrap.childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
        }
        let channel = try await bootstrap.withBoundSocket(listener.descriptor).get()
        // NIO calls listen(2) as well, whatever its option says, and so cuts the queue of a socket that was handed over
        // to 128: more clients than that may wait through a restart.
        listen(listener.descriptor, Listener.backlog)
        return channel
    }

    private func stop(
        _ channels: [any Channel], _ group: MultiThreadedEventLoopGroup, _ loops: [NIOLoopBound<LoopState>]
    ) async {
        self.loops.withLock { $0 = [] }
        await Self.stopAccepting(channels, loops.map(\.eventLoop))
        for channel in channels { try? await channel.close() }
        for listener in listeners { listener.ownedFile?.remove() }
        let limit = core.settings.limits.drainTime.amount
        await withTaskGroup(of: Void.self) { tasks in
            for loop in loops { tasks.addTask { await Self.drain(loop, within: limit) } }
        }
        core.bell.takeDown()
        core.workers.stop()
        try? await group.shutdownGracefully()
    }

    /// Lets connections that the kernel has handed over already reach their event loops, and takes no more.
    ///
    /// A server channel that is closed while one is on its way between two loops closes that one as well, and its
    /// client would see a failed request. What waits in the socket stays there for whoever listens next.
    private static func stopAccepting(_ channels: [any Channel], _ loops: [any EventLoop]) async {
        for channel in channels { try? await channel.setOption(.autoRead, value: false).get() }
        // From the accepting loop to the connection's, back, and there again.
        for _ in 0..<3 {
            for loop in loops { try? await loop.submit {}.get() }
        }
    }

    private static func drain(_ bound: NIOLoopBound<LoopState>, within limit: TimeAmount) async {
        let loop = bound.eventLoop
        let done = loop.flatSubmit {
            let drained = bound.value.quiesce(on: loop)
            let late = loop.scheduleTask(in: limit) { bound.value.closeAll() }
            drained.whenComplete { _ in late.cancel() }
            return drained
        }
        try? await done.get()
    }
}
