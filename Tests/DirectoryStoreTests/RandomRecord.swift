import DirectoryModel
import DirectoryStore

/// Records with values from the edges of what the model allows, from a seed.
struct RandomRecord {
    private var random: SeededGenerator

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    mutating func record(_ kind: RecordKind) -> Record {
        switch kind {
        case .place: .place(place())
        case .origin: .origin(origin())
        case .community: .community(community())
        case .organisation:
            .organisation(
                Organisation(
                    id: OrganisationID(unchecked: "org2"), name: text(), nameEnglish: maybe { $0.text() },
                    kind: Organisation.Kind.allCases.randomElement(using: &random) ?? .other,
                    creditCode: maybe { $0.text() }, phone: maybe { $0.text() }, address: maybe { $0.text() },
                    about: maybe { $0.text() }))
        case .activity:
            .activity(
                Activity(
                    id: ActivityID(unchecked: "act"), name: text(), nameEnglish: maybe { $0.text() },
                    organisation: maybe { _ in OrganisationID(unchecked: "org1") },
                    place: maybe { _ in PlaceID(unchecked: "p1") }, location: maybe { $0.point() },
                    community: maybe { _ in CommunityID(unchecked: "c1") }, times: text(),
                    firstDay: LocalDay(year: 1900, month: 1, day: 1),
                    lastDay: maybe { _ in LocalDay(year: 2999, month: 12, day: 31) } ?? nil,
                    exceptions: (0..<Int.random(in: 0...2, using: &random)).map { _ in exception() },
                    capacity: maybe { $0.count() }, price: maybe { Money(fen: $0.count()) },
                    minimumAge: maybe { $0.count() }, maximumAge: maybe { $0.count() },
                    registration: maybe { $0.text() }, about: maybe { $0.text() },
                    status: Bool.random(using: &random) ? .active : .closedAtSource))
        case .notice:
            .notice(
                Notice(
                    id: NoticeID(unchecked: "notice"), title: text(), titleEnglish: maybe { $0.text() },
                    text: text(), textEnglish: maybe { $0.text() },
                    to: [
                        .community(CommunityID(unchecked: "c1")), .grid(GridID(unchecked: "g1")),
                        .origin(OriginID(unchecked: "o1")),
                    ][Int.random(in: 0...2, using: &random)],
                    community: maybe { _ in CommunityID(unchecked: "c2") }, from: edge(),
                    until: maybe { $0.edge() }, isUrgent: Bool.random(using: &random),
                    organisation: maybe { _ in OrganisationID(unchecked: "org1") },
                    place: maybe { _ in PlaceID(unchecked: "p1") },
                    status: Bool.random(using: &random) ? .active : .closedAtSource))
        case .grid:
            .grid(
                Grid(
                    id: GridID(unchecked: "g2"), community: CommunityID(unchecked: "c1"), name: text(),
                    keeper: maybe { $0.text() }, boundary: maybe { $0.area() }))
        case .source:
            .source(
                Source(
                    id: SourceID(unchecked: "s"), kind: text(), title: text(),
                    attribution: maybe { $0.text() },
                    note: maybe { $0.text() }))
        }
    }

    private mutating func place() -> Place {
        Place(
            id: PlaceID(unchecked: "p"), type: ServiceTypeID(unchecked: "canteen"), name: text(),
            nameEnglish: maybe { $0.text() }, location: maybe { $0.point() }, given: maybe { $0.given() },
            community: maybe { _ in CommunityID(unchecked: "c1") }, address: maybe { $0.text() },
            hours: maybe { $0.text() }, phone: maybe { $0.text() }, attributes: attributes(),
            status: Bool.random(using: &random) ? .active : .closedAtSource,
            exceptions: (0..<Int.random(in: 0...3, using: &random)).map { _ in exception() },
            calendarPolicy: maybe { CalendarPolicy.allCases.randomElement(using: &$0.random) } ?? nil,
            within: maybe { _ in PlaceID(unchecked: "p1") }, room: maybe { $0.text() },
            organisation: maybe { _ in OrganisationID(unchecked: "org1") },
            serviceArea: ServiceArea(
                communities: maybe { _ in [CommunityID(unchecked: "c1")] } ?? [],
                grids: maybe { _ in [GridID(unchecked: "g1"), GridID(unchecked: "g9")] } ?? [],
                origins: maybe { _ in [OriginID(unchecked: "o1")] } ?? []),
            isWalkIn: Bool.random(using: &random))
    }

    private mutating func exception() -> DatedException {
        let effects: [DatedException.Effect] = [.closed, .suspended, .open, .unknown, .hours(text())]
        return DatedException(
            from: edge(), until: maybe { $0.edge() },
            effect: effects.randomElement(using: &random) ?? .closed,
            reason: maybe { $0.text() })
    }

