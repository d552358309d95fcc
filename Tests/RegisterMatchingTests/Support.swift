// RegisterMatchingTests: region codes, addresses, telephone numbers, and records that tell of one place.
// May import: DirectoryModel, OSMReader, RegisterMatching.

import DirectoryModel
import Foundation

@testable import RegisterMatching

/// What lies beside the repository on machines that have it.
enum SharedFiles {
    private static let folder: String = {
        var folders = #filePath.split(separator: "/", omittingEmptySubsequences: false)
        folders.removeLast(4)
        return folders.joined(separator: "/") + "/shared/"
    }()

    /// The path of a shared file, nil where there is none.
    static func path(_ name: String) -> String? {
        FileManager.default.isReadableFile(atPath: folder + name) ? folder + name : nil
    }

    /// The text of a shared file, nil where there is none.
    static func text(_ name: String) -> String? {
        path(name).flatMap { try? String(contentsOfFile: $0, encoding: .utf8) }
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

    mutating func text(of pieces: [String], most: Int) -> String {
        (0..<Int.random(in: 0...most, using: &self)).map { _ in pieces.randomElement(using: &self) ?? "" }
            .joined()
    }

    mutating func bytes(most: Int) -> String {
        let bytes = (0..<Int.random(in: 0...most, using: &self)).map { _ in
            UInt8.random(in: 0...255, using: &self)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// A point some metres north and east of another one.
func moved(_ point: Coordinate, north: Double, east: Double) -> Coordinate {
    Coordinate(
        uncheckedLatitude: point.latitude.value + north / 111_195,
        longitude: point.longitude.value + east / (111_195 * cos(point.latitude.value * .pi / 180)))
}

let nanjing = Coordinate(uncheckedLatitude: 32.04, longitude: 118.78)
