// HSDS: the objects of the Human Services Data Specification 3.0, made from records, as a file and as answers.
// May import: DirectoryAPI, ServiceTypeKit, DirectoryModel, Digests, OpeningTimes.

internal import Digests
internal import DirectoryAPI
internal import DirectoryModel

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

    /// An object with an id.
    init(id: String) { self.id = id }

    /// Says something; nothing where there is no value.
    mutating func say(_ key: String, _ value: Value?) {
        if let value { members.append((key, value)) }
    }

    /// Says a text; nothing where there is none.
    mutating func say(_ key: String, _ text: String?) {
        if let text { members.append((key, .text(text))) }
    }

    /// The text under a key; nil where there is none.
    func text(_ key: String) -> String? {
        for case (key, .text(let text)) in members { return text }
        return nil
    }

    /// Writes it.
    func write(to json: inout JSONWriter) {
        write(to: &json, without: []) { _ in }
    }

    /// Writes it with what belongs to it.
    ///
    /// - Parameter hidden: keys that are left out: what it is nested in says the same.
    func write(
        to json: inout JSONWriter, without hidden: Set<String>, _ more: (inout JSONWriter) -> Void
    ) {
        json.beginObject()
        json.key("id")
        json.string(id)
        for (key, value) in members where !hidden.contains(key) {
            json.key(key)
            switch value {
            case .text(let text): json.string(text)
            case .whole(let number): json.whole(number)
            case .decimal(let number): json.decimal(number)
            case .degrees(let number): json.fixed(number, places: 7)
            }
        }
        more(&json)
        json.endObject()
    }
}

/// Makes the UUIDs of a directory's objects: the same name gives the same one for ever, and another one in another directory.
struct HSDSNames {
    private let namespace: [UInt8]

    /// - Parameter directory: the identity of the directory, a UUID.
    init(directory: String) {
        let digits = directory.utf8.compactMap { Character(UnicodeScalar($0)).hexDigitValue }
        let bytes = stride(from: 0, to: digits.count - 1, by: 2).map {
            UInt8(digits[$0] << 4 | digits[$0 + 1])
        }
        precondition(bytes.count == 16, "a directory's identity is a UUID")
        namespace = bytes
    }

    /// The UUID of a name, such as `place/osm-n1/location`.
    func id(_ name: String) -> String { NameUUID.text(of: name, in: namespace) }
}
