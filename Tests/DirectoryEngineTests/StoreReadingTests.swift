import DirectoryModel
import DirectoryStore
import Foundation
import GRDB
import Testing

@testable import DirectoryEngine

/// The store as a start reads it: beside other work, in portions, and given up where the start fails.
@Suite("Reading a store")
struct StoreReadingTests {
    /// A store with 2,100 places in a folder that the test removes.
    private func filled(_ folder: String) throws -> DirectoryStore {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let store = try DirectoryStore(folder: folder, version: "test")
        _ = try store.write(by: Actor(name: "clerk", uid: 1000)) { transaction in
            for number in 0..<2_100 {
                try transaction.put(
                    Place(
                        id: PlaceID(unchecked: String(format: "p%05d", number)),
                        type: ServiceTypeID(unchecked: "pharmacy"), name: "第\(number)药房",
                        hours: "Mo-Su 0\(number % 10):00-20:00"))
            }
        }
        return store
    }

    private func withStore(_ body: (DirectoryStore, String) throws -> Void) throws {
        let folder = NSTemporaryDirectory() + "quarter-reading-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let store = try filled(folder)
        try body(store, folder)
        try store.close()
    }

    @Test("portions hold all places in their order, each once, for any number of threads")
    func portions() throws {
        try withStore { store, _ in
            let reading = StoreReading(store, mostWaiting: 2)
            let lock = NSLock()
            nonisolated(unsafe) var portions: [Int: [String]] = [:]
            DispatchQueue.concurrentPerform(iterations: 4) { _ in
                while let portion = reading.next() {
                    lock.withLock { portions[portion.number] = portion.places.map(\.id.rawValue) }
                }
            }
            #expect(portions.count == 5)
            let ids = (0..<5).flatMap { portions[$0] ?? [] }
            #expect(ids == (0..<2_100).map { String(format: "p%05d", $0) })
            let revision = try reading.rest().revision
            #expect(revision == Revision(1))
        }
    }

    @Test("entries come in the order of ids, counted, and are let go where nobody takes them")
    func entries() throws {
        try withStore { store, _ in
            let host = try SmallTown.host()
            weak var kept: PlaceEntry?
            weak var dropped: PlaceEntry?
            do {
                let reading = StoreReading(store)
                let made = EntryMaker(of: reading, host: host, settled: []).run { _ in }
                _ = try reading.rest()
                #expect(made.count == 2_100)
                #expect(made.ids.joined().map(\.rawValue) == (0..<2_100).map { String(format: "p%05d", $0) })
                #expect(made.types.map(\.rawValue) == ["pharmacy"])
                #expect(made.countByType == [ServiceTypeID(unchecked: "pharmacy"): 2_100])
                let first = made.takeNext()
                #expect(
                    first.record.id.rawValue == "p00000" && made.takeNext().record.id.rawValue == "p00001")
                kept = first
                dropped = made.places[2].entry.takeUnretainedValue()
                #expect(kept != nil && dropped != nil)
            }
            #expect(kept == nil && dropped == nil)
        }
    }

    @Test("a reading that nobody takes from is given up, and the store can be closed")
    func abandoning() throws {
        try withStore { store, _ in
            let reading = StoreReading(store, mostWaiting: 1)
            #expect(reading.next()?.number == 0)
            reading.abandon()
            #expect(throws: DirectoryError.self) { () throws in _ = try reading.rest() }
        }
    }

    @Test("a start that fails leaves the store to the next one")
    func failingStart() throws {
        try withStore { store, folder in
            try store.close()
            let wrong = DirectoryError(.configurationInvalid, "a wrong word")
            #expect(throws: wrong) { () throws in
                _ = try DirectoryEngine(
                    folder: folder, version: "test",
                    opening: { () throws(DirectoryError) -> EngineUpdate in throw wrong })
            }
            let engine = try SmallTown.open(folder)
            #expect(engine.health().counts.first { $0.name == "places" }?.count == 2_100)
            try engine.close()
        }
    }

    @Test("a row that cannot be read fails the start and names it")
    func damagedRow() throws {
        try withStore { store, folder in
            try store.close()
            let queue = try DatabaseQueue(path: folder + "/" + DirectoryStore.fileName)
            try queue.write { database in
                try database.execute(sql: "PRAGMA ignore_check_constraints = 1")
                try database.execute(sql: "UPDATE places SET attributes = '{' WHERE id = 'p01700'")
            }
            try queue.close()
            let error = #expect(throws: DirectoryError.self) { () throws in try SmallTown.open(folder).close()
            }
            #expect(error?.code == .storeDamaged && error?.message.contains("p01700") == true)
        }
    }
}
