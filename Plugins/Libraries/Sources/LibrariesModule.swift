// Libraries: public libraries, reading rooms, farm bookrooms (农家书屋), city studies (城市书房), book exchanges.
// May import: ServiceTypeKit, DirectoryModel, CQuarterABI.

import CQuarterABI
import DirectoryModel
import ServiceTypeKit

/// The module of libraries.
struct LibrariesModule: ServiceTypeModule {
    let manifest = ModuleManifest(
        id: ModuleID(unchecked: "libraries"), name: LocalizedText(zh: "图书馆", en: "Libraries"),
        version: "1.0.0",
        types: [LibrarySchema.library])

    func normalise(_ draft: PlaceDraft) -> NormalisedPlace {
        var result = LibrarySchema.library.normalise(draft)
        let name = result.place.name
        if draft.raw["amenity"] == "public_bookcase" { result.fill("kind", with: .text("bookcase")) }
        result.fill("kind") { LibraryNames.kind(of: $0.name).map { .text($0) } }
        switch draft.raw["internet_access"] {
        case "wlan", "yes", "wifi", "terminal", "wired": result.fill("internet", with: .bool(true))
        case "no": result.fill("internet", with: .bool(false))
        default: break
        }
        switch draft.raw["fee"] {
        case "no": result.fill("free_entry", with: .bool(true))
        case "yes": result.fill("free_entry", with: .bool(false))
        default: break
        }
        switch draft.raw["access"] {
        case "yes", "permissive", "public": result.fill("public_entry", with: .bool(true))
        case "no", "private", "customers", "students", "members":
            result.fill("public_entry", with: .bool(false))
        default: break
        }
        if result.place.text("kind") == "school", result.place.flag("public_entry") == nil {
            result.findings.append(
                Finding(
                    .note, code: "library_of_a_school", field: "public_entry",
                    value: name.isEmpty ? nil : name,
                    message: LocalizedText(
                        zh: "看名称是学校的图书馆；请填写居民能否进入",
                        en:
                            "By its name this is a school's library; state public_entry, whether residents may enter"
                    )))
        }
        return result
    }

    func indexEntry(for place: Place) -> IndexEntry {
        var facets: [String: AttributeValue] = [:]
        facets["has_seats"] = place.whole("seats").map { .bool($0 > 0) }
        facets["step_free"] = place.isStepFree.map { .bool($0) }
        return IndexEntry(facets: facets, searchWords: LibrarySchema.library.optionWords(of: place))
    }

    func highlights(for place: Place, in context: HighlightContext) -> [Highlight] {
        var highlights: [Highlight] = []
        if place.flag("public_entry") == false {
            highlights.append(
                Highlight(LocalizedText(zh: "不对居民开放", en: "Not open to residents"), tone: .caution))
        }
        let selfService = Highlight(LocalizedText(zh: "24小时自助借还", en: "24-hour self-service"), tone: .good)
        let isNight =
            context.minuteOfDay < LibraryHours.dayBegins || context.minuteOfDay >= LibraryHours.dayEnds
        let hasSelfService = place.flag("self_service_24h") == true
        // By night it is what one can use, by day a remark among others.
        if hasSelfService, isNight { highlights.append(selfService) }
        if let seats = place.whole("seats"), seats > 0 {
            highlights.append(
                Highlight(
                    fitting: LocalizedText(zh: "\(seats)个座位", en: seats == 1 ? "1 seat" : "\(seats) seats")))
        }
        if place.flag("lends") == true { highlights.append(lending(place)) }
        if place.flag("childrens_area") == true {
            highlights.append(Highlight(LocalizedText(zh: "有少儿阅览区", en: "Children's area"), tone: .good))
        }
        if hasSelfService, !isNight { highlights.append(selfService) }
        if let activities = LibraryLines.activities.highlight(for: place) {
            highlights.append(activities)
        }
        if place.flag("internet") == true {
            highlights.append(Highlight(LocalizedText(zh: "可上网", en: "Internet access")))
        }
        return Array(highlights.prefix(Highlight.maximumCount))
    }

    private func lending(_ place: Place) -> Highlight {
        switch place.flag("card_needed") {
        case true?: Highlight(LocalizedText(zh: "可借书，需办证", en: "Lends books, card needed"))
        case false?: Highlight(LocalizedText(zh: "可借书，免办证", en: "Lends books, no card needed"), tone: .good)
        case nil: Highlight(LocalizedText(zh: "可借书", en: "Lends books"), tone: .good)
        }
    }
}

/// Highlights of options, made once.
private enum LibraryLines {
    static let activities = OptionHighlight(LibrarySchema.activities)
}

/// When reading rooms are usually staffed, in minutes of the day.
///
/// Chosen, not measured: it only orders the highlights.
private enum LibraryHours {
    static let dayBegins = 8 * 60
    static let dayEnds = 20 * 60
}

/// What a library's name says about it.
private enum LibraryNames {
    /// The key of the kind, or nil when the name does not say.
    ///
    /// Schools first: 附小图书馆 is a school's.
    static func kind(of name: String) -> String? {
        words.first { _, words in name.contains(anyOf: words) }?.key
    }

    private static let words: [(key: String, words: [String])] = [
        ("school", ["大学", "学院", "中学", "小学", "附中", "附小", "University", "College", "School"]),
        ("farm_bookroom", ["农家书屋"]),
        ("city_study", ["城市书房", "智慧书房", "24小时书房", "城市书吧", "悦读空间"]),
        ("bookcase", ["漂流书", "图书角", "书柜", "书架"]),
        ("reading_room", ["图书室", "阅览室", "阅读室", "书屋", "书房", "圖書室", "閱覽室"]),
        ("public_library", ["图书馆", "圖書館", "Public Library", "City Library", "Central Library"]),
    ]
}

/// The stamp of the kit and toolchain that this module was built with.
@_cdecl("quarter_module_abi")
public func quarterModuleABI() -> UnsafePointer<CChar> { quarter_abi_stamp() }

/// Makes the module for the daemon.
@_cdecl("quarter_module_make")
public func quarterModuleMake() -> UnsafeMutableRawPointer { ModuleBox.retained(LibrariesModule()) }
