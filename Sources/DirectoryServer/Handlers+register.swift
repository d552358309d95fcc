internal import DirectoryAPI
internal import DirectoryModel
internal import Logging

/// Rows that wait, what is known since when and from whom, and what parties say.
extension Handlers {
    func listDuplicates(_ request: Request) throws(DirectoryError) -> Response {
        _ = try administrator(request)
        var words = try request.words()
        var query = HeldQuery(source: try words.id("source"))
        if let cursor = try words.one("cursor") {
            guard let number = Int64(cursor), number > 0 else {
                throw DirectoryError(
                    .invalidRequest, "“cursor” is \(cursor.shortened()), not the `next` of a page",
                    location: "cursor")
            }
            query.after = number
        }
        query.limit = try words.whole("limit", in: 1...WalkLimit.maximumPage) ?? query.limit
        let language = try words.language()
        try words.finish()
        var json = JSONWriter(capacity: 4096)
        try service.heldPlaces(query).write(to: &json, in: language)
        return Response(json: json)
    }

    func listPairs(_ request: Request) throws(DirectoryError) -> Response {
        _ = try administrator(request)
        var words = try request.words()
        var query = PairQuery(community: try words.id("community"), type: try words.id("type"))
        query.withMaybe = try words.word("sure", as: SamenessWord.self) == .maybe
        query.limit = try words.whole("limit", in: 1...WalkLimit.maximumPage) ?? query.limit
        let language = try words.language()
        try words.finish()
        var json = JSONWriter(capacity: 4096)
        try service.placePairs(query).write(to: &json, in: language)
        return Response(json: json)
    }

    func decideDuplicate(_ request: Request) throws(DirectoryError) -> Response {
        let actor = try administrator(request)
        try request.takesNoWords()
        let reply = try service.decide(try DuplicateDecision(try request.json()), by: actor)
        var metadata = Self.who(request.peer, actor)
        metadata["revision"] = "\(reply.revision.number)"
        let gone = reply.gone.map { ", which \($0) is part of now" } ?? ""
        logger.report(.recordWritten, "decided about place \(reply.place)\(gone)", metadata: metadata)
        var json = JSONWriter(capacity: 256)
        reply.write(to: &json)
        return Response(json: json)
    }

    func getProvenance(_ request: Request) throws(DirectoryError) -> Response {
        let language = try request.onlyLanguage()
        var json = JSONWriter(capacity: 4096)
        try service.provenance(try request.pathID()).write(to: &json, in: language)
        return Response(json: json)
    }

    func verify(_ request: Request) throws(DirectoryError) -> Response {
        var words = try request.words()
        let code = try words.one("credit_code")
        let name = try words.one("name")
        let source: SourceID? = try words.id("source")
        let key = try words.one("key")
        let language = try words.language()
        try words.finish()
        let query: VerifyQuery
        switch (code, name, source, key) {
        case (let code?, nil, nil, nil):
            do throws(CreditCode.Fault) {
                query = .creditCode(try CreditCode(code.uppercased()).text)
            } catch {
                throw DirectoryError(
                    .invalidRequest, "“credit_code” \(code.shortened()) is none: \(error.words.en)",
                    advice: "copy it from the licence", location: "credit_code", cause: error.words.zh)
            }
        case (nil, let name?, nil, nil): query = .name(name)
        case (nil, nil, let source?, let key?): query = .key(source: source, key: key)
        default:
            throw DirectoryError(
                .invalidRequest, "what is to be verified is not said in one way",
                advice: "give credit_code, or name, or source and key")
        }
        var json = JSONWriter(capacity: 4096)
        try service.verify(query).write(to: &json, in: language)
        return Response(json: json)
    }

    func freshness(_ request: Request) throws(DirectoryError) -> Response {
        var words = try request.words()
        var query = FreshnessQuery(community: try words.id("community"), type: try words.id("type"))
        query.months = try words.whole("months", in: 0...600) ?? query.months
        let language = try words.language()
        try words.finish()
        var json = JSONWriter(capacity: 1 << 16)
        try service.freshness(query).write(to: &json, in: language)
        return Response(json: json)
    }

    func confirm(_ request: Request) throws(DirectoryError) -> Response {
        let context = try context(request)
        let id: PlaceID = try request.pathID()
        let mention = try service.confirm(id, try ConfirmationBody(try request.json()), context)
        logger.report(
            .recordWritten, "\(mention.party) on \(mention.fact.rawValue) of place \(id)",
            metadata: Self.who(request.peer, context.actor))
        var json = JSONWriter(capacity: 512)
        mention.write(to: &json, in: .zh)
        return Response(json: json)
    }
}

/// How sure a pair must look to be listed.
private enum SamenessWord: String, CaseIterable {
    case same
    case maybe
}
