import ServiceTypeKit

/// Spans such as 一至六年级, 1-3年级, 小学 and 周一至周五, which name all that lies between.
enum Spans {
    static let grades = Words(
        groups: ["小学": 1...6, "初中": 7...9], separators: ["至", "到", "-", "—", "–", "~", "～"],
        dropped: ["年级", "小学"],
        names: { position in position == 0 ? "preschool" : position == 10 ? "senior" : "grade_\(position)" },
        positions: [
            ["学前", "幼儿园"], ["一", "1", "小一"], ["二", "2", "小二"], ["三", "3", "小三"], ["四", "4", "小四"],
            ["五", "5", "小五"],
            ["六", "6", "小六"], ["七", "7", "初一"], ["八", "8", "初二"], ["九", "9", "初三"], ["高中"],
        ])
    static let weekdays = Words(
        groups: ["工作日": 0...4, "每天": 0...6, "周末": 5...6, "双休日": 5...6],
        separators: ["至", "到", "-", "—", "–", "~", "～"], dropped: ["周", "星期", "礼拜"],
        names: { ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"][$0] },
        positions: [
            ["一", "Mon", "Monday", "Mo"], ["二", "Tue", "Tuesday", "Tu"], ["三", "Wed", "Wednesday", "We"],
            ["四", "Thu", "Thursday", "Th"], ["五", "Fri", "Friday", "Fr"], ["六", "Sat", "Saturday", "Sa"],
            ["日", "天", "末", "Sun", "Sunday", "Su"],
        ])

    /// What spans of one attribute are made of.
    struct Words: Sendable {
        /// Words for several positions at once.
        let groups: [String: ClosedRange<Int>]
        let separators: [Character]
        /// Words that may stand at either end and say nothing.
        let dropped: [String]
        /// The option's key at a position.
        let names: @Sendable (Int) -> String
        /// The words for each position.
        let positions: [[String]]
    }

    /// Replaces spans in the draft's own words by the keys that they name; what is no span is left as it is.
    static func expand(_ attribute: AttributeDescription, in draft: inout PlaceDraft, _ words: Words) {
        for column in [attribute.key, attribute.name.zh] + attribute.columnNames {
            // Longer texts are no list of spans; the schema says what is wrong with them.
            guard let text = draft.raw[column], text.utf8.count <= 300 else { continue }
            let parts = text.split { ";；、，,".contains($0) }.map(String.init)
            let keys = parts.map { part in
                positions(of: part, words).map { $0.map(words.names).joined(separator: ";") } ?? part
            }
            draft.raw[column] = keys.joined(separator: ";")
        }
    }

    /// The positions that a span or a group names, or nil when the text is neither.
    static func positions(of text: String, _ words: Words) -> ClosedRange<Int>? {
        let part = text.filter { !$0.isWhitespace }
        if let group = words.groups[part] { return group }
        let ends = part.split(whereSeparator: words.separators.contains)
        guard ends.count == 2, let first = position(of: String(ends[0]), words),
            let last = position(of: String(ends[1]), words), first <= last
        else { return nil }
        return first...last
    }

    private static func position(of text: String, _ words: Words) -> Int? {
        var word = text
        for dropped in words.dropped {
            if word.hasPrefix(dropped), word != dropped { word.removeFirst(dropped.count) }
            if word.hasSuffix(dropped), word != dropped { word.removeLast(dropped.count) }
        }
        return words.positions.firstIndex { $0.contains(word) }
    }
}
