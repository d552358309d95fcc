package import DirectoryModel

extension Place {
    /// Writes the record's own fields, without braces.
    package func writeFields(to json: inout JSONWriter, in language: Language) {
        json.key("id")
        json.string(id.rawValue)
        json.key("type")
        json.string(type.rawValue)
        json.key("name")
        json.string(name(in: language))
        json.key("names")
        json.beginObject()
        json.key("zh")
        json.string(name)
        json.key("en")
        json.string(nameEnglish)
        json.endObject()
        json.key("location")
        if let location { json.point(location) } else { json.null() }
        if let given {
            json.key("given")
            json.beginObject()
            json.key("datum")
            json.string(given.datum.rawValue)
            json.key("lat")
            json.decimal(given.latitude.value)
            json.key("lon")
            json.decimal(given.longitude.value)
            json.endObject()
        }
        json.key("community")
        json.string(community?.rawValue)
        json.key("address")
        json.string(address)
        json.key("hours")
        json.string(hours)
        json.key("exceptions")
        json.exceptions(exceptions)
        json.key("calendar_policy")
        json.string(calendarPolicy?.rawValue)
        json.key("phone")
        json.string(phone)
        json.key("attributes")
        json.values(attributes)
        json.key("status")
        json.string(status.rawValue)
        json.key("within")
        json.string(within?.rawValue)
        json.key("room")
        json.string(room)
        json.key("organisation")
        json.string(organisation?.rawValue)
        json.key("service_area")
        if serviceArea.isEmpty { json.null() } else { json.serviceArea(serviceArea) }
        json.key("walk_in")
        json.bool(isWalkIn)
    }
}

extension Origin {
    /// Writes the record's own fields, without braces.
    package func writeFields(to json: inout JSONWriter, in language: Language) {
        json.key("id")
        json.string(id.rawValue)
        json.key("kind")
        json.string(kind.rawValue)
        json.key("name")
        json.string(language == .en ? nameEnglish ?? name : name)
        json.key("names")
        json.beginObject()
        json.key("zh")
        json.string(name)
        json.key("en")
        json.string(nameEnglish)
        json.endObject()
        json.key("location")
        json.point(location)
        json.key("community")
        json.string(community?.rawValue)
        json.key("grid")
        json.string(grid?.rawValue)
        json.key("parent")
        json.string(parent?.rawValue)
        json.key("households")
        if let households { json.whole(households) } else { json.null() }
        json.key("status")
        json.string(status.rawValue)
    }
}

extension PlacePage {
    /// Writes the answer as `GET /v1/places` gives it.
    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.key("revision")
        json.whole(revision.number)
        json.key("places")
        json.beginArray()
        for place in places {
            json.beginObject()
            place.writeFields(to: &json, in: language)
            json.endObject()
        }
        json.endArray()
        if let next {
            json.key("next")
            json.string(next.rawValue)
        }
        json.attribution(attributions)
        json.endObject()
    }
}

extension PlaceReply {
    /// Writes the answer as `GET /v1/places/{id}` gives it.
    package func write(to json: inout JSONWriter, in language: Language) {
        json.beginObject()
        json.key("revision")
        json.whole(revision.number)
        place.writeFields(to: &json, in: language)
        json.key("facets")
        json.values(facets)
        json.key("opening")
        json.opening(opening, in: language)
        json.key("highlights")
        json.highlights(highlights, in: language)
        json.key("in")
        json.link(whole.map { ($0.id.rawValue, $0.name(in: language)) }, type: whole?.type)
        json.key("holds")
        json.beginArray()
        for part in parts { json.link((part.id.rawValue, part.name(in: language)), type: part.type) }
        json.endArray()
        json.key("run_by")
        json.link(organisation.map { ($0.id.rawValue, $0.name(in: language)) })
        json.key("activities")
        json.beginArray()
        for activity in activities { json.link((activity.id.rawValue, activity.name(in: language))) }
        json.endArray()
        json.typeKnown(isTypeKnown)
        json.key("confirmations")
        json.confirmations(confirmations, in: language)
        json.key("sources")
        json.beginArray()
        for mention in sources {
            json.beginObject()
            json.key("source")
            json.string(mention.source.rawValue)
            json.key("key")
            json.string(mention.key)
            json.key("present")
            json.bool(mention.isPresent)
            json.endObject()
        }
        json.endArray()
        json.attribution(attributions)
        json.endObject()
    }
}

