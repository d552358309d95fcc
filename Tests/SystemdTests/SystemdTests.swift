import Foundation
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// The Debian package on a booted Debian 12 without a toolchain, under its real systemd.
///
/// Each test is a script in `Scenarios`, which runs as root inside the booted system (by hand:
/// `Tools/run-scenario.sh NAME …`); what it printed is in the failure. `make test` makes the packages and names
/// them in `QUARTER_DEB` and `QUARTER_DEB_NEXT`.
@Suite(.serialized, .onThreads, .enabled(if: Machine.lack == nil, "needs \(Machine.lack ?? "nothing")"))
struct SystemdTests {
    /// The package comes, answers on each socket, and goes.
    @Test func installsAndLeaves() throws { try pass("install") }

    /// No request is lost in a restart, a reload or an upgrade; in kill -9 only those under way.
    @Test func refusesNoConnection() throws { try pass("steady") }

    /// A hang of the engine, of the store or of a module is seen, named and mended.
    @Test func endsRealHangs() throws { try pass("watchdog") }

    /// A module that ends the daemon twice is not opened a third time.
    @Test func quarantinesAModule() throws { try pass("quarantine") }

    /// A module from a package outside this repository is loaded, quarantined and released like any other.
    @Test func loadsAnOutsideModule() throws { try pass("outside") }

    /// A wrong configuration makes no restart loop, and its line is named.
    @Test func survivesAWrongConfiguration() throws { try pass("configuration") }

    /// What the sandbox should deny is denied, and only by the sandbox.
    @Test func holdsTheSandbox() throws { try pass("sandbox") }

    /// A destroyed state comes back from the backup with the same answers.
    @Test func restoresABackup() throws { try pass("backup") }

    /// A clerk drops a table and takes the answer; nothing is lost while the daemon is away or a run is killed.
    @Test func takesWhatIsDropped() throws { try pass("inbox") }

    /// Reading goes on with a full disk, and writing when there is room again.
    @Test func survivesAFullDisk() throws { try pass("full") }

    /// Events carry their fields, and nothing of what people asked.
    @Test func writesTheJournal() throws { try pass("journal") }

    /// STATUS says what the directory holds, at any time.
    @Test func keepsItsStatusCurrent() throws { try pass("status") }

    /// Runs a scenario and expects it to pass.
    private func pass(_ scenario: String) throws {
        let package = try #require(Machine.package)
        let next = try #require(Machine.nextPackage)
        let end = try run(
            Machine.tools + "/run-scenario.sh", [scenario, Machine.work, package, next, Machine.buildFolder])
        #expect(end.status == 0, "scenario \(scenario) ended with \(end.status):\n\(end.output)")
    }
}

/// What these tests need of the machine, and where it is.
enum Machine {
    /// The folder of the test program, where SwiftPM also puts quarterctl and the fixtures.
    static let buildFolder: String = {
        let program = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(fileURLWithPath: program).deletingLastPathComponent().path
    }()

    /// What is kept between runs, and scratch: in the build folder, beside the platform's own.
    static let work = URL(fileURLWithPath: buildFolder + "/../../systemd").standardized.path

    static let tools = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/Tools"

    /// The package under test, and the same one with a higher version.
    static let package = file(in: "QUARTER_DEB")
    static let nextPackage = file(in: "QUARTER_DEB_NEXT")

    /// The first thing that is missing here; nil where all is there.
    static let lack: String? = {
        guard let boot = try? run(tools + "/can-boot.sh", []) else { return "bash" }
        guard boot.status == 0 else { return boot.output.trimmingCharacters(in: .whitespacesAndNewlines) }
        guard package != nil, nextPackage != nil else {
            return "the Debian packages in QUARTER_DEB and QUARTER_DEB_NEXT, which Scripts/test.sh makes"
        }
        for program in ["debootstrap", "dpkg-deb"] where !succeeds("command -v \(program)") {
            return "\(program) (a Debian package has it)"
        }
        return nil
    }()

    private static func file(in variable: String) -> String? {
        let path = ProcessInfo.processInfo.environment[variable]
        return path.flatMap { access($0, R_OK) == 0 ? $0 : nil }
    }

    private static func succeeds(_ command: String) -> Bool {
        (try? run("/bin/sh", ["-c", command]))?.status == 0
    }
}

/// Runs a program until it ends; returns its status, and what it wrote to both outputs.
private func run(_ program: String, _ arguments: [String]) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    // A user's own PATH often lacks the folders of administration programs.
    var environment = ProcessInfo.processInfo.environment
    environment["PATH"] = (environment["PATH"] ?? "/usr/bin:/bin") + ":/usr/sbin:/sbin"
    process.environment = environment
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    process.standardInput = FileHandle.nullDevice
    // Threads that Dispatch starts, and those that these start, have signals blocked. A child inherits that, and
    // its children: a script could end none of them.
    var none = sigset_t()
    sigemptyset(&none)
    pthread_sigmask(SIG_SETMASK, &none, nil)
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
}
