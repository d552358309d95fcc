package import DirectoryAPI

/// Where a value stands in a JSON answer: names of members with full stops between, `data.items`; numbers count the
/// items of lists from 0.
package struct MemberPath: Hashable, Sendable, CustomStringConvertible {
    /// As it was written.
    package let description: String

    /// A path; an empty one is the answer itself.
    package init(_ text: String) { description = text }

    /// The value; nil where there is none.
    ///
    /// A member whose name is the whole rest of the path comes before its parts, for names that hold a full stop.
    package func value(in value: JSONValue) -> JSONValue? {
        Self.find(description[...], value)
    }

    private static func find(_ path: Substring, _ value: JSONValue) -> JSONValue? {
        if path.isEmpty { return value }
        if let whole = value[String(path)] { return whole }
        let stop = path.firstIndex(of: ".") ?? path.endIndex
        let rest = stop == path.endIndex ? path[stop...] : path[path.index(after: stop)...]
        let name = String(path[..<stop])
        if case .array(let items) = value, let index = Int(name), items.indices.contains(index) {
            return find(rest, items[index])
        }
        guard !name.isEmpty, let next = value[name] else { return nil }
        return find(rest, next)
    }
}

extension JSONValue {
    /// What a table's cell holds of the value, or why it can hold nothing of it.
    package enum CellText: Hashable, Sendable {
        /// The text, empty for null.
        case text(String)
        /// Why there is none, in words for the end of a sentence.
        case unusable(String)
    }

    /// The value as a cell: texts as they are, numbers with their digits, true and false as 是 and 否, lists of such
    /// things with 、 between.
    package var cellText: CellText {
        switch self {
        case .null: return .text("")
        case .bool(let value): return .text(value ? "是" : "否")
        case .whole(let number): return .text("\(number)")
        case .decimal(let number):
            // From here on neighbours are the same number: a code has lost digits.
            guard number.magnitude < 9_007_199_254_740_992 else {
                return .unusable("a number of more digits than JSON's readers keep: have it sent as a text")
            }
            return .text(number == number.rounded() ? "\(Int(number))" : "\(number)")
        case .string(let text): return .text(text)
        case .array(let items):
            var texts: [String] = []
            for item in items {
                if case .array = item { return .unusable("a list of lists") }
                switch item.cellText {
                case .text(let text): if !text.isEmpty { texts.append(text) }
                case .unusable(let words): return .unusable(words)
                }
            }
            return .text(texts.joined(separator: "、"))
        case .object: return .unusable("an object: name one of its members")
        }
    }

    /// A text, or a number's digits; nil for anything else, and for an empty text.
    package var wordText: String? {
        switch self {
        case .string(let text): text.isEmpty ? nil : text
        case .whole, .decimal:
            if case .text(let text) = cellText { text } else { nil }
        default: nil
        }
    }
}
