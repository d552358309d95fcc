internal import DirectoryAPI
internal import DirectoryModel

/// What a receiver gets: one JSON object.
enum OutboxMessage {
    /// A change, as the feed tells it, with the record as it is now.
    static func change(_ json: [UInt8], in era: String) throws(DirectoryError) -> NewLetter {
        let change = try JSONValue(json: json)
        guard case .string(let position)? = change["position"], case .string(let kind)? = change["kind"],
            case .string(let id)? = change["id"]
        else {
            throw DirectoryError(
                .badReply, "a change of the feed has no position, kind or id",
                advice: "see that quarter-bridge and quarterd are of one version")
        }
        // A full stop would part it from the time in what is signed.
        let message = "\(era)-" + position.replacing(".", with: "-")
        return letter(message, record: "\(kind) \(id)", key: "change") {
            $0.raw(String(decoding: json, as: UTF8.self))
        }
    }

    /// A record of a whole set.
    static func record(_ json: [UInt8], kind: String, id: String, number: Int, in era: String) -> NewLetter {
        var text = JSONWriter(capacity: json.count + 128)
        text.beginObject()
        text.key("kind")
        text.string(kind)
        text.key("id")
        text.string(id)
        text.key("record")
        text.raw(String(decoding: json, as: UTF8.self))
        text.endObject()
        let inner = String(decoding: text.bytes(), as: UTF8.self)
        return letter("\(era)-set-\(number)", record: "\(kind) \(id)", key: "present") { $0.raw(inner) }
    }

    /// The beginning of a whole set: what is not in it any more is gone.
    static func setBegins(_ intake: OutboxIntake) -> NewLetter {
        barrier("set_begins", intake)
    }

    /// The end of a whole set.
    static func setEnds(_ intake: OutboxIntake) -> NewLetter {
        barrier("set_ends", intake)
    }

    private static func barrier(_ what: StaticString, _ intake: OutboxIntake) -> NewLetter {
        letter("\(intake.era)-set-\(intake.setCount)", record: "", key: what) { json in
            json.beginObject()
            json.key("position")
            json.string(intake.position)
            json.endObject()
        }
    }

    private static func letter(
        _ message: String, record: String, key: StaticString, _ write: (inout JSONWriter) -> Void
    ) -> NewLetter {
        var json = JSONWriter(capacity: 1024)
        json.beginObject()
        json.key("message")
        json.string(message)
        json.key(key)
        write(&json)
        json.endObject()
        return NewLetter(message: message, record: record, body: json.bytes())
    }
}
