/// Why a text is not the JSON that was expected, and at which byte.
struct JSONFault: Error, CustomStringConvertible {
    /// What was expected or is wrong.
    let reason: String
    /// Byte offset from the start of the text.
    let offset: Int
    /// Reason and place in one line.
    var description: String { "\(reason) at byte \(offset)" }
}

/// Reads JSON value by value, as the caller expects it, without building a tree.
///
/// Takes any JSON text, not only our own; whatever is not JSON or not what was asked for is a `JSONFault`.
struct JSONReader {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var offset = 0
    private var depth = 0

    /// Brackets inside brackets that are still followed: records need 6 (chosen, not measured).
    private static let maximumDepth = 32

    /// A reader of `bytes`, which must outlive it.
    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    /// Reads the whole of `text` with `body`.
    static func read<Result>(
        _ text: String, _ body: (inout JSONReader) throws(JSONFault) -> Result
    ) throws(JSONFault) -> Result {
        var text = text
        let outcome: Swift.Result<Result, JSONFault> = text.withUTF8 { bytes in
            var reader = JSONReader(bytes)
            do throws(JSONFault) {
                let result = try body(&reader)
                try reader.end()
                return .success(result)
            } catch {
                return .failure(error)
            }
        }
        return try outcome.get()
    }

    /// A fault at the present place.
    func fault(_ reason: String) -> JSONFault { JSONFault(reason: reason, offset: offset) }

    /// Reads an object, handing over the reader at each member's value with the member's name.
    mutating func object(
        _ member: (inout JSONReader, String) throws(JSONFault) -> Void
    ) throws(JSONFault) {
        try enter("{")
        if !take("}") {
            repeat {
                let name = try text()
                try expect(":")
                try member(&self, name)
            } while take(",")
            try expect("}")
        }
        depth -= 1
    }

    /// Reads an array, handing over the reader at each element.
    mutating func array(_ element: (inout JSONReader) throws(JSONFault) -> Void) throws(JSONFault) {
        try enter("[")
        if !take("]") {
            repeat { try element(&self) } while take(",")
            try expect("]")
        }
        depth -= 1
    }

    /// Reads a text.
    mutating func text() throws(JSONFault) -> String {
        try expect("\"")
        let start = offset
        while offset < bytes.count {
            switch bytes[offset] {
            case UInt8(ascii: "\""):
                let text = String(decoding: bytes[start..<offset], as: UTF8.self)
                offset += 1
                return text
            case UInt8(ascii: "\\"):
                return try escapedText(from: start)
            case 0..<0x20:
                throw fault("a control character in a text")
            default:
                offset += 1
            }
        }
        throw fault("a text without an end")
    }

    /// Reads a whole number that fits 64 bits, written without point or exponent.
    mutating func whole() throws(JSONFault) -> Int {
        let digits = try numberText()
        guard let value = Int(digits) else { throw fault("\(digits) is no whole number") }
        return value
    }

    /// Reads a finite number.
    mutating func number() throws(JSONFault) -> Double {
        let digits = try numberText()
        guard let value = Double(digits), value.isFinite else { throw fault("\(digits) is no number") }
        return value
    }

    /// Reads yes or no.
    mutating func bool() throws(JSONFault) -> Bool {
        skipSpace()
        for (word, value) in [("true", true), ("false", false)] where bytes[offset...].starts(with: word.utf8)
        {
            offset += word.utf8.count
            return value
        }
        throw fault("neither true nor false")
    }

    /// Passes over a value of any kind, and returns its own text.
    mutating func raw() throws(JSONFault) -> String {
        skipSpace()
        let start = offset
        guard start < bytes.count else { throw fault("no value") }
        switch bytes[start] {
        case UInt8(ascii: "{"): try object { reader, _ throws(JSONFault) in _ = try reader.raw() }
        case UInt8(ascii: "["): try array { reader throws(JSONFault) in _ = try reader.raw() }
        case UInt8(ascii: "\""): _ = try text()
        case UInt8(ascii: "t"), UInt8(ascii: "f"): _ = try bool()
        default: _ = try numberText()
        }
        return String(decoding: bytes[start..<offset], as: UTF8.self)
    }

