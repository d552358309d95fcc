internal import DirectoryModel
internal import DirectoryStore
internal import ModuleHost
internal import ServiceTypeKit
internal import WalkNetwork

/// Everything that answers are made from, in memory, always equal to the last commit.
///
/// Not safe by itself: the engine's lock guards every member. A change is applied in place, in constant or
/// logarithmic time a record, so that it shows in the very next answer.
final class LiveIndex {
    var revision: Revision
    var settings: EngineSettings
    var host: ModuleHost {
        didSet { modulesByType = LiveIndex.modulesByType(host) }
    }
    /// The module behind each type that is not merely declared.
    private(set) var modulesByType: [ServiceTypeID: ModuleID]
    var network: WalkNetwork?
    /// Why there is no network, when there is none.
    var networkProblem: DirectoryError?

    /// Working memory for searches on the network.
    private(set) var pool: SearchPool?
    /// Places on the network, as targets of a search; the slot's number indexes `hung`.
    private(set) var targets = TargetTable(edgeCount: 0)
    /// The place that hangs in each slot.
    private(set) var hung: [PlaceEntry?] = []
    /// The number of each type for the search's filter.
    private(set) var kinds: [ServiceTypeID: UInt16] = [:]
    /// How each derived facet is filtered.
    private(set) var facetKinds: [String: AttributeKind] = [:]

    private(set) var places: [PlaceID: PlaceEntry] = [:]
    private(set) var placeOrder = SortedIDs<PlaceID>([])
    private(set) var origins: [OriginID: Origin] = [:]
    private(set) var originOrder = SortedIDs<OriginID>([])
    private(set) var communities: [CommunityID: Community] = [:]
    private(set) var grids: [GridID: Grid] = [:]
    private(set) var sources: [SourceID: Source] = [:]
    private(set) var finder = CommunityFinder([])

    /// Active places by type, and by community; active origins by community.
    private(set) var placesByType: [ServiceTypeID: Int] = [:]
    private(set) var placesByCommunity: [CommunityID: Int] = [:]
    private(set) var originsByCommunity: [CommunityID: Int] = [:]
    private var isBulk = false
    /// Whom to credit for what is shown.
    private(set) var attributions: [String] = []

    init(settings: EngineSettings, host: ModuleHost) {
        revision = Revision(0)
        self.settings = settings
        self.host = host
        modulesByType = LiveIndex.modulesByType(host)
    }

    private static func modulesByType(_ host: ModuleHost) -> [ServiceTypeID: ModuleID] {
        var modules: [ServiceTypeID: ModuleID] = [:]
        for report in host.reports where !report.isDeclared {
            for type in report.types { modules[type] = report.id }
        }
        return modules
    }

    /// The number of a type, given to it when it is first seen.
    func kind(of type: ServiceTypeID) -> UInt16 {
        if let kind = kinds[type] { return kind }
        let kind = UInt16(truncatingIfNeeded: kinds.count)
        kinds[type] = kind
        return kind
    }

    // MARK: Loading

    /// Reads the whole store.
    func load(from store: DirectoryStore) throws(DirectoryError) {
        var entries: [PlaceEntry] = []
        try store.read { reader in
            revision = try reader.revision()
            for community in try reader.communities() { communities[community.id] = community }
            for grid in try reader.grids() { grids[grid.id] = grid }
            for source in try reader.sources() { sources[source.id] = source }
            try reader.forEachPlace { place in
                entries.append(PlaceEntry(place, host: self.host))
            }
            var ids: [OriginID] = []
            try reader.forEachOrigin { origin in
                ids.append(origin.id)
                origins[origin.id] = origin
            }
            originOrder = SortedIDs(sorted: ids)
        }
        places = Dictionary(entries.map { ($0.record.place.id, $0) }, uniquingKeysWith: { first, _ in first })
        placeOrder = SortedIDs(sorted: entries.map(\.record.place.id))
        for entry in entries {
            count(entry.record.place, by: 1)
            note(entry.facets)
        }
        for origin in origins.values { count(origin, by: 1) }
        finder = CommunityFinder(communities.values)
        hangAll()
        refreshAttributions()
    }

    /// Puts every place that is listed on the network anew, in the network's own order.
    func hangAll() {
        for entry in places.values { entry.slot = nil }
        guard let network else {
            pool = nil
            targets = TargetTable(edgeCount: 0)
            hung = []
            return
        }
        pool = SearchPool(network: network)
        var found: [PlaceEntry] = []
        var snaps: [(snap: Snap, kind: UInt16)] = []
        for id in placeOrder.ids {
            guard let entry = places[id], let snap = LiveIndex.snap(entry.record.place, on: network) else {
                continue
            }
            found.append(entry)
            snaps.append((snap, kind(of: entry.record.place.type)))
        }
        var slots: [TargetSlot] = []
        targets = TargetTable(edgeCount: network.edgeCount, loading: snaps, slots: &slots)
        hung = Array(repeating: nil, count: targets.slotLimit)
        for (entry, slot) in zip(found, slots) {
            entry.slot = slot
            hung[slot.index] = entry
        }
    }

