internal import DirectoryAPI
package import DirectoryModel
internal import OpeningTimes
package import ServiceTypeKit

/// The lists of a document on their way.
package struct HSDSDocument {
    private let directory: String
    private let uuids: HSDSNames
    private let now: Timestamp
    private let types: [ServiceTypeID: ServiceTypeDescription]
    private let communities: [CommunityID: Community]
    private var organisations: Set<OrganisationID> = []
    private(set) var lists: [HSDSKind: [HSDSObject]] = [:]
    private var weeks: [String: WeeklyTimes?] = [:]

    /// An empty document.
    ///
    /// - Parameters:
    ///   - directory: the identity of the directory, from which all ids are made.
    ///   - types: every service type.
    ///   - communities: every community.
    ///   - now: the present moment: which places are suspended, and from which week on times are looked at.
    package init(
        directory: String, types: [ServiceTypeDescription], communities: [Community], at now: Timestamp
    ) {
        self.directory = directory
        self.now = now
        uuids = HSDSNames(directory: directory)
        self.types = Dictionary(types.map { ($0.id, $0) }) { first, _ in first }
        self.communities = Dictionary(communities.map { ($0.id, $0) }) { first, _ in first }
    }

    private mutating func add(
        _ kind: HSDSKind, _ name: String, _ fill: (inout HSDSObject) -> Void
    ) {
        var object = HSDSObject(id: uuids.id(name))
        fill(&object)
        lists[kind, default: []].append(object)
    }

    /// The document as one JSON object, each kind of object in a list of its own.
    package func json(revision: Revision, attributions: [String]) -> [UInt8] {
        var json = JSONWriter(capacity: 1 << 18)
        json.beginObject()
        json.key("version")
        json.string("3.0")
        json.key("profile")
        json.string("quarter-china")
        json.key("directory")
        json.string(directory)
        json.key("revision")
        json.whole(revision.number)
        json.attribution(attributions)
        for kind in HSDSKind.allCases {
            json.key(kind.rawValue)
            json.beginArray()
            for object in lists[kind] ?? [] { object.write(to: &json) }
            json.endArray()
        }
        json.endObject()
        return json.bytes()
    }

    // MARK: types

    private static let typeTaxonomy = "taxonomy/types"
    private static let attributeTaxonomy = "taxonomy/attributes"

    static func term(_ type: ServiceTypeID) -> String { "type/\(type.rawValue)" }

    static func term(_ type: ServiceTypeID, _ key: String) -> String {
        "type/\(type.rawValue)/attribute/\(key)"
    }

    /// Adds types and their attributes as terms of two taxonomies.
    ///
    /// - Parameter scoped: the types that are told; places name these alone.
    package mutating func add(types scoped: [ServiceTypeDescription]) {
        let ids = uuids
        add(.taxonomies, Self.typeTaxonomy) {
            $0.say("name", "一刻钟便民生活圈业态")
            $0.say(
                "description",
                "Service types of the quarter-hour circle: the catalogue and what a directory adds to it")
        }
        add(.taxonomies, Self.attributeTaxonomy) {
            $0.say("name", "业态属性")
            $0.say("description", "Attributes of the service types, by type and key")
        }
        // Places of a narrower scope name these types alone, and what no type describes any more names none.
        for type in scoped {
            add(.taxonomyTerms, Self.term(type.id)) {
                $0.say("code", type.id.rawValue)
                $0.say("name", type.name.zh)
                $0.say("description", type.name.en)
                $0.say("taxonomy", "一刻钟便民生活圈业态")
                $0.say("taxonomy_id", ids.id(Self.typeTaxonomy))
                $0.say("language", "zh")
            }
            for attribute in type.attributes where Self.isFact(attribute) {
                add(.taxonomyTerms, Self.term(type.id, attribute.key)) {
                    $0.say("code", "\(type.id.rawValue).\(attribute.key)")
                    $0.say("name", attribute.name.zh)
                    $0.say("description", "\(type.name.en): \(attribute.name.en)")
                    $0.say("parent_id", ids.id(Self.term(type.id)))
                    $0.say("taxonomy", "业态属性")
                    $0.say("taxonomy_id", ids.id(Self.attributeTaxonomy))
                    $0.say("language", "zh")
                }
            }
        }
    }

    /// Whether an attribute is one value that HSDS can hold as a text.
    private static func isFact(_ attribute: AttributeDescription) -> Bool {
        if case .rows = attribute.kind { return false }
        return true
    }

    // MARK: organisations

    /// Adds an organisation; before the places that it runs.
    package mutating func add(_ organisation: Organisation) {
        let ids = uuids
        organisations.insert(organisation.id)
        let name = "organisation/\(organisation.id.rawValue)"
        let id = ids.id(name)
        add(.organizations, name) {
            $0.say("name", organisation.name)
            $0.say("alternate_name", organisation.nameEnglish)
            $0.say("description", organisation.about ?? organisation.kind.officeWord)
            $0.say("legal_status", organisation.kind.officeWord)
            $0.say("quarter_id", organisation.id.rawValue)
        }
        if let code = organisation.creditCode {
            add(.organizationIdentifiers, name + "/credit_code") {
                $0.say("organization_id", id)
                $0.say("identifier_scheme", "CN-USCC")
                $0.say("identifier_type", "统一社会信用代码")
                $0.say("identifier", code)
            }
        }
        if let phone = organisation.phone {
            add(.phones, name + "/phone") {
                $0.say("organization_id", id)
                $0.say("number", phone)
                $0.say("type", "voice")
            }
        }
    }

    // MARK: places

    /// Names of the objects of one place.
    struct Names {
        let service: String
        let location: String
        let both: String

        init(_ place: PlaceID) {
            let name = "place/\(place.rawValue)/"
            (service, location, both) = (name + "service", name + "location", name + "service_at_location")
        }
    }

    /// Adds a place: a service, its location, and the two together.
    package mutating func add(_ place: Place) {
        let ids = uuids
        let names = Names(place.id)
        let service = ids.id(names.service)
        let communities = communities
        addService(place, names)
        addLocation(place, names)
        add(.servicesAtLocations, names.both) {
            $0.say("service_id", service)
            $0.say("location_id", ids.id(names.location))
            $0.say("description", place.room)
        }
        if let phone = place.phone {
            add(.phones, names.service + "/phone") {
                $0.say("service_id", service)
                $0.say("number", phone)
                $0.say("type", "voice")
            }
        }
        addTimes(place, names)
        for community in place.serviceArea.communities {
            add(.serviceAreas, names.service + "/area/\(community.rawValue)") {
                $0.say("service_id", service)
                $0.say("name", communities[community]?.name ?? community.rawValue)
                $0.say("extent", communities[community]?.administrativeCode)
                $0.say("extent_type", communities[community]?.administrativeCode.map { _ in "other" })
            }
        }
        if let type = types[place.type] { addFacts(place, type, names) }
    }

    private mutating func addService(_ place: Place, _ names: Names) {
        let ids = uuids
        let organisation = place.organisation.flatMap { organisations.contains($0) ? $0 : nil }
        let status = status(of: place)
        add(.services, names.service) {
            $0.say("organization_id", organisation.map { ids.id("organisation/\($0.rawValue)") })
            $0.say("name", place.name)
            $0.say("alternate_name", place.nameEnglish)
            $0.say("status", status)
            $0.say("quarter_id", place.id.rawValue)
        }
    }

    /// One of HSDS's words.
    private func status(of place: Place) -> String {
        if place.status == .closedAtSource { return "defunct" }
        let zone =
            place.community.flatMap { communities[$0]?.timeZone }
            .flatMap { try? OpeningZone(identifier: $0) } ?? .shanghai
        let isSuspended = place.exceptions.contains { exception in
            exception.effect == .suspended && exception.from.begins(by: now, in: zone)
                && exception.until?.isOver(by: now, in: zone) != true
        }
        return isSuspended ? "temporarily closed" : "active"
    }

    private mutating func addLocation(_ place: Place, _ names: Names) {
        let ids = uuids
        let location = ids.id(names.location)
        let code = place.community.flatMap { communities[$0]?.administrativeCode }
        add(.locations, names.location) {
            $0.say("location_type", place.location == nil && place.address == nil ? "virtual" : "physical")
            $0.say("name", place.name)
            $0.say("alternate_name", place.nameEnglish)
            $0.say("latitude", place.location.map { .degrees($0.latitude.value) })
            $0.say("longitude", place.location.map { .degrees($0.longitude.value) })
            $0.say("external_identifier", code)
            $0.say("external_identifier_type", code.map { _ in "统计用区划代码" })
        }
        if let address = place.address {
            add(.addresses, names.location + "/address") {
                $0.say("location_id", location)
                $0.say("address_1", address)
                // The profile: divisions by their codes (GB/T 2260), and no postcode, which registers do not have.
                $0.say("city", Self.division(code, digits: 4))
                $0.say("state_province", Self.division(code, digits: 2))
                $0.say("postal_code", "")
                $0.say("country", "CN")
                $0.say("address_type", "physical")
            }
        }
        guard let type = types[place.type] else { return }
        for key in ["wheelchair", "accessible_toilet"] {
            guard let attribute = type.attributes.first(where: { $0.key == key }),
                let value = place.attributes[key]
            else { continue }
            add(.accessibility, names.location + "/accessibility/" + key) {
                $0.say("location_id", location)
                $0.say("description", attribute.name.zh)
                $0.say("details", attribute.text(of: value, in: .zh))
            }
        }
    }

    /// The six digits of a division above a code; empty where there is none.
    private static func division(_ code: String?, digits: Int) -> String {
        guard let code, code.utf8.count >= 6 else { return "" }
        return code.prefix(digits) + String(repeating: "0", count: 6 - digits)
    }

    private mutating func addTimes(_ place: Place, _ names: Names) {
        let ids = uuids
        guard let hours = place.hours else { return }
        let week: WeeklyTimes?
        if let known = weeks[hours] {
            week = known
        } else {
            week = WeeklyTimes(hours, at: now)
            weeks[hours] = .some(week)
        }
        let both = ids.id(names.both)
        guard let week else {
            return add(.schedules, names.both + "/schedule") {
                $0.say("service_at_location_id", both)
                $0.say("description", hours)
            }
        }
        for (number, block) in week.blocks.enumerated() {
            add(.schedules, names.both + "/schedule/\(number)") {
                $0.say("service_at_location_id", both)
                $0.say("freq", "WEEKLY")
                $0.say("interval", .whole(1))
                $0.say("byday", block.byDay)
                $0.say("opens_at", block.opensAt)
                $0.say("closes_at", block.closesAt)
                $0.say("description", hours)
            }
        }
    }

    /// The type as a term, and each attribute as a fact, a price, a language.
    private mutating func addFacts(_ place: Place, _ type: ServiceTypeDescription, _ names: Names) {
        let ids = uuids
        let service = ids.id(names.service)
        add(.attributes, names.service + "/type") {
            $0.say("link_id", service)
            $0.say("link_entity", "service")
            $0.say("taxonomy_term_id", ids.id(Self.term(type.id)))
            $0.say("value", type.name.zh)
        }
        for attribute in type.attributes {
            guard let value = place.attributes[attribute.key], Self.isFact(attribute) else { continue }
            add(.attributes, names.service + "/attribute/" + attribute.key) {
                $0.say("link_id", service)
                $0.say("link_entity", "service")
                $0.say("taxonomy_term_id", ids.id(Self.term(type.id, attribute.key)))
                $0.say("label", attribute.name.zh)
                $0.say("value", attribute.text(of: value, in: .zh))
            }
            if case .money(let amount) = value {
                add(.costOptions, names.service + "/cost/" + attribute.key) {
                    $0.say("service_id", service)
                    $0.say("option", attribute.name.zh)
                    $0.say("currency", "CNY")
                    $0.say("amount", .decimal(Double(amount.fen) / 100))
                }
            }
            if attribute.key == "languages", case .manyOf(let options) = attribute.kind,
                case .texts(let keys) = value
            {
                for key in keys {
                    add(.languages, names.service + "/language/" + key) { object in
                        object.say("service_id", service)
                        object.say("name", options.first { $0.key == key }?.name.zh ?? key)
                        if key.utf8.count == 2 { object.say("code", key) }
                    }
                }
            }
        }
    }
}

extension DatedException.Edge {
    /// Whether a span that begins here has begun.
    fileprivate func begins(by now: Timestamp, in zone: OpeningZone) -> Bool {
        switch self {
        case .moment(let moment): moment <= now
        case .day(let day): LocalDay(of: now, in: zone).map { day <= $0 } ?? false
        }
    }

    /// Whether a span that ends here is over; a day counts whole.
    fileprivate func isOver(by now: Timestamp, in zone: OpeningZone) -> Bool {
        switch self {
        case .moment(let moment): moment <= now
        case .day(let day): LocalDay(of: now, in: zone).map { day < $0 } ?? false
        }
    }
}

extension Organisation.Kind {
    /// For a reader.
    fileprivate var officeWord: String {
        switch self {
        case .company: "企业"
        case .soleTrader: "个体工商户"
        case .government: "党政机关"
        case .publicInstitution: "事业单位"
        case .socialOrganisation: "社会组织"
        case .residents: "居民自治组织"
        case .other: "其他机构"
        }
    }
}
