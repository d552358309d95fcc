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
        var search = NearestPiece(network: self, thing: thing, ignored: PointFlags.steps | PointFlags.small)
        search.run()
        if let snap = search.snap { return snap }
        search = NearestPiece(network: self, thing: thing, ignored: PointFlags.steps)
        search.run()
        return search.snap
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
        var low = 0
        var high = edgeCount
        while high - low > 1 {
            let middle = (low + high) / 2
            if Int(edges[middle].firstPoint) <= point { low = middle } else { high = middle }
        }
        return UInt32(low)
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

    init(network: WalkNetwork, thing: Coordinate, ignored: UInt8) {
        self.network = network
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
    mutating func run() {
        visit(level: network.levelStarts.count - 2, index: 0)
    }

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

    @inline(__always) private func squareDistance(to box: GridBox) -> Double {
        let x = max(0, Double(box.west) - east, east - Double(box.east)) * eastScale
        let y = max(0, Double(box.south) - north, north - Double(box.north)) * northScale
        return x * x + y * y
    }

    private mutating func visit(level: Int, index: Int) {
        let starts = network.levelStarts
        if level == 0 {
            visitLeaf(index)
            return
        }
        let below = starts[level - 1]
        let first = below + index * SpatialIndex.fanOut
        let last = min(first + SpatialIndex.fanOut, starts[level])
        // Nearest child first; each child once, picked by repeated minimum because sixteen are few.
        withUnsafeTemporaryAllocation(of: Double.self, capacity: SpatialIndex.fanOut) { distances in
            for child in first..<last {
                distances[child - first] = squareDistance(to: network.boxes[child])
            }
            while true {
                var nearest = -1
                // Not `<` against the best alone: an equal distance may belong to a lower piece.
                var least = best
                for child in 0..<last - first where distances[child] <= least {
                    if nearest < 0 || distances[child] < least {
                        least = distances[child]
                        nearest = child
                    }
                }
                guard nearest >= 0 else { return }
                distances[nearest] = .infinity
                visit(level: level - 1, index: first - below + nearest)
            }
        }
    }

    private mutating func visitLeaf(_ leaf: Int) {
        let first = leaf * SpatialIndex.fanOut
        for point in first..<min(first + SpatialIndex.fanOut, network.pointCount)
        where network.pointFlags[point] & skipped == 0 {
            let (from, to, _) = ends(point)
            let x0 = (Double(from.longitude) - east) * eastScale
            let y0 = (Double(from.latitude) - north) * northScale
            let x1 = (Double(to.longitude) - east) * eastScale
            let y1 = (Double(to.latitude) - north) * northScale
            let (dx, dy) = (x1 - x0, y1 - y0)
            let square = dx * dx + dy * dy
            let part = square > 0 ? -(x0 * dx + y0 * dy) / square : 0
            var (x, y) = (x0, y0)
            if part >= 1 { (x, y) = (x1, y1) } else if part > 0 { (x, y) = (x0 + part * dx, y0 + part * dy) }
            let distance = x * x + y * y
            guard distance < best || (distance == best && (bestPoint < 0 || point < bestPoint)) else {
                continue
            }
            best = distance
            bestPoint = point
            bestFraction = min(1, max(0, part))
        }
    }
}
