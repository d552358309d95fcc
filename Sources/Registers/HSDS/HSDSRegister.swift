internal import Digests
internal import DirectoryAPI
internal import DirectoryModel
internal import ServiceTypeKit

#if canImport(Glibc)
    import Glibc
#endif

/// Reads a file of the Human Services Data Specification 3.0: organizations, and a place for each service at each location.
///
/// What `quarterctl export hsds` wrote comes back under its own ids; what others publish is a source of its own.
struct HSDSRegister {
    let sink: any RegisterSink
    let request: RegisterRequest

    func take(progress: @Sendable (LocalizedText, Double) -> Void) throws(DirectoryError) -> RegisterReport {
        let reading = LocalizedText(zh: "读取文件", en: "reading the file")
        progress(reading, 0)
        try checkInstructions()
        let file = try HSDSFile(request)
        let identity = try sink.identity()
        let isOwn = file.directory == identity
        let source = try source(isOwn: isOwn)
        let mappings = MappingShelf(folder: sink.registerFolder.map { $0 + "/mappings" })
        let mapping = try mappings.mapping(of: source, given: request.table.mapping)
        let known = KnownThings(sink)
        let type = request.table.type ?? mapping.type
        if let type, known.types[type] == nil {
            throw DirectoryError(
                .invalidRequest, "there is no service type \(type.rawValue.shortened())",
                advice: "`quarterctl types` lists those that are there", location: "type")
        }
        // The day by the clock of the country; a rule that ends today still holds.
        let now = Timestamp(secondsSince1970: Int64(time(nil)) + 8 * 3_600)
        let intake = HSDSIntake(
            file, sink: sink, known: known, source: source, isOwn: isOwn, mapping: mapping, type: type,
            today: String(now.rfc3339.prefix(10)))
        var batch = RecordBatch(
            source: Source(
                id: source, kind: request.format, title: file.credit.title ?? request.fileName,
                attribution: file.credit.attribution, note: file.credit.note))
        batch.organisations = intake.organisations
        batch.places = intake.places
        batch.fileName = request.fileName
        batch.fileDigest = try FileDigest.sha256(of: request.path)
        progress(reading, 1)

        let storing = LocalizedText(zh: "写入", en: "storing")
        progress(storing, 0)
        let report = try sink.apply(batch, by: request.actor, replyKey: request.replyKey()) {
            (made) throws(DirectoryError) in
            // Before the records count, as with tables.
            if let text = request.table.mapping { try mappings.keep(text, for: source) }
            var made = made
            for (kind, count) in intake.rejected {
                made.counts[kind, default: BatchCounts()].rejected += count
            }
            made.counts[.place, default: BatchCounts()].rejected += file.faults
            made.findings = file.findings + intake.findings + made.findings
            let left =
                intake.leftOut.isEmpty
                ? []
                : [
                    LeftOut(
                        code: HSDSFindingCode.serviceClosed.rawValue,
                        reason: LocalizedText(zh: "服务已停止", en: "not offered any more"), keys: intake.leftOut)
                ]
            return RegisterReport(
                format: request.format, source: source, batch: made, leftOut: left,
                takenAs: intake.taken.map { TakenAs(type: $0, reason: "HSDS", count: $1) }
                    .sorted { ($1.count, $0.type) < ($0.count, $1.type) },
                figures: [
                    ("file", "HSDS " + (file.version ?? "3.0")),
                    ("ids", isOwn ? "of this directory" : "of the source"),
                ])
        }
        progress(storing, 1)
        return report
    }

    /// Throws `invalid_request` for what can be said of a table only.
    private func checkInstructions() throws(DirectoryError) {
        let table = request.table
        let word: String? =
            table.datum != nil
            ? "datum" : table.isComplete ? "complete" : table.isRehearsal ? "dry_run" : nil
        guard let word else { return }
        throw DirectoryError(
            .invalidRequest, "“\(word)” is for tables, and \(request.fileName.shortened()) is HSDS",
            advice: "leave it out; an HSDS file takes a type and a mapping", location: word)
    }

    private func source(isOwn: Bool) throws(DirectoryError) -> SourceID {
        if let source = request.source { return source }
        if isOwn { return SourceID(unchecked: request.format) }
        throw DirectoryError(
            .invalidRequest, "an HSDS file of another directory needs the id of its source",
            advice: "give one that its files have every time, such as --source nanjing-hsds",
            location: "source")
    }
}
