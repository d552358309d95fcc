#if canImport(Glibc)
    import Glibc
#endif

/// Goes once over the bytes of a JSON text (RFC 8259) and says where its values lie, without making any of them.
///
/// It takes what the RFC allows and nothing else. Whether strings are UTF-8 is the caller's to see to, for the text as
/// a whole: `hasWideText` says whether there is anything to see to. Valid while the bytes are.
struct JSONScanner {
    /// What is wrong, and after how many bytes of the text.
    struct Fault: Error, Hashable {
        let words: String
        let offset: Int
    }

    /// What kind of value there is.
    enum Kind {
        case null, yes, no, whole, decimal, text, array, object
    }

    /// A value's bytes; of a text, those between its quotation marks.
    struct Value {
        var kind: Kind
        var start: Int
        var end: Int
        /// Whether a text has escapes.
        var isEscaped = false
    }

    /// Deepest nesting that is read.
    ///
    /// Chosen, not measured: no call needs more than three levels.
    static let maximumDepth = 16

    let bytes: UnsafeBufferPointer<UInt8>
    private(set) var index: Int
    private let end: Int
    /// Whether some byte so far was none of ASCII.
    private(set) var hasWideText = false

    /// A scanner of some of the bytes.
    init(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int = 0, to end: Int? = nil) {
        self.bytes = bytes
        index = start
        self.end = end ?? bytes.count
    }

    private func fault(_ words: String) -> Fault { Fault(words: words, offset: index) }

    @inline(__always)
    private mutating func skipSpace() {
        while index < end {
            switch bytes[index] {
            case 0x20, 0x09, 0x0A, 0x0D: index += 1
            default: return
            }
        }
    }

    /// Takes a byte after white space; false where another stands there.
    @inline(__always)
    mutating func take(_ byte: UInt8) -> Bool {
        skipSpace()
        guard index < end, bytes[index] == byte else { return false }
        index += 1
        return true
    }

    /// Sees that nothing follows but white space.
    mutating func finish() throws(Fault) {
        skipSpace()
        guard index == end else { throw fault("something follows the end") }
    }

