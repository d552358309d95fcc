import DirectoryModel
import ServiceTypeKit
import ServiceTypeTestKit
import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// A sound little module of a laundry, or one with a single fault.
struct FaultyModule: ServiceTypeModule {
    let fault: Fault?

    init(_ fault: Fault? = nil) { self.fault = fault }

    enum Fault: CaseIterable, Sendable {
        case noVersion, restlessManifest, unfilled, noSearchWords, greedySelector, deafToEnglish,
            deafToColumns, neverSettles
        case losesWordsOnSecondLook, movesPlace, changesType, letsAnythingThrough, silentlyDrops,
            undeclaredAttribute, shoutingCode
        case onlyChinese, tellsNumbers, undeclaredFacet, facetOfOtherKind, fiveHighlights, longHighlight,
            tooLateAtNight, moody
        case slow

        var check: ConformanceCheck {
            switch self {
            case .noVersion, .restlessManifest: .manifestSound
            case .unfilled: .manifestFilledIn
            case .noSearchWords: .searchWordsPresent
            case .greedySelector: .selectorsNotGreedy
            case .deafToEnglish, .deafToColumns: .roundTrip
            case .neverSettles, .losesWordsOnSecondLook: .normaliseIdempotent
            case .movesPlace, .changesType: .identityKept
            case .letsAnythingThrough, .silentlyDrops, .undeclaredAttribute: .resultSound
            case .shoutingCode, .onlyChinese: .findingsWellFormed
            case .tellsNumbers: .personalDataMasked
            case .undeclaredFacet, .facetOfOtherKind: .indexEntrySound
            case .fiveHighlights, .longHighlight, .tooLateAtNight: .highlightsSound
            case .moody: .deterministic
            case .slow: .quick
            }
        }

        /// Other checks that rightly see the same fault.
        var alsoSeenBy: Set<ConformanceCheck> {
            switch self {
            case .letsAnythingThrough:
                [.normaliseIdempotent, .personalDataMasked, .roundTrip, .highlightsSound, .quick]
            case .restlessManifest: [.manifestFilledIn]
            case .undeclaredAttribute: [.normaliseIdempotent]
            case .moody: [.highlightsSound]
            case .losesWordsOnSecondLook: [.roundTrip]
            default: []
            }
        }
    }

    private static let kinds = AttributeDescription(
        key: "kinds", name: LocalizedText(zh: "洗涤种类", en: "Kinds"),
        kind: .manyOf([
            AttributeOption(key: "dry", name: LocalizedText(zh: "干洗", en: "Dry cleaning")),
            AttributeOption(key: "shoes", name: LocalizedText(zh: "洗鞋", en: "Shoes"), aliases: ["鞋"]),
        ]), isFacet: true, columnNames: ["种类"])
    private static let price = AttributeDescription(
        key: "price", name: LocalizedText(zh: "起价", en: "Price from"), kind: .money, columnNames: ["价格"])
    private static let remark = AttributeDescription(
        key: "remark", name: LocalizedText(zh: "备注", en: "Remark"), kind: .text)
    private static let machines = AttributeDescription(
        key: "machines", name: LocalizedText(zh: "机器数", en: "Machines"),
        kind: .whole(unit: LocalizedText(zh: "台", en: "machines"), range: 1...200), osmKey: "capacity")

    private static let calls = Atomic<Int>(0)

    private static var description: ServiceTypeDescription {
        ServiceTypeDescription(
            id: ServiceTypeID(unchecked: "self_laundry"),
            name: LocalizedText(zh: "自助洗衣", en: "Self-service laundry"),
            serviceClass: .basic, order: 1_000, targetMinutes: 10, searchWords: ["洗衣", "干洗"],
            attributes: [kinds, price, remark, machines],
            facets: [
                AttributeDescription(key: "cheap", name: LocalizedText(zh: "便宜", en: "Cheap"), kind: .bool)
            ],
            osmSelectors: [OSMSelector(tags: ["shop": "laundry", "self_service": "yes"])],
            source: "made up for tests")
    }

