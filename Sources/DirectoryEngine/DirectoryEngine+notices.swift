internal import AreaGeometry
package import DirectoryAPI
package import DirectoryModel
internal import DirectoryStore
internal import OpeningTimes

extension DirectoryEngine {
    /// Notices, in the order of `NoticeRank`.
    package func notices(_ query: NoticeQuery) throws(DirectoryError) -> NoticePage {
        let now = query.at ?? .now
        return try reading { (index: LiveIndex) throws(DirectoryError) in
            if let community = query.community { try index.requireCommunity(community) }
            var found: [StandingNotice] = []
            for notice in try index.notices(for: query.origin) {
                guard query.all || notice.status == .active else { continue }
                let community = index.community(of: notice.to)
                guard query.community == nil || community == query.community else { continue }
                let standing = index.standing(notice, in: community, at: now)
                guard query.all || standing.state == .current else { continue }
                if let cursor = query.cursor, standing.rank <= cursor.rank { continue }
                found.append(standing)
            }
            found.sort { $0.rank < $1.rank }
            let page = found.prefix(query.limit)
            return NoticePage(
                revision: index.revision, notices: page.map(index.reply),
                next: found.count > page.count ? page.last.map { NoticeCursor($0.rank) } : nil,
                language: query.language)
        }
    }

    /// One notice, whether it counts now or not.
    package func notice(_ id: NoticeID) throws(DirectoryError) -> NoticeReply {
        try reading { (index: LiveIndex) throws(DirectoryError) in
            guard let notice = index.notices[id] else { throw noSuch(id) }
            return index.reply(index.standing(notice, in: index.community(of: notice.to), at: .now))
        }
    }

    /// The notice that a body describes, with what it names looked up.
    ///
    /// - Throws: `invalid_record` where it names what is not there, or ends before it begins.
    func notice(_ id: NoticeID, of body: NoticeBody) throws(DirectoryError) -> Notice {
        try reading { (index: LiveIndex) throws(DirectoryError) in
            let to = try index.addressee(body.to)
            try index.require(namesOf: body)
            let notice = body.notice(id, to: to, community: index.community(of: to))
            let span = index.span(of: notice, in: notice.community)
            guard span.end.map({ span.begin < $0 }) ?? true else {
                throw DirectoryError(
                    .invalidRecord, "notice: “until” comes before “from”",
                    advice: "a day in “until” is the last one, and is included", location: "until")
            }
            return notice
        }
    }

    /// Throws `forbidden` where a party would change a notice that is not its own, or address somebody that it has
    /// nothing to do with.
    ///
    /// - Parameters:
    ///   - present: the notice as it is; nil where there is none yet.
    ///   - new: the notice as it is to be; nil where it is to go.
    func require(_ party: Party?, mayChange present: Notice?, to new: Notice?) throws(DirectoryError) {
        guard let party else { return }
        if let present {
            let own = try store.read { reader in try party.owns(present, in: reader) }
            guard own else {
                throw DirectoryError(
                    .forbidden,
                    "\(party.name) may not change notice \(present.id.rawValue.shortened()): it is not its own",
                    advice: "post another one")
            }
        }
        guard let new else { return }
        if let organisation = new.organisation {
            try require(party, mayChangeFor: organisation)
        }
        guard reading({ index in index.may(party, address: new.to) }) else {
            throw DirectoryError(
                .forbidden,
                "\(party.name) may not post a notice for \(new.to.kind.rawValue) \(new.to.id.shortened())",
                advice: party.looksAfterBuildingsOnly
                    ? "it posts for the buildings that it looks after: "
                        + (party.buildings.isEmpty
                            ? "none" : party.buildings.map(\.rawValue).joined(separator: ", "))
                    : "its communities are " + party.communities.map(\.rawValue).joined(separator: ", "),
                location: "to")
        }
    }
}

extension Party {
    /// Whether a notice is its own: of one of its organisations, of its registers, or written by its own hand.
    fileprivate func owns(_ notice: Notice, in reader: borrowing StoreReader) throws(DirectoryError) -> Bool {
        if let organisation = notice.organisation, organisations.contains(organisation) { return true }
        return try reader.sightings(of: .notice, notice.id.rawValue).contains { sighting in
            sighting.isPresent && (sources.contains(sighting.source) || sighting.source == source)
        }
    }

