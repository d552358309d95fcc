import ArgumentParser
import DirectoryAPI
import DirectoryModel
import Foundation

/// What bridges to servers elsewhere take: where configuration and state are.
struct RemoteOptions: ParsableArguments {
    @Argument(help: "The bridge's name: its configuration is NAME.toml.")
    var name: String

    @Option(
        help: ArgumentHelp("The folder of configurations.", valueName: "path"), completion: .directory)
    var config = "/etc/quarter/bridges"

    @Option(
        help: ArgumentHelp("The folder of the bridges' state.", valueName: "path"), completion: .directory)
    var state = "/var/lib/quarter-bridge"

    func validate() throws {
        guard (1...64).contains(name.utf8.count),
            name.utf8.allSatisfy({ Self.nameBytes.contains($0) }), name.utf8.first != UInt8(ascii: "-")
        else {
            throw ValidationError(
                "a name has 1 to 64 of the characters a-z, 0-9, “-” and “_”, and no “-” first")
        }
    }

    private static let nameBytes = Set("abcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    /// The configuration's file of a kind of bridge.
    func file(_ kind: String) -> String { "\(config)/\(kind)/\(name).toml" }

    /// The bridge's own folder.
    func folder(_ kind: String) -> String { "\(state)/\(kind)/\(name)" }

    /// Where systemd lays secrets; nil where it has none.
    var credentials: String? { ProcessInfo.processInfo.environment["CREDENTIALS_DIRECTORY"] }

    /// What the bridge calls itself.
    var agent: String { "quarter-bridge/\(ProductVersion.current)" }
}
