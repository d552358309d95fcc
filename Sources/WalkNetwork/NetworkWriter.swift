import DirectoryModel

/// Numbers vertices, edges, points and nodes for locality and lays them out as a file image.
///
/// Vertices follow a Hilbert curve; edges follow their lower, then their higher vertex; points follow their
/// edges; nodes follow the points that meet them first.
struct NetworkWriter {
    private let contraction: Contraction
    private let names: NameTable
    /// Chains in edge order.
    private var chains: [Contraction.Chain] = []
    private var vertexPositions: [GridPosition] = []
    private var pointNodes: [UInt32] = []
    private var pointPrefixes: [UInt32] = []
    private var pointNames: [UInt32] = []
    private var pointFlags: [UInt8] = []
    /// Source nodes in file order.
    private var nodeOrder: [UInt32] = []
    private var edgeIsSmall: [Bool] = []
    private var componentCount = 0
    private var smallComponentCount = 0

    init(contraction: Contraction, names: NameTable) {
        self.contraction = contraction
        self.names = names
        orderVerticesAndEdges()
        measureComponents()
        layOutPoints()
    }

    private mutating func orderVerticesAndEdges() {
        let positions = contraction.vertexNodes.map { contraction.nodes[Int($0)].position }
        let keys = positions.map(HilbertCurve.key)
        let order = keys.indices.sorted { (keys[$0], $0) < (keys[$1], $1) }
        var numbers = [UInt32](repeating: 0, count: order.count)
        for (number, old) in order.enumerated() { numbers[old] = UInt32(number) }
        vertexPositions = order.map { positions[$0] }
        var renumbered = contraction.chains
        for index in renumbered.indices {
            renumbered[index].tail = numbers[Int(renumbered[index].tail)]
            renumbered[index].head = numbers[Int(renumbered[index].head)]
        }
        func key(_ chain: Contraction.Chain) -> UInt64 {
            UInt64(min(chain.tail, chain.head)) << 32 | UInt64(max(chain.tail, chain.head))
        }
        chains = renumbered.sorted { (key($0), $0.firstLink) < (key($1), $1.firstLink) }
    }

    private mutating func measureComponents() {
        var parents = (0..<UInt32(vertexPositions.count)).map { $0 }
        func root(_ vertex: UInt32) -> UInt32 {
            var vertex = vertex
            while parents[Int(vertex)] != vertex {
                parents[Int(vertex)] = parents[Int(parents[Int(vertex)])]
                vertex = parents[Int(vertex)]
            }
            return vertex
        }
        for chain in chains {
            let (tail, head) = (root(chain.tail), root(chain.head))
            if tail != head { parents[Int(max(tail, head))] = min(tail, head) }
        }
        var lengths: [UInt32: UInt64] = [:]
        for chain in chains { lengths[root(chain.tail), default: 0] += UInt64(chain.length) }
        edgeIsSmall = chains.map { lengths[root($0.tail), default: 0] < PointFlags.smallComponent }
        componentCount = lengths.count
        smallComponentCount = lengths.values.count { $0 < PointFlags.smallComponent }
    }

    private mutating func layOutPoints() {
        var numbers = [UInt32](repeating: .max, count: contraction.nodes.count)
        let pointCount = contraction.pieces.count + chains.count
        pointNodes.reserveCapacity(pointCount)
        pointPrefixes.reserveCapacity(pointCount)
        pointNames.reserveCapacity(pointCount)
        pointFlags.reserveCapacity(pointCount)
        for (edge, chain) in chains.enumerated() {
            var flags: UInt8 = chain.attributes & EdgeRecord.steps != 0 ? PointFlags.steps : 0
            if edgeIsSmall[edge] { flags |= PointFlags.small }
            var prefix: UInt32 = 0
            for offset in 0...chain.linkCount {
                let isLast = offset == chain.linkCount
                let link = contraction.links[chain.firstLink + (isLast ? offset - 1 : offset)]
                let piece = contraction.pieces[Int(link >> 1)]
                let node = (link & 1 == 0) != isLast ? piece.from : piece.to
                if numbers[Int(node)] == .max {
                    numbers[Int(node)] = UInt32(nodeOrder.count)
                    nodeOrder.append(node)
                }
                pointNodes.append(numbers[Int(node)])
                pointPrefixes.append(prefix)
                pointNames.append(piece.name)
                pointFlags.append(isLast ? flags | PointFlags.last : flags)
                if !isLast { prefix += piece.length }
            }
        }
    }

    /// The file image; fills in the report.
    func image(timestamp: Timestamp?, attribution: String, report: inout NetworkReport) -> NetworkImage {
        report.pieces = contraction.pieces.count
        report.nodes = nodeOrder.count
        report.edges = chains.count
        report.vertices = vertexPositions.count
        report.components = componentCount
        report.smallComponents = smallComponentCount
        report.blockedNodes = nodeOrder.count { contraction.isBlocked[Int($0)] }
        report.length = Metres(Double(chains.reduce(UInt64(0)) { $0 + UInt64($1.length) }) / 100)
        var header = NetworkHeader()
        header.timestamp = timestamp?.secondsSince1970 ?? Int64.min
        header.vertexCount = UInt32(vertexPositions.count)
        header.edgeCount = UInt32(chains.count)
        header.pieceCount = UInt32(contraction.pieces.count)
        header.nodeCount = UInt32(nodeOrder.count)
        var assembly = ImageAssembly()
        appendGraph(to: &assembly, attribution: attribution)
        assembly.append(pointNodes)
        assembly.append(pointPrefixes)
        assembly.append(pointNames)
        assembly.append(pointFlags)
        assembly.append(nodeOrder.map { contraction.nodes[Int($0)].id })
        let positions = nodeOrder.map { contraction.nodes[Int($0)].position }
        assembly.append(positions)
        assembly.append(nodeOrder.map { contraction.isBlocked[Int($0)] ? UInt8(1) : 0 })
        appendNames(to: &assembly)
        assembly.append(
            SpatialIndex.boxes(pointCount: pointNodes.count) { point in
                guard pointFlags[point] & PointFlags.last == 0 else { return .empty }
                var box = GridBox.empty
                box.include(positions[Int(pointNodes[point])])
                box.include(positions[Int(pointNodes[point + 1])])
                return box
            })
        assembly.append([UInt32]())
        assembly.append([UInt64]())
        return assembly.image(header: header)
    }

