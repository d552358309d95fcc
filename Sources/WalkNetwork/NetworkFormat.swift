import DirectoryModel

/// The sections of a network file, in file order; each starts on a 64-byte boundary.
enum NetworkSection: Int, CaseIterable {
    /// UTF-8: whom to credit.
    case attribution
    /// UInt32 × (vertices + 1): where the half-edges of a vertex start.
    case vertexOffsets
    /// `HalfEdge` × 2 edges, by vertex, then by edge.
    case halfEdges
    /// `EdgeRecord` × (edges + 1); the last one only ends the points.
    case edges
    /// UInt32 × points: the node under each point of each chain.
    case pointNodes
    /// UInt32 × points: centimetres from the start of the chain.
    case pointPrefixes
    /// UInt32 × points: the name of the piece that starts there.
    case pointNames
    /// UInt8 × points: `PointFlags` of the piece that starts there.
    case pointFlags
    /// Int64 × nodes: OSM ids, in the order in which chains meet them.
    case nodeIDs
    /// `GridPosition` × nodes.
    case nodePositions
    /// UInt8 × nodes: 1 where no walk passes.
    case nodeBlocked
    /// `NameRecord` × names; number 0 is the unnamed way.
    case names
    /// UTF-8: what the name records point into.
    case nameText
    /// `GridBox`: the spatial index, leaves first (SpatialIndex.swift).
    case boxes
    /// UInt32 × (vertices + 1): where the label of a vertex starts; empty in a network without labels.
    case labelOffsets
    /// `LabelEntry.word` × entries (HubLabels.swift).
    case labelEntries

    /// The sections of a file of some version, the first of all.
    static func count(inVersion version: UInt32) -> Int {
        version < 2 ? NetworkSection.labelOffsets.rawValue : allCases.count
    }
}

/// The fixed start of a network file, little-endian.
///
/// 96 bytes.
struct NetworkHeader {
    /// "QWALKNET", so that a foreign file is told from a damaged one.
    static let magic: UInt64 = 0x5445_4E4B_4C41_5751
    /// Raised with every change of the layout; 1 had no labels.
    static let currentVersion: UInt32 = 2

    /// `NetworkHeader.magic`.
    var magic = Self.magic
    /// `NetworkHeader.currentVersion`.
    var version = Self.currentVersion
    /// The number of sections.
    var sections = UInt32(NetworkSection.allCases.count)
    /// The size of the whole file in bytes.
    var size: UInt64 = 0
    /// `Checksum` of the whole file with zero in this field.
    var checksum: UInt64 = 0
    /// Seconds since 1970 up to which the source's data go; Int64.min: not stated.
    var timestamp = Int64.min
    /// The number of vertices.
    var vertexCount: UInt32 = 0
    /// The number of contracted edges.
    var edgeCount: UInt32 = 0
    /// The number of pieces.
    var pieceCount: UInt32 = 0
    /// The number of nodes.
    var nodeCount: UInt32 = 0
    /// The longest way in centimetres that labels cover; 0: no labels.
    var labelBound: UInt32 = 0
    /// Zero.
    var padding: UInt32 = 0
    /// Zero.
    var spare: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
}

/// Where a section lies in the file.
struct SectionRecord {
    /// Bytes from the start of the file, a multiple of 64.
    var offset: UInt64
    /// Bytes.
    var length: UInt64
}

/// A contracted edge as seen from one of its ends.
///
/// 12 bytes.
struct HalfEdge {
    /// Set where the edge may not be walked from this end.
    static let closed: UInt32 = 1
    /// Set where the edge is of steps.
    static let steps: UInt32 = 2
    /// Set where this end is the edge's head.
    static let reversed: UInt32 = 4
    /// The bits below the edge's number.
    static let shift: UInt32 = 3

    /// The vertex at the other end.
    var target: UInt32
    /// The length of the edge in centimetres.
    var weight: UInt32
    /// The edge's number shifted by `shift`, and the flags.
    var edgeAndFlags: UInt32
}

