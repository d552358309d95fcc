/// A table for a terminal, whose columns line up whatever is written in them.
struct Table {
    /// A column.
    struct Column {
        /// What stands above it; a unit where the numbers have one.
        var title: String
        /// Whether it is a number's, and so stands to the right.
        var isNumber = false
        /// Whether it may be cut when the line is too long for the terminal.
        var cut = Cut.never

        /// A column of numbers.
        static func number(_ title: String) -> Column { Column(title: title, isNumber: true) }
        /// A column of words that are never cut, such as ids.
        static func word(_ title: String) -> Column { Column(title: title) }
        /// A column of text that may be cut.
        static func text(_ title: String) -> Column { Column(title: title, cut: .first) }
        /// A column of names, cut only when cutting the others is not enough.
        static func name(_ title: String) -> Column { Column(title: title, cut: .last) }
    }

    /// When a column is cut.
    enum Cut {
        /// Never: numbers and ids are of no use in part.
        case never
        /// When cutting the others is not enough.
        case last
        /// Before the others.
        case first
    }

    /// The columns, from the left.
    let columns: [Column]
    private var rows: [[String]] = []
    /// Lines that stand under a row, across all columns.
    private var under: [Int: [String]] = [:]

    /// Columns between two cells.
    private static let gap = 2
    /// A cell is not cut below this many columns: four Han characters and the sign of the cut.
    private static let narrowest = 9

    /// A table without rows.
    init(_ columns: [Column]) { self.columns = columns }

    /// Whether there is no row.
    var isEmpty: Bool { rows.isEmpty }

    /// Adds a row; missing cells at its end are empty.
    mutating func add(_ cells: [String]) {
        precondition(cells.count <= columns.count, "a row has more cells than the table has columns")
        rows.append(cells.map(\.printable) + Array(repeating: "", count: columns.count - cells.count))
    }

    /// Adds lines under the last row, across all columns.
    mutating func add(under lines: [String]) {
        under[rows.count - 1, default: []] += lines.map { "      " + $0.printable }
    }

    /// The lines of the table.
    ///
    /// - Parameter width: columns that the terminal has, or nil to cut nothing.
    func lines(width: Int?) -> [String] {
        // A column in which nothing is written is left out.
        let shown = columns.indices.filter { index in rows.contains { !$0[index].isEmpty } }
        var widths = shown.map { index in
            rows.reduce(DisplayWidth.of(columns[index].title)) { max($0, DisplayWidth.of($1[index])) }
        }
        if let width { shrink(&widths, of: shown, to: width) }
        let header = shown.map { columns[$0].title }
        return rows.enumerated().reduce(into: [line(header, of: shown, widths: widths)]) { lines, row in
            lines.append(line(shown.map { row.element[$0] }, of: shown, widths: widths))
            lines += (under[row.offset] ?? []).map { text in
                width.map { DisplayWidth.cut(text, to: $0) } ?? text
            }
        }
    }

    /// Takes columns from the widest cells that may be cut until the line fits.
    private func shrink(_ widths: inout [Int], of shown: [Int], to width: Int) {
        var excess = widths.reduce(0, +) + Table.gap * max(0, shown.count - 1) - width
        for cut in [Cut.first, .last] {
            while excess > 0 {
                let candidates = widths.indices.filter {
                    columns[shown[$0]].cut == cut && widths[$0] > Table.narrowest
                }
                guard let widest = candidates.max(by: { widths[$0] < widths[$1] }) else { break }
                widths[widest] -= 1
                excess -= 1
            }
        }
    }

    private func line(_ cells: [String], of shown: [Int], widths: [Int]) -> String {
        var line = ""
        for (position, cell) in cells.enumerated() {
            let text = DisplayWidth.cut(cell, to: widths[position])
            let padding = String(repeating: " ", count: max(0, widths[position] - DisplayWidth.of(text)))
            let isLast = position == cells.count - 1
            line += columns[shown[position]].isNumber ? padding + text : text + (isLast ? "" : padding)
            if !isLast { line += String(repeating: " ", count: Table.gap) }
        }
        while line.last == " " { line.removeLast() }
        return line
    }
}