    private static func snap(_ place: Place, on network: WalkNetwork) -> Snap? {
        guard place.status == .active, let location = place.location else { return nil }
        return network.snap(location)
    }

    private func hang(_ entry: PlaceEntry, at snap: Snap) {
        let slot = targets.insert(snap, kind: kind(of: entry.record.place.type))
        entry.slot = slot
        while hung.count <= slot.index { hung.append(nil) }
        hung[slot.index] = entry
    }

    private func takeDown(_ entry: PlaceEntry) {
        guard let slot = entry.slot else { return }
        targets.remove(slot)
        hung[slot.index] = nil
        entry.slot = nil
    }

    // MARK: Changes

    /// Applies what a commit changed.
    ///
    /// `indexEntry` was asked of the modules before the lock was taken.
    func apply(_ changes: [Change], entries: [PlaceID: PlaceEntry], revision: Revision) {
        var communitiesChanged = false
        var sourcesChanged = false
        // Sorting once costs less than many insertions into a long list.
        isBulk = changes.count > LiveIndex.bulk
        defer {
            if isBulk { finishBulk() }
        }
        for change in changes {
            switch (change.before, change.after) {
            case (.place(let before)?, nil): removePlace(before)
            case (_, .place(let after)?):
                if case .place(let before)? = change.before { removePlace(before) }
                addPlace(after, entry: entries[after.id])
            case (.origin(let before)?, nil): removeOrigin(before)
            case (_, .origin(let after)?):
                if case .origin(let before)? = change.before { removeOrigin(before) }
                addOrigin(after)
            case (.community(let before)?, nil):
                communities[before.id] = nil
                communitiesChanged = true
            case (_, .community(let after)?):
                communities[after.id] = after
                communitiesChanged = true
            case (.grid(let before)?, nil): grids[before.id] = nil
            case (_, .grid(let after)?): grids[after.id] = after
            case (.source(let before)?, nil):
                sources[before.id] = nil
                sourcesChanged = true
            case (_, .source(let after)?):
                sources[after.id] = after
                sourcesChanged = true
            case (nil, nil): break
            }
        }
        if communitiesChanged { finder = CommunityFinder(communities.values) }
        if sourcesChanged { refreshAttributions() }
        self.revision = revision
    }

    /// Changes of more records than this are ordered and hung at the end.
    ///
    /// Chosen, not measured.
    private static let bulk = 2_000

    private func finishBulk() {
        isBulk = false
        placeOrder = SortedIDs(places.keys)
        originOrder = SortedIDs(origins.keys)
        hangAll()
    }

    private func addPlace(_ place: Place, entry: PlaceEntry?) {
        let entry = entry ?? PlaceEntry(place, host: host)
        places[place.id] = entry
        note(entry.facets)
        count(place, by: 1)
        guard !isBulk else { return }
        placeOrder.insert(place.id)
        if let network, let snap = LiveIndex.snap(place, on: network) { hang(entry, at: snap) }
    }

    private func note(_ facets: [String: AttributeValue]) {
        for (key, value) in facets where facetKinds[key] == nil { facetKinds[key] = value.facetKind }
    }

    private func removePlace(_ place: Place) {
        guard let entry = places.removeValue(forKey: place.id) else { return }
        count(place, by: -1)
        guard !isBulk else { return }
        takeDown(entry)
        placeOrder.remove(place.id)
    }

    private func addOrigin(_ origin: Origin) {
        origins[origin.id] = origin
        count(origin, by: 1)
        if !isBulk { originOrder.insert(origin.id) }
    }

    private func removeOrigin(_ origin: Origin) {
        guard origins.removeValue(forKey: origin.id) != nil else { return }
        count(origin, by: -1)
        if !isBulk { originOrder.remove(origin.id) }
    }

    private func count(_ place: Place, by step: Int) {
        guard place.status == .active else { return }
        placesByType[place.type, default: 0] += step
        if let community = place.community { placesByCommunity[community, default: 0] += step }
    }

    private func count(_ origin: Origin, by step: Int) {
        guard origin.status == .active, let community = origin.community else { return }
        originsByCommunity[community, default: 0] += step
    }

    /// Collects whom to credit, the network's source first.
    func refreshAttributions() {
        var all: [String] = []
        let given = sources.values.sorted { $0.id < $1.id }.compactMap(\.attribution)
        for attribution in [network?.attribution].compactMap({ $0 }) + given
        where !attribution.isEmpty && !all.contains(attribution) {
            all.append(attribution)
        }
        attributions = all
    }

    /// Asks the modules again about every place: after a reload.
    func reindex() {
        facetKinds = [:]
        for (id, entry) in places {
            let renewed = PlaceEntry(entry.record.place, host: host)
            renewed.slot = entry.slot
            note(renewed.facets)
            places[id] = renewed
            if let slot = entry.slot { hung[slot.index] = renewed }
        }
    }
}
