import DirectoryAPI
import DirectoryClient
import DirectoryModel
import Foundation
import Synchronization
import Testing

@testable import quarterctl

@Suite("The client")
struct DirectoryClientTests {
    private let folder: ScratchFolder

    init() throws { folder = try ScratchFolder() }

    private func ask(
        _ answer: [String], _ request: ClientRequest = ClientRequest("GET", "/v1/health"),
        readUntil isEnough: @escaping @Sendable ([UInt8]) -> Bool = ScriptedServer.head
    ) throws -> (reply: Result<ClientReply, DirectoryError>, request: String) {
        let path = folder.path + "/\(UUID().uuidString.prefix(8))"
        let server = try ScriptedServer(path: path, readUntil: isEnough, answer: answer)
        let client = DirectoryClient(
            endpoint: .unixSocket(path: server.path), timeouts: ClientTimeouts(send: 5, answer: 0.5))
        do throws(DirectoryError) {
            return (.success(try client.send(request)), server.request)
        } catch {
            return (.failure(error), server.request)
        }
    }

    private func fault(_ answer: [String]) throws -> DirectoryError? {
        guard case .failure(let error) = try ask(answer).reply else { return nil }
        return error
    }

    @Test("A request is one head with the words of the query encoded")
    func requestHead() throws {
        let (reply, request) = try ask(
            ["HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"],
            ClientRequest(
                "GET", "/v1/reach", query: [("where", "price:le:10&x"), ("name", "翠 竹")],
                headers: [("If-Match", "a\r\nX-Evil: 1")]))
        #expect(try reply.get().body == Array("{}".utf8))
        #expect(
            request.hasPrefix(
                "GET /v1/reach?where=price%3Ale%3A10%26x&name=%E7%BF%A0%20%E7%AB%B9 HTTP/1.1\r\n"))
        #expect(request.contains("\r\nHost: localhost\r\n"))
        #expect(!request.contains("\r\nX-Evil"))
    }

    @Test("Pieces, interim answers, chunks and an end by hanging up are all read")
    func bodies() throws {
        let answers = [
            ["HTTP/1.1 200 OK\r\nContent-", "Length: 5\r\n\r\nhe", "llo"],
            ["HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"],
            [
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n",
                "3;x=y\r\nllo\r\n0\r\n\r\n",
            ],
            ["HTTP/1.0 200 OK\r\n\r\nhel", "lo"],
        ]
        for answer in answers {
            #expect(try ask(answer).reply.get().body == Array("hello".utf8))
        }
    }

    @Test("What a daemon says is wrong comes back with code, location and advice")
    func problems() throws {
        let problem =
            #"{"status":404,"code":"not_found","title":"no place x","advice":"look","location":"id"}"#
        let error = try fault([
            "HTTP/1.1 404 Not Found\r\nContent-Length: \(problem.utf8.count)\r\n\r\n\(problem)"
        ])
        #expect(error == DirectoryError(.notFound, "no place x", advice: "look", location: "id"))
    }

    @Test(
        "What is no quarterd is said to be none",
        arguments: [
            "SSH-2.0-OpenSSH_9.2\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe",
            "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n", "HTTP/1.1 200 OK\r\nbad\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "",
            "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 4\r\n\r\noops", "HTTP/1.1 999 X\r\n\r\n",
        ])
    func badReplies(answer: String) throws {
        #expect(try fault([answer])?.code == .badReply)
    }

    @Test("A daemon that says nothing is given up")
    func silence() throws {
        let (reply, _) = try ask([], readUntil: { _ in false })
        guard case .failure(let error) = reply else {
            Issue.record("an answer came from nowhere")
            return
        }
        #expect(error.code == .requestTimeout)
        #expect(error.message.contains("has not answered for 0.5 s"))
    }

    @Test("A file is sent whole, with its progress")
    func upload() throws {
        let bytes = (0..<700_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let file = folder.path + "/register.bin"
        try Data(bytes).write(to: URL(fileURLWithPath: file))
        let server = try ScriptedServer(
            path: folder.path + "/s", readUntil: { $0.count >= 700_000 && $0.suffix(9) == bytes.suffix(9) },
            answer: ["HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"])
        let client = DirectoryClient(endpoint: .unixSocket(path: server.path))
        var last = (sent: 0, all: 0)
        let request = ClientRequest("POST", "/v1/registers", body: .file(path: file, contentType: "a/b"))
        let reply = try client.send(request) { last = ($0, $1) }
        #expect(reply.status == 200)
        #expect(last == (700_000, 700_000))
        #expect(server.request.contains("\r\nContent-Type: a/b\r\nContent-Length: 700000\r\n"))
    }

    @Test("A refusal in the middle of a file is read instead of the broken pipe")
    func refusedUpload() throws {
        let file = folder.path + "/big.bin"
        try Data(count: 40_000_000).write(to: URL(fileURLWithPath: file))
        let problem = #"{"status":413,"code":"too_large","title":"the register is over 1 KiB"}"#
        let (reply, _) = try ask(
            ["HTTP/1.1 413 Too Large\r\nContent-Length: \(problem.utf8.count)\r\n\r\n\(problem)"],
            ClientRequest("POST", "/v1/registers", body: .file(path: file, contentType: "a/b")))
        #expect(reply == .failure(DirectoryError(.tooLarge, "the register is over 1 KiB")))
    }

    @Test("A file that cannot be read is named before anything is sent")
    func unreadable() throws {
        let request = ClientRequest("POST", "/", body: .file(path: folder.path + "/none", contentType: "a/b"))
        let client = DirectoryClient(endpoint: .unixSocket(path: folder.path + "/s"))
        let error = #expect(throws: DirectoryError.self) { try client.send(request) }
        #expect(error?.code == .unreadableFile)
        let directory = ClientRequest("POST", "/", body: .file(path: folder.path, contentType: "a/b"))
        #expect(throws: DirectoryError.self) { try client.send(directory) }
    }
}

