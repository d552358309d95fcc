internal import Digests
internal import DirectoryAPI
internal import DirectoryModel
internal import ServiceTypeKit

/// Reads a file of records as `PUT` takes them, each with its id: organisations, places, activities, notices.
///
/// A place that is there already is changed in the named members only, so that one source can say what another
/// cannot, such as the stalls of a market that OpenStreetMap knows.
struct RecordsRegister {
    let sink: any RegisterSink
    let request: RegisterRequest

    func take(progress: @Sendable (LocalizedText, Double) -> Void) throws(DirectoryError) -> RegisterReport {
        let reading = LocalizedText(zh: "读取文件", en: "reading the file")
        progress(reading, 0)
        let file = try RegisterJSON.read(request, advice: Self.advice)
        guard case .object(let members) = file else {
            throw RegisterJSON.invalid(request, "is JSON, but no object", advice: Self.advice)
        }
        let unknown = members.keys.filter { !Self.keys.contains($0) }.min()
        if let unknown {
            throw RegisterJSON.invalid(
                request, "has an unknown member \(unknown.shortened())",
                advice: "known members are " + Self.keys.sorted().joined(separator: ", "))
        }
        var intake = Intake(
            batch: RecordBatch(source: try source(file)),
            types: Dictionary(sink.typeDescriptions.map { ($0.id, $0) }) { first, _ in first })
        progress(reading, 1)
        for value in try list(file, "organisations") { intake.organisation(value) }
        for value in try list(file, "places") { intake.place(value, stored: sink.storedPlace) }
        for value in try list(file, "activities") { intake.activity(value) }
        for value in try list(file, "notices") { intake.notice(value) }
        intake.batch.fileName = request.fileName
        intake.batch.fileDigest = try FileDigest.sha256(of: request.path)

        let storing = LocalizedText(zh: "写入", en: "storing")
        progress(storing, 0)
        let report = try sink.apply(intake.batch, by: request.actor, replyKey: request.replyKey()) { made in
            var made = made
            for (kind, count) in intake.rejected {
                made.counts[kind, default: BatchCounts()].rejected += count
            }
            made.findings = intake.findings + made.findings
            return RegisterReport(format: "records", source: intake.batch.source.id, batch: made)
        }
        progress(storing, 1)
        return report
    }

    private static let advice =
        "give an object with organisations, places, activities, notices, as docs/registers.md shows"
    private static let keys: Set<String> = [
        "title", "attribution", "note", "organisations", "places", "activities", "notices",
    ]

    private func source(_ file: JSONValue) throws(DirectoryError) -> Source {
        func text(_ key: String) -> String? {
            guard case .string(let text)? = file[key] else { return nil }
            return OSMTagRules.cleaned(text, limit: 200)
        }
        return Source(
            id: request.source ?? SourceID(unchecked: "records"), kind: "records",
            title: text("title") ?? request.fileName, attribution: text("attribution"), note: text("note"))
    }

    private func list(_ file: JSONValue, _ key: String) throws(DirectoryError) -> [JSONValue] {
        switch file[key] {
        case nil, .null?: return []
        case .array(let values)?: return values
        default:
            throw RegisterJSON.invalid(request, "has “\(key)”, but no list", advice: Self.advice)
        }
    }
}

/// What becomes of a file's records, one after another.
private struct Intake {
    var batch: RecordBatch
    let types: [ServiceTypeID: ServiceTypeDescription]
    var findings: [RecordFinding] = []
    var rejected: [RecordKind: Int] = [:]
    private var seen: Set<String> = []

    init(batch: RecordBatch, types: [ServiceTypeID: ServiceTypeDescription]) {
        self.batch = batch
        self.types = types
    }

    mutating func organisation(_ value: JSONValue) {
        take(value, .organisation, OrganisationID.self) { intake, id, body throws(DirectoryError) in
            intake.batch.organisations.append(try OrganisationBody(body).organisation(id))
        }
    }

    mutating func place(_ value: JSONValue, stored: (PlaceID) -> Place?) {
        take(value, .place, PlaceID.self) { intake, id, body throws(DirectoryError) in
            let present = stored(id)
            let whole = present.map { PlaceBody.json(of: $0).merged(with: body) } ?? body
            let read = try PlaceBody(whole)
            guard let type = intake.types[read.type] else {
                throw DirectoryError(
                    .invalidRecord, "there is no service type \(read.type.rawValue.shortened())",
                    advice: "`quarterctl types` lists those that are there", location: "type")
            }
            var place = try read.place(id, of: type)
            if place.location == present?.location { place.given = present?.given }
            intake.batch.places.append(SourcedPlace(key: id.rawValue, place: place, raw: [:]))
        }
    }

    mutating func activity(_ value: JSONValue) {
        take(value, .activity, ActivityID.self) { intake, id, body throws(DirectoryError) in
            intake.batch.activities.append(try ActivityBody(body).activity(id))
        }
    }

    mutating func notice(_ value: JSONValue) {
        take(value, .notice, NoticeID.self) { intake, id, body throws(DirectoryError) in
            let read = try NoticeBody(body)
            guard let to = read.to.addressee else {
                throw DirectoryError(
                    .invalidRecord, "notice: “to” has no kind", advice: "say community, grid or origin",
                    location: "to")
            }
            intake.batch.notices.append(read.notice(id, to: to, community: nil))
        }
    }

    /// Reads a record by its id, or says why it cannot be read.
    private mutating func take<ID: DirectoryID>(
        _ value: JSONValue, _ kind: RecordKind, _: ID.Type,
        _ read: (inout Intake, ID, JSONValue) throws(DirectoryError) -> Void
    ) {
        var name = "#\((rejected[kind] ?? 0) + seen.count + 1)"
        do throws(DirectoryError) {
            guard case .object(var members) = value, case .string(let text)? = members["id"] else {
                throw DirectoryError(.invalidRecord, "a record is an object with an id", location: "id")
            }
            name = String(text.prefix(128))
            let id = try ID(validating: text)
            guard seen.insert(kind.rawValue + "/" + text).inserted else {
                throw DirectoryError(.invalidRecord, "an earlier record has this id", location: "id")
            }
            members["id"] = nil
            try read(&self, id, .object(members))
        } catch {
            rejected[kind, default: 0] += 1
            findings.append(
                RecordFinding(
                    severity: "error", code: error.code.rawValue, record: name, field: error.location,
                    message: LocalizedText(
                        zh: "记录无法导入：" + (error.cause ?? error.message),
                        en: error.message + (error.advice.map { "; " + $0 } ?? ""))))
        }
    }
}
