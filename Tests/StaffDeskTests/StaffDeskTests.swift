import DirectoryModel
import Foundation
import PageFiles
import TestSockets
import Testing

@testable import StaffDesk

/// A desk with one page in front of a socket at which a test puts what it likes.
private final class Stand {
    let folder: String
    let desk: StaffDesk

    var socket: String { folder + "/admin.sock" }
    var host: String { "Host: 127.0.0.1:\(desk.port)" }

    init(idle: Seconds = 600, connections: Int = 64) throws {
        folder = NSTemporaryDirectory() + "desk-" + UUID().uuidString.prefix(8)
        try FileManager.default.createDirectory(atPath: folder + "/staff", withIntermediateDirectories: true)
        try Data("<p>page".utf8).write(to: URL(fileURLWithPath: folder + "/staff/index.html"))
        var settings = DeskSettings(
            adminSocket: folder + "/admin.sock", pages: PageShelf(["staff": folder + "/staff"]))
        settings.idleTime = idle
        settings.connections = connections
        desk = try StaffDesk(settings)
    }

    deinit {
        desk.close()
        try? FileManager.default.removeItem(atPath: folder)
    }

    func client() throws -> RawClient { try RawClient(port: desk.port) }

    /// The path of the address that opens.
    var path: String { String(desk.address.dropFirst("http://127.0.0.1:\(desk.port)".count)) }

    /// Opens the desk, and returns the headers of its session.
    func session() throws -> [String] {
        let answer = try client().get(path, headers: [host])
        let cookie = try #require(answer.headers["set-cookie"]?.split(separator: ";").first)
        return [host, "Cookie: \(cookie)"]
    }

    var origin: String { "Origin: http://127.0.0.1:\(desk.port)" }
}

