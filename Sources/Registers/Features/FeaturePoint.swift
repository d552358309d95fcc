internal import AreaGeometry
internal import DirectoryAPI
internal import DirectoryModel

/// The one point of a feature's geometry.
struct FeaturePoint {
    /// Degrees, as the file has them.
    let longitude: Double
    /// Degrees.
    let latitude: Double

    /// Why a geometry has no point that can be used.
    struct Fault: Error {
        let words: LocalizedText
    }

    /// The point of a geometry: a point itself, a line's middle, of an area its centroid where that lies inside and else a
    /// point on its surface.
    ///
    /// - Returns: nil for none: no geometry, null, or one without coordinates.
    /// - Throws: `Fault` for what is no geometry of RFC 7946, is out of range, or is several things.
    static func of(_ geometry: JSONTree?) throws(Fault) -> FeaturePoint? {
        guard let geometry else { return nil }
        if case .null = geometry { return nil }
        guard let type = geometry["type"]?.string, let coordinates = geometry["coordinates"]?.elements else {
            throw fault(
                "没有能读的几何（type、coordinates）", "its geometry has no type and coordinates that can be read")
        }
        if coordinates.isEmpty { return nil }
        switch type {
        case "Point": return try position(.array(coordinates))
        case "MultiPoint" where coordinates.count == 1: return try position(coordinates[0])
        case "LineString": return try middle(of: coordinates)
        case "MultiLineString" where coordinates.count == 1:
            return try middle(of: coordinates[0].elements ?? [])
        case "Polygon", "MultiPolygon": return try inside(geometry)
        default:
            throw fault(
                "几何是 \(type.prefix(40))，不是一个点、一条线或一个面",
                "its geometry is a \(type.shortened()), not one point, line or area")
        }
    }

    private static func fault(_ zh: String, _ en: String) -> Fault {
        Fault(words: LocalizedText(zh: zh, en: en))
    }

    private static func position(_ value: JSONTree) throws(Fault) -> FeaturePoint {
        guard let numbers = value.elements, numbers.count >= 2, let longitude = numbers[0].real,
            let latitude = numbers[1].real
        else { throw fault("坐标不是 [经度, 纬度]", "a position is not [longitude, latitude]") }
        return FeaturePoint(longitude: longitude, latitude: latitude)
    }

    /// The point half-way along a line, on degrees: of a lane or a row of stalls that is near enough.
    private static func middle(of values: [JSONTree]) throws(Fault) -> FeaturePoint {
        var points: [FeaturePoint] = []
        for value in values { points.append(try position(value)) }
        guard points.count >= 2 else { throw fault("线少于两个点", "a line has fewer than two points") }
        func length(_ one: FeaturePoint, _ other: FeaturePoint) -> Double {
            let (x, y) = (other.longitude - one.longitude, other.latitude - one.latitude)
            return (x * x + y * y).squareRoot()
        }
        var rest = zip(points, points.dropFirst()).reduce(0) { $0 + length($1.0, $1.1) } / 2
        for (one, other) in zip(points, points.dropFirst()) {
            let part = length(one, other)
            if part > 0, rest <= part {
                let share = rest / part
                return FeaturePoint(
                    longitude: one.longitude + (other.longitude - one.longitude) * share,
                    latitude: one.latitude + (other.latitude - one.latitude) * share)
            }
            rest -= part
        }
        return points[0]
    }

    private static func inside(_ geometry: JSONTree) throws(Fault) -> FeaturePoint {
        let point: Coordinate
        do {
            point = try AreaGeometry.pointInside(Area(geoJSON: geometry.value, what: "the area"))
        } catch {
            let words = (error as? DirectoryError)?.message ?? "\(error)"
            throw fault("面不可用：\(words)", "the area cannot be used: \(words)")
        }
        return FeaturePoint(longitude: point.longitude.value, latitude: point.latitude.value)
    }
}
