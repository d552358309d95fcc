import DirectoryModel
import Glibc

extension WalkNetwork {
    /// Puts a thing on the nearest point of a walkable way that is no steps, within `snappingRadius`.
    ///
    /// Distances are compared in an equirectangular projection about the thing; the leg is haversine. Equal
    /// distances go to the piece with the lowest number. Pieces of components of less than 1 km count only
    /// where no other piece is near enough.
    ///
    /// - Returns: the point, or nil where no such way is near enough.
    /// - Complexity: O(log pieces) as a rule.
    package func snap(_ thing: Coordinate) -> Snap? {
        guard pointCount > 0, thing.latitude.value.isFinite, thing.longitude.value.isFinite else {
            return nil
        }
        return nearest(to: thing, ignoring: PointFlags.steps | PointFlags.small)
            ?? nearest(to: thing, ignoring: PointFlags.steps)
    }

    private func nearest(to thing: Coordinate, ignoring flags: UInt8) -> Snap? {
        levelStarts.withUnsafeBufferPointer { starts in
            var search = NearestPiece(network: self, starts: starts, thing: thing, ignored: flags)
            search.run()
            return search.snap
        }
    }

    /// Puts the start of a walk on the network.
    ///
    /// - Throws: `.originOffNetwork`, with the distance that is allowed, where no way is near enough.
    package func snapOrigin(_ thing: Coordinate) throws -> Snap {
        if let snap = snap(thing) { return snap }
        throw DirectoryError(
            .originOffNetwork,
            "no walkable way within \(Int(Self.snappingRadius.value)) m of \(thing.latitude.value), "
                + "\(thing.longitude.value)",
            advice: "start at a point nearer to a street, or import a map that covers it")
    }

    /// The edge that a point of a chain belongs to.
    func edge(ofPoint point: Int) -> UInt32 {
        let leaf = point / SpatialIndex.fanOut
        var low = Int(leafEdges[leaf])
        var high = Int(leafEdges[leaf + 1]) + 1
        while high - low > 1 {
            let middle = (low + high) / 2
            if Int(edges[middle].firstPoint) <= point { low = middle } else { high = middle }
        }
        return UInt32(low)
    }

    /// The edge of the first point of each leaf of the spatial index, and at the end the last edge.
    static func leafEdges(_ edges: UnsafePointer<EdgeRecord>, edgeCount: Int, pointCount: Int) -> [UInt32] {
        let leaves = (pointCount + SpatialIndex.fanOut - 1) / SpatialIndex.fanOut
        return [UInt32](unsafeUninitializedCapacity: leaves + 1) { buffer, count in
            var edge = 0
            for leaf in 0..<leaves {
                let point = leaf * SpatialIndex.fanOut
                while edge + 1 < edgeCount, Int(edges[edge + 1].firstPoint) <= point { edge += 1 }
                buffer[leaf] = UInt32(edge)
            }
            buffer[leaves] = UInt32(max(0, edgeCount - 1))
            count = leaves + 1
        }
    }

    /// A snap in the words of the exported tables.
    package func exported(_ snap: Snap) -> ExportedSnap {
        precondition(holds(snap) && Int(snap.piece.number) < pieceCount)
        let point = Int(snap.piece.number) + Int(snap.edge.number)
        let along = snap.offset.value - Double(pointPrefixes[point]) / 100
        let length = Double(pointPrefixes[point + 1] - pointPrefixes[point]) / 100
        return ExportedSnap(edge: snap.piece, offset: Metres(min(max(0, along), length)), leg: snap.leg)
    }
}

/// A depth-first search of the packed index for the piece nearest to a thing.
private struct NearestPiece {
    private let network: WalkNetwork
    private let starts: UnsafeBufferPointer<Int>
    private let boxes: UnsafePointer<GridBox>
    private let thing: Coordinate
    /// The thing in 1e-7 degrees, not rounded.
    private let east: Double
    private let north: Double
    /// Metres per 1e-7 degrees.
    private let eastScale: Double
    private let northScale: Double
    private let skipped: UInt8
    /// The square of the least distance so far.
    ///
    /// It starts a little beyond the radius, because the radius is judged on the haversine leg.
    private var best: Double
    private var bestPoint = -1
    private var bestFraction = 0.0

    init(network: WalkNetwork, starts: UnsafeBufferPointer<Int>, thing: Coordinate, ignored: UInt8) {
        self.network = network
        self.starts = starts
        boxes = network.boxes
        self.thing = thing
        east = thing.longitude.value * GridPosition.stepsPerDegree
        north = thing.latitude.value * GridPosition.stepsPerDegree
        northScale = Geodesy.metresPerDegree / GridPosition.stepsPerDegree
        eastScale = northScale * cos(thing.latitude.value * Geodesy.radiansPerDegree)
        skipped = ignored | PointFlags.last
        let reach = WalkNetwork.snappingRadius.value * 1.01
        best = reach * reach
    }

    /// Searches from the root.
    mutating func run() { visit(level: starts.count - 2, index: 0) }

    /// The ends of the piece that starts at a point, the south-western one first: so that a piece and its
    /// double in the other direction are equally near to the last bit.
    @inline(__always)
    private func ends(_ point: Int) -> (from: GridPosition, to: GridPosition, isTurned: Bool) {
        let from = network.position(ofPoint: point)
        let to = network.position(ofPoint: point + 1)
        let isTurned =
            from.latitude > to.latitude || (from.latitude == to.latitude && from.longitude > to.longitude)
        return isTurned ? (to, from, true) : (from, to, false)
    }

