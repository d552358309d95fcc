internal import DirectoryAPI
internal import DirectoryModel

extension Handlers {
    /// An answer that changes with the directory's version, or 304 where the client has it.
    ///
    /// The version is read first: a change in between makes the tag older than the answer, never newer.
    /// - Parameter changesByMinute: whether it also changes with the time: opening times do so at full minutes.
    func versioned(
        _ request: Request, contentType: String = Response.json, changesByMinute: Bool = false,
        _ write: (inout JSONWriter) throws(DirectoryError) -> Void
    ) throws(DirectoryError) -> Response {
        let version = service.version
        let tag = changesByMinute ? version.tagOfMinute : version.tag
        if request.holds(tag) { return .notModified(tag: tag) }
        var response = try Response(contentType: contentType, writing: write)
        response.tag = tag
        response.isCacheable = true
        return response
    }

    private func record(
        _ request: Request, _ version: AnswerVersion, tag: String, _ write: (inout JSONWriter) -> Void
    ) -> Response {
        let tag = RecordTag.text(tag, version)
        if request.holds(tag) { return .notModified(tag: tag) }
        var json = JSONWriter(capacity: 2048)
        write(&json)
        var response = Response(json: json)
        response.tag = tag
        response.isCacheable = true
        return response
    }

    func reach(_ request: Request) throws(DirectoryError) -> Response {
        var words = try request.words()
        let query = try ReachQuery(words: &words)
        return try versioned(request, changesByMinute: true) { json throws(DirectoryError) in
            try service.writeReach(query, to: &json)
        }
    }

    func isochrone(_ request: Request) throws(DirectoryError) -> Response {
        var words = try request.words()
        let query = try IsochroneQuery(words: &words)
        return try versioned(request, contentType: Response.geoJSON) { json throws(DirectoryError) in
            try service.isochrone(query).write(to: &json)
        }
    }

    func route(_ request: Request) throws(DirectoryError) -> Response {
        var words = try request.words()
        let query = try RouteQuery(words: &words)
        return try versioned(request, contentType: Response.geoJSON) { json throws(DirectoryError) in
            try service.route(query).write(to: &json)
        }
    }

    func variety(_ request: Request) throws(DirectoryError) -> Response {
        var words = try request.words()
        let query = try VarietyQuery(words: &words)
        return try versioned(request, changesByMinute: true) { json throws(DirectoryError) in
            try service.variety(query).write(to: &json)
        }
    }

    func map(_ request: Request) throws(DirectoryError) -> Response {
        var words = try request.words()
        let query = try MapQuery(words: &words)
        // As long as the map is the same one, so are its tiles; the revision beside them may be another.
        if let tag = service.mapTag.map({ "W/\"\($0)\"" }), request.holds(tag) {
            return .notModified(tag: tag)
        }
        let reply = try service.map(query)
        var json = JSONWriter(capacity: reply.members.count + 64)
        reply.write(to: &json)
        var response = Response(json: json)
        response.tag = "W/\"\(reply.tag)\""
        response.isCacheable = true
        return response
    }

    func search(_ request: Request) throws(DirectoryError) -> Response {
        var words = try request.words()
        let query = try SearchQuery(words: &words)
        return try versioned(request) { json throws(DirectoryError) in
            try service.search(query).write(to: &json)
        }
    }

    func suggest(_ request: Request) throws(DirectoryError) -> Response {
        var words = try request.words()
        let query = try SearchQuery(words: &words, mayBeEmpty: true)
        return try versioned(request) { json throws(DirectoryError) in
            try service.suggest(query).write(to: &json)
        }
    }

    func listPlaces(_ request: Request) throws(DirectoryError) -> Response {
        var words = try request.words()
        let query = try PlaceListQuery(words: &words)
        return try versioned(request) { json throws(DirectoryError) in
            try service.places(query).write(to: &json)
        }
    }

    func getPlace(_ request: Request) throws(DirectoryError) -> Response {
        let language = try request.onlyLanguage()
        let version = service.version
        let reply = try service.place(try request.pathID())
        return record(request, version, tag: reply.tag) { reply.write(to: &$0, in: language) }
    }

