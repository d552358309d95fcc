import DirectoryModel

/// The number of a contracted edge: a chain of pieces between two crossings or dead ends.
package struct EdgeIndex: Hashable, Comparable, Sendable {
    /// 0 ..< `WalkNetwork.edgeCount`.
    package let number: UInt32
    /// The edge with this number.
    @inline(__always) package init(_ number: UInt32) { self.number = number }
    /// Whether the left edge has the lower number.
    package static func < (left: Self, right: Self) -> Bool { left.number < right.number }
}

/// The number of a piece: one pair of consecutive nodes of one way, as in `edges.csv`.
package struct PieceIndex: Hashable, Comparable, Sendable {
    /// 0 ..< `WalkNetwork.pieceCount`.
    package let number: UInt32
    /// The piece with this number.
    @inline(__always) package init(_ number: UInt32) { self.number = number }
    /// Whether the left piece has the lower number.
    package static func < (left: Self, right: Self) -> Bool { left.number < right.number }
}

/// Where a thing touches the walking network, and how far it stands from it.
///
/// The walk between two things is `from.leg` + network + `to.leg`; both legs are straight.
package struct Snap: Hashable, Sendable {
    /// The contracted edge that the point lies on; never one of steps.
    package var edge: EdgeIndex
    /// The piece of that edge.
    package var piece: PieceIndex
    /// From the start of the edge to the point, along the way.
    package var offset: Metres
    /// From the thing straight to the point, at most `WalkNetwork.snappingRadius`.
    package var leg: Metres
    /// The point on the network.
    package var point: Coordinate
    /// The thing itself.
    package var thing: Coordinate

    /// A point on the network; see the fields.
    package init(
        edge: EdgeIndex, piece: PieceIndex, offset: Metres, leg: Metres, point: Coordinate, thing: Coordinate
    ) {
        self.edge = edge
        self.piece = piece
        self.offset = offset
        self.leg = leg
        self.point = point
        self.thing = thing
    }
}

/// A snap in the words of `snaps.csv`: metres from the `from` node of a row of `edges.csv`.
package struct ExportedSnap: Hashable, Sendable {
    /// The number in the column `edge`.
    package var edge: PieceIndex
    /// Metres from that row's `from` node to the point, 0 … the row's metres.
    package var offset: Metres
    /// Metres from the thing to the point.
    package var leg: Metres
}
