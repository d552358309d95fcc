import ArgumentParser
import Bridges
import DirectoryModel
import Foundation
import RemoteBridges

/// `quarter-bridge pull`: a list elsewhere becomes a register.
struct PullCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pull",
        abstract: "Read a list from a server elsewhere and bring it as a register.",
        discussion: """
            The timer quarter-pull@NAME.timer runs it. Nothing is taken in unless all pages were read, and what a list \
            of changes is asked since moves on only when the daemon has taken it.
            """)

    @OptionGroup var remote: RemoteOptions
    @OptionGroup var bridge: BridgeOptions

    @Flag(help: "Only ask what would become of each row; nothing is written.")
    var dryRun = false

    @Flag(help: "Believe a complete list that has far fewer items than the last time.")
    var acceptFewer = false

    @Flag(help: "Print the daemon's report as JSON.")
    var json = false

    func run() throws {
        let configuration = try PullConfiguration(
            contentsOf: remote.file("pull"), name: remote.name, credentials: remote.credentials,
            agent: remote.agent)
        let pull = PullBridge(
            configuration, client: bridge.client(.longWork), folder: try BridgeFolder(remote.folder("pull")),
            journal: BridgeJournal())
        let outcome = try pull.run(isRehearsal: dryRun, acceptsFewer: acceptFewer)
        guard json || dryRun, let report = outcome.report else { return }
        print(String(decoding: report, as: UTF8.self))
    }
}
