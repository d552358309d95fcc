public import DirectoryModel

/// A value that was read or checked, with what is wrong with it.
///
/// Since: 1.0
public struct AttributeReading: Hashable, Sendable {
    /// The value in its one stored form; nil when there is none, or none that can be kept.
    ///
    /// Since: 1.0
    public var value: AttributeValue?
    /// What is wrong or doubtful, each with the attribute's key as its field.
    ///
    /// Since: 1.0
    public var findings: [Finding]

    /// A reading; see the fields.
    ///
    /// Since: 1.0
    public init(value: AttributeValue? = nil, findings: [Finding] = []) {
        self.value = value
        self.findings = findings
    }
}

extension AttributeDescription {
    /// The most characters of a free text.
    ///
    /// Chosen, not measured: two screens of a phone.
    ///
    /// Since: 1.0
    public static var maximumTextLength: Int { 500 }

    /// The most items of a list of options, known or not.
    ///
    /// Chosen, not measured: twice the longest list of the catalogue.
    ///
    /// Since: 1.0
    public static var maximumListLength: Int { 100 }

    /// The most money that is believed, in fen: a hundred million yuan.
    ///
    /// Chosen, not measured.
    ///
    /// Since: 1.0
    public static var maximumMoney: Money { Money(fen: 10_000_000_000) }

    /// Reads a source's own words, as a clerk or a mapper writes them.
    ///
    /// Yes and no in Chinese and English; numbers with thousands, units, full-width digits, 万 and Chinese
    /// numerals; money in yuan; days; options by key, name or alias, several of them parted by `;` `、` `，` `,` `/`;
    /// tables by rows and cells.
    /// Words for "not stated" (`-`, 不详, unknown …) and blanks give no value and no finding. What cannot be read is
    /// left out with a warning.
    ///
    /// Since: 1.0
    public func read(_ raw: String) -> AttributeReading { read(raw, optionIndex) }

    /// Checks a typed value and gives it its one stored form: options in the schema's order, texts cleaned.
    ///
    /// A whole number passes for a decimal one and the other way round where nothing is lost; nothing else changes
    /// its kind. What is wrong is left out with an error.
    ///
    /// Since: 1.0
    public func check(_ value: AttributeValue) -> AttributeReading { check(value, optionIndex) }

    private var optionIndex: OptionIndex? {
        switch kind {
        case .oneOf(let options), .manyOf(let options): OptionIndex(options)
        case .bool, .whole, .decimal, .money, .text, .schedule, .date, .rows: nil
        }
    }

    /// `read` with the attribute's options at hand.
    func read(_ raw: String, _ index: OptionIndex?) -> AttributeReading {
        if case .rows(let schema) = kind { return readRows(raw, schema) }
        if raw.isOverlong {
            return AttributeReading(findings: [tooLong(raw, severity: .warning)])
        }
        let folded = raw.foldedForComparison
        if folded.isEmpty || AbsentWords.all.contains(folded) { return AttributeReading() }
        switch kind {
        case .bool: return readBool(raw, folded)
        case .whole(let unit, let range):
            if AbsentWords.none.contains(folded) { return AttributeReading() }
            guard let number = NumberWords.read(folded, unit: unit) else { return unreadable(raw) }
            return whole(number, in: range, raw: raw, severity: .warning)
        case .decimal(let unit, let range):
            if AbsentWords.none.contains(folded) { return AttributeReading() }
            guard let number = NumberWords.read(folded, unit: unit) else { return unreadable(raw) }
            return decimal(number, in: range, raw: raw, severity: .warning)
        case .money:
            if AbsentWords.none.contains(folded) { return AttributeReading() }
            guard let money = MoneyWords.read(folded) else { return unreadable(raw) }
            return self.money(money, raw: raw, severity: .warning)
        case .text: return text(raw, severity: .warning)
        case .schedule:
            return AbsentWords.none.contains(folded) ? AttributeReading() : text(raw, severity: .warning)
        case .date:
            if AbsentWords.none.contains(folded) { return AttributeReading() }
            return DateWords.read(folded).map { AttributeReading(value: .text($0)) } ?? unreadable(raw)
        case .rows: return AttributeReading()
        case .oneOf(let options):
            if let index, let number = index.find(folded: folded) {
                return AttributeReading(value: .text(index.keys[number]))
            }
            return AttributeReading(findings: [unknownOption([raw], of: options, severity: .warning)])
        case .manyOf(let options):
            // 无 is an answer ("none of them"), but an empty list says no more than no list.
            if let index, let number = index.find(folded: folded) {
                return AttributeReading(value: .texts([index.keys[number]]))
            }
            if AbsentWords.none.contains(folded) { return AttributeReading() }
            return many(OptionWords.split(raw), of: options, index, severity: .warning)
        }
    }

