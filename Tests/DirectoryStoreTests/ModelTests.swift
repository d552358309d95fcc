import DirectoryModel
import DirectoryStore
import Testing

/// Random transactions against the same done to plain dictionaries.
@Suite struct ModelTests {
    @Test(arguments: 1...6)
    func theStoreBehavesLikeDictionaries(seed: UInt64) throws {
        let folder = try TemporaryFolder()
        var store = try folder.openStore()
        var random = SeededGenerator(seed: seed)
        var model = Model()
        for _ in 0..<60 {
            var attempt = model
            let fails = Int.random(in: 0..<6, using: &random) == 0
            do {
                let committed = try store.write(by: clerk) { store throws in
                    for _ in 0..<Int.random(in: 0...6, using: &random) {
                        try attempt.randomStep(on: &store, using: &random)
                    }
                    if fails { throw DirectoryError(.invalidRecord, "given up") }
                }
                #expect(!fails)
                model.commit(attempt)
                #expect(committed.revision == model.revision)
                #expect(Set(committed.changes) == model.lastChanges)
            } catch {
                #expect(fails && error.message == "given up")
            }
            if Int.random(in: 0..<20, using: &random) == 0 {
                try store.close()
                store = try folder.openStore()
            }
            try model.compare(with: store)
        }
        #expect(model.revision > Revision(20), "the random transactions changed hardly anything")
    }
}

/// What the store should hold.
private struct Model {
    var places: [String: Place] = [:]
    var origins: [String: Origin] = [:]
    var revision = Revision(0)
    var lastChanges: Set<Change> = []
    var audited = 0

    private static let ids = ["a", "b", "c", "丁", "e"]

    mutating func randomStep(
        on store: inout StoreTransaction, using random: inout SeededGenerator
    ) throws {
        let id = Self.ids[Int.random(in: 0..<Self.ids.count, using: &random)]
        switch Int.random(in: 0..<6, using: &random) {
        case 0, 1, 2:
            let place = randomPlace(id, using: &random)
            #expect(try store.put(place) == (places[id] != place))
            places[id] = place
        case 3:
            let origin = Origin(
                id: OriginID(unchecked: id), kind: .gate,
                name: ["东门", "西门"].randomElement(using: &random) ?? "",
                location: Coordinate(uncheckedLatitude: 32, longitude: 118),
                households: Bool.random(using: &random) ? 5 : nil)
            #expect(try store.put(origin) == (origins[id] != origin))
            origins[id] = origin
        case 4:
            #expect(try store.delete(.place, id) == (places[id] == nil ? .unknown : .deleted))
            places[id] = nil
        default:
            #expect(try store.delete(.origin, id) == (origins[id] == nil ? .unknown : .deleted))
            origins[id] = nil
        }
        #expect(try store.place(PlaceID(unchecked: id)) == places[id])
        #expect(try store.origin(OriginID(unchecked: id)) == origins[id])
    }

    mutating func commit(_ next: Model) {
        var changes: Set<Change> = []
        for id in Self.ids {
            if places[id] != next.places[id] {
                changes.insert(
                    Change(
                        kind: .place, id: id, before: places[id].map { .place($0) },
                        after: next.places[id].map { .place($0) }))
            }
            if origins[id] != next.origins[id] {
                changes.insert(
                    Change(
                        kind: .origin, id: id, before: origins[id].map { .origin($0) },
                        after: next.origins[id].map { .origin($0) }))
            }
        }
        places = next.places
        origins = next.origins
        lastChanges = changes
        audited += changes.count
        if !changes.isEmpty { revision = Revision(revision.number + 1) }
    }

    func compare(with store: DirectoryStore) throws {
        #expect(store.revision == revision)
        try store.read { reader throws in
            var stored: [Place] = []
            try reader.forEachPlace { stored.append($0) }
            #expect(stored == places.values.sorted { $0.id < $1.id })
            var storedOrigins: [Origin] = []
            try reader.forEachOrigin { storedOrigins.append($0) }
            #expect(storedOrigins == origins.values.sorted { $0.id < $1.id })
            #expect(try reader.audit(since: Revision(0), limit: 10_000).count == audited)
            for id in Self.ids {
                let last = try reader.audit(of: .place, id, limit: 1).first?.after
                #expect(last == places[id].map { RecordJSON.encode(.place($0)) })
            }
        }
    }

    private func randomPlace(_ id: String, using random: inout SeededGenerator) -> Place {
        Place(
            id: PlaceID(unchecked: id), type: ServiceTypeID(unchecked: "canteen"),
            name: ["甲", "乙"].randomElement(using: &random) ?? "",
            location: Bool.random(using: &random)
                ? Coordinate(uncheckedLatitude: 0.1 + 0.2, longitude: 118) : nil,
            attributes: Bool.random(using: &random)
                ? ["seats": .whole(Int.random(in: 0...2, using: &random))] : [:])
    }
}

/// What many rows have is made once: whatever meets in the table of it, each row is its own.
@Test func manyDifferentRowsAreReadAsTheyAre() throws {
    let folder = try TemporaryFolder()
    let store = try folder.openStore()
    let places = (0..<20_000).map { number in
        var place = place(
            String(format: "p%05d", number), type: "type-number-\(number % 700)-of-them",
            community: nil)
        place.hours = "Mo-Su \(10 + number % 10):\(10 + number % 50)-20:00; PH off"
        place.attributes = ["seats": .whole(number % 9_000), "note": .text("备注\(number / 2)")]
        return place
    }
    try store.change(by: clerk) { transaction in
        for place in places { try transaction.put(place) }
    }
    try store.read { reader throws in
        var index = 0
        try reader.forEachPlace { place in
            if place != places[index] { Issue.record("\(place.id) is read otherwise than written") }
            index += 1
        }
        #expect(index == places.count)
    }
    try store.close()
}
