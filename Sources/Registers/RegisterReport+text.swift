package import DirectoryAPI
package import DirectoryModel

extension RegisterReport {
    /// The report for a person: figures, counts by kind, what was taken as what, what was left out, findings.
    ///
    /// Columns line up on a terminal that shows Han characters two columns wide. At most `limit` findings and
    /// reasons are written out; how many more there are is said.
    package func text(language: Language, limit: Int = 20) -> String {
        func say(_ zh: String, _ en: String) -> String { language == .zh ? zh : en }
        var lines: [String] = []
        if !figures.isEmpty {
            lines += TextColumns.table(
                figures.map { [Self.label($0.name, language), $0.value] }, rightAligned: [1])
            lines.append("")
        }
        var counts = [
            [
                say("记录", "records"), say("新增", "created"), say("变更", "changed"), say("未变", "unchanged"),
                say("拒收", "rejected"), say("消失", "vanished"),
            ]
        ]
        for kind in RecordKind.allCases {
            guard let count = batch.counts[kind], count != BatchCounts() else { continue }
            counts.append(
                [Self.label(kind, language)]
                    + [count.created, count.changed, count.unchanged, count.rejected, count.vanished].map(
                        String.init))
        }
        if counts.count > 1 {
            lines += TextColumns.table(counts, rightAligned: [1, 2, 3, 4, 5])
        } else {
            lines.append(say("没有记录", "no records"))
        }
        if !takenAs.isEmpty {
            lines += ["", say("收录为", "taken as")]
            lines += TextColumns.table(
                takenAs.map { ["  " + $0.type.rawValue, "\($0.count)", $0.reason] }, rightAligned: [1])
        }
        if !leftOut.isEmpty {
            let total = leftOut.reduce(0) { $0 + $1.keys.count }
            lines += ["", say("未收录 \(total) 项", "left out: \(total)")]
            lines += TextColumns.table(
                leftOut.prefix(limit).map { ["  \($0.keys.count)", $0.reason.text(in: language)] },
                rightAligned: [0])
            if leftOut.count > limit {
                lines.append(
                    say("  另有 \(leftOut.count - limit) 种原因", "  and \(leftOut.count - limit) more reasons"))
            }
        }
        if !batch.findings.isEmpty {
            lines += ["", say("问题 \(batch.findings.count) 条", "findings: \(batch.findings.count)")]
            for finding in batch.findings.prefix(limit) {
                let value = finding.value.map { " " + $0.shortened() } ?? ""
                lines.append(
                    "  \(Self.label(severity: finding.severity, language)) \(finding.record)"
                        + (finding.field.map { " " + $0 } ?? "") + value + ": "
                        + finding.message.text(in: language))
            }
            if batch.findings.count > limit {
                let more = batch.findings.count - limit
                lines.append(say("  另有 \(more) 条", "  and \(more) more"))
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func label(_ kind: RecordKind, _ language: Language) -> String {
        guard language == .zh else { return kind.rawValue }
        return switch kind {
        case .place: "网点"
        case .origin: "起点"
        case .community: "社区"
        case .grid: "网格"
        case .source: "来源"
        }
    }

    private static func label(severity: String, _ language: Language) -> String {
        guard language == .zh else { return severity }
        return ["error": "错误", "warning": "警告", "note": "提示"][severity] ?? severity
    }

    private static func label(_ figure: String, _ language: Language) -> String {
        guard language == .zh else { return figure }
        if figure.hasPrefix("km² of ") { return "平方公里：" + figure.dropFirst("km² of ".count) }
        return figureLabels[figure] ?? figure
    }

    private static let figureLabels = [
        "file date": "地图日期", "walkable km": "可步行公里数", "walkable ways": "可步行道路", "network nodes": "网络节点",
        "network pieces": "网络路段", "network edges": "网络边", "components": "连通分量",
        "components under 1 km": "不足 1 公里的分量",
        "blocked nodes": "封闭节点", "missing nodes": "缺失节点", "places": "网点", "places without a name": "无名网点",
        "origins: estate": "起点：小区", "origins: gate": "起点：出入口", "origins: building": "起点：楼栋",
        "origins: unit": "起点：单元",
        "origins: kiosk": "起点：自助终端", "features": "要素", "km² in all": "平方公里合计",
        "areas that could not be assembled": "无法拼合的面",
    ]
}

/// Text in columns on a terminal, where a Han character is two columns wide.
package enum TextColumns {
    /// How many columns a text takes.
    ///
    /// Source: UAX #11, characters of class W and F; zero for marks and format characters.
    package static func width(_ text: String) -> Int {
        text.unicodeScalars.reduce(0) { $0 + width($1) }
    }

    private static func width(_ scalar: Unicode.Scalar) -> Int {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format, .control: return 0
        default: break
        }
        return wide.contains { $0.contains(scalar.value) } ? 2 : 1
    }

    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
        0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE4F, 0xFF00...0xFF60, 0xFFE0...0xFFE6,
        0x1F300...0x1F64F,
        0x1F900...0x1F9FF, 0x20000...0x3FFFD,
    ]

    /// The text with spaces after it, or before it, up to `columns` columns.
    package static func padded(_ text: String, to columns: Int, right: Bool = false) -> String {
        let space = String(repeating: " ", count: max(0, columns - width(text)))
        return right ? space + text : text + space
    }

    /// Rows as lines, cells parted by two spaces; the last cell of a row is not padded.
    package static func table(_ rows: [[String]], rightAligned: Set<Int> = []) -> [String] {
        var widths: [Int] = []
        for row in rows {
            for (column, cell) in row.enumerated() {
                if column == widths.count { widths.append(0) }
                widths[column] = max(widths[column], width(cell))
            }
        }
        return rows.map { row in
            row.enumerated().map { column, cell in
                let isRight = rightAligned.contains(column)
                return column == row.count - 1 && !isRight
                    ? cell : padded(cell, to: widths[column], right: isRight)
            }
            .joined(separator: "  ")
        }
    }
}
