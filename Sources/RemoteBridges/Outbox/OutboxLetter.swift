internal import DirectoryModel

/// What is to be delivered: one change of one record, or one record of a whole set.
package struct OutboxLetter: Hashable, Sendable {
    /// Its number in the outbox: letters of one record are delivered in this order.
    package var number: Int64
    /// What a receiver tells it by: the same at each try, and of no other letter.
    package var message: String
    /// The record, as `place osm-n1`; empty for the beginning and the end of a set.
    package var record: String
    /// Whether all before it must be delivered first, and nothing after it may be: the beginning and the end of a set.
    package var isBarrier: Bool
    /// What is delivered: JSON.
    package var body: [UInt8]
    /// When it was put in, in seconds since 1970.
    package var keptAt: Double
    /// Tries that failed because of it.
    package var attempts: Int
    /// When it is tried next, in seconds since 1970; 0 for at once.
    package var due: Double
    /// Whether it is not tried any more.
    package var isDead: Bool
    /// Why the last try failed; nil where none has.
    package var fault: String?
    /// The status that the receiver answered with then.
    package var status: Int?
}

/// What the receiver said of a letter that it took.
package struct OutboxReceipt: Hashable, Sendable {
    /// The letter's number.
    package var number: Int64
    /// What it was told by.
    package var message: String
    /// The record.
    package var record: String
    /// The HTTP status.
    package var status: Int
    /// The receiver's own number for it.
    package var receipt: String?
    /// When, in seconds since 1970.
    package var deliveredAt: Double
}

/// How an outbox stands.
package struct OutboxFigures: Hashable, Sendable {
    /// How far of the feed it has; nil before the first time.
    package var position: String?
    /// Whether a whole set is being read.
    package var isReadingSet: Bool
    /// Letters that wait.
    package var waiting: Int
    /// Letters that are not tried any more.
    package var dead: Int
    /// Letters that were delivered, since the outbox was made.
    package var delivered: Int
    /// When the oldest letter that waits was put in, in seconds since 1970.
    package var oldestWaiting: Double?
    /// When the last one was delivered, in seconds since 1970.
    package var lastDelivery: Double?
    /// Why the receiver takes nothing; nil where it does.
    package var receiverFault: String?
    /// Until when it is left alone.
    package var pausedUntil: Double?
}
