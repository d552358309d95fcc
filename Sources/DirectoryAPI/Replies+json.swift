package import DirectoryModel
package import ServiceTypeKit

extension JSONWriter {
    /// A point as `{"lat":…,"lon":…}` with seven decimals (about a centimetre).
    package mutating func point(_ point: Coordinate) {
        beginObject()
        key("lat")
        fixed(point.latitude.value, places: 7)
        key("lon")
        fixed(point.longitude.value, places: 7)
        endObject()
    }

    /// A point as GeoJSON has it: `[longitude, latitude]`.
    package mutating func position(_ point: Coordinate) {
        beginArray()
        fixed(point.longitude.value, places: 7)
        fixed(point.latitude.value, places: 7)
        endArray()
    }

    /// A typed value.
    package mutating func value(_ value: AttributeValue) {
        switch value {
        case .bool(let value): bool(value)
        case .whole(let value): whole(value)
        case .decimal(let value): decimal(value)
        case .money(let value): whole(value.fen)
        case .text(let value): string(value)
        case .texts(let values):
            beginArray()
            for value in values { string(value) }
            endArray()
        case .rows(let rows):
            beginArray()
            for row in rows { self.values(row.values) }
            endArray()
        }
    }

    /// Typed values by key, in the order of the keys.
    package mutating func values(_ values: [String: AttributeValue]) {
        beginObject()
        for (key, value) in values.sorted(by: { $0.key < $1.key }) {
            self.key(key)
            self.value(value)
        }
        endObject()
    }

    /// A text in both languages.
    package mutating func localized(_ text: LocalizedText) {
        beginObject()
        key("zh")
        string(text.zh)
        key("en")
        string(text.en)
        endObject()
    }

    /// Highlights, in one language.
    package mutating func highlights(_ highlights: [Highlight], in language: Language) {
        beginArray()
        for highlight in highlights {
            beginObject()
            key("text")
            string(highlight.text.text(in: language))
            key("tone")
            string(highlight.tone.rawValue)
            endObject()
        }
        endArray()
    }

    /// `"attribution":[…]`, where there is somebody to credit.
    package mutating func attribution(_ attributions: [String]) {
        guard !attributions.isEmpty else { return }
        key("attribution")
        beginArray()
        for attribution in attributions { string(attribution) }
        endArray()
    }

    mutating func opening(_ opening: PlaceOpening, in language: Language) {
        beginObject()
        openingState(opening)
        if let text = opening.text {
            key("text")
            string(text.text(in: language))
        }
        openingTimes(opening, in: language)
        endObject()
    }

    /// The members of an opening before its text.
    mutating func openingState(_ opening: PlaceOpening) {
        key("state")
        string(opening.state.rawValue)
        if let since = opening.since {
            key("since")
            string(since.rfc3339)
        }
        key("until")
        if let until = opening.until { string(until.rfc3339) } else { null() }
        if opening.state != .unknown {
            key("confirmed")
            bool(opening.isConfirmed)
        }
    }

    /// The members of an opening behind its text.
    mutating func openingTimes(_ opening: PlaceOpening, in language: Language) {
        if let raw = opening.raw {
            key("raw")
            string(raw)
        }
        if let canonical = opening.canonical {
            key("canonical")
            string(canonical.osm)
            key("door")
            string(canonical.door.text(in: language))
        }
        if !opening.week.isEmpty {
            key("week")
            beginArray()
            for day in opening.week { openingDay(day, in: language) }
            endArray()
        }
    }

    private mutating func openingDay(_ day: OpeningDay, in language: Language) {
        beginObject()
        key("date")
        string(day.day.text)
        key("weekday")
        whole(day.weekday)
        key("state")
        string(day.state.rawValue)
        key("confirmed")
        bool(day.isConfirmed)
        if let holiday = day.holiday {
            key("holiday")
            string(holiday.text(in: language))
            key("day_off")
            bool(day.isOff)
        }
        key("spans")
        beginArray()
        for span in day.spans {
            beginObject()
            key("from")
            string(JSONWriter.clock(span.lowerBound))
            key("until")
            string(JSONWriter.clock(span.upperBound))
            endObject()
        }
        endArray()
        endObject()
    }

    /// A time by the clock, `21:30`; the end of a day is `24:00`, what lies past it the time of the next day.
    private static func clock(_ minute: Int) -> String {
        let minute = minute > 1440 ? minute - 1440 : minute
        let (hours, minutes) = minute.quotientAndRemainder(dividingBy: 60)
        return (hours < 10 ? "0" : "") + "\(hours):" + (minutes < 10 ? "0" : "") + "\(minutes)"
    }

