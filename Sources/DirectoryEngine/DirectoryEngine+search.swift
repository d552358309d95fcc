package import DirectoryAPI
package import DirectoryModel
internal import TextSearch
internal import WalkNetwork

extension DirectoryEngine {
    /// Writes what a start left unwritten of the records: whoever asks for one first need not do it.
    ///
    /// Others are answered meanwhile, and nobody waits. Some microseconds for a place.
    package func prepareRecords() {
        for (_, entry) in reading({ $0.places }) { entry.record.prepare() }
    }

    /// Makes the index of names, where there is none: at the first question, and after very many changes at once.
    ///
    /// Others are answered meanwhile; writers wait. Some 10 µs for each name.
    package func prepareSearch() throws(DirectoryError) {
        guard hasNoNames else { return }
        try exclusively { () throws(DirectoryError) in
            guard hasNoNames else { return }
            let (entries, origins, host) = reading { index in
                (
                    index.placeOrder.ids.compactMap { index.places[$0] },
                    index.originOrder.ids.compactMap { index.origins[$0] }, index.host
                )
            }
            let (activities, organisations) = reading { index in
                (
                    index.activities.values.sorted { $0.id < $1.id },
                    index.organisations.values.sorted { $0.id < $1.id }
                )
            }
            var shelf = SearchShelf()
            for entry in entries { shelf.put(entry, host: host) }
            for origin in origins { shelf.put(origin) }
            for activity in activities { shelf.put(activity) }
            for organisation in organisations { shelf.put(organisation) }
            fillNames(shelf)
        }
    }

    /// What is called so, the best match first, then the nearest.
    package func search(_ query: SearchQuery) throws(DirectoryError) -> SearchReply {
        try prepareSearch()
        return try readingNames { (index, shelf) throws(DirectoryError) in
            let rank = try index.rank(of: query, on: shelf)
            let hits = shelf?.search(query.text, limit: query.limit, rank: rank) ?? []
            return index.reply(hits, on: shelf, to: query)
        }
    }

    /// What can be typed next, and what is found so far.
    package func suggest(_ query: SearchQuery) throws(DirectoryError) -> SearchReply {
        try prepareSearch()
        return try readingNames { (index, shelf) throws(DirectoryError) in
            let rank = try index.rank(of: query, on: shelf)
            let suggestions = shelf?.suggest(query.text, limit: query.limit, rank: rank)
            var reply = index.reply(suggestions?.completions ?? [], on: shelf, to: query)
            reply.nextKeys = suggestions?.nextKeys ?? []
            return reply
        }
    }
}

extension SearchQuery {
    /// Whether things of a kind are asked for.
    fileprivate func wants(_ kind: Kind) -> Bool { kinds.isEmpty || kinds.contains(kind) }
}

extension LiveIndex {
    /// Which things are wanted, and how near they are; smaller is nearer, nil is not wanted.
    fileprivate func rank(of query: SearchQuery, on shelf: SearchShelf?) throws(DirectoryError)
        -> (UInt32) -> Double?
    {
        if let community = query.community { try requireCommunity(community) }
        for type in query.types { try requireType(type) }
        let start = try query.origin.map { word throws(DirectoryError) in try point(of: word) }
        return { number in
            guard let thing = shelf?.thing(number) else { return nil }
            let location: Coordinate?
            switch thing {
            case .activity(let activity):
                guard query.wants(.activity), query.types.isEmpty,
                    query.community == nil || activity.community == query.community
                else { return nil }
                location = self.point(of: activity)
            case .organisation:
                guard query.wants(.organisation), query.types.isEmpty, query.community == nil else {
                    return nil
                }
                location = nil
            case .place(let entry):
                let place = entry.record.place
                guard query.wants(.place), query.types.isEmpty || query.types.contains(place.type),
                    query.community == nil || place.community == query.community
                else { return nil }
                location = place.location
            case .origin(let origin):
                guard query.wants(.origin), query.types.isEmpty,
                    query.community == nil || origin.community == query.community
                else {
                    return nil
                }
                location = origin.location
            }
            guard let start else { return 0 }
            // What has no point comes last, and is found all the same.
            guard let location else { return .greatestFiniteMagnitude }
            return Geodesy.distance(start, location).value
        }
    }

    private func point(of word: OriginWord) throws(DirectoryError) -> Coordinate {
        switch word {
        case .point(let point): return point
        case .id(let id):
            guard let origin = origins[id] else {
                throw DirectoryError(
                    .notFound, "there is no origin \(id.rawValue.shortened())",
                    advice: "`quarterctl origins` lists those that are there", location: "origin")
            }
            return origin.location
        }
    }

    fileprivate func reply(_ hits: [SearchHit], on shelf: SearchShelf?, to query: SearchQuery) -> SearchReply
    {
        let start = query.origin.flatMap { try? point(of: $0) }
        let found = hits.compactMap { hit -> FoundThing? in
            guard let thing = shelf?.thing(hit.id) else { return nil }
            switch thing {
            case .place(let entry):
                let distance = start.flatMap { start in
                    entry.record.place.location.map { Geodesy.distance(start, $0) }
                }
                return FoundThing(thing: .place(entry.record), match: TextMatch(hit), distance: distance)
            case .origin(let origin):
                return FoundThing(
                    thing: .origin(origin), match: TextMatch(hit),
                    distance: start.map { Geodesy.distance($0, origin.location) })
            case .activity(let activity):
                let location = point(of: activity)
                return FoundThing(
                    thing: .activity(activity, at: location, next: nextSession(of: activity, from: .now)),
                    match: TextMatch(hit),
                    distance: start.flatMap { start in location.map { Geodesy.distance(start, $0) } })
            case .organisation(let organisation):
                return FoundThing(
                    thing: .organisation(organisation), match: TextMatch(hit), distance: nil)
            }
        }
        return SearchReply(
            revision: revision, found: found, attributions: attributions, language: query.language)
    }

    /// Of places within reach those that are called so: the best match first, then the nearest.
    func pick(
        _ text: String, on shelf: SearchShelf?, limit: Int, of reached: [(entry: PlaceEntry, metres: Metres)]
    ) -> [(entry: PlaceEntry, metres: Metres, match: TextMatch)] {
        guard let shelf else { return [] }
        var places: [UInt32: Int] = [:]
        places.reserveCapacity(reached.count)
        for (position, found) in reached.enumerated() {
            if let number = shelf.number(of: found.entry.record.id) { places[number] = position }
        }
        let hits = shelf.search(text, limit: limit) { number in
            places[number].map { reached[$0].metres.value }
        }
        return hits.compactMap { hit in
            places[hit.id].map { (reached[$0].entry, reached[$0].metres, TextMatch(hit)) }
        }
    }
}
