import DirectoryModel

extension RecordJSON {
    static func place(_ reader: inout JSONReader) throws(JSONFault) -> Place {
        var place = Place(id: PlaceID(unchecked: ""), type: ServiceTypeID(unchecked: ""), name: "")
        var point = PartialPoint()
        try reader.object { reader, member throws(JSONFault) in
            switch member {
            case "address": place.address = try reader.text()
            case "attributes": place.attributes = try attributes(&reader)
            case "calendar_policy": place.calendarPolicy = try word(&reader) as CalendarPolicy
            case "community": place.community = try id(&reader)
            case "exceptions": place.exceptions = try exceptions(&reader)
            case "given": place.given = try given(&reader)
            case "hours": place.hours = try reader.text()
            case "id": place.id = try id(&reader)
            case "lat": point.latitude = try reader.number()
            case "lon": point.longitude = try reader.number()
            case "name": place.name = try reader.text()
            case "name_en": place.nameEnglish = try reader.text()
            case "organisation": place.organisation = try id(&reader)
            case "phone": place.phone = try reader.text()
            case "room": place.room = try reader.text()
            case "service_area": place.serviceArea = try serviceArea(&reader)
            case "status": place.status = try word(&reader)
            case "type": place.type = try id(&reader)
            case "walk_in": place.isWalkIn = try reader.bool()
            case "within": place.within = try id(&reader)
            default: throw reader.fault("a place has no member \(member.shortened())")
            }
        }
        try need(place.id.rawValue, "id", reader)
        try need(place.type.rawValue, "type", reader)
        place.location = try point.coordinate(reader)
        return place
    }

    static func origin(_ reader: inout JSONReader) throws(JSONFault) -> Origin {
        var point = PartialPoint()
        var kind: Origin.Kind?
        var origin = Origin(
            id: OriginID(unchecked: ""), kind: .estate, name: "",
            location: Coordinate(uncheckedLatitude: 0, longitude: 0))
        try reader.object { reader, member throws(JSONFault) in
            switch member {
            case "community": origin.community = try id(&reader)
            case "given": origin.given = try given(&reader)
            case "grid": origin.grid = try id(&reader)
            case "households": origin.households = try reader.whole()
            case "id": origin.id = try id(&reader)
            case "kind": kind = try word(&reader) as Origin.Kind
            case "lat": point.latitude = try reader.number()
            case "lon": point.longitude = try reader.number()
            case "name": origin.name = try reader.text()
            case "name_en": origin.nameEnglish = try reader.text()
            case "parent": origin.parent = try id(&reader)
            case "status": origin.status = try word(&reader)
            default: throw reader.fault("an origin has no member \(member.shortened())")
            }
        }
        try need(origin.id.rawValue, "id", reader)
        guard let kind, let location = try point.coordinate(reader) else {
            throw reader.fault("an origin without kind or point")
        }
        origin.kind = kind
        origin.location = location
        return origin
    }

    static func community(_ reader: inout JSONReader) throws(JSONFault) -> Community {
        var community = Community(id: CommunityID(unchecked: ""), name: "")
        try reader.object { reader, member throws(JSONFault) in
            switch member {
            case "boundary": community.boundary = try area(&reader)
            case "elder_share": community.elderShare = try reader.number()
            case "households": community.households = try reader.whole()
            case "id": community.id = try id(&reader)
            case "name": community.name = try reader.text()
            case "name_en": community.nameEnglish = try reader.text()
            case "population": community.population = try reader.whole()
            case "region": community.region = try reader.text()
            case "time_zone": community.timeZone = try reader.text()
            case "street_office": community.streetOffice = try reader.text()
            default: throw reader.fault("a community has no member \(member.shortened())")
            }
        }
        try need(community.id.rawValue, "id", reader)
        return community
    }