    private mutating func edge() -> DatedException.Edge {
        if Bool.random(using: &random) {
            let day = LocalDay(
                year: Int.random(in: 1900...2999, using: &random),
                month: Int.random(in: 1...12, using: &random),
                day: Int.random(in: 1...28, using: &random))
            if let day { return .day(day) }
        }
        return .moment(Timestamp(secondsSince1970: Int64.random(in: .min ... .max, using: &random)))
    }

    private mutating func origin() -> Origin {
        Origin(
            id: OriginID(unchecked: "o2"), kind: Origin.Kind.allCases.randomElement(using: &random) ?? .unit,
            name: text(), nameEnglish: maybe { $0.text() }, location: point(), given: maybe { $0.given() },
            community: maybe { _ in CommunityID(unchecked: "c1") },
            grid: maybe { _ in GridID(unchecked: "g1") },
            parent: maybe { _ in OriginID(unchecked: "o1") }, households: maybe { $0.count() },
            status: Bool.random(using: &random) ? .active : .closedAtSource)
    }

    private mutating func community() -> Community {
        Community(
            id: CommunityID(unchecked: "c2"), name: text(), nameEnglish: maybe { $0.text() },
            streetOffice: maybe { $0.text() }, boundary: maybe { $0.area() },
            households: maybe { $0.count() },
            population: maybe { $0.count() },
            elderShare: maybe { Double.random(in: 0...1, using: &$0.random) },
            timeZone: maybe { $0.text() }, region: maybe { $0.text() })
    }

    private mutating func attributes() -> [String: AttributeValue] {
        var attributes: [String: AttributeValue] = [:]
        for _ in 0..<Int.random(in: 0...8, using: &random) {
            attributes["key_\(Int.random(in: 0...99, using: &random))"] = value()
        }
        return attributes
    }

    /// The values of a row, none of them a table.
    private mutating func flat() -> [String: AttributeValue] {
        attributes().filter { if case .rows = $0.value { false } else { true } }
    }

    private mutating func value() -> AttributeValue {
        switch Int.random(in: 0..<7, using: &random) {
        case 0: .bool(Bool.random(using: &random))
        case 1: .whole([Int.min, Int.max, 0, -1, 1 << 53 + 1].randomElement(using: &random) ?? 0)
        case 2: .decimal(number())
        case 3: .money(Money(fen: Int.random(in: Int.min...Int.max, using: &random)))
        case 4: .text(text())
        case 5: .rows((0..<Int.random(in: 0...3, using: &random)).map { _ in AttributeRow(flat()) })
        default: .texts((0..<Int.random(in: 0...3, using: &random)).map { _ in text() })
        }
    }

    /// Any finite number, mostly one with all its digits.
    private mutating func number() -> Double {
        let edges = [
            0, -0.0, 1e300, .leastNonzeroMagnitude, 0.1 + 0.2, -1.7976931348623157e308, 1e15,
            123_456_789_012_345_680,
        ]
        if Bool.random(using: &random) { return edges.randomElement(using: &random) ?? 0 }
        let any = Double(bitPattern: random.next())
        return any.isFinite ? any : 1
    }

    private mutating func text() -> String {
        let pieces = [
            "", "a", "银发", "\"", "\\", "\n", "\0", "\u{1F}", "é", "😀", "\u{202E}", "</script>", "{}", " ",
        ]
        return (0..<Int.random(in: 0...5, using: &random))
            .map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
    }

    private mutating func point() -> Coordinate {
        Coordinate(
            uncheckedLatitude: Double.random(in: -90...90, using: &random),
            longitude: Double.random(in: -180...180, using: &random))
    }

    private mutating func given() -> GivenPoint {
        GivenPoint(
            datum: Datum.allCases.randomElement(using: &random) ?? .wgs84, latitude: Degrees(number()),
            longitude: Degrees(number()))
    }

    private mutating func area() -> Area {
        let parts = (0..<Int.random(in: 0...2, using: &random)).map { _ in
            (0..<Int.random(in: 1...2, using: &random)).map { _ in
                let corners = (0..<Int.random(in: 3...6, using: &random)).map { _ in point() }
                return corners + corners.prefix(1)
            }
        }
        return Area(parts: parts)
    }

    private mutating func count() -> Int { [0, 1, Int.max].randomElement(using: &random) ?? 0 }

    private mutating func maybe<Value>(_ value: (inout Self) -> Value) -> Value? {
        Bool.random(using: &random) ? value(&self) : nil
    }
}
