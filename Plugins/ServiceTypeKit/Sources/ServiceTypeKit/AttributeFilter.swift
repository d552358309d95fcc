public import DirectoryModel

/// A condition of `where=attribute:op:value`, checked against the attribute's kind and ready to be asked.
///
/// Since: 1.0
public struct AttributeFilter: Hashable, Sendable {
    /// The comparison.
    ///
    /// Since: 1.0
    public let op: Operator
    /// What is compared with, in the kind's own type: a text for one option, many options and free text.
    ///
    /// Since: 1.0
    public let operand: AttributeValue

    /// A comparison of `where=`.
    ///
    /// Since: 1.0
    @frozen public enum Operator: String, Hashable, Sendable, CaseIterable {
        /// Equal.
        ///
        /// Since: 1.0
        case eq
        /// Known, and not equal.
        ///
        /// Since: 1.0
        case ne
        /// Less than.
        ///
        /// Since: 1.0
        case lt
        /// Less than or equal.
        ///
        /// Since: 1.0
        case le
        /// Greater than.
        ///
        /// Since: 1.0
        case gt
        /// Greater than or equal.
        ///
        /// Since: 1.0
        case ge
        /// The options hold this one; the text holds these words.
        ///
        /// Since: 1.0
        case has
    }

    fileprivate init(op: Operator, operand: AttributeValue) {
        self.op = op
        self.operand = operand
    }

    /// Whether `value` meets the condition.
    ///
    /// A place that does not say (nil) never does, not even with `ne`.
    ///
    /// Complexity: O(1), or O(n) in the text or the options with `has`.
    ///
    /// Since: 1.0
    public func matches(_ value: AttributeValue?) -> Bool {
        switch (value, operand) {
        case (.bool(let left), .bool(let right)): op == .ne ? left != right : left == right
        case (.whole(let left), .whole(let right)): compare(left, right)
        case (.whole(let left), .decimal(let right)): compare(Double(left), right)
        case (.decimal(let left), .decimal(let right)): compare(left, right)
        case (.money(let left), .money(let right)): compare(left, right)
        case (.text(let left), .text(let right)):
            switch op {
            case .eq: left == right || left.foldedForComparison == right
            case .ne: left != right && left.foldedForComparison != right
            case .has: left.foldedForComparison.holds(right)
            // Of texts only dates are compared so, and ISO 8601 sorts as days do.
            case .lt: left < right
            case .le: left <= right
            case .gt: left > right
            case .ge: left >= right
            }
        case (.texts(let left), .text(let right)): op == .has && left.contains(right)
        default: false
        }
    }

    private func compare<Value: Comparable>(_ left: Value, _ right: Value) -> Bool {
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

extension AttributeKind {
    /// The condition that `op` and `value` of a `where=` make on a value of this kind.
    ///
    /// Numbers are in the schema's unit; money is in yuan (`12`, `12.5`, `12元`) or fen (`1200分`, `1200fen`);
    /// options are named by key, by name in either language or by alias.
    ///
    /// - Throws: `DirectoryError` with code `invalid_request`: no such op, an op that this kind does not take, or a
    ///   value that is none of this kind.
    ///
    /// Since: 1.0
    public func filter(op: String, value: String) throws(DirectoryError) -> AttributeFilter {
        guard let name = AttributeFilter.Operator(rawValue: op) else {
            throw DirectoryError(
                .invalidRequest, "there is no comparison \(op.shortened())",
                advice: "use one of eq, ne, lt, le, gt, ge, has")
        }
        if case .rows(let schema) = self {
            throw DirectoryError(
                .invalidRequest, "a table cannot be compared, but its columns can",
                advice: "write the table's key, a point and one of "
                    + schema.columns.map(\.key).joined(separator: ", "))
        }
        guard operators.contains(name) else {
            throw DirectoryError(
                .invalidRequest, "\(op) cannot be asked of \(noun)",
                advice: "use one of \(operators.map(\.rawValue).joined(separator: ", "))")
        }
        return AttributeFilter(op: name, operand: try operand(value))
    }

    /// The comparisons that values of this kind take.
    ///
    /// Since: 1.0
    public var operators: [AttributeFilter.Operator] {
        switch self {
        case .bool, .oneOf: [.eq, .ne]
        case .whole, .decimal, .money, .date: [.eq, .ne, .lt, .le, .gt, .ge]
        case .text, .schedule: [.eq, .ne, .has]
        case .manyOf: [.has]
        case .rows: []
        }
    }

    /// The word of a schema for the kind: `bool`, `whole`, `decimal`, `money`, `text`, `one_of`, `many_of`,
    /// `schedule`, `date`, `rows`.
    ///
    /// Since: 1.0
    public var word: String {
        switch self {
        case .bool: "bool"
        case .whole: "whole"
        case .decimal: "decimal"
        case .money: "money"
        case .text: "text"
        case .oneOf: "one_of"
        case .manyOf: "many_of"
        case .schedule: "schedule"
        case .date: "date"
        case .rows: "rows"
        }
    }

    private var noun: String {
        switch self {
        case .bool: "a yes-or-no attribute"
        case .whole, .decimal: "a number"
        case .money: "an amount of money"
        case .text: "a text"
        case .oneOf: "an attribute with one of several options"
        case .manyOf: "an attribute with several options"
        case .schedule: "opening times"
        case .date: "a date"
        case .rows: "a table"
        }
    }

    private func operand(_ value: String) throws(DirectoryError) -> AttributeValue {
        let folded = value.isOverlong ? "" : value.foldedForComparison
        let read: AttributeValue? =
            switch self {
            case .bool: BoolWords.read(folded).map { .bool($0.value) }
            case .whole(let unit, _):
                // A fraction is a fair limit for whole numbers too ("more than 2.5").
                NumberWords.read(folded, unit: unit).map { .decimal($0) }
            case .decimal(let unit, _): NumberWords.read(folded, unit: unit).map { .decimal($0) }
            case .money: MoneyWords.read(folded).map { .money($0) }
            case .text, .schedule: folded.isEmpty ? nil : .text(folded)
            case .date: DateWords.read(folded).map { .text($0) }
            case .rows: nil
            case .oneOf(let options), .manyOf(let options):
                OptionIndex(options).find(value).map { .text(options[$0].key) }
            }
        if let read { return read }
        let options: String? =
            switch self {
            case .oneOf(let options), .manyOf(let options):
                "use one of " + options.prefix(20).map(\.key).joined(separator: ", ")
            case .bool: "use yes or no"
            case .money: "use an amount in yuan such as 12 or 12.5"
            case .whole, .decimal: "use a number in the attribute's unit"
            case .date: "use a day such as 2026-09-01"
            case .rows: nil
            case .text, .schedule:
                "give at least one character, at most \(AttributeDescription.maximumTextLength)"
            }
        throw DirectoryError(
            .invalidRequest, "\(value.shortened()) is not a value of \(noun)", advice: options)
    }
}
