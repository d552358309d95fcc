internal import DirectoryAPI
package import DirectoryModel
internal import Foundation
internal import WalkNetwork

/// What is asked of a whole community's, or city's, ground at once.
package struct GroundQuery: Sendable {
    /// The types whose nearest place is looked for, each a column; empty for all that are known, by their ids.
    package var types: [ServiceTypeID]
    /// The minutes within which places of those types are counted, each a column; 0 … 20 minutes' walk at the quickest
    /// shipped pace.
    package var minutes: [Double]
    /// How one walks; nil for the usual profile.
    package var profile: ProfileID?

    /// A query; see the fields.
    package init(types: [ServiceTypeID] = [], minutes: [Double] = [5, 10, 15], profile: ProfileID? = nil) {
        self.types = types
        self.minutes = minutes
        self.profile = profile
    }
}

/// What every node of the network, and every origin, has within a walk.
package struct GroundSurvey: Sendable {
    /// The state that it is of.
    package let revision: Revision
    /// How one walks.
    package let profile: Profile
    /// The columns of the nearest places.
    package let types: [ServiceTypeID]
    /// The columns of the counts.
    package let minutes: [Double]
    /// Of each node of the network, in the order of `nodes.csv`; in whole centimetres, rounded down.
    package let nodes: NetworkGround
    /// Of each active origin that lies on the network, in the order of their ids.
    package let origins: [OriginGround]

    /// The nodes' rows.
    package struct NetworkGround: Sendable {
        /// Where no place of the type is within the walk that labels cover, 1,333 m.
        package static let none = UInt32.max
        /// By node, then by type: the walk to the nearest place in centimetres, or `none`.
        package let nearest: [UInt32]
        /// By node, then by minutes: how many places are within them.
        package let counts: [UInt32]
    }

    /// One origin's row.
    package struct OriginGround: Sendable {
        /// The origin.
        package let id: OriginID
        /// By type: the walk to the nearest place, the same as a list says; nil where none is within the walk that
        /// labels cover, 1,333 m.
        package let nearest: [Metres?]
        /// By minutes: how many places are within them.
        package let counts: [Int]
    }
}

extension DirectoryEngine {
    /// The nearest place of each type, and how many are within some minutes, for every node of the network and every
    /// origin.
    ///
    /// Of one revision; writers do not wait for it, nor it for them. A second or two for a million nodes and 35 types.
    ///
    /// - Throws: `no_network`, `network_damaged`, `unavailable` while the network has no labels yet, `invalid_request`
    ///   for types, minutes or a profile that are not there.
    package func survey(_ query: GroundQuery) throws(DirectoryError) -> GroundSurvey {
        let ground = try reading { (index) throws(DirectoryError) in try Ground(query, of: index) }
        return try ground.survey()
    }
}

/// What a survey needs of an index, taken out of it, so that nobody waits for a survey.
private struct Ground {
    let query: GroundQuery
    let revision: Revision
    let profile: Profile
    let types: [ServiceTypeID]
    let columns: [UInt16]
    let limits: [Metres]
    let network: WalkNetwork
    let most: Metres
    let places: [(entry: PlaceEntry, kind: UInt16)]
    let origins: [Origin]

    init(_ query: GroundQuery, of index: LiveIndex) throws(DirectoryError) {
        self.query = query
        revision = index.revision
        profile = try index.profile(query.profile)
        network = try index.requireNetwork()
        for type in query.types { try index.requireType(type) }
        let types = query.types.isEmpty ? index.host.types.map(\.id).sorted() : query.types
        self.types = types
        // A type without a place has no number, and gets one that no place has.
        columns = types.map { index.kinds[$0] ?? .max }
        guard let most = network.labelledLimit else {
            throw DirectoryError(
                .unavailable, "the labels of the walking network are being made",
                advice: "ask again in a minute; where that does not help, import the map again")
        }
        self.most = most
        var limits: [Metres] = []
        for minutes in query.minutes {
            let limit = LiveIndex.limit(minutes: minutes, profile: profile)
            guard minutes >= 0, limit <= most else {
                throw DirectoryError(
                    .invalidRequest,
                    "\(minutes) minutes at \(profile.pace.value) m/s are farther than the \(Int(most.value)) m that can "
                        + "be surveyed", advice: "ask for fewer minutes", location: "minutes")
            }
            limits.append(limit)
        }
        self.limits = limits
        let wanted = Set(types)
        places = index.placeOrder.ids.compactMap { id in
            index.places[id].flatMap { entry in
                wanted.contains(entry.type) ? index.kinds[entry.type].map { (entry, $0) } : nil
            }
        }
        origins = index.originOrder.ids.compactMap { index.origins[$0] }.filter { $0.status == .active }
    }

    func survey() throws(DirectoryError) -> GroundSurvey {
        // Hung for this survey alone: a second is too long to read what is being changed.
        let listed = places.map { place in
            NewEntry(
                entry: .passUnretained(place.entry), point: place.entry.listedPoint, kind: place.kind)
        }
        let hung = withExtendedLifetime(places) {
            HungPlaces(on: network, places: listed, from: 0, keepsSlots: false)
        }
        let found = network.survey(
            SurveyQuery(kinds: columns, limits: limits, avoidsSteps: profile.avoidsSteps),
            targets: hung.targets, threads: ProcessInfo.processInfo.activeProcessorCount)
        guard let found else {
            throw DirectoryError(.internalError, "the places do not hang on the labels of the network")
        }
        return GroundSurvey(
            revision: revision, profile: profile, types: types, minutes: query.minutes,
            nodes: GroundSurvey.NetworkGround(nearest: found.nearest, counts: found.counts),
            origins: origins.compactMap { row(of: $0, on: hung) })
    }

    /// The row of one origin, nil for one off the network: from the list of all within the longest walk.
    private func row(of origin: Origin, on hung: HungPlaces) -> GroundSurvey.OriginGround? {
        guard let snap = network.snap(origin.location) else { return nil }
        let search = TargetSearch(
            origin: snap, limit: most, avoidsSteps: profile.avoidsSteps, kinds: nil, wanted: places.count)
        var reached: [ReachedTarget] = []
        search.run(
            on: hung, accept: { _, _ in true }, precedes: { $0.index < $1.index }, into: &reached)
        var nearest = [Metres?](repeating: nil, count: columns.count)
        var counts = [Int](repeating: 0, count: limits.count)
        for target in reached {
            let kind = hung.targets.kind(of: target.slot)
            for (column, wanted) in columns.enumerated() where wanted == kind && nearest[column] == nil {
                nearest[column] = target.metres
            }
            for (column, limit) in limits.enumerated() where target.metres <= limit { counts[column] += 1 }
        }
        return GroundSurvey.OriginGround(id: origin.id, nearest: nearest, counts: counts)
    }
}
