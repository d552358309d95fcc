internal import DirectoryAPI
internal import DirectoryModel
internal import ModuleHost
internal import ServiceTypeKit
internal import TextSearch

/// Places and origins by name: TextSearch's index, and what stands behind its numbers.
struct SearchShelf {
    /// What stands behind a number; places are by far the most, and the others' records too large to lie beside them.
    enum Thing {
        case place(PlaceEntry)
        indirect case origin(Origin)
        indirect case activity(Activity)
        indirect case organisation(Organisation)
    }

    private var index = SearchIndex()
    private var things: [Thing?] = []
    private var free: [UInt32] = []
    /// The number of each thing, by its id.
    private var numbers = HashSlots()

    /// What stands behind a number of the index.
    func thing(_ number: UInt32) -> Thing? { things[Int(number)] }

    /// The number of a place that can be found.
    func number(of id: PlaceID) -> UInt32? { number(.place, id.rawValue) }

    // MARK: Finding

    /// What is called so, as `SearchIndex.search` finds it; equal things stand in the order of their ids' bytes.
    func search(_ text: String, limit: Int, rank: (UInt32) -> Double?) -> [SearchHit] {
        index.search(text, limit: limit, rank: rank, precedes: precedes)
    }

    /// What can be typed next, and what is found so far; see `SearchIndex.suggest`.
    func suggest(_ text: String, limit: Int, rank: (UInt32) -> Double?) -> SearchSuggestions {
        index.suggest(text, limit: limit, rank: rank, precedes: precedes)
    }

    /// Numbers are given as they come, and are others after a restart.
    private func precedes(_ one: UInt32, _ other: UInt32) -> Bool {
        guard let key = things[Int(one)]?.key, let otherKey = things[Int(other)]?.key else {
            return one < other
        }
        // A place and an origin may have the same id.
        return key == otherKey ? one < other : key.utf8.lexicographicallyPrecedes(otherKey.utf8)
    }

    // MARK: Changing

    /// Puts a place on the shelf, or in the place of its former self; one that is not listed is taken down.
    mutating func put(_ entry: PlaceEntry, host: ModuleHost) {
        guard entry.isActive else { return remove(entry.record.id) }
        let place = entry.record.place
        var words = host.indexEntry(for: place).searchWords
        if let type = host.type(place.type) { words += [type.name.zh, type.name.en] + type.searchWords }
        put(
            .place(entry),
            SearchNames(
                place.name, english: place.nameEnglish, addresses: [place.address].compactMap { $0 },
                typeWords: words))
    }

    /// Puts an origin on the shelf, or in the place of its former self; one that is not used any more is taken down.
    mutating func put(_ origin: Origin) {
        guard origin.status == .active else { return remove(origin.id) }
        put(.origin(origin), SearchNames(origin.name, english: origin.nameEnglish))
    }

    /// Puts an activity on the shelf; one that does not take place any more is taken down.
    mutating func put(_ activity: Activity) {
        guard activity.status == .active else { return remove(activity.id) }
        put(.activity(activity), SearchNames(activity.name, english: activity.nameEnglish))
    }

    /// Puts an organisation on the shelf.
    mutating func put(_ organisation: Organisation) {
        put(
            .organisation(organisation),
            SearchNames(
                organisation.name, english: organisation.nameEnglish,
                addresses: [organisation.address].compactMap { $0 }))
    }

    /// Takes an activity down.
    mutating func remove(_ id: ActivityID) { remove(.activity, id.rawValue) }

    /// Takes an organisation down.
    mutating func remove(_ id: OrganisationID) { remove(.organisation, id.rawValue) }

    /// Takes a place down.
    mutating func remove(_ id: PlaceID) { remove(.place, id.rawValue) }

    /// Takes an origin down.
    mutating func remove(_ id: OriginID) { remove(.origin, id.rawValue) }

    private mutating func put(_ thing: Thing, _ names: SearchNames) {
        if let number = number(thing.kind, thing.key) {
            things[Int(number)] = thing
            index.insert(id: number, names: names)
            return
        }
        let number = free.popLast() ?? UInt32(things.count)
        if Int(number) == things.count { things.append(thing) } else { things[Int(number)] = thing }
        changeNumbers { $0.insert(number, hash: thing.hash, hashOf: $1) }
        index.insert(id: number, names: names)
    }

    private mutating func remove(_ kind: Thing.Kind, _ key: String) {
        guard let number = number(kind, key) else { return }
        changeNumbers { $0.remove(number, hash: Thing.hash(kind, key), hashOf: $1) }
        index.remove(id: number)
        things[Int(number)] = nil
        free.append(number)
    }

    private func number(_ kind: Thing.Kind, _ key: String) -> UInt32? {
        numbers.find(Thing.hash(kind, key)) { number in
            guard let thing = things[Int(number)] else { return false }
            return thing.kind == kind && thing.key == key
        }
    }

    /// Runs `body` with the numbers, and what tells the hash of one.
    private mutating func changeNumbers(_ body: (inout HashSlots, (UInt32) -> UInt64) -> Void) {
        let things = things
        body(&numbers) { things[Int($0)]?.hash ?? 0 }
    }
}

extension SearchShelf.Thing {
    fileprivate enum Kind: UInt8 {
        case place
        case origin
        case activity
        case organisation
    }

    fileprivate var kind: Kind {
        switch self {
        case .place: .place
        case .origin: .origin
        case .activity: .activity
        case .organisation: .organisation
        }
    }

    /// Its id.
    fileprivate var key: String {
        switch self {
        case .place(let entry): entry.record.id.rawValue
        case .origin(let origin): origin.id.rawValue
        case .activity(let activity): activity.id.rawValue
        case .organisation(let organisation): organisation.id.rawValue
        }
    }

    fileprivate var hash: UInt64 { Self.hash(kind, key) }

    fileprivate static func hash(_ kind: Kind, _ key: String) -> UInt64 {
        HashSlots.hash(key.utf8) &+ UInt64(kind.rawValue)
    }
}

extension TextMatch {
    init(_ hit: SearchHit) {
        self.init(
            channel: "\(hit.channel)".snakeCase, field: "\(hit.field)".snakeCase, text: hit.text,
            range: hit.range)
    }
}

extension String {
    /// `pinyinOtherReading` as `pinyin_other_reading`.
    fileprivate var snakeCase: String {
        var text = ""
        for character in self {
            if character.isUppercase { text.append("_") }
            text += character.lowercased()
        }
        return text
    }
}
