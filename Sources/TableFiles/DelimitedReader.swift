internal import DirectoryModel
internal import Glibc

/// A text file, record by record (RFC 4180, read as leniently as Python's csv reads it).
///
/// A field that begins with a quotation mark goes on to the next single one; what follows that one before the next
/// delimiter is added to it. A quotation mark elsewhere is a character.
final class DelimitedReader {
    private static let blockCount = 1 << 18
    private static let quote = UInt8(ascii: "\"")

    private let source: TextSource
    private let site: FaultSite
    private let options: TableOptions
    private let encodingWords: String
    private let delimiter: UInt8
    /// UTF-8 from `position` to `end` that is not read yet.
    private var window: UnsafeMutableRawBufferPointer
    private var position = 0
    private var end = 0
    /// The line in work, from 1.
    private var line = 1
    /// Records so far, blank ones too.
    private var number = 0
    private var cells: [TableCell] = []
    /// The fields of the record in work, in bytes.
    private var rowByteCount = 0
    /// A quoted field so far.
    private var scratch: [UInt8] = []

    /// - Parameter encodingWords: what the file's characters should be, for a message ("UTF-8").
    init(source: TextSource, delimiter: UInt8, site: FaultSite, options: TableOptions, encodingWords: String)
    {
        self.source = source
        self.delimiter = delimiter
        self.site = site
        self.options = options
        self.encodingWords = encodingWords
        window = .allocate(byteCount: 2 * Self.blockCount, alignment: 16)
    }

    deinit { window.deallocate() }

    /// The next record with something in it; nil at the end.
    func next() throws(DirectoryError) -> TableRow? {
        while true {
            let start = line
            guard try readRecord() else { return nil }
            number += 1
            while let last = cells.last, last.isEmpty { cells.removeLast() }
            if !cells.isEmpty { return TableRow(number: number, line: start, cells: cells) }
        }
    }

    /// Passes over the first line, which names the delimiter.
    func skipLine() throws(DirectoryError) {
        _ = try readRecord()
        number += 1
    }

    // MARK: - Records

    /// Reads a record into `cells`; false at the end of the file.
    private func readRecord() throws(DirectoryError) -> Bool {
        cells.removeAll(keepingCapacity: true)
        rowByteCount = 0
        guard try hasMore() else { return false }
        while true {
            if try hasMore(), window[position] == Self.quote {
                try readQuoted()
            } else {
                let count = try plainCount()
                try add(UnsafeRawBufferPointer(rebasing: window[position..<(position + count)]), line: line)
                position += count
            }
            guard position < end else { return true }
            let byte = window[position]
            position += 1
            if byte == delimiter {
                guard cells.count < options.columnLimit else {
                    throw site.invalid(
                        "the line has more than \(options.columnLimit) fields",
                        advice: "check that its quotation marks come in pairs", line: line)
                }
                continue
            }
            line += 1
            if byte == UInt8(ascii: "\r"), try hasMore(), window[position] == UInt8(ascii: "\n") {
                position += 1
            }
            return true
        }
    }

    /// How many bytes come before the next delimiter or end of a line; the window holds what ended it, or is at
    /// the file's end.
    private func plainCount() throws(DirectoryError) -> Int {
        var count = 0
        while true {
            var index = position + count
            let delimiter = delimiter
            let window = UnsafeRawBufferPointer(window)
            while index < end {
                let byte = window[index]
                if byte == delimiter { break }
                // Tabulators and vertical ones are characters where they do not end a field.
                if byte <= 13, byte == 10 || byte == 13 || byte == 0 { break }
                index += 1
            }
            count = index - position
            guard count <= options.fieldLimit else { throw tooLong(line) }
            if index < end {
                if window[index] == 0 { throw nul() }
                return count
            }
            if try !fill() { return count }
        }
    }

    /// Reads a field that begins with a quotation mark.
    private func readQuoted() throws(DirectoryError) {
        let opened = line
        position += 1
        scratch.removeAll(keepingCapacity: true)
        while true {
            let piece = UnsafeRawBufferPointer(rebasing: window[position..<end])
            let hit = piece.baseAddress.flatMap { memchr($0, Int32(Self.quote), piece.count) }
            let count = hit.flatMap { hit in piece.baseAddress.map { $0.distance(to: hit) } } ?? piece.count
            try addToScratch(UnsafeRawBufferPointer(rebasing: piece[..<count]), opened: opened)
            position += count
            if hit == nil {
                if try fill() { continue }
                throw unclosed(opened)
            }
            position += 1
            guard try hasMore(), window[position] == Self.quote else { break }
            scratch.append(Self.quote)
            position += 1
        }
        let count = try plainCount()
        if count > 0 {
            try addToScratch(
                UnsafeRawBufferPointer(rebasing: window[position..<(position + count)]), opened: opened)
        }
        position += count
        let field = scratch
        do {
            try field.withUnsafeBytes { try add($0, line: opened) }
        } catch let error as DirectoryError {
            throw error
        } catch {
            throw site.unreadable("\(error)")
        }
    }