    /// `check` with the attribute's options at hand.
    func check(_ value: AttributeValue, _ index: OptionIndex?) -> AttributeReading {
        switch (kind, value) {
        case (.bool, .bool): return AttributeReading(value: value)
        case (.whole(_, let range), .whole(let number)):
            return whole(number, in: range, raw: nil, severity: .error)
        case (.whole(_, let range), .decimal(let number)):
            return whole(number, in: range, raw: nil, severity: .error)
        case (.decimal(_, let range), .decimal(let number)):
            return decimal(number, in: range, raw: nil, severity: .error)
        case (.decimal(_, let range), .whole(let number)):
            return decimal(Double(number), in: range, raw: nil, severity: .error)
        case (.money, .money(let amount)):
            return money(amount, raw: nil, severity: .error)
        case (.text, .text(let words)), (.schedule, .text(let words)): return text(words, severity: .error)
        case (.date, .text(let words)):
            let folded = words.isOverlong ? "" : words.foldedForComparison
            return DateWords.read(folded).map { AttributeReading(value: .text($0)) }
                ?? unreadable(words, severity: .error)
        case (.rows(let schema), .rows(let rows)): return checkRows(rows, schema)
        case (.oneOf(let options), .text(let word)):
            if let index, let number = index.find(word) {
                return AttributeReading(value: .text(index.keys[number]))
            }
            return AttributeReading(findings: [unknownOption([word], of: options, severity: .error)])
        case (.manyOf(let options), .texts(let words)):
            return many(words, of: options, index, severity: .error)
        case (.manyOf(let options), .text(let word)):
            return many([word], of: options, index, severity: .error)
        default:
            return AttributeReading(findings: [
                Finding(
                    .error, code: FindingCode.wrongKind, field: key, value: nil,
                    message: LocalizedText(
                        zh: "“\(name.zh)”的值类型不对，请给出\(kindText.zh)",
                        en: "\(name.en) is of the wrong kind; give \(kindText.en)"))
            ])
        }
    }

    /// The value as a person reads it, with its unit; options by name.
    ///
    /// Since: 1.0
    public func text(of value: AttributeValue, in language: Language) -> String {
        switch (kind, value) {
        case (_, .bool(let flag)):
            language == .zh ? (flag ? "是" : "否") : (flag ? "yes" : "no")
        case (.whole(let unit, _), .whole(let number)): withUnit("\(number)", unit, language)
        case (.decimal(let unit, _), .decimal(let number)):
            withUnit(NumberWords.text(number), unit, language)
        case (_, .money(let amount)): amount.text(in: language)
        case (.oneOf(let options), .text(let key)): Self.name(of: key, in: options, language)
        case (.manyOf(let options), .texts(let keys)):
            keys.map { Self.name(of: $0, in: options, language) }.joined(
                separator: language == .zh ? "、" : ", ")
        case (.rows(let schema), .rows(let rows)): text(of: rows, schema, in: language)
        case (_, .text(let words)): words
        case (_, .texts(let words)): words.joined(separator: language == .zh ? "、" : ", ")
        case (_, .whole(let number)): "\(number)"
        case (_, .decimal(let number)): NumberWords.text(number)
        case (_, .rows(let rows)): "\(rows.count)"
        }
    }

    private static func name(of key: String, in options: [AttributeOption], _ language: Language) -> String {
        options.first { $0.key == key }?.name.text(in: language) ?? key
    }

    private func withUnit(_ number: String, _ unit: LocalizedText?, _ language: Language) -> String {
        guard let unit else { return number }
        return language == .zh ? number + unit.zh : number + " " + unit.en
    }
}

// MARK: - Kind by kind