/// A contracted edge.
///
/// 20 bytes.
struct EdgeRecord {
    /// Set where the edge is of steps.
    static let steps: UInt32 = 1
    /// Set where the edge may only be walked from tail to head.
    static let oneway: UInt32 = 2

    /// The vertex where the chain starts.
    var tail: UInt32
    /// The vertex where the chain ends.
    var head: UInt32
    /// The first point of the chain; the next record's is one behind its last.
    var firstPoint: UInt32
    /// Centimetres.
    var length: UInt32
    /// `steps`, `oneway`.
    var flags: UInt32
}

/// What the spatial index must know of the piece that starts at a point.
enum PointFlags {
    /// The point ends its chain: no piece starts there.
    static let last: UInt8 = 1
    /// The piece is of steps.
    static let steps: UInt8 = 2
    /// The piece belongs to a component of less than `smallComponent` centimetres.
    static let small: UInt8 = 4
    /// Components shorter than this are snapped to only where nothing else is near: 1 km, in centimetres.
    ///
    /// Source: the project's walking rules.
    static let smallComponent: UInt64 = 100_000
}

/// A street's names in the text section; a length of zero: none.
///
/// 16 bytes.
struct NameRecord {
    /// First byte of `name`.
    var start: UInt32
    /// Bytes of `name`.
    var length: UInt32
    /// First byte of `name:en`.
    var englishStart: UInt32
    /// Bytes of `name:en`.
    var englishLength: UInt32
}

/// A box in 1e-7 degrees.
///
/// 16 bytes.
struct GridBox {
    /// The least longitude.
    var west: Int32
    /// The least latitude.
    var south: Int32
    /// The greatest longitude.
    var east: Int32
    /// The greatest latitude.
    var north: Int32

    /// The box that holds nothing.
    static let empty = GridBox(west: .max, south: .max, east: .min, north: .min)

    /// Grows the box to hold a position.
    mutating func include(_ position: GridPosition) {
        west = min(west, position.longitude)
        south = min(south, position.latitude)
        east = max(east, position.longitude)
        north = max(north, position.latitude)
    }

    /// Grows the box to hold another box.
    mutating func include(_ other: GridBox) {
        west = min(west, other.west)
        south = min(south, other.south)
        east = max(east, other.east)
        north = max(north, other.north)
    }
}

/// A checked file image: where each section lies.
struct NetworkLayout {
    let header: NetworkHeader
    private let image: NetworkImage
    private let records: [SectionRecord]

