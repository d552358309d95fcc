internal import DirectoryModel

/// Puts features into the order of the file and lays them out as its image.
struct MapWriter {
    private var features: [StreetMapBuilder.Feature]
    private let points: [WorldPoint]
    private let names: [String]

    init(features: [StreetMapBuilder.Feature], points: [WorldPoint], names: [String]) {
        self.points = points
        self.names = names
        self.features = Self.sorted(features, points, names)
    }

    /// By kind, then along the curve; then by everything else, so that the order of adding does not matter.
    private static func sorted(
        _ features: [StreetMapBuilder.Feature], _ points: [WorldPoint], _ names: [String]
    ) -> [StreetMapBuilder.Feature] {
        let keys = features.map(\.box.curveKey)
        func isBefore(_ left: Int, _ right: Int) -> Bool {
            let (a, b) = (features[left], features[right])
            if a.kind != b.kind { return a.kind.rawValue < b.kind.rawValue }
            if keys[left] != keys[right] { return keys[left] < keys[right] }
            if a.firstZoom != b.firstZoom { return a.firstZoom < b.firstZoom }
            let (first, second) = (names[Int(a.name)], names[Int(b.name)])
            if first != second { return first < second }
            let (mine, others) = (a.parts.map { points[$0] }, b.parts.map { points[$0] })
            if mine.map(\.count) != others.map(\.count) {
                return mine.map(\.count).lexicographicallyPrecedes(others.map(\.count))
            }
            return mine.joined().lexicographicallyPrecedes(others.joined()) { ($0.x, $0.y) < ($1.x, $1.y) }
        }
        return features.indices.sorted(by: isBefore).map { features[$0] }
    }

    /// The file image.
    func image(timestamp: Timestamp?, attribution: String) -> MapImage {
        var header = MapHeader()
        header.timestamp = timestamp?.secondsSince1970 ?? Int64.min
        var assembly = MapAssembly()
        assembly.append(Array(attribution.utf8))
        let (nameNumbers, ranges, text) = layOutNames()
        var records: [FeatureRecord] = []
        var rings: [UInt32] = []
        var ordered: [WorldPoint] = []
        ordered.reserveCapacity(points.count)
        for feature in features {
            records.append(
                FeatureRecord(
                    firstRing: UInt32(rings.count), name: nameNumbers[Int(feature.name)], box: feature.box,
                    size: feature.size, kind: feature.kind.rawValue, firstZoom: feature.firstZoom, spare: 0))
            header.box.include(feature.box)
            for part in feature.parts {
                rings.append(UInt32(ordered.count))
                ordered.append(contentsOf: points[part])
            }
        }
        header.featureCount = UInt32(features.count)
        header.ringCount = UInt32(rings.count)
        header.pointCount = UInt32(ordered.count)
        header.nameCount = UInt32(ranges.count)
        records.append(
            FeatureRecord(
                firstRing: UInt32(rings.count), name: 0, box: .empty, size: 0, kind: 0, firstZoom: 0, spare: 0
            ))
        rings.append(UInt32(ordered.count))
        assembly.append(records)
        assembly.append(rings)
        assembly.append(ordered)
        assembly.append(ranges)
        assembly.append(text)
        assembly.append(BoxIndex.boxes(of: features.map(\.box)))
        return assembly.image(header)
    }

    /// Names in the order in which the features meet them, each once; number 0 is no name.
    private func layOutNames() -> (numbers: [UInt32], ranges: [TextRange], text: [UInt8]) {
        var numbers = [UInt32](repeating: 0, count: names.count)
        var ranges = [TextRange(start: 0, length: 0)]
        var text: [UInt8] = []
        for feature in features where feature.name > 0 && numbers[Int(feature.name)] == 0 {
            numbers[Int(feature.name)] = UInt32(ranges.count)
            let bytes = Array(names[Int(feature.name)].utf8)
            ranges.append(TextRange(start: UInt32(text.count), length: UInt32(bytes.count)))
            text += bytes
        }
        return (numbers, ranges, text)
    }
}

/// Sections as they are put together, in the order of `MapSection`.
struct MapAssembly {
    private var sections: [[UInt8]] = []

    /// Appends the next section.
    mutating func append<Element: BitwiseCopyable>(_ elements: [Element]) {
        sections.append(elements.withUnsafeBytes { Array($0) })
    }

    /// The whole image, with sizes, places and digest filled in.
    func image(_ given: MapHeader) -> MapImage {
        precondition(sections.count == MapSection.allCases.count)
        var header = given
        let tableStart = MemoryLayout<MapHeader>.stride
        var offset = tableStart + sections.count * MemoryLayout<MapSectionRecord>.stride
        var records: [MapSectionRecord] = []
        for section in sections {
            offset = (offset + 63) & ~63
            records.append(MapSectionRecord(offset: UInt64(offset), length: UInt64(section.count)))
            offset += section.count
        }
        header.size = UInt64(offset)
        let memory = UnsafeMutableRawPointer.allocate(byteCount: offset, alignment: 64)
        memory.initializeMemory(as: UInt8.self, repeating: 0, count: offset)
        memory.storeBytes(of: header, as: MapHeader.self)
        for (index, record) in records.enumerated() {
            memory.storeBytes(
                of: record, toByteOffset: tableStart + index * MemoryLayout<MapSectionRecord>.stride,
                as: MapSectionRecord.self)
            sections[index].withUnsafeBytes { bytes in
                guard let base = bytes.baseAddress else { return }
                (memory + Int(record.offset)).copyMemory(from: base, byteCount: bytes.count)
            }
        }
        let image = MapImage(adopting: memory, count: offset)
        let digest = image.digest
        (memory + MapHeader.digestRange.lowerBound).copyMemory(from: digest, byteCount: digest.count)
        return image
    }
}
