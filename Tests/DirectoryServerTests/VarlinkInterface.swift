import DirectoryAPI
import TestSockets

/// The description of a Varlink interface as the specification reads it, written apart from the server.
struct VarlinkInterface {
    indirect enum Kind: Equatable {
        case bool, whole, number, text, object
        case optional(Kind)
        case array(Kind)
        case map(Kind)
        case choice([String])
        case fields([Field])
        case named(String)
    }

    struct Field: Equatable {
        var name: String
        var kind: Kind
    }

    struct Method: Equatable {
        var parameters: [Field]
        var reply: [Field]
    }

    private(set) var name = ""
    private(set) var types: [String: Kind] = [:]
    private(set) var methods: [String: Method] = [:]
    private(set) var errors: [String: [Field]] = [:]
    /// Members that no comment stands before.
    private(set) var unexplained: [String] = []
    private var words: [String] = []
    private var index = 0

    init(_ text: String) throws {
        var isExplained = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let code = line.prefix { $0 != "#" }
            if line.hasPrefix("#") { isExplained = true }
            if line.isEmpty { isExplained = false }
            if !isExplained,
                ["interface", "type", "method", "error"].contains(where: { code.hasPrefix($0 + " ") })
            {
                unexplained.append(String(code))
            }
            var word = ""
            for character in code {
                if character.isLetter || character.isNumber || "._-".contains(character) && character != "-" {
                    word.append(character)
                    continue
                }
                if !word.isEmpty { words.append(word) }
                word = ""
                if !character.isWhitespace { words.append(String(character)) }
            }
            if !word.isEmpty { words.append(word) }
        }
        try expect("interface")
        name = try next()
        while index < words.count { try member() }
    }

    private func fault(_ expected: String) -> RawClient.Fault {
        RawClient.Fault(
            description: "expected \(expected) at \(words[max(0, index - 5)..<min(words.count, index + 3)])")
    }
    private mutating func next() throws -> String {
        guard index < words.count else { throw fault("something") }
        index += 1
        return words[index - 1]
    }
    private mutating func take(_ word: String) -> Bool {
        guard index < words.count, words[index] == word else { return false }
        index += 1
        return true
    }
    private mutating func expect(_ word: String) throws {
        guard take(word) else { throw fault(word) }
    }

    private mutating func member() throws {
        let keyword = try next()
        let member = try next()
        guard member.first?.isUppercase == true else { throw fault("a name") }
        switch keyword {
        case "type": types[member] = try kind()
        case "error": errors[member] = try fields()
        case "method":
            let parameters = try fields()
            try expect("-")
            try expect(">")
            methods[member] = Method(parameters: parameters, reply: try fields())
        default: throw fault("a member")
        }
    }

    private mutating func fields() throws -> [Field] {
        guard case .fields(let fields) = try kind() else { throw fault("fields") }
        return fields
    }

    private mutating func kind() throws -> Kind {
        if take("?") { return .optional(try kind()) }
        if take("[") {
            if take("]") { return .array(try kind()) }
            try expect("string")
            try expect("]")
            return .map(try kind())
        }
        guard take("(") else {
            let name = try next()
            let plain: [String: Kind] = [
                "bool": .bool, "int": .whole, "float": .number, "string": .text, "object": .object,
            ]
            return plain[name] ?? .named(name)
        }
        var (fields, choices) = ([Field](), [String]())
        while !take(")") {
            let name = try next()
            guard name.first?.isLetter == true, name.last != "_" else { throw fault("a field") }
            if take(":") { fields.append(Field(name: name, kind: try kind())) } else { choices.append(name) }
            guard !take(",") else { continue }
            try expect(")")
            break
        }
        guard fields.isEmpty || choices.isEmpty else { throw fault("fields or choices") }
        return choices.isEmpty ? .fields(fields) : .choice(choices)
    }

    /// What a named kind is.
    func resolved(_ kind: Kind) -> Kind {
        guard case .named(let name) = kind else { return kind }
        return types[name] ?? kind
    }

    /// What is wrong with a value; a field that is not declared is wrong, too.
    func faults(_ value: JSONValue?, _ kind: Kind, at path: String) -> [String] {
        switch (resolved(kind), value) {
        case (.optional, nil), (.optional, .null): []
        case (.optional(let kind), let value): faults(value, kind, at: path)
        case (.bool, .bool), (.whole, .whole), (.number, .whole), (.number, .decimal), (.text, .string),
            (.object, .object):
            []
        case (.choice(let words), .string(let word)): words.contains(word) ? [] : ["\(path) is \(word)"]
        case (.array(let kind), .array(let values)):
            values.enumerated().flatMap { faults($1, kind, at: "\(path)[\($0)]") }
        case (.map(let kind), .object(let members)):
            members.flatMap { faults($1, kind, at: "\(path).\($0)") }
        case (.fields(let fields), .object(let members)):
            fields.flatMap { faults(members[$0.name], $0.kind, at: "\(path).\($0.name)") }
                + members.keys.filter { key in !fields.contains { $0.name == key } }.map {
                    "\(path).\($0) is not declared"
                }
        case (let kind, let value): ["\(path) is \(value.map { "\($0)" } ?? "missing") and should be \(kind)"]
        }
    }
}
