import DirectoryModel
import Foundation
import TestSockets
import Testing

@testable import DirectoryServer

/// What no client may do to the others.
///
/// Each fault gets its own words, and the server goes on.
@Suite(.serialized, .onThreads) struct LimitTests {
    private func small() -> ServerLimits {
        var limits = ServerLimits()
        limits.requestTime = 1
        limits.idleTime = 2
        return limits
    }

    private func goesOn(_ server: RunningServer) throws {
        #expect(try server.client().get("/v1/health").status == 200)
    }

    @Test func refusesAQueryOfAMegabyte() async throws {
        try await withServer { server in
            let client = try server.client()
            client.send(
                "GET /v1/reach?q=" + String(repeating: "x", count: 1 << 20) + " HTTP/1.1\r\nHost: x\r\n\r\n")
            let answer = try client.answer()
            #expect(answer.status == 413)
            #expect(try answer.code() == "too_large")
            #expect(answer.headers["connection"] == "close")
            #expect(try client.isAtEnd())
            try goesOn(server)
        }
    }

    @Test(arguments: [
        "X-Long: " + String(repeating: "y", count: 17_000),
        (0..<3000).map { "X-\($0): y" }.joined(separator: "\r\n"),
        (0..<20).map { "X-\($0): " + String(repeating: "z", count: 1000) }.joined(separator: "\r\n"),
    ])
    func refusesALongHead(header: String) async throws {
        try await withServer { server in
            let client = try server.client()
            client.send("GET /v1/health HTTP/1.1\r\nHost: x\r\n\(header)\r\n\r\n")
            let answer = try client.answer()
            #expect(answer.status == 413)
            #expect(try answer.code() == "too_large")
            try goesOn(server)
        }
    }

    @Test func takesAHeadJustUnderTheLimit() async throws {
        try await withServer { server in
            let query =
                "/v1/reach?lat=32&lon=118&type=" + String(repeating: "x", count: 100)
                + String(repeating: "&type=canteen", count: 1200)
            #expect(query.utf8.count > 15_000)
            let answer = try server.client().get(query)
            #expect(answer.status == 200)
        }
    }

    @Test func refusesALongBodyBeforeItComes() async throws {
        try await withServer { server in
            let client = try server.admin()
            client.send("PUT /v1/places/a HTTP/1.1\r\nHost: x\r\nContent-Length: 1048577\r\n\r\n")
            let answer = try client.answer()
            #expect(answer.status == 413)
            #expect(try answer.code() == "too_large")
            try goesOn(server)
        }
    }