    /// Whether it addresses the buildings that it looks after, and nobody else.
    fileprivate var looksAfterBuildingsOnly: Bool { kind == .buildingCaptain || !buildings.isEmpty }
}

extension LiveIndex {
    /// Notices of an origin's whole chain, of a point's community and grids, or all.
    ///
    /// - Throws: `not_found` for the origin.
    fileprivate func notices(for word: OriginWord?) throws(DirectoryError) -> [Notice] {
        let addressees: [Notice.Addressee]
        switch word {
        case nil: return Array(notices.values)
        case .id(let id)?:
            guard let origin = origins[id] else {
                throw DirectoryError(
                    .notFound, "there is no origin \(id.rawValue.shortened())",
                    advice: "`quarterctl origins` lists those that are there", location: "origin")
            }
            addressees = self.addressees(with: origin)
        case .point(let point)?: addressees = self.addressees(at: point)
        }
        return addressees.flatMap { relations.noticesFor[$0] ?? [] }.compactMap { notices[$0] }
    }

    /// An origin, all that it is part of, its grid and its community.
    private func addressees(with origin: Origin) -> [Notice.Addressee] {
        let chain = chain(of: origin)
        var addressees = chain.map { Notice.Addressee.origin($0.id) }
        let community = community(of: chain)
        // What a building says of itself counts before what its estate says: a large estate lies in several grids.
        if let grid = chain.lazy.compactMap(\.grid).first {
            addressees.append(.grid(grid))
        } else if let community {
            addressees += grids(of: community, at: origin.location)
        }
        if let community { addressees.append(.community(community)) }
        return addressees
    }

    /// The community that a point lies in, and its grids there.
    private func addressees(at point: Coordinate) -> [Notice.Addressee] {
        guard let community = finder.community(at: point) else { return [] }
        return [.community(community)] + grids(of: community, at: point)
    }

    /// The grids of a community that a point lies in and that somebody has a notice for.
    ///
    /// - Complexity: O(n) in the grids of the directory; boundaries are prepared of those with notices only.
    private func grids(of community: CommunityID, at point: Coordinate) -> [Notice.Addressee] {
        grids.values.filter { grid in
            grid.community == community && relations.noticesFor[.grid(grid.id)] != nil
                && grid.boundary.flatMap { try? PreparedArea($0) }?.contains(point) == true
        }.map { .grid($0.id) }
    }

    /// An origin with what it is part of, from the narrowest to the widest.
    private func chain(of origin: Origin) -> [Origin] {
        var chain = [origin]
        // Four levels lie between a unit and nothing; a circle in the data must not hold us.
        while chain.count < 8, let parent = chain.last?.parent.flatMap({ origins[$0] }) {
            chain.append(parent)
        }
        return chain
    }

    private func community(of chain: [Origin]) -> CommunityID? {
        chain.lazy.compactMap { $0.community ?? $0.grid.flatMap { self.grids[$0]?.community } }.first
    }

    /// The community that addressed ones belong to.
    func community(of to: Notice.Addressee) -> CommunityID? {
        switch to {
        case .community(let id): id
        case .grid(let id): grids[id]?.community
        case .origin(let id): origins[id].flatMap { community(of: chain(of: $0)) }
        }
    }

    /// Whom a client's words mean.
    ///
    /// - Throws: `invalid_record` where there is nobody of that id, or several.
    fileprivate func addressee(_ word: AddresseeWord) throws(DirectoryError) -> Notice.Addressee {
        let all: [Notice.Addressee] = [
            .community(CommunityID(unchecked: word.id)), .grid(GridID(unchecked: word.id)),
            .origin(OriginID(unchecked: word.id)),
        ]
        let known = all.filter { isThere($0) && (word.kind == nil || word.kind == $0.kind) }
        guard let first = known.first else {
            throw DirectoryError(
                .invalidRecord,
                "notice: there is no \(word.kind?.rawValue ?? "community, grid or origin") \(word.id.shortened())",
                advice: "`quarterctl communities` and `quarterctl origins` list those that are there",
                location: "to")
        }
        guard known.count == 1 else {
            throw DirectoryError(
                .invalidRecord,
                "notice: \(word.id.shortened()) is a "
                    + known.map(\.kind.rawValue).joined(separator: " and a "),
                advice: "say which kind is meant", location: "to")
        }
        return first
    }

