import Foundation
import ModuleHost
import Testing

/// A folder of its own for one test, removed at its end.
final class Scratch {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "quarter-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func folder(_ name: String) throws -> String {
        let folder = path + "/" + name
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        return folder
    }

    @discardableResult
    func write(_ bytes: some Sequence<UInt8>, to name: String) throws -> String {
        let file = path + "/" + name
        try Data(bytes).write(to: URL(fileURLWithPath: file))
        return file
    }

    /// Copies a built fixture into `folder` under the name of a module.
    func install(_ fixture: String, as name: String, in folder: String) throws {
        try FileManager.default.copyItem(
            atPath: Built.folder + "/lib\(fixture)Fixture.so", toPath: folder + "/lib\(name)Module.so")
    }
}

/// What was built beside the tests.
enum Built {
    /// The folder of the test program: products are in it.
    static let folder: String = {
        let program = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(fileURLWithPath: program).deletingLastPathComponent().path
    }()

    static func bytes(_ fixture: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(fileURLWithPath: folder + "/lib\(fixture)Fixture.so")))
    }

    /// Modules of the project that were built, if any.
    static let modules: [String] = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasPrefix("lib") && $0.hasSuffix("Module.so") }.sorted()
    }()

    /// The folder `etc/quarter` of the project.
    static let configuration = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("etc/quarter").path
}

extension [UInt8] {
    /// The bytes with every occurrence of `old` replaced by `new`, which must be as long.
    func replacing(text old: String, with new: String) -> (bytes: [UInt8], count: Int) {
        var bytes = self
        let pattern = Array(old.utf8)
        let replacement = Array(new.utf8)
        precondition(pattern.count == replacement.count)
        var count = 0
        var at = 0
        while at + pattern.count <= bytes.count {
            if bytes[at] == pattern[0], bytes[at..<at + pattern.count].elementsEqual(pattern) {
                bytes.replaceSubrange(at..<at + pattern.count, with: replacement)
                count += 1
                at += pattern.count
            } else {
                at += 1
            }
        }
        return (bytes, count)
    }
}

extension ModuleHost {
    func report(_ name: String) -> ModuleReport? {
        reports.first { $0.file.hasSuffix("/" + name) }
    }
}

extension ModuleReport {
    /// The reason of a broken file.
    var reason: String? {
        if case .broken(let error) = state { error.description } else { nil }
    }
}
