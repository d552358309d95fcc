// Canteens: community canteens and meal points for elders (社区食堂, 银发餐厅, 助餐点): sittings, prices, for whom.
// May import: ServiceTypeKit, DirectoryModel, CQuarterABI.

import CQuarterABI
import DirectoryModel
import ServiceTypeKit

/// The module of community canteens.
struct CanteensModule: ServiceTypeModule {
    let manifest = ModuleManifest(
        id: ModuleID(unchecked: "canteens"), name: LocalizedText(zh: "社区食堂", en: "Canteens"),
        version: "1.0.0",
        types: [CanteenSchema.canteen])

    func normalise(_ draft: PlaceDraft) -> NormalisedPlace {
        var result = CanteenSchema.canteen.normalise(draft)
        result.fill("sittings", with: Sitting.values(served(draft.raw)))
        let priced = Sitting.allCases.filter { $0.priceKeys.contains { result.place.money($0) != nil } }
        result.fill("sittings", with: Sitting.values(priced))
        result.fill("diets", with: diets(draft.raw))
        result.findings += priceFindings(result.place, priced: priced)
        noteStaffCanteen(&result)
        return result
    }

    func indexEntry(for place: Place) -> IndexEntry {
        var facets: [String: AttributeValue] = [:]
        facets["lowest_price"] = CanteenPrices.keys.compactMap { place.money($0) }.min().map { .money($0) }
        let openTo = place.options("open_to")
        if !openTo.isEmpty { facets["for_everyone"] = .bool(openTo.contains("everyone")) }
        facets["step_free"] = place.isStepFree.map { .bool($0) }
        return IndexEntry(facets: facets, searchWords: CanteenSchema.canteen.optionWords(of: place))
    }

    func highlights(for place: Place, in context: HighlightContext) -> [Highlight] {
        var highlights: [Highlight] = []
        if let meal = Sitting.highlight(for: place, at: context.minuteOfDay) { highlights.append(meal) }
        if let who = whoHighlight(place) { highlights.append(who) }
        if place.flag("delivery") == true {
            highlights.append(Highlight(LocalizedText(zh: "可送餐上门", en: "Delivers to the door"), tone: .good))
        }
        if let diets = CanteenLines.diets.highlight(for: place) {
            highlights.append(diets)
        }
        if place.isStepFree == true {
            highlights.append(Highlight(LocalizedText(zh: "轮椅可进", en: "Wheelchair access"), tone: .good))
        }
        return Array(highlights.prefix(Highlight.maximumCount))
    }

    /// The sittings that OpenStreetMap states, each by a tag of its own.
    private func served(_ raw: [String: String]) -> [Sitting] {
        Sitting.allCases.filter { $0.tags.contains { ["yes", "only"].contains(raw[$0]) } }
    }

    private func diets(_ raw: [String: String]) -> AttributeValue? {
        let tags = [("diet:halal", "halal"), ("diet:vegetarian", "vegetarian")]
        let found = tags.filter { ["yes", "only"].contains(raw[$0.0]) }.map(\.1)
        return found.isEmpty ? nil : .texts(found)
    }

    /// Prices that contradict each other or the sittings, or that no canteen asks.
    private func priceFindings(_ place: Place, priced: [Sitting]) -> [Finding] {
        var findings: [Finding] = []
        for key in CanteenPrices.keys {
            guard let price = place.money(key), price > CanteenPrices.doubtful else { continue }
            findings.append(
                Finding(
                    .warning, code: "price_doubtful", field: key, value: price.text(in: .zh),
                    message: LocalizedText(
                        zh: "一餐\(price.text(in: .zh))不像食堂的价格，请核对单位是不是元",
                        en:
                            "\(price.text(in: .en)) for one meal is no canteen's price; check that it is in yuan"
                    )))
        }
        if let ordinary = place.money("lunch_price"), let elder = place.money("elder_lunch_price"),
            elder > ordinary
        {
            findings.append(
                Finding(
                    .warning, code: "price_inconsistent", field: "elder_lunch_price",
                    value: elder.text(in: .zh),
                    message: LocalizedText(
                        zh: "老年人午餐价格高于普通价格，请核对",
                        en: "Lunch costs elders more than others; check both prices")))
        }
        let sittings = place.options("sittings")
        for sitting in priced where !sittings.isEmpty && !sittings.contains(sitting.rawValue) {
            findings.append(
                Finding(
                    .warning, code: "sitting_not_served", field: "sittings", value: sitting.name.zh,
                    message: LocalizedText(
                        zh: "有\(sitting.name.zh)价格，但供餐餐次里没有\(sitting.name.zh)，请核对",
                        en:
                            "There is a price for \(sitting.name.en.lowercased()), which the sittings leave out; check both"
                    )))
        }
        return findings
    }

