package import DirectoryAPI
package import DirectoryModel
internal import ModuleHost
internal import OpeningTimes
package import ServiceTypeKit

extension DirectoryEngine {
    /// The places, in the order of their ids.
    package func places(_ query: PlaceListQuery) throws(DirectoryError) -> PlacePage {
        try reading { (index: LiveIndex) throws(DirectoryError) -> PlacePage in
            for type in query.types { try index.requireType(type) }
            if let community = query.community { try index.requireCommunity(community) }
            let types = Set(query.types)
            var page: [Place] = []
            var hasMore = false
            for id in index.placeOrder.after(query.after) {
                guard let place = index.places[id]?.record.place,
                    query.status == nil || place.status == query.status,
                    types.isEmpty || types.contains(place.type),
                    query.community == nil || place.community == query.community
                else { continue }
                if page.count == query.limit {
                    hasMore = true
                    break
                }
                page.append(place)
            }
            return PlacePage(
                revision: index.revision, places: page, next: hasMore ? page.last?.id : nil,
                attributions: index.attributions, language: query.language)
        }
    }

    /// One place, whatever its status; its sources are read from the store.
    package func place(_ id: PlaceID) throws(DirectoryError) -> PlaceReply {
        let found = reading { index in
            index.places[id].map {
                (
                    $0, index.revision, index.host, index.attributions, index.judge, index.relatives(of: $0),
                    index.mentions(of: $0.record.place)
                )
            }
        }
        guard let (entry, revision, host, attributions, judge, relatives, mentioned) = found else {
            throw noSuch(id)
        }
        let mentions = try store.read { reader in
            try reader.sightings(of: .place, id.rawValue).map {
                SourceMention(source: $0.source, key: $0.key, isPresent: $0.isPresent)
            }
        }
        let now = Timestamp.now
        var opening = judge.opening(of: entry, at: now, now: now, walk: nil)
        opening.canonical = entry.schedule.map { schedule in
            (schedule.canonical, LocalizedText(zh: schedule.chineseText, en: schedule.englishText))
        }
        opening.week = judge.week(of: entry, from: now)
        var reply = PlaceReply(
            revision: revision, place: entry.record.place, facets: entry.facets,
            opening: opening,
            highlights: entry.highlights(by: host, judge, now: now, arrival: nil), sources: mentions,
            attributions: attributions, tag: entry.tag)
        reply.isTypeKnown = host.knows(entry.type)
        reply.confirmations = mentioned.filter(\.isCurrent)
        (reply.whole, reply.parts) = (relatives.whole, relatives.parts)
        (reply.organisation, reply.activities) = (relatives.organisation, relatives.activities)
        return reply
    }

    /// The origins, in the order of their ids.
    package func origins(_ query: OriginListQuery) throws(DirectoryError) -> OriginPage {
        try reading { (index: LiveIndex) throws(DirectoryError) -> OriginPage in
            if let community = query.community { try index.requireCommunity(community) }
            var page: [Origin] = []
            var hasMore = false
            for id in index.originOrder.after(query.after) {
                guard let origin = index.origins[id], origin.status == .active,
                    query.kind == nil || origin.kind == query.kind,
                    query.community == nil || origin.community == query.community,
                    query.parent == nil || origin.parent == query.parent
                else { continue }
                if page.count == query.limit {
                    hasMore = true
                    break
                }
                page.append(origin)
            }
            return OriginPage(
                revision: index.revision, origins: page, next: hasMore ? page.last?.id : nil,
                attributions: index.attributions, language: query.language)
        }
    }

    /// One origin, with what it is part of.
    package func origin(_ id: OriginID) throws(DirectoryError) -> OriginReply {
        try reading { (index: LiveIndex) throws(DirectoryError) -> OriginReply in
            guard let origin = index.origins[id] else { throw noSuch(id) }
            var ancestors: [Origin] = []
            var next = origin.parent
            // Four levels lie between a unit and nothing; a circle in the data must not hold us.
            while let parent = next.flatMap({ index.origins[$0] }), ancestors.count < 8 {
                ancestors.append(parent)
                next = parent.parent
            }
            return OriginReply(
                revision: index.revision, origin: origin, ancestors: ancestors,
                attributions: index.attributions, tag: origin.tag)
        }
    }

    /// The communities, in the order of their ids.
    package func communities() -> CommunitiesReply {
        reading { index in
            CommunitiesReply(
                revision: index.revision,
                communities: index.communities.values.sorted { $0.id < $1.id }.map(index.summary))
        }
    }

    /// One community.
    package func community(_ id: CommunityID) throws(DirectoryError) -> CommunityReply {
        try reading { (index: LiveIndex) throws(DirectoryError) -> CommunityReply in
            guard let community = index.communities[id] else { throw noSuch(id) }
            return CommunityReply(revision: index.revision, summary: index.summary(community))
        }
    }

