import Dispatch
import DirectoryModel
import Synchronization

// Every node of the network at once: what a plan of a whole city asks for. A node is looked at as an origin
// that stands on the network, without a leg.
//
// All ways are whole centimetres and only a target's own approach is not, so that walks rounded down to whole
// centimetres are those of the bounded search rounded down, whatever way was taken to them.

/// What is asked of every node of a network.
package struct SurveyQuery: Sendable {
    /// The kinds whose nearest target is looked for, each a column.
    package var kinds: [UInt16]
    /// The limits within which targets are counted, each a column; at most `WalkNetwork.labelledLimit`.
    package var limits: [Metres]
    /// The kinds that are counted, or nil for all of them.
    package var counted: KindSet?
    /// Whether ways of steps are left out.
    package var avoidsSteps: Bool

    /// A query; see the fields.
    package init(
        kinds: [UInt16], limits: [Metres], counted: KindSet? = nil, avoidsSteps: Bool = false
    ) {
        self.kinds = kinds
        self.limits = limits
        self.counted = counted
        self.avoidsSteps = avoidsSteps
    }
}

/// What was found for every node of a network, in the order of `nodes.csv`.
package struct NetworkSurvey: Sendable {
    /// Where no target is within the bound of the labels.
    package static let none = UInt32.max

    /// The columns of `nearest`.
    package let kinds: [UInt16]
    /// The columns of `counts`.
    package let limits: [Metres]
    /// By node, then by kind: the walk to the nearest target in whole centimetres, rounded down, or `none`.
    package internal(set) var nearest: [UInt32]
    /// By node, then by limit: how many targets are within it, walks rounded down to whole centimetres.
    package internal(set) var counts: [UInt32]

    /// The walks from a node to the nearest target of each kind.
    package func nearest(ofNode node: Int) -> ArraySlice<UInt32> {
        nearest[node * kinds.count..<(node + 1) * kinds.count]
    }

    /// How many targets each limit has around a node.
    package func counts(ofNode node: Int) -> ArraySlice<UInt32> {
        counts[node * limits.count..<(node + 1) * limits.count]
    }
}

extension WalkNetwork {
    /// Looks at every node as an origin: the nearest target of each kind, and how many are within each limit.
    ///
    /// At a blocked node, whose ways don't meet, the best of its ways counts.
    ///
    /// - Parameters:
    ///   - query: kinds, limits and what is avoided.
    ///   - targets: the targets; not to be changed meanwhile.
    ///   - threads: how many threads may work, at least 1.
    /// - Returns: the tables, or nil where the targets do not hang on hubs of this network.
    /// - Complexity: O(label entries × kinds) for the nearest; for the counts one reading of all lists from
    ///   both ends of each edge with nodes between them.
    package func survey(_ query: SurveyQuery, targets: TargetTable, threads: Int) -> NetworkSurvey? {
        guard let labels, let hubs = targets.hubs, hubs.network === self, let labelledLimit else {
            return nil
        }
        precondition(query.limits.allSatisfy { $0 <= labelledLimit }, "limits that labels cover")
        let surveyor = Surveyor(
            network: self, labels: labels, hubs: hubs, targets: targets, query: query,
            threads: max(1, threads))
        return surveyor.run()
    }
}

/// Rows of numbers that several threads fill, each its own.
private final class SharedRows: @unchecked Sendable {
    let start: UnsafeMutablePointer<UInt32>
    let count: Int

    init(repeating value: UInt32, count: Int) {
        self.count = count
        start = .allocate(capacity: max(1, count))
        start.initialize(repeating: value, count: max(1, count))
    }

    deinit { start.deallocate() }

    var array: [UInt32] { Array(UnsafeBufferPointer(start: start, count: count)) }
}

/// The work on one survey.
private struct Surveyor: @unchecked Sendable {
    /// Vertices or edges that a thread takes at a time; chosen, not measured.
    private static let portion = 4_096
    /// Farther than anything; sums of it and a way do not wrap.
    private static let unreached: UInt32 = 1 << 30

