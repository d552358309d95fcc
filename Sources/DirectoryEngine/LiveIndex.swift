internal import DirectoryModel
internal import DirectoryStore
internal import HashTreeCollections
internal import ModuleHost
internal import ServiceTypeKit
internal import WalkNetwork

/// Everything that answers are made from, in memory, equal to one commit.
///
/// Constant once the engine answers from it. A commit is applied to a copy, which shares with the original all that
/// stays as it is, and is put in its place: the very next answer has it, and nobody waited. Very many changes at
/// once are sorted and hung anew.
final class LiveIndex: @unchecked Sendable {
    // Unchecked: changed by the one who makes it, before others see it.

    /// Each index has one more than the one that it was copied from.
    let number: IndexNumber
    var revision: Revision
    var settings: EngineSettings {
        didSet { renewJudge() }
    }
    /// Tells whether places are open, by the settings' calendars and the communities' zones.
    private(set) var judge: OpeningJudge
    var host: ModuleHost {
        didSet { modulesByType = LiveIndex.modulesByType(host) }
    }
    /// The module behind each type that is not merely declared.
    private(set) var modulesByType: [ServiceTypeID: ModuleID]
    var network: WalkNetwork?
    /// Why there is no network, when there is none.
    var networkProblem: DirectoryError?

    /// The places on the network; nil where there is none.
    private(set) var hung: HungPlaces?
    /// The number of each type for the search's filter.
    private(set) var kinds: [ServiceTypeID: UInt16] = [:]

    private(set) var places: TreeDictionary<PlaceID, PlaceEntry> = [:]
    private(set) var placeOrder = SortedIDs<PlaceID>([])
    private(set) var origins: TreeDictionary<OriginID, Origin> = [:]
    private(set) var originOrder = SortedIDs<OriginID>([])
    private(set) var communities: [CommunityID: Community] = [:]
    private(set) var grids: TreeDictionary<GridID, Grid> = [:]
    private(set) var sources: [SourceID: Source] = [:]
    private(set) var organisations: TreeDictionary<OrganisationID, Organisation> = [:]
    private(set) var activities: TreeDictionary<ActivityID, Activity> = [:]
    private(set) var notices: TreeDictionary<NoticeID, Notice> = [:]
    /// The last word of each party about each fact of a place, oldest first.
    var confirmations: TreeDictionary<PlaceID, [PlaceConfirmation]> = [:]
    /// Which records name which others.
    private(set) var relations = Relations()
    private(set) var finder = CommunityFinder([])

    /// Active places by type, and by community; active origins by community.
    private(set) var placesByType: [ServiceTypeID: Int] = [:]
    private(set) var placesByCommunity: [CommunityID: Int] = [:]
    private(set) var originsByCommunity: [CommunityID: Int] = [:]
    private var isBulk = false
    /// What has changed for those who look for names, since the copy.
    private var nameChanges: [NameShelf.Change] = []
    /// Whether there was no room for a place among those that hang.
    private var isOvercrowded = false
    /// Whom to credit for what is shown.
    private(set) var attributions: [String] = []

    /// An index of nothing.
    init(settings: EngineSettings, host: ModuleHost) {
        number = 0
        revision = Revision(0)
        self.settings = settings
        judge = settings.openingJudge([], number: 0)
        self.host = host
        modulesByType = LiveIndex.modulesByType(host)
    }

    /// A copy that may be changed.
    init(copying other: LiveIndex) {
        number = other.number + 1
        revision = other.revision
        settings = other.settings
        judge = other.judge
        host = other.host
        modulesByType = other.modulesByType
        network = other.network
        networkProblem = other.networkProblem
        hung = other.hung
        kinds = other.kinds
        places = other.places
        placeOrder = other.placeOrder
        origins = other.origins
        originOrder = other.originOrder
        communities = other.communities
        grids = other.grids
        sources = other.sources
        organisations = other.organisations
        activities = other.activities
        notices = other.notices
        confirmations = other.confirmations
        relations = other.relations
        finder = other.finder
        placesByType = other.placesByType
        placesByCommunity = other.placesByCommunity
        originsByCommunity = other.originsByCommunity
        attributions = other.attributions
    }

