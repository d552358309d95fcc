/// Numbers and the texts that stand for them.
enum NumberText {
    /// A whole number beyond this power of ten is not written out.
    ///
    /// Chosen, not measured: no code of a register is longer.
    private static let largestExponent = 40

    /// The number as a person writes it: see `TableCell.text`.
    static func text(of value: Double, written: String) -> String {
        guard value.isFinite else { return written }
        if value == value.rounded(), value.magnitude < 1e15 { return String(Int64(value)) }
        if value.magnitude >= 1e15 { return plainDigits(written) ?? written }
        let shortest = "\(value)"
        return shortest.utf8.contains(UInt8(ascii: "e")) ? plainDigits(shortest) ?? written : shortest
    }

    /// "9.1320114E+17" as "913201140000000000": the same digits, without an exponent.
    static func plainDigits(_ written: String) -> String? {
        var bytes = Array(written.utf8)[...]
        let isNegative = bytes.first == UInt8(ascii: "-")
        if isNegative || bytes.first == UInt8(ascii: "+") { bytes = bytes.dropFirst() }
        var exponent = 0
        if let mark = bytes.firstIndex(where: { $0 | 0x20 == UInt8(ascii: "e") }) {
            guard let given = Int(String(decoding: bytes[(mark + 1)...], as: UTF8.self)) else { return nil }
            exponent = given
            bytes = bytes[..<mark]
        }
        guard exponent.magnitude <= largestExponent else { return nil }
        let whole = bytes.prefix { $0 != UInt8(ascii: ".") }
        let fraction = bytes.dropFirst(whole.count + 1)
        guard !whole.isEmpty, whole.count + fraction.count <= 2 * largestExponent,
            (whole + fraction).allSatisfy({ $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") })
        else { return nil }
        var digits = Array(whole) + Array(fraction)
        var point = whole.count + exponent
        if point < 1 {
            digits.insert(contentsOf: repeatElement(UInt8(ascii: "0"), count: 1 - point), at: 0)
            point = 1
        }
        while digits.count < point { digits.append(UInt8(ascii: "0")) }
        var before = digits[..<point].drop { $0 == UInt8(ascii: "0") }
        if before.isEmpty { before = [UInt8(ascii: "0")] }
        var after = digits[point...]
        while after.last == UInt8(ascii: "0") { after = after.dropLast() }
        return (isNegative ? "-" : "") + String(decoding: before, as: UTF8.self)
            + (after.isEmpty ? "" : "." + String(decoding: after, as: UTF8.self))
    }

    /// Whether a text is a spreadsheet's scientific notation that leaves digits of a whole number out.
    ///
    /// That is: an optional sign, one digit, perhaps a point with digits, "E+" and two or three digits, as
    /// spreadsheets write them; a room number such as "2E12" is none.
    static func isShortened(_ text: String) -> Bool {
        guard text.utf8.count <= 32, text.utf8.count >= 5 else { return false }
        var rest = Array(text.utf8)[...]
        func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }
        if rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
        guard let digit = rest.popFirst(), isDigit(digit) else { return false }
        var fraction = 0
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            while let next = rest.first, isDigit(next) {
                fraction += 1
                rest = rest.dropFirst()
            }
            guard fraction > 0 else { return false }
        }
        guard let mark = rest.popFirst(), mark | 0x20 == UInt8(ascii: "e"),
            rest.popFirst() == UInt8(ascii: "+"),
            (2...3).contains(rest.count), rest.allSatisfy(isDigit)
        else { return false }
        return rest.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) } > fraction
    }

    /// Powers of ten that `Double` holds exactly.
    private static let powers: [Double] = (0...22).reduce(into: []) { list, _ in
        list.append((list.last ?? 0.1) * 10)
    }

    /// The number that a text without white space states; nil when it states none.
    ///
    /// Up to 15 digits with a point are read here: both steps are exact, so the quotient is rounded once, as the
    /// library's conversion rounds it.
    static func number(_ bytes: UnsafeBufferPointer<UInt8>) -> Double? {
        var mantissa: Int64 = 0
        var digits = 0
        var fraction = 0
        var hasPoint = false
        var index = 0
        let isNegative = bytes.first == UInt8(ascii: "-")
        if isNegative { index = 1 }
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            if byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") {
                digits += 1
                if digits > 15 { return slowly(bytes) }
                mantissa = mantissa * 10 + Int64(byte - UInt8(ascii: "0"))
                if hasPoint { fraction += 1 }
            } else if byte == UInt8(ascii: "."), !hasPoint {
                hasPoint = true
            } else {
                return slowly(bytes)
            }
        }
        guard digits > 0 else { return nil }
        let value = Double(mantissa) / powers[fraction]
        return isNegative ? -value : value
    }

    private static func slowly(_ bytes: UnsafeBufferPointer<UInt8>) -> Double? {
        // No hexadecimal, no "nan", no "infinity": those are no numbers of a table.
        guard bytes.count <= 400,
            bytes.allSatisfy({
                ($0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9")) || $0 == UInt8(ascii: ".")
                    || $0 | 0x20 == UInt8(ascii: "e")
                    || $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-")
            }), let value = Double(String(decoding: bytes, as: UTF8.self)), value.isFinite
        else { return nil }
        return value
    }
}
