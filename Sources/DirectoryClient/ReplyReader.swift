internal import DirectoryModel
import Foundation

/// Reads one HTTP/1.1 answer from a connection.
struct ReplyReader {
    private let connection: ClientConnection
    private var pending: [UInt8] = []
    private var position = 0

    /// Bytes of an answer's head that are read at most.
    ///
    /// Chosen, not measured.
    private static let headLimit = 64 * 1024
    /// Bytes of an answer's body that are read at most: a city's isochrone is 100 times smaller.
    private static let bodyLimit = 256 * 1024 * 1024

    /// A reader of `connection`.
    init(connection: ClientConnection) { self.connection = connection }

    /// Reads an answer whole, passing over interim ones.
    ///
    /// - Throws: `bad_reply` for what is no HTTP answer; `request_timeout`.
    mutating func readReply() throws(DirectoryError) -> ClientReply {
        while true {
            let (status, headers) = try readHead()
            if (100...199).contains(status) { continue }
            return ClientReply(status: status, headers: headers, body: try readBody(status, headers))
        }
    }

    /// Reads an answer that goes on until the connection's end, line by line.
    ///
    /// - Parameter take: false to end.
    /// - Returns: the answer, where it is of another status than 200.
    mutating func readLines(
        _ take: (String) throws(DirectoryError) -> Bool
    ) throws(DirectoryError) -> ClientReply? {
        let (status, headers) = try readHead()
        guard status == 200 else {
            return ClientReply(status: status, headers: headers, body: try readBody(status, headers))
        }
        guard headers["content-length"] == nil, headers["transfer-encoding"] == nil else {
            throw fault("the answer does not go on")
        }
        var line: [UInt8] = []
        while true {
            if position == pending.count {
                pending = try connection.receive(atMost: 64 * 1024)
                position = 0
                if pending.isEmpty { return nil }
            }
            let byte = pending[position]
            position += 1
            guard byte == UInt8(ascii: "\n") else {
                guard line.count < ReplyReader.bodyLimit else {
                    throw fault("a line of the answer is too long")
                }
                line.append(byte)
                continue
            }
            if line.last == UInt8(ascii: "\r") { line.removeLast() }
            guard try take(String(decoding: line, as: UTF8.self)) else { return nil }
            line.removeAll(keepingCapacity: true)
        }
    }

    private func fault(_ words: String) -> DirectoryError {
        DirectoryError(.badReply, words, advice: ClientReply.versionAdvice)
    }

    private mutating func readHead() throws(DirectoryError) -> (Int, [String: String]) {
        var size = 0
        let parts = try readLine(&size).split(separator: " ", maxSplits: 2)
        guard parts.count >= 2, parts[0] == "HTTP/1.1" || parts[0] == "HTTP/1.0", let status = Int(parts[1]),
            (100...599).contains(status)
        else { throw fault("what answers does not speak HTTP/1.1") }
        var headers: [String: String] = [:]
        while true {
            let line = try readLine(&size)
            if line.isEmpty { return (status, headers) }
            guard let colon = line.firstIndex(of: ":") else { throw fault("a header field has no colon") }
            let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
            headers[line[..<colon].lowercased()] = value
        }
    }

    private mutating func readBody(_ status: Int, _ headers: [String: String]) throws(DirectoryError)
        -> [UInt8]
    {
        if status == 204 || status == 304 { return [] }
        if headers["transfer-encoding"]?.lowercased() == "chunked" { return try readChunks() }
        guard let text = headers["content-length"] else { return try readToEnd() }
        guard let length = Int(text), (0...ReplyReader.bodyLimit).contains(length) else {
            throw fault("the answer's length is \(text.shortened())")
        }
        return try read(exactly: length)
    }

    private mutating func readChunks() throws(DirectoryError) -> [UInt8] {
        var body: [UInt8] = []
        while true {
            var size = 0
            let word = try readLine(&size).prefix { $0 != ";" }.trimmingCharacters(in: .whitespaces)
            guard let length = Int(word, radix: 16), length >= 0,
                length <= ReplyReader.bodyLimit - body.count
            else { throw fault("a piece of the answer has the length \(word.shortened())") }
            if length == 0 { break }
            body += try read(exactly: length)
            guard try readLine(&size).isEmpty else { throw fault("a piece of the answer is overlong") }
        }
        var size = 0
        while try !readLine(&size).isEmpty {}
        return body
    }

    private mutating func readToEnd() throws(DirectoryError) -> [UInt8] {
        var body = Array(pending[position...])
        position = pending.count
        while true {
            let piece = try connection.receive(atMost: 64 * 1024)
            if piece.isEmpty { return body }
            guard body.count + piece.count <= ReplyReader.bodyLimit else {
                throw fault("the answer is longer than \(ReplyReader.bodyLimit >> 20) MiB")
            }
            body += piece
        }
    }

    private mutating func fill() throws(DirectoryError) {
        let piece = try connection.receive(atMost: 64 * 1024)
        guard !piece.isEmpty else {
            throw DirectoryError(
                .badReply, "the connection ended before the whole answer had come",
                advice: "see why with `journalctl -u quarterd`, then ask again")
        }
        pending.removeFirst(position)
        position = 0
        pending += piece
    }

    private mutating func read(exactly count: Int) throws(DirectoryError) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        while bytes.count < count {
            if position == pending.count { try fill() }
            let take = min(count - bytes.count, pending.count - position)
            bytes += pending[position..<position + take]
            position += take
        }
        return bytes
    }

    /// The next line without its end, counted into `size`.
    private mutating func readLine(_ size: inout Int) throws(DirectoryError) -> String {
        var line: [UInt8] = []
        while true {
            if position == pending.count { try fill() }
            let byte = pending[position]
            position += 1
            size += 1
            guard size <= ReplyReader.headLimit else { throw fault("the answer's head is too long") }
            if byte == UInt8(ascii: "\n") { break }
            line.append(byte)
        }
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        return String(decoding: line, as: UTF8.self)
    }
}
