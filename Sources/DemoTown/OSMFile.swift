// DemoTown: writes the ordinary input files of a made-up town, the same for the same seed.
// May import: DirectoryModel.

package import DirectoryModel

/// The contents of a small OpenStreetMap file, and its form as `.osm.pbf`.
///
/// Blobs are written uncompressed and carry no date, so that the same contents are the same bytes.
package struct OSMFile: Sendable {
    /// A point.
    package struct Node: Hashable, Sendable {
        /// Its id, more than zero.
        package var id: Int64
        /// Where it is.
        package var point: Coordinate
        /// Its tags.
        package var tags: [String: String]

        /// A point; see the fields.
        package init(id: Int64, point: Coordinate, tags: [String: String] = [:]) {
            self.id = id
            self.point = point
            self.tags = tags
        }
    }

    /// A line, or the outline of an area where it is closed.
    package struct Way: Hashable, Sendable {
        /// Its id, more than zero.
        package var id: Int64
        /// The ids of its nodes, in order.
        package var nodes: [Int64]
        /// Its tags.
        package var tags: [String: String]

        /// A line; see the fields.
        package init(id: Int64, nodes: [Int64], tags: [String: String] = [:]) {
            self.id = id
            self.nodes = nodes
            self.tags = tags
        }
    }

    /// A set of ways with roles, such as a multipolygon.
    package struct Relation: Hashable, Sendable {
        /// Its id, more than zero.
        package var id: Int64
        /// The ids of its ways, and each one's role ("outer", "inner").
        package var ways: [Member]
        /// Its tags.
        package var tags: [String: String]

        /// A set of ways; see the fields.
        package init(id: Int64, ways: [Member], tags: [String: String] = [:]) {
            self.id = id
            self.ways = ways
            self.tags = tags
        }
    }

    /// A way in a relation.
    package struct Member: Hashable, Sendable {
        /// The way's id.
        package var way: Int64
        /// Its role.
        package var role: String

        /// A way in a relation; see the fields.
        package init(way: Int64, role: String) {
            self.way = way
            self.role = role
        }
    }

    /// Points.
    package var nodes: [Node]
    /// Lines.
    package var ways: [Way]
    /// Relations.
    package var relations: [Relation]
    /// The name of the writing program in the file's header.
    package var writer: String
    /// The replication time in the file's header: when the data were current.
    package var timestamp: Timestamp?

    /// A file; see the fields.
    package init(
        nodes: [Node] = [], ways: [Way] = [], relations: [Relation] = [], writer: String,
        timestamp: Timestamp? = nil
    ) {
        self.nodes = nodes
        self.ways = ways
        self.relations = relations
        self.writer = writer
        self.timestamp = timestamp
    }

    /// The file as `.osm.pbf`: nodes, ways and relations, each in the order of their ids.
    ///
    /// Source: https://wiki.openstreetmap.org/wiki/PBF_Format
    package func pbf() -> [UInt8] {
        var file: [UInt8] = []
        Self.append(blob: header(), type: "OSMHeader", to: &file)
        let nodes = nodes.sorted { $0.id < $1.id }
        for start in stride(from: 0, to: nodes.count, by: Self.objectsPerBlock) {
            let part = nodes[start..<min(start + Self.objectsPerBlock, nodes.count)]
            Self.append(blob: Self.block(of: part) { $1.append(node: $0) }, type: "OSMData", to: &file)
        }
        let ways = ways.sorted { $0.id < $1.id }
        for start in stride(from: 0, to: ways.count, by: Self.objectsPerBlock) {
            let part = ways[start..<min(start + Self.objectsPerBlock, ways.count)]
            Self.append(blob: Self.block(of: part) { $1.append(way: $0) }, type: "OSMData", to: &file)
        }
        let relations = relations.sorted { $0.id < $1.id }
        if !relations.isEmpty {
            let block = Self.block(of: relations[...]) { $1.append(relation: $0) }
            Self.append(blob: block, type: "OSMData", to: &file)
        }
        return file
    }

    /// The format's own advice: at most 8,000 objects a block.
    private static let objectsPerBlock = 8_000

    private func header() -> [UInt8] {
        var message = ProtobufMessage()
        message.append(field: 4, text: "OsmSchema-V0.6")
        message.append(field: 16, text: writer)
        if let timestamp { message.append(field: 32, varint: UInt64(bitPattern: timestamp.secondsSince1970)) }
        return message.bytes
    }

    private static func block<Object>(
        of objects: ArraySlice<Object>, _ add: (Object, inout PrimitiveGroup) -> Void
    ) -> [UInt8] {
        var group = PrimitiveGroup()
        for object in objects { add(object, &group) }
        var strings = ProtobufMessage()
        for text in group.strings { strings.append(field: 1, text: text) }
        var block = ProtobufMessage()
        block.append(field: 1, message: strings)
        block.append(field: 2, message: group.message)
        return block.bytes
    }

    private static func append(blob contents: [UInt8], type: String, to file: inout [UInt8]) {
        var blob = ProtobufMessage()
        blob.append(field: 1, bytes: contents)
        var header = ProtobufMessage()
        header.append(field: 1, text: type)
        header.append(field: 3, varint: UInt64(blob.bytes.count))
        let length = UInt32(header.bytes.count)
        for shift in stride(from: 24, through: 0, by: -8) {
            file.append(UInt8(truncatingIfNeeded: length >> shift))
        }
        file += header.bytes
        file += blob.bytes
    }
}

