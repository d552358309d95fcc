// quarter-bridge: the commands of the bridges, which systemd runs as a user of their own.
// May import: Bridges, RemoteBridges, DirectoryAPI, DirectoryClient, DirectoryModel, Systemd.

import ArgumentParser
import Bridges
import DirectoryAPI
import DirectoryModel
import Foundation

/// The command line's root.
@main struct QuarterBridge: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quarter-bridge",
        abstract: "Carry files and changes between a directory and folders or other programs.",
        discussion: """
            Everything goes through the daemon's admin socket; no right of the daemon is needed or used. systemd \
            runs it as the user quarter-bridge.
            """,
        version: ProductVersion.current,
        subcommands: [InboxCommand.self, PullCommand.self, PushCommand.self, OutboxCommand.self])

    /// Runs the command that the words of the command line name.
    ///
    /// Every fault ends in one line on stderr and the exit code of `docs/errors.md`.
    static func main() {
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch let error as DirectoryError {
            BridgeJournal().complain(error)
            Foundation.exit(ErrorTable.exitCode(of: error.code))
        } catch {
            exit(withError: error)
        }
    }
}
