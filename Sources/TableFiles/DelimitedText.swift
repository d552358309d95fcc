internal import DirectoryModel

/// A .csv or .tsv file: what it is, found out at its beginning.
struct DelimitedText {
    /// How much of the beginning is looked at, in bytes of UTF-8.
    private static let sampleCount = 1 << 16

    private let file: FileBytes
    private let site: FaultSite
    private let options: TableOptions
    private let start: Int
    private let encodingWords: String
    /// Whether the first line is Excel's `sep=;`.
    private let namesDelimiter: Bool
    private let encoding: TableEncoding
    private let delimiter: UInt8
    let description: TableDescription

    init(file: FileBytes, site: FaultSite, options: TableOptions) throws(DirectoryError) {
        self.file = file
        self.site = site
        self.options = options
        let evidence = EncodingEvidence(file)
        guard let encoding = options.encoding ?? evidence.encoding else {
            throw site.invalid(
                "the file is UTF-32, which is not read", advice: "save it as UTF-8 or as .xlsx")
        }
        self.encoding = encoding
        // A mark is one of the encoding that was named only if it is that encoding's.
        start = evidence.encoding == encoding ? evidence.markCount : 0
        encodingWords =
            options.encoding == nil && evidence.markCount == 0 && encoding == .gb18030
            ? "UTF-8 or GB18030" : encoding.rawValue
        let (sample, isWhole) = Self.sample(TextSource(file: file, encoding: encoding, start: start))
        let shown = DelimiterEvidence(sample, isWhole: isWhole)
        let named = Self.namedDelimiter(sample)
        namesDelimiter = named != nil
        delimiter = options.delimiter ?? named ?? shown.delimiter
        description = TableDescription(
            format: delimiter == UInt8(ascii: "\t") ? .tsv : .csv, encoding: encoding,
            hasByteOrderMark: start > 0, delimiter: delimiter, lineEnd: shown.lineEnd)
    }

    /// The beginning in UTF-8, up to bytes that are wrong: the reader meets those.
    private static func sample(_ source: TextSource) -> (bytes: [UInt8], isWhole: Bool) {
        var sample = [UInt8](repeating: 0, count: sampleCount)
        var count = 0
        while count < sampleCount {
            let got = sample.withUnsafeMutableBytes {
                (try? source.read(into: UnsafeMutableRawBufferPointer(rebasing: $0[count...]))) ?? 0
            }
            // A converter may need more room than is left for the next character.
            if got == 0 { break }
            count += got
            if count > sampleCount - 16 { break }
        }
        let isWhole = count <= sampleCount - 16
        sample.removeLast(sampleCount - count)
        return (sample, isWhole)
    }

    /// The X of a first line `sep=X`.
    private static func namedDelimiter(_ sample: [UInt8]) -> UInt8? {
        guard sample.count >= 5, sample[3] == UInt8(ascii: "="), sample[4] < 0x80,
            sample[4] >= 0x20 || sample[4] == 9,
            sample[4] != UInt8(ascii: "\""), zip(sample, "sep".utf8).allSatisfy({ $0 | 0x20 == $1 }),
            sample.count == 5 || sample[5] == 10 || sample[5] == 13
        else { return nil }
        return sample[4]
    }

    /// Hands on the records; see `TableFile`.
    func forEachRow(_ body: (TableRow) throws(DirectoryError) -> Bool) throws(DirectoryError) {
        let reader = DelimitedReader(
            source: TextSource(file: file, encoding: encoding, start: start), delimiter: delimiter,
            site: site,
            options: options, encodingWords: encodingWords)
        if namesDelimiter { try reader.skipLine() }
        while let row = try reader.next() {
            guard try body(row) else { return }
        }
    }
}
