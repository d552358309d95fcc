internal import DirectoryModel
internal import ServiceTypeKit

/// Why a condition or a line cannot be read, and at which character, counted from 1.
struct RuleFault: Error {
    let message: String
    let column: Int
}

/// What conditions and lines of one type may name.
struct RuleVocabulary {
    let attributes: [AttributeDescription]

    /// The attribute or column that `word` names.
    ///
    /// - Throws: a fault at `column` that lists what there is.
    func find(_ word: String, at column: Int) throws(RuleFault) -> (RuleSubject, AttributeDescription) {
        let parts = word.split(separator: ".", maxSplits: 1).map(String.init)
        if parts.count == 2, let table = attributes.first(where: { $0.key == parts[0] }),
            case .rows(let schema) = table.kind
        {
            guard let found = schema.column(parts[1]) else {
                throw RuleFault(
                    message: "the table \(parts[0]) has no column \(parts[1].shortened())", column: column)
            }
            return (RuleSubject(key: parts[0], column: parts[1]), found)
        }
        let subject = RuleSubject(key: word, column: nil)
        if let attribute = attributes.first(where: { $0.key == word }) { return (subject, attribute) }
        if RuleSubject.recordTexts.contains(word) {
            let text = AttributeDescription(
                key: word, name: LocalizedText(zh: word, en: word), kind: word == "hours" ? .schedule : .text)
            return (subject, text)
        }
        throw RuleFault(
            message: "there is no attribute \(word.shortened()); there are "
                + (attributes.map(\.key) + RuleSubject.recordTexts).joined(separator: ", "), column: column)
    }
}

/// Reads a condition of a declared type.
///
///     condition = term { "or" term }         term = factor { "and" factor }
///     factor = "not" factor | "(" condition ")" | "open" "(" key ")"
///            | key ( "=" | "!=" | "<" | "<=" | ">" | ">=" | "has" ) value
///            | key "matches" pattern | key "missing" | key "present" | key
///
/// A value is a word, a number or a text in double quotes, as `where=` takes it, or another attribute's key. A key
/// alone is a yes-or-no attribute that must be yes.
struct ConditionParser {
    /// The deepest nesting; chosen, not measured.
    private static let maximumDepth = 40

    private let vocabulary: RuleVocabulary
    private let mayBeTimed: Bool
    private var tokens: [Token]
    private var next = 0
    private var depth = 0

    private struct Token {
        var text: String
        var column: Int
        var isQuoted = false
    }

    /// The condition in `text`.
    ///
    /// - Parameter mayBeTimed: whether `open(…)` makes sense, which needs a moment.
    /// - Throws: what is wrong, and at which character.
    static func parse(
        _ text: String, _ vocabulary: RuleVocabulary, mayBeTimed: Bool
    ) throws(RuleFault) -> RuleCondition {
        var parser = ConditionParser(
            vocabulary: vocabulary, mayBeTimed: mayBeTimed, tokens: try tokens(of: text))
        let condition = try parser.condition()
        let rest = parser.tokens[parser.next]
        guard rest.text.isEmpty, !rest.isQuoted else {
            throw RuleFault(
                message: "\(rest.text.shortened()) is too much; join conditions by and, or",
                column: rest.column)
        }
        return condition
    }

    private init(vocabulary: RuleVocabulary, mayBeTimed: Bool, tokens: [Token]) {
        self.vocabulary = vocabulary
        self.mayBeTimed = mayBeTimed
        self.tokens = tokens
    }

    // MARK: Tokens

    private static func tokens(of text: String) throws(RuleFault) -> [Token] {
        let characters = Array(text)
        var tokens: [Token] = []
        var at = 0
        while at < characters.count {
            let start = at
            let character = characters[at]
            if character.isWhitespace {
                at += 1
            } else if character == "(" || character == ")" {
                at += 1
                tokens.append(Token(text: String(character), column: start + 1))
            } else if "=!<>".contains(character) {
                at += 1
                if at < characters.count, characters[at] == "=" { at += 1 }
                tokens.append(Token(text: String(characters[start..<at]), column: start + 1))
            } else if character == "\"" {
                guard let end = characters[(at + 1)...].firstIndex(of: "\"") else {
                    throw RuleFault(message: "a text in double quotes does not end", column: start + 1)
                }
                tokens.append(
                    Token(text: String(characters[(at + 1)..<end]), column: start + 1, isQuoted: true))
                at = end + 1
            } else {
                while at < characters.count, !characters[at].isWhitespace,
                    !"()=!<>\"".contains(characters[at])
                {
                    at += 1
                }
                tokens.append(Token(text: String(characters[start..<at]), column: start + 1))
            }
        }
        return tokens + [Token(text: "", column: characters.count + 1)]
    }

