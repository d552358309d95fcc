import DirectoryModel

// How words of registers and tags are compared and cleaned. Own tables, because a module must not pull in
// Foundation (6 ms of start-up and 39 MB of ICU).

extension String {
    /// The most bytes of one value that are looked at: 500 characters of four-byte emoji in clusters of eight.
    static let maximumBytes = 16_000

    /// Whether the text is too long to be any value.
    var isOverlong: Bool { utf8.count > Self.maximumBytes }

    /// The text as it is compared: half width, lower case, white space collapsed and trimmed, no control or direction
    /// characters.
    var foldedForComparison: String {
        if isFoldedASCII { return self }
        var result = String.UnicodeScalarView()
        var pendingSpace = false
        for scalar in unicodeScalars {
            let folded = scalar.halfWidth
            if folded.isSpace {
                pendingSpace = !result.isEmpty
                continue
            }
            if folded.isInvisible { continue }
            if pendingSpace {
                result.append(" ")
                pendingSpace = false
            }
            if folded.isASCII {
                result.append(folded.lowercasedASCII)
            } else if folded.isHan {
                result.append(folded)
            } else {
                result.append(contentsOf: folded.properties.lowercaseMapping.unicodeScalars)
            }
        }
        return String(result)
    }

    /// Whether folding would change nothing: printable ASCII without capitals, edge or double spaces.
    private var isFoldedASCII: Bool {
        var before: UInt8 = 0x20
        for byte in utf8 {
            guard (0x20...0x7E).contains(byte), !(0x41...0x5A).contains(byte), byte != 0x20 || before != 0x20
            else { return false }
            before = byte
        }
        return before != 0x20 || isEmpty
    }

    /// Whether a text is stored as it is, by a look at its bytes: no control character, no edge or double space, and
    /// none of the lead bytes under which Unicode has other spaces and direction characters.
    private var isPlainlyClean: Bool {
        var before: UInt8 = 0x20
        for byte in utf8 {
            switch byte {
            case 0x20 where before == 0x20: return false
            case 0x00...0x1F, 0x7F, 0xC2, 0xD8, 0xE1, 0xE2: return false
            case 0x80 where before == 0xE3, 0xBB where before == 0xEF: return false
            default: before = byte
            }
        }
        return before != 0x20 || isEmpty
    }

    /// The text as it is stored: white space collapsed and trimmed, control and direction characters taken out.
    func cleaned() -> (text: String, lostCharacters: Bool) {
        if isPlainlyClean { return (self, false) }
        var result = String.UnicodeScalarView()
        var pendingSpace = false
        var lost = false
        for scalar in unicodeScalars {
            if scalar.isSpace {
                pendingSpace = !result.isEmpty
            } else if scalar.isInvisible {
                lost = true
            } else {
                if pendingSpace { result.append(" ") }
                pendingSpace = false
                result.append(scalar)
            }
        }
        return (String(result), lost)
    }

    /// Whether the text holds `part`, byte for byte; both must be folded.
    func holds(_ part: String) -> Bool {
        let whole = utf8
        let wanted = part.utf8
        guard let first = wanted.first else { return true }
        guard wanted.count <= whole.count else { return false }
        var start = whole.startIndex
        while let found = whole[start...].firstIndex(of: first) {
            if whole[found...].starts(with: wanted) { return true }
            start = whole.index(after: found)
        }
        return false
    }

    /// The value as shown in a finding: cleaned, personal numbers masked, cut to 60 characters.
    var excerpt: String {
        // Cut by scalars first: counting the characters of 10 MB would take longer than the whole import of a row.
        let head = String(String.UnicodeScalarView(unicodeScalars.prefix(240)))
        let text = PersonalData.masked(head).map { $0.cleaned().text } ?? head.cleaned().text
        let masked = PersonalData.masked(text) ?? text
        guard masked.count > 60 || head.unicodeScalars.count == 240 else { return masked }
        return masked.prefix(60) + "…"
    }

    /// The text without `suffix`, or nil when it does not end so or is nothing else.
    func dropping(suffix: String) -> String? {
        guard hasSuffix(suffix), utf8.count > suffix.utf8.count else { return nil }
        return String(dropLast(suffix.count))
    }
}

extension Unicode.Scalar {
    /// The half-width form of full-width ASCII and of the ideographic space.
    fileprivate var halfWidth: Unicode.Scalar {
        switch value {
        case 0xFF01...0xFF5E: Unicode.Scalar(value - 0xFEE0) ?? self
        case 0x3000: " "
        default: self
        }
    }

