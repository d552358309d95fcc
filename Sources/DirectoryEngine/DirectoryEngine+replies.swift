package import DirectoryAPI
package import DirectoryModel
internal import DirectoryStore

extension DirectoryEngine {
    /// The report, as JSON, that was given to this key of this writer within the last day; nil where there is none.
    ///
    /// - Throws: `idempotency_key_reused` where the key came with another request.
    package func reply(to key: ReplyKey, of actor: Actor) throws(DirectoryError) -> [UInt8]? {
        guard let remembered = try store.read({ try $0.reply(to: key.key, of: actor) }) else { return nil }
        guard remembered.requestDigest == Array(key.requestDigest.utf8) else { throw key.reused }
        return remembered.body
    }

    /// Stores a batch of records of one source in one transaction, and says what became of each.
    package func apply(_ batch: RecordBatch, by actor: Actor) throws(DirectoryError) -> BatchReport {
        try apply(batch, by: actor, replyKey: nil) { made in
            RegisterReport(format: "", source: batch.source.id, batch: made)
        }.batch
    }

    /// Writes the places of a register row by row, in one transaction.
    package func take(
        _ batch: RowBatch, by actor: Actor, rows: (RowWriter) throws(DirectoryError) -> Void
    ) throws(DirectoryError) -> BatchReport {
        try take(batch, by: actor, replyKey: nil, rows: rows) { made in
            RegisterReport(format: "", source: batch.source.id, batch: made)
        }.batch
    }
}

extension StoreTransaction {
    /// Throws `changed_meanwhile` where the key was answered since the caller looked: two requests came with it at
    /// once, and the other one was first.
    mutating func requireUnanswered(_ key: ReplyKey?) throws(DirectoryError) {
        guard let key, try reply(to: key.key) != nil else { return }
        throw DirectoryError(
            .changedMeanwhile, "the Idempotency-Key \(key.key.shortened()) was answered meanwhile",
            advice: "send the same request again", location: "Idempotency-Key")
    }

    /// Keeps a report with the rows that it tells of: neither is ever there without the other.
    mutating func remember(_ report: RegisterReport, under key: ReplyKey?) throws(DirectoryError) {
        guard let key else { return }
        var json = JSONWriter()
        report.write(to: &json)
        try rememberReply(
            to: key.key, requestDigest: Array(key.requestDigest.utf8), status: 200, body: json.bytes())
    }
}
