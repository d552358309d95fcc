// quarterd: the daemon's composition: command line, sockets, services, signals.
// May import: everything of Quarter.

import ArgumentParser
import Assembly
import DirectoryAPI
import DirectoryModel
import Foundation

/// The command line of the daemon.
@main
struct Quarterd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quarterd",
        abstract: "Answers what can be reached on foot, over sockets.",
        discussion: """
            Started by systemd it serves the sockets that it is handed (public, admin, kiosk, varlink). Started by \
            hand it opens DIR/public.sock, DIR/admin.sock and DIR/org.quarter.Directory, and the kiosk's address if \
            one is given. SIGHUP reads configuration, declared types and modules again; SIGTERM and SIGINT let \
            answers that are under way be finished. Exit codes: docs/errors.md.
            """,
        version: Assembly.version)

    @Option(
        help: ArgumentHelp(
            "The configuration (default: /etc/quarter/quarter.toml where it is there).", valueName: "file"),
        completion: .file(extensions: ["toml"]))
    var config: String?

    @Option(
        help: ArgumentHelp(
            "The state folder (default: $STATE_DIRECTORY, which systemd sets, otherwise ./.run; for --check an "
                + "installed daemon's /var/lib/quarter).",
            valueName: "dir"),
        completion: .directory)
    var state: String?

    @Option(
        help: ArgumentHelp(
            "A loopback address for the kiosk's browser, such as 127.0.0.1:8315.", valueName: "host:port"))
    var kiosk: String?

    @Option(
        help: ArgumentHelp(
            "A folder of modules, in the place of the configured ones; repeatable.", valueName: "dir"),
        completion: .directory)
    var modules: [String] = []

    @Option(
        help: ArgumentHelp(
            "A folder of declared types, in the place of the configured ones; repeatable.", valueName: "dir"),
        completion: .directory)
    var types: [String] = []

    @Flag(help: "Look at configuration, types, modules and store, say what is wrong, and end.")
    var check = false

    /// The state folder of an installed daemon, which a look by hand is meant for where it is there.
    private static let systemState = "/var/lib/quarter"

    private var layout: Layout {
        let given = ProcessInfo.processInfo.environment["STATE_DIRECTORY"]
        let usual = check && !Layout.isInSourceTree && access(Self.systemState, F_OK) == 0
        let folder =
            state ?? given?.split(separator: ":").first.map(String.init)
            ?? (usual ? Self.systemState : ".run")
        return Layout(configuration: config, stateFolder: folder, moduleFolders: modules, typeFolders: types)
    }

    static func main() async {
        // Before there are other threads, whose heaps would stay.
        Heap.share()
        await main(nil)
    }

    func run() async throws {
        do {
            if check {
                try Inspection(layout: layout).run()
            } else {
                try await Daemon.run(layout, kiosk: kiosk)
            }
        } catch let error as DirectoryError {
            FileHandle.standardError.write(Data("quarterd: \(error.description)\n".utf8))
            throw ExitCode(ErrorTable.exitCode(of: error.code))
        }
    }
}
