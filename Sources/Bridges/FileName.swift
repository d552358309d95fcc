internal import Digests
internal import Foundation

/// The name of a file in a folder, as the kernel has it: any bytes but a slash and a zero, whoever wrote them.
package struct FileName: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The bytes; never empty, at most 255.
    package let bytes: [UInt8]

    /// The longest name that Linux takes, in bytes.
    static let longest = 255

    /// A name of these bytes.
    package init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// A name of this text.
    package init(_ text: String) { bytes = Array(text.utf8) }

    /// As people read it: UTF-8, else GB18030, as archives packed on Windows name their files, else with marks in the
    /// place of what is neither.
    package var text: String {
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        return FileName.fromGB18030(bytes) ?? String(decoding: bytes, as: UTF8.self)
    }

    /// The text in one line, its control characters shown as escapes.
    package var description: String { text.onOneLine }

    /// In the order of their bytes.
    package static func < (left: FileName, right: FileName) -> Bool {
        left.bytes.lexicographicallyPrecedes(right.bytes)
    }

    /// Where the ending begins, as an index of `bytes`; their number where there is none.
    private var endingStart: Int {
        for ending in [".osm.pbf"] where hasEnding(ending) { return bytes.count - ending.utf8.count }
        guard let dot = bytes.lastIndex(of: UInt8(ascii: ".")), dot > 0, bytes.count - dot <= 12 else {
            return bytes.count
        }
        return dot
    }

    /// Whether the name ends so, whatever the case of its letters.
    package func hasEnding(_ ending: String) -> Bool {
        bytes.count > ending.utf8.count
            && zip(bytes.suffix(ending.utf8.count), ending.utf8).allSatisfy { byte, wanted in
                (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte + 32 == wanted : byte == wanted
            }
    }

    /// The name without its ending and with another one: "台账.xlsx" and ".answer.xlsx" give "台账.answer.xlsx".
    package func replacingEnding(by ending: String) -> FileName {
        FileName.fitting(Array(bytes[..<endingStart]), Array(ending.utf8), of: bytes)
    }

    /// The whole name with more behind it.
    package func adding(_ more: String) -> FileName { FileName.fitting(bytes, Array(more.utf8), of: bytes) }

    /// The name with a number before its ending, for where the name itself is taken: "台账-2.xlsx".
    package func numbered(_ number: Int) -> FileName {
        FileName.fitting(
            Array(bytes[..<endingStart]), Array("-\(number)".utf8) + bytes[endingStart...], of: bytes)
    }

    /// Two parts as one name; where that is too long the first is cut, and a mark of the whole name put in, so that two
    /// long names do not become one.
    private static func fitting(_ first: [UInt8], _ last: [UInt8], of whole: [UInt8]) -> FileName {
        guard first.count + last.count > longest else { return FileName(first + last) }
        let hash = NameUUID.text(
            of: whole.map { String($0, radix: 16) }.joined(separator: " "), in: namespace)
        let mark = Array("~\(hash.prefix(8))".utf8)
        var kept = first.prefix(longest - last.count - mark.count)
        // Not in the middle of a character of UTF-8: a byte that continues one is 10xxxxxx.
        if String(validating: whole, as: UTF8.self) != nil {
            while kept.endIndex < first.endIndex, first[kept.endIndex] & 0xC0 == 0x80 { kept.removeLast() }
        }
        return FileName(Array(kept) + mark + last)
    }

    /// Of the marks of long names: any 16 bytes that nobody else uses would do.
    private static let namespace = Array("quarter:filename".utf8)

    private static func fromGB18030(_ bytes: [UInt8]) -> String? {
        guard let converter = iconv_open("UTF-8", "GB18030"), converter != iconv_t(bitPattern: -1) else {
            return nil
        }
        defer { iconv_close(converter) }
        var input = bytes.map { CChar(bitPattern: $0) }
        var output = [CChar](repeating: 0, count: bytes.count * 4)
        var (left, room) = (input.count, output.count)
        let isDone = input.withUnsafeMutableBufferPointer { from in
            output.withUnsafeMutableBufferPointer { to in
                var (source, target) = (from.baseAddress, to.baseAddress)
                return iconv(converter, &source, &left, &target, &room) != Int(bitPattern: UInt.max)
                    && left == 0
            }
        }
        guard isDone else { return nil }
        return String(
            validating: output.dropLast(room).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
