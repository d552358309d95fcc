// OSMReader: .osm.pbf through libosmium to nodes, ways and areas with their tags.
// May import: DirectoryModel, COsmium.
//
//     struct Counter: OSMVisitor {
//         var named = 0
//         mutating func way(_ way: OSMWay) throws { if way.tags["name"] != nil { named += 1 } }
//     }
//     var counter = Counter()
//     let summary = try OSMReader.read(
//         path: "nanjing.osm.pbf", selection: OSMSelection(wayKeys: ["highway"]), visitor: &counter)
//
// Only things with at least one of the selection's keys are handed over; each is a value of its own that may
// be kept. Order: nodes, then ways, then areas of closed ways and relations in no promised order, mixed with
// the ways. Memory: about 8 bytes a node of the file, plus the members of the wanted relations.

import COsmium
import DirectoryModel
import Glibc

/// Which things are handed over: those with at least one of the keys.
///
/// An empty list: none of them.
package struct OSMSelection: Hashable, Sendable {
    /// Keys of nodes, such as `shop`.
    package var nodeKeys: [String]
    /// Keys of ways, such as `highway`.
    package var wayKeys: [String]
    /// Keys of areas: closed ways, and relations of type multipolygon or boundary.
    package var areaKeys: [String]

    /// A selection; see the fields.
    package init(nodeKeys: [String] = [], wayKeys: [String] = [], areaKeys: [String] = []) {
        self.nodeKeys = nodeKeys
        self.wayKeys = wayKeys
        self.areaKeys = areaKeys
    }

    /// Keys as the C interface takes them: each ended by NUL, and the list by an empty one.
    static func list(_ keys: [String]) -> [CChar] {
        keys.filter { !$0.isEmpty }.flatMap { Array($0.utf8.filter { $0 != 0 }) + [0] }
            .map { CChar(bitPattern: $0) } + [0]
    }
}

/// What the reader met in a whole file.
package struct OSMSummary: Hashable, Sendable {
    /// Nodes in the file.
    package var nodes: Int
    /// Ways in the file.
    package var ways: Int
    /// Relations in the file.
    package var relations: Int
    /// Times that a way of the selection names a node that the file does not hold.
    package var missingNodes: Int
    /// Areas of the selection that could not be put together: members missing, or rings open.
    package var unassembled: [OSMUnassembledArea]
    /// The time up to which the file's data go, where its header says so.
    package var timestamp: Timestamp?
    /// The program that wrote the file, where its header says so.
    package var generator: String?
}

/// Takes what is read.
///
/// Each requirement has a default that does nothing. A thrown error ends the reading.
package protocol OSMVisitor {
    /// Takes a node with one of the selection's node keys.
    mutating func node(_ node: OSMNode) throws
    /// Takes a way with one of the selection's way keys.
    mutating func way(_ way: OSMWay) throws
    /// Takes an area with one of the selection's area keys.
    mutating func area(_ area: OSMArea) throws
}

extension OSMVisitor {
    /// Ignores the node.
    package mutating func node(_ node: OSMNode) throws {}
    /// Ignores the way.
    package mutating func way(_ way: OSMWay) throws {}
    /// Ignores the area.
    package mutating func area(_ area: OSMArea) throws {}
}

/// Reads OpenStreetMap files.
package enum OSMReader {
    /// Whom to credit for what is read, by ODbL 1.0.
    package static let attribution = "© OpenStreetMap contributors, ODbL 1.0"

    /// Reads an .osm.pbf file and hands over what is selected.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - selection: what is wanted.
    ///   - visitor: takes it.
    ///   - progress: told now and then which share of the file is read, 0 ... 1.
    /// - Throws: `.unreadableFile` when the file cannot be opened; `.invalidFile` when it is empty, truncated,
    ///   no .osm.pbf, or holds no nodes; what the visitor throws.
    /// - Complexity: O(size of the file); areas need a second pass.
    package static func read(
        path: String, selection: OSMSelection, visitor: inout some OSMVisitor,
        progress: ((Double) -> Void)? = nil
    ) throws -> OSMSummary {
        try checkFile(path)
        var failure: (any Error)?
        var unassembled: [OSMUnassembledArea] = []
        var raw = cosmium_summary()
        var message = [CChar](repeating: 0, count: 512)
        let nodeKeys = OSMSelection.list(selection.nodeKeys)
        let wayKeys = OSMSelection.list(selection.wayKeys)
        let areaKeys = OSMSelection.list(selection.areaKeys)
        let result = withTrampoline(
            visitor: &visitor, failure: &failure, unassembled: &unassembled, progress: progress
        ) { callbacks in
            nodeKeys.withUnsafeBufferPointer { nodeKeys in
                wayKeys.withUnsafeBufferPointer { wayKeys in
                    areaKeys.withUnsafeBufferPointer { areaKeys in
                        cosmium_read(
                            path,
                            cosmium_selection(
                                node_keys: nodeKeys.baseAddress, way_keys: wayKeys.baseAddress,
                                area_keys: areaKeys.baseAddress),
                            callbacks, &raw, &message, message.count)
                    }
                }
            }
        }
        if let failure { throw failure }
        try check(result, path: path, message: message)
        guard raw.nodes > 0 else {
            throw DirectoryError(
                .invalidFile, "the OpenStreetMap file holds no nodes, so nothing in it has a position",
                advice: "take an extract that holds nodes, such as osmium extract makes", location: path)
        }
        return summary(raw, unassembled)
    }

    private static func check(_ result: Int32, path: String, message: [CChar]) throws {
        let cause = message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        switch result {
        case Int32(COSMIUM_DONE): return
        case Int32(COSMIUM_UNREADABLE):
            throw DirectoryError(
                .unreadableFile, "the OpenStreetMap file cannot be read", advice: "check the file",
                location: path, cause: String(decoding: cause, as: UTF8.self))
        default:
            throw DirectoryError(
                .invalidFile, "the file is no whole .osm.pbf file: damaged, cut short or of another format",
                advice: "download it again, or make one with osmium cat -o FILE.osm.pbf", location: path,
                cause: String(decoding: cause, as: UTF8.self))
        }
    }

    private static func checkFile(_ path: String) throws {
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw DirectoryError(
                .unreadableFile, "the OpenStreetMap file cannot be opened",
                advice: "check the path and its permissions", location: path,
                cause: String(cString: strerror(errno)))
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw DirectoryError(
                .unreadableFile, "the OpenStreetMap file is no ordinary file",
                advice: "give the path of an .osm.pbf file", location: path)
        }
        guard status.st_size > 0 else {
            throw DirectoryError(
                .invalidFile, "the OpenStreetMap file is empty", advice: "download it again",
                location: path, cause: "0 bytes")
        }
    }

    private static func summary(
        _ raw: cosmium_summary, _ unassembled: [OSMUnassembledArea]
    ) -> OSMSummary {
        let generator = withUnsafeBytes(of: raw.generator) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        return OSMSummary(
            nodes: Int(raw.nodes), ways: Int(raw.ways), relations: Int(raw.relations),
            missingNodes: Int(raw.missing_nodes), unassembled: unassembled,
            timestamp: raw.timestamp == Int64.min ? nil : Timestamp(secondsSince1970: raw.timestamp),
            generator: generator.isEmpty ? nil : generator)
    }
}
