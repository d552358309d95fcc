import DirectoryModel

/// Records as canonical JSON, as the audit keeps them: equal records are equal bytes.
///
/// Members ascend by name, what is nil is left out, numbers are exact. An attribute's value carries its kind:
/// `{"whole":12}`, `{"decimal":1.5}`, `{"money":1200}` (fen), `{"text":"…"}`, `{"texts":["…"]}`,
/// `{"bool":true}`; a table's rows are such objects of values: `{"rows":[{"goods":{"texts":["…"]}}]}`. Points are WGS-84 degrees as `lat` and `lon`; areas are GeoJSON MultiPolygons. A dated
/// exception begins at `from_day` (an ISO date) or `from_time` (seconds since 1970), and ends likewise; so does a notice.
package enum RecordJSON {
    /// The record's JSON; the record must have passed the store's checks (finite numbers).
    package static func encode(_ record: Record) -> String {
        String(decoding: bytes(of: record), as: UTF8.self)
    }

    /// The record that `json` describes.
    ///
    /// - Throws: `store_damaged` where it describes none, naming what is wrong and at which byte.
    package static func decode(_ json: String, as kind: RecordKind) throws(DirectoryError) -> Record {
        do {
            return try JSONReader.read(json) { reader throws(JSONFault) in
                switch kind {
                case .place: .place(try place(&reader))
                case .origin: .origin(try origin(&reader))
                case .community: .community(try community(&reader))
                case .grid: .grid(try grid(&reader))
                case .source: .source(try source(&reader))
                case .organisation: .organisation(try organisation(&reader))
                case .activity: .activity(try activity(&reader))
                case .notice: .notice(try notice(&reader))
                }
            }
        } catch {
            throw DirectoryError(
                .storeDamaged, "a \(kind.rawValue) in the audit cannot be read", cause: error.description)
        }
    }

    /// The record's JSON as UTF-8.
    static func bytes(of record: Record) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            switch record {
            case .place(let place): write(place, to: &writer)
            case .origin(let origin): write(origin, to: &writer)
            case .community(let community): write(community, to: &writer)
            case .grid(let grid): write(grid, to: &writer)
            case .source(let source): write(source, to: &writer)
            case .organisation(let organisation): write(organisation, to: &writer)
            case .activity(let activity): write(activity, to: &writer)
            case .notice(let notice): write(notice, to: &writer)
            }
        }
        return writer.bytes
    }

    /// The attributes' JSON as UTF-8.
    static func bytes(of attributes: [String: AttributeValue]) -> [UInt8] {
        var writer = JSONWriter()
        write(attributes, to: &writer)
        return writer.bytes
    }

    /// The exceptions' JSON as UTF-8.
    static func bytes(of exceptions: [DatedException]) -> [UInt8] {
        var writer = JSONWriter()
        write(exceptions, to: &writer)
        return writer.bytes
    }

    /// The service area's JSON as UTF-8.
    static func bytes(of area: ServiceArea) -> [UInt8] {
        var writer = JSONWriter()
        write(area, to: &writer)
        return writer.bytes
    }

    /// The area's GeoJSON as UTF-8.
    static func bytes(of area: Area) -> [UInt8] {
        var writer = JSONWriter()
        write(area, to: &writer)
        return writer.bytes
    }
}

// MARK: Writing

