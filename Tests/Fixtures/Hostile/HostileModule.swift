// Hostile: a module for the tests of ModuleHost that returns what it must not, and takes its time.
// May import: ServiceTypeKit, DirectoryModel, CQuarterABI.

import CQuarterABI
import DirectoryModel
import Glibc
import ServiceTypeKit

struct HostileModule: ServiceTypeModule {
    let manifest = ModuleManifest(
        id: ModuleID(unchecked: "hostile"), name: LocalizedText(zh: "敌意", en: "Hostile"), version: "1.0.0",
        types: [
            ServiceTypeDescription(
                id: ServiceTypeID(unchecked: "hostile_shop"),
                name: LocalizedText(zh: "怪店", en: "Hostile shop"),
                serviceClass: .quality, order: 2001, targetMinutes: 15,
                attributes: [
                    AttributeDescription(
                        key: "area", name: LocalizedText(zh: "面积", en: "Area"),
                        kind: .decimal(unit: nil, range: nil)),
                    AttributeDescription(key: "open", name: LocalizedText(zh: "开", en: "Open"), kind: .bool),
                    AttributeDescription(
                        key: "shelves", name: LocalizedText(zh: "货架", en: "Shelves"),
                        kind: .rows(
                            RowSchema(
                                columns: [
                                    AttributeDescription(
                                        key: "label", name: LocalizedText(zh: "名", en: "Label"), kind: .text),
                                    AttributeDescription(
                                        key: "width", name: LocalizedText(zh: "宽", en: "Width"),
                                        kind: .decimal(unit: nil, range: nil)),
                                ], rowName: LocalizedText(zh: "货架", en: "shelf")))),
                ],
                source: "a fixture of the tests of ModuleHost")
        ])

    func normalise(_ draft: PlaceDraft) -> NormalisedPlace {
        if draft.place.name == "slow" { usleep(60_000) }
        var place = draft.place
        if let shelves = Self.shelves[place.name] {
            place.attributes["shelves"] = .rows(shelves)
            return NormalisedPlace(place: place)
        }
        if place.name == "bytes" {
            place.name = Self.brokenText
            return NormalisedPlace(place: place)
        }
        place.id = PlaceID(unchecked: "somebody-else")
        place.type = ServiceTypeID(unchecked: "wet_market")
        place.name = ""
        place.hours = String(repeating: "长", count: 1_000_000)
        place.attributes = [
            "area": .decimal(.nan), "open": .bool(true), "unknown": .text("x"),
        ]
        let finding = Finding(
            .warning, code: String(repeating: "c", count: 1000),
            message: LocalizedText(zh: String(repeating: "话", count: 100_000), en: "long"))
        return NormalisedPlace(place: place, findings: Array(repeating: finding, count: 1000))
    }

    /// Tables that no record may have, by the name of the place.
    private static let shelves: [String: [AttributeRow]] = [
        // Ten million bytes in one cell, the same in many rows, and numbers that are none.
        "huge cell": [AttributeRow(["label": .text(String(repeating: "架", count: 3_400_000))])],
        "many rows": Array(
            repeating: AttributeRow(["label": .text(String(repeating: "架", count: 400))]), count: 8_400),
        "not a number": [AttributeRow(["label": .text("甲"), "width": .decimal(.nan)])],
        "infinite": [AttributeRow(["width": .decimal(-.infinity)])],
        "unknown column": [AttributeRow(["label": .text("甲"), "depth": .whole(1)])],
        "wrong kind": [AttributeRow(["label": .bool(true)])],
    ]

    /// What comes of bytes that are no UTF-8: a part of a Han character, and what no encoding has.
    private static var brokenText: String {
        String(decoding: [0xE5, 0xBA, 0xFF, 0xC0, 0xAF, 0x41] as [UInt8], as: UTF8.self)
    }

    func indexEntry(for place: Place) -> IndexEntry {
        IndexEntry(
            facets: ["infinite": .decimal(.infinity), "area": .decimal(1)],
            searchWords: ["", "好词", String(repeating: "w", count: 10_000_000)])
    }

    func highlights(for place: Place, in context: HighlightContext) -> [Highlight] {
        switch place.name {
        case "slow": usleep(60_000)
        case "bytes": return [Highlight(LocalizedText(zh: Self.brokenText, en: Self.brokenText))]
        case "ten megabytes":
            let long = String(repeating: "亮", count: 3_400_000)
            return [Highlight(LocalizedText(zh: long, en: long))]
        default: break
        }
        let long = String(repeating: "亮", count: 1_000_000)
        return Array(repeating: Highlight(LocalizedText(zh: long, en: "two\nlines")), count: 100)
    }
}

/// The ABI stamp of this module.
@_cdecl("quarter_module_abi")
public func quarterModuleABI() -> UnsafePointer<CChar> { quarter_abi_stamp() }

/// Makes the module, in a box that the caller owns.
@_cdecl("quarter_module_make")
public func quarterModuleMake() -> UnsafeMutableRawPointer { ModuleBox.retained(HostileModule()) }
