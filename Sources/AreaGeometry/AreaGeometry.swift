// AreaGeometry: polygon work through GEOS: buffers, unions, points in areas, checks, square metres.
// May import: DirectoryModel, CGEOS.
//
// Metres are true near the thing at work: coordinates are put on an equirectangular plane about the middle of
// its box, which is off by less than 0.1 % within 50 km at the latitudes of cities.

import CGEOS
import DirectoryModel
import Synchronization

/// An area in square metres.
package struct SquareMetres: Quantity {
    /// Square metres.
    package let value: Double
    /// An area of `value` square metres.
    package init(_ value: Double) { self.value = value }
}

/// Polygon work on areas and lines of WGS-84.
package enum AreaGeometry {
    /// Arcs of a buffer are drawn with this many segments a quarter.
    ///
    /// Chosen, not measured.
    private static let quarterSegments: Int32 = 4
    /// Outlines of buffers are simplified by at most this share of the buffer.
    ///
    /// Chosen, not measured: 1 m of 25.
    private static let simplification = 0.04
    /// The buffer about reached ways.
    ///
    /// Chosen, not measured: half a block's depth.
    package static let isochroneBuffer = Metres(25)

    /// Draws an area about lines: all that lies within a distance of them, merged and a little simplified.
    ///
    /// - Parameters:
    ///   - lines: each of at least two points; others are left out.
    ///   - distance: more than 0.
    /// - Returns: the area, without parts where there are no lines.
    /// - Throws: `.internalError` with GEOS's words when it fails.
    package static func buffered(_ lines: [[Coordinate]], by distance: Metres) throws -> Area {
        let lines = lines.filter { $0.count >= 2 }
        let points = lines.joined()
        guard let plane = Plane(around: points), distance.value > 0 else { return Area(parts: []) }
        let geos = GEOSContext()
        let tolerance = distance.value * simplification
        let all = try geos.multiLine(lines, on: plane)
        // Streets joined and straightened, then one buffer each and their union: on reached ways of Malta 3.5
        // times as fast as one buffer of all lines, whose curves all cross one another.
        let joined = try geos.geometry("lines") { GEOSLineMerge_r(geos.handle, all.pointer) }
        let straight = try geos.geometry("lines") { GEOSSimplify_r(geos.handle, joined.pointer, tolerance) }
        let each = try geos.buffers(of: straight, distance: distance.value, quarterSegments: quarterSegments)
        let buffer = try geos.geometry("union") { GEOSUnaryUnion_r(geos.handle, each.pointer) }
        let simple = try geos.geometry("simplify") {
            GEOSTopologyPreserveSimplify_r(geos.handle, buffer.pointer, tolerance)
        }
        return try geos.area(of: simple, on: plane)
    }

    /// Merges areas into one, without overlaps.
    ///
    /// - Throws: `.internalError` with GEOS's words when it fails, for instance on invalid rings.
    package static func union(_ areas: [Area]) throws -> Area {
        let points = areas.lazy.flatMap(\.parts).joined().joined()
        guard let plane = Plane(around: points) else { return Area(parts: []) }
        let geos = GEOSContext()
        let all = try geos.multiPolygon(Area(parts: areas.flatMap(\.parts)), on: plane)
        let merged = try geos.geometry("union") { GEOSUnaryUnion_r(geos.handle, all.pointer) }
        return try geos.area(of: merged, on: plane)
    }

    /// Finds a point inside an area: the centroid where that lies inside, a point on the surface elsewhere.
    ///
    /// - Throws: `.invalidRecord` for an area without parts or with broken rings.
    package static func pointInside(_ area: Area) throws -> Coordinate {
        guard let plane = Plane(around: area.parts.joined().joined()) else {
            throw DirectoryError(.invalidRecord, "an area without rings has no middle")
        }
        let geos = GEOSContext()
        let shape = try geos.multiPolygon(area, on: plane)
        let centroid = try geos.geometry("centroid") { GEOSGetCentroid_r(geos.handle, shape.pointer) }
        if GEOSIntersects_r(geos.handle, shape.pointer, centroid.pointer) == 1,
            let point = geos.point(of: centroid, on: plane)
        {
            return point
        }
        let surface = try geos.geometry("point on surface") {
            GEOSPointOnSurface_r(geos.handle, shape.pointer)
        }
        guard let point = geos.point(of: surface, on: plane) else {
            throw DirectoryError(.invalidRecord, "an area without surface has no middle")
        }
        return point
    }

    /// What is wrong with an area's rings, in GEOS's words, or nil.
    package static func defect(of area: Area) -> String? {
        guard let plane = Plane(around: area.parts.joined().joined()) else { return "no rings" }
        let geos = GEOSContext()
        do {
            let shape = try geos.multiPolygon(area, on: plane)
            var reason: UnsafeMutablePointer<CChar>?
            var place: OpaquePointer?
            if GEOSisValidDetail_r(geos.handle, shape.pointer, 0, &reason, &place) == 1 { return nil }
            defer {
                GEOSFree_r(geos.handle, reason)
                GEOSGeom_destroy_r(geos.handle, place)
            }
            guard let reason else { return geos.lastMessage ?? "invalid" }
            var (x, y) = (0.0, 0.0)
            guard let place, GEOSGeomGetX_r(geos.handle, place, &x) == 1,
                GEOSGeomGetY_r(geos.handle, place, &y) == 1
            else { return String(cString: reason) }
            let point = plane.unproject(x: x, y: y)
            return "\(String(cString: reason)) at latitude \(point.latitude.value), "
                + "longitude \(point.longitude.value)"
        } catch {
            return (error as? DirectoryError)?.cause ?? "broken rings"
        }
    }

    /// The surface that two areas share, 0 where they are apart.
    ///
    /// - Throws: `.invalidRecord` for broken rings, `.internalError` with GEOS's words when it fails.
    package static func sharedSquareMetres(of first: Area, and second: Area) throws -> SquareMetres {
        let points = [first, second].lazy.flatMap(\.parts).joined().joined()
        guard !first.parts.isEmpty, !second.parts.isEmpty, let plane = Plane(around: points) else { return 0 }
        let geos = GEOSContext()
        let left = try geos.multiPolygon(first, on: plane)
        let right = try geos.multiPolygon(second, on: plane)
        let shared = try geos.geometry("intersection") {
            GEOSIntersection_r(geos.handle, left.pointer, right.pointer)
        }
        var result = 0.0
        guard GEOSArea_r(geos.handle, shared.pointer, &result) == 1 else { throw geos.failure("area") }
        return SquareMetres(result)
    }

    /// The surface of an area.
    ///
    /// - Throws: `.invalidRecord` for broken rings.
    package static func squareMetres(of area: Area) throws -> SquareMetres {
        guard let plane = Plane(around: area.parts.joined().joined()) else { return 0 }
        let geos = GEOSContext()
        let shape = try geos.multiPolygon(area, on: plane)
        var result = 0.0
        guard GEOSArea_r(geos.handle, shape.pointer, &result) == 1 else { throw geos.failure("area") }
        return SquareMetres(result)
    }
}

