// ElderCare: elder-care stations, day care centres, nursing homes: services at the station and at home, beds, fees.
// May import: ServiceTypeKit, DirectoryModel, CQuarterABI.

import CQuarterABI
import DirectoryModel
import ServiceTypeKit

/// The module of elder care.
struct ElderCareModule: ServiceTypeModule {
    let manifest = ModuleManifest(
        id: ModuleID(unchecked: "elder_care"), name: LocalizedText(zh: "养老服务", en: "Elder care"),
        version: "1.0.0",
        types: [ElderCareSchema.elderCare])

    func normalise(_ draft: PlaceDraft) -> NormalisedPlace {
        var result = ElderCareSchema.elderCare.normalise(draft)
        let facility = draft.raw["social_facility"]
        result.fill("kind") { ElderCareNames.kind(of: $0.name).map { .text($0) } }
        result.fill("kind", with: ElderCareNames.kind(ofFacility: facility).map { .text($0) })
        if let finding = whomFinding(draft.raw, name: result.place.name) { result.findings.append(finding) }
        result.findings += bedFindings(result.place)
        if !result.place.options("home_services").isEmpty, result.place.text("service_area") == nil {
            result.findings.append(
                Finding(
                    .note, code: "service_area_missing", field: "service_area",
                    message: LocalizedText(
                        zh: "有上门服务，但没有写上门服务范围，请补填",
                        en: "There are services at home, but not where; add the area served")))
        }
        return result
    }

    func indexEntry(for place: Place) -> IndexEntry {
        var facets: [String: AttributeValue] = [:]
        let atStation = place.options("services")
        let atHome = place.options("home_services")
        let both = Set(atStation + atHome)
        if !both.isEmpty {
            // In the schema's order, as every list of options is stored.
            let keys = ElderCareSchema.serviceKeys.filter(both.contains)
            facets["any_service"] = .texts(keys)
            facets["at_home"] = .bool(!atHome.isEmpty)
        }
        facets["step_free"] = place.isStepFree.map { .bool($0) }
        return IndexEntry(facets: facets, searchWords: ElderCareSchema.elderCare.optionWords(of: place))
    }

    func highlights(for place: Place, in context: HighlightContext) -> [Highlight] {
        var highlights: [Highlight] = []
        if place.flag("walk_in") == false {
            highlights.append(Highlight(LocalizedText(zh: "只上门，不接待", en: "Home visits only"), tone: .caution))
        }
        // Around noon the meal is what one walks there for.
        if MealTime.minutes.contains(context.minuteOfDay), place.options("services").contains("meals") {
            highlights.append(Highlight(LocalizedText(zh: "有助餐", en: "Meals served"), tone: .good))
        }
        if let services = ElderCareLines.services.highlight(for: place) {
            highlights.append(services)
        }
        if let home = ElderCareLines.homeServices.highlight(for: place) { highlights.append(home) }
        if let age = place.whole("minimum_age"), age > 0 {
            highlights.append(
                Highlight(
                    fitting: LocalizedText(zh: "\(age)岁以上", en: "From \(age) years of age"), tone: .caution))
        }
        if let places = place.whole("day_places"), places > 0 {
            highlights.append(
                Highlight(
                    fitting: LocalizedText(
                        zh: "日托\(places)位", en: places == 1 ? "1 day place" : "\(places) day places")))
        }
        if let beds = place.whole("beds"), beds > 0 {
            highlights.append(
                Highlight(fitting: LocalizedText(zh: "床位\(beds)张", en: beds == 1 ? "1 bed" : "\(beds) beds")))
        }
        return Array(highlights.prefix(Highlight.maximumCount))
    }

    /// What OpenStreetMap says about whom a social facility is for.
    ///
    /// Day care may be for children.
    private func whomFinding(_ raw: [String: String], name: String) -> Finding? {
        guard raw["social_facility"] != nil else { return nil }
        guard let whom = raw["social_facility:for"] else {
            if name.contains(anyOf: ElderCareNames.elders) { return nil }
            return Finding(
                .warning, code: "for_whom_unstated", field: nil, value: nil,
                message: LocalizedText(
                    zh: "没有写明服务哪类人（social_facility:for），请确认是养老服务",
                    en:
                        "The source does not say for whom (social_facility:for); confirm that it serves elders"
                ))
        }
        let groups = whom.split { $0 == ";" || $0 == "," || $0.isWhitespace }
        if groups.contains(where: { ["senior", "seniors", "elderly", "all"].contains($0) }) { return nil }
        return Finding(
            .error, code: "not_for_elders", field: nil, value: Finding.excerpt(of: whom),
            message: LocalizedText(
                zh: "来源写明服务的不是老年人，不按养老服务登记；请改为合适的业态",
                en: "The source says that it is not for elders; register it as another type"))
    }

    /// Beds and day places that the kind of facility cannot have.
    private func bedFindings(_ place: Place) -> [Finding] {
        guard place.text("kind") == "nursing_home", place.whole("beds") == 0 else { return [] }
        return [
            Finding(
                .warning, code: "nursing_home_without_beds", field: "beds", value: "0",
                message: LocalizedText(
                    zh: "养老院的床位数是0，请核对床位数或机构类型", en: "A nursing home has 0 beds; check the beds or the kind"))
        ]
    }
}

/// Highlights of options, made once.
private enum ElderCareLines {
    static let services = OptionHighlight(ElderCareSchema.services)
    static let homeServices = OptionHighlight(
        ElderCareSchema.homeServices, zh: "上门：", en: "At home: ", tone: .good)
}

/// When elders come for lunch, in minutes of the day.
///
/// Chosen, not measured: it only orders the highlights.
private enum MealTime {
    static let minutes = (10 * 60 + 30)..<(13 * 60)
}

/// What name and tags say about the kind of facility.
private enum ElderCareNames {
    static func kind(of name: String) -> String? {
        words.first { _, words in name.contains(anyOf: words) }?.key
    }

    static func kind(ofFacility facility: String?) -> String? {
        switch facility {
        case "day_care": "day_care"
        case "nursing_home", "assisted_living", "group_home": "nursing_home"
        case "ambulatory_care": "home_care"
        default: nil
        }
    }

    /// Words by which a name says that it is about elders.
    static let elders = ["养老", "老年", "敬老", "托老", "为老", "助老", "长者", "颐养"]

    /// The narrower word first: a 养老服务中心 is no 养老院.
    private static let words: [(key: String, words: [String])] = [
        ("day_care", ["日间照料", "托老所", "日托"]),
        ("station", ["养老服务站", "养老驿站", "居家养老", "助老点", "养老服务点"]),
        ("centre", ["为老服务中心", "养老服务中心", "老年服务中心"]),
        ("nursing_home", ["养老院", "敬老院", "老年公寓", "护理院", "颐养院", "福利院"]),
    ]
}

/// The stamp of the kit and toolchain that this module was built with.
@_cdecl("quarter_module_abi")
public func quarterModuleABI() -> UnsafePointer<CChar> { quarter_abi_stamp() }

/// Makes the module for the daemon.
@_cdecl("quarter_module_make")
public func quarterModuleMake() -> UnsafeMutableRawPointer { ModuleBox.retained(ElderCareModule()) }
