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
        words.reserveCapacity(8)
        var query = query
        let fault = query.withUTF8 { bytes in
            do throws(DirectoryError) {
                try read(bytes)
                return DirectoryError?.none
            } catch {
                return error
            }
        }
        if let fault { throw fault }
    }

    private mutating func read(_ bytes: UnsafeBufferPointer<UInt8>) throws(DirectoryError) {
        var start = 0
        while start < bytes.count {
            var equals: Int?
            var end = start
            while end < bytes.count, bytes[end] != UInt8(ascii: "&") {
                if equals == nil, bytes[end] == UInt8(ascii: "=") { equals = end }
                end += 1
            }
            if end > start {
                let name = try QueryWords.decoded(bytes[start..<(equals ?? end)])
                words.append(
                    (
                        name,
                        try equals.map { index throws(DirectoryError) in
                            try QueryWords.decoded(bytes[(index + 1)..<end])
                        } ?? ""
                    ))
            }
            start = end + 1
        }
    }

    /// Words that came in another way than in a URL.
    package init(_ words: [(name: String, value: String)]) { self.words = words }

    private static func decoded(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) throws(DirectoryError) -> String {
        func fault() -> DirectoryError {
            DirectoryError(
                .invalidRequest,
                "the query holds \(String(decoding: bytes, as: UTF8.self).shortened()), which is no "
                    + "percent-encoded UTF-8")
        }
        guard bytes.contains(where: { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "%") }) else {
            return String(decoding: UnsafeBufferPointer(rebasing: bytes), as: UTF8.self)
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
        guard let number = QueryWords.plainDecimal(text) ?? QueryWords.decimal(text), range.contains(number)
        else {
            throw DirectoryError(
                .invalidRequest,
                "“\(name)” is \(text.shortened()), not \(QueryWords.plain(range.lowerBound)) to "
                    + "\(QueryWords.plain(range.upperBound)) \(unit)", location: name)
        }
        return number
    }

    private static func decimal(_ text: String) -> Double? {
        guard let number = Double(text), number.isFinite,
            text.utf8.allSatisfy({ (0x30...0x39).contains($0) || "+-.eE".utf8.contains($0) })
        else { return nil }
        return number
    }

    /// The number that digits with at most one point among them stand for, as coordinates are written; nil for
    /// whatever else, and for more than 15 digits.
    ///
    /// Exact as `Double(_:)` is: both the digits as a whole number and the power of ten are exact, and so their quotient is
    /// rounded once (Clinger 1990).
    static func plainDecimal(_ text: String) -> Double? {
        var text = text
        return text.withUTF8 { bytes in
            var (digits, number, places) = (0, UInt64(0), Int?.none)
            let isNegative = bytes.first == UInt8(ascii: "-")
            for byte in bytes[(isNegative ? 1 : 0)...] {
                switch byte {
                case 0x30...0x39:
                    digits += 1
                    guard digits <= 15 else { return nil }
                    number = number &* 10 &+ UInt64(byte &- 0x30)
                    if let count = places { places = count + 1 }
                case UInt8(ascii: ".") where places == nil && digits > 0: places = 0
                default: return nil
                }
            }
            guard digits > 0, places != 0 else { return nil }
            let value = Double(number) / powersOfTen[places ?? 0]
            return isNegative ? -value : value
        }
    }

    private static let powersOfTen: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
    ]

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
