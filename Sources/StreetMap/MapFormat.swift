internal import DirectoryModel

/// The sections of a map file, in file order; each starts on a 64-byte boundary.
enum MapSection: Int, CaseIterable {
    /// UTF-8: whom to credit.
    case attribution
    /// `FeatureRecord` × (features + 1), by kind, then along a curve; the last one only ends the rings.
    case features
    /// UInt32 × (rings + 1): the first point of each ring or line; the last one only ends the points.
    case rings
    /// `WorldPoint` × points; a ring ends with its first point.
    case points
    /// `TextRange` × names; number 0 is no name.
    case names
    /// UTF-8: what the names point into.
    case nameText
    /// `WorldBox`: the index of the features' boxes, leaves first (BoxIndex.swift).
    case boxes
}

/// The fixed start of a map file, little-endian.
///
/// 128 bytes.
struct MapHeader: BitwiseCopyable {
    /// "QSTREETS", so that a foreign file is told from a damaged one.
    static let magic: UInt64 = 0x5354_4545_5254_5351
    /// Raised with every change of the layout.
    static let currentVersion: UInt32 = 1
    /// Where `digest` lies, in bytes.
    static let digestRange = 64..<96

    var magic = Self.magic
    var version = Self.currentVersion
    var sections = UInt32(MapSection.allCases.count)
    /// The size of the whole file in bytes.
    var size: UInt64 = 0
    /// Seconds since 1970 up to which the source's data go; Int64.min: not stated.
    var timestamp = Int64.min
    var featureCount: UInt32 = 0
    var ringCount: UInt32 = 0
    var pointCount: UInt32 = 0
    var nameCount: UInt32 = 0
    /// The box of all features.
    var box = WorldBox.empty
    /// SHA-256 of the whole file but for this field.
    var digest: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    /// Zero.
    var spare: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
}

/// Where a section lies in the file.
///
/// 16 bytes.
struct MapSectionRecord: BitwiseCopyable {
    /// Bytes from the start of the file, a multiple of 64.
    var offset: UInt64
    /// Bytes.
    var length: UInt64
}

/// A line, a polygon with its holes, or a name at a point.
///
/// 32 bytes.
struct FeatureRecord: BitwiseCopyable {
    /// The first of its rings; the next record's is one behind its last.
    var firstRing: UInt32
    /// The number of its name, 0 for none.
    var name: UInt32
    /// The box of its points.
    var box: WorldBox
    /// Areas: their surface in square steps; lines: the square of their length; labels: of what is named.
    var size: Float
    /// `MapKind`.
    var kind: UInt8
    /// The least zoom at which it shows.
    var firstZoom: UInt8
    /// Zero.
    var spare: UInt16
}

/// A text in the section of texts.
///
/// 8 bytes.
struct TextRange: BitwiseCopyable {
    /// Its first byte.
    var start: UInt32
    /// Its bytes.
    var length: UInt32
}

/// A checked file image: where each section lies, and that nothing in it leads outside.
struct MapLayout {
    let header: MapHeader
    /// The features of each kind, by its raw value.
    let kindRanges: [Range<Int>]
    private let image: MapImage
    private let records: [MapSectionRecord]