    static func grid(_ reader: inout JSONReader) throws(JSONFault) -> Grid {
        var grid = Grid(id: GridID(unchecked: ""), community: CommunityID(unchecked: ""), name: "")
        try reader.object { reader, member throws(JSONFault) in
            switch member {
            case "boundary": grid.boundary = try area(&reader)
            case "community": grid.community = try id(&reader)
            case "id": grid.id = try id(&reader)
            case "keeper": grid.keeper = try reader.text()
            case "name": grid.name = try reader.text()
            default: throw reader.fault("a grid has no member \(member.shortened())")
            }
        }
        try need(grid.id.rawValue, "id", reader)
        try need(grid.community.rawValue, "community", reader)
        return grid
    }

    static func source(_ reader: inout JSONReader) throws(JSONFault) -> Source {
        var source = Source(id: SourceID(unchecked: ""), kind: "", title: "")
        try reader.object { reader, member throws(JSONFault) in
            switch member {
            case "attribution": source.attribution = try reader.text()
            case "id": source.id = try id(&reader)
            case "kind": source.kind = try reader.text()
            case "note": source.note = try reader.text()
            case "title": source.title = try reader.text()
            default: throw reader.fault("a source has no member \(member.shortened())")
            }
        }
        try need(source.id.rawValue, "id", reader)
        return source
    }

    static func attributes(_ reader: inout JSONReader) throws(JSONFault) -> [String: AttributeValue] {
        var attributes: [String: AttributeValue] = [:]
        try reader.object { reader, key throws(JSONFault) in
            var value: AttributeValue?
            try reader.object { reader, kind throws(JSONFault) in
                value = try attribute(kind, &reader)
            }
            guard let value else { throw reader.fault("an attribute without a value") }
            attributes[key] = value
        }
        return attributes
    }

    static func organisation(_ reader: inout JSONReader) throws(JSONFault) -> Organisation {
        var organisation = Organisation(id: OrganisationID(unchecked: ""), name: "")
        try reader.object { reader, member throws(JSONFault) in
            switch member {
            case "about": organisation.about = try reader.text()
            case "address": organisation.address = try reader.text()
            case "credit_code": organisation.creditCode = try reader.text()
            case "id": organisation.id = try id(&reader)
            case "kind": organisation.kind = try word(&reader)
            case "name": organisation.name = try reader.text()
            case "name_en": organisation.nameEnglish = try reader.text()
            case "phone": organisation.phone = try reader.text()
            default: throw reader.fault("an organisation has no member \(member.shortened())")
            }
        }
        try need(organisation.id.rawValue, "id", reader)
        return organisation
    }

    static func activity(_ reader: inout JSONReader) throws(JSONFault) -> Activity {
        var activity = Activity(id: ActivityID(unchecked: ""), name: "", times: "")
        var point = PartialPoint()
        try reader.object { reader, member throws(JSONFault) in
            switch member {
            case "about": activity.about = try reader.text()
            case "capacity": activity.capacity = try reader.whole()
            case "community": activity.community = try id(&reader)
            case "exceptions": activity.exceptions = try exceptions(&reader)
            case "first_day": activity.firstDay = try day(&reader)
            case "id": activity.id = try id(&reader)
            case "last_day": activity.lastDay = try day(&reader)
            case "lat": point.latitude = try reader.number()
            case "lon": point.longitude = try reader.number()
            case "maximum_age": activity.maximumAge = try reader.whole()
            case "minimum_age": activity.minimumAge = try reader.whole()
            case "name": activity.name = try reader.text()
            case "name_en": activity.nameEnglish = try reader.text()
            case "organisation": activity.organisation = try id(&reader)
            case "place": activity.place = try id(&reader)
            case "price": activity.price = Money(fen: try reader.whole())
            case "registration": activity.registration = try reader.text()
            case "status": activity.status = try word(&reader)
            case "times": activity.times = try reader.text()
            default: throw reader.fault("an activity has no member \(member.shortened())")
            }
        }
        try need(activity.id.rawValue, "id", reader)
        activity.location = try point.coordinate(reader)
        return activity
    }

