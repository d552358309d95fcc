import Foundation

#if canImport(Glibc)
    import Glibc
#endif

/// A daemon's end of one connection, as a test plays it.
struct Played: Sendable {
    let descriptor: CInt

    /// The next request's head.
    func head() -> String {
        var bytes: [UInt8] = []
        while !bytes.suffix(4).elementsEqual([13, 10, 13, 10]), let byte = take(upTo: 1).first {
            bytes.append(byte)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The next bytes, at most so many; none at the end.
    func take(upTo count: Int) -> [UInt8] {
        var piece = [UInt8](repeating: 0, count: count)
        let got = recv(descriptor, &piece, count, 0)
        return got > 0 ? Array(piece[..<got]) : []
    }

    /// Sends bytes; false when nobody takes them any more.
    @discardableResult
    func send(_ bytes: [UInt8]) -> Bool {
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

    @discardableResult
    func send(_ text: String) -> Bool { send(Array(text.utf8)) }

    /// A whole answer.
    func answer(_ status: String = "200 OK", _ body: String = "{}", headers: String = "") {
        send(
            "HTTP/1.1 \(status)\r\nContent-Type: application/json\r\n\(headers)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
        )
    }
}

/// A daemon whose answers a test scripts: what cannot be had of a real one on order.
final class ScriptedDaemon: @unchecked Sendable {
    let path: String
    private let descriptor: CInt

    /// Listens, and plays each connection on a thread of its own.
    init(path: String, _ play: @escaping @Sendable (Played) -> Void) throws {
        self.path = path
        unlink(path)
        descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard result == 0, listen(descriptor, 64) == 0 else { throw POSIXError(.EADDRINUSE) }
        let listening = descriptor
        Thread.detachNewThread {
            while true {
                let connection = accept(listening, nil, nil)
                guard connection >= 0 else { return }
                Thread.detachNewThread {
                    play(Played(descriptor: connection))
                    close(connection)
                }
            }
        }
    }

    /// Ends it, as a daemon that is gone.
    func end() {
        shutdown(descriptor, CInt(SHUT_RDWR))
        close(descriptor)
        unlink(path)
    }
}

/// Memory of this process that is in use, in bytes.
func residentBytes() -> Int {
    let words =
        (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ") ?? []
    return (words.count > 1 ? Int(words[1]) ?? 0 : 0) * Int(sysconf(CInt(_SC_PAGESIZE)))
}

/// A number that several threads count.
final class Count: @unchecked Sendable {
    private let lock = NSLock()
    private var number = 0

    var value: Int { lock.withLock { number } }
    func add(_ more: Int) { lock.withLock { number += more } }
}
