/// A point on WGS-84, the datum in which the network, the index and every answer are kept.
///
/// Since: 1.0
@frozen public struct Coordinate: Hashable, Sendable {
    /// North of the equator, −90…90.
    ///
    /// Since: 1.0
    public let latitude: Degrees
    /// East of Greenwich, −180…180.
    ///
    /// Since: 1.0
    public let longitude: Degrees

    /// Wraps numbers that are already known to be finite and in range.
    ///
    /// Since: 1.0
    @inlinable public init(uncheckedLatitude latitude: Double, longitude: Double) {
        self.latitude = Degrees(latitude)
        self.longitude = Degrees(longitude)
    }

    /// The point, or nil unless both numbers are finite and in range.
    ///
    /// Since: 1.0
    @inlinable public init?(latitude: Degrees, longitude: Degrees) {
        guard abs(latitude.value) <= 90, abs(longitude.value) <= 180 else { return nil }
        self.latitude = latitude
        self.longitude = longitude
    }
}

/// The geodetic datum of a pair of degrees.
///
/// GCJ-02 lies 90 to 670 m off WGS-84 in China and BD-09 another 800 to 975 m: a point without its datum is
/// no point. CGCS2000 equals WGS-84 for data worse than 10 m.
///
/// Since: 1.0
@frozen public enum Datum: String, Hashable, Sendable, CaseIterable {
    /// World Geodetic System 1984: GPS, OpenStreetMap.
    ///
    /// Since: 1.0
    case wgs84
    /// China Geodetic Coordinate System 2000 (EPSG 4490).
    ///
    /// Since: 1.0
    case cgcs2000
    /// The offset datum of AMap and Tencent.
    ///
    /// Since: 1.0
    case gcj02
    /// The offset datum of Baidu.
    ///
    /// Since: 1.0
    case bd09
}

/// A point exactly as its source gave it, kept beside the working coordinate.
///
/// Since: 1.0
@frozen public struct GivenPoint: Hashable, Sendable {
    /// The datum that the source stated.
    ///
    /// Since: 1.0
    public let datum: Datum
    /// Degrees north in that datum.
    ///
    /// Since: 1.0
    public let latitude: Degrees
    /// Degrees east in that datum.
    ///
    /// Since: 1.0
    public let longitude: Degrees

    /// The point as given.
    ///
    /// Since: 1.0
    public init(datum: Datum, latitude: Degrees, longitude: Degrees) {
        self.datum = datum
        self.latitude = latitude
        self.longitude = longitude
    }
}

/// An area with holes, possibly in several parts, on WGS-84.
///
/// Shape: parts of rings of points. The first ring of a part is its outline, the others are holes; each ring
/// is closed (its last point equals its first) and has at least four points.
///
/// Since: 1.0
public struct Area: Hashable, Sendable {
    /// Parts of rings of points.
    ///
    /// Since: 1.0
    public var parts: [[[Coordinate]]]

    /// The area of these parts.
    ///
    /// Since: 1.0
    public init(parts: [[[Coordinate]]]) { self.parts = parts }
}
