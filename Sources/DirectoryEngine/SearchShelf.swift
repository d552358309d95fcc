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

    private(set) var index = ShelfIndex()
    private var things: [Thing?] = []
    private var free: [UInt32] = []
    private var placeNumbers: [PlaceID: UInt32] = [:]
    private var originNumbers: [OriginID: UInt32] = [:]
    private var activityNumbers: [ActivityID: UInt32] = [:]
    private var organisationNumbers: [OrganisationID: UInt32] = [:]

    /// What stands behind a number of the index.
    func thing(_ number: UInt32) -> Thing? { things[Int(number)] }

    /// The number of a place that can be found.
    func number(of id: PlaceID) -> UInt32? { placeNumbers[id] }

    /// Puts a place on the shelf, or in the place of its former self; one that is not listed is taken down.
    mutating func put(_ entry: PlaceEntry, host: ModuleHost) {
        let place = entry.record.place
        guard place.status == .active else { return remove(place.id) }
        let number = placeNumbers[place.id] ?? take()
        placeNumbers[place.id] = number
        things[Int(number)] = .place(entry)
        var words = host.indexEntry(for: place).searchWords
        if let type = host.type(place.type) { words += [type.name.zh, type.name.en] + type.searchWords }
        index.insert(
            number, key: place.id.rawValue,
            names: SearchNames(
                place.name, english: place.nameEnglish, addresses: [place.address].compactMap { $0 },
                typeWords: words))
    }

    /// Puts an origin on the shelf, or in the place of its former self; one that is not used any more is taken down.
    mutating func put(_ origin: Origin) {
        guard origin.status == .active else { return remove(origin.id) }
        let number = originNumbers[origin.id] ?? take()
        originNumbers[origin.id] = number
        things[Int(number)] = .origin(origin)
        index.insert(
            number, key: origin.id.rawValue, names: SearchNames(origin.name, english: origin.nameEnglish))
    }

    /// Puts an activity on the shelf; one that does not take place any more is taken down.
    mutating func put(_ activity: Activity) {
        guard activity.status == .active else { return remove(activity.id) }
        let number = activityNumbers[activity.id] ?? take()
        activityNumbers[activity.id] = number
        things[Int(number)] = .activity(activity)
        index.insert(
            number, key: activity.id.rawValue,
            names: SearchNames(activity.name, english: activity.nameEnglish))
    }

    /// Puts an organisation on the shelf.
    mutating func put(_ organisation: Organisation) {
        let number = organisationNumbers[organisation.id] ?? take()
        organisationNumbers[organisation.id] = number
        things[Int(number)] = .organisation(organisation)
        index.insert(
            number, key: organisation.id.rawValue,
            names: SearchNames(
                organisation.name, english: organisation.nameEnglish,
                addresses: [organisation.address].compactMap { $0 }))
    }

    /// Takes an activity down.
    mutating func remove(_ id: ActivityID) { activityNumbers.removeValue(forKey: id).map { give($0) } }

    /// Takes an organisation down.
    mutating func remove(_ id: OrganisationID) {
        organisationNumbers.removeValue(forKey: id).map { give($0) }
    }

    /// Takes a place down.
    mutating func remove(_ id: PlaceID) { placeNumbers.removeValue(forKey: id).map { give($0) } }

    /// Takes an origin down.
    mutating func remove(_ id: OriginID) { originNumbers.removeValue(forKey: id).map { give($0) } }

    private mutating func take() -> UInt32 {
        if let number = free.popLast() { return number }
        things.append(nil)
        return UInt32(things.count - 1)
    }

    private mutating func give(_ number: UInt32) {
        index.remove(number)
        things[Int(number)] = nil
        free.append(number)
    }
}

/// TextSearch's index, where equal things stand in the order of their ids' bytes: its numbers are given as they come,
/// and are others after a restart.
struct ShelfIndex {
    private var names = SearchIndex()
    /// The id of each number; empty for one that stands for nothing.
    private var keys: [String] = []

    mutating func insert(_ number: UInt32, key: String, names: SearchNames) {
        while keys.count <= Int(number) { keys.append("") }
        keys[Int(number)] = key
        self.names.insert(id: number, names: names)
    }

    mutating func remove(_ number: UInt32) {
        keys[Int(number)] = ""
        names.remove(id: number)
    }

    /// What is called so; see `SearchIndex.search`.
    func search(_ text: String, limit: Int, rank: (UInt32) -> Double?) -> [SearchHit] {
        names.search(text, limit: limit, rank: rank, precedes: precedes)
    }

    /// What can be typed next, and what is found so far; see `SearchIndex.suggest`.
    func suggest(_ text: String, limit: Int, rank: (UInt32) -> Double?) -> SearchSuggestions {
        names.suggest(text, limit: limit, rank: rank, precedes: precedes)
    }

    private func precedes(_ one: UInt32, _ other: UInt32) -> Bool {
        let (key, otherKey) = (keys[Int(one)], keys[Int(other)])
        // A place and an origin may have the same id.
        return key == otherKey ? one < other : key.utf8.lexicographicallyPrecedes(otherKey.utf8)
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
