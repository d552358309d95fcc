import Foundation

/// Files that lie beside the repository on the founders' machines, and nowhere else.
enum SharedFiles {
    static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("shared")

    static func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: folder.appendingPathComponent(path).path)
    }

    /// All distinct names of communities and streets.
    static func placeNames() throws -> [String] {
        var names: [String] = []
        var known: Set<String> = []
        let files = [
            ("data/text/jiangsu-communities.csv", [3, 4]), ("data/text/jiangsu-streets-codes.csv", [1]),
        ]
        for (file, columns) in files {
            let data = try Data(contentsOf: folder.appendingPathComponent(file))
            // Stray carriage returns stand at the ends and in the middle of names.
            let text = String(decoding: data.filter { $0 != 0x0D }, as: UTF8.self)
            for line in text.split(separator: "\n").dropFirst() {
                let fields = line.split(separator: ",", omittingEmptySubsequences: false)
                for column in columns where column < fields.count {
                    let name = fields[column].trimmingCharacters(
                        in: CharacterSet(charactersIn: " \"\u{FEFF}"))
                    if !name.isEmpty, known.insert(name).inserted { names.append(name) }
                }
            }
        }
        return names
    }
}
