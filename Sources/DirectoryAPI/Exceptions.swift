package import DirectoryModel

extension DatedException {
    /// Exceptions of one place at most.
    ///
    /// Chosen, not measured: each is looked at for each answer about the place.
    package static let maximumCount = 100

    /// The members of an exception in JSON, in the order of the documentation.
    package static let fields = ["from", "until", "state", "hours", "reason"]

    /// Reads an exception as a client sends it.
    ///
    /// - Throws: `invalid_record` naming the field.
    package init(_ value: JSONValue) throws(DirectoryError) {
        var reader = try JSONObjectReader(value, what: "exception")
        guard let from = try reader.edge("from") else {
            throw DirectoryError(
                .invalidRecord, "exception: “from” is missing", advice: "give a day or a moment",
                location: "exceptions.from")
        }
        let until = try reader.edge("until")
        let hours = try reader.text("hours")
        let word = try reader.text("state") ?? (hours == nil ? "" : "hours")
        guard let effect = Effect(word: word, hours: hours) else {
            throw DirectoryError(
                .invalidRecord,
                word == "hours"
                    ? "exception: “hours” is missing"
                    : hours == nil
                        ? "exception: “state” is \(word.isEmpty ? "missing" : word.shortened())"
                        : "exception: “state” is \(word.shortened()), but there are hours",
                advice: "use one of " + Effect.words.joined(separator: ", ")
                    + "; the last one, and it alone, goes with “hours”", location: "exceptions.state")
        }
        let reason = try reader.text("reason", limit: 200)
        try reader.finish()
        guard DatedException.areInOrder(from, until) else {
            throw DirectoryError(
                .invalidRecord, "exception: “until” comes before “from”",
                advice: "a day in “until” is the last one, and is included", location: "exceptions.until")
        }
        self.init(from: from, until: until, effect: effect, reason: reason)
    }

    /// Whether an end of the same kind comes after the beginning; ends of two kinds need a zone to be compared.
    private static func areInOrder(_ from: Edge, _ until: Edge?) -> Bool {
        switch (from, until) {
        case (.day(let first), .day(let last)?): first <= last
        case (.moment(let first), .moment(let end)?): first < end
        default: true
        }
    }
}

extension DatedException.Edge {
    /// As JSON has it: `2026-02-16`, or a moment by RFC 3339.
    package var text: String {
        switch self {
        case .day(let day): day.text
        case .moment(let moment): moment.rfc3339
        }
    }

    /// Reads what `text` writes; nil for anything else.
    package init?(_ text: String) {
        if let day = LocalDay(text) {
            self = .day(day)
        } else if let moment = Timestamp(rfc3339: text) {
            self = .moment(moment)
        } else {
            return nil
        }
    }
}

extension JSONObjectReader {
    /// The exceptions under a key; none where it is missing or null.
    mutating func exceptions(_ key: String) throws(DirectoryError) -> [DatedException] {
        guard let value = any(key) else { return [] }
        guard case .array(let values) = value else {
            throw DirectoryError(.invalidRecord, "place: “\(key)” is an array of exceptions", location: key)
        }
        guard values.count <= DatedException.maximumCount else {
            throw DirectoryError(
                .invalidRecord, "place: there are more than \(DatedException.maximumCount) exceptions",
                advice: "leave out those that are long past", location: key)
        }
        return try values.map { value throws(DirectoryError) in try DatedException(value) }
    }

    /// The day or moment under a key, or nil.
    fileprivate mutating func edge(_ key: String) throws(DirectoryError) -> DatedException.Edge? {
        guard let text = try text(key, limit: 40) else { return nil }
        guard let edge = DatedException.Edge(text) else {
            throw DirectoryError(
                .invalidRecord, "exception: “\(key)” is \(text.shortened()), no day and no moment",
                advice: "write 2026-02-16 or 2026-02-16T12:00:00+08:00", location: "exceptions." + key)
        }
        return edge
    }
}

extension JSONWriter {
    /// Writes the exceptions of a place.
    package mutating func exceptions(_ exceptions: [DatedException]) {
        beginArray()
        for exception in exceptions {
            beginObject()
            key("from")
            string(exception.from.text)
            key("until")
            string(exception.until?.text)
            key("state")
            string(exception.effect.word)
            if case .hours(let text) = exception.effect {
                key("hours")
                string(text)
            }
            key("reason")
            string(exception.reason)
            endObject()
        }
        endArray()
    }
}

extension Community {
    /// What is wrong with an administrative code, in words; nil for a sound one: 2…12 digits.
    package static func regionFault(_ code: String) -> String? {
        guard (2...12).contains(code.utf8.count), code.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }) else {
            return "\(code.shortened()), not an administrative code of 2 to 12 digits"
        }
        return nil
    }
}
