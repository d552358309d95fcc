import CGEOS
import DirectoryModel

/// A box of a flat plane, edges included.
package struct PlaneBox: Hashable, Sendable {
    /// The least x.
    package var west: Double
    /// The least y.
    package var south: Double
    /// The greatest x.
    package var east: Double
    /// The greatest y.
    package var north: Double

    /// A box; see the fields.
    package init(west: Double, south: Double, east: Double, north: Double) {
        self.west = west
        self.south = south
        self.east = east
        self.north = north
    }
}

/// Cuts and simplifies lines and polygons of a flat plane, given as x, y, x, y and so on.
///
/// For one thread at a time. A polygon is its outline and its holes, each ending with its first point.
package final class PlaneShapes {
    private let geos = GEOSContext()

    /// Readies GEOS.
    package init() {}

    /// The parts of a polygon that lie in a box, on a grid of points: valid polygons again.
    ///
    /// - Parameter grid: the step of the grid, more than 0.
    /// - Throws: `.invalidRecord` for broken rings, `.internalError` with GEOS's words when it fails.
    package func cut(rings: [[Double]], to box: PlaneBox, grid: Double) throws -> [[[Double]]] {
        let shape = try polygon(rings)
        let frame = try polygon([
            [
                box.west, box.south, box.east, box.south, box.east, box.north, box.west, box.north, box.west,
                box.south,
            ]
        ])
        do {
            return polygons(try intersection(shape, frame, grid))
        } catch {
            // Rings that cross themselves by the width of a rounding are put right first.
            let valid = try geos.geometry("valid area") { GEOSMakeValid_r(geos.handle, shape.pointer) }
            return polygons(try intersection(valid, frame, grid))
        }
    }

    private func intersection(_ shape: GEOSShape, _ frame: GEOSShape, _ grid: Double) throws -> GEOSShape {
        try geos.geometry("intersection") {
            GEOSIntersectionPrec_r(geos.handle, shape.pointer, frame.pointer, grid)
        }
    }

    /// The parts of a line that lie in a box, in the line's direction.
    ///
    /// - Throws: `.invalidRecord` for a line of fewer than two points, `.internalError` when GEOS fails.
    package func cut(line: [Double], to box: PlaneBox) throws -> [[Double]] {
        let shape = try self.line(line)
        let cut = try geos.geometry("cut line") {
            GEOSClipByRect_r(geos.handle, shape.pointer, box.west, box.south, box.east, box.north)
        }
        return lines(cut.pointer)
    }

    /// A polygon with fewer points, off by at most a tolerance, and valid where it was so before.
    ///
    /// - Throws: `.invalidRecord` for broken rings, `.internalError` with GEOS's words when it fails.
    package func simplified(rings: [[Double]], tolerance: Double) throws -> [[Double]] {
        let shape = try polygon(rings)
        let simple = try geos.geometry("simple area") {
            GEOSTopologyPreserveSimplify_r(geos.handle, shape.pointer, tolerance)
        }
        return polygons(simple).first ?? rings
    }

    /// A line with fewer points, off by at most a tolerance.
    ///
    /// - Throws: `.invalidRecord` for a line of fewer than two points, `.internalError` when GEOS fails.
    package func simplified(line: [Double], tolerance: Double) throws -> [Double] {
        let shape = try self.line(line)
        let simple = try geos.geometry("simple line") {
            GEOSSimplify_r(geos.handle, shape.pointer, tolerance)
        }
        return lines(simple.pointer).first ?? line
    }

    // MARK: In

    private func sequence(_ flat: [Double]) throws -> OpaquePointer {
        guard
            let sequence = GEOSCoordSeq_copyFromBuffer_r(geos.handle, flat, UInt32(flat.count / 2), 0, 0)
        else { throw geos.failure("points", code: .invalidRecord) }
        return sequence
    }

    private func line(_ flat: [Double]) throws -> GEOSShape {
        // The line takes the sequence over, even when it fails.
        guard let line = GEOSGeom_createLineString_r(geos.handle, try sequence(flat)) else {
            throw geos.failure("line", code: .invalidRecord)
        }
        return GEOSShape(line, geos)
    }

    private func polygon(_ rings: [[Double]]) throws -> GEOSShape {
        var shapes: [OpaquePointer?] = []
        do {
            for ring in rings {
                guard let shape = GEOSGeom_createLinearRing_r(geos.handle, try sequence(ring)) else {
                    throw geos.failure("ring", code: .invalidRecord)
                }
                shapes.append(shape)
            }
        } catch {
            for shape in shapes { GEOSGeom_destroy_r(geos.handle, shape) }
            throw error
        }
        guard !shapes.isEmpty else { throw geos.failure("area", code: .invalidRecord) }
        let outline = shapes.removeFirst()
        guard let polygon = GEOSGeom_createPolygon_r(geos.handle, outline, &shapes, UInt32(shapes.count))
        else { throw geos.failure("area", code: .invalidRecord) }
        return GEOSShape(polygon, geos)
    }

    // MARK: Out

    private func polygons(_ shape: GEOSShape) -> [[[Double]]] {
        var found: [[[Double]]] = []
        forEachPart(of: shape.pointer) { part in
            guard GEOSGeomTypeId_r(geos.handle, part) == Int32(GEOS_POLYGON.rawValue) else { return }
            var rings = [points(GEOSGetExteriorRing_r(geos.handle, part))]
            for hole in 0..<GEOSGetNumInteriorRings_r(geos.handle, part) {
                rings.append(points(GEOSGetInteriorRingN_r(geos.handle, part, hole)))
            }
            if !rings[0].isEmpty { found.append(rings) }
        }
        return found
    }

    private func lines(_ shape: OpaquePointer) -> [[Double]] {
        var found: [[Double]] = []
        forEachPart(of: shape) { part in
            guard GEOSGeomTypeId_r(geos.handle, part) == Int32(GEOS_LINESTRING.rawValue) else { return }
            let line = points(part)
            if line.count >= 4 { found.append(line) }
        }
        return found
    }

    private func forEachPart(of shape: OpaquePointer, _ body: (OpaquePointer) -> Void) {
        for number in 0..<GEOSGetNumGeometries_r(geos.handle, shape) {
            guard let part = GEOSGetGeometryN_r(geos.handle, shape, number),
                GEOSisEmpty_r(geos.handle, part) == 0
            else { continue }
            // A collection may hold collections; a simple shape is its own only part.
            if GEOSGetNumGeometries_r(geos.handle, part) > 1 {
                forEachPart(of: part, body)
            } else {
                body(part)
            }
        }
    }

    private func points(_ line: OpaquePointer?) -> [Double] {
        var count: UInt32 = 0
        guard let line, let sequence = GEOSGeom_getCoordSeq_r(geos.handle, line),
            GEOSCoordSeq_getSize_r(geos.handle, sequence, &count) == 1, count > 0
        else { return [] }
        var flat = [Double](repeating: 0, count: Int(count) * 2)
        guard GEOSCoordSeq_copyToBuffer_r(geos.handle, sequence, &flat, 0, 0) == 1 else { return [] }
        return flat
    }
}
