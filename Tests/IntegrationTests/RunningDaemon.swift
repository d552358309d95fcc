import Foundation
import TestSockets

#if canImport(Glibc)
    import Glibc
#endif

/// The folder of the test program, where SwiftPM also puts quarterd, quarterctl and the modules.
let buildFolder: String = {
    let program = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    return URL(fileURLWithPath: program).deletingLastPathComponent().path
}()

/// The root of the source tree.
let treeRoot = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path

/// The shared data folder's file, or nil where this machine does not have it.
func sharedFile(_ name: String) -> String? {
    let path = treeRoot + "/../shared/data/osm/" + name
    return FileManager.default.fileExists(atPath: path) ? path : nil
}

/// A folder that is removed at the end.
final class Scratch: Sendable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "quarterd-" + UUID().uuidString.prefix(8)
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Writes a file and returns its path.
    func write(_ name: String, _ text: String) throws -> String {
        let file = path + "/" + name
        try Data(text.utf8).write(to: URL(fileURLWithPath: file))
        return file
    }
}

/// The real daemon, as a process of its own.
final class RunningDaemon {
    struct Fault: Error, CustomStringConvertible {
        let description: String
    }

    /// How a process ended.
    struct End {
        var status: Int32
        var output: String
    }

    let state: String
    private let process: Process
    private let log: String

    /// Starts a daemon on `state` and waits until it says that it is ready.
    init(
        state: String, config: String? = nil, arguments: [String] = [], environment: [String: String] = [:],
        program: String = buildFolder + "/quarterd", before: [String] = [], waits: Bool = true
    ) throws {
        self.state = state
        log = state + ".log"
        process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = before + Self.arguments(state, config) + arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        _ = FileManager.default.createFile(atPath: log, contents: nil)
        let handle = try unwrapped(FileHandle(forWritingAtPath: log), "no log file")
        process.standardError = handle
        process.standardOutput = handle
        try process.run()
        if waits { try wait(for: "ready: ") }
    }

    static func arguments(_ state: String, _ config: String?) -> [String] {
        var arguments = ["--state", state]
        if let config {
            arguments += [
                "--config", config, "--types", treeRoot + "/etc/quarter/types.d", "--modules", buildFolder,
            ]
        }
        return arguments
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }

    /// Runs the daemon's program until it ends.
    static func end(_ arguments: [String], environment: [String: String] = [:]) throws -> End {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: buildFolder + "/quarterd")
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let pipe = Pipe()
        process.standardError = pipe
        process.standardOutput = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return End(status: process.terminationStatus, output: String(decoding: output, as: UTF8.self))
    }

    var id: Int32 { process.processIdentifier }
    var output: String { (try? String(contentsOfFile: log, encoding: .utf8)) ?? "" }

    /// Waits until the daemon has written some words.
    func wait(for words: String, times: Int = 1) throws {
        for _ in 0..<600 {
            if output.components(separatedBy: words).count > times { return }
            guard process.isRunning else { break }
            pause(0.02)
        }
        throw Fault(description: "no “\(words)” from the daemon: \(output)")
    }

    func signal(_ number: Int32) { kill(id, number) }

    /// Ends the daemon with a signal, and returns its exit status.
    @discardableResult
    func stop(_ number: Int32 = SIGTERM) -> Int32 {
        kill(id, number)
        process.waitUntilExit()
        return process.terminationStatus
    }

    func client() throws -> RawClient { try RawClient(unix: state + "/public.sock") }
    func admin() throws -> RawClient { try RawClient(unix: state + "/admin.sock") }

    /// Sends a register and takes the report.
    func take(_ path: String, format: String) throws -> RawClient.Answer {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Fault(description: "cannot read \(path)")
        }
        let client = try RawClient(unix: state + "/admin.sock", timeout: 120)
        client.send(
            "POST /v1/registers?format=\(format) HTTP/1.1\r\nHost: x\r\nContent-Length: \(data.count)\r\n\r\n"
        )
        client.send(Array(data))
        return try client.answer()
    }
}

/// The value, or a fault with these words.
func unwrapped<Value>(_ value: Value?, _ words: String) throws -> Value {
    guard let value else { throw RunningDaemon.Fault(description: words) }
    return value
}

/// A stand-in for the service manager's notification socket: reads whatever comes, as the service manager does, since
/// a daemon that nobody listens to would wait.
final class NotifySocket: @unchecked Sendable {
    // Unchecked: `messages` is used under the lock, the rest is constant.
    let path: String
    private let descriptor: CInt
    private let lock = NSLock()
    private var messages: [[String]] = []

    init(in folder: String) throws {
        path = folder + "/notify"
        descriptor = socket(AF_UNIX, CInt(SOCK_DGRAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard result == 0 else { throw RunningDaemon.Fault(description: "no notification socket at \(path)") }
        // The thread ends with the descriptor's shutdown.
        Thread.detachNewThread { [descriptor, weak self] in
            var buffer = [UInt8](repeating: 0, count: 4096)
            while case let count = recv(descriptor, &buffer, buffer.count, 0), count > 0 {
                let lines = String(decoding: buffer[..<count], as: UTF8.self).split(separator: "\n")
                guard let self else { break }
                self.lock.withLock { self.messages.append(lines.map(String.init)) }
            }
            close(descriptor)
        }
    }

    deinit { shutdown(descriptor, CInt(SHUT_RDWR)) }

    /// The next message that holds the line `words`, in lines.
    func message(with words: String) throws -> [String] { try message { $0 == words } }

    /// The next message with such a line, in lines; those before it are forgotten.
    func message(where isWanted: (String) -> Bool) throws -> [String] {
        for _ in 0..<500 {
            let found = lock.withLock { () -> [String]? in
                guard let index = messages.firstIndex(where: { $0.contains(where: isWanted) }) else {
                    return nil
                }
                defer { messages.removeFirst(index + 1) }
                return messages[index]
            }
            if let found { return found }
            pause(0.02)
        }
        throw RunningDaemon.Fault(
            description: "no such message to the service manager, but \(lock.withLock { messages })")
    }
}
