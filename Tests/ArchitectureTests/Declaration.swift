import Foundation

/// A declaration in the code: found by its keyword, without parsing.
struct Declaration {
    /// The file.
    let path: String
    /// struct, enum, class, protocol, actor, typealias, func, var, let or case.
    let keyword: String
    /// The declared name.
    let name: String

    /// Whether it declares a type.
    var isType: Bool { Self.typeKeywords.contains(keyword) }

    private static let typeKeywords: Set = ["struct", "enum", "class", "protocol", "actor", "typealias"]
    private static let keywords = typeKeywords.union(["func", "var", "let", "case"])

    /// Every declaration under Sources/ and Plugins/, tests of modules included.
    static func all() throws -> [Declaration] {
        try Repository.swiftFiles(under: ["Sources", "Plugins"]).flatMap { path in
            try Repository.text(path).split(separator: "\n").filter { !$0.isComment }.flatMap { line in
                found(in: line, path)
            }
        }
    }

    private static func found(in line: Substring, _ path: String) -> [Declaration] {
        let words = line.utf8.split { byte in
            !(0x61...0x7A ~= byte || 0x41...0x5A ~= byte || 0x30...0x39 ~= byte || byte == 0x5F
                || byte == 0x2E)
        }
        return zip(words, words.dropFirst()).compactMap { keyword, name in
            let keyword = String(Substring(keyword))
            guard keywords.contains(keyword), !name.contains(0x2E) else { return nil }
            return Declaration(path: path, keyword: keyword, name: String(Substring(name)))
        }
    }
}

extension Substring {
    /// Whether a line is nothing but a comment.
    var isComment: Bool { drop { $0 == " " }.hasPrefix("//") }
}

extension String {
    /// The words of a camel-case name, in lower case: "PlaceListQuery" is place, list, query.
    var camelParts: [String] {
        var parts: [String] = []
        var previousIsUpper = false
        for character in self {
            if character.isUppercase && !previousIsUpper || parts.isEmpty {
                parts.append(character.lowercased())
            } else {
                parts[parts.count - 1] += character.lowercased()
            }
            previousIsUpper = character.isUppercase
        }
        return parts
    }
}
