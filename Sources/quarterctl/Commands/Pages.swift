import DirectoryAPI
import DirectoryClient
import DirectoryModel

/// The pages of a list, fetched one after another.
struct Pages {
    /// The first page: what stands beside the list is taken from it.
    let first: JSONValue
    /// The rows of all pages that were fetched.
    let rows: [JSONValue]
    /// Whether there are more rows than were fetched.
    let hasMore: Bool
    /// Whom to credit, on any page.
    let attributions: [String]

    /// Fetches a page, or all of them; prints them instead when JSON is wanted.
    ///
    /// - Parameter list: the key of the list.
    /// - Returns: the rows, or nil when JSON was printed.
    static func fetch(
        _ path: String, query: [(name: String, value: String)], list: String, pages: PageOptions,
        from global: GlobalOptions, on socket: SocketKind = .public
    ) throws(DirectoryError) -> Pages? {
        var first: JSONValue?
        var rows: [JSONValue] = []
        var attributions: [String] = []
        var cursor: String?
        repeat {
            let reply = try global.ask(
                ClientRequest("GET", path, query: query + pages.query(after: cursor)), on: socket)
            let page = try reply.json()
            if global.json { Terminal.print(json: reply.body) }
            if first == nil { first = page }
            rows += page.list(list)
            for attribution in page.texts("attribution") where !attributions.contains(attribution) {
                attributions.append(attribution)
            }
            cursor = page["next"]?.asText
        } while pages.all && cursor != nil
        guard !global.json, let first else { return nil }
        return Pages(first: first, rows: rows, hasMore: cursor != nil, attributions: attributions)
    }

    /// Prints how many rows there are, and whom to credit.
    func printFooter(_ one: String, _ many: String) {
        let count = "\(rows.count) \(rows.count == 1 ? one : many)"
        print(hasMore ? count + "; there are more, --all shows them." : count + ".")
        Terminal.printAttribution(attributions)
    }
}
