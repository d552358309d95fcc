// Markets: wet markets (菜市场, 农贸市场, 集贸市场), their stalls, what each sells and when.
// May import: ServiceTypeKit, DirectoryModel, CQuarterABI.

import CQuarterABI
import DirectoryModel
import ServiceTypeKit

/// The module of wet markets.
struct MarketsModule: ServiceTypeModule {
    let manifest = ModuleManifest(
        id: ModuleID(unchecked: "markets"), name: LocalizedText(zh: "菜市场", en: "Markets"), version: "2.0.0",
        types: [MarketSchema.wetMarket])

    func normalise(_ draft: PlaceDraft) -> NormalisedPlace {
        var result = MarketSchema.wetMarket.normalise(draft)
        result.fill("kind") { MarketNames.kind(of: $0.name).map { .text($0) } }
        result.fill("goods") { MarketFindings.goods(of: $0.rows("stalls")) }
        result.fill("goods") { MarketNames.goods(in: $0.name).map { .texts($0) } }
        if draft.raw["covered"] == "yes" || draft.raw["indoor"] == "yes" {
            result.fill("indoor", with: .bool(true))
        }
        result.findings += MarketFindings.all(of: result.place)
        return result
    }

    func indexEntry(for place: Place) -> IndexEntry {
        var facets: [String: AttributeValue] = [:]
        let goods = place.options("goods")
        let stalls = place.rows("stalls")
        if !goods.isEmpty { facets["goods_count"] = .whole(goods.count) }
        if !stalls.isEmpty { facets["stalls_listed"] = .whole(stalls.count) }
        facets["step_free"] = place.isStepFree.map { .bool($0) }
        var words = MarketSchema.wetMarket.optionWords(of: place)
        if let sold = MarketFindings.goods(of: stalls), sold != .texts(goods) {
            var all = place
            all.attributes = ["goods": sold]
            words += MarketSchema.wetMarket.optionWords(of: all).filter { !words.contains($0) }
        }
        words += names(of: stalls, room: Self.maximumWords - words.count)
        return IndexEntry(facets: facets, searchWords: words)
    }

    func highlights(for place: Place, in context: HighlightContext) -> [Highlight] {
        MarketHighlights.all(of: place, in: context)
    }

    /// The trade names of the stalls, each once, as many as there is room for; one too long for a word is left out.
    private func names(of stalls: [AttributeRow], room: Int) -> [String] {
        var seen: Set<String> = []
        var names: [String] = []
        for stall in stalls where names.count < room {
            guard let name = stall.text("name"), name.utf8.count <= Self.longestWord,
                seen.insert(name).inserted
            else { continue }
            names.append(name)
        }
        return names
    }

    /// The most search words of a place, and the most bytes of one: limits of the conformance suite.
    private static let maximumWords = 200
    private static let longestWord = 300
}

/// The stamp of the kit and toolchain that this module was built with.
@_cdecl("quarter_module_abi")
public func quarterModuleABI() -> UnsafePointer<CChar> { quarter_abi_stamp() }

/// Makes the module for the daemon.
@_cdecl("quarter_module_make")
public func quarterModuleMake() -> UnsafeMutableRawPointer { ModuleBox.retained(MarketsModule()) }