    let network: WalkNetwork
    let labels: HubLabels
    let hubs: HubLists
    let targets: TargetTable
    let query: SurveyQuery
    let threads: Int

    func run() -> NetworkSurvey {
        let nearest = SharedRows(repeating: Self.unreached, count: network.nodeCount * query.kinds.count)
        let counts = SharedRows(repeating: 0, count: network.nodeCount * query.limits.count)
        if !query.kinds.isEmpty { findNearest(into: nearest) }
        if !query.limits.isEmpty { countTargets(into: counts) }
        let bound = LabelBound.centimetres
        return NetworkSurvey(
            kinds: query.kinds, limits: query.limits,
            nearest: nearest.array.map { $0 <= bound ? $0 : NetworkSurvey.none }, counts: counts.array)
    }

    /// Shares portions of 0 ..< count among the threads.
    private func inPortions(_ count: Int, _ body: @Sendable (Range<Int>) -> Void) {
        let next = Atomic<Int>(0)
        DispatchQueue.concurrentPerform(iterations: threads) { _ in
            while true {
                let first = next.add(Self.portion, ordering: .relaxed).oldValue
                guard first < count else { return }
                body(first..<min(first + Self.portion, count))
            }
        }
    }

    // MARK: Nearest

    private func findNearest(into nodes: SharedRows) {
        let width = query.kinds.count
        let fromHubs = SharedRows(repeating: Self.unreached, count: network.vertexCount * width)
        let fromVertices = SharedRows(repeating: Self.unreached, count: network.vertexCount * width)
        inPortions(network.vertexCount) { range in
            for hub in range { readHeads(of: hub, into: fromHubs.start + hub * width) }
        }
        let ways = LabelWays.out(avoidsSteps: query.avoidsSteps)
        inPortions(network.vertexCount) { range in
            for vertex in range {
                let row = fromVertices.start + vertex * width
                for word in labels[UInt32(vertex)] {
                    let entry = LabelEntry(word: word)
                    guard entry.serves(ways), hubs[entry.hub].count > 0 else { continue }
                    Self.lower(
                        row, to: fromHubs.start + Int(entry.hub) * width, plus: entry.centimetres, width)
                }
            }
        }
        // Nodes are in the order in which edges meet them: the first edge of a node fills its row, and others
        // that have it, in other portions perhaps, would fill it alike. Only a blocked node is different at
        // each.
        for edge in 0..<network.edgeCount { fillNodes(of: edge, from: fromVertices.start, into: nodes.start) }
    }

    /// The nearest of each kind in the list of a hub.
    private func readHeads(of hub: Int, into row: UnsafeMutablePointer<UInt32>) {
        let ways = query.avoidsSteps ? HubTarget.stepFree : HubTarget.any
        var missing = query.kinds.count
        for word in hubs[UInt32(hub)] {
            let target = HubTarget(word: word)
            guard target.ways & ways != 0 else { continue }
            let kind = target.kind < HubTarget.lastKind ? target.kind : targets.records[Int(target.slot)].kind
            for (column, wanted) in query.kinds.enumerated()
            where wanted == kind && row[column] == Self.unreached {
                row[column] = target.centimetres
                missing -= 1
            }
            if missing == 0 { return }
        }
    }

    @inline(__always)
    private static func lower(
        _ row: UnsafeMutablePointer<UInt32>, to other: UnsafeMutablePointer<UInt32>, plus centimetres: UInt32,
        _ width: Int
    ) {
        for column in 0..<width { row[column] = min(row[column], other[column] &+ centimetres) }
    }

