/// The network as labels see it: arcs no longer than the bound.
final class LabelGraph: @unchecked Sendable {
    /// Flags of an arc: it may not be walked from here; not from its other end; it is of steps.
    static let closedOut: UInt64 = 1
    static let closedBack: UInt64 = 2
    static let steps: UInt64 = 4

    let vertexCount: Int
    /// One more than there are vertices.
    let offsets: UnsafeMutablePointer<UInt32>
    /// Target, then centimetres shifted by 4, then flags.
    let arcs: UnsafeMutablePointer<UInt64>

    init(network: WalkNetwork) {
        vertexCount = network.vertexCount
        offsets = .allocate(capacity: vertexCount + 1)
        arcs = .allocate(capacity: max(1, network.edgeCount * 2))
        var fill = 0
        for vertex in 0..<vertexCount {
            (offsets + vertex).initialize(to: UInt32(fill))
            for index in network.vertexOffsets[vertex]..<network.vertexOffsets[vertex + 1] {
                let half = network.halfEdges[Int(index)]
                guard half.weight <= LabelBound.centimetres, half.target != UInt32(vertex) else { continue }
                var flags: UInt64 = 0
                let edge = network.edges[Int(half.edgeAndFlags >> HalfEdge.shift)]
                if edge.flags & EdgeRecord.steps != 0 { flags |= Self.steps }
                if edge.flags & EdgeRecord.oneway != 0 {
                    let isHead = half.edgeAndFlags & HalfEdge.reversed != 0
                    flags |= isHead ? Self.closedOut : Self.closedBack
                }
                (arcs + fill).initialize(to: UInt64(half.target) << 32 | UInt64(half.weight) << 4 | flags)
                fill += 1
            }
        }
        (offsets + vertexCount).initialize(to: UInt32(fill))
    }

    deinit {
        offsets.deallocate()
        arcs.deallocate()
    }
}

/// Labels while they are made: for each vertex its entries in the order in which hubs came.
final class GrowingLabels: @unchecked Sendable {
    /// Set where an entry or an arc of a vertex is not the same in both directions.
    static let uneven: UInt8 = 1
    /// Set where an entry or an arc of a vertex is not the same with steps and without.
    static let stepped: UInt8 = 2

    /// A label.
    struct Label {
        var entries: UnsafeMutablePointer<UInt64>?
        var count: Int32
        var capacity: Int32
    }

    private let vertexCount: Int
    let labels: UnsafeMutablePointer<Label>
    /// `uneven`, `stepped`.
    let flags: UnsafeMutablePointer<UInt8>

    init(graph: LabelGraph) {
        vertexCount = graph.vertexCount
        labels = .allocate(capacity: max(1, vertexCount))
        labels.initialize(repeating: Label(entries: nil, count: 0, capacity: 0), count: max(1, vertexCount))
        flags = .allocate(capacity: max(1, vertexCount))
        flags.initialize(repeating: 0, count: max(1, vertexCount))
        for vertex in 0..<vertexCount {
            for index in graph.offsets[vertex]..<graph.offsets[vertex + 1] {
                let arc = graph.arcs[Int(index)]
                if arc & (LabelGraph.closedOut | LabelGraph.closedBack) != 0 { flags[vertex] |= Self.uneven }
                if arc & LabelGraph.steps != 0 { flags[vertex] |= Self.stepped }
            }
        }
    }

    deinit {
        for vertex in 0..<vertexCount { labels[vertex].entries?.deallocate() }
        labels.deallocate()
        flags.deallocate()
    }

    /// Takes in what the searches from a hub found.
    func append(_ result: HubResult, hub: UInt32) {
        for walk in 0..<4 where !result.ways[walk].isEmpty {
            for word in result.found[walk] {
                append(
                    LabelEntry(
                        hub: hub, centimetres: UInt32(truncatingIfNeeded: word), ways: result.ways[walk]),
                    to: Int(word >> 32))
            }
        }
        guard result.ways[0] != .all else { return }
        for walk in 0..<4 where !result.ways[walk].isEmpty {
            for word in result.found[walk] { markIfUnlike(Int(word >> 32), hub: hub) }
        }
    }

    private func append(_ entry: LabelEntry, to vertex: Int) {
        let label = labels[vertex]
        var index = Int(label.count) - 1
        while index >= 0, let entries = label.entries, LabelEntry(word: entries[index]).hub == entry.hub {
            if LabelEntry(word: entries[index]).centimetres == entry.centimetres {
                entries[index] |= entry.word
                return
            }
            index -= 1
        }
        if label.count == label.capacity { grow(vertex) }
        labels[vertex].entries?[Int(label.count)] = entry.word
        labels[vertex].count += 1
    }

    private func grow(_ vertex: Int) {
        let label = labels[vertex]
        let capacity = max(8, Int(label.capacity) + Int(label.capacity) / 2)
        let larger = UnsafeMutablePointer<UInt64>.allocate(capacity: capacity)
        if let entries = label.entries {
            larger.moveInitialize(from: entries, count: Int(label.count))
            entries.deallocate()
        }
        labels[vertex] = Label(entries: larger, count: label.count, capacity: Int32(capacity))
    }

    /// Remembers that the entries of a hub are not the same for all walks.
    private func markIfUnlike(_ vertex: Int, hub: UInt32) {
        let label = labels[vertex]
        var index = Int(label.count) - 1
        while index >= 0, let entries = label.entries, LabelEntry(word: entries[index]).hub == hub {
            let ways = LabelEntry(word: entries[index]).ways.rawValue
            if ways & 5 != ways >> 1 & 5 { flags[vertex] |= Self.uneven }
            if ways & 3 != ways >> 2 { flags[vertex] |= Self.stepped }
            index -= 1
        }
    }

    /// All labels, each in the order of its words.
    func packed() -> (offsets: [UInt32], entries: [UInt64]) {
        var offsets: [UInt32] = [0]
        offsets.reserveCapacity(vertexCount + 1)
        var total = 0
        for vertex in 0..<vertexCount {
            total += Int(labels[vertex].count)
            offsets.append(UInt32(total))
        }
        let entries = [UInt64](unsafeUninitializedCapacity: total) { buffer, count in
            for vertex in 0..<vertexCount {
                let label = labels[vertex]
                guard let start = label.entries else { continue }
                var sorted = UnsafeMutableBufferPointer(start: start, count: Int(label.count))
                sorted.sort()
                var at = Int(offsets[vertex])
                for word in sorted {
                    buffer.initializeElement(at: at, to: word)
                    at += 1
                }
            }
            count = total
        }
        return (offsets, entries)
    }
}
