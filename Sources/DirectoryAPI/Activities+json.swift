package import DirectoryModel

extension Organisation {
    /// Writes the record's own fields, without braces.
    package func writeFields(to json: inout JSONWriter, in language: Language) {
        json.key("id")
        json.string(id.rawValue)
        json.key("name")
        json.string(name(in: language))
        json.names(name, nameEnglish)
        json.key("kind")
        json.string(kind.rawValue)
        json.key("credit_code")
        json.string(creditCode)
        json.key("phone")
        json.string(phone)
        json.key("address")
        json.string(address)
        json.key("about")
        json.string(about)
    }

    /// The name to show in `language`: the English one where it is asked for and known.
    package func name(in language: Language) -> String { language == .en ? nameEnglish ?? name : name }
}

extension Activity {
    /// Writes the record's own fields, without braces.
    package func writeFields(to json: inout JSONWriter, in language: Language) {
        json.key("id")
        json.string(id.rawValue)
        json.key("name")
        json.string(name(in: language))
        json.names(name, nameEnglish)
        json.key("organisation")
        json.string(organisation?.rawValue)
        json.key("place")
        json.string(place?.rawValue)
        json.key("location")
        if let location { json.point(location) } else { json.null() }
        json.key("community")
        json.string(community?.rawValue)
        json.key("times")
        json.string(times)
        json.key("first_day")
        json.string(firstDay?.text)
        json.key("last_day")
        json.string(lastDay?.text)
        json.key("exceptions")
        json.exceptions(exceptions)
        for (key, number) in [
            ("capacity", capacity), ("price", price?.fen), ("minimum_age", minimumAge),
            ("maximum_age", maximumAge),
        ] {
            json.key(key)
            if let number { json.whole(number) } else { json.null() }
        }
        json.key("registration")
        json.string(registration)
        json.key("about")
        json.string(about)
        json.key("status")
        json.string(status.rawValue)
    }

    /// The name to show in `language`: the English one where it is asked for and known.
    package func name(in language: Language) -> String { language == .en ? nameEnglish ?? name : name }
}

extension ActivityReply {
    /// Writes the fields of the answer, without braces.
    package func writeFields(to json: inout JSONWriter, in language: Language) {
        activity.writeFields(to: &json, in: language)
        json.key("at")
        json.link(
            place.map { ($0.id.rawValue, $0.name(in: language)) }, address: place?.address, at: location)
        json.key("by")
        json.link(organisation.map { ($0.id.rawValue, $0.name(in: language)) })
        json.key("door")
        json.string(door?.text(in: language))
        json.key("sessions")
        json.beginArray()
        for session in sessions {
            json.beginObject()
            json.key("from")
            json.string(session.from.rfc3339)
            json.key("until")
            json.string(session.until.rfc3339)
            json.key("confirmed")
            json.bool(session.isConfirmed)
            json.key("text")
            json.string(session.text.text(in: language))
            json.endObject()
        }
        json.endArray()
        if let walk {
            json.key("walk")
            json.walk(walk)
        }
    }

    /// Writes the answer as `GET /v1/activities/{id}` gives it.
    package func write(to json: inout JSONWriter, revision: Revision, in language: Language) {
        json.beginObject()
        json.key("revision")
        json.whole(revision.number)
        writeFields(to: &json, in: language)
        json.endObject()
    }
}

extension ActivityList {
    /// Writes the answer as `GET /v1/activities` gives it.
    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.key("revision")
        json.whole(revision.number)
        json.key("total")
        json.whole(total)
        json.key("activities")
        json.beginArray()
        for activity in activities {
            json.beginObject()
            activity.writeFields(to: &json, in: language)
            json.endObject()
        }
        json.endArray()
        json.endObject()
    }
}

extension OrganisationPage {
    /// Writes the answer as `GET /v1/organisations` gives it.
    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.key("revision")
        json.whole(revision.number)
        json.key("organisations")
        json.beginArray()
        for organisation in organisations {
            json.beginObject()
            organisation.writeFields(to: &json, in: language)
            json.endObject()
        }
        json.endArray()
        if let next {
            json.key("next")
            json.string(next.rawValue)
        }
        json.endObject()
    }
}

extension OrganisationReply {
    /// Writes the answer as `GET /v1/organisations/{id}` gives it.
    package func write(to json: inout JSONWriter, in language: Language) {
        json.beginObject()
        json.key("revision")
        json.whole(revision.number)
        organisation.writeFields(to: &json, in: language)
        json.key("places")
        json.beginArray()
        for place in places { json.link((place.id.rawValue, place.name(in: language)), type: place.type) }
        json.endArray()
        json.key("activities")
        json.beginArray()
        for activity in activities { json.link((activity.id.rawValue, activity.name(in: language))) }
        json.endArray()
        json.endObject()
    }
}

extension JSONWriter {
    /// Writes a service area that is not empty.
    mutating func serviceArea(_ area: ServiceArea) {
        func ids(_ name: String, _ ids: [some DirectoryID]) {
            guard !ids.isEmpty else { return }
            key(name)
            beginArray()
            for id in ids { string(id.rawValue) }
            endArray()
        }
        beginObject()
        ids("communities", area.communities)
        ids("grids", area.grids)
        ids("origins", area.origins)
        endObject()
    }

    /// Writes `"names":{"zh":…,"en":…}`.
    mutating func names(_ chinese: String, _ english: String?) {
        key("names")
        beginObject()
        key("zh")
        string(chinese)
        key("en")
        string(english)
        endObject()
    }

    /// Writes another record by id and name, with what helps to find it; null where there is none.
    mutating func link(
        _ record: (id: String, name: String)?, type: ServiceTypeID? = nil, address: String? = nil,
        at location: Coordinate? = nil
    ) {
        guard record != nil || location != nil else { return null() }
        beginObject()
        if let record {
            key("id")
            string(record.id)
            key("name")
            string(record.name)
        }
        if let type {
            key("type")
            string(type.rawValue)
        }
        if let address {
            key("address")
            string(address)
        }
        if let location {
            key("location")
            point(location)
        }
        endObject()
    }
}
