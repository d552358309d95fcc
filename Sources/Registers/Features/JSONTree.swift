internal import DirectoryAPI

/// A JSON value as a file has it: members in their order, numbers in their own digits.
enum JSONTree {
    case null
    case bool(Bool)
    /// A number as it is written, finite.
    case number(String)
    case text(String)
    case array([JSONTree])
    /// Members in the order of the file; one name may stand twice.
    case object([(name: String, value: JSONTree)])

    /// Why bytes are no JSON.
    struct Fault: Error {
        /// What was expected or is wrong, in words.
        let reason: String
        /// Bytes from the start of the value.
        let offset: Int
        /// Whether the bytes are no UTF-8, which is wrong with the whole file then.
        var isEncoding = false
    }

    /// Reads one value, with white space around it at most.
    ///
    /// - Throws: `Fault` for anything that RFC 8259 does not allow (NaN, a comma at the end, half a surrogate pair), for
    ///   bytes that are no UTF-8, a number beyond what a Double holds, and nesting beyond `JSONValue.maximumDepth`.
    init(_ bytes: some Collection<UInt8>) throws(Fault) {
        let outcome: Result<JSONTree, Fault>? = bytes.withContiguousStorageIfAvailable { buffer in
            Result { () throws(Fault) in try JSONTree.whole(buffer) }
        }
        if let outcome {
            self = try outcome.get()
        } else {
            let copy = Array(bytes)
            let outcome: Result<JSONTree, Fault> = copy.withUnsafeBufferPointer { buffer in
                Result { () throws(Fault) in try JSONTree.whole(buffer) }
            }
            self = try outcome.get()
        }
    }

    private static func whole(_ buffer: UnsafeBufferPointer<UInt8>) throws(Fault) -> JSONTree {
        var parser = JSONTreeParser(bytes: buffer)
        let tree = try parser.value()
        try parser.end()
        return tree
    }

    /// The value of a member; of two of one name the last.
    subscript(name: String) -> JSONTree? {
        guard case .object(let members) = self else { return nil }
        return members.last { $0.name == name }?.value
    }

    /// The text, if it is one.
    var string: String? {
        guard case .text(let text) = self else { return nil }
        return text
    }

    /// The elements, if it is an array.
    var elements: [JSONTree]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }

    /// The number, if it is one.
    var real: Double? {
        guard case .number(let digits) = self else { return nil }
        return Double(digits)
    }

    /// The same without order.
    var value: JSONValue {
        switch self {
        case .null: .null
        case .bool(let bool): .bool(bool)
        case .number(let digits): Int(digits).map(JSONValue.whole) ?? .decimal(Double(digits) ?? .nan)
        case .text(let text): .string(text)
        case .array(let elements): .array(elements.map(\.value))
        case .object(let members):
            .object(Dictionary(members.map { ($0.name, $0.value.value) }) { _, last in last })
        }
    }
}

/// Reads JSON by descending into it, no deeper than the limit.
private struct JSONTreeParser {
    let bytes: UnsafeBufferPointer<UInt8>
    private var offset = 0
    private var depth = 0

    init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    private func fault(_ reason: String) -> JSONTree.Fault { JSONTree.Fault(reason: reason, offset: offset) }

    private mutating func skipSpace() {
        while offset < bytes.count {
            switch bytes[offset] {
            case 0x20, 0x09, 0x0A, 0x0D: offset += 1
            default: return
            }
        }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        skipSpace()
        guard offset < bytes.count, bytes[offset] == byte else { return false }
        offset += 1
        return true
    }

    mutating func end() throws(JSONTree.Fault) {
        skipSpace()
        guard offset == bytes.count else { throw fault("something follows the value") }
    }

    mutating func value() throws(JSONTree.Fault) -> JSONTree {
        skipSpace()
        guard offset < bytes.count else { throw fault("there is no value") }
        switch bytes[offset] {
        case UInt8(ascii: "{"): return .object(try members())
        case UInt8(ascii: "["): return .array(try elements())
        case UInt8(ascii: "\""): return .text(try text())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return .number(try number())
        }
    }

    private mutating func word(_ word: StaticString, _ value: JSONTree) throws(JSONTree.Fault) -> JSONTree {
        let length = word.utf8CodeUnitCount
        guard offset + length <= bytes.count,
            (0..<length).allSatisfy({ bytes[offset + $0] == word.utf8Start[$0] })
        else { throw fault("\(word) is written otherwise") }
        offset += length
        return value
    }

    private mutating func enter() throws(JSONTree.Fault) {
        offset += 1
        depth += 1
        guard depth <= JSONValue.maximumDepth else {
            throw fault("it nests deeper than \(JSONValue.maximumDepth) levels")
        }
    }

