import DirectoryModel
import DirectoryStore
import Testing

@Suite struct WritingTests {
    let folder: TemporaryFolder
    let store: DirectoryStore

    init() throws {
        folder = try TemporaryFolder()
        store = try folder.openStore()
    }

    @Test func anEmptyStoreHasRevisionZero() throws {
        #expect(store.revision == Revision(0))
        #expect(store.lastChange == nil)
        try store.read { reader throws in
            #expect(try reader.revision() == Revision(0))
            #expect(try reader.communities().isEmpty)
            try reader.forEachPlace { Issue.record("unexpected \($0.id)") }
        }
    }

    @Test func aChangeRaisesTheRevisionAndIsReported() throws {
        let moment = Timestamp(secondsSince1970: 1_790_000_000)
        let committed = try store.write(by: clerk, at: moment) { store throws in
            #expect(store.revision == Revision(0))
            #expect(try store.put(place("a")))
            #expect(store.revision == Revision(1))
            return 7
        }
        #expect(committed.revision == Revision(1))
        #expect(committed.result == 7)
        #expect(committed.changes == [Change(kind: .place, id: "a", before: nil, after: .place(place("a")))])
        #expect(store.revision == Revision(1))
        #expect(store.lastChange == moment)
    }

    @Test func whatIsAlreadySoChangesNothing() throws {
        try store.change(by: clerk) { store throws in
            try store.put(source(osm))
            try store.put(place("a"))
            try store.see(source: osm, key: "n1", kind: .place, id: "a")
        }
        let changed = store.lastChange
        let committed = try store.write(by: clerk, at: Timestamp(secondsSince1970: 1)) { store throws in
            #expect(try !store.put(source(osm)))
            #expect(try !store.put(place("a")))
            try store.see(source: osm, key: "n1", kind: .place, id: "a")
            #expect(try store.markAbsent(source: osm, kind: .place, keysNotIn: ["n1"]) == Absences())
            #expect(try store.delete(.place, "b") == .unknown)
        }
        #expect(committed.revision == Revision(1))
        #expect(committed.changes.isEmpty)
        #expect(store.lastChange == changed)
        #expect(try store.read { try $0.audit(of: .place, "a", limit: 10) }.count == 1)
    }

    @Test func whatIsChangedBackWasNotChanged() throws {
        try store.change(by: clerk) { try $0.put(place("a")) }
        let committed = try store.write(by: clerk) { store throws in
            try store.put(place("a", name: "甲"))
            try store.put(place("a"))
            try store.put(place("b"))
            try store.delete(.place, "b")
            #expect(store.revision == Revision(1))
        }
        #expect(committed.revision == Revision(1))
        #expect(committed.changes.isEmpty)
    }

