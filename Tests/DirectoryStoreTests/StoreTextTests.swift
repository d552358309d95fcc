import DirectoryModel
import DirectoryStore
import Foundation
import Testing

/// The whole store as text, and back.
@Suite struct StoreTextTests {
    /// A folder with the store of the present format's fixture.
    private func fixture() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Fixtures/format-\(DirectoryStore.format).db").path
        try FileManager.default.copyItem(atPath: path, toPath: folder.file)
        return folder
    }

    private func text(of folder: TemporaryFolder) throws -> String {
        let bytes = Gathered()
        _ = try StoreText.write(folder.path) { bytes.all += $0 }
        return String(decoding: bytes.all, as: UTF8.self)
    }

    private final class Gathered {
        var all: [UInt8] = []
    }

    private func read(_ text: String, into folder: TemporaryFolder) throws -> DirectoryStore.Summary {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { Array($0.utf8) }
        if lines.last == [] { lines.removeLast() }
        var next = lines.makeIterator()
        return try StoreText.read(into: folder.path, version: "0.1.0") { next.next() }
    }

    private func error(_ text: String) throws -> DirectoryError {
        let folder = try TemporaryFolder()
        let error = try #require(throws: DirectoryError.self) { try read(text, into: folder) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty, "nothing stays")
        return error
    }

    @Test func whatIsWrittenAndReadIsTheSameStore() throws {
        let text = try text(of: fixture())
        let folder = try TemporaryFolder()
        let summary = try read(text, into: folder)
        #expect(summary.revision == Revision(2) && summary.counts[.place] == 2)
        #expect(try self.text(of: folder) == text, "to the byte")
        let store = try folder.openStore()
        try store.read { reader throws in
            #expect(try reader.statements(of: PlaceID(unchecked: "osm-n1")).count == 1)
            #expect(try reader.heldRows(limit: 9).map(\.key) == ["row 9"])
            #expect(try reader.keptApart().count == 1)
            #expect(try reader.lastConfirmations().map(\.party) == ["captain-3"])
            #expect(try reader.audit(of: .place, "osm-n1", limit: 9).count == 2)
            #expect(try reader.imports(limit: 9).map(\.fileName) == ["demo.osm.pbf"])
        }
        // And goes on from there.
        try store.change(by: clerk) { try $0.put(place("new")) }
        #expect(store.revision == Revision(3))
        // Every word of the text is in it: a table that is added later is not forgotten.
        let words = Set(
            text.split(separator: "\n").dropFirst().compactMap { $0.split(separator: "\"").dropFirst().first }
        )
        #expect(words.count == 8 + 7 + 1)
    }

    @Test func randomRecordsComeBackExactly() throws {
        let folder = try TemporaryFolder()
        let store = try folder.openStore()
        for seed in 1...20 {
            var random = RandomRecord(seed: UInt64(seed))
            try store.change(by: clerk) { store throws in
                // What the records name.
                for id in ["c1", "c2"] { try store.put(Community(id: CommunityID(unchecked: id), name: "")) }
                try store.put(
                    Grid(id: GridID(unchecked: "g1"), community: CommunityID(unchecked: "c1"), name: ""))
                try store.put(origin("o1"))
                try store.put(place("p1"))
                try store.put(Organisation(id: OrganisationID(unchecked: "org1"), name: ""))
                for kind in RecordKind.allCases { try store.put(random.record(kind)) }
            }
        }
        try store.close()
        let text = try text(of: folder)
        let copy = try TemporaryFolder()
        _ = try read(text, into: copy)
        #expect(try self.text(of: copy) == text)
    }

    @Test func aPartOfATextIsNone() throws {
        let lines = try text(of: fixture()).split(separator: "\n").map(String.init)
        for count in 0..<lines.count {
            let error = try error(lines.prefix(count).map { $0 + "\n" }.joined())
            #expect(error.code == .invalidFile)
        }
        for index in 1..<lines.count {
            var shorter = lines
            shorter.remove(at: index)
            #expect(
                try error(shorter.joined(separator: "\n") + "\n").code == .invalidFile,
                "without \(lines[index])")
        }
    }

    @Test func aLineThatIsWrongIsNamed() throws {
        let lines = try text(of: fixture()).split(separator: "\n").map(String.init)
        for (index, line) in [
            (0, "{}"), (0, "x"), (0, #"{"quarter":"store","text":99,"revision":1,"written_by":"9.0"}"#),
            (1, #"{"ghost":{}}"#), (1, #"{"place":{"id":1}}"#), (1, "{}"), (1, #"{"place":{},"grid":{}}"#),
            (1, ""), (1, "[]"), (1, #"{"sighting":{"colour":1}}"#), (1, #"{"sighting":{"source":"osm"}}"#),
            (1, #"{"source":{"id":"osm","kind":"osm","title":"\u0000"}"#),
            (lines.count - 1, #"{"end":{"lines":3}}"#),
        ] {
            var changed = lines
            changed[index] = line
            let error = try error(changed.joined(separator: "\n"))
            #expect(error.code == .invalidFile, "\(line)")
        }
        var newer = lines
        newer[0] = #"{"quarter":"store","text":99,"revision":1,"written_by":"9.0"}"#
        #expect(try error(newer.joined(separator: "\n")).advice == "install Quarter 9.0 or newer")
        // A record that names one that is not there.
        let dangling = lines.filter { !$0.hasPrefix(#"{"community""#) }.dropLast()
        let whole = dangling + [#"{"end":{"lines":\#(dangling.count + 1)}}"#]
        #expect(try error(whole.joined(separator: "\n")).message.contains("not in it"))
    }

    @Test func aFolderWithAStoreIsLeftAlone() throws {
        let folder = try fixture()
        let before = FileManager.default.contents(atPath: folder.file)
        let text = try text(of: folder)
        #expect(throws: DirectoryError.self) { try read(text, into: folder) }
        #expect(FileManager.default.contents(atPath: folder.file) == before)
        let empty = try TemporaryFolder()
        let error = try #require(throws: DirectoryError.self) { try self.text(of: empty) }
        #expect(error.code == .notFound)
    }
}
