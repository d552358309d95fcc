internal import DirectoryModel
internal import NIOHTTP1

/// Refuses what a page from elsewhere makes a browser ask.
struct RequestCheck: Hashable, Sendable {
    /// The desk's port.
    let port: Int

    private var hosts: [String] { ["127.0.0.1:\(port)", "localhost:\(port)"] }

    /// Checks a request's head, before anything is looked at that it asks for.
    ///
    /// - Throws: `foreign_host` where the Host is not this desk (DNS rebinding), where an Origin is not, where a request
    ///   that may change something has none (a form of another site), or where the browser itself says that another
    ///   site, or another port of this machine, asks for what is behind the page.
    func check(_ head: HTTPRequestHead) throws(DirectoryError) {
        let given = head.headers["host"]
        guard given.count == 1, let host = given.first, hosts.contains(host.lowercased()) else {
            throw refusal(given.first.map { "the Host \($0.shortened())" } ?? "a request without Host")
        }
        let origins = head.headers["origin"]
        guard origins.allSatisfy({ $0.lowercased() == "http://" + host.lowercased() }) else {
            throw refusal("the Origin \((origins.first ?? "").shortened())")
        }
        let onlyReads = head.method == .GET || head.method == .HEAD
        guard onlyReads || origins.count == 1 else { throw refusal("a change without Origin") }
        let site = head.headers["sec-fetch-site"].first ?? "same-origin"
        guard !head.uri.hasPrefix("/v1/") || site == "same-origin" || site == "none" else {
            throw refusal("a request of a page from elsewhere (Sec-Fetch-Site: \(site.shortened(to: 20)))")
        }
    }

    private func refusal(_ words: String) -> DirectoryError {
        DirectoryError(
            .foreignHost, "\(words) is refused by the staff desk",
            advice: "use the page under http://127.0.0.1:\(port)/")
    }
}
