import DirectoryModel
import Testing

@testable import Datums

@Suite("Evidence of a wrong datum")
struct EvidenceTests {
    /// A community of about 900 × 900 m in Nanjing.
    private func isInCommunity(_ point: Coordinate) -> Bool? {
        (31.995...32.003).contains(point.latitude.value)
            && (118.765...118.775).contains(point.longitude.value)
    }

    /// Rows that lie in the community, given in one datum and said to be in another.
    private func samples(
        _ count: Int, really: Datum, stated: Datum, seed: UInt64 = 1, prefix: String = "r"
    ) -> [DatumSample] {
        var numbers = SeededNumbers(seed)
        return (0..<count).map { index in
            let place = [
                Double.random(in: 118.7655...118.7745, using: &numbers),
                Double.random(in: 31.9955...32.0025, using: &numbers),
            ]
            let given = moved(.wgs84, place, to: really)
            return DatumSample(
                key: "\(prefix)\(index + 1)",
                given: GivenPoint(datum: stated, latitude: given.latitude, longitude: given.longitude),
                isInside: isInCommunity)
        }
    }

    @Test("every wrong statement is found, every right one is left alone")
    func statements() throws {
        for stated in [Datum.wgs84, .gcj02, .bd09] {
            for really in [Datum.wgs84, .gcj02, .bd09] {
                let found = DatumEvidence.weigh(samples(60, really: really, stated: stated))
                let statement = try #require(found.first)
                #expect(found.count == 1 && statement.stated == stated)
                #expect(statement.verdict == (stated == really ? .sound : .otherDatum(really)))
                if stated != really {
                    let best = try #require(statement.alternatives.first)
                    #expect(best.datum == really && best.gained == statement.outside && best.lost.isEmpty)
                    #expect(statement.unexplained.isEmpty)
                }
            }
        }
    }

    @Test("CGCS2000 counts as WGS-84")
    func cgcs() throws {
        #expect(
            DatumEvidence.weigh(samples(20, really: .wgs84, stated: .cgcs2000)).map(\.verdict) == [.sound])
        let found = try #require(DatumEvidence.weigh(samples(20, really: .bd09, stated: .cgcs2000)).first)
        #expect(found.stated == .wgs84 && found.verdict == .otherDatum(.bd09))
    }

    @Test("mixed registers: some rows of another datum, and of two others")
    func mixed() throws {
        let some =
            samples(40, really: .wgs84, stated: .wgs84, prefix: "a")
            + samples(15, really: .bd09, stated: .wgs84, seed: 2, prefix: "b")
        let first = try #require(DatumEvidence.weigh(some).first)
        #expect(first.verdict == .someRows(.bd09))
        #expect(first.outside.allSatisfy { $0.hasPrefix("b") } && first.outside.count == 15)
        let two =
            samples(20, really: .gcj02, stated: .wgs84, prefix: "g")
            + samples(20, really: .bd09, stated: .wgs84, seed: 3, prefix: "b")
        #expect(try #require(DatumEvidence.weigh(two).first).verdict == .mixed)
        // Each statement is weighed by itself.
        let both =
            samples(20, really: .gcj02, stated: .gcj02) + samples(20, really: .gcj02, stated: .wgs84, seed: 4)
        #expect(DatumEvidence.weigh(both).map(\.verdict) == [.otherDatum(.gcj02), .sound])
    }

    @Test("too few, unexplained, unknown boundaries, and no rows")
    func poor() throws {
        let few = samples(30, really: .wgs84, stated: .wgs84) + samples(2, really: .bd09, stated: .wgs84)
        #expect(try #require(DatumEvidence.weigh(few).first).verdict == .tooFew)
        let far = (0..<5).map {
            DatumSample(key: "\($0)", given: point(.wgs84, [119.5, 31.2]), isInside: isInCommunity)
        }
        let lost = try #require(DatumEvidence.weigh(far).first)
        #expect(lost.verdict == .unexplained && lost.unexplained == ["0", "1", "2", "3", "4"])
        let unknown =
            [DatumSample(key: "x", given: point(.wgs84, [118.77, 32]), isInside: { _ in nil })]
            + [DatumSample(key: "y", given: point(.wgs84, [.nan, 32]), isInside: { _ in true })]
        let open = try #require(DatumEvidence.weigh(unknown).first)
        #expect(open.verdict == .sound && open.undecided == 2 && open.inside == 0)
        #expect(DatumEvidence.weigh([DatumSample]()).isEmpty)
    }

    @Test("a sloppy boundary does not condemn a right register")
    func sloppy() throws {
        // Four of a hundred lie just outside to the east; taken for GCJ-02 they would move west, into it.
        let sloppy = (0..<4).map {
            DatumSample(
                key: "s\($0)", given: point(.wgs84, [118.7752, 31.996 + Double($0) / 1000]),
                isInside: isInCommunity)
        }
        let found = try #require(
            DatumEvidence.weigh(samples(96, really: .wgs84, stated: .wgs84) + sloppy).first)
        #expect(found.verdict == .someRows(.gcj02))
        #expect(try #require(found.alternatives.first).lost.count > 4)
    }
}