/// An area readied for many questions whether a point lies in it.
///
/// Safe to use from any thread.
package final class PreparedArea: Sendable {
    private let state: Mutex<State>

    private final class State {
        let geos = GEOSContext()
        let plane: Plane?
        let shape: GEOSShape?
        let prepared: OpaquePointer?

        init(_ area: Area) throws {
            plane = Plane(around: area.parts.joined().joined())
            shape = try plane.map { [geos] in try geos.multiPolygon(area, on: $0) }
            prepared = shape.flatMap { [geos] in GEOSPrepare_r(geos.handle, $0.pointer) }
        }

        deinit {
            if let prepared { GEOSPreparedGeom_destroy_r(geos.handle, prepared) }
        }
    }

    /// Readies an area.
    ///
    /// - Throws: `.invalidRecord` for broken rings.
    package init(_ area: Area) throws { state = Mutex(try State(area)) }

    /// Whether a point lies inside the area or on its outline.
    package func contains(_ point: Coordinate) -> Bool {
        state.withLock { state in
            guard let plane = state.plane, let prepared = state.prepared else { return false }
            guard let shape = state.geos.point(point, on: plane) else { return false }
            return GEOSPreparedIntersects_r(state.geos.handle, prepared, shape.pointer) == 1
        }
    }
}