extension OriginPage {
    /// Writes the answer as `GET /v1/origins` gives it.
    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.key("revision")
        json.whole(revision.number)
        json.key("origins")
        json.beginArray()
        for origin in origins {
            json.beginObject()
            origin.writeFields(to: &json, in: language)
            json.endObject()
        }
        json.endArray()
        if let next {
            json.key("next")
            json.string(next.rawValue)
        }
        json.attribution(attributions)
        json.endObject()
    }
}

extension OriginReply {
    /// Writes the answer as `GET /v1/origins/{id}` gives it.
    package func write(to json: inout JSONWriter, in language: Language) {
        json.beginObject()
        json.key("revision")
        json.whole(revision.number)
        origin.writeFields(to: &json, in: language)
        json.key("ancestors")
        json.beginArray()
        for ancestor in ancestors {
            json.beginObject()
            ancestor.writeFields(to: &json, in: language)
            json.endObject()
        }
        json.endArray()
        json.attribution(attributions)
        json.endObject()
    }
}

extension Community {
    /// Writes the record's own fields but the boundary, without braces.
    func writeFields(to json: inout JSONWriter, in language: Language) {
        json.key("id")
        json.string(id.rawValue)
        json.key("name")
        json.string(language == .en ? nameEnglish ?? name : name)
        json.key("names")
        json.beginObject()
        json.key("zh")
        json.string(name)
        json.key("en")
        json.string(nameEnglish)
        json.endObject()
        json.key("street_office")
        json.string(streetOffice)
        json.key("households")
        if let households { json.whole(households) } else { json.null() }
        json.key("population")
        if let population { json.whole(population) } else { json.null() }
        json.key("elder_share")
        if let elderShare { json.decimal(elderShare) } else { json.null() }
        json.key("time_zone")
        json.string(timeZone)
        json.key("region")
        json.string(region)
    }
}

extension Grid {
    /// Writes what a community says of its grid, without braces.
    func writeFields(to json: inout JSONWriter) {
        json.key("id")
        json.string(id.rawValue)
        json.key("name")
        json.string(name)
        json.key("keeper")
        json.string(keeper)
    }
}

extension JSONWriter {
    /// The member `boundary`: a GeoJSON geometry, or null.
    mutating func boundary(_ boundary: Area?) {
        key("boundary")
        guard let boundary else { return null() }
        beginObject()
        key("type")
        string("MultiPolygon")
        key("coordinates")
        parts(boundary.parts)
        endObject()
    }
}

extension CommunitySummary {
    /// Writes the summary's fields, without braces.
    ///
    /// - Parameter withBoundary: whether the boundary is written too, as a GeoJSON geometry.
    package func writeFields(to json: inout JSONWriter, in language: Language, withBoundary: Bool) {
        community.writeFields(to: &json, in: language)
        json.key("places")
        json.whole(places)
        json.key("origins")
        json.whole(origins)
        json.key("grids")
        json.beginArray()
        for grid in grids {
            json.beginObject()
            grid.writeFields(to: &json)
            json.endObject()
        }
        json.endArray()
        if withBoundary { json.boundary(community.boundary) }
    }
}

extension CommunitiesReply {
    /// Writes the answer as `GET /v1/communities` gives it, without boundaries.
    package func write(to json: inout JSONWriter, in language: Language) {
        json.beginObject()
        json.key("revision")
        json.whole(revision.number)
        json.key("communities")
        json.beginArray()
        for summary in communities {
            json.beginObject()
            summary.writeFields(to: &json, in: language, withBoundary: false)
            json.endObject()
        }
        json.endArray()
        json.endObject()
    }
}

extension CommunityReply {
    /// Writes the answer as `GET /v1/communities/{id}` gives it.
    package func write(to json: inout JSONWriter, in language: Language) {
        json.beginObject()
        json.key("revision")
        json.whole(revision.number)
        summary.writeFields(to: &json, in: language, withBoundary: true)
        json.endObject()
    }
}
