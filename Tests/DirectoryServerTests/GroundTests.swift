import DirectoryAPI
import DirectoryModel
import Foundation
import Logging
import TestSockets
import Testing

@testable import DirectoryServer

/// What a server answers from, and what happens to connections when it stops.
@Suite(.serialized, .onThreads) struct GroundTests {
    private let fault = DirectoryError(.storeDamaged, "the store is damaged", location: "x.sqlite")

    @Test func answersWithTheFaultUntilThereIsADirectory() async throws {
        let service = ManualDirectoryService()
        try await withServer(.fault(fault)) { server in
            let client = try server.client()
            let refused = try client.get("/v1/types")
            #expect(refused.status == 503)
            #expect(try refused.code() == "store_damaged")
            #expect(try refused.object()["location"] as? String == "x.sqlite")
            #expect(try server.admin().ask("PUT", "/v1/places/p", body: "{}").code() == "store_damaged")
            #expect(try server.admin().ask("POST", "/v1/reload").code() == "store_damaged")
            #expect(try client.get("/v1/openapi.json").status == 200)
            #expect(try client.get("/metrics").text.contains("quarter_healthy 0"))
            server.server.apply(.directory(service, intake: nil), server.options)
            #expect(try client.get("/v1/types").status == 200, "an open connection has it at once")
        }
    }

    @Test func theLoopbackNeedsTheTokenForFigures() async throws {
        try await withServer(change: { $0.metricsToken = "s3cret" }) { server in
            let stranger = try RawClient(port: server.port)
            let host = "127.0.0.1:\(server.port)"
            func ask(_ header: String) throws -> Int {
                stranger.send("GET /metrics HTTP/1.1\r\nHost: \(host)\r\n\(header)\r\n")
                return try stranger.answer().status
            }
            #expect(try ask("") == 403)
            #expect(try ask("Authorization: Bearer s3cre\r\n") == 403)
            #expect(try ask("Authorization: Bearer s3creT\r\n") == 403)
            #expect(try ask("Authorization: Bearer s3cret\r\n") == 200)
            #expect(try server.client().get("/metrics").status == 200, "the kernel knows who asks here")
            stranger.send("GET /v1/health HTTP/1.1\r\nHost: \(host)\r\n\r\n")
            #expect(try stranger.answer().status == 200)
        }
    }

    @Test func everyLoopTurns() async throws {
        try await withServer { server in server.server.turn() }
    }

    @Test func aConnectionThatIsNewWhenTheServerStopsIsAnswered() async throws {
        try await withServer { server in
            let new = try server.client()
            #expect(
                try server.client().get("/v1/health").status == 200, "the new one has been accepted by now")
            server.beginStop()
            pause(0.1)
            new.send("GET /v1/health HTTP/1.1\r\nHost: x\r\n\r\n")
            let answer = try new.answer()
            #expect(answer.status == 200)
            #expect(answer.headers["connection"] == "close")
            await server.stop()
        }
    }

    @Test func aUsedConnectionIsClosedWhenTheServerStops() async throws {
        try await withServer { server in
            let used = try server.client()
            #expect(try used.get("/v1/health").status == 200)
            server.beginStop()
            #expect(try used.isAtEnd())
            await server.stop()
        }
    }

    /// Clients that connect anew for each question, while servers come and go on one listening socket.
    @Test func noQuestionIsLostBetweenTwoServers() async throws {
        let folder = NSTemporaryDirectory() + "quarter-" + UUID().uuidString.prefix(8)
        try FileManager.default.createDirectory(atPath: folder + "/spool", withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let listener = try Listener.unix(.publicDoor, path: folder + "/public.sock", mode: 0o666)
        let asking = AskingClients(path: folder + "/public.sock", count: 4)
        for _ in 0..<8 {
            // As the service manager does it: each daemon has a descriptor of its own, the socket stays.
            let handed = try Listener.handed(.publicDoor, descriptor: dup(listener.descriptor))
            let registry = PrometheusRegistry()
            var logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            logger.logLevel = .critical
            let server = DirectoryServer(
                .directory(ManualDirectoryService(), intake: nil), listeners: [handed],
                options: DirectoryServer.Options(spoolFolder: folder + "/spool", version: "0"),
                registry: registry, metrics: registry, logger: logger)
            let task = Task { try await server.run() }
            try await Task.sleep(for: .milliseconds(150))
            task.cancel()
            _ = try? await task.value
        }
        let (asked, faults) = asking.stop()
        // The last ones wait for a server that never comes.
        #expect(asked > 20)
        #expect(faults == [])
        // The servers have left the socket's queue as long as it was: more than NIO's own 128 may wait.
        var waiting: [RawClient] = []
        for _ in 0..<300 { waiting.append(try RawClient(unix: folder + "/public.sock", timeout: 1)) }
        #expect(waiting.count == 300)
        close(listener.descriptor)
    }
}

/// Threads that ask one question a connection until they are told to stop.
private final class AskingClients: @unchecked Sendable {
    // Unchecked: every member is used under the lock.
    private let lock = NSLock()
    private let group = DispatchGroup()
    private var isStopping = false
    private var asked = 0
    private var faults: [String] = []

    init(path: String, count: Int) {
        for _ in 0..<count {
            group.enter()
            Thread.detachNewThread { [self] in
                while !lock.withLock({ isStopping }) { ask(path) }
                group.leave()
            }
        }
    }

    private func ask(_ path: String) {
        do {
            let client = try RawClient(unix: path, timeout: 3)
            let status = try client.get("/v1/health").status
            lock.withLock {
                asked += 1
                if status != 200 { faults.append("status \(status)") }
            }
        } catch {
            // What is still waiting in the socket at the end has no server any more.
            lock.withLock { if !isStopping { faults.append("\(error)") } }
        }
    }

    func stop() -> (Int, [String]) {
        lock.withLock { isStopping = true }
        group.wait()
        return (asked, faults)
    }
}
