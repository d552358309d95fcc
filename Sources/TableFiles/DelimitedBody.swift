internal import DirectoryModel
internal import Glibc

/// Writes .csv and .tsv: RFC 4180, UTF-8 with a byte order mark, CRLF.
final class DelimitedBody: TableBody {
    private static let blockCount = 1 << 16

    private let finalPath: String
    private let delimiter: UInt8
    private var descriptor: Int32
    private var buffer: [UInt8] = [0xEF, 0xBB, 0xBF]
    private var hasSheet = false

    init(path: String, finalPath: String, delimiter: UInt8) throws(DirectoryError) {
        self.finalPath = finalPath
        self.delimiter = delimiter
        descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else {
            throw TableWriter.unwritable(finalPath, String(cString: strerror(errno)))
        }
    }

    deinit { discard() }

    func addSheet(name: String, columns: [TableColumn]) throws(DirectoryError) {
        guard !hasSheet else {
            throw DirectoryError(
                .invalidRequest,
                "a text file has one sheet, and there is a second (\(FaultSite.plain(name)))",
                advice: "write an .xlsx file", location: FaultSite.plain(finalPath))
        }
        hasSheet = true
        try append(
            TableLine(
                cells: columns.map { .text($0.title) }[...], columns: columns, tint: .none, tinted: [:],
                notes: [:]))
    }

    func append(_ line: TableLine) throws(DirectoryError) {
        for column in line.columns.indices {
            if column > 0 { buffer.append(delimiter) }
            let index = line.cells.startIndex + column
            guard index < line.cells.endIndex else { continue }
            switch line.cells[index] {
            case .empty: break
            case .text(let text): write(text, isGuarded: FormulaGuard.needsMark(text))
            case let cell: write(cell.text, isGuarded: false)
            }
        }
        buffer += [13, 10]
        if buffer.count >= Self.blockCount { try flush() }
    }

    private func write(_ text: String, isGuarded: Bool) {
        let bytes = text.utf8
        // Every mark that a reader may take for the delimiter, not this file's alone: so nothing shows a wrong one.
        let isQuoted =
            bytes.contains {
                $0 == delimiter || $0 == UInt8(ascii: "\"") || $0 == 10 || $0 == 13
                    || DelimiterEvidence.candidates.contains($0)
            } || bytes.first == 0x20 || bytes.last == 0x20 || text.lowercased().hasPrefix("sep=")
        if !isQuoted {
            if isGuarded { buffer.append(UInt8(ascii: "'")) }
            append(bytes)
            return
        }
        buffer.append(UInt8(ascii: "\""))
        if isGuarded { buffer.append(UInt8(ascii: "'")) }
        for byte in bytes {
            if byte == UInt8(ascii: "\"") { buffer.append(byte) }
            buffer.append(byte == 0 ? UInt8(ascii: " ") : byte)
        }
        buffer.append(UInt8(ascii: "\""))
    }

    /// A NUL, which no text file may hold, becomes a space.
    private func append(_ bytes: String.UTF8View) {
        if bytes.contains(0) {
            buffer.append(contentsOf: bytes.map { $0 == 0 ? UInt8(ascii: " ") : $0 })
        } else {
            buffer.append(contentsOf: bytes)
        }
    }

    private func flush() throws(DirectoryError) {
        var done = 0
        while done < buffer.count {
            let wrote = buffer.withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress.map { $0 + done }, $0.count - done)
            }
            if wrote < 0, errno == EINTR { continue }
            guard wrote > 0 else { throw TableWriter.unwritable(finalPath, String(cString: strerror(errno))) }
            done += wrote
        }
        buffer.removeAll(keepingCapacity: true)
    }

    func finish() throws(DirectoryError) {
        try flush()
        let isClosed = close(descriptor) == 0
        descriptor = -1
        guard isClosed else { throw TableWriter.unwritable(finalPath, String(cString: strerror(errno))) }
    }

    func discard() {
        guard descriptor >= 0 else { return }
        close(descriptor)
        descriptor = -1
    }
}
