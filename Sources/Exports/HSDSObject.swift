internal import Digests
internal import DirectoryAPI

/// The kinds of objects of HSDS 3.0 that are written, by the names of their lists.
enum HSDSKind: String, CaseIterable {
    case organizations
    case organizationIdentifiers = "organization_identifiers"
    case services
    case locations
    case servicesAtLocations = "service_at_locations"
    case schedules
    case phones
    case addresses
    case taxonomies
    case taxonomyTerms = "taxonomy_terms"
    case attributes
    case costOptions = "cost_options"
    case languages
    case accessibility
    case serviceAreas = "service_areas"
}

/// One object of HSDS: an id, and what it says.
struct HSDSObject {
    /// A value of a member.
    enum Value {
        case text(String)
        case whole(Int)
        case decimal(Double)
        /// Degrees, with seven decimals.
        case degrees(Double)
    }

    /// Its UUID.
    let id: String
    private(set) var members: [(key: String, value: Value)] = []

    /// An object of Quarter's own name.
    ///
    /// - Parameter name: what it is of, such as `place/osm-n1/location`: the same name gives the same id for ever.
    init(_ name: String) { id = Self.id(name) }

    /// The UUID of a name.
    static func id(_ name: String) -> String { NameUUID.text(of: name, in: namespace) }

    /// The namespace of Quarter's names: chosen at random, once.
    private static let namespace: [UInt8] = [
        0x7B, 0x1D, 0x5C, 0x0E, 0x62, 0x9F, 0x4A, 0x3B, 0x8E, 0x54, 0x1F, 0xA6, 0x0B, 0xD2, 0x93, 0x47,
    ]

    /// Says something; nothing where there is no value.
    mutating func say(_ key: String, _ value: Value?) {
        if let value { members.append((key, value)) }
    }

    /// Says a text; nothing where there is none.
    mutating func say(_ key: String, _ text: String?) {
        if let text { members.append((key, .text(text))) }
    }

    /// Writes it.
    func write(to json: inout JSONWriter) {
        json.beginObject()
        json.key("id")
        json.string(id)
        for (key, value) in members {
            json.key(key)
            switch value {
            case .text(let text): json.string(text)
            case .whole(let number): json.whole(number)
            case .decimal(let number): json.decimal(number)
            case .degrees(let number): json.fixed(number, places: 7)
            }
        }
        json.endObject()
    }
}
