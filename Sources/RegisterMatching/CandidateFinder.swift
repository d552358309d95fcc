package import DirectoryModel

/// Finds the places, of many that are known, that a row may tell of.
///
/// Compared are those that `DuplicateFinder` would compare. A known place is taken apart when it is first compared, so
/// that a short table costs little beside a long directory.
package struct CandidateFinder {
    private let location: (Int) -> Coordinate?
    private let traits: (Int) -> PlaceTraits
    private let count: Int
    /// Each known place that has a point by its square, ascending.
    private var squares: [(square: UInt64, index: Int32)] = []
    /// Known places without a point by the sound of their names.
    private var homeless: [String: [Int32]] = [:]
    private var byKey: [String: [Int32]] = [:]
    /// All known places by the sound of their names; made when the first row without a point comes.
    private var bySound: [String: [Int32]]?
    private var remembered: [Int32: PlaceTraits] = [:]

    /// Places that are kept taken apart; chosen, not measured: some 60 MB.
    private static let mostRemembered = 50_000

    /// A finder among `count` known places.
    ///
    /// - Parameters:
    ///   - location: the point of one by its index; asked of all at once.
    ///   - hasKeys: whether one may have a key of its own, such as a telephone number; asked of all at once.
    ///   - traits: one made ready by its index; asked at once of those without a point or with keys, of others when
    ///     they are compared.
    package init(
        count: Int, location: @escaping (Int) -> Coordinate?, hasKeys: (Int) -> Bool,
        traits: @escaping (Int) -> PlaceTraits
    ) {
        self.count = count
        self.location = location
        self.traits = traits
        squares.reserveCapacity(count)
        for index in 0..<count {
            let square = Squares.square(of: location(index))
            if let square { squares.append((square.number, Int32(index))) }
            guard square == nil || hasKeys(index) else { continue }
            let record = traits(index)
            if record.isHomeless { homeless[record.name.soundKey, default: []].append(Int32(index)) }
            for key in record.keys { byKey[key, default: []].append(Int32(index)) }
        }
        squares.sort { ($0.square, $0.index) < ($1.square, $1.index) }
    }

    /// The known places that a row may tell of, the likeliest first, ties by index.
    ///
    /// - Parameters:
    ///   - row: the row made ready.
    ///   - confidence: from which on one counts, `SamePlace.maybeFrom`…1.
    ///   - limit: the most that are given.
    ///   - isWanted: whether a known place is compared at all.
    package mutating func candidates(
        for row: PlaceTraits, from confidence: Double, limit: Int,
        where isWanted: (Int) -> Bool = { _ in true }
    ) -> [(index: Int, same: SamePlace)] {
        guard count > 0 else { return [] }
        var seen: Set<Int32> = []
        var found: [(index: Int, confidence: Double)] = []
        func compare(_ index: Int32, _ finder: inout CandidateFinder) {
            guard seen.insert(index).inserted, isWanted(Int(index)) else { return }
            let likeness = SamePlace.confidence(row, finder.record(index))
            if likeness >= confidence { found.append((Int(index), likeness)) }
        }
        for square in Squares.around(row.location) {
            for index in indices(in: square) {
                // Without a syllable in common only a key may make them one.
                if record(index).name.signature & row.name.signature != 0 { compare(index, &self) }
            }
        }
        for key in row.keys {
            guard let list = byKey[key], list.count <= DuplicateFinder.crowd else { continue }
            for index in list { compare(index, &self) }
        }
        if row.isHomeless {
            if bySound == nil {
                var sounds: [String: [Int32]] = [:]
                for index in 0..<count {
                    sounds[traits(index).name.soundKey, default: []].append(Int32(index))
                }
                bySound = sounds
            }
            for index in (bySound?[row.name.soundKey] ?? []).prefix(DuplicateFinder.crowd) {
                compare(index, &self)
            }
        } else {
            for index in (homeless[row.name.soundKey] ?? []).prefix(DuplicateFinder.crowd) {
                compare(index, &self)
            }
        }
        found.sort { ($1.confidence, $0.index) < ($0.confidence, $1.index) }
        return found.prefix(limit).map { (index: $0.index, same: SamePlace(row, record(Int32($0.index)))) }
    }

    private func indices(in square: Squares.Square) -> some Sequence<Int32> {
        let number = square.number
        var low = 0
        var high = squares.count
        while low < high {
            let middle = (low + high) / 2
            if squares[middle].square < number { low = middle + 1 } else { high = middle }
        }
        return squares[low...].prefix { $0.square == number }.map(\.index)
    }

    private mutating func record(_ index: Int32) -> PlaceTraits {
        if let known = remembered[index] { return known }
        if remembered.count >= Self.mostRemembered { remembered.removeAll(keepingCapacity: true) }
        let made = traits(Int(index))
        remembered[index] = made
        return made
    }
}
