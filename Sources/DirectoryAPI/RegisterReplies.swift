package import DirectoryModel

/// The key under which the report of a register is kept, so that the same register, sent again, gets it again.
package struct ReplyKey: Hashable, Sendable {
    /// The client's own key: 1 to 128 visible ASCII characters.
    package var key: String
    /// A digest of everything that was asked, the file's bytes too, to tell a repeated request from another one.
    package var requestDigest: String

    /// A key; see the fields.
    package init(key: String, requestDigest: String) {
        self.key = key
        self.requestDigest = requestDigest
    }

    /// That the key was used with another request.
    package var reused: DirectoryError {
        DirectoryError(
            .keyReused, "the Idempotency-Key \(key.shortened()) was used with another request",
            advice: "make a new key for each new request", location: "Idempotency-Key")
    }
}

/// Makes the report of a register of what became of its records.
package typealias ReportMaker = (BatchReport) throws(DirectoryError) -> RegisterReport

extension RegisterSink {
    /// None is remembered.
    package func reply(to key: ReplyKey, of actor: Actor) throws(DirectoryError) -> [UInt8]? { nil }

    /// Stores a batch, then makes the report; nothing is remembered.
    package func apply(
        _ batch: RecordBatch, by actor: Actor, replyKey: ReplyKey?, report: ReportMaker
    ) throws(DirectoryError) -> RegisterReport {
        try report(apply(batch, by: actor))
    }

    /// Writes rows, then makes the report; nothing is remembered.
    package func take(
        _ batch: RowBatch, by actor: Actor, replyKey: ReplyKey?,
        rows: (RowWriter) throws(DirectoryError) -> Void, report: ReportMaker
    ) throws(DirectoryError) -> RegisterReport {
        try report(take(batch, by: actor, rows: rows))
    }
}
