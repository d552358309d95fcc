/// How many columns of a terminal a text takes: two for each Han character, none for a combining mark.
enum DisplayWidth {
    /// Ranges of scalars that are two columns wide besides emoji.
    ///
    /// Source: Unicode 15.1, EastAsianWidth.txt, W and F, neighbours joined over unassigned scalars.
    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2329...0x232A, 0x2E80...0x303E, 0x3041...0x3247, 0x3250...0x4DBF,
        0x4E00...0xA4C6, 0xA960...0xA97C, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19,
        0xFE30...0xFE6B, 0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x18D08, 0x1AFF0...0x1B2FB,
        0x1F200...0x1F265, 0x20000...0x2FFFD, 0x30000...0x3FFFD,
    ]

    /// Columns of a text.
    static func of(_ text: String) -> Int {
        // Most text is ASCII, one column each.
        var columns = 0
        for character in text { columns += of(character) }
        return columns
    }

    /// Columns of what a reader sees as one character.
    static func of(_ character: Character) -> Int {
        if let ascii = character.asciiValue { return ascii >= 0x20 && ascii != 0x7F ? 1 : 0 }
        let scalars = character.unicodeScalars
        // The emoji variation selector and flags make two columns of what alone would be one.
        if scalars.count > 1, scalars.contains("\u{FE0F}") { return 2 }
        return scalars.reduce(0) { max($0, of($1)) }
    }

    private static func of(_ scalar: Unicode.Scalar) -> Int {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format, .control, .lineSeparator, .paragraphSeparator: return 0
        default: break
        }
        if scalar.properties.isEmojiPresentation { return 2 }
        let value = scalar.value
        guard value >= 0x1100 else { return 1 }
        return wide.contains { $0.contains(value) } ? 2 : 1
    }

    /// The text cut to at most `columns`, with `…` where something was cut off.
    static func cut(_ text: String, to columns: Int) -> String {
        guard of(text) > columns else { return text }
        guard columns > 0 else { return "" }
        var kept = ""
        var width = 0
        for character in text {
            let next = of(character)
            if width + next > columns - 1 { break }
            kept.append(character)
            width += next
        }
        return kept + "…"
    }
}

extension String {
    /// The text as one harmless line: what would move a terminal's cursor, break a line or turn the direction of
    /// writing becomes a space or nothing.
    var printable: String {
        var result = ""
        for scalar in unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator, .surrogate:
                result.unicodeScalars.append(" ")
            case .format where scalar.properties.isBidiControl:
                continue
            default:
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
