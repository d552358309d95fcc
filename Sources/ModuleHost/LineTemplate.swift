internal import DirectoryModel
internal import ServiceTypeKit

/// A short text with values in it: `午餐 {lunch_price} 起`, `{until(lending_hours)} 截止`.
struct LineTemplate: Hashable, Sendable {
    private enum Part: Hashable, Sendable {
        case text(String)
        case value(RuleSubject, AttributeDescription)
        /// The local time at which opening times change next.
        case until(RuleSubject)
    }

    private let parts: [Part]

    /// Reads a template; braces stand for values only.
    ///
    /// - Throws: what is wrong, and at which character.
    init(_ text: String, _ vocabulary: RuleVocabulary, mayBeTimed: Bool) throws(RuleFault) {
        var parts: [Part] = []
        var column = 1
        var rest = text[...]
        while let brace = rest.firstIndex(where: { $0 == "{" || $0 == "}" }) {
            column += rest.distance(from: rest.startIndex, to: brace)
            guard rest[brace] == "{", let end = rest[brace...].firstIndex(of: "}") else {
                throw RuleFault(message: "a brace has no partner", column: column)
            }
            if brace != rest.startIndex { parts.append(.text(String(rest[..<brace]))) }
            let inner = String(rest[rest.index(after: brace)..<end])
            parts.append(try Self.part(inner, vocabulary, mayBeTimed, column + 1))
            column += inner.count + 2
            rest = rest[rest.index(after: end)...]
        }
        if !rest.isEmpty { parts.append(.text(String(rest))) }
        self.parts = parts
    }

    private static func part(
        _ word: String, _ vocabulary: RuleVocabulary, _ mayBeTimed: Bool, _ column: Int
    ) throws(RuleFault) -> Part {
        guard word.hasPrefix("until("), word.hasSuffix(")") else {
            let (subject, attribute) = try vocabulary.find(word, at: column)
            if subject.column != nil || attribute.kind.word == "rows" {
                throw RuleFault(
                    message: "\(word.shortened()) is a table, which no line has room for", column: column)
            }
            return .value(subject, attribute)
        }
        let key = String(word.dropFirst("until(".count).dropLast())
        let (subject, attribute) = try vocabulary.find(key, at: column + "until(".count)
        guard attribute.kind == .schedule, subject.column == nil else {
            throw RuleFault(message: "\(key.shortened()) is no attribute of kind schedule", column: column)
        }
        guard mayBeTimed else {
            throw RuleFault(
                message: "until() depends on the moment, and only highlights have one", column: column)
        }
        return .until(subject)
    }

    /// Whether the text depends on the moment.
    var isTimed: Bool { parts.contains { if case .until = $0 { true } else { false } } }

    /// The keys of the values in it.
    var keys: [String] {
        parts.compactMap { part in
            switch part {
            case .text: nil
            case .value(let subject, _), .until(let subject): subject.key
            }
        }
    }

    /// The text for a place, or nil where one of its values is not known.
    func text(for place: Place, in language: Language, _ context: HighlightContext? = nil) -> String? {
        var text = ""
        for part in parts {
            switch part {
            case .text(let words): text += words
            case .value(let subject, let attribute):
                guard let value = subject.values(in: place).first else { return nil }
                text += attribute.text(of: value, in: language)
            case .until(let subject):
                guard let context, case .text(let times)? = subject.values(in: place).first,
                    let until = context.opening(of: times).until
                else { return nil }
                text += Self.clock(until, context)
            }
        }
        return text
    }

    /// `18:05` in local time.
    private static func clock(_ time: Timestamp, _ context: HighlightContext) -> String {
        let minutes = HighlightContext(now: time, utcOffset: context.utcOffset).minuteOfDay
        let (hour, minute) = minutes.quotientAndRemainder(dividingBy: 60)
        return (hour < 10 ? "0\(hour)" : "\(hour)") + (minute < 10 ? ":0\(minute)" : ":\(minute)")
    }
}
