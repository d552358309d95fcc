internal import DaemonConfiguration
internal import DirectoryModel
internal import Foundation
internal import ModuleHost

#if canImport(Glibc)
    import Glibc
#endif

/// The copy of the last valid configuration in a state folder: `quarter.toml` and the declared types.
///
/// A start on a configuration that is wrong takes this one, so that a typing mistake is told but stops nobody.
struct LastValidConfiguration: Sendable {
    private let folder: String
    /// Names the folder that relative paths of the copied `quarter.toml` start at.
    private static let base = "base"
    private static let file = "quarter.toml"

    init(stateFolder: String) { folder = stateFolder + "/last-valid" }

    /// Keeps a configuration that was found right.
    ///
    /// - Returns: why the copy could not be made, for the journal: the daemon goes on without.
    func keep(_ layout: Layout, _ configuration: QuarterConfiguration) -> String? {
        do {
            let files = try Self.files(of: layout, configuration)
            guard Self.files(in: folder) != files else { return nil }
            let (draft, old) = (folder + ".new", folder + ".old")
            let manager = FileManager.default
            try? manager.removeItem(atPath: draft)
            try? manager.removeItem(atPath: old)
            for (name, data) in files {
                let path = URL(fileURLWithPath: draft + "/" + name)
                try manager.createDirectory(
                    at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
                try data.write(to: path)
            }
            // The names may not be on the disk before the bytes are: an empty quarter.toml would be a valid one.
            // One call for all files; they change only when the configuration does.
            sync()
            if manager.fileExists(atPath: folder) { try manager.moveItem(atPath: folder, toPath: old) }
            try manager.moveItem(atPath: draft, toPath: folder)
            try? manager.removeItem(atPath: old)
            return nil
        } catch {
            return "the copy of the valid configuration cannot be kept in \(folder): "
                + error.localizedDescription
        }
    }

    /// A configuration that was kept.
    struct Kept {
        /// The settings; its type folders are those that it was read with.
        let configuration: QuarterConfiguration
        /// The copies of those folders, in their order.
        let typeCopies: [String]

        /// What the module host takes from it.
        func hostSettings(stateFolder: String) -> ModuleHostSettings {
            var settings = configuration.hostSettings(stateFolder: stateFolder)
            settings.typeDirectories = typeCopies
            return settings
        }
    }

    /// The kept configuration with its types, or nil where there is none that can be read.
    func load(_ layout: Layout) -> Kept? {
        // A process that ended between two renames has left the copy under its old name.
        [folder, folder + ".old"].lazy.compactMap { Self.load($0, layout) }.first
    }

    private static func load(_ folder: String, _ layout: Layout) -> Kept? {
        guard let base = try? String(contentsOfFile: folder + "/" + base, encoding: .utf8) else { return nil }
        var configuration = QuarterConfiguration()
        let path = folder + "/" + file
        if access(path, F_OK) == 0 {
            guard let kept = try? QuarterConfiguration(contentsOf: path, relativeTo: base) else { return nil }
            configuration = kept
        }
        configuration = Assembly.fitted(configuration, to: layout)
        let copies = configuration.modules.typeDirectories.indices.map { folder + "/" + types($0) }
        return Kept(configuration: configuration, typeCopies: copies)
    }

    private static func types(_ index: Int) -> String { "types-\(index)" }

    /// The files of the copy by their names in it.
    private static func files(of layout: Layout, _ configuration: QuarterConfiguration) throws -> [String:
        Data]
    {
        var files: [String: Data] = [:]
        var base = ""
        if let path = layout.configurationFile {
            base = URL(fileURLWithPath: path).deletingLastPathComponent().path
            files[file] = try Data(contentsOf: URL(fileURLWithPath: path))
        }
        files[Self.base] = Data(base.utf8)
        for (index, directory) in configuration.modules.typeDirectories.enumerated() {
            // An empty folder has a file, too, so that it is there.
            files[types(index) + "/.folder"] = Data()
            for name in try FileManager.default.contentsOfDirectory(atPath: directory)
            where name.hasSuffix(".toml") && !name.hasPrefix(".") {
                files[types(index) + "/" + name] = try Data(
                    contentsOf: URL(fileURLWithPath: directory + "/" + name))
            }
        }
        return files
    }

    /// The files that are in a folder, by their names in it; nil where it is not there.
    private static func files(in folder: String) -> [String: Data]? {
        guard let names = FileManager.default.enumerator(atPath: folder) else { return nil }
        var files: [String: Data] = [:]
        for case let name as String in names {
            let path = URL(fileURLWithPath: folder + "/" + name)
            if !path.hasDirectoryPath, let data = try? Data(contentsOf: path) { files[name] = data }
        }
        return files.isEmpty ? nil : files
    }
}
