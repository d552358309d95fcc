import ArgumentParser
import DirectoryModel
import Foundation

/// `quarterctl modules new DIR`: starts a service-type module in a package of its own.
struct ModuleNewCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Start a service-type module in a package of its own, which depends on the SDK alone.",
        discussion: """
            Writes Package.swift, Makefile, README.md, Sources and Tests. “make test” there builds it and says what is \
            still to be filled in, “make build” and “make install” bring it into the daemon (docs/modules.md).
            """)

    @OptionGroup var global: GlobalOptions

    @Option(
        help: ArgumentHelp(
            "The module's name, such as ShoeRepair; made from the folder's name unless given.",
            valueName: "name"))
    var name: String?

    @Option(
        help: ArgumentHelp(
            "The folder with ServiceTypeKit and ServiceTypeTestKit; that of the installed package unless given.",
            valueName: "folder"), completion: .directory)
    var sdk: String?

    @Argument(help: "The folder to write; must not be there, or be empty.", completion: .directory)
    var folder: String

    func run() throws {
        let target = URL(fileURLWithPath: folder).standardizedFileURL
        let name = try ModuleName(name ?? ModuleName.proposal(target.lastPathComponent))
        let kit = try SoftwareKit(sdk)
        let files = try ModuleTemplate(kit).files(for: name)
        try Self.write(files, to: target)
        print(
            """
            \(target.path) is there: module \(name.id), service type \(name.id).
            It builds and loads, and fails only the conformance checks manifest_filled_in, search_words_present and
            readme_filled_in until its texts are written.

            Next: cd \(folder) && make test    (docs/modules.md explains the rest)
            """)
    }

    /// All or nothing: the files are made beside their place and moved there when they are whole.
    private static func write(_ files: [(path: String, bytes: Data)], to target: URL) throws {
        let manager = FileManager.default
        if manager.fileExists(atPath: target.path) {
            guard let held = try? manager.contentsOfDirectory(atPath: target.path), held.isEmpty else {
                throw DirectoryError(
                    .invalidRequest, "\(target.path) is there already",
                    advice: "name a folder that is not there, or an empty one")
            }
        }
        let part = target.deletingLastPathComponent()
            .appendingPathComponent(
                ".\(target.lastPathComponent).\(ProcessInfo.processInfo.processIdentifier)")
        defer { try? manager.removeItem(at: part) }
        do {
            for file in files {
                let url = part.appendingPathComponent(file.path)
                try manager.createDirectory(
                    at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
                try file.bytes.write(to: url)
            }
            if !manager.fileExists(atPath: target.path) { return try manager.moveItem(at: part, to: target) }
            // An empty folder stays itself: whoever stands in it goes on standing there.
            for name in try manager.contentsOfDirectory(atPath: part.path) {
                try manager.moveItem(
                    at: part.appendingPathComponent(name), to: target.appendingPathComponent(name))
            }
        } catch {
            throw DirectoryError(
                .unreadableFile, "cannot write \(target.path)", advice: "check the path and its permissions",
                cause: (error as NSError).localizedDescription)
        }
    }
}

/// A module's name and what follows from it: `ShoeRepair`, the words “shoe repair”, the id `shoe_repair`.
struct ModuleName {
    let name: String
    /// The words that the name is made of, as they stand.
    let title: String

    var words: String { title.lowercased() }
    var id: String { words.replacingOccurrences(of: " ", with: "_") }

    /// - Throws: `invalid_request` for a name that cannot be one; the same rules as `make new-module` has.
    init(_ name: String) throws(DirectoryError) {
        let shown = name.prefix(60)
        guard name.range(of: "^[A-Z][A-Za-z0-9]{1,39}$", options: .regularExpression) != nil else {
            throw DirectoryError(
                .invalidRequest, "“\(shown)” cannot be a module's name",
                advice: "take 2 to 40 letters and digits, a capital first: --name ShoeRepair")
        }
        for suffix in ["Module", "Tests", "Kit"] where name.hasSuffix(suffix) {
            throw DirectoryError(
                .invalidRequest, "“\(shown)” ends in \(suffix), which is kept for the build's own names",
                advice: "leave it out")
        }
        guard !Self.libraries.contains(name) else {
            throw DirectoryError(
                .invalidRequest, "“\(shown)” is the name of a library that modules or tests import",
                advice: "take another name")
        }
        self.name = name
        title =
            name
            .replacingOccurrences(of: "([a-z0-9])([A-Z])", with: "$1 $2", options: .regularExpression)
            .replacingOccurrences(of: "([A-Z]+)([A-Z][a-z])", with: "$1 $2", options: .regularExpression)
    }