extension RecordJSON {
    private static func write(_ place: Place, to writer: inout JSONWriter) {
        writer.member("address", place.address)
        if !place.attributes.isEmpty {
            writer.name("attributes")
            write(place.attributes, to: &writer)
        }
        writer.member("calendar_policy", place.calendarPolicy?.rawValue)
        writer.member("community", place.community?.rawValue)
        if !place.exceptions.isEmpty {
            writer.name("exceptions")
            write(place.exceptions, to: &writer)
        }
        write(place.given, to: &writer)
        writer.member("hours", place.hours)
        writer.member("id", place.id.rawValue)
        writer.member("lat", place.location?.latitude.value)
        writer.member("lon", place.location?.longitude.value)
        writer.member("name", place.name)
        writer.member("name_en", place.nameEnglish)
        writer.member("organisation", place.organisation?.rawValue)
        writer.member("phone", place.phone)
        writer.member("room", place.room)
        if !place.serviceArea.isEmpty {
            writer.name("service_area")
            write(place.serviceArea, to: &writer)
        }
        writer.member("status", place.status.rawValue)
        writer.member("type", place.type.rawValue)
        if !place.isWalkIn {
            writer.name("walk_in")
            writer.bool(false)
        }
        writer.member("within", place.within?.rawValue)
    }

    private static func write(_ origin: Origin, to writer: inout JSONWriter) {
        writer.member("community", origin.community?.rawValue)
        write(origin.given, to: &writer)
        writer.member("grid", origin.grid?.rawValue)
        writer.member("households", origin.households)
        writer.member("id", origin.id.rawValue)
        writer.member("kind", origin.kind.rawValue)
        writer.member("lat", origin.location.latitude.value)
        writer.member("lon", origin.location.longitude.value)
        writer.member("name", origin.name)
        writer.member("name_en", origin.nameEnglish)
        writer.member("parent", origin.parent?.rawValue)
        writer.member("status", origin.status.rawValue)
    }

    private static func write(_ community: Community, to writer: inout JSONWriter) {
        write(community.boundary, to: &writer)
        writer.member("elder_share", community.elderShare)
        writer.member("households", community.households)
        writer.member("id", community.id.rawValue)
        writer.member("name", community.name)
        writer.member("name_en", community.nameEnglish)
        writer.member("population", community.population)
        writer.member("region", community.region)
        writer.member("street_office", community.streetOffice)
        writer.member("time_zone", community.timeZone)
    }

    private static func write(_ grid: Grid, to writer: inout JSONWriter) {
        write(grid.boundary, to: &writer)
        writer.member("community", grid.community.rawValue)
        writer.member("id", grid.id.rawValue)
        writer.member("keeper", grid.keeper)
        writer.member("name", grid.name)
    }

    private static func write(_ source: Source, to writer: inout JSONWriter) {
        writer.member("attribution", source.attribution)
        writer.member("id", source.id.rawValue)
        writer.member("kind", source.kind)
        writer.member("note", source.note)
        writer.member("title", source.title)
    }

    private static func write(_ organisation: Organisation, to writer: inout JSONWriter) {
        writer.member("about", organisation.about)
        writer.member("address", organisation.address)
        writer.member("credit_code", organisation.creditCode)
        writer.member("id", organisation.id.rawValue)
        writer.member("kind", organisation.kind.rawValue)
        writer.member("name", organisation.name)
        writer.member("name_en", organisation.nameEnglish)
        writer.member("phone", organisation.phone)
    }

    private static func write(_ activity: Activity, to writer: inout JSONWriter) {
        writer.member("about", activity.about)
        writer.member("capacity", activity.capacity)
        writer.member("community", activity.community?.rawValue)
        if !activity.exceptions.isEmpty {
            writer.name("exceptions")
            write(activity.exceptions, to: &writer)
        }
        writer.member("first_day", activity.firstDay?.text)
        writer.member("id", activity.id.rawValue)
        writer.member("last_day", activity.lastDay?.text)
        writer.member("lat", activity.location?.latitude.value)
        writer.member("lon", activity.location?.longitude.value)
        writer.member("maximum_age", activity.maximumAge)
        writer.member("minimum_age", activity.minimumAge)
        writer.member("name", activity.name)
        writer.member("name_en", activity.nameEnglish)
        writer.member("organisation", activity.organisation?.rawValue)
        writer.member("place", activity.place?.rawValue)
        writer.member("price", activity.price?.fen)
        writer.member("registration", activity.registration)
        writer.member("status", activity.status.rawValue)
        writer.member("times", activity.times)
    }

