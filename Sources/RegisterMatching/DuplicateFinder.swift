package import DirectoryModel
internal import Glibc

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

    private struct Spot: Hashable {
        let row: Int32
        let column: Int32
    }

    /// Each record is compared with those before it in the squares around it.
    mutating func lookNear() {
        var squares: [Spot: [Int]] = [:]
        let side = DuplicateFinder.reach.value / 111_000
        for (index, record) in records.enumerated() {
            guard let point = record.location, abs(point.latitude.value) <= 90,
                abs(point.longitude.value) <= 180
            else { continue }
            let row = Int32((point.latitude.value / side).rounded(.down))
            for near in row - 1...row + 1 {
                let width = Self.columnDegrees(near, side)
                let first = Int32(((point.longitude.value - width) / width).rounded(.down))
                for column in first...first + 2 {
                    if let others = squares[Spot(row: near, column: column)] { look(index, others) }
                }
            }
            let column = Int32((point.longitude.value / Self.columnDegrees(row, side)).rounded(.down))
            squares[Spot(row: row, column: column), default: []].append(index)
        }
    }

    /// The width of a row's squares in degrees, at least the reach everywhere in it and in the rows beside it.
    private static func columnDegrees(_ row: Int32, _ side: Double) -> Double {
        let latitude = min(89.9, (abs(Double(row)) + 2) * side)
        return side / cos(latitude * .pi / 180)
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
            for key in Self.keys(record) { blocks[key, default: []].append(index) }
            // A rough point is none: see SamePlace.longestDoubt.
            let isWithout = record.location == nil || record.uncertainty.value > SamePlace.longestDoubt / 2
            if isWithout {
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

    private static func keys(_ record: PlaceTraits) -> Set<String> {
        var keys: Set<String> = []
        if let code = record.creditCode { keys.insert("code:" + code.text) }
        for phone in record.phones where phone.kind == .landline || phone.kind == .mobile {
            keys.insert("phone:" + phone.lineKey)
        }
        if let address = record.address {
            if let house = address.house {
                keys.insert("house:\(record.streetSound) \(house.number)")
            }
            if let estate = address.estate, let building = address.building {
                keys.insert("building:\(estate) \(building)")
            }
        }
        return keys
    }
}
