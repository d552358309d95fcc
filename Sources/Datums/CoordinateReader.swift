package import DirectoryModel
internal import Glibc

/// Which of two numbers comes first.
package enum CoordinateOrder: String, Hashable, Sendable, CaseIterable {
    /// 经度, 纬度: as AMap, Baidu and WKT write it.
    case longitudeFirst = "longitude_first"
    /// 纬度, 经度: as GPS receivers write it.
    case latitudeFirst = "latitude_first"
}

/// A coordinate cell that was read.
package struct CoordinateReading: Hashable, Sendable {
    /// Degrees north, −90…90, in whatever datum the register is.
    package let latitude: Degrees
    /// Degrees east, −180…180.
    package let longitude: Degrees
    /// The datum that the cell itself names ("GCJ02:…", "SRID=4490;…"); nil where it names none.
    package let datum: Datum?
    /// What one unit of the last place is worth, in metres: the point may be off by as much.
    ///
    /// Of the two numbers the finer one counts, because spreadsheets drop zeros at the end.
    package let uncertainty: Metres
    /// What is doubtful: `swapped`, `outside_china`, `rough`, in this order.
    package let findings: [CoordinateFault]

    /// The point in a datum, that of the cell going first.
    package func given(in stated: Datum) -> GivenPoint {
        GivenPoint(datum: datum ?? stated, latitude: latitude, longitude: longitude)
    }
}

