import DirectoryAPI
import DirectoryClient
import DirectoryModel
import Foundation
import TestSockets
import Testing

@testable import Bridges

#if canImport(Glibc)
    import Glibc
#endif

/// The folder of the test program, where SwiftPM also puts quarterd, quarterctl and quarter-bridge.
let buildFolder: String = {
    let program = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    return URL(fileURLWithPath: program).deletingLastPathComponent().path
}()

/// How a program ended.
struct Ending {
    var output: String
    var status: Int32
}

/// Starts a program that was built with these tests; what it writes goes to a file.
func start(_ name: String, _ arguments: [String], log: String) throws -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: buildFolder + "/" + name)
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    _ = FileManager.default.createFile(atPath: log, contents: nil)
    let handle = try #require(FileHandle(forWritingAtPath: log))
    process.standardOutput = handle
    process.standardError = handle
    try process.run()
    return process
}

/// A state folder, a spool and, while it runs, a daemon.
final class Office {
    let folder: String
    let spool: String
    private var daemon: Process?

    init(isUp: Bool = true) throws {
        folder = NSTemporaryDirectory() + "bridges-" + UUID().uuidString.prefix(8)
        spool = folder + "/spool"
        for part in ["/inbox", "/archive"] {
            try FileManager.default.createDirectory(atPath: spool + part, withIntermediateDirectories: true)
        }
        if isUp { try startDaemon() }
    }

    deinit {
        stopDaemon(SIGKILL)
        try? FileManager.default.removeItem(atPath: folder)
    }

    var socket: String { folder + "/state/admin.sock" }
    var client: DirectoryClient { DirectoryClient(endpoint: .unixSocket(path: socket), timeouts: .longWork) }

    func startDaemon() throws {
        let log = folder + "/daemon.log"
        let process = try start("quarterd", ["--state", folder + "/state"], log: log)
        daemon = process
        for _ in 0..<600 {
            if let text = try? String(contentsOfFile: log, encoding: .utf8), text.contains("ready: ") {
                return
            }
            try #require(process.isRunning, "\((try? String(contentsOfFile: log, encoding: .utf8)) ?? "")")
            pause(0.05)
        }
        Issue.record("the daemon is not ready")
    }

    func stopDaemon(_ signal: Int32 = SIGTERM) {
        guard let daemon, daemon.isRunning else { return }
        kill(daemon.processIdentifier, signal)
        daemon.waitUntilExit()
    }

    /// Makes the drop folder of a source.
    @discardableResult
    func source(_ name: String, mapping: String? = "datum = \"wgs84\"\ntype = \"canteen\"\n") throws -> String
    {
        let path = spool + "/inbox/" + name
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        if let mapping { try Data(mapping.utf8).write(to: URL(fileURLWithPath: path + "/source.toml")) }
        return path
    }

    /// Writes a file under a name of any bytes.
    func drop(_ text: String, _ source: String, _ name: [UInt8]) throws {
        let path = Array((spool + "/inbox/" + source + "/").utf8) + name + [0]
        let file = path.map { CChar(bitPattern: $0) }.withUnsafeBufferPointer { buffer in
            buffer.baseAddress.map { open($0, O_WRONLY | O_CREAT | O_EXCL, 0o640) } ?? -1
        }
        try #require(file >= 0)
        let bytes = Array(text.utf8)
        #expect(write(file, bytes, bytes.count) == bytes.count)
        close(file)
    }

    func drop(_ text: String, _ source: String, _ name: String) throws {
        try drop(text, source, Array(name.utf8))
    }

    func rules(settling: Seconds = 0, patience: Seconds = 0, longest: Int = 2 << 30) -> InboxRules {
        InboxRules(spool: spool, settling: settling, patience: patience, longest: longest)
    }

    @discardableResult
    func run(_ rules: InboxRules? = nil) throws -> InboxRun.Tally {
        var run = InboxRun(rules: rules ?? self.rules(), client: client)
        return try run.run()
    }

    /// A table of canteens, numbered from `first`.
    static func table(_ first: Int = 1, rows: Int = 2) -> String {
        var text = "编号,名称,经度,纬度\n"
        for row in first..<first + rows {
            text += "C\(row),食堂\(row),118.7\(10_000 + row),32.0\(10_000 + row)\n"
        }
        return text
    }

    /// The names in a folder below the spool.
    func names(_ folder: String) -> [FileName] {
        guard let folder = try? Folder(at: spool + "/" + folder) else { return [] }
        return ((try? folder.entries()) ?? []).map(\.name)
    }

    /// What was kept of a source, with its digests, by name.
    func kept(_ source: String) -> [FileName] {
        names("archive/" + source).flatMap { names("archive/\(source)/\($0)") }
    }

    func text(_ path: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(fileURLWithPath: spool + "/" + path)), as: UTF8.self)
    }

    func imports() throws -> [JSONValue] {
        let reply = try client.send(ClientRequest("GET", "/v1/imports", query: [("limit", "1000")]))
        guard case .array(let imports)? = try reply.json()["imports"] else { return [] }
        return imports
    }

    /// The names of all places.
    func places() throws -> [String] {
        var names: [String] = []
        var cursor: String?
        repeat {
            let query = [(name: "limit", value: "500")] + (cursor.map { [(name: "cursor", value: $0)] } ?? [])
            let page = try client.send(ClientRequest("GET", "/v1/places", query: query)).json()
            guard case .array(let places)? = page["places"] else { break }
            names += places.compactMap { if case .string(let name)? = $0["name"] { name } else { nil } }
            cursor = if case .string(let next)? = page["next"] { next } else { nil }
        } while cursor != nil
        return names
    }
}

/// Runs each test on threads of its own, because it blocks them.
struct OnThreads: SuiteTrait, TestTrait, TestScoping {
    let isRecursive = true

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        try await withTaskExecutorPreference(ThreadExecutor()) { try await function() }
    }
}

extension Trait where Self == OnThreads {
    /// See `OnThreads`.
    static var onThreads: Self { Self() }
}
