package import DirectoryModel
internal import Glibc

/// A thing whose address and point are known: an estate, a gate, a building, a unit, a place.
package struct KnownAddress: Hashable, Sendable {
    /// Its id.
    package let id: String
    /// Its address.
    package let parts: AddressParts
    /// Where it is.
    package let coordinate: Coordinate

    /// A known thing; see the fields.
    package init(id: String, parts: AddressParts, coordinate: Coordinate) {
        self.id = id
        self.parts = parts
        self.coordinate = coordinate
    }
}

/// Where an address may be.
package struct AddressCandidate: Hashable, Sendable {
    /// Why this point.
    package enum Reason: String, Hashable, Sendable, CaseIterable {
        /// The house number on the street is known.
        case house
        /// The number is known, what is behind it (12-3, 12号甲) is not.
        case houseWithoutSub = "house_without_sub"
        /// Unit and building of the estate are known.
        case unit
        /// The building of the estate is known.
        case building
        /// The gate of the estate is known.
        case gate
        /// The estate is known, the building is not known or not said.
        case estate
        /// Between two known numbers of the same side of the street: a guess, said so.
        case interpolated
        /// Near one known number of the street, nothing beyond it.
        case neighbour
        /// The street alone: too weak to be placed.
        case street
    }

    /// The things it follows from: one, or two where it lies between them.
    package let ids: [String]
    /// The point.
    package let coordinate: Coordinate
    /// How sure it is, 0…1; see docs/matching.md.
    package let confidence: Double
    /// Why.
    package let reason: Reason
    /// About how far the true point may be from this one.
    package let uncertainty: Metres
    /// The reason in words.
    package let words: LocalizedText
}

