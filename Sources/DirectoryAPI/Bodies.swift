package import DirectoryModel

/// A place as a client sends it.
///
/// Attributes are typed by the schema of its type, so they stay JSON here.
package struct PlaceBody: Hashable, Sendable {
    /// Its type.
    package var type: ServiceTypeID
    /// Its name, 1…200 characters.
    package var name: String
    /// Its English name.
    package var nameEnglish: String?
    /// Where it is, WGS-84.
    package var location: Coordinate?
    /// The community that it is said to lie in; nil to find it by the boundary.
    package var community: CommunityID?
    /// Its address.
    package var address: String?
    /// Its opening times as written.
    package var hours: String?
    /// A service number.
    package var phone: String?
    /// Attributes by key.
    package var attributes: [String: JSONValue]
    /// Whether it still exists.
    package var status: PlaceStatus
    /// Spans of time in which something else holds than `hours` says.
    package var exceptions: [DatedException]
    /// Which days of the calendar its opening times follow; nil for its type's policy.
    package var calendarPolicy: CalendarPolicy?
    /// The place that it lies in.
    package var within: PlaceID?
    /// The room that it uses there.
    package var room: String?
    /// Who runs it.
    package var organisation: OrganisationID?
    /// Where it goes to people.
    package var serviceArea: ServiceArea
    /// Whether people can walk in.
    package var isWalkIn: Bool

    /// The fields that a client may send.
    package static let fields = [
        "type", "name", "name_en", "location", "community", "address", "hours", "exceptions",
        "calendar_policy", "phone", "attributes", "status", "within", "room", "organisation", "service_area",
        "walk_in",
    ]

    /// Reads a place.
    ///
    /// - Throws: `invalid_record` naming the field.
    package init(_ value: JSONValue) throws(DirectoryError) {
        var reader = try JSONObjectReader(value, what: "place")
        guard let type = try reader.id("type", as: ServiceTypeID.self) else {
            throw DirectoryError(.invalidRecord, "place: “type” is missing or empty", location: "type")
        }
        self.type = type
        name = try reader.requiredText("name", limit: 200)
        nameEnglish = try reader.text("name_en", limit: 200)
        location = try reader.point("location")
        community = try reader.id("community")
        address = try reader.text("address")
        hours = try reader.text("hours")
        phone = try reader.text("phone", limit: 40)
        attributes = try reader.object("attributes") ?? [:]
        status = try reader.word("status") ?? .active
        exceptions = try reader.exceptions("exceptions")
        calendarPolicy = try reader.word("calendar_policy")
        within = try reader.id("within")
        room = try reader.text("room", limit: 60)
        organisation = try reader.id("organisation")
        serviceArea = try reader.serviceArea("service_area")
        isWalkIn = try reader.bool("walk_in") ?? true
        try reader.finish()
    }
}

/// An origin as a client sends it.
package struct OriginBody: Hashable, Sendable {
    /// What it is.
    package var kind: Origin.Kind
    /// Its name, 1…200 characters.
    package var name: String
    /// Its English name.
    package var nameEnglish: String?
    /// Where it is, WGS-84.
    package var location: Coordinate
    /// The community that it is said to lie in; nil to find it by the boundary.
    package var community: CommunityID?
    /// The grid that it lies in.
    package var grid: GridID?
    /// What it is part of.
    package var parent: OriginID?
    /// Households that live there.
    package var households: Int?
    /// Whether it still exists.
    package var status: PlaceStatus

    /// The fields that a client may send.
    package static let fields = [
        "kind", "name", "name_en", "location", "community", "grid", "parent", "households", "status",
    ]

    /// Reads an origin.
    ///
    /// - Throws: `invalid_record` naming the field.
    package init(_ value: JSONValue) throws(DirectoryError) {
        var reader = try JSONObjectReader(value, what: "origin")
        guard let kind: Origin.Kind = try reader.word("kind") else {
            throw DirectoryError(
                .invalidRecord, "origin: “kind” is missing",
                advice: "use one of " + Origin.Kind.allCases.map(\.rawValue).joined(separator: ", "),
                location: "kind")
        }
        self.kind = kind
        name = try reader.requiredText("name", limit: 200)
        nameEnglish = try reader.text("name_en", limit: 200)
        guard let location = try reader.point("location") else {
            throw DirectoryError(.invalidRecord, "origin: “location” is missing", location: "location")
        }
        self.location = location
        community = try reader.id("community")
        grid = try reader.id("grid")
        parent = try reader.id("parent")
        households = try reader.whole("households", in: 0...1_000_000)
        status = try reader.word("status") ?? .active
        try reader.finish()
    }
}

