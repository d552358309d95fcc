import DirectoryModel
import DirectoryStore
import Testing

@Suite struct ProvenanceTests {
    let folder: TemporaryFolder
    let store: DirectoryStore

    init() throws {
        folder = try TemporaryFolder()
        store = try folder.openStore()
        try store.change(by: clerk) { store throws in
            try store.put(source(osm))
            try store.put(source(office))
        }
    }

    /// One place that both sources have, one of each source alone, all put in revision 2.
    private func putSharedPlaces() throws {
        try store.change(by: clerk, source: osm) { store throws in
            for id in ["shared", "osm-only", "office-only"] { try store.put(place(id)) }
            try store.see(source: osm, key: "n1", kind: .place, id: "shared")
            try store.see(source: osm, key: "n2", kind: .place, id: "osm-only")
            try store.see(source: office, key: "row 1", kind: .place, id: "shared")
            try store.see(source: office, key: "row 2", kind: .place, id: "office-only")
        }
    }

    private func status(_ id: String) throws -> PlaceStatus? {
        try store.read { try $0.place(PlaceID(unchecked: id))?.status }
    }

    @Test func whatAnotherSourceStillHasIsNotClosed() throws {
        try putSharedPlaces()
        let committed = try store.write(by: clerk, source: osm) { store throws in
            try store.markAbsent(source: osm, kind: .place, keysNotIn: [])
        }
        #expect(committed.result.marked == 2)
        #expect(committed.result.vanished == ["osm-only"])
        #expect(committed.result.held == ["shared"])
        #expect(committed.changes.map(\.id) == ["osm-only"])
        #expect(try status("shared") == .active)
        #expect(try status("osm-only") == .closedAtSource)
        #expect(try status("office-only") == .active)
        let last = try store.write(by: clerk, source: office) { store throws in
            try store.markAbsent(source: office, kind: .place, keysNotIn: ["row 2"])
        }
        #expect(last.result.vanished == ["shared"])
        #expect(try status("shared") == .closedAtSource)
        #expect(try status("office-only") == .active)
    }

