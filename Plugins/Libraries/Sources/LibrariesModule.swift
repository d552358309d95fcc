// Libraries: public libraries, reading rooms, farm bookrooms (农家书屋), city studies (城市书房), book exchanges.
// May import: ServiceTypeKit, DirectoryModel, CQuarterABI.

import CQuarterABI
import DirectoryModel
import ServiceTypeKit

/// The module of libraries.
struct LibrariesModule: ServiceTypeModule {
    let manifest = ModuleManifest(
        id: ModuleID(unchecked: "libraries"), name: LocalizedText(zh: "图书馆", en: "Libraries"),
        version: "2.0.0",
        types: [LibrarySchema.library])

    func normalise(_ draft: PlaceDraft) -> NormalisedPlace {
        var result = LibrarySchema.library.normalise(draft)
        readTags(draft.raw, into: &result)
        result.fill("kind") { LibraryNames.kind(of: $0.name).map { .text($0) } }
        result.fill("children_area", with: result.place.attributes["childrens_area"])
        result.fill("childrens_area", with: result.place.attributes["children_area"])
        result.fill("self_service_24h") { place in
            place.text("self_service_hours").map(LibraryTimes.saysAllDay) == true ? .bool(true) : nil
        }
        result.fill("card_needed") { place in place.text("card").map { .bool($0 == "library") } }
        result.fill("lends") { place in
            place.whole("loans") ?? 0 > 0 || place.text("lending_hours") != nil ? .bool(true) : nil
        }
        result.findings += LibraryFindings.all(of: result.place)
        return result
    }

    func indexEntry(for place: Place) -> IndexEntry {
        var facets: [String: AttributeValue] = [:]
        facets["has_seats"] = place.whole("seats").map { .bool($0 > 0) }
        facets["step_free"] = place.isStepFree.map { .bool($0) }
        var words = LibrarySchema.library.optionWords(of: place)
        words += LibraryEvents.words(of: place.rows("events"), room: Self.maximumWords - words.count)
        return IndexEntry(facets: facets, searchWords: words)
    }

    func highlights(for place: Place, in context: HighlightContext) -> [Highlight] {
        LibraryHighlights.all(of: place, in: context)
    }

    /// What tags of OpenStreetMap say that are read in words of their own.
    private func readTags(_ raw: [String: String], into result: inout NormalisedPlace) {
        if raw["amenity"] == "public_bookcase" { result.fill("kind", with: .text("bookcase")) }
        switch raw["internet_access"] {
        case "wlan", "yes", "wifi", "terminal", "wired": result.fill("internet", with: .bool(true))
        case "no": result.fill("internet", with: .bool(false))
        default: break
        }
        switch raw["fee"] {
        case "no": result.fill("free_entry", with: .bool(true))
        case "yes": result.fill("free_entry", with: .bool(false))
        default: break
        }
        switch raw["access"] {
        case "yes", "permissive", "public": result.fill("public_entry", with: .bool(true))
        case "no", "private", "customers", "students", "members":
            result.fill("public_entry", with: .bool(false))
        default: break
        }
    }

    /// The most search words of a place: a limit of the conformance suite.
    private static let maximumWords = 200
}

/// The stamp of the kit and toolchain that this module was built with.
@_cdecl("quarter_module_abi")
public func quarterModuleABI() -> UnsafePointer<CChar> { quarter_abi_stamp() }

/// Makes the module for the daemon.
@_cdecl("quarter_module_make")
public func quarterModuleMake() -> UnsafeMutableRawPointer { ModuleBox.retained(LibrariesModule()) }