@Suite(.timeLimit(.minutes(3))) struct StaffDeskTests {
    @Test func theAddressOpensOnce() throws {
        let stand = try Stand()
        // Neither a look ahead nor a HEAD uses it up.
        #expect(
            try stand.client().get(stand.path, headers: [stand.host, "Sec-Purpose: prefetch"]).status == 405)
        #expect(try stand.client().ask("HEAD", stand.path, headers: [stand.host]).status == 405)
        let opened = try stand.client().get(stand.path, headers: [stand.host])
        #expect(opened.status == 200)
        #expect(opened.text.contains("url=/staff/"))
        #expect(opened.headers["cache-control"] == "no-store")
        let cookie = try #require(opened.headers["set-cookie"])
        #expect(cookie.hasPrefix("quarter-staff-\(stand.desk.port)="))
        #expect(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"))
        let again = try stand.client().get(stand.path, headers: [stand.host, "Accept: text/html"])
        #expect(again.status == 403)
        #expect(again.text.contains("quarterctl staff") && again.text.contains("used before"))
        #expect(again.headers["set-cookie"] == nil)
        // Whoever has the session and opens its address again goes on.
        let name = try #require(cookie.split(separator: ";").first)
        let own = try stand.client().get(stand.path, headers: [stand.host, "Cookie: \(name)"])
        #expect(own.status == 303 && own.headers["location"] == "/staff/")
    }

    @Test func aWrongTokenOpensNothingAndUsesNothingUp() throws {
        let stand = try Stand()
        for word in ["", "x", StaffToken().text, "../staff/", "%00"] {
            let answer = try stand.client().get("/open/" + word, headers: [stand.host])
            #expect(answer.status == 403, "\(word)")
            #expect(answer.headers["set-cookie"] == nil)
        }
        _ = try stand.session()
    }

    @Test func withoutTheSessionThereIsNothing() throws {
        let stand = try Stand()
        let asked = Count()
        let daemon = try ScriptedDaemon(path: stand.socket) { _ in asked.add(1) }
        defer { daemon.end() }
        let headers = try stand.session()
        let strange = [
            [stand.host], [stand.host, "Cookie: quarter-staff-1=\(StaffToken().text)"],
            [stand.host, headers[1].replacingOccurrences(of: "staff-", with: "staff-1")],
        ]
        for given in strange {
            for path in ["/", "/staff/", "/staff/index.html", "/v1/places", "/common/dom.js", "/nothing"] {
                let answer = try stand.client().get(path, headers: given)
                #expect(answer.status == 403, "\(path)")
                #expect(try answer.code() == "forbidden")
                #expect(!answer.text.contains("<p>page"))
            }
            #expect(
                try stand.client().ask("POST", "/v1/registers", headers: given + [stand.origin], body: "x")
                    .status == 403)
        }
        #expect(asked.value == 0)
    }

    @Test func aForeignHostOrOriginGetsNothing() throws {
        let stand = try Stand()
        let session = try stand.session()
        #expect(
            try stand.client().get("/staff/", headers: ["Host: evil.example", session[1]]).code()
                == "foreign_host")
        #expect(try stand.client().ask("DELETE", "/v1/imports/1", headers: session).code() == "foreign_host")
        #expect(
            try stand.client().ask(
                "DELETE", "/v1/imports/1", headers: session + ["Origin: http://127.0.0.1:1"]
            ).code()
                == "foreign_host")
        // Nor does the token, asked for under another name.
        let shut = try Stand()
        #expect(try shut.client().get(shut.path, headers: ["Host: evil.example"]).code() == "foreign_host")
        _ = try shut.session()
    }

    @Test func filesCarryAPolicyAndATag() throws {
        let stand = try Stand()
        let session = try stand.session()
        let page = try stand.client().get("/staff/", headers: session)
        #expect(page.text == "<p>page")
        #expect(
            page.headers["content-security-policy"]
                == "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
                + "connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        )
        let tag = try #require(page.headers["etag"])
        #expect(try stand.client().get("/staff/", headers: session + ["If-None-Match: \(tag)"]).status == 304)
        #expect(try stand.client().ask("HEAD", "/staff/", headers: session).headers["content-length"] == "7")
        #expect(try stand.client().get("/", headers: session).headers["location"] == "/staff/")
        #expect(try stand.client().get("/staff/../../etc/passwd", headers: session).code() == "not_found")
        #expect(
            try stand.client().ask("POST", "/staff/", headers: session + [stand.origin], body: "x").status
                == 405)
    }

    @Test func whatIsAskedGoesOnAsItIsWithoutTheCookie() throws {
        let stand = try Stand()
        let seen = Seen()
        let daemon = try ScriptedDaemon(path: stand.socket) { connection in
            seen.put(connection.head())
            connection.answer(
                "412 Precondition Failed", "{\"code\":\"changed_meanwhile\"}",
                headers: "ETag: \"t\"\r\nCache-Control: public\r\nConnection: close\r\n")
        }
        defer { daemon.end() }
        let session = try stand.session()
        let client = try stand.client()
        let answer = try client.ask(
            "POST", "/v1/registers?format=table&type=%E8%8F%9C",
            headers: session + [
                stand.origin, "Content-Disposition: attachment; filename*=UTF-8''%E8%A1%A8.csv",
                "If-Match: *",
            ],
            body: "")
        #expect(answer.status == 412)
        #expect(answer.text == "{\"code\":\"changed_meanwhile\"}")
        #expect(answer.headers["etag"] == "\"t\"")
        #expect(answer.headers["cache-control"] == "no-store")
        #expect(answer.headers["content-security-policy"] != nil)
        let head = seen.text.lowercased()
        #expect(head.hasPrefix("post /v1/registers?format=table&type=%e8%8f%9c http/1.1"))
        #expect(head.contains("filename*=utf-8''%e8%a1%a8.csv") && head.contains("if-match: *"))
        #expect(
            !head.contains("cookie") && !head.contains("origin:") && !head.contains(String(stand.desk.port)))
        // The browser's connection goes on.
        #expect(try client.get("/staff/", headers: session).status == 200)
    }

    @Test func aHundredMegabytesGoUpInBoundedMemory() throws {
        let stand = try Stand()
        let (taken, isHeld) = (Count(), Count())
        let size = 100 << 20
        let sevens = [UInt8](repeating: 7, count: 1 << 18)
        let daemon = try ScriptedDaemon(path: stand.socket) { connection in
            _ = connection.head()
            // A daemon that takes nothing for a while.
            while isHeld.value == 0 { pause(0.01) }
            while taken.value < size {
                let piece = connection.take(upTo: 1 << 18)
                if piece.isEmpty { return }
                let isWhole = memcmp(piece, sevens, piece.count) == 0
                taken.add(isWhole ? piece.count : 0)
            }
            connection.answer()
        }
        defer { daemon.end() }
        let session = try stand.session()
        let client = try stand.client()
        let before = residentBytes()
        let sent = Count()
        client.send(
            "POST /v1/registers?format=osm HTTP/1.1\r\n"
                + (session + [stand.origin]).joined(separator: "\r\n")
                + "\r\nContent-Length: \(size)\r\n\r\n")
        let sender = Sender(client)
        let done = Count()
        Thread.detachNewThread {
            let piece = [UInt8](repeating: 7, count: 1 << 20)
            for _ in 0..<100 where sender.client.send(piece) { sent.add(piece.count) }
            done.add(1)
        }
        pause(1)
        // The sockets' buffers and no more: whoever does not take is not sent to.
        #expect(sent.value < 24 << 20, "\(sent.value >> 20) MB were taken in")
        isHeld.add(1)
        #expect(try client.answer().status == 200)
        while done.value == 0 { pause(0.01) }
        #expect(sent.value == size)
        #expect(taken.value == size)
        #expect(residentBytes() - before < 48 << 20, "\((residentBytes() - before) >> 20) MB more")
    }

    @Test func aLongAnswerComesInPiecesAndWaitsForItsReader() throws {
        let stand = try Stand()
        let sent = Count()
        let size = 100 << 20
        let daemon = try ScriptedDaemon(path: stand.socket) { connection in
            _ = connection.head()
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: \(size)\r\n\r\n")
            let piece = [UInt8](repeating: 9, count: 1 << 20)
            for _ in 0..<100 where connection.send(piece) { sent.add(piece.count) }
        }
        defer { daemon.end() }
        let session = try stand.session()
        let client = try stand.client()
        let before = residentBytes()
        _ = try client.open("/v1/answers/x", headers: session)
        pause(1)
        #expect(sent.value < 24 << 20, "\(sent.value >> 20) MB were taken from the daemon")
        var got = 0
        while got < size {
            let piece = try client.piece()
            guard !piece.isEmpty else { break }
            got += piece.count
        }
        #expect(got == size)
        #expect(residentBytes() - before < 48 << 20)
    }

    @Test func changesAreToldAsTheyHappen() throws {
        let stand = try Stand()
        let goesOn = Count()
        let daemon = try ScriptedDaemon(path: stand.socket) { connection in
            _ = connection.head()
            connection.send(
                "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\nevent: change\n\n"
            )
            while goesOn.value == 0 { pause(0.01) }
            connection.send("event: reread\n\n")
        }
        defer { daemon.end() }
        let client = try stand.client()
        let headers = try stand.session() + ["Accept: text/event-stream"]
        let head = try client.open("/v1/changes?follow=yes", headers: headers)
        #expect(head.headers["content-type"] == "text/event-stream")
        var text = ""
        while !text.contains("change") { text += String(decoding: try client.piece(), as: UTF8.self) }
        #expect(!text.contains("reread"))
        goesOn.add(1)
        while !text.contains("reread") { text += String(decoding: try client.piece(), as: UTF8.self) }
    }

    @Test func aDaemonThatIsAwayIsSaidToBeAndFoundAgain() throws {
        let stand = try Stand()
        let session = try stand.session()
        let client = try stand.client()
        for _ in 0..<2 {
            let away = try client.get("/v1/places", headers: session)
            #expect(away.status == 503)
            #expect(try away.code() == "cannot_connect")
            #expect(away.text.contains("systemctl start quarterd"))
        }
        // With a body on its way as well.
        let refused = try client.ask(
            "POST", "/v1/registers", headers: session + [stand.origin],
            body: String(repeating: "x", count: 1 << 20))
        #expect(try refused.code() == "cannot_connect")
        let daemon = try ScriptedDaemon(path: stand.socket) { connection in
            _ = connection.head()
            connection.answer()
        }
        defer { daemon.end() }
        #expect(try client.get("/v1/places", headers: session).status == 200)
    }

    @Test func aDaemonThatHangsUpIsSaidTo() throws {
        let stand = try Stand()
        let session = try stand.session()
        let round = Count()
        let daemon = try ScriptedDaemon(path: stand.socket) { connection in
            _ = connection.head()
            round.add(1)
            if round.value > 1 { connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf") }
        }
        defer { daemon.end() }
        let client = try stand.client()
        #expect(try client.get("/v1/places", headers: session).code() == "unavailable")
        // Half an answer is none: the connection ends, so that nobody takes it for whole.
        #expect(throws: RawClient.Fault.self) { try client.get("/v1/places", headers: session) }
    }

    @Test func aRefusalIsHeardWhileTheFileIsStillSent() throws {
        let stand = try Stand()
        let daemon = try ScriptedDaemon(path: stand.socket) { connection in
            _ = connection.head()
            connection.answer("403 Forbidden", "{\"code\":\"forbidden\"}", headers: "Connection: close\r\n")
        }
        defer { daemon.end() }
        let session = try stand.session()
        let client = try stand.client()
        client.send(
            "POST /v1/registers?format=osm HTTP/1.1\r\n"
                + (session + [stand.origin]).joined(separator: "\r\n")
                + "\r\nContent-Length: \(20 << 20)\r\n\r\n")
        for _ in 0..<20 { #expect(client.send([UInt8](repeating: 1, count: 1 << 20))) }
        #expect(try client.answer().status == 403)
        #expect(try client.get("/staff/", headers: session).status == 200, "the connection goes on")
    }

    @Test func manyAskAtOnce() async throws {
        let stand = try Stand()
        let daemon = try ScriptedDaemon(path: stand.socket) { connection in
            let head = connection.head()
            connection.answer("200 OK", String(head.split(separator: " ")[1]))
        }
        defer { daemon.end() }
        let session = try stand.session()
        let port = stand.desk.port
        let right = try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<48 {
                group.addTask {
                    let client = try RawClient(port: port)
                    return try (0..<5).allSatisfy { round in
                        let path = "/v1/places/\(number)-\(round)"
                        return try client.get(path, headers: session).text == path
                    }
                }
            }
            return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(right == 48)
    }

    @Test func noMoreConnectionsThanItTakes() throws {
        let stand = try Stand(connections: 4)
        let session = try stand.session()
        pause(0.1)
        let held = try (0..<4).map { _ in try stand.client() }
        for client in held { #expect(try client.get("/staff/", headers: session).status == 200) }
        #expect(throws: RawClient.Fault.self) { try stand.client().get("/staff/", headers: session) }
        held[0].close()
        pause(0.2)
        #expect(try stand.client().get("/staff/", headers: session).status == 200)
    }

    @Test func endsWhenNothingIsAsked() throws {
        let stand = try Stand(idle: 0.4)
        let session = try stand.session()
        // A request that takes its time is no idleness.
        let daemon = try ScriptedDaemon(path: stand.socket) { connection in
            _ = connection.head()
            pause(1)
            connection.answer()
        }
        defer { daemon.end() }
        #expect(try stand.client().get("/v1/places", headers: session).status == 200)
        stand.desk.wait()
        #expect(throws: RawClient.Fault.self) { try stand.client() }
    }

    @Test func aPortThatIsTakenIsSaidToBe() throws {
        let stand = try Stand()
        var settings = DeskSettings(adminSocket: "/nowhere", pages: PageShelf())
        settings.port = UInt16(stand.desk.port)
        let error = #expect(throws: DirectoryError.self) { _ = try StaffDesk(settings) }
        #expect(error?.code == .unavailable)
        #expect(error?.advice?.contains("--port") == true)
    }

    @Test func bytesThatAreNoRequestEndTheirConnectionOnly() throws {
        let stand = try Stand()
        for noise in [
            "\0\u{1}\u{2}\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n",
            String(repeating: "a", count: 200_000),
        ] {
            let client = try stand.client()
            client.send(noise)
            client.finishSending()
            while try !client.piece().isEmpty {}
        }
        _ = try stand.session()
    }
}

/// What a scripted daemon was sent.
private final class Seen: @unchecked Sendable {
    private let lock = NSLock()
    private var words = ""

    var text: String { lock.withLock { words } }
    func put(_ text: String) { lock.withLock { words += text } }
}

/// A client that another thread sends with.
private struct Sender: @unchecked Sendable {
    let client: RawClient

    init(_ client: RawClient) { self.client = client }
}
