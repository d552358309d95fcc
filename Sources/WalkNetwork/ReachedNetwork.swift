import DirectoryModel

extension WalkNetwork {
    /// Finds all that can be walked to from an origin: what an isochrone is drawn from.
    ///
    /// - Parameters:
    ///   - origin: where the walk starts.
    ///   - limit: the longest walk, the first leg included; at most `maximumLimit`.
    ///   - avoidsSteps: whether ways of steps are left out.
    ///   - scratch: working memory of this network.
    package func reached(
        from origin: Snap, limit: Metres, avoidsSteps: Bool, scratch: SearchScratch
    ) -> ReachedNetwork {
        var purpose = ReachedPurpose()
        guard
            var search = BoundedSearch(
                network: self, scratch: scratch, origin: origin, limit: limit, avoidsSteps: avoidsSteps,
                slotLimit: 0, keepsParents: false)
        else { return ReachedNetwork(network: self, origin: origin, limit: limit, edges: []) }
        search.run(&purpose)
        let edges = purpose.edges(of: search, network: self, avoidsSteps: avoidsSteps)
        return ReachedNetwork(network: self, origin: origin, limit: limit, edges: edges)
    }
}

/// Remembers the vertices that a search has reached.
private struct ReachedPurpose: SearchPurpose {
    static var keepsParents: Bool { false }
    private var vertices: [UInt32] = []

    mutating func leave(by half: HalfEdge, key: UInt32, search: inout BoundedSearch) {}

    mutating func settle(_ vertex: UInt32, key: UInt32, search: inout BoundedSearch) {
        vertices.append(vertex)
    }

    mutating func finish(bucket: Int, search: inout BoundedSearch) -> Bool { false }

    /// The edges that can be walked into from the vertices, in edge order.
    func edges(
        of search: BoundedSearch, network: WalkNetwork, avoidsSteps: Bool
    ) -> [ReachedNetwork.Edge] {
        let mask = HalfEdge.closed | (avoidsSteps ? HalfEdge.steps : 0)
        var edges: [ReachedNetwork.Edge] = []
        for vertex in Set(vertices) {
            guard let key = search.key(of: vertex) else { continue }
            let metres = search.seeds.metres(key)
            let range = network.vertexOffsets[Int(vertex)]..<network.vertexOffsets[Int(vertex) + 1]
            for index in range {
                let half = network.halfEdges[Int(index)]
                guard half.edgeAndFlags & mask == 0 else { continue }
                let reversed = half.edgeAndFlags & HalfEdge.reversed != 0
                edges.append(
                    ReachedNetwork.Edge(
                        number: half.edgeAndFlags >> HalfEdge.shift, tail: reversed ? nil : metres,
                        head: reversed ? metres : nil))
            }
        }
        edges.sort { $0.number < $1.number }
        return edges.reduce(into: []) { merged, edge in
            if let last = merged.last, last.number == edge.number {
                merged[merged.count - 1].tail = last.tail ?? edge.tail
                merged[merged.count - 1].head = last.head ?? edge.head
            } else {
                merged.append(edge)
            }
        }
    }
}