    init(checking image: MapImage) throws(DirectoryError) {
        self.image = image
        let headerSize = MemoryLayout<MapHeader>.stride
        let tableSize = MemoryLayout<MapSectionRecord>.stride * MapSection.allCases.count
        guard image.count >= 8,
            image.bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self) == MapHeader.magic
        else { throw image.refusal("this is no street map of Quarter", cause: "foreign first bytes") }
        guard image.count >= headerSize + tableSize else {
            throw image.refusal("the street map is cut short", cause: "\(image.count) bytes")
        }
        let header = image.bytes.loadUnaligned(fromByteOffset: 0, as: MapHeader.self)
        guard header.version == MapHeader.currentVersion else {
            throw image.refusal(
                "the street map is of version \(header.version), and this program reads version "
                    + "\(MapHeader.currentVersion)", cause: nil)
        }
        guard header.size == UInt64(image.count), header.sections == UInt32(MapSection.allCases.count) else {
            throw image.refusal(
                "the street map is cut short or damaged",
                cause: "\(image.count) bytes instead of \(header.size)")
        }
        guard image.digest.elementsEqual(image.bytes[MapHeader.digestRange]) else {
            throw image.refusal("the street map is damaged", cause: "checksum mismatch")
        }
        self.header = header
        records = MapSection.allCases.map { section in
            image.bytes.loadUnaligned(
                fromByteOffset: headerSize + section.rawValue * MemoryLayout<MapSectionRecord>.stride,
                as: MapSectionRecord.self)
        }
        for (section, record) in zip(MapSection.allCases, records) {
            let (end, overflow) = record.offset.addingReportingOverflow(record.length)
            let expected = Self.expectedLength(of: section, header)
            guard record.offset % 64 == 0, !overflow, end <= UInt64(image.count),
                expected == nil || expected == record.length
            else { throw image.refusal("the street map is damaged", cause: "section \(section)") }
        }
        kindRanges = try Self.checkedKinds(image, header, records)
        try checkRingsAndNames()
    }

    private static func expectedLength(of section: MapSection, _ header: MapHeader) -> UInt64? {
        switch section {
        case .attribution, .nameText: return nil
        case .features:
            return (UInt64(header.featureCount) + 1) * UInt64(MemoryLayout<FeatureRecord>.stride)
        case .rings: return (UInt64(header.ringCount) + 1) * 4
        case .points: return UInt64(header.pointCount) * UInt64(MemoryLayout<WorldPoint>.stride)
        case .names: return UInt64(header.nameCount) * UInt64(MemoryLayout<TextRange>.stride)
        case .boxes:
            let count = BoxIndex.levelStarts(count: Int(header.featureCount)).last ?? 0
            return UInt64(count) * UInt64(MemoryLayout<WorldBox>.stride)
        }
    }

    /// The range of each kind; the features must be in the order of their kinds.
    private static func checkedKinds(
        _ image: MapImage, _ header: MapHeader, _ records: [MapSectionRecord]
    ) throws(DirectoryError) -> [Range<Int>] {
        let offset = Int(records[MapSection.features.rawValue].offset)
        let features = (image.base + offset).assumingMemoryBound(to: FeatureRecord.self)
        var ends = [Int](repeating: 0, count: MapKind.allCases.count)
        var ring: UInt32 = 0
        var kind: UInt8 = 0
        for number in 0..<Int(header.featureCount) {
            let feature = features[number]
            guard feature.kind >= kind, Int(feature.kind) < ends.count, feature.firstRing >= ring,
                feature.firstRing <= header.ringCount, feature.name < max(1, header.nameCount)
            else { throw image.refusal("the street map is damaged", cause: "feature \(number)") }
            (kind, ring) = (feature.kind, feature.firstRing)
            ends[Int(kind)] = number + 1
        }
        guard features[Int(header.featureCount)].firstRing == header.ringCount else {
            throw image.refusal("the street map is damaged", cause: "the last feature")
        }
        var start = 0
        return ends.map { end in
            defer { start = max(start, end) }
            return start..<max(start, end)
        }
    }

    private func checkRingsAndNames() throws(DirectoryError) {
        let rings: UnsafePointer<UInt32> = start(of: .rings)
        var last: UInt32 = 0
        for number in 0...Int(header.ringCount) {
            guard rings[number] >= last, rings[number] <= header.pointCount else {
                throw image.refusal("the street map is damaged", cause: "ring \(number)")
            }
            last = rings[number]
        }
        guard last == header.pointCount else {
            throw image.refusal("the street map is damaged", cause: "the last ring")
        }
        let names: UnsafePointer<TextRange> = start(of: .names)
        let text = UInt64(bytes(of: .nameText).count)
        for name in UnsafeBufferPointer(start: names, count: Int(header.nameCount)) {
            guard UInt64(name.start) + UInt64(name.length) <= text else {
                throw image.refusal("the street map is damaged", cause: "names")
            }
        }
    }

    /// The first element of a section.
    func start<Element>(of section: MapSection) -> UnsafePointer<Element> {
        (image.base + Int(records[section.rawValue].offset)).assumingMemoryBound(to: Element.self)
    }

    /// The bytes of a section.
    func bytes(of section: MapSection) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: start(of: section), count: Int(records[section.rawValue].length))
    }
}