    /// Whether an addressee is known.
    func isThere(_ to: Notice.Addressee) -> Bool {
        switch to {
        case .community(let id): communities[id] != nil
        case .grid(let id): grids[id] != nil
        case .origin(let id): origins[id] != nil
        }
    }

    /// Whether a party may address somebody.
    fileprivate func may(_ party: Party, address to: Notice.Addressee) -> Bool {
        let community = community(of: to)
        guard party.communities.isEmpty || community.map(party.communities.contains) == true else {
            return false
        }
        guard party.looksAfterBuildingsOnly else { return true }
        guard case .origin(let id) = to, let origin = origins[id] else { return false }
        return chain(of: origin).contains { party.buildings.contains($0.id) }
    }

    /// From when until when a notice counts, by the clock of its community; no end until further notice.
    func span(of notice: Notice, in community: CommunityID?) -> (begin: Timestamp, end: Timestamp?) {
        let zone = judge.context(of: community, policy: .commercial).zone
        return (zone.start(of: notice.from), notice.until.map { zone.end(of: $0) })
    }

    fileprivate func standing(_ notice: Notice, in community: CommunityID?, at moment: Timestamp)
        -> StandingNotice
    {
        let span = span(of: notice, in: community)
        let state: NoticeReply.State =
            moment < span.begin ? .coming : span.end.map { $0 <= moment } ?? false ? .past : .current
        return StandingNotice(
            notice: notice, community: community, end: span.end, state: state,
            rank: NoticeRank(
                isUrgent: notice.isUrgent, width: width(of: notice.to), begin: span.begin, id: notice.id))
    }

    fileprivate func reply(_ standing: StandingNotice) -> NoticeReply {
        var notice = standing.notice
        notice.community = standing.community
        let begin = standing.rank.begin
        return NoticeReply(
            notice: notice, addressee: name(of: notice.to),
            offsets: (
                from: judge.offset(in: standing.community, at: begin),
                until: judge.offset(in: standing.community, at: standing.end ?? begin)
            ),
            organisation: notice.organisation.flatMap { organisations[$0] }, state: standing.state,
            rank: standing.rank, tag: standing.notice.tag)
    }

    /// What somebody is called: an origin behind what it is part of, "翠竹园3幢".
    private func name(of to: Notice.Addressee) -> LocalizedText {
        switch to {
        case .community(let id):
            let community = communities[id]
            let name = community?.name ?? id.rawValue
            return LocalizedText(zh: name, en: community?.nameEnglish ?? name)
        case .grid(let id):
            let name = grids[id]?.name ?? id.rawValue
            return LocalizedText(zh: name, en: name)
        case .origin(let id):
            guard let origin = origins[id] else { return LocalizedText(zh: id.rawValue, en: id.rawValue) }
            let chain = chain(of: origin)
            let chinese = chain.dropFirst().reduce(origin.name) { name, whole in
                // A kiosk is mostly called by where it stands.
                name.hasPrefix(whole.name) ? name : whole.name + name
            }
            let english = chain.compactMap(\.nameEnglish)
            return LocalizedText(
                zh: chinese, en: english.count == chain.count ? english.joined(separator: ", ") : chinese)
        }
    }

    /// How wide an addressee is; see `NoticeRank.width`.
    private func width(of to: Notice.Addressee) -> Int {
        switch to {
        case .community: return 4
        case .grid: return 3
        case .origin(let id):
            switch origins[id]?.kind {
            case .unit?, .kiosk?, nil: return 0
            case .building?, .gate?: return 1
            case .estate?: return 2
            }
        }
    }
}

/// A notice with what a list has to know of it; only those of a page are dressed.
private struct StandingNotice {
    let notice: Notice
    /// The community that the addressed ones belong to now.
    let community: CommunityID?
    let end: Timestamp?
    let state: NoticeReply.State
    let rank: NoticeRank
}

extension Notice {
    /// Changes when, and only when, the record changes.
    var tag: String {
        var json = JSONWriter(capacity: 1024)
        json.beginObject()
        writeFields(to: &json, in: .zh)
        json.endObject()
        return json.digest
    }
}
