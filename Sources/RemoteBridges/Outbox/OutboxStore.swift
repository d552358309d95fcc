package import DirectoryModel
internal import Foundation
internal import GRDB

/// The letters of a push bridge, on the disk: what was put in is there after whatever end of the process.
///
/// Another process may list, retry and drop meanwhile. Any thread may call; calls block while the disk works.
package final class OutboxStore: Sendable {
    /// The file's name in the bridge's folder.
    package static let fileName = "outbox.sqlite"
    /// The file.
    package let path: String
    let queue: DatabaseQueue

    /// How long another process that has the file is waited for, in seconds; chosen, not measured.
    private static let patience = 10.0

    /// Opens the outbox of a folder, and makes it where there is none.
    ///
    /// - Parameter makes: whether to make one where there is none; else `not_found`.
    /// - Throws: `store_damaged`, `store_unwritable`, `not_found`.
    package init(folder: String, makes: Bool = true) throws(DirectoryError) {
        let path = folder + "/" + Self.fileName
        self.path = path
        guard makes || FileManager.default.fileExists(atPath: path) else {
            throw DirectoryError(
                .notFound, "there is no outbox at \(path)",
                advice: "see the name, and whether its unit ever ran")
        }
        do {
            var configuration = Configuration()
            configuration.busyMode = .timeout(Self.patience)
            configuration.prepareDatabase { database in
                // The file keeps it.
                if makes { try database.execute(sql: "PRAGMA journal_mode = WAL") }
                // A commit is on the disk, also when the power fails.
                try database.execute(sql: "PRAGMA synchronous = FULL")
            }
            queue = try DatabaseQueue(path: path, configuration: configuration)
            // Whoever makes it holds the folder's lock; nobody else may.
            if makes {
                var migrator = DatabaseMigrator()
                migrator.registerMigration("1-letters") { database in
                    for statement in Self.formatOne { try database.execute(sql: statement) }
                }
                try migrator.migrate(queue)
            } else {
                try Self.expect(try queue.read { try $0.tableExists("receipts") }, path)
            }
        } catch {
            throw Self.fault(error, path)
        }
    }

    private static func expect(_ isThere: Bool, _ path: String) throws(DirectoryError) {
        guard !isThere else { return }
        throw DirectoryError(
            .notFound, "there is no outbox at \(path)", advice: "see the name, and whether its unit ever ran")
    }

    private static let formatOne = [
        """
        CREATE TABLE outbox (
            one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
            era TEXT NOT NULL,
            scope TEXT,
            position TEXT,
            set_kind TEXT,
            set_after TEXT,
            set_count INTEGER NOT NULL DEFAULT 0,
            delivered INTEGER NOT NULL DEFAULT 0,
            last_delivery REAL,
            receiver_fault TEXT,
            paused_until REAL
        ) STRICT
        """,
        "INSERT INTO outbox (one, era) VALUES (1, lower(hex(randomblob(5))))",
        """
        CREATE TABLE letters (
            number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
            message TEXT NOT NULL UNIQUE,
            record TEXT NOT NULL,
            is_barrier INTEGER NOT NULL,
            body BLOB NOT NULL,
            kept_at REAL NOT NULL,
            attempts INTEGER NOT NULL DEFAULT 0,
            due REAL NOT NULL DEFAULT 0,
            is_dead INTEGER NOT NULL DEFAULT 0,
            fault TEXT,
            status INTEGER
        ) STRICT
        """,
        "CREATE INDEX letters_of_records ON letters (record, number)",
        "CREATE INDEX letters_to_send ON letters (is_dead, number)",
        "CREATE INDEX letters_in_the_way ON letters (number) WHERE is_barrier = 1",
        """
        CREATE TABLE receipts (
            number INTEGER NOT NULL PRIMARY KEY,
            message TEXT NOT NULL,
            record TEXT NOT NULL,
            status INTEGER NOT NULL,
            receipt TEXT,
            delivered_at REAL NOT NULL
        ) STRICT
        """,
        "CREATE INDEX receipts_of_records ON receipts (record, number)",
    ]

    func write<Value>(_ body: (Database) throws -> Value) throws(DirectoryError) -> Value {
        do { return try queue.write(body) } catch { throw Self.fault(error, path) }
    }

    func read<Value>(_ body: (Database) throws -> Value) throws(DirectoryError) -> Value {
        do { return try queue.read(body) } catch { throw Self.fault(error, path) }
    }

    private static func fault(_ error: any Error, _ path: String) -> DirectoryError {
        if let error = error as? DirectoryError { return error }
        let cause = (error as? DatabaseError)?.message ?? "\(error)"
        switch (error as? DatabaseError)?.resultCode {
        case .SQLITE_CORRUPT?, .SQLITE_NOTADB?:
            return DirectoryError(
                .storeDamaged, "the outbox is damaged",
                advice: "move it away and start the unit again: the receiver gets everything anew",
                location: path,
                cause: cause)
        default:
            return DirectoryError(
                .storeUnwritable, "the outbox cannot be used",
                advice: "see its owner and the room on its disk",
                location: path, cause: cause)
        }
    }
}
