/// Texts as this module compares them, for those who match texts by rules of their own.
package enum ComparableText {
    /// The scalars of a text: half-width, simplified, small, without blanks, punctuation and marks.
    ///
    /// - Parameter limit: what is beyond so many is left out.
    /// - Complexity: O(n).
    package static func folded(_ text: String, limit: Int = SearchLimits.textUnits) -> [UInt32] {
        FoldedText(text, limit: limit).units
    }

    /// One scalar half-width, simplified and small; blanks and punctuation are kept, those of full width halved.
    package static func plain(_ scalar: Unicode.Scalar) -> UInt32 {
        var value = scalar.value
        if value &- 0xFF01 < 0x5E { value -= 0xFEE0 }
        if value == 0x3000 { value = 0x20 }
        if value &- 0x41 < 26 { value += 32 }
        guard value >= 0x80 else { return value }
        if let parts = ReadingTable.shared.compatible(value), parts.count == 1 { value = parts[0] }
        return ReadingTable.shared.simplified(value)
    }

    /// The number of the usual syllable of a character, tones left out; nil for what has no reading.
    ///
    /// Numbers hold for the life of the process only.
    package static func syllable(of unit: UInt32) -> UInt16? {
        // Nothing below the Han blocks has one.
        unit < 0x3007 ? nil : ReadingTable.shared.readings(of: unit).first
    }
}
