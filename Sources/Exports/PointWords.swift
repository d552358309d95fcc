internal import Datums
internal import DirectoryModel
internal import TableFiles

/// The points of places as a table has them: as they were given, or all in one datum.
struct PointWords {
    /// The datum of all points; nil for each as it was given.
    let wanted: Datum?

    /// A point as a source gave it, or where it is in WGS-84; nil where nothing is known, or where it cannot be turned.
    func point(of place: Place) -> GivenPoint? {
        let known = place.given ?? place.location.map(Self.rounded)
        guard let wanted else { return known }
        let place = place.location.map(Self.rounded) ?? place.given
        guard let place else { return nil }
        let turned = DatumTransformation.transformed(place, to: wanted)
        guard turned.converged else { return nil }
        return place.datum == wanted ? place : Self.rounded(turned.point)
    }

    /// Whether an import that reads the point of a place stores what is stored.
    ///
    /// A point that comes back to within a centimetre of where the place is counts as unmoved, so that those of a map
    /// are read back, too. Only of the datums that no formula turns is that sure.
    func readsBack(_ place: Place) -> Bool {
        guard let point = point(of: place) else { return place.location == nil && place.given == nil }
        if point == place.given { return true }
        guard let location = place.location, point.datum == .wgs84 || point.datum == .cgcs2000 else {
            return false
        }
        return abs(point.latitude.value - location.latitude.value) < 1e-7
            && abs(point.longitude.value - location.longitude.value) < 1e-7
    }

    /// The one datum of the points of all places; nil where they differ in it.
    func datum(of places: some Sequence<Place>) -> Datum? {
        var found = wanted
        for place in places {
            guard let point = point(of: place) else { continue }
            if let found, found != point.datum { return nil }
            found = point.datum
        }
        return found ?? .wgs84
    }

    /// Degrees to seven decimals, about a centimetre, as every answer has them.
    private static func rounded(_ value: Double) -> Double { (value * 1e7).rounded() / 1e7 }

    private static func rounded(_ point: GivenPoint) -> GivenPoint {
        GivenPoint(
            datum: point.datum, latitude: Degrees(rounded(point.latitude.value)),
            longitude: Degrees(rounded(point.longitude.value)))
    }

    private static func rounded(_ location: Coordinate) -> GivenPoint {
        rounded(GivenPoint(datum: .wgs84, latitude: location.latitude, longitude: location.longitude))
    }

    /// Degrees as a cell: a number where a spreadsheet keeps all of its digits, else a text.
    static func cell(_ degrees: Degrees) -> TableCell {
        let text = "\(degrees.value)"
        // A spreadsheet keeps 15 digits.
        return text.utf8.filter { $0 >= 48 && $0 <= 57 }.count <= 15 ? .number(degrees.value) : .text(text)
    }
}
