// DirectoryStore: the system of record: SQLite through GRDB, migrations, revision, audit, provenance.
// May import: DirectoryModel.

import DirectoryModel
import GRDB
import Glibc
import Synchronization

/// The system of record on one state folder: everything acknowledged is on disk.
///
/// Safe to use from any thread. Reads see the last commit and never wait for a writer; writes go one after
/// another. All calls block the calling thread while the disk works. One process at a time writes: the state
/// folder's lock is the caller's affair.
package final class DirectoryStore: Sendable {
    /// The name of the store's file in the state folder.
    package static let fileName = "directory.sqlite"

    /// The version of the store's format that this code writes, and the newest that it reads.
    package static var format: Int { Schema.format }

    /// The store's file.
    package let path: String
    let pool: DatabasePool
    private let state: Mutex<StoreState>

    /// Reads at the same time before the next one waits.
    ///
    /// Chosen, not measured: answers come from the live index, so few reads come here.
    private static let readers = 4
    /// What a large import keeps of the tables in memory, in KiB, given back when it ends.
    ///
    /// Measured: an import of 150,000 records takes 6.7 s with SQLite's own 2 MiB, 4.1 s with 64 MiB.
    private static let writeCache = 65_536
    /// Changed records from which on that memory is given back after a write (chosen, not measured).
    private static let largeWrite = 1_000
    /// What is kept of the write-ahead log after a large import, in bytes (chosen, not measured).
    private static let logLimit = 16 << 20

    /// Opens the store in `folder`, and makes it where there is none; brings an older format up to date.
    ///
    /// - Parameters:
    ///   - folder: path of the state folder, which must exist.
    ///   - version: the version of Quarter that opens it, written into the store when the format changes.
    ///   - patience: how long to wait for another program that holds the file, such as a backup. The default
    ///     is chosen, not measured.
    /// - Throws: `store_damaged` for a file that is no store, is broken, or was written by a newer Quarter;
    ///   `store_unwritable` where the folder or the file cannot be written.
    package init(folder: String, version: String, patience: Seconds = 5) throws(DirectoryError) {
        path = (folder.hasSuffix("/") ? folder : folder + "/") + Self.fileName
        do {
            let configuration = Self.configuration(patience)
            try StoreInspection.inspect(path, configuration)
            pool = try DatabasePool(path: path, configuration: configuration)
            try pool.writeWithoutTransaction { database in
                // The pool itself sets NORMAL, with which the last commits are lost when the power fails.
                try database.execute(sql: "PRAGMA synchronous = FULL")
                try database.execute(sql: "PRAGMA cache_size = -\(Self.writeCache)")
                try database.execute(sql: "PRAGMA journal_size_limit = \(Self.logLimit)")
            }
            try Schema.migrator(version: version).migrate(pool)
            state = Mutex(try Self.storedState(pool, path))
        } catch {
            throw StoreFailure.directoryError(error, path: path)
        }
    }

    /// Finishes what is under way and closes the file; every later read or write throws `unavailable`.
    package func close() throws(DirectoryError) {
        // Brings the log into the file, for a quick start next time. Where that fails (no space) the log stays
        // and is read at the next start: nothing is lost.
        try? pool.writeWithoutTransaction { database in
            // GRDB hands a closed connection on, and SQLite does not check this call.
            if database.sqliteConnection != nil { try database.checkpoint(.truncate) }
        }
        do { try pool.close() } catch { throw StoreFailure.directoryError(error, path: path) }
    }

    /// The revision of the last commit, zero for an empty store.
    ///
    /// Costs no disk access.
    package var revision: Revision { state.withLock { $0.revision } }

    /// When the last commit that changed anything was made, nil for an empty store.
    ///
    /// Costs no disk access.
    package var lastChange: Timestamp? { state.withLock { $0.lastChange } }

    /// Runs `body` over one consistent state of the store.
    ///
    /// - Parameter body: must not use the store itself.
    /// - Throws: what `body` throws, if it is a `DirectoryError`; else `internal_error` with its words.
    package func read<Result>(
        _ body: (borrowing StoreReader) throws -> Result
    ) throws(DirectoryError) -> Result {
        do {
            return try pool.read { database in try body(StoreReader(Connection(database, path: path))) }
        } catch {
            throw StoreFailure.directoryError(error, path: path)
        }
    }

    /// Runs `body` in one transaction: on return everything in it is committed and on disk, or nothing.
    ///
    /// - Parameters:
    ///   - actor: who writes, for the audit.
    ///   - source: the source that the writer speaks for, if any.
    ///   - time: the moment of the change, or nil for now.
    ///   - body: must not use the store itself.
    /// - Returns: the revision, the changed records, and what `body` returned.
    /// - Throws: what `body` throws, if it is a `DirectoryError`, else `internal_error` with its words;
    ///   `invalid_record` where a record names another that is not there; `store_unwritable` where the disk
    ///   is full. Nothing is changed then.
    package func write<Result>(
        by actor: Actor, source: SourceID? = nil, at time: Timestamp? = nil,
        _ body: (inout StoreTransaction) throws -> Result
    ) throws(DirectoryError) -> Committed<Result> {
        do {
            let (committed, newState, isLarge) = try pool.write { database in
                var transaction = try StoreTransaction.begin(
                    Connection(database, path: path), actor: actor, source: source, time: time ?? Self.now)
                let result = try body(&transaction)
                let (newState, changes) = try transaction.finish()
                return (
                    Committed(revision: newState.revision, changes: changes, result: result), newState,
                    changes.count + transaction.settledRecords >= Self.largeWrite
                )
            }
            state.withLock { state in
                if state.revision < newState.revision { state = newState }
            }
            if isLarge {
                pool.writeWithoutTransaction { database in database.releaseMemory() }
            }
            return committed
        } catch {
            throw StoreFailure.directoryError(error, path: path)
        }
    }

    /// The present moment.
    static var now: Timestamp { Timestamp(secondsSince1970: Int64(time(nil))) }

    private static func configuration(_ patience: Seconds) -> Configuration {
        var configuration = Configuration()
        configuration.label = "quarter.directory"
        // Not GRDB's own, which is that of what a user waits for: a service may not have it.
        configuration.qos = .default
        configuration.busyMode = .timeout(patience.value)
        configuration.maximumReaderCount = readers
        return configuration
    }

    private static func storedState(_ pool: DatabasePool, _ path: String) throws -> StoreState {
        try pool.read { database in try StoreReader(Connection(database, path: path)).state() }
    }
}
