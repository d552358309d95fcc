// StreetMap: streets, buildings, water, green and their names as tiles to be drawn; knows no places and no walking.
// May import: DirectoryModel, AreaGeometry, Digests.
//
// The way through this module: `DrawingRules` says what is drawn, `StreetMapBuilder` collects it and writes the
// map file, `StreetMap.open` maps that file, and `tile` cuts a tile from it when one is asked for.

package import DirectoryModel

/// A street map, read where it lies in its file and never changed.
///
/// Safe to use from any thread. Every array is a section of the file image; MapFormat.swift lists them.
package final class StreetMap: @unchecked Sendable {
    /// The file that the map was read from, or nil for one built in memory.
    package let path: String?
    /// The time up to which the source's data go, where the source says so.
    package let sourceTimestamp: Timestamp?
    /// Whom to credit wherever the map shows.
    package let attribution: String
    /// The SHA-256 of the file, 64 hexadecimal digits: two maps with the same one are the same map.
    package let checksum: String
    /// The number of features of each kind.
    package let counts: [MapKind: Int]

    let image: MapImage
    let box: WorldBox
    let kindRanges: [Range<Int>]
    let features: UnsafePointer<FeatureRecord>
    let rings: UnsafePointer<UInt32>
    let points: UnsafePointer<WorldPoint>
    let boxes: UnsafePointer<WorldBox>
    let levelStarts: [Int]
    private let names: UnsafePointer<TextRange>
    private let nameText: UnsafeBufferPointer<UInt8>

    /// Opens a map file.
    ///
    /// - Throws: `.notFound` when there is no such file, `.unreadableFile` when it cannot be read, and
    ///   `.invalidFile` when it is no map file, of another version, truncated or damaged.
    /// - Complexity: O(size of the file) for its checksum; nothing is copied.
    package static func open(_ path: String) throws(DirectoryError) -> StreetMap {
        try StreetMap(image: MapImage(mapping: path))
    }

    /// The map of a file image, after checking the image.
    init(image: MapImage) throws(DirectoryError) {
        let layout = try MapLayout(checking: image)
        self.image = image
        path = image.path
        checksum = image.bytes[MapHeader.digestRange]
            .map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        sourceTimestamp =
            layout.header.timestamp == Int64.min
            ? nil : Timestamp(secondsSince1970: layout.header.timestamp)
        attribution = String(decoding: layout.bytes(of: .attribution), as: UTF8.self)
        box = layout.header.box
        kindRanges = layout.kindRanges
        counts = Dictionary(
            uniqueKeysWithValues: MapKind.allCases.map { ($0, layout.kindRanges[Int($0.rawValue)].count) })
        features = layout.start(of: .features)
        rings = layout.start(of: .rings)
        points = layout.start(of: .points)
        names = layout.start(of: .names)
        nameText = layout.bytes(of: .nameText)
        boxes = layout.start(of: .boxes)
        levelStarts = BoxIndex.levelStarts(count: Int(layout.header.featureCount))
    }

    /// The south-west and north-east corner of all that is drawn, or nil for an empty map.
    package var bounds: (southWest: Coordinate, northEast: Coordinate)? {
        guard !box.isEmpty else { return nil }
        return (
            Mercator.coordinate(WorldPoint(x: box.west, y: box.south)),
            Mercator.coordinate(WorldPoint(x: box.east, y: box.north))
        )
    }

    /// The name of a feature, or nil.
    func name(of feature: FeatureRecord) -> String? {
        guard feature.name > 0 else { return nil }
        let range = names[Int(feature.name)]
        let end = Int(range.start) + Int(range.length)
        return String(decoding: nameText[Int(range.start)..<end], as: UTF8.self)
    }

    /// The rings or lines of a feature, as ranges of points.
    func parts(of number: Int) -> [Range<Int>] {
        let first = Int(features[number].firstRing)
        return (first..<Int(features[number + 1].firstRing)).map { Int(rings[$0])..<Int(rings[$0 + 1]) }
    }
}
