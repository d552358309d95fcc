internal import DirectoryAPI
internal import DirectoryModel
internal import NIOCore
internal import NIOHTTP1

/// A request on its way to its answer.
///
/// Used on the connection's event loop only.
final class Exchange {
    let head: HTTPRequestHead
    let startedAt: NIODeadline
    /// The route, when there is one.
    var entry: RouteEntry?
    /// The answer where no route is meant, but a file of a page, or where one lies.
    var page: Response?
    /// The `{id}` of the path.
    var id: String?
    /// What is wrong with the head: said once the body has passed by.
    var failure: DirectoryError?
    var allow: String?
    /// Bytes of the body so far.
    var bodyBytes = 0
    var bodyLimit = 0
    /// The body, where the route keeps it.
    var body: ByteBuffer?
    var upload: Upload?

    init(head: HTTPRequestHead, startedAt: NIODeadline) {
        self.head = head
        self.startedAt = startedAt
    }

    var isHead: Bool { head.method == .HEAD }

    var expectsContinue: Bool {
        head.headers[canonicalForm: "expect"].contains { $0.lowercased() == "100-continue" }
    }
}

/// What a handler is asked.
struct Request: Sendable {
    let operation: Route.Operation
    let method: String
    let path: String
    let query: String
    /// The `{id}` of the path, decoded.
    let id: String?
    let headers: HTTPHeaders
    let body: ByteBuffer?
    let peer: Peer?
    /// The socket that it came through.
    let role: ListenerRole

    /// The words of the query.
    func words() throws(DirectoryError) -> QueryWords { try QueryWords(query: query[...]) }

    /// The only value of a header, or nil.
    ///
    /// - Throws: `invalid_request` when it is given several times.
    func header(_ name: String) throws(DirectoryError) -> String? {
        let values = headers[name]
        guard values.count <= 1 else {
            throw DirectoryError(
                .invalidRequest, "the header \(name) is given \(values.count) times", location: name)
        }
        return values.first
    }
}
