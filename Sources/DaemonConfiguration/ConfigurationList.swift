internal import DirectoryAPI
internal import DirectoryModel
internal import TOMLDocument

/// A list of tables in `quarter.toml`, such as `[[parties]]`: what it is for and what its keys are.
struct ConfigurationList: Sendable {
    /// One key.
    struct Key: Sendable {
        let name: String
        let kind: String
        let meaning: String
        /// A value as TOML, for the reader's eyes.
        let example: String
    }

    /// The list's name.
    let name: String
    /// What it is for.
    let meaning: String
    let keys: [Key]

    /// Every list, in the order of the shipped file.
    static let all = [precedence, parties]

    private static let precedence = ConfigurationList(
        name: "precedence",
        meaning:
            "Which source is believed where several speak of one place. A rule that names the field goes before one that "
            + "does not, then the first. Sources that no rule names come after those that it names, the newest word first.",
        keys: [
            Key(
                name: "fields", kind: "list of texts",
                meaning:
                    "The fields, as the API calls them (`hours`, `attributes.price`); `attributes` stands for all of "
                    + "them. Left out: all fields.", example: #"["hours", "phone"]"#),
            Key(
                name: "types", kind: "list of texts", meaning: "The service types. Left out: all types.",
                example: #"["canteen"]"#),
            Key(
                name: "sources", kind: "list of texts",
                meaning:
                    "Ids of sources, the most believed first. `api` is what administrators write by hand, `party-ID` what "
                    + "a party writes.", example: #"["api", "street-canteens", "osm"]"#),
        ])

    private static let parties = ConfigurationList(
        name: "parties",
        meaning:
            "Those who keep the directory together. A user of the machine who speaks for a party changes only what is its "
            + "own, and may confirm or contest what is others'.",
        keys: [
            Key(
                name: "id", kind: "text",
                meaning: "Its id: lower-case letters, digits and hyphens, at most 58.",
                example: #""committee-cuizhuyuan""#),
            Key(name: "name", kind: "text", meaning: "What it is called.", example: #""翠竹园居委会""#),
            Key(
                name: "kind", kind: "text",
                meaning: "One of " + Party.Kind.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", ")
                    + ".",
                example: #""residents_committee""#),
            Key(
                name: "users", kind: "list of texts",
                meaning:
                    "Users of the machine that speak for it; they must be members of `admin.group` to reach the socket.",
                example: #"["juweihui"]"#),
            Key(
                name: "communities", kind: "list of texts",
                meaning: "Ids of the communities of its places. Left out: all.", example: #"["320104001001"]"#
            ),
            Key(
                name: "types", kind: "list of texts",
                meaning: "The service types of its places. Left out: all.",
                example: #"["canteen", "elder_care"]"#),
            Key(
                name: "organisations", kind: "list of texts",
                meaning: "Ids of the organisations whose places and activities are its own.",
                example: #"["org-cuizhuyuan"]"#),
            Key(
                name: "sources", kind: "list of texts",
                meaning: "Ids of the registers that it brings, whose places are its own.",
                example: #"["committee-places"]"#),
            Key(
                name: "buildings", kind: "list of texts",
                meaning:
                    "Ids of the buildings or estates that a building captain looks after: places near them that were not "
                    + "confirmed for long are listed for that captain.", example: #"["osm-w101"]"#),
        ])
}

extension Precedence.Rule {
    /// A rule as it is written.
    init?(reader: TOMLReader) {
        let fields = reader.texts("fields", longest: 100, mostItems: 100) ?? []
        let types: [ServiceTypeID] = reader.ids("types")
        let sources: [SourceID] = reader.ids("sources")
        guard !sources.isEmpty else {
            reader.report(
                "'sources' is missing or empty", about: "sources", advice: "name the most believed first")
            return nil
        }
        if let unknown = fields.first(where: { !Self.isField($0) }) {
            reader.report(
                "'fields' holds \(unknown.shortened()), which is no field of a place", about: "fields",
                advice: "use " + Self.known.joined(separator: ", ") + ", attributes or attributes.NAME")
            return nil
        }
        self.init(fields: fields, types: types, sources: sources)
    }

    private static let known = PlaceBody.fields.filter { $0 != "status" && $0 != "attributes" }

    private static func isField(_ name: String) -> Bool {
        known.contains(name) || name == "attributes" || name.hasPrefix("attributes.")
    }
}

extension QuarterConfiguration {
    /// Reads the parties; an id or a user that stands twice is a fault.
    mutating func readParties(_ root: TOMLReader) {
        for reader in root.tables("parties", mostItems: 1_000) {
            guard let party = Party(reader: reader) else { continue }
            if parties.contains(where: { $0.id == party.id }) {
                reader.report("there are two parties \(party.id.shortened())", about: "id")
            } else if let user = party.users.first(where: { user in
                parties.contains { $0.users.contains(user) }
            }) {
                reader.report(
                    "the user \(user.shortened()) speaks for two parties", about: "users",
                    advice: "give each party users of its own")
            } else {
                parties.append(party)
            }
        }
    }
}

extension Party {
    /// A party as it is written.
    fileprivate init?(reader: TOMLReader) {
        let id = reader.required(reader.text("id", longest: 58), "id")
        let name = reader.required(reader.text("name", longest: 100), "name")
        let kind = reader.required(reader.choice("kind", as: Kind.self), "kind")
        let users = reader.texts("users", longest: 64, mostItems: 1_000) ?? []
        let communities: [CommunityID] = reader.ids("communities")
        let types: [ServiceTypeID] = reader.ids("types")
        let organisations: [OrganisationID] = reader.ids("organisations")
        let sources: [SourceID] = reader.ids("sources")
        let buildings: [OriginID] = reader.ids("buildings")
        guard let id, let name, let kind else { return nil }
        guard id.utf8.allSatisfy({ (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D })
        else {
            reader.report(
                "'id' is \(id.shortened()), not lower-case letters, digits and hyphens", about: "id")
            return nil
        }
        self.init(
            id: id, name: name, kind: kind, users: users, communities: communities, types: types,
            organisations: organisations, sources: sources, buildings: buildings)
    }
}

extension TOMLReader {
    /// A list of ids; empty where it is left out.
    fileprivate func ids<ID: DirectoryID>(_ key: String) -> [ID] {
        (texts(key, longest: ID.maximumLength, mostItems: 10_000) ?? []).compactMap { text in
            guard let id = ID(rawValue: text) else {
                report(
                    "'\(key)' holds \(text.shortened()), which cannot be the id of a \(ID.noun)", about: key)
                return nil
            }
            return id
        }
    }
}