    @Test func endsABodyThatNeverEnds() async throws {
        try await withServer { server in
            let client = try server.admin()
            client.send("PUT /v1/places/a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
            let chunk = "10000\r\n" + String(repeating: " ", count: 0x10000) + "\r\n"
            for _ in 0..<17 { client.send(chunk) }
            let answer = try client.answer()
            #expect(answer.status == 413)
            #expect(try answer.code() == "too_large")
            // The client goes on and on: in the end nobody listens.
            var rounds = 0
            while client.send(chunk), rounds < 5000 { rounds += 1 }
            #expect(rounds < 5000)
            try goesOn(server)
        }
    }

    @Test(arguments: [
        "", "GET /v1/health", "GET /v1/health HTTP/1.1\r\nHost: x\r\n",
        "PUT /v1/places/a HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{",
    ])
    func doesNotWaitForASlowClient(beginning: String) async throws {
        try await withServer(limits: small()) { server in
            let client = try server.admin()
            let start = ContinuousClock.now
            client.send(beginning)
            if !beginning.isEmpty {
                // A byte now and then does not help.
                for _ in 0..<4 {
                    pause(0.2)
                    client.send("a")
                }
                let answer = try client.answer()
                #expect(answer.status == 408)
                #expect(try answer.code() == "request_timeout")
            }
            #expect(try client.isAtEnd())
            #expect(ContinuousClock.now - start < .seconds(6))
            try goesOn(server)
        }
    }

    @Test func refusesWhoHoldsTooManyBusyConnections() async throws {
        var limits = ServerLimits()
        limits.connectionsPerUser = 4
        try await withServer(limits: limits) { server in
            var busy: [RawClient] = []
            for _ in 0..<4 {
                let client = try server.client()
                client.send("GET /v1/health HTTP/1.1\r\n")
                busy.append(client)
            }
            pause(0.2)
            let refused = try server.client()
            let answer = try refused.answer()
            #expect(answer.status == 503)
            #expect(try answer.code() == "too_many_connections")
            #expect(try refused.isAtEnd())
            #expect(try server.admin().get("/v1/health").status == 200, "the other door is open")
            for client in busy {
                client.send("Host: x\r\n\r\n")
                #expect(try client.answer().status == 200)
            }
            try goesOn(server)
        }
    }

    @Test func idleConnectionsHinderNobody() async throws {
        var limits = ServerLimits()
        limits.connectionsPerUser = 256
        limits.fitIntoDescriptors()
        try await withServer(limits: limits) { server in
            var idle: [RawClient] = []
            for _ in 0..<2000 { idle.append(try server.client()) }
            try goesOn(server)
            let client = try server.client()
            for _ in 0..<100 { #expect(try client.get("/v1/types").status == 200) }
            // The first came to make room: it was told so.
            let first = try idle[0].answer()
            #expect(first.status == 503)
            #expect(try first.code() == "too_many_connections")
            var open = Int.max
            for _ in 0..<40 where open > 256 {
                pause(0.05)
                let text = try client.get("/metrics").text
                open = try #require(
                    text.firstMatch(of: /quarter_connections\{socket="public"\} (\d+)/).flatMap { Int($0.1) })
            }
            #expect(open <= 256)
        }
    }

    @Test(arguments: [
        "nonsense\r\n\r\n", "GET /v1/health HTTP/9.9\r\n\r\n", "\u{16}\u{3}\u{1}\u{2}\u{0}",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ])
    func answersWhatIsNoRequest(bytes: String) async throws {
        try await withServer(limits: small()) { server in
            let client = try server.client()
            client.send(bytes)
            let answer = try client.answer()
            #expect(answer.status == 400)
            #expect(try answer.code() == "invalid_request")
            #expect(try client.isAtEnd())
            try goesOn(server)
        }
    }

    @Test func answersAHalfClosedClient() async throws {
        try await withServer { server in
            let client = try server.client()
            // The first is answered by a worker, so that the end of the input comes before its answer.
            for target in ["/v1/isochrone?origin=kiosk-1", "/v1/types", "/v1/isochrone?origin=kiosk-1"] {
                client.send("GET \(target) HTTP/1.1\r\nHost: x\r\n\r\n")
            }
            client.finishSending()
            for _ in 0..<3 {
                let answer = try client.answer()
                #expect(answer.status == 200)
            }
            #expect(try client.isAtEnd())
            try goesOn(server)
        }
    }

    @Test(arguments: [
        "GET /v1/types HTTP/1.1\r\nHos", "PUT /v1/places/a HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{",
    ])
    func saysThatARequestWasCutShort(beginning: String) async throws {
        try await withServer { server in
            let partial = try server.admin()
            partial.send(beginning)
            partial.finishSending()
            let answer = try partial.answer()
            #expect(answer.status == 400)
            #expect(try answer.code() == "invalid_request")
            #expect(try partial.isAtEnd())
            try goesOn(server)
        }
    }

    @Test func closesAsAsked() async throws {
        try await withServer { server in
            let client = try server.client()
            let answer = try client.get("/v1/types", headers: ["Host: x", "Connection: close"])
            #expect(answer.status == 200)
            #expect(answer.headers["connection"] == "close")
            #expect(try client.isAtEnd())
            let old = try server.client()
            old.send("GET /v1/types HTTP/1.0\r\n\r\n")
            #expect(try old.answer().status == 200)
            #expect(try old.isAtEnd())
        }
    }

    @Test func aClientThatNeverReadsHoldsBackItselfOnly() async throws {
        try await withServer(ManualDirectoryService(reached: 500), limits: small()) { server in
            let deaf = try RawClient(unix: server.publicPath, timeout: 1)
            let request = "GET /v1/reach?lat=32&lon=118&limit=500 HTTP/1.1\r\nHost: x\r\n\r\n"
            // Answers of 100 KB each, never read: at some point the server reads no more requests.
            var sent = 0
            while sent < 20_000, deaf.send(String(repeating: request, count: 10)) { sent += 10 }
            #expect(sent < 20_000)
            try goesOn(server)
        }
    }

    @Test func refusesStrangersOnTheLoopbackSocket() async throws {
        try await withServer { server in
            let port = server.port
            func ask(_ headers: [String]) throws -> RawClient.Answer {
                try RawClient(port: port).get("/v1/health", headers: headers)
            }
            for host in ["127.0.0.1:\(port)", "localhost:\(port)", "LOCALHOST:\(port)", "[::1]:\(port)"] {
                #expect(try ask(["Host: \(host)"]).status == 200)
            }
            #expect(try ask(["Host: localhost:\(port)", "Origin: http://localhost:\(port)"]).status == 200)
            let own = "Host: localhost:\(port)"
            for headers in [
                ["Host: evil.example:\(port)"], ["Host: localhost"], ["Host: localhost:\(port + 1)"], [],
                [own, "Host: evil.example"], [own, "Origin: http://evil.example"], [own, "Origin: null"],
                [own, "Origin: https://localhost:\(port)"],
            ] {
                let answer = try ask(headers)
                #expect(answer.status == 421, "\(headers)")
                #expect(try answer.code() == "foreign_host")
            }
            let write = try RawClient(port: port).ask("DELETE", "/v1/places/osm-n1", headers: [own])
            #expect(write.status == 403)
        }
    }

    @Test func finishesAnswersWhenItStops() async throws {
        let service = ManualDirectoryService()
        service.state.withLock { $0.reloadTime = 1 }
        try await withServer(service) { server in
            let idle = try server.client()
            _ = try idle.get("/v1/health")
            let busy = try server.admin()
            busy.send("POST /v1/reload HTTP/1.1\r\nHost: x\r\n\r\n")
            pause(0.3)
            let start = ContinuousClock.now
            server.beginStop()
            #expect(try idle.isAtEnd(), "idle connections are closed")
            #expect(ContinuousClock.now - start < .seconds(0.6))
            let answer = try busy.answer()
            #expect(answer.status == 200)
            #expect(answer.headers["connection"] == "close")
            #expect(try busy.isAtEnd())
            await server.stop()
            #expect(!FileManager.default.fileExists(atPath: server.publicPath), "the socket is gone")
        }
    }
}
