/// Texts of Office Open XML: white space at the ends, and characters written as _xHHHH_.
struct XMLText {
    /// The bytes gathered, UTF-8.
    private(set) var bytes: [UInt8] = []
    /// Where the piece in work begins.
    private var start = 0

    /// Forgets everything.
    mutating func clear() {
        bytes.removeAll(keepingCapacity: bytes.capacity <= 1 << 16)
        start = 0
    }

    /// Adds to the piece in work.
    mutating func append(_ more: UnsafeBufferPointer<UInt8>) { bytes.append(contentsOf: more) }

    /// Ends a piece: takes the white space from its ends unless it is kept.
    mutating func endPiece(keepsSpace: Bool) {
        if !keepsSpace {
            while bytes.count > start, let last = bytes.last, Self.isSpace(last) { bytes.removeLast() }
            var first = start
            while first < bytes.count, Self.isSpace(bytes[first]) { first += 1 }
            if first > start { bytes.removeSubrange(start..<first) }
        }
        start = bytes.count
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
    }

    /// Puts the character for each _xHHHH_.
    mutating func decodeEscapes() {
        guard bytes.count >= 7, Self.hasEscape(bytes) else { return }
        var units: [UInt16] = []
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        func flush() {
            guard !units.isEmpty else { return }
            result.append(contentsOf: String(decoding: units, as: UTF16.self).utf8)
            units.removeAll()
        }
        var index = 0
        while index < bytes.count {
            if let unit = Self.escape(in: bytes, at: index) {
                units.append(unit)
                index += 7
            } else {
                flush()
                result.append(bytes[index])
                index += 1
            }
        }
        flush()
        bytes = result
        start = bytes.count
    }

    private static func hasEscape(_ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBufferPointer { bytes in
            var index = 0
            while index + 6 < bytes.count {
                if bytes[index] == UInt8(ascii: "_"), bytes[index + 1] == UInt8(ascii: "x") { return true }
                index += 1
            }
            return false
        }
    }

    /// The UTF-16 unit that is written as _xHHHH_ at a place of a text.
    static func escape(in bytes: [UInt8], at index: Int) -> UInt16? {
        guard index + 6 < bytes.count, bytes[index] == UInt8(ascii: "_"),
            bytes[index + 1] == UInt8(ascii: "x"),
            bytes[index + 6] == UInt8(ascii: "_")
        else { return nil }
        var unit: UInt16 = 0
        for byte in bytes[(index + 2)..<(index + 6)] {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): unit = unit << 4 | UInt16(byte - UInt8(ascii: "0"))
            case UInt8(ascii: "A")...UInt8(ascii: "F"):
                unit = unit << 4 | UInt16(byte - UInt8(ascii: "A") + 10)
            case UInt8(ascii: "a")...UInt8(ascii: "f"):
                unit = unit << 4 | UInt16(byte - UInt8(ascii: "a") + 10)
            default: return nil
            }
        }
        return unit
    }

    /// The text.
    var string: String { String(decoding: bytes, as: UTF8.self) }
}
