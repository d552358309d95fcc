import ArgumentParser
import Bridges
import DirectoryClient
import DirectoryModel

/// `quarter-bridge inbox`: take what lies in the drop folders.
struct InboxCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inbox", abstract: "Take the files that lie in the drop folders.",
        discussion: """
            Each folder below the spool's `inbox` is named as a source. A file in it is taken as a register of that \
            source; the answer is laid into its folder `answers`, a file that cannot be read goes to `failed` with \
            the reason, and the file itself to the spool's `archive`. Files that are still being written are waited \
            for. Whatever ends this, no file is lost, and none is taken twice.
            """)

    @OptionGroup var bridge: BridgeOptions

    @Option(help: ArgumentHelp("The spool folder.", valueName: "dir"), completion: .directory)
    var spool = "/var/spool/quarter"

    @Option(
        help: ArgumentHelp("A file is complete when nobody touched it for so long.", valueName: "seconds"))
    var settle = 10.0

    @Option(help: ArgumentHelp("How long files are waited for that are not.", valueName: "seconds"))
    var patience = 120.0

    @Option(help: ArgumentHelp("The longest file that is taken.", valueName: "bytes"))
    var longest = 2 << 30

    func validate() throws {
        guard (0...3600).contains(settle), (0...86_400).contains(patience), longest > 0 else {
            throw ValidationError(
                "--settle is from 0 to 3600, --patience from 0 to 86400, and --longest more than 0.")
        }
    }

    func run() throws {
        let rules = InboxRules(
            spool: spool, settling: Seconds(settle), patience: Seconds(patience), longest: longest)
        var run = InboxRun(rules: rules, client: bridge.client(.longWork))
        do throws(DirectoryError) {
            let tally = try run.run()
            guard tally.taken + tally.failed + tally.postponed + tally.unsettled > 0 else { return }
            BridgeJournal().note(
                .info,
                "\(tally.taken) taken, \(tally.failed) failed, \(tally.postponed) for the next run, "
                    + "\(tally.unsettled) not complete")
        } catch {
            guard FaultKind(of: error) == .passing else { throw error }
            throw DirectoryError(
                error.code, "all files stay for the next run: " + error.message, advice: error.advice,
                location: error.location, cause: error.cause)
        }
    }
}
