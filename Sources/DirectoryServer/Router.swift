internal import DirectoryAPI
internal import DirectoryModel

/// A route with what the server keeps for it.
final class RouteEntry: Sendable {
    /// Where a request is answered.
    enum Place: Sendable {
        /// At once, on the event loop: from memory, in microseconds.
        case loop
        /// On a thread of its own: waits for the disk, or takes milliseconds.
        case worker
        /// After its body has been written to a file.
        case spool
        /// As a worker's, but it may go on.
        case feed
    }

    let route: Route
    let place: Place
    let metrics: RouteMetrics

    init(_ route: Route, metrics: ServerMetrics) {
        self.route = route
        place = Self.place(of: route)
        self.metrics = metrics.route(route.path, method: route.method.rawValue)
    }

    /// Where a request of a route is answered.
    static func place(of route: Route) -> Place {
        switch route.operation {
        case .sendRegister: .spool
        case .changes: .feed
        // A file, and an index that is made anew after each change.
        case .hsdsMetadata, .hsdsServices, .hsdsService, .hsdsServiceAtLocations, .hsdsServiceAtLocation,
            .hsdsOrganizations, .hsdsOrganization, .hsdsTaxonomies, .hsdsTaxonomy, .hsdsTaxonomyTerms,
            .hsdsTaxonomyTerm:
            .worker
        // Polygon work, tiles, a walk without a near limit, a read of the store, an index that may have to be made first.
        case .isochrone, .listNotices, .route, .map, .getPlace, .search, .suggest, .listImports,
            .getAnswer,
            .listDuplicates,
            .listPairs, .getProvenance, .verify, .freshness:
            .worker
        default: route.isWrite ? .worker : .loop
        }
    }

    /// Whether the body is kept for the handler.
    var wantsBody: Bool {
        if case .object = route.body { true } else { false }
    }
}

/// Finds the route of a request.
struct Router: Sendable {
    private struct Node: Sendable {
        var entries: [Route.Method: RouteEntry] = [:]
        var allow: String {
            let words = entries.keys.map(\.rawValue) + (entries[.get] == nil ? [] : ["HEAD"])
            return words.sorted().joined(separator: ", ")
        }
    }

    /// What a request line leads to.
    enum Match {
        case found(RouteEntry, id: String?)
        /// The path exists with these methods.
        case otherMethod(allow: String)
        case nothing
    }

    private var fixed: [String: Node] = [:]
    /// Paths that end in `{id}`, by what stands before it.
    private var prefixes: [(text: String, node: Node)] = []

    init(_ routes: [Route], metrics: ServerMetrics) {
        for route in routes {
            let entry = RouteEntry(route, metrics: metrics)
            guard route.path.hasSuffix("{id}") else {
                fixed[route.path, default: Node()].entries[route.method] = entry
                continue
            }
            let text = String(route.path.dropLast(4))
            if let index = prefixes.firstIndex(where: { $0.text == text }) {
                prefixes[index].node.entries[route.method] = entry
            } else {
                prefixes.append((text, Node(entries: [route.method: entry])))
            }
        }
    }

    /// The route of a method and a raw path.
    ///
    /// - Throws: `invalid_request` where the path's escapes are broken.
    func match(method: String, path: Substring) throws(DirectoryError) -> Match {
        if let node = fixed[String(path)] { return choose(node, method, id: nil) }
        for (text, node) in prefixes where path.hasPrefix(text) {
            let rest = path.dropFirst(text.count)
            guard !rest.isEmpty, !rest.utf8.contains(UInt8(ascii: "/")) else { return .nothing }
            return choose(node, method, id: try PathSegment.decoded(rest))
        }
        return .nothing
    }

    private func choose(_ node: Node, _ method: String, id: String?) -> Match {
        // HEAD is GET without the body (RFC 9110, 9.3.2).
        guard let known = Route.Method(rawValue: method == "HEAD" ? "GET" : method),
            let entry = node.entries[known]
        else { return .otherMethod(allow: node.allow) }
        return .found(entry, id: id)
    }
}

/// One segment of a URL's path.
enum PathSegment {
    /// The text of a percent-encoded segment.
    ///
    /// - Throws: `invalid_request`.
    static func decoded(_ raw: Substring) throws(DirectoryError) -> String {
        guard raw.utf8.contains(UInt8(ascii: "%")) else { return String(raw) }
        var plain: [UInt8] = []
        var rest = raw.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                plain.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(hexValue), let low = rest.popFirst().flatMap(hexValue)
            else { throw fault(raw) }
            plain.append(high << 4 | low)
        }
        guard let text = String(validating: plain, as: UTF8.self) else { throw fault(raw) }
        return text
    }

    private static func fault(_ raw: Substring) -> DirectoryError {
        DirectoryError(
            .invalidRequest, "the path holds \(String(raw).shortened()), which is no percent-encoded UTF-8")
    }

    private static func hexValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }
}
