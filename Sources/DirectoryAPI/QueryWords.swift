package import DirectoryModel

/// The words of a URL's query, taken one by one; what was not asked for is an error.
package struct QueryWords {
    private var words: [(name: String, value: String)]
    private var known: [String] = []

    /// Reads a raw query string, `a=1&b=%E4%B8%AD`, without the question mark; `+` is a space.
    ///
    /// - Throws: `invalid_request` where an escape is broken or the text is not UTF-8.
    package init(query: Substring) throws(DirectoryError) {
        words = []
        guard !query.isEmpty else { return }
        for pair in query.utf8.split(separator: UInt8(ascii: "&")) {
            let equals = pair.firstIndex(of: UInt8(ascii: "="))
            let name = try QueryWords.decoded(pair[..<(equals ?? pair.endIndex)])
            let value = try equals.map { index throws(DirectoryError) in
                try QueryWords.decoded(pair[pair.index(after: index)...])
            }
            words.append((name, value ?? ""))
        }
    }

    /// Words that came in another way than in a URL.
    package init(_ words: [(name: String, value: String)]) { self.words = words }

    private static func decoded(_ bytes: Substring.UTF8View.SubSequence) throws(DirectoryError) -> String {
        func fault() -> DirectoryError {
            DirectoryError(
                .invalidRequest,
                "the query holds \(String(Substring(bytes)).shortened()), which is no "
                    + "percent-encoded UTF-8")
        }
        guard bytes.contains(where: { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "%") }) else {
            return String(Substring(bytes))
        }
        var plain: [UInt8] = []
        plain.reserveCapacity(bytes.count)
        var index = bytes.startIndex
        while index < bytes.endIndex {
            let byte = bytes[index]
            index = bytes.index(after: index)
            switch byte {
            case UInt8(ascii: "+"): plain.append(0x20)
            case UInt8(ascii: "%"):
                guard let next = bytes.index(index, offsetBy: 2, limitedBy: bytes.endIndex),
                    let high = hexValue(bytes[index]), let low = hexValue(bytes[bytes.index(after: index)])
                else { throw fault() }
                plain.append(high << 4 | low)
                index = next
            default: plain.append(byte)
            }
        }
        guard let text = String(validating: plain, as: UTF8.self) else { throw fault() }
        return text
    }

    private static func hexValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }

    /// Whether a word was given and has not been taken.
    func holds(_ name: String) -> Bool { words.contains { $0.name == name } }

    /// Notes words as known that were not given.
    mutating func note(_ names: [String]) { if !words.isEmpty { known += names } }

    /// The values of a word that may be given several times, in order.
    package mutating func all(_ name: String) -> [String] {
        // A question has few of the words that it may have; once all are taken, nothing is unknown.
        if words.isEmpty { return [] }
        note(name)
        guard holds(name) else { return [] }
        let values = words.filter { $0.name == name }.map(\.value)
        words.removeAll { $0.name == name }
        return values
    }

    private mutating func note(_ name: String) {
        if known.isEmpty { known.reserveCapacity(20) }
        known.append(name)
    }

    /// The value of a word that may be given once.
    ///
    /// - Throws: `invalid_request` when it is given more often, or empty.
    package mutating func one(_ name: String) throws(DirectoryError) -> String? {
        if words.isEmpty { return nil }
        note(name)
        guard let index = words.firstIndex(where: { $0.name == name }) else { return nil }
        let value = words.remove(at: index).value
        guard !holds(name) else {
            let count = all(name).count + 1
            throw DirectoryError(.invalidRequest, "“\(name)” is given \(count) times", location: name)
        }
        guard !value.isEmpty else {
            throw DirectoryError(.invalidRequest, "“\(name)” is empty", location: name)
        }
        return value
    }

    /// A finite number within a range.
    package mutating func number(_ name: String, in range: ClosedRange<Double>, unit: String)
        throws(DirectoryError) -> Double?
    {
        guard let text = try one(name) else { return nil }
        guard let number = Double(text), number.isFinite, range.contains(number),
            text.utf8.allSatisfy({ (0x30...0x39).contains($0) || "+-.eE".utf8.contains($0) })
        else {
            throw DirectoryError(
                .invalidRequest,
                "“\(name)” is \(text.shortened()), not \(QueryWords.plain(range.lowerBound)) to "
                    + "\(QueryWords.plain(range.upperBound)) \(unit)", location: name)
        }
        return number
    }

    private static func plain(_ number: Double) -> String {
        number == number.rounded() ? "\(Int(number))" : "\(number)"
    }

    /// A whole number within a range.
    package mutating func whole(_ name: String, in range: ClosedRange<Int>) throws(DirectoryError) -> Int? {
        guard let text = try one(name) else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw DirectoryError(
                .invalidRequest,
                "“\(name)” is \(text.shortened()), not a whole number from \(range.lowerBound) to "
                    + "\(range.upperBound)", location: name)
        }
        return number
    }

    /// An id.
    package mutating func id<ID: DirectoryID>(_ name: String, as kind: ID.Type = ID.self)
        throws(DirectoryError) -> ID?
    {
        guard let text = try one(name) else { return nil }
        return try ID(validating: text)
    }

    /// One of a few words.
    package mutating func word<Word: RawRepresentable & CaseIterable>(
        _ name: String, as kind: Word.Type = Word.self
    ) throws(DirectoryError) -> Word? where Word.RawValue == String {
        guard let text = try one(name) else { return nil }
        guard let word = Word(rawValue: text) else {
            throw DirectoryError(
                .invalidRequest,
                "“\(name)” is \(text.shortened()), not one of "
                    + Word.allCases.map(\.rawValue).joined(separator: ", "), location: name)
        }
        return word
    }

    /// Says which words were not asked for.
    ///
    /// - Throws: `invalid_request` naming the first of them, and the known ones.
    package func finish() throws(DirectoryError) {
        guard let unknown = words.first else { return }
        throw DirectoryError(
            .invalidRequest, "unknown query word \(unknown.name.shortened())",
            advice: known.isEmpty
                ? "this route takes none" : "this route takes " + known.sorted().joined(separator: ", "),
            location: String(unknown.name.prefix(60)))
    }
}
