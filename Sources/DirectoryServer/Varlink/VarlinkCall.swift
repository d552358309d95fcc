#if canImport(Glibc)
    import Glibc
#endif

internal import DirectoryAPI
internal import DirectoryModel

/// What a client asks with one message.
struct VarlinkCall {
    /// The method that is called; nil where the message names one that is not here, or names none.
    private(set) var method: VarlinkMethod?
    /// The parameters, as words of a query.
    private(set) var words = QueryWords([])
    /// Whether the client takes several replies.
    private(set) var wantsMore = false
    /// Whether the client takes no reply.
    private(set) var isOneway = false
    /// Why it cannot be answered.
    private(set) var fault: VarlinkFault?

    /// Reads a message, without the zero byte at its end.
    init(_ message: UnsafeBufferPointer<UInt8>, _ table: VarlinkTable) {
        do throws(VarlinkFault) {
            let parts = try Parts(message)
            isOneway = try parts.flag(parts.oneway, "oneway")
            wantsMore = try parts.flag(parts.more, "more")
            if let unknown = parts.unknown { throw .invalidParameter(parts.scanner.string(unknown)) }
            let method = try parts.method(of: table)
            self.method = method
            if method.goesOn, !wantsMore { throw .expectedMore }
            words = try parts.words(of: method)
        } catch {
            fault = error
        }
    }
}

/// Where the parts of a message lie.
private struct Parts {
    var scanner: JSONScanner
    var method: JSONScanner.Value?
    var parameters: JSONScanner.Value?
    var more: JSONScanner.Value?
    var oneway: JSONScanner.Value?
    /// The key of a member that means something else than is understood here.
    var unknown: JSONScanner.Value?

    init(_ message: UnsafeBufferPointer<UInt8>) throws(VarlinkFault) {
        scanner = JSONScanner(message)
        do throws(JSONScanner.Fault) {
            var (method, parameters, more, oneway, unknown) = (
                JSONScanner.Value?.none, JSONScanner.Value?.none, JSONScanner.Value?.none,
                JSONScanner.Value?.none, JSONScanner.Value?.none
            )
            try scanner.members { scanner, key throws(JSONScanner.Fault) in
                let value = try scanner.value(depth: 1)
                if scanner.says(key, "method") {
                    method = value
                } else if scanner.says(key, "parameters") {
                    parameters = value
                } else if scanner.says(key, "more") {
                    more = value
                } else if scanner.says(key, "oneway") {
                    oneway = value
                } else if !scanner.says(key, "upgrade") || value.kind != .no {
                    unknown = key
                }
            }
            try scanner.finish()
            (self.method, self.parameters) = (method, parameters)
            (self.more, self.oneway, self.unknown) = (more, oneway, unknown)
        } catch {
            throw .unreadable(Self.unreadable("\(error.words), after \(error.offset) bytes"))
        }
        if scanner.hasWideText, String(validating: message, as: UTF8.self) == nil {
            throw .unreadable(Self.unreadable("it is not UTF-8"))
        }
    }

    private static func unreadable(_ cause: String) -> DirectoryError {
        DirectoryError(
            .invalidRequest, "what was sent is no Varlink call: \(cause)",
            advice: "send one JSON object with a zero byte after it; see docs/varlink.md")
    }

    func flag(_ value: JSONScanner.Value?, _ name: String) throws(VarlinkFault) -> Bool {
        switch value?.kind {
        case nil, .no, .null: false
        case .yes: true
        default: throw .invalidParameter(name)
        }
    }

    func method(of table: VarlinkTable) throws(VarlinkFault) -> VarlinkMethod {
        guard let value = method, value.kind == .text else {
            throw .unreadable(Self.unreadable("it names no method"))
        }
        if !value.isEscaped, let method = table.methods.first(where: { scanner.equals(value, $0.utf8) }) {
            return method
        }
        let name = scanner.string(value)
        if let method = table.methods.first(where: { $0.name == name }) { return method }
        guard let dot = name.lastIndex(of: ".") else { throw .methodNotFound(name) }
        let interface = String(name[..<dot])
        throw VarlinkTable.interfaces.contains(interface)
            ? .methodNotFound(name) : .interfaceNotFound(interface)
    }

    /// The parameters as words; each is of the type that the method declares, and none is missing or unknown.
    func words(of method: VarlinkMethod) throws(VarlinkFault) -> QueryWords {
        var words: [(name: String, value: String)] = []
        if let parameters, parameters.kind != .null {
            guard parameters.kind == .object else { throw .invalidParameter("parameters") }
            var scanner = JSONScanner(scanner.bytes, from: parameters.start, to: parameters.end)
            words.reserveCapacity(8)
            var wrong: VarlinkFault?
            do throws(JSONScanner.Fault) {
                try scanner.members { scanner, key throws(JSONScanner.Fault) in
                    let value = try scanner.value()
                    guard wrong == nil, value.kind != .null else { return }
                    do throws(VarlinkFault) {
                        try Self.take(key, value, scanner, method, &words)
                    } catch {
                        wrong = error
                    }
                }
            } catch {
                throw .unreadable(Self.unreadable(error.words))
            }
            if let wrong { throw wrong }
        }
        for parameter in method.parameters where parameter.isRequired {
            guard words.contains(where: { $0.name == parameter.name }) else {
                throw .invalidParameter(parameter.name)
            }
        }
        return QueryWords(words)
    }

    private static func take(
        _ key: JSONScanner.Value, _ value: JSONScanner.Value, _ scanner: JSONScanner, _ method: VarlinkMethod,
        _ words: inout [(name: String, value: String)]
    ) throws(VarlinkFault) {
        guard
            let parameter = method.parameters.first(where: {
                key.isEscaped ? scanner.string(key) == $0.name : scanner.equals(key, $0.utf8)
            })
        else { throw .invalidParameter(scanner.string(key)) }
        guard parameter.isArray else {
            words.append((parameter.name, try text(value, scanner, parameter)))
            return
        }
        guard value.kind == .array else { throw .invalidParameter(parameter.name) }
        var elements = JSONScanner(scanner.bytes, from: value.start, to: value.end)
        var values: [JSONScanner.Value] = []
        do throws(JSONScanner.Fault) {
            try elements.elements { elements throws(JSONScanner.Fault) in values.append(try elements.value())
            }
        } catch {
            throw .unreadable(unreadable(error.words))
        }
        for value in values { words.append((parameter.name, try text(value, scanner, parameter))) }
    }

    private static func text(
        _ value: JSONScanner.Value, _ scanner: JSONScanner, _ parameter: VarlinkParameter
    ) throws(VarlinkFault) -> String {
        let fits =
            switch (parameter.kind, value.kind) {
            case (.text, .text), (.choice, .text), (.whole, .whole), (.number, .whole), (.number, .decimal):
                true
            default: false
            }
        guard fits else { throw .invalidParameter(parameter.name) }
        return scanner.string(value)
    }
}

extension JSONScanner {
    /// Whether the bytes of a value without escapes are these.
    @inline(__always)
    func equals(_ value: Value, _ other: [UInt8]) -> Bool {
        let count = value.end - value.start
        guard count == other.count, let base = bytes.baseAddress else { return false }
        return other.withUnsafeBufferPointer { other in
            other.baseAddress.map { memcmp(base + value.start, $0, count) == 0 } ?? true
        }
    }
}
