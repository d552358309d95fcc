import COsmium
import DirectoryModel

/// The tags of one thing, in the file's order.
package struct OSMTags: Hashable, Sendable, Sequence {
    /// Key, NUL, value, NUL, and so on.
    private let bytes: [UInt8]

    init(_ raw: cosmium_tags) {
        guard let start = raw.bytes else {
            bytes = []
            return
        }
        bytes = Array(UnsafeRawBufferPointer(start: start, count: raw.size))
    }

    /// Tags that are no file's: for tests and other sources.
    ///
    /// Neither keys nor values may hold NUL.
    package init(_ tags: some Sequence<(key: String, value: String)>) {
        bytes = tags.flatMap { Array($0.key.utf8) + [0] + Array($0.value.utf8) + [0] }
    }

    /// Whether there are none.
    package var isEmpty: Bool { bytes.isEmpty }

    /// The value of a key, or nil.
    ///
    /// - Complexity: O(bytes of all tags).
    package subscript(key: String) -> String? {
        var found: String?
        withValue(of: key) { value in found = String(decoding: value, as: UTF8.self) }
        return found
    }

    /// Whether there is a tag with this key.
    package func has(_ key: String) -> Bool {
        var found = false
        withValue(of: key) { _ in found = true }
        return found
    }

    private func withValue(of key: String, _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
        var key = key
        key.withUTF8 { key in
            bytes.withUnsafeBufferPointer { bytes in
                var rest = bytes[...]
                while !rest.isEmpty {
                    let isKey = Self.take(&rest).elementsEqual(key)
                    let value = Self.take(&rest)
                    if isKey {
                        body(UnsafeBufferPointer(rebasing: value))
                        return
                    }
                }
            }
        }
    }

    private typealias Text = Slice<UnsafeBufferPointer<UInt8>>

    /// Takes the text before the next NUL.
    private static func take(_ rest: inout Text) -> Text {
        let end = rest.firstIndex(of: 0) ?? rest.endIndex
        let text = rest[rest.startIndex..<end]
        rest = end < rest.endIndex ? rest[(end + 1)...] : rest[end...]
        return text
    }

    /// The tags as pairs.
    package func makeIterator() -> IndexingIterator<[(key: String, value: String)]> {
        let texts = bytes.split(separator: 0, omittingEmptySubsequences: false).map { text in
            String(decoding: text, as: UTF8.self)
        }
        return stride(from: 0, to: texts.count - 1, by: 2).map { (key: texts[$0], value: texts[$0 + 1]) }
            .makeIterator()
    }
}

/// A node with tags.
package struct OSMNode: Hashable, Sendable {
    /// Its id.
    package var id: Int64
    /// Where it is.
    package var coordinate: Coordinate
    /// Its tags.
    package var tags: OSMTags
}

/// A node as a way names it.
package struct OSMWayNode: Hashable, Sendable {
    /// Its id.
    package var id: Int64
    /// 1e-7 degrees north; Int32.max where the file does not hold the node.
    package var latitude: Int32
    /// 1e-7 degrees east; Int32.max where the file does not hold the node.
    package var longitude: Int32

    /// Whether the file does not hold the node.
    package var isMissing: Bool { latitude == .max || longitude == .max }

    /// Where it is, or nil where the file does not hold it.
    package var coordinate: Coordinate? {
        isMissing
            ? nil : Coordinate(uncheckedLatitude: Double(latitude) / 1e7, longitude: Double(longitude) / 1e7)
    }
}

/// A way.
package struct OSMWay: Hashable, Sendable {
    /// Its id.
    package var id: Int64
    /// Its tags.
    package var tags: OSMTags
    /// Its nodes, in order.
    package var nodes: [OSMWayNode]

    /// Whether it ends where it starts and has at least four nodes.
    package var isClosed: Bool { nodes.count >= 4 && nodes.first?.id == nodes.last?.id }
}

/// An area: a closed way, or a multipolygon or boundary relation put together.
package struct OSMArea: Hashable, Sendable {
    /// What it is in OpenStreetMap.
    package var id: OSMAreaID
    /// The tags of the way or relation.
    package var tags: OSMTags
    /// Its rings.
    package var area: Area
    /// The nodes of its outer rings, in order: a gate on the outline is one of them.
    package var outlineNodes: [Int64]
}

/// What an area is in OpenStreetMap.
package enum OSMAreaID: Hashable, Sendable {
    /// A closed way with this id.
    case way(Int64)
    /// A relation with this id.
    case relation(Int64)
}

/// An area that could not be put together.
package struct OSMUnassembledArea: Hashable, Sendable {
    /// What it is in OpenStreetMap.
    package var id: OSMAreaID
    /// The tags of the way or relation.
    package var tags: OSMTags
}
