internal import DirectoryModel

/// Refuses requests of a page from elsewhere that came through the kiosk's browser (DNS rebinding, cross-site
/// requests): the Host must name this socket, and an Origin, where there is one, must be this socket's own.
struct HostCheck: Hashable, Sendable {
    /// Host names without port.
    let hosts: [String]
    /// The socket's port.
    let port: Int

    /// Checks the headers of one request.
    ///
    /// - Throws: `foreign_host`.
    func check(hosts given: [String], origins: [String]) throws(DirectoryError) {
        guard given.count == 1, let host = given.first, isOwn(host) else {
            let words = given.first.map { "the Host \($0.shortened())" } ?? "a request without Host"
            throw refusal(words)
        }
        for origin in origins {
            guard let mark = origin.firstRange(of: "://"), origin[..<mark.lowerBound] == "http",
                isOwn(String(origin[mark.upperBound...]))
            else { throw refusal("the Origin \(origin.shortened())") }
        }
    }

    private func refusal(_ words: String) -> DirectoryError {
        DirectoryError(
            .foreignHost, "\(words) is refused on this socket",
            advice:
                "ask http://\(hosts.first ?? "localhost"):\(port)/, or add the name to kiosk.allowed_hosts")
    }

    private func isOwn(_ authority: String) -> Bool {
        let lowered = authority.lowercased()
        return hosts.contains { host in
            let host = host.lowercased()
            return lowered == "\(host):\(port)" || (port == 80 && lowered == host)
        }
    }
}
