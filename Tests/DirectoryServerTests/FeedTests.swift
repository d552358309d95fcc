import DirectoryAPI
import DirectoryModel
import Foundation
import TestSockets
import Testing

@testable import DirectoryServer

/// The change feed over real sockets: how it is opened, what ends it, and that nobody waits for whoever takes nothing.
@Suite(.onThreads) struct FeedTests {
    /// Reads events until one has this id; fails at the end of the stream.
    private func read(_ client: RawClient, _ stream: inout EventStream, until id: String) throws
        -> [EventStream.Event]
    {
        var events: [EventStream.Event] = []
        while stream.lastID != id {
            let piece = try client.piece()
            guard !piece.isEmpty else {
                throw RawClient.Fault(description: "ended at \(stream.lastID ?? "-"): \(stream.comments)")
            }
            events += stream.take(piece)
        }
        return events
    }

    /// Reads to the end; all bytes, and all events.
    private func readToEnd(_ client: RawClient, _ stream: inout EventStream) throws
        -> (bytes: Int, events: [EventStream.Event])
    {
        var (bytes, events) = (0, [EventStream.Event]())
        while case let piece = try client.piece(), !piece.isEmpty {
            bytes += piece.count
            events += stream.take(piece)
        }
        return (bytes, events)
    }

    @Test func tellsEachChangeFromThePresentOn() async throws {
        let service = ManualDirectoryService()
        try await withServer(service) { server in
            let client = try server.client()
            let head = try client.open("/v1/changes")
            #expect(head.status == 200)
            #expect(head.headers["content-type"] == "text/event-stream")
            #expect(head.headers["cache-control"] == "no-store")
            #expect(head.headers["connection"] == "close" && head.headers["content-length"] == nil)
            var stream = EventStream()
            #expect(try read(client, &stream, until: "7") == [.init(id: "7")], "where to go on from")
            service.change(3)
            let events = try read(client, &stream, until: "10")
            #expect(events.map(\.id) == ["8", "9", "10"])
            #expect(events.allSatisfy { $0.name == "change" })
            let object = try events[0].object()
            #expect(object["position"] as? String == "8" && object["revision"] as? Int == 8)
            #expect(object["change"] as? String == "changed" && object["fields"] as? [String] == ["name"])
            #expect(object["actor"] == nil && object["source"] == nil, "not on the public socket")
        }
    }

    @Test func theAdminSocketSaysWhoDidIt() async throws {
        let service = ManualDirectoryService()
        service.change(1)
        try await withServer(service) { server in
            let client = try server.admin()
            _ = try client.open("/v1/changes?since=7")
            var stream = EventStream()
            let events = try read(client, &stream, until: "8")
            #expect(try events.last?.object()["actor"] as? String == "somebody")
            let page = try server.admin().get("/v1/changes?since=7&follow=no")
            #expect(page.text.contains(#""actor":"somebody""#))
            #expect(try !server.client().get("/v1/changes?since=7&follow=no").text.contains("somebody"))
        }
    }

