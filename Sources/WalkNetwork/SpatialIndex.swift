/// The shape of the packed spatial index over the pieces.
///
/// Pieces already lie in the order of a Hilbert curve, so that sixteen in a row make a leaf; sixteen leaves
/// make a node, and so on to one root. The boxes of all levels stand one after another, leaves first.
enum SpatialIndex {
    /// Children of a node.
    ///
    /// Chosen, not measured: four cache lines of boxes.
    static let fanOut = 16

    /// Where each level's boxes start; one more entry at the end is the number of all boxes.
    ///
    /// - Parameter pointCount: the number of points of all chains, at least 0.
    static func levelStarts(pointCount: Int) -> [Int] {
        var starts = [0]
        var count = pointCount
        repeat {
            count = (count + fanOut - 1) / fanOut
            starts.append((starts.last ?? 0) + count)
        } while count > 1
        return starts
    }

    /// All boxes, from the box of each point's piece.
    static func boxes(pointCount: Int, pieceBox: (Int) -> GridBox) -> [GridBox] {
        let starts = levelStarts(pointCount: pointCount)
        var boxes: [GridBox] = []
        boxes.reserveCapacity(starts.last ?? 0)
        for leaf in 0..<starts[1] {
            var box = GridBox.empty
            for point in leaf * fanOut..<min((leaf + 1) * fanOut, pointCount) { box.include(pieceBox(point)) }
            boxes.append(box)
        }
        for level in 1..<max(1, starts.count - 1) {
            for parent in 0..<starts[level + 1] - starts[level] {
                let first = starts[level - 1] + parent * fanOut
                var box = GridBox.empty
                for child in first..<min(first + fanOut, starts[level]) { box.include(boxes[child]) }
                boxes.append(box)
            }
        }
        return boxes
    }
}
