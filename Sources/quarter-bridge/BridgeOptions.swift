import ArgumentParser
import DirectoryClient
import DirectoryModel

/// What every bridge takes: where the daemon is.
struct BridgeOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("The daemon's admin socket.", valueName: "path"), completion: .file())
    var socket = "/run/quarter/admin.sock"

    /// A client of the daemon; connects only when something is sent.
    ///
    /// - Parameter timeouts: how long it waits: `.longWork` for registers.
    func client(_ timeouts: ClientTimeouts = ClientTimeouts()) -> DirectoryClient {
        DirectoryClient(endpoint: .unixSocket(path: socket), timeouts: timeouts)
    }
}
