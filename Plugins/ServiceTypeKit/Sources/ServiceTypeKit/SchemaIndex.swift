import DirectoryModel
import Synchronization

/// A schema made ready for lookups, built once and shared by all copies of a description.
///
/// Without it every record would fold every column name and every option anew (0.1 to 0.3 ms a row, measured).
final class SchemaIndex: Sendable {
    /// An attribute by its place in the schema, and how early among its names a name stands.
    struct Target {
        let attribute: Int
        let rank: Int
    }

    /// The attributes by every name as it is written: key, OSM tag, columns, Chinese and English name.
    let names: [String: [Target]]
    /// The same by folded column names; their ranks come behind all of `names`.
    let headers: [String: [Target]]
    /// The keys of the schema.
    let keys: Set<String>
    /// The options of each attribute, nil where it has none.
    let options: [OptionIndex?]

    init(_ attributes: [AttributeDescription]) {
        var names: [String: [Target]] = [:]
        var headers: [String: [Target]] = [:]
        for (number, attribute) in attributes.enumerated() {
            let exact =
                [attribute.key] + (attribute.osmKey.map { [$0] } ?? []) + attribute.columnNames
                + [attribute.name.zh, attribute.name.en]
            for (rank, name) in exact.enumerated() {
                names[name, default: []].append(Target(attribute: number, rank: rank))
            }
            for (rank, name) in (attribute.columnNames + [attribute.name.zh]).enumerated() {
                headers[Self.header(name), default: []].append(
                    Target(attribute: number, rank: exact.count + rank))
            }
        }
        self.names = names
        self.headers = headers
        keys = Set(attributes.map(\.key))
        options = attributes.map { attribute in
            switch attribute.kind {
            case .oneOf(let options), .manyOf(let options): OptionIndex(options)
            case .bool, .whole, .decimal, .money, .text, .schedule, .date, .rows: nil
            }
        }
    }

    /// A source's words for each attribute, by its place in the schema, blanks left out.
    ///
    /// Of several names the one that stands first among the attribute's names counts; of two headers that fold to
    /// one, the first by its bytes, so that the result does not hang on the order of a dictionary.
    func words(in raw: [String: String]) -> [String?] {
        var best = [(rank: Int, key: String, value: String)?](repeating: nil, count: options.count)
        func offer(_ targets: [Target], _ key: String, _ value: String) {
            for target in targets {
                if let held = best[target.attribute] {
                    if held.rank < target.rank { continue }
                    if held.rank == target.rank, held.key.utf8.lexicographicallyPrecedes(key.utf8) {
                        continue
                    }
                }
                best[target.attribute] = (target.rank, key, value)
            }
        }
        for (key, value) in raw {
            if value.utf8.allSatisfy({ $0 == 0x20 }) { continue }
            if let targets = names[key] {
                offer(targets, key, value)
            } else if key.utf8.count <= Self.maximumHeaderLength, !key.utf8.allSatisfy({ $0 < 0x80 }) {
                // Tags of OpenStreetMap are ASCII and match exactly; headers of registers are Chinese.
                if let targets = headers[Self.header(key)] { offer(targets, key, value) }
            }
        }
        return best.map { $0?.value }
    }

    /// The attributes that the cells of a table's first row name, by their places; nil where it is no such row.
    func columns(named cells: [String]) -> [Int]? {
        guard cells.count > 1 else { return nil }
        var places: [Int] = []
        for cell in cells {
            guard let place = attribute(named: cell), !places.contains(place) else { return nil }
            places.append(place)
        }
        return places
    }

    /// The place of the attribute that a header names; nil where none does.
    func attribute(named header: String) -> Int? {
        guard header.utf8.count <= Self.maximumHeaderLength else { return nil }
        let plain = header.cleaned().text
        let targets = names[plain] ?? headers[Self.header(plain)]
        return targets?.min(by: { $0.rank < $1.rank })?.attribute
    }

    /// The longest header that is looked at, in bytes.
    ///
    /// Chosen, not measured.
    private static let maximumHeaderLength = 300

    /// `座位数（个）`, `*座位数` and `座位 数` are all 座位数.
    static func header(_ text: String) -> String {
        let folded = text.foldedForComparison.filter { $0 != " " && $0 != "*" }
        guard let bracket = folded.firstIndex(of: "("), bracket != folded.startIndex, folded.hasSuffix(")")
        else { return folded }
        return String(folded[..<bracket])
    }
}

/// The options of an attribute by every word for them.
final class OptionIndex: Sendable {
    /// The options' keys, in the schema's order.
    let keys: [String]
    private let exact: [String: Int]
    private let folded: [String: Int]

    init(_ options: [AttributeOption]) {
        keys = options.map(\.key)
        var exact: [String: Int] = [:]
        var folded: [String: Int] = [:]
        for (number, option) in options.enumerated() {
            for word in [option.key, option.name.zh, option.name.en] + option.aliases {
                if exact[word] == nil { exact[word] = number }
                let plain = word.foldedForComparison
                if folded[plain] == nil { folded[plain] = number }
            }
        }
        self.exact = exact
        self.folded = folded
    }

    /// The place of the option that `word` names: by key, name in either language or alias, also with 类 or 服务 behind
    /// it.
    func find(_ word: String) -> Int? {
        // Before the lookup, which would hash megabytes.
        if word.isOverlong { return nil }
        if let number = exact[word] { return number }
        return find(folded: word.foldedForComparison)
    }

    /// The options from one to another, in the schema's order, that a span such as 周一至周五 or 周一到五 names.
    func span(_ word: String) -> ClosedRange<Int>? {
        if word.isOverlong { return nil }
        let folded = word.foldedForComparison
        guard let mark = folded.firstIndex(where: { "至到~—–".contains($0) }) else { return nil }
        let from = String(folded[..<mark])
        let until = String(folded[folded.index(after: mark)...])
        guard let first = find(folded: from), let lead = from.first,
            let last = find(folded: until) ?? find(folded: String(lead) + until), first <= last
        else { return nil }
        return first...last
    }

    /// The same where the word is folded already.
    func find(folded word: String) -> Int? {
        if let number = folded[word] { return number }
        for suffix in ["类", "服务"] {
            if let stem = word.dropping(suffix: suffix), let number = folded[stem] { return number }
        }
        return nil
    }
}

/// Holds the index of a description's attributes: made at first need, shared by copies, no part of their equality.
struct SchemaIndexBox: Hashable, Sendable {
    private final class Box: Sendable {
        let index = Mutex<SchemaIndex?>(nil)
    }

    private let box = Box()

    func index(of attributes: [AttributeDescription]) -> SchemaIndex {
        box.index.withLock { held in
            if let held { return held }
            let made = SchemaIndex(attributes)
            held = made
            return made
        }
    }

    static func == (left: SchemaIndexBox, right: SchemaIndexBox) -> Bool { true }

    func hash(into hasher: inout Hasher) {}
}