    private mutating func members() throws(JSONTree.Fault) -> [(name: String, value: JSONTree)] {
        try enter()
        var members: [(name: String, value: JSONTree)] = []
        if !take(UInt8(ascii: "}")) {
            repeat {
                skipSpace()
                guard offset < bytes.count, bytes[offset] == UInt8(ascii: "\"") else {
                    throw fault("a member has no name")
                }
                let name = try text()
                guard take(UInt8(ascii: ":")) else { throw fault("no colon follows a member's name") }
                members.append((name, try value()))
            } while take(UInt8(ascii: ","))
            guard take(UInt8(ascii: "}")) else { throw fault("an object does not end") }
        }
        depth -= 1
        return members
    }

    private mutating func elements() throws(JSONTree.Fault) -> [JSONTree] {
        try enter()
        var elements: [JSONTree] = []
        if !take(UInt8(ascii: "]")) {
            repeat { elements.append(try value()) } while take(UInt8(ascii: ","))
            guard take(UInt8(ascii: "]")) else { throw fault("an array does not end") }
        }
        depth -= 1
        return elements
    }

    private func digit(_ at: Int) -> Bool {
        at < bytes.count && (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[at])
    }

    private mutating func digits() -> Int {
        let start = offset
        while digit(offset) { offset += 1 }
        return offset - start
    }

    private func next(_ byte: UInt8) -> Bool { offset < bytes.count && bytes[offset] == byte }

    /// JSON's own grammar: Swift reads more ("0x1p3", "+1", "nan").
    private mutating func number() throws(JSONTree.Fault) -> String {
        let start = offset
        if next(UInt8(ascii: "-")) { offset += 1 }
        let whole = offset
        let count = digits()
        guard count == 1 || (count > 1 && bytes[whole] != UInt8(ascii: "0")) else {
            throw fault("what stands there is no value of JSON")
        }
        if next(UInt8(ascii: ".")) {
            offset += 1
            guard digits() > 0 else { throw fault("no digit follows the point") }
        }
        if next(UInt8(ascii: "e")) || next(UInt8(ascii: "E")) {
            offset += 1
            if next(UInt8(ascii: "+")) || next(UInt8(ascii: "-")) { offset += 1 }
            guard digits() > 0 else { throw fault("the exponent has no digit") }
        }
        guard offset - start <= 400 else { throw fault("a number has more than 400 digits") }
        let text = String(decoding: bytes[start..<offset], as: UTF8.self)
        guard let value = Double(text), value.isFinite else { throw fault("the number \(text) is too large") }
        return text
    }

    private mutating func text() throws(JSONTree.Fault) -> String {
        offset += 1
        var start = offset
        var plain: [UInt8] = []
        while offset < bytes.count {
            switch bytes[offset] {
            case UInt8(ascii: "\""):
                let text: String?
                if plain.isEmpty {
                    text = String(validating: bytes[start..<offset], as: UTF8.self)
                } else {
                    plain.append(contentsOf: bytes[start..<offset])
                    text = String(validating: plain, as: UTF8.self)
                }
                guard let text else {
                    throw JSONTree.Fault(
                        reason: "a text is not UTF-8", offset: start, isEncoding: true)
                }
                offset += 1
                return text
            case UInt8(ascii: "\\"):
                plain.append(contentsOf: bytes[start..<offset])
                offset += 1
                plain.append(contentsOf: Array(String(try escape()).utf8))
                start = offset
            case 0..<0x20: throw fault("a text holds a control character")
            default: offset += 1
            }
        }
        throw fault("a text does not end")
    }

    private mutating func escape() throws(JSONTree.Fault) -> Unicode.Scalar {
        guard offset < bytes.count else { throw fault("a text does not end") }
        let byte = bytes[offset]
        offset += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
        case UInt8(ascii: "b"): return "\u{08}"
        case UInt8(ascii: "f"): return "\u{0C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): break
        default: throw fault("a text has an escape that JSON does not know")
        }
        let first = try fourDigits()
        guard UTF16.isLeadSurrogate(first) else {
            guard let scalar = Unicode.Scalar(first) else { throw fault("half a surrogate pair") }
            return scalar
        }
        guard next(UInt8(ascii: "\\")) else { throw fault("half a surrogate pair") }
        offset += 1
        guard next(UInt8(ascii: "u")) else { throw fault("half a surrogate pair") }
        offset += 1
        let second = try fourDigits()
        guard UTF16.isTrailSurrogate(second),
            let scalar = Unicode.Scalar(0x10000 + (UInt32(first & 0x3FF) << 10) + UInt32(second & 0x3FF))
        else { throw fault("half a surrogate pair") }
        return scalar
    }

    private mutating func fourDigits() throws(JSONTree.Fault) -> UInt16 {
        guard offset + 4 <= bytes.count,
            bytes[offset..<offset + 4].allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
            let value = UInt16(String(decoding: bytes[offset..<offset + 4], as: UTF8.self), radix: 16)
        else { throw fault("four hexadecimal digits are wanted behind \\u") }
        offset += 4
        return value
    }
}
