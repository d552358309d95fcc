public import DirectoryModel
public import ServiceTypeKit

/// Which type a plain thing of OpenStreetMap belongs to: a thing that has just this one tag and any name.
///
/// A restaurant is a speciality restaurant, not a canteen; whoever wants some restaurants only has to say which, by a
/// further tag or by words of the name.
///
/// Since: 1.0
public struct CatalogueRules: Hashable, Sendable {
    /// The types that may take a thing with this tag ("amenity=restaurant") and no other; none when it is empty.
    public var owners: [String: Set<ServiceTypeID>]

    /// The rules; see the field.
    public init(owners: [String: Set<ServiceTypeID>]) { self.owners = owners }

    /// The rules of the catalogue of types, one tag a line.
    ///
    /// Source: MOFCOM 商办流通函〔2021〕247号 for the types, the presets of OpenStreetMap's iD editor for the tags.
    /// `amenity=fast_food` stands under breakfast and canteen there, but says neither: only a speciality
    /// restaurant may take it plainly. `amenity=social_facility` is nobody's: it may be anything from a food bank
    /// to a shelter.
    public static let standard = CatalogueRules(
        owners: Dictionary(
            uniqueKeysWithValues: standardOwners.map { tag, types in
                (tag, Set(types.map { ServiceTypeID(unchecked: $0) }))
            }))

    private static let standardOwners: [(String, [String])] = [
        ("shop=convenience", ["convenience_store"]), ("shop=general", ["convenience_store"]),
        ("shop=kiosk", ["convenience_store"]), ("shop=supermarket", ["supermarket"]),
        ("amenity=marketplace", ["wet_market"]), ("shop=greengrocer", ["fresh_grocery"]),
        ("shop=butcher", ["fresh_grocery"]), ("shop=seafood", ["fresh_grocery"]),
        ("shop=frozen_food", ["fresh_grocery"]), ("amenity=fast_food", ["specialty_dining"]),
        ("shop=laundry", ["laundry"]), ("shop=dry_cleaning", ["laundry"]),
        ("shop=hairdresser", ["hair_beauty"]), ("shop=beauty", ["hair_beauty"]),
        ("shop=copyshop", ["photo_print"]), ("shop=photo", ["photo_print"]),
        ("office=employment_agency", ["housekeeping"]), ("shop=repair", ["repair"]),
        ("craft=electronics_repair", ["repair"]), ("shop=shoe_repair", ["repair"]),
        ("shop=locksmith", ["repair"]), ("craft=key_cutter", ["repair"]), ("shop=tailor", ["repair"]),
        ("shop=bicycle", ["repair"]), ("shop=mobile_phone", ["repair"]), ("amenity=pharmacy", ["pharmacy"]),
        ("amenity=post_office", ["post_parcel"]), ("shop=outpost", ["post_parcel", "front_warehouse"]),
        ("amenity=parcel_locker", ["parcel_locker"]), ("amenity=recycling", ["recycling"]),
        ("amenity=car_wash", ["car_wash"]), ("amenity=social_facility", []),
        ("amenity=restaurant", ["specialty_dining"]), ("shop=bakery", ["bakery"]),
        ("shop=pastry", ["bakery"]),
        ("shop=books", ["bookshop"]), ("leisure=fitness_centre", ["gym"]), ("leisure=sports_centre", ["gym"]),
        ("amenity=childcare", ["childcare"]), ("amenity=kindergarten", ["childcare"]),
        ("amenity=prep_school", ["training"]), ("amenity=language_school", ["training"]),
        ("amenity=music_school", ["training"]), ("amenity=dancing_school", ["training"]),
        ("office=educational_institution", ["training"]), ("shop=travel_agency", ["travel"]),
        ("shop=massage", ["wellness"]), ("shop=nutrition_supplements", ["wellness"]),
        ("shop=herbalist", ["wellness"]), ("shop=florist", ["flower_gift"]), ("shop=gift", ["flower_gift"]),
        ("amenity=cafe", ["tea_coffee"]), ("shop=tea", ["tea_coffee"]), ("shop=pet", ["pet"]),
        ("shop=pet_grooming", ["pet"]), ("amenity=veterinary", ["pet"]), ("amenity=library", ["library"]),
        ("amenity=public_bookcase", ["library"]), ("amenity=community_centre", ["community_centre"]),
        ("amenity=townhall", ["community_centre"]), ("amenity=clinic", ["clinic"]),
        ("amenity=doctors", ["clinic"]), ("amenity=charging_station", ["ev_charging"]),
        ("amenity=toilets", ["toilet"]), ("amenity=school", []), ("amenity=college", []),
        ("amenity=university", []), ("building=yes", []), ("shop=yes", []), ("office=yes", []),
    ]

    /// What is too greedy about a type's selectors, one line each.
    public func greedySelectors(of type: ServiceTypeDescription) -> [String] {
        var problems: [String] = []
        for (tag, types) in owners.sorted(by: { $0.key < $1.key }) where !types.contains(type.id) {
            let parts = tag.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2 else { continue }
            // With a name that says nothing, and with none.
            for name in [nil, "1号"] {
                let takes = type.osmSelectors.contains { selector in
                    selector.matches(tag: { $0 == parts[0] ? parts[1] : nil }, name: name) != nil
                }
                if takes {
                    let owner = types.map(\.rawValue).sorted().joined(separator: ", ")
                    problems.append(
                        "type \(type.id) takes every \(tag), which belongs to \(owner.isEmpty ? "no type" : owner); "
                            + "add a tag or name words to the selector")
                    break
                }
            }
        }
        for selector in type.osmSelectors {
            for word in selector.nameWords where word.count < 2 {
                problems.append(
                    "type \(type.id): the name word “\(word)” has one character and is in too many names")
            }
        }
        return problems
    }
}
