// Markets: wet markets (菜市场, 农贸市场, 集贸市场), what they sell and what sort of market they are.
// May import: ServiceTypeKit, DirectoryModel, CQuarterABI.

import CQuarterABI
import DirectoryModel
import ServiceTypeKit

/// The module of wet markets.
struct MarketsModule: ServiceTypeModule {
    let manifest = ModuleManifest(
        id: ModuleID(unchecked: "markets"), name: LocalizedText(zh: "菜市场", en: "Markets"), version: "1.0.0",
        types: [MarketSchema.wetMarket])

    func normalise(_ draft: PlaceDraft) -> NormalisedPlace {
        var result = MarketSchema.wetMarket.normalise(draft)
        result.fill("kind") { MarketNames.kind(of: $0.name).map { .text($0) } }
        result.fill("goods") { MarketNames.goods(in: $0.name).map { .texts($0) } }
        if draft.raw["covered"] == "yes" || draft.raw["indoor"] == "yes" {
            result.fill("indoor", with: .bool(true))
        }
        if result.place.text("kind") == "other" {
            result.findings.append(
                Finding(
                    .warning, code: "market_of_other_goods", field: "kind", value: nil,
                    message: LocalizedText(
                        zh: "看名称或类型不是卖菜的市场；如果买不到菜，请改登记为别的业态",
                        en: "This seems to be no food market; register it as another type if it sells no food"
                    )))
        }
        return result
    }

    func indexEntry(for place: Place) -> IndexEntry {
        var facets: [String: AttributeValue] = [:]
        if case .texts(let goods)? = place.attributes["goods"] { facets["goods_count"] = .whole(goods.count) }
        facets["step_free"] = place.isStepFree.map { .bool($0) }
        return IndexEntry(facets: facets, searchWords: MarketSchema.wetMarket.optionWords(of: place))
    }

    func highlights(for place: Place, in context: HighlightContext) -> [Highlight] {
        var highlights: [Highlight] = []
        switch place.text("kind") {
        case "morning" where context.minuteOfDay >= MarketHours.morningEnds:
            highlights.append(Highlight(LocalizedText(zh: "早市，一般上午有", en: "Morning market"), tone: .caution))
        case "night" where context.minuteOfDay < MarketHours.nightBegins:
            highlights.append(Highlight(LocalizedText(zh: "夜市，一般晚上有", en: "Night market"), tone: .caution))
        case "other":
            highlights.append(Highlight(LocalizedText(zh: "不是菜市场", en: "No food market"), tone: .caution))
        default: break
        }
        if let goods = MarketLines.goods.highlight(for: place) { highlights.append(goods) }
        if place.flag("fair_scale") == true {
            highlights.append(Highlight(LocalizedText(zh: "设公平秤", en: "Public check scale"), tone: .good))
        }
        if let stalls = place.whole("stall_count"), stalls > 0 {
            highlights.append(
                Highlight(
                    fitting: LocalizedText(
                        zh: "\(stalls)个摊位", en: stalls == 1 ? "1 stall" : "\(stalls) stalls")))
        }
        if place.flag("waste_sorting") == true {
            highlights.append(Highlight(LocalizedText(zh: "请分类投放垃圾", en: "Please sort your waste")))
        }
        return Array(highlights.prefix(Highlight.maximumCount))
    }
}

/// Highlights of options, made once.
private enum MarketLines {
    static let goods = OptionHighlight(MarketSchema.goods)
}

/// When markets of a kind are usually over or not yet there, in minutes of the day.
///
/// Chosen, not measured: the opening times of the place itself decide whether it is open.
private enum MarketHours {
    static let morningEnds = 12 * 60
    static let nightBegins = 17 * 60
}

/// What a market's name says about it.
private enum MarketNames {
    /// The key of the kind, or nil when the name does not say.
    ///
    /// Wares come first: 花鸟夜市 sells no vegetables.
    static func kind(of name: String) -> String? {
        if name.contains(anyOf: foodWords) { return "food" }
        if name.contains(anyOf: otherWords) { return "other" }
        if name.contains("夜市") { return "night" }
        return name.contains("早市") ? "morning" : nil
    }

    /// The keys of the goods that the name of a specialised market names, in the schema's order; nil for none.
    static func goods(in name: String) -> [String]? {
        let goods = goodsWords.filter { _, words in name.contains(anyOf: words) }.map(\.key)
        return goods.isEmpty ? nil : goods
    }

    private static let foodWords = ["菜市", "菜场", "农贸", "集贸", "生鲜", "农副产品", "肉菜"]
    private static let otherWords = [
        "花鸟", "花卉", "小商品", "服装", "古玩", "旧货", "二手", "跳蚤", "家具", "建材", "电子", "数码", "图书", "汽车", "钢材", "灯具", "宠物",
        "珠宝",
        "茶叶城", "五金",
    ]
    private static let goodsWords: [(key: String, words: [String])] = [
        ("vegetables", ["蔬菜"]), ("fruit", ["水果", "果品"]), ("meat", ["肉类", "鲜肉", "肉菜"]),
        ("seafood", ["水产", "海鲜"]),
        ("grain_oil", ["粮油"]), ("dried", ["干货", "调味"]),
    ]
}

/// The stamp of the kit and toolchain that this module was built with.
@_cdecl("quarter_module_abi")
public func quarterModuleABI() -> UnsafePointer<CChar> { quarter_abi_stamp() }

/// Makes the module for the daemon.
@_cdecl("quarter_module_make")
public func quarterModuleMake() -> UnsafeMutableRawPointer { ModuleBox.retained(MarketsModule()) }
