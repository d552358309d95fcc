import DirectoryModel
import Foundation
import Testing

@testable import Datums

@Suite("Offset datums: the shared vectors")
struct VectorTests {
    private static let there = Files.vectors != nil
    private let vectors = Files.vectors ?? [:]

    private func tolerance(_ name: String) throws -> Double {
        try #require((vectors["tolerance"] as? [String: Any])?[name] as? Double)
    }

    private func rows(_ list: String, _ part: String? = nil) throws -> [[String: Any]] {
        try #require(vectors[list] as? [[String: Any]])
    }

    @Test("published cities, every way", .enabled(if: there, "the shared vectors are not beside this tree"))
    func cities() throws {
        let forward = try tolerance("wgs84_to_gcj02_m")
        let back = try tolerance("gcj02_to_wgs84_m")
        let round = try tolerance("gcj02_bd09_roundtrip_m")
        for row in try rows("published_cities") {
            let wgs = try #require(row["WGS84"] as? [Double])
            let gcj = try #require(row["GCJ02"] as? [Double])
            let bd = try #require(row["BD09"] as? [Double])
            #expect(metres(moved(.wgs84, wgs, to: .gcj02), gcj) < forward)
            #expect(metres(moved(.cgcs2000, wgs, to: .gcj02), gcj) < forward)
            #expect(metres(moved(.gcj02, gcj, to: .wgs84), wgs) < back)
            // gcoord tests these to 6 decimals.
            #expect(metres(moved(.gcj02, gcj, to: .bd09), bd) < 0.12)
            #expect(metres(moved(.bd09, bd, to: .gcj02), gcj) < round)
            #expect(metres(moved(.bd09, bd, to: .wgs84), wgs) < back + round)
            #expect(metres(moved(.wgs84, wgs, to: .bd09), bd) < forward + round)
            let there = moved(.gcj02, gcj, to: .bd09)
            let roundTrip = DatumTransformation.transformed(there, to: .gcj02)
            #expect(metres(roundTrip.point, gcj) < 1e-6)
        }
    }

    @Test("published by eviltransform", .enabled(if: there, "the shared vectors are not beside this tree"))
    func eviltransform() throws {
        let lists = try #require(vectors["published_eviltransform"] as? [String: [[Double]]])
        for row in try #require(lists["wgs84_lat_lng__gcj02_lat_lng"]) {
            let (wgs, gcj) = ([row[1], row[0]], [row[3], row[2]])
            #expect(metres(moved(.wgs84, wgs, to: .gcj02), gcj) < 1)
            #expect(metres(moved(.gcj02, gcj, to: .wgs84), wgs) < 1)
        }
        // Readings from a map: eviltransform itself misses them by 10 and 41 m, coord-convert by 10.5 and 41.5 m.
        for row in try #require(lists["bd09_lat_lng__wgs84_lat_lng"]) {
            #expect(metres(moved(.bd09, [row[1], row[0]], to: .wgs84), [row[3], row[2]]) < 42)
        }
        for row in try #require(lists["distance_m"]) {
            let measured = metres(point(.gcj02, [row[1], row[0]]), [row[3], row[2]])
            // It takes a sphere of 6,378,137 m.
            #expect(abs(measured * 6_378_137 / 6_371_008.8 - row[4]) < 1)
        }
    }

    @Test(
        "gcoord's README, computed rows", .enabled(if: there, "the shared vectors are not beside this tree"))
    func computed() throws {
        let names: [String: Datum] = ["WGS84": .wgs84, "GCJ02": .gcj02, "BD09": .bd09]
        for row in try rows("published_gcoord_readme") {
            let from = try #require((row["from"] as? String).flatMap { names[$0] })
            let to = try #require((row["to"] as? String).flatMap { names[$0] })
            let given = try #require(row["in"] as? [Double])
            #expect(metres(moved(from, given, to: to), try #require(row["out"] as? [Double])) < 1)
        }
        for row in try rows("computed") {
            let wgs = try #require(row["wgs84"] as? [Double])
            let gcj = try #require(row["gcj02"] as? [Double])
            let bd = try #require(row["bd09"] as? [Double])
            // Ten decimals, and eccentricities that differ in the twelfth.
            #expect(metres(moved(.wgs84, wgs, to: .gcj02), gcj) < 1e-4)
            #expect(metres(moved(.wgs84, wgs, to: .bd09), bd) < 1e-4)
            #expect(metres(moved(.bd09, bd, to: .gcj02), gcj) < 1e-4)
            let back = try #require(row["gcj02_to_wgs84_iterative"] as? [Double])
            #expect(metres(moved(.gcj02, gcj, to: .wgs84), back) < 1e-3)
            let other = try #require(row["eviltransform_gcj02"] as? [Double])
            #expect(metres(moved(.wgs84, wgs, to: .gcj02), other) < 0.0115)
        }
    }

    @Test("outside the box nothing moves", .enabled(if: there, "the shared vectors are not beside this tree"))
    func outside() throws {
        for given in try #require(vectors["outside_bbox_identity"] as? [[Double]]) {
            for from in Datum.allCases {
                for to in Datum.allCases {
                    let result = DatumTransformation.transformed(point(from, given), to: to)
                    #expect(result.point == point(to, given))
                    #expect(result.converged && result.residual == 0)
                }
            }
        }
    }

    @Test("the point that hangs the published loop", .enabled(if: there, "the vectors are not there"))
    func hang() throws {
        let warning = try #require(vectors["hang_warning"] as? String)
        let match = try #require(
            warning.firstMatch(of: /\(([0-9.]+),([0-9.]+)\) obtained from WGS84 \(([0-9.]+),([0-9.]+)\)/))
        let trap = [try #require(Double(match.1)), try #require(Double(match.2))]
        let origin = [try #require(Double(match.3)), try #require(Double(match.4))]
        let result = DatumTransformation.transformed(point(.gcj02, trap), to: .wgs84)
        #expect(metres(result.point, origin) < 0.001)
        #expect(result.steps < 10)
    }
}
