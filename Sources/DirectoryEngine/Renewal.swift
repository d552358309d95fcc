internal import DirectoryAPI
internal import DirectoryModel
internal import DirectoryStore
internal import ModuleHost
internal import ServiceTypeKit

/// What a reload makes of the places: entries by the new modules and types, and what is worth saying about them.
///
/// The stored records stay as they are. A place whose type changed is normalised for its entry alone, from the
/// stored record: what the new schema no longer allows is not answered, and comes back when the schema does.
struct Renewal {
    private(set) var entries: [PlaceEntry] = []
    /// Places with findings that they did not have under the types before.
    private(set) var doubtful: [ServiceTypeID: Int] = [:]
    /// Places of types that nothing describes any more.
    private(set) var stranded: [ServiceTypeID: Int] = [:]

    /// Reads every place from the store.
    ///
    /// - Throws: what the store throws; then nothing has changed.
    init(of store: DirectoryStore, by host: ModuleHost, before: ModuleHost) throws(DirectoryError) {
        var made = (
            entries: [PlaceEntry](), doubtful: [ServiceTypeID: Int](), stranded: [ServiceTypeID: Int]()
        )
        try store.read { reader in
            try reader.forEachPlace { place in
                guard host.knows(place.type) else {
                    made.stranded[place.type, default: 0] += 1
                    return made.entries.append(PlaceEntry(place, host: host))
                }
                guard !host.serves(place.type, as: before) else {
                    return made.entries.append(PlaceEntry(place, host: host))
                }
                let draft = PlaceDraft(place: place)
                let result = host.normalise(draft)
                let known = Set(before.normalise(draft).findings.map(FindingKind.init))
                if result.findings.contains(where: { !known.contains(FindingKind($0)) }) {
                    made.doubtful[place.type, default: 0] += 1
                }
                made.entries.append(PlaceEntry(result.place, host: host))
            }
        }
        (entries, doubtful, stranded) = made
    }

    /// Lines for the reply, by type.
    var lines: [String] {
        doubtful.sorted { $0.key < $1.key }.map { type, count in
            "type \(type): \(count.grouped) \(count == 1 ? "place has" : "places have") new findings"
        }
            + stranded.sorted { $0.key < $1.key }.map { type, count in
                "type \(type): nothing describes it any more; its \(count.grouped) "
                    + "\(count == 1 ? "place stays, marked" : "places stay, marked") as type_known false"
            }
    }
}

/// What tells one finding of a place from another.
private struct FindingKind: Hashable {
    let code: String
    let field: String?

    init(_ finding: Finding) {
        code = finding.code
        field = finding.field
    }
}
