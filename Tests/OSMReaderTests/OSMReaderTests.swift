import DirectoryModel
import Glibc
import Testing

@testable import OSMReader

@Suite("reading .osm.pbf")
final class OSMReaderTests {
    private let path: String

    init() throws {
        var template = Array("/tmp/quarter-map-XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        try #require(descriptor >= 0)
        close(descriptor)
        path = String(decoding: template.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { unlink(path) }

    private func write(_ bytes: [UInt8]) throws {
        let file = try #require(fopen(path, "w"))
        defer { fclose(file) }
        #expect(fwrite(bytes, 1, bytes.count, file) == bytes.count)
    }

    private func read(_ selection: OSMSelection) throws -> (Collector, OSMSummary) {
        var collector = Collector()
        let summary = try OSMReader.read(path: path, selection: selection, visitor: &collector)
        return (collector, summary)
    }

    private func failure(_ selection: OSMSelection = OSMSelection(wayKeys: ["highway"])) -> DirectoryError? {
        do {
            _ = try read(selection)
            return nil
        } catch { return error as? DirectoryError }
    }

    /// Four nodes, a way with a missing node, a closed way with a hole as a relation, a broken relation.
    private func small() -> PBFWriter {
        var writer = PBFWriter()
        let square: [(Int64, Int64)] = [(0, 0), (0, 100_000), (100_000, 100_000), (100_000, 0)]
        for (index, corner) in square.enumerated() {
            writer.addNode(Int64(index + 1), 320_000_000 + corner.0, 1_187_000_000 + corner.1)
            writer.addNode(Int64(index + 11), 320_025_000 + corner.0 / 2, 1_187_025_000 + corner.1 / 2)
        }
        writer.addNode(99, 320_050_000, 1_187_050_000, [("shop", "convenience"), ("name", "便利店")])
        writer.addNode(98, 320_050_000, 1_187_050_000, [("natural", "tree")])
        writer.addWay(1, [1, 2, 77, 3], [("highway", "footway"), ("name", "建康路")])
        writer.addWay(2, [1, 2, 3, 4, 1])
        writer.addWay(3, [11, 12, 13, 14, 11], [("building", "yes")])
        writer.addWay(4, [1, 2], [("waterway", "ditch")])
        writer.addRelation(
            5, [.init(way: 2, role: "outer"), .init(way: 3, role: "inner")],
            [("type", "multipolygon"), ("landuse", "residential"), ("name", "翠竹园")])
        writer.addRelation(
            6, [.init(way: 2, role: "outer"), .init(way: 888, role: "outer")],
            [("type", "boundary"), ("landuse", "residential")])
        return writer
    }

    @Test("nodes, ways and areas of the selection, with their tags")
    func whole() throws {
        try write(small().file(timestamp: 1_700_000_000))
        let (found, summary) = try read(
            OSMSelection(nodeKeys: ["shop"], wayKeys: ["highway"], areaKeys: ["landuse", "building"]))
        #expect(found.nodes.map(\.id) == [99])
        #expect(found.nodes.first?.tags["name"] == "便利店")
        #expect(found.nodes.first?.tags["nam"] == nil)
        #expect(found.nodes.first?.tags.map(\.key) == ["shop", "name"])
        #expect(found.nodes.first?.coordinate.latitude.value == 32.005)
        #expect(found.ways.map(\.id) == [1])
        #expect(found.ways.first?.nodes.map(\.isMissing) == [false, false, true, false])
        #expect(found.ways.first?.nodes.first?.coordinate?.longitude.value == 118.7)
        #expect(found.ways.first?.isClosed == false)
        #expect(summary.missingNodes == 1)
        #expect(summary.nodes == 10 && summary.ways == 4 && summary.relations == 2)
        #expect(summary.timestamp == Timestamp(secondsSince1970: 1_700_000_000))
        #expect(summary.generator == "test writer")
        #expect(Set(found.areas.map(\.id)) == [.way(3), .relation(5)])
        let estate = try #require(found.areas.first { $0.id == .relation(5) })
        #expect(estate.tags["name"] == "翠竹园")
        #expect(estate.area.parts.count == 1)
        #expect(estate.area.parts.first?.count == 2, "one hole")
        #expect(Set(estate.outlineNodes) == [1, 2, 3, 4])
        #expect(summary.unassembled.map(\.id) == [.relation(6)])
        #expect(summary.unassembled.first?.tags["landuse"] == "residential")
    }

    @Test("nothing is handed over that is not selected")
    func selection() throws {
        try write(small().file())
        let (found, summary) = try read(OSMSelection())
        #expect(found.nodes.isEmpty && found.ways.isEmpty && found.areas.isEmpty)
        #expect(summary.timestamp == nil)
        #expect(summary.nodes == 10)
    }

    @Test("an error of the visitor ends the reading and comes back as it is")
    func visitorThrows() throws {
        struct Refusing: OSMVisitor {
            mutating func way(_ way: OSMWay) throws { throw DirectoryError(.invalidRecord, "enough") }
        }
        try write(small().file())
        var visitor = Refusing()
        #expect {
            _ = try OSMReader.read(
                path: self.path, selection: OSMSelection(wayKeys: ["highway"]), visitor: &visitor)
        } throws: { ($0 as? DirectoryError)?.message == "enough" }
    }

    @Test("an empty file")
    func empty() throws {
        try write([])
        #expect(failure()?.code == .invalidFile)
        #expect(failure()?.location == path)
        #expect(failure()?.message.contains("empty") == true)
    }

    @Test("a file without nodes")
    func noNodes() throws {
        var writer = PBFWriter()
        writer.addWay(1, [1, 2], [("highway", "footway")])
        try write(writer.file())
        #expect(failure()?.code == .invalidFile)
        #expect(failure()?.message.contains("no nodes") == true)
        try write(PBFWriter().file())
        #expect(failure()?.message.contains("no nodes") == true)
    }

    @Test("no .osm.pbf at all")
    func foreign() throws {
        for bytes in [
            Array("<?xml version=\"1.0\"?><osm version=\"0.6\"></osm>".utf8), Array("\u{1F}\u{8B}".utf8), [0],
            [UInt8](repeating: 0, count: 5_000), [UInt8](repeating: 255, count: 5_000),
        ] {
            try write(bytes)
            #expect(failure()?.code == .invalidFile)
            #expect(failure()?.location == path)
        }
    }

    @Test("cut short anywhere, each with and without areas")
    func truncated() throws {
        let good = small().file()
        for count in 1..<good.count {
            try write(Array(good.prefix(count)))
            let selection = OSMSelection(wayKeys: ["highway"], areaKeys: count % 2 == 0 ? ["building"] : [])
            #expect(failure(selection)?.code == .invalidFile, "cut at \(count)")
        }
    }

    @Test("flipped bytes never end the process")
    func flipped() throws {
        let good = small().file()
        for index in good.indices {
            var bad = good
            bad[index] ^= 0xFF
            try write(bad)
            if let error = failure(OSMSelection(wayKeys: ["highway"], areaKeys: ["landuse"])) {
                #expect(error.code == .invalidFile)
            }
        }
    }

    @Test("no such file, and a folder")
    func missing() {
        var collector = Collector()
        for path in ["/nonexistent/map.osm.pbf", "/tmp"] {
            #expect {
                _ = try OSMReader.read(path: path, selection: OSMSelection(), visitor: &collector)
            } throws: { ($0 as? DirectoryError)?.code == .unreadableFile }
        }
    }

    // Skipped by name where the real maps do not lie beside the repository.
    @Test("Nanjing", .enabled(if: SharedData.map("nanjing-xinjiekou") != nil))
    func nanjing() throws {
        var collector = Collector()
        var shares: [Double] = []
        let summary = try OSMReader.read(
            path: try #require(SharedData.map("nanjing-xinjiekou")),
            selection: OSMSelection(
                nodeKeys: ["shop", "amenity"], wayKeys: ["highway"], areaKeys: ["building"]),
            visitor: &collector, progress: { shares.append($0) })
        #expect(summary.nodes == 12_975)
        #expect(collector.nodes.allSatisfy { $0.tags.has("shop") || $0.tags.has("amenity") })
        #expect(collector.ways.count > 300)
        #expect(collector.areas.count > 300)
        #expect(shares.allSatisfy { 0...1 ~= $0 })
    }

    @Test("tags made by hand")
    func tags() {
        let tags = OSMTags([(key: "a", value: "1"), ("b", ""), ("", "x"), ("名", "值")])
        #expect(tags["a"] == "1" && tags["b"] == "" && tags["名"] == "值" && tags["c"] == nil)
        #expect(tags.has("b") && !tags.has("1"))
        #expect(tags.map(\.value) == ["1", "", "x", "值"])
        let none = OSMTags([(key: String, value: String)]())
        #expect(none.isEmpty)
        #expect(none.map(\.key).isEmpty)
    }
}
