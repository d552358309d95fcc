package import DirectoryModel

/// Reads one table by typed keys, remembers which keys were asked for, and collects what is wrong.
///
/// A key that is there but was never asked for is an error: read every key that may be there, then call
/// `finish()` on the reader of the root, which looks through every table that was opened. A value that is
/// wrong counts as asked for, is reported once, and reads as nil. Not thread-safe: one file, one thread.
package final class TOMLReader {
    /// The table's own name, such as "profiles.elder"; empty for the file's own.
    package let path: String
    /// Where the table begins.
    package let position: TOMLPosition
    private let table: TOMLTable
    private let ledger: Ledger
    private var known: [String] = []
    private var opened: [TOMLReader] = []

    /// A reader of a document's own table.
    package convenience init(_ document: TOMLDocument) {
        self.init(
            document.root, path: "", position: TOMLPosition(line: 1, column: 1),
            ledger: Ledger(file: document.file))
    }

    private init(_ table: TOMLTable, path: String, position: TOMLPosition, ledger: Ledger) {
        self.table = table
        self.path = path
        self.position = position
        self.ledger = ledger
    }

    /// The keys that are there, in the order of the file.
    package var keys: [String] { table.entries.map(\.key) }

    /// Where `key` stands, or where the table begins if it is not there, as "file:line".
    package func location(of key: String? = nil) -> String {
        let entry = table.entries.first { $0.key == key }
        return ledger.location(entry?.position ?? position)
    }

    /// Whether anything was wrong so far, in this file.
    package var hasProblems: Bool { !ledger.problems.isEmpty }

    // MARK: values

    /// A text of at least one and at most `longest` characters, without control characters.
    package func text(_ key: String, longest: Int = 1000, mayBeEmpty: Bool = false) -> String? {
        guard let value = value(key) else { return nil }
        return checkedText(value, key, longest: longest, mayBeEmpty: mayBeEmpty)
    }

    /// A list of texts, each as in `text(_:longest:mayBeEmpty:)`, no text twice.
    package func texts(_ key: String, longest: Int = 1000, mostItems: Int = 1000) -> [String]? {
        guard let value = value(key) else { return nil }
        guard case .array(let items) = value.content else { return wrongKind(value, key, "a list of texts") }
        guard items.count <= mostItems else {
            return refuse(value, key, "\(quoted(key)) has more than \(mostItems) items")
        }
        var texts: [String] = []
        for item in items {
            guard let text = checkedText(item, key, longest: longest, mayBeEmpty: false) else { return nil }
            guard !texts.contains(text) else {
                return refuse(item, key, "\(quoted(key)) has \(text.shortened()) twice")
            }
            texts.append(text)
        }
        return texts
    }

    /// True or false.
    package func bool(_ key: String) -> Bool? {
        guard let value = value(key) else { return nil }
        guard case .bool(let bool) = value.content else { return wrongKind(value, key, "true or false") }
        return bool
    }

    /// A whole number in `range`.
    package func whole(_ key: String, in range: ClosedRange<Int>) -> Int? {
        guard let value = value(key) else { return nil }
        guard case .whole(let number) = value.content else { return wrongKind(value, key, "a whole number") }
        guard range.contains(number) else {
            let span = "\(range.lowerBound) to \(range.upperBound)"
            return refuse(value, key, "\(quoted(key)) is \(number), outside \(span)")
        }
        return number
    }

    /// A finite number in `range`; a whole number will do.
    package func decimal(_ key: String, in range: ClosedRange<Double>) -> Double? {
        guard let value = value(key) else { return nil }
        let number: Double
        switch value.content {
        case .decimal(let decimal): number = decimal
        case .whole(let whole): number = Double(whole)
        default: return wrongKind(value, key, "a number")
        }
        guard number.isFinite, range.contains(number) else {
            let span = "\(range.lowerBound) to \(range.upperBound)"
            return refuse(value, key, "\(quoted(key)) is \(number), outside \(span)")
        }
        return number
    }

    /// One of an enumeration's words.
    package func choice<Word: RawRepresentable & CaseIterable>(_ key: String, as: Word.Type) -> Word?
    where Word.RawValue == String {
        guard let value = value(key) else { return nil }
        guard case .text(let text) = value.content else { return wrongKind(value, key, "a text") }
        if let word = Word(rawValue: text) { return word }
        let words = Word.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
        return refuse(value, key, "\(quoted(key)) is \(text.shortened()), not one of \(words)")
    }

    /// A duration such as "90s", "10m", "2h", "1d" or "250ms", in `range`.
    package func duration(_ key: String, in range: ClosedRange<Seconds>) -> Seconds? {
        guard let value = value(key) else { return nil }
        guard case .text(let text) = value.content, let seconds = DurationText.parse(text) else {
            return refuse(
                value, key, "\(quoted(key)) must be a duration in quotation marks such as \"90s\" or \"10m\"")
        }
        guard range.contains(seconds) else {
            let span = "\(DurationText.text(range.lowerBound)) to \(DurationText.text(range.upperBound))"
            return refuse(value, key, "\(quoted(key)) is \(text), outside \(span)")
        }
        return seconds
    }

    /// A size in bytes such as "16KiB", "1MiB", "2GiB" or "512B", in `range`.
    package func byteSize(_ key: String, in range: ClosedRange<Int>) -> Int? {
        guard let value = value(key) else { return nil }
        guard case .text(let text) = value.content, let bytes = ByteSizeText.parse(text) else {
            return refuse(
                value, key, "\(quoted(key)) must be a size in quotation marks such as \"16KiB\" or \"1MiB\"")
        }
        guard range.contains(bytes) else {
            let span = "\(ByteSizeText.text(range.lowerBound)) to \(ByteSizeText.text(range.upperBound))"
            return refuse(value, key, "\(quoted(key)) is \(text), outside \(span)")
        }
        return bytes
    }

    // MARK: tables

    /// The reader of the table at `key`.
    package func table(_ key: String) -> TOMLReader? {
        guard let value = value(key) else { return nil }
        guard case .table(let inner) = value.content else { return wrongKind(value, key, "a table") }
        return open(inner, key, value.position)
    }

    /// The readers of the tables in the list at `key`, in order; empty when it is not there.
    package func tables(_ key: String, mostItems: Int = 1000) -> [TOMLReader] {
        guard let value = value(key) else { return [] }
        guard case .array(let items) = value.content else {
            let _: Int? = wrongKind(value, key, "a list of tables")
            return []
        }
        guard items.count <= mostItems else {
            report("\(quoted(key)) has more than \(mostItems) items", at: value.position)
            return []
        }
        return items.compactMap { item in
            guard case .table(let inner) = item.content else {
                return wrongKind(item, key, "a list of tables")
            }
            return open(inner, key, item.position)
        }
    }

    /// Every key of this table that was not asked for, each with its value as a text: for a table of free keys.
    package func remainingTexts(longest: Int = 250) -> [(key: String, text: String)] {
        keys.filter { !known.contains($0) }.compactMap { key in
            text(key, longest: longest).map { (key, $0) }
        }
    }

    /// The readers of every table in this table that was not asked for by name, with their keys.
    package func remainingTables() -> [(key: String, reader: TOMLReader)] {
        keys.filter { !known.contains($0) }.compactMap { key in table(key).map { (key, $0) } }
    }

    // MARK: problems

    /// Reports `message` about `key`, or about the whole table when the key is nil or not there.
    package func report(_ message: String, about key: String? = nil, advice: String? = nil) {
        let entry = table.entries.first { $0.key == key }
        report(message, at: entry?.position ?? position, advice: advice)
    }

    /// The value, or a report that `key` is missing.
    ///
    /// Silent when the key is there: then its value was wrong, and has been reported.
    package func required<Value>(_ value: Value?, _ key: String) -> Value? {
        if value == nil, table[key] == nil { report("\(quoted(key)) is missing\(place)") }
        return value
    }

    /// Everything wrong in the file, unknown keys of every opened table included, in the order of its lines.
    package func problems() -> [DirectoryError] {
        reportUnknown()
        return ledger.sorted()
    }

    /// Throws the file's first problem, with the lines of the next ones, when there is any.
    ///
    /// - Throws: `configuration_invalid` with the location "file:line".
    package func finish() throws(DirectoryError) {
        if let error = Self.summary(problems()) { throw error }
    }

    /// One error that stands for several: the first, and in its cause what comes next.
    package static func summary(_ problems: [DirectoryError]) -> DirectoryError? {
        guard var first = problems.first else { return nil }
        guard problems.count > 1 else { return first }
        // Chosen, not measured: what a person mends in one go.
        let shown = problems.dropFirst().prefix(4).map { ($0.location.map { $0 + ": " } ?? "") + $0.message }
        let rest = problems.count - 1 - shown.count
        let further = "also " + shown.joined(separator: "; ") + (rest > 0 ? "; and \(rest) more" : "")
        first.cause = first.cause.map { $0 + "; " + further } ?? further
        return first
    }

    // MARK: inside

    private var place: String { path.isEmpty ? "" : " in [\(path)]" }

    private func quoted(_ key: String) -> String { path.isEmpty ? "'\(key)'" : "'\(path).\(key)'" }

    private func value(_ key: String) -> TOMLValue? {
        if !known.contains(key) { known.append(key) }
        return table[key]
    }

    private func open(_ inner: TOMLTable, _ key: String, _ position: TOMLPosition) -> TOMLReader {
        let reader = TOMLReader(
            inner, path: path.isEmpty ? key : path + "." + key, position: position, ledger: ledger)
        opened.append(reader)
        return reader
    }

    private func checkedText(_ value: TOMLValue, _ key: String, longest: Int, mayBeEmpty: Bool) -> String? {
        guard case .text(let text) = value.content else { return wrongKind(value, key, "a text") }
        if text.isEmpty {
            return mayBeEmpty ? text : refuse(value, key, "\(quoted(key)) is an empty text")
        }
        // Bytes first: counting the characters of a very long text takes its time.
        guard text.utf8.count <= longest * 4, text.count <= longest else {
            return refuse(value, key, "\(quoted(key)) has more than \(longest) characters")
        }
        guard text == text.oneLine else {
            return refuse(value, key, "\(quoted(key)) holds a control character")
        }
        return text
    }

    private func wrongKind<Value>(_ value: TOMLValue, _ key: String, _ wanted: String) -> Value? {
        refuse(value, key, "\(quoted(key)) must be \(wanted), and is \(value.content.noun)")
    }

    private func refuse<Value>(_ value: TOMLValue, _ key: String, _ message: String) -> Value? {
        report(message, at: value.position)
        return nil
    }

    private func report(_ message: String, at position: TOMLPosition, advice: String? = nil) {
        ledger.add(message, at: position, advice: advice)
    }

    private func reportUnknown() {
        let list = known.sorted().joined(separator: ", ")
        for entry in table.entries where !known.contains(entry.key) {
            known.append(entry.key)
            report(
                "unknown key \(entry.key.shortened())\(place)", at: entry.position,
                advice: list.isEmpty ? nil : "known keys: " + list)
        }
        for reader in opened { reader.reportUnknown() }
    }
}

/// What is wrong in one file.
private final class Ledger {
    let file: String
    private(set) var problems: [(position: TOMLPosition, error: DirectoryError)] = []

    init(file: String) { self.file = file }

    func location(_ position: TOMLPosition) -> String {
        position.line > 0 ? "\(file):\(position.line)" : file
    }

    func add(_ message: String, at position: TOMLPosition, advice: String?) {
        // Chosen, not measured: beyond it nobody reads on, and a hostile file costs no more memory.
        guard problems.count < 100 else { return }
        problems.append(
            (
                position,
                DirectoryError(.configurationInvalid, message, advice: advice, location: location(position))
            ))
    }

    func sorted() -> [DirectoryError] {
        problems.enumerated()
            .sorted { ($0.element.position, $0.offset) < ($1.element.position, $1.offset) }
            .map(\.element.error)
    }
}
