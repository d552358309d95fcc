import DirectoryModel

/// Days as clerks write them.
enum DateWords {
    /// The day as `yyyy-mm-dd`, or nil: `2026-09-01`, `2026年9月1日`, `2026/9/1`, `2026.9.1`, `20260901`, also with a
    /// midnight behind it, as spreadsheets write a day.
    ///
    /// A day that no calendar has (2026-02-29) is none.
    static func read(_ folded: String) -> String? {
        var rest = folded[...]
        for midnight in [" 00:00:00", " 0:00:00", " 00:00", " 0:00", "t00:00:00"]
        where rest.hasSuffix(midnight) {
            rest = rest.dropLast(midnight.count)
            break
        }
        if rest.utf8.count == 8, let number = whole(rest[...], digits: 8...8) {
            return text(number / 10_000, number / 100 % 100, number % 100)
        }
        rest = rest.filter { $0 != " " }[...]
        for signs in [("-", "-", ""), ("/", "/", ""), (".", ".", ""), ("年", "月", "日"), ("年", "月", "号")] {
            if let day = read(rest, signs) { return day }
        }
        return nil
    }

    private static func read(_ text: Substring, _ signs: (String, String, String)) -> String? {
        guard text.hasSuffix(signs.2) else { return nil }
        let parts = text.dropLast(signs.2.count)
            .split(separator: Character(signs.0), maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        let rest = parts[1].split(separator: Character(signs.1), omittingEmptySubsequences: false)
        guard rest.count == 2, let year = whole(parts[0], digits: 4...4),
            let month = whole(rest[0], digits: 1...2),
            let day = whole(rest[1], digits: 1...2)
        else { return nil }
        return Self.text(year, month, day)
    }

    private static func whole(_ text: Substring, digits: ClosedRange<Int>) -> Int? {
        guard digits.contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return Int(text)
    }

    private static func text(_ year: Int, _ month: Int, _ day: Int) -> String? {
        LocalDay(year: year, month: month, day: day)?.text
    }

    /// A day as ISO 8601 writes it, also one beyond the years of `LocalDay`.
    static func iso(_ year: Int, _ month: Int, _ day: Int) -> String {
        "\(year)-\(month < 10 ? "0" : "")\(month)-\(day < 10 ? "0" : "")\(day)"
    }

    /// The civil day of a number of days since 1970-01-01.
    ///
    /// H. Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days.
    static func civil(daysSince1970 days: Int64) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthIndex = (5 * dayOfYear + 2) / 153
        let month = monthIndex < 10 ? monthIndex + 3 : monthIndex - 9
        return (
            Int(yearOfEra + era * 400 + (month <= 2 ? 1 : 0)), Int(month),
            Int(dayOfYear - (153 * monthIndex + 2) / 5 + 1)
        )
    }
}
