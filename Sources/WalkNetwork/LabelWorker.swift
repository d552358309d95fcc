/// The working memory of one thread that searches from hubs.
final class LabelWorker: @unchecked Sendable {
    /// Farther than anything, and twice it is still no overflow.
    static let unreached: UInt32 = 1 << 30

    private let graph: LabelGraph
    private let distances: UnsafeMutablePointer<UInt32>
    /// From or to the hub at hand, by its own hubs.
    private let known: UnsafeMutablePointer<UInt32>
    private var touched: [UInt32] = []
    private var queue = LabelQueue()
    /// For `HubOrder`: by vertex, how many shortest ways of the sample run over it.
    private(set) var importance: [UInt32] = []
    private var parents: [UInt32] = []
    private var settled: [UInt32] = []
    private var below: [UInt32] = []

    init(graph: LabelGraph) {
        self.graph = graph
        let count = max(1, graph.vertexCount)
        distances = .allocate(capacity: count)
        distances.initialize(repeating: Self.unreached, count: count)
        known = .allocate(capacity: count)
        known.initialize(repeating: Self.unreached, count: count)
    }

    deinit {
        distances.deallocate()
        known.deallocate()
        queue.deallocate()
    }

    /// Searches from a hub for every kind of walk; where nothing that a search came to tells two of them apart,
    /// once for both.
    func search(from hub: UInt32, _ labels: GrowingLabels, _ result: inout HubResult) {
        result.ways = [[], [], [], []]
        // Searching forward finds the way from the hub to others.
        let met = run(from: hub, walk: 0, labels, &result.found[0])
        var isStepped = met & GrowingLabels.stepped != 0
        if met & GrowingLabels.uneven == 0 {
            result.ways[0] = [.back, .out]
        } else {
            // A search against one-way ways comes to others, where there may be steps.
            let metBackward = run(from: hub, walk: 1, labels, &result.found[1])
            isStepped = isStepped || metBackward & GrowingLabels.stepped != 0
            result.ways[0] = [.back]
            result.ways[1] = [.out]
        }
        guard isStepped else {
            for walk in 0..<2 { result.ways[walk].formUnion(Self.stepFree(result.ways[walk])) }
            return
        }
        // Over no steps a search turns back later, and comes to others again.
        let metStepFree = run(from: hub, walk: 2, labels, &result.found[2])
        if metStepFree & GrowingLabels.uneven == 0 {
            result.ways[2] = [.backStepFree, .outStepFree]
        } else {
            _ = run(from: hub, walk: 3, labels, &result.found[3])
            result.ways[2] = [.backStepFree]
            result.ways[3] = [.outStepFree]
        }
    }

    /// The same walks over no steps.
    private static func stepFree(_ ways: LabelWays) -> LabelWays { LabelWays(rawValue: ways.rawValue << 2) }

    /// One search that turns back where the labels know as short a way.
    ///
    /// - Parameter walk: bit 0: against the direction of ways; bit 1: over no steps.
    /// - Returns: the flags of all vertices that it came to.
    private func run(
        from hub: UInt32, walk: Int, _ labels: GrowingLabels, _ found: inout [UInt64]
    ) -> UInt8 {
        let isBackward = walk & 1 != 0
        let shift = UInt64(walk & 2)
        let own = LabelWays(rawValue: (isBackward ? LabelWays.back : .out).rawValue << shift)
        let other = LabelWays(rawValue: (isBackward ? LabelWays.out : .back).rawValue << shift)
        let closed =
            (isBackward ? LabelGraph.closedBack : LabelGraph.closedOut) | (shift != 0 ? LabelGraph.steps : 0)
        found.removeAll(keepingCapacity: true)
        touched.removeAll(keepingCapacity: true)
        let (distances, known, labelOf) = (distances, known, labels.labels)
        let (offsets, arcs, flags) = (graph.offsets, graph.arcs, labels.flags)
        let hubLabel = labelOf[Int(hub)]
        Self.forEach(hubLabel) { entry in
            if entry.serves(own) { known[Int(entry.hub)] = entry.centimetres }
        }
        var met: UInt8 = 0
        queue.removeAll()
        distances[Int(hub)] = 0
        touched.append(hub)
        queue.push(UInt64(hub))
        while let top = queue.pop() {
            let vertex = Int(top & 0xFFFF_FFFF)
            let reached = UInt32(truncatingIfNeeded: top >> 32)
            guard distances[vertex] == reached else { continue }
            met |= flags[vertex]
            if Self.isKnown(labelOf[vertex], within: reached, other: other, known: known) { continue }
            found.append(UInt64(vertex) << 32 | UInt64(reached))
            var index = Int(offsets[vertex])
            let end = Int(offsets[vertex &+ 1])
            while index < end {
                let arc = arcs[index]
                index &+= 1
                guard arc & closed == 0 else { continue }
                let next = reached &+ UInt32(truncatingIfNeeded: arc) >> 4
                let target = Int(arc >> 32)
                guard next <= LabelBound.centimetres, next < distances[target] else { continue }
                if distances[target] == Self.unreached { touched.append(UInt32(target)) }
                distances[target] = next
                queue.push(UInt64(next) << 32 | UInt64(target))
            }
        }
        for vertex in touched { distances[Int(vertex)] = Self.unreached }
        Self.forEach(hubLabel) { known[Int($0.hub)] = Self.unreached }
        return met
    }

