// Registers: register files in (OpenStreetMap, communities, records, tables), row-level reports out.
// May import: DirectoryAPI, ServiceTypeKit, DirectoryModel, OSMReader, WalkNetwork, AreaGeometry, Digests,
// TableFiles, Datums, RegisterMatching, StreetMap, TOMLDocument.

package import DirectoryAPI
package import DirectoryModel

/// Reads register files of every known format into one directory.
///
/// A file is read whole before anything is written: one that cannot be read changes nothing.
package struct RegisterReader: RegisterIntake {
    private let sink: any RegisterSink

    /// A reader that puts what it reads into `sink`.
    package init(sink: any RegisterSink) { self.sink = sink }

    /// The raw values of `RegisterKind`, and `json` for a JSON file of any kind, which is told by what is in it.
    package var formats: [String] { RegisterKind.allCases.map(\.rawValue) + [RegisterEndings.json] }

    /// The bytes of an answer file, by the name that its report gave.
    ///
    /// - Throws: `not_found`.
    package func answer(_ name: String, from offset: Int, count: Int?) throws(DirectoryError) -> [UInt8] {
        try AnswerShelf(folder: sink.registerFolder).bytes(of: name, from: offset, count: count)
    }

    /// Reads a file whole, stores its records in one transaction, and says what became of each.
    ///
    /// - Throws: `invalid_request` for an unknown format or an id that cannot be one, `unreadable_file`,
    ///   `invalid_file`, and what the sink throws.
    package func take(_ given: RegisterRequest, progress: @Sendable (LocalizedText, Double) -> Void)
        throws(DirectoryError) -> RegisterReport
    {
        var request = given
        if request.format == RegisterEndings.json {
            request.format = try RegisterKind.ofJSON(at: request.path, fileName: request.fileName).rawValue
        }
        guard let format = RegisterKind(rawValue: request.format) else {
            throw DirectoryError(
                .invalidRequest, "there is no register format \(request.format.shortened())",
                advice: "use one of " + formats.joined(separator: ", "), location: "format")
        }
        guard let key = try request.replyKey() else { return try read(request, as: format, progress) }
        if let first = try firstReport(to: request, under: key) { return first }
        do throws(DirectoryError) {
            return try read(request, as: format, progress)
        } catch {
            // Two requests with one key at once: the other one was first, and its report is this one's too.
            guard error.code == .changedMeanwhile, let first = try firstReport(to: request, under: key) else {
                throw error
            }
            return first
        }
    }

    /// The report that the same request was given before.
    ///
    /// - Throws: `idempotency_key_reused`.
    private func firstReport(
        to request: RegisterRequest, under key: ReplyKey
    ) throws(DirectoryError) -> RegisterReport? {
        guard let first = try sink.reply(to: key, of: request.actor) else { return nil }
        var report = RegisterReport(
            format: request.format, source: request.source ?? SourceID(unchecked: request.format),
            batch: BatchReport(revision: Revision(0), counts: [:], findings: []))
        report.firstReply = first
        return report
    }

    private func read(
        _ request: RegisterRequest, as format: RegisterKind,
        _ progress: @Sendable (LocalizedText, Double) -> Void
    ) throws(DirectoryError) -> RegisterReport {
        switch format {
        case .osm: return try OSMRegister(sink: sink, request: request).take(progress: progress)
        case .communities: return try CommunityRegister(sink: sink, request: request).take(progress: progress)
        case .records: return try RecordsRegister(sink: sink, request: request).take(progress: progress)
        case .hsds: return try HSDSRegister(sink: sink, request: request).take(progress: progress)
        case .table, .geojson: return try TableRegister(sink: sink, request: request).take(progress: progress)
        }
    }
}
