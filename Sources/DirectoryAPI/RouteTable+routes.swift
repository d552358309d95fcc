package import DirectoryModel

/// Every route of the server.
package enum RouteTable {
    /// In the order of the documentation.
    package static let routes: [Route] =
        walks + searches + places + provenance + activities + notices + organisations + origins + communities
        + types
        + changes + hsds
        + writes + operations

    /// The errors that any route may give.
    package static let commonErrors: [DirectoryError.Code] = [
        .invalidRequest, .methodNotAllowed, .tooLarge, .requestTimeout, .tooManyConnections, .foreignHost,
        .unavailable, .internalError,
    ]

    /// The route of an operation.
    package static func route(of operation: Route.Operation) -> Route {
        guard let route = routes.first(where: { $0.operation == operation }) else {
            preconditionFailure("the route table lacks \(operation.rawValue)")
        }
        return route
    }

    private static let geoJSON = "application/geo+json"
    private static let walkErrors: [DirectoryError.Code] = [
        .invalidID, .originOffNetwork, .noNetwork, .notFound,
    ]

    /// How one walks, and which places count.
    private static let conditions: [QueryWord] = [
        .profile, .type,
        QueryWord(
            "class", .choice(["basic", "quality"]), "only types of this class", example: "basic"),
        .community,
        QueryWord(
            "where", .text,
            "`attribute:op:value` with op " + WhereClause.operators.joined(separator: " ")
                + "; several: all must hold. `table.column:op:value` asks the rows of a table: one row must meet "
                + "all conditions on it; those that do stand in `rows` of their place",
            isRepeatable: true, example: "seats:ge:20"),
        QueryWord(
            "open", .text,
            "only places that are open: `now`, on `arrival` (now and the walk), or at a moment (RFC 3339)",
            example: "arrival"),
        QueryWord(
            "open_during", .text,
            "only places that are open from one moment to another without a break: `A/B`",
            example: "2026-11-24T10:00:00Z/2026-11-24T11:00:00Z"),
    ]

    private static let walks: [Route] = [
        Route(
            .reach, .get, "/v1/reach", "The places within a walk, nearest first.",
            words: QueryWord.start + [
                QueryWord(
                    "minutes", .number(WalkLimit.minutes, unit: "minutes"), "the longest walk",
                    standard: "walking.default_minutes", example: "15")
            ] + conditions + [
                QueryWord(
                    "q", .text,
                    "only places that are called so, the best match first, then the nearest; one page",
                    example: "shitang"),
                .limit, .cursor("4059000000000000.osm-n1"),
                QueryWord(
                    "detail", .choice(ReachQuery.Detail.allCases.map(\.rawValue)),
                    "how much is said of each place; brief: its id, name, type and walk alone",
                    standard: "full",
                    example: "brief"), .lang,
            ],
            reply: .init(
                members: ["revision", "origin", "profile", "minutes", "places"],
                optionalMembers: ["next", "comes_to_you", "attribution"]),
            errors: walkErrors + [.invalidCursor]),
        Route(
            .isochrone, .get, "/v1/isochrone",
            "How far one gets: an area and the reached ways for each limit.",
            words: QueryWord.start + [
                QueryWord(
                    "minutes", .text, "up to \(IsochroneQuery.maximumLimits) ascending limits with commas",
                    standard: "5,10,15", example: "5,10,15"),
                .profile,
            ],
            reply: .init(
                contentType: geoJSON, members: ["type", "revision", "origin", "profile", "features"],
                optionalMembers: ["attribution"]),
            errors: walkErrors),
        Route(
            .variety, .get, "/v1/variety",
            "How many different things there are within each walk: dishes, goods, services, types.",
            words: QueryWord.start + [
                QueryWord(
                    "by", .text, "what is counted: `type`, an attribute, or a column of a table",
                    isRequired: true, example: "type"),
                QueryWord(
                    "minutes", .text, "up to \(IsochroneQuery.maximumLimits) ascending limits with commas",
                    standard: "8,15", example: "8,15"),
            ] + conditions + [.lang],
            reply: .init(
                members: ["revision", "origin", "profile", "by", "limits"],
                optionalMembers: ["attribution"]),
            errors: walkErrors),
        Route(
            .route, .get, "/v1/route", "The way to one place, with steps in words.",
            words: QueryWord.start + [
                QueryWord("to", .id, "the place where the walk ends", isRequired: true, example: "osm-n1"),
                .profile, .lang,
            ],
            reply: .init(contentType: geoJSON, members: ["type", "revision", "properties", "geometry"]),
            errors: walkErrors + [.unreachable]),
        Route(
            .map, .get, "/v1/map",
            "A tile of the street map to be drawn; without words, where and in which zooms there are tiles.",
            words: [
                QueryWord(
                    "z", .whole(MapQuery.zooms),
                    "the tile's zoom, as web maps count it (Web Mercator); with `x` and `y`",
                    example: "16"),
                QueryWord(
                    "x", .whole(0...(1 << MapQuery.zooms.upperBound) - 1), "its number eastward, below 2^z",
                    example: "54372"),
                QueryWord(
                    "y", .whole(0...(1 << MapQuery.zooms.upperBound) - 1), "its number southward, below 2^z",
                    example: "26604"),
            ],
            reply: .init(
                members: ["revision"],
                optionalMembers: ["bounds", "zooms", "z", "x", "y", "extent", "layers", "attribution"]),
            errors: [.noMap]),
    ]

    private static let searches: [Route] = [
        Route(
            .search, .get, "/v1/search",
            "Places, activities, organisations and origins by characters, pinyin, initials, digits, English words.",
            words: [
                QueryWord("q", .text, "what was typed", isRequired: true, example: "csc")
            ] + searchWords,
            reply: .init(members: ["revision", "found"], optionalMembers: ["attribution"]),
            errors: [.invalidID, .notFound]),
        Route(
            .suggest, .get, "/v1/suggest",
            "What can be typed next, and what is found so far: for a pad of letters or digits.",
            words: [QueryWord("q", .text, "what was typed; nothing at the beginning", example: "c")]
                + searchWords,
            reply: .init(members: ["revision", "next_keys", "found"], optionalMembers: ["attribution"]),
            errors: [.invalidID, .notFound]),
    ]
    private static let searchWords =
        QueryWord.start + [
            .type, .community,
            QueryWord(
                "kind", .choice(SearchQuery.Kind.allCases.map(\.rawValue)), "only things of this kind",
                isRepeatable: true, example: "activity"),
            QueryWord(
                "limit", .whole(1...WalkLimit.maximumPage), "things at most", standard: "20", example: "10"),
            .lang,
        ]

    private static let places: [Route] = [
        Route(
            .listPlaces, .get, "/v1/places", "The places, in the order of their ids.",
            words: [
                .type, .community,
                QueryWord(
                    "status", .choice(PlaceStatus.allCases.map(\.rawValue) + ["all"]), "only of this status",
                    standard: PlaceStatus.active.rawValue, example: "all"),
                .cursor("osm-n1"), .limit, .lang,
            ],
            reply: .init(members: ["revision", "places"], optionalMembers: ["next", "attribution"]),
            errors: [.invalidID]),
        Route(
            .getPlace, .get, "/v1/places/{id}", "One place, whatever its status.", words: [.lang],
            reply: .init(
                members: [
                    "revision", "id", "type", "name", "names", "location", "community", "address", "hours",
                    "exceptions", "calendar_policy", "phone", "attributes", "status", "within", "room",
                    "organisation", "service_area", "walk_in", "facets", "opening", "highlights", "in",
                    "holds", "run_by", "activities", "confirmations", "sources",
                ], optionalMembers: ["given", "attribution"]),
            errors: [.notFound, .invalidID]),
    ]

    private static let provenance: [Route] = [
        Route(
            .getProvenance, .get, "/v1/provenance/{id}",
            "Since when each field of a place is what it is, and from whom.", words: [.lang],
            reply: .init(members: ["revision", "id", "status", "fields", "sources", "confirmations"]),
            errors: [.notFound, .invalidID]),
        Route(
            .verify, .get, "/v1/verify",
            "The records that a credit code, a name or a source's key stands for, with what is known and since when.",
            words: [
                QueryWord(
                    "credit_code", .text, "the unified social credit code of whoever runs it",
                    example: "91110000600037341L"),
                QueryWord("name", .text, "its name", example: "Cuizhuyuan%20Library"),
                QueryWord("source", .id, "with `key`: the source", example: "zhuyuan-canteens"),
                QueryWord("key", .text, "the source's own key", example: "17"), .lang,
            ],
            reply: .init(members: ["revision", "wanted", "matches"]), errors: [.invalidID]),
        Route(
            .freshness, .get, "/v1/freshness",
            "The places that nobody has confirmed or delivered for some months, by building captain.",
            words: [
                QueryWord("months", .whole(0...600), "for how many months", standard: "6", example: "12"),
                QueryWord("community", .id, "only of this community", example: "320104001001"),
                QueryWord("type", .id, "only of this type", example: "canteen"), .lang,
            ],
            reply: .init(members: ["revision", "among", "places"]), errors: [.invalidID]),
    ]

    private static let activityMembers = [
        "id", "name", "names", "organisation", "place", "location", "community", "times", "first_day",
        "last_day",
        "exceptions", "capacity", "price", "minimum_age", "maximum_age", "registration", "about", "status",
        "at",
        "by", "door", "sessions",
    ]

    private static let activities: [Route] = [
        Route(
            .listActivities, .get, "/v1/activities",
            "Activities by the beginning of their next session; with a start, those within a walk.",
            words: QueryWord.start + [
                QueryWord(
                    "minutes", .number(WalkLimit.minutes, unit: "minutes"), "the longest walk",
                    standard: "walking.default_minutes", example: "15"),
                .profile, .community,
                QueryWord("organisation", .id, "only of this organisation", example: "org-1"),
                QueryWord("place", .id, "only at this place", example: "osm-n1"),
                QueryWord("age", .whole(0...150), "only for somebody of this age, in years", example: "70"),
                QueryWord(
                    "from", .text, "sessions that have not ended by then (RFC 3339)", standard: "now",
                    example: "2026-11-24T10:00:00Z"),
                QueryWord(
                    "until", .text, "sessions that begin before (RFC 3339)", standard: "a week later",
                    example: "2026-11-30T10:00:00Z"),
                .limit, .lang,
            ],
            reply: .init(members: ["revision", "total", "activities"]), errors: walkErrors),
        Route(
            .getActivity, .get, "/v1/activities/{id}", "One activity, with its sessions of the next 60 days.",
            words: [.lang], reply: .init(members: ["revision"] + activityMembers),
            errors: [.notFound, .invalidID]),
    ]

    private static let notices: [Route] = [
        Route(
            .listNotices, .get, "/v1/notices",
            "Notices that count: urgent ones first, then those for the fewest people, then the newest.",
            words: [
                QueryWord(
                    "origin", .id, "for whoever is there: for this origin and all that it is part of",
                    example: "kiosk-1"),
                QueryWord(
                    "lat", .number(-90...90, unit: "degrees"),
                    "or for a point, WGS-84: for its community and grids; its latitude", example: "32.04"),
                QueryWord(
                    "lon", .number(-180...180, unit: "degrees"), "and its longitude", example: "118.78"),
                QueryWord(
                    "community", .id, "only of this community, for all of it or for a part",
                    example: "320102004011"),
                QueryWord(
                    "at", .text, "those that count at a moment (RFC 3339)", standard: "now",
                    example: "2026-11-27T10:00:00Z"),
                QueryWord(
                    "all", .choice(["yes", "no"]), "also those that are past, to come or closed",
                    standard: "no", example: "yes"),
                .cursor("0.4.1795622400.water-1"), .limit, .lang,
            ],
            reply: .init(members: ["revision", "notices"], optionalMembers: ["next"]),
            errors: [.invalidID, .notFound, .invalidCursor]),
        Route(
            .getNotice, .get, "/v1/notices/{id}", "One notice, whether it counts or not.", words: [.lang],
            reply: .init(
                members: [
                    "revision", "id", "title", "titles", "text", "texts", "from", "until", "to",
                    "organisation", "urgent", "place", "status", "by", "community", "state",
                ]),
            errors: [.notFound, .invalidID]),
    ]

    private static let organisations: [Route] = [
        Route(
            .listOrganisations, .get, "/v1/organisations", "The organisations, in the order of their ids.",
            words: [
                QueryWord(
                    "kind", .choice(Organisation.Kind.allCases.map(\.rawValue)), "only of this kind",
                    example: "social_organisation"),
                .cursor("org-1"), .limit, .lang,
            ],
            reply: .init(members: ["revision", "organisations"], optionalMembers: ["next"]),
            errors: [.invalidID]),
        Route(
            .getOrganisation, .get, "/v1/organisations/{id}",
            "One organisation, with its places and its activities.", words: [.lang],
            reply: .init(
                members: [
                    "revision", "id", "name", "names", "kind", "credit_code", "phone", "address", "about",
                    "places", "activities",
                ]),
            errors: [.notFound, .invalidID]),
    ]

    private static let origins: [Route] = [
        Route(
            .listOrigins, .get, "/v1/origins", "Where walks start, in the order of their ids.",
            words: [
                QueryWord(
                    "kind", .choice(Origin.Kind.allCases.map(\.rawValue)), "only of this kind",
                    example: "gate"),
                .community, QueryWord("parent", .id, "only parts of this origin", example: "osm-w12"),
                .cursor("osm-n1"), .limit, .lang,
            ],
            reply: .init(members: ["revision", "origins"], optionalMembers: ["next", "attribution"]),
            errors: [.invalidID]),
        Route(
            .getOrigin, .get, "/v1/origins/{id}", "One origin, with what it is part of.", words: [.lang],
            reply: .init(
                members: [
                    "revision", "id", "kind", "name", "names", "location", "community", "grid", "parent",
                    "households", "status", "ancestors",
                ], optionalMembers: ["attribution"]),
            errors: [.notFound, .invalidID]),
    ]

    private static let communities: [Route] = [
        Route(
            .listCommunities, .get, "/v1/communities", "The communities, without boundaries.", words: [.lang],
            reply: .init(members: ["revision", "communities"])),
        Route(
            .getCommunity, .get, "/v1/communities/{id}", "One community, with its boundary.", words: [.lang],
            reply: .init(
                members: [
                    "revision", "id", "name", "names", "street_office", "households", "population",
                    "elder_share", "time_zone", "region", "places", "origins", "grids", "boundary",
                ]),
            errors: [.notFound, .invalidID]),
    ]

    private static let types: [Route] = [
        Route(
            .listTypes, .get, "/v1/types", "The service types, in the catalogue's order.", words: [.lang],
            reply: .init(members: ["revision", "types"])),
        Route(
            .getType, .get, "/v1/types/{id}", "One service type, with the schema of its attributes.",
            words: [.lang],
            reply: .init(
                members: [
                    "revision", "id", "name", "names", "class", "target_minutes", "module", "places",
                    "search_words", "calendar_policy", "industry_codes", "source", "osm", "attributes",
                    "facets",
                ]),
            errors: [.notFound, .invalidID]),
        Route(
            .listProfiles, .get, "/v1/profiles", "How people walk: pace, and what is avoided.",
            words: [.lang],
            reply: .init(members: ["revision", "profiles"])),
        Route(
            .listModules, .get, "/v1/modules", "The modules of service types, and what became of each.",
            reply: .init(members: ["revision", "modules"])),
    ]

    private static let changes: [Route] = [
        Route(
            .changes, .get, "/v1/changes", "What was changed, oldest first, and what is being changed.",
            words: [
                QueryWord(
                    "since", .text,
                    "what has been seen: a revision, or an id of the feed; the header `Last-Event-ID` comes before it",
                    standard: "the present revision", example: "0"),
                QueryWord(
                    "follow", .choice(["yes", "no"]),
                    "go on with what is changed from now on, or end with a page",
                    standard: "no where `Accept` has `application/json` only, else yes", example: "no"),
                QueryWord(
                    "with", .choice(["record"]),
                    "each change carries the record as it is now, null where it is gone: what its own route gives of what "
                        + "is stored", example: "record"),
                QueryWord(
                    "kind", .choice(ChangeQuery.Kind.allCases.map(\.rawValue)), "only records of this kind",
                    isRepeatable: true, example: "place"),
                QueryWord(
                    "type", .id,
                    "only places that are or were of this type, known or not; several: any of them",
                    isRepeatable: true, example: "canteen"),
                QueryWord(
                    "community", .id, "only records that belong or belonged to this community, known or not",
                    example: "320102004011"),
                QueryWord(
                    "limit", .whole(1...WalkLimit.maximumPage), "changes to a page",
                    standard: "\(WalkLimit.defaultPage)", example: "20"),
                .lang,
            ],
            reply: .init(members: ["revision", "changes", "next"], isFollowed: true),
            errors: [.invalidID, .revisionAhead, .historyGone])
    ]

    private static let written = Route.Reply(
        members: ["revision", "kind", "id", "outcome", "tag", "findings"])
    private static let writeErrors: [DirectoryError.Code] = [
        .forbidden, .invalidID, .invalidRecord, .changedMeanwhile, .keyReused, .storeUnwritable,
        .unsupportedMedia,
    ]
    private static let json = "application/json"

    private static let writes: [Route] = [
        Route(
            .putPlace, .put, "/v1/places/{id}", "Stores a place whole.",
            body: .object(members: PlaceBody.fields, contentType: json), reply: written, errors: writeErrors),
        Route(
            .patchPlace, .patch, "/v1/places/{id}",
            "Changes the named members of a place (RFC 7396); null takes one away.",
            body: .object(members: PlaceBody.fields, contentType: "application/merge-patch+json"),
            reply: written, errors: writeErrors + [.notFound]),
        Route(
            .deletePlace, .delete, "/v1/places/{id}", "Takes a place away.", reply: written,
            errors: writeErrors + [.notFound]),
        Route(
            .putActivity, .put, "/v1/activities/{id}", "Stores an activity whole.",
            body: .object(members: ActivityBody.fields, contentType: json), reply: written,
            errors: writeErrors),
        Route(
            .deleteActivity, .delete, "/v1/activities/{id}", "Takes an activity away.", reply: written,
            errors: writeErrors + [.notFound]),
        Route(
            .putNotice, .put, "/v1/notices/{id}", "Stores a notice whole.",
            body: .object(members: NoticeBody.fields, contentType: json), reply: written,
            errors: writeErrors),
        Route(
            .deleteNotice, .delete, "/v1/notices/{id}", "Takes a notice away.", reply: written,
            errors: writeErrors + [.notFound]),
        Route(
            .putOrganisation, .put, "/v1/organisations/{id}", "Stores an organisation whole.",
            body: .object(members: OrganisationBody.fields, contentType: json), reply: written,
            errors: writeErrors),
        Route(
            .deleteOrganisation, .delete, "/v1/organisations/{id}",
            "Takes an organisation away that runs nothing any more.", reply: written,
            errors: writeErrors + [.notFound]),
        Route(
            .putOrigin, .put, "/v1/origins/{id}", "Stores an origin whole.",
            body: .object(members: OriginBody.fields, contentType: json), reply: written, errors: writeErrors),
        Route(
            .putCommunity, .put, "/v1/communities/{id}", "Stores a community whole.",
            body: .object(members: CommunityBody.fields, contentType: json), reply: written,
            errors: writeErrors),
        Route(
            .sendRegister, .post, "/v1/registers",
            "Reads a register file (its name in Content-Disposition); answers with what became of each row.",
            words: [
                QueryWord(
                    "format", .text, "what the file is: osm, communities, records, table, geojson, hsds",
                    isRequired: true,
                    example: "osm"),
                QueryWord("source", .id, "the source's id, where it is not the format's own", example: "osm"),
                QueryWord("type", .id, "a table: the service type of all its rows", example: "canteen"),
                QueryWord(
                    "datum", .choice(Datum.allCases.map(\.rawValue)), "a table: the datum of its points",
                    example: "gcj02"),
                QueryWord(
                    "mapping", .text,
                    "a table: what its columns are, as TOML; kept for the source's next table",
                    example: "type = \"canteen\""),
                QueryWord(
                    "complete", .choice(["yes", "no"]),
                    "a table: whether it has all places of its source, so that others are marked",
                    standard: "no",
                    example: "yes"),
                QueryWord(
                    "dry_run", .choice(["yes", "no"]),
                    "a table: whether to say only what would become of each row", standard: "no",
                    example: "yes"),
            ],
            body: .file,
            reply: .init(
                members: [
                    "revision", "batch", "dry_run", "answer", "format", "source", "counts", "taken_as",
                    "figures", "left_out", "columns", "findings_total", "findings_by_code", "findings",
                ]),
            errors: [
                .forbidden, .invalidID, .keyReused, .unreadableFile, .invalidFile, .storeUnwritable,
                .networkDamaged,
                .unsupportedMedia,
            ]),
        Route(
            .listImports, .get, "/v1/imports",
            "The registers that were brought in, newest first; for those who may write.",
            words: [
                QueryWord(
                    "limit", .whole(1...1_000), "how many at most", standard: "50", example: "10")
            ],
            reply: .init(members: ["revision", "imports"]), errors: [.forbidden]),
        Route(
            .undoImport, .delete, "/v1/imports/{id}",
            "Takes an import back: what it made goes, what it changed is as it was before.",
            reply: .init(members: ["revision", "batch", "restored", "deleted"]),
            errors: [.forbidden, .notFound, .changedMeanwhile, .storeUnwritable]),
        Route(
            .getAnswer, .get, "/v1/answers/{id}",
            "The answer file of a table: its rows with what became of each; for those who may write.",
            words: [
                QueryWord(
                    "offset", .whole(0...AnswerPiece.longestFile), "bytes that are left out", standard: "0",
                    example: "0"),
                QueryWord(
                    "length", .whole(1...AnswerPiece.longest),
                    "bytes at most, all without it; a shorter piece is the last", example: "65536"),
            ],
            reply: .init(contentType: "application/octet-stream", members: []),
            errors: [.forbidden, .notFound]),
        Route(
            .listDuplicates, .get, "/v1/duplicates",
            "Rows of registers that look like a place that is there, and wait; for those who may write.",
            words: [
                QueryWord("source", .id, "only of this source", example: "zhuyuan-canteens"),
                QueryWord("cursor", .text, "where the last page ended: its `next`", example: "12"), .limit,
                .lang,
            ],
            reply: .init(members: ["revision", "waiting", "rows"], optionalMembers: ["next"]),
            errors: [.forbidden, .invalidID]),
        Route(
            .listPairs, .get, "/v1/duplicate-places",
            "Pairs of stored places that look like one, the surest first; for those who may write.",
            words: [
                QueryWord("community", .id, "only of this community", example: "320104001001"),
                QueryWord("type", .id, "only of this type", example: "canteen"),
                QueryWord(
                    "sure", .choice(["same", "maybe"]), "`maybe`: also those that are merely likely",
                    standard: "same", example: "maybe"), .limit, .lang,
            ],
            reply: .init(members: ["revision", "count", "pairs"]), errors: [.forbidden, .invalidID]),
        Route(
            .decideDuplicate, .post, "/v1/duplicates",
            "Decides about two things that look like one: `join`, `apart`, or `part` again; it is remembered.",
            body: .object(members: DuplicateDecision.fields, contentType: "application/json"),
            reply: .init(members: ["revision", "place", "gone"]),
            errors: [.forbidden, .notFound, .invalidRecord, .storeUnwritable]),
        Route(
            .confirm, .post, "/v1/confirmations/{id}",
            "Writes down that a party found a fact of this place right or wrong.",
            body: .object(members: ConfirmationBody.fields, contentType: "application/json"),
            reply: .init(members: [
                "fact", "verdict", "party", "party_name", "party_kind", "time", "note", "current", "text",
            ]),
            errors: [.forbidden, .notFound, .invalidID, .invalidRecord, .changedMeanwhile, .storeUnwritable]),
        Route(
            .reload, .post, "/v1/reload",
            "Reads configuration, declared types and modules again; changes nothing when anything is wrong.",
            reply: .init(members: ["revision", "changes", "needs_restart", "new_findings"]),
            errors: [.forbidden, .configurationInvalid]),
        Route(
            .releaseModule, .delete, "/v1/quarantine/{id}",
            "Lets a module out of quarantine (its id, or its file's name) and reloads.",
            reply: .init(members: ["revision", "changes", "needs_restart", "new_findings"]),
            errors: [.forbidden, .notFound, .configurationInvalid]),
    ]

    private static let operations: [Route] = [
        Route(
            .qr, .get, "/v1/qr", "A text as a QR code, to take along.",
            words: [
                QueryWord(
                    "text", .text, "what the code says, at most 2,953 bytes of UTF-8", isRequired: true,
                    example: "geo:31.98,118.76"),
                QueryWord(
                    "correction", .choice(["L", "M", "Q", "H"]),
                    "how much of it may be dirty or torn: 7, 15, 25 or 30 %", standard: "M", example: "M"),
            ], reply: .init(contentType: "image/svg+xml", members: [])),
        Route(
            .health, .get, "/v1/health", "How the directory is.",
            reply: .init(
                members: ["revision", "state", "summary", "problems", "version", "counts"],
                optionalMembers: ["notes"])),
        Route(
            .metrics, .get, "/metrics", "Figures for Prometheus.",
            reply: .init(contentType: "text/plain", members: [])),
        Route(
            .openAPI, .get, "/v1/openapi.json", "This table as OpenAPI 3.1.",
            reply: .init(members: ["openapi", "info", "paths", "components"])),
    ]
}
