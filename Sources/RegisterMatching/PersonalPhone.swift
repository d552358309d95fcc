internal import TextSearch

/// One telephone number of a cell: what kind it is, one way of writing it, and what may be shown.
///
/// A service number may be shown; a mobile is taken for somebody's own, and shown with stars unless a consent is
/// recorded (PIPL article 25).
package struct PersonalPhone: Hashable, Sendable {
    /// Kinds of numbers.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        /// A line with or without its area code: 025-84412345, 84412345.
        case landline
        /// 400 and 800 numbers.
        case hotline
        /// 12345, 110, 95588, 10086 and their like.
        case short
        /// A mobile: somebody's own until a consent says otherwise.
        case mobile
        /// Digits that are no number.
        case malformed
    }

    /// What kind it is.
    package let kind: Kind
    /// The one way of writing it: `025-84412345`, `400-123-4567`, `12345`, `13812345678`; digits where malformed.
    package let canonical: String
    /// The extension, digits; nil without one.
    package let lineExtension: String?

    /// Whether it may be shown without anybody's consent.
    package var isService: Bool { kind == .landline || kind == .hotline || kind == .short }

    /// The number as it may be shown: `138****1234`; a malformed one of seven digits and more as stars, because a
    /// mistyped mobile still points to somebody.
    package var shown: String {
        let tail = lineExtension.map { "转" + $0 } ?? ""
        switch kind {
        case .mobile: return canonical.prefix(3) + "****" + canonical.suffix(4)
        case .malformed:
            return canonical.count < 7 ? canonical : String(repeating: "*", count: canonical.count)
        case .landline, .hotline, .short: return canonical + tail
        }
    }

    /// The numbers of a cell, in the order written.
    ///
    /// Several may stand in it, parted by strokes, commas, 、 and blanks; a few digits after a line replace its last
    /// ones ("025-84412345/46"); words between are left out.
    /// - Parameter areaCode: the area code of lines without one, such as "025"; nil leaves them as they are.
    /// - Returns: empty where there is no digit. Never more than 20.
    package static func read(_ cell: String, areaCode: String? = nil) -> [PersonalPhone] {
        var numbers: [PersonalPhone] = []
        for piece in PhonePieces.pieces(of: cell) where numbers.count < 20 {
            if let last = numbers.last, let follower = last.follower(piece) {
                numbers.append(follower)
            } else {
                numbers.append(PersonalPhone(piece, areaCode: areaCode))
            }
        }
        return numbers
    }

    private init(kind: Kind, canonical: String, lineExtension: String?) {
        self.kind = kind
        self.canonical = canonical
        self.lineExtension = lineExtension
    }

    /// "46" after 025-84412345 is 025-84412346; "802" after an extension is another one.
    private func follower(_ piece: PhonePieces.Piece) -> PersonalPhone? {
        guard kind == .landline, piece.extensionDigits == nil, (1...4).contains(piece.digits.count),
            piece.isAfterStroke, Self.short(piece.digits) == nil || lineExtension != nil
        else { return nil }
        if lineExtension != nil {
            return PersonalPhone(kind: kind, canonical: canonical, lineExtension: piece.digits)
        }
        return PersonalPhone(
            kind: kind, canonical: canonical.dropLast(piece.digits.count) + piece.digits, lineExtension: nil)
    }

    private init(_ piece: PhonePieces.Piece, areaCode: String?) {
        var digits = piece.digits[...]
        var isForeign = piece.hasPlus && !digits.hasPrefix("86")
        if digits.hasPrefix("0086") {
            digits = digits.dropFirst(2)
        } else if digits.hasPrefix("00") {
            isForeign = true
        }
        if digits.count > 10 || piece.hasPlus, digits.hasPrefix("86") {
            let rest = digits.dropFirst(2)
            // 86-25-84412345: an area code without its nought, or a mobile.
            if rest.count == 11 && rest.hasPrefix("1") || rest.hasPrefix("0") || rest.hasPrefix("400") {
                digits = rest
            } else if (9...11).contains(rest.count) {
                digits = "0" + rest
            }
        }
        // 0138…: a mobile dialled from afar.
        if digits.utf8.count == 12, digits.hasPrefix("01"), Self.isMobile(digits.dropFirst()) {
            digits = digits.dropFirst()
        }
        lineExtension = piece.extensionDigits
        if isForeign {
            (kind, canonical) = (.malformed, String(digits))
        } else if Self.isMobile(digits) {
            (kind, canonical) = (.mobile, String(digits))
        } else if digits.count == 10, digits.hasPrefix("400") || digits.hasPrefix("800") {
            kind = .hotline
            canonical = "\(digits.prefix(3))-\(digits.dropFirst(3).prefix(3))-\(digits.suffix(4))"
        } else if let line = Self.landline(digits) {
            (kind, canonical) = (.landline, line)
        } else if let short = Self.short(String(digits)) {
            (kind, canonical) = (.short, short)
        } else if Self.isLocal(digits) {
            kind = .landline
            canonical = (areaCode.map { $0 + "-" } ?? "") + digits
        } else {
            (kind, canonical) = (.malformed, String(digits))
        }
    }

    private static func isMobile(_ digits: Substring) -> Bool {
        let bytes = Array(digits.utf8.prefix(2))
        return digits.utf8.count == 11 && bytes[0] == 0x31 && bytes[1] >= 0x33
    }

    /// Seven or eight digits that do not begin with 0, 1 or 9.
    private static func isLocal(_ digits: Substring) -> Bool {
        guard (7...8).contains(digits.utf8.count), let first = digits.utf8.first else { return false }
        return (0x32...0x38).contains(first)
    }

    /// With its area code: 010 and 02x have three digits, all others four.
    private static func landline(_ digits: Substring) -> String? {
        guard digits.hasPrefix("0") else { return nil }
        let isShort = digits.hasPrefix("010") || digits.hasPrefix("02")
        let area = digits.prefix(isShort ? 3 : 4)
        let rest = digits.dropFirst(area.count)
        guard area.count == (isShort ? 3 : 4), let second = area.utf8.dropFirst().first, second != 0x30,
            isLocal(rest)
        else { return nil }
        return "\(area)-\(rest)"
    }

    /// Numbers of three to six digits that everybody may dial.
    private static func short(_ digits: String) -> String? {
        switch digits.count {
        case 3: ["110", "119", "120", "122", "114", "999"].contains(digits) ? digits : nil
        case 5, 6:
            ["95", "96", "12", "10", "11"].contains { digits.hasPrefix($0) } ? digits : nil
        default: nil
        }
    }
}