    /// What has changed for those who look for names, and nothing from then on.
    func takeNameChanges() -> [NameShelf.Change] {
        defer { nameChanges = [] }
        return nameChanges
    }

    private func renewJudge() {
        judge = settings.openingJudge(communities.values, number: judge.number + 1)
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

    /// Takes in the whole store.
    ///
    /// - Parameters:
    ///   - settled: types whose places are stored as they would be normalised now.
    ///   - progress: told what is being done, again and again while there is progress.
    /// - Returns: types of which some place is stored otherwise.
    func load(
        _ reading: StoreReading, settled: Set<ServiceTypeID> = [], progress: (String) -> Void
    ) throws(DirectoryError) -> Set<ServiceTypeID> {
        progress("reading the store")
        let made = EntryMaker(of: reading, host: host, settled: settled).run { count in
            progress("reading the store: \(count.grouped) places")
        }
        take(try reading.rest())
        progress("placing \(made.count.grouped) places on the network")
        for type in made.types { _ = kind(of: type) }
        let places = made.places
        let listing = Ahead { () throws(DirectoryError) in self.list(made) }
        hang(places, on: network)
        try listing.value()
        return made.unsettled
    }

    /// Takes in what is not a place.
    private func take(_ records: StoreReading.Records) {
        revision = records.revision
        for community in records.communities { communities[community.id] = community }
        for grid in records.grids { grids[grid.id] = grid }
        for source in records.sources { sources[source.id] = source }
        confirmations = TreeDictionary(grouping: records.confirmations, by: \.place)
        for organisation in records.organisations { organisations[organisation.id] = organisation }
        for activity in records.activities {
            activities[activity.id] = activity
            relations.add(activity)
        }
        for notice in records.notices {
            notices[notice.id] = notice
            relations.add(notice)
        }
        for origin in records.origins {
            origins[origin.id] = origin
            count(origin, by: 1)
        }
        originOrder = SortedIDs(sorted: records.origins.map(\.id))
        finder = CommunityFinder(communities.values)
        renewJudge()
        refreshAttributions()
    }

    /// Lists and counts all places.
    private func list(_ made: NewEntries) {
        placeOrder = SortedIDs(pages: made.ids)
        placesByType = made.countByType
        placesByCommunity = made.countByCommunity
        var places: TreeDictionary<PlaceID, PlaceEntry> = [:]
        for id in made.ids.joined() { places.updateValue(made.takeNext(), forKey: id) }
        self.places = places
        for entry in made.related { relations.add(entry.record.place) }
    }

    /// Walks on a network, another one perhaps, with all places hung on it anew, in its own order.
    func hang(on network: WalkNetwork?) {
        let entries = network == nil ? [] : placeOrder.ids.compactMap { places[$0] }
        withExtendedLifetime(entries) {
            hang(
                entries.map { entry in
                    entry.slot = nil
                    return NewEntry(
                        entry: .passUnretained(entry), point: entry.listedPoint, kind: kinds[entry.type] ?? 0)
                }, on: network)
        }
    }

    private func hang(_ entries: [NewEntry], on network: WalkNetwork?) {
        self.network = network
        hung = network.map { HungPlaces(on: $0, places: entries, from: number) }
    }

    // MARK: Changes

    /// Applies what a commit changed.
    ///
    /// - Parameters:
    ///   - entries: an entry for each place that the changes stored.
    ///   - changed: entries of places that were stored besides.
    func apply(
        _ changes: [Change], entries: [PlaceID: PlaceEntry], places changed: [PlaceEntry] = [],
        revision: Revision
    ) {
        var communitiesChanged = false
        var sourcesChanged = false
        // Sorting once costs less than many insertions into a long list.
        isBulk = changes.count + changed.count > LiveIndex.bulk
        if isBulk { nameChanges.append(.everything) }
        defer {
            if isBulk { finishBulk() } else if isOvercrowded { hang(on: network) }
        }
        for change in changes {
            switch (change.before, change.after) {
            case (.place(let before)?, nil): removePlace(before)
            case (_, .place(let after)?):
                if case .place(let before)? = change.before { removePlace(before) }
                if let entry = entries[after.id] { addPlace(entry) }
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
            case (.organisation(let before)?, nil): removeOrganisation(before)
            case (_, .organisation(let after)?): addOrganisation(after)
            case (.activity(let before)?, nil): removeActivity(before)
            case (_, .activity(let after)?):
                if case .activity(let before)? = change.before { removeActivity(before) }
                addActivity(after)
            case (.notice(let before)?, nil): removeNotice(before)
            case (_, .notice(let after)?):
                if case .notice(let before)? = change.before { removeNotice(before) }
                notices[after.id] = after
                relations.add(after)
            case (nil, nil): break
            }
        }
        for entry in changed {
            if let present = places[entry.record.id] { removePlace(present.record.place) }
            addPlace(entry)
        }
        if communitiesChanged {
            finder = CommunityFinder(communities.values)
            renewJudge()
        }
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
        hang(on: network)
    }

    private func addPlace(_ entry: PlaceEntry) {
        places[entry.record.id] = entry
        _ = kind(of: entry.type)
        count(entry, by: 1)
        if entry.hasRelations { relations.add(entry.record.place) }
        guard !isBulk else { return }
        nameChanges.append(.place(entry))
        placeOrder.insert(entry.record.id)
        if let hung, !hung.hang(entry, kind: kind(of: entry.type), from: number) { isOvercrowded = true }
    }

    private func removePlace(_ place: Place) {
        guard let entry = places.removeValue(forKey: place.id) else { return }
        count(entry, by: -1)
        if entry.hasRelations { relations.remove(entry.record.place) }
        guard !isBulk else { return }
        nameChanges.append(.noPlace(place.id))
        hung?.takeDown(entry, from: number)
        placeOrder.remove(place.id)
    }

    private func addOrigin(_ origin: Origin) {
        origins[origin.id] = origin
        count(origin, by: 1)
        guard !isBulk else { return }
        nameChanges.append(.origin(origin))
        originOrder.insert(origin.id)
    }

    private func removeOrigin(_ origin: Origin) {
        guard origins.removeValue(forKey: origin.id) != nil else { return }
        count(origin, by: -1)
        guard !isBulk else { return }
        nameChanges.append(.noOrigin(origin.id))
        originOrder.remove(origin.id)
    }

    private func addActivity(_ activity: Activity) {
        activities[activity.id] = activity
        relations.add(activity)
        if !isBulk { nameChanges.append(.activity(activity)) }
    }

    private func removeActivity(_ activity: Activity) {
        activities[activity.id] = nil
        relations.remove(activity)
        if !isBulk { nameChanges.append(.noActivity(activity.id)) }
    }

    private func removeNotice(_ notice: Notice) {
        notices[notice.id] = nil
        relations.remove(notice)
    }

    private func addOrganisation(_ organisation: Organisation) {
        organisations[organisation.id] = organisation
        if !isBulk { nameChanges.append(.organisation(organisation)) }
    }

    private func removeOrganisation(_ organisation: Organisation) {
        organisations[organisation.id] = nil
        if !isBulk { nameChanges.append(.noOrganisation(organisation.id)) }
    }

    private func count(_ entry: PlaceEntry, by step: Int) {
        guard entry.isActive else { return }
        placesByType[entry.type, default: 0] += step
        if let community = entry.community { placesByCommunity[community, default: 0] += step }
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

    /// Puts entries that the modules made anew in the place of the present ones: after a reload.
    func replace(_ renewed: [PlaceEntry]) {
        // Other modules may have other words.
        nameChanges.append(.everything)
        for entry in renewed { places[entry.record.id] = entry }
        hang(on: network)
    }
}
