/// Finds and masks what belongs to a person in free text: mobile numbers and 18-digit ID numbers.
///
/// The directory lists services, not people: no register's free text may carry a person's number into an
/// answer (PIPL articles 25 and 28). Landline and service numbers (025-…, 400-…, 12345) are left alone.
///
/// Since: 1.0
public enum PersonalData {
    /// `text` with every mobile number as `138****1234` and every ID number as stars, or nil when it has none.
    ///
    /// Full-width digits, a leading 86 and single spaces or hyphens between digits are seen through.
    /// Masking is idempotent. Complexity: O(n) in the bytes of `text`.
    ///
    /// Since: 1.0
    public static func masked(_ text: String) -> String? {
        guard hasEnoughDigits(text) else { return nil }
        let scalars = Array(text.unicodeScalars)
        var result = String.UnicodeScalarView()
        var found = false
        var index = 0
        while index < scalars.count {
            guard digit(scalars[index]) != nil else {
                result.append(scalars[index])
                index += 1
                continue
            }
            let run = DigitRun(scalars, from: index)
            if let mask = run.mask {
                found = true
                result.append(contentsOf: mask.unicodeScalars)
            } else {
                result.append(contentsOf: scalars[index..<run.end])
            }
            index = run.end
        }
        return found ? String(result) : nil
    }

    /// Whether `text` holds a mobile number or an ID number.
    ///
    /// Since: 1.0
    public static func isIn(_ text: String) -> Bool { masked(text) != nil }

    /// The shortest number that is looked for has 11 digits; most texts end here.
    private static func hasEnoughDigits(_ text: String) -> Bool {
        var count = 0
        var before: UInt8 = 0
        for byte in text.utf8 {
            // A full-width digit is EF BC 90…99 in UTF-8.
            if (0x30...0x39).contains(byte) || (before == 0xBC && (0x90...0x99).contains(byte)) { count += 1 }
            if count >= 11 { return true }
            before = byte
        }
        return false
    }

    fileprivate static func digit(_ scalar: Unicode.Scalar) -> UInt8? {
        switch scalar.value {
        case 0x30...0x39: UInt8(scalar.value - 0x30)
        case 0xFF10...0xFF19: UInt8(scalar.value - 0xFF10)
        default: nil
        }
    }
}

/// Digits that belong together: single spaces and hyphens between them do not part them.
private struct DigitRun {
    /// The digits, and a final X of an ID number.
    private var digits: [UInt8] = []
    private var endsInX = false
    /// The index after the run.
    private(set) var end: Int

    init(_ scalars: [Unicode.Scalar], from start: Int) {
        end = start
        while end < scalars.count {
            if let digit = PersonalData.digit(scalars[end]) {
                digits.append(digit)
                end += 1
            } else if end + 1 < scalars.count, Self.separators.contains(scalars[end]),
                PersonalData.digit(scalars[end + 1]) != nil
            {
                end += 1
            } else {
                break
            }
        }
        if digits.count == 17, end < scalars.count, Self.finalX.contains(scalars[end]) {
            endsInX = true
            end += 1
        }
    }

    private static let separators: Set<Unicode.Scalar> = [
        " ", "-", "\u{2010}", "\u{2011}", "\u{2013}", "\u{00A0}",
    ]
    private static let finalX: Set<Unicode.Scalar> = ["X", "x", "\u{FF38}", "\u{FF58}"]

    /// What to write instead, or nil when the run is nobody's number.
    var mask: String? {
        if endsInX || digits.count == 18 { return isIdentity ? String(repeating: "*", count: 18) : nil }
        var number = digits[...]
        if number.count == 13, number.starts(with: [8, 6]) { number = number.dropFirst(2) }
        guard number.count == 11, number[number.startIndex] == 1, number[number.startIndex + 1] >= 3 else {
            return nil
        }
        return number.prefix(3).map(String.init).joined() + "****"
            + number.suffix(4).map(String.init).joined()
    }

    /// Whether characters 7 to 14 are a date of birth, as in every ID number (GB 11643-1999).
    ///
    /// The check digit is not asked for: a mistyped number still points to somebody.
    private var isIdentity: Bool {
        let century = digits[6] * 10 + digits[7]
        let month = digits[10] * 10 + digits[11]
        let day = digits[12] * 10 + digits[13]
        return digits[0] != 0 && (18...20).contains(century) && (1...12).contains(month)
            && (1...31).contains(day)
    }
}
