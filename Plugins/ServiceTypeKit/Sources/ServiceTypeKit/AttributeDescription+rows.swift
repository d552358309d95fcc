import DirectoryModel

// Tables: read from a register's cell, or checked as typed rows. One builder for both, so that both know the same
// limits and say the same findings.

extension AttributeDescription {
    /// Reads a table as clerks write one into a cell: rows by new lines, or where there is none by `；` and `;`; cells
    /// by `|`, `｜` or tab in the order of the columns, or of a first row that names them.
    func readRows(_ raw: String, _ schema: RowSchema) -> AttributeReading {
        if raw.utf8.count <= AbsentWords.longest {
            let folded = raw.foldedForComparison
            if folded.isEmpty || AbsentWords.all.contains(folded) || AbsentWords.none.contains(folded) {
                return AttributeReading()
            }
        }
        guard raw.utf8.count <= RowSchema.maximumBytes else {
            return AttributeReading(findings: [tableTooLong(raw, severity: .warning)])
        }
        var table = RowTable(self, schema, severity: .warning)
        var order = Array(schema.columns.indices)
        for (number, line) in RowWords.lines(of: raw).enumerated() {
            let cells = RowWords.cells(of: line)
            if number == 0, let named = schema.index.columns(named: cells) {
                order = named
                continue
            }
            guard table.add(cells, in: order) else { break }
        }
        return table.reading
    }

    /// Checks typed rows; the same rows come out unchanged when they are checked again.
    func checkRows(_ rows: [AttributeRow], _ schema: RowSchema) -> AttributeReading {
        var table = RowTable(self, schema, severity: .error)
        for row in rows {
            guard table.add(row) else { break }
        }
        return table.reading
    }

    /// The table as `readRows` reads it.
    func text(of rows: [AttributeRow], _ schema: RowSchema, in language: Language) -> String {
        let lines = rows.map { row in
            var cells = schema.columns.map { column in
                row.values[column.key].map { RowWords.cell(column.text(of: $0, in: language)) } ?? ""
            }
            while cells.last?.isEmpty == true { cells.removeLast() }
            return cells.joined(separator: " | ")
        }
        // A new line makes a semicolon inside a cell, such as one between two rules of opening times, mean nothing.
        return lines.joined(separator: "\n") + (lines.count == 1 ? "\n" : "")
    }

    fileprivate func tableTooLong(_ raw: String, severity: Finding.Severity) -> Finding {
        Finding(
            severity, code: FindingCode.tooLong, field: key, value: raw.excerpt,
            message: LocalizedText(
                zh: "“\(name.zh)”太长，整张表请写在\(RowSchema.maximumBytes)字节以内",
                en: "\(name.en) is too long; keep the table within \(RowSchema.maximumBytes) bytes"))
    }
}

/// How a table is written in a cell.
private enum RowWords {
    static func lines(of raw: String) -> [Substring] {
        let scalars = raw.unicodeScalars
        let parted = scalars.split { $0 == "\n" || $0 == "\r" }
        let isLineByLine = scalars.contains("\n") || scalars.contains("\r")
        return (isLineByLine ? parted : scalars.split { $0 == ";" || $0 == "；" }).map(Substring.init)
    }

    /// The cells; a frame of bars around the row, as in Markdown, is none.
    static func cells(of line: Substring) -> [String] {
        var cells = line.unicodeScalars.split(omittingEmptySubsequences: false, whereSeparator: isBar)
            .map { String($0) }
        if cells.count > 2, isBlank(cells[0]), isBlank(cells[cells.count - 1]) {
            cells.removeFirst()
            cells.removeLast()
        }
        return cells
    }

    static func isBlank(_ text: String) -> Bool { text.unicodeScalars.allSatisfy(\.isSpace) }

    /// A value's text without the signs that part a table.
    static func cell(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { isBar($0) || $0 == "\n" || $0 == "\r" }) else {
            return text
        }
        return String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { isBar($0) ? "/" : ($0 == "\n" || $0 == "\r" ? " " : $0) }))
    }

    static func isBar(_ scalar: Unicode.Scalar) -> Bool { scalar == "|" || scalar == "｜" || scalar == "\t" }
}

/// Rows gathered one by one within the table's limits.
private struct RowTable {
    let attribute: AttributeDescription
    let schema: RowSchema
    let index: SchemaIndex
    let severity: Finding.Severity
    private var rows: [AttributeRow] = []
    private var findings: [Finding] = []
    private var unsaid = 0
    /// Rows seen so far, also those that were left out: the row's number in the source, from 1.
    private var number = 0
    private var bytes = 0

    init(_ attribute: AttributeDescription, _ schema: RowSchema, severity: Finding.Severity) {
        self.attribute = attribute
        self.schema = schema
        self.severity = severity
        index = schema.index
    }

