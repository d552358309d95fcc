internal import DirectoryModel
internal import Glibc

/// The merged ranges of a sheet.
///
/// They stand after the rows in the file, so the part is read for them before its rows are; and only where the
/// word occurs in it at all, which is seen without reading it as XML.
final class MergedRangesReader: XMLReader {
    /// A sheet in which each two rows are merged has half as many.
    private static let limit = 1 << 20

    private var ranges: [PackedRange] = []

    /// The ranges of a part, by their first row.
    static func ranges(
        _ container: ZipContainer, part: String, site: FaultSite
    ) throws(DirectoryError) -> [PackedRange] {
        guard try mentions(container, part: part, site: site) else { return [] }
        let reader = try MergedRangesReader(container, part: part, site: site)
        try reader.run()
        return reader.ranges.sorted { ($0.firstRow, $0.firstColumn) < ($1.firstRow, $1.firstColumn) }
    }

    /// Whether "mergeCell" occurs in a part, or may: in UTF-16 it is not looked for.
    private static func mentions(
        _ container: ZipContainer, part: String, site: FaultSite
    ) throws(DirectoryError) -> Bool {
        let word = Array("mergeCell".utf8)
        let stream = try container.stream(of: part, site: site)
        let block = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
        defer { block.deallocate() }
        guard let base = block.baseAddress else { return true }
        var kept = 0
        var isFirst = true
        while true {
            let got = try stream.read(into: base + kept, count: block.count - kept)
            if got == 0 { return false }
            let count = kept + got
            if isFirst, block[0] >= 0xFE || block[0] == 0 || (count > 1 && block[1] == 0) { return true }
            isFirst = false
            var from = 0
            while let hit = memchr(base + from, Int32(word[0]), count - from) {
                let at = base.distance(to: hit)
                if count - at >= word.count, memcmp(hit, word, word.count) == 0 { return true }
                from = at + 1
            }
            kept = min(word.count - 1, count)
            memmove(base, base + (count - kept), kept)
        }
    }

    override func started(_ name: XMLName, _ attributes: XMLAttributes) {
        guard depth == 3, name == "mergeCell", let text = attributes["ref"] else { return }
        guard let range = PackedRange(text) else {
            fail(site.invalid("a merged range is \"\(FaultSite.plain(String(text.prefix(40))))\""))
            return
        }
        guard ranges.count < Self.limit else {
            fail(
                site.invalid(
                    "the sheet has more than \(Self.limit) merged ranges", advice: "unmerge its cells"))
            return
        }
        ranges.append(range)
    }
}

/// A merged range in 16 bytes.
struct PackedRange {
    var firstRow: Int32
    var lastRow: Int32
    var firstColumn: Int32
    var lastColumn: Int32

    /// "A2:A9", in any order of its corners.
    init?(_ text: String) {
        let corners = text.split(separator: ":").map { Self.corner(String($0)) }
        guard (1...2).contains(corners.count), let one = corners[0], let other = corners[corners.count - 1]
        else {
            return nil
        }
        firstRow = Int32(min(one.row, other.row))
        lastRow = Int32(max(one.row, other.row))
        firstColumn = Int32(min(one.column, other.column))
        lastColumn = Int32(max(one.column, other.column))
    }

    private static func corner(_ text: String) -> (row: Int, column: Int)? {
        let digits = text.utf8.drop { $0 < 0x30 || $0 > 0x39 }
        guard let row = Int(String(Substring(digits)).filter { $0 != "$" }), (1...1_048_576).contains(row),
            let column = text.withCString({ SheetReader.column($0) }), column < 16_384
        else { return nil }
        return (row, column)
    }

    var range: MergedRange {
        MergedRange(rows: Int(firstRow)...Int(lastRow), columns: Int(firstColumn)...Int(lastColumn))
    }
}

/// Gives the value of a merged range's first cell to the others, as the rows go by.
struct MergedFiller {
    private let ranges: [PackedRange]
    private var next = 0
    /// How long the values are together at most, in bytes.
    ///
    /// Chosen, not measured.
    private static let byteLimit = 64 << 20
    private var active: [(range: PackedRange, value: TableCell)] = []
    private var activeByteCount = 0

    /// - Parameter ranges: by their first row.
    init(_ ranges: [PackedRange]) { self.ranges = ranges }

    /// Fills a row; rows come in ascending order.
    mutating func fill(_ row: inout TableRow, site: FaultSite) throws(DirectoryError) {
        let number = Int32(clamping: row.number)
        if active.contains(where: { $0.range.lastRow < number }) {
            active.removeAll { $0.range.lastRow < number }
            activeByteCount = active.reduce(0) { $0 + $1.value.byteCount }
        }
        while next < ranges.count, ranges[next].firstRow <= number {
            let range = ranges[next]
            next += 1
            guard range.lastRow >= number else { continue }
            // A range whose first row has nothing in it has no value.
            let value = range.firstRow == number ? row[Int(range.firstColumn)] : .empty
            guard !value.isEmpty else { continue }
            active.append((range, value))
            activeByteCount += value.byteCount
            guard active.count <= 16_384 else {
                throw site.invalid("merged ranges of the sheet overlap", row: row.number)
            }
            guard activeByteCount <= Self.byteLimit else {
                throw site.invalid(
                    "the texts of merged cells are longer than \(Self.byteLimit) bytes",
                    advice: "shorten them",
                    row: row.number)
            }
        }
        for (range, value) in active {
            let last = Int(range.lastColumn)
            while row.cells.count <= last { row.cells.append(.empty) }
            for column in Int(range.firstColumn)...last { row.cells[column] = value }
        }
    }
}