    func listActivities(_ request: Request) throws(DirectoryError) -> Response {
        var words = try request.words()
        let query = try ActivityQuery(words: &words)
        return try versioned(request, changesByMinute: true) { json throws(DirectoryError) in
            try service.activities(query).write(to: &json)
        }
    }

    func getActivity(_ request: Request) throws(DirectoryError) -> Response {
        let language = try request.onlyLanguage()
        let version = service.version
        let reply = try service.activity(try request.pathID())
        return record(request, version, tag: reply.tag) {
            reply.write(to: &$0, revision: version.revision, in: language)
        }
    }

    func listNotices(_ request: Request) throws(DirectoryError) -> Response {
        var words = try request.words()
        let query = try NoticeQuery(words: &words)
        return try versioned(request, changesByMinute: true) { json throws(DirectoryError) in
            try service.notices(query).write(to: &json)
        }
    }

    func getNotice(_ request: Request) throws(DirectoryError) -> Response {
        let language = try request.onlyLanguage()
        let version = service.version
        let reply = try service.notice(try request.pathID())
        return record(request, version, tag: reply.tag) {
            reply.write(to: &$0, revision: version.revision, in: language)
        }
    }

    func listOrganisations(_ request: Request) throws(DirectoryError) -> Response {
        var words = try request.words()
        let query = try OrganisationListQuery(words: &words)
        return try versioned(request) { json throws(DirectoryError) in
            try service.organisations(query).write(to: &json)
        }
    }

    func getOrganisation(_ request: Request) throws(DirectoryError) -> Response {
        let language = try request.onlyLanguage()
        let version = service.version
        let reply = try service.organisation(try request.pathID())
        return record(request, version, tag: reply.tag) { reply.write(to: &$0, in: language) }
    }

    func listOrigins(_ request: Request) throws(DirectoryError) -> Response {
        var words = try request.words()
        let query = try OriginListQuery(words: &words)
        return try versioned(request) { json throws(DirectoryError) in
            try service.origins(query).write(to: &json)
        }
    }

    func getOrigin(_ request: Request) throws(DirectoryError) -> Response {
        let language = try request.onlyLanguage()
        let version = service.version
        let reply = try service.origin(try request.pathID())
        return record(request, version, tag: reply.tag) { reply.write(to: &$0, in: language) }
    }

    func listCommunities(_ request: Request) throws(DirectoryError) -> Response {
        let language = try request.onlyLanguage()
        return try versioned(request) { json throws(DirectoryError) in
            service.communities().write(to: &json, in: language)
        }
    }

    func getCommunity(_ request: Request) throws(DirectoryError) -> Response {
        let language = try request.onlyLanguage()
        let version = service.version
        let reply = try service.community(try request.pathID())
        return record(request, version, tag: reply.summary.tag) { reply.write(to: &$0, in: language) }
    }

    func listTypes(_ request: Request) throws(DirectoryError) -> Response {
        let language = try request.onlyLanguage()
        return try versioned(request) { json throws(DirectoryError) in
            service.types().write(to: &json, in: language)
        }
    }

    func getType(_ request: Request) throws(DirectoryError) -> Response {
        let language = try request.onlyLanguage()
        let id: ServiceTypeID = try request.pathID()
        return try versioned(request) { json throws(DirectoryError) in
            try service.type(id).write(to: &json, in: language)
        }
    }

    func listModules(_ request: Request) throws(DirectoryError) -> Response {
        try request.takesNoWords()
        var json = JSONWriter(capacity: 4096)
        service.modules().write(to: &json)
        return Response(json: json)
    }

    func listProfiles(_ request: Request) throws(DirectoryError) -> Response {
        let language = try request.onlyLanguage()
        return try versioned(request) { json throws(DirectoryError) in
            service.profiles().write(to: &json, in: language)
        }
    }

    func health(_ request: Request) throws(DirectoryError) -> Response {
        try request.takesNoWords()
        var json = JSONWriter(capacity: 1024)
        service.health().write(to: &json)
        return Response(json: json)
    }
}
