internal import DirectoryModel
internal import Foundation

/// Where things lie, as far as the command line says.
package struct Layout: Hashable, Sendable {
    /// `--config`: the configuration file; nil for the machine's own where it is there.
    package var configuration: String?
    /// The state folder.
    package var stateFolder: String
    /// `--modules`: folders of modules, in the place of the configured ones; empty for those.
    package var moduleFolders: [String]
    /// `--types`: folders of declared types, in the place of the configured ones; empty for those.
    package var typeFolders: [String]

    /// The configuration of an installed Quarter.
    package static let systemConfiguration = "/etc/quarter/quarter.toml"

    /// A layout; see the fields.
    package init(
        configuration: String? = nil, stateFolder: String, moduleFolders: [String] = [],
        typeFolders: [String] = []
    ) {
        self.configuration = configuration
        self.stateFolder = stateFolder
        self.moduleFolders = moduleFolders
        self.typeFolders = typeFolders
    }

    /// Whether this program lies in the build folder of a source tree, and not on a machine that it was installed on.
    package static var isInSourceTree: Bool { SourceTree.own != nil }

    /// Where pages lie in the source tree that this program lies in; nil for an installed one.
    package static var pagesOfSourceTree: String? { SourceTree.own?.pages }

    /// The file that is read; nil where there is none and the defaults count.
    package var configurationFile: String? {
        if let configuration { return configuration }
        if let tree = SourceTree.own { return tree.configuration }
        return access(Self.systemConfiguration, F_OK) == 0 ? Self.systemConfiguration : nil
    }
}

/// The source tree that the running program was built in, while it lies in the tree's build folder: modules,
/// declared types and configuration are then the tree's own, not the machine's.
struct SourceTree: Hashable, Sendable {
    /// The folder of the program, where SwiftPM puts the modules too.
    let buildFolder: String
    /// The tree's root.
    let root: String

    var configuration: String { root + "/etc/quarter/quarter.toml" }
    var types: String { root + "/etc/quarter/types.d" }
    var calendars: String { root + "/etc/quarter/calendars" }
    var pages: String { root + "/Pages" }

    /// The tree of this process's program, or nil for an installed one.
    static let own: SourceTree? = {
        guard let program = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        else {
            return nil
        }
        return SourceTree(program: program)
    }()

    init?(program: String) {
        let folders = program.split(separator: "/").dropLast()
        guard let build = folders.lastIndex(of: ".build") else { return nil }
        buildFolder = "/" + folders.joined(separator: "/")
        root = "/" + folders[..<build].joined(separator: "/")
        guard access(root + "/etc/quarter/quarter.toml", R_OK) == 0 else { return nil }
    }
}
