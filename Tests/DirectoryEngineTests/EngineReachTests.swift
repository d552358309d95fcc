import DirectoryAPI
import DirectoryModel
import Testing

@testable import DirectoryEngine

/// Lists, cursors, filters, routes and isochrones of a town that fits on a page.
@Suite struct EngineReachTests {
    @Test func aCommittedChangeShowsInTheVeryNextAnswer() throws {
        let town = try SmallTown()
        #expect(try town.reach().places.isEmpty)
        let first = try town.put("a", "pharmacy", east: 300, north: 0)
        #expect(first.outcome == .created)
        #expect(try town.reach().ids == ["a"])
        #expect(try town.reach().revision == first.revision)
        try town.put("a", "pharmacy", east: -2000, north: 0)
        #expect(try town.reach().places.isEmpty, "a place off the network is in no list")
        try town.put("a", "pharmacy", east: 100, north: 0)
        #expect(try town.reach().ids == ["a"])
        let gone = try town.engine.deletePlace(PlaceID(validating: "a"), WriteContext(actor: town.actor))
        #expect(gone.outcome == .deleted)
        #expect(try town.reach().places.isEmpty)
    }

    @Test func metresAreBothLegsAndTheWay() throws {
        let town = try SmallTown()
        try town.put("a", "pharmacy", east: 300, north: 20)
        try town.put("b", "pharmacy", east: 10, north: -250)
        let reply = try town.reach(east: -100, north: 15)
        #expect(reply.ids == ["b", "a"])
        // 15 m to the street, along it, and 10 or 20 m off it again.
        #expect(abs(reply.places[0].walk.metres.value - (15 + 100 + 250 + 10)) < 0.5)
        #expect(abs(reply.places[1].walk.metres.value - (15 + 400 + 20)) < 0.5)
        #expect(reply.places[0].walk.seconds.value == reply.places[0].walk.metres.value / 1.11)
        #expect(reply.places.allSatisfy { $0.opening.state == .unknown })
        #expect(reply.attributions == ["© nobody, made up"])
    }

    @Test func theLimitIsInclusiveAndFollowsTheProfile() throws {
        let town = try SmallTown()
        try town.put("near", "pharmacy", east: 700, north: 0)
        try town.put("far", "pharmacy", east: 990, north: 0)
        #expect(try town.reach().ids == ["near", "far"])
        #expect(try town.reach { $0.profile = ProfileID(unchecked: "wheelchair") }.ids == ["near"])
        #expect(try town.reach { $0.minutes = 10 }.ids == [])
        let metres = try #require(try town.reach().places.last).walk.metres.value
        let exact = metres / 1.11 / 60
        let limit = LiveIndex.limit(minutes: exact, profile: SmallTown.settings.profiles[0]).value
        #expect(try town.reach { $0.minutes = exact }.ids.contains("far") == (metres <= limit))
        #expect(try town.reach { $0.minutes = exact + 1e-9 }.ids.contains("far"))
        #expect(try !town.reach { $0.minutes = exact - 1e-9 }.ids.contains("far"))
    }

    @Test func pagesFollowEachOtherWithoutGapOrRepeat() throws {
        let town = try SmallTown()
        for number in 0..<23 {
            // Every third place stands exactly where another does: ties go by id.
            try town.put("p\(number)", "toilet", east: Double(number / 3) * 40, north: 0)
        }
        let whole = try town.reach { $0.limit = 500 }
        #expect(whole.places.count == 23)
        #expect(whole.next == nil)
        for size in [1, 2, 7, 22, 23] {
            var ids: [String] = []
            var cursor: ReachCursor?
            repeat {
                let page = try town.reach {
                    $0.limit = size
                    $0.cursor = cursor
                }
                #expect(page.places.count <= size)
                ids += page.ids
                cursor = try page.next.map { try ReachCursor(text: $0.text) }
            } while cursor != nil
            #expect(ids == whole.ids, "pages of \(size)")
        }
        let ordered = whole.places.map { ($0.walk.metres, $0.place.id) }
        #expect(zip(ordered, ordered.dropFirst()).allSatisfy { $0 < $1 })
    }