    var manifest: ModuleManifest {
        var type = Self.description
        switch fault {
        case .unfilled: type.name.en = "Fill me in"
        case .noSearchWords: type.searchWords = [type.name.zh]
        case .greedySelector: type.osmSelectors = [OSMSelector(tags: ["shop": "laundry"])]
        default: break
        }
        var version = fault == .noVersion ? "1" : "1.0.0"
        if fault == .restlessManifest {
            version = "1.0.\(Self.calls.wrappingAdd(1, ordering: .relaxed).newValue)"
        }
        return ModuleManifest(
            id: ModuleID(unchecked: "laundry"), name: LocalizedText(zh: "洗衣", en: "Laundry"),
            version: version,
            types: [type])
    }

    func normalise(_ draft: PlaceDraft) -> NormalisedPlace {
        var draft = draft
        if fault == .deafToEnglish, draft.raw["kinds"] == "Dry cleaning" { draft.raw["kinds"] = nil }
        if fault == .deafToColumns { draft.raw["价格"] = nil }
        var result = Self.description.normalise(draft)
        spoil(&result, draft)
        return result
    }

    private func spoil(_ result: inout NormalisedPlace, _ draft: PlaceDraft) {
        switch fault {
        case .neverSettles: result.place.name = String(("再" + result.place.name).prefix(200))
        case .losesWordsOnSecondLook: if draft.raw.isEmpty { result.place.attributes["machines"] = nil }
        case .movesPlace: result.place.location = nil
        case .changesType: result.place.type = ServiceTypeID(unchecked: "laundry")
        case .letsAnythingThrough: result.place.attributes.merge(draft.place.attributes) { _, given in given }
        case .silentlyDrops: result.findings.removeAll()
        case .undeclaredAttribute: result.place.attributes["mood"] = .text("good")
        case .shoutingCode:
            result.findings.append(
                Finding(.note, code: "Bad-Code", message: LocalizedText(zh: "坏", en: "bad")))
        case .onlyChinese:
            result.findings.append(
                Finding(.note, code: "half_said", message: LocalizedText(zh: "只有中文", en: "")))
        case .tellsNumbers:
            if let raw = draft.raw["remark"], raw.utf8.count < 400 {
                result.findings.append(
                    Finding(
                        .note, code: "remark_kept", value: raw.filter { $0.isNumber || $0.isLetter },
                        message: LocalizedText(zh: "已存", en: "kept")))
            }
        case .slow:
            // Only on the place whose time is taken: a tenth of a second, a thousand times, would be slow for us, too.
            if draft.raw.isEmpty, result.place.whole("machines") == 100 { Self.work(milliseconds: 100) }
        default: break
        }
    }

    func indexEntry(for place: Place) -> IndexEntry {
        switch fault {
        case .undeclaredFacet: IndexEntry(facets: ["dear": .bool(true)])
        case .facetOfOtherKind: IndexEntry(facets: ["cheap": .whole(1)])
        default:
            IndexEntry(
                facets: place.money("price").map { ["cheap": .bool($0.fen < 1_000)] } ?? [:],
                searchWords: Self.description.optionWords(of: place))
        }
    }

    private static func work(milliseconds: Int) {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        let end = time.tv_sec * 1_000 + time.tv_nsec / 1_000_000 + milliseconds
        while time.tv_sec * 1_000 + time.tv_nsec / 1_000_000 < end {
            clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        }
    }

    func highlights(for place: Place, in context: HighlightContext) -> [Highlight] {
        let line = Highlight(LocalizedText(zh: "洗得干净", en: "Washes well"))
        switch fault {
        case .fiveHighlights: return Array(repeating: line, count: 5)
        case .longHighlight:
            return [Highlight(LocalizedText(zh: String(repeating: "长", count: 21), en: "long"))]
        case .tooLateAtNight:
            return context.minuteOfDay < 180 ? [Highlight(LocalizedText(zh: "", en: ""))] : [line]
        case .moody:
            let turn = Self.calls.wrappingAdd(1, ordering: .relaxed).newValue
            return [Highlight(LocalizedText(zh: "第\(turn % 1_000)次", en: "Call \(turn % 1_000)"))]
        default: return Self.description.plainHighlights(for: place)
        }
    }
}
