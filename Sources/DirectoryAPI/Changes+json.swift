internal import DirectoryModel

extension RecordChange {
    /// Writes the change on one line, as the feed and its pages have it.
    ///
    /// - Parameter query: tells whether actor and source are named, and the record's language.
    package func write(to json: inout JSONWriter, for query: ChangeQuery) {
        json.beginObject()
        json.key("position")
        json.string(position.description)
        json.key("revision")
        json.whole(position.revision.number)
        json.key("time")
        json.string(time.rfc3339)
        json.key("kind")
        json.string(kind.rawValue)
        json.key("id")
        json.string(id)
        json.key("change")
        json.string(outcome.rawValue)
        if let type {
            json.key("type")
            json.string(type.rawValue)
        }
        if let community {
            json.key("community")
            json.string(community.rawValue)
        }
        json.key("fields")
        json.beginArray()
        for field in fields { json.string(field) }
        json.endArray()
        if query.withActor {
            json.key("actor")
            json.string(actor.name)
            json.key("source")
            json.string(source?.rawValue)
        }
        if query.withRecord {
            json.key("record")
            if let record { record.write(to: &json, in: query.language) } else { json.null() }
        }
        json.endObject()
    }
}

extension ChangedRecord {
    /// Writes the record's own fields, as the answer about it has them.
    func write(to json: inout JSONWriter, in language: Language) {
        json.beginObject()
        switch self {
        case .place(let place): place.writeFields(to: &json, in: language)
        case .origin(let origin): origin.writeFields(to: &json, in: language)
        case .community(let community):
            community.writeFields(to: &json, in: language)
            json.boundary(community.boundary)
        case .grid(let grid):
            grid.writeFields(to: &json)
            json.key("community")
            json.string(grid.community.rawValue)
            json.boundary(grid.boundary)
        case .organisation(let organisation): organisation.writeFields(to: &json, in: language)
        case .activity(let activity): activity.writeFields(to: &json, in: language)
        case .notice(let notice): notice.writeFields(to: &json, in: language)
        }
        json.endObject()
    }
}

extension ChangePage {
    /// Writes the page as `GET /v1/changes` gives it without following.
    package func write(to json: inout JSONWriter, for query: ChangeQuery) {
        json.beginObject()
        json.key("revision")
        json.whole(revision.number)
        json.key("changes")
        json.beginArray()
        for change in changes { change.write(to: &json, for: query) }
        json.endArray()
        json.key("next")
        json.string(next.description)
        json.endObject()
    }
}
