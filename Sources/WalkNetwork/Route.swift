import DirectoryModel

/// A walk from an origin to a thing.
package struct Route: Hashable, Sendable {
    /// Both legs and the network: the same bits as in a list.
    package var metres: Metres
    /// From the origin over the network to the thing; at least two points.
    package var line: [Coordinate]
    /// What to do, in order; their metres add up to `metres`.
    package var steps: [RouteStep]
}

/// One direction to follow.
package struct RouteStep: Hashable, Sendable {
    /// What is walked on.
    package var kind: Kind
    /// How far.
    package var metres: Metres
    /// Where it begins.
    package var start: Coordinate
    /// The wind towards which it begins, or nil where nothing is walked.
    package var heading: Compass?
    /// How it turns off from the step before, or nil for the first one on the network and for the legs.
    package var turn: Turn?
    /// The street's name, or nil for an unnamed way.
    package var name: LocalizedText?
    /// The direction in words.
    package var text: LocalizedText

    /// What is walked on.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        /// Straight from the origin to the network.
        case firstLeg = "first_leg"
        /// A way.
        case way
        /// A way of steps (台阶).
        case stairs
        /// Straight from the network to the thing.
        case lastLeg = "last_leg"
    }
}

/// How a direction turns off from the one before.
package enum Turn: String, Hashable, Sendable, CaseIterable {
    /// Straight on: less than 30 degrees.
    case straight
    /// To the left.
    case left
    /// To the right.
    case right
    /// Back: more than 150 degrees.
    case back

    /// The turn from one bearing to another, both in degrees.
    init(from before: Double, to after: Double) {
        var angle = (after - before).truncatingRemainder(dividingBy: 360)
        if angle > 180 { angle -= 360 }
        if angle <= -180 { angle += 360 }
        // Chosen, not measured: what people call straight on, and what they call turning back.
        switch abs(angle) {
        case ..<30: self = .straight
        case 150...: self = .back
        default: self = angle > 0 ? .right : .left
        }
    }
}

extension WalkNetwork {
    /// Finds the shortest walk from an origin to a thing.
    ///
    /// - Parameters:
    ///   - origin: where the walk starts.
    ///   - goal: where it ends.
    ///   - limit: the longest walk, both legs included; at most `maximumLimit`.
    ///   - avoidsSteps: whether ways of steps are left out.
    ///   - scratch: working memory of this network.
    /// - Throws: `.unreachable` where there is no walk within the limit.
    package func route(
        from origin: Snap, to goal: Snap, limit: Metres, avoidsSteps: Bool, scratch: SearchScratch
    ) throws -> Route {
        precondition(holds(goal))
        var purpose = RoutePurpose(network: self, origin: origin, goal: goal)
        if var search = BoundedSearch(
            network: self, scratch: scratch, origin: origin, limit: limit, avoidsSteps: avoidsSteps,
            slotLimit: 0, keepsParents: true)
        {
            search.run(&purpose)
            if purpose.best <= search.limit, let via = purpose.via {
                let stretches = stretches(from: origin, to: goal, via: via, parents: scratch.parents)
                return RouteWriter(network: self, origin: origin, goal: goal, stretches: stretches)
                    .route(metres: Metres(purpose.best))
            }
        }
        throw DirectoryError(
            .unreachable,
            "there is no walk of at most \(Int(min(limit, Self.maximumLimit).value)) m to the place"
                + (avoidsSteps ? " without steps" : ""),
            advice: "allow more minutes, or another profile")
    }

    /// The parts of edges that make up a walk, in order.
    private func stretches(
        from origin: Snap, to goal: Snap, via: RoutePurpose.Via, parents: UnsafeMutablePointer<UInt32>?
    ) -> [Stretch] {
        let goalRecord = edges[Int(goal.edge.number)]
        var stretches: [Stretch] = []
        var vertex: UInt32
        switch via {
        case .along:
            return [Stretch(edge: origin.edge.number, from: origin.offset.value, to: goal.offset.value)]
        case .tail:
            stretches.append(Stretch(edge: goal.edge.number, from: 0, to: goal.offset.value))
            vertex = goalRecord.tail
        case .head:
            let length = Double(goalRecord.length) / 100
            stretches.append(Stretch(edge: goal.edge.number, from: length, to: goal.offset.value))
            vertex = goalRecord.head
        }
        while let parent = parents?[Int(vertex)] {
            if parent == BoundedSearch.tailSeed {
                stretches.append(Stretch(edge: origin.edge.number, from: origin.offset.value, to: 0))
                break
            }
            let length = Double(edges[Int(origin.edge.number)].length) / 100
            if parent == BoundedSearch.headSeed {
                stretches.append(Stretch(edge: origin.edge.number, from: origin.offset.value, to: length))
                break
            }
            let edge = parent >> HalfEdge.shift
            let record = edges[Int(edge)]
            let whole = Double(record.length) / 100
            if parent & HalfEdge.reversed != 0 {
                stretches.append(Stretch(edge: edge, from: whole, to: 0))
                vertex = record.head
            } else {
                stretches.append(Stretch(edge: edge, from: 0, to: whole))
                vertex = record.tail
            }
        }
        return stretches.reversed()
    }
}

/// A part of an edge as it is walked; against the edge's direction where `to` is less than `from`.
struct Stretch {
    /// The number of the edge.
    var edge: UInt32
    /// Metres from the start of the edge.
    var from: Double
    /// Metres from the start of the edge.
    var to: Double
}

/// Looks for the least total at one goal.
struct RoutePurpose: SearchPurpose {
    static var keepsParents: Bool { true }

    /// From where the goal is walked to.
    enum Via {
        /// Along the edge that origin and goal share.
        case along
        /// From the tail of the goal's edge.
        case tail
        /// From the head of the goal's edge.
        case head
    }

    private let goal: Snap
    private let record: EdgeRecord
    private let firstLeg: Double
    /// The least total so far, in metres.
    private(set) var best = Double.infinity
    /// From where it comes.
    private(set) var via: Via?

    init(network: WalkNetwork, origin: Snap, goal: Snap) {
        self.goal = goal
        record = network.edges[Int(goal.edge.number)]
        firstLeg = origin.leg.value
        if goal.edge == origin.edge,
            let along = network.alongEdge(origin.edge, origin.offset.value, goal.offset.value)
        {
            best = WalkTotal.whole(firstLeg, along, goal.leg.value)
            via = .along
        }
    }

    mutating func leave(by half: HalfEdge, key: UInt32, search: inout BoundedSearch) {}

    mutating func settle(_ vertex: UInt32, key: UInt32, search: inout BoundedSearch) {
        if vertex == record.tail { offer(.tail, key: key, reversed: false, search: search) }
        if vertex == record.head && record.flags & EdgeRecord.oneway == 0 {
            offer(.head, key: key, reversed: true, search: search)
        }
    }

    private mutating func offer(_ via: Via, key: UInt32, reversed: Bool, search: BoundedSearch) {
        let network = WalkTotal.toPoint(
            vertex: search.seeds.metres(key), offset: goal.offset.value, length: record.length,
            reversed: reversed)
        let total = WalkTotal.whole(firstLeg, network, goal.leg.value)
        guard total < best else { return }
        best = total
        self.via = via
    }

    mutating func finish(bucket: Int, search: inout BoundedSearch) -> Bool {
        best <= search.limit && search.bucket(ofTotal: best) <= bucket
    }
}