    @Test func aPageIsForWhoeverWantsOne() async throws {
        let service = ManualDirectoryService()
        service.change(5)
        try await withServer(service) { server in
            let json = ["Host: localhost", "Accept: application/json"]
            for answer in [
                try server.client().get("/v1/changes?since=7&limit=2", headers: json),
                try server.client().get(
                    "/v1/changes?limit=2&follow=no", headers: ["Host: x", "Last-Event-ID: 7"]),
                try server.client().get("/v1/changes?since=9&limit=2", headers: json + ["Last-Event-ID: 7"]),
            ] {
                let object = try answer.object()
                #expect((object["changes"] as? [Any])?.count == 2)
                #expect(object["revision"] as? Int == 12 && object["next"] as? String == "9")
            }
            let end = try server.client().get("/v1/changes", headers: json).object()
            #expect((end["changes"] as? [Any])?.isEmpty == true && end["next"] as? String == "12")
            for (target, headers) in [
                ("/v1/changes?follow=yes", json), ("/v1/changes", ["Host: x"]),
                ("/v1/changes", ["Host: x", "Accept: text/event-stream, application/json"]),
            ] {
                let head = try server.client().open(target, headers: headers)
                #expect(head.headers["content-type"] == "text/event-stream", "\(target) \(headers)")
            }
            #expect(
                try server.client().ask("HEAD", "/v1/changes").headers["content-type"]?.contains("json")
                    == true)
            for bad in ["since=x", "since=7.0", "kind=source", "type=%20"] {
                #expect(try server.client().get("/v1/changes?" + bad).status == 400, "\(bad)")
            }
            let odd = try server.client().get("/v1/changes", headers: ["Host: x", "Last-Event-ID: nine"])
            #expect(try odd.object()["location"] as? String == "Last-Event-ID")
        }
    }

    @Test func whatCannotBeToldIsSaid() async throws {
        let service = ManualDirectoryService()
        try await withServer(service) { server in
            service.state.withLock { $0.historyFault = DirectoryError(.revisionAhead, "lies ahead") }
            for target in ["/v1/changes?since=99", "/v1/changes?since=99&follow=no"] {
                let answer = try server.client().get(target)
                #expect(answer.status == 409)
                #expect(try answer.code() == "revision_ahead")
            }
            service.state.withLock { $0.historyFault = DirectoryError(.historyGone, "no longer kept") }
            let page = try server.client().get("/v1/changes?since=1&follow=no")
            #expect(page.status == 410)
            #expect(try page.code() == "history_gone")
            let client = try server.client()
            #expect(try client.open("/v1/changes?since=1").status == 200)
            var stream = EventStream()
            let events = try readToEnd(client, &stream).events
            #expect(events.map(\.name) == ["reread"] && events.first?.id == "7")
            #expect(try events.first?.object()["reason"] as? String == "no longer kept")
            service.state.withLock { $0.historyFault = nil }
            let other = try server.client()
            _ = try other.open("/v1/changes?since=7")
            service.state.withLock { $0.historyFault = DirectoryError(.storeDamaged, "the store is damaged") }
            service.change(1)
            _ = try readToEnd(other, &stream)
            #expect(stream.comments.last == " store_damaged: the store is damaged")
        }
    }

    @Test func whoeverTakesNothingIsToldToReadAnewAndHindersNobody() async throws {
        let service = ManualDirectoryService()
        var limits = ServerLimits()
        limits.followerLag = 100
        try await withServer(service, limits: limits) { server in
            let stalled = try server.client()
            _ = try stalled.open("/v1/changes?since=7")
            let lively = try server.client()
            _ = try lively.open("/v1/changes?since=7")
            var stream = EventStream()
            // Three megabytes, of which the stalled one is kept what its socket and one piece hold.
            for _ in 0..<15 {
                service.change(100, bytes: 2_000)
                let last = "\(service.revision.number)"
                let events = try read(lively, &stream, until: last)
                #expect(events.count == 100)
            }
            var late = EventStream()
            let (bytes, events) = try readToEnd(stalled, &late)
            #expect(bytes < 2 << 20, "\(bytes)")
            let last = try #require(events.last)
            #expect(last.name == "reread")
            #expect(events.dropLast().allSatisfy { $0.name == "change" })
            let seen = try #require(UInt64(events.dropLast().last?.id ?? ""))
            let next = try #require(UInt64(last.id ?? ""))
            #expect(seen < next && next <= service.revision.number)
            #expect(events.dropLast().map { UInt64($0.id ?? "") } == (8...seen).map { $0 })
            // Whoever wants every change all the same goes on after the last one seen.
            let again = try server.client()
            _ = try again.open("/v1/changes", headers: ["Host: x", "Last-Event-ID: \(seen)"])
            var rest = EventStream()
            let others = try read(again, &rest, until: "\(service.revision.number)")
            #expect(UInt64(others.count) == service.revision.number - seen)
            let figures = try server.client().get("/metrics").text
            #expect(figures.contains("quarter_rereads_total 1"))
            #expect(figures.contains("quarter_followers 2"), "the stalled one follows no more")
            #expect(figures.contains("quarter_changes_sent_total"))
        }
    }

    @Test func aStopEndsFollowersAtOnceAndAReloadKeepsThem() async throws {
        let service = ManualDirectoryService()
        try await withServer(service) { server in
            let client = try server.client()
            _ = try client.open("/v1/changes?since=7")
            server.server.apply(.directory(service, intake: nil), server.options)
            service.change(1)
            var stream = EventStream()
            #expect(try read(client, &stream, until: "8").count == 1)
            let stalled = try server.client()
            _ = try stalled.open("/v1/changes?since=7")
            service.change(500, bytes: 4_000)
            _ = try read(client, &stream, until: "508")
            server.beginStop()
            _ = try readToEnd(client, &stream)
            #expect(stream.comments.last == " the daemon stops; go on after your last id")
            await server.stop()
        }
    }

    @Test func followersAreCountedForEachUserAndInAll() async throws {
        var limits = ServerLimits()
        limits.followersPerUser = 2
        try await withServer(limits: limits) { server in
            var clients = [try server.client(), try server.admin()]
            for client in clients { #expect(try client.open("/v1/changes").status == 200) }
            let refused = try server.client().get("/v1/changes")
            #expect(refused.status == 503)
            #expect(try refused.code() == "too_many_connections")
            #expect(try refused.object()["advice"] as? String ?? "" != "")
            let browser = try RawClient(port: server.port)
            let host = ["Host: 127.0.0.1:\(server.port)"]
            #expect(try browser.open("/v1/changes", headers: host).status == 200, "somebody else")
            #expect(try server.client().get("/v1/changes?follow=no").status == 200, "pages are for everybody")
            clients.removeLast().close()
            var status = 503
            for _ in 0..<1_500 where status == 503 {
                pause(0.02)
                let next = try server.client()
                status = try next.open("/v1/changes").status
                if status == 200 { clients.append(next) }
            }
            #expect(status == 200, "a seat that was left is free")
        }
        limits.followers = 1
        try await withServer(limits: limits) { server in
            let first = try server.client()
            #expect(try first.open("/v1/changes").status == 200)
            let browser = try RawClient(port: server.port)
            let host = ["Host: 127.0.0.1:\(server.port)"]
            #expect(try browser.get("/v1/changes", headers: host).code() == "too_many_connections")
        }
    }

    @Test func aCommentComesWhereNothingIsChanged() async throws {
        try await withServer { server in
            let client = try RawClient(unix: server.publicPath, timeout: 60)
            _ = try client.open("/v1/changes?since=7")
            var stream = EventStream()
            while stream.comments.isEmpty {
                let piece = try client.piece()
                try #require(!piece.isEmpty)
                _ = stream.take(piece)
            }
            #expect(stream.comments == [""] && stream.lastID == nil)
        }
    }

    @Test func whatIsSentAfterTheRequestIsNoRequest() async throws {
        let service = ManualDirectoryService()
        try await withServer(service) { server in
            let client = try server.client()
            client.send(
                "GET /v1/changes?since=7 HTTP/1.1\r\nHost: x\r\n\r\nGET /v1/types HTTP/1.1\r\nHost: x\r\n\r\n"
            )
            _ = try client.answer(isHead: true)
            client.send("GET /v1/types HTTP/1.1\r\nHost: x\r\n\r\n")
            service.change(2)
            var stream = EventStream()
            #expect(try read(client, &stream, until: "9").map(\.id) == ["8", "9"])
            client.finishSending()
            _ = try readToEnd(client, &stream)
            #expect(try server.client().get("/v1/types").status == 200)
        }
    }
}
