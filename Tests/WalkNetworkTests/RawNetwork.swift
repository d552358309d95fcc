// WalkNetworkTests: the walking network against ASCII maps, an oracle of its own and damaged files.
// May import: DirectoryModel, WalkNetwork, OSMReader.

import DirectoryModel
import Glibc
import OSMReader

@testable import WalkNetwork

/// Ways as a source gives them: what both the network and the oracle are built from.
struct RawNetwork {
    struct Way {
        var id: Int64
        var attributes: WayAttributes
        var name: String?
        var nameEnglish: String?
        var nodes: [WayNode]
    }

    var ways: [Way] = []
    var blocked: Set<Int64> = []

    /// The network of these ways, built by the code under test.
    func build() throws -> (network: WalkNetwork, report: NetworkReport) {
        let built = try builder().build(sourceTimestamp: nil, attribution: "test")
        return (try built.network(), built.report)
    }

    func builder() -> NetworkBuilder {
        var builder = NetworkBuilder()
        for node in blocked.sorted() { builder.addBlockedNode(node) }
        for way in ways {
            builder.addWay(
                id: way.id, attributes: way.attributes, name: way.name, nameEnglish: way.nameEnglish,
                nodes: way.nodes)
        }
        return builder
    }

    /// The same ways with every one-way way turned round.
    func turnedRound() -> RawNetwork {
        var other = self
        for index in other.ways.indices {
            other.ways[index].attributes.oneway =
                switch ways[index].attributes.oneway {
                case .no: .no
                case .forward: .backward
                case .backward: .forward
                }
        }
        return other
    }
}

/// Reads a real map into raw ways and places.
struct RawFeed: OSMVisitor {
    static let placeKeys = ["shop", "amenity", "leisure", "healthcare", "office", "tourism"]
    var raw = RawNetwork()
    var places: [Coordinate] = []

    mutating func node(_ node: OSMNode) throws {
        if WalkingRules.blocksNode({ node.tags[$0] }) { raw.blocked.insert(node.id) }
        if Self.placeKeys.contains(where: { node.tags.has($0) }) { places.append(node.coordinate) }
    }

    mutating func way(_ way: OSMWay) throws {
        guard let attributes = WalkingRules.way({ way.tags[$0] }) else { return }
        raw.ways.append(
            RawNetwork.Way(
                id: way.id, attributes: attributes, name: way.tags["name"],
                nameEnglish: way.tags["name:en"],
                nodes: way.nodes.map {
                    $0.isMissing
                        ? WayNode(missing: $0.id)
                        : WayNode(id: $0.id, latitude: $0.latitude, longitude: $0.longitude)
                }))
    }

    static func read(_ path: String) throws -> RawFeed {
        var feed = RawFeed()
        _ = try OSMReader.read(
            path: path,
            selection: OSMSelection(
                nodeKeys: WalkingRules.nodeKeys + placeKeys, wayKeys: WalkingRules.wayKeys),
            visitor: &feed)
        return feed
    }
}

/// Real maps, which lie beside the repository on machines that have them.
enum SharedData {
    /// The path of a map, or nil where there is none.
    static func map(_ name: String) -> String? {
        var folders = #filePath.split(separator: "/", omittingEmptySubsequences: false)
        folders.removeLast(4)
        let path = folders.joined(separator: "/") + "/shared/data/osm/" + name + ".osm.pbf"
        return access(path, R_OK) == 0 ? path : nil
    }
}

/// A generator of numbers that is the same everywhere (SplitMix64).
struct SeededNumbers: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