    /// The table as far as it can be kept.
    var reading: AttributeReading {
        var findings = findings
        if unsaid > 0 {
            findings.append(
                Finding(
                    severity, code: FindingCode.unreadable, field: attribute.key, value: nil,
                    message: LocalizedText(
                        zh: "“\(attribute.name.zh)”还有\(unsaid)处问题，先改好上面这些",
                        en: "\(attribute.name.en) has \(unsaid) more faults; mend those above first")))
        }
        return AttributeReading(value: rows.isEmpty ? nil : .rows(rows), findings: findings)
    }

    /// Adds a register's row; false when the table is full.
    mutating func add(_ cells: [String], in order: [Int]) -> Bool {
        number += 1
        if cells.allSatisfy(RowWords.isBlank) { return true }
        if let extra = cells.dropFirst(order.count).first(where: { !RowWords.isBlank($0) }) {
            say(
                FindingCode.rowTooWide, nil, extra,
                zh: "格子多于\(order.count)列，请检查分隔符；这一行未登记",
                en: "there are more cells than \(order.count) columns; check the signs that part them; "
                    + "the row was left out")
            return true
        }
        var row = AttributeRow()
        var isLeftOut = false
        for (place, cell) in zip(order, cells) where !RowWords.isBlank(cell) {
            let column = schema.columns[place]
            let reading = column.read(cell, index.options[place])
            row.values[column.key] = reading.value
            isLeftOut = isLeftOut || (column.isRequired && reading.value == nil && !reading.findings.isEmpty)
            for finding in reading.findings { say(finding, in: column.key) }
        }
        return isLeftOut || keep(row)
    }

    /// Adds a typed row; false when the table is full.
    mutating func add(_ typed: AttributeRow) -> Bool {
        number += 1
        var row = AttributeRow()
        row.values.reserveCapacity(typed.values.count)
        var isLeftOut = false
        for (place, column) in schema.columns.enumerated() {
            guard let value = typed.values[column.key] else { continue }
            let reading = column.check(value, index.options[place])
            row.values[column.key] = reading.value
            isLeftOut = isLeftOut || reading.findings.contains { $0.severity == .error }
            for finding in reading.findings { say(finding, in: column.key) }
        }
        if !typed.values.keys.allSatisfy(index.keys.contains) {
            isLeftOut = true
            let unknown = typed.values.keys.filter { !index.keys.contains($0) }
                .min { $0.utf8.lexicographicallyPrecedes($1.utf8) }
            say(
                FindingCode.unknownAttribute, unknown?.excerpt, nil,
                zh: "没有“\(unknown?.excerpt ?? "")”这一列；这一行未登记",
                en: "there is no column \((unknown ?? "").shortened()); the row was left out")
        }
        return isLeftOut || keep(row)
    }

    /// Keeps a row that has every required column, within the table's limits.
    private mutating func keep(_ row: AttributeRow) -> Bool {
        if row.values.isEmpty { return true }
        for column in schema.columns where column.isRequired && row.values[column.key] == nil {
            say(
                FindingCode.missing, column.key, nil, zh: "缺少“\(column.name.zh)”；这一行未登记",
                en: "\(column.name.en) is missing; the row was left out")
            return true
        }
        bytes += row.textBytes
        guard rows.count < schema.maximumRows, bytes <= RowSchema.maximumBytes else {
            let noun = schema.rowName
            findings.append(
                Finding(
                    severity, code: FindingCode.tooManyRows, field: attribute.key, value: nil,
                    message: LocalizedText(
                        zh: "“\(attribute.name.zh)”太长，只登记了前\(rows.count)行\(noun.zh)",
                        en:
                            "\(attribute.name.en) is too long; only the first \(rows.count) rows (\(noun.en)) were "
                            + "kept")))
            return false
        }
        rows.append(row)
        return true
    }

    private mutating func say(_ finding: Finding, in column: String) {
        say(
            finding.code, column, finding.value, zh: finding.message.zh, en: finding.message.en,
            severity: finding.severity)
    }

    private mutating func say(
        _ code: String, _ column: String?, _ value: String?, zh: String, en: String,
        severity: Finding.Severity? = nil
    ) {
        guard findings.count < RowSchema.maximumFindings else {
            unsaid += 1
            return
        }
        findings.append(
            Finding(
                severity ?? self.severity, code: code,
                field: "\(attribute.key)[\(number)]" + (column.map { "." + $0 } ?? ""), value: value,
                message: LocalizedText(
                    zh: "“\(attribute.name.zh)”第\(number)行：\(zh)",
                    en: "\(attribute.name.en), row \(number): \(en)")))
    }
}
