internal import DirectoryModel
internal import Glibc

/// Squares of at least `DuplicateFinder.reach` on each side: what is within that reach of a point lies in its square
/// or in one of those around it.
enum Squares {
    /// One square.
    struct Square: Hashable {
        let row: Int32
        let column: Int32
        /// The two in one number, rows before columns.
        var number: UInt64 {
            UInt64(UInt32(bitPattern: row)) << 32 | UInt64(UInt32(bitPattern: column))
        }
    }

    private static let side = DuplicateFinder.reach.value / 111_000

    /// The square of a point; nil for a point that is none.
    static func square(of point: Coordinate?) -> Square? {
        guard let point, abs(point.latitude.value) <= 90, abs(point.longitude.value) <= 180 else {
            return nil
        }
        let row = Int32((point.latitude.value / side).rounded(.down))
        return Square(row: row, column: Int32((point.longitude.value / columnDegrees(row)).rounded(.down)))
    }

    /// The squares around a point, its own among them; empty for a point that is none.
    static func around(_ point: Coordinate?) -> [Square] {
        guard let point, let middle = square(of: point) else { return [] }
        return (middle.row - 1...middle.row + 1).flatMap { row in
            let width = columnDegrees(row)
            let first = Int32(((point.longitude.value - width) / width).rounded(.down))
            return (first...first + 2).map { Square(row: row, column: $0) }
        }
    }

    /// The width of a row's squares in degrees, at least the reach everywhere in it and in the rows beside it.
    private static func columnDegrees(_ row: Int32) -> Double {
        let latitude = min(89.9, (abs(Double(row)) + 2) * side)
        return side / cos(latitude * .pi / 180)
    }
}
