internal import DirectoryModel

extension RouteTable {
    /// The routes of the Human Services Data Specification 3.0 (docs/exports.md): paths and words are the specification's.
    static let hsds: [Route] = [
        Route(
            .hsdsMetadata, .get, "/hsds/",
            "HSDS: the version and the profile of this API, and what tells this directory from others.",
            reply: .init(members: ["version", "profile", "openapi_url", "directory"])),
        Route(
            .hsdsServices, .get, "/hsds/services", "HSDS: the places as services, by page.",
            words: page + [full, term, organization, modifiedAfter], reply: listReply,
            errors: [.historyGone]),
        Route(
            .hsdsService, .get, "/hsds/services/{id}", "HSDS: one service with all that belongs to it.",
            reply: .init(
                members: [
                    "id", "name", "status", "quarter_id", "phones", "service_areas", "cost_options",
                    "languages", "attributes", "service_at_locations",
                ], optionalMembers: ["alternate_name", "organization"]), errors: [.notFound]),
        Route(
            .hsdsServiceAtLocations, .get, "/hsds/service_at_locations",
            "HSDS: the services at their locations, by page.",
            words: page + [full, term, organization, modifiedAfter], reply: listReply,
            errors: [.historyGone]),
        Route(
            .hsdsServiceAtLocation, .get, "/hsds/service_at_locations/{id}",
            "HSDS: one service at its location, with all that belongs to both.",
            reply: .init(
                members: ["id", "service", "location", "schedules"], optionalMembers: ["description"]),
            errors: [.notFound]),
        Route(
            .hsdsOrganizations, .get, "/hsds/organizations", "HSDS: the organisations, by page.",
            words: page + [full], reply: listReply),
        Route(
            .hsdsOrganization, .get, "/hsds/organizations/{id}",
            "HSDS: one organisation, with its numbers and the services that it runs.",
            reply: .init(
                members: [
                    "id", "name", "description", "legal_status", "quarter_id", "phones",
                    "organization_identifiers", "services",
                ], optionalMembers: ["alternate_name"]), errors: [.notFound]),
        Route(
            .hsdsTaxonomies, .get, "/hsds/taxonomies",
            "HSDS: the service types, and their attributes, as taxonomies.",
            words: page, reply: listReply),
        Route(
            .hsdsTaxonomy, .get, "/hsds/taxonomies/{id}", "HSDS: one taxonomy.",
            reply: .init(members: ["id", "name", "description"]), errors: [.notFound]),
        Route(
            .hsdsTaxonomyTerms, .get, "/hsds/taxonomy_terms",
            "HSDS: service types and attributes as terms, by page.",
            words: page + [
                QueryWord("taxonomy_id", .text, "only terms of this taxonomy", example: uuid),
                QueryWord("parent_id", .text, "only attributes of this type, by its term", example: uuid),
            ], reply: listReply),
        Route(
            .hsdsTaxonomyTerm, .get, "/hsds/taxonomy_terms/{id}", "HSDS: one term.",
            reply: .init(
                members: ["id", "code", "name", "description", "taxonomy", "taxonomy_id", "language"],
                optionalMembers: ["parent_id"]), errors: [.notFound]),
    ]

    private static let uuid = "0d9dd0e4-5bd4-5f0c-a7ba-3d6de7a1ab52"
    private static let page: [QueryWord] = [
        QueryWord("page", .whole(1...10_000_000), "the page", standard: "1", example: "2"),
        QueryWord(
            "per_page", .whole(1...WalkLimit.maximumPage), "objects to a page",
            standard: "\(WalkLimit.defaultPage)", example: "20"),
    ]
    private static let full = QueryWord(
        "full", .choice(["true", "false"]), "whether each comes with all that belongs to it",
        standard: "false", example: "true")
    private static let term = QueryWord(
        "taxonomy_term_id", .text, "only of this type, or with this attribute", example: uuid)
    private static let organization = QueryWord(
        "organization_id", .text, "only what this organisation runs", example: uuid)
    private static let modifiedAfter = QueryWord(
        "modified_after", .text, "only what was changed at this moment (RFC 3339) or later",
        example: "2026-09-01T00:00:00Z")
    private static let listReply = Route.Reply(members: [
        "total_items", "total_pages", "page_number", "size", "first_page", "last_page", "empty", "contents",
    ])
}
