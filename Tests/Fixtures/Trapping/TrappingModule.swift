// Trapping: a module for the tests of ModuleHost that ends the process, or never returns, when it is told to.
// May import: ServiceTypeKit, DirectoryModel, CQuarterABI.

import CQuarterABI
import DirectoryModel
import ServiceTypeKit

/// What it does hangs on the place's name: "trap", "overflow" and "loop"; any other name is sound.
struct TrappingModule: ServiceTypeModule {
    let manifest = ModuleManifest(
        id: ModuleID(unchecked: "trapping"), name: LocalizedText(zh: "陷阱", en: "Trapping"), version: "1.2.3",
        types: [
            ServiceTypeDescription(
                id: ServiceTypeID(unchecked: "trap_shop"), name: LocalizedText(zh: "陷阱店", en: "Trap shop"),
                serviceClass: .quality, order: 2000, targetMinutes: 15,
                source: "a fixture of the tests of ModuleHost")
        ])

    func normalise(_ draft: PlaceDraft) -> NormalisedPlace {
        switch draft.place.name {
        case "trap":
            let numbers = [draft.raw.count]
            return NormalisedPlace(
                place: draft.place, findings: Array(repeating: finding, count: numbers[numbers.count]))
        case "overflow": return NormalisedPlace(place: draft.place, findings: deeper(draft.raw.count))
        case "loop":
            var place = draft.place
            while place.name == "loop" { place.address = place.address == nil ? "" : nil }
            return NormalisedPlace(place: place)
        default: return NormalisedPlace(place: draft.place)
        }
    }

    func indexEntry(for place: Place) -> IndexEntry { IndexEntry() }

    func highlights(for place: Place, in context: HighlightContext) -> [Highlight] {
        [Highlight(LocalizedText(zh: "一切正常", en: "All is well"), tone: .good)]
    }

    private var finding: Finding {
        Finding(.note, code: "never", message: LocalizedText(zh: "没有", en: "Never"))
    }

    private func deeper(_ depth: Int) -> [Finding] {
        depth < 0 ? [] : deeper(depth + 1) + [finding]
    }
}

/// The ABI stamp of this module.
@_cdecl("quarter_module_abi")
public func quarterModuleABI() -> UnsafePointer<CChar> { quarter_abi_stamp() }

/// Makes the module, in a box that the caller owns.
@_cdecl("quarter_module_make")
public func quarterModuleMake() -> UnsafeMutableRawPointer { ModuleBox.retained(TrappingModule()) }
