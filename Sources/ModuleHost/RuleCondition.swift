internal import DirectoryModel
internal import ServiceTypeKit

/// A condition of a declared type, such as `lunch_price > 200 or (seats missing and delivery = false)`.
///
/// Parsed once (`ConditionParser`), asked of each place in time linear in its length and in the place's texts.
indirect enum RuleCondition: Hashable, Sendable {
    case all([RuleCondition])
    case any([RuleCondition])
    case not(RuleCondition)
    /// A value compared with one that the file states.
    case compares(RuleSubject, AttributeFilter)
    /// Two values of one place compared with each other.
    case orders(RuleSubject, AttributeFilter.Operator, RuleSubject)
    /// A text that fits a pattern as a whole.
    case matches(RuleSubject, TextPattern)
    case missing(RuleSubject)
    /// Opening times that are open at the moment that counts.
    case isOpen(RuleSubject)

    /// Whether the answer depends on the moment.
    var isTimed: Bool {
        switch self {
        case .all(let parts), .any(let parts): parts.contains(where: \.isTimed)
        case .not(let part): part.isTimed
        case .isOpen: true
        case .compares, .orders, .matches, .missing: false
        }
    }

    /// The keys that it names.
    var keys: [String] {
        switch self {
        case .all(let parts), .any(let parts): parts.flatMap(\.keys)
        case .not(let part): part.keys
        case .compares(let subject, _), .matches(let subject, _), .missing(let subject), .isOpen(let subject):
            [subject.key]
        case .orders(let left, _, let right): [left.key, right.key]
        }
    }

    /// Whether it holds for a place; a comparison with what the place does not say never does.
    ///
    /// - Parameter context: the moment, where there is one; without it nothing is open.
    func holds(for place: Place, in context: HighlightContext? = nil) -> Bool {
        switch self {
        case .all(let parts): parts.allSatisfy { $0.holds(for: place, in: context) }
        case .any(let parts): parts.contains { $0.holds(for: place, in: context) }
        case .not(let part): !part.holds(for: place, in: context)
        case .compares(let subject, let filter): subject.values(in: place).contains { filter.matches($0) }
        case .orders(let left, let op, let right):
            left.values(in: place).contains { one in
                right.values(in: place).contains { RuleOrder.holds(one, op, $0) }
            }
        case .matches(let subject, let pattern):
            subject.values(in: place).contains {
                if case .text(let text) = $0 { pattern.fits(text) } else { false }
            }
        case .missing(let subject): subject.values(in: place).isEmpty
        case .isOpen(let subject):
            subject.values(in: place).contains { value in
                guard let context, case .text(let times) = value else { return false }
                return context.opening(of: times).state == .open
            }
        }
    }
}

/// What a condition or a line speaks of: an attribute, a column of a table, or one of the record's own texts.
struct RuleSubject: Hashable, Sendable {
    /// The attribute's key, or `name`, `hours`, `address`, `phone` of the record.
    let key: String
    /// The column, where the attribute is a table: any row may give the value.
    let column: String?

    /// The record's own texts that a condition may name; an attribute of the same key comes first.
    static let recordTexts = ["name", "hours", "address", "phone"]

    /// The values that a place gives; none where it does not say.
    func values(in place: Place) -> [AttributeValue] {
        if let column { return place.rows(key).compactMap { $0.values[column] } }
        if let value = place.attributes[key] { return [value] }
        let text: String? =
            switch key {
            case "name": place.name
            case "hours": place.hours
            case "address": place.address
            case "phone": place.phone
            default: nil
            }
        return text.map { [.text($0)] } ?? []
    }
}

/// Two values of one place beside each other.
private enum RuleOrder {
    static func holds(_ left: AttributeValue, _ op: AttributeFilter.Operator, _ right: AttributeValue) -> Bool
    {
        if let left = number(left), let right = number(right) { return compare(left, op, right) }
        if case .text(let left) = left, case .text(let right) = right { return compare(left, op, right) }
        return op == .eq ? left == right : op == .ne && left != right
    }

    private static func number(_ value: AttributeValue) -> Double? {
        switch value {
        case .whole(let number): Double(number)
        case .decimal(let number): number
        case .money(let amount): Double(amount.fen) / 100
        case .bool, .text, .texts, .rows: nil
        }
    }

    private static func compare<Value: Comparable>(
        _ left: Value, _ op: AttributeFilter.Operator, _ right: Value
    ) -> Bool {
        switch op {
        case .eq: left == right
        case .ne: left != right
        case .lt: left < right
        case .le: left <= right
        case .gt: left > right
        case .ge: left >= right
        case .has: false
        }
    }
}

/// A pattern that a text fits as a whole: `*` any characters, `?` one, `#` one digit, all others themselves.
///
/// Complexity: O(n·m) at worst in text and pattern; a star takes back its own choice only, never an earlier one's.
struct TextPattern: Hashable, Sendable {
    private let pattern: [Unicode.Scalar]

    init(_ text: String) { pattern = Array(text.unicodeScalars) }

    /// Whether the whole text fits.
    func fits(_ text: String) -> Bool {
        let scalars = Array(text.unicodeScalars)
        var at = 0
        var wanted = 0
        var star: (pattern: Int, text: Int)?
        while at < scalars.count {
            if wanted < pattern.count, pattern[wanted] == "*" {
                star = (wanted, at)
                wanted += 1
            } else if wanted < pattern.count, fits(scalars[at], pattern[wanted]) {
                at += 1
                wanted += 1
            } else if let last = star {
                star = (last.pattern, last.text + 1)
                wanted = last.pattern + 1
                at = last.text + 1
            } else {
                return false
            }
        }
        return pattern[wanted...].allSatisfy { $0 == "*" }
    }

    private func fits(_ scalar: Unicode.Scalar, _ wanted: Unicode.Scalar) -> Bool {
        switch wanted {
        case "?": true
        case "#": ("0"..."9").contains(scalar) || ("０"..."９").contains(scalar)
        default: scalar == wanted
        }
    }
}