/// Reads coordinates as offices write them.
///
/// Decimal degrees, degrees with minutes and seconds, marks of east and north before or after or none, full-width
/// characters, WKT points. Which number is the latitude is told by marks, else by range in China (3°…54° N,
/// 73°…136° E: the two never overlap), else by the stated order.
package enum CoordinateReader {
    /// The longest cell that is looked at, in characters.
    ///
    /// Chosen, not measured.
    package static let lengthLimit = 200

    /// A point that may be off by more is called rough.
    ///
    /// A little over the last place of four decimals (11 m), so that tenths of seconds count as fine.
    package static let roughFrom: Metres = 15

    /// Reads a cell that holds both numbers.
    ///
    /// - Parameters:
    ///   - cell: the cell as written.
    ///   - order: the order that is stated for the column; needed outside of China only.
    /// - Throws: the first fault for which the cell is refused.
    package static func read(
        _ cell: String, order: CoordinateOrder? = nil
    ) throws(CoordinateFault) -> CoordinateReading {
        let parsed = try CoordinateParser.parse(cell)
        guard !parsed.angles.isEmpty else { throw .empty }
        guard parsed.angles.count == 2 || (parsed.isWKT && parsed.angles.count > 2) else {
            throw .count(parsed.angles.count)
        }
        return try combined(
            parsed.angles[0], parsed.angles[1], order: parsed.isWKT ? .longitudeFirst : order,
            datum: parsed.datum)
    }

    /// Reads two cells of columns that are said to be latitude and longitude.
    ///
    /// - Throws: the first fault for which the pair is refused.
    package static func read(
        latitude: String, longitude: String
    ) throws(CoordinateFault) -> CoordinateReading {
        let north = try CoordinateParser.parse(latitude)
        let east = try CoordinateParser.parse(longitude)
        // Both numbers in one cell and nothing, or the same again, in the other: clerks do that.
        if north.angles.isEmpty && east.angles.count == 2 { return try read(longitude) }
        if east.angles.isEmpty && north.angles.count == 2 { return try read(latitude) }
        guard !north.angles.isEmpty, !east.angles.isEmpty else { throw .empty }
        guard north.angles.count == 1 else { throw .count(north.angles.count + east.angles.count) }
        guard east.angles.count == 1 else { throw .count(north.angles.count + east.angles.count) }
        return try combined(
            north.angles[0], east.angles[0], order: .latitudeFirst, datum: north.datum ?? east.datum)
    }

    private static func combined(
        _ first: ParsedAngle, _ second: ParsedAngle, order: CoordinateOrder?, datum: Datum?
    ) throws(CoordinateFault) -> CoordinateReading {
        if let fault = refusal(first, second) { throw fault }
        let isMarked = first.isLatitude != nil || second.isLatitude != nil
        var latitudeFirst: Bool
        var isSwapped = false
        if isMarked {
            guard first.isLatitude != second.isLatitude else { throw .sameAxis }
            latitudeFirst = first.isLatitude ?? !(second.isLatitude ?? false)
            if let order { isSwapped = latitudeFirst != (order == .latitudeFirst) }
        } else if isInChina(latitude: first.degrees, longitude: second.degrees) {
            latitudeFirst = true
            isSwapped = order == .longitudeFirst
        } else if isInChina(latitude: second.degrees, longitude: first.degrees) {
            latitudeFirst = false
            isSwapped = order == .latitudeFirst
        } else if let order {
            latitudeFirst = order == .latitudeFirst
            let latitude = latitudeFirst ? first : second
            let other = latitudeFirst ? second : first
            if abs(latitude.degrees) > 90 && abs(latitude.degrees) <= 180 && abs(other.degrees) <= 90 {
                latitudeFirst.toggle()
                isSwapped = true
            }
        } else if abs(first.degrees) > 90 || abs(second.degrees) > 90 {
            latitudeFirst = abs(second.degrees) > 90
        } else {
            throw .order
        }
        let latitude = latitudeFirst ? first : second
        let longitude = latitudeFirst ? second : first
        guard abs(latitude.degrees) <= 90 else { throw .range(latitude.text) }
        guard abs(longitude.degrees) <= 180 else { throw .range(longitude.text) }
        return reading(latitude, longitude, isSwapped: isSwapped, datum: datum)
    }

    private static func reading(
        _ latitude: ParsedAngle, _ longitude: ParsedAngle, isSwapped: Bool, datum: Datum?
    ) -> CoordinateReading {
        // A degree of a great circle, 111 km; one of longitude is shorter, and its last place worth less.
        let uncertainty = 111_000 * min(latitude.unit, longitude.unit)
        var findings: [CoordinateFault] = []
        if isSwapped { findings.append(.swapped) }
        if !isInChina(latitude: latitude.degrees, longitude: longitude.degrees) {
            findings.append(.outsideChina)
        }
        if uncertainty > roughFrom.value { findings.append(.rough(rounded(uncertainty))) }
        return CoordinateReading(
            latitude: Degrees(latitude.degrees), longitude: Degrees(longitude.degrees), datum: datum,
            uncertainty: Metres(uncertainty), findings: findings)
    }

    /// To one figure: 111 is 100, 30.8 is 30, 1850 is 2000.
    private static func rounded(_ metres: Double) -> Int {
        var unit = 1.0
        while metres / unit >= 10 { unit *= 10 }
        return Int((metres / unit).rounded() * unit)
    }

    private static func refusal(_ first: ParsedAngle, _ second: ParsedAngle) -> CoordinateFault? {
        let (one, other) = (first.degrees, second.degrees)
        if one == 0 && other == 0 { return .zero }
        let million = 1_000_000.0
        let isWhole = first.isWhole && second.isWhole
        let looksScaled =
            isInChina(latitude: one / million, longitude: other / million)
            || isInChina(latitude: other / million, longitude: one / million)
        if isWhole && looksScaled { return .scaled }
        // Northings and eastings of China have six to eight digits, those of a city's own grid four to six.
        if abs(one) >= 1000 && abs(other) >= 1000 { return .projected }
        if abs(one) > 180 { return .range(first.text) }
        if abs(other) > 180 { return .range(second.text) }
        if abs(one) > 90 && abs(other) > 90 { return .range(second.text) }
        return nil
    }

    /// Land and islands of China with a margin; in it latitudes and longitudes have no number in common.
    ///
    /// Chosen: 曾母暗沙 is at 4° N, the Amur's bend at 53.6° N, the Pamir at 73.5° E, the Ussuri at 135.1° E.
    private static func isInChina(latitude: Double, longitude: Double) -> Bool {
        latitude >= 3 && latitude <= 54 && longitude >= 73 && longitude <= 136
    }
}
