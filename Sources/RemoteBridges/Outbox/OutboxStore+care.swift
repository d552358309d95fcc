package import DirectoryModel
internal import Foundation
internal import GRDB

extension OutboxStore {
    /// How the outbox stands.
    package func figures() throws(DirectoryError) -> OutboxFigures {
        try read { database in
            let row = try Row.fetchOne(
                database,
                sql: """
                    SELECT *, (SELECT count(*) FROM letters WHERE is_dead = 0) AS waiting,
                        (SELECT count(*) FROM letters WHERE is_dead = 1) AS dead,
                        (SELECT min(kept_at) FROM letters WHERE is_dead = 0) AS oldest
                    FROM outbox
                    """)
            guard let row else {
                throw DirectoryError(.storeDamaged, "the outbox has lost its position", location: self.path)
            }
            return OutboxFigures(
                position: row["position"], isReadingSet: (row["set_kind"] as String?) != nil,
                waiting: row["waiting"], dead: row["dead"], delivered: row["delivered"],
                oldestWaiting: row["oldest"], lastDelivery: row["last_delivery"],
                receiverFault: row["receiver_fault"], pausedUntil: row["paused_until"])
        }
    }

    /// Letters in the order of their numbers.
    ///
    /// - Parameter isDead: only those that are not tried any more, or only those that are; nil for all.
    package func letters(isDead: Bool?, limit: Int) throws(DirectoryError) -> [OutboxLetter] {
        try read { database in
            try Row.fetchAll(
                database,
                sql: "SELECT * FROM letters WHERE ?1 IS NULL OR is_dead = ?1 ORDER BY number LIMIT ?2",
                arguments: [isDead, limit]
            ).map(OutboxLetter.init)
        }
    }

    /// The last receipts, newest first.
    package func receipts(limit: Int) throws(DirectoryError) -> [OutboxReceipt] {
        try read { database in
            try Row.fetchAll(
                database, sql: "SELECT * FROM receipts ORDER BY delivered_at DESC, number DESC LIMIT ?",
                arguments: [limit]
            ).map {
                OutboxReceipt(
                    number: $0["number"], message: $0["message"], record: $0["record"], status: $0["status"],
                    receipt: $0["receipt"], deliveredAt: $0["delivered_at"])
            }
        }
    }

    /// Has a letter tried again at once, with all its tries before it.
    ///
    /// - Parameter overLater: whether also where a later change of its record has been delivered, which it would undo.
    /// - Throws: `not_found`; `changed_meanwhile` where a later one has been delivered.
    package func retry(_ number: Int64, overLater: Bool) throws(DirectoryError) {
        try write { database in
            let letter = try self.letter(number, database)
            if !overLater, !letter.isBarrier,
                let later = try String.fetchOne(
                    database, sql: "SELECT message FROM receipts WHERE record = ? AND number > ? LIMIT 1",
                    arguments: [letter.record, number])
            {
                throw DirectoryError(
                    .changedMeanwhile,
                    "a later change of \(letter.record) has been delivered (\(later)): this one would undo it",
                    advice: "drop it, or give --over-later")
            }
            try database.execute(
                sql: "UPDATE letters SET is_dead = 0, attempts = 0, due = 0 WHERE number = ?",
                arguments: [number])
        }
    }

    /// Forgets a letter that is not tried any more.
    ///
    /// - Throws: `not_found`; `invalid_request` for one that is still tried.
    package func drop(_ number: Int64) throws(DirectoryError) {
        try write { database in
            guard try self.letter(number, database).isDead else {
                throw DirectoryError(
                    .invalidRequest, "letter \(number) still is to be delivered, and is not dropped",
                    advice: "stop the unit and see the receiver, where it must not be")
            }
            try database.execute(sql: "DELETE FROM letters WHERE number = ?", arguments: [number])
        }
    }

    private func letter(_ number: Int64, _ database: Database) throws -> OutboxLetter {
        guard
            let row = try Row.fetchOne(
                database, sql: "SELECT * FROM letters WHERE number = ?", arguments: [number])
        else {
            throw DirectoryError(
                .notFound, "there is no letter \(number)",
                advice: "`quarter-bridge outbox list` shows those that there are")
        }
        return OutboxLetter(row)
    }
}
