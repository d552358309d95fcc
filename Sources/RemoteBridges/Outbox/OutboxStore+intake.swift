internal import DirectoryModel
internal import Foundation
internal import GRDB

/// Where the intake of an outbox is.
struct OutboxIntake: Equatable {
    /// A part of each message's id that becomes another with each whole set: a directory that was restored may use
    /// positions again.
    var era: String
    /// What was asked for the last time; nil before the first.
    var scope: String?
    /// How far of the feed it has; nil before the first time.
    var position: String?
    /// The kind of the list that is being read for a set; nil where none is.
    var setKind: String?
    /// The cursor after which that list goes on.
    var setAfter: String?
    /// Messages of this set so far.
    var setCount: Int
}

/// A letter before it has a number.
struct NewLetter {
    /// What a receiver tells it by, within its era.
    var message: String
    /// The record; empty for a barrier.
    var record: String
    /// What is delivered.
    var body: [UInt8]
}

extension OutboxStore {
    /// Where the intake is.
    func intake() throws(DirectoryError) -> OutboxIntake {
        try read { database in
            guard let row = try Row.fetchOne(database, sql: "SELECT * FROM outbox") else {
                throw DirectoryError(.storeDamaged, "the outbox has lost its position", location: self.path)
            }
            return OutboxIntake(
                era: row["era"], scope: row["scope"], position: row["position"], setKind: row["set_kind"],
                setAfter: row["set_after"], setCount: row["set_count"])
        }
    }

    /// Puts letters in and notes where the intake is then: both, or neither.
    ///
    /// A letter that is there already, by its message, is not put in again.
    func put(_ letters: [NewLetter], then intake: OutboxIntake) throws(DirectoryError) {
        let now = Date().timeIntervalSince1970
        try write { database in
            let insert = try database.cachedStatement(
                sql: """
                    INSERT OR IGNORE INTO letters (message, record, is_barrier, body, kept_at)
                    VALUES (?, ?, ?, ?, ?)
                    """)
            for letter in letters {
                try insert.execute(
                    arguments: [
                        letter.message, letter.record, letter.record.isEmpty, Data(letter.body), now,
                    ])
            }
            try database.execute(
                sql: """
                    UPDATE outbox SET era = ?, scope = ?, position = ?, set_kind = ?, set_after = ?, set_count = ?
                    """,
                arguments: [
                    intake.era, intake.scope, intake.position, intake.setKind, intake.setAfter,
                    intake.setCount,
                ])
        }
    }
}
