// Canteens: community canteens and meal points for elders (社区食堂, 银发餐厅, 助餐点): sittings, menu, prices, for whom.
// May import: ServiceTypeKit, DirectoryModel, CQuarterABI.

import CQuarterABI
import DirectoryModel
import ServiceTypeKit

/// The module of community canteens.
struct CanteensModule: ServiceTypeModule {
    let manifest = ModuleManifest(
        id: ModuleID(unchecked: "canteens"), name: LocalizedText(zh: "社区食堂", en: "Canteens"),
        version: "2.0.0",
        types: [CanteenSchema.canteen])

    func normalise(_ draft: PlaceDraft) -> NormalisedPlace {
        var result = CanteenSchema.canteen.normalise(draft)
        let prices = result.place.rows("prices")
        if !prices.isEmpty {
            result.place.attributes["prices"] = .rows(CanteenPrices.withAges(prices))
        }
        let priced = Sitting.allCases.filter { $0.priceKeys.contains { result.place.money($0) != nil } }
        result.fill("sittings", with: Sitting.values(served(draft.raw)))
        result.fill("sittings") { Sitting.values(Sitting.named(in: $0.rows("sitting_times"))) }
        result.fill("sittings") { place in
            let named =
                priced + Sitting.named(in: place.rows("prices")) + Sitting.named(in: place.rows("menu"))
            return Sitting.values(Sitting.allCases.filter(named.contains))
        }
        result.fill("diets", with: diets(draft.raw))
        result.findings += CanteenFindings.all(of: result.place, priced: priced)
        noteStaffCanteen(&result)
        return result
    }

    func indexEntry(for place: Place) -> IndexEntry {
        var facets: [String: AttributeValue] = [:]
        facets["lowest_price"] = CanteenPrices.lowest(of: place).map { .money($0) }
        facets["elder_price"] = CanteenPrices.forElder(of: place).map { .money($0) }
        let openTo = place.options("open_to")
        if !openTo.isEmpty { facets["for_everyone"] = .bool(openTo.contains("everyone")) }
        facets["step_free"] = place.isStepFree.map { .bool($0) }
        return IndexEntry(facets: facets, searchWords: CanteenSchema.canteen.optionWords(of: place))
    }

    func highlights(for place: Place, in context: HighlightContext) -> [Highlight] {
        CanteenHighlights.all(of: place, in: context)
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
