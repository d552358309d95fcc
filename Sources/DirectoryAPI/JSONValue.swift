package import DirectoryModel
import Foundation

/// Any JSON value, as a client sent it.
package enum JSONValue: Hashable, Sendable {
    /// null.
    case null
    /// true or false.
    case bool(Bool)
    /// A number without fraction and exponent that fits 64 bits.
    case whole(Int)
    /// Any other number.
    case decimal(Double)
    /// A string.
    case string(String)
    /// An array.
    case array([JSONValue])
    /// An object; the last of two equal keys wins.
    case object([String: JSONValue])

    /// Deepest nesting that is read.
    ///
    /// Chosen, not measured: a boundary needs five levels.
    package static let maximumDepth = 32

    /// Reads a JSON text.
    ///
    /// - Throws: `invalid_request` when the bytes are no JSON.
    package init(json bytes: [UInt8]) throws(DirectoryError) {
        guard JSONValue.depth(of: bytes) <= JSONValue.maximumDepth else {
            throw DirectoryError(
                .invalidRequest, "the body nests deeper than \(JSONValue.maximumDepth) levels")
        }
        do {
            self = try JSONDecoder().decode(JSONValue.self, from: Data(bytes))
        } catch {
            throw DirectoryError(
                .invalidRequest, "the body is not JSON", advice: "send UTF-8 JSON as docs/api.md shows",
                cause: JSONValue.words(of: error))
        }
    }

    private static func depth(of bytes: [UInt8]) -> Int {
        var depth = 0
        var deepest = 0
        var inString = false
        var escaped = false
        for byte in bytes {
            if inString {
                if escaped {
                    escaped = false
                } else if byte == UInt8(ascii: "\\") {
                    escaped = true
                } else if byte == UInt8(ascii: "\"") {
                    inString = false
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): inString = true
            case UInt8(ascii: "["), UInt8(ascii: "{"):
                depth += 1
                deepest = max(deepest, depth)
            case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
            default: break
            }
        }
        return deepest
    }

    private static func words(of error: any Error) -> String {
        guard case DecodingError.dataCorrupted(let context) = error else { return "unexpected content" }
        guard let underlying = context.underlyingError as NSError?,
            let words = underlying.userInfo[NSDebugDescriptionErrorKey] as? String
        else { return context.debugDescription }
        return words
    }

    /// The value of a key, when this is an object that has it.
    package subscript(key: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members[key]
    }
}

extension JSONValue: Decodable {
    /// Decodes whatever is there.
    package init(from decoder: any Decoder) throws {
        let single = try decoder.singleValueContainer()
        if single.decodeNil() {
            self = .null
        } else if let value = try? single.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? single.decode(Int.self) {
            self = .whole(value)
        } else if let value = try? single.decode(Double.self) {
            self = .decimal(value)
        } else if let value = try? single.decode(String.self) {
            self = .string(value)
        } else if let value = try? single.decode([JSONValue].self) {
            self = .array(value)
        } else {
            self = .object(try single.decode([String: JSONValue].self))
        }
    }
}