    @Test func filtersByTypeClassCommunityAndAttribute() throws {
        let town = try SmallTown()
        try town.putCommunity("west", east: -1100 ... -1)
        try town.putCommunity("east", east: 0...1100)
        try town.put("a", "pharmacy", east: -50, north: 0)
        try town.put("b", "toilet", east: 60, north: 0, attributes: #"{"wheelchair":"yes"}"#)
        try town.put("c", "bakery", east: 70, north: 0)
        func ids(_ change: (inout ReachQuery) -> Void) throws -> [String] {
            try town.reach(change).ids
        }
        #expect(
            try ids { $0.types = [ServiceTypeID(unchecked: "toilet"), ServiceTypeID(unchecked: "bakery")] }
                == ["b", "c"])
        #expect(try ids { $0.serviceClass = "quality" } == ["c"])
        #expect(try ids { $0.community = CommunityID(unchecked: "west") } == ["a"])
        #expect(
            try ids { $0.conditions = [WhereClause(attribute: "wheelchair", op: "eq", value: "yes")] } == [
                "b"
            ])
        for change: (inout ReachQuery) -> Void in [
            { $0.types = [ServiceTypeID(unchecked: "casino")] },
            { $0.community = CommunityID(unchecked: "nowhere") },
            { $0.profile = ProfileID(unchecked: "flying") },
            { $0.conditions = [WhereClause(attribute: "colour", op: "eq", value: "red")] },
            { $0.conditions = [WhereClause(attribute: "wheelchair", op: "lt", value: "yes")] },
        ] {
            let error = #expect(throws: DirectoryError.self) { try town.reach(change) }
            #expect(error?.code == .invalidRequest)
        }
    }

    @Test func routeAndIsochroneAgreeWithTheList() throws {
        let town = try SmallTown()
        try town.put("a", "pharmacy", east: 300, north: 20)
        try town.put("b", "pharmacy", east: 10, north: -250)
        let origin = OriginWord.point(SmallTown.point(east: -100, north: 15))
        for reached in try town.reach(east: -100, north: 15).places {
            let route = try town.engine.route(RouteQuery(origin: origin, destination: reached.place.id))
            #expect(route.walk.metres == reached.walk.metres, "bit for bit")
            #expect(route.line.count >= 2)
            let steps = route.steps.reduce(0) { $0 + $1.metres.value }
            #expect(abs(steps - route.walk.metres.value) < 1e-6)
            #expect(
                route.steps.contains { $0.text.zh.contains("建康路") && $0.text.en.contains("Jiankang Road") })
        }
        let isochrone = try town.engine.isochrone(IsochroneQuery(origin: origin, minutes: [5, 10, 15]))
        #expect(isochrone.bands.map(\.minutes) == [5, 10, 15])
        let lengths = isochrone.bands.map { $0.ways.reduce(0) { $0 + $1.count } }
        #expect(lengths.allSatisfy { $0 > 1 })
        #expect(isochrone.bands.allSatisfy { !$0.area.parts.isEmpty })
        for part in isochrone.bands.flatMap(\.area.parts) {
            for (number, ring) in part.enumerated() {
                #expect(ring.first == ring.last)
                // Twice the signed surface: positive for a ring that goes anticlockwise (RFC 7946, 3.1.6).
                let surface = zip(ring, ring.dropFirst()).reduce(0.0) { sum, pair in
                    sum + (pair.1.longitude.value - pair.0.longitude.value) * -1
                        * (pair.1.latitude.value + pair.0.latitude.value - 2 * SmallTown.crossing.latitude)
                }
                #expect((surface > 0) == (number == 0))
            }
        }
    }

    @Test func noWalkIsAnErrorAndNeverAnEmptyList() throws {
        let town = try SmallTown()
        try town.put("off", "pharmacy", east: 0, north: 900)
        let far = #expect(throws: DirectoryError.self) { try town.reach(east: 0, north: 5_000) }
        #expect(far?.code == .originOffNetwork)
        let route = #expect(throws: DirectoryError.self) {
            try town.engine.route(
                RouteQuery(
                    origin: .point(SmallTown.point(east: 0, north: 0)), destination: PlaceID(unchecked: "off")
                ))
        }
        #expect(route?.code == .unreachable)
        let unknown = #expect(throws: DirectoryError.self) {
            var query = ReachQuery(origin: .id(OriginID(unchecked: "nobody")))
            query.limit = 1
            _ = try town.engine.reach(query)
        }
        #expect(unknown?.code == .notFound)
    }

    @Test func withoutANetworkItSaysSoUntilOneComes() throws {
        let town = try SmallTown(withNetwork: false)
        try town.put("a", "pharmacy", east: 100, north: 0)
        #expect(#expect(throws: DirectoryError.self) { try town.reach() }?.code == .noNetwork)
        #expect(town.engine.health().state == "degraded")
        try SmallTown.network().write(to: town.engine.networkBuildPath)
        try town.engine.adoptNetwork(at: town.engine.networkBuildPath)
        #expect(try town.reach().ids == ["a"])
        #expect(town.engine.health().state == "ok")
    }

    @Test func aNewNetworkIsWalkedOnAtOnceAndADamagedOneIsRefused() throws {
        let town = try SmallTown()
        try town.put("south", "pharmacy", east: 0, north: -800)
        #expect(try town.reach().places.isEmpty)
        let before = town.engine.version
        try SmallTown.network(southStreet: 900).write(to: town.engine.networkBuildPath)
        try town.engine.adoptNetwork(at: town.engine.networkBuildPath)
        #expect(try town.reach().ids == ["south"])
        #expect(town.engine.version != before, "an ETag must not outlive the network")
        let path = town.engine.networkBuildPath
        try SmallTown.flipByte(ofNetworkAt: path)
        #expect(
            #expect(throws: DirectoryError.self) { try town.engine.adoptNetwork(at: path) }?.code
                == .networkDamaged)
        #expect(try town.reach().ids == ["south"])
    }
}
