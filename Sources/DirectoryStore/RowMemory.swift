import DirectoryModel

/// Texts and attributes that many rows of one reading have: each is made once, and is in memory once.
///
/// Of two that meet in one place of the table the later one stays, so that the table has a fixed size; what is found is
/// compared byte for byte.
final class RowMemory {
    /// Places of a table.
    ///
    /// Chosen, not measured: some times as many as a city has types, opening times and combinations of attributes.
    private static let size = 1 << 13

    private var texts = [String?](repeating: nil, count: size)
    private var attributes = [(json: [UInt8], value: [String: AttributeValue])?](
        repeating: nil, count: size)

    /// The text of these bytes.
    func text(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
        // Shorter ones stand where they are used.
        guard bytes.count > 15 else { return String(decoding: bytes, as: UTF8.self) }
        let index = Self.index(of: bytes)
        if let known = texts[index], known.utf8.isSame(as: bytes) { return known }
        let text = String(decoding: bytes, as: UTF8.self)
        texts[index] = text
        return text
    }

    /// The attributes that these bytes are the JSON of, read by `body` where they are new.
    func attributes(
        _ bytes: UnsafeBufferPointer<UInt8>, _ body: () throws(DirectoryError) -> [String: AttributeValue]
    ) throws(DirectoryError) -> [String: AttributeValue] {
        let index = Self.index(of: bytes)
        if let known = attributes[index], known.json.isSame(as: bytes) { return known.value }
        let value = try body()
        attributes[index] = (Array(bytes), value)
        return value
    }

    private static func index(of bytes: UnsafeBufferPointer<UInt8>) -> Int {
        var hasher = Hasher()
        hasher.combine(bytes: UnsafeRawBufferPointer(bytes))
        return hasher.finalize() & (size - 1)
    }
}

extension Collection<UInt8> {
    fileprivate func isSame(as bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        withContiguousStorageIfAvailable { $0.elementsEqual(bytes) } ?? elementsEqual(bytes)
    }
}
