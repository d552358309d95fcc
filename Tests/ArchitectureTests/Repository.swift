import Foundation

/// The tree that these tests lie in.
enum Repository {
    /// Its root.
    static let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// The text of a file.
    static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
    }

    /// The names in a folder, sorted, without hidden ones.
    static func names(in folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: root.appendingPathComponent(folder).path)
            .filter { !$0.hasPrefix(".") }.sorted()
    }

    /// The paths of all Swift files under folders, sorted, without what is built.
    static func swiftFiles(under folders: [String]) -> [String] {
        folders.flatMap { folder -> [String] in
            let url = root.appendingPathComponent(folder)
            guard let paths = FileManager.default.enumerator(atPath: url.path) else { return [] }
            return paths.compactMap { $0 as? String }
                .filter { $0.hasSuffix(".swift") && !$0.contains(".build") }.map { folder + "/" + $0 }
                .sorted()
        }
    }

    /// Runs a program in the root; what it printed, on either stream, and how it ended.
    static func run(_ path: String, _ arguments: [String]) throws -> (output: String, status: Int32) {
        let process = Process()
        process.executableURL = root.appendingPathComponent(path)
        process.arguments = arguments
        process.currentDirectoryURL = root
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let bytes = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (String(decoding: bytes, as: UTF8.self), process.terminationStatus)
    }
}

/// The rows of a Markdown table between two comments, `<!-- name -->` and `<!-- /name -->`.
struct MarkedTable {
    /// The cells of each row, without the head.
    let rows: [[String]]

    /// The table marked `name` in a page.
    init(_ name: String, in page: String) {
        var isInside = false
        var lines: [Substring] = []
        for line in page.split(separator: "\n") {
            if line == "<!-- \(name) -->" { isInside = true }
            if line == "<!-- /\(name) -->" { isInside = false }
            if isInside && line.hasPrefix("|") { lines.append(line) }
        }
        rows = lines.dropFirst(2).map { line in
            line.split(separator: "|", omittingEmptySubsequences: false).dropFirst().dropLast()
                .map { $0.trimmingCharacters(in: .whitespaces) }
        }
    }
}
