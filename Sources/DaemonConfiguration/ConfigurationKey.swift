internal import DirectoryModel
package import TOMLDocument

/// One key of `quarter.toml`: how it is read, shown and explained.
///
/// Parser, shipped file and reference are all made from the list of these, so that they cannot differ.
package struct ConfigurationKey: Sendable {
    /// The table that the key stands in, such as "requests".
    package let table: String
    /// The key's name, such as "head_limit".
    package let name: String
    /// What kind of value it takes, in words.
    package let kind: String
    /// What the key is for, in one or two sentences.
    package let meaning: String
    /// The range or the words that are allowed, or nil when the kind says it.
    package let allowed: String?
    /// Where the default comes from.
    package let source: String
    /// Whether a change needs a restart of the daemon; else a reload brings it in.
    package let needsRestart: Bool
    /// Reads the key into a configuration; leaves the default where it is not there or wrong.
    package let read: @Sendable (TOMLReader, inout QuarterConfiguration) -> Void
    /// The key's value as TOML, or nil when it is unset.
    package let value: @Sendable (QuarterConfiguration) -> String?

    /// A path to one setting.
    package typealias Path<Value> = WritableKeyPath<QuarterConfiguration, Value> & Sendable
}

extension ConfigurationKey {
    /// What explains a key.
    struct Words: Sendable {
        var meaning: String
        var allowed: String?
        var source: String
        var needsRestart = false
    }

    private init(
        _ table: String, _ name: String, _ kind: String, _ words: Words, allowed: String? = nil,
        read: @escaping @Sendable (TOMLReader, inout QuarterConfiguration) -> Void,
        value: @escaping @Sendable (QuarterConfiguration) -> String?
    ) {
        self.table = table
        self.name = name
        self.kind = kind
        self.meaning = words.meaning
        self.allowed = words.allowed ?? allowed
        self.source = words.source
        self.needsRestart = words.needsRestart
        self.read = read
        self.value = value
    }

    static func whole(
        _ table: String, _ name: String, _ path: Path<Int>, in range: ClosedRange<Int>, _ words: Words
    ) -> Self {
        Self(
            table, name, "whole number", words, allowed: "\(range.lowerBound) to \(range.upperBound)",
            read: { $1[keyPath: path] = $0.whole(name, in: range) ?? $1[keyPath: path] },
            value: { String($0[keyPath: path]) })
    }

    static func size(
        _ table: String, _ name: String, _ path: Path<Int>, in range: ClosedRange<Int>, _ words: Words
    ) -> Self {
        Self(
            table, name, "size", words,
            allowed: "\(ByteSizeText.text(range.lowerBound)) to \(ByteSizeText.text(range.upperBound))",
            read: { $1[keyPath: path] = $0.byteSize(name, in: range) ?? $1[keyPath: path] },
            value: { quoted(ByteSizeText.text($0[keyPath: path])) })
    }

    static func duration(
        _ table: String, _ name: String, _ path: Path<Seconds>, in range: ClosedRange<Seconds>, _ words: Words
    ) -> Self {
        Self(
            table, name, "duration", words,
            allowed: "\(DurationText.text(range.lowerBound)) to \(DurationText.text(range.upperBound))",
            read: { $1[keyPath: path] = $0.duration(name, in: range) ?? $1[keyPath: path] },
            value: { quoted(DurationText.text($0[keyPath: path])) })
    }

    static func choice<Word: RawRepresentable & CaseIterable & Sendable>(
        _ table: String, _ name: String, _ path: Path<Word>, _ words: Words
    ) -> Self where Word.RawValue == String {
        Self(
            table, name, "text", words,
            allowed: Word.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", "),
            read: { $1[keyPath: path] = $0.choice(name, as: Word.self) ?? $1[keyPath: path] },
            value: { quoted($0[keyPath: path].rawValue) })
    }

    /// A text that `check` takes; `check` returns what is wrong with it, or nil.
    static func text(
        _ table: String, _ name: String, _ path: Path<String>, _ words: Words,
        check: @escaping @Sendable (String) -> String?
    ) -> Self {
        Self(
            table, name, "text", words,
            read: { reader, configuration in
                guard let text = reader.text(name, longest: 250) else { return }
                if let problem = check(text) { return reader.report(problem, about: name) }
                configuration[keyPath: path] = text
            },
            value: { quoted($0[keyPath: path]) })
    }

    /// A list of texts, each of which `check` takes.
    static func texts(
        _ table: String, _ name: String, _ path: Path<[String]>, _ words: Words, mayBeEmpty: Bool = true,
        check: @escaping @Sendable (String) -> String?
    ) -> Self {
        Self(
            table, name, "list of texts", words,
            read: { reader, configuration in
                guard let texts = reader.texts(name, longest: 250, mostItems: 100) else { return }
                if texts.isEmpty, !mayBeEmpty {
                    return reader.report("'\(table).\(name)' is an empty list", about: name)
                }
                if let problem = texts.lazy.compactMap(check).first {
                    return reader.report(problem, about: name)
                }
                configuration[keyPath: path] = texts
            },
            value: { "[" + $0[keyPath: path].map(quoted).joined(separator: ", ") + "]" })
    }

    static func id<ID: DirectoryID>(_ table: String, _ name: String, _ path: Path<ID>, _ words: Words) -> Self
    {
        Self(
            table, name, "id of a \(ID.noun)", words,
            read: { reader, configuration in
                if let id = checkedID(ID.self, name, reader) { configuration[keyPath: path] = id }
            },
            value: { quoted($0[keyPath: path].rawValue) })
    }

    /// An id that may be left unset; an empty text is that as well.
    static func id<ID: DirectoryID>(
        _ table: String, _ name: String, _ path: Path<ID?>, _ words: Words
    ) -> Self {
        Self(
            table, name, "id of a \(ID.noun)", words,
            read: { reader, configuration in
                if let id = checkedID(ID.self, name, reader, mayBeEmpty: true) {
                    configuration[keyPath: path] = id
                }
            },
            value: { $0[keyPath: path].map { quoted($0.rawValue) } })
    }

    private static func checkedID<ID: DirectoryID>(
        _: ID.Type, _ name: String, _ reader: TOMLReader, mayBeEmpty: Bool = false
    ) -> ID? {
        guard let text = reader.text(name, longest: ID.maximumLength, mayBeEmpty: mayBeEmpty),
            !text.isEmpty
        else { return nil }
        guard let id = ID(rawValue: text) else {
            reader.report("\(text.shortened()) cannot be the id of a \(ID.noun)", about: name)
            return nil
        }
        return id
    }
}

/// A text as a basic string of TOML.
func quoted(_ text: String) -> String {
    var result = "\""
    for character in text.oneLine {
        if character == "\"" || character == "\\" { result.append("\\") }
        result.append(character)
    }
    return result + "\""
}

extension QuarterConfiguration {
    /// The keys, such as "spool.folder", that differ from `running` and come in with a restart only.
    package func keysAwaitingRestart(since running: QuarterConfiguration) -> [String] {
        ConfigurationKey.all.filter { $0.needsRestart && $0.value(self) != $0.value(running) }
            .map { "\($0.table).\($0.name)" }
    }
}
