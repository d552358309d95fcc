import DirectoryModel

/// Numbers as clerks and mappers write them.
enum NumberWords {
    /// The largest number whose every whole neighbour a Double still holds apart: 2⁵³.
    static let largestExact: Double = 9_007_199_254_740_992

    /// The number, or nil: `12`, `1,200`, `约50个`, `1.2万册`, `十二`, with the attribute's unit or a counting
    /// word behind it.
    ///
    /// Only digits make a number: no `nan`, no `inf`, no hexadecimal, no exponent.
    static func read(_ folded: String, unit: LocalizedText?) -> Double? {
        var rest = folded[...]
        for lead in ["大约", "约", "共计", "共", "about ", "ca. ", "ca ", "~"] where rest.hasPrefix(lead) {
            rest = rest.dropFirst(lead.count)
            break
        }
        guard var number = leadingNumber(&rest) else { return nil }
        rest = rest.drop { $0 == " " }
        if rest.hasPrefix("万") {
            number *= 10_000
            rest = rest.dropFirst().drop { $0 == " " }
        }
        return isUnit(rest, unit) ? number : nil
    }

    /// The number without a fraction that says nothing: `12`, `12.5`.
    static func text(_ number: Double) -> String {
        guard let whole = Int(exactly: number) else { return "\(number)" }
        return "\(whole)"
    }

    /// Takes a number in digits or Chinese numerals off the front of `text`.
    static func leadingNumber(_ text: inout Substring) -> Double? {
        if let chinese = leadingNumeral(&text) { return chinese }
        var digits = ""
        var seenPoint = false
        var index = text.startIndex
        if let sign = text.first, sign == "-" || sign == "−" || sign == "+" {
            if sign != "+" { digits = "-" }
            index = text.index(after: index)
        }
        while index < text.endIndex {
            let character = text[index]
            let next = text.index(after: index)
            if character.isASCII, character.isNumber {
                digits.append(character)
            } else if character == ".", !seenPoint, next < text.endIndex, text[next].isASCII,
                text[next].isNumber
            {
                seenPoint = true
                digits.append(character)
            } else if character == ",", !seenPoint, isThousands(text[next...]) {
                // A comma between thousands says nothing.
            } else {
                break
            }
            index = next
        }
        guard digits.contains(where: \.isNumber), digits.utf8.count <= 400, let number = Double(digits) else {
            return nil
        }
        text = text[index...]
        return number
    }

    /// Whether exactly three digits follow a comma, as between thousands.
    private static func isThousands(_ rest: Substring) -> Bool {
        let digits = rest.prefix(4)
        return digits.prefix(3).count == 3 && digits.prefix(3).allSatisfy { $0.isASCII && $0.isNumber }
            && !(digits.dropFirst(3).first.map { $0.isASCII && $0.isNumber } ?? false)
    }

    /// 一 … 九千九百九十九, and 两 for two.
    private static func leadingNumeral(_ text: inout Substring) -> Double? {
        var total = 0
        var digit: Int?
        var rest = text
        var seen = false
        while let character = rest.first {
            if let value = numerals[character] {
                // Two digits in a row (二二) are a year or a code, not a count.
                if let digit, digit != 0 { return nil }
                digit = value
            } else if let power = powers[character] {
                total += (digit ?? 1) * power
                digit = nil
            } else {
                break
            }
            seen = true
            rest = rest.dropFirst()
            if total > 99_999 { return nil }
        }
        guard seen else { return nil }
        text = rest
        return Double(total + (digit ?? 0))
    }

    private static let numerals: [Character: Int] = [
        "零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9,
    ]
    private static let powers: [Character: Int] = ["十": 10, "百": 100, "千": 1000]

    /// Words that only count and so go with any unit.
    private static let counters: Set<String> = [
        "个", "张", "位", "人", "名", "间", "家", "册", "本", "户", "份", "席", "处", "台", "套", "余", "多", "左右",
    ]

    private static func isUnit(_ rest: Substring, _ unit: LocalizedText?) -> Bool {
        if rest.isEmpty { return true }
        let word = String(rest)
        if counters.contains(word) { return true }
        guard let unit else { return false }
        return word == unit.zh.foldedForComparison || word == unit.en.foldedForComparison
    }
}

/// Amounts of money as clerks and mappers write them.
enum MoneyWords {
    /// The amount, or nil: `12`, `12元`, `12.5 元`, `¥12`, `12块`, `3元5角`, `1200分`, `12元/份`, `12元起`, `免费`.
    static func read(_ folded: String) -> Money? {
        if free.contains(folded) { return Money(fen: 0) }
        var rest = folded[...]
        for lead in ["人民币", "rmb", "cny", "¥", "￥"] where rest.hasPrefix(lead) {
            rest = rest.dropFirst(lead.count).drop { $0 == " " }
            break
        }
        guard let number = NumberWords.leadingNumber(&rest) else { return nil }
        rest = rest.drop { $0 == " " }
        var fen = number * 100
        if rest.hasPrefix("fen") || (rest.hasPrefix("分") && !rest.hasPrefix("分钟")) {
            fen = number
            rest = rest.dropFirst(rest.hasPrefix("fen") ? 3 : 1)
        } else {
            for unit in ["元", "块钱", "块", "圆", "yuan", "cny", "rmb"] where rest.hasPrefix(unit) {
                rest = rest.dropFirst(unit.count)
                break
            }
            if let character = rest.first, character.isASCII, character.isNumber {
                guard let jiao = character.wholeNumberValue else { return nil }
                let after = rest.dropFirst()
                guard after.first == "角" || after.first == "毛" else { return nil }
                fen += Double(jiao) * 10
                rest = after.dropFirst()
            }
        }
        return isRemark(rest) ? amount(fen) : nil
    }

    private static let free: Set<String> = ["免费", "不收费", "公益", "公益免费", "free", "free of charge"]

    /// Whole fen only: 12.345 yuan is no price.
    private static func amount(_ fen: Double) -> Money? {
        let rounded = fen.rounded()
        guard fen.isFinite, abs(fen) <= NumberWords.largestExact,
            abs(fen - rounded) < 1e-6 * max(1, abs(fen)),
            let whole = Int(exactly: rounded)
        else { return nil }
        return Money(fen: whole)
    }

    /// What may stand behind an amount without changing it: "from", and what it is for.
    private static func isRemark(_ rest: Substring) -> Bool {
        if rest.isEmpty || rest == "起" || rest == "整" { return true }
        guard rest.hasPrefix("/") || rest.hasPrefix("每") else { return false }
        let unit = rest.dropFirst()
        return !unit.isEmpty && unit.count <= 4 && !unit.contains { $0.isNumber }
    }
}
