internal import DirectoryModel
internal import Glibc

/// One angle of a coordinate cell.
struct ParsedAngle {
    /// Signed degrees; over 180 where the cell has metres.
    var degrees: Double
    /// What one unit of its last place is worth, in degrees.
    var unit: Double
    /// True where marked as latitude, false as longitude, nil without a mark.
    var isLatitude: Bool?
    /// Whether it has no decimals and neither minutes nor seconds.
    var isWhole: Bool
    /// As written, for messages.
    var text: String
}

/// A coordinate cell taken apart.
struct CoordinateParser {
    private(set) var angles: [ParsedAngle] = []
    private(set) var datum: Datum?
    private(set) var isWKT = false

    private enum Token: Equatable {
        case number(Double, decimals: Int, text: String)
        /// 0 degrees, 1 minutes, 2 seconds.
        case mark(Int)
        case axis(isLatitude: Bool, isNegative: Bool)
        /// A comma or its like, between angles; true where only blanks stood.
        case gap(isBlank: Bool)
    }

    /// Takes a cell apart; an empty one has no angles.
    static func parse(_ cell: String) throws(CoordinateFault) -> CoordinateParser {
        var parser = CoordinateParser()
        var scalars: [Unicode.Scalar] = []
        for scalar in cell.unicodeScalars {
            guard scalars.count < CoordinateReader.lengthLimit else { throw .unreadable(cell) }
            scalars.append(plain(scalar))
        }
        try parser.read(parser.tokens(parser.unwrapped(scalars)))
        return parser
    }

    // MARK: Characters

    /// Half-width, lower case, and one form for each mark.
    private static func plain(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        var value = scalar.value
        if value &- 0xFF01 < 0x5E { value -= 0xFEE0 }
        if value &- 0x41 < 26 { value += 32 }
        switch value {
        case 0x09, 0x0A, 0x0D, 0xA0, 0x3000, 0x2000...0x200B, 0xFEFF: return " "
        case 0xB0, 0xBA, 0x2DA, 0x5EA6: return "°"
        case 0x2032, 0x2018, 0x2019, 0xB4, 0x60, 0x5206, 0x2B9: return "'"
        case 0x2033, 0x201C, 0x201D, 0x79D2, 0x3003, 0x2BA: return "\""
        case 0x2212, 0x2010...0x2014: return "-"
        case 0x3001, 0x3B, 0x2F, 0x7C, 0xFF64, 0x3002, 0x5C: return ","
        case 0x7D93: return "经"
        case 0x7DEF: return "纬"
        case 0x6771: return "东"
        default: return Unicode.Scalar(value) ?? scalar
        }
    }

    /// What datums are called in a cell; the longest first.
    private static let datums: [(name: [Unicode.Scalar], datum: Datum)] =
        ([
            ("srid=4490", .cgcs2000), ("srid=4326", .wgs84), ("cgcs2000", .cgcs2000),
            ("epsg:4490", .cgcs2000),
            ("epsg:4326", .wgs84), ("wgs-84", .wgs84), ("wgs84", .wgs84), ("gcj-02", .gcj02),
            ("gcj02", .gcj02),
            ("bd-09", .bd09), ("bd09", .bd09), ("火星", .gcj02), ("高德", .gcj02), ("腾讯", .gcj02), ("百°", .bd09),
        ] as [(String, Datum)]).map { (Array($0.0.unicodeScalars), $0.1) }

    /// Words without a meaning of their own.
    private static let idle: [[Unicode.Scalar]] = ["坐标系", "坐标", "经纬度", "gps"].map {
        Array($0.unicodeScalars)
    }

    /// Words that tell the axis; the longest first.
    private static let axes: [(name: [Unicode.Scalar], isLatitude: Bool, isNegative: Bool)] =
        ([
            ("longitude", false, false), ("latitude", true, false), ("东经", false, false), ("西经", false, true),
            ("北纬", true, false), ("南纬", true, true), ("经°", false, false), ("纬°", true, false),
            ("lng", false, false), ("lon", false, false), ("lat", true, false), ("经", false, false),
            ("纬", true, false), ("e", false, false), ("w", false, true), ("n", true, false),
            ("s", true, true),
            ("东", false, false), ("西", false, true), ("北", true, false), ("南", true, true),
        ] as [(String, Bool, Bool)]).map { (Array($0.0.unicodeScalars), $0.1, $0.2) }