    /// Makes sure that nothing but white space follows.
    mutating func end() throws(JSONFault) {
        skipSpace()
        guard offset == bytes.count else { throw fault("something follows the end") }
    }
}

extension JSONReader {
    private mutating func skipSpace() {
        while offset < bytes.count {
            switch bytes[offset] {
            case 0x20, 0x09, 0x0A, 0x0D: offset += 1
            default: return
            }
        }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        skipSpace()
        guard offset < bytes.count, bytes[offset] == UInt8(ascii: character) else { return false }
        offset += 1
        return true
    }

    private mutating func expect(_ character: Unicode.Scalar) throws(JSONFault) {
        guard take(character) else { throw fault("no \(character)") }
    }

    private mutating func enter(_ bracket: Unicode.Scalar) throws(JSONFault) {
        try expect(bracket)
        depth += 1
        guard depth <= Self.maximumDepth else { throw fault("too many brackets inside each other") }
    }

    /// The number's own text, checked against JSON's grammar (Swift reads more: "0x1p3", "+1", "infinity").
    private mutating func numberText() throws(JSONFault) -> String {
        skipSpace()
        let start = offset
        if next(is: "-") { offset += 1 }
        let whole = offset
        let wholeDigits = skipDigits()
        guard wholeDigits == 1 || (wholeDigits > 1 && bytes[whole] != UInt8(ascii: "0")) else {
            throw fault("no number")
        }
        if next(is: ".") {
            offset += 1
            guard skipDigits() > 0 else { throw fault("no digit after the point") }
        }
        if next(is: "e") || next(is: "E") {
            offset += 1
            if next(is: "+") || next(is: "-") { offset += 1 }
            guard skipDigits() > 0 else { throw fault("no digit in the exponent") }
        }
        return String(decoding: bytes[start..<offset], as: UTF8.self)
    }

    private func next(is character: Unicode.Scalar) -> Bool {
        offset < bytes.count && bytes[offset] == UInt8(ascii: character)
    }

    private mutating func skipDigits() -> Int {
        let start = offset
        while offset < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[offset]) {
            offset += 1
        }
        return offset - start
    }

    /// Goes on reading a text at its first backslash; what stands before it begins at `start`.
    private mutating func escapedText(from start: Int) throws(JSONFault) -> String {
        var text = Array(bytes[start..<offset])
        while offset < bytes.count {
            let byte = bytes[offset]
            offset += 1
            switch byte {
            case UInt8(ascii: "\""):
                return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"):
                text.append(contentsOf: Array(String(try escape()).utf8))
            case 0..<0x20:
                throw fault("a control character in a text")
            default:
                text.append(byte)
            }
        }
        throw fault("a text without an end")
    }

    private mutating func escape() throws(JSONFault) -> Unicode.Scalar {
        guard offset < bytes.count else { throw fault("a text without an end") }
        let byte = bytes[offset]
        offset += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
        case UInt8(ascii: "b"): return "\u{08}"
        case UInt8(ascii: "f"): return "\u{0C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try hexadecimalEscape()
        default: throw fault("an unknown escape")
        }
    }

    private mutating func hexadecimalEscape() throws(JSONFault) -> Unicode.Scalar {
        let first = try fourDigits()
        var value = UInt32(first)
        if UTF16.isLeadSurrogate(first) {
            guard next(is: "\\") else { throw fault("half a surrogate pair") }
            offset += 1
            guard next(is: "u") else { throw fault("half a surrogate pair") }
            offset += 1
            let second = try fourDigits()
            guard UTF16.isTrailSurrogate(second) else { throw fault("half a surrogate pair") }
            value = 0x10000 + (UInt32(first & 0x3FF) << 10) + UInt32(second & 0x3FF)
        }
        guard let scalar = Unicode.Scalar(value) else { throw fault("half a surrogate pair") }
        return scalar
    }

    private mutating func fourDigits() throws(JSONFault) -> UInt16 {
        guard offset + 4 <= bytes.count,
            bytes[offset..<offset + 4].allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
            let value = UInt16(String(decoding: bytes[offset..<offset + 4], as: UTF8.self), radix: 16)
        else { throw fault("not four hexadecimal digits") }
        offset += 4
        return value
    }
}
