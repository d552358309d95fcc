internal import AreaGeometry
internal import DirectoryModel

/// Finds the community that a point lies in.
struct CommunityFinder: Sendable {
    private struct Bounds {
        let id: CommunityID
        let area: PreparedArea
        let south: Double
        let north: Double
        let west: Double
        let east: Double
    }

    private let all: [Bounds]

    /// Prepares the boundaries; one that GEOS cannot use holds no point.
    init(_ communities: some Sequence<Community>) {
        all = communities.sorted { $0.id < $1.id }.compactMap { community in
            guard let boundary = community.boundary, let area = try? PreparedArea(boundary) else {
                return nil
            }
            let outline = boundary.parts.flatMap { $0.first ?? [] }
            let latitudes = outline.map(\.latitude.value)
            let longitudes = outline.map(\.longitude.value)
            guard let south = latitudes.min(), let north = latitudes.max(), let west = longitudes.min(),
                let east = longitudes.max()
            else { return nil }
            return Bounds(
                id: community.id, area: area, south: south, north: north, west: west, east: east)
        }
    }

    /// The community whose boundary holds the point; the one with the lowest id where several do.
    func community(at point: Coordinate) -> CommunityID? {
        let latitude = point.latitude.value
        let longitude = point.longitude.value
        return all.first { bounds in
            latitude >= bounds.south && latitude <= bounds.north && longitude >= bounds.west
                && longitude <= bounds.east && bounds.area.contains(point)
        }?.id
    }

    /// Whether a community's boundary is known and holds the point; nil where it is not known.
    func holds(_ id: CommunityID, _ point: Coordinate) -> Bool? {
        all.first { $0.id == id }?.area.contains(point)
    }
}
