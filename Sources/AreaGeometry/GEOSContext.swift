import CGEOS
import DirectoryModel
import Glibc

/// An equirectangular plane in metres about a middle.
struct Plane {
    /// Metres per degree of latitude, on the sphere of the walking rules (R = 6,371,008.8 m).
    private static let metresPerDegree = 6_371_008.8 * Double.pi / 180

    private let north: Double
    private let east: Double
    private let eastScale: Double

    /// The plane about the middle of the box of some points; nil without points.
    init?(around points: some Sequence<Coordinate>) {
        var (south, north, west, east) = (
            Double.infinity, -Double.infinity, Double.infinity, -Double.infinity
        )
        for point in points {
            south = min(south, point.latitude.value)
            north = max(north, point.latitude.value)
            west = min(west, point.longitude.value)
            east = max(east, point.longitude.value)
        }
        guard south <= north else { return nil }
        self.north = (south + north) / 2
        self.east = (west + east) / 2
        // Never zero, so that a point at a pole has a place too.
        eastScale = Self.metresPerDegree * max(1e-9, cos(self.north * Double.pi / 180))
    }

    /// Metres east and north of the middle.
    func project(_ point: Coordinate) -> (x: Double, y: Double) {
        ((point.longitude.value - east) * eastScale, (point.latitude.value - north) * Self.metresPerDegree)
    }

    /// The point so many metres east and north of the middle.
    func unproject(x: Double, y: Double) -> Coordinate {
        Coordinate(uncheckedLatitude: north + y / Self.metresPerDegree, longitude: east + x / eastScale)
    }
}

/// A geometry of GEOS, destroyed with its last user; keeps its context alive.
final class GEOSShape {
    /// The geometry.
    let pointer: OpaquePointer
    private let context: GEOSContext

    init(_ pointer: OpaquePointer, _ context: GEOSContext) {
        self.pointer = pointer
        self.context = context
    }

    deinit { GEOSGeom_destroy_r(context.handle, pointer) }
}

/// GEOS for one thread at a time, with its last words of complaint.
final class GEOSContext {
    /// What GEOS's functions take first.
    let handle: GEOSContextHandle_t
    private let complaint: UnsafeMutablePointer<String?>

    init() {
        handle = GEOS_init_r()
        complaint = .allocate(capacity: 1)
        complaint.initialize(to: nil)
        GEOSContext_setErrorMessageHandler_r(
            handle,
            { message, complaint in
                guard let message, let complaint else { return }
                complaint.assumingMemoryBound(to: String?.self).pointee = String(cString: message)
            }, complaint)
    }

    deinit {
        GEOS_finish_r(handle)
        complaint.deinitialize(count: 1)
        complaint.deallocate()
    }

    /// What GEOS last complained about.
    var lastMessage: String? { complaint.pointee }

    /// The error for a call that failed.
    func failure(_ what: String, code: DirectoryError.Code = .internalError) -> DirectoryError {
        DirectoryError(code, "GEOS cannot make the \(what) of these shapes", cause: lastMessage)
    }

    /// The geometry that a call makes.
    func geometry(_ what: String, _ make: () -> OpaquePointer?) throws -> GEOSShape {
        guard let pointer = make() else { throw failure(what) }
        return GEOSShape(pointer, self)
    }

    /// A point.
    func point(_ point: Coordinate, on plane: Plane) -> GEOSShape? {
        let (x, y) = plane.project(point)
        return GEOSGeom_createPointFromXY_r(handle, x, y).map { GEOSShape($0, self) }
    }

    private func sequence(_ points: [Coordinate], on plane: Plane) throws -> OpaquePointer {
        let flat = points.flatMap { point -> [Double] in
            let (x, y) = plane.project(point)
            return [x, y]
        }
        guard let sequence = GEOSCoordSeq_copyFromBuffer_r(handle, flat, UInt32(points.count), 0, 0) else {
            throw failure("points", code: .invalidRecord)
        }
        return sequence
    }

    /// Lines of at least two points each.
    func multiLine(_ lines: [[Coordinate]], on plane: Plane) throws -> GEOSShape {
        var parts: [OpaquePointer?] = []
        do {
            for line in lines {
                // The line takes the sequence over, even when it fails.
                guard let part = GEOSGeom_createLineString_r(handle, try sequence(line, on: plane)) else {
                    throw failure("line", code: .invalidRecord)
                }
                parts.append(part)
            }
        } catch {
            for part in parts { GEOSGeom_destroy_r(handle, part) }
            throw error
        }
        return try geometry("lines") {
            GEOSGeom_createCollection_r(
                handle, Int32(GEOS_MULTILINESTRING.rawValue), &parts, UInt32(parts.count))
        }
    }

