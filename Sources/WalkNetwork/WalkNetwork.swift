// WalkNetwork: the walking network, snapping, labels, bounded search, reached pieces, routes, export; knows no
// places.
// May import: DirectoryModel.
//
// The way through this module: `WalkingRules` says what is walked, `NetworkBuilder` contracts it, `labelled`
// adds the labels (HubLabels.swift) and `write` makes the network file, `WalkNetwork.open` maps that file, `snap`
// puts a thing on it. `reach` (a list) is answered from labels, or by the bounded search (BoundedSearch.swift)
// that also serves `reached` (an isochrone) and `route`; `survey` looks at every node at once.

import DirectoryModel
import Glibc

/// A walking network, read where it lies in its file and never changed.
///
/// Safe to use from any thread. Every array is a section of the file image; NetworkFormat.swift lists them.
package final class WalkNetwork: @unchecked Sendable {
    /// The farthest that a thing may lie from a way to be put on it.
    ///
    /// Source: the project's walking rules.
    package static let snappingRadius = Metres(250)
    /// The longest limit of one search.
    ///
    /// Chosen, not measured: nine times the longest walk that is asked for (60 minutes at 3 m/s); it keeps
    /// search keys within 32 bits.
    package static let maximumLimit = Metres(100_000)

    /// The file that the network was read from, or nil for one built in memory.
    package let path: String?
    /// The time up to which the source's data go, where the source says so.
    package let sourceTimestamp: Timestamp?
    /// Whom to credit wherever the network shows.
    package let attribution: String
    /// The checksum of the whole file: two networks with the same checksum are the same network.
    package let checksum: UInt64

    /// Crossings, dead ends and the like.
    package let vertexCount: Int
    /// Contracted edges.
    package let edgeCount: Int
    /// Pieces: the rows of `edges.csv`.
    package let pieceCount: Int
    /// OSM nodes that walkable pieces use: the rows of `nodes.csv`.
    package let nodeCount: Int

    let image: NetworkImage
    let pointCount: Int
    let nameCount: Int
    let vertexOffsets: UnsafePointer<UInt32>
    let halfEdges: UnsafePointer<HalfEdge>
    let edges: UnsafePointer<EdgeRecord>
    let pointNodes: UnsafePointer<UInt32>
    let pointPrefixes: UnsafePointer<UInt32>
    let pointNames: UnsafePointer<UInt32>
    let pointFlags: UnsafePointer<UInt8>
    let nodeIDs: UnsafePointer<Int64>
    let nodePositions: UnsafePointer<GridPosition>
    let nodeBlocked: UnsafePointer<UInt8>
    let names: UnsafePointer<NameRecord>
    let nameText: UnsafeBufferPointer<UInt8>
    let boxes: UnsafePointer<GridBox>
    let levelStarts: [Int]
    /// See `leafEdges(_:edgeCount:pointCount:)`: what is looked for among all edges else lies anywhere in the file.
    let leafEdges: [UInt32]
    /// Labels, where the file has them.
    let labels: HubLabels?

    /// Opens a network file.
    ///
    /// - Throws: `.noNetwork` when there is no such file, `.unreadableFile` when it cannot be read, and
    ///   `.networkDamaged` when it is no network file, of another version, truncated or damaged.
    /// - Complexity: O(size of the file) for its checksum; nothing is copied.
    package static func open(_ path: String) throws -> WalkNetwork {
        try WalkNetwork(image: NetworkImage(mapping: path))
    }

    /// The network of a file image, after checking the image.
    init(image: NetworkImage) throws {
        let layout = try NetworkLayout(checking: image)
        self.image = image
        path = image.path
        checksum = layout.header.checksum
        sourceTimestamp =
            layout.header.timestamp == Int64.min
            ? nil : Timestamp(secondsSince1970: layout.header.timestamp)
        vertexCount = Int(layout.header.vertexCount)
        edgeCount = Int(layout.header.edgeCount)
        pieceCount = Int(layout.header.pieceCount)
        nodeCount = Int(layout.header.nodeCount)
        pointCount = pieceCount + edgeCount
        nameCount = layout.count(of: .names)
        attribution = String(decoding: layout.bytes(of: .attribution), as: UTF8.self)
        vertexOffsets = layout.start(of: .vertexOffsets)
        halfEdges = layout.start(of: .halfEdges)
        edges = layout.start(of: .edges)
        pointNodes = layout.start(of: .pointNodes)
        pointPrefixes = layout.start(of: .pointPrefixes)
        pointNames = layout.start(of: .pointNames)
        pointFlags = layout.start(of: .pointFlags)
        nodeIDs = layout.start(of: .nodeIDs)
        nodePositions = layout.start(of: .nodePositions)
        nodeBlocked = layout.start(of: .nodeBlocked)
        names = layout.start(of: .names)
        nameText = layout.bytes(of: .nameText)
        boxes = layout.start(of: .boxes)
        levelStarts = SpatialIndex.levelStarts(pointCount: pointCount)
        leafEdges = Self.leafEdges(edges, edgeCount: edgeCount, pointCount: pointCount)
        labels =
            layout.header.labelBound == 0
            ? nil
            : HubLabels(
                offsets: layout.start(of: .labelOffsets), entries: layout.start(of: .labelEntries),
                boundCentimetres: layout.header.labelBound)
    }

    /// The longest limit of a search that labels answer, or nil where the network has none.
    package var labelledLimit: Metres? {
        // Two centimetres less than the labels cover, against the rounding of a limit.
        labels.map { Metres(Double($0.boundCentimetres - 2) / 100) }
    }

    /// How many entries all labels have together.
    package var labelEntryCount: Int { labels.map { Int($0.offsets[vertexCount]) } ?? 0 }

    /// This network with labels in the place of those that it has, if any.
    ///
    /// - Parameters:
    ///   - threads: how many threads may work, at least 1; the labels are the same for any number.
    ///   - progress: told the share of the work that is done, 0 … 1.
    package func labelled(threads: Int, progress: (Double) -> Void = { _ in }) throws -> BuiltNetwork {
        BuiltNetwork(
            report: NetworkReport(), image: try labelledImage(threads: threads, progress: progress))
    }

    /// The image of this network with labels in the place of those that it has.
    func labelledImage(threads: Int, progress: (Double) -> Void) throws -> NetworkImage {
        let made = HubLabelling(network: self, threads: threads, progress: progress).run(progress: progress)
        let layout = try NetworkLayout(checking: image)
        var assembly = ImageAssembly(upToLabelsOf: layout)
        assembly.append(made.offsets)
        assembly.append(made.entries)
        var header = layout.header
        header.version = NetworkHeader.currentVersion
        header.sections = UInt32(NetworkSection.allCases.count)
        header.labelBound = LabelBound.centimetres
        header.checksum = 0
        return assembly.image(header: header)
    }

    /// The south-west and north-east corner of all that is walkable, or nil for an empty network.
    package var bounds: (southWest: Coordinate, northEast: Coordinate)? {
        guard pointCount > 0 else { return nil }
        let root = boxes[levelStarts[levelStarts.count - 2]]
        return (
            GridPosition(latitude: root.south, longitude: root.west).coordinate,
            GridPosition(latitude: root.north, longitude: root.east).coordinate
        )
    }

    /// The length of an edge in whole centimetres.
    @inline(__always) func centimetres(_ edge: UInt32) -> UInt32 { edges[Int(edge)].length }

    /// The position of a point of a chain.
    @inline(__always) func position(ofPoint point: Int) -> GridPosition {
        nodePositions[Int(pointNodes[point])]
    }

    /// Whether a snap can be used with this network, so that a stale one never reads outside an array.
    @inline(__always) func holds(_ snap: Snap) -> Bool {
        snap.edge.number < UInt32(truncatingIfNeeded: edgeCount)
    }
}
