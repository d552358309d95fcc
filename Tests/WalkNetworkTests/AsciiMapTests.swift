import DirectoryModel
import Testing

@testable import WalkNetwork

/// Metres by which a drawing may be off: each piece is rounded to whole centimetres.
private let drawn = 0.05

private func isClose(_ metres: Double?, _ expected: Double) -> Bool {
    metres.map { abs($0 - expected) < drawn } ?? false
}

@Suite("walks on drawn maps")
struct AsciiMapTests {
    @Test("mid-edge to mid-edge, both legs counted, both ways")
    func midEdge() throws {
        let map = try AsciiMap(
            """
              1
            A-----------B
                        |
                        |
                        |2
                        C
            """, ways: ["ABC": ["highway": "footway"]])
        // 20 m of the first leg's column: 10 m leg, 100 m east, 30 m south, 10 m leg.
        #expect(isClose(map.walk("1", "2"), 10 + 100 + 30 + 10))
        #expect(isClose(map.walk("2", "1"), 10 + 100 + 30 + 10))
        #expect(map.network.edgeCount == 1, "A, B, C are one chain")
        #expect(map.network.vertexCount == 2)
    }

    @Test("two things on one edge, in either order")
    func sameEdge() throws {
        let map = try AsciiMap("A---1-----2----B", ways: ["AB": ["highway": "footway"]])
        #expect(isClose(map.walk("1", "2"), 60))
        #expect(isClose(map.walk("2", "1"), 60))
        #expect(map.walk("1", "1") == 0)
    }

    @Test("on a one-way edge, a thing behind is reached round the block")
    func oneway() throws {
        let map = try AsciiMap(
            """
            A---1-----2----B
            |              |
            |              |
            D--------------C
            """, ways: ["AB": ["highway": "footway", "oneway:foot": "yes"], "BCDA": ["highway": "footway"]])
        #expect(isClose(map.walk("1", "2"), 60))
        #expect(isClose(map.walk("2", "1"), 50 + 30 + 150 + 30 + 40))
    }

    @Test("oneway:foot=-1 goes against the nodes")
    func turnedOneway() throws {
        let map = try AsciiMap("A---1-----2----B", ways: ["AB": ["highway": "footway", "oneway:foot": "-1"]])
        #expect(isClose(map.walk("2", "1"), 60))
        #expect(map.walk("1", "2") == nil)
        // A plain oneway is for wheels.
        let road = try AsciiMap("A---1-----2----B", ways: ["AB": ["highway": "service", "oneway": "yes"]])
        #expect(isClose(road.walk("2", "1"), 60))
    }

    @Test("steps are walked by those who can, and nobody is put on them")
    func steps() throws {
        let map = try AsciiMap(
            """
            A--1--B------C--2--D
                  |  3   |
                  |      |
                  E------F
            """,
            ways: [
                "AB": ["highway": "footway"], "BC": ["highway": "steps"], "CD": ["highway": "footway"],
                "BEFC": ["highway": "footway"],
            ])
        #expect(isClose(map.walk("1", "2"), 30 + 70 + 30))
        #expect(isClose(map.walk("1", "2", avoidsSteps: true), 30 + 30 + 70 + 30 + 30))
        let snap = try #require(map.snap("3"))
        #expect(isClose(snap.leg.value, 20), "the steps are 10 m off, the footway from E to F is 20")
    }

    @Test("a locked gate lets nobody pass, and its two sides are dead ends")
    func lockedGate() throws {
        let drawing = """
            A--1---G----2--B
            """
        let ways: KeyValuePairs = ["AGB": ["highway": "service"]]
        let open = try AsciiMap(drawing, ways: ways, nodes: ["G": ["barrier": "gate"]])
        #expect(isClose(open.walk("1", "2"), 90))
        let locked = try AsciiMap(drawing, ways: ways, nodes: ["G": ["barrier": "gate", "locked": "yes"]])
        #expect(locked.walk("1", "2") == nil)
        #expect(locked.walk("2", "1") == nil)
        #expect(locked.network.vertexCount == 4)
        #expect(locked.network.nodeCount == 3)
    }