    @Test func sightingsSayWhoKnowsWhatSinceWhen() throws {
        try putSharedPlaces()
        try store.change(by: clerk) { _ = try $0.markAbsent(source: osm, kind: .place, keysNotIn: ["n2"]) }
        let sightings = try store.read { try $0.sightings(of: .place, "shared") }
        #expect(sightings.map(\.source) == [osm, office])
        #expect(sightings.map(\.key) == ["n1", "row 1"])
        #expect(sightings.map(\.isPresent) == [false, true])
        #expect(sightings.map(\.first) == [Revision(2), Revision(2)])
        #expect(sightings.map(\.last) == [Revision(3), Revision(2)])
        try store.read { reader throws in
            #expect(
                try reader.recordIDs(of: osm, kind: .place, presentOnly: false)
                    == ["n1": "shared", "n2": "osm-only"])
            #expect(try reader.recordIDs(of: osm, kind: .place, presentOnly: true) == ["n2": "osm-only"])
            #expect(try reader.recordIDs(of: osm, kind: .origin, presentOnly: false).isEmpty)
        }
    }

    @Test func aSightingAloneIsAChange() throws {
        try putSharedPlaces()
        let committed = try store.write(by: clerk) { store throws in
            try store.see(source: office, key: "row 9", kind: .place, id: "osm-only")
            #expect(store.revision == Revision(3))
        }
        #expect(committed.revision == Revision(3))
        #expect(committed.changes.isEmpty)
    }

    @Test func whatCameBackIsPresentAgain() throws {
        try putSharedPlaces()
        try store.change(by: clerk) { _ = try $0.markAbsent(source: osm, kind: .place, keysNotIn: ["n1"]) }
        try store.change(by: clerk) { store throws in
            try store.put(place("osm-only"))
            try store.see(source: osm, key: "n2", kind: .place, id: "osm-only")
        }
        #expect(try status("osm-only") == .active)
        let sighting = try #require(try store.read { try $0.sightings(of: .place, "osm-only") }.first)
        #expect(sighting.isPresent)
        #expect(sighting.first == Revision(2))
        #expect(sighting.last == Revision(4))
    }

    @Test func aRecordUnderTwoKeysOfOneSourceStaysWhileOneIsThere() throws {
        try store.change(by: clerk) { store throws in
            try store.put(origin("o"))
            try store.see(source: osm, key: "n1", kind: .origin, id: "o")
            try store.see(source: osm, key: "w1", kind: .origin, id: "o")
        }
        let committed = try store.write(by: clerk) { store throws in
            try store.markAbsent(source: osm, kind: .origin, keysNotIn: ["w1"])
        }
        #expect(committed.result == Absences(marked: 1, vanished: [], held: ["o"]))
        let rest = try store.write(by: clerk) { store throws in
            try store.markAbsent(source: osm, kind: .origin, keysNotIn: [])
        }
        #expect(rest.result == Absences(marked: 1, vanished: ["o"], held: []))
        #expect(try store.read { try $0.origin(OriginID(unchecked: "o"))?.status } == .closedAtSource)
    }

    @Test func onlyTheLastSourceCanDelete() throws {
        try putSharedPlaces()
        let held = try store.write(by: clerk, source: osm) { try $0.delete(.place, "shared") }
        #expect(held.result == .held(by: [office]))
        #expect(held.changes.isEmpty)
        #expect(held.revision == Revision(3))
        #expect(try store.read { try $0.sightings(of: .place, "shared") }.map(\.isPresent) == [false, true])
        let byHand = try store.write(by: clerk) { try $0.delete(.place, "osm-only") }
        #expect(byHand.result == .held(by: [osm]))
        let deleted = try store.write(by: clerk, source: office) { try $0.delete(.place, "shared") }
        #expect(deleted.result == .deleted)
        #expect(deleted.changes.map(\.after) == [nil])
        #expect(try store.read { try $0.sightings(of: .place, "shared") }.isEmpty)
        let forced = try store.write(by: clerk) { try $0.delete(.place, "osm-only", evenIfSeen: true) }
        #expect(forced.result == .deleted)
    }

    @Test func aSourceCannotHaveWhatIsNotThere() throws {
        let error = #expect(throws: DirectoryError.self) {
            try store.write(by: clerk) { try $0.see(source: osm, key: "n1", kind: .place, id: "a") }
        }
        #expect(error?.code == .invalidRecord)
        try store.change(by: clerk) { try $0.put(place("a")) }
        #expect(throws: DirectoryError.self) {
            try store.write(by: clerk) { store throws in
                try store.delete(.place, "a")
                try store.see(source: osm, key: "n1", kind: .place, id: "a")
            }
        }
    }

    @Test func importsAreAccountedForWithoutRaisingTheRevision() throws {
        let counts = ImportCounts(
            rows: 15, accepted: 1, changed: 2, unchanged: 3, rejected: 4, held: 5, closed: 6)
        let moment = Timestamp(secondsSince1970: 1_790_000_000)
        let first = try store.write(by: clerk, source: osm, at: moment) { store throws in
            let number = try store.recordImport(
                source: osm, fileName: "a.osm.pbf", fileDigest: "00ff", counts: counts)
            try store.put(place("a"))
            return number
        }
        let second = try store.write(by: clerk, source: osm, at: moment) { store throws in
            try store.recordImport(
                source: osm, fileName: "a.osm.pbf", fileDigest: "00ff", counts: ImportCounts())
        }
        #expect([first.result, second.result] == [1, 2])
        #expect([first.revision, second.revision] == [Revision(2), Revision(2)])
        let imports = try store.read { try $0.imports(limit: 10) }
        #expect(imports.map(\.number) == [2, 1])
        #expect(imports.map(\.revision) == [Revision(2), Revision(2)])
        let batch = try #require(imports.last)
        #expect(batch.counts == counts)
        #expect(batch.source == osm)
        #expect(batch.fileName == "a.osm.pbf")
        #expect(batch.fileDigest == "00ff")
        #expect(batch.time == moment)
        #expect(try store.read { try $0.imports(limit: 1) }.map(\.number) == [2])
    }

    @Test func aReplyIsRememberedForADayAndForItsWriterAlone() throws {
        let moment = Timestamp(secondsSince1970: 1_790_000_000)
        let reply = RememberedReply(requestDigest: [0, 255], status: 201, body: [], time: moment)
        let committed = try store.write(by: clerk, at: moment) { store throws in
            #expect(try store.reply(to: "k") == nil)
            try store.rememberReply(to: "k", requestDigest: [0, 255], status: 201, body: [])
            #expect(try store.reply(to: "k") == reply)
        }
        #expect(committed.revision == Revision(1))
        func remembered(_ actor: Actor, after seconds: Int64) throws -> RememberedReply? {
            try store.read { reader throws in
                try reader.reply(
                    to: "k", of: actor, at: Timestamp(secondsSince1970: moment.secondsSince1970 + seconds))
            }
        }
        #expect(try remembered(clerk, after: 86_399) == reply)
        #expect(try remembered(clerk, after: 86_400) == nil)
        #expect(try remembered(Actor(name: "clerk", uid: 1001), after: 0) == nil)
        #expect(try remembered(Actor(name: "clerk"), after: 0) == nil)
        let failed = DirectoryError(.invalidRecord, "no")
        #expect(throws: failed) {
            try store.write(by: clerk, at: moment) { store throws in
                try store.rememberReply(to: "l", requestDigest: [], status: 200, body: [1])
                throw failed
            }
        }
        #expect(try store.read { try $0.reply(to: "l", of: clerk, at: moment) } == nil)
        try store.change(by: clerk, at: Timestamp(secondsSince1970: moment.secondsSince1970 + 86_400)) {
            store throws in
            try store.rememberReply(to: "m", requestDigest: [], status: 200, body: [1])
        }
        #expect(
            try remembered(clerk, after: 0) == nil, "expired replies are removed when the next one is kept")
    }
}
