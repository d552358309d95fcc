import Foundation
import TestSockets
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// The folder of the test program, where SwiftPM also puts quarterd, quarter-bridge and the modules.
let programFolder: String = {
    let program = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    return URL(fileURLWithPath: program).deletingLastPathComponent().path
}()

/// Runs each test on threads of its own, because it blocks them.
struct OnOwnThreads: SuiteTrait, TestTrait, TestScoping {
    let isRecursive = true

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        try await withTaskExecutorPreference(ThreadExecutor()) { try await function() }
    }
}

/// A folder, a real daemon and the real bridge program.
final class RemoteScene {
    struct Fault: Error, CustomStringConvertible {
        let description: String
    }

    /// How a run of the bridge ended.
    struct End {
        var status: Int32
        var output: String
        var complaint: String
    }

    let path: String
    private var daemon: Process?
    private var bridges: [Process] = []

    /// A scene with a daemon that is ready.
    init() throws {
        path = NSTemporaryDirectory() + "remote-" + UUID().uuidString.prefix(8)
        for folder in ["config/pull", "config/push", "bridges"] {
            try FileManager.default.createDirectory(
                atPath: "\(path)/\(folder)", withIntermediateDirectories: true)
        }
        try startDaemon()
    }

    deinit {
        for process in bridges + [daemon].compactMap(\.self) where process.isRunning {
            kill(process.processIdentifier, SIGKILL)
        }
        try? FileManager.default.removeItem(atPath: path)
    }

    var state: String { path + "/state" }
    var publicSocket: String { state + "/public.sock" }
    var adminSocket: String { state + "/admin.sock" }

    /// Starts the daemon and waits until it is ready.
    func startDaemon() throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: programFolder + "/quarterd")
        process.arguments = ["--state", state]
        let log = path + "/daemon.log"
        _ = FileManager.default.createFile(atPath: log, contents: nil)
        let handle = try #require(FileHandle(forWritingAtPath: log))
        process.standardError = handle
        process.standardOutput = handle
        try process.run()
        daemon = process
        for _ in 0..<600 {
            if (try? String(contentsOfFile: log, encoding: .utf8))?.contains("ready: ") == true { return }
            guard process.isRunning else { break }
            pause(0.02)
        }
        throw Fault(description: "no daemon: \((try? String(contentsOfFile: log, encoding: .utf8)) ?? "")")
    }

    /// Ends the daemon.
    func stopDaemon(_ number: Int32 = SIGTERM) {
        guard let daemon else { return }
        kill(daemon.processIdentifier, number)
        daemon.waitUntilExit()
        self.daemon = nil
    }

    /// Writes a file of the scene, readable for its owner alone, and returns its path.
    @discardableResult
    func write(_ name: String, _ text: String) throws -> String {
        let file = path + "/" + name
        try Data(text.utf8).write(to: URL(fileURLWithPath: file))
        chmod(file, 0o600)
        return file
    }

    /// A process of quarter-bridge, not yet running.
    func bridge(_ words: [String], log: String? = nil, environment: [String: String] = [:]) throws -> Process
    {
        let process = Process()
        bridges.append(process)
        process.executableURL = URL(fileURLWithPath: programFolder + "/quarter-bridge")
        process.arguments =
            words + ["--config", path + "/config", "--state", path + "/bridges"]
            + (words[0] == "pull" ? ["--socket", adminSocket] : [])
            + (words[0] == "push" || words.starts(with: ["outbox", "status"])
                ? ["--socket", publicSocket] : [])
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        if let log {
            let file = path + "/" + log
            if !FileManager.default.fileExists(atPath: file) {
                _ = FileManager.default.createFile(atPath: file, contents: nil)
            }
            let handle = try #require(FileHandle(forWritingAtPath: file))
            handle.seekToEndOfFile()
            process.standardError = handle
            process.standardOutput = handle
        }
        return process
    }

    /// Runs quarter-bridge to its end.
    func run(_ words: String..., environment: [String: String] = [:]) throws -> End {
        let process = try bridge(words, environment: environment)
        let files = ["output", "complaint"].map { "\(path)/\($0)-\(UUID().uuidString)" }
        for file in files { _ = FileManager.default.createFile(atPath: file, contents: nil) }
        process.standardOutput = FileHandle(forWritingAtPath: files[0])
        process.standardError = FileHandle(forWritingAtPath: files[1])
        try process.run()
        process.waitUntilExit()
        return End(
            status: process.terminationStatus, output: try String(contentsOfFile: files[0], encoding: .utf8),
            complaint: try String(contentsOfFile: files[1], encoding: .utf8))
    }

    func client() throws -> RawClient { try RawClient(unix: publicSocket) }
    func admin() throws -> RawClient { try RawClient(unix: adminSocket) }

    /// Stores a bookshop, or renames it.
    func put(_ id: String, name: String) throws {
        let body =
            #"{"type":"bookshop","name":"\#(name)","location":{"lat":32.01,"lon":118.71}}"#
        let answer = try admin().ask(
            "PUT", "/v1/places/" + id, headers: ["Host: x", "Content-Type: application/json"], body: body)
        guard (200...299).contains(answer.status) else { throw Fault(description: answer.text) }
    }

    /// Waits until something holds, at most so many seconds.
    static func wait(_ seconds: Double = 20, until holds: () throws -> Bool) throws -> Bool {
        let end = Date(timeIntervalSinceNow: seconds)
        while Date() < end {
            if try holds() { return true }
            pause(0.02)
        }
        return try holds()
    }
}
