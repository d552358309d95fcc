// quarterctl: the commands of Quarter's command line: through the socket, or on the locked state folder.
// May import: everything but DirectoryServer; the table in docs/architecture.md is exact.

import ArgumentParser
import Assembly
import DirectoryAPI
import DirectoryModel
import Foundation

/// The command line's root.
@main struct Quarterctl: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quarterctl",
        abstract: "Ask and keep a directory of what can be reached on foot in a quarter of an hour.",
        discussion: """
            Without --state and --socket it asks the daemon on /run/quarter, then on ./.run. Data from \
            OpenStreetMap are © OpenStreetMap contributors, ODbL 1.0.
            """,
        version: Assembly.version,
        subcommands: [
            ReachCommand.self, SearchCommand.self, RouteCommand.self, IsochroneCommand.self,
            VarietyCommand.self,
            PlacesCommand.self, ActivitiesCommand.self, NoticesCommand.self, OrganisationsCommand.self,
            TypesCommand.self,
            ModulesCommand.self, ProfilesCommand.self, CommunitiesCommand.self,
            OriginsCommand.self, ImportCommand.self, InboxCommand.self, DuplicatesCommand.self,
            VerifyCommand.self,
            ConfirmCommand.self, FreshnessCommand.self, ExportCommand.self, NetworkCommand.self,
            StaffCommand.self, DemoCommand.self,
            ChangesCommand.self, StatusCommand.self, ReloadCommand.self, BackupCommand.self,
            RestoreCommand.self, StoreCommand.self,
            DoctorCommand.self, GenerateDocsCommand.self,
        ])

    @OptionGroup var global: GlobalOptions

    /// Runs the command that the words of the command line name.
    ///
    /// Every fault ends in one line on stderr and the exit code of `docs/errors.md`.
    static func main() {
        // A pipe that is closed early (`quarterctl places | head`) is no fault worth a word.
        signal(SIGPIPE, SIG_DFL)
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch let error as DirectoryError {
            Terminal.complain(error)
            Foundation.exit(ErrorTable.exitCode(of: error.code))
        } catch {
            exit(withError: error)
        }
    }
}
