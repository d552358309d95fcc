internal import Glibc

/// Why the characters of a text file cannot be read on.
enum TextFault: Error {
    /// The bytes are not of the encoding.
    case encoding
    /// The system refuses.
    case system(String)
}

/// The bytes of a text file as UTF-8, block by block.
///
/// UTF-8 is handed on as it is and not looked over: whoever makes texts of it does that.
final class TextSource {
    private static let blockCount = 1 << 16

    private let file: FileBytes
    private let encoding: TableEncoding
    private var position: Int
    private var converter: iconv_t?
    private var raw: [UInt8] = []
    private var rawStart = 0
    private var rawEnd = 0
    private var fault: TextFault?

    /// - Parameter start: the first byte after the byte order mark.
    init(file: FileBytes, encoding: TableEncoding, start: Int) {
        self.file = file
        self.encoding = encoding
        position = start
        guard encoding != .utf8 else { return }
        converter = iconv_open("UTF-8", encoding.rawValue)
        // glibc answers -1 where its converters are not installed.
        if converter == iconv_t(bitPattern: -1) {
            converter = nil
            fault = .system("the system cannot convert \(encoding.rawValue): its gconv modules are missing")
        }
        raw = [UInt8](repeating: 0, count: Self.blockCount)
    }

    deinit { if let converter { iconv_close(converter) } }

    /// Reads up to a buffer's size.
    ///
    /// - Returns: how many bytes; 0 at the end. What comes before wrong bytes is handed on first.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(TextFault) -> Int {
        if let fault { throw fault }
        guard let converter else {
            let got = file.read(into: buffer, at: position)
            guard got >= 0 else { throw .system(String(cString: strerror(errno))) }
            position += got
            return got
        }
        while true {
            if rawStart == rawEnd, try !refill() { return 0 }
            let (made, reason) = convert(converter, into: buffer)
            switch reason {
            case 0, E2BIG: if made > 0 { return made }
            case EINVAL:
                // The rest of a character comes with the next block.
                if made > 0 { return made }
                if try !refill() {
                    fault = .encoding
                    throw .encoding
                }
            default:
                fault = .encoding
                if made > 0 { return made }
                throw .encoding
            }
        }
    }

    /// Adds to the raw bytes; false at the file's end.
    private func refill() throws(TextFault) -> Bool {
        let kept = rawEnd - rawStart
        let start = rawStart
        let (file, position) = (file, position)
        let got = raw.withUnsafeMutableBytes { raw in
            if let base = raw.baseAddress { memmove(base, base + start, kept) }
            return file.read(into: UnsafeMutableRawBufferPointer(rebasing: raw[kept...]), at: position)
        }
        guard got >= 0 else { throw .system(String(cString: strerror(errno))) }
        self.position += got
        rawStart = 0
        rawEnd = kept + got
        return got > 0
    }

    /// Converts what there is of the raw bytes.
    private func convert(_ converter: iconv_t, into buffer: UnsafeMutableRawBufferPointer) -> (Int, Int32) {
        var outLeft = buffer.count
        var inLeft = rawEnd - rawStart
        let start = rawStart
        let result = raw.withUnsafeMutableBytes { raw in
            var source = raw.baseAddress.map { ($0 + start).assumingMemoryBound(to: CChar.self) }
            var target = buffer.baseAddress?.assumingMemoryBound(to: CChar.self)
            errno = 0
            return iconv(converter, &source, &inLeft, &target, &outLeft)
        }
        let reason = result == -1 ? errno : 0
        rawStart = rawEnd - inLeft
        return (buffer.count - outLeft, reason)
    }
}

/// Which encoding a text file has, by evidence.
struct EncodingEvidence {
    /// How much of the file is looked at, from its first byte beyond ASCII, in bytes.
    ///
    /// Chosen, not measured: some ten thousand rows.
    private static let sampleCount = 1 << 20

    /// The encoding; nil when nobody writes tables in it (UTF-32).
    var encoding: TableEncoding?
    /// How long the byte order mark is; 0: there is none.
    var markCount = 0

    init(_ file: FileBytes) {
        let start = file.bytes(at: 0, count: 4)
        if start.starts(with: [0xEF, 0xBB, 0xBF]) {
            (encoding, markCount) = (.utf8, 3)
        } else if start == [0xFF, 0xFE, 0, 0] || start == [0, 0, 0xFE, 0xFF] {
            encoding = nil
        } else if start.starts(with: [0xFF, 0xFE]) {
            (encoding, markCount) = (.utf16LittleEndian, 2)
        } else if start.starts(with: [0xFE, 0xFF]) {
            (encoding, markCount) = (.utf16BigEndian, 2)
        } else if start == [0x84, 0x31, 0x95, 0x33] {
            (encoding, markCount) = (.gb18030, 4)
        } else {
            encoding = Self.withoutMark(file)
        }
    }

    /// UTF-8 if the sample is; GB 18030 if it is not.
    ///
    /// A file that is UTF-8 but for a few bytes is broken UTF-8, and reading it as anything else would garble it:
    /// UTF-8 too, so that the reader meets the wrong bytes and names their line. In GB 18030 three bytes are
    /// seldom right UTF-8, as bytes from E0 on begin rare characters only.
    private static func withoutMark(_ file: FileBytes) -> TableEncoding {
        guard let first = firstBeyondASCII(file) else { return .utf8 }
        let sample = file.bytes(at: first, count: sampleCount)
        let isWhole = first + sample.count >= file.count
        var index = 0
        var (right, wrong) = (0, 0)
        while index < sample.count {
            if sample[index] < 0x80 {
                index += 1
                continue
            }
            let length = sequenceLength(sample, at: index)
            if length > 0 {
                if length > 2 { right += 1 }
                index += length
            } else {
                if !isWhole, index + 4 > sample.count { break }
                wrong += 1
                index += 1
            }
        }
        return wrong == 0 || right > wrong ? .utf8 : .gb18030
    }

    private static func firstBeyondASCII(_ file: FileBytes) -> Int? {
        var position = 0
        while true {
            let block = file.bytes(at: position, count: 1 << 18)
            if block.isEmpty { return nil }
            let hit = block.withUnsafeBufferPointer { bytes in bytes.firstIndex { $0 >= 0x80 } }
            if let hit { return position + hit }
            position += block.count
        }
    }

    /// The length of the UTF-8 sequence at a place, 2 to 4; 0 when it is none.
    static func sequenceLength(_ bytes: [UInt8], at index: Int) -> Int {
        let length: Int
        switch bytes[index] {
        case 0xC2...0xDF: length = 2
        case 0xE0...0xEF: length = 3
        case 0xF0...0xF4: length = 4
        default: return 0
        }
        guard index + length <= bytes.count,
            bytes[(index + 1)..<(index + length)].allSatisfy({ $0 & 0xC0 == 0x80 })
        else { return 0 }
        switch (bytes[index], bytes[index + 1]) {
        case (0xE0, ..<0xA0), (0xED, 0xA0...), (0xF0, ..<0x90), (0xF4, 0x90...): return 0
        default: return length
        }
    }
}
