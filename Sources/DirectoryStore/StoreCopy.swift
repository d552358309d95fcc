import DirectoryModel
import GRDB
import Glibc

extension DirectoryStore {
    /// What a store holds.
    package struct Summary: Hashable, Sendable {
        /// The revision of its last commit.
        package let revision: Revision
        /// Its records by kind, in the order of `RecordKind`.
        package let counts: [RecordKind: Int]
    }

    /// Copies the store of a state folder into one file, beside whoever works on it, and checks the copy.
    ///
    /// SQLite's online backup (https://sqlite.org/backup.html): the copy is one consistent state, of the moment at
    /// which it began; writers go on meanwhile.
    /// - Parameters:
    ///   - folder: the state folder.
    ///   - path: where the copy is made; there must be no file yet. It is complete and on the disk on return.
    /// - Returns: what the copy holds.
    /// - Throws: `not_found` where there is no store, `store_unwritable`, `store_damaged`.
    package static func copy(from folder: String, to path: String) throws(DirectoryError) -> Summary {
        let source = folder + "/" + fileName
        guard access(source, F_OK) == 0 else {
            throw DirectoryError(
                .notFound, "there is no store in \(folder)", advice: "name the state folder with --state")
        }
        do {
            var configuration = Configuration()
            // A backup waits longer than a write: nobody stands at a counter for it. Chosen, not measured.
            configuration.busyMode = .timeout(30)
            configuration.qos = .utility
            try StoreInspection.inspect(source, configuration)
            let reader = try DatabaseQueue(path: source, configuration: configuration)
            let copy = try DatabaseQueue(path: path, configuration: configuration)
            try reader.backup(to: copy)
            // One file, without a log beside it.
            try copy.writeWithoutTransaction { database in
                try database.execute(sql: "PRAGMA journal_mode = DELETE")
            }
            try copy.close()
            try reader.close()
        } catch {
            throw StoreFailure.directoryError(error, path: source)
        }
        return try check(path)
    }

    /// Reads a store's file from the first page to the last and says what it holds.
    ///
    /// - Parameter path: a file that nobody else has open.
    /// - Throws: `store_damaged`, also for a file of a newer version; `store_unwritable`.
    package static func check(_ path: String) throws(DirectoryError) -> Summary {
        do {
            var configuration = Configuration()
            configuration.readonly = true
            configuration.qos = .utility
            try StoreInspection.inspect(path, configuration)
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            let summary = try queue.read { database -> Summary in
                let words = try String.fetchAll(database, sql: "PRAGMA integrity_check(3)")
                let dangling = try Row.fetchAll(database, sql: "PRAGMA foreign_key_check").count
                guard words == ["ok"], dangling == 0 else {
                    throw DirectoryError(
                        .storeDamaged, "\(path) is damaged", advice: "take another backup",
                        cause: dangling > 0
                            ? "\(dangling) records name others that are not there"
                            : words.joined(separator: "; "))
                }
                let revision = try StoreReader(Connection(database, path: path)).revision()
                var counts: [RecordKind: Int] = [:]
                // A file of an older format has no table for the kinds that came later.
                for kind in RecordKind.allCases {
                    let table = table(of: kind)
                    counts[kind] =
                        try database.tableExists(table)
                        ? Int.fetchOne(database, sql: "SELECT count(*) FROM \(table)") : 0
                }
                return Summary(revision: revision, counts: counts)
            }
            try queue.close()
            return summary
        } catch {
            throw StoreFailure.directoryError(error, path: path)
        }
    }

    private static func table(of kind: RecordKind) -> String {
        switch kind {
        case .place: "places"
        case .origin: "origins"
        case .community: "communities"
        case .grid: "grids"
        case .source: "sources"
        case .organisation: "organisations"
        case .activity: "activities"
        case .notice: "notices"
        }
    }
}
