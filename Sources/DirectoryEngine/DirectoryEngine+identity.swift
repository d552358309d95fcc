package import DirectoryModel
internal import Foundation

extension DirectoryEngine {
    /// The file of a state folder that has the directory's identity.
    package static let identityFileName = "directory-id"

    /// What tells this directory from every other; drawn when it is asked for first.
    package func identity() throws(DirectoryError) -> String {
        let path = folder + "/" + Self.identityFileName
        if let kept = Self.kept(path) { return kept }
        let drawn = UUID().uuidString.lowercased()
        let draft = path + "." + drawn
        do {
            try Data((drawn + "\n").utf8).write(to: URL(fileURLWithPath: draft))
        } catch {
            throw DirectoryError(
                .storeUnwritable, "the directory's identity cannot be kept",
                advice: "check space and permissions of the state folder", location: path,
                cause: (error as NSError).localizedDescription)
        }
        // Whoever comes first has drawn it: a link fails where there is a file.
        _ = link(draft, path)
        unlink(draft)
        guard let kept = Self.kept(path) else {
            throw DirectoryError(
                .storeUnwritable, "the directory's identity cannot be read",
                advice:
                    "\(Self.identityFileName) holds one UUID: bring it back from a backup, or take the file away",
                location: path)
        }
        return kept
    }

    private static func kept(_ path: String) -> String? {
        guard let data = FileManager.default.contents(atPath: path) else { return nil }
        let text = String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        return UUID(uuidString: text)?.uuidString.lowercased()
    }
}