/// All that can be walked to from one origin within one limit.
package struct ReachedNetwork: Sendable {
    /// An edge that can be walked into from one of its ends or both.
    struct Edge: Sendable {
        /// The number of the edge.
        var number: UInt32
        /// Metres on the network to its tail, where it can be walked into from there.
        var tail: Double?
        /// Metres on the network to its head, where it can be walked into from there.
        var head: Double?
    }

    /// A reached part of an edge, in metres from its start.
    struct Interval: Sendable, Equatable {
        /// The number of the edge.
        var edge: UInt32
        /// Where the part starts.
        var from: Double
        /// Where the part ends, not before it starts.
        var to: Double
    }

    private let network: WalkNetwork
    /// Where the walk starts.
    package let origin: Snap
    /// The longest walk that was looked for.
    package let limit: Metres
    /// In edge order, each once.
    let edges: [Edge]

    init(network: WalkNetwork, origin: Snap, limit: Metres, edges: [Edge]) {
        self.network = network
        self.origin = origin
        self.limit = limit
        self.edges = edges
    }

    /// The walk to a thing, both legs included: the same bits as in a list; nil beyond the limit.
    ///
    /// - Complexity: O(log edges).
    package func metres(to snap: Snap) -> Metres? {
        var totals: [Double] = []
        if snap.edge == origin.edge,
            let network = network.alongEdge(origin.edge, origin.offset.value, snap.offset.value)
        {
            totals.append(WalkTotal.whole(origin.leg.value, network, snap.leg.value))
        }
        if let edge = edge(snap.edge.number) {
            let length = network.centimetres(edge.number)
            for (vertex, reversed) in [(edge.tail, false), (edge.head, true)] {
                guard let vertex else { continue }
                let along = WalkTotal.toPoint(
                    vertex: vertex, offset: snap.offset.value, length: length, reversed: reversed)
                totals.append(WalkTotal.whole(origin.leg.value, along, snap.leg.value))
            }
        }
        guard let least = totals.min(), least <= min(limit, WalkNetwork.maximumLimit).value else {
            return nil
        }
        return Metres(least)
    }

    private func edge(_ number: UInt32) -> Edge? {
        var (low, high) = (0, edges.count)
        while low < high {
            let middle = (low + high) / 2
            if edges[middle].number < number { low = middle + 1 } else { high = middle }
        }
        return low < edges.count && edges[low].number == number ? edges[low] : nil
    }

    /// The reached parts of edges: those whose every point lies within first leg + network ≤ `limit`.
    ///
    /// - Parameter limit: at most the limit of the search.
    /// - Returns: parts in edge order, merged; one of length zero where only a single point is within reach.
    func intervals(within limit: Metres) -> [Interval] {
        let budget = min(limit, self.limit, WalkNetwork.maximumLimit).value - origin.leg.value
        guard budget >= 0 else { return [] }
        var found: [Interval] = []
        let own = network.edges[Int(origin.edge.number)]
        let ownLength = Double(own.length) / 100
        let back = own.flags & EdgeRecord.oneway == 0 ? budget : min(budget, WalkNetwork.sameSpot)
        found.append(
            Interval(
                edge: origin.edge.number, from: max(0, origin.offset.value - back),
                to: min(ownLength, origin.offset.value + budget)))
        for edge in edges {
            let length = Double(network.centimetres(edge.number)) / 100
            if let tail = edge.tail, tail <= budget {
                found.append(Interval(edge: edge.number, from: 0, to: min(length, budget - tail)))
            }
            if let head = edge.head, head <= budget {
                found.append(Interval(edge: edge.number, from: max(0, length - (budget - head)), to: length))
            }
        }
        found.sort { ($0.edge, $0.from) < ($1.edge, $1.from) }
        return found.reduce(into: [Interval]()) { merged, interval in
            if let last = merged.last, last.edge == interval.edge, interval.from <= last.to {
                merged[merged.count - 1].to = max(last.to, interval.to)
            } else {
                merged.append(interval)
            }
        }
    }

    /// The reached parts of ways as lines, each of at least two points, in edge order.
    ///
    /// - Parameter limit: first leg + network at most; at most the limit of the search.
    package func lines(within limit: Metres) -> [[Coordinate]] {
        intervals(within: limit).filter { $0.to - $0.from > 2 * WalkNetwork.sameSpot }.map { interval in
            network.line(ofEdge: interval.edge, from: interval.from, to: interval.to)
        }
    }
}

extension WalkNetwork {
    /// The point of a chain at `offset` metres from its start, with the piece that it lies on.
    func point(ofEdge edge: UInt32, at offset: Double) -> (point: Int, coordinate: Coordinate) {
        let first = Int(edges[Int(edge)].firstPoint)
        let last = Int(edges[Int(edge) + 1].firstPoint) - 1
        let centimetres = offset * 100
        var (low, high) = (first, last)
        while high - low > 1 {
            let middle = (low + high) / 2
            if Double(pointPrefixes[middle]) <= centimetres { low = middle } else { high = middle }
        }
        let from = position(ofPoint: low)
        let to = position(ofPoint: low + 1)
        let length = Double(pointPrefixes[low + 1] - pointPrefixes[low])
        let part = length > 0 ? (centimetres - Double(pointPrefixes[low])) / length : 0
        if part <= 0 { return (low, from.coordinate) }
        if part >= 1 { return (low, to.coordinate) }
        return (
            low,
            Coordinate(
                uncheckedLatitude: from.degreesNorth + part * (to.degreesNorth - from.degreesNorth),
                longitude: from.degreesEast + part * (to.degreesEast - from.degreesEast))
        )
    }

    /// The part of a chain from one offset to a greater one.
    func line(ofEdge edge: UInt32, from: Double, to: Double) -> [Coordinate] {
        let start = point(ofEdge: edge, at: from)
        let end = point(ofEdge: edge, at: to)
        var line = [start.coordinate]
        if end.point > start.point {
            for point in start.point + 1...end.point {
                let coordinate = position(ofPoint: point).coordinate
                if coordinate != line.last { line.append(coordinate) }
            }
        }
        if end.coordinate != line.last || line.count == 1 { line.append(end.coordinate) }
        return line
    }
}