    @Test func twoChangesOfOneRecordAreOne() throws {
        try store.change(by: clerk) { try $0.put(place("a")) }
        let committed = try store.write(by: clerk) { store throws in
            try store.put(place("a", name: "甲"))
            try store.put(place("b"))
            try store.put(place("a", name: "乙"))
        }
        #expect(
            committed.changes == [
                Change(
                    kind: .place, id: "a", before: .place(place("a")), after: .place(place("a", name: "乙"))),
                Change(kind: .place, id: "b", before: nil, after: .place(place("b"))),
            ])
        #expect(try store.read { try $0.audit(since: Revision(2), limit: 10) }.map(\.id) == ["a", "b"])
    }

    @Test func theAuditSaysWhoWhatWhenFromWhatToWhat() throws {
        try store.change(by: clerk, source: osm, at: Timestamp(secondsSince1970: 10)) {
            try $0.put(place("a"))
        }
        try store.change(by: Actor(name: "quarterd"), at: Timestamp(secondsSince1970: 20)) { store throws in
            try store.put(place("a", name: "甲"))
        }
        try store.change(by: clerk, at: Timestamp(secondsSince1970: 30)) { store throws in
            #expect(try store.delete(.place, "a") == .deleted)
        }
        let (old, new) = (
            RecordJSON.encode(.place(place("a"))), RecordJSON.encode(.place(place("a", name: "甲")))
        )
        let audit = try store.read { try $0.audit(of: .place, "a", limit: 10) }
        #expect(audit.map(\.before) == [new, old, nil])
        #expect(audit.map(\.after) == [nil, new, old])
        #expect(audit.map(\.revision) == [Revision(3), Revision(2), Revision(1)])
        #expect(audit.map(\.time.secondsSince1970) == [30, 20, 10])
        #expect(audit.map(\.actor) == [clerk, Actor(name: "quarterd"), clerk])
        #expect(audit.map(\.source) == [nil, nil, osm])
        let later = try store.read { try $0.audit(since: Revision(2), limit: 1) }
        #expect(later.map(\.revision) == [Revision(2)])
        let next = try store.read { reader throws in
            try reader.audit(since: Revision(2), after: try #require(later.last).number, limit: 10)
        }
        #expect(next.map(\.revision) == [Revision(3)])
    }

    @Test func aFailedBodyChangesNothing() throws {
        struct Odd: Error {}
        let error = #expect(throws: DirectoryError.self) {
            try store.change(by: clerk) { store throws in
                try store.put(place("a"))
                throw Odd()
            }
        }
        #expect(error?.code == .internalError)
        let own = DirectoryError(.changedMeanwhile, "somebody else was quicker")
        #expect(throws: own) {
            try store.change(by: clerk) { store throws in
                try store.put(place("a"))
                throw own
            }
        }
        #expect(store.revision == Revision(0))
        #expect(try store.read { try $0.place(PlaceID(unchecked: "a")) } == nil)
        #expect(try store.read { try $0.audit(since: Revision(0), limit: 10) }.isEmpty)
    }

    @Test func aReferenceThatLeadsNowhereIsNamed() throws {
        let error = #expect(throws: DirectoryError.self) {
            try store.change(by: clerk) { try $0.put(place("a", community: "320104001001")) }
        }
        #expect(error?.code == .invalidRecord)
        #expect(error?.message == "place “a” names community “320104001001”, which is not there")
        let unknownSource = #expect(throws: DirectoryError.self) {
            try store.change(by: clerk) { store throws in
                try store.put(place("a"))
                try store.see(source: osm, key: "n1", kind: .place, id: "a")
            }
        }
        #expect(unknownSource?.message == "sighting of “a” names source “osm”, which is not there")
        #expect(store.revision == Revision(0))
    }

    @Test func aFileMayNameWhatComesLaterInIt() throws {
        try store.change(by: clerk) { store throws in
            try store.put(origin("building", parent: "estate"))
            try store.put(origin("estate", kind: .estate))
        }
        #expect(store.revision == Revision(1))
        let error = #expect(throws: DirectoryError.self) {
            try store.change(by: clerk) { try $0.delete(.origin, "estate") }
        }
        #expect(error?.message == "origin “building” names origin “estate”, which is not there")
    }

    @Test(arguments: [
        Record.place(
            Place(
                id: PlaceID(unchecked: "a"), type: ServiceTypeID(unchecked: "canteen"), name: "甲",
                attributes: ["rating": .decimal(.nan)])),
        .place(place("a b")),
        .place(place("")),
        .place(
            Place(
                id: PlaceID(unchecked: "a"), type: ServiceTypeID(unchecked: "canteen"), name: "甲",
                location: Coordinate(uncheckedLatitude: 91, longitude: 0))),
        .place(
            Place(
                id: PlaceID(unchecked: "a"), type: ServiceTypeID(unchecked: "canteen"), name: "甲",
                given: GivenPoint(datum: .bd09, latitude: Degrees(.infinity), longitude: 0))),
        .origin(origin("a", parent: "a")),
        .community(Community(id: CommunityID(unchecked: "c"), name: "丙", households: -1)),
        .community(Community(id: CommunityID(unchecked: "c"), name: "丙", elderShare: 1.1)),
        .grid(
            Grid(
                id: GridID(unchecked: "g"), community: CommunityID(unchecked: "c"), name: "丁",
                boundary: Area(parts: [[[Coordinate(uncheckedLatitude: 1, longitude: 1)]]]))),
        .source(source(SourceID(unchecked: "a/b"))),
    ])
    func whatTheModelExcludesIsRefused(_ record: Record) throws {
        let error = #expect(throws: DirectoryError.self) {
            try store.change(by: clerk) { try $0.put(record) }
        }
        #expect(error?.code == .invalidRecord)
        #expect(
            error?.message.hasPrefix("\(record.kind.rawValue) \(record.id.shortened()) cannot be stored")
                == true)
        #expect(store.revision == Revision(0))
    }

    @Test func readersSeeTheLastCommitWhileAWriterWrites() throws {
        try store.change(by: clerk) { try $0.put(place("a")) }
        try store.change(by: clerk) { writer throws in
            try writer.put(place("a", name: "甲"))
            #expect(try writer.place(PlaceID(unchecked: "a"))?.name == "甲")
            // A read from another thread, as a kiosk's request would come.
            let seen = try OtherThread.run { [store] in
                try store.read { try $0.place(PlaceID(unchecked: "a"))?.name }
            }
            #expect(seen == "银发餐厅")
        }
        #expect(try store.read { try $0.place(PlaceID(unchecked: "a"))?.name } == "甲")
    }

    @Test func oneReadIsOneState() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { [store] in
                for number in 1...60 {
                    try store.change(by: clerk) { store throws in
                        try store.put(place("a", name: "\(number)"))
                        try store.put(place("b", name: "\(number)"))
                    }
                }
            }
            for _ in 0..<3 {
                group.addTask { [store] in
                    for _ in 0..<200 {
                        let (first, second, revision) = try store.read { reader throws in
                            (
                                try reader.place(PlaceID(unchecked: "a"))?.name,
                                try reader.place(PlaceID(unchecked: "b"))?.name, try reader.revision()
                            )
                        }
                        #expect(first == second)
                        #expect(first.map { "\($0)" } ?? "0" == "\(revision.number)")
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(store.revision == Revision(60))
    }

    @Test func writersGoOneAfterAnother() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask { [store] in
                    for _ in 0..<25 {
                        try store.change(by: clerk) { store throws in
                            let present = try store.place(PlaceID(unchecked: "counter"))
                            let count = (present.flatMap { Int($0.name) } ?? 0) + 1
                            try store.put(place("counter", name: "\(count)"))
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try store.read { try $0.place(PlaceID(unchecked: "counter"))?.name } == "100")
        #expect(store.revision == Revision(100))
    }

    @Test func aListInsideTheSameListIsReadToTheEnd() throws {
        try store.change(by: clerk) { store throws in
            for id in ["c", "a", "b"] { try store.put(place(id)) }
        }
        var pairs: [String] = []
        try store.read { reader throws in
            try reader.forEachPlace { outer in
                try reader.forEachPlace { pairs.append(outer.id.rawValue + $0.id.rawValue) }
            }
        }
        #expect(pairs == ["aa", "ab", "ac", "ba", "bb", "bc", "ca", "cb", "cc"])
    }

    @Test func aClosedStoreSaysSo() throws {
        try store.change(by: clerk) { try $0.put(place("a")) }
        try store.close()
        try store.close()
        #expect(store.revision == Revision(1))
        let error = #expect(throws: DirectoryError.self) { try store.read { try $0.revision() } }
        #expect(error?.code == .unavailable)
        let writing = #expect(throws: DirectoryError.self) {
            try store.write(by: clerk) { try $0.put(place("b")) }
        }
        #expect(writing?.code == .unavailable)
        #expect(try folder.openStore().revision == Revision(1))
    }
}