/// A cell cut into what may be one number each.
enum PhonePieces {
    struct Piece {
        var digits = ""
        var extensionDigits: String?
        var hasPlus = false
        /// A stroke, comma or 、 stood before it.
        var isAfterStroke = false
    }

    /// The longest cell that is looked at, in scalars.
    private static let lengthLimit = 400
    /// The most digits of an extension.
    private static let extensionLimit = 6

    static func pieces(of cell: String) -> [Piece] {
        var pieces: [Piece] = []
        var current = Piece()
        var isInExtension = false
        var isParted = false
        func close() {
            if !current.digits.isEmpty {
                // What is too long for an extension is a number, and may be somebody's own.
                let tail = current.extensionDigits ?? ""
                if tail.isEmpty || tail.utf8.count > extensionLimit { current.extensionDigits = nil }
                pieces.append(current)
                if tail.utf8.count > extensionLimit { pieces.append(Piece(digits: tail)) }
            }
            current = Piece()
            current.isAfterStroke = isParted
            isInExtension = false
        }
        let units = cell.unicodeScalars.prefix(lengthLimit).map(ComparableText.plain)
        for (index, unit) in units.enumerated() {
            switch unit {
            case 0x30...0x39:
                let digit = String(Character(Unicode.Scalar(UInt8(unit))))
                if isInExtension {
                    current.extensionDigits = (current.extensionDigits ?? "") + digit
                } else {
                    current.digits += digit
                }
                isParted = false
            case 0x2B:
                close()
                current.hasPlus = true
            case 0x8F6C, 0x2A, 0x23:
                // 转, *, #
                if !current.digits.isEmpty {
                    isInExtension = true
                    current.extensionDigits = current.extensionDigits ?? ""
                }
            case 0x2D, 0x2010...0x2015, 0x2212:
                // A stroke parts area code and number; after a whole number it parts the extension.
                if isWhole(current), nextDigits(units, index + 1) <= 5 {
                    isInExtension = true
                    current.extensionDigits = ""
                } else if isWhole(current) {
                    isParted = true
                    close()
                }
            case 0x20, 0xA0, 0x09:
                if isInExtension ? !(current.extensionDigits ?? "").isEmpty : isWhole(current) {
                    if nextDigits(units, index + 1) > 0 { close() }
                }
            case 0x28, 0x29:
                break
            case 0x5206, 0x673A, 0x65, 0x78, 0x74, 0x2E:
                // 分机, ext.
                let isBefore = !current.digits.isEmpty && index + 1 < units.count
                if isBefore, unit == 0x673A || unit == 0x74 {
                    isInExtension = true
                    current.extensionDigits = current.extensionDigits ?? ""
                }
            default:
                isParted = [0x2F, 0x2C, 0x3001, 0x3B, 0x5C, 0x0A, 0x0D, 0x7C].contains(unit)
                close()
            }
        }
        close()
        return pieces
    }

    /// How many digits come right after.
    private static func nextDigits(_ units: [UInt32], _ start: Int) -> Int {
        var end = start
        while end < units.count, (0x30...0x39).contains(units[end]) { end += 1 }
        return end - start
    }

    /// Whether the digits so far may be a whole number.
    private static func isWhole(_ piece: Piece) -> Bool {
        let digits = piece.digits
        if digits.hasPrefix("1") && !digits.hasPrefix("10") { return digits.count >= 11 || digits.count == 5 }
        if digits.hasPrefix("0") { return digits.count >= 10 }
        if digits.hasPrefix("86") && piece.hasPlus { return digits.count >= 12 }
        if digits.hasPrefix("400") || digits.hasPrefix("800") { return digits.count >= 10 }
        return digits.count >= 7
    }
}
