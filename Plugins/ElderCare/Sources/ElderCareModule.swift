// ElderCare: elder-care stations, day care centres, nursing homes: services with prices at the station and at home, beds.
// May import: ServiceTypeKit, DirectoryModel, CQuarterABI.

import CQuarterABI
import DirectoryModel
import ServiceTypeKit

/// The module of elder care.
struct ElderCareModule: ServiceTypeModule {
    let manifest = ModuleManifest(
        id: ModuleID(unchecked: "elder_care"), name: LocalizedText(zh: "养老服务", en: "Elder care"),
        version: "2.0.0",
        types: [ElderCareSchema.elderCare])

    func normalise(_ draft: PlaceDraft) -> NormalisedPlace {
        var result = ElderCareSchema.elderCare.normalise(draft)
        result.fill("kind") { ElderCareNames.kind(of: $0.name).map { .text($0) } }
        result.fill(
            "kind", with: ElderCareNames.kind(ofFacility: draft.raw["social_facility"]).map { .text($0) })
        result.fill("services") { Self.offered($0, at: "station") }
        result.fill("home_services") { Self.offered($0, at: "home") }
        if !result.place.options("home_services").isEmpty, !result.place.rows("offers").isEmpty {
            // The table says it all: there is nothing to be had at the station.
            result.findings.removeAll { $0.field == "services" && $0.code == FindingCode.missing }
        }
        result.findings += ElderCareFindings.all(draft.raw, result.place)
        return result
    }

    func indexEntry(for place: Place) -> IndexEntry {
        var facets: [String: AttributeValue] = [:]
        let offers = place.rows("offers")
        let atHome =
            !place.options("home_services").isEmpty || offers.contains { $0.isAt("home", in: place) }
        let any = Set(
            place.options("services") + place.options("home_services")
                + offers.compactMap { $0.text("service") })
        if !any.isEmpty {
            // In the schema's order, as every list of options is stored.
            facets["any_service"] = .texts(ElderCareSchema.serviceKeys.filter(any.contains))
            facets["at_home"] = .bool(atHome)
        }
        facets["has_free_bed"] = place.whole("beds_free").map { .bool($0 > 0) }
        facets["has_free_day_place"] = place.whole("day_places_free").map { .bool($0 > 0) }
        facets["lowest_service_price"] = offers.compactMap { $0.money("price") }.min().map {
            .money($0)
        }
        facets["step_free"] = place.isStepFree.map { .bool($0) }
        return IndexEntry(facets: facets, searchWords: ElderCareSchema.elderCare.optionWords(of: place))
    }

    func highlights(for place: Place, in context: HighlightContext) -> [Highlight] {
        ElderCareLines.all(of: place, in: context)
    }

    /// The services of the table that are given at a place, in the schema's order; nil when there are none.
    private static func offered(_ place: Place, at location: String) -> AttributeValue? {
        let rows = place.rows("offers")
        if rows.isEmpty { return nil }
        let keys = Set(rows.filter { $0.isAt(location, in: place) }.compactMap { $0.text("service") })
        return keys.isEmpty ? nil : .texts(ElderCareSchema.serviceKeys.filter(keys.contains))
    }
}

extension AttributeRow {
    /// Whether the service is given at the station or at home.
    ///
    /// One that does not say where is given where people come to, or at home where they cannot come.
    func isAt(_ location: String, in place: Place) -> Bool {
        let stated = options("where")
        return stated.isEmpty
            ? location == (place.receivesNobody ? "home" : "station") : stated.contains(location)
    }
}

extension Place {
    /// Whether nobody is received there, as the record itself or a register says.
    var receivesNobody: Bool { !isWalkIn || flag("walk_in") == false }
}

/// The stamp of the kit and toolchain that this module was built with.
@_cdecl("quarter_module_abi")
public func quarterModuleABI() -> UnsafePointer<CChar> { quarter_abi_stamp() }

/// Makes the module for the daemon.
@_cdecl("quarter_module_make")
public func quarterModuleMake() -> UnsafeMutableRawPointer { ModuleBox.retained(ElderCareModule()) }
