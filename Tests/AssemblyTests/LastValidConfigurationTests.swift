import DaemonConfiguration
import Foundation
import Testing

@testable import Assembly

/// The copy of the last valid configuration in a state folder.
@Suite struct LastValidConfigurationTests {
    private let folder: String

    init() throws {
        folder = NSTemporaryDirectory() + "quarter-valid-" + UUID().uuidString.prefix(8)
        try FileManager.default.createDirectory(atPath: folder + "/state", withIntermediateDirectories: true)
        try FileManager.default.createDirectory(atPath: folder + "/types", withIntermediateDirectories: true)
        try write("types/a.toml", "a = 1\n")
        try write("types/.b.toml", "an editor's\n")
        try write("types/c.txt", "no type\n")
        try write("quarter.toml", "[modules]\ntype_directories = [\"types\"]\ndirectories = [\"mods\"]\n")
    }

    private func write(_ name: String, _ text: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/" + name))
    }

    private var layout: Layout {
        Layout(configuration: folder + "/quarter.toml", stateFolder: folder + "/state")
    }
    private var copy: LastValidConfiguration { LastValidConfiguration(stateFolder: folder + "/state") }

    @Test func givesBackSettingsAndTypes() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        #expect(copy.load(layout) == nil)
        let configuration = try Assembly.readConfiguration(layout)
        #expect(copy.keep(layout, configuration) == nil)
        try write("quarter.toml", "nonsense")
        try FileManager.default.removeItem(atPath: folder + "/types")
        let kept = try #require(copy.load(layout))
        #expect(kept.configuration == configuration, "relative folders still start at the original's folder")
        let types = try #require(kept.typeCopies.first)
        #expect(try String(contentsOfFile: types + "/a.toml", encoding: .utf8) == "a = 1\n")
        #expect(Set(try FileManager.default.contentsOfDirectory(atPath: types)) == ["a.toml", ".folder"])
    }

    @Test func isWrittenAnewOnlyWhenSomethingChanged() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let configuration = try Assembly.readConfiguration(layout)
        func inode() throws -> Int {
            let attributes = try FileManager.default.attributesOfItem(atPath: folder + "/state/last-valid")
            return try #require(attributes[.systemFileNumber] as? Int)
        }
        _ = copy.keep(layout, configuration)
        let first = try inode()
        _ = copy.keep(layout, configuration)
        #expect(try inode() == first)
        try write("types/d.toml", "d = 1\n")
        _ = copy.keep(layout, configuration)
        #expect(try inode() != first)
        #expect(copy.load(layout) != nil)
    }

    @Test func outlivesAnEndBetweenTwoRenames() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        _ = copy.keep(layout, try Assembly.readConfiguration(layout))
        try FileManager.default.moveItem(
            atPath: folder + "/state/last-valid", toPath: folder + "/state/last-valid.old")
        #expect(copy.load(layout) != nil)
    }

    @Test func saysWhyItCannotBeKept() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let nowhere = LastValidConfiguration(stateFolder: folder + "/none/such")
        try Data().write(to: URL(fileURLWithPath: folder + "/none"))
        #expect(
            nowhere.keep(layout, try Assembly.readConfiguration(layout))?.contains("cannot be kept") == true)
    }
}