extension AttributeDescription {
    private func readBool(_ raw: String, _ folded: String) -> AttributeReading {
        guard let word = BoolWords.read(folded) else { return unreadable(raw) }
        guard word.isPartly else { return AttributeReading(value: .bool(word.value)) }
        return AttributeReading(
            value: .bool(word.value),
            findings: [
                Finding(
                    .note, code: FindingCode.partly, field: key, value: raw.excerpt,
                    message: LocalizedText(
                        zh: "“\(name.zh)”写的是“部分”，按“是”登记；如不妥请改为是或否",
                        en: "\(name.en) says partly and is taken as yes; write yes or no if that is wrong"))
            ])
    }

    private func whole(
        _ number: Double, in range: ClosedRange<Int>?, raw: String?, severity: Finding.Severity
    ) -> AttributeReading {
        guard number.isFinite, abs(number) <= NumberWords.largestExact else {
            return outOfRange(
                raw ?? "\(number)", range.map { ("\($0.lowerBound)", "\($0.upperBound)") }, severity)
        }
        guard let whole = Int(exactly: number) else {
            return AttributeReading(findings: [
                Finding(
                    severity, code: FindingCode.notWhole, field: key, value: (raw ?? "\(number)").excerpt,
                    message: LocalizedText(
                        zh: "“\(name.zh)”应为整数，请去掉小数",
                        en: "\(name.en) must be a whole number; leave out the fraction"))
            ])
        }
        return self.whole(whole, in: range, raw: raw, severity: severity)
    }

    private func whole(
        _ number: Int, in range: ClosedRange<Int>?, raw: String?, severity: Finding.Severity
    ) -> AttributeReading {
        if let range, !range.contains(number) {
            return outOfRange(raw ?? "\(number)", ("\(range.lowerBound)", "\(range.upperBound)"), severity)
        }
        return AttributeReading(value: .whole(number))
    }

    private func decimal(
        _ number: Double, in range: ClosedRange<Double>?, raw: String?, severity: Finding.Severity
    ) -> AttributeReading {
        guard number.isFinite, range?.contains(number) ?? true else {
            return outOfRange(
                raw ?? "\(number)",
                range.map { (NumberWords.text($0.lowerBound), NumberWords.text($0.upperBound)) },
                severity)
        }
        return AttributeReading(value: .decimal(number == 0 ? 0 : number))
    }

    private func money(_ amount: Money, raw: String?, severity: Finding.Severity) -> AttributeReading {
        guard amount.fen >= 0, amount <= Self.maximumMoney else {
            return outOfRange(raw ?? amount.text(in: .en), ("0", "100000000"), severity)
        }
        return AttributeReading(value: .money(amount))
    }

    private func text(_ words: String, severity: Finding.Severity) -> AttributeReading {
        if words.isOverlong { return AttributeReading(findings: [tooLong(words, severity: severity)]) }
        let checked = FreeText(words, field: key, name: name)
        if checked.text.isEmpty { return AttributeReading() }
        if checked.text.count > Self.maximumTextLength {
            return AttributeReading(findings: [tooLong(checked.text, severity: severity)])
        }
        return AttributeReading(value: .text(checked.text), findings: checked.findings)
    }

    private func many(
        _ words: [String], of options: [AttributeOption], _ index: OptionIndex?, severity: Finding.Severity
    ) -> AttributeReading {
        guard let index else { return AttributeReading() }
        if words.count > Self.maximumListLength {
            return AttributeReading(findings: [
                Finding(
                    severity, code: FindingCode.tooLong, field: key, value: words[0].excerpt,
                    message: LocalizedText(
                        zh: "“\(name.zh)”列得太多，最多\(Self.maximumListLength)项",
                        en: "\(name.en) lists too much; keep it within \(Self.maximumListLength) items"))
            ])
        }
        var found: Set<Int> = []
        var unknown: [String] = []
        for word in words {
            if let number = index.find(word) {
                found.insert(number)
            } else if let span = index.span(word) {
                found.formUnion(span)
            } else if word.isOverlong {
                unknown.append(word)
            } else {
                // A clerk's blank between two options among commas; an option's own name may hold blanks, too.
                let pieces = word.split(whereSeparator: \.isWhitespace).map(String.init)
                let named = pieces.map { index.find($0) }
                if named.contains(where: { $0 != nil }) {
                    found.formUnion(named.compactMap(\.self))
                    unknown += zip(pieces, named).filter { $0.1 == nil }.map(\.0)
                } else if !pieces.isEmpty, !word.foldedForComparison.isEmpty {
                    unknown.append(word)
                }
            }
        }
        return AttributeReading(
            value: found.isEmpty ? nil : .texts(found.sorted().map { index.keys[$0] }),
            findings: unknown.isEmpty ? [] : [unknownOption(unknown, of: options, severity: severity)])
    }
}