    private func fillNodes(
        of edge: Int, from vertices: UnsafeMutablePointer<UInt32>, into nodes: UnsafeMutablePointer<UInt32>
    ) {
        let width = query.kinds.count
        let record = network.edges[edge]
        let first = Int(record.firstPoint)
        let last = Int(network.edges[edge + 1].firstPoint) - 1
        let isOneway = record.flags & EdgeRecord.oneway != 0
        let isOpen = !(query.avoidsSteps && record.flags & EdgeRecord.steps != 0)
        for point in first...last {
            let row = nodes + Int(network.pointNodes[point]) * width
            if point == first {
                Self.lower(row, to: vertices + Int(record.tail) * width, plus: 0, width)
            } else if point == last {
                Self.lower(row, to: vertices + Int(record.head) * width, plus: 0, width)
            }
            guard point > first, point < last, isOpen else { continue }
            let along = network.pointPrefixes[point]
            if !isOneway { Self.lower(row, to: vertices + Int(record.tail) * width, plus: along, width) }
            Self.lower(row, to: vertices + Int(record.head) * width, plus: record.length - along, width)
        }
        // Straight along the edge, which is the only way to what stands at the head of a one-way edge itself.
        forEachOwn(edge) { _, target in
            for (column, kind) in query.kinds.enumerated() where kind == target.kind {
                for point in first...last {
                    guard let walk = walk(along: edge, from: network.pointPrefixes[point], to: target) else {
                        continue
                    }
                    let cell = nodes + Int(network.pointNodes[point]) * width + column
                    cell.pointee = min(cell.pointee, walk)
                }
            }
        }
    }

    private func forEachOwn(_ edge: Int, _ body: (Int32, TargetRecord) -> Void) {
        var slot = targets.chains.first(ofEdge: UInt32(edge))
        while slot >= 0 {
            body(slot, targets.records[Int(slot)])
            slot = targets.chains.next(after: slot)
        }
    }

    /// Whole centimetres along one edge from a node to a target, rounded down; nil against a one-way edge,
    /// and beyond the bound.
    private func walk(along edge: Int, from centimetres: UInt32, to target: TargetRecord) -> UInt32? {
        guard
            let along = network.alongEdge(
                EdgeIndex(UInt32(edge)), Double(centimetres) / 100, target.offset)
        else { return nil }
        let walk = ((along + target.leg) * 100).rounded(.down)
        return walk <= Double(LabelBound.centimetres) ? UInt32(walk) : nil
    }

    // MARK: Counts

    private func countTargets(into nodes: SharedRows) {
        let limits = query.limits.map { UInt32(max(0, $0.value * 100)) }
        inPortions(network.edgeCount) { range in
            let work = CountingWork(slotLimit: targets.capacity)
            for edge in range { count(edge, limits, work, into: nodes.start) }
        }
        // The ways of a blocked node may be in several portions, and the best of them counts.
        let work = CountingWork(slotLimit: targets.capacity)
        for edge in 0..<network.edgeCount { countEnds(edge, limits, work, blocked: true, into: nodes.start) }
    }

    /// Counts around the nodes that an edge has between its ends, and around those ends that no edge before
    /// it has, blocked ones left out.
    private func count(
        _ edge: Int, _ limits: [UInt32], _ work: CountingWork, into nodes: UnsafeMutablePointer<UInt32>
    ) {
        countEnds(edge, limits, work, blocked: false, into: nodes)
        let record = network.edges[edge]
        let first = Int(record.firstPoint)
        let last = Int(network.edges[edge + 1].firstPoint) - 1
        let isOpen = !(query.avoidsSteps && record.flags & EdgeRecord.steps != 0)
        for point in first + 1..<max(first + 1, last) {
            work.begin()
            let along = network.pointPrefixes[point]
            if isOpen {
                if record.flags & EdgeRecord.oneway == 0 { read(record.tail, plus: along, limits, work) }
                read(record.head, plus: record.length - along, limits, work)
            }
            forEachOwn(edge) { slot, target in
                if isCounted(target.kind), let walk = walk(along: edge, from: along, to: target) {
                    work.note(slot, walk)
                }
            }
            work.count(within: limits, into: nodes + Int(network.pointNodes[point]) * limits.count)
        }
    }

    private func countEnds(
        _ edge: Int, _ limits: [UInt32], _ work: CountingWork, blocked: Bool,
        into nodes: UnsafeMutablePointer<UInt32>
    ) {
        let record = network.edges[edge]
        let ends = [
            (record.tail, Int(record.firstPoint)), (record.head, Int(network.edges[edge + 1].firstPoint) - 1),
        ]
        for (vertex, point) in ends where isFirst(edge, of: vertex) {
            let node = Int(network.pointNodes[point])
            guard blocked == (network.nodeBlocked[node] != 0) else { continue }
            work.begin()
            read(vertex, plus: 0, limits, work)
            noteAtHeads(of: vertex, work)
            work.count(within: limits, into: nodes + node * limits.count)
        }
    }

