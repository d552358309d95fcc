internal import DaemonConfiguration
internal import DirectoryModel
internal import Foundation
internal import ModuleHost
internal import OpeningTimes

#if canImport(Glibc)
    import Glibc
#endif

/// The copy of the last valid configuration in a state folder: `quarter.toml`, the declared types and the calendars.
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
        /// The copied calendars.
        let calendar: CalendarShelf

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
        let calendars = configuration.calendar.directories.indices.map { folder + "/" + Self.calendars($0) }
        guard let calendar = try? Assembly.readCalendars(calendars) else { return nil }
        return Kept(configuration: configuration, typeCopies: copies, calendar: calendar)
    }

    private static func types(_ index: Int) -> String { "types-\(index)" }
    private static func calendars(_ index: Int) -> String { "calendars-\(index)" }

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
            try copy(directory, ".toml", as: types(index), to: &files)
        }
        for (index, directory) in configuration.calendar.directories.enumerated()
        where access(directory, F_OK) == 0 {
            try copy(directory, ".json", as: calendars(index), to: &files)
        }
        return files
    }

    private static func copy(
        _ directory: String, _ ending: String, as name: String, to files: inout [String: Data]
    ) throws {
        // An empty folder has a file, too, so that it is there.
        files[name + "/.folder"] = Data()
        for file in try FileManager.default.contentsOfDirectory(atPath: directory)
        where file.hasSuffix(ending) && !file.hasPrefix(".") {
            files[name + "/" + file] = try Data(contentsOf: URL(fileURLWithPath: directory + "/" + file))
        }
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