    private static func write(_ notice: Notice, to writer: inout JSONWriter) {
        writer.member("community", notice.community?.rawValue)
        write(notice.from, "from", to: &writer)
        writer.member("id", notice.id.rawValue)
        writer.member("organisation", notice.organisation?.rawValue)
        writer.member("place", notice.place?.rawValue)
        writer.member("status", notice.status.rawValue)
        writer.member("text", notice.text)
        writer.member("text_en", notice.textEnglish)
        writer.member("title", notice.title)
        writer.member("title_en", notice.titleEnglish)
        switch notice.to {
        case .community(let community): writer.member("to_community", community.rawValue)
        case .grid(let grid): writer.member("to_grid", grid.rawValue)
        case .origin(let origin): writer.member("to_origin", origin.rawValue)
        }
        if let until = notice.until { write(until, "until", to: &writer) }
        writer.name("urgent")
        writer.bool(notice.isUrgent)
    }

    private static func write(_ area: ServiceArea, to writer: inout JSONWriter) {
        func ids(_ name: String, _ ids: [some DirectoryID], _ writer: inout JSONWriter) {
            guard !ids.isEmpty else { return }
            writer.name(name)
            writer.array(ids) { $0.text($1.rawValue) }
        }
        writer.object { writer in
            ids("communities", area.communities, &writer)
            ids("grids", area.grids, &writer)
            ids("origins", area.origins, &writer)
        }
    }

    private static func write(_ exceptions: [DatedException], to writer: inout JSONWriter) {
        writer.array(exceptions) { writer, exception in
            writer.object { writer in
                write(exception.from, "from", to: &writer)
                if case .hours(let text) = exception.effect { writer.member("hours", text) }
                writer.member("reason", exception.reason)
                writer.member("state", exception.effect.word)
                if let until = exception.until { write(until, "until", to: &writer) }
            }
        }
    }

    private static func write(_ edge: DatedException.Edge, _ name: String, to writer: inout JSONWriter) {
        switch edge {
        case .day(let day): writer.member(name + "_day", day.text)
        case .moment(let moment): writer.member(name + "_time", Int(moment.secondsSince1970))
        }
    }

    private static func write(_ given: GivenPoint?, to writer: inout JSONWriter) {
        guard let given else { return }
        writer.name("given")
        writer.object { writer in
            writer.member("datum", given.datum.rawValue)
            writer.member("lat", given.latitude.value)
            writer.member("lon", given.longitude.value)
        }
    }

    private static func write(_ boundary: Area?, to writer: inout JSONWriter) {
        guard let boundary else { return }
        writer.name("boundary")
        write(boundary, to: &writer)
    }

    private static func write(_ area: Area, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.name("coordinates")
            writer.array(area.parts) { writer, part in
                writer.array(part) { writer, ring in
                    writer.array(ring) { writer, point in
                        writer.array([point.longitude.value, point.latitude.value]) { $0.number($1) }
                    }
                }
            }
            writer.member("type", "MultiPolygon")
        }
    }

    private static func write(_ attributes: [String: AttributeValue], to writer: inout JSONWriter) {
        let ascending = attributes.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        writer.object { writer in
            for (key, value) in ascending {
                writer.name(key)
                writer.object { write(value, to: &$0) }
            }
        }
    }

    private static func write(_ value: AttributeValue, to writer: inout JSONWriter) {
        switch value {
        case .bool(let value):
            writer.name("bool")
            writer.bool(value)
        case .whole(let value): writer.member("whole", value)
        case .decimal(let value): writer.member("decimal", value)
        case .money(let value): writer.member("money", value.fen)
        case .text(let value): writer.member("text", value)
        case .texts(let values):
            writer.name("texts")
            writer.array(values) { $0.text($1) }
        case .rows(let rows):
            writer.name("rows")
            writer.array(rows) { write($1.values, to: &$0) }
        }
    }
}