    /// Without blanks, quotes and brackets around it, nor the word POINT; notes that and a datum's name.
    private mutating func unwrapped(_ given: [Unicode.Scalar]) -> [Unicode.Scalar] {
        var text = given[...]
        for (name, datum) in Self.datums {
            guard let at = Self.index(of: name, in: text) else { continue }
            self.datum = datum
            text.replaceSubrange(at..<at + name.count, with: [","])
            break
        }
        let edge: Set<Unicode.Scalar> = [" ", ",", ":", "(", "[", "{", "<"]
        text = text.drop { edge.contains($0) }
        let point: [Unicode.Scalar] = ["p", "o", "i", "n", "t"]
        if text.starts(with: point) {
            isWKT = true
            text = text.dropFirst(point.count).drop { $0 == " " }
            if text.first == "z" || text.first == "m" { text = text.dropFirst() }
        }
        let pairs: [(Unicode.Scalar, Unicode.Scalar)] = [("\"", "\""), ("'", "'")]
        for (open, close) in pairs where text.count > 1 && text.first == open && text.last == close {
            text = text.dropFirst().dropLast()
        }
        return Array(text)
    }

    private static func index(of name: [Unicode.Scalar], in text: ArraySlice<Unicode.Scalar>) -> Int? {
        guard text.count >= name.count else { return nil }
        return (text.startIndex...text.endIndex - name.count).first { text[$0...].starts(with: name) }
    }

    // MARK: Words

    private func tokens(_ text: [Unicode.Scalar]) throws(CoordinateFault) -> [Token] {
        var tokens: [Token] = []
        var at = 0
        while at < text.count {
            let scalar = text[at]
            switch scalar {
            case " ":
                if tokens.last.map({ if case .gap = $0 { false } else { true } }) ?? false {
                    tokens.append(.gap(isBlank: true))
                }
                at += 1
            case ",", ":", "=", "(", ")", "[", "]", "{", "}", "<", ">":
                if case .gap = tokens.last { tokens.removeLast() }
                tokens.append(.gap(isBlank: scalar == ":" || scalar == "="))
                at += 1
            case "°":
                tokens.append(.mark(0))
                at += 1
            case "'":
                let isDouble = at + 1 < text.count && text[at + 1] == "'"
                tokens.append(.mark(isDouble ? 2 : 1))
                at += isDouble ? 2 : 1
            case "\"":
                tokens.append(.mark(2))
                at += 1
            case "0"..."9", ".", "-", "+":
                tokens.append(try number(text, &at, after: tokens.last))
            default:
                if let word = Self.axes.first(where: { text[at...].starts(with: $0.name) }) {
                    tokens.append(.axis(isLatitude: word.isLatitude, isNegative: word.isNegative))
                    at += word.name.count
                } else if let word = Self.idle.first(where: { text[at...].starts(with: $0) }) {
                    at += word.count
                } else {
                    throw .unreadable(Self.string(text[at...].prefix(12)))
                }
            }
        }
        return tokens
    }

    private func number(
        _ text: [Unicode.Scalar], _ at: inout Int, after last: Token?
    ) throws(CoordinateFault) -> Token {
        let start = at
        // 118.77-32.04: between two numbers it parts them.
        var follows = false
        if case .number = last { follows = true }
        let isNegative = text[at] == "-" && !follows
        if text[at] == "-" || text[at] == "+" { at += 1 }
        var digits = ""
        var decimals: Int?
        while at < text.count {
            if text[at] == "." {
                guard decimals == nil else { break }
                decimals = 0
                digits.append(".")
            } else if text[at].value &- 0x30 < 10 {
                digits.unicodeScalars.append(text[at])
                if decimals != nil { decimals = (decimals ?? 0) + 1 }
            } else {
                break
            }
            at += 1
        }
        guard digits.utf8.contains(where: { $0 != 0x2E }), let value = Double("0" + digits), value.isFinite
        else { throw .unreadable(Self.string(text[start..<min(text.count, max(at, start + 1))])) }
        return .number(
            isNegative ? -value : value, decimals: decimals ?? 0, text: (isNegative ? "-" : "") + digits)
    }

