import Foundation

/// The programs that were built with these tests.
enum Programs {
    /// The folder of this process's program: SwiftPM puts executables and modules there too.
    static let folder = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent()

    /// How a program ended.
    struct Ending {
        /// Standard output.
        let output: String
        /// Standard error.
        let complaint: String
        /// The exit code.
        let status: Int32
    }

    /// Whether a program was built.
    static func exist(_ name: String) -> Bool {
        FileManager.default.isExecutableFile(atPath: folder.appendingPathComponent(name).path)
    }

    /// Runs `quarterctl` to its end.
    static func quarterctl(
        _ arguments: [String], in directory: String? = nil, environment: [String: String] = [:]
    ) throws -> Ending {
        let process = Process()
        process.executableURL = folder.appendingPathComponent("quarterctl")
        process.arguments = arguments
        if let directory { process.currentDirectoryURL = URL(fileURLWithPath: directory) }
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, new in new }
        process.standardInput = FileHandle.nullDevice
        // Files, not pipes: a report longer than a pipe's buffer would hold the program up.
        let scratch = try ScratchFolder()
        func stream(_ name: String) throws -> FileHandle {
            let path = scratch.path + "/" + name
            try Data().write(to: URL(fileURLWithPath: path))
            return try FileHandle(forUpdating: URL(fileURLWithPath: path))
        }
        let output = try stream("output")
        let complaint = try stream("complaint")
        process.standardOutput = output
        process.standardError = complaint
        try process.run()
        process.waitUntilExit()
        func text(_ name: String) throws -> String {
            try String(contentsOfFile: scratch.path + "/" + name, encoding: .utf8)
        }
        return Ending(
            output: try text("output"), complaint: try text("complaint"), status: process.terminationStatus)
    }
}

/// A `quarterd` that runs as long as this object lives.
final class RunningDaemon {
    private let process = Process()

    /// Starts it on a state folder and waits until it answers.
    init(state: String) throws {
        process.executableURL = Programs.folder.appendingPathComponent("quarterd")
        process.arguments = ["--state", state]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        // A debug build on a busy machine takes a second or two; half a minute means that it hangs.
        for _ in 0..<300 {
            if try Programs.quarterctl(["--state", state, "status"]).status == 0 { return }
            guard process.isRunning else { throw CocoaError(.executableLoad) }
            usleep(100_000)
        }
        throw CocoaError(.executableLoad)
    }

    /// Ends it in order, and waits for that.
    func stop() {
        guard process.isRunning else { return }
        process.terminate()
        process.waitUntilExit()
    }

    deinit { stop() }
}
