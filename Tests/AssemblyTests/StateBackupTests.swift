import DirectoryAPI
import DirectoryEngine
import DirectoryModel
import DirectoryStore
import Foundation
import StreetMap
import Testing

@testable import Assembly

/// Backups of a real state folder, beside who works on it.
@Suite struct StateBackupTests {
    private let folder: String
    private let types: String
    private let actor = Actor(name: "test", uid: 0)

    init() throws {
        folder = NSTemporaryDirectory() + "quarter-backup-" + UUID().uuidString.prefix(8)
        types =
            URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().path + "/etc/quarter/types.d"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    private var state: String { folder + "/state" }
    private var backups: String { folder + "/backups" }
    private func cleanUp() { try? FileManager.default.removeItem(atPath: folder) }

    private func open() throws -> Assembly {
        let config = folder + "/quarter.toml"
        try Data().write(to: URL(fileURLWithPath: config))
        return try Assembly(
            Layout(
                configuration: config, stateFolder: state, moduleFolders: [folder], typeFolders: [types]))
    }

    private func put(_ assembly: Assembly, _ id: String) throws {
        let body = try PlaceBody(JSONValue(json: Array(#"{"type":"pharmacy","name":"药店 \#(id)"}"#.utf8)))
        _ = try assembly.engine.putPlace(PlaceID(validating: id), body, WriteContext(actor: actor))
    }

    private func names(_ assembly: Assembly) throws -> [String] {
        try assembly.engine.places(PlaceListQuery()).places.map(\.name)
    }

    private func moment(_ seconds: Double) -> Date { Date(timeIntervalSince1970: 1_700_000_000 + seconds) }

    @Test func bringsBackWhatWasThereAndKeepsWhatCameAfter() throws {
        defer { cleanUp() }
        var assembly: Assembly? = try open()
        try put(#require(assembly), "a")
        // Beside the one who holds the folder, its write-ahead log included.
        let backup = try StateBackup.make(of: state, in: backups, keep: nil)
        #expect(backup.store.revision == assembly?.engine.version.revision)
        #expect(backup.store.counts[.place] == 1)
        try put(#require(assembly), "b")
        let locked = #expect(throws: DirectoryError.self) {
            try StateBackup.restore(backup.folder, to: state)
        }
        #expect(locked?.code == .stateLocked)
        try assembly?.close()
        assembly = nil
        let restored = try StateBackup.restore(backup.folder, to: state)
        #expect(restored.store == backup.store)
        let former = try #require(restored.former)
        #expect(try DirectoryStore.check(former + "/directory.sqlite").counts[.place] == 2)
        assembly = try open()
        #expect(try names(#require(assembly)) == ["药店 a"])
        #expect(assembly?.engine.version.revision == backup.store.revision)
        try put(#require(assembly), "c")
        try assembly?.close()
    }

    @Test func refusesADamagedBackupAndChangesNothing() throws {
        defer { cleanUp() }
        var assembly: Assembly? = try open()
        try put(#require(assembly), "a")
        let backup = try StateBackup.make(of: state, in: backups, keep: nil)
        try assembly?.close()
        assembly = nil
        for name in ["directory.sqlite", "about.json", "SHA256SUMS"] {
            let file = URL(fileURLWithPath: backup.folder + "/" + name)
            let sound = try Data(contentsOf: file)
            var bytes = sound
            bytes[bytes.count / 2] ^= 1
            try bytes.write(to: file)
            let error = #expect(throws: DirectoryError.self) {
                try StateBackup.restore(backup.folder, to: state)
            }
            #expect(
                error?.code == .invalidFile || error?.code == .unreadableFile,
                "\(name): \(String(describing: error))")
            try sound.write(to: file)
        }
        let none = #expect(throws: DirectoryError.self) { try StateBackup.restore(folder, to: state) }
        #expect(none?.code == .notFound)
        assembly = try open()
        #expect(try names(#require(assembly)) == ["药店 a"])
        let entries = try FileManager.default.contentsOfDirectory(atPath: state)
        #expect(!entries.contains { $0.hasPrefix("before-restore") || $0.hasPrefix(".restore") })
        try assembly?.close()
    }

    /// A backup holds the street map too, and one of before there were maps is brought back as it is.
    @Test func theStreetMapComesBackToo() throws {
        defer { cleanUp() }
        var assembly: Assembly? = try open()
        try put(#require(assembly), "a")
        let before = try StateBackup.make(of: state, in: backups, keep: nil, at: moment(0))
        func adopt(_ name: String) throws -> String? {
            var builder = StreetMapBuilder()
            let line = [118.70, 118.71].map { Coordinate(uncheckedLatitude: 32, longitude: $0) }
            builder.addLine(.init(kind: .minor, firstZoom: 13), line, name: name)
            let built = try builder.build(sourceTimestamp: nil, attribution: "")
            let engine = try #require(assembly).engine
            try built.write(to: engine.mapBuildPath)
            try engine.adoptMap(at: engine.mapBuildPath)
            return engine.mapTag
        }
        let first = try adopt("甲路")
        let backup = try StateBackup.make(of: state, in: backups, keep: nil, at: moment(1))
        let second = try adopt("乙路")
        #expect(first != second)
        try assembly?.close()
        assembly = nil
        _ = try StateBackup.restore(backup.folder, to: state)
        assembly = try open()
        #expect(assembly?.engine.mapTag == first)
        try assembly?.close()
        assembly = nil
        let restored = try StateBackup.restore(before.folder, to: state)
        assembly = try open()
        #expect(assembly?.engine.mapTag == nil)
        let former = try #require(restored.former)
        #expect(FileManager.default.fileExists(atPath: former + "/map.qmap"))
        try assembly?.close()
        assembly = nil
        // A byte of the map is as much worth as one of the store.
        let file = URL(fileURLWithPath: backup.folder + "/map.qmap")
        var bytes = try Data(contentsOf: file)
        bytes[bytes.count / 2] ^= 1
        try bytes.write(to: file)
        let fault = #expect(throws: DirectoryError.self) {
            try StateBackup.restore(backup.folder, to: state)
        }
        #expect(fault?.code == .invalidFile)
    }

    /// What an office has said about its columns once is not asked again after a restore.
    @Test func mappingsOfRegistersComeBackToo() throws {
        defer { cleanUp() }
        var assembly: Assembly? = try open()
        try put(#require(assembly), "a")
        let shelf = state + "/registers/mappings"
        try FileManager.default.createDirectory(atPath: shelf, withIntermediateDirectories: true)
        func write(_ name: String, _ text: String) throws {
            try Data(text.utf8).write(to: URL(fileURLWithPath: shelf + "/" + name))
        }
        func text(_ path: String) -> String? {
            FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
        }
        try write("canteens.toml", "type = \"canteen\"")
        try write("图书.toml", "type = \"library\"")
        try write("notes.txt", "none")
        let backup = try StateBackup.make(of: state, in: backups, keep: nil)
        try write("canteens.toml", "type = \"market\"")
        try write("new.toml", "type = \"toilet\"")
        try FileManager.default.removeItem(atPath: shelf + "/图书.toml")
        try assembly?.close()
        assembly = nil
        let restored = try StateBackup.restore(backup.folder, to: state)
        #expect(text(shelf + "/canteens.toml") == "type = \"canteen\"")
        #expect(text(shelf + "/图书.toml") == "type = \"library\"")
        #expect(text(shelf + "/new.toml") == "type = \"toilet\"", "what came after stays")
        let former = try #require(restored.former)
        #expect(text(former + "/mapping.canteens.toml") == "type = \"market\"")
        // A mapping that was changed in the backup is told like any other file.
        try Data("x".utf8).write(to: URL(fileURLWithPath: backup.folder + "/mapping.canteens.toml"))
        let error = #expect(throws: DirectoryError.self) {
            try StateBackup.restore(backup.folder, to: state)
        }
        #expect(error?.cause == "mapping.canteens.toml is not as it was made")
    }

    @Test func restoresIntoAnEmptyFolder() throws {
        defer { cleanUp() }
        var assembly: Assembly? = try open()
        try put(#require(assembly), "a")
        let backup = try StateBackup.make(of: state, in: backups, keep: nil)
        try assembly?.close()
        assembly = nil
        try FileManager.default.removeItem(atPath: state)
        let restored = try StateBackup.restore(backup.folder, to: state)
        #expect(restored.former == nil)
        assembly = try open()
        #expect(try names(#require(assembly)) == ["药店 a"])
        try assembly?.close()
    }

    @Test func keepsAsManyAsItIsTold() throws {
        defer { cleanUp() }
        let assembly = try open()
        try put(assembly, "a")
        try FileManager.default.createDirectory(atPath: backups, withIntermediateDirectories: true)
        try Data().write(to: URL(fileURLWithPath: backups + "/20200101T000000Z-notes"))
        for number in 0..<5 {
            _ = try StateBackup.make(of: state, in: backups, keep: 3, at: moment(Double(number) * 60))
        }
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: backups).sorted() == [
                "20200101T000000Z-notes", "20231114T221520.000Z-r1", "20231114T221620.000Z-r1",
                "20231114T221720.000Z-r1",
            ])
        // One of the same moment is refused, and the present ones stay.
        #expect(throws: DirectoryError.self) {
            try StateBackup.make(of: state, in: backups, keep: 1, at: moment(240))
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: backups).count == 4)
        try assembly.close()
    }

    @Test func saysWhereThereIsNoStore() throws {
        defer { cleanUp() }
        let error = #expect(throws: DirectoryError.self) {
            try StateBackup.make(of: folder + "/none", in: backups, keep: nil)
        }
        #expect(error?.code == .notFound)
        #expect(try FileManager.default.contentsOfDirectory(atPath: backups) == [])
    }

    @Test func aCopyIsOfOneMomentWhileOthersWrite() throws {
        defer { cleanUp() }
        let assembly = try open()
        let writer = Thread {
            for number in 0..<200 { try? put(assembly, "p\(number)") }
        }
        writer.start()
        for number in 0..<10 {
            let backup = try StateBackup.make(of: state, in: backups, keep: nil, at: moment(Double(number)))
            // Every write of this test makes one place and one revision; the first also makes a source.
            #expect(backup.store.revision.number == UInt64(backup.store.counts[.place] ?? 0))
        }
        while !writer.isFinished { usleep(1000) }
        try assembly.close()
    }
}
