// Measures the daemon from outside: time to READY, memory, and answers over its Unix socket.

import Assembly
import DirectoryAPI
import DirectoryModel
import Glibc

enum DaemonBench {
    /// How often all origins are asked from.
    static let rounds = 5

    static func run(state: String, program: String) throws {
        let points: [Coordinate]
        do {
            let assembly = try Assembly(Layout(stateFolder: state))
            defer { try? assembly.close() }
            points = try BenchOrigins(of: assembly.engine).points
        }
        let daemon = try StartedDaemon(program: program, state: state)
        defer { daemon.stop() }
        print("daemon: READY after \(rounded(daemon.readyAfter / 1_000)) ms, \(daemon.memory)")
        let client = try BlockingClient(path: state + "/public.sock")
        var empty = Times()
        var reach = Times()
        for round in 0..<rounds {
            for point in points {
                let start = now()
                try client.ask("HEAD /v1/profiles HTTP/1.1\r\nHost: x\r\n\r\n", hasBody: false)
                let middle = now()
                try client.ask(
                    "GET /v1/reach?lat=\(point.latitude.value)&lon=\(point.longitude.value) HTTP/1.1\r\n"
                        + "Host: x\r\n\r\n", hasBody: true)
                guard round > 0 else { continue }
                empty.add(middle - start)
                reach.add(now() - middle)
            }
        }
        print("socket, empty 200: \(empty.text)")
        print("socket, reach: \(reach.text)")
        print("socket, reach above empty: p50 \(rounded(reach.percentile(0.5) - empty.percentile(0.5))) µs")
        print("daemon: \(daemon.memory) after \(rounds * points.count * 2) requests")
    }
}

/// A daemon started for the bench, and ended by it.
final class StartedDaemon {
    private let pid: pid_t
    /// Microseconds from the start of the process to its READY=1.
    let readyAfter: Double

    init(program: String, state: String) throws {
        // sd_notify takes absolute paths only.
        guard let folder = realpath(state, nil) else { throw BenchFailure("there is no \(state)") }
        defer { free(folder) }
        let path = String(cString: folder) + "/notify.sock"
        unlink(path)
        let listener = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        var address = unixAddress(path)
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard bound == 0 else { throw BenchFailure("\(path) cannot be bound") }
        defer {
            close(listener)
            unlink(path)
        }
        var patience = timeval(tv_sec: 30, tv_usec: 0)
        setsockopt(listener, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        setenv("NOTIFY_SOCKET", path, 1)
        var arguments: [UnsafeMutablePointer<CChar>?] = []
        for word in [program, "--state", state] { arguments.append(strdup(word)) }
        arguments.append(nil)
        defer { for argument in arguments { free(argument) } }
        var pid: pid_t = 0
        let start = now()
        guard posix_spawn(&pid, program, nil, nil, arguments, environ) == 0 else {
            throw BenchFailure("\(program) cannot be started")
        }
        self.pid = pid
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = recv(listener, &buffer, buffer.count, 0)
            guard count > 0 else { throw BenchFailure("\(program) never said READY") }
            if String(decoding: buffer[..<count], as: UTF8.self).split(separator: "\n").contains("READY=1") {
                break
            }
        }
        readyAfter = now() - start
    }

    /// The resident memory now: what is its own, and what it has of mapped files, in MB.
    ///
    /// RssAnon and RssShmem of /proc are what would be gone with the process; pages of the network, the map and the
    /// programs (RssFile) are the system's cache and are counted apart.
    var memory: String {
        var kilobytes: [String: Int] = [:]
        if let file = fopen("/proc/\(pid)/status", "r") {
            defer { fclose(file) }
            var line = [CChar](repeating: 0, count: 256)
            while fgets(&line, Int32(line.count), file) != nil {
                let text = String(
                    decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
                let words = text.split { $0 == ":" || $0.isWhitespace }
                if words.count > 1, words[0].hasPrefix("Rss") { kilobytes[String(words[0])] = Int(words[1]) }
            }
        }
        func megabytes(_ key: String) -> Double { rounded(Double(kilobytes[key] ?? 0) * 1024 / 1e6) }
        let own = megabytes("RssAnon") + megabytes("RssShmem")
        return "\(rounded(own)) MB of its own, \(megabytes("RssFile")) MB of mapped files"
    }

    func stop() {
        kill(pid, SIGTERM)
        var status: Int32 = 0
        waitpid(pid, &status, 0)
    }
}

/// One connection that asks one thing after another.
final class BlockingClient {
    private let descriptor: Int32
    private var buffer = [UInt8](repeating: 0, count: 1 << 20)

    init(path: String) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = unixAddress(path)
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard connected == 0 else { throw BenchFailure("\(path) cannot be connected to") }
    }

    deinit { close(descriptor) }

    /// Sends a request and waits for the whole reply.
    func ask(_ request: String, hasBody: Bool) throws {
        var request = request
        let sent = request.withUTF8 { send(descriptor, $0.baseAddress, $0.count, 0) }
        guard sent == request.utf8.count else { throw BenchFailure("the request was not sent") }
        var filled = 0
        while true {
            let count = buffer.withUnsafeMutableBytes {
                recv(descriptor, $0.baseAddress?.advanced(by: filled), $0.count - filled, 0)
            }
            guard count > 0 else { throw BenchFailure("the daemon hung up") }
            filled += count
            guard let head = headLength(filled) else { continue }
            guard buffer.starts(with: "HTTP/1.1 200".utf8) else {
                throw BenchFailure(String(decoding: buffer[..<filled], as: UTF8.self))
            }
            if !hasBody || filled - head.end >= head.body { return }
        }
    }

    /// Where the head ends, and how long the body is, once the head is there.
    private func headLength(_ filled: Int) -> (end: Int, body: Int)? {
        let text = buffer[..<min(filled, 1024)]
        for index in text.indices.dropLast(3) where text[index] == 13 && text[index + 2] == 13 {
            let head = String(decoding: text[..<index], as: UTF8.self).lowercased()
            let length = head.split(separator: "\r\n").first { $0.hasPrefix("content-length:") }
            return (index + 4, length.flatMap { Int($0.dropFirst(15).drop { $0 == " " }) } ?? 0)
        }
        return nil
    }
}

/// Why a bench could not go on.
struct BenchFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

private func unixAddress(_ path: String) -> sockaddr_un {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { buffer in
        buffer.copyBytes(from: path.utf8.prefix(buffer.count - 1))
    }
    return address
}