/// A community as a client sends it.
package struct CommunityBody: Hashable, Sendable {
    /// Its name, 1…200 characters.
    package var name: String
    /// Its English name.
    package var nameEnglish: String?
    /// The street office above it.
    package var streetOffice: String?
    /// Its boundary, WGS-84.
    package var boundary: Area?
    /// Households.
    package var households: Int?
    /// Residents.
    package var population: Int?
    /// Share of residents of 60 years and more, 0…1.
    package var elderShare: Double?
    /// The zone of its local time by its IANA name; nil for the directory's own.
    package var timeZone: String?
    /// Its administrative code, where its id is none.
    package var region: String?

    /// The fields that a client may send.
    package static let fields = [
        "name", "name_en", "street_office", "boundary", "households", "population", "elder_share",
        "time_zone", "region",
    ]

    /// Reads a community.
    ///
    /// - Throws: `invalid_record` naming the field.
    package init(_ value: JSONValue) throws(DirectoryError) {
        var reader = try JSONObjectReader(value, what: "community")
        name = try reader.requiredText("name", limit: 200)
        nameEnglish = try reader.text("name_en", limit: 200)
        streetOffice = try reader.text("street_office", limit: 200)
        boundary = try reader.any("boundary").map { value throws(DirectoryError) in
            try Area(geoJSON: value, what: "community: “boundary”")
        }
        households = try reader.whole("households", in: 0...100_000_000)
        population = try reader.whole("population", in: 0...100_000_000)
        elderShare = try reader.decimal("elder_share", in: 0...1)
        timeZone = try reader.text("time_zone", limit: 60)
        region = try reader.text("region", limit: 12)
        if let region, let fault = Community.regionFault(region) {
            throw DirectoryError(.invalidRecord, "community: “region” is " + fault, location: "region")
        }
        try reader.finish()
    }
}

extension Area {
    /// Reads a GeoJSON Polygon or MultiPolygon; rings are closed where they are not.
    ///
    /// - Parameter what: what the geometry is, for messages.
    /// - Throws: `invalid_record` saying what is wrong.
    package init(geoJSON value: JSONValue, what: String) throws(DirectoryError) {
        func fault(_ words: String) -> DirectoryError {
            DirectoryError(
                .invalidRecord, "\(what) \(words)", advice: "give a GeoJSON Polygon or MultiPolygon")
        }
        guard case .string(let type)? = value["type"], case .array(let coordinates)? = value["coordinates"]
        else { throw fault("is no GeoJSON geometry") }
        let polygons: [JSONValue]
        switch type {
        case "Polygon": polygons = [.array(coordinates)]
        case "MultiPolygon": polygons = coordinates
        default: throw fault("is a \(type.shortened())")
        }
        var parts: [[[Coordinate]]] = []
        for polygon in polygons {
            guard case .array(let rings) = polygon, !rings.isEmpty else {
                throw fault("has a part without rings")
            }
            var part: [[Coordinate]] = []
            for ring in rings {
                guard case .array(let points) = ring else { throw fault("has a ring that is no array") }
                var line: [Coordinate] = []
                line.reserveCapacity(points.count + 1)
                for point in points { line.append(try Area.point(point, fault: fault)) }
                if let first = line.first, line.last != first { line.append(first) }
                guard line.count >= 4 else { throw fault("has a ring of fewer than four points") }
                part.append(line)
            }
            parts.append(part)
        }
        guard !parts.isEmpty else { throw fault("is empty") }
        self.init(parts: parts)
    }

    private static func point(_ value: JSONValue, fault: (String) -> DirectoryError) throws(DirectoryError)
        -> Coordinate
    {
        func number(_ value: JSONValue) -> Double {
            switch value {
            case .whole(let whole): Double(whole)
            case .decimal(let decimal): decimal
            default: .nan
            }
        }
        guard case .array(let numbers) = value, numbers.count >= 2,
            let point = Coordinate(
                latitude: Degrees(number(numbers[1])), longitude: Degrees(number(numbers[0])))
        else { throw fault("has a point that is no [longitude, latitude] in range") }
        return point
    }
}
