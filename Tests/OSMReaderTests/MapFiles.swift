// OSMReaderTests: reading .osm.pbf files, whole and damaged, and polygon work through GEOS.
// May import: DirectoryModel, OSMReader, AreaGeometry, WalkNetwork.

import Glibc

@testable import OSMReader

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

/// Takes everything.
struct Collector: OSMVisitor {
    var nodes: [OSMNode] = []
    var ways: [OSMWay] = []
    var areas: [OSMArea] = []

    mutating func node(_ node: OSMNode) throws { nodes.append(node) }
    mutating func way(_ way: OSMWay) throws { ways.append(way) }
    mutating func area(_ area: OSMArea) throws { areas.append(area) }
}

/// Writes small .osm.pbf files, uncompressed, without libosmium: so that the reader is tested against the
/// format's definition (OSM wiki, "PBF Format") and not against its own library.
struct PBFWriter {
    /// A member of a relation.
    struct Member {
        var way: Int64
        var role: String
    }

    private var strings: [String] = [""]
    private var groups: [[UInt8]] = []

    private mutating func string(_ text: String) -> UInt64 {
        if let known = strings.firstIndex(of: text) { return UInt64(known) }
        strings.append(text)
        return UInt64(strings.count - 1)
    }

    private mutating func tagFields(_ tags: [(String, String)]) -> [UInt8] {
        var keys: [UInt8] = []
        var values: [UInt8] = []
        for (key, value) in tags {
            keys += Self.varint(string(key))
            values += Self.varint(string(value))
        }
        return tags.isEmpty ? [] : Self.bytes(2, keys) + Self.bytes(3, values)
    }

    /// Adds a node, in 1e-7 degrees.
    mutating func addNode(_ id: Int64, _ latitude: Int64, _ longitude: Int64, _ tags: [(String, String)] = [])
    {
        let body =
            Self.number(1, Self.zigzag(id)) + tagFields(tags) + Self.number(8, Self.zigzag(latitude))
            + Self.number(9, Self.zigzag(longitude))
        groups.append(Self.bytes(1, body))
    }

    /// Adds a way.
    mutating func addWay(_ id: Int64, _ nodes: [Int64], _ tags: [(String, String)] = []) {
        var refs: [UInt8] = []
        var last: Int64 = 0
        for node in nodes {
            refs += Self.varint(Self.zigzag(node - last))
            last = node
        }
        groups.append(
            Self.bytes(3, Self.number(1, UInt64(id)) + tagFields(tags) + Self.bytes(8, refs)))
    }

    /// Adds a relation of ways.
    mutating func addRelation(_ id: Int64, _ members: [Member], _ tags: [(String, String)]) {
        var roles: [UInt8] = []
        var ids: [UInt8] = []
        var types: [UInt8] = []
        var last: Int64 = 0
        for member in members {
            roles += Self.varint(string(member.role))
            ids += Self.varint(Self.zigzag(member.way - last))
            types += Self.varint(1)
            last = member.way
        }
        groups.append(
            Self.bytes(
                4,
                Self.number(1, UInt64(id)) + tagFields(tags) + Self.bytes(8, roles) + Self.bytes(9, ids)
                    + Self.bytes(10, types)))
    }

    /// The whole file.
    func file(timestamp: Int64? = nil) -> [UInt8] {
        var header = Self.bytes(4, Array("OsmSchema-V0.6".utf8)) + Self.bytes(16, Array("test writer".utf8))
        if let timestamp { header += Self.number(32, UInt64(timestamp)) }
        var table: [UInt8] = []
        for text in strings { table += Self.bytes(1, Array(text.utf8)) }
        // One group a thing: the format forbids mixing kinds in a group.
        let block = Self.bytes(1, table) + groups.flatMap { Self.bytes(2, $0) }
        return Self.blob("OSMHeader", header) + (groups.isEmpty ? [] : Self.blob("OSMData", block))
    }

    private static func blob(_ type: String, _ data: [UInt8]) -> [UInt8] {
        let blob = bytes(1, data)
        let header = bytes(1, Array(type.utf8)) + number(3, UInt64(blob.count))
        let size = UInt32(header.count)
        return [UInt8(size >> 24), UInt8(size >> 16 & 255), UInt8(size >> 8 & 255), UInt8(size & 255)]
            + header
            + blob
    }

    private static func zigzag(_ value: Int64) -> UInt64 { UInt64(bitPattern: value << 1 ^ value >> 63) }

    private static func varint(_ value: UInt64) -> [UInt8] {
        var value = value
        var bytes: [UInt8] = []
        while value >= 128 {
            bytes.append(UInt8(value & 127) | 128)
            value >>= 7
        }
        return bytes + [UInt8(value)]
    }

    private static func number(_ field: UInt64, _ value: UInt64) -> [UInt8] {
        varint(field << 3) + varint(value)
    }

    private static func bytes(_ field: UInt64, _ bytes: [UInt8]) -> [UInt8] {
        varint(field << 3 | 2) + varint(UInt64(bytes.count)) + bytes
    }
}
