// TestSockets: a client for tests that sends what no library would.
// May import nothing of Quarter.

internal import Foundation

#if canImport(Glibc)
    import Glibc
#endif

/// Blocks the calling thread.
package func pause(_ seconds: Double) { usleep(useconds_t(seconds * 1e6)) }

/// Lets this process open as many sockets as the machine allows.
package func raiseDescriptorLimit() {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
    limit.rlim_cur = limit.rlim_max
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
}

/// A client that sends what no library would, over a blocking socket.
package final class RawClient {
    /// What went wrong with the connection or the answer.
    package struct Fault: Error, CustomStringConvertible {
        /// One line.
        package let description: String

        /// A fault in these words.
        package init(description: String) { self.description = description }
    }

    /// A whole answer.
    package struct Answer {
        /// The status.
        package var status: Int
        /// Headers by their names in lower case.
        package var headers: [String: String]
        /// The body.
        package var body: [UInt8]
        /// The body as text.
        package var text: String { String(decoding: body, as: UTF8.self) }

        /// The body as a JSON object.
        package func object() throws -> [String: Any] {
            guard let object = try JSONSerialization.jsonObject(with: Data(body)) as? [String: Any] else {
                throw Fault(description: "no object: \(text.prefix(200))")
            }
            return object
        }

        /// The `code` of an error; the answer must be a problem as RFC 9457 has it.
        package func code() throws -> String {
            guard headers["content-type"] == "application/problem+json",
                let code = try object()["code"] as? String
            else { throw Fault(description: "no problem but \(status): \(text.prefix(200))") }
            return code
        }
    }

    private let descriptor: CInt
    private var buffer: [UInt8] = []
    private var isClosed = false

    /// Connects to a Unix socket; a call waits for at most `timeout` seconds.
    package init(unix path: String, timeout: Int = 60) throws {
        descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        try connect(&address, timeout)
    }

    /// Connects to a port of 127.0.0.1.
    package init(port: Int, timeout: Int = 60) throws {
        descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        try connect(&address, timeout)
    }

    private func connect<Address>(_ address: inout Address, _ timeout: Int) throws {
        var limit = timeval(tv_sec: timeout, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<Address>.size))
            }
        }
        guard result == 0 else { throw Fault(description: "connect: \(String(cString: strerror(errno)))") }
    }

    deinit { close() }

    /// Closes the connection.
    package func close() {
        if !isClosed { Glibc.close(descriptor) }
        isClosed = true
    }

    /// Says that nothing more will be sent.
    package func finishSending() { shutdown(descriptor, CInt(SHUT_WR)) }

    /// Sends bytes; false when the server does not take them any more.
    @discardableResult
    package func send(_ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { all in
                Glibc.send(
                    descriptor, all.baseAddress.map { $0 + sent }, bytes.count - sent, CInt(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    /// Sends a text.
    @discardableResult
    package func send(_ text: String) -> Bool { send(Array(text.utf8)) }

    /// Sends a request and takes its answer.
    package func ask(
        _ method: String, _ target: String, headers: [String] = ["Host: localhost"], body: String? = nil
    ) throws -> Answer {
        var text = "\(method) \(target) HTTP/1.1\r\n"
        for header in headers { text += header + "\r\n" }
        if let body { text += "Content-Length: \(body.utf8.count)\r\n" }
        send(text + "\r\n" + (body ?? ""))
        return try answer(isHead: method == "HEAD")
    }

    /// Sends a GET and takes its answer.
    package func get(_ target: String, headers: [String] = ["Host: localhost"]) throws -> Answer {
        try ask("GET", target, headers: headers)
    }

    /// The next answer.
    package func answer(isHead: Bool = false) throws -> Answer {
        let mark = Array("\r\n\r\n".utf8)
        var end = find(mark)
        while end == nil {
            guard try receive() else {
                throw Fault(
                    description:
                        "closed before an answer; got \(String(decoding: buffer, as: UTF8.self).prefix(200))")
            }
            end = find(mark)
        }
        guard let headEnd = end else { throw Fault(description: "no head") }
        let lines = String(decoding: buffer[..<headEnd], as: UTF8.self).split(separator: "\r\n")
        guard let status = lines.first?.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else {
            throw Fault(description: "no status line: \(lines.first ?? "")")
        }
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces)
        }
        buffer.removeFirst(headEnd + 4)
        if status == 100 { return Answer(status: status, headers: headers, body: []) }
        guard let length = isHead || status == 304 ? 0 : headers["content-length"].flatMap({ Int($0) }) else {
            throw Fault(description: "no Content-Length")
        }
        while buffer.count < length {
            guard try receive() else { throw Fault(description: "closed within a body") }
        }
        let body = Array(buffer.prefix(length))
        buffer.removeFirst(length)
        return Answer(status: status, headers: headers, body: body)
    }

    /// Sends the head of a GET and takes the head of its answer, whose body is then read by `piece()`.
    ///
    /// - Returns: the answer with an empty body.
    package func open(_ target: String, headers: [String] = ["Host: localhost"]) throws -> Answer {
        send("GET \(target) HTTP/1.1\r\n" + headers.map { $0 + "\r\n" }.joined() + "\r\n")
        return try answer(isHead: true)
    }

    /// The next bytes, whatever they are; empty at the end.
    package func piece() throws -> [UInt8] {
        if buffer.isEmpty { _ = try receive() }
        defer { buffer = [] }
        return buffer
    }

    /// The bytes up to the next zero byte; nil at the end.
    package func message() throws -> [UInt8]? {
        var searched = 0
        while true {
            if let end = buffer[searched...].firstIndex(of: 0) {
                let message = Array(buffer[..<end])
                buffer.removeFirst(end + 1)
                return message
            }
            searched = buffer.count
            guard try receive() else {
                guard buffer.isEmpty else { throw Fault(description: "closed within a message") }
                return nil
            }
        }
    }

    /// Whether the server has closed its side, and sent nothing more before.
    package func isAtEnd() throws -> Bool { try buffer.isEmpty && !receive() }

    private func find(_ mark: [UInt8]) -> Int? { buffer.firstRange(of: mark)?.lowerBound }

    private func receive() throws -> Bool {
        var piece = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &piece, piece.count, 0)
        if count < 0 {
            if errno == ECONNRESET || errno == EPIPE { return false }
            throw Fault(description: "recv: \(String(cString: strerror(errno)))")
        }
        buffer.append(contentsOf: piece[..<count])
        return count > 0
    }
}
