import DirectoryAPI

extension JSONValue {
    /// The text under a key; empty when there is none.
    func text(_ key: String) -> String { self[key]?.asText ?? "" }

    /// The values of the array under a key; none when there is no array.
    func list(_ key: String) -> [JSONValue] {
        guard case .array(let values)? = self[key] else { return [] }
        return values
    }

    /// The texts of the array under a key.
    func texts(_ key: String) -> [String] { list(key).compactMap(\.asText) }

    /// The number under a key, or nil.
    func number(_ key: String) -> Double? { self[key]?.asNumber }

    /// The whole number under a key, or nil.
    func whole(_ key: String) -> Int? {
        guard case .whole(let number)? = self[key] else { return nil }
        return number
    }

    /// The members of the object under a key, in the order of their keys.
    func members(_ key: String) -> [(key: String, value: JSONValue)] {
        guard case .object(let members)? = self[key] else { return [] }
        return members.sorted { $0.key < $1.key }
    }

    /// The number, when this is one.
    var asNumber: Double? {
        switch self {
        case .whole(let number): Double(number)
        case .decimal(let number): number
        default: nil
        }
    }

    /// The value in words for a table, or nil for null.
    var asText: String? {
        switch self {
        case .null: nil
        case .bool(let value): value ? "yes" : "no"
        case .whole(let number): String(number)
        case .decimal(let number): String(number)
        case .string(let text): text
        case .array(let values): values.compactMap(\.asText).joined(separator: ", ")
        case .object(let members):
            members.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.asText ?? "–")" }
                .joined(separator: ", ")
        }
    }
}

extension Double {
    /// The number with a fixed number of decimals, for a column of numbers.
    func decimals(_ places: Int) -> String {
        guard isFinite, magnitude < 1e12 else { return String(self) }
        let scale = (0..<places).reduce(1.0) { scale, _ in scale * 10 }
        let scaled = (self * scale).rounded()
        let digits = String(Int(scaled.magnitude))
        let padded = String(repeating: "0", count: Swift.max(0, places + 1 - digits.count)) + digits
        let sign = scaled < 0 ? "-" : ""
        guard places > 0 else { return sign + padded }
        return sign + padded.dropLast(places) + "." + padded.suffix(places)
    }
}
