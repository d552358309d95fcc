internal import DirectoryAPI

/// The objects of a document with what belongs to them inside, as the HSDS API answers them.
struct HSDSNest {
    private let lists: [HSDSKind: [HSDSObject]]
    /// Objects by what they belong to.
    private var children: [HSDSKind: [String: [HSDSObject]]] = [:]
    private var byID: [String: HSDSObject] = [:]

    /// The key under which an object names what it belongs to.
    private static let parents: [HSDSKind: [String]] = [
        .organizationIdentifiers: ["organization_id"],
        .servicesAtLocations: ["service_id"], .schedules: ["service_at_location_id"],
        .phones: ["service_id", "organization_id"], .addresses: ["location_id"], .attributes: ["link_id"],
        .costOptions: ["service_id"], .languages: ["service_id"], .accessibility: ["location_id"],
        .serviceAreas: ["service_id"],
    ]

    init(_ document: HSDSDocument) {
        lists = document.lists
        for (kind, keys) in Self.parents {
            for object in lists[kind] ?? [] {
                for key in keys {
                    guard let parent = object.text(key) else { continue }
                    children[kind, default: [:]][parent, default: []].append(object)
                }
            }
        }
        for kind in [HSDSKind.organizations, .locations, .services, .taxonomyTerms] {
            for object in lists[kind] ?? [] { byID[object.id] = object }
        }
    }

    /// The objects of a kind, in their order.
    func objects(_ kind: HSDSKind) -> [HSDSObject] { lists[kind] ?? [] }

    /// Writes a service.
    ///
    /// - Parameter isFull: with all that belongs to it; else with whom it is run by only.
    func write(service: HSDSObject, isFull: Bool, to json: inout JSONWriter) {
        service.write(to: &json, without: ["organization_id"]) { json in
            organization(of: service, &json)
            guard isFull else { return }
            parts(of: service, &json)
            list(.servicesAtLocations, of: service.id, &json) { both, json in
                both.write(to: &json, without: ["service_id", "location_id"]) { json in
                    rest(of: both, &json)
                }
            }
        }
    }

    /// Writes a service at its location.
    ///
    /// - Parameter isFull: with all that belongs to the two; else with the two by themselves.
    func write(serviceAtLocation both: HSDSObject, isFull: Bool, to json: inout JSONWriter) {
        both.write(to: &json, without: ["service_id", "location_id"]) { json in
            if let service = both.text("service_id").flatMap({ byID[$0] }) {
                json.key("service")
                service.write(to: &json, without: ["organization_id"]) { json in
                    organization(of: service, &json)
                    if isFull { parts(of: service, &json) }
                }
            }
            if isFull {
                rest(of: both, &json)
            } else if let location = both.text("location_id").flatMap({ byID[$0] }) {
                json.key("location")
                location.write(to: &json)
            }
        }
    }

    /// Writes an organisation.
    ///
    /// - Parameter isFull: with its numbers and the services that it runs.
    func write(organization: HSDSObject, isFull: Bool, to json: inout JSONWriter) {
        organization.write(to: &json, without: []) { json in
            guard isFull else { return }
            list(.phones, of: organization.id, &json) {
                $0.write(to: &$1, without: ["organization_id"]) { _ in }
            }
            list(.organizationIdentifiers, of: organization.id, &json) {
                $0.write(to: &$1, without: ["organization_id"]) { _ in }
            }
            json.key("services")
            json.beginArray()
            for service in objects(.services) where service.text("organization_id") == organization.id {
                service.write(to: &json, without: ["organization_id"]) { _ in }
            }
            json.endArray()
        }
    }

    private func organization(of service: HSDSObject, _ json: inout JSONWriter) {
        guard let organization = service.text("organization_id").flatMap({ byID[$0] }) else { return }
        json.key("organization")
        organization.write(to: &json)
    }

    /// What belongs to a service itself.
    private func parts(of service: HSDSObject, _ json: inout JSONWriter) {
        for kind in [HSDSKind.phones, .serviceAreas, .costOptions, .languages] {
            list(kind, of: service.id, &json) { $0.write(to: &$1, without: ["service_id"]) { _ in } }
        }
        list(.attributes, of: service.id, &json) { attribute, json in
            attribute.write(to: &json, without: ["link_id", "taxonomy_term_id"]) { json in
                guard let term = attribute.text("taxonomy_term_id").flatMap({ byID[$0] }) else { return }
                json.key("taxonomy_term")
                term.write(to: &json)
            }
        }
    }

    /// Times and location of a service at a location.
    private func rest(of both: HSDSObject, _ json: inout JSONWriter) {
        list(.schedules, of: both.id, &json) {
            $0.write(to: &$1, without: ["service_at_location_id"]) { _ in }
        }
        guard let location = both.text("location_id").flatMap({ byID[$0] }) else { return }
        json.key("location")
        location.write(to: &json, without: []) { json in
            for kind in [HSDSKind.addresses, .accessibility] {
                list(kind, of: location.id, &json) { $0.write(to: &$1, without: ["location_id"]) { _ in } }
            }
        }
    }

    private func list(
        _ kind: HSDSKind, of parent: String, _ json: inout JSONWriter,
        _ write: (HSDSObject, inout JSONWriter) -> Void
    ) {
        json.key(kind.rawValue)
        json.beginArray()
        for object in children[kind]?[parent] ?? [] { write(object, &json) }
        json.endArray()
    }
}
