internal import DirectoryAPI
internal import DirectoryModel
internal import DirectoryStore
internal import ModuleHost
internal import ServiceTypeKit

/// Judges the places that one source delivers, one after another: what is stored of each, and what is wrong with it.
struct PlaceIntake {
    /// The communities that a place may lie in.
    let communities: Set<CommunityID>
    private let engine: DirectoryEngine
    private let host: ModuleHost
    private let finder: CommunityFinder
    /// The places that another source has as well: what this one does not state, that one may have.
    private let knownToOthers: Set<String>

    /// An intake; the caller is the only writer while it is used.
    ///
    /// - Parameters:
    ///   - finder: finds the community of a point.
    ///   - coming: communities that are not stored yet.
    init(
        of source: SourceID, engine: DirectoryEngine, finder: CommunityFinder,
        communities coming: [CommunityID]
    ) {
        self.engine = engine
        self.finder = finder
        (host, communities) = engine.lock.reading {
            (engine.index.host, Set(engine.index.communities.keys).union(coming))
        }
        knownToOthers = Self.placesKnownToOthers(than: source, engine: engine)
    }

    /// What is to be stored of a place, with all that is to be said of it.
    ///
    /// - Returns: no entry for a place that is refused.
    func judge(_ sourced: SourcedPlace) -> (entry: PlaceEntry?, findings: [RecordFinding]) {
        var draft = sourced.place
        if let stated = draft.community, !communities.contains(stated) {
            return refused(sourced, code: "community_unknown", field: "community", value: stated.rawValue)
        }
        let present = engine.lock.reading { engine.index.places[draft.id]?.record.place }
        if let present, !host.knows(present.type), present.type != draft.type {
            return refused(sourced, code: "module_missing", field: "type", value: present.type.rawValue)
        }
        draft.community = draft.community ?? draft.location.flatMap(finder.community(at:))
        // What an office has said about days to come is its own: no source replaces it by silence.
        if let present {
            if draft.exceptions.isEmpty { draft.exceptions = present.exceptions }
            draft.calendarPolicy = draft.calendarPolicy ?? present.calendarPolicy
            draft.within = draft.within ?? present.within
            draft.room = draft.room ?? present.room
            draft.organisation = draft.organisation ?? present.organisation
            if draft.serviceArea.isEmpty { draft.serviceArea = present.serviceArea }
            draft.isWalkIn = draft.isWalkIn && present.isWalkIn
        }
        var result = host.normalise(PlaceDraft(place: draft, raw: sourced.raw))
        if let present, knownToOthers.contains(draft.id.rawValue) {
            result = keeping(present.attributes, in: result)
        }
        var findings = result.findings.map { RecordFinding($0, record: sourced.key) }
        findings += OpeningBook.findings(
            about: result.place, of: host.type(result.place.type), record: sourced.key)
        guard !result.findings.contains(where: { $0.severity == .error }) else { return (nil, findings) }
        return (PlaceEntry(result.place, host: host), findings)
    }

    private func refused(
        _ sourced: SourcedPlace, code: String, field: String, value: String
    ) -> (entry: PlaceEntry?, findings: [RecordFinding]) {
        (nil, [RecordFinding(missing: value, code: code, record: sourced.key, field: field)])
    }

    private static func placesKnownToOthers(than source: SourceID, engine: DirectoryEngine) -> Set<String> {
        let others = engine.lock.reading { engine.index.sources.keys.filter { $0 != source } }
        var known: Set<String> = []
        for other in others {
            let ids = try? engine.store.read { reader in
                try reader.recordIDs(of: other, kind: .place, presentOnly: true)
            }
            known.formUnion(ids?.values.map { $0 } ?? [])
        }
        return known
    }

    /// A place with the attributes that it had, where the new delivery does not state them.
    private func keeping(
        _ attributes: [String: AttributeValue], in result: NormalisedPlace
    ) -> NormalisedPlace {
        let kept = attributes.filter { result.place.attributes[$0.key] == nil }
        guard !kept.isEmpty else { return result }
        var place = result.place
        place.attributes.merge(kept) { new, _ in new }
        var again = host.normalise(PlaceDraft(place: place))
        again.findings = result.findings + again.findings.filter { !result.findings.contains($0) }
        return again
    }
}

extension RecordFinding {
    /// That a record names something that is not there.
    init(missing value: String, code: String, record: String, field: String) {
        self.init(
            severity: "error", code: code, record: record, field: field, value: value,
            message: LocalizedText(
                zh: "“\(field)”所指的\(value.shortened())不存在，请先导入它",
                en: "“\(field)” names \(value.shortened()), which is not there: import that first"))
    }

    /// That a source replaces what somebody had last changed by hand; nil where nobody had.
    static func handEditReplaced(
        _ kind: RecordKind, _ id: String, _ key: String, in transaction: borrowing StoreTransaction
    ) throws(DirectoryError) -> RecordFinding? {
        guard let last = try transaction.reader.audit(of: kind, id, limit: 1).first,
            last.source == DirectoryEngine.handSource.id
        else { return nil }
        return RecordFinding(
            severity: "warning", code: "hand_edit_replaced", record: key, value: id,
            message: LocalizedText(
                zh: "\(last.actor.name) 手工修改过这条记录，现已被来源的内容取代；如仍需要请在来源中修改",
                en:
                    "\(last.actor.name) had changed this record by hand, and the source's words have replaced "
                    + "that; if it is still right, change it at the source"))
    }
}
