package import DirectoryModel

extension HeldPage {
    /// Writes the answer as `GET /v1/duplicates` gives it.
    package func write(to json: inout JSONWriter, in language: Language) {
        json.beginObject()
        json.key("revision")
        json.whole(revision.number)
        json.key("waiting")
        json.whole(waiting)
        json.key("rows")
        json.beginArray()
        for row in rows {
            json.beginObject()
            json.key("row")
            json.whole(Int(row.number))
            json.key("source")
            json.string(row.source.rawValue)
            json.key("key")
            json.string(row.key)
            json.key("file")
            json.string(row.fileName)
            json.key("since")
            json.string(row.since.rfc3339)
            json.key("place")
            json.beginObject()
            row.place.writeFields(to: &json, in: language)
            json.endObject()
            json.key("candidates")
            json.beginArray()
            for candidate in row.candidates { candidate.write(to: &json, in: language) }
            json.endArray()
            json.endObject()
        }
        json.endArray()
        if let next {
            json.key("next")
            json.string(String(next))
        }
        json.endObject()
    }
}

extension PairList {
    /// Writes the answer as `GET /v1/duplicate-places` gives it.
    package func write(to json: inout JSONWriter, in language: Language) {
        json.beginObject()
        json.key("revision")
        json.whole(revision.number)
        json.key("count")
        json.whole(count)
        json.key("pairs")
        json.beginArray()
        for pair in pairs {
            json.beginObject()
            json.key("one")
            json.beginObject()
            pair.one.writeFields(to: &json, in: language)
            json.endObject()
            json.key("other")
            pair.other.write(to: &json, in: language)
            json.endObject()
        }
        json.endArray()
        json.endObject()
    }
}

extension PlaceLikeness {
    fileprivate func write(to json: inout JSONWriter, in language: Language) {
        json.beginObject()
        json.key("confidence")
        json.fixed(confidence, places: 3)
        json.key("evidence")
        json.beginArray()
        for words in evidence { json.string(language == .zh ? words.zh : words.en) }
        json.endArray()
        json.key("place")
        json.beginObject()
        place.writeFields(to: &json, in: language)
        json.endObject()
        json.endObject()
    }
}

extension DecisionReply {
    /// Writes the answer as `POST /v1/duplicates` gives it.
    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.key("revision")
        json.whole(revision.number)
        json.key("place")
        json.string(place.rawValue)
        json.key("gone")
        json.string(gone?.rawValue)
        json.endObject()
    }
}