/// Takes the members of a JSON object one by one, and says which ones were not asked for.
package struct JSONObjectReader {
    private var members: [String: JSONValue]
    private let what: String
    private var known: [String] = []

    /// A reader of `value`'s members.
    ///
    /// - Parameter what: what the object is, for messages ("place").
    /// - Throws: `invalid_record` when `value` is no object.
    package init(_ value: JSONValue, what: String) throws(DirectoryError) {
        guard case .object(let members) = value else {
            throw DirectoryError(.invalidRecord, "a \(what) is a JSON object")
        }
        self.members = members
        self.what = what
    }

    private func fault(_ key: String, _ expected: String) -> DirectoryError {
        DirectoryError(.invalidRecord, "\(what): “\(key)” is \(expected)", location: key)
    }

    private mutating func take(_ key: String) -> JSONValue? {
        known.append(key)
        guard let value = members.removeValue(forKey: key), value != .null else { return nil }
        return value
    }

    /// The text of a key, without white space at its ends, or nil when it is missing, null or empty.
    package mutating func text(_ key: String, limit: Int = 500) throws(DirectoryError) -> String? {
        guard let value = take(key) else { return nil }
        guard case .string(let text) = value else { throw fault(key, "a text") }
        let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard trimmed.count <= limit else { throw fault(key, "at most \(limit) characters long") }
        guard !trimmed.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
            throw fault(key, "a text without control characters")
        }
        return trimmed.isEmpty ? nil : trimmed
    }

    /// The lines of a key, without white space at their ends, or nil when it is missing, null or empty.
    ///
    /// Lines end with a line feed, however they came; a tabulator is a space.
    package mutating func lines(_ key: String, limit: Int) throws(DirectoryError) -> String? {
        guard let value = take(key) else { return nil }
        guard case .string(let text) = value else { throw fault(key, "a text") }
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map { line in
            line.replacing("\t", with: " ").trimmingCharacters(in: .whitespaces)
        }
        let whole = lines.joined(separator: "\n").trimmingCharacters(in: .newlines)
        guard whole.count <= limit else { throw fault(key, "at most \(limit) characters long") }
        let controls = whole.unicodeScalars.filter { $0.properties.generalCategory == .control }
        guard controls.allSatisfy({ $0 == "\n" }) else {
            throw fault(key, "a text without control characters other than the ends of lines")
        }
        return whole.isEmpty ? nil : whole
    }

    /// The text of a key that must be there.
    package mutating func requiredText(_ key: String, limit: Int = 500) throws(DirectoryError) -> String {
        guard let text = try text(key, limit: limit) else { throw fault(key, "missing or empty") }
        return text
    }

    /// The whole number of a key, within a range.
    package mutating func whole(_ key: String, in range: ClosedRange<Int>) throws(DirectoryError) -> Int? {
        guard let value = take(key) else { return nil }
        guard case .whole(let number) = value, range.contains(number) else {
            throw fault(key, "a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// The number of a key, within a range.
    package mutating func decimal(_ key: String, in range: ClosedRange<Double>) throws(DirectoryError)
        -> Double?
    {
        guard let value = take(key) else { return nil }
        let number: Double
        switch value {
        case .whole(let whole): number = Double(whole)
        case .decimal(let decimal): number = decimal
        default: number = .nan
        }
        guard range.contains(number) else {
            throw fault(key, "a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// The true or false of a key, or nil.
    package mutating func bool(_ key: String) throws(DirectoryError) -> Bool? {
        guard let value = take(key) else { return nil }
        guard case .bool(let bool) = value else { throw fault(key, "true or false") }
        return bool
    }

    /// The ISO date of a key, or nil.
    package mutating func day(_ key: String) throws(DirectoryError) -> LocalDay? {
        guard let text = try text(key, limit: 10) else { return nil }
        guard let day = LocalDay(text) else { throw fault(key, "a day such as 2026-09-01") }
        return day
    }

    /// The ids of an array under a key; none where it is missing or null.
    package mutating func ids<ID: DirectoryID>(_ key: String, as kind: ID.Type = ID.self, limit: Int)
        throws(DirectoryError) -> [ID]
    {
        guard let value = take(key) else { return [] }
        guard case .array(let values) = value, values.count <= limit else {
            throw fault(key, "an array of at most \(limit) ids")
        }
        return try values.map { value throws(DirectoryError) in
            guard case .string(let text) = value else { throw fault(key, "an array of ids") }
            return try ID(validating: text)
        }
    }

    /// The members of an object under a key, or nil.
    package mutating func object(_ key: String) throws(DirectoryError) -> [String: JSONValue]? {
        guard let value = take(key) else { return nil }
        guard case .object(let members) = value else { throw fault(key, "an object") }
        return members
    }

    /// Whatever is under a key, or nil when it is missing or null.
    package mutating func any(_ key: String) -> JSONValue? { take(key) }

    /// The id under a key, or nil.
    package mutating func id<ID: DirectoryID>(_ key: String, as kind: ID.Type = ID.self)
        throws(DirectoryError) -> ID?
    {
        guard let text = try text(key) else { return nil }
        return try ID(validating: text)
    }

    /// A point `{"lat":…,"lon":…}` under a key, or nil.
    package mutating func point(_ key: String) throws(DirectoryError) -> Coordinate? {
        guard let value = take(key) else { return nil }
        var reader = try JSONObjectReader(value, what: "\(what)'s \(key)")
        let latitude = try reader.decimal("lat", in: -90...90)
        let longitude = try reader.decimal("lon", in: -180...180)
        try reader.finish()
        guard let latitude, let longitude else { throw fault(key, "an object with lat and lon") }
        return Coordinate(uncheckedLatitude: latitude, longitude: longitude)
    }

    /// One of a few words under a key, or nil.
    package mutating func word<Word: RawRepresentable & CaseIterable>(
        _ key: String, as kind: Word.Type = Word.self
    )
        throws(DirectoryError) -> Word? where Word.RawValue == String
    {
        guard let text = try text(key) else { return nil }
        guard let word = Word(rawValue: text) else {
            throw fault(key, "one of " + Word.allCases.map(\.rawValue).joined(separator: ", "))
        }
        return word
    }

    /// Says which members were not asked for.
    ///
    /// - Throws: `invalid_record` naming the first of them, and the known ones.
    package func finish() throws(DirectoryError) {
        guard let unknown = members.keys.min() else { return }
        throw DirectoryError(
            .invalidRecord, "\(what): unknown field \(unknown.shortened())",
            advice: "known fields are " + known.sorted().joined(separator: ", "), location: unknown)
    }
}
