import DirectoryAPI
import DirectoryModel
import Foundation
import Logging
import Metrics
import Synchronization
import TestSockets
import Testing

@testable import DirectoryServer

/// A server on real sockets in a folder of its own.
final class RunningServer: Sendable {
    let service: ManualDirectoryService
    let folder: String
    let port: Int
    let server: DirectoryServer
    let options: DirectoryServer.Options
    private let task: Task<Void, any Error>

    var publicPath: String { folder + "/public.sock" }
    var adminPath: String { folder + "/admin.sock" }
    var varlinkPath: String { folder + "/" + Listener.varlinkFileName }
    var spool: String { folder + "/spool" }

    init(
        _ service: ManualDirectoryService, ground: DirectoryServer.Ground? = nil,
        intake: (any RegisterIntake)? = nil, limits: ServerLimits = ServerLimits(),
        change: (inout DirectoryServer.Options) -> Void = { _ in }
    ) async throws {
        self.service = service
        folder = NSTemporaryDirectory() + "quarter-" + UUID().uuidString.prefix(8)
        try FileManager.default.createDirectory(atPath: folder + "/spool", withIntermediateDirectories: true)
        let kiosk = try Listener.loopback("127.0.0.1:0")
        port = try #require(kiosk.port)
        let listeners = [
            try Listener.unix(.publicDoor, path: folder + "/public.sock", mode: 0o666),
            try Listener.unix(.admin, path: folder + "/admin.sock", mode: 0o660, group: "quarter-admin"),
            try Listener.unix(.varlink, path: folder + "/" + Listener.varlinkFileName, mode: 0o666),
            kiosk,
        ]
        var options = DirectoryServer.Options(spoolFolder: folder + "/spool", version: "0.0.0-test")
        options.limits = limits
        options.threads = 2
        change(&options)
        self.options = options
        let registry = PrometheusRegistry()
        var logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        logger.logLevel = .critical
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
        let server = DirectoryServer(
            ground ?? .directory(service, intake: intake), listeners: listeners, options: options,
            registry: registry,
            metrics: registry, logger: logger
        ) { continuation.yield() }
        self.server = server
        task = Task { try await server.run() }
        for await _ in stream { break }
    }

    /// Asks the server to stop, and waits until it has.
    func stop() async {
        task.cancel()
        _ = try? await task.value
    }

    /// Asks the server to stop.
    func beginStop() { task.cancel() }

    func client() throws -> RawClient { try RawClient(unix: publicPath) }
    func admin() throws -> RawClient { try RawClient(unix: adminPath) }
    func caller() throws -> RawClient { try RawClient(unix: varlinkPath) }
}

/// Runs `body` against a server, and stops it.
func withServer(
    _ service: ManualDirectoryService = ManualDirectoryService(), intake: (any RegisterIntake)? = nil,
    limits: ServerLimits = ServerLimits(), change: (inout DirectoryServer.Options) -> Void = { _ in },
    _ body: (RunningServer) async throws -> Void
) async throws {
    try await run(RunningServer(service, intake: intake, limits: limits, change: change), body)
}

/// Runs `body` against a server that answers from `ground`, and stops it.
func withServer(_ ground: DirectoryServer.Ground, _ body: (RunningServer) async throws -> Void) async throws {
    try await run(RunningServer(ManualDirectoryService(), ground: ground), body)
}

private func run(_ server: RunningServer, _ body: (RunningServer) async throws -> Void) async throws {
    do {
        try await body(server)
    } catch {
        await server.stop()
        try? FileManager.default.removeItem(atPath: server.folder)
        throw error
    }
    await server.stop()
    try? FileManager.default.removeItem(atPath: server.folder)
}