    /// A canteen of a school or an office is taken for what its name says, until its source says otherwise.
    private func noteStaffCanteen(_ result: inout NormalisedPlace) {
        guard result.place.attributes["open_to"] == nil else { return }
        let name = result.place.name
        if name.contains(anyOf: CanteenNames.residents) { return }
        let groups = [("staff", CanteenNames.staff), ("students", CanteenNames.students)]
            .filter { name.contains(anyOf: $0.1) }.map(\.0)
        guard !groups.isEmpty else { return }
        result.fill("open_to", with: .texts(groups))
        result.findings.append(
            Finding(
                .note, code: "canteen_of_an_institution", field: "open_to", value: name.isEmpty ? nil : name,
                message: LocalizedText(
                    zh: "看名称是单位或学校的食堂；如果对居民开放，请填写服务对象",
                    en:
                        "By its name this is the canteen of an office or a school; state open_to if residents may eat there"
                )))
    }

    private func whoHighlight(_ place: Place) -> Highlight? {
        if let age = place.whole("minimum_age"), age > 0 {
            return Highlight(
                fitting: LocalizedText(zh: "\(age)岁以上可用", en: "From \(age) years of age"), tone: .caution)
        }
        guard !place.options("open_to").contains("everyone") else { return nil }
        return CanteenLines.openTo.highlight(for: place)
    }
}

/// Highlights of options, made once.
private enum CanteenLines {
    static let diets = OptionHighlight(CanteenSchema.diets, tone: .good)
    static let openTo = OptionHighlight(CanteenSchema.openTo, zh: "仅限", en: "Only: ", tone: .caution)
    static let serves = OptionHighlight(CanteenSchema.sittings, zh: "供", en: "Serves: ")
    static let servesOnly = OptionHighlight(
        CanteenSchema.sittings, zh: "只供", en: "Only: ", tone: .caution)
}

/// A meal of the day.
enum Sitting: String, CaseIterable {
    case breakfast, lunch, supper

    var name: LocalizedText {
        switch self {
        case .breakfast: LocalizedText(zh: "早餐", en: "Breakfast")
        case .lunch: LocalizedText(zh: "午餐", en: "Lunch")
        case .supper: LocalizedText(zh: "晚餐", en: "Supper")
        }
    }

    /// The tags of OpenStreetMap that state it.
    var tags: [String] { self == .supper ? ["dinner", "supper"] : [rawValue] }

    /// The attributes that price it, the ordinary price first.
    var priceKeys: [String] { self == .lunch ? ["lunch_price", "elder_lunch_price"] : ["\(rawValue)_price"] }

    /// The minute of the day until which it is the next meal.
    ///
    /// Chosen, not measured; its own times come with the hours.
    private var lastMinute: Int {
        switch self {
        case .breakfast: 9 * 60 + 30
        case .lunch: 13 * 60 + 30
        case .supper: 19 * 60
        }
    }

    static func values(_ sittings: [Sitting]) -> AttributeValue? {
        sittings.isEmpty ? nil : .texts(sittings.map(\.rawValue))
    }

    /// What there is to eat next: the meal with its price, or the meals that are served when it is not among them.
    static func highlight(for place: Place, at minute: Int) -> Highlight? {
        let served = allCases.filter { place.options("sittings").contains($0.rawValue) }
        if served.isEmpty { return nil }
        guard let next = allCases.first(where: { minute < $0.lastMinute }) else {
            return CanteenLines.serves.highlight(for: place)
        }
        if served.contains(next) { return next.highlight(for: place) }
        return CanteenLines.servesOnly.highlight(for: place)
    }

    private func highlight(for place: Place) -> Highlight {
        let prices = priceKeys.map { place.money($0) }
        var text = name
        if let price = prices.first ?? nil {
            text.zh += price.text(in: .zh)
            text.en += " " + price.text(in: .en)
        }
        if prices.count > 1, let elder = prices.last ?? nil {
            text.zh += "，老人" + elder.text(in: .zh)
            text.en += ", elders " + elder.text(in: .en)
        }
        return Highlight(fitting: text, tone: .good)
    }
}

private enum CanteenPrices {
    static let keys = ["breakfast_price", "lunch_price", "elder_lunch_price", "supper_price"]
    /// More than any canteen asks for a meal: fen written as yuan.
    ///
    /// Chosen, not measured.
    static let doubtful = Money(fen: 20_000)
}

private enum CanteenNames {
    /// Words that say residents eat there, whatever else the name holds: 大学路社区食堂.
    static let residents = ["社区", "助餐", "老年", "老人", "长者", "银发", "居民", "便民", "惠爱", "爱心", "敬老", "孝老", "为老"]
    static let staff = ["教工", "职工", "员工", "机关", "公司", "总部", "集团", "单位"]
    static let students = ["学生", "大学", "学院", "中学", "小学", "附中", "附小", "校区"]
}

/// The stamp of the kit and toolchain that this module was built with.
@_cdecl("quarter_module_abi")
public func quarterModuleABI() -> UnsafePointer<CChar> { quarter_abi_stamp() }

/// Makes the module for the daemon.
@_cdecl("quarter_module_make")
public func quarterModuleMake() -> UnsafeMutableRawPointer { ModuleBox.retained(CanteensModule()) }
