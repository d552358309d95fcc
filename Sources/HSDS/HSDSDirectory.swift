package import DirectoryAPI
package import DirectoryModel
internal import ServiceTypeKit
internal import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// A directory as the HSDS API specification 3.0 has it: lists page by page, objects with what belongs to them.
///
/// Reads a file and may read the store: call it away from an event loop.
package final class HSDSDirectory: Sendable {
    private let service: any DirectoryService
    private let index = Mutex(Index())

    /// The lists.
    package enum List: String, Hashable, Sendable, CaseIterable {
        case services, organizations, taxonomies
        case serviceAtLocations = "service_at_locations"
        case taxonomyTerms = "taxonomy_terms"

        /// What it can be asked for besides its page.
        package var words: Set<HSDSListQuery.Word> {
            switch self {
            case .services, .serviceAtLocations: [.full, .term, .organization, .modifiedAfter]
            case .organizations: [.full]
            case .taxonomies: []
            case .taxonomyTerms: [.taxonomy, .parent]
            }
        }
    }

    /// The HSDS view of a directory.
    package init(_ service: any DirectoryService) { self.service = service }

    /// What is remembered between requests: which objects there are, and of what their UUIDs are made.
    private struct Index {
        struct Entry {
            var id: PlaceID
            var type: ServiceTypeID
            var organisation: OrganisationID?
        }

        var revision: Revision?
        var entries: [Entry] = []
        var organisations: [OrganisationID] = []
        // A UUID stays true for ever, so these only grow.
        var placesByUUID: [String: PlaceID] = [:]
        var organisationsByUUID: [String: OrganisationID] = [:]
        var named: Set<PlaceID> = []
        /// The last change of each place, up to `seen`.
        var changed: [PlaceID: Timestamp] = [:]
        var seen = FeedPosition(Revision(0))
    }

    /// Writes what `/hsds/` answers.
    package func writeMetadata(to json: inout JSONWriter) throws(DirectoryError) {
        json.beginObject()
        json.key("version")
        json.string("3.0")
        json.key("profile")
        json.string("urn:quarter:hsds-profile:quarter-china")
        json.key("openapi_url")
        json.string("/v1/openapi.json")
        json.key("directory")
        json.string(try service.identity())
        json.endObject()
    }

    // MARK: lists

    /// Writes a page of a list in the specification's envelope.
    ///
    /// - Throws: `store_unwritable`; for `modified_after` what reading the changes throws.
    package func write(_ list: List, _ query: HSDSListQuery, to json: inout JSONWriter) throws(DirectoryError)
    {
        switch list {
        case .services, .serviceAtLocations: try writePlaces(list, query, &json)
        case .organizations:
            let all = try refreshed().organisations
            let page = Self.part(of: all, query)
            let nest = try nest(places: [], organisations: page, full: query.isFull)
            let objects = nest.objects(.organizations)
            writePage(all.count, objects.count, query, &json) { json in
                for object in objects { nest.write(organization: object, isFull: query.isFull, to: &json) }
            }
        case .taxonomies, .taxonomyTerms:
            var document = try document()
            document.add(types: service.typeDescriptions)
            var all = HSDSNest(document).objects(list == .taxonomies ? .taxonomies : .taxonomyTerms)
            if let taxonomy = query.taxonomy { all.removeAll { $0.text("taxonomy_id") != taxonomy } }
            if let parent = query.parent { all.removeAll { $0.text("parent_id") != parent } }
            let page = Self.part(of: all, query)
            writePage(all.count, page.count, query, &json) { json in
                for object in page { object.write(to: &json) }
            }
        }
    }

    private func writePlaces(
        _ list: List, _ query: HSDSListQuery, _ json: inout JSONWriter
    ) throws(DirectoryError) {
        var entries = try refreshed().entries
        if let term = query.term {
            let names = HSDSNames(directory: try service.identity())
            let (type, key) = termOf(term, names)
            entries.removeAll { entry in
                guard entry.type == type else { return true }
                return key.map { service.storedPlace(entry.id)?.attributes[$0] == nil } ?? false
            }
        }
        if let organization = query.organization {
            let known = index.withLock { $0.organisationsByUUID[organization] }
            entries.removeAll { known == nil || $0.organisation != known }
        }
        if let moment = query.modifiedAfter {
            let changed = try changes()
            entries.removeAll { changed[$0.id].map { $0 < moment } ?? true }
        }
        let page = Self.part(of: entries, query)
        let nest = try nest(
            places: page.map(\.id), organisations: Array(Set(page.compactMap(\.organisation))), full: false)
        let kind: HSDSKind = list == .services ? .services : .servicesAtLocations
        let objects = nest.objects(kind)
        writePage(entries.count, objects.count, query, &json) { json in
            for object in objects {
                if list == .services {
                    nest.write(service: object, isFull: query.isFull, to: &json)
                } else {
                    nest.write(serviceAtLocation: object, isFull: query.isFull, to: &json)
                }
            }
        }
    }

    /// The type that a term stands for, and the attribute of it.
    private func termOf(_ uuid: String, _ names: HSDSNames) -> (ServiceTypeID?, String?) {
        for type in service.typeDescriptions {
            if names.id(HSDSDocument.term(type.id)) == uuid { return (type.id, nil) }
            for attribute in type.attributes
            where names.id(HSDSDocument.term(type.id, attribute.key)) == uuid {
                return (type.id, attribute.key)
            }
        }
        return (nil, nil)
    }

    private static func part<Item>(of all: [Item], _ query: HSDSListQuery) -> [Item] {
        let start = (query.page - 1) * query.perPage
        return start < all.count ? Array(all[start..<min(all.count, start + query.perPage)]) : []
    }

    private func writePage(
        _ total: Int, _ size: Int, _ query: HSDSListQuery, _ json: inout JSONWriter,
        _ contents: (inout JSONWriter) -> Void
    ) {
        let pages = (total + query.perPage - 1) / query.perPage
        json.beginObject()
        for (key, number) in [
            ("total_items", total), ("total_pages", pages), ("page_number", query.page), ("size", size),
        ] {
            json.key(key)
            json.whole(number)
        }
        for (key, holds) in [
            ("first_page", query.page == 1), ("last_page", query.page >= pages), ("empty", size == 0),
        ] {
            json.key(key)
            json.bool(holds)
        }
        json.key("contents")
        json.beginArray()
        contents(&json)
        json.endArray()
        json.endObject()
    }

    // MARK: objects

    /// Writes one object with all that belongs to it.
    ///
    /// - Throws: `not_found`.
    package func write(_ list: List, id: String, to json: inout JSONWriter) throws(DirectoryError) {
        switch list {
        case .services, .serviceAtLocations:
            _ = try refreshed()
            if let place = index.withLock({ $0.placesByUUID[id] }), let stored = service.storedPlace(place),
                stored.status == .active
            {
                let nest = try nest(
                    places: [place], organisations: stored.organisation.map { [$0] } ?? [], full: false)
                // The UUID of a service is not one of a service at a location.
                if list == .services, let object = nest.objects(.services).first, object.id == id {
                    return nest.write(service: object, isFull: true, to: &json)
                }
                if list == .serviceAtLocations, let object = nest.objects(.servicesAtLocations).first,
                    object.id == id
                {
                    return nest.write(serviceAtLocation: object, isFull: true, to: &json)
                }
            }
        case .organizations:
            _ = try refreshed()
            if let organisation = index.withLock({ $0.organisationsByUUID[id] }) {
                let nest = try nest(places: [], organisations: [organisation], full: true)
                if let object = nest.objects(.organizations).first {
                    return nest.write(organization: object, isFull: true, to: &json)
                }
            }
        case .taxonomies, .taxonomyTerms:
            var document = try document()
            document.add(types: service.typeDescriptions)
            let all = HSDSNest(document).objects(list == .taxonomies ? .taxonomies : .taxonomyTerms)
            if let object = all.first(where: { $0.id == id }) { return object.write(to: &json) }
        }
        throw DirectoryError(
            .notFound, "there is no \(id.shortened()) among the \(list.rawValue)",
            advice: "GET /hsds/\(list.rawValue) lists those that there are")
    }

    // MARK: records

    private func document() throws(DirectoryError) -> HSDSDocument {
        HSDSDocument(
            directory: try service.identity(), types: service.typeDescriptions,
            communities: service.allCommunities, at: Timestamp(secondsSince1970: Int64(time(nil))))
    }

    /// - Parameter full: whether the places that the organisations run come along.
    private func nest(
        places: [PlaceID], organisations: [OrganisationID], full: Bool
    ) throws(DirectoryError) -> HSDSNest {
        var document = try document()
        var places = places
        for id in organisations.sorted() {
            // One that was taken away since the index was made is left out.
            guard let reply = try? service.organisation(id) else { continue }
            document.add(reply.organisation)
            if full { places += reply.places.map(\.id) }
        }
        let stored = places.compactMap { service.storedPlace($0) }.filter { $0.status == .active }
        let types = Set(stored.map(\.type))
        document.add(types: service.typeDescriptions.filter { types.contains($0.id) })
        for place in stored { document.add(place) }
        return HSDSNest(document)
    }

    /// The index as of now.
    private func refreshed() throws(DirectoryError) -> (
        entries: [Index.Entry], organisations: [OrganisationID]
    ) {
        let revision = service.version.revision
        if let known = index.withLock({ $0.revision == revision ? ($0.entries, $0.organisations) : nil }) {
            return known
        }
        var entries: [Index.Entry] = []
        var query = PlaceListQuery()
        query.limit = WalkLimit.maximumPage
        repeat {
            let page = try service.places(query)
            entries += page.places.map {
                Index.Entry(id: $0.id, type: $0.type, organisation: $0.organisation)
            }
            query.after = page.next
        } while query.after != nil
        var organisations: [OrganisationID] = []
        var asked = OrganisationListQuery()
        asked.limit = WalkLimit.maximumPage
        repeat {
            let page = try service.organisations(asked)
            organisations += page.organisations.map(\.id)
            asked.after = page.next
        } while asked.after != nil
        let names = HSDSNames(directory: try service.identity())
        index.withLock { [entries, organisations] index in
            for entry in entries where index.named.insert(entry.id).inserted {
                let own = HSDSDocument.Names(entry.id)
                index.placesByUUID[names.id(own.service)] = entry.id
                index.placesByUUID[names.id(own.both)] = entry.id
            }
            for id in organisations {
                index.organisationsByUUID[names.id("organisation/\(id.rawValue)")] = id
            }
            (index.revision, index.entries, index.organisations) = (revision, entries, organisations)
        }
        return (entries, organisations)
    }

    /// When each place was changed last; what was read before is remembered.
    private func changes() throws(DirectoryError) -> [PlaceID: Timestamp] {
        var (changed, seen) = index.withLock { ($0.changed, $0.seen) }
        while true {
            let page = try service.changes(ChangeQuery(position: seen, kinds: [.place]))
            for change in page.changes { changed[PlaceID(unchecked: change.id)] = change.time }
            let isEnd = page.isWhole || page.next == seen
            seen = page.next
            if isEnd { break }
        }
        index.withLock { [changed, seen] index in
            guard index.seen.revision <= seen.revision else { return }
            (index.changed, index.seen) = (changed, seen)
        }
        return changed
    }
}
