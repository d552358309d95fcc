import ArgumentParser
import DirectoryClient
import DirectoryModel
import Foundation

/// What every command takes: where the directory is, and how to print.
struct GlobalOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("The daemon's state folder; its sockets are looked for in it.", valueName: "dir"),
        completion: .directory)
    var state: String?

    @Option(
        help: ArgumentHelp(
            "The daemon's socket: a path, or 127.0.0.1:PORT of a kiosk socket.", valueName: "path"),
        completion: .file())
    var socket: String?

    @Flag(help: "Print the daemon's JSON as it is.")
    var json = false

    func validate() throws {
        guard state == nil || socket == nil else {
            throw ValidationError("Give either --state or --socket, not both.")
        }
    }
}

/// Which of the daemon's two sockets a command needs.
enum SocketKind: String {
    /// For everybody, to read.
    case `public` = "public.sock"
    /// For the group quarter-admin, to write.
    case admin = "admin.sock"
}

extension GlobalOptions {
    /// The folder of an installed daemon's sockets.
    static let systemFolder = "/run/quarter"
    /// The state folder of an installed daemon.
    static let systemState = "/var/lib/quarter"
    /// The folder that `make run` uses, in the current one.
    static let localFolder = ".run"

    /// Where the daemon is to be found.
    ///
    /// - Throws: `cannot_connect` when neither folder is there and none was named.
    func endpoint(_ kind: SocketKind) throws(DirectoryError) -> DirectoryEndpoint {
        if let socket { return try GlobalOptions.endpoint(named: socket) }
        if let state { return .unixSocket(path: state + "/" + kind.rawValue) }
        for folder in [GlobalOptions.systemFolder, GlobalOptions.localFolder] {
            let path = folder + "/" + kind.rawValue
            if access(path, F_OK) == 0 { return .unixSocket(path: path) }
        }
        throw DirectoryError(
            .cannotConnect,
            "no quarterd has been started: there is neither \(GlobalOptions.systemFolder)/\(kind.rawValue) "
                + "nor \(GlobalOptions.localFolder)/\(kind.rawValue)",
            advice: "start it with `systemctl start quarterd`, or `make run` in the source folder, "
                + "or name its folder with --state")
    }

    /// The endpoint that a word of the command line names: a path, or a port of this machine.
    static func endpoint(named word: String) throws(DirectoryError) -> DirectoryEndpoint {
        for host in ["127.0.0.1:", "localhost:"] where word.hasPrefix(host) {
            guard let port = UInt16(word.dropFirst(host.count)), port > 0 else {
                throw DirectoryError(
                    .invalidRequest, "--socket \(word.shortened()) names no port from 1 to 65535")
            }
            return .loopback(port: port)
        }
        return .unixSocket(path: word)
    }

    /// Asks the daemon.
    func ask(_ request: ClientRequest, on kind: SocketKind = .public) throws(DirectoryError) -> ClientReply {
        try DirectoryClient(endpoint: endpoint(kind)).send(request)
    }

    /// The state folder to work on without a daemon: the one named, else the machine's, else `./.run`.
    ///
    /// - Throws: `cannot_connect` when none is named and neither is there: nobody means an import to start a
    ///   new directory wherever he happens to be.
    func stateFolder() throws(DirectoryError) -> String {
        if let state { return state }
        for folder in [GlobalOptions.systemState, GlobalOptions.localFolder] where access(folder, F_OK) == 0 {
            return folder
        }
        throw DirectoryError(
            .cannotConnect,
            "no quarterd runs, and there is neither \(GlobalOptions.systemState) nor \(GlobalOptions.localFolder)",
            advice:
                "start it with `systemctl start quarterd` or `make run`, or name a state folder with --state")
    }
}
