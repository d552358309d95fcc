import DirectoryModel
import Testing

@testable import WalkNetwork

@Suite("exported tables")
struct ExportTests {
    private func text(_ write: (([UInt8]) throws -> Void) throws -> Void) throws -> [String] {
        var bytes: [UInt8] = []
        try write { bytes += $0 }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    @Test("rows of a small map: steps, a way against its nodes, a locked gate")
    func rows() throws {
        let map = try AsciiMap(
            """
            A-----B---C

            D-----E
            """,
            ways: [
                "AB": ["highway": "steps"], "BC": ["highway": "footway", "oneway:foot": "-1"],
                "DE": ["highway": "footway"],
            ], nodes: ["E": ["barrier": "gate", "locked": "yes"]])
        let nodes = try text { try map.network.writeNodesCSV($0) }
        #expect(nodes[0] == "id,lat,lon,blocked")
        #expect(Set(nodes.dropFirst().map { $0.split(separator: ",")[0] }) == ["65", "66", "67", "68", "69"])
        #expect(nodes.contains("65,32.0500000,118.7800000,0"))
        #expect(nodes.count { $0.hasSuffix(",1") } == 1)
        #expect(nodes.contains { $0.hasPrefix("69,") && $0.hasSuffix(",1") })
        let edges = try text { try map.network.writeEdgesCSV($0) }
        #expect(edges[0] == "edge,from,to,metres,steps,oneway")
        #expect(edges.dropFirst().map { $0.split(separator: ",")[0] } == ["0", "1", "2"])
        let rest = Set(edges.dropFirst().map { $0.split(separator: ",").dropFirst().joined(separator: ",") })
        #expect(rest.contains("65,66,60.00,1,0") || rest.contains("66,65,60.00,1,0"))
        #expect(rest.contains("67,66,40.00,0,1"), "turned round: from C to B")
        #expect(rest.contains("68,69,60.00,0,0") || rest.contains("69,68,60.00,0,0"))
    }

    @Test("a snap is metres from the from of its row")
    func snaps() throws {
        let map = try AsciiMap(
            """
            A--B--C----D
                    1
            """, ways: ["ABCD": ["highway": "footway"]])
        let snap = try #require(map.snap("1"))
        let exported = map.network.exported(snap)
        let row = ExportedTables(map.network).rows[Int(exported.edge.number)]
        #expect(Set([row.from, row.to]) == [AsciiMap.id("C"), AsciiMap.id("D")])
        let expected = row.from == AsciiMap.id("C") ? 20.0 : 30.0
        #expect(abs(exported.offset.value - expected) < 0.05)
        #expect(abs(exported.leg.value - 10) < 0.05)
        #expect(map.network.edgeCount == 1 && map.network.pieceCount == 3)
    }

    @Test("degrees south and west, and small ones, are written exactly")
    func negative() throws {
        var builder = NetworkBuilder()
        builder.addWay(
            id: 1, attributes: WayAttributes(), name: nil, nameEnglish: nil,
            nodes: [
                WayNode(id: -7, latitude: -335_000_001, longitude: -5),
                WayNode(id: 8, latitude: -335_000_000, longitude: 12),
            ])
        let network = try builder.build(sourceTimestamp: nil, attribution: "").network()
        let nodes = Set(try text { try network.writeNodesCSV($0) })
        #expect(nodes.contains("-7,-33.5000001,-0.0000005,0"))
        #expect(nodes.contains("8,-33.5000000,0.0000012,0"))
    }
}
