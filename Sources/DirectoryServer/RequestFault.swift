internal import DirectoryModel
internal import NIOHTTP1

/// What can be wrong with a request before anybody has looked at what it asks.
enum RequestFault {
    static func unreadable(_ error: HTTPParserError, limits: ServerLimits, atEnd: Bool) -> DirectoryError {
        switch error {
        case .headerOverflow: longHead(limits)
        case .invalidEOFState where atEnd, .closedConnection where atEnd:
            DirectoryError(
                .invalidRequest, "the connection's sending side was closed in the middle of a request",
                advice: "send the whole request before closing")
        default:
            DirectoryError(
                .invalidRequest, "what was sent is no HTTP/1.1 request", advice: "see docs/api.md",
                cause: "\(error)")
        }
    }

    static func longHead(_ limits: ServerLimits) -> DirectoryError {
        DirectoryError(
            .tooLarge, "the request's URL and headers are longer than \(limits.headBytes) bytes",
            advice: "shorten the query, or raise requests.head_limit", location: "head")
    }

    static func longBody(_ limit: Int, key: String) -> DirectoryError {
        DirectoryError(
            .tooLarge, "the request's body is longer than \(limit) bytes",
            advice: "send less at once, or raise requests.\(key)", location: "body")
    }

    static func slow(_ limits: ServerLimits) -> DirectoryError {
        DirectoryError(
            .requestTimeout, "the request did not arrive whole within \(words(limits.requestTime))",
            advice: "send it at once; see requests.request_time")
    }

    static func crowded(limit: Int, evicted: Bool) -> DirectoryError {
        DirectoryError(
            .tooManyConnections,
            evicted
                ? "this idle connection was closed for a newer one: its holder has more than \(limit)"
                : "there are \(limit) connections already, all of them busy",
            advice: "close connections after use, or raise requests.connections_per_user")
    }

    private static func words(_ time: Seconds) -> String {
        time.value == time.value.rounded() ? "\(Int(time.value)) s" : "\(time.value) s"
    }
}
