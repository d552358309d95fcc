internal import DirectoryModel
internal import HashTreeCollections

/// Which records name which others, the other way round: parts of a place, what an organisation runs, whom a place
/// goes to, and whom notices are for.
struct Relations {
    /// Who is served: everybody in a community or a grid, or an origin with its parts.
    enum Served: Hashable {
        case community(CommunityID)
        case grid(GridID)
        case origin(OriginID)
    }

    private(set) var parts: TreeDictionary<PlaceID, Set<PlaceID>> = [:]
    private(set) var placesOf: TreeDictionary<OrganisationID, Set<PlaceID>> = [:]
    private(set) var activitiesAt: TreeDictionary<PlaceID, Set<ActivityID>> = [:]
    private(set) var activitiesOf: TreeDictionary<OrganisationID, Set<ActivityID>> = [:]
    private(set) var noticesFor: TreeDictionary<Notice.Addressee, Set<NoticeID>> = [:]
    private(set) var serving: TreeDictionary<Served, Set<PlaceID>> = [:]

    mutating func add(_ place: Place) {
        guard place.status == .active else { return }
        if let within = place.within { parts[within, default: []].insert(place.id) }
        if let organisation = place.organisation { placesOf[organisation, default: []].insert(place.id) }
        for served in Self.served(by: place) { serving[served, default: []].insert(place.id) }
    }

    mutating func remove(_ place: Place) {
        if let within = place.within { parts.take(place.id, from: within) }
        if let organisation = place.organisation { placesOf.take(place.id, from: organisation) }
        for served in Self.served(by: place) { serving.take(place.id, from: served) }
    }

    mutating func add(_ activity: Activity) {
        guard activity.status == .active else { return }
        if let place = activity.place { activitiesAt[place, default: []].insert(activity.id) }
        if let organisation = activity.organisation {
            activitiesOf[organisation, default: []].insert(activity.id)
        }
    }

    mutating func remove(_ activity: Activity) {
        if let place = activity.place { activitiesAt.take(activity.id, from: place) }
        if let organisation = activity.organisation { activitiesOf.take(activity.id, from: organisation) }
    }

    mutating func add(_ notice: Notice) { noticesFor[notice.to, default: []].insert(notice.id) }

    mutating func remove(_ notice: Notice) { noticesFor.take(notice.id, from: notice.to) }

    private static func served(by place: Place) -> [Served] {
        if place.serviceArea.isEmpty { return [] }
        return place.serviceArea.communities.map(Served.community) + place.serviceArea.grids.map(Served.grid)
            + place.serviceArea.origins.map(Served.origin)
    }
}

extension TreeDictionary {
    /// Takes one member out of the set under a key, and the key with the last one.
    fileprivate mutating func take<Member: Hashable>(_ member: Member, from key: Key)
    where Value == Set<Member> {
        self[key]?.remove(member)
        if self[key]?.isEmpty == true { self[key] = nil }
    }
}