    /// The name that a folder's name suggests: `shoe-repair` is ShoeRepair.
    static func proposal(_ folder: String) -> String {
        folder.split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
            .map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }

    private static let libraries: Set<String> = [
        "Swift", "Foundation", "Testing", "Glibc", "Dispatch", "Synchronization", "DirectoryModel",
    ]
}

/// Where the packages that a module is built with lie, and the templates beside them.
struct SoftwareKit {
    let folder: String
    /// The template that `make new-module` has, too.
    let template: String
    /// What a package of its own has besides.
    let package: String

    /// - Parameter given: the folder with the kit's packages; nil for that of the installed package.
    /// - Throws: `unreadable_file` where it is not there.
    init(_ given: String?) throws(DirectoryError) {
        let folder = URL(fileURLWithPath: given ?? Self.installed).standardizedFileURL.path
        for name in ["ServiceTypeKit", "ServiceTypeTestKit"]
        where !FileManager.default.fileExists(atPath: "\(folder)/\(name)/Package.swift") {
            throw DirectoryError(
                .unreadableFile, "\(folder) holds no package \(name)",
                advice:
                    "name the SDK's folder with --sdk: /usr/share/quarter/sdk, or Plugins of Quarter's sources"
            )
        }
        self.folder = folder
        // In the sources the templates are among the scripts.
        let beside = ["\(folder)/templates", "\(folder)/../Scripts"].first {
            FileManager.default.fileExists(atPath: $0 + "/module-template/README.md")
        }
        guard let beside else {
            throw DirectoryError(
                .unreadableFile, "\(folder) holds no templates",
                advice: "take the SDK whole, as it is installed")
        }
        template = beside + "/module-template"
        package = beside + "/module-package"
    }

    /// Beside the running program: its own prefix counts, wherever that is.
    private static var installed: String {
        let program = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        let beside = URL(fileURLWithPath: program).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("share/quarter/sdk").path
        return FileManager.default.fileExists(atPath: beside) ? beside : "/usr/share/quarter/sdk"
    }
}

/// The files of a new module.
struct ModuleTemplate {
    private let kit: SoftwareKit

    init(_ kit: SoftwareKit) { self.kit = kit }

    /// The files by their paths below the new folder, filled in for a name.
    func files(for name: ModuleName) throws(DirectoryError) -> [(path: String, bytes: Data)] {
        var files: [(path: String, bytes: Data)] = []
        for root in [kit.template, kit.package] {
            for path in try Self.paths(below: root) {
                let text = String(decoding: try Self.read(root + "/" + path), as: UTF8.self)
                files.append((fill(path, name), Data(fill(text, name).utf8)))
            }
        }
        files.append((".gitignore", Data(".build/\n".utf8)))
        return files
    }

    private func fill(_ text: String, _ name: ModuleName) -> String {
        var text = text
        for (mark, words) in [
            ("__NAME__", name.name), ("__TITLE__", name.title), ("__WORDS__", name.words),
            ("__MODULE_ID__", name.id), ("__TYPE_ID__", name.id), ("__SDK__", kit.folder),
        ] {
            text = text.replacingOccurrences(of: mark, with: words)
        }
        return text
    }

    private static func paths(below root: String) throws(DirectoryError) -> [String] {
        guard let found = try? FileManager.default.subpathsOfDirectory(atPath: root) else {
            throw unreadable(root)
        }
        return found.sorted().filter { path in
            var isFolder: ObjCBool = false
            return FileManager.default.fileExists(atPath: root + "/" + path, isDirectory: &isFolder)
                && !isFolder.boolValue
        }
    }

    private static func read(_ path: String) throws(DirectoryError) -> Data {
        guard let data = FileManager.default.contents(atPath: path) else { throw unreadable(path) }
        return data
    }

    private static func unreadable(_ path: String) -> DirectoryError {
        DirectoryError(.unreadableFile, "cannot read \(path)", advice: "check the path and its permissions")
    }
}
