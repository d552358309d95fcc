import ArgumentParser
import Bridges
import DirectoryClient
import DirectoryModel
import Foundation
import RemoteBridges
import Systemd

/// `quarter-bridge push`: a receiver elsewhere is told of changes.
struct PushCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "push",
        abstract: "Tell a receiver elsewhere of each change, for as long as it runs.",
        discussion: """
            quarter-push@NAME.service runs it. Each change is delivered at least once and, of each record, in order; \
            `quarter-bridge outbox` shows what waits.
            """)

    @OptionGroup var remote: RemoteOptions

    @Option(
        help: ArgumentHelp("The daemon's public socket.", valueName: "path"), completion: .file())
    var socket = "/run/quarter/public.sock"

    /// How often `systemctl status` gets a new line, in seconds; chosen, not measured.
    private static let statusInterval = 10.0

    func run() throws {
        let configuration = try OutboxConfiguration(
            contentsOf: remote.file("push"), name: remote.name, credentials: remote.credentials,
            agent: remote.agent)
        let folder = try BridgeFolder(remote.folder("push"))
        let store = try OutboxStore(folder: folder.path)
        let client = DirectoryClient(endpoint: .unixSocket(path: socket))
        let bridge = OutboxBridge(configuration, client: client, store: store, journal: BridgeJournal())
        let manager = ServiceManager()
        let stops = [SIGTERM, SIGINT].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                manager.stopping(status: "ends after what is being delivered")
                bridge.stop()
            }
            source.resume()
            return source
        }
        manager.ready(status: try Self.status(store))
        let timer = DispatchSource.makeTimerSource(queue: .global())
        timer.schedule(deadline: .now() + Self.statusInterval, repeating: Self.statusInterval)
        timer.setEventHandler { if let words = try? Self.status(store) { manager.status(words) } }
        timer.resume()
        try withExtendedLifetime((folder, stops, timer)) { try bridge.run() }
    }

    private static func status(_ store: OutboxStore) throws -> String {
        let figures = try store.figures()
        let paused = figures.receiverFault.map { "; the receiver takes nothing: \($0)" } ?? ""
        return "at \(figures.position ?? "the beginning"); \(figures.waiting) wait, \(figures.dead) dead, "
            + "\(figures.delivered) delivered\(paused)"
    }
}
