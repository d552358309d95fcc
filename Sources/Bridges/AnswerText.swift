package import DirectoryAPI

/// A register's report as a text for whoever sent it, where there is no answer file: of a map, of communities.
package enum AnswerText {
    /// The most findings that are listed; chosen, not measured: some pages.
    private static let most = 1_000

    /// What became of the records, by kind: "place: 3 created, 1 rejected".
    package static func counts(of report: JSONValue) -> String {
        guard case .object(let kinds)? = report["counts"] else { return "nothing" }
        let texts = kinds.sorted { $0.key < $1.key }.compactMap { kind, counts -> String? in
            let words = ["created", "changed", "unchanged", "rejected", "held", "vanished"].compactMap {
                word in
                if case .whole(let count)? = counts[word], count > 0 {
                    "\(count) \(word)"
                } else {
                    nil as String?
                }
            }
            return words.isEmpty ? nil : "\(kind): " + words.joined(separator: ", ")
        }
        return texts.isEmpty ? "nothing" : texts.joined(separator: "; ")
    }

    /// The whole text: a line for each kind of record, then one for each finding.
    ///
    /// With the byte order mark without which programs of Windows take UTF-8 for something else.
    package static func text(of report: JSONValue, file: String) -> String {
        var lines = ["\u{FEFF}\(file.onOneLine)", "导入结果 / taken: " + counts(of: report)]
        guard case .array(let findings)? = report["findings"] else { return lines[0] }
        for finding in findings.prefix(most) {
            func word(_ key: String) -> String {
                if case .string(let text)? = finding[key] { text.onOneLine } else { "" }
            }
            func message(_ language: String) -> String {
                if case .string(let text)? = finding["message"]?[language] { text.onOneLine } else { "" }
            }
            let thing = [word("record"), word("field")].filter { !$0.isEmpty }.joined(separator: " ")
            lines.append("\(word("severity")) \(thing): \(message("zh")) / \(message("en"))")
        }
        if findings.count > most { lines.append("… 另有 / and \(findings.count - most) more") }
        return lines.joined(separator: "\r\n") + "\r\n"
    }
}