    static func serviceArea(_ reader: inout JSONReader) throws(JSONFault) -> ServiceArea {
        var area = ServiceArea()
        try reader.object { reader, member throws(JSONFault) in
            switch member {
            case "communities": area.communities = try list(&reader, id)
            case "grids": area.grids = try list(&reader, id)
            case "origins": area.origins = try list(&reader, id)
            default: throw reader.fault("a service area has no member \(member.shortened())")
            }
        }
        return area
    }

    static func notice(_ reader: inout JSONReader) throws(JSONFault) -> Notice {
        var to: Notice.Addressee?
        var from: DatedException.Edge?
        // Neither stands in a record: what is read takes their place.
        var notice = Notice(
            id: NoticeID(unchecked: ""), title: "", text: "", to: .community(CommunityID(unchecked: "")),
            from: .moment(Timestamp(secondsSince1970: 0)))
        try reader.object { reader, member throws(JSONFault) in
            switch member {
            case "community": notice.community = try id(&reader)
            case "from_day": from = .day(try day(&reader))
            case "from_time": from = .moment(try moment(&reader))
            case "id": notice.id = try id(&reader)
            case "organisation": notice.organisation = try id(&reader)
            case "place": notice.place = try id(&reader)
            case "status": notice.status = try word(&reader)
            case "text": notice.text = try reader.text()
            case "text_en": notice.textEnglish = try reader.text()
            case "title": notice.title = try reader.text()
            case "title_en": notice.titleEnglish = try reader.text()
            case "to_community": to = .community(try id(&reader))
            case "to_grid": to = .grid(try id(&reader))
            case "to_origin": to = .origin(try id(&reader))
            case "until_day": notice.until = .day(try day(&reader))
            case "until_time": notice.until = .moment(try moment(&reader))
            case "urgent": notice.isUrgent = try reader.bool()
            default: throw reader.fault("a notice has no member \(member.shortened())")
            }
        }
        try need(notice.id.rawValue, "id", reader)
        guard let to, let from else { throw reader.fault("a notice without addressee or beginning") }
        notice.to = to
        notice.from = from
        return notice
    }

    static func exceptions(_ reader: inout JSONReader) throws(JSONFault) -> [DatedException] {
        try list(&reader) { reader throws(JSONFault) in try exception(&reader) }
    }

    private static func exception(_ reader: inout JSONReader) throws(JSONFault) -> DatedException {
        var from: DatedException.Edge?
        var until: DatedException.Edge?
        var state: String?
        var hours: String?
        var reason: String?
        try reader.object { reader, member throws(JSONFault) in
            switch member {
            case "from_day": from = .day(try day(&reader))
            case "from_time": from = .moment(try moment(&reader))
            case "hours": hours = try reader.text()
            case "reason": reason = try reader.text()
            case "state": state = try reader.text()
            case "until_day": until = .day(try day(&reader))
            case "until_time": until = .moment(try moment(&reader))
            default: throw reader.fault("an exception has no member \(member.shortened())")
            }
        }
        guard let from, let effect = DatedException.Effect(word: state ?? "", hours: hours) else {
            throw reader.fault("an exception without beginning or state")
        }
        return DatedException(from: from, until: until, effect: effect, reason: reason)
    }

    private static func day(_ reader: inout JSONReader) throws(JSONFault) -> LocalDay {
        guard let day = LocalDay(try reader.text()) else { throw reader.fault("no day") }
        return day
    }

    private static func moment(_ reader: inout JSONReader) throws(JSONFault) -> Timestamp {
        Timestamp(secondsSince1970: Int64(try reader.whole()))
    }