    @inline(__always)
    private static func forEach(_ label: GrowingLabels.Label, _ body: (LabelEntry) -> Void) {
        guard let entries = label.entries else { return }
        for index in 0..<Int(label.count) { body(LabelEntry(word: entries[index])) }
    }

    /// Whether some hub in common gives a way that is no longer.
    @inline(__always)
    private static func isKnown(
        _ label: GrowingLabels.Label, within reached: UInt32, other: LabelWays,
        known: UnsafeMutablePointer<UInt32>
    ) -> Bool {
        guard let entries = label.entries else { return false }
        var index = 0
        let count = Int(label.count)
        while index < count {
            let entry = LabelEntry(word: entries[index])
            index &+= 1
            if known[Int(entry.hub)] &+ entry.centimetres <= reached, entry.serves(other) { return true }
        }
        return false
    }

    /// Adds to `importance` how many shortest ways from a vertex run over each vertex within the bound.
    func weigh(from source: UInt32) {
        if importance.isEmpty {
            importance = Array(repeating: 0, count: graph.vertexCount)
            parents = Array(repeating: 0, count: graph.vertexCount)
            below = Array(repeating: 0, count: graph.vertexCount)
        }
        touched.removeAll(keepingCapacity: true)
        settled.removeAll(keepingCapacity: true)
        let (distances, offsets, arcs) = (distances, graph.offsets, graph.arcs)
        queue.removeAll()
        distances[Int(source)] = 0
        touched.append(source)
        queue.push(UInt64(source))
        parents.withUnsafeMutableBufferPointer { parents in
            parents[Int(source)] = source
            while let top = queue.pop() {
                let vertex = Int(top & 0xFFFF_FFFF)
                let reached = UInt32(truncatingIfNeeded: top >> 32)
                guard distances[vertex] == reached else { continue }
                settled.append(UInt32(vertex))
                for index in Int(offsets[vertex])..<Int(offsets[vertex &+ 1]) {
                    let arc = arcs[index]
                    guard arc & LabelGraph.closedOut == 0 else { continue }
                    let next = reached &+ UInt32(truncatingIfNeeded: arc) >> 4
                    let target = Int(arc >> 32)
                    guard next <= LabelBound.centimetres, next < distances[target] else { continue }
                    if distances[target] == Self.unreached { touched.append(UInt32(target)) }
                    distances[target] = next
                    parents[target] = UInt32(vertex)
                    queue.push(UInt64(next) << 32 | UInt64(target))
                }
            }
            below.withUnsafeMutableBufferPointer { below in
                importance.withUnsafeMutableBufferPointer { importance in
                    for vertex in settled.reversed() {
                        let count = below[Int(vertex)] &+ 1
                        below[Int(vertex)] = 0
                        importance[Int(vertex)] &+= count
                        if vertex != source { below[Int(parents[Int(vertex)])] &+= count }
                    }
                    below[Int(source)] = 0
                }
            }
        }
        for vertex in touched { distances[Int(vertex)] = Self.unreached }
    }
}

/// A binary heap of words, the least first.
struct LabelQueue {
    private var words: UnsafeMutablePointer<UInt64>
    private var count = 0
    private var capacity = 1 << 10

    init() { words = .allocate(capacity: capacity) }

    func deallocate() { words.deallocate() }

    @inline(__always) mutating func removeAll() { count = 0 }

    @inline(__always) mutating func push(_ word: UInt64) {
        if count == capacity { grow() }
        var index = count
        count &+= 1
        while index > 0 {
            let parent = (index &- 1) >> 1
            guard word < words[parent] else { break }
            words[index] = words[parent]
            index = parent
        }
        words[index] = word
    }

    @inline(__always) mutating func pop() -> UInt64? {
        guard count > 0 else { return nil }
        let top = words[0]
        count &-= 1
        let last = words[count]
        var index = 0
        while true {
            var child = 2 &* index &+ 1
            guard child < count else { break }
            if child &+ 1 < count && words[child &+ 1] < words[child] { child &+= 1 }
            guard words[child] < last else { break }
            words[index] = words[child]
            index = child
        }
        words[index] = last
        return top
    }

    @inline(never) private mutating func grow() {
        let larger = UnsafeMutablePointer<UInt64>.allocate(capacity: capacity * 2)
        larger.moveInitialize(from: words, count: count)
        words.deallocate()
        words = larger
        capacity *= 2
    }
}