    /// Checks magic, version, sizes, offsets, counts and checksum.
    init(checking image: NetworkImage) throws {
        self.image = image
        let headerSize = MemoryLayout<NetworkHeader>.stride
        guard image.count >= 8,
            image.bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self) == NetworkHeader.magic
        else { throw image.refusal("this is no walking network of Quarter", cause: "foreign first bytes") }
        guard image.count >= headerSize else {
            throw image.refusal("the walking network is cut short", cause: "\(image.count) bytes")
        }
        header = image.bytes.loadUnaligned(fromByteOffset: 0, as: NetworkHeader.self)
        guard (1...NetworkHeader.currentVersion).contains(header.version) else {
            throw image.refusal(
                "the walking network is of version \(header.version), and this program reads versions 1 to "
                    + "\(NetworkHeader.currentVersion)", cause: nil)
        }
        let sectionCount = NetworkSection.count(inVersion: header.version)
        guard header.size == UInt64(image.count), header.sections == UInt32(sectionCount),
            image.count >= headerSize + MemoryLayout<SectionRecord>.stride * sectionCount
        else {
            throw image.refusal(
                "the walking network is cut short or damaged",
                cause: "\(image.count) bytes instead of \(header.size)")
        }
        guard Checksum.ofImage(image.bytes) == header.checksum else {
            throw image.refusal("the walking network is damaged", cause: "checksum mismatch")
        }
        records = NetworkSection.allCases.map { section in
            // What an older version has not is empty.
            guard section.rawValue < sectionCount else { return SectionRecord(offset: 0, length: 0) }
            return image.bytes.loadUnaligned(
                fromByteOffset: headerSize + section.rawValue * MemoryLayout<SectionRecord>.stride,
                as: SectionRecord.self)
        }
        try checkSections()
        try checkNames()
        try checkLabels()
    }

    private func checkSections() throws {
        for section in NetworkSection.allCases {
            let record = records[section.rawValue]
            let (end, overflow) = record.offset.addingReportingOverflow(record.length)
            let expected = expectedLength(of: section)
            guard record.offset % 64 == 0, !overflow, end <= UInt64(image.count),
                expected == nil || expected == record.length
            else {
                throw image.refusal("the walking network is damaged", cause: "section \(section)")
            }
        }
    }

    /// Names are the one section that points into another by bytes.
    private func checkNames() throws {
        let text = UInt64(bytes(of: .nameText).count)
        let names: UnsafePointer<NameRecord> = start(of: .names)
        for name in UnsafeBufferPointer(start: names, count: count(of: .names)) {
            guard UInt64(name.start) + UInt64(name.length) <= text,
                UInt64(name.englishStart) + UInt64(name.englishLength) <= text
            else { throw image.refusal("the walking network is damaged", cause: "names") }
        }
    }

    /// The labels of all vertices lie one behind the other.
    private func checkLabels() throws {
        guard header.labelBound > 0 else { return }
        let offsets: UnsafePointer<UInt32> = start(of: .labelOffsets)
        var last: UInt32 = 0
        var isRising = offsets[0] == 0
        for vertex in 0...Int(header.vertexCount) {
            isRising = isRising && offsets[vertex] >= last
            last = offsets[vertex]
        }
        guard isRising, header.labelBound <= LabelBound.most,
            UInt64(last) * 8 == records[NetworkSection.labelEntries.rawValue].length
        else { throw image.refusal("the walking network is damaged", cause: "labels") }
    }

    private func expectedLength(of section: NetworkSection) -> UInt64? {
        let edges = UInt64(header.edgeCount)
        let points = UInt64(header.pieceCount) + edges
        switch section {
        case .attribution, .names, .nameText: return nil
        case .vertexOffsets: return (UInt64(header.vertexCount) + 1) * 4
        case .halfEdges: return edges * 2 * UInt64(MemoryLayout<HalfEdge>.stride)
        case .edges: return (edges + 1) * UInt64(MemoryLayout<EdgeRecord>.stride)
        case .pointNodes, .pointPrefixes, .pointNames: return points * 4
        case .pointFlags: return points
        case .nodeIDs: return UInt64(header.nodeCount) * 8
        case .nodePositions: return UInt64(header.nodeCount) * UInt64(MemoryLayout<GridPosition>.stride)
        case .nodeBlocked: return UInt64(header.nodeCount)
        case .boxes:
            let count = SpatialIndex.levelStarts(pointCount: Int(points)).last ?? 0
            return UInt64(count) * UInt64(MemoryLayout<GridBox>.stride)
        case .labelOffsets: return header.labelBound == 0 ? 0 : (UInt64(header.vertexCount) + 1) * 4
        case .labelEntries: return header.labelBound == 0 ? 0 : nil
        }
    }

    /// The number of records of `names`.
    func count(of section: NetworkSection) -> Int {
        Int(records[section.rawValue].length) / MemoryLayout<NameRecord>.stride
    }

    /// The first element of a section.
    func start<Element>(of section: NetworkSection) -> UnsafePointer<Element> {
        (image.base + Int(records[section.rawValue].offset)).assumingMemoryBound(to: Element.self)
    }

    /// The bytes of a section.
    func bytes(of section: NetworkSection) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: start(of: section), count: Int(records[section.rawValue].length))
    }
}
