import DirectoryModel
import GRDB

/// Looks at a file before it is opened as a store, and changes nothing in it.
enum StoreInspection {
    /// Throws `store_damaged` unless the file is missing, empty, or a store of a format that we read.
    static func inspect(_ path: String, _ configuration: Configuration) throws {
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        try queue.read { database in
            let mark = try Int.fetchOne(database, sql: "PRAGMA application_id") ?? 0
            if mark == Schema.applicationID { return try refuseNewer(database, path) }
            // A first start that was cut short leaves no table, or the migrator's own.
            let foreign = try String.fetchOne(
                database,
                sql: """
                    SELECT name FROM sqlite_master
                    WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT LIKE 'grdb\\_%' ESCAPE '\\' LIMIT 1
                    """)
            guard mark == 0, foreign == nil else {
                throw DirectoryError(
                    .storeDamaged, "\(path) belongs to another program",
                    advice: "move it away, or give Quarter another state folder")
            }
        }
        try queue.close()
    }

    private static func refuseNewer(_ database: Database, _ path: String) throws {
        let row = try Row.fetchOne(database, sql: "SELECT format, written_by FROM store")
        guard let row, let format = Int.fromDatabaseValue(row["format"]),
            let writer = String.fromDatabaseValue(row["written_by"])
        else {
            throw DirectoryError(
                .storeDamaged, "\(path) does not say which format it has", advice: StoreFailure.damageAdvice)
        }
        guard format > Schema.format else { return }
        throw DirectoryError(
            .storeDamaged,
            "\(path) was written by the newer Quarter \(writer) (format \(format)); this one reads formats up to "
                + "\(Schema.format)",
            advice: "install Quarter \(writer) or newer, or restore a backup that this version made")
    }
}