    private mutating func take(_ word: String) -> Bool {
        guard !tokens[next].isQuoted, tokens[next].text == word else { return false }
        next += 1
        return true
    }

    private mutating func word(_ wanted: String) throws(RuleFault) -> Token {
        let token = tokens[next]
        guard token.isQuoted || !(token.text.isEmpty || token.text == "(" || token.text == ")") else {
            throw RuleFault(
                message: "\(wanted) is missing"
                    + (token.text.isEmpty ? "" : " before \(token.text.shortened())"),
                column: token.column)
        }
        next += 1
        return token
    }

    private mutating func expect(_ sign: String) throws(RuleFault) {
        guard take(sign) else {
            throw RuleFault(message: "“\(sign)” is missing", column: tokens[next].column)
        }
    }

    // MARK: Grammar

    private mutating func condition() throws(RuleFault) -> RuleCondition {
        var parts = [try term()]
        while take("or") { parts.append(try term()) }
        return parts.count == 1 ? parts[0] : .any(parts)
    }

    private mutating func term() throws(RuleFault) -> RuleCondition {
        var parts = [try factor()]
        while take("and") { parts.append(try factor()) }
        return parts.count == 1 ? parts[0] : .all(parts)
    }

    private mutating func factor() throws(RuleFault) -> RuleCondition {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.maximumDepth else {
            throw RuleFault(
                message: "it nests deeper than \(Self.maximumDepth) levels", column: tokens[next].column)
        }
        if take("not") { return .not(try factor()) }
        if take("(") {
            let inner = try condition()
            try expect(")")
            return inner
        }
        let key = try word("an attribute")
        if key.text == "open", !key.isQuoted, take("(") { return try open(at: key.column) }
        guard !key.isQuoted else {
            throw RuleFault(
                message: "a condition begins with an attribute, not with a text", column: key.column)
        }
        let (subject, attribute) = try vocabulary.find(key.text, at: key.column)
        if take("missing") { return .missing(subject) }
        if take("present") { return .not(.missing(subject)) }
        if take("matches") {
            guard attribute.kind == .text || attribute.kind == .schedule else {
                throw RuleFault(message: "\(key.text) is no text, and has no pattern", column: key.column)
            }
            return .matches(subject, TextPattern(try word("a pattern").text))
        }
        for (sign, op) in Self.operators where take(sign) {
            return try comparison(subject, attribute, op)
        }
        guard attribute.kind == .bool else {
            throw RuleFault(
                message: "\(key.text) needs =, !=, <, <=, >, >=, has, matches, missing or present",
                column: tokens[next].column)
        }
        return .compares(subject, try filter(attribute, .eq, "yes", at: key.column))
    }

    private static let operators: [(sign: String, op: AttributeFilter.Operator)] = [
        ("=", .eq), ("!=", .ne), ("<=", .le), ("<", .lt), (">=", .ge), (">", .gt), ("has", .has),
    ]

    private mutating func comparison(
        _ subject: RuleSubject, _ attribute: AttributeDescription, _ op: AttributeFilter.Operator
    ) throws(RuleFault) -> RuleCondition {
        let value = try word("a value")
        do throws(RuleFault) {
            return .compares(subject, try filter(attribute, op, value.text, at: value.column))
        } catch {
            // A word that is no value may be another attribute, such as beds_free > beds.
            guard !value.isQuoted, op != .has,
                let (other, described) = try? vocabulary.find(value.text, at: value.column)
            else { throw error }
            guard described.kind.word == attribute.kind.word else {
                throw RuleFault(
                    message: "\(attribute.key) is \(attribute.kind.word) and \(described.key) is "
                        + "\(described.kind.word): they cannot be compared", column: value.column)
            }
            return .orders(subject, op, other)
        }
    }

    private func filter(
        _ attribute: AttributeDescription, _ op: AttributeFilter.Operator, _ value: String, at column: Int
    ) throws(RuleFault) -> AttributeFilter {
        do throws(DirectoryError) {
            return try attribute.kind.filter(op: op.rawValue, value: value)
        } catch {
            throw RuleFault(
                message: "\(attribute.key): \(error.message)" + (error.advice.map { "; " + $0 } ?? ""),
                column: column)
        }
    }

    private mutating func open(at column: Int) throws(RuleFault) -> RuleCondition {
        let key = try word("opening times")
        let (subject, attribute) = try vocabulary.find(key.text, at: key.column)
        try expect(")")
        guard attribute.kind == .schedule else {
            throw RuleFault(message: "\(key.text) is no attribute of kind schedule", column: key.column)
        }
        guard mayBeTimed else {
            throw RuleFault(
                message: "open() depends on the moment, and only highlights have one", column: column)
        }
        return .isOpen(subject)
    }
}
