// Exports: the directory as tables, GeoJSON and HSDS: what an office takes out to print, to send on and to bring back.
// May import: DirectoryAPI, ServiceTypeKit, DirectoryModel, HSDS, TableFiles, Datums, RegisterMatching, OpeningTimes,
// TOMLDocument.

package import DirectoryAPI
package import DirectoryModel
package import ServiceTypeKit

/// Which part of a directory is taken out.
package struct ExtractScope: Hashable, Sendable {
    /// Places of these types only; empty for all.
    package var types: [ServiceTypeID]
    /// Places of these communities only; empty for all.
    package var communities: [CommunityID]
    /// Whether the places come along.
    package var withPlaces: Bool
    /// Whether the organisations come along.
    package var withOrganisations: Bool
    /// Whether the first and the last change of each place come along.
    package var withHistory: Bool

    /// A scope; see the fields.
    package init(
        types: [ServiceTypeID] = [], communities: [CommunityID] = [], withPlaces: Bool = true,
        withOrganisations: Bool = false, withHistory: Bool = false
    ) {
        self.types = types
        self.communities = communities
        self.withPlaces = withPlaces
        self.withOrganisations = withOrganisations
        self.withHistory = withHistory
    }

    /// The communities to ask for one after another; nil for all at once.
    var asked: [CommunityID?] {
        if !withPlaces { return [] }
        return communities.isEmpty ? [nil] : Set(communities).sorted().map(Optional.some)
    }

    /// That it names a type that is not there.
    ///
    /// - Throws: `not_found`.
    func check(_ known: [ServiceTypeDescription]) throws(DirectoryError) {
        guard let unknown = types.first(where: { type in !known.contains { $0.id == type } }) else { return }
        throw DirectoryError(
            .notFound, "there is no service type \(unknown.rawValue.shortened())",
            advice: "`quarterctl types` lists those that are there", location: "type")
    }
}

/// One change of a record, as the audit has it.
package struct ChangeMark: Hashable, Sendable {
    /// The revision that it made.
    package var revision: Revision
    /// When.
    package var time: Timestamp

    /// A mark; see the fields.
    package init(revision: Revision, time: Timestamp) {
        self.revision = revision
        self.time = time
    }
}

/// When a place came into the directory, and when it was changed last.
package struct PlaceHistory: Hashable, Sendable {
    /// Its first change that the audit has.
    package var first: ChangeMark
    /// Its last change.
    package var last: ChangeMark
}

/// When a place was last confirmed by a party, or delivered by a source.
package struct PlaceConfirmed: Hashable, Sendable {
    /// When; nil where nobody has since that is kept.
    package var time: Timestamp?
    /// The party or the source that did.
    package var by: String?
    /// The building captain whose building is the nearest on foot.
    package var captain: String?
}

/// A part of a directory as it was at one revision: what every export is made from.
///
/// Held in memory, some two kilobytes a place.
package struct DirectoryExtract: Sendable {
    /// The revision that all of it is of.
    package var revision: Revision
    /// Every service type of the directory, in the catalogue's order, whatever the scope.
    package var types: [ServiceTypeDescription]
    /// Every community, in the order of their ids, with or without boundaries.
    package var communities: [Community]
    /// The active places of the scope, in the order of their ids.
    package var places: [Place]
    /// The organisations, in the order of their ids; empty where they were not asked for.
    package var organisations: [Organisation]
    /// First and last changes by place; empty where they were not asked for.
    package var history: [PlaceID: PlaceHistory]
    /// When each place was last confirmed or delivered, with the history.
    package var confirmed: [PlaceID: PlaceConfirmed] = [:]
    /// Whom to credit.
    package var attributions: [String]
    /// The directory's identity, a UUID; empty where no organisations were asked for.
    package var identity: String
    /// What was asked for.
    package var scope: ExtractScope

    /// Times that an extract is begun anew, because the directory was changed in between.
    ///
    /// Chosen, not measured: an office that imports meanwhile is done after one of them.
    static let tries = 5

    /// The types of the scope, in the catalogue's order.
    var scopedTypes: [ServiceTypeDescription] {
        scope.types.isEmpty ? types : types.filter { scope.types.contains($0.id) }
    }

    /// The communities of the scope, in the order of their ids.
    var scopedCommunities: [Community] {
        scope.communities.isEmpty ? communities : communities.filter { scope.communities.contains($0.id) }
    }

    /// That the directory did not keep still.
    static func unsteady() -> DirectoryError {
        DirectoryError(
            .changedMeanwhile, "the directory was changed \(tries) times while it was read",
            advice: "do it again when the import that goes on has ended")
    }

    /// The history of a scope from the changes of the feed, oldest first.
    static func note(
        _ id: String, _ mark: ChangeMark, isGone: Bool, in history: inout [PlaceID: PlaceHistory]
    ) {
        let id = PlaceID(unchecked: id)
        // A place that comes back after it was taken away begins anew.
        if isGone {
            history[id] = nil
        } else if history[id] == nil {
            history[id] = PlaceHistory(first: mark, last: mark)
        } else {
            history[id]?.last = mark
        }
    }
}

extension DirectoryExtract {
    /// Takes a part of a directory out.
    ///
    /// Blocking where the history is asked for, which reads the store.
    /// - Throws: `invalid_request` for a type or community that is not there, `changed_meanwhile` where the directory is
    ///   changed all the time, `store_damaged`.
    package init(of service: any DirectoryService, _ scope: ExtractScope) throws(DirectoryError) {
        for _ in 0..<Self.tries {
            let extract = try Self(attempt: service, scope)
            if service.version.revision == extract.revision {
                self = extract
                return
            }
        }
        throw Self.unsteady()
    }

    private init(attempt service: any DirectoryService, _ scope: ExtractScope) throws(DirectoryError) {
        revision = service.version.revision
        types = service.typeDescriptions
        communities = service.allCommunities
        self.scope = scope
        (places, organisations, history, attributions) = ([], [], [:], [])
        identity = scope.withOrganisations ? try service.identity() : ""
        try scope.check(types)
        var query = PlaceListQuery()
        query.types = scope.types
        query.limit = WalkLimit.maximumPage
        for community in scope.asked {
            query.community = community
            query.after = nil
            repeat {
                let page = try service.places(query)
                places += page.places
                attributions = page.attributions
                query.after = page.next
            } while query.after != nil
        }
        places.sort { $0.id < $1.id }
        if scope.withOrganisations {
            var query = OrganisationListQuery()
            query.limit = WalkLimit.maximumPage
            repeat {
                let page = try service.organisations(query)
                organisations += page.organisations
                query.after = page.next
            } while query.after != nil
        }
        guard scope.withHistory else { return }
        for fresh in try service.freshness(FreshnessQuery(months: 0)).places {
            confirmed[fresh.place.id] = PlaceConfirmed(
                time: fresh.confirmed, by: fresh.by, captain: fresh.captain?.name)
        }
        var changes = ChangeQuery(position: FeedPosition(Revision(0)), kinds: [.place])
        while true {
            let page = try service.changes(changes)
            for change in page.changes {
                Self.note(
                    change.id, ChangeMark(revision: change.position.revision, time: change.time),
                    isGone: change.outcome == .removed, in: &history)
            }
            if page.isWhole || page.next.revision > revision { break }
            changes.position = page.next
        }
    }
}