/// Finds the point of an address among known things.
///
/// Streets and estates are found by their names as compared (simplified, half-width, Han numbers as digits); where the
/// name is not known, by its sound. Levels that both sides state must agree.
package struct AddressIndex: Sendable {
    /// From this confidence on an address counts as placed; below it is listed as unplaced.
    ///
    /// Chosen: it lets through a known estate and an interpolated number, and neither a neighbour nor a street alone.
    package static let placedFrom = 0.6

    private struct Numbered: Sendable {
        let number: Int
        let sub: String?
        let thing: Int32
    }

    private struct Estate: Sendable {
        var whole: [Int32] = []
        var inside: [Int32] = []
        var buildings: [String: [Int32]] = [:]
        var gates: [String: [Int32]] = [:]
    }

    private var things: [KnownAddress] = []
    private var streets: [String: [Numbered]] = [:]
    private var estates: [String: Estate] = [:]
    private var streetsBySound: [String: [String]] = [:]
    private var estatesBySound: [String: [String]] = [:]

    /// Indexes known things; those with neither street and number nor estate are left out.
    ///
    /// - Complexity: O(n log n).
    package init(_ known: some Sequence<KnownAddress>) {
        for thing in known where !thing.parts.isVague {
            let number = Int32(truncatingIfNeeded: things.count)
            things.append(thing)
            if let street = thing.parts.street, let house = thing.parts.house {
                streets[street, default: []].append(
                    Numbered(number: house.number, sub: house.sub, thing: number))
            }
            guard let name = thing.parts.estate else { continue }
            var estate = estates.removeValue(forKey: name) ?? Estate()
            if let building = thing.parts.building {
                estate.buildings[building, default: []].append(number)
            } else if let gate = thing.parts.gate {
                estate.gates[gate, default: []].append(number)
            } else if thing.parts.unit == nil && thing.parts.room == nil {
                estate.whole.append(number)
            }
            estate.inside.append(number)
            estates[name] = estate
        }
        for name in streets.keys {
            streets[name]?.sort { ($0.number, $0.sub ?? "", $0.thing) < ($1.number, $1.sub ?? "", $1.thing) }
        }
        for name in streets.keys.sorted() {
            streetsBySound[NameForm.sound(of: name), default: []].append(name)
        }
        for name in estates.keys.sorted() {
            estatesBySound[NameForm.sound(of: name), default: []].append(name)
        }
    }

    /// How many things are in it.
    package var count: Int { things.count }

    /// The best candidate, if it is good enough to be placed.
    package func placed(_ address: AddressText) -> AddressCandidate? {
        candidates(for: address, limit: 1).first { $0.confidence >= Self.placedFrom }
    }

    /// Where an address may be: the surest first, ties by id.
    ///
    /// - Complexity: O(log n + things of the street or estate that fit).
    package func candidates(for address: AddressText, limit: Int = 5) -> [AddressCandidate] {
        guard limit > 0, !address.parts.isVague else { return [] }
        var found: [AddressCandidate] = []
        addHouses(address.parts, &found)
        addEstate(address.parts, &found)
        found = settled(found, address)
        return Array(found.prefix(limit))
    }

    // MARK: Streets

    /// Names under which a name may be known, and what each is worth.
    private func names(_ name: String, _ isKnown: Bool, _ bySound: [String: [String]]) -> ([String], Double) {
        if isKnown { return ([name], 1) }
        // A homophone typed wrongly.
        return (bySound[NameForm.sound(of: name)] ?? [], 0.85)
    }

    private func addHouses(_ parts: AddressParts, _ found: inout [AddressCandidate]) {
        guard let street = parts.street else { return }
        let (names, worth) = names(street, streets[street] != nil, streetsBySound)
        for name in names {
            guard let numbers = streets[name] else { continue }
            let fitting = numbers.filter { fits(things[Int($0.thing)].parts, parts) }
            guard !fitting.isEmpty else { continue }
            guard let house = parts.house else {
                addStreet(fitting, name, worth, &found)
                continue
            }
            let same = fitting.filter { $0.number == house.number }
            if same.isEmpty {
                addNeighbours(fitting, house.number, name, worth, &found)
            }
            for entry in same {
                let isExact = entry.sub == house.sub
                let thing = things[Int(entry.thing)]
                found.append(
                    AddressCandidate(
                        ids: [thing.id], coordinate: thing.coordinate,
                        confidence: (isExact ? 0.95 : 0.8) * worth,
                        reason: isExact ? .house : .houseWithoutSub, uncertainty: isExact ? 15 : 30,
                        words: isExact
                            ? LocalizedText(
                                zh: "门牌“\(name)\(house.text)号”已知", en: "\(name) \(house.text) is known")
                            : LocalizedText(
                                zh: "“\(name)\(house.number)号”已知，附号不同",
                                en: "\(name) \(house.number) is known, with another number behind it")))
            }
        }
    }

    private func addStreet(
        _ numbers: [Numbered], _ name: String, _ worth: Double, _ found: inout [AddressCandidate]
    ) {
        let middle = things[Int(numbers[numbers.count / 2].thing)]
        let ends = [numbers[0], numbers[numbers.count - 1]].map { things[Int($0.thing)].coordinate }
        let reach = max(100, ends.map { SamePlace.metres($0, middle.coordinate).value }.max() ?? 0)
        found.append(
            AddressCandidate(
                ids: [middle.id], coordinate: middle.coordinate, confidence: 0.3 * worth, reason: .street,
                uncertainty: Metres(reach),
                words: LocalizedText(zh: "只知道“\(name)”，没有门牌号", en: "only the street \(name) is known")))
    }

    /// Numbers of one side are even or odd; only such are looked at.
    private func addNeighbours(
        _ numbers: [Numbered], _ number: Int, _ name: String, _ worth: Double,
        _ found: inout [AddressCandidate]
    ) {
        let side = numbers.filter { $0.number % 2 == number % 2 }
        let before = side.last { $0.number < number }
        let after = side.first { $0.number > number }
        if let before, let after {
            let (first, second) = (things[Int(before.thing)], things[Int(after.thing)])
            let length = SamePlace.metres(first.coordinate, second.coordinate).value
            let share = Double(number - before.number) / Double(after.number - before.number)
            // Up to 20 houses and 300 m apart it is worth placing.
            let isClose = length <= 300 && after.number - before.number <= 40
            found.append(
                AddressCandidate(
                    ids: [first.id, second.id],
                    coordinate: Self.between(first.coordinate, second.coordinate, share),
                    confidence: (isClose ? 0.7 : 0.45) * worth, reason: .interpolated,
                    uncertainty: Metres(max(20, length / 2)),
                    words: LocalizedText(
                        zh: "推算：在“\(name)”同侧\(before.number)号与\(after.number)号之间",
                        en:
                            "a guess: between numbers \(before.number) and \(after.number) of the same side of \(name)"
                    )))
        } else if let near = before ?? after ?? numbers.first {
            let thing = things[Int(near.thing)]
            let houses = abs(near.number - number)
            found.append(
                AddressCandidate(
                    ids: [thing.id], coordinate: thing.coordinate,
                    confidence: (houses <= 8 && near.number % 2 == number % 2 ? 0.5 : 0.35) * worth,
                    reason: .neighbour, uncertainty: Metres(Double(min(houses, 200)) * 10 + 20),
                    words: LocalizedText(
                        zh: "“\(name)”上最近的已知门牌是\(near.number)号",
                        en: "the nearest known number of \(name) is \(near.number)")))
        }
    }

    private static func between(_ first: Coordinate, _ second: Coordinate, _ share: Double) -> Coordinate {
        func mix(_ one: Degrees, _ other: Degrees) -> Double {
            one.value + (other.value - one.value) * share
        }
        return Coordinate(
            uncheckedLatitude: mix(first.latitude, second.latitude),
            longitude: mix(first.longitude, second.longitude))
    }

    // MARK: Estates

    private func addEstate(_ parts: AddressParts, _ found: inout [AddressCandidate]) {
        guard let given = parts.estate else { return }
        let (names, worth) = names(given, estates[given] != nil, estatesBySound)
        for name in names {
            guard let estate = estates[name] else { continue }
            func add(
                _ list: [Int32], _ confidence: Double, _ reason: AddressCandidate.Reason,
                _ uncertainty: Metres,
                _ words: LocalizedText
            ) {
                for number in list {
                    let thing = things[Int(number)]
                    found.append(
                        AddressCandidate(
                            ids: [thing.id], coordinate: thing.coordinate, confidence: confidence * worth,
                            reason: reason, uncertainty: uncertainty, words: words))
                }
            }
            func fitting(_ list: [Int32]) -> [Int32] { list.filter { fits(things[Int($0)].parts, parts) } }
            var isSettled = false
            if let building = parts.building {
                let known = fitting(estate.buildings[building] ?? [])
                let same = known.filter { parts.unit != nil && things[Int($0)].parts.unit == parts.unit }
                let alone = known.filter { things[Int($0)].parts.unit == nil }
                let best = !same.isEmpty ? same : !alone.isEmpty ? alone : Array(known.prefix(1))
                add(
                    best, !same.isEmpty ? 0.95 : 0.9, same.isEmpty ? .building : .unit,
                    same.isEmpty ? 25 : 15,
                    LocalizedText(
                        zh: "“\(name)”\(building)幢已知", en: "building \(building) of \(name) is known"))
                isSettled = !best.isEmpty
            } else if let gate = parts.gate {
                let known = fitting(estate.gates[gate] ?? [])
                add(
                    known, 0.9, .gate, 20,
                    LocalizedText(zh: "“\(name)”\(gate)已知", en: "\(gate) of \(name) is known"))
                isSettled = !known.isEmpty
            }
            guard !isSettled else { continue }
            let whole = fitting(estate.whole)
            let list = whole.isEmpty ? Array(fitting(estate.inside).prefix(1)) : whole
            add(
                list, whole.isEmpty ? 0.6 : 0.65, .estate, 150,
                LocalizedText(zh: "只知道小区“\(name)”", en: "only the estate \(name) is known"))
        }
    }

    // MARK: Judging

    /// Whether no level that both state differs.
    private func fits(_ known: AddressParts, _ given: AddressParts) -> Bool {
        func differ(_ one: String?, _ other: String?) -> Bool {
            guard let one, let other else { return false }
            return one != other
        }
        return !differ(known.province, given.province) && !differ(known.city, given.city)
            && !differ(known.district, given.district) && !differ(known.township, given.township)
    }

    /// One candidate a point and reason, the surest first; weaker where it is told by another place, or where equally
    /// good ones lie apart.
    private func settled(_ found: [AddressCandidate], _ address: AddressText) -> [AddressCandidate] {
        var found = found
        found.sort { ($1.confidence, $0.ids[0]) < ($0.confidence, $1.ids[0]) }
        var share = 1.0
        if let best = found.first {
            let rivals = found.prefix { $0.confidence == best.confidence }
            let isApart = rivals.contains { SamePlace.metres($0.coordinate, best.coordinate).value > 150 }
            if isApart { share = 0.6 }
        }
        var away: Metres = 0
        if address.relative != nil {
            let metres = Double(address.relativeMetres ?? 30)
            away = Metres(metres)
            share *= metres <= 50 ? 0.85 : 0.5
        }
        return found.map { one in
            guard share < 1 else { return one }
            let isTold = address.relative != nil
            let zh = isTold ? "，按参照物描述" : "，但同名的不止一处"
            let en = isTold ? ", told by another place" : ", but there is more than one of that name"
            return AddressCandidate(
                ids: one.ids, coordinate: one.coordinate, confidence: one.confidence * share,
                reason: one.reason,
                uncertainty: one.uncertainty + away,
                words: LocalizedText(zh: one.words.zh + zh, en: one.words.en + en))
        }
    }
}