    /// Notes what stands at the head of a one-way edge itself: from there it is no way back.
    private func noteAtHeads(of vertex: UInt32, _ work: CountingWork) {
        for index in network.vertexOffsets[Int(vertex)]..<network.vertexOffsets[Int(vertex) + 1] {
            let half = network.halfEdges[Int(index)]
            guard half.edgeAndFlags & HalfEdge.closed != 0 else { continue }
            let edge = Int(half.edgeAndFlags >> HalfEdge.shift)
            forEachOwn(edge) { slot, target in
                if isCounted(target.kind), let walk = walk(along: edge, from: half.weight, to: target) {
                    work.note(slot, walk)
                }
            }
        }
    }

    /// Whether an edge is the first of a vertex, so that one thread alone counts around it.
    private func isFirst(_ edge: Int, of vertex: UInt32) -> Bool {
        let range = network.vertexOffsets[Int(vertex)]..<network.vertexOffsets[Int(vertex) + 1]
        return network.halfEdges[Int(range.lowerBound)].edgeAndFlags >> HalfEdge.shift == UInt32(edge)
    }

    private func isCounted(_ kind: UInt16) -> Bool { query.counted?.contains(kind) ?? true }

    /// Notes all targets that can be walked to from a vertex.
    private func read(_ vertex: UInt32, plus start: UInt32, _ limits: [UInt32], _ work: CountingWork) {
        guard let most = limits.max() else { return }
        let outward = LabelWays.out(avoidsSteps: query.avoidsSteps)
        let ways = query.avoidsSteps ? HubTarget.stepFree : HubTarget.any
        for word in labels[vertex] {
            let entry = LabelEntry(word: word)
            let hub = entry.centimetres + start
            guard hub <= most else { return }
            guard entry.serves(outward) else { continue }
            for word in hubs[entry.hub] {
                let target = HubTarget(word: word)
                let walk = hub + target.centimetres
                guard walk <= most else { break }
                guard target.ways & ways != 0 else { continue }
                if query.counted != nil {
                    let kind =
                        target.kind < HubTarget.lastKind
                        ? target.kind : targets.records[Int(target.slot)].kind
                    guard isCounted(kind) else { continue }
                }
                work.note(target.slot, walk)
            }
        }
    }
}

/// The targets around one node, each with its shortest walk.
private final class CountingWork {
    private let walks: UnsafeMutablePointer<UInt32>
    private let epochs: UnsafeMutablePointer<UInt32>
    private let met: UnsafeMutablePointer<Int32>
    private var metCount = 0
    private var epoch: UInt32 = 0

    init(slotLimit: Int) {
        walks = .allocate(capacity: max(1, slotLimit))
        epochs = .allocate(capacity: max(1, slotLimit))
        epochs.initialize(repeating: 0, count: max(1, slotLimit))
        met = .allocate(capacity: max(1, slotLimit))
    }

    deinit {
        walks.deallocate()
        epochs.deallocate()
        met.deallocate()
    }

    func begin() {
        metCount = 0
        epoch += 1
    }

    @inline(__always) func note(_ slot: Int32, _ walk: UInt32) {
        let index = Int(slot)
        if epochs[index] != epoch {
            epochs[index] = epoch
            walks[index] = walk
            met[metCount] = slot
            metCount += 1
        } else {
            walks[index] = min(walks[index], walk)
        }
    }

    /// Counts what was noted into a row, which keeps what is more.
    func count(within limits: [UInt32], into row: UnsafeMutablePointer<UInt32>) {
        for (column, limit) in limits.enumerated() {
            var count: UInt32 = 0
            for index in 0..<metCount where walks[Int(met[index])] <= limit { count += 1 }
            row[column] = max(row[column], count)
        }
    }
}