    /// The service types, in the catalogue's order.
    package func types() -> TypesReply {
        reading { index in
            TypesReply(revision: index.revision, types: index.host.types.map(index.summary))
        }
    }

    /// One service type with its schema.
    package func type(_ id: ServiceTypeID) throws(DirectoryError) -> TypeReply {
        try reading { (index: LiveIndex) throws(DirectoryError) -> TypeReply in
            guard let type = index.host.type(id) else { throw noSuch(id) }
            return TypeReply(revision: index.revision, type: index.summary(type))
        }
    }

    /// The modules, whatever became of them.
    package func modules() -> ModulesReply {
        reading { index in ModulesReply(revision: index.revision, modules: index.moduleStatuses) }
    }

    /// The walking profiles.
    package func profiles() -> ProfilesReply {
        reading { index in
            ProfilesReply(
                revision: index.revision, profiles: index.settings.profiles,
                standard: index.settings.defaultProfile)
        }
    }

    /// A place as it is stored, whatever its status; nil where there is none.
    package func storedPlace(_ id: PlaceID) -> Place? { reading { index in index.places[id]?.record.place } }

    /// An organisation as it is stored.
    package func storedOrganisation(_ id: OrganisationID) -> Organisation? {
        reading { index in index.organisations[id] }
    }

    /// The service types, in the catalogue's order.
    package var typeDescriptions: [ServiceTypeDescription] { reading { index in index.host.types } }

    /// The communities with their boundaries, in the order of their ids.
    package var allCommunities: [Community] {
        reading { index in index.communities.values.sorted { $0.id < $1.id } }
    }

    func noSuch<ID: DirectoryID>(_ id: ID) -> DirectoryError {
        DirectoryError(
            .notFound, "there is no \(ID.noun) \(id.rawValue.shortened())",
            advice: "`quarterctl \(ID.plural)` lists those that are there")
    }
}

extension LiveIndex {
    /// What a place lies in, holds, belongs to, and what takes place in it.
    fileprivate func relatives(of entry: PlaceEntry)
        -> (whole: Place?, parts: [Place], organisation: Organisation?, activities: [Activity])
    {
        let place = entry.record.place
        return (
            place.within.flatMap { places[$0]?.record.place }, placesInOrder(relations.parts[place.id]),
            place.organisation.flatMap { organisations[$0] },
            activitiesInOrder(relations.activitiesAt[place.id])
        )
    }
}

extension DirectoryID {
    /// The command that lists such things.
    fileprivate static var plural: String {
        switch noun {
        case "community": "communities"
        case "activity": "activities"
        case "service type": "types"
        default: noun + "s"
        }
    }
}

extension LiveIndex {
    /// Throws unless the type is known to a module or has places.
    func requireType(_ id: ServiceTypeID) throws(DirectoryError) {
        guard host.type(id) == nil, (placesByType[id] ?? 0) == 0 else { return }
        throw DirectoryError(
            .invalidRequest, "there is no service type \(id.rawValue.shortened())",
            advice: "`quarterctl types` lists those that are there", location: "type")
    }

    /// Throws unless the community is known.
    func requireCommunity(_ id: CommunityID) throws(DirectoryError) {
        guard communities[id] == nil else { return }
        throw DirectoryError(
            .invalidRequest, "there is no community \(id.rawValue.shortened())",
            advice: "`quarterctl communities` lists those that are there", location: "community")
    }

    func summary(_ community: Community) -> CommunitySummary {
        CommunitySummary(
            community: community,
            grids: grids.values.filter { $0.community == community.id }.sorted { $0.id < $1.id },
            places: placesByCommunity[community.id] ?? 0, origins: originsByCommunity[community.id] ?? 0,
            tag: community.tag)
    }

    func summary(_ type: ServiceTypeDescription) -> TypeSummary {
        TypeSummary(description: type, module: modulesByType[type.id], places: placesByType[type.id] ?? 0)
    }

    /// What became of each module, in the API's words.
    var moduleStatuses: [ModuleStatus] {
        // Declared types have no code that could fail: only a file that was left out is worth a line.
        host.reports.filter { !$0.isDeclared || $0.state.reason != nil }.map { report in
            var status = ModuleStatus(
                file: report.file, id: report.id, version: report.version, state: report.state.word,
                reason: report.state.reason, types: report.types, calls: UInt64(report.usage.calls),
                failures: UInt64(report.usage.failures + report.usage.slowCalls))
            status.lastFailure = report.usage.lastFailure
            (status.time, status.longest) = (report.usage.time, report.usage.longest)
            return status
        }
    }
}

extension ModuleState {
    /// Why the file is not in use; nil where it is, or is meant not to be.
    fileprivate var reason: String? {
        switch self {
        case .loaded, .skipped: nil
        case .broken(let error): error.description
        case .quarantined(let reason, let since): reason + ", since " + since.rfc3339
        }
    }
}
