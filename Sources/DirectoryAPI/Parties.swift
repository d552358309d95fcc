package import DirectoryModel

/// One of those who keep the directory together: a committee, a property manager, an office, a building captain.
package struct Party: Hashable, Sendable {
    /// What it is.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        /// 街道办事处.
        case streetOffice = "street_office"
        /// 居民委员会.
        case residentsCommittee = "residents_committee"
        /// 业主委员会.
        case ownersCommittee = "owners_committee"
        /// 物业服务企业.
        case propertyManager = "property_manager"
        /// 社会组织.
        case socialOrganisation = "social_organisation"
        /// 社区社会组织.
        case communityOrganisation = "community_organisation"
        /// 楼栋长.
        case buildingCaptain = "building_captain"

        /// The kind for a person.
        package var words: LocalizedText {
            switch self {
            case .streetOffice: LocalizedText(zh: "街道办", en: "street office")
            case .residentsCommittee: LocalizedText(zh: "居委会", en: "residents' committee")
            case .ownersCommittee: LocalizedText(zh: "业委会", en: "owners' committee")
            case .propertyManager: LocalizedText(zh: "物业", en: "property manager")
            case .socialOrganisation: LocalizedText(zh: "社会组织", en: "social organisation")
            case .communityOrganisation: LocalizedText(zh: "社区社会组织", en: "community organisation")
            case .buildingCaptain: LocalizedText(zh: "楼栋长", en: "building captain")
            }
        }
    }

    /// Before the id of a party stands this in the id of the source of what it writes by hand.
    package static let sourcePrefix = "party-"

    /// Its id: 1 to 64 lower-case letters, digits and hyphens.
    package var id: String
    /// What it is called.
    package var name: String
    /// What it is.
    package var kind: Kind
    /// The users of the machine that speak for it, by name.
    package var users: [String]
    /// The communities of its places; empty for all.
    package var communities: [CommunityID]
    /// The service types of its places; empty for all.
    package var types: [ServiceTypeID]
    /// The organisations whose places are its own.
    package var organisations: [OrganisationID]
    /// The registers whose places are its own.
    package var sources: [SourceID]
    /// The buildings, or estates, that it looks after.
    package var buildings: [OriginID]

    /// A party; see the fields.
    package init(
        id: String, name: String, kind: Kind, users: [String] = [], communities: [CommunityID] = [],
        types: [ServiceTypeID] = [], organisations: [OrganisationID] = [], sources: [SourceID] = [],
        buildings: [OriginID] = []
    ) {
        self.id = id
        self.name = name
        self.kind = kind
        self.users = users
        self.communities = communities
        self.types = types
        self.organisations = organisations
        self.sources = sources
        self.buildings = buildings
    }

    /// The source of what it writes by hand.
    package var source: SourceID { SourceID(unchecked: Self.sourcePrefix + id) }

    /// Whether a place is of a type and in a community that it has to do with.
    package func isConcerned(with place: Place) -> Bool {
        (types.isEmpty || types.contains(place.type))
            && (communities.isEmpty || place.community.map(communities.contains) == true)
    }
}
