internal import DirectoryModel
internal import Foundation

/// When the sun rises and sets, to the minute.
enum SunTimes {
    /// The sun's angle below the horizon at sunrise and sunset: refraction and its radius.
    static let horizon = -0.833
    /// The same at civil dawn and dusk.
    static let twilight = -6.0

    /// What is used where no coordinates are known: the fixed times of opening_hours.js.
    static func standIn(_ event: TimePoint.Event) -> Int {
        switch event {
        case .dawn: 5 * 60 + 30
        case .sunrise: 6 * 60
        case .sunset: 18 * 60
        case .dusk: 18 * 60 + 30
        }
    }

    /// Where the sun stands, as far as rising and setting go.
    struct Sun {
        /// Radians north of the equator.
        var declination: Double
        /// Minutes that a sundial is ahead of the clock.
        var equation: Double
    }

    /// The sun `utcMinutes` after the midnight in Greenwich that begins a day.
    ///
    /// - Source: NOAA Solar Calculator (Meeus).
    static func sun(on day: Int, utcMinutes: Double) -> Sun {
        // Days since 2000-01-01T12:00Z.
        let days = Double(day) - 10_957.5 + utcMinutes / 1440
        let century = days / 36_525
        let mean =
            (280.46646 + century * (36_000.76983 + century * 0.0003032))
            .truncatingRemainder(dividingBy: 360)
        let anomaly = (357.52911 + century * (35_999.05029 - 0.0001537 * century)) * .pi / 180
        let eccentricity = 0.016708634 - century * (0.000042037 + 0.0000001267 * century)
        let centre =
            sin(anomaly) * (1.914602 - century * (0.004817 + 0.000014 * century))
            + sin(2 * anomaly) * (0.019993 - 0.000101 * century) + sin(3 * anomaly) * 0.000289
        let node = (125.04 - 1934.136 * century) * .pi / 180
        let longitude = (mean + centre - 0.00569 - 0.00478 * sin(node)) * .pi / 180
        let obliquity = (23.4392911 - 0.0130042 * century + 0.00256 * cos(node)) * .pi / 180
        let half = tan(obliquity / 2) * tan(obliquity / 2)
        let doubled = 2 * mean * .pi / 180
        let equation =
            half * sin(doubled) - 2 * eccentricity * sin(anomaly)
            + 4 * eccentricity * half * sin(anomaly) * cos(doubled)
            - 0.5 * half * half * sin(2 * doubled) - 1.25 * eccentricity * eccentricity * sin(2 * anomaly)
        return Sun(declination: asin(sin(obliquity) * sin(longitude)), equation: 4 * 180 / .pi * equation)
    }

    /// The sun at about noon of a place.
    static func noonSun(on day: Int, at place: Coordinate) -> Sun {
        sun(on: day, utcMinutes: 720 - 4 * place.longitude.value)
    }

    /// Minutes after local midnight, or nil on a day when it does not happen.
    ///
    /// To a minute: below 50° of latitude by the sun at noon, which moves it by half a minute at most; farther
    /// from the equator once more by the sun at the moment found.
    static func minutes(
        of event: TimePoint.Event, on day: Int, at place: Coordinate, noon: Sun, offset: Int
    ) -> Int? {
        guard var utcMinutes = utcMinutes(of: event, at: place, noon) else { return nil }
        if abs(place.latitude.value) >= 50 {
            guard let nearer = self.utcMinutes(of: event, at: place, sun(on: day, utcMinutes: utcMinutes))
            else {
                return nil
            }
            utcMinutes = nearer
        }
        let local = utcMinutes + Double(offset) / 60
        guard local.isFinite else { return nil }
        return Int(local.rounded())
    }

    private static func utcMinutes(of event: TimePoint.Event, at place: Coordinate, _ sun: Sun) -> Double? {
        let isMorning = event == .dawn || event == .sunrise
        let altitude = event == .sunrise || event == .sunset ? horizon : twilight
        let latitude = place.latitude.value * .pi / 180
        let cosine =
            (sin(altitude * .pi / 180) - sin(latitude) * sin(sun.declination))
            / (cos(latitude) * cos(sun.declination))
        guard cosine >= -1, cosine <= 1 else { return nil }
        let hourAngle = acos(cosine) * 180 / .pi
        return 720 - 4 * (place.longitude.value + (isMorning ? hourAngle : -hourAngle)) - sun.equation
    }
}