    private static func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars)
        return String(text)
    }

    // MARK: Angles

    private mutating func read(_ tokens: [Token]) throws(CoordinateFault) {
        var pending: (isLatitude: Bool, isNegative: Bool)?
        /// The place of the last number that has its mark: 0 degrees, 1 minutes, 2 seconds; -1 without a mark.
        var place = -1
        var isParted = true
        var awaitsMark = false
        for (index, token) in tokens.enumerated() {
            switch token {
            case .gap(let isBlank):
                isParted = isParted || !isBlank
                awaitsMark = awaitsMark && isBlank
            case .number(let value, let decimals, let text):
                let next = index + 1 < tokens.count ? tokens[index + 1] : nil
                if !isParted, place == 0 || place == 1, Self.continues(place, next, decimals, angles.last) {
                    try addPart(value, decimals, place + 1)
                    place += 1
                    awaitsMark = true
                    continue
                }
                angles.append(
                    ParsedAngle(
                        degrees: value, unit: pow(10, -Double(decimals)), isLatitude: nil,
                        isWhole: decimals == 0, text: text))
                if let mark = pending { Self.apply(mark, to: &angles[angles.count - 1]) }
                pending = nil
                place = -1
                isParted = false
                awaitsMark = true
            case .mark(let mark):
                guard awaitsMark else {
                    // A stray quotation mark, such as around the keys of JSON.
                    if mark == 0 { throw .unreadable("°") }
                    continue
                }
                awaitsMark = false
                if place == -1 {
                    if mark == 0 { place = 0 } else if mark == 1 { throw .unreadable("'") }
                } else if mark != place {
                    throw .unreadable(["°", "′", "″"][mark])
                }
            case .axis(let isLatitude, let isNegative):
                if !isParted, let last = angles.last, last.isLatitude == nil, !Self.isPrefix(tokens, index) {
                    Self.apply((isLatitude, isNegative), to: &angles[angles.count - 1])
                    isParted = true
                } else {
                    pending = (isLatitude, isNegative)
                    isParted = true
                }
                awaitsMark = false
            }
        }
    }

    /// Whether a mark of an axis stands close before a number and apart from what is before it.
    private static func isPrefix(_ tokens: [Token], _ index: Int) -> Bool {
        guard index > 0, index + 1 < tokens.count else { return false }
        guard case .gap = tokens[index - 1], case .number = tokens[index + 1] else { return false }
        return true
    }

    /// Whether a number after a marked one is its minutes or seconds.
    private static func continues(_ place: Int, _ next: Token?, _ decimals: Int, _ angle: ParsedAngle?)
        -> Bool
    {
        if case .mark(let mark) = next { return mark == place + 1 }
        // 118°46 or 118°46′41 without a mark at the end.
        return angle?.isWhole ?? false || place == 1
    }

    private mutating func addPart(_ value: Double, _ decimals: Int, _ place: Int) throws(CoordinateFault) {
        let last = angles.count - 1
        guard value >= 0, value < 60 else { throw .range(String(value)) }
        let share = place == 1 ? 60.0 : 3600
        // Minus nothing is minus too.
        let isNegative = angles[last].degrees.sign == .minus
        angles[last].degrees += (isNegative ? -value : value) / share
        angles[last].unit = pow(10, -Double(decimals)) / share
        angles[last].isWhole = false
    }

    private static func apply(_ mark: (isLatitude: Bool, isNegative: Bool), to angle: inout ParsedAngle) {
        angle.isLatitude = mark.isLatitude
        if mark.isNegative { angle.degrees = -abs(angle.degrees) }
    }
}
