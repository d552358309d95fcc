internal import AreaGeometry
internal import DirectoryAPI
internal import DirectoryModel

/// Sorts the things of a map into places, and into what is left out, with the reason for each.
struct OSMPlaces {
    /// In the order of the things' ids.
    private(set) var places: [SourcedPlace] = []
    /// How many became which type, and why; most first.
    private(set) var takenAs: [TakenAs] = []
    /// What became no place, by reason; most first.
    private(set) var leftOut: [LeftOut] = []
    /// Places that bear their type's name for want of one of their own.
    private(set) var namelessCount = 0

    private struct Candidate {
        var thing: OSMThing
        var match: TypeMatcher.Match
    }

    private struct Reason: Hashable {
        var code: String
        var text: LocalizedText
    }

    private var reasons: [Reason: [OSMThingID]] = [:]

    init(
        things: [OSMThing],
        unplaced: [(id: OSMThingID, code: OSMCollector.UnplacedReason, tags: [String: String])],
        matcher: TypeMatcher
    ) {
        var candidates: [Candidate] = []
        for thing in things {
            switch Self.judge(thing.tags, matcher: matcher) {
            case .place(let match): candidates.append(Candidate(thing: thing, match: match))
            case .leftOut(let reason): reasons[reason, default: []].append(thing.id)
            case .ofNoInterest: break
            }
        }
        for (id, code, tags) in unplaced {
            switch Self.judge(tags, matcher: matcher) {
            case .place: reasons[Self.reason(of: code), default: []].append(id)
            case .leftOut(let reason): reasons[reason, default: []].append(id)
            case .ofNoInterest: break
            }
        }
        let twins = Self.duplicates(among: candidates)
        var counts: [TypeMatcher.Match: Int] = [:]
        for (index, candidate) in candidates.enumerated() {
            if twins.contains(index) {
                reasons[Self.duplicate, default: []].append(candidate.thing.id)
                continue
            }
            counts[candidate.match, default: 0] += 1
            places.append(place(candidate, matcher: matcher))
        }
        takenAs = counts.map { TakenAs(type: $0.key.type, reason: $0.key.reason, count: $0.value) }
            .sorted { ($1.count, $0.type, $0.reason) < ($0.count, $1.type, $1.reason) }
        leftOut = reasons.map { reason, ids in
            LeftOut(code: reason.code, reason: reason.text, keys: ids.sorted().map(\.key))
        }
        .sorted { ($1.keys.count, $0.code, $0.reason.en) < ($0.keys.count, $1.code, $1.reason.en) }
    }

    private enum Verdict {
        case place(TypeMatcher.Match)
        case leftOut(Reason)
        case ofNoInterest
    }

    private static func judge(_ tags: [String: String], matcher: TypeMatcher) -> Verdict {
        let match = matcher.match(tags: tags, name: OSMTagRules.allNames(tags))
        if match != nil || OSMTagRules.interest(tags) != nil, let gone = OSMTagRules.reasonGone(tags) {
            return .leftOut(Self.gone(gone))
        }
        if let match { return .place(match) }
        if let interest = OSMTagRules.interest(tags) {
            return .leftOut(
                Reason(
                    code: "no_type",
                    text: LocalizedText(zh: "没有业态收录 \(interest)", en: "no service type wants \(interest)")))
        }
        if let key = OSMTagRules.lifecycleKey(tags) { return .leftOut(Self.gone(key)) }
        return .ofNoInterest
    }

    private static func gone(_ tag: String) -> Reason {
        Reason(
            code: "not_in_use",
            text: LocalizedText(zh: "标注为已停用或未建成 (\(tag))", en: "marked as not in use (\(tag))"))
    }

    private static func reason(of code: OSMCollector.UnplacedReason) -> Reason {
        switch code {
        case .openWay:
            Reason(
                code: "open_way",
                text: LocalizedText(zh: "是一条线，不是点也不是面", en: "a line, neither a point nor an area"))
        case .brokenArea:
            Reason(
                code: "broken_area",
                text: LocalizedText(
                    zh: "轮廓不完整或无效，无法确定位置", en: "the outline is incomplete or invalid: no location"))
        }
    }

    private static let duplicate = Reason(
        code: "duplicate",
        text: LocalizedText(
            zh: "与所在范围内的同名同业态网点重复", en: "lies in an area of the same type and name, which is kept"))

    /// The candidates that are the same place as another one: of a thing that lies in an area of its type and
    /// name, the one with fewer tags, else the thing in the area.
    private static func duplicates(among candidates: [Candidate]) -> Set<Int> {
        struct Name: Hashable {
            var type: ServiceTypeID
            var name: String
        }
        var groups: [Name: [Int]] = [:]
        for (index, candidate) in candidates.enumerated() {
            guard let name = OSMTagRules.name(candidate.thing.tags) else { continue }
            groups[Name(type: candidate.match.type, name: name), default: []].append(index)
        }
        var twins: Set<Int> = []
        for members in groups.values where members.count > 1 {
            for outer in members {
                guard !twins.contains(outer), let area = candidates[outer].thing.area,
                    let prepared = try? PreparedArea(area)
                else { continue }
                for inner in members where inner != outer && !twins.contains(inner) && !twins.contains(outer)
                {
                    guard prepared.contains(candidates[inner].thing.location) else { continue }
                    let innerKnowsMore =
                        candidates[inner].thing.tags.count > candidates[outer].thing.tags.count
                    twins.insert(innerKnowsMore ? outer : inner)
                }
            }
        }
        return twins
    }

    private mutating func place(_ candidate: Candidate, matcher: TypeMatcher) -> SourcedPlace {
        let tags = candidate.thing.tags
        let own = OSMTagRules.name(tags)
        if own == nil { namelessCount += 1 }
        let type = matcher.names[candidate.match.type]
        let english = OSMTagRules.nameEnglish(tags) ?? (own == nil ? type?.en : nil)
        let place = Place(
            id: PlaceID(unchecked: candidate.thing.id.recordID), type: candidate.match.type,
            name: own ?? type?.zh ?? candidate.match.type.rawValue, nameEnglish: english,
            location: candidate.thing.location, address: OSMTagRules.address(tags),
            hours: OSMTagRules.cleaned(tags["opening_hours"], limit: 500))
        return SourcedPlace(
            key: candidate.thing.id.key, place: place, raw: OSMTagRules.withoutContacts(tags))
    }
}
