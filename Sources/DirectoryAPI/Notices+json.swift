package import DirectoryModel

extension Notice {
    /// Writes the record's own fields, without braces.
    ///
    /// - Parameters:
    ///   - addressee: what the addressed ones are called; nil to leave it out.
    ///   - offsets: seconds east of Greenwich of the clock by which moments are told: those of its beginning, and of
    ///     its end.
    package func writeFields(
        to json: inout JSONWriter, in language: Language, addressee: LocalizedText? = nil,
        offsets: (from: Int, until: Int) = (0, 0)
    ) {
        json.key("id")
        json.string(id.rawValue)
        json.key("title")
        json.string(title(in: language))
        json.both("titles", title, titleEnglish)
        json.key("text")
        json.string(language == .en ? textEnglish ?? text : text)
        json.both("texts", text, textEnglish)
        json.key("from")
        json.string(from.text(offset: offsets.from))
        json.key("until")
        json.string(until?.text(offset: offsets.until))
        json.key("to")
        json.beginObject()
        json.key("kind")
        json.string(to.kind.rawValue)
        json.key("id")
        json.string(to.id)
        if let addressee {
            json.key("name")
            json.string(addressee.text(in: language))
        }
        json.endObject()
        json.key("community")
        json.string(community?.rawValue)
        json.key("organisation")
        json.string(organisation?.rawValue)
        json.key("urgent")
        json.bool(isUrgent)
        json.key("place")
        json.string(place?.rawValue)
        json.key("status")
        json.string(status.rawValue)
    }

    /// The title to show in `language`: the English one where it is asked for and known.
    package func title(in language: Language) -> String { language == .en ? titleEnglish ?? title : title }
}

extension DatedException.Edge {
    /// A day as it is, a moment by RFC 3339 with an offset: `2026-11-27T16:00:00+08:00`.
    ///
    /// - Parameter offset: seconds east of Greenwich, whole minutes; 0 for `Z`.
    fileprivate func text(offset: Int) -> String {
        guard case .moment(let moment) = self, offset != 0 else { return text }
        let local = Timestamp(secondsSince1970: moment.secondsSince1970 + Int64(offset)).rfc3339
        let minutes = abs(offset) / 60
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return local.dropLast() + (offset < 0 ? "-" : "+") + two(minutes / 60) + ":" + two(minutes % 60)
    }
}

extension NoticeReply {
    /// Writes the fields of the answer, without braces.
    package func writeFields(to json: inout JSONWriter, in language: Language) {
        notice.writeFields(to: &json, in: language, addressee: addressee, offsets: offsets)
        json.key("by")
        json.string(organisation?.name(in: language))
        json.key("state")
        json.string(state.rawValue)
    }

    /// Writes the answer as `GET /v1/notices/{id}` gives it.
    package func write(to json: inout JSONWriter, revision: Revision, in language: Language) {
        json.beginObject()
        json.key("revision")
        json.whole(revision.number)
        writeFields(to: &json, in: language)
        json.endObject()
    }
}

extension NoticePage {
    /// Writes the answer as `GET /v1/notices` gives it.
    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.key("revision")
        json.whole(revision.number)
        json.key("notices")
        json.beginArray()
        for notice in notices {
            json.beginObject()
            notice.writeFields(to: &json, in: language)
            json.endObject()
        }
        json.endArray()
        if let next {
            json.key("next")
            json.string(next.text)
        }
        json.endObject()
    }
}

extension JSONWriter {
    /// Writes a text in Chinese and English under a name.
    fileprivate mutating func both(_ name: String, _ chinese: String, _ english: String?) {
        key(name)
        beginObject()
        key("zh")
        string(chinese)
        key("en")
        string(english)
        endObject()
    }
}
