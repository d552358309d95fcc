internal import DirectoryAPI
internal import DirectoryModel
internal import NIOCore

/// How replies stand on the wire: JSON with a zero byte after it.
enum VarlinkFrame {
    /// Writes a reply with these parameters.
    ///
    /// - Parameter continues: whether another reply of the same call follows.
    static func write(
        _ parameters: borrowing JSONWriter, continues: Bool = false, to replies: inout ByteBuffer
    ) {
        replies.writeStaticString("{\"parameters\":")
        parameters.withBytes { _ = replies.writeBytes($0) }
        replies.writeStaticString(continues ? ",\"continues\":true}\0" : "}\0")
    }

    /// Writes an error.
    static func write(_ fault: VarlinkFault, to replies: inout ByteBuffer) {
        var json = JSONWriter(capacity: 512)
        fault.write(to: &json)
        json.withBytes { _ = replies.writeBytes($0) }
        replies.writeInteger(UInt8(0))
    }
}

extension Responder {
    /// Writes the reply to a call of a method that answers once.
    ///
    /// - Throws: why there is none; nothing is written then.
    func answer(_ operation: VarlinkMethod.Operation, _ words: QueryWords, to replies: inout ByteBuffer)
        throws(VarlinkFault)
    {
        switch operation {
        case .info: replies.writeImmutableBuffer(common.varlinkInfo)
        case .description:
            var words = words
            let interface = words.all("interface").first ?? ""
            guard let text = VarlinkTable.description(of: interface) else {
                throw .interfaceNotFound(interface)
            }
            var json = JSONWriter(capacity: text.utf8.count * 2)
            json.beginObject()
            json.key("description")
            json.string(text)
            json.endObject()
            VarlinkFrame.write(json, to: &replies)
        case .ask(let operation):
            do throws(DirectoryError) {
                guard let handlers else { throw fault }
                var json = JSONWriter()
                try handlers.write(operation, words, to: &json)
                VarlinkFrame.write(json, to: &replies)
            } catch {
                throw .directory(error)
            }
        }
    }
}

extension Handlers {
    /// Writes what the route of an operation answers with.
    fileprivate func write(_ operation: Route.Operation, _ words: QueryWords, to json: inout JSONWriter)
        throws(DirectoryError)
    {
        var words = words
        switch operation {
        case .reach: try service.writeReach(ReachQuery(words: &words), to: &json)
        case .search: try service.search(SearchQuery(words: &words)).write(to: &json)
        case .getPlace:
            guard let id: PlaceID = try words.id("id") else { throw Self.withoutID }
            let language = try words.language()
            try words.finish()
            try service.place(id).write(to: &json, in: language)
        default: preconditionFailure("no method of Varlink is \(operation.rawValue)")
        }
    }

    private static var withoutID: DirectoryError {
        DirectoryError(.invalidRequest, "the place's id is missing", location: "id")
    }

    /// What a follower is told first.
    ///
    /// Blocking: the store is read.
    func openFeed(_ words: QueryWords) throws(DirectoryError) -> (ChangeQuery, FeedPiece) {
        var words = words
        var query = try ChangeQuery(words: &words)
        query.limit = WalkLimit.maximumPage
        query.position = query.position ?? FeedPosition(service.version.revision)
        let page = try service.changes(query)
        return (query, FeedPiece(repliesOf: page, for: query, isFirst: true))
    }
}

extension FeedPiece {
    /// A page as a reply after which others follow.
    ///
    /// - Parameter isFirst: whether it is the call's first one, which is given though nothing was changed: it says
    ///   from where to go on.
    init(repliesOf page: ChangePage, for query: ChangeQuery, isFirst: Bool = false) {
        text = ByteBuffer()
        next = page.next
        count = page.changes.count
        isWhole = page.isWhole
        guard isFirst || !page.changes.isEmpty || page.next != query.position else { return }
        var json = JSONWriter()
        page.write(to: &json, for: query)
        VarlinkFrame.write(json, continues: true, to: &text)
    }
}

extension CommonHandlers {
    /// The reply to `GetInfo`.
    static func varlinkInfo(version: String) -> ByteBuffer {
        var json = JSONWriter(capacity: 512)
        json.beginObject()
        json.key("vendor")
        json.string("Quarter")
        json.key("product")
        json.string("quarterd")
        json.key("version")
        json.string(version)
        json.key("url")
        json.string("man:quarterd(8)")
        json.key("interfaces")
        json.beginArray()
        for interface in VarlinkTable.interfaces { json.string(interface) }
        json.endArray()
        json.endObject()
        var reply = ByteBuffer()
        VarlinkFrame.write(json, to: &reply)
        return reply
    }
}
