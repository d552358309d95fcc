import DirectoryModel
import ServiceTypeKit

/// A register's table of sessions made ready for the kit: spans of grades written out, columns about people left out.
enum SessionCells {
    /// Rewrites the table in the draft's own words; gives the first header about a person, if there was one.
    static func prepare(_ draft: inout PlaceDraft) -> String? {
        var header: String?
        let attribute = TutoringSchema.sessions
        for column in [attribute.key, attribute.name.zh, attribute.name.en] + attribute.columnNames {
            // What is longer is refused by the kit.
            guard let text = draft.raw[column], text.utf8.count <= RowSchema.maximumBytes else { continue }
            var rows = lines(of: text).map(cells)
            let personal = Set(
                (rows.first ?? []).indices.filter {
                    rows[0][$0].contains(anyOf: TutoringNames.personalInTable)
                })
            if let first = personal.min() {
                header = header ?? rows[0][first]
                rows = rows.map { row in
                    row.enumerated().filter { !personal.contains($0.offset) }.map(\.element)
                }
            }
            guard !personal.isEmpty || text.contains(anyOf: gradeWords) else { continue }
            // A new line at the end, or a semicolon between two rules of one row's times would part rows.
            draft.raw[column] = rows.map { $0.map(expanded).joined(separator: "|") + "\n" }.joined()
        }
        return header
    }

    /// Words without which no cell is a span of grades; numbers alone may be anything.
    private static let gradeWords = ["年级", "小学", "初中", "初一", "初二", "学前"]

    /// The longest cell that is looked at, in bytes.
    ///
    /// Chosen, not measured.
    private static let maximumCell = 300

    private static func expanded(_ cell: String) -> String {
        guard cell.utf8.count <= maximumCell, cell.contains(anyOf: gradeWords) else { return cell }
        var isSpan = false
        let parts = cell.split { "、，,/".contains($0) }.map { part in
            guard let positions = Spans.positions(of: String(part), Spans.grades) else { return String(part) }
            isSpan = true
            return positions.map(Spans.grades.names).joined(separator: "、")
        }
        return isSpan ? parts.joined(separator: "、") : cell
    }

    /// Rows by new lines, or where there is none by semicolons, as the kit reads them.
    private static func lines(of text: String) -> [Substring] {
        let scalars = text.unicodeScalars
        let isLineByLine = scalars.contains("\n") || scalars.contains("\r")
        return scalars.split {
            isLineByLine ? $0 == "\n" || $0 == "\r" : $0 == ";" || $0 == "；"
        }.map(Substring.init)
    }

    private static func cells(of line: Substring) -> [String] {
        line.unicodeScalars.split(omittingEmptySubsequences: false) { $0 == "|" || $0 == "｜" || $0 == "\t" }
            .map { String($0) }
    }
}
