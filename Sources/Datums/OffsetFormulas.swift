internal import Glibc

/// The published formulas of the two offsets, without the box.
///
/// Source: gcoord src/crs/GCJ02.ts and BD09.ts; the same in coord-convert and, with another radius (0.011 m apart),
/// in eviltransform.
enum OffsetFormulas {
    /// Half the greater axis of Krasovsky's ellipsoid, in metres.
    private static let axis = 6_378_245.0
    /// The square of its eccentricity.
    private static let eccentricity = 0.006_693_421_622_965_943_23
    private static let wave = Double.pi * 3000 / 180

    static func gcj02(fromWGS84 point: Plane) -> Plane {
        let x = point.x - 105
        let y = point.y - 35
        let common = 20 * sin(6 * x * .pi) + 20 * sin(2 * x * .pi)
        let root = abs(x).squareRoot()
        var north = common + 20 * sin(y * .pi) + 40 * sin(y / 3 * .pi)
        north += 160 * sin(y / 12 * .pi) + 320 * sin(y * .pi / 30)
        north = north * 2 / 3 - 100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
        var east = common + 20 * sin(x * .pi) + 40 * sin(x / 3 * .pi)
        east += 150 * sin(x / 12 * .pi) + 300 * sin(x * .pi / 30)
        east = east * 2 / 3 + 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
        let radians = point.y * .pi / 180
        let flattened = 1 - eccentricity * sin(radians) * sin(radians)
        let flattenedRoot = flattened.squareRoot()
        return Plane(
            point.x + east * 180 / (axis / flattenedRoot * cos(radians) * .pi),
            point.y + north * 180 / (axis * (1 - eccentricity) / (flattened * flattenedRoot) * .pi))
    }

    static func bd09(fromGCJ02 point: Plane) -> Plane {
        let radius = hypot(point.x, point.y) + 0.000_02 * sin(point.y * wave)
        let angle = atan2(point.y, point.x) + 0.000_003 * cos(point.x * wave)
        return Plane(radius * cos(angle) + 0.0065, radius * sin(angle) + 0.006)
    }

    /// The published way back, which is off by up to two decimetres: where the search begins.
    static func gcj02(aboutBD09 point: Plane) -> Plane {
        let x = point.x - 0.0065
        let y = point.y - 0.006
        let radius = hypot(x, y) - 0.000_02 * sin(y * wave)
        let angle = atan2(y, x) - 0.000_003 * cos(x * wave)
        return Plane(radius * cos(angle), radius * sin(angle))
    }
}
