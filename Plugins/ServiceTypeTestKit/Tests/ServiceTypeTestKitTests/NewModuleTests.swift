import Foundation
import ServiceTypeKit
import ServiceTypeTestKit
import Testing

/// The repository, four folders above the one that this file lies in.
private let repository = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../../..").standardizedFileURL

private let hasScript = FileManager.default.fileExists(
    atPath: repository.appending(path: "Scripts/new-module.sh").path)
private let hasGuide = FileManager.default.fileExists(
    atPath: repository.appending(path: "docs/modules.md").path)

@Suite("make new-module", .enabled(if: hasScript, "Scripts/new-module.sh is not beside this package"))
struct NewModuleTests {
    @Test("a new module builds, loads and fails just the checks that its author has to fill")
    func unfilled() throws {
        let tree = try ScratchTree()
        defer { tree.remove() }
        let (status, output) = try tree.newModule("ShoeRepair")
        #expect(status == 0, "\(output)")
        let folder = tree.root.appending(path: "Plugins/ShoeRepair")
        let library = try Compiler.library(
            of: folder.appending(path: "Sources"), named: "ShoeRepair", in: tree.root)
        let module = try BuiltModule.load(at: library)
        #expect(module.manifest.id.rawValue == "shoe_repair")
        let failures = Conformance.check(module)
        #expect(Set(failures.map(\.check)) == [.manifestFilledIn, .searchWordsPresent], "\(failures)")
        let readme = try String(contentsOf: folder.appending(path: "README.md"), encoding: .utf8)
        let readmeFailures = Conformance.checkReadme(readme, of: module)
        #expect(
            readmeFailures.map(\.check) == Array(repeating: .readmeFilledIn, count: 7), "\(readmeFailures)")
        for check in Set((failures + readmeFailures).map(\.check)) {
            #expect(output.contains(check.rawValue))
        }
    }

    @Test("the list in Package.swift grows by the one name and stays formatted")
    func list() throws {
        let tree = try ScratchTree()
        defer { tree.remove() }
        #expect(try tree.newModule("Laundry").status == 0)
        #expect(try tree.list() == "let modules = [\"Markets\", \"Laundry\"]\n")
        for name in ["A", "B", "C", "D"].map({ "Module" + String(repeating: $0, count: 20) }) {
            #expect(try tree.newModule(name).status == 0)
        }
        let lines = try tree.list().split(separator: "\n")
        #expect(lines.count == 8 && lines.allSatisfy { $0.count <= 110 })
        #expect(lines.first == "let modules = [" && lines.last == "]" && lines[2] == "    \"Laundry\",")
    }

    @Test("a type that a file declares is not taken, but named with the way to take it over")
    func declared() throws {
        let tree = try ScratchTree()
        defer { tree.remove() }
        try tree.write("id = \"laundry\"\n", to: "etc/quarter/types.d/laundry.toml")
        let (status, output) = try tree.newModule("Laundry")
        #expect(status == 0)
        #expect(
            output.contains("laundry.toml declares the type laundry") && output.contains("laundry_service"))
        let source = try tree.read("Plugins/Laundry/Sources/LaundryModule.swift")
        #expect(source.contains("ServiceTypeID(unchecked: \"laundry_service\")"))
    }

    @Test(
        "names that cannot be, or are taken, are refused and change nothing",
        arguments: [
            ("", 64, "which name"), ("laundry", 64, "a capital first"),
            ("Shoe Repair", 64, "a capital first"),
            ("../Evil", 64, "a capital first"), ("LaundryModule", 64, "leave it out"),
            ("Foundation", 64, "library"),
            ("MARKETS", 73, "Plugins/Markets is there already"), ("Registers", 73, "Sources/Registers"),
            ("WetMarket", 73, "MarketSchema.swift describes the type “wet_market”"),
            ("Bazaar", 73, "another module has the id “bazaar”"),
        ])
    func refused(name: String, code: Int32, words: String) throws {
        let tree = try ScratchTree()
        defer { tree.remove() }
        let before = try tree.everything()
        let (status, output) = try tree.newModule(name)
        #expect(status == code && output.contains(words), "\(output)")
        #expect(try tree.everything() == before)
    }

    @Test("a Package.swift without the list is left alone")
    func noList() throws {
        let tree = try ScratchTree()
        defer { tree.remove() }
        try tree.write("// no list\n", to: "Package.swift")
        let (status, output) = try tree.newModule("Laundry")
        #expect(status == 73 && output.contains("let modules"))
        #expect(try tree.everything().contains { $0.hasPrefix("Plugins/Laundry") } == false)
    }
}