// MARK: - Findings

extension AttributeDescription {
    private func unreadable(_ raw: String, severity: Finding.Severity = .warning) -> AttributeReading {
        AttributeReading(findings: [
            Finding(
                severity, code: FindingCode.unreadable, field: key, value: raw.excerpt,
                message: LocalizedText(
                    zh: "“\(name.zh)”的内容看不懂，请写\(kindText.zh)",
                    en: "\(name.en) cannot be read; write \(kindText.en)"))
        ])
    }

    private func outOfRange(
        _ raw: String, _ bounds: (low: String, high: String)?, _ severity: Finding.Severity
    ) -> AttributeReading {
        let message =
            if let bounds {
                LocalizedText(
                    zh: "“\(name.zh)”应在 \(bounds.low) 到 \(bounds.high) 之间，请核对",
                    en: "\(name.en) must lie between \(bounds.low) and \(bounds.high); check it")
            } else {
                LocalizedText(
                    zh: "“\(name.zh)”的数字太大或不是数，请核对",
                    en: "\(name.en) is too large or no number; check it")
            }
        return AttributeReading(findings: [
            Finding(severity, code: FindingCode.outOfRange, field: key, value: raw.excerpt, message: message)
        ])
    }

    private func tooLong(_ raw: String, severity: Finding.Severity) -> Finding {
        Finding(
            severity, code: FindingCode.tooLong, field: key, value: raw.excerpt,
            message: LocalizedText(
                zh: "“\(name.zh)”太长，请写在\(Self.maximumTextLength)字以内",
                en: "\(name.en) is too long; keep it within \(Self.maximumTextLength) characters"))
    }

    private func unknownOption(
        _ words: [String], of options: [AttributeOption], severity: Finding.Severity
    ) -> Finding {
        let shown = words.prefix(5).map { $0.excerpt }.joined(separator: "、")
        // A dozen options fit a line of a report; the schema lists the rest.
        let known = options.prefix(12)
        let rest = options.count > known.count
        return Finding(
            severity, code: FindingCode.unknownOption, field: key, value: shown,
            message: LocalizedText(
                zh: "“\(name.zh)”里有不认识的选项，请从中选择："
                    + known.map(\.name.zh).joined(separator: "、") + (rest ? "等" : ""),
                en: "\(name.en) has an unknown option; choose from "
                    + known.map(\.name.en).joined(separator: ", ") + (rest ? " and others" : "")))
    }

    /// What to write, in words that follow "write" or 请写.
    private var kindText: LocalizedText {
        switch kind {
        case .bool: LocalizedText(zh: "是或否", en: "yes or no")
        case .whole(let unit, _):
            LocalizedText(zh: "一个整数" + unitText(unit).zh, en: "a whole number" + unitText(unit).en)
        case .decimal(let unit, _):
            LocalizedText(zh: "一个数字" + unitText(unit).zh, en: "a number" + unitText(unit).en)
        case .money: LocalizedText(zh: "金额，如 12元", en: "an amount in yuan such as 12.5")
        case .text: LocalizedText(zh: "文字", en: "a text")
        case .oneOf: LocalizedText(zh: "选项之一", en: "one of the options")
        case .manyOf: LocalizedText(zh: "选项，用顿号隔开", en: "options, parted by semicolons")
        case .schedule: LocalizedText(zh: "营业时间，如 周一至周五 8:00-17:00", en: "opening times")
        case .date: LocalizedText(zh: "日期，如 2026-09-01", en: "a date such as 2026-09-01")
        case .rows(let schema):
            LocalizedText(zh: "\(schema.rowName.zh)的表，每行一个", en: "a table, one \(schema.rowName.en) a row")
        }
    }

    private func unitText(_ unit: LocalizedText?) -> LocalizedText {
        guard let unit else { return LocalizedText(zh: "", en: "") }
        return LocalizedText(zh: "（单位：\(unit.zh)）", en: " (in \(unit.en))")
    }
}
