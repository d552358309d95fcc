import DirectoryModel
import Foundation
import GRDB
import Testing

@testable import DirectoryStore

/// Files that are no store, are broken, or cannot be written: a clear error, never a trap, never a change.
@Suite struct DamageTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// A closed store with enough places to fill several pages.
    private func makeStore(places: Int = 400) throws {
        let store = try folder.openStore()
        try store.change(by: clerk) { store throws in
            for number in 0..<places {
                try store.put(place("p\(number)", name: String(repeating: "名", count: 40)))
            }
        }
        try store.close()
    }

    private func bytes() throws -> Data { try Data(contentsOf: URL(fileURLWithPath: folder.file)) }

    private func write(_ bytes: Data) throws { try bytes.write(to: URL(fileURLWithPath: folder.file)) }

    @Test func everyWritingConnectionIsSafeAgainstPowerLoss() throws {
        let modes = try folder.openStore().pool.writeWithoutTransaction { database in
            [
                try String.fetchOne(database, sql: "PRAGMA synchronous"),
                try String.fetchOne(database, sql: "PRAGMA journal_mode"),
                try String.fetchOne(database, sql: "PRAGMA foreign_keys"),
            ]
        }
        #expect(modes == ["2", "wal", "1"])
    }

    @Test(arguments: [
        "hello", String(repeating: "x", count: 5_000),
        "SQLite format 3\0" + String(repeating: "x", count: 5_000),
    ])
    func aFileThatIsNoStoreIsNamedAndLeftAlone(_ text: String) throws {
        try write(Data(text.utf8))
        let error = try #require(folder.openingError())
        #expect(error.code == .storeDamaged)
        #expect(error.message.contains(folder.file))
        #expect(error.advice != nil)
        #expect(try bytes() == Data(text.utf8))
    }

    @Test func anEmptyFileBecomesAStore() throws {
        try write(Data())
        #expect(folder.openingError() == nil)
    }

    @Test func anotherProgramsDatabaseIsLeftAlone() throws {
        let queue = try DatabaseQueue(path: folder.file)
        try queue.write { try $0.execute(sql: "CREATE TABLE recipes (id INTEGER PRIMARY KEY)") }
        try queue.close()
        let before = try bytes()
        let error = try #require(folder.openingError())
        #expect(error.code == .storeDamaged)
        #expect(error.message == "\(folder.file) belongs to another program")
        #expect(try bytes() == before)
    }

    @Test func aFirstStartThatWasCutShortIsTakenUpAgain() throws {
        let queue = try DatabaseQueue(path: folder.file)
        try queue.write { database in
            try database.execute(sql: "CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY)")
        }
        try queue.close()
        #expect(folder.openingError() == nil)
        #expect(try folder.openStore().revision == Revision(0))
    }

    @Test func aStoreOfANewerQuarterIsRefused() throws {
        try makeStore(places: 1)
        let queue = try DatabaseQueue(path: folder.file)
        try queue.write { database in
            try database.execute(
                sql: "UPDATE store SET format = \(DirectoryStore.format + 1), written_by = '3.1.4'")
            try database.execute(sql: "ALTER TABLE places RENAME TO locations")
        }
        try queue.close()
        let error = try #require(folder.openingError())
        #expect(error.code == .storeDamaged)
        #expect(
            error.message
                == "\(folder.file) was written by the newer Quarter 3.1.4 (format \(DirectoryStore.format + 1)); "
                + "this one reads formats up to \(DirectoryStore.format)"
        )
        #expect(error.advice?.contains("3.1.4") == true)
    }

    @Test(arguments: [2, 100, 4_096, 20_000])
    func aTruncatedStoreIsRefused(_ length: Int) throws {
        try makeStore()
        let whole = try bytes()
        #expect(whole.count > 40_000)
        try write(whole.prefix(length))
        let error: DirectoryError? = folder.openingError() ?? loadingError()
        #expect(error?.code == .storeDamaged)
        #expect(error?.description.contains(folder.file) == true)
    }

    /// The error that reading everything ends with, or nil.
    private func loadingError() -> DirectoryError? {
        do throws(DirectoryError) {
            let store = try DirectoryStore(folder: folder.path, version: "0.1.0")
            try store.read { reader throws in
                try reader.forEachPlace { _ in }
                try reader.forEachOrigin { _ in }
                _ = try (reader.communities(), reader.grids(), reader.sources(), reader.imports(limit: 100))
                _ = try reader.audit(since: Revision(0), limit: 10_000)
            }
            try store.close()
            return nil
        } catch {
            return error
        }
    }

    /// Whatever stands in a page: every outcome is a value or a named error.
    @Test(arguments: 0..<60)
    func overwrittenPagesNeverTrap(seed: UInt64) throws {
        try makeStore(places: 100)
        var random = SeededGenerator(seed: seed)
        var damaged = try bytes()
        for _ in 0..<Int.random(in: 1...40, using: &random) {
            let start = Int.random(in: 100..<damaged.count, using: &random)
            for offset in start..<min(start + Int.random(in: 1...16, using: &random), damaged.count) {
                damaged[offset] = UInt8.random(in: 0...255, using: &random)
            }
        }
        try write(damaged)
        if let error = folder.openingError() ?? loadingError() {
            #expect(error.description.contains(folder.file), "\(error)")
            #expect([.storeDamaged, .storeUnwritable].contains(error.code), "\(error)")
        }
    }

    @Test(arguments: ["places", "store", "grdb_migrations", "audit"])
    func aTableThatIsGoneIsNamed(_ table: String) throws {
        try makeStore(places: 3)
        let queue = try DatabaseQueue(path: folder.file)
        try queue.write { try $0.execute(sql: "DROP TABLE \(table)") }
        try queue.close()
        let error = try #require(folder.openingError() ?? loadingError())
        #expect(error.code == .storeDamaged)
        #expect(error.message == "\(folder.file) does not have the tables that it should have")
        #expect(error.cause?.contains("table") == true)
    }

    @Test(arguments: [
        "UPDATE places SET status = 'gone' WHERE id = 'p1'",
        "UPDATE places SET attributes = '{' WHERE id = 'p1'",
        "UPDATE places SET lat = NULL WHERE id = 'p1'", "UPDATE places SET lat = 91 WHERE id = 'p1'",
        "UPDATE places SET given_datum = 'mars', given_lat = 1, given_lon = 1 WHERE id = 'p1'",
    ])
    func aRowThatSomebodyElseWroteIsNamed(_ sql: String) throws {
        try makeStore(places: 3)
        let queue = try DatabaseQueue(path: folder.file)
        try queue.write { try $0.execute(sql: sql) }
        try queue.close()
        let error = try #require(loadingError())
        #expect(error.code == .storeDamaged)
        #expect(error.message == "\(folder.file) holds a row that cannot be read: “p1”")
        #expect(error.cause != nil)
    }

    @Test func aFolderThatIsNotThereIsNamed() {
        let error = #expect(throws: DirectoryError.self) {
            try DirectoryStore(folder: folder.path + "/nowhere", version: "0.1.0")
        }
        #expect(error?.code == .storeUnwritable)
        #expect(error?.message.contains("/nowhere/directory.sqlite") == true)
    }

    @Test func aFileHeldByAnotherProgramIsNamed() throws {
        try makeStore(places: 1)
        let store = try DirectoryStore(folder: folder.path, version: "0.1.0", patience: 0.2)
        let other = try DatabaseQueue(path: folder.file)
        try other.inDatabase { database in
            try database.execute(sql: "BEGIN IMMEDIATE")
            let error = #expect(throws: DirectoryError.self) {
                try store.write(by: clerk) { try $0.put(place("b")) }
            }
            #expect(error?.code == .storeUnwritable)
            #expect(error?.message == "another program holds \(folder.file)")
            try database.execute(sql: "ROLLBACK")
        }
        try store.change(by: clerk) { try $0.put(place("b")) }
    }

    @Test(.enabled(if: SmallDisk.isPossible, "needs the right to mount a tmpfs"))
    func aFullDiskLosesNothing() throws {
        let disk = try SmallDisk(at: folder.path + "/small", kilobytes: 1_024)
        let store = try DirectoryStore(folder: disk.path, version: "0.1.0")
        try store.change(by: clerk) { try $0.put(place("a")) }
        var acknowledged = 0
        var refusal: DirectoryError?
        while refusal == nil, acknowledged < 10_000 {
            do throws(DirectoryError) {
                _ = try store.write(by: clerk) { store throws in
                    try store.put(place("p\(acknowledged)", name: String(repeating: "名", count: 300)))
                }
                acknowledged += 1
            } catch {
                refusal = error
            }
        }
        #expect(refusal?.code == .storeUnwritable)
        #expect(refusal?.message.contains("the disk is full") == true)
        #expect(acknowledged > 10)
        let revision = Revision(UInt64(acknowledged) + 1)
        #expect(store.revision == revision)
        #expect(try store.read { try $0.place(PlaceID(unchecked: "a")) } == place("a"))
        try disk.grow(toKilobytes: 8_192)
        try store.change(by: clerk) { try $0.put(place("after")) }
        try store.close()
        let again = try DirectoryStore(folder: disk.path, version: "0.1.0")
        #expect(again.revision == Revision(revision.number + 1))
        var count = 0
        try again.read { reader throws in try reader.forEachPlace { _ in count += 1 } }
        #expect(count == acknowledged + 2)
        try again.close()
    }
}

/// A file system in memory with little room, for as long as it is held.
private final class SmallDisk {
    let path: String

    static let isPossible: Bool = {
        let path = FileManager.default.temporaryDirectory.path + "/quarter-mount-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: path) }
        return (try? SmallDisk(at: path, kilobytes: 64)) != nil
    }()

    init(at path: String, kilobytes: Int) throws {
        self.path = path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        guard mount("tmpfs", path, "tmpfs", 0, "size=\(kilobytes)k") == 0 else {
            throw DirectoryError(.forbidden, "cannot mount a tmpfs", cause: String(cString: strerror(errno)))
        }
    }

    deinit { umount(path) }

    func grow(toKilobytes kilobytes: Int) throws {
        guard mount("tmpfs", path, "tmpfs", UInt(MS_REMOUNT), "size=\(kilobytes)k") == 0 else {
            throw DirectoryError(.forbidden, "cannot remount", cause: String(cString: strerror(errno)))
        }
    }
}
