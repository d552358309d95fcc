package import DirectoryModel

extension ProvenanceReply {
    /// Writes the answer as `GET /v1/provenance/{id}` gives it.
    package func write(to json: inout JSONWriter, in language: Language) {
        json.beginObject()
        json.key("revision")
        json.whole(revision.number)
        writeMembers(to: &json, in: language)
        json.endObject()
    }

    fileprivate func writeMembers(to json: inout JSONWriter, in language: Language) {
        json.key("id")
        json.string(place.id.rawValue)
        json.key("status")
        json.string(place.status.rawValue)
        json.key("fields")
        json.beginArray()
        for field in fields {
            json.beginObject()
            json.key("field")
            json.string(field.field)
            json.key("value")
            json.value(field.value)
            json.key("source")
            json.string(field.source?.rawValue)
            json.key("revision")
            json.whole(field.revision.number)
            json.key("since")
            json.string(field.since.rfc3339)
            json.key("others")
            json.beginArray()
            for other in field.others {
                json.beginObject()
                json.key("source")
                json.string(other.source.rawValue)
                json.key("value")
                json.value(other.value)
                json.endObject()
            }
            json.endArray()
            json.endObject()
        }
        json.endArray()
        json.key("sources")
        json.beginArray()
        for source in sources {
            json.beginObject()
            json.key("source")
            json.string(source.source.rawValue)
            json.key("title")
            json.string(source.title)
            json.key("key")
            json.string(source.key)
            json.key("present")
            json.bool(source.isPresent)
            json.key("seen")
            json.string(source.seen?.rfc3339)
            json.endObject()
        }
        json.endArray()
        json.key("confirmations")
        json.confirmations(confirmations, in: language)
    }
}

extension VerifyReply {
    /// Writes the answer as `GET /v1/verify` gives it.
    package func write(to json: inout JSONWriter, in language: Language) {
        json.beginObject()
        json.key("revision")
        json.whole(revision.number)
        json.key("wanted")
        json.string(wanted)
        json.key("matches")
        json.beginArray()
        for match in matches {
            json.beginObject()
            match.writeMembers(to: &json, in: language)
            json.endObject()
        }
        json.endArray()
        json.endObject()
    }
}

extension FreshnessReply {
    /// Writes the answer as `GET /v1/freshness` gives it.
    package func write(to json: inout JSONWriter, in language: Language) {
        json.beginObject()
        json.key("revision")
        json.whole(revision.number)
        json.key("among")
        json.whole(among)
        json.key("places")
        json.beginArray()
        for fresh in places {
            json.beginObject()
            json.key("id")
            json.string(fresh.place.id.rawValue)
            json.key("type")
            json.string(fresh.place.type.rawValue)
            json.key("name")
            json.string(fresh.place.name(in: language))
            json.key("community")
            json.string(fresh.place.community?.rawValue)
            json.key("address")
            json.string(fresh.place.address)
            json.key("confirmed")
            json.string(fresh.confirmed?.rfc3339)
            json.key("by")
            json.string(fresh.by)
            json.key("months")
            if let months = fresh.months { json.whole(months) } else { json.null() }
            json.key("captain")
            json.string(fresh.captain?.id)
            json.key("captain_name")
            json.string(fresh.captain?.name)
            json.endObject()
        }
        json.endArray()
        json.endObject()
    }
}

extension ConfirmationMention {
    /// Writes the answer as `POST /v1/confirmations/{id}` gives it.
    package func write(to json: inout JSONWriter, in language: Language) {
        json.beginObject()
        json.key("fact")
        json.string(fact.rawValue)
        json.key("verdict")
        json.string((isConfirmed ? ConfirmationBody.Verdict.confirmed : .contested).rawValue)
        json.key("party")
        json.string(party)
        json.key("party_name")
        json.string(partyName)
        json.key("party_kind")
        json.string(kind?.rawValue)
        json.key("time")
        json.string(time.rfc3339)
        json.key("note")
        json.string(note)
        json.key("current")
        json.bool(isCurrent)
        json.key("text")
        json.string(language == .zh ? words.zh : words.en)
        json.endObject()
    }
}

extension JSONWriter {
    /// Writes what parties have confirmed and contested.
    mutating func confirmations(_ confirmations: [ConfirmationMention], in language: Language) {
        beginArray()
        for mention in confirmations { mention.write(to: &self, in: language) }
        endArray()
    }

    /// Writes any JSON value; an object's members ascend by name.
    package mutating func value(_ value: JSONValue) {
        switch value {
        case .null: null()
        case .bool(let yes): bool(yes)
        case .whole(let number): whole(number)
        case .decimal(let number): decimal(number)
        case .string(let text): string(text)
        case .array(let values):
            beginArray()
            for value in values { self.value(value) }
            endArray()
        case .object(let members):
            beginObject()
            for (name, value) in members.sorted(by: { $0.key < $1.key }) {
                key(name)
                self.value(value)
            }
            endObject()
        }
    }
}