@Suite("When nobody can be reached")
struct ConnectTests {
    private let folder: ScratchFolder

    init() throws { folder = try ScratchFolder() }

    private func fault(_ endpoint: DirectoryEndpoint) -> DirectoryError? {
        #expect(throws: DirectoryError.self) {
            try DirectoryClient(endpoint: endpoint).send(ClientRequest("GET", "/v1/health"))
        }
    }

    private func staleSocket(_ path: String) -> Int32 {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix(107)) }
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0 ? descriptor : -1
            }
        }
    }

    @Test("No socket: which one, why, and how to start it")
    func missing() {
        let path = folder.path + "/public.sock"
        let error = fault(.unixSocket(path: path))
        #expect(error?.code == .cannotConnect)
        #expect(error?.message.contains("there is no socket at \(path)") == true)
        #expect(error?.advice?.contains("systemctl start quarterd") == true)
        #expect(error?.advice?.contains("make run") == true)
        guard case .no = DirectoryClient(endpoint: .unixSocket(path: path)).listens() else {
            Issue.record("somebody listens on a socket that isn't there")
            return
        }
    }

    @Test("A socket that nobody listens on")
    func stale() {
        let path = folder.path + "/public.sock"
        let descriptor = staleSocket(path)
        #expect(descriptor >= 0)
        let error = fault(.unixSocket(path: path))
        #expect(error?.message.contains("refuses") == true)
        guard case .no = DirectoryClient(endpoint: .unixSocket(path: path)).listens() else {
            Issue.record("somebody listens on a dead socket")
            return
        }
        close(descriptor)
    }

    @Test(
        "A socket of the group quarter-admin",
        .enabled(if: geteuid() == 0, "needs root to become another user"))
    func forbidden() throws {
        let path = folder.path + "/admin.sock"
        let descriptor = staleSocket(path)
        #expect(descriptor >= 0 && chmod(path, 0o600) == 0 && chmod(folder.path, 0o755) == 0)
        // The file system's user alone is changed, and of this thread alone; 65534 is nobody. Not in Glibc's
        // module map, so it is looked up.
        typealias SetUser = @convention(c) (uid_t) -> Int32
        let symbol = try #require(dlsym(nil, "setfsuid"))
        let setUser = unsafeBitCast(symbol, to: SetUser.self)
        let before = setUser(65_534)
        defer { _ = setUser(uid_t(before)) }
        let error = fault(.unixSocket(path: path))
        #expect(error?.message.contains("group quarter-admin") == true)
        #expect(error?.advice?.contains("adduser") == true)
        close(descriptor)
    }

    @Test("A path longer than a socket's name can hold is reached all the same")
    func longPath() throws {
        let deep = folder.path + "/" + String(repeating: "翠竹园/", count: 12)
        try FileManager.default.createDirectory(atPath: deep, withIntermediateDirectories: true)
        let error = fault(.unixSocket(path: deep + "public.sock"))
        #expect(error?.message.contains("there is no socket at") == true)
        // A listening one: bound under a short name, then reached by the long one.
        let short = folder.path + "/s"
        let server = try ScriptedServer(
            path: short, readUntil: ScriptedServer.head,
            answer: ["HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"])
        try FileManager.default.moveItem(atPath: server.path, toPath: deep + "public.sock")
        let client = DirectoryClient(endpoint: .unixSocket(path: deep + "public.sock"))
        #expect(try client.send(ClientRequest("GET", "/")).status == 200)
    }

    @Test("A port that nobody listens on")
    func loopback() {
        // Port 9 (discard) is served on no machine that tests run on.
        #expect(fault(.loopback(port: 9))?.message.contains("127.0.0.1:9 refuses") == true)
    }

    @Test("Words of --socket")
    func socketWords() throws {
        #expect(try GlobalOptions.endpoint(named: "127.0.0.1:8315") == .loopback(port: 8315))
        #expect(try GlobalOptions.endpoint(named: "localhost:8315") == .loopback(port: 8315))
        #expect(try GlobalOptions.endpoint(named: "/run/a.sock") == .unixSocket(path: "/run/a.sock"))
        for word in ["127.0.0.1:", "127.0.0.1:0", "127.0.0.1:70000", "localhost:http"] {
            #expect(throws: DirectoryError.self) { try GlobalOptions.endpoint(named: word) }
        }
    }
}
