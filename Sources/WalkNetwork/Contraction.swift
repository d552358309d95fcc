/// Turns pieces into chains between vertices.
///
/// A vertex is a node where not exactly two piece ends meet, or where two meet that differ in steps or in
/// direction. At a blocked node every piece end gets a vertex of its own, so that nothing passes.
struct Contraction {
    /// What a network file can number: 29 bits of edges in a half-edge, and points in 31 bits.
    static let maximumPieces = 1 << 28
    /// A chain ends before it grows longer than this many centimetres, so that prefixes stay within 32 bits.
    static let maximumChain: UInt32 = 1 << 30

    /// A chain of pieces between two vertices.
    struct Chain {
        /// The first of its links.
        var firstLink: Int
        /// The number of its links, at least 1.
        var linkCount: Int
        /// The vertex where it starts.
        var tail: UInt32
        /// The vertex where it ends.
        var head: UInt32
        /// Centimetres.
        var length: UInt32
        /// `EdgeRecord.steps`, `EdgeRecord.oneway`.
        var attributes: UInt32
    }

    let nodes: [SourceNode]
    let pieces: [SourcePiece]
    let isBlocked: [Bool]
    /// Pieces of chains, shifted by one; the lowest bit is set where a piece is walked from `to` to `from`.
    private(set) var links: [UInt32] = []
    private(set) var chains: [Chain] = []
    /// The node under each vertex.
    private(set) var vertexNodes: [UInt32] = []

    private var incidenceStarts: [UInt32] = []
    private var incidences: [UInt32] = []
    private var isVertex: [Bool]
    private var isUsed: [Bool]
    private var vertexOfNode: [UInt32]
    private var lateVertices: [UInt32] = []

    init(nodes: [SourceNode], pieces: [SourcePiece], blocked: Set<Int64>) {
        self.nodes = nodes
        self.pieces = pieces
        isBlocked = nodes.map { blocked.contains($0.id) }
        isVertex = Array(repeating: false, count: nodes.count)
        isUsed = Array(repeating: false, count: pieces.count)
        vertexOfNode = Array(repeating: .max, count: nodes.count)
    }

    /// Makes the chains.
    mutating func run() {
        collectIncidences()
        for node in nodes.indices { isVertex[node] = startsChains(node) }
        for node in nodes.indices where isVertex[node] { walkChains(from: UInt32(node)) }
        walkLateVertices()
        // What is left are rings without any vertex: one of their nodes becomes one.
        for piece in pieces.indices where !isUsed[piece] {
            let node = pieces[piece].from
            isVertex[Int(node)] = true
            walkChains(from: node)
            walkLateVertices()
        }
    }

    private mutating func walkLateVertices() {
        while let node = lateVertices.popLast() { walkChains(from: node) }
    }

    /// Lists for each node the piece ends that meet there: the piece shifted by one, 1 for its `to` end.
    private mutating func collectIncidences() {
        var counts = [UInt32](repeating: 0, count: nodes.count + 1)
        for piece in pieces {
            counts[Int(piece.from) + 1] += 1
            counts[Int(piece.to) + 1] += 1
        }
        for node in nodes.indices { counts[node + 1] += counts[node] }
        incidenceStarts = counts
        incidences = Array(repeating: 0, count: pieces.count * 2)
        for (number, piece) in pieces.enumerated() {
            incidences[Int(counts[Int(piece.from)])] = UInt32(number) << 1
            counts[Int(piece.from)] += 1
            incidences[Int(counts[Int(piece.to)])] = UInt32(number) << 1 | 1
            counts[Int(piece.to)] += 1
        }
    }

    private func startsChains(_ node: Int) -> Bool {
        let start = Int(incidenceStarts[node])
        guard Int(incidenceStarts[node + 1]) - start == 2, !isBlocked[node] else { return true }
        let (first, second) = (incidences[start], incidences[start + 1])
        let attributes = pieces[Int(first >> 1)].attributes
        if attributes != pieces[Int(second >> 1)].attributes { return true }
        // One-way pieces go on only where one comes in and the other goes out.
        return attributes & EdgeRecord.oneway != 0 && first & 1 == second & 1
    }

    private mutating func walkChains(from node: UInt32) {
        let range = incidenceStarts[Int(node)]..<incidenceStarts[Int(node) + 1]
        for index in range {
            let end = incidences[Int(index)]
            if !isUsed[Int(end >> 1)] { walkChain(from: node, along: end) }
        }
    }

    private mutating func walkChain(from start: UInt32, along first: UInt32) {
        let firstLink = links.count
        var link = first
        var length: UInt32 = 0
        var node = start
        while true {
            let piece = pieces[Int(link >> 1)]
            isUsed[Int(link >> 1)] = true
            links.append(link)
            length += piece.length
            node = link & 1 == 0 ? piece.to : piece.from
            if isVertex[Int(node)] { break }
            let next = continuation(at: node, from: link)
            if length + pieces[Int(next >> 1)].length > Self.maximumChain {
                isVertex[Int(node)] = true
                lateVertices.append(node)
                break
            }
            link = next
        }
        finishChain(firstLink: firstLink, from: start, to: node, length: length)
    }

    private func continuation(at node: UInt32, from link: UInt32) -> UInt32 {
        let start = Int(incidenceStarts[Int(node)])
        let (first, second) = (incidences[start], incidences[start + 1])
        return first >> 1 == link >> 1 ? second : first
    }

    private mutating func finishChain(firstLink: Int, from start: UInt32, to end: UInt32, length: UInt32) {
        let attributes = pieces[Int(links[firstLink] >> 1)].attributes
        var (tail, head) = (start, end)
        if attributes & EdgeRecord.oneway != 0 && links[firstLink] & 1 == 1 {
            // A one-way chain is kept in the direction in which it is walked.
            links[firstLink...].reverse()
            for index in firstLink..<links.count { links[index] ^= 1 }
            (tail, head) = (end, start)
        }
        let tailVertex = vertex(at: tail)
        chains.append(
            Chain(
                firstLink: firstLink, linkCount: links.count - firstLink, tail: tailVertex,
                head: vertex(at: head), length: length, attributes: attributes))
    }

    private mutating func vertex(at node: UInt32) -> UInt32 {
        let known = vertexOfNode[Int(node)]
        if known != .max { return known }
        let vertex = UInt32(vertexNodes.count)
        vertexNodes.append(node)
        if !isBlocked[Int(node)] { vertexOfNode[Int(node)] = vertex }
        return vertex
    }
}
