package import DirectoryModel

/// One event of a feed, as the client read it.
package struct FeedEvent: Hashable, Sendable {
    /// Its name: `change`, `reread`; empty where an id came alone.
    package var name = ""
    /// What to go on after from now on; empty where none was given yet.
    package var id = ""
    /// Its text.
    package var data = ""

    /// An event; see the fields.
    package init(name: String = "", id: String = "", data: String = "") {
        self.name = name
        self.id = id
        self.data = data
    }
}

/// Puts lines of an event stream together (WHATWG HTML, 9.2.6).
package struct FeedReader: Sendable {
    private var event = FeedEvent()
    private var hasData = false

    /// A reader at the beginning of a stream.
    package init() {}

    /// Takes a line without its end, and returns the event that it completes: one with data, or with an id alone.
    ///
    /// What was begun and never completed is no event: its id does not count.
    package mutating func take(_ line: String) -> FeedEvent? {
        guard !line.isEmpty else {
            defer {
                event = FeedEvent()
                hasData = false
            }
            return hasData || !event.id.isEmpty ? event : nil
        }
        let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        var value = parts.count > 1 ? parts[1] : ""
        if value.first == " " { value.removeFirst() }
        switch parts[0] {
        case "id": event.id = String(value)
        case "event": event.name = String(value)
        case "data":
            event.data += (hasData ? "\n" : "") + value
            hasData = true
        default: break
        }
        return nil
    }
}

extension DirectoryClient {
    /// Sends a request and hands over the events of its answer as they come, until it ends.
    ///
    /// - Parameter take: false to end.
    /// - Throws: as `send`; `bad_reply` too when the connection breaks; what `take` throws.
    package func follow(
        _ request: ClientRequest, _ take: (FeedEvent) throws(DirectoryError) -> Bool
    ) throws(DirectoryError) {
        let connection = try connect()
        defer { connection.close() }
        var request = request
        request.headers.append(("Accept", "text/event-stream"))
        try connection.send(Array(try head(of: request, body: OutgoingBody(.none)).utf8))
        var reader = ReplyReader(connection: connection)
        var events = FeedReader()
        let refusal = try reader.readLines { line throws(DirectoryError) in
            guard let event = events.take(line) else { return true }
            return try take(event)
        }
        if let refusal { throw refusal.problem(from: endpoint) }
    }
}
