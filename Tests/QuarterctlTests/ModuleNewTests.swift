import Foundation
import Testing

/// The repository, three folders above the one that this file lies in.
private let repository = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../..").standardizedFileURL.path

/// `quarterctl modules new`: a module in a package of its own.
@Suite("quarterctl modules new")
struct ModuleNewTests {
    private let folder: ScratchFolder

    init() throws { folder = try ScratchFolder() }

    private func new(_ arguments: [String]) throws -> Programs.Ending {
        try Programs.quarterctl(["modules", "new", "--sdk", repository + "/Plugins"] + arguments)
    }

    @Test("a new package builds against the SDK alone and fails just the checks that its author has to fill")
    func unfilled() throws {
        // Kept between runs, so that the kit is built once.
        let package = Programs.folder.appending(path: "../../outside/ShoeRepair").standardizedFileURL.path
        let kept = package + ".build"
        try? FileManager.default.removeItem(atPath: package)
        let made = try new([package])
        #expect(made.status == 0, "\(made.complaint)")
        let (status, output) = try run(
            ["swift", "test", "--disable-xctest", "--package-path", package, "--scratch-path", kept])
        #expect(status != 0)
        #expect(output.contains("Test run with 3 tests"), "\(output)")
        for check in ["manifest_filled_in", "search_words_present", "readme_filled_in"] {
            #expect(output.contains(check) && made.output.contains(check))
        }
        for check in ["round_trip", "normalise_idempotent", "readme_headings", "readme_complete", "error:"] {
            #expect(!output.contains(check + ":"), "\(output)")
        }
        #expect(FileManager.default.fileExists(atPath: kept + "/debug/libShoeRepairModule.so"))
    }

    @Test("the folder's name makes the module's, and every mark of the template is filled in")
    func name() throws {
        let package = folder.path + "/shoe-repair"
        #expect(try new([package]).status == 0)
        let files = try FileManager.default.subpathsOfDirectory(atPath: package)
        #expect(files.contains("Sources/ShoeRepairModule.swift") && files.contains("Makefile"))
        for file in files where !file.hasSuffix("Sources") && !file.hasSuffix("Tests") {
            let text = try String(contentsOfFile: package + "/" + file, encoding: .utf8)
            #expect(!text.contains("__") && !file.contains("__"), "\(file)")
        }
        let source = try String(contentsOfFile: package + "/Sources/ShoeRepairModule.swift", encoding: .utf8)
        #expect(source.contains("ModuleID(unchecked: \"shoe_repair\")"))
        #expect(source.contains("The module of shoe repair."))
    }

    @Test("install puts the library in place by a rename, below a folder without restarting anything")
    func install() throws {
        let package = folder.path + "/Laundry"
        #expect(try new([package]).status == 0)
        let root = folder.path + "/below"
        let missing = try run(["make", "-C", package, "install", "DESTDIR=" + root])
        #expect(missing.status != 0 && missing.output.contains("make build"))
        try FileManager.default.createDirectory(
            atPath: package + "/.build/release", withIntermediateDirectories: true)
        try Data("library".utf8).write(
            to: URL(filePath: package + "/.build/release/libLaundryModule.so"))
        let installed = try run(["make", "-C", package, "install", "DESTDIR=" + root])
        #expect(installed.status == 0, "\(installed.output)")
        let modules = root + "/usr/lib/quarter/modules"
        #expect(try FileManager.default.contentsOfDirectory(atPath: modules) == ["libLaundryModule.so"])
        #expect(try run(["make", "-C", package, "uninstall", "DESTDIR=" + root]).status == 0)
        #expect(try FileManager.default.contentsOfDirectory(atPath: modules) == [])
    }

    @Test(
        "names that cannot be are refused and nothing is written",
        arguments: [
            ("laundry", "a capital first"), ("../Evil", "a capital first"), ("LaundryModule", "leave it out"),
            ("Foundation", "library"),
        ])
    func refused(name: String, words: String) throws {
        let ending = try new([folder.path + "/made", "--name", name])
        #expect(ending.status != 0 && ending.complaint.contains(words), "\(ending.complaint)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }

    @Test("a folder that holds something, and an SDK that is none, are refused")
    func taken() throws {
        let taken = try new([folder.path, "--name", "Laundry"])
        #expect(taken.status == 0, "an empty folder is filled: \(taken.complaint)")
        let again = try new([folder.path, "--name", "Laundry"])
        #expect(again.status != 0 && again.complaint.contains("is there already"))
        let none = try Programs.quarterctl(["module", "new", "--sdk", folder.path, folder.path + "/dryer"])
        #expect(none.status != 0 && none.complaint.contains("ServiceTypeKit"))
    }

    /// Runs a program to its end; its two outputs together.
    private func run(_ words: [String]) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = words
        process.standardInput = FileHandle.nullDevice
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }
}
