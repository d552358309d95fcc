import DirectoryAPI
import DirectoryModel
import Foundation
import ModuleHost
import ServiceTypeKit
import Testing

@testable import DirectoryEngine

/// The one write path: preconditions, repeated requests, batches, and what is left after a restart.
@Suite struct EngineWriteTests {
    @Test func whatWasAcknowledgedIsThereAfterReopening() throws {
        let town = try SmallTown()
        try town.putCommunity("c", east: -1100...1100)
        try town.put("a", "pharmacy", east: 300, north: 0, name: "同仁堂")
        let reply = try town.put("b", "toilet", east: 10, north: 0)
        try town.engine.close()
        let again = try SmallTown.open(town.folder)
        defer { try? again.close() }
        #expect(again.version.revision == reply.revision)
        let page = try again.places(PlaceListQuery())
        #expect(page.places.map(\.id.rawValue) == ["a", "b"])
        #expect(page.places[0].name == "同仁堂")
        #expect(page.places.allSatisfy { $0.community?.rawValue == "c" })
        let listed = try again.reach(
            ReachQuery(origin: .point(SmallTown.point(east: 0, north: 0))))
        #expect(listed.ids == ["b", "a"])
    }

    @Test func writingTheSameAgainChangesNothing() throws {
        let town = try SmallTown()
        let first = try town.put("a", "pharmacy", east: 300, north: 0)
        let second = try town.put("a", "pharmacy", east: 300, north: 0)
        #expect(second.outcome == .unchanged)
        #expect(second.revision == first.revision)
        #expect(second.tag == first.tag)
    }