/// The objects of one block, and the strings that they use.
private struct PrimitiveGroup {
    /// The string table; the first is always empty.
    private(set) var strings = [""]
    /// The group as a message.
    private(set) var message = ProtobufMessage()
    private var indices: [String: UInt64] = ["": 0]

    private mutating func index(of text: String) -> UInt64 {
        if let index = indices[text] { return index }
        let index = UInt64(strings.count)
        strings.append(text)
        indices[text] = index
        return index
    }

    private mutating func append(tags: [String: String], to object: inout ProtobufMessage) {
        guard !tags.isEmpty else { return }
        let sorted = tags.sorted { $0.key < $1.key }
        object.append(field: 2, packed: sorted.map { index(of: $0.key) })
        object.append(field: 3, packed: sorted.map { index(of: $0.value) })
    }

    mutating func append(node: OSMFile.Node) {
        var object = ProtobufMessage()
        object.append(field: 1, zigzag: node.id)
        append(tags: node.tags, to: &object)
        // The default granularity of a block is 100 nanodegrees: 1e-7 degrees.
        object.append(field: 8, zigzag: Int64((node.point.latitude.value * 1e7).rounded()))
        object.append(field: 9, zigzag: Int64((node.point.longitude.value * 1e7).rounded()))
        message.append(field: 1, message: object)
    }

    mutating func append(way: OSMFile.Way) {
        var object = ProtobufMessage()
        object.append(field: 1, varint: UInt64(bitPattern: way.id))
        append(tags: way.tags, to: &object)
        var previous: Int64 = 0
        object.append(
            field: 8,
            packed: way.nodes.map { node in
                defer { previous = node }
                return ProtobufMessage.zigzag(node &- previous)
            })
        message.append(field: 3, message: object)
    }

    mutating func append(relation: OSMFile.Relation) {
        var object = ProtobufMessage()
        object.append(field: 1, varint: UInt64(bitPattern: relation.id))
        append(tags: relation.tags, to: &object)
        object.append(field: 8, packed: relation.ways.map { index(of: $0.role) })
        var previous: Int64 = 0
        object.append(
            field: 9,
            packed: relation.ways.map { member in
                defer { previous = member.way }
                return ProtobufMessage.zigzag(member.way &- previous)
            })
        object.append(field: 10, packed: relation.ways.map { _ in 1 })  // every member is a way
        message.append(field: 4, message: object)
    }
}

/// A protobuf message under construction.
private struct ProtobufMessage {
    /// What has been written.
    private(set) var bytes: [UInt8] = []

    static func zigzag(_ value: Int64) -> UInt64 { UInt64(bitPattern: (value << 1) ^ (value >> 63)) }

    private static func append(_ value: UInt64, to bytes: inout [UInt8]) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    mutating func append(field: UInt64, varint value: UInt64) {
        Self.append(field << 3, to: &bytes)
        Self.append(value, to: &bytes)
    }

    mutating func append(field: UInt64, zigzag value: Int64) {
        append(field: field, varint: Self.zigzag(value))
    }

    mutating func append(field: UInt64, bytes contents: [UInt8]) {
        Self.append(field << 3 | 2, to: &bytes)
        Self.append(UInt64(contents.count), to: &bytes)
        bytes += contents
    }

    mutating func append(field: UInt64, text: String) { append(field: field, bytes: Array(text.utf8)) }

    mutating func append(field: UInt64, message: ProtobufMessage) {
        append(field: field, bytes: message.bytes)
    }

    mutating func append(field: UInt64, packed values: [UInt64]) {
        var contents: [UInt8] = []
        for value in values { Self.append(value, to: &contents) }
        append(field: field, bytes: contents)
    }
}
