import AreaGeometry
import DirectoryModel
import Testing

@Suite("areas through GEOS")
struct AreaGeometryTests {
    /// Metres per degree on the walking rules' sphere.
    private static let perDegree = 6_371_008.8 * Double.pi / 180

    private func at(_ east: Double, _ north: Double) -> Coordinate {
        Coordinate(
            uncheckedLatitude: 32 + north / Self.perDegree,
            longitude: 118.8 + east / (Self.perDegree * 0.8480480961564260))
    }

    private func ring(_ points: [(Double, Double)]) -> [Coordinate] {
        let ring = points.map { at($0.0, $0.1) }
        return ring + [ring[0]]
    }

    private func square(_ west: Double, _ south: Double, _ side: Double) -> [Coordinate] {
        ring([(west, south), (west + side, south), (west + side, south + side), (west, south + side)])
    }

    @Test("a buffer is as wide as it says")
    func buffer() throws {
        let line = [at(0, 0), at(100, 0)]
        let area = try AreaGeometry.buffered([line], by: 25)
        #expect(area.parts.count == 1)
        let metres = try AreaGeometry.squareMetres(of: area).value
        let exact = 100 * 50 + Double.pi * 625
        #expect(abs(metres - exact) / exact < 0.04)
        let prepared = try PreparedArea(area)
        #expect(prepared.contains(at(50, 23)))
        #expect(!prepared.contains(at(50, 27)))
        #expect(prepared.contains(at(-22, 0)))
        #expect(area.parts[0][0].first == area.parts[0][0].last)
    }

    @Test("lines that meet make one part, those apart two, none nothing, a ring a hole")
    func parts() throws {
        let cross = [[at(-100, 0), at(100, 0)], [at(0, -100), at(0, 100)]]
        #expect(try AreaGeometry.buffered(cross, by: 10).parts.count == 1)
        let apart = [[at(-100, 0), at(-50, 0)], [at(50, 0), at(100, 0)]]
        #expect(try AreaGeometry.buffered(apart, by: 10).parts.count == 2)
        #expect(try AreaGeometry.buffered([], by: 10).parts.isEmpty)
        #expect(try AreaGeometry.buffered([[at(0, 0)]], by: 10).parts.isEmpty)
        let round = try AreaGeometry.buffered([square(0, 0, 200)], by: 10)
        #expect(round.parts.map(\.count) == [2])
        #expect(AreaGeometry.defect(of: round) == nil)
    }

    @Test("a point inside: the centroid, or one on the surface of a crescent")
    func pointInside() throws {
        let middle = try AreaGeometry.pointInside(Area(parts: [[square(0, 0, 100)]]))
        #expect(abs(middle.latitude.value - at(50, 50).latitude.value) < 1e-9)
        #expect(abs(middle.longitude.value - at(50, 50).longitude.value) < 1e-9)
        let crescent = Area(parts: [
            [ring([(0, 0), (100, 0), (100, 100), (0, 100), (0, 95), (95, 95), (95, 5), (0, 5)])]
        ])
        #expect(try PreparedArea(crescent).contains(AreaGeometry.pointInside(crescent)))
        #expect(throws: DirectoryError.self) { try AreaGeometry.pointInside(Area(parts: [])) }
    }

    @Test("holes are outside, outlines inside")
    func holes() throws {
        let area = try PreparedArea(
            Area(parts: [[square(0, 0, 100), square(40, 40, 20)], [square(200, 0, 10)]]))
        #expect(area.contains(at(10, 10)))
        #expect(!area.contains(at(50, 50)))
        #expect(area.contains(at(205, 5)))
        #expect(!area.contains(at(150, 5)))
        #expect(try !PreparedArea(Area(parts: [])).contains(at(0, 0)))
    }

    @Test("square metres, shared and united")
    func squareMetres() throws {
        let one = Area(parts: [[square(0, 0, 100)]])
        let other = Area(parts: [[square(50, 0, 100)]])
        let apart = Area(parts: [[square(500, 0, 100)]])
        #expect(abs(try AreaGeometry.squareMetres(of: one).value - 10_000) < 10)
        #expect(abs(try AreaGeometry.sharedSquareMetres(of: one, and: other).value - 5_000) < 10)
        #expect(try AreaGeometry.sharedSquareMetres(of: one, and: apart) == 0)
        let all = try AreaGeometry.union([one, other, apart])
        #expect(all.parts.count == 2)
        #expect(abs(try AreaGeometry.squareMetres(of: all).value - 25_000) < 25)
        #expect(try AreaGeometry.union([]).parts.isEmpty)
    }

    @Test("what is wrong with rings is said")
    func defects() throws {
        #expect(AreaGeometry.defect(of: Area(parts: [[square(0, 0, 10)]])) == nil)
        let bow = Area(parts: [[ring([(0, 0), (10, 10), (10, 0), (0, 10)])]])
        #expect(AreaGeometry.defect(of: bow)?.contains("Self-intersection") == true)
        let open = Area(parts: [[[at(0, 0), at(10, 0), at(10, 10), at(0, 10)]]])
        #expect(AreaGeometry.defect(of: open) != nil)
        #expect(throws: DirectoryError.self) { try PreparedArea(open) }
        #expect(AreaGeometry.defect(of: Area(parts: [])) != nil)
        #expect(AreaGeometry.defect(of: Area(parts: [[]])) != nil)
    }

    @Test("many threads ask one area")
    func threads() async throws {
        let area = try PreparedArea(Area(parts: [[square(0, 0, 100)]]))
        let inside = at(50, 50)
        let hits = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<8 { group.addTask { (0..<500).count { _ in area.contains(inside) } } }
            return await group.reduce(0, +)
        }
        #expect(hits == 4_000)
    }
}
