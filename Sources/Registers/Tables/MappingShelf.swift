internal import DirectoryModel
internal import Foundation

/// The mapping of each source, kept so that its next file goes in by itself.
struct MappingShelf {
    /// Where they lie; nil where none is kept.
    let folder: String?

    /// Where a source's mapping lies.
    func path(of source: SourceID) -> String? { folder.map { $0 + "/" + source.rawValue + ".toml" } }

    /// A source's mapping as TOML; nil where it has none.
    ///
    /// - Throws: `unreadable_file`.
    func mapping(of source: SourceID) throws(DirectoryError) -> String? {
        guard let path = path(of: source), FileManager.default.fileExists(atPath: path) else { return nil }
        do {
            return try String(contentsOfFile: path, encoding: .utf8)
        } catch {
            throw DirectoryError(
                .unreadableFile, "the mapping of source \(source.rawValue.shortened()) cannot be read",
                advice: "give it again with --mapping", location: path,
                cause: (error as NSError).localizedDescription)
        }
    }

    /// The mapping that was given; else the one that is kept for a source, or an empty one.
    ///
    /// - Throws: `unreadable_file`, `invalid_file` with file and line.
    func mapping(of source: SourceID, given: String?) throws(DirectoryError) -> RegisterMapping {
        if let given { return try RegisterMapping(toml: given, file: "mapping") }
        guard let text = try mapping(of: source) else { return RegisterMapping() }
        return try RegisterMapping(toml: text, file: path(of: source) ?? "mapping")
    }

    /// Keeps a source's mapping, whole or not at all.
    ///
    /// - Throws: `store_unwritable`.
    func keep(_ toml: String, for source: SourceID) throws(DirectoryError) {
        guard let folder, let path = path(of: source) else { return }
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try Data(toml.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw DirectoryError(
                .storeUnwritable, "the mapping of source \(source.rawValue.shortened()) cannot be kept",
                advice: "check space and permissions of the state folder", location: path,
                cause: (error as NSError).localizedDescription)
        }
    }
}
