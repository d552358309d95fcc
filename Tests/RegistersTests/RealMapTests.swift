import DirectoryAPI
import DirectoryModel
import Foundation
import OSMReader
import Testing

/// Every thing of interest in a file, counted apart from the register: only what OSMReader hands over.
private struct InterestCounter: OSMVisitor {
    static let keys = ["shop", "amenity", "leisure", "healthcare", "office", "craft", "tourism"]
    var found: Set<String> = []

    mutating func node(_ node: OSMNode) { found.insert("n\(node.id)") }
    mutating func way(_ way: OSMWay) { found.insert("w\(way.id)") }
    mutating func area(_ area: OSMArea) {
        if case .relation(let number) = area.id { found.insert("r\(number)") }
    }

    static func count(_ path: String) throws -> Set<String> {
        var counter = InterestCounter()
        let summary = try OSMReader.read(
            path: path, selection: OSMSelection(nodeKeys: keys, wayKeys: keys, areaKeys: keys),
            visitor: &counter)
        for area in summary.unassembled {
            if case .relation(let number) = area.id { counter.found.insert("r\(number)") }
        }
        return counter.found
    }
}

@Suite struct RealMapTests {
    /// Takes a map in twice; every thing of interest must be a place or have a reason, and nothing may change.
    private func takeTwice(_ name: String) throws -> (ManualDirectory, RegisterReport) {
        let directory = try ManualDirectory()
        let path = SharedFiles.map(name)
        let report = try directory.take(path)
        let things = try InterestCounter.count(path)
        let places = Set(directory.contents.places.values.map(\.key))
        let leftOut = Set(report.leftOut.flatMap(\.keys))
        #expect(things.subtracting(places).subtracting(leftOut).isEmpty)
        #expect(places.isDisjoint(with: leftOut))
        #expect(report.takenAs.map(\.count).reduce(0, +) == places.count)
        let second = try directory.take(path)
        #expect(second.batch.revision == report.batch.revision)
        #expect(second.batch.counts[.place]?.unchanged ?? 0 == places.count)
        return (directory, report)
    }

    private func figure(_ name: String, _ report: RegisterReport) throws -> Double {
        let text = try #require(report.figures.first { $0.name == name }?.value)
        return try #require(Double(text))
    }

    @Test(
        .enabled(if: SharedFiles.hasMap("nanjing-xinjiekou"), "shared/data/osm/nanjing-xinjiekou is not here")
    )
    func nanjingXinjiekou() throws {
        let (directory, report) = try takeTwice("nanjing-xinjiekou")
        #expect(directory.contents.places.count >= 130)
        // The walking rules leave out 2 of the 87 km that the map's own sheet counts.
        #expect(abs(try figure("walkable km", report) - 85) < 1.5)
        #expect(directory.contents.places.values.contains { $0.place.type.rawValue == "wet_market" })
        let locations = directory.contents.places.values.compactMap(\.place.location)
        #expect(locations.allSatisfy { (31.9...32.2).contains($0.latitude.value) })
        #expect(locations.count == directory.contents.places.count)
    }

    @Test(.enabled(if: SharedFiles.hasMap("malta"), "shared/data/osm/malta is not here"))
    func malta() throws {
        let (directory, report) = try takeTwice("malta")
        #expect(directory.contents.places.count > 1_200)
        #expect(try figure("components", report) > 2)
        #expect(abs(try figure("walkable km", report) - 3_541) < 20)
        #expect(directory.contents.origins.values.contains { $0.kind == .estate })
    }

    @Test(.enabled(if: SharedFiles.hasMap("wuhan-streets"), "shared/data/osm/wuhan-streets is not here"))
    func wuhanStreetsWithoutPlaces() throws {
        let (directory, report) = try takeTwice("wuhan-streets")
        #expect(directory.contents.places.isEmpty)
        #expect(report.leftOut.isEmpty)
        #expect(abs(try figure("walkable km", report) - 5_718) < 30)
    }

    @Test(
        .enabled(if: SharedFiles.hasMap("beijing-wudaokou"), "shared/data/osm/beijing-wudaokou is not here"))
    func beijingHasEstatesWithBuildings() throws {
        let (directory, _) = try takeTwice("beijing-wudaokou")
        let origins = directory.contents.origins
        let estates = Set(origins.values.filter { $0.kind == .estate }.map(\.name))
        #expect(estates.contains("华清嘉园小区"))
        for origin in origins.values {
            guard let parent = origin.parent else { continue }
            #expect(origins[parent] != nil)
        }
    }
}
