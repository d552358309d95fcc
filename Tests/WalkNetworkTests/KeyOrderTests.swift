import Testing

@testable import WalkNetwork

/// The order of whole numbers without comparing them.
@Suite struct KeyOrderTests {
    @Test(arguments: [0, 1, 2, 3, 1_000, 70_000])
    func isThatOfASortThatComparesEqualOnesAsTheyStand(_ count: Int) {
        var numbers = SystemRandomNumberGenerator()
        for most in [0, 1, 5, 1 << 11, 1 << 40, UInt64.max] {
            let keys = (0..<count).map { _ in UInt64.random(in: 0...most, using: &numbers) }
            let expected = keys.indices.sorted { (keys[$0], $0) < (keys[$1], $1) }
            #expect(KeyOrder.indexes(of: keys) == expected)
        }
    }
}
