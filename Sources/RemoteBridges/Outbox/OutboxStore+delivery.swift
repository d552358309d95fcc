internal import DirectoryModel
internal import Foundation
internal import GRDB

extension OutboxStore {
    /// The first letter that may be tried now and is of no record that is under way.
    ///
    /// - Parameters:
    ///   - underWay: records of which a letter is being delivered.
    ///   - now: seconds since 1970.
    ///   - holds: whether a dead letter holds up the later ones of its record, and the end of a set.
    func next(besides underWay: Set<String>, now: Double, holds: Bool) throws(DirectoryError) -> OutboxLetter?
    {
        try read { database in
            // Of each record only its oldest letter qualifies, so each one under way takes one row at most.
            let rows = try Row.fetchCursor(
                database.cachedStatement(
                    sql: """
                        SELECT * FROM letters AS this
                        WHERE is_dead = 0 AND due <= :now
                            AND NOT EXISTS (
                                SELECT 1 FROM letters AS earlier
                                WHERE earlier.record = this.record AND earlier.number < this.number
                                    AND (:holds OR earlier.is_dead = 0))
                            AND NOT EXISTS (
                                SELECT 1 FROM letters AS barrier
                                WHERE barrier.is_barrier = 1 AND barrier.number < this.number
                                    AND (:holds OR barrier.is_dead = 0))
                            AND (is_barrier = 0 OR NOT EXISTS (
                                SELECT 1 FROM letters AS earlier
                                WHERE earlier.number < this.number AND (:holds OR earlier.is_dead = 0)))
                        ORDER BY number LIMIT :limit
                        """),
                arguments: ["now": now, "holds": holds, "limit": underWay.count + 1])
            while let row = try rows.next() {
                let letter = OutboxLetter(row)
                if !underWay.contains(letter.record) { return letter }
            }
            return nil
        }
    }

    /// When the next letter that waits for its time is due, after `now`; nil where none does.
    func nextDue(after now: Double) throws(DirectoryError) -> Double? {
        try read { database in
            try Double.fetchOne(
                database, sql: "SELECT min(due) FROM letters WHERE is_dead = 0 AND due > ?", arguments: [now])
        }
    }

    /// Notes that a letter was taken, and forgets it.
    func settle(_ letter: OutboxLetter, status: Int, receipt: String?, keeping limit: Int)
        throws(DirectoryError)
    {
        let now = Date().timeIntervalSince1970
        try write { database in
            try database.execute(
                sql: "INSERT OR REPLACE INTO receipts VALUES (?, ?, ?, ?, ?, ?)",
                arguments: [letter.number, letter.message, letter.record, status, receipt, now])
            try database.execute(sql: "DELETE FROM letters WHERE number = ?", arguments: [letter.number])
            try database.execute(
                sql: "DELETE FROM receipts WHERE number <= (SELECT max(number) FROM receipts) - ?",
                arguments: [limit])
            try database.execute(
                sql: """
                    UPDATE outbox SET delivered = delivered + 1, last_delivery = ?, receiver_fault = NULL,
                        paused_until = NULL
                    """,
                arguments: [now])
        }
    }

    /// Notes that a try failed because of the letter.
    ///
    /// - Parameter due: when it is tried again; nil for never.
    func refuse(_ letter: OutboxLetter, due: Double?, fault: String, status: Int?) throws(DirectoryError) {
        try write { database in
            try database.execute(
                sql: """
                    UPDATE letters SET attempts = attempts + 1, due = ?, is_dead = ?, fault = ?, status = ?
                    WHERE number = ?
                    """,
                arguments: [due ?? 0, due == nil, fault, status, letter.number])
        }
    }

    /// Notes why the receiver takes nothing, and until when it is left alone.
    func pause(until moment: Double, fault: String) throws(DirectoryError) {
        try write { database in
            try database.execute(
                sql: "UPDATE outbox SET receiver_fault = ?, paused_until = ?", arguments: [fault, moment])
        }
    }
}

extension OutboxLetter {
    /// The letter of a row.
    init(_ row: Row) {
        self.init(
            number: row["number"], message: row["message"], record: row["record"],
            isBarrier: row["is_barrier"], body: [UInt8](row["body"] as Data), keptAt: row["kept_at"],
            attempts: row["attempts"], due: row["due"], isDead: row["is_dead"], fault: row["fault"],
            status: row["status"])
    }
}
