import DirectoryModel
import Testing

@testable import RegisterMatching

/// What is found for one row equals what is found among all: `DuplicateFinder` is the oracle.
@Suite struct CandidateFinderTests {
    private struct Random: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ (state >> 33)
        }
    }

    private static let names = ["翠竹园书屋", "翠竹园书屋有限公司", "老王面馆", "老李面馆", "银发餐厅(竹园店)", "银发餐厅", "社区食堂", "康乐药房"]

    private static func records(_ count: Int, _ random: inout Random) -> [PlaceTraits] {
        (0..<count).map { number in
            let hasPoint = Int.random(in: 0..<10, using: &random) > 0
            let point = Coordinate(
                uncheckedLatitude: 32 + Double.random(in: 0...0.02, using: &random),
                longitude: 118.7 + Double.random(in: 0...0.02, using: &random))
            let phone =
                Int.random(in: 0..<4, using: &random) == 0
                ? "025-8441230\(Int.random(in: 0...9, using: &random))" : nil
            let house = "建康路\(Int.random(in: 1...30, using: &random))号"
            return PlaceTraits(
                id: "\(number)", name: names.randomElement(using: &random) ?? "店",
                location: hasPoint ? point : nil,
                address: Int.random(in: 0..<2, using: &random) == 0 ? house : nil, phone: phone,
                type: "canteen")
        }
    }

    @Test(arguments: 1...12 as ClosedRange<UInt64>) func findsWhatAllAgainstAllFinds(_ seed: UInt64) {
        var random = Random(state: seed)
        let known = Self.records(250, &random)
        let rows = Self.records(100, &random)
        let expected = Set(
            DuplicateFinder.pairs(of: known + rows).pairs.filter { $0.first < 250 && $0.second >= 250 }
                .map { [$0.first, $0.second - 250] })
        var finder = CandidateFinder(
            count: known.count, location: { known[$0].location }, hasKeys: { _ in true },
            traits: { known[$0] })
        var found: Set<[Int]> = []
        for (number, row) in rows.enumerated() {
            let candidates = finder.candidates(for: row, from: SamePlace.maybeFrom, limit: .max)
            #expect(
                zip(candidates, candidates.dropFirst()).allSatisfy {
                    $0.same.confidence >= $1.same.confidence
                })
            for candidate in candidates { found.insert([candidate.index, number]) }
        }
        #expect(found == expected && !expected.isEmpty)
    }

    @Test func nothingIsFoundAmongNothingAndPointsThatAreNoneDoNoHarm() {
        var empty = CandidateFinder(
            count: 0, location: { _ in nil }, hasKeys: { _ in false },
            traits: { _ in PlaceTraits(id: "", name: "") })
        #expect(empty.candidates(for: PlaceTraits(id: "1", name: "书屋"), from: 0.3, limit: 5).isEmpty)
        let odd = [
            PlaceTraits(id: "1", name: "书屋", location: Coordinate(uncheckedLatitude: .nan, longitude: 118)),
            PlaceTraits(id: "2", name: "", location: Coordinate(uncheckedLatitude: 1e300, longitude: -1e300)),
            PlaceTraits(id: "3", name: "书屋", location: Coordinate(uncheckedLatitude: 90, longitude: 180)),
        ]
        var finder = CandidateFinder(
            count: odd.count, location: { odd[$0].location }, hasKeys: { _ in false }, traits: { odd[$0] })
        for row in odd { _ = finder.candidates(for: row, from: 0.3, limit: 5) }
        var limited = CandidateFinder(
            count: 3, location: { _ in SmallPoint.here }, hasKeys: { _ in false },
            traits: { PlaceTraits(id: "\($0)", name: "翠竹园书屋", location: SmallPoint.here) })
        let row = PlaceTraits(id: "r", name: "翠竹园书屋", location: SmallPoint.here)
        #expect(limited.candidates(for: row, from: 0.3, limit: 2).map(\.index) == [0, 1])
        #expect(limited.candidates(for: row, from: 0.3, limit: 5) { $0 == 2 }.map(\.index) == [2])
    }
}

private enum SmallPoint {
    static let here = Coordinate(uncheckedLatitude: 32, longitude: 118.7)
}
