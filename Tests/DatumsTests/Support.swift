// DatumsTests: the offset datums against vectors and an independent implementation; cells as offices write them.
// May import: DirectoryModel, Datums.

import DirectoryModel
import Foundation

@testable import Datums

/// What lies in the repository and, on machines that have it, beside it.
enum Files {
    /// The root of the repository.
    static let repository: String = {
        var folders = #filePath.split(separator: "/", omittingEmptySubsequences: false)
        folders.removeLast(3)
        return folders.joined(separator: "/")
    }()

    /// The shared vectors of coordinates, nil where they are not.
    static var vectors: [String: Any]? {
        let folder = (repository as NSString).deletingLastPathComponent
        let path = folder + "/shared/domain/vectors/coordinates.json"
        guard let data = FileManager.default.contents(atPath: path) else { return nil }
        return try? JSONSerialization.jsonObject(with: data) as? [String: Any]
    }
}

/// SplitMix64: the same numbers in every run.
struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// A point from numbers in the order of the vectors, longitude first.
func point(_ datum: Datum, _ lngLat: [Double]) -> GivenPoint {
    GivenPoint(datum: datum, latitude: Degrees(lngLat[1]), longitude: Degrees(lngLat[0]))
}

/// A point in another datum.
func moved(_ datum: Datum, _ lngLat: [Double], to other: Datum) -> GivenPoint {
    DatumTransformation.transformed(point(datum, lngLat), to: other).point
}

/// Metres between a point and numbers of the vectors.
func metres(_ given: GivenPoint, _ lngLat: [Double]) -> Double {
    DatumTransformation.metres(given, point(given.datum, lngLat)).value
}
