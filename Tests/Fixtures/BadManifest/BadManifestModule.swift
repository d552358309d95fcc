// BadManifest: a module for the tests of ModuleHost whose manifest breaks several rules at once.
// May import: ServiceTypeKit, DirectoryModel, CQuarterABI.

import CQuarterABI
import DirectoryModel
import ServiceTypeKit

struct BadManifestModule: ServiceTypeModule {
    var manifest: ModuleManifest {
        let type = ServiceTypeDescription(
            id: ServiceTypeID(unchecked: "Bad Type"), name: LocalizedText(zh: "", en: "Bad"),
            serviceClass: .basic,
            order: 0, targetMinutes: 90, source: "")
        return ModuleManifest(
            id: ModuleID(unchecked: "bad_manifest"), name: LocalizedText(zh: "坏", en: "Bad"), version: "one",
            types: [type])
    }

    func normalise(_ draft: PlaceDraft) -> NormalisedPlace { NormalisedPlace(place: draft.place) }

    func indexEntry(for place: Place) -> IndexEntry { IndexEntry() }

    func highlights(for place: Place, in context: HighlightContext) -> [Highlight] { [] }
}

/// The ABI stamp of this module.
@_cdecl("quarter_module_abi")
public func quarterModuleABI() -> UnsafePointer<CChar> { quarter_abi_stamp() }

/// Makes the module, in a box that the caller owns.
@_cdecl("quarter_module_make")
public func quarterModuleMake() -> UnsafeMutableRawPointer { ModuleBox.retained(BadManifestModule()) }
