internal import DirectoryAPI
internal import DirectoryModel
internal import Foundation

/// Reads a file that is one JSON object, or one list, piece by piece: the elements of its long lists one at a time.
///
/// What is held at once is one piece: nothing grows with the file, however deep it nests.
struct JSONPieces {
    /// The most bytes that one piece may have.
    ///
    /// Chosen, not measured: the boundary of a province takes less.
    static let pieceLimit = 32 << 20
    /// Bytes that are read at once; chosen, not measured.
    private static let chunk = 1 << 20

    private let request: RegisterRequest
    private let advice: String
    private let handle: FileHandle
    private var buffer: [UInt8] = []
    private var at = 0
    /// The lists that were gone through.
    private(set) var lists: Set<String> = []

    /// Opens a file.
    ///
    /// - Parameter advice: what to give instead of a file that is none.
    /// - Throws: `unreadable_file`.
    init(_ request: RegisterRequest, advice: String) throws(DirectoryError) {
        self.request = request
        self.advice = advice
        do {
            handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: request.path))
        } catch {
            throw Self.unreadable(request, error)
        }
    }

    private static func unreadable(_ request: RegisterRequest, _ error: any Error) -> DirectoryError {
        DirectoryError(
            .unreadableFile, "\(request.fileName.shortened()) cannot be read",
            advice: "check that it is there and that this user may read it", location: request.fileName,
            cause: (error as NSError).localizedDescription)
    }

    /// That the file is no register of its format.
    func invalid(_ words: String, cause: String? = nil) -> DirectoryError {
        RegisterJSON.invalid(request, words, advice: advice, cause: cause)
    }

    /// Goes through the file once.
    ///
    /// - Parameters:
    ///   - lists: names of members whose elements are handed on one by one, where they are arrays. A file that is an array
    ///     itself is the list "".
    ///   - member: any other member, whole.
    ///   - element: name of the list, number of the element from 1, its bytes; false to read no further.
    /// - Throws: `invalid_file` for a file that is no JSON object, is cut off, has a member of its own twice, or a piece
    ///   beyond the limit; what the bodies throw.
    mutating func forEach(
        lists: Set<String>, member: (String, JSONTree) throws(DirectoryError) -> Void,
        element: (String, Int, [UInt8]) throws(DirectoryError) -> Bool
    ) throws(DirectoryError) {
        guard let first = try firstByte() else { throw invalid("is empty") }
        if first == UInt8(ascii: "["), lists.contains("") {
            guard try list("", element) else { return }
            return try end()
        }
        guard first == UInt8(ascii: "{") else { throw invalid("is no JSON object") }
        at += 1
        var seen: Set<String> = []
        if try peek() == UInt8(ascii: "}") {
            at += 1
            return try end()
        }
        while true {
            guard try peek() == UInt8(ascii: "\""),
                case .text(let name)? = try? JSONTree(piece("its members"))
            else { throw invalid("is not JSON: a member has no name that can be read") }
            guard try peek() == UInt8(ascii: ":") else {
                throw invalid("is not JSON: no colon follows \(name.shortened())")
            }
            at += 1
            guard seen.insert(name).inserted else { throw invalid("has “\(name.shortened())” twice") }
            if lists.contains(name), try peek() == UInt8(ascii: "[") {
                guard try list(name, element) else { return }
            } else {
                _ = try peek()
                try member(name, try tree(try piece("“\(name.shortened())”"), "“\(name.shortened())”"))
            }
            switch try peek() {
            case UInt8(ascii: ","): at += 1
            case UInt8(ascii: "}"):
                at += 1
                return try end()
            case nil: throw invalid("is cut off behind “\(name.shortened())”")
            default: throw invalid("is not JSON: neither a comma nor its end follows “\(name.shortened())”")
            }
        }
    }

    /// The elements of a list; false where no more is wanted.
    private mutating func list(
        _ name: String, _ element: (String, Int, [UInt8]) throws(DirectoryError) -> Bool
    ) throws(DirectoryError) -> Bool {
        let what = name.isEmpty ? "its list" : "“\(name)”"
        lists.insert(name)
        at += 1
        if try peek() == UInt8(ascii: "]") {
            at += 1
            return true
        }
        var number = 1
        while true {
            guard let next = try peek() else { throw invalid("is cut off in \(what)") }
            guard next != UInt8(ascii: ","), next != UInt8(ascii: "]") else {
                throw invalid("is not JSON: element \(number) of \(what) is missing")
            }
            guard try element(name, number, try piece("element \(number) of \(what)")) else { return false }
            number += 1
            switch try peek() {
            case UInt8(ascii: ","): at += 1
            case UInt8(ascii: "]"):
                at += 1
                return true
            case nil: throw invalid("is cut off behind element \(number - 1) of \(what)")
            default:
                throw invalid(
                    "is not JSON: neither a comma nor the end follows element \(number - 1) of \(what)")
            }
        }
    }

    /// A piece as a value.
    ///
    /// - Throws: `invalid_file`.
    func tree(_ bytes: [UInt8], _ what: String) throws(DirectoryError) -> JSONTree {
        do throws(JSONTree.Fault) {
            return try JSONTree(bytes)
        } catch {
            throw invalid("is not JSON in \(what)", cause: "\(error.reason), at its byte \(error.offset)")
        }
    }

    // MARK: bytes

    private mutating func firstByte() throws(DirectoryError) -> UInt8? {
        guard try refill() else { return nil }
        // A byte order mark, as Windows writes it, is not part of the JSON.
        if buffer.starts(with: [0xEF, 0xBB, 0xBF]) {
            at = 3
        } else if buffer.starts(with: [0xFF, 0xFE]) || buffer.starts(with: [0xFE, 0xFF]) {
            throw invalid("is UTF-16, and JSON is UTF-8")
        }
        return try peek()
    }

    /// Reads the next chunk in the place of the one that is used up; false at the end.
    private mutating func refill() throws(DirectoryError) -> Bool {
        do {
            let data = try handle.read(upToCount: Self.chunk) ?? Data()
            buffer = Array(data)
            at = 0
            return !buffer.isEmpty
        } catch {
            throw Self.unreadable(request, error)
        }
    }

    /// The next byte that is no white space, without taking it; nil at the end.
    private mutating func peek() throws(DirectoryError) -> UInt8? {
        while true {
            while at < buffer.count {
                switch buffer[at] {
                case 0x20, 0x09, 0x0A, 0x0D: at += 1
                default: return buffer[at]
                }
            }
            guard try refill() else { return nil }
        }
    }

    private mutating func end() throws(DirectoryError) {
        guard try peek() == nil else { throw invalid("is not JSON: something follows its end") }
        try? handle.close()
    }

    /// How far a piece is read.
    private struct Scan {
        var depth = 0
        var inText = false
        var isEscaped = false

        /// Where a piece ends among bytes, behind its last one; nil where it goes on.
        mutating func end(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int, isFirst: Bool) -> Int? {
            var index = start
            if isFirst, index < bytes.count {
                switch bytes[index] {
                case UInt8(ascii: "{"), UInt8(ascii: "["): depth = 1
                case UInt8(ascii: "\""): inText = true
                default: break
                }
                index += 1
            }
            while index < bytes.count {
                let byte = bytes[index]
                index += 1
                if inText {
                    if isEscaped {
                        isEscaped = false
                    } else if byte == UInt8(ascii: "\\") {
                        isEscaped = true
                    } else if byte == UInt8(ascii: "\"") {
                        inText = false
                        if depth == 0 { return index }
                    }
                    continue
                }
                switch byte {
                case UInt8(ascii: "\""): inText = true
                case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
                case UInt8(ascii: "}"), UInt8(ascii: "]"):
                    // A number or a word ends before the bracket around it.
                    if depth == 0 { return index - 1 }
                    depth -= 1
                    if depth == 0 { return index }
                case UInt8(ascii: ","), UInt8(ascii: ":"), 0x20, 0x09, 0x0A, 0x0D:
                    if depth == 0 { return index - 1 }
                default: break
                }
            }
            return nil
        }
    }

    /// The bytes of the value that begins at the next byte, found by its brackets alone.
    private mutating func piece(_ what: String) throws(DirectoryError) -> [UInt8] {
        var scan = Scan()
        var piece: [UInt8] = []
        var isFirst = true
        while true {
            let start = at
            let end = buffer.withUnsafeBufferPointer { scan.end($0, from: start, isFirst: isFirst) }
            isFirst = false
            let stop = end ?? buffer.count
            guard piece.count + stop - start <= Self.pieceLimit else {
                throw invalid("has more than \(Self.pieceLimit >> 20) MiB in \(what)")
            }
            piece.append(contentsOf: buffer[start..<stop])
            at = stop
            if end != nil { return piece }
            guard try refill() else {
                // A number at the very end of a file that is cut off.
                throw invalid("is cut off in \(what)")
            }
        }
    }
}
