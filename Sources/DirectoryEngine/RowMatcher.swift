internal import DirectoryAPI
internal import DirectoryModel
internal import DirectoryStore
internal import RegisterMatching

/// Finds the places of other sources that a new row may tell of.
struct RowMatcher {
    private let source: SourceID
    private let places: [Place]
    private var finder: CandidateFinder

    /// Candidates that are shown of a row; chosen, not measured.
    private static let most = 5

    /// A matcher for rows of a source; takes a lock of the engine's for reading.
    ///
    /// - Parameter ids: the places that other sources have.
    init(of source: SourceID, among ids: Set<String>, engine: DirectoryEngine) {
        self.source = source
        let (places, codes) = engine.reading { index in
            let places = ids.compactMap { index.places[PlaceID(unchecked: $0)]?.record.place }
                .filter { $0.status == .active }
                .sorted { $0.id < $1.id }
            return (places, index.organisations.compactMapValues(\.creditCode))
        }
        self.places = places
        finder = CandidateFinder(
            count: places.count, location: { places[$0].location },
            hasKeys: { index in
                places[index].phone != nil || places[index].organisation.flatMap { codes[$0] } != nil
            },
            traits: { index in
                PlaceTraits(places[index], creditCode: places[index].organisation.flatMap { codes[$0] })
            })
    }

    /// The places that a row is taken for, the likeliest first.
    ///
    /// One that the row's own source has under another key is none: the source itself tells them apart.
    mutating func candidates(
        for place: Place, creditCode: String?, in transaction: borrowing StoreTransaction
    ) throws(DirectoryError) -> [HeldCandidate] {
        guard !places.isEmpty else { return [] }
        let found = finder.candidates(
            for: PlaceTraits(place, creditCode: creditCode), from: SamePlace.sameFrom, limit: Self.most)
        var candidates: [HeldCandidate] = []
        for (index, same) in found {
            let id = places[index].id
            let isOwn = try transaction.reader.sightings(of: .place, id.rawValue)
                .contains { $0.source == source && $0.isPresent }
            if isOwn { continue }
            candidates.append(
                HeldCandidate(place: id, confidence: same.confidence, evidence: same.evidence.map(\.words)))
        }
        return candidates
    }

    /// The name of a candidate.
    func name(of id: PlaceID) -> String { places.first { $0.id == id }?.name ?? id.rawValue }
}

extension PlaceTraits {
    /// A place made ready to be compared.
    init(_ place: Place, creditCode: String?) {
        self.init(
            id: place.id.rawValue, name: place.name, location: place.location, address: place.address,
            phone: place.phone, creditCode: creditCode, type: place.type.rawValue)
    }
}

extension RecordFinding {
    /// That a row waits, because it looks like a place that is there.
    static func held(_ key: String, candidates: [HeldCandidate], name: String) -> RecordFinding {
        let first = candidates[0]
        let percent = Int((first.confidence * 100).rounded(.down))
        let reasons = first.evidence.prefix(3)
        return RecordFinding(
            severity: "warning", code: "row_held", record: key, value: first.place.rawValue,
            message: LocalizedText(
                zh:
                    "很可能就是已有的“\(name)”（\(first.place.rawValue)，把握\(percent)%：\(reasons.map(\.zh).joined(separator: "，"))）；"
                    + "已暂存。是同一处：在“一刻圈编号”列填\(first.place.rawValue)再交一次；不是：用 quarterctl duplicates apart 分开",
                en:
                    "it looks like “\(name)” (\(first.place.rawValue), \(percent) % sure: "
                    + "\(reasons.map(\.en).joined(separator: ", "))); it waits. If they are one, write that "
                    + "id into the column 一刻圈编号 and send it again; if not, `quarterctl duplicates apart`"))
    }
}