    private func addToScratch(_ bytes: UnsafeRawBufferPointer, opened: Int) throws(DirectoryError) {
        guard scratch.count + bytes.count <= options.fieldLimit else { throw tooLong(opened) }
        var last = scratch.last ?? 0
        for byte in bytes {
            if byte == 10 {
                if last != 13 { line += 1 }
            } else if byte == 13 {
                line += 1
            } else if byte == 0 {
                throw nul()
            }
            last = byte
        }
        scratch.append(contentsOf: bytes)
    }

    /// Adds a field.
    private func add(_ bytes: UnsafeRawBufferPointer, line: Int) throws(DirectoryError) {
        guard let first = bytes.first else {
            cells.append(.empty)
            return
        }
        rowByteCount += bytes.count
        guard rowByteCount <= options.rowLimit else {
            throw site.invalid(
                "the record that ends on this line is longer than \(options.rowLimit) bytes",
                advice: "check that its quotation marks come in pairs", line: line)
        }
        var text = bytes.assumingMemoryBound(to: UInt8.self)
        if first == UInt8(ascii: "'"), FormulaGuard.hasMark(text) {
            text = UnsafeBufferPointer(rebasing: text[1...])
        } else if first == UInt8(ascii: "="), text.count >= 3, text[1] == Self.quote,
            text[2...].firstIndex(of: Self.quote) == text.count - 1
        {
            // ="0123": how a program tells a spreadsheet that digits are a text.
            text = UnsafeBufferPointer(rebasing: text[2..<(text.count - 1)])
            if text.isEmpty {
                cells.append(.empty)
                return
            }
        }
        guard let string = String(validating: text, as: UTF8.self) else {
            throw wrongEncoding(line + Self.lineEnds(beforeWrongByteOf: text))
        }
        cells.append(.text(string))
    }

    /// How many lines end before the first byte that is no UTF-8.
    private static func lineEnds(beforeWrongByteOf text: UnsafeBufferPointer<UInt8>) -> Int {
        let bytes = Array(text)
        var index = 0
        var (count, last) = (0, UInt8(0))
        while index < bytes.count {
            let byte = bytes[index]
            let length = byte < 0x80 ? 1 : EncodingEvidence.sequenceLength(bytes, at: index)
            guard length > 0 else { break }
            if byte == 13 || (byte == 10 && last != 13) { count += 1 }
            last = byte
            index += length
        }
        return count
    }

    // MARK: - The window

    /// Whether a byte comes at `position`; reads more where the window is at its end.
    private func hasMore() throws(DirectoryError) -> Bool {
        if position < end { return true }
        return try fill()
    }

    /// Moves what is not read to the front and adds to it; false at the file's end.
    private func fill() throws(DirectoryError) -> Bool {
        let kept = end - position
        if window.count - kept < Self.blockCount {
            // Only a field as long as the limit gets here, so this ends.
            let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: window.count * 2, alignment: 16)
            larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: window[position..<end]))
            window.deallocate()
            window = larger
        } else if position > 0, kept > 0, let base = window.baseAddress {
            memmove(base, base + position, kept)
        }
        position = 0
        end = kept
        do {
            let got = try source.read(
                into: UnsafeMutableRawBufferPointer(
                    rebasing: window[end..<min(window.count, end + Self.blockCount)]))
            end += got
            return got > 0
        } catch {
            switch error {
            case .encoding: throw wrongEncoding(line)
            case .system(let words): throw site.unreadable(words)
            }
        }
    }

    // MARK: - Errors

    private func wrongEncoding(_ line: Int) -> DirectoryError {
        site.invalid(
            "the line has bytes that are not \(encodingWords)",
            advice: "name the encoding if it is another one, or save the file as UTF-8", line: line)
    }

    private func nul() -> DirectoryError {
        site.invalid(
            "the line has a NUL byte, which no text has",
            advice:
                "if the file is UTF-16 without a byte order mark, name that encoding, or save it as UTF-8",
            line: line)
    }

    private func unclosed(_ opened: Int) -> DirectoryError {
        site.invalid(
            "the quotation mark that opens a field on this line is never closed",
            advice: "close it, or double it where it is part of the text", line: opened)
    }

    private func tooLong(_ opened: Int) -> DirectoryError {
        site.invalid(
            "a field that begins on this line is longer than \(options.fieldLimit) bytes",
            advice: "check that its quotation mark is closed", line: opened)
    }
}