    @Test("a ring without a crossing, and a loop on a stalk")
    func rings() throws {
        let ring = try AsciiMap(
            """
            A--1-----B
            |        |
            |        |
            D-----2--C
            """, ways: ["ABCDA": ["highway": "footway"]])
        #expect(ring.network.edgeCount == 1)
        #expect(ring.network.vertexCount == 1)
        #expect(isClose(ring.walk("1", "2"), 60 + 30 + 30))
        #expect(isClose(ring.walk("2", "1"), 60 + 30 + 30))
        let stalk = try AsciiMap(
            """
                  C----D
                  |    |
            A--1--B--2-E
            """, ways: ["ABCDEB": ["highway": "footway"]])
        #expect(stalk.network.edgeCount == 2)
        #expect(isClose(stalk.walk("1", "2"), 60))
    }

    @Test("parallel ways between the same two nodes")
    func parallel() throws {
        let map = try AsciiMap(
            """
               1
            A-----B
            |     |
            C--2--D
            """,
            ways: ["AB": ["highway": "footway"], "ACDB": ["highway": "footway"], "BA": ["highway": "steps"]])
        #expect(isClose(map.walk("1", "2"), 10 + 30 + 20 + 30))
        #expect(map.network.edgeCount == 3)
    }

    @Test("the limit is inclusive, on unrounded metres")
    func limit() throws {
        let map = try AsciiMap("A---1-----2----B", ways: ["AB": ["highway": "footway"]])
        let metres = try #require(map.walk("1", "2"))
        #expect(map.walk("1", "2", limit: metres) == metres)
        #expect(map.walk("1", "2", limit: metres.nextDown) == nil)
    }

    @Test("a missing node breaks the way there")
    func missingNode() throws {
        let map = try AsciiMap("A--1--B   C--2--D", ways: ["ABXCD": ["highway": "footway"]])
        #expect(map.walk("1", "2") == nil)
        #expect(try map.raw.build().report.missingNodes == 1)
    }

    @Test("nothing within 250 m: off the network")
    func offNetwork() throws {
        let map = try AsciiMap(
            "A--B" + String(repeating: " ", count: 23) + "1 2", ways: ["AB": ["highway": "path"]])
        #expect(isClose(map.snap("1")?.leg.value, 240))
        #expect(map.snap("2") == nil)
        #expect {
            try map.network.snapOrigin(map.coordinate("2"))
        } throws: { error in
            (error as? DirectoryError)?.code == .originOffNetwork
                && (error as? DirectoryError)?.message.contains("250 m") == true
        }
    }

    @Test("short components are used only where nothing else is near")
    func shortComponents() throws {
        // 100 characters of 12 m: 1,188 m of street; the path of 24 m is nearer to 1, but no part of it.
        let map = try AsciiMap(
            """
            A\(String(repeating: "-", count: 98))B

              C-D
               1
            """, metres: 12, ways: ["AB": ["highway": "residential"], "CD": ["highway": "path"]])
        #expect(isClose(map.snap("1")?.leg.value, 36))
        let alone = try AsciiMap("C-D\n 1", metres: 12, ways: ["CD": ["highway": "path"]])
        #expect(isClose(alone.snap("1")?.leg.value, 12))
    }

    @Test("two things that stand apart by a blocked way are unreachable, never nearest by air")
    func unreachable() throws {
        let map = try AsciiMap(
            """
            A--1--B
            C--2--D
            """, ways: ["AB": ["highway": "footway"], "CD": ["highway": "footway"]])
        #expect(map.walk("1", "2") == nil)
        #expect {
            try map.route("1", "2")
        } throws: { ($0 as? DirectoryError)?.code == .unreachable }
    }

    @Test("an isochrone's lines end where the limit ends")
    func isochrone() throws {
        let map = try AsciiMap(
            """
            A-----1---------------------B
            """, ways: ["AB": ["highway": "footway"]])
        let origin = try #require(map.snap("1"))
        let reached = map.pool.withScratch {
            map.network.reached(from: origin, limit: 100, avoidsSteps: false, scratch: $0)
        }
        let lines = reached.lines(within: 100)
        #expect(lines.count == 1)
        let length = zip(lines[0], lines[0].dropFirst()).reduce(0) { $0 + Geodesy.distance($1.0, $1.1).value }
        #expect(isClose(length, 60 + 100))
        let inner = reached.lines(within: 25)
        #expect(isClose(Geodesy.distance(inner[0][0], inner[0][inner[0].count - 1]).value, 50))
        #expect(reached.lines(within: -1).isEmpty)
    }
}
