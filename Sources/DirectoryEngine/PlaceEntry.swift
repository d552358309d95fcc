internal import DirectoryAPI
internal import DirectoryModel
internal import ModuleHost
internal import OpeningTimes
internal import ServiceTypeKit
internal import WalkNetwork

/// A place as the live index keeps it: the record, and what its module derived from it.
///
/// Immutable but for its slot, which only who writes the index reads and writes: hence unchecked.
final class PlaceEntry: @unchecked Sendable {
    // What every answer looks at comes first, and so lies together; the small ones last, and so without gaps.
    let record: PlaceRecord
    /// Differs wherever opening states may differ by anything but community and moment.
    let openingNumber: UInt64
    /// The community that it lies in.
    let community: CommunityID?
    /// The lines for a kiosk.
    private let lines: Lines
    let facets: [String: AttributeValue]
    /// Its opening times; nil where there are none.
    private let reading: OpeningBook.Reading?
    /// What is asked of the record most, beside it: reaching into a record of the kit costs a copy of it.
    let type: ServiceTypeID
    /// Where it is, if it is listed in answers.
    let listedPoint: Coordinate?
    /// Whether its type is described by anything.
    let isTypeKnown: Bool
    /// Whether it is in use.
    let isActive: Bool
    /// Whether its record names others: see `Relations`.
    let hasRelations: Bool
    /// Whether something else holds in some span of time than its opening times say.
    let hasExceptions: Bool
    /// Which days of the calendar they follow, its own policy or its type's, as an index of
    /// `CalendarPolicy.allCases`.
    let policyNumber: UInt8
    /// Where it hangs on the network; nil when it is not listed in answers or lies off the network.
    var slot: TargetSlot?

    /// The lines of a place.
    private enum Lines {
        /// They depend on the record alone.
        case fixed([Highlight])
        /// They depend on the moment: those that were made last.
        case timed(LineMemory)
    }

    /// Asks the place's module what to index.
    ///
    /// - Parameter writesRecord: whether the members of its JSON are written at once; else they are when they are first
    ///   asked for, or by `PlaceRecord.prepare`.
    init(_ place: Place, host: ModuleHost, writesRecord: Bool = true) {
        let fixed = host.fixedHighlights(for: place)
        record = PlaceRecord(place, lines: fixed)
        if writesRecord { record.prepare() }
        lines = fixed.map { .fixed($0) } ?? .timed(LineMemory())
        facets = host.facets(of: place)
        isTypeKnown = host.knows(place.type)
        reading = place.hours.map { OpeningBook.shared.reading(of: $0) }
        let policy = place.calendarPolicy ?? host.calendarPolicy(of: place.type) ?? .commercial
        policyNumber = UInt8(CalendarPolicy.allCases.firstIndex(of: policy) ?? 0)
        type = place.type
        community = place.community
        isActive = place.status == .active
        listedPoint = isActive && place.isWalkIn ? place.location : nil
        hasRelations = place.within != nil || place.organisation != nil || !place.serviceArea.isEmpty
        hasExceptions = !place.exceptions.isEmpty
        openingNumber =
            hasExceptions || reading?.schedule?.usesSun == true
            ? OpeningBook.takeNumber() : (reading?.number ?? 0) + UInt64(policyNumber)
    }

    /// Its opening times as written.
    var hours: String? { reading?.text }

    /// Its opening times; nil where there are none, or they cannot be read.
    var schedule: OpeningSchedule? { reading?.schedule }

    /// A stored place under the present schema of its type.
    ///
    /// What that no longer allows is not answered, and comes back when the schema does. A place of an unknown type
    /// stays as it is.
    convenience init(renewing place: Place, host: ModuleHost, writesRecord: Bool = true) {
        let isKnown = host.knows(place.type)
        self.init(
            isKnown ? host.normalise(PlaceDraft(place: place)).place : place, host: host,
            writesRecord: writesRecord)
    }

    /// The lines for a kiosk at a moment, to the minute.
    ///
    /// - Parameter arrival: when one gets there, where there is a walk.
    func highlights(by host: ModuleHost, _ judge: OpeningJudge, now: Timestamp, arrival: Timestamp?)
        -> [Highlight]
    {
        switch lines {
        case .fixed(let lines): return lines
        case .timed(let memory):
            let moment = LineMoment(now: now, arrival: arrival)
            return memory.lines(moment.key(judge)) { moment.lines(of: self, by: host, judge) }
        }
    }

    /// Writes the same lines as JSON, where they depend on the moment: others are written with the record.
    func writeHighlights(
        to json: inout JSONWriter, in language: Language, by host: ModuleHost, _ judge: OpeningJudge,
        now: Timestamp, arrival: Timestamp?
    ) {
        switch lines {
        case .fixed(let lines): json.highlights(lines, in: language)
        case .timed(let memory):
            let moment = LineMoment(now: now, arrival: arrival)
            memory.write(moment.key(judge), to: &json, in: language) {
                moment.lines(of: self, by: host, judge)
            }
        }
    }

    /// Changes when, and only when, the record changes.
    var tag: String { record.place.tag }
}

/// The full minutes that lines are made for.
private struct LineMoment {
    let now: Timestamp
    let arrival: Timestamp?

    init(now: Timestamp, arrival: Timestamp?) {
        self.now = now.fullMinute
        self.arrival = arrival?.fullMinute
    }

    func key(_ judge: OpeningJudge) -> LineMemory.Key {
        LineMemory.Key(now: now.secondsSince1970, arrival: arrival?.secondsSince1970, judge: judge.number)
    }

    func lines(of entry: PlaceEntry, by host: ModuleHost, _ judge: OpeningJudge) -> [Highlight] {
        let offset = judge.offset(in: entry.community, at: arrival ?? now)
        return host.highlights(
            for: entry.record.place,
            in: HighlightContext(
                now: now, arrival: arrival, utcOffset: offset, opening: judge.reader(for: entry)))
    }
}

extension Place {
    /// Changes when, and only when, the record changes.
    var tag: String {
        var json = JSONWriter(capacity: 1024)
        json.beginObject()
        writeFields(to: &json, in: .zh)
        json.endObject()
        return json.digest
    }
}

extension Origin {
    /// Changes when, and only when, the record changes.
    var tag: String {
        var json = JSONWriter(capacity: 1024)
        json.beginObject()
        writeFields(to: &json, in: .zh)
        json.endObject()
        return json.digest
    }
}

extension Community {
    /// Changes when, and only when, the record changes.
    var tag: String {
        var json = JSONWriter(capacity: 4096)
        json.beginObject()
        CommunitySummary(community: self, grids: [], places: 0, origins: 0, tag: "")
            .writeFields(to: &json, in: .zh, withBoundary: true)
        json.endObject()
        return json.digest
    }
}

extension JSONWriter {
    /// FNV-1a of the bytes, in hexadecimal: tells versions of one record apart, no defence against forgery.
    var digest: String {
        withBytes { bytes in
            var hash: UInt64 = 0xcbf2_9ce4_8422_2325
            for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
            return String(hash, radix: 16)
        }
    }
}