    @Test func ifMatchLetsOneOfTwoWritersWin() throws {
        let town = try SmallTown()
        let first = try town.put("a", "pharmacy", east: 300, north: 0)
        func context(_ tag: String) -> WriteContext { WriteContext(actor: town.actor, ifMatch: "\"\(tag)\"") }
        let won = try town.put("a", "pharmacy", east: 310, north: 0, context: context(first.tag))
        #expect(won.outcome == .changed)
        let lost = #expect(throws: DirectoryError.self) {
            try town.put("a", "pharmacy", east: 320, north: 0, context: context(first.tag))
        }
        #expect(lost?.code == .changedMeanwhile)
        #expect(try town.engine.place(PlaceID(unchecked: "a")).tag == won.tag)
        let missing = #expect(throws: DirectoryError.self) {
            try town.put("new", "pharmacy", east: 0, north: 0, context: context("*"))
        }
        #expect(missing?.code == .changedMeanwhile)
    }

    @Test func aRepeatedRequestGetsTheFirstReply() throws {
        let town = try SmallTown()
        let context = WriteContext(actor: town.actor, idempotencyKey: "k1", requestDigest: "d1")
        let first = try town.put("a", "pharmacy", east: 300, north: 0, context: context)
        try town.put("a", "pharmacy", east: 400, north: 0)
        let again = try town.put("a", "pharmacy", east: 300, north: 0, context: context)
        #expect(again == first)
        let at = try #require(try town.engine.place(PlaceID(unchecked: "a")).place.location)
        #expect(abs(at.longitude.value - SmallTown.point(east: 400, north: 0).longitude.value) < 1e-9)
        let other = WriteContext(actor: town.actor, idempotencyKey: "k1", requestDigest: "d2")
        let refused = #expect(throws: DirectoryError.self) {
            try town.put("a", "pharmacy", east: 5, north: 0, context: other)
        }
        #expect(refused?.code == .keyReused)
    }

    @Test func aPatchChangesOnlyWhatItNames() throws {
        let town = try SmallTown()
        try town.put("a", "toilet", east: 300, north: 0, attributes: #"{"wheelchair":"yes"}"#, name: "公厕")
        func patch(_ json: String) throws -> WriteReply {
            try town.engine.patchPlace(
                PlaceID(unchecked: "a"), JSONValue(json: Array(json.utf8)), WriteContext(actor: town.actor))
        }
        #expect(try patch(#"{"hours":"24/7","attributes":{"wheelchair":null}}"#).outcome == .changed)
        let place = try town.engine.place(PlaceID(unchecked: "a")).place
        #expect(place.hours == "24/7")
        #expect(place.name == "公厕")
        #expect(place.attributes["wheelchair"] == nil)
        #expect(try patch("{}").outcome == .unchanged)
        for wrong in [
            #"{"name":null}"#, #"{"type":"casino"}"#, #"{"colour":"red"}"#, #"{"phone":"13812345678"}"#, "[]",
        ] {
            #expect(throws: DirectoryError.self) { try patch(wrong) }
        }
        #expect(try town.engine.place(PlaceID(unchecked: "a")).place == place)
    }

    @Test func aNewBoundaryMovesWhatLiesInIt() throws {
        let town = try SmallTown()
        try town.put("a", "pharmacy", east: -300, north: 0)
        try town.put("b", "pharmacy", east: 300, north: 0)
        #expect(try town.engine.place(PlaceID(unchecked: "a")).place.community == nil)
        try town.putCommunity("all", east: -1100...1100)
        #expect(try town.engine.place(PlaceID(unchecked: "a")).place.community?.rawValue == "all")
        try town.putCommunity("all", east: 0...1100)
        try town.putCommunity("west", east: -1100 ... -1)
        #expect(try town.engine.place(PlaceID(unchecked: "a")).place.community?.rawValue == "west")
        #expect(try town.engine.place(PlaceID(unchecked: "b")).place.community?.rawValue == "all")
        #expect(town.engine.communities().communities.map(\.places) == [1, 1])
    }

    @Test func originsFormAHierarchyAndServeAsStarts() throws {
        let town = try SmallTown()
        func put(_ id: String, _ kind: String, parent: String?) throws -> WriteReply {
            let at = SmallTown.point(east: 50, north: 10)
            let parent = parent.map { ",\"parent\":\"\($0)\"" } ?? ""
            let json = """
                {"kind":"\(kind)","name":"\(id)","location":{"lat":\(at.latitude.value),"lon":\(at.longitude.value)}\(parent)}
                """
            return try town.engine.putOrigin(
                OriginID(validating: id), OriginBody(JSONValue(json: Array(json.utf8))),
                WriteContext(actor: town.actor))
        }
        #expect(throws: DirectoryError.self) { try put("3幢", "building", parent: "小区") }
        _ = try put("小区", "estate", parent: nil)
        _ = try put("3幢", "building", parent: "小区")
        _ = try put("3幢-1", "unit", parent: "3幢")
        #expect(throws: DirectoryError.self) { try put("小区", "estate", parent: "小区") }
        #expect(throws: DirectoryError.self) { try put("小区", "estate", parent: "3幢-1") }
        #expect(try town.engine.origin(OriginID(unchecked: "小区")).ancestors.isEmpty)
        let unit = try town.engine.origin(OriginID(unchecked: "3幢-1"))
        #expect(unit.ancestors.map(\.id.rawValue) == ["3幢", "小区"])
        try town.put("a", "pharmacy", east: 300, north: 0)
        let reply = try town.engine.reach(ReachQuery(origin: .id(OriginID(unchecked: "3幢-1"))))
        #expect(reply.ids == ["a"])
        #expect(reply.origin.origin?.name == "3幢-1")
    }

    @Test func aBatchAccountsForEveryRecord() throws {
        let town = try SmallTown()
        func batch(_ numbers: [Int], bad: Int = 0) -> RecordBatch {
            var batch = RecordBatch(
                source: Source(
                    id: SourceID(unchecked: "osm"), kind: "osm", title: "a map", attribution: "© A"))
            batch.places = numbers.map { number in
                SourcedPlace(
                    key: "n\(number)",
                    place: Place(
                        id: PlaceID(unchecked: "osm-n\(number)"), type: ServiceTypeID(unchecked: "toilet"),
                        name: "公厕\(number)", location: SmallTown.point(east: Double(number), north: 0)),
                    raw: [:])
            }
            for number in 0..<bad {
                batch.places.append(
                    SourcedPlace(
                        key: "bad\(number)",
                        place: Place(
                            id: PlaceID(unchecked: "bad\(number)"), type: ServiceTypeID(unchecked: "casino"),
                            name: "x"),
                        raw: [:]))
            }
            batch.complete = [.place]
            return batch
        }
        let first = try town.engine.apply(batch(Array(0..<30), bad: 2), by: town.actor)
        #expect(first.counts[.place]?.created == 30)
        #expect(first.counts[.place]?.rejected == 2)
        #expect(first.counts[.place]?.given == 32)
        #expect(first.findings.filter { $0.severity == "error" }.map(\.record) == ["bad0", "bad1"])
        let second = try town.engine.apply(batch(Array(0..<30), bad: 2), by: town.actor)
        #expect(second.revision == first.revision, "the same file again changes nothing")
        #expect(second.counts[.place]?.unchanged == 30)
        let third = try town.engine.apply(batch(Array(5..<40)), by: town.actor)
        #expect(third.counts[.place]?.created == 10)
        #expect(third.counts[.place]?.vanished == 5)
        #expect(try town.reach { $0.limit = 500 }.places.count == 35)
        #expect(try town.engine.place(PlaceID(unchecked: "osm-n0")).place.status == .closedAtSource)
        let fourth = try town.engine.apply(batch(Array(0..<40)), by: town.actor)
        #expect(fourth.counts[.place]?.changed == 5, "what comes back is listed again")
        #expect(try town.reach { $0.limit = 500 }.places.count == 40)
        #expect(try town.reach().attributions == ["© nobody, made up", "© A"])
    }

    @Test func oneFaultyRowNeverFailsABatch() throws {
        let town = try SmallTown()
        var batch = RecordBatch(source: Source(id: SourceID(unchecked: "s"), kind: "communities", title: "t"))
        batch.communities = [Community(id: CommunityID(unchecked: "c"), name: "社区")]
        batch.grids = ["c", "nowhere"].map {
            Grid(id: GridID(unchecked: "g-" + $0), community: CommunityID(unchecked: $0), name: "网格")
        }
        func origin(_ id: String, _ kind: Origin.Kind, parent: String?, grid: String? = nil) -> SourcedOrigin
        {
            SourcedOrigin(
                key: id,
                origin: Origin(
                    id: OriginID(unchecked: id), kind: kind, name: id,
                    location: SmallTown.point(east: 0, north: 0), grid: grid.map { GridID(unchecked: $0) },
                    parent: parent.map { OriginID(unchecked: $0) }))
        }
        batch.origins = [
            origin("unit", .unit, parent: "building"), origin("building", .building, parent: "estate"),
            origin("estate", .estate, parent: nil, grid: "g-c"),
            origin("orphan", .unit, parent: "faulty"),
            origin("faulty", .building, parent: nil, grid: "g-nowhere"),
            origin("own", .building, parent: "own"), origin("round", .building, parent: "about"),
            origin("about", .building, parent: "round"),
        ]
        let report = try town.engine.apply(batch, by: town.actor)
        #expect(report.counts[.community]?.created == 1)
        #expect(report.counts[.grid]?.created == 1)
        #expect(report.counts[.grid]?.rejected == 1)
        #expect(report.counts[.origin]?.created == 3)
        #expect(report.counts[.origin]?.rejected == 5)
        #expect(
            report.findings.map(\.record).sorted()
                == ["about", "faulty", "g-nowhere", "orphan", "own", "round"])
    }

    @Test func placesOfAModuleOutOfUseHaveNotVanished() throws {
        let town = try SmallTown()
        var batch = RecordBatch(source: Source(id: SourceID(unchecked: "osm"), kind: "osm", title: "t"))
        batch.places = ["toilet", "pharmacy"].map { type in
            SourcedPlace(
                key: type,
                place: Place(
                    id: PlaceID(unchecked: type), type: ServiceTypeID(unchecked: type), name: type,
                    location: SmallTown.point(east: 10, north: 0)), raw: [:])
        }
        batch.complete = [.place]
        _ = try town.engine.apply(batch, by: town.actor)
        try town.engine.close()
        // The next start finds a module file that is none, and no type "pharmacy".
        let modules = town.folder + "/modules"
        let types = town.folder + "/types"
        for folder in [modules, types] {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        }
        try Data("no ELF".utf8).write(to: URL(fileURLWithPath: modules + "/libBrokenModule.so"))
        try FileManager.default.copyItem(
            atPath: SmallTown.repository + "/etc/quarter/types.d/toilet.toml", toPath: types + "/toilet.toml")
        let engine = try DirectoryEngine(
            folder: town.folder, version: "test", settings: SmallTown.settings,
            host: try ModuleHost.open(ModuleHostSettings(directories: [modules], typeDirectories: [types])))
        defer { try? engine.close() }
        batch.places.removeLast()
        // The same thing would now be taken for another type.
        batch.places.append(
            SourcedPlace(
                key: "pharmacy",
                place: Place(
                    id: PlaceID(unchecked: "pharmacy"), type: ServiceTypeID(unchecked: "toilet"), name: "x",
                    location: SmallTown.point(east: 10, north: 0)), raw: [:]))
        let report = try engine.apply(batch, by: town.actor)
        #expect(report.counts[.place]?.vanished ?? 0 == 0)
        #expect(report.findings.contains { $0.code == "module_missing" && $0.record == "pharmacy" })
        let kept = try engine.place(PlaceID(unchecked: "pharmacy")).place
        #expect(kept.status == .active)
        #expect(kept.type.rawValue == "pharmacy")
    }

    @Test func whatIsWrittenByHandStaysUntilTheSourceSaysSomethingNew() throws {
        let town = try SmallTown()
        var batch = RecordBatch(source: Source(id: SourceID(unchecked: "osm"), kind: "osm", title: "t"))
        batch.places = ["a", "b"].map { id in
            SourcedPlace(
                key: "n" + id,
                place: Place(
                    id: PlaceID(unchecked: id), type: ServiceTypeID(unchecked: "toilet"), name: "公厕",
                    location: SmallTown.point(east: 10, north: 0)), raw: [:])
        }
        _ = try town.engine.apply(batch, by: town.actor)
        try town.put("a", "toilet", east: 10, north: 0, name: "新公厕")
        var report = try town.engine.apply(batch, by: town.actor)
        #expect(report.counts[.place]?.unchanged == 2 && report.findings.isEmpty)
        #expect(try town.engine.place(PlaceID(unchecked: "a")).place.name == "新公厕")
        batch.places[0].place.name = "东公厕"
        batch.places[0].place.hours = "24/7"
        report = try town.engine.apply(batch, by: town.actor)
        #expect(report.counts[.place]?.changed == 1)
        #expect(report.findings.map(\.code) == ["hand_edit_replaced"])
        #expect(report.findings.first?.record == "na")
        let place = try town.engine.place(PlaceID(unchecked: "a")).place
        #expect(place.name == "东公厕" && place.hours == "24/7")
        #expect(try town.engine.apply(batch, by: town.actor).findings.isEmpty)
    }

    @Test func aPatchThatMovesAPlaceFindsItsCommunityAgain() throws {
        let town = try SmallTown()
        try town.putCommunity("west", east: -1100 ... -1)
        try town.putCommunity("east", east: 0...1100)
        try town.put("a", "toilet", east: -300, north: 0)
        let at = SmallTown.point(east: 300, north: 0)
        _ = try town.engine.patchPlace(
            PlaceID(unchecked: "a"),
            JSONValue(
                json: Array(#"{"location":{"lat":\#(at.latitude.value),"lon":\#(at.longitude.value)}}"#.utf8)),
            WriteContext(actor: town.actor))
        #expect(try town.engine.place(PlaceID(unchecked: "a")).place.community?.rawValue == "east")
    }

    @Test func aBulkChangeEqualsManySmallOnes() throws {
        let bulk = try SmallTown()
        let small = try SmallTown()
        var batch = RecordBatch(source: Source(id: SourceID(unchecked: "s"), kind: "osm", title: "t"))
        batch.places = (0..<2_500).map { number in
            SourcedPlace(
                key: "\(number)",
                place: Place(
                    id: PlaceID(unchecked: "p\(number)"), type: ServiceTypeID(unchecked: "toilet"),
                    name: "公厕",
                    location: SmallTown.point(east: Double(number % 900), north: Double(number % 7))),
                raw: [:])
        }
        _ = try bulk.engine.apply(batch, by: bulk.actor)
        let all = batch.places
        for start in stride(from: 0, to: all.count, by: 500) {
            batch.places = Array(all[start..<start + 500])
            _ = try small.engine.apply(batch, by: small.actor)
        }
        #expect(try bulk.reach { $0.limit = 500 }.ids == small.reach { $0.limit = 500 }.ids)
        #expect(
            try bulk.engine.places(PlaceListQuery()).places == small.engine.places(PlaceListQuery()).places)
    }

    @Test func readersSeeEachCommitWholeWhileWritersWork() async throws {
        let town = try SmallTown()
        try town.put("x", "toilet", east: 1, north: 0)
        let engine = town.engine
        let query = ReachQuery(origin: .point(SmallTown.point(east: 0, north: 0)))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<2 {
                group.addTask {
                    var last = Revision(0)
                    for _ in 0..<400 {
                        let reply = try engine.reach(query)
                        #expect(reply.revision >= last)
                        last = reply.revision
                        let metres = reply.places.map(\.walk.metres)
                        #expect(zip(metres, metres.dropFirst()).allSatisfy { $0 <= $1 })
                    }
                }
            }
            group.addTask {
                for number in 0..<60 {
                    let body = try PlaceBody(
                        JSONValue(
                            json: Array(
                                #"{"type":"toilet","name":"t","location":{"lat":32.0,"lon":\#(118.7 + Double(number) * 1e-5)}}"#
                                    .utf8)))
                    _ = try engine.putPlace(
                        PlaceID(unchecked: "w\(number % 9)"), body, WriteContext(actor: Actor(name: "w")))
                }
            }
            try await group.waitForAll()
        }
    }

    @Test func aReloadBringsNewProfilesAndKeepsEveryPlaceWhereItHangs() throws {
        let host = try SmallTown.host()
        let town = try SmallTown(reloading: { () throws(DirectoryError) -> EngineUpdate in
            var settings = SmallTown.settings
            settings.profiles[0].pace = 0.5
            return EngineUpdate(
                settings: settings, host: host, changes: ["profiles have changed"], needsRestart: [])
        })
        try town.put("a", "pharmacy", east: 100, north: 0)
        try town.put("b", "pharmacy", east: 600, north: 0)
        let before = town.engine.version
        #expect(try town.reach().ids == ["a", "b"])
        #expect(try town.engine.reload().changes == ["profiles have changed"])
        #expect(try town.reach().ids == ["a"], "450 m at the new pace")
        #expect(town.engine.version != before)
        try town.put("c", "toilet", east: 50, north: 0)
        _ = try town.engine.deletePlace(PlaceID(validating: "a"), WriteContext(actor: town.actor))
        #expect(try town.reach().ids == ["c"])
    }

    @Test func aPlaceThatIsMovedByTheSameBatchIsIndexedAsItWasStored() throws {
        let town = try SmallTown()
        try town.putCommunity("west", east: -1100 ... -1)
        var batch = RecordBatch(source: Source(id: SourceID(unchecked: "s"), kind: "communities", title: "t"))
        // Stated to lie in the west, and found in the east by its boundary within the same batch.
        try town.putCommunity("east", east: 0...1100)
        batch.communities = town.engine.allCommunities
        batch.places = [
            SourcedPlace(
                key: "a",
                place: Place(
                    id: PlaceID(unchecked: "a"), type: ServiceTypeID(unchecked: "toilet"), name: "公厕",
                    location: SmallTown.point(east: 300, north: 0), community: CommunityID(unchecked: "west")),
                raw: [:])
        ]
        _ = try town.engine.apply(batch, by: town.actor)
        let live = try town.engine.place(PlaceID(unchecked: "a")).place.community
        try town.engine.close()
        let again = try SmallTown.open(town.folder)
        defer { try? again.close() }
        #expect(try again.place(PlaceID(unchecked: "a")).place.community == live)
    }

    @Test func aFailedReloadChangesNothing() throws {
        let town = try SmallTown(reloading: { () throws(DirectoryError) -> EngineUpdate in
            throw DirectoryError(.configurationInvalid, "unknown key", location: "quarter.toml:3")
        })
        try town.put("a", "pharmacy", east: 10, north: 0)
        let before = town.engine.version
        #expect(
            #expect(throws: DirectoryError.self) { try town.engine.reload() }?.location == "quarter.toml:3")
        #expect(town.engine.version == before)
        #expect(try town.reach().ids == ["a"])
    }
}

extension SmallTown {
    /// Writes a network of which one byte is wrong.
    static func flipByte(ofNetworkAt path: String) throws {
        try network().write(to: path)
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        bytes[bytes.count / 2] ^= 0x10
        try bytes.write(to: URL(fileURLWithPath: path))
    }
}
