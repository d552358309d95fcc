import DirectoryModel

// The store keeps nothing that it could not give back, or that the model's own words exclude. What a service
// type allows is the engine's and the modules' affair.

extension Place {
    func check() throws(DirectoryError) {
        let check = RecordCheck(kind: .place, id: id.rawValue)
        try check.id(id)
        try check.id(type)
        try check.id(community)
        try check.id(within)
        try check.id(organisation)
        for community in serviceArea.communities { try check.id(community) }
        for grid in serviceArea.grids { try check.id(grid) }
        for origin in serviceArea.origins { try check.id(origin) }
        if within == id { throw check.refusal("it lies within itself") }
        try check.point(location)
        try check.given(given)
        for (key, value) in attributes where !value.isFinite {
            throw check.refusal("attribute “\(key)” is no finite number")
        }
    }
}

extension AttributeValue {
    /// Whether every number in the value is finite.
    fileprivate var isFinite: Bool {
        switch self {
        case .decimal(let number): number.isFinite
        case .rows(let rows): rows.allSatisfy { $0.values.values.allSatisfy(\.isFinite) }
        case .bool, .whole, .money, .text, .texts: true
        }
    }
}

extension Origin {
    func check() throws(DirectoryError) {
        let check = RecordCheck(kind: .origin, id: id.rawValue)
        try check.id(id)
        try check.id(community)
        try check.id(grid)
        try check.id(parent)
        try check.point(location)
        try check.given(given)
        try check.count(households, "households")
        if parent == id { throw check.refusal("it is its own parent") }
    }
}

extension Community {
    func check() throws(DirectoryError) {
        let check = RecordCheck(kind: .community, id: id.rawValue)
        try check.id(id)
        try check.area(boundary)
        try check.count(households, "households")
        try check.count(population, "population")
        if let elderShare, !(0...1).contains(elderShare) {
            throw check.refusal("the share of elders is \(elderShare), outside 0…1")
        }
    }
}

extension Grid {
    func check() throws(DirectoryError) {
        let check = RecordCheck(kind: .grid, id: id.rawValue)
        try check.id(id)
        try check.id(community)
        try check.area(boundary)
    }
}

extension Source {
    func check() throws(DirectoryError) {
        try RecordCheck(kind: .source, id: id.rawValue).id(id)
    }
}

extension Organisation {
    func check() throws(DirectoryError) {
        try RecordCheck(kind: .organisation, id: id.rawValue).id(id)
    }
}

extension Activity {
    func check() throws(DirectoryError) {
        let check = RecordCheck(kind: .activity, id: id.rawValue)
        try check.id(id)
        try check.id(organisation)
        try check.id(place)
        try check.id(community)
        try check.point(location)
        try check.count(capacity, "capacity")
        try check.count(price?.fen, "price")
        try check.count(minimumAge, "minimum_age")
        try check.count(maximumAge, "maximum_age")
    }
}

extension Notice {
    func check() throws(DirectoryError) {
        let check = RecordCheck(kind: .notice, id: id.rawValue)
        try check.id(id)
        switch to {
        case .community(let community): try check.id(community)
        case .grid(let grid): try check.id(grid)
        case .origin(let origin): try check.id(origin)
        }
        try check.id(community)
        try check.id(organisation)
        try check.id(place)
    }
}

/// The checks that records share, and the words of their refusals.
private struct RecordCheck {
    let kind: RecordKind
    let id: String

    func refusal(_ reason: String) -> DirectoryError {
        DirectoryError(
            .invalidRecord, "\(kind.rawValue) \(id.shortened()) cannot be stored: \(reason)",
            advice: "correct the record")
    }

    func id<ID: DirectoryID>(_ id: ID?) throws(DirectoryError) {
        guard let id, !ID.isValid(id.rawValue) else { return }
        throw refusal("\(id.rawValue.shortened()) cannot be the id of a \(ID.noun)")
    }

    func point(_ point: Coordinate?) throws(DirectoryError) {
        guard let point, Coordinate(latitude: point.latitude, longitude: point.longitude) == nil else {
            return
        }
        throw refusal("its point \(point.latitude.value), \(point.longitude.value) is out of range")
    }

    func given(_ point: GivenPoint?) throws(DirectoryError) {
        guard let point, !(point.latitude.value.isFinite && point.longitude.value.isFinite) else { return }
        throw refusal("its point as given is no pair of finite numbers")
    }

    func count(_ count: Int?, _ name: String) throws(DirectoryError) {
        if let count, count < 0 { throw refusal("\(name) is \(count), less than 0") }
    }

    func area(_ area: Area?) throws(DirectoryError) {
        for ring in area?.parts.joined() ?? [[[Coordinate]]]().joined() {
            guard ring.count >= 4, ring.first == ring.last else {
                throw refusal("a ring of its boundary is not closed, or has fewer than four points")
            }
            for point in ring { try self.point(point) }
        }
    }
}