@Suite("docs/modules.md", .enabled(if: hasGuide, "docs/modules.md is not beside this package"))
struct GuideTests {
    @Test("the module written in the guide builds, loads and conforms")
    func example() throws {
        let guide = try String(contentsOf: repository.appending(path: "docs/modules.md"), encoding: .utf8)
        let code = try #require(guide.components(separatedBy: "```swift\n").dropFirst().first)
            .components(separatedBy: "\n```")[0]
        let tree = try ScratchTree()
        defer { tree.remove() }
        try tree.write(code, to: "Plugins/ShoeRepair/Sources/ShoeRepairModule.swift")
        let folder = tree.root.appending(path: "Plugins/ShoeRepair/Sources")
        let module = try BuiltModule.load(
            at: try Compiler.library(of: folder, named: "ShoeRepair", in: tree.root))
        let failures = Conformance.check(module)
        #expect(failures == [], "\(failures)")
    }

    @Test("every check of the suite and every code of a finding is explained")
    func complete() throws {
        let guide = try String(contentsOf: repository.appending(path: "docs/modules.md"), encoding: .utf8)
        for check in ConformanceCheck.allCases { #expect(guide.contains("`\(check.rawValue)`"), "\(check)") }
        let codes = [
            FindingCode.unreadable, FindingCode.outOfRange, FindingCode.notWhole, FindingCode.tooLong,
            FindingCode.unknownOption, FindingCode.wrongKind, FindingCode.partly,
            FindingCode.unknownAttribute,
            FindingCode.missing, FindingCode.personalData, FindingCode.controlCharacters,
        ]
        for code in codes { #expect(guide.contains("`\(code)`"), "\(code)") }
    }
}

/// A small tree like the repository's, with the real script and template.
private struct ScratchTree {
    let root: URL

    init() throws {
        root = FileManager.default.temporaryDirectory.appending(
            path: "quarter-new-module-\(UUID().uuidString)")
        try write("let modules = [\"Markets\"]\n", to: "Package.swift")
        try write(
            "ServiceTypeID(unchecked: \"wet_market\")\n", to: "Plugins/Markets/Sources/MarketSchema.swift")
        try write("ModuleID(unchecked: \"bazaar\")\n", to: "Plugins/Markets/Sources/MarketsModule.swift")
        try write("", to: "Sources/Registers/Registers.swift")
        try FileManager.default.createDirectory(
            at: root.appending(path: "Tests/SomeTests"), withIntermediateDirectories: true)
        try FileManager.default.createDirectory(
            at: root.appending(path: "Scripts"), withIntermediateDirectories: true)
        for name in ["Scripts/new-module.sh", "Scripts/module-template"] {
            try FileManager.default.copyItem(
                at: repository.appending(path: name), to: root.appending(path: name))
        }
    }

    func remove() { try? FileManager.default.removeItem(at: root) }

    func write(_ text: String, to path: String) throws {
        let file = root.appending(path: path)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }

    func read(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    func list() throws -> String { try read("Package.swift") }

    /// Every file with its contents, hidden ones included.
    func everything() throws -> [String] {
        let names = try FileManager.default.subpathsOfDirectory(atPath: root.path).sorted()
        return names.map { name in
            let data = FileManager.default.contents(atPath: root.appending(path: name).path) ?? Data()
            return name + ": " + String(decoding: data, as: UTF8.self)
        }
    }

    func newModule(_ name: String) throws -> (status: Int32, output: String) {
        try run(root.appending(path: "Scripts/new-module.sh").path, [name])
    }
}

/// The compiler, called as SwiftPM calls it for a module: against the kit's own built library.
private enum Compiler {
    static func library(of folder: URL, named name: String, in scratch: URL) throws -> String {
        let build = try BuiltModule.folder()
        let library = scratch.appending(path: "lib\(name)Module.so").path
        let sources = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        let (status, output) = try run(
            "/usr/bin/env",
            [
                "swiftc", "-emit-library", "-o", library, "-module-name", name, "-swift-version", "6",
                "-warnings-as-errors", "-I", build + "/Modules", "-Xcc",
                "-fmodule-map-file=" + build + "/CQuarterABI.build/module.modulemap", "-L", build,
                "-lServiceTypeKit",
            ] + sources.map(\.path).sorted())
        if status != 0 { throw CompilationFailure(description: output) }
        return library
    }

    struct CompilationFailure: Error, CustomStringConvertible {
        let description: String
    }
}

/// Runs a program to its end; its two outputs together.
private func run(_ program: String, _ arguments: [String]) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
}
