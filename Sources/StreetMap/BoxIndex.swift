/// The shape of the packed index over the features' boxes.
///
/// Features lie by kind and along a curve, so that sixteen in a row make a leaf; sixteen leaves make a node, and
/// so on to one root. The boxes of all levels stand one after another, leaves first.
enum BoxIndex {
    /// Children of a node.
    ///
    /// Chosen, not measured: four cache lines of boxes.
    static let fanOut = 16

    /// Where each level's boxes start; one more entry at the end is the number of all boxes.
    static func levelStarts(count: Int) -> [Int] {
        var starts = [0]
        var count = count
        repeat {
            count = (count + fanOut - 1) / fanOut
            starts.append((starts.last ?? 0) + count)
        } while count > 1
        return starts
    }

    /// All boxes, from those of the features.
    static func boxes(of features: [WorldBox]) -> [WorldBox] {
        let starts = levelStarts(count: features.count)
        var boxes: [WorldBox] = []
        boxes.reserveCapacity(starts.last ?? 0)
        func add(_ children: ArraySlice<WorldBox>) {
            var box = WorldBox.empty
            for child in children { box.include(child) }
            boxes.append(box)
        }
        for first in stride(from: 0, to: features.count, by: fanOut) {
            add(features[first..<min(first + fanOut, features.count)])
        }
        for level in 1..<max(1, starts.count - 1) {
            for first in stride(from: starts[level - 1], to: starts[level], by: fanOut) {
                add(boxes[first..<min(first + fanOut, starts[level])])
            }
        }
        return boxes
    }

    /// Calls `body` with the features of a range whose leaf meets a box, ascending.
    static func search(
        _ boxes: UnsafePointer<WorldBox>, levelStarts: [Int], for box: WorldBox, in range: Range<Int>,
        _ body: (Int) -> Void
    ) {
        guard !range.isEmpty else { return }
        func descend(level: Int, node: Int) {
            let width = power(level + 1)
            guard node * width < range.upperBound, (node + 1) * width > range.lowerBound,
                boxes[levelStarts[level] + node].meets(box)
            else { return }
            if level == 0 {
                for feature in max(
                    node * fanOut, range.lowerBound)..<min(
                        (node + 1) * fanOut, range.upperBound)
                { body(feature) }
                return
            }
            let count = levelStarts[level] - levelStarts[level - 1]
            for child in node * fanOut..<min((node + 1) * fanOut, count) {
                descend(level: level - 1, node: child)
            }
        }
        descend(level: levelStarts.count - 2, node: 0)
    }

    private static func power(_ exponent: Int) -> Int { 1 << (4 * exponent) }
}
