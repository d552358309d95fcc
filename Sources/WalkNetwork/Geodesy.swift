import DirectoryModel
import Glibc

/// Lengths on the sphere, by the project's walking rules.
package enum Geodesy {
    /// The radius of the sphere in metres: the mean radius of WGS-84's ellipsoid (IUGG, R1).
    package static let radius = 6_371_008.8
    static let radiansPerDegree = Double.pi / 180
    /// Metres per degree of latitude.
    static let metresPerDegree = radius * radiansPerDegree

    /// The haversine distance of two points.
    package static func distance(_ from: Coordinate, _ to: Coordinate) -> Metres {
        Metres(
            metres(
                latitude: from.latitude.value, longitude: from.longitude.value,
                toLatitude: to.latitude.value, longitude: to.longitude.value))
    }

    /// The haversine distance in metres of two points in degrees.
    static func metres(
        latitude: Double, longitude: Double, toLatitude: Double, longitude toLongitude: Double
    ) -> Double {
        let first = latitude * radiansPerDegree
        let second = toLatitude * radiansPerDegree
        let sineLatitude = sin((second - first) / 2)
        let sineLongitude = sin((toLongitude - longitude) * radiansPerDegree / 2)
        let square = sineLatitude * sineLatitude + cos(first) * cos(second) * sineLongitude * sineLongitude
        return 2 * radius * asin(min(1, square.squareRoot()))
    }

    /// The initial bearing from one point to another, clockwise from north, 0 ..< 360 degrees.
    static func bearing(_ from: Coordinate, _ to: Coordinate) -> Double {
        let first = from.latitude.value * radiansPerDegree
        let second = to.latitude.value * radiansPerDegree
        let turn = (to.longitude.value - from.longitude.value) * radiansPerDegree
        let east = sin(turn) * cos(second)
        let north = cos(first) * sin(second) - sin(first) * cos(second) * cos(turn)
        let degrees = atan2(east, north) / radiansPerDegree
        return degrees < 0 ? degrees + 360 : degrees
    }
}

/// A position in whole 1e-7 degrees, the resolution of OSM itself (about 1 cm).
struct GridPosition: Hashable {
    /// 1e-7 degrees north.
    var latitude: Int32
    /// 1e-7 degrees east.
    var longitude: Int32

    /// Steps of the grid per degree.
    static let stepsPerDegree = 1e7

    /// Degrees north.
    @inline(__always) var degreesNorth: Double { Double(latitude) / Self.stepsPerDegree }
    /// Degrees east.
    @inline(__always) var degreesEast: Double { Double(longitude) / Self.stepsPerDegree }

    /// The position in degrees.
    var coordinate: Coordinate {
        Coordinate(uncheckedLatitude: degreesNorth, longitude: degreesEast)
    }

    /// The haversine distance to another position, in whole centimetres, halves away from zero.
    func centimetres(to other: GridPosition) -> UInt32 {
        let metres = Geodesy.metres(
            latitude: degreesNorth, longitude: degreesEast,
            toLatitude: other.degreesNorth, longitude: other.degreesEast)
        return UInt32((metres * 100).rounded())
    }
}

/// The Hilbert curve over the whole grid of positions: near on the curve is near on the map.
enum HilbertCurve {
    /// The place of a position on the curve of 2^32 by 2^32 cells.
    static func key(_ position: GridPosition) -> UInt64 {
        var x = UInt32(bitPattern: position.longitude) ^ 0x8000_0000
        var y = UInt32(bitPattern: position.latitude) ^ 0x8000_0000
        var key: UInt64 = 0
        var side: UInt32 = 0x8000_0000
        while side > 0 {
            let right: UInt64 = x & side != 0 ? 1 : 0
            let upper: UInt64 = y & side != 0 ? 1 : 0
            key = key << 2 | ((3 &* right) ^ upper)
            if upper == 0 {
                if right == 1 {
                    x = ~x
                    y = ~y
                }
                swap(&x, &y)
            }
            side >>= 1
        }
        return key
    }
}