    /// The nearest point, or nil where its leg is beyond the radius.
    var snap: Snap? {
        guard bestPoint >= 0 else { return nil }
        let (from, to, isTurned) = ends(bestPoint)
        let point = Self.interpolate(from, to, bestFraction)
        let leg = Geodesy.distance(thing, point)
        guard leg <= WalkNetwork.snappingRadius else { return nil }
        let edge = network.edge(ofPoint: bestPoint)
        let prefix = network.pointPrefixes[bestPoint]
        let length = network.pointPrefixes[bestPoint + 1] - prefix
        let part = isTurned ? 1 - bestFraction : bestFraction
        let offset = (Double(prefix) + part * Double(length)) / 100
        return Snap(
            edge: EdgeIndex(edge), piece: PieceIndex(UInt32(bestPoint) - edge), offset: Metres(offset),
            leg: leg,
            point: point, thing: thing)
    }

    private static func interpolate(_ from: GridPosition, _ to: GridPosition, _ part: Double) -> Coordinate {
        if part <= 0 { return from.coordinate }
        if part >= 1 { return to.coordinate }
        let latitude = Double(from.latitude) + part * (Double(to.latitude) - Double(from.latitude))
        let longitude = Double(from.longitude) + part * (Double(to.longitude) - Double(from.longitude))
        return Coordinate(
            uncheckedLatitude: latitude / GridPosition.stepsPerDegree,
            longitude: longitude / GridPosition.stepsPerDegree)
    }

    /// How far a place on one axis is from a span of it, 0 inside.
    ///
    /// Comparisons of this form need no jumps, whose outcome nothing foretells.
    @inline(__always)
    private static func gap(_ low: Int32, _ high: Int32, _ place: Double) -> Double {
        let (below, above) = (Double(low) - place, place - Double(high))
        let gap = below > above ? below : above
        return gap > 0 ? gap : 0
    }

    @inline(__always) private func squareDistance(to box: GridBox) -> Double {
        let x = Self.gap(box.west, box.east, east) * eastScale
        let y = Self.gap(box.south, box.north, north) * northScale
        return x * x + y * y
    }

    /// The bits of a word that hold the number of a child.
    private static let childBits = UInt64(SpatialIndex.fanOut - 1)

    /// Visits the children that may hold something as near as the best so far, the nearest one first.
    ///
    /// A child is one word: the bits of its distance, which order as numbers do since none is negative, with its own
    /// number in the lowest four. That makes distances a hair less, and so leaves nothing out.
    private mutating func visit(level: Int, index: Int) {
        if level == 0 {
            visitLeaf(index)
            return
        }
        let below = starts[level - 1]
        let first = below + index * SpatialIndex.fanOut
        let count = min(SpatialIndex.fanOut, starts[level] - first)
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: SpatialIndex.fanOut) { words in
            words.initialize(repeating: .max)
            for child in 0..<count {
                let distance = squareDistance(to: boxes[first + child])
                words[child] = distance.bitPattern & ~Self.childBits | UInt64(child)
            }
            while true {
                var least = words[0]
                for child in 1..<SpatialIndex.fanOut { least = words[child] < least ? words[child] : least }
                // Not less than the best alone: an equal distance may belong to a lower piece.
                guard least & ~Self.childBits <= best.bitPattern else { return }
                let child = Int(least & Self.childBits)
                words[child] = .max
                visit(level: level - 1, index: first - below + child)
            }
        }
    }

    /// Metres east and north of the thing.
    private typealias Offset = (east: Double, north: Double)

    @inline(__always)
    private func offset(of position: GridPosition) -> Offset {
        ((Double(position.longitude) - east) * eastScale, (Double(position.latitude) - north) * northScale)
    }

    private mutating func visitLeaf(_ leaf: Int) {
        let first = leaf * SpatialIndex.fanOut
        // The end of a piece is where the next one of its chain starts.
        var end = offset(of: network.position(ofPoint: first))
        for point in first..<min(first + SpatialIndex.fanOut, network.pointCount) {
            let start = end
            if point + 1 < network.pointCount { end = offset(of: network.position(ofPoint: point + 1)) }
            if network.pointFlags[point] & skipped == 0, mayBeNearest(start, end) { visitPiece(point) }
        }
    }

    /// Whether the line through a piece, without ends, comes as near as the best: most do not, and that takes no
    /// division to see.
    @inline(__always)
    private func mayBeNearest(_ start: Offset, _ end: Offset) -> Bool {
        let (dx, dy) = (end.east - start.east, end.north - start.north)
        let cross = start.east * dy - start.north * dx
        return cross * cross <= (best * Self.slack + Self.spare) * (dx * dx + dy * dy)
    }

    // More than rounding can make a distance without a division differ from one with it: a part of it, and square metres.
    private static let slack = 1 + 1e-6
    private static let spare = 1e-9

    private mutating func visitPiece(_ point: Int) {
        let (from, to, _) = ends(point)
        let (x0, y0) = offset(of: from)
        let (x1, y1) = offset(of: to)
        let (dx, dy) = (x1 - x0, y1 - y0)
        let square = dx * dx + dy * dy
        let part = square > 0 ? -(x0 * dx + y0 * dy) / square : 0
        var (x, y) = (x0, y0)
        if part >= 1 { (x, y) = (x1, y1) } else if part > 0 { (x, y) = (x0 + part * dx, y0 + part * dy) }
        let distance = x * x + y * y
        guard distance < best || (distance == best && (bestPoint < 0 || point < bestPoint)) else { return }
        best = distance
        bestPoint = point
        bestFraction = min(1, max(0, part))
    }
}
