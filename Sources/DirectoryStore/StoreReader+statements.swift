import DirectoryModel

extension StoreReader {
    /// What the sources say of a place, ascending by source and key; empty where its record is all that is known.
    package func statements(of place: PlaceID) throws(DirectoryError) -> [PlaceStatement] {
        try rows(.statementsOfRecord) { statement in
            statement.bind(place.rawValue)
        } read: { row throws(DirectoryError) in
            let (source, key) = (try row.neededText(), try row.neededText())
            return PlaceStatement(
                source: SourceID(unchecked: source), key: key, place: try row.place(),
                since: try row.moments())
        }
    }

    /// The ids of the places of which several sources speak.
    package func statedPlaces() throws(DirectoryError) -> Set<String> {
        Set(
            try rows(.statedRecords) { _ in
            } read: { row throws(DirectoryError) in
                try row.neededText()
            })
    }

    /// Rows that wait for somebody's decision, ascending by number.
    ///
    /// - Parameters:
    ///   - number: those up to it are left out.
    ///   - limit: the most that are given.
    package func heldRows(after number: Int64 = 0, limit: Int) throws(DirectoryError) -> [HeldRow] {
        try rows(.heldRows) { statement in
            statement.bind(number)
            statement.bind(limit)
        } read: { row throws(DirectoryError) in
            try HeldRow(row: &row)
        }
    }

    /// How many rows wait for somebody's decision.
    package func heldRowCount() throws(DirectoryError) -> Int {
        Int(
            try rows(.heldRowCount) { _ in
            } read: { row throws(DirectoryError) in
                try row.neededWhole()
            }.first ?? 0)
    }

    /// The row with this number, or nil.
    package func heldRow(_ number: Int64) throws(DirectoryError) -> HeldRow? {
        try rows(.heldRowByNumber) { statement in
            statement.bind(number)
        } read: { row throws(DirectoryError) in
            try HeldRow(row: &row)
        }.first
    }

    /// The row of a source with this key, or nil.
    package func heldRow(of source: SourceID, key: String) throws(DirectoryError) -> HeldRow? {
        try rows(.heldRowByKey) { statement in
            statement.bind(source.rawValue)
            statement.bind(key)
        } read: { row throws(DirectoryError) in
            try HeldRow(row: &row)
        }.first
    }

    /// The pairs of places that are to be kept apart.
    package func keptApart() throws(DirectoryError) -> Set<KeptApart> {
        Set(
            try rows(.keptApart) { _ in
            } read: { row throws(DirectoryError) in
                KeptApart(
                    PlaceID(unchecked: try row.neededText()), PlaceID(unchecked: try row.neededText()))
            })
    }

    /// The last word of each party about each fact of each place, oldest first.
    package func lastConfirmations() throws(DirectoryError) -> [PlaceConfirmation] {
        try rows(.lastConfirmations) { _ in
        } read: { row throws(DirectoryError) in
            try PlaceConfirmation(row: &row)
        }
    }

    /// What was confirmed and contested of a place, newest first, at most `limit`.
    package func confirmations(of place: PlaceID, limit: Int) throws(DirectoryError) -> [PlaceConfirmation] {
        try rows(.confirmationsOfPlace) { statement in
            statement.bind(place.rawValue)
            statement.bind(limit)
        } read: { row throws(DirectoryError) in
            try PlaceConfirmation(row: &row)
        }
    }

    /// When each record was last in a delivery of a source that still has it, and of which, by id.
    ///
    /// - Parameter source: whose deliveries do not count.
    package func lastDeliveries(
        of kind: RecordKind, but source: SourceID
    ) throws(DirectoryError) -> [String: (time: Timestamp, source: SourceID)] {
        let times = try rows(.sightingTimes) { statement in
            statement.bind(kind.rawValue)
            statement.bind(source.rawValue)
        } read: { row throws(DirectoryError) in
            (
                id: try row.neededText(), source: SourceID(unchecked: try row.neededText()),
                seconds: row.whole()
            )
        }
        return times.reduce(into: [:]) { all, time in
            all[time.id] = time.seconds.map { (Timestamp(secondsSince1970: $0), time.source) }
        }
    }
}

