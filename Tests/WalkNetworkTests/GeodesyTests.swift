import DirectoryModel
import Testing

@testable import WalkNetwork

@Suite("lengths, curves, seeds")
struct GeodesyTests {
    private func at(_ latitude: Double, _ longitude: Double) -> Coordinate {
        Coordinate(uncheckedLatitude: latitude, longitude: longitude)
    }

    @Test("haversine")
    func distance() {
        // A degree of latitude on a sphere of 6,371,008.8 m is 2 pi R / 360.
        #expect(abs(Geodesy.distance(at(32, 118), at(33, 118)).value - 111_195.080) < 0.001)
        #expect(abs(Geodesy.distance(at(0, 0), at(0, 180)).value - 20_015_114.4) < 0.1)
        #expect(Geodesy.distance(at(32, 118), at(32, 118)) == 0)
        let there = Geodesy.distance(at(32.04, 118.78), at(32.05, 118.79))
        #expect(there == Geodesy.distance(at(32.05, 118.79), at(32.04, 118.78)))
        #expect(Geodesy.distance(at(0, 179.9999), at(0, -179.9999)).value < 30)
    }

    @Test("centimetres are rounded, not cut")
    func centimetres() {
        // 1e-7 degrees of latitude are 1.1119508 cm.
        let origin = GridPosition(latitude: 0, longitude: 0)
        #expect(origin.centimetres(to: GridPosition(latitude: 1, longitude: 0)) == 1)
        #expect(origin.centimetres(to: GridPosition(latitude: 5, longitude: 0)) == 6)
        #expect(origin.centimetres(to: origin) == 0)
    }

    @Test("the Hilbert curve meets every cell once, stepping to a neighbour each time")
    func hilbert() {
        let step = Int32(1) << 28
        var cells: [(key: UInt64, x: Int32, y: Int32)] = []
        for x in Int32(-8)..<8 {
            for y in Int32(-8)..<8 {
                let key = HilbertCurve.key(GridPosition(latitude: y &* step, longitude: x &* step))
                cells.append((key >> 56, x, y))
            }
        }
        cells.sort { $0.key < $1.key }
        #expect(cells.map(\.key) == Array(0..<256))
        for (one, next) in zip(cells, cells.dropFirst()) {
            #expect(abs(one.x - next.x) + abs(one.y - next.y) == 1)
        }
    }

    @Test("keys order seeds and what follows them as metres do")
    func seeds() {
        var numbers = SeededNumbers(state: 9)
        for _ in 0..<2_000 {
            let length = UInt32.random(in: 0...50_000, using: &numbers)
            let offset = Double.random(in: 0...1, using: &numbers) * Double(length) / 100
            let seeds = SeedPair(offset: offset, length: length)
            #expect(seeds.tailKey & 1 != seeds.headKey & 1)
            #expect(seeds.metres(seeds.tailKey) == offset)
            #expect(abs(seeds.metres(seeds.headKey) - (Double(length) / 100 - offset)) < 1e-9)
            let keys = (0..<8).map { number in
                (number % 2 == 0 ? seeds.tailKey : seeds.headKey) &+ UInt32.random(in: 0...9, using: &numbers)
                    * 2
            }
            for one in keys {
                for other in keys where one < other {
                    #expect(seeds.metres(one) < seeds.metres(other) + 1e-9)
                }
            }
        }
    }

    @Test("many threads search at once, each with working memory of its own")
    func threads() async throws {
        let random = RandomNetwork(seed: 5)
        let network = try random.raw.build().network
        let snaps = random.things.compactMap { network.snap($0) }
        var slots: [TargetSlot] = []
        let table = TargetTable(edgeCount: network.edgeCount, loading: snaps.map { ($0, 0) }, slots: &slots)
        let pool = SearchPool(network: network)
        @Sendable func list(_ origin: Snap) -> [ReachedTarget] {
            var results: [ReachedTarget] = []
            pool.withScratch { scratch in
                network.reach(
                    TargetQuery(origin: origin, limit: 700), targets: table, scratch: scratch,
                    accept: { _, _ in true }, precedes: { $0 < $1 }, into: &results)
            }
            return results
        }
        let alone = snaps.map(list)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for (index, origin) in snaps.enumerated() { #expect(list(origin) == alone[index]) }
                }
            }
        }
    }
}
