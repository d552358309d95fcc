package import DirectoryModel

/// Durations as configuration writes them: a whole or decimal number and a unit, "250ms", "90s", "10m".
package enum DurationText {
    /// Units from the widest to the narrowest, in milliseconds, so that texts come out whole.
    private static let units: [(suffix: String, milliseconds: Double)] = [
        ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1),
    ]

    /// The seconds of a text, or nil when it is no duration.
    package static func parse(_ text: String) -> Seconds? {
        guard let (number, suffix) = split(text), let unit = units.first(where: { $0.suffix == suffix })
        else {
            return nil
        }
        return Seconds(number * unit.milliseconds / 1000)
    }

    /// The text of a duration, in the widest unit that keeps it whole.
    package static func text(_ duration: Seconds) -> String {
        let milliseconds = duration.value * 1000
        for unit in units where milliseconds >= unit.milliseconds {
            let count = milliseconds / unit.milliseconds
            if count == count.rounded(), count < 1e15 { return "\(Int(count))\(unit.suffix)" }
        }
        return milliseconds == 0 ? "0s" : "\(milliseconds)ms"
    }
}

/// Sizes as configuration writes them: "512B", "16KiB", "1MiB", "2GiB".
package enum ByteSizeText {
    private static let units: [(suffix: String, bytes: Int)] = [
        ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("B", 1),
    ]

    /// The bytes of a text, or nil when it is no size.
    package static func parse(_ text: String) -> Int? {
        guard let (number, suffix) = split(text), let unit = units.first(where: { $0.suffix == suffix })
        else {
            return nil
        }
        return Int(exactly: (number * Double(unit.bytes)).rounded())
    }

    /// The text of a size, in the widest unit that keeps it whole.
    package static func text(_ bytes: Int) -> String {
        for unit in units where bytes >= unit.bytes && bytes % unit.bytes == 0 {
            return "\(bytes / unit.bytes)\(unit.suffix)"
        }
        return "\(bytes)B"
    }
}

/// A number (digits, at most one dot, at most 15 characters, so that it is exact) and the letters after it.
private func split(_ text: String) -> (number: Double, suffix: String)? {
    let digits = text.prefix { ($0.isASCII && $0.isNumber) || $0 == "." }
    guard digits.count <= 15, digits.first != ".", digits.last != ".", let number = Double(digits) else {
        return nil
    }
    return (number, String(text.dropFirst(digits.count)))
}
