internal import AreaGeometry
internal import DirectoryModel

/// Two communities whose boundaries share ground.
struct BoundaryOverlap {
    var left: Community
    var right: Community
    /// What part of the smaller one is shared, 0…1.
    var share: Double

    /// Shares below this are borders drawn twice by hand.
    ///
    /// Chosen, not measured.
    static let tolerance = 0.01

    /// The pairs of `communities`, and of one of them with one of `others`, that overlap by more than slivers.
    ///
    /// - Complexity: O(n²) in the communities for their extents; boundaries are looked at only where those meet.
    static func pairs(of communities: [Community], and others: [Community]) -> [BoundaryOverlap] {
        let shapes = (communities + others).compactMap(Shape.init)
        let own = Set(communities.map(\.id))
        var pairs: [BoundaryOverlap] = []
        for (index, left) in shapes.enumerated() where own.contains(left.community.id) {
            for right in shapes[(index + 1)...] where left.extent.meets(right.extent) {
                guard let shared = try? AreaGeometry.sharedSquareMetres(of: left.area, and: right.area) else {
                    continue
                }
                let share = shared.value / min(left.squareMetres, right.squareMetres)
                guard share > tolerance else { continue }
                pairs.append(
                    BoundaryOverlap(left: left.community, right: right.community, share: min(1, share)))
            }
        }
        return pairs
    }

    /// A community with a boundary of some size.
    private struct Shape {
        var community: Community
        var area: Area
        var squareMetres: Double
        var extent: Extent

        init?(_ community: Community) {
            guard let area = community.boundary, let size = try? AreaGeometry.squareMetres(of: area),
                size.value > 0
            else { return nil }
            self.community = community
            self.area = area
            squareMetres = size.value
            extent = Extent(area)
        }
    }
}

/// The box around an area, in degrees.
struct Extent {
    private(set) var south = Double.infinity
    private(set) var north = -Double.infinity
    private(set) var west = Double.infinity
    private(set) var east = -Double.infinity

    init(_ area: Area) {
        for point in area.parts.joined().joined() {
            south = min(south, point.latitude.value)
            north = max(north, point.latitude.value)
            west = min(west, point.longitude.value)
            east = max(east, point.longitude.value)
        }
    }

    /// Square degrees: to compare neighbours by.
    var size: Double { (north - south) * (east - west) }

    /// Whether a point lies in the box, or within a margin of it.
    func contains(_ point: Coordinate, margin: Double = 0) -> Bool {
        point.latitude.value >= south - margin && point.latitude.value <= north + margin
            && point.longitude.value >= west - margin && point.longitude.value <= east + margin
    }

    /// Whether two boxes have a point in common.
    func meets(_ other: Extent) -> Bool {
        south <= other.north && other.south <= north && west <= other.east && other.west <= east
    }
}