    private func appendGraph(to assembly: inout ImageAssembly, attribution: String) {
        assembly.append(Array(attribution.utf8))
        var offsets = [UInt32](repeating: 0, count: vertexPositions.count + 1)
        for chain in chains {
            offsets[Int(chain.tail) + 1] += 1
            offsets[Int(chain.head) + 1] += 1
        }
        for vertex in vertexPositions.indices { offsets[vertex + 1] += offsets[vertex] }
        assembly.append(offsets)
        var halves = [HalfEdge](
            repeating: HalfEdge(target: 0, weight: 0, edgeAndFlags: 0), count: chains.count * 2)
        var records: [EdgeRecord] = []
        var firstPoint: UInt32 = 0
        for (edge, chain) in chains.enumerated() {
            let steps = chain.attributes & EdgeRecord.steps != 0 ? HalfEdge.steps : 0
            let closed = chain.attributes & EdgeRecord.oneway != 0 ? HalfEdge.closed : 0
            let number = UInt32(edge) << HalfEdge.shift
            halves[Int(offsets[Int(chain.tail)])] = HalfEdge(
                target: chain.head, weight: chain.length, edgeAndFlags: number | steps)
            offsets[Int(chain.tail)] += 1
            halves[Int(offsets[Int(chain.head)])] = HalfEdge(
                target: chain.tail, weight: chain.length,
                edgeAndFlags: number | steps | closed | HalfEdge.reversed)
            offsets[Int(chain.head)] += 1
            records.append(
                EdgeRecord(
                    tail: chain.tail, head: chain.head, firstPoint: firstPoint, length: chain.length,
                    flags: chain.attributes))
            firstPoint += UInt32(chain.linkCount) + 1
        }
        records.append(EdgeRecord(tail: 0, head: 0, firstPoint: firstPoint, length: 0, flags: 0))
        assembly.append(halves)
        assembly.append(records)
    }

    private func appendNames(to assembly: inout ImageAssembly) {
        var text: [UInt8] = []
        var records: [NameRecord] = []
        for pair in names.pairs {
            var record = NameRecord(start: UInt32(text.count), length: 0, englishStart: 0, englishLength: 0)
            text.append(contentsOf: pair.name.utf8)
            record.length = UInt32(text.count) - record.start
            record.englishStart = UInt32(text.count)
            text.append(contentsOf: pair.english.utf8)
            record.englishLength = UInt32(text.count) - record.englishStart
            records.append(record)
        }
        assembly.append(records)
        assembly.append(text)
    }
}

/// Sections as they are put together, in the order of `NetworkSection`.
struct ImageAssembly {
    private var sections: [[UInt8]] = []

    /// Sections without any.
    init() {}

    /// The sections of an image up to its labels.
    init(upToLabelsOf layout: NetworkLayout) {
        for section in NetworkSection.allCases where section.rawValue < NetworkSection.labelOffsets.rawValue {
            sections.append(Array(layout.bytes(of: section)))
        }
    }

    /// Appends the next section.
    mutating func append<Element: BitwiseCopyable>(_ elements: [Element]) {
        sections.append(elements.withUnsafeBytes { Array($0) })
    }

    /// The whole image, with sizes, places and checksum filled in.
    func image(header: NetworkHeader) -> NetworkImage {
        precondition(sections.count == NetworkSection.allCases.count)
        var header = header
        var offset = MemoryLayout<NetworkHeader>.stride
        offset += sections.count * MemoryLayout<SectionRecord>.stride
        var records: [SectionRecord] = []
        for section in sections {
            offset = (offset + 63) & ~63
            records.append(SectionRecord(offset: UInt64(offset), length: UInt64(section.count)))
            offset += section.count
        }
        header.size = UInt64(offset)
        let memory = UnsafeMutableRawPointer.allocate(byteCount: offset, alignment: 64)
        memory.initializeMemory(as: UInt8.self, repeating: 0, count: offset)
        for (section, record) in zip(sections, records) {
            section.withUnsafeBytes { bytes in
                guard let base = bytes.baseAddress else { return }
                (memory + Int(record.offset)).copyMemory(from: base, byteCount: bytes.count)
            }
        }
        for (index, record) in records.enumerated() {
            memory.storeBytes(
                of: record,
                toByteOffset: MemoryLayout<NetworkHeader>.stride
                    + index * MemoryLayout<SectionRecord>.stride, as: SectionRecord.self)
        }
        memory.storeBytes(of: header, as: NetworkHeader.self)
        header.checksum = Checksum.ofImage(UnsafeRawBufferPointer(start: memory, count: offset))
        memory.storeBytes(of: header, as: NetworkHeader.self)
        return NetworkImage(adopting: memory, count: offset)
    }
}
