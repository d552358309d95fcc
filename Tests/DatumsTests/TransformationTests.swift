import DirectoryModel
import Testing

@testable import Datums

@Suite("Offset datums: every point")
struct TransformationTests {
    private static let west = 72.004
    private static let east = 137.8347
    private static let south = 0.8293
    private static let north = 55.8271

    /// What must hold of an inversion anywhere: it ends, and what it says of itself is so.
    private func check(_ datum: Datum, _ x: Double, _ y: Double, _ failures: inout [String]) -> Bool {
        let result = DatumTransformation.transformed(point(datum, [x, y]), to: .wgs84)
        let back = DatumTransformation.transformed(result.point, to: datum).point
        let error = metres(back, [x, y])
        if abs(error - result.residual.value) > 1e-6 || result.converged != (error <= 0.001) {
            failures.append("\(datum) \(x) \(y): \(result.residual.value) said, \(error) found")
        }
        if !(result.steps < 2 * DatumTransformation.stepLimit) {
            failures.append("\(datum) \(x) \(y): \(result.steps) steps")
        }
        return result.converged
    }

    @Test("a grid of 0.1° over the whole box and a degree around it ends, and converges but at the edges")
    func grid() {
        var failures: [String] = []
        var inside = 0
        var open: [String] = []
        for row in -10...560 {
            for column in -10...668 {
                let (x, y) = (72.004 + Double(column) / 10, 0.8293 + Double(row) / 10)
                // BD-09 on every fifth point: it takes twice as long.
                let isFifth = (row + column) % 5 == 0
                for datum in [Datum.gcj02] + (isFifth ? [.bd09] : []) {
                    let converged = check(datum, x, y, &failures)
                    let margin = min(x - Self.west, Self.east - x, y - Self.south, Self.north - y)
                    if !converged && abs(margin) > 0.02 { open.append("\(datum) \(x) \(y)") }
                    inside += converged ? 1 : 0
                }
            }
        }
        #expect(failures.isEmpty, "\(failures.prefix(5))")
        #expect(open.isEmpty, "\(open.prefix(5))")
        #expect(inside > 400_000)
    }

    @Test("every edge, on it and tiny amounts beside it, ends")
    func edges() {
        var failures: [String] = []
        let amounts = [0, 1e-15, 1e-12, 1e-9, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 5e-3, 1e-2, 0.02]
        for amount in amounts + amounts.map({ -$0 }) {
            for step in 0...300 {
                let along = Double(step) / 300
                let x = Self.west + (Self.east - Self.west) * along
                let y = Self.south + (Self.north - Self.south) * along
                for datum in [Datum.gcj02, .bd09] {
                    _ = check(datum, x, Self.south + amount, &failures)
                    _ = check(datum, x, Self.north + amount, &failures)
                    _ = check(datum, Self.west + amount, y, &failures)
                    _ = check(datum, Self.east + amount, y, &failures)
                }
            }
        }
        #expect(failures.isEmpty, "\(failures.prefix(5))")
    }

    @Test("what went out comes back to a micrometre, wherever the image is in the box")
    func roundTrips() {
        var numbers = SeededNumbers(1)
        for _ in 0..<20_000 {
            let x = Double.random(in: Self.west + 0.02...Self.east - 0.02, using: &numbers)
            let y = Double.random(in: Self.south + 0.02...Self.north - 0.02, using: &numbers)
            for datum in [Datum.gcj02, .bd09] {
                let image = moved(.wgs84, [x, y], to: datum)
                let back = DatumTransformation.transformed(image, to: .wgs84)
                #expect(back.converged && metres(back.point, [x, y]) < 1e-6)
            }
        }
    }

    @Test("no number traps", arguments: [Double.nan, .infinity, -.infinity, 1e308, -1e308, 0, -0.0, 180, 90])
    func anyNumber(_ value: Double) {
        for other in [Double.nan, .infinity, 1e308, Double.leastNonzeroMagnitude, 30, 105] {
            for (x, y) in [(value, other), (other, value)] {
                for from in Datum.allCases {
                    for to in Datum.allCases {
                        let result = DatumTransformation.transformed(point(from, [x, y]), to: to)
                        #expect(result.converged == (x.isFinite && y.isFinite))
                        let isPoint = abs(x) <= 180 && abs(y) <= 90
                        #expect((DatumTransformation.coordinate(of: result.point) != nil) == isPoint)
                    }
                }
            }
        }
    }

    @Test("offsets in China are as the cities show: 89 to 672 m, and 799 to 975 m more")
    func offsets() {
        for (x, y) in [(118.7917, 32.0623), (87.6140, 43.8244), (109.5078, 18.2545), (126.5289, 45.8018)] {
            let gcj = moved(.wgs84, [x, y], to: .gcj02)
            #expect((89...672).contains(metres(gcj, [x, y])))
            let bd = moved(.wgs84, [x, y], to: .bd09)
            #expect((798...976).contains(metres(bd, [gcj.longitude.value, gcj.latitude.value])))
        }
    }
}
