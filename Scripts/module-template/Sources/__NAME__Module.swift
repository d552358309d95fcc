// __NAME__: fill me in, the one job of this module in one line.
// May import: ServiceTypeKit, DirectoryModel, CQuarterABI.

import CQuarterABI
import DirectoryModel
import ServiceTypeKit

/// The module of __WORDS__.
struct __NAME__Module: ServiceTypeModule {
    let manifest = ModuleManifest(
        id: ModuleID(unchecked: "__MODULE_ID__"), name: LocalizedText(zh: "待填写", en: "__TITLE__"),
        version: "1.0.0", types: [Self.description])

    func normalise(_ draft: PlaceDraft) -> NormalisedPlace {
        // The schema reads tags and columns. What it cannot know comes behind: result.fill(…), result.findings.append(…).
        Self.description.normalise(draft)
    }

    func indexEntry(for place: Place) -> IndexEntry {
        // Derived facts, declared in `facets` below, go into IndexEntry(facets:).
        IndexEntry(searchWords: Self.description.optionWords(of: place))
    }

    func highlights(for place: Place, in context: HighlightContext) -> [Highlight] {
        // Most important first, at most four; `context.minuteOfDay` and `context.weekday` are local, on arrival.
        Self.description.plainHighlights(for: place)
    }

    /// The schema: what a place of this type is, and how sources say it.
    static let description = ServiceTypeDescription(
        id: ServiceTypeID(unchecked: "__TYPE_ID__"), name: LocalizedText(zh: "待填写", en: "Fill me in"),
        serviceClass: .basic, order: 1_000, targetMinutes: 15, searchWords: ["待填写"],
        attributes: [
            AttributeDescription(
                key: "example", name: LocalizedText(zh: "待填写", en: "Fill me in"), kind: .bool, isFacet: true,
                columnNames: ["示例"])
        ],
        osmSelectors: [OSMSelector(tags: ["shop": "fill me in"])], calendarPolicy: .commercial,
        source: "fill me in: the paper or the office that the type comes from")
}

/// The stamp of the kit and toolchain that this module was built with.
@_cdecl("quarter_module_abi")
public func quarterModuleABI() -> UnsafePointer<CChar> { quarter_abi_stamp() }

/// Makes the module for the daemon.
@_cdecl("quarter_module_make")
public func quarterModuleMake() -> UnsafeMutableRawPointer { ModuleBox.retained(__NAME__Module()) }