    mutating func walk(_ walk: Walk) {
        beginObject()
        key("metres")
        fixed(walk.metres.value, places: 1)
        key("seconds")
        whole(Int(walk.seconds.value.rounded(.up)))
        endObject()
    }

    mutating func origin(_ resolved: ResolvedOrigin, in language: Language) {
        beginObject()
        if let origin = resolved.origin {
            key("id")
            string(origin.id.rawValue)
            key("kind")
            string(origin.kind.rawValue)
            key("name")
            string(language == .en ? origin.nameEnglish ?? origin.name : origin.name)
        }
        key("location")
        point(resolved.location)
        key("leg_metres")
        fixed(resolved.leg.value, places: 1)
        endObject()
    }

    mutating func minutes(_ minutes: Double) { decimal(minutes) }
}

extension Timestamp {
    /// The moment as RFC 3339 in UTC, such as `2026-11-23T08:00:00Z`.
    package var rfc3339: String {
        let days = Int((Double(secondsSince1970) / 86_400).rounded(.down))
        let seconds = Int(secondsSince1970) - days * 86_400
        // Days to civil date: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days.
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthIndex = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthIndex + 2) / 5 + 1
        let month = monthIndex < 10 ? monthIndex + 3 : monthIndex - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(year)-\(two(month))-\(two(day))T\(two(seconds / 3600)):\(two(seconds / 60 % 60)):"
            + "\(two(seconds % 60))Z"
    }
}

extension IsochroneReply {
    /// Writes the answer as GeoJSON: for each limit one feature with the area, one with the reached ways.
    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.key("type")
        json.string("FeatureCollection")
        json.key("revision")
        json.whole(revision.number)
        json.key("origin")
        json.origin(origin, in: .zh)
        json.key("profile")
        json.string(profile.id.rawValue)
        json.attribution(attributions)
        json.key("features")
        json.beginArray()
        for band in bands {
            band.feature(of: "area", to: &json) { json in
                json.string("MultiPolygon")
                json.key("coordinates")
                json.parts(band.area.parts)
            }
            band.feature(of: "ways", to: &json) { json in
                json.string("MultiLineString")
                json.key("coordinates")
                json.beginArray()
                for line in band.ways { json.line(line) }
                json.endArray()
            }
        }
        json.endArray()
        json.endObject()
    }
}

extension IsochroneBand {
    func feature(of kind: String, to json: inout JSONWriter, geometry: (inout JSONWriter) -> Void) {
        json.beginObject()
        json.key("type")
        json.string("Feature")
        json.key("properties")
        json.beginObject()
        json.key("kind")
        json.string(kind)
        json.key("minutes")
        json.minutes(minutes)
        json.key("metres")
        json.fixed(metres.value, places: 1)
        json.endObject()
        json.key("geometry")
        json.beginObject()
        json.key("type")
        geometry(&json)
        json.endObject()
        json.endObject()
    }
}

extension JSONWriter {
    /// A line of points, as GeoJSON has it.
    package mutating func line(_ line: [Coordinate]) {
        beginArray()
        for point in line { position(point) }
        endArray()
    }

    /// Parts of rings of points, as a GeoJSON MultiPolygon has them.
    package mutating func parts(_ parts: [[[Coordinate]]]) {
        beginArray()
        for part in parts {
            beginArray()
            for ring in part { line(ring) }
            endArray()
        }
        endArray()
    }
}

extension RouteReply {
    /// Writes the answer as a GeoJSON Feature with a LineString.
    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.key("type")
        json.string("Feature")
        json.key("revision")
        json.whole(revision.number)
        json.key("properties")
        json.beginObject()
        json.key("origin")
        json.origin(origin, in: language)
        json.key("to")
        json.beginObject()
        json.key("id")
        json.string(place.id.rawValue)
        json.key("name")
        json.string(place.name(in: language))
        json.endObject()
        json.key("profile")
        json.string(profile.id.rawValue)
        json.key("metres")
        json.fixed(walk.metres.value, places: 1)
        json.key("seconds")
        json.whole(Int(walk.seconds.value.rounded(.up)))
        json.key("steps")
        json.beginArray()
        for step in steps {
            json.beginObject()
            json.key("text")
            json.string(step.text.text(in: language))
            json.key("metres")
            json.fixed(step.metres.value, places: 1)
            json.key("first_point")
            json.whole(step.firstPoint)
            json.endObject()
        }
        json.endArray()
        json.attribution(attributions)
        json.endObject()
        json.key("geometry")
        json.beginObject()
        json.key("type")
        json.string("LineString")
        json.key("coordinates")
        json.line(line)
        json.endObject()
        json.endObject()
    }
}
