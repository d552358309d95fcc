// Datums: between WGS-84, GCJ-02 and BD-09; coordinates as offices write them; datums that were stated wrongly.
// May import: DirectoryModel.

package import DirectoryModel
internal import Glibc

/// A point carried over to another datum, and how well.
package struct TransformedPoint: Hashable, Sendable {
    /// The point in the datum that was asked for.
    package let point: GivenPoint
    /// Whether carrying `point` back gives what was given, to within `DatumTransformation.tolerance`.
    ///
    /// False on a strip of at most a kilometre along the edges of the box, onto which no point of the box falls,
    /// and for numbers that are not finite.
    package let converged: Bool
    /// How far from what was given one lands when `point` is carried back by the published formulas.
    ///
    /// Zero where nothing had to be inverted, infinite for numbers that are not finite.
    package let residual: Metres
    /// Steps that the inversions took together, 0…2 × `DatumTransformation.stepLimit`.
    package let steps: Int

    /// The point as a coordinate; nil when a number is not finite or out of range, or the datum is an offset one.
    package var coordinate: Coordinate? {
        guard point.datum == .wgs84 || point.datum == .cgcs2000 else { return nil }
        return Coordinate(latitude: point.latitude, longitude: point.longitude)
    }
}

/// Carries points between datums.
///
/// CGCS2000 and WGS-84 are one here: they differ by less than 10 cm, registers by 10 m. A step whose point lies
/// outside the box of China leaves it as it is. There is no official formula; these are the published ones that all
/// libraries have. Source: docs/datums.md.
package enum DatumTransformation {
    /// The most steps that one inversion takes; three to five are usual.
    ///
    /// Chosen, not measured.
    package static let stepLimit = 30

    /// What an inversion may be off and still counts as converged, in metres.
    ///
    /// Chosen: a thousandth of what a register's last decimal is worth.
    package static let tolerance: Metres = 0.001

    /// Whether a point lies in the box in which the offset datums apply: 72.004°…137.8347° E, 0.8293°…55.8271° N.
    ///
    /// Edges are inside. The box also has Hong Kong, Korea and much of South-East Asia in it.
    package static func isInBox(latitude: Degrees, longitude: Degrees) -> Bool {
        Plane(longitude.value, latitude.value).isInBox
    }

    /// A point in another datum.
    ///
    /// - Returns: never traps and always ends, whatever the numbers; see `TransformedPoint.converged`.
    /// - Complexity: O(1), about 100 sines and cosines for an inversion.
    package static func transformed(_ given: GivenPoint, to datum: Datum) -> TransformedPoint {
        let start = Plane(given.longitude.value, given.latitude.value)
        guard start.isInBox else {
            let point = GivenPoint(datum: datum, latitude: given.latitude, longitude: given.longitude)
            return TransformedPoint(
                point: point, converged: start.isFinite, residual: start.isFinite ? 0 : Metres(.infinity),
                steps: 0)
        }
        let from = given.datum.level
        let to = datum.level
        var plane = start
        var steps = 0
        for level in stride(from: from, to: to, by: 1) { plane = forward(plane, from: level) }
        for level in stride(from: from, to: to, by: -1) {
            let (next, taken) = inverse(plane, to: level - 1)
            plane = next
            steps += taken
        }
        var residual: Metres = 0
        if to < from {
            var back = plane
            for level in to..<from { back = forward(back, from: level) }
            residual = start.metres(to: back)
        }
        return TransformedPoint(
            point: GivenPoint(datum: datum, latitude: Degrees(plane.y), longitude: Degrees(plane.x)),
            converged: residual.value <= tolerance.value, residual: residual, steps: steps)
    }

    /// A point on WGS-84; nil when its numbers are not finite or out of range.
    package static func coordinate(of given: GivenPoint) -> Coordinate? {
        transformed(given, to: .wgs84).coordinate
    }

    /// The distance of two points of one datum on a sphere of 6,371,008.8 m.
    package static func metres(_ first: GivenPoint, _ second: GivenPoint) -> Metres {
        Plane(first.longitude.value, first.latitude.value)
            .metres(to: Plane(second.longitude.value, second.latitude.value))
    }

    /// One step away from WGS-84: level 0 to GCJ-02, level 1 to BD-09.
    private static func forward(_ plane: Plane, from level: Int) -> Plane {
        guard plane.isInBox else { return plane }
        return level == 0 ? OffsetFormulas.gcj02(fromWGS84: plane) : OffsetFormulas.bd09(fromGCJ02: plane)
    }

    /// One step towards WGS-84, and how many rounds it took.
    ///
    /// The formula is followed beyond the box while a point is searched: with the identity there, as the published
    /// loop has it, the search runs to and fro for ever near the edges.
    private static func inverse(_ plane: Plane, to level: Int) -> (Plane, Int) {
        guard plane.isInBox else { return (plane, 0) }
        var guess = level == 0 ? plane : OffsetFormulas.gcj02(aboutBD09: plane)
        for step in 1...stepLimit {
            let image =
                level == 0 ? OffsetFormulas.gcj02(fromWGS84: guess) : OffsetFormulas.bd09(fromGCJ02: guess)
            let error = Plane(image.x - plane.x, image.y - plane.y)
            guess = Plane(guess.x - error.x, guess.y - error.y)
            // A ten-thousandth of a millimetre.
            if abs(error.x) < 1e-12 && abs(error.y) < 1e-12 { return (guess, step) }
        }
        return (guess, stepLimit)
    }
}

extension Datum {
    /// How many offsets lie between WGS-84 and this datum.
    fileprivate var level: Int {
        switch self {
        case .wgs84, .cgcs2000: 0
        case .gcj02: 1
        case .bd09: 2
        }
    }
}

/// A pair of degrees in whatever datum: x east, y north.
struct Plane {
    let x: Double
    let y: Double

    init(_ x: Double, _ y: Double) {
        self.x = x
        self.y = y
    }

    var isFinite: Bool { x.isFinite && y.isFinite }

    /// Never for a number that is not finite.
    var isInBox: Bool { x >= 72.004 && x <= 137.8347 && y >= 0.8293 && y <= 55.8271 }

    /// Great circle on a sphere of the earth's mean radius (IUGG: 6,371,008.8 m).
    func metres(to other: Plane) -> Metres {
        let (first, second) = (y * .pi / 180, other.y * .pi / 180)
        let (north, east) = (sin((second - first) / 2), sin((other.x - x) * .pi / 360))
        let square = north * north + cos(first) * cos(second) * east * east
        return Metres(2 * 6_371_008.8 * asin(min(1, square.squareRoot())))
    }
}