    static func area(_ reader: inout JSONReader) throws(JSONFault) -> Area {
        var parts: [[[Coordinate]]]?
        try reader.object { reader, member throws(JSONFault) in
            switch member {
            case "coordinates": parts = try list(&reader, part)
            case "type":
                guard try reader.text() == "MultiPolygon" else { throw reader.fault("no MultiPolygon") }
            default: throw reader.fault("an area has no member \(member.shortened())")
            }
        }
        guard let parts else { throw reader.fault("an area without coordinates") }
        return Area(parts: parts)
    }

    private static func attribute(
        _ kind: String, _ reader: inout JSONReader
    ) throws(JSONFault) -> AttributeValue {
        switch kind {
        case "bool": .bool(try reader.bool())
        case "whole": .whole(try reader.whole())
        case "decimal": .decimal(try reader.number())
        case "money": .money(Money(fen: try reader.whole()))
        case "text": .text(try reader.text())
        case "rows":
            .rows(try list(&reader) { reader throws(JSONFault) in AttributeRow(try attributes(&reader)) })
        case "texts": .texts(try list(&reader) { reader throws(JSONFault) in try reader.text() })
        default: throw reader.fault("no attribute is of the kind \(kind.shortened())")
        }
    }

    private static func given(_ reader: inout JSONReader) throws(JSONFault) -> GivenPoint {
        var datum: Datum?
        var point = PartialPoint()
        try reader.object { reader, member throws(JSONFault) in
            switch member {
            case "datum": datum = try word(&reader) as Datum
            case "lat": point.latitude = try reader.number()
            case "lon": point.longitude = try reader.number()
            default: throw reader.fault("a given point has no member \(member.shortened())")
            }
        }
        guard let datum, let latitude = point.latitude, let longitude = point.longitude else {
            throw reader.fault("a given point without datum or degrees")
        }
        return GivenPoint(datum: datum, latitude: Degrees(latitude), longitude: Degrees(longitude))
    }

    private static func part(_ reader: inout JSONReader) throws(JSONFault) -> [[Coordinate]] {
        try list(&reader, ring)
    }

    private static func ring(_ reader: inout JSONReader) throws(JSONFault) -> [Coordinate] {
        try list(&reader, point)
    }

    private static func point(_ reader: inout JSONReader) throws(JSONFault) -> Coordinate {
        let degrees = try list(&reader) { reader throws(JSONFault) in try reader.number() }
        guard degrees.count == 2,
            let point = Coordinate(latitude: Degrees(degrees[1]), longitude: Degrees(degrees[0]))
        else { throw reader.fault("no point") }
        return point
    }

    private static func list<Element>(
        _ reader: inout JSONReader, _ element: (inout JSONReader) throws(JSONFault) -> Element
    ) throws(JSONFault) -> [Element] {
        var elements: [Element] = []
        try reader.array { reader throws(JSONFault) in elements.append(try element(&reader)) }
        return elements
    }

    private static func id<ID: DirectoryID>(_ reader: inout JSONReader) throws(JSONFault) -> ID {
        ID(unchecked: try reader.text())
    }

    private static func word<Word: RawRepresentable>(
        _ reader: inout JSONReader
    ) throws(JSONFault) -> Word where Word.RawValue == String {
        let text = try reader.text()
        guard let word = Word(rawValue: text) else { throw reader.fault("unknown word \(text.shortened())") }
        return word
    }

    private static func need(_ text: String, _ member: String, _ reader: JSONReader) throws(JSONFault) {
        guard !text.isEmpty else { throw reader.fault("no member “\(member)”") }
    }
}

/// A point of which both halves or none must come.
private struct PartialPoint {
    var latitude: Double?
    var longitude: Double?

    func coordinate(_ reader: JSONReader) throws(JSONFault) -> Coordinate? {
        guard latitude != nil || longitude != nil else { return nil }
        guard let latitude, let longitude,
            let point = Coordinate(latitude: Degrees(latitude), longitude: Degrees(longitude))
        else { throw reader.fault("half a point, or one out of range") }
        return point
    }
}