    /// The parts of an area, each with its holes.
    func multiPolygon(_ area: Area, on plane: Plane) throws -> GEOSShape {
        var parts: [OpaquePointer?] = []
        do {
            for part in area.parts where !part.isEmpty { parts.append(try polygon(part, on: plane)) }
        } catch {
            for part in parts { GEOSGeom_destroy_r(handle, part) }
            throw error
        }
        return try geometry("areas") {
            GEOSGeom_createCollection_r(
                handle, Int32(GEOS_MULTIPOLYGON.rawValue), &parts, UInt32(parts.count))
        }
    }

    private func polygon(_ rings: [[Coordinate]], on plane: Plane) throws -> OpaquePointer {
        var shapes: [OpaquePointer?] = []
        do {
            for ring in rings {
                guard let shape = GEOSGeom_createLinearRing_r(handle, try sequence(ring, on: plane)) else {
                    throw failure("ring", code: .invalidRecord)
                }
                shapes.append(shape)
            }
        } catch {
            for shape in shapes { GEOSGeom_destroy_r(handle, shape) }
            throw error
        }
        let outline = shapes.removeFirst()
        guard let polygon = GEOSGeom_createPolygon_r(handle, outline, &shapes, UInt32(shapes.count)) else {
            throw failure("area", code: .invalidRecord)
        }
        return polygon
    }

    /// A buffer for each part of a geometry, all in one collection.
    func buffers(of shape: GEOSShape, distance: Double, quarterSegments: Int32) throws -> GEOSShape {
        var parts: [OpaquePointer?] = []
        for number in 0..<GEOSGetNumGeometries_r(handle, shape.pointer) {
            guard let part = GEOSGetGeometryN_r(handle, shape.pointer, number),
                let buffer = GEOSBuffer_r(handle, part, distance, quarterSegments)
            else {
                for part in parts { GEOSGeom_destroy_r(handle, part) }
                throw failure("buffer")
            }
            parts.append(buffer)
        }
        return try geometry("buffers") {
            GEOSGeom_createCollection_r(
                handle, Int32(GEOS_GEOMETRYCOLLECTION.rawValue), &parts, UInt32(parts.count))
        }
    }

    /// The place of a point geometry; nil for an empty one.
    func point(of shape: GEOSShape, on plane: Plane) -> Coordinate? {
        var (x, y) = (0.0, 0.0)
        guard GEOSisEmpty_r(handle, shape.pointer) == 0, GEOSGeomGetX_r(handle, shape.pointer, &x) == 1,
            GEOSGeomGetY_r(handle, shape.pointer, &y) == 1
        else { return nil }
        return plane.unproject(x: x, y: y)
    }

    /// The polygons of a geometry, whatever it is.
    func area(of shape: GEOSShape, on plane: Plane) throws -> Area {
        var parts: [[[Coordinate]]] = []
        for number in 0..<GEOSGetNumGeometries_r(handle, shape.pointer) {
            guard let part = GEOSGetGeometryN_r(handle, shape.pointer, number),
                GEOSGeomTypeId_r(handle, part) == Int32(GEOS_POLYGON.rawValue),
                GEOSisEmpty_r(handle, part) == 0
            else { continue }
            // RFC 7946, 3.1.6: outlines go anticlockwise, holes clockwise.
            var rings = [try ring(GEOSGetExteriorRing_r(handle, part), on: plane, isClockwise: false)]
            for hole in 0..<GEOSGetNumInteriorRings_r(handle, part) {
                rings.append(
                    try ring(GEOSGetInteriorRingN_r(handle, part, hole), on: plane, isClockwise: true))
            }
            parts.append(rings)
        }
        return Area(parts: parts)
    }

    private func ring(_ ring: OpaquePointer?, on plane: Plane, isClockwise: Bool) throws -> [Coordinate] {
        var count: UInt32 = 0
        var isAnticlockwise: CChar = 0
        guard let ring, let sequence = GEOSGeom_getCoordSeq_r(handle, ring),
            GEOSCoordSeq_getSize_r(handle, sequence, &count) == 1,
            GEOSCoordSeq_isCCW_r(handle, sequence, &isAnticlockwise) == 1
        else { throw failure("ring") }
        var points = try (0..<count).map { index in
            var (x, y) = (0.0, 0.0)
            guard GEOSCoordSeq_getXY_r(handle, sequence, index, &x, &y) == 1 else { throw failure("ring") }
            return plane.unproject(x: x, y: y)
        }
        if let first = points.first, points.count > 1 { points[points.count - 1] = first }
        return (isAnticlockwise == 1) == isClockwise ? points.reversed() : points
    }
}