    /// Whether it is white space: what Unicode says, without asking it about ASCII and Han.
    var isSpace: Bool {
        if value < 0x80 { return value == 0x20 || (0x09...0x0D).contains(value) }
        return !isHan && properties.isWhitespace
    }

    /// Whether it is a Han character or one of the signs and scripts around them: none is white space, and none has a
    /// lower case.
    fileprivate var isHan: Bool { (0x3001...0xA63F).contains(value) }

    fileprivate var lowercasedASCII: Unicode.Scalar {
        (0x41...0x5A).contains(value) ? Unicode.Scalar(value + 0x20) ?? self : self
    }

    /// Control characters and those that turn the direction of the text around them.
    ///
    /// The joiners that emoji and some scripts need are kept.
    fileprivate var isInvisible: Bool {
        switch value {
        case 0x00...0x1F, 0x7F...0x9F: true
        case 0x061C, 0x200B, 0x200E, 0x200F, 0x202A...0x202E, 0x2060...0x2069, 0xFEFF: true
        default: false
        }
    }
}

/// Words by which a source says that it does not say.
enum AbsentWords {
    static let all: Set<String> = [
        "-", "--", "—", "——", "–", "/", "\\", "?", "n/a", "na", "null", "nil", "unknown", "不详", "未知", "待定",
        "暂缺",
        "未填", "未登记", "不清楚",
    ]
    /// The bytes of the longest of these words, with room for blanks around it.
    static let longest = 64
    /// "None": an answer for yes-or-no attributes, nothing to store for the others.
    static let none: Set<String> = ["无", "暂无", "没有", "none", "no"]
}

/// Yes and no as sources write them.
enum BoolWords {
    struct Word {
        var value: Bool
        var isPartly = false
    }

    /// The word's meaning; `folded` must be folded.
    static func read(_ folded: String) -> Word? {
        if yes.contains(folded) { return Word(value: true) }
        if no.contains(folded) { return Word(value: false) }
        if partly.contains(folded) { return Word(value: true, isPartly: true) }
        return nil
    }

    private static let yes: Set<String> = [
        "yes", "y", "true", "t", "1", "only", "designated", "permissive", "是", "有", "对", "可", "可以", "能", "支持",
        "提供",
        "需", "需要", "必须", "要", "设有", "已有", "√", "✓", "✔", "☑",
    ]
    private static let no: Set<String> = [
        "no", "n", "false", "f", "0", "none", "否", "无", "没有", "没", "不", "不是", "不可", "不可以", "不能", "不支持", "不提供",
        "不需", "不需要", "不要", "未设", "暂无", "×", "x", "✗", "✘", "☒",
    ]
    private static let partly: Set<String> = ["limited", "partial", "partly", "部分", "部份", "有限"]
}

/// Options as sources name them.
enum OptionWords {
    /// The words of a list, parted by the signs that clerks and mappers use.
    static func split(_ text: String) -> [String] { text.split { separators.contains($0) }.map(String.init) }

    /// The signs that part a list; an option's names must not hold one.
    static let separators: Set<Character> = [";", "；", "、", "，", ",", "/", "／", "|", "｜", "\n", "\r\n", "\t"]
}

/// Free text made fit to be stored: cleaned, and no person's number in it.
struct FreeText {
    let text: String
    let findings: [Finding]

    init(_ raw: String, field: String, name: LocalizedText) {
        let cleaned = raw.cleaned()
        var findings: [Finding] = []
        if cleaned.lostCharacters {
            findings.append(
                Finding(
                    .note, code: FindingCode.controlCharacters, field: field, value: raw.excerpt,
                    message: LocalizedText(
                        zh: "“\(name.zh)”里有看不见的控制符，已去掉",
                        en: "\(name.en) held invisible control characters; they were taken out")))
        }
        guard let masked = PersonalData.masked(cleaned.text) else {
            text = cleaned.text
            self.findings = findings
            return
        }
        text = masked
        findings.append(
            Finding(
                .warning, code: FindingCode.personalData, field: field, value: masked.excerpt,
                message: LocalizedText(
                    zh: "“\(name.zh)”里有手机号或身份证号，已隐去；请从台账中删除",
                    en: "\(name.en) held a mobile or ID number; it was masked, take it out of the register")))
        self.findings = findings
    }
}
