package import DirectoryModel

extension ReachReply {
    /// Writes the answer as `GET /v1/reach` gives it.
    package func write(to json: inout JSONWriter) {
        json.beginReach(
            revision: revision, origin: origin, profile: profile.id, minutes: minutes, in: language)
        for reached in places { reached.write(to: &json, detail, in: language) }
        json.endReach(next: next, coming: coming, attributions: attributions, detail, in: language)
    }
}

extension ReachedPlace {
    func write(to json: inout JSONWriter, _ detail: ReachQuery.Detail, in language: Language) {
        guard detail == .full else {
            json.beginBrief(record, walk, in: language)
            if let match {
                json.key("match")
                json.match(match)
            }
            return json.endReached(isTypeKnown: isTypeKnown)
        }
        json.beginPlace(record, in: language)
        json.key("walk")
        json.walk(walk)
        json.key("opening")
        json.opening(opening, in: language)
        json.placeBehindOpening(record, in: language)
        json.key("highlights")
        json.highlights(highlights, in: language)
        if !rows.isEmpty { json.reachedRows(rows, in: language) }
        json.typeKnown(isTypeKnown)
        if let match {
            json.key("match")
            json.match(match)
        }
        json.endObject()
    }
}

extension ComingPlace {
    func write(to json: inout JSONWriter, _ detail: ReachQuery.Detail, in language: Language) {
        json.beginPlace(record, in: language)
        guard detail == .full else { return json.endObject() }
        json.key("opening")
        json.opening(opening, in: language)
        json.placeBehindOpening(record, in: language)
        json.key("highlights")
        json.highlights(highlights, in: language)
        if !rows.isEmpty { json.reachedRows(rows, in: language) }
        json.endObject()
    }
}

/// An opening as JSON, in two parts between which a remark for somebody on the way can be put.
package struct PreparedOpening: Sendable {
    /// The JSON.
    package let bytes: [UInt8]
    /// Where a remark goes: within its text; at the end where it has none.
    package let split: Int

    /// Writes an opening in one language.
    ///
    /// - Parameters:
    ///   - opening: its own text is not written.
    ///   - text: what is said before a remark, and behind it; nil for an opening without words.
    package init(
        _ opening: PlaceOpening, text: (head: LocalizedText, tail: LocalizedText)?, in language: Language
    ) {
        var json = JSONWriter(capacity: 512)
        json.beginObject()
        json.openingState(opening)
        var split: Int?
        if let text {
            json.key("text")
            json.beginString(text.head.text(in: language))
            split = json.count
            json.endString(text.tail.text(in: language))
        }
        json.openingTimes(opening, in: language)
        json.endObject()
        bytes = json.bytes()
        self.split = split ?? bytes.count
    }
}

/// The pieces that an answer of `GET /v1/reach` is put together from, whoever does it.
extension JSONWriter {
    /// What comes before the places; these follow, and then `endReach`.
    package mutating func beginReach(
        revision: Revision, origin: ResolvedOrigin, profile: ProfileID, minutes: Double, in language: Language
    ) {
        beginObject()
        key("revision")
        whole(revision.number)
        key("origin")
        self.origin(origin, in: language)
        key("profile")
        string(profile.rawValue)
        key("minutes")
        self.minutes(minutes)
        key("places")
        beginArray()
    }

    /// What comes behind the places.
    package mutating func endReach(
        next: ReachCursor?, coming: [ComingPlace], attributions: [String], _ detail: ReachQuery.Detail,
        in language: Language
    ) {
        endArray()
        if let next {
            key("next")
            beginString("")
            hexadecimalPart(next.metres.bitPattern)
            stringPart(".")
            endString(next.id.rawValue)
        }
        if !coming.isEmpty {
            key("comes_to_you")
            beginArray()
            for place in coming { place.write(to: &self, detail, in: language) }
            endArray()
        }
        attribution(attributions)
        endObject()
    }

    /// Opens a place within reach: up to its walk; then comes the value of its opening.
    package mutating func beginReached(_ record: PlaceRecord, _ walk: Walk, in language: Language) {
        beginPlace(record, in: language)
        key("walk")
        self.walk(walk)
        key("opening")
    }

    /// Opens a place within reach of which nothing else is said; `endReached` closes it.
    package mutating func beginBrief(_ record: PlaceRecord, _ walk: Walk, in language: Language) {
        beginPlace(record, in: language)
        key("walk")
        self.walk(walk)
    }

    /// What comes behind the opening of a place within reach.
    ///
    /// - Returns: whether its highlights are written, since they depend on the record alone; else their value follows.
    package mutating func reachedBehindOpening(_ record: PlaceRecord, in language: Language) -> Bool {
        guard !record.writeLastAndLines(to: &self, in: language) else { return true }
        key("highlights")
        return false
    }

    /// Closes a place within reach that has neither rows nor a match.
    package mutating func endReached(isTypeKnown: Bool) {
        typeKnown(isTypeKnown)
        endObject()
    }

    mutating func beginPlace(_ record: PlaceRecord, in language: Language) {
        beginObject()
        record.writeFirst(to: &self, in: language)
    }

    mutating func placeBehindOpening(_ record: PlaceRecord, in language: Language) {
        record.writeLast(to: &self, in: language)
    }
}
