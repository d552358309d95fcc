public import DirectoryModel

extension Highlight {
    /// The most highlights of one place.
    ///
    /// Since: 1.0
    public static var maximumCount: Int { 4 }

    /// The most characters of a highlight: 20 in Chinese, 40 in English.
    ///
    /// Chosen for a kiosk row, not measured.
    ///
    /// Since: 1.0
    public static func maximumCharacters(in language: Language) -> Int { language == .zh ? 20 : 40 }

    /// A highlight whose texts are cut to their limits, with an ellipsis: for texts that hold a record's words.
    ///
    /// Since: 1.0
    public init(fitting text: LocalizedText, tone: Tone = .neutral) {
        self.init(
            LocalizedText(zh: Self.cut(text.zh, in: .zh), en: Self.cut(text.en, in: .en)), tone: tone)
    }

    private static func cut(_ text: String, in language: Language) -> String {
        let limit = maximumCharacters(in: language)
        // Characters are told apart by slow rules; there are never more of them than of scalars.
        if text.utf8.count <= limit || text.unicodeScalars.count <= limit { return text }
        guard let end = text.index(text.startIndex, offsetBy: limit, limitedBy: text.endIndex),
            end != text.endIndex
        else { return text }
        return text.prefix(limit - 1) + "…"
    }
}

extension HighlightContext {
    /// Local minutes since midnight at the moment of arrival, or of the answer where there is no walk: 0…1439.
    ///
    /// Since: 1.0
    public var minuteOfDay: Int { Int(localSecond.remainder / 60) }

    /// The local day of the week at that moment: 1 for Monday … 7 for Sunday.
    ///
    /// Since: 1.0
    public var weekday: Int {
        // 1970-01-01 was a Thursday, the fourth day.
        let day = (localSecond.day % 7 + 3) % 7
        return Int(day < 0 ? day + 7 : day) + 1
    }

    /// The local day at that moment, as `yyyy-mm-dd`: to be compared with attributes of kind `date`.
    ///
    /// Since: 2.0
    public var today: String {
        let (year, month, day) = DateWords.civil(daysSince1970: localSecond.day)
        return DateWords.iso(year, month, day)
    }

    /// Days since 1970-01-01 and seconds into the day, in local time; extreme moments do not overflow.
    private var localSecond: (day: Int64, remainder: Int64) {
        let (sum, overflow) = moment.secondsSince1970.addingReportingOverflow(Int64(utcOffset))
        let local = overflow ? moment.secondsSince1970 : sum
        let (day, remainder) = local.quotientAndRemainder(dividingBy: 86_400)
        return remainder < 0 ? (day - 1, remainder + 86_400) : (day, remainder)
    }
}

extension Money {
    /// The amount as a person writes it: `12元`, `12.5元`; `¥12`, `¥12.50` in English.
    ///
    /// Since: 1.0
    public func text(in language: Language) -> String {
        let (yuan, fen) = fen.quotientAndRemainder(dividingBy: 100)
        let cents = abs(fen)
        let sign = yuan == 0 && fen < 0 ? "-" : ""
        if language == .zh {
            let digits = cents % 10 == 0 ? "\(cents / 10)" : (cents < 10 ? "0\(cents)" : "\(cents)")
            return sign + (cents == 0 ? "\(yuan)元" : "\(yuan).\(digits)元")
        }
        return "¥" + sign + (cents == 0 ? "\(yuan)" : "\(yuan)." + (cents < 10 ? "0" : "") + "\(cents)")
    }
}
