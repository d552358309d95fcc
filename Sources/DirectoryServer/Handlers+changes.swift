internal import DirectoryAPI
internal import DirectoryModel
internal import NIOCore

/// What a request for the change feed comes to.
enum FeedOpening: Sendable {
    /// An answer as any other.
    case response(Response)
    /// A feed that goes on.
    case feed(ChangeQuery, FeedPiece)
}

/// How the history is written for whoever follows.
enum FeedFormat: Sendable {
    /// As server-sent events.
    case events
    /// As replies of a Varlink call.
    case replies
}

/// What a follower is sent at once.
struct FeedPiece: Sendable {
    /// What is sent: whole events, or whole replies.
    var text: ByteBuffer
    /// Changes in it.
    var count = 0
    /// Where to go on; nil where the follower has to read anew, and the feed ends.
    var next: FeedPosition?
    /// Whether nothing followed when it was read.
    var isWhole = true
}

extension Handlers {
    /// A page of the history.
    func changes(_ request: Request) throws(DirectoryError) -> Response {
        var words = try request.words()
        var query = try ChangeQuery(words: &words)
        try complete(&query, from: request)
        return try page(query)
    }

    /// Opens the feed, or answers with a page where the client wants one.
    ///
    /// Blocking: the store is read, and users are looked up.
    func openFeed(_ request: Request) -> FeedOpening {
        do throws(DirectoryError) {
            var words = try request.words()
            var query = try ChangeQuery(words: &words)
            try complete(&query, from: request)
            guard request.method != "HEAD", query.follows ?? !request.wantsPage else {
                return .response(try page(query))
            }
            query.limit = WalkLimit.maximumPage
            guard query.position == nil else { return .feed(query, try continueFeed(query, as: .events)) }
            // The first id says from where to go on, before anything has happened.
            query.position = FeedPosition(service.version.revision)
            var piece = try continueFeed(query, as: .events)
            var text = ByteBuffer()
            FeedText.id(query.position ?? FeedPosition(Revision(0)), to: &text)
            text.writeStaticString("\n")
            text.writeImmutableBuffer(piece.text)
            piece.text = text
            return .feed(query, piece)
        } catch {
            return .response(Response(error))
        }
    }

    /// What a follower is sent next.
    ///
    /// Blocking: the store is read.
    /// - Throws: what the directory throws, but for changes that are no longer kept: the follower is told so.
    func continueFeed(_ query: ChangeQuery, as format: FeedFormat) throws(DirectoryError) -> FeedPiece {
        do throws(DirectoryError) {
            let page = try service.changes(query)
            return switch format {
            case .events: FeedPiece(page, for: query)
            case .replies: FeedPiece(repliesOf: page, for: query)
            }
        } catch  where error.code == .historyGone && format == .events {
            return FeedPiece(
                text: FeedText.reread(from: service.version.revision, reason: error.message), next: nil)
        }
    }

    private func complete(_ query: inout ChangeQuery, from request: Request) throws(DirectoryError) {
        let header = "Last-Event-ID"
        if let text = try request.header(header), !text.isEmpty {
            query.position = try ChangeQuery.position(text, in: header)
        }
        // Who did it is for those who may do it themselves.
        if request.role == .admin { query.withActor = (try? access.actor(request.peer)) != nil }
    }

    private func page(_ query: ChangeQuery) throws(DirectoryError) -> Response {
        var json = JSONWriter()
        try service.changes(query).write(to: &json, for: query)
        return Response(json: json)
    }
}

extension Request {
    /// Whether the client takes JSON and no event stream.
    fileprivate var wantsPage: Bool {
        let accepted = headers["accept"].joined(separator: ",").lowercased()
        return accepted.contains("application/json") && !accepted.contains("text/event-stream")
    }
}

extension FeedPiece {
    /// The events of a page.
    init(_ page: ChangePage, for query: ChangeQuery) {
        text = ByteBufferAllocator().buffer(capacity: 64 + 256 * page.changes.count)
        next = page.next
        count = page.changes.count
        isWhole = page.isWhole
        for change in page.changes {
            FeedText.id(change.position, to: &text)
            text.writeStaticString("event: change\ndata: ")
            var json = JSONWriter(capacity: 512)
            change.write(to: &json, for: query)
            json.withBytes { _ = text.writeBytes($0) }
            text.writeStaticString("\n\n")
        }
        // What was passed over is not read again by whoever goes on from here.
        if let last = page.changes.last?.position ?? query.position, last != page.next {
            FeedText.id(page.next, to: &text)
            text.writeStaticString("\n")
        }
    }
}

/// The words of the feed (WHATWG HTML, 9.2: server-sent events).
enum FeedText {
    /// The answer's head but for its first line and date.
    static let head: StaticString =
        "Content-Type: text/event-stream\r\nCache-Control: no-store\r\nX-Accel-Buffering: no\r\nConnection: close\r\n\r\n"
    /// Something to see that the other side is there.
    static let heartbeat: StaticString = ":\n\n"

    static func id(_ position: FeedPosition, to text: inout ByteBuffer) {
        text.writeStaticString("id: ")
        text.writeString(position.description)
        text.writeStaticString("\n")
    }

    /// Tells a follower to read anew, and from where to go on then.
    static func reread(from revision: Revision, reason: String) -> ByteBuffer {
        var text = ByteBuffer()
        id(FeedPosition(revision), to: &text)
        text.writeStaticString("event: reread\ndata: ")
        var json = JSONWriter(capacity: 256)
        json.beginObject()
        json.key("revision")
        json.whole(revision.number)
        json.key("reason")
        json.string(reason)
        json.endObject()
        json.withBytes { _ = text.writeBytes($0) }
        text.writeStaticString("\n\n")
        return text
    }

    /// The last words of a feed that ends for another reason, on one line.
    static func farewell(_ words: String) -> ByteBuffer {
        ByteBuffer(string: ": " + words.split(whereSeparator: \.isNewline).joined(separator: " ") + "\n\n")
    }
}