// MARK: Rows

extension HeldRow {
    fileprivate init(row: inout PreparedStatement) throws(DirectoryError) {
        number = try row.neededWhole()
        source = SourceID(unchecked: try row.neededText())
        key = try row.neededText()
        place = try row.place()
        candidates = try row.candidates()
        fileName = try row.neededText()
        since = Timestamp(secondsSince1970: try row.neededWhole())
    }
}

extension PlaceConfirmation {
    /// The words for what was found, as the store has them.
    static func verdict(_ isConfirmed: Bool) -> String { isConfirmed ? "confirmed" : "contested" }

    fileprivate init(row: inout PreparedStatement) throws(DirectoryError) {
        place = PlaceID(unchecked: try row.neededText())
        fact = try row.neededText()
        isConfirmed = try row.neededText() == Self.verdict(true)
        value = row.text()
        party = try row.neededText()
        actor = Actor(name: try row.neededText(), uid: row.whole().flatMap { UInt32(exactly: $0) })
        time = Timestamp(secondsSince1970: try row.neededWhole())
        note = row.text()
    }
}

extension PreparedStatement {
    fileprivate mutating func place() throws(DirectoryError) -> Place {
        let json = try neededText()
        guard case .place(let place) = try RecordJSON.decode(json, as: .place) else {
            throw damaged("no place")
        }
        return place
    }

    fileprivate mutating func moments() throws(DirectoryError) -> [String: PlaceStatement.Since] {
        let read = try json { reader throws(JSONFault) in
            var moments: [String: PlaceStatement.Since] = [:]
            try reader.object { reader, name throws(JSONFault) in
                var numbers: [Int] = []
                try reader.array { reader throws(JSONFault) in numbers.append(try reader.whole()) }
                guard numbers.count == 2, let revision = UInt64(exactly: numbers[0]) else {
                    throw reader.fault("revision and time expected")
                }
                moments[name] = PlaceStatement.Since(
                    revision: Revision(revision), time: Timestamp(secondsSince1970: Int64(numbers[1])))
            }
            return moments
        }
        return read ?? [:]
    }

    fileprivate mutating func candidates() throws(DirectoryError) -> [HeldCandidate] {
        let read = try json { reader throws(JSONFault) in
            var all: [HeldCandidate] = []
            try reader.array { reader throws(JSONFault) in
                var candidate = HeldCandidate(place: PlaceID(unchecked: ""), confidence: 0, evidence: [])
                try reader.object { reader, name throws(JSONFault) in
                    switch name {
                    case "confidence": candidate.confidence = try reader.number()
                    case "evidence":
                        try reader.array { reader throws(JSONFault) in
                            var words = LocalizedText(zh: "", en: "")
                            try reader.object { reader, name throws(JSONFault) in
                                let text = try reader.text()
                                words =
                                    name == "zh"
                                    ? LocalizedText(zh: text, en: words.en)
                                    : LocalizedText(zh: words.zh, en: text)
                            }
                            candidate.evidence.append(words)
                        }
                    default: candidate.place = PlaceID(unchecked: try reader.text())
                    }
                }
                all.append(candidate)
            }
            return all
        }
        return read ?? []
    }
}

extension RecordJSON {
    /// Moments by name as UTF-8: revision and seconds since 1970.
    static func bytes(of moments: [String: PlaceStatement.Since]) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            for (name, moment) in moments.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
                writer.name(name)
                writer.array([Int64(clamping: moment.revision.number), moment.time.secondsSince1970]) {
                    $0.whole($1)
                }
            }
        }
        return writer.bytes
    }

    /// Candidates as UTF-8.
    static func bytes(of candidates: [HeldCandidate]) -> [UInt8] {
        var writer = JSONWriter()
        writer.array(candidates) { writer, candidate in
            writer.object { writer in
                writer.name("confidence")
                writer.number(candidate.confidence)
                writer.name("evidence")
                writer.array(candidate.evidence) { writer, words in
                    writer.object { writer in
                        writer.member("en", words.en)
                        writer.member("zh", words.zh)
                    }
                }
                writer.member("place", candidate.place.rawValue)
            }
        }
        return writer.bytes
    }
}
