// TOMLDocument: TOML files as values that know their lines, and a reader that refuses unknown keys.
// May import: DirectoryModel.

package import DirectoryModel
internal import CTOMLPlusPlus
internal import Glibc

/// A parsed TOML 1.0 file.
package struct TOMLDocument: Hashable, Sendable {
    /// The file as messages name it, such as "/etc/quarter/quarter.toml".
    package let file: String
    /// The file's own table.
    package let root: TOMLTable

    /// The longest file, in bytes.
    ///
    /// Chosen, not measured: our longest shipped file has 12 KiB.
    package static let maximumBytes = 1 << 20

    /// Parses the text of a file.
    ///
    /// - Parameters:
    ///   - bytes: the file, UTF-8, with or without a byte order mark, at most `maximumBytes`.
    ///   - file: the file's name for messages.
    /// - Throws: `configuration_invalid` with the location "file:line" of the first fault.
    package init(parsing bytes: [UInt8], file: String) throws(DirectoryError) {
        guard bytes.count <= Self.maximumBytes else {
            throw DirectoryError(
                .configurationInvalid, "the file has more than \(Self.maximumBytes >> 20) MiB",
                advice: "keep settings in TOML, and data in registers", location: file)
        }
        self.file = file
        self.root = try Self.parse(bytes, file: file)
    }

    /// Parses a text; see `init(parsing:file:)`.
    package init(parsing text: String, file: String) throws(DirectoryError) {
        try self.init(parsing: Array(text.utf8), file: file)
    }

    /// Reads and parses the file at `path`; messages name it by its path.
    ///
    /// - Throws: `unreadable_file` when it cannot be read, and as `init(parsing:file:)`.
    package init(contentsOf path: String) throws(DirectoryError) {
        try self.init(parsing: try Self.bytes(of: path), file: path)
    }

    private static func parse(_ bytes: [UInt8], file: String) throws(DirectoryError) -> TOMLTable {
        var failure = quarter_toml_error()
        let document = bytes.withUnsafeBytes { buffer in
            quarter_toml_parse(
                buffer.baseAddress?.assumingMemoryBound(to: CChar.self), buffer.count, &failure)
        }
        guard let document else {
            let message = withUnsafeBytes(of: failure.message) { raw in
                String(decoding: raw.prefix { $0 != 0 }, as: UTF8.self)
            }
            throw DirectoryError(
                .configurationInvalid, "this is not TOML: " + message.oneLine,
                advice: failure.column > 0 ? "see column \(failure.column) of that line" : nil,
                location: failure.line > 0 ? "\(file):\(failure.line)" : file)
        }
        defer { quarter_toml_free(document) }
        var count = 0
        let nodes = UnsafeBufferPointer(start: quarter_toml_nodes(document, &count), count: count)
        var reading = NodeReading(nodes: nodes)
        guard case .table(let root) = reading.next().content else {
            throw DirectoryError(.internalError, "the TOML parser gave no table", location: file)
        }
        return root
    }

    private static func bytes(of path: String) throws(DirectoryError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw unreadable(path, errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw unreadable(path, errno) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw DirectoryError(.unreadableFile, "this is no ordinary file", location: path)
        }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while bytes.count <= maximumBytes {
            let count = read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw unreadable(path, errno) }
            guard count > 0 else { break }
            bytes.append(contentsOf: chunk[..<count])
        }
        return bytes
    }

    private static func unreadable(_ path: String, _ number: Int32) -> DirectoryError {
        DirectoryError(
            .unreadableFile, "the file cannot be read",
            advice: number == ENOENT ? "check its path" : "check its owner and its mode",
            location: path, cause: String(cString: strerror(number)))
    }
}

/// A table's entries in the order of the file.
package struct TOMLTable: Hashable, Sendable {
    /// Keys with their values, in the order of the file; no key twice.
    package let entries: [Entry]

    /// The value of `key`, or nil.
    package subscript(key: String) -> TOMLValue? { entries.first { $0.key == key }?.value }

    /// A key with its value.
    package struct Entry: Hashable, Sendable {
        /// The key.
        package let key: String
        /// Where the key stands.
        package let position: TOMLPosition
        /// Its value.
        package let value: TOMLValue
    }
}

/// A value, and where it stands.
package struct TOMLValue: Hashable, Sendable {
    /// The value itself.
    package let content: Content
    /// Where it begins.
    package let position: TOMLPosition

    /// What a TOML value can be.
    package indirect enum Content: Hashable, Sendable {
        /// A text.
        case text(String)
        /// A whole number.
        case whole(Int)
        /// A decimal number, which may be infinite or not a number.
        case decimal(Double)
        /// True or false.
        case bool(Bool)
        /// A date, a time or both, in their TOML form.
        case moment(String)
        /// Values in order.
        case array([TOMLValue])
        /// A table.
        case table(TOMLTable)

        /// What it is, for a message: "a text", "a whole number".
        package var noun: String {
            switch self {
            case .text: "a text"
            case .whole: "a whole number"
            case .decimal: "a decimal number"
            case .bool: "true or false"
            case .moment: "a date or time"
            case .array: "a list"
            case .table: "a table"
            }
        }
    }
}

/// A line and a column of a file, both from 1; 0 where none is known.
package struct TOMLPosition: Hashable, Comparable, Sendable {
    /// The line.
    package let line: Int
    /// The column, in characters.
    package let column: Int

    /// Whether the left position comes first.
    package static func < (left: Self, right: Self) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }
}

/// Turns the shim's flat nodes into values.
///
/// The depth is bounded by the shim.
private struct NodeReading {
    let nodes: UnsafeBufferPointer<quarter_toml_node>
    var at = 0

    mutating func next() -> TOMLValue {
        let node = nodes[at]
        at += 1
        return TOMLValue(
            content: content(of: node), position: TOMLPosition(line: Int(node.line), column: Int(node.column))
        )
    }

    private mutating func content(of node: quarter_toml_node) -> TOMLValue.Content {
        switch Int(node.kind) {
        case QUARTER_TOML_TABLE: .table(table(of: Int(node.child_count)))
        case QUARTER_TOML_ARRAY: .array((0..<Int(node.child_count)).map { _ in next() })
        case QUARTER_TOML_STRING: .text(text(node.text, node.text_length))
        case QUARTER_TOML_WHOLE: .whole(Int(node.whole))
        case QUARTER_TOML_DECIMAL: .decimal(node.decimal)
        case QUARTER_TOML_BOOL: .bool(node.whole != 0)
        default: .moment(text(node.text, node.text_length))
        }
    }

    /// toml++ keeps tables sorted by key; the file's order is that of the keys' positions.
    private mutating func table(of count: Int) -> TOMLTable {
        var entries: [TOMLTable.Entry] = []
        for _ in 0..<count {
            let node = nodes[at]
            let position = TOMLPosition(line: Int(node.key_line), column: Int(node.key_column))
            entries.append(
                TOMLTable.Entry(key: text(node.key, node.key_length), position: position, value: next()))
        }
        return TOMLTable(entries: entries.sorted { $0.position < $1.position })
    }

    private func text(_ start: UnsafePointer<CChar>?, _ length: Int) -> String {
        String(
            decoding: UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : length), as: UTF8.self)
    }
}

extension String {
    /// The text on one line: control characters become blanks.
    package var oneLine: String {
        String(
            String.UnicodeScalarView(
                unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 }))
    }
}
