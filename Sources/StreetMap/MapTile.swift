/// A tile to be drawn: whole numbers of its units, x eastward and y southward from its north-western corner.
///
/// Lines and rings are x, y, x, y and so on; a ring ends with its first point. Numbers go from -margin to
/// extent + margin.
package struct MapTile: Hashable, Sendable {
    /// A street or rails.
    package struct Street: Hashable, Sendable {
        /// One of the kinds of streets, or rails.
        package var kind: MapKind
        /// What is written along it.
        package var name: String?
        /// Its points.
        package var line: [Int32]
    }

    /// A name at a point; in all the map each one is in one tile only.
    package struct Label: Hashable, Sendable {
        /// One of the kinds of labels.
        package var kind: MapKind
        /// What is written.
        package var name: String
        /// Units eastward.
        package var x: Int32
        /// Units southward.
        package var y: Int32
    }

    /// A polygon: its outline, then its holes.
    package typealias Polygon = [[Int32]]

    /// Waters, as polygons.
    package var waterAreas: [Polygon] = []
    /// Waters, as lines.
    package var waterLines: [[Int32]] = []
    /// Green areas.
    package var green: [Polygon] = []
    /// Buildings.
    package var buildings: [Polygon] = []
    /// Streets and rails.
    package var streets: [Street] = []
    /// Names.
    package var labels: [Label] = []
    /// Whether something was left out because the tile was full.
    package var isFull = false
}
