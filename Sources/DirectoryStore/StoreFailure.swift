import DirectoryModel
import GRDB
import GRDBSQLite

/// Turns what SQLite, GRDB and callers' closures throw into errors of ours.
enum StoreFailure {
    /// What to do with a store that cannot be read.
    static let damageAdvice =
        "stop quarterd, set the file and its -wal aside, restore a backup or import the registers again"

    /// The error of ours for any error; one of ours is left as it is.
    static func directoryError(_ error: any Error, path: String) -> DirectoryError {
        switch error {
        case let error as DirectoryError:
            return error
        case let error as DatabaseError:
            let code = error.extendedResultCode.rawValue
            return directoryError(code: code, message: error.message ?? "SQLite code \(code)", path: path)
        case let error as RowDecodingError:
            return DirectoryError(
                .storeDamaged, "\(path) holds a row that cannot be read", advice: damageAdvice,
                cause: "\(error)")
        default:
            return DirectoryError(.internalError, "work on \(path) was broken off", cause: "\(error)")
        }
    }

    /// The error of ours for an extended result code of SQLite.
    static func directoryError(code: Int32, message: String, path: String) -> DirectoryError {
        switch code & 0xFF {
        case SQLITE_NOTADB, SQLITE_CORRUPT, SQLITE_FORMAT:
            DirectoryError(
                .storeDamaged, "\(path) is damaged, or is no store of Quarter", advice: damageAdvice,
                cause: message)
        case SQLITE_ERROR, SQLITE_SCHEMA:
            // Every statement of ours is constant and fits the tables that the migrations make.
            DirectoryError(
                .storeDamaged, "\(path) does not have the tables that it should have", advice: damageAdvice,
                cause: message)
        case SQLITE_FULL:
            DirectoryError(
                .storeUnwritable, "\(path) cannot grow: the disk is full",
                advice: "free some space; nothing was lost", cause: message)
        case SQLITE_READONLY, SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_IOERR, SQLITE_AUTH:
            DirectoryError(
                .storeUnwritable, "\(path) cannot be opened or written",
                advice:
                    "check that its folder exists, that this user may write it, and that the disk is sound",
                cause: message)
        case SQLITE_BUSY, SQLITE_LOCKED:
            DirectoryError(
                .storeUnwritable, "another program holds \(path)",
                advice: "stop the program that has it open and try again", cause: message)
        case SQLITE_CONSTRAINT, SQLITE_TOOBIG, SQLITE_MISMATCH:
            DirectoryError(
                .invalidRecord, "\(path) does not take this record", advice: "correct the record",
                cause: message)
        case SQLITE_MISUSE:
            DirectoryError(.unavailable, "\(path) is closed", advice: "open it again", cause: message)
        default:
            DirectoryError(.internalError, "SQLite failed on \(path)", cause: "\(message), code \(code)")
        }
    }
}