    /// The next value, of an array or an object with all that is in it.
    mutating func value(depth: Int = 0) throws(Fault) -> Value {
        skipSpace()
        guard index < end else { throw fault("a value is missing") }
        let start = index
        switch bytes[index] {
        case UInt8(ascii: "\""): return try text()
        case UInt8(ascii: "{"):
            try members(depth: depth) { scanner, _ throws(Fault) in
                _ = try scanner.value(depth: depth + 1)
            }
            return Value(kind: .object, start: start, end: index)
        case UInt8(ascii: "["):
            try elements(depth: depth) { scanner throws(Fault) in
                _ = try scanner.value(depth: depth + 1)
            }
            return Value(kind: .array, start: start, end: index)
        case UInt8(ascii: "t"): return try word("true", .yes)
        case UInt8(ascii: "f"): return try word("false", .no)
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    /// Goes over an object: `body` is given each key and takes the value.
    @inline(__always)
    mutating func members(
        depth: Int = 0, _ body: (inout JSONScanner, Value) throws(Fault) -> Void
    ) throws(Fault) {
        guard take(UInt8(ascii: "{")) else { throw fault("an object is missing") }
        guard depth < Self.maximumDepth else { throw fault("it nests too deep") }
        if take(UInt8(ascii: "}")) { return }
        repeat {
            skipSpace()
            guard index < end, bytes[index] == UInt8(ascii: "\"") else { throw fault("a key is missing") }
            let key = try text()
            guard take(UInt8(ascii: ":")) else { throw fault("a colon is missing") }
            try body(&self, key)
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "}")) else { throw fault("an object is not closed") }
    }

    /// Goes over an array: `body` takes each value.
    @inline(__always)
    mutating func elements(
        depth: Int = 0, _ body: (inout JSONScanner) throws(Fault) -> Void
    ) throws(Fault) {
        guard take(UInt8(ascii: "[")) else { throw fault("an array is missing") }
        guard depth < Self.maximumDepth else { throw fault("it nests too deep") }
        if take(UInt8(ascii: "]")) { return }
        repeat { try body(&self) } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "]")) else { throw fault("an array is not closed") }
    }

    // MARK: Single values

    private mutating func word(_ word: StaticString, _ kind: Kind) throws(Fault) -> Value {
        let (start, length) = (index, word.utf8CodeUnitCount)
        for offset in 0..<length {
            guard index < end, bytes[index] == word.utf8Start[offset] else { throw fault("an unknown word") }
            index += 1
        }
        return Value(kind: kind, start: start, end: index)
    }

    private mutating func digits() throws(Fault) {
        let start = index
        while index < end, bytes[index] &- 0x30 < 10 { index += 1 }
        guard index > start else { throw fault("a digit is missing") }
    }

    private mutating func number() throws(Fault) -> Value {
        let start = index
        var kind = Kind.whole
        if bytes[index] == UInt8(ascii: "-") { index += 1 }
        let first = index
        try digits()
        guard index - first == 1 || bytes[first] != UInt8(ascii: "0") else {
            throw Fault(words: "a number begins with zero", offset: first)
        }
        if index < end, bytes[index] == UInt8(ascii: ".") {
            kind = .decimal
            index += 1
            try digits()
        }
        if index < end, bytes[index] | 0x20 == UInt8(ascii: "e") {
            kind = .decimal
            index += 1
            if index < end, bytes[index] == UInt8(ascii: "+") || bytes[index] == UInt8(ascii: "-") {
                index += 1
            }
            try digits()
        }
        return Value(kind: kind, start: start, end: index)
    }

    private mutating func text() throws(Fault) -> Value {
        index += 1
        var value = Value(kind: .text, start: index, end: index)
        var wide: UInt8 = 0
        while index < end {
            let byte = bytes[index]
            switch byte {
            case UInt8(ascii: "\""):
                value.end = index
                index += 1
                if wide >= 0x80 { hasWideText = true }
                return value
            case UInt8(ascii: "\\"):
                value.isEscaped = true
                try skipEscape()
            case 0..<0x20: throw fault("a control character stands in a text")
            default:
                wide |= byte
                index += 1
            }
        }
        throw fault("a text is not closed")
    }

    private mutating func skipEscape() throws(Fault) {
        index += 1
        guard index < end else { throw fault("a text is not closed") }
        switch bytes[index] {
        case UInt8(ascii: "u"):
            let unit = try hexadecimal(at: index + 1)
            guard unit & 0xF800 == 0xD800 else {
                index += 5
                return
            }
            // A character beyond 16 bits is two escapes, the first of them the higher one.
            guard unit < 0xDC00, index + 6 < end, bytes[index + 5] == UInt8(ascii: "\\"),
                bytes[index + 6] == UInt8(ascii: "u"), try hexadecimal(at: index + 7) & 0xFC00 == 0xDC00
            else { throw fault("half a character stands in a text") }
            index += 11
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            index += 1
        default: throw fault("an unknown escape stands in a text")
        }
    }

    private func hexadecimal(at start: Int) throws(Fault) -> UInt32 {
        guard start + 4 <= end else { throw fault("a text is not closed") }
        var unit: UInt32 = 0
        for index in start..<start + 4 {
            guard let digit = Self.hexadecimal(bytes[index]) else {
                throw fault("an unknown escape stands in a text")
            }
            unit = unit << 4 | digit
        }
        return unit
    }

    private static func hexadecimal(_ byte: UInt8) -> UInt32? {
        switch byte {
        case 0x30...0x39: UInt32(byte - 0x30)
        case 0x41...0x46: UInt32(byte - 0x37)
        case 0x61...0x66: UInt32(byte - 0x57)
        default: nil
        }
    }

    // MARK: What a value says

    /// Whether a value's bytes are these; a text with escapes is compared by what it says.
    @inline(__always)
    func says(_ value: Value, _ word: StaticString) -> Bool {
        let (count, length) = (value.end - value.start, word.utf8CodeUnitCount)
        guard !value.isEscaped else { return count > length && string(value) == "\(word)" }
        guard count == length, let base = bytes.baseAddress else { return false }
        return memcmp(base + value.start, word.utf8Start, length) == 0
    }

    /// A text as it is meant, or the bytes of another value; they are UTF-8, as the caller has seen to.
    func string(_ value: Value) -> String {
        let slice = UnsafeBufferPointer(rebasing: bytes[value.start..<value.end])
        guard value.isEscaped else { return String(decoding: slice, as: UTF8.self) }
        var scalars = String.UnicodeScalarView()
        var plain: [UInt8] = []
        func flush() {
            scalars.append(contentsOf: String(decoding: plain, as: UTF8.self).unicodeScalars)
            plain.removeAll(keepingCapacity: true)
        }
        var index = 0
        while index < slice.count {
            guard slice[index] == UInt8(ascii: "\\") else {
                plain.append(slice[index])
                index += 1
                continue
            }
            index += 2
            switch slice[index - 1] {
            case UInt8(ascii: "b"): plain.append(0x08)
            case UInt8(ascii: "f"): plain.append(0x0C)
            case UInt8(ascii: "n"): plain.append(0x0A)
            case UInt8(ascii: "r"): plain.append(0x0D)
            case UInt8(ascii: "t"): plain.append(0x09)
            case UInt8(ascii: "u"):
                flush()
                var code = Self.unit(slice, index)
                index += 4
                if code & 0xFC00 == 0xD800 {
                    code = 0x10000 + ((code & 0x3FF) << 10) + (Self.unit(slice, index + 2) & 0x3FF)
                    index += 6
                }
                scalars.append(Unicode.Scalar(code) ?? "\u{FFFD}")
            case let byte: plain.append(byte)
            }
        }
        flush()
        return String(scalars)
    }

    private static func unit(_ slice: UnsafeBufferPointer<UInt8>, _ start: Int) -> UInt32 {
        (start..<start + 4).reduce(0) { $0 << 4 | (hexadecimal(slice[$1]) ?? 0) }
    }
}
