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
    private let source: SourceID
    private let desk: StatementDesk
    /// The places that another source has.
    let knownToOthers: Set<String>
    /// The places of which several sources have spoken.
    private let stated: Set<String>

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
        self.source = source
        let precedence: Precedence
        (host, communities, precedence) = engine.reading { index in
            (
                index.host, Set(index.communities.keys).union(coming),
                index.settings.precedence
            )
        }
        desk = StatementDesk(precedence: precedence, host: host, finder: finder)
        knownToOthers = Self.placesKnownToOthers(than: source, engine: engine)
        stated = (try? engine.store.read { try $0.statedPlaces() }) ?? []
    }

    /// Whether several sources speak of a place: then each has its own words about it.
    private func isShared(_ id: PlaceID) -> Bool {
        knownToOthers.contains(id.rawValue) || stated.contains(id.rawValue)
    }

    /// A place made ready for answers.
    func entry(_ place: Place) -> PlaceEntry { PlaceEntry(place, host: host) }

    /// What is to be stored of a place that was judged; its statement, where it needs one, is written already.
    ///
    /// - Returns: the place, and what is to be said of it besides.
    func settle(
        _ judged: Place, _ sourced: SourcedPlace, into transaction: inout StoreTransaction
    ) throws(DirectoryError) -> (place: Place, findings: [RecordFinding]) {
        guard isShared(judged.id) else { return (judged, []) }
        let present = try transaction.place(judged.id)
        var fields = sourced.stated ?? PlaceFields.stated(by: sourced.place)
        fields.formIntersection(PlaceFields.stated(by: judged))
        for (key, value) in judged.attributes where sourced.stated == nil || present?.attributes[key] != value
        {
            fields.insert(PlaceFields.attributes + key)
        }
        fields.formUnion(["type", "name"])
        let settled = try desk.take(
            judged, of: judged.id, fields: fields, source: source, key: sourced.key, present: present,
            into: &transaction)
        guard !settled.replacedHand.isEmpty else { return (settled.place, []) }
        return (
            settled.place,
            [RecordFinding.handEditReplaced(settled.replacedHand, of: judged.id, sourced.key)]
        )
    }

    /// Takes back the words of this source about places that it no longer has and another one has.
    ///
    /// - Parameter ids: the places.
    func withdraw(
        _ ids: [String], from transaction: inout StoreTransaction
    ) throws(DirectoryError) {
        for id in ids where stated.contains(id) {
            guard let present = try transaction.place(PlaceID(unchecked: id)) else { continue }
            let gone = try Set(
                transaction.reader.sightings(of: .place, id).filter { $0.source == source && !$0.isPresent }
                    .map(\.key))
            if let place = try desk.withdraw(source, keys: gone, of: present, into: &transaction) {
                try transaction.put(place)
            }
        }
    }

    /// What is to be stored of a place, with all that is to be said of it.
    ///
    /// - Returns: no entry for a place that is refused.
    func judge(_ sourced: SourcedPlace) -> (entry: PlaceEntry?, findings: [RecordFinding]) {
        var draft = sourced.place
        if let stated = draft.community, !communities.contains(stated) {
            return refused(sourced, code: "community_unknown", field: "community", value: stated.rawValue)
        }
        let present = engine.reading { index in index.places[draft.id]?.record.place }
        if let present, !host.knows(present.type), present.type != draft.type {
            return refused(sourced, code: "module_missing", field: "type", value: present.type.rawValue)
        }
        draft.community = draft.community ?? draft.location.flatMap(finder.community(at:))
        // What an office has said about days to come is its own: no source replaces it by silence.
        if let present, !isShared(draft.id) {
            if draft.exceptions.isEmpty { draft.exceptions = present.exceptions }
            draft.calendarPolicy = draft.calendarPolicy ?? present.calendarPolicy
            draft.within = draft.within ?? present.within
            draft.room = draft.room ?? present.room
            draft.organisation = draft.organisation ?? present.organisation
            if draft.serviceArea.isEmpty { draft.serviceArea = present.serviceArea }
            draft.isWalkIn = draft.isWalkIn && present.isWalkIn
        }
        let result = host.normalise(PlaceDraft(place: draft, raw: sourced.raw))
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
        let others = engine.reading { index in index.sources.keys.filter { $0 != source } }
        var known: Set<String> = []
        for other in others {
            let ids = try? engine.store.read { reader in
                try reader.recordIDs(of: other, kind: .place, presentOnly: true)
            }
            known.formUnion(ids?.values.map { $0 } ?? [])
        }
        return known
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

    /// That a source's new word is shown where one by hand was.
    static func handEditReplaced(_ fields: Set<String>, of id: PlaceID, _ key: String) -> RecordFinding {
        let names = fields.sorted().joined(separator: ", ")
        return RecordFinding(
            severity: "warning", code: "hand_edit_replaced", record: key, value: id.rawValue,
            message: LocalizedText(
                zh: "来源对 \(names) 有了新的内容，已取代此前手工修改的内容；如手工的仍然对，请在来源中修改",
                en:
                    "the source says something new about \(names), and that has replaced what was written by hand; "
                    + "if that is still right, change it at the source"))
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
