package import DirectoryAPI
package import DirectoryModel
internal import DirectoryStore

extension DirectoryEngine {
    /// The last registers that were brought in, newest first.
    ///
    /// - Parameter limit: the most that are given.
    package func imports(limit: Int) throws(DirectoryError) -> [ImportSummary] {
        try store.read { reader in try reader.imports(limit: limit).map(ImportSummary.init) }
    }

    /// Takes an import back: what it made is deleted, what it changed is as it was before.
    ///
    /// - Throws: `not_found`; `changed_meanwhile` where some of its records were changed since, and then nothing is
    ///   taken back; `invalid_record` where a later record names one that would be deleted.
    package func undoImport(_ number: Int64, by actor: Actor) throws(DirectoryError) -> UndoReply {
        try exclusively { () throws(DirectoryError) -> UndoReply in
            var reply = UndoReply(revision: Revision(0), batch: number, restored: 0, deleted: 0)
            let committed = try store.write(by: actor, source: DirectoryEngine.handSource.id) { transaction in
                guard let batch = try transaction.reader.importBatch(number) else {
                    throw DirectoryError(
                        .notFound, "there is no import \(number)",
                        advice: "`quarterctl import list` shows those that there are")
                }
                // One that changed nothing bears the revision of somebody else's change.
                let counts = batch.counts
                guard counts.accepted + counts.changed + counts.closed + counts.held > 0 else { return }
                let entries = try transaction.reader.audit(of: batch.revision).reversed()
                try Self.refuseChanged(since: batch, entries: entries, in: transaction)
                try transaction.put(DirectoryEngine.handSource)
                for entry in entries where entry.kind != .source {
                    if let before = entry.before {
                        try transaction.put(try RecordJSON.decode(before, as: entry.kind))
                        reply.restored += 1
                    } else if case .deleted = try transaction.delete(entry.kind, entry.id, evenIfSeen: true) {
                        reply.deleted += 1
                    }
                }
                try transaction.undoStatements(at: batch.revision)
                try transaction.undoHeldRows(of: batch.source, at: batch.revision)
                try transaction.undoSightings(of: batch.source, at: batch.revision)
            }
            publish(committed.changes, made: [:], revision: committed.revision)
            reply.revision = committed.revision
            return reply
        }
    }

    /// Throws where a record is no longer as the import left it.
    ///
    /// One that was changed and is as it was left again is no obstacle: of two imports taken back one after the other the
    /// second finds it so. Where several sources speak of a place it is one, for of their words one step is kept.
    private static func refuseChanged(
        since batch: ImportBatch, entries: some Sequence<AuditEntry>,
        in transaction: borrowing StoreTransaction
    ) throws(DirectoryError) {
        var changed: [AuditEntry] = []
        var seen: Set<String> = []
        for entry in entries where entry.kind != .source {
            // Of two entries about one record the last tells how it was left; it comes first here.
            guard seen.insert(entry.kind.rawValue + "/" + entry.id).inserted else { continue }
            let last = try transaction.reader.audit(of: entry.kind, entry.id, limit: 1).first
            guard let last, last.number != entry.number else { continue }
            var isShared = false
            if entry.kind == .place {
                isShared = try !transaction.reader.statements(of: PlaceID(unchecked: entry.id)).isEmpty
            }
            if isShared || last.after != entry.after { changed.append(last) }
        }
        guard let first = changed.first else { return }
        let others = changed.count > 1 ? " and \((changed.count - 1).grouped) more" : ""
        throw DirectoryError(
            .changedMeanwhile,
            "import \(batch.number) cannot be taken back: \(first.kind.rawValue) \(first.id.shortened())\(others) "
                + "changed since, last by \(first.actor.name)",
            advice: "take back the later import first, or mend the records by hand")
    }
}

extension ImportSummary {
    fileprivate init(_ batch: ImportBatch) {
        let counts = batch.counts
        self.init(
            number: batch.number, source: batch.source, fileName: batch.fileName,
            fileDigest: batch.fileDigest,
            rows: [
                .created: counts.accepted, .changed: counts.changed, .unchanged: counts.unchanged,
                .rejected: counts.rejected, .held: counts.held,
            ], closed: counts.closed, revision: batch.revision, time: batch.time)
    }
}
