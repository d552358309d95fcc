package import DirectoryModel

/// Two records that may tell of one place.
package struct DuplicatePair: Hashable, Sendable {
    /// The index of the first, the smaller one.
    package let first: Int
    /// The index of the second.
    package let second: Int
    /// How sure it is, 0…1.
    package let confidence: Double
    /// `same` or `maybe`.
    package let verdict: SamePlace.Verdict
}

/// Finds the records among many that may tell of one place.
///
/// Compared are those near each other (420 m: 300 and twice the 60 m that a point may be off), those with the same telephone, credit code or address, and those of the
/// same sound of which one has no good point. What is not compared could not reach `maybe`.
package enum DuplicateFinder {
    /// What was found.
    package struct Result: Sendable {
        /// The pairs, the surest first, ties by index.
        package let pairs: [DuplicatePair]
        /// How many pairs were looked at closely.
        package let compared: Int
        /// Keys that more than `crowd` records share, such as the credit code of a big chain: these were compared with
        /// their neighbours only.
        package let crowded: [String]
    }

    /// So many records may share a key and are still all compared.
    ///
    /// Chosen, not measured: 500 records are 125,000 pairs.
    package static let crowd = 500
    /// How near records must be to be compared for it.
    package static let reach: Metres = 420

    /// Finds the pairs among records.
    ///
    /// - Complexity: O(n + pairs within 420 m or with a key in common), with a cheap test for most of them.
    package static func pairs(of records: [PlaceTraits]) -> Result {
        var search = DuplicateSearch(records)
        search.lookNear()
        search.lookByKeys()
        search.found.sort { ($1.confidence, $0.first, $0.second) < ($0.confidence, $1.first, $1.second) }
        return Result(pairs: search.found, compared: search.compared, crowded: search.crowded.sorted())
    }
}

private struct DuplicateSearch {
    let records: [PlaceTraits]
    var found: [DuplicatePair] = []
    var compared = 0
    var crowded: Set<String> = []
    private var seen: Set<UInt64> = []

    init(_ records: [PlaceTraits]) { self.records = records }

    private mutating func compare(_ one: Int, _ other: Int) {
        let (first, second) = (min(one, other), max(one, other))
        guard first != second else { return }
        compared += 1
        let confidence = SamePlace.confidence(records[first], records[second])
        guard confidence >= SamePlace.maybeFrom else { return }
        guard seen.insert(UInt64(first) << 32 | UInt64(second)).inserted else { return }
        found.append(
            DuplicatePair(
                first: first, second: second, confidence: confidence, verdict: SamePlace.verdict(confidence)))
    }

    // MARK: Near

    /// Each record is compared with those before it in the squares around it.
    mutating func lookNear() {
        var squares: [Squares.Square: [Int]] = [:]
        for (index, record) in records.enumerated() {
            guard let square = Squares.square(of: record.location) else { continue }
            for near in Squares.around(record.location) {
                if let others = squares[near] { look(index, others) }
            }
            squares[square, default: []].append(index)
        }
    }

    private mutating func look(_ one: Int, _ others: [Int]) {
        let name = records[one].name
        guard others.count <= DuplicateFinder.crowd else {
            // Too many at one spot: those of one sound only.
            crowded.insert("spot")
            for other in others where records[other].name.soundKey == name.soundKey { compare(one, other) }
            return
        }
        // Without a syllable in common only a key may make them one.
        for other in others where records[other].name.signature & name.signature != 0 { compare(one, other) }
    }

    // MARK: Keys

    mutating func lookByKeys() {
        var blocks: [String: [Int]] = [:]
        var homeless: [String: (without: [Int], with: [Int])] = [:]
        for (index, record) in records.enumerated() {
            for key in record.keys { blocks[key, default: []].append(index) }
            if record.isHomeless {
                homeless[record.name.soundKey, default: ([], [])].without.append(index)
            } else {
                homeless[record.name.soundKey, default: ([], [])].with.append(index)
            }
        }
        for (key, list) in blocks where list.count > 1 {
            guard list.count <= DuplicateFinder.crowd else {
                crowded.insert(key)
                continue
            }
            for (place, one) in list.enumerated() {
                for other in list[(place + 1)...] { compare(one, other) }
            }
        }
        for lists in homeless.values where !lists.without.isEmpty {
            guard lists.without.count + lists.with.count <= DuplicateFinder.crowd else {
                crowded.insert("name:" + records[lists.without[0]].name.core)
                continue
            }
            for (place, one) in lists.without.enumerated() {
                for other in lists.without[(place + 1)...] + lists.with[...] { compare(one, other) }
            }
        }
    }
}

extension PlaceTraits {
    /// Whether it has no point, or a rough one, which is none: see `SamePlace.longestDoubt`.
    var isHomeless: Bool { location == nil || uncertainty.value > SamePlace.longestDoubt / 2 }

    /// What two records that tell of one place may have in common, wherever they are.
    var keys: Set<String> {
        var keys: Set<String> = []
        if let code = creditCode { keys.insert("code:" + code.text) }
        for phone in phones where phone.kind == .landline || phone.kind == .mobile {
            keys.insert("phone:" + phone.lineKey)
        }
        if let address = address {
            if let house = address.house {
                keys.insert("house:\(streetSound) \(house.number)")
            }
            if let estate = address.estate, let building = address.building {
                keys.insert("building:\(estate) \(building)")
            }
        }
        return keys
    }
}
