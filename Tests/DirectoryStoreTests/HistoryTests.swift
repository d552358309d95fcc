import DirectoryModel
import DirectoryStore
import Foundation
import GRDB
import Testing

/// The history in pieces is the audit, whatever the pieces.
@Suite("History") struct HistoryTests {
    /// A store with revisions of one to forty records.
    private func filled(_ folder: TemporaryFolder, revisions: Int = 30) throws -> DirectoryStore {
        let store = try folder.openStore()
        var random = SeededGenerator(seed: 4)
        for revision in 0..<revisions {
            try store.change(by: clerk) { transaction in
                let count = [1, 1, 1, 2, 40].randomElement(using: &random) ?? 1
                for number in 0..<count { try transaction.put(place("p\(number)", name: "\(revision)")) }
            }
        }
        return store
    }

    @Test("Pieces of any size, begun anywhere, are the audit in order, each row once")
    func pieces() throws {
        let folder = try TemporaryFolder()
        let store = try filled(folder)
        let all = try store.read { try $0.audit(since: Revision(0), limit: 1_000_000) }
        #expect(all.count > 60)
        var random = SeededGenerator(seed: 9)
        for _ in 0..<40 {
            var position = (revision: Revision(0), part: 0)
            var found: [AuditEntry] = []
            var isWhole = false
            while !isWhole {
                let limit = Int.random(in: 1...25, using: &random)
                let page = try store.read {
                    try $0.history(
                        after: position.revision, part: position.part, through: store.revision, limit: limit,
                        bytes: 1 << 20)
                }
                for row in page.rows {
                    let own = all.filter { $0.revision == row.entry.revision }
                    #expect(own[row.part - 1] == row.entry)
                    #expect(row.isLast == (row.part == own.count))
                    position = (row.entry.revision, row.isLast ? 0 : row.part)
                }
                #expect(page.isWhole || page.rows.count == limit)
                found += page.rows.map(\.entry)
                isWhole = page.isWhole
            }
            #expect(found == all)
        }
    }

    @Test(
        "A part beyond a revision's end passes over nothing else, and nothing after the last revision is read"
    )
    func edges() throws {
        let folder = try TemporaryFolder()
        let store = try filled(folder)
        for revision in [0, 3, 17].map({ Revision($0) }) {
            let whole = try store.read {
                try $0.history(after: revision, part: 0, through: Revision(20), limit: 1_000, bytes: 1 << 20)
            }
            let beyond = try store.read {
                try $0.history(
                    after: revision, part: 5_000, through: Revision(20), limit: 1_000, bytes: 1 << 20)
            }
            #expect(beyond == whole)
            #expect(whole.rows.last?.entry.revision == Revision(20))
            #expect(whole.rows.last?.isLast == true && whole.isWhole)
        }
        let small = try store.read {
            try $0.history(after: Revision(0), part: 0, through: Revision(20), limit: 1_000, bytes: 1)
        }
        #expect(small.rows.count == 1 && !small.isWhole)
    }

    @Test("The history begins where the audit begins")
    func begin() throws {
        let folder = try TemporaryFolder()
        let store = try filled(folder)
        #expect(try store.read { try $0.historyBegin() } == Revision(1))
        let queue = try DatabaseQueue(path: folder.file)
        try queue.write { try $0.execute(sql: "DELETE FROM audit WHERE revision < 7") }
        #expect(try store.read { try $0.historyBegin() } == Revision(7))
        try queue.write { try $0.execute(sql: "DELETE FROM audit") }
        #expect(try store.read { try $0.historyBegin() } == nil)
    }

    @Test("An outline names what JSONSerialization finds different")
    func outlines() throws {
        var records = RandomRecord(seed: 12)
        var compared = 0
        for number in 0..<600 {
            let kinds: [RecordKind] = [.place, .origin, .community, .grid, .organisation, .activity]
            let kind = kinds[number % kinds.count]
            let (before, after) = (
                RecordJSON.encode(records.record(kind)), RecordJSON.encode(records.record(kind))
            )
            let outline = try ChangeOutline(
                kind: kind, id: "x", before: before, after: number % 7 == 0 ? before : after)
            let expected = try Self.differences(before, number % 7 == 0 ? before : after)
            #expect(outline.fields == expected)
            compared += expected.count
        }
        #expect(compared > 1_000)
    }

    private static func differences(_ before: String, _ after: String) throws -> [String] {
        func flat(_ json: String) throws -> [String: NSObject] {
            let object = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: NSObject] ?? [:]
            var flat: [String: NSObject] = [:]
            for (key, value) in object where key != "attributes" { flat[key] = value }
            for (key, value) in object["attributes"] as? [String: NSObject] ?? [:] {
                flat["attributes." + key] = value
            }
            return flat
        }
        let (before, after) = (try flat(before), try flat(after))
        let names = Set(before.keys).union(after.keys).filter { before[$0] != after[$0] }
        let wire = Set(names.map { ["lat", "lon"].contains($0) ? "location" : $0 })
        return wire.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}
