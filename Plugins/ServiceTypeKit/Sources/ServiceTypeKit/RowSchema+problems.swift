import DirectoryModel

extension RowSchema {
    /// What is wrong with the table of `attribute`, one English line each.
    func problems(of attribute: AttributeDescription, on subject: String) -> [String] {
        var problems = ManifestRules.problems(of: rowName, on: subject + ", row")
        if !(1...Self.maximumColumns).contains(columns.count) {
            problems.append(
                "\(subject): a table has 1 to \(Self.maximumColumns) columns, not \(columns.count)")
        }
        if !(1...Self.maximumRowLimit).contains(maximumRows) {
            problems.append(
                "\(subject): a table has at most \(Self.maximumRowLimit) rows, not \(maximumRows)")
        }
        if attribute.isFacet { problems.append("\(subject): a table is no facet; derive one from it") }
        problems += ManifestRules.duplicates(columns.map(\.key), "column", on: subject)
        for column in columns {
            if case .rows = column.kind {
                problems.append("\(subject): column \(column.key.shortened()) is a table within a table")
                continue
            }
            problems += column.problems(on: subject)
            for word in column.kind.optionWords where word.contains(where: Self.parts.contains) {
                problems.append(
                    "\(subject), column \(column.key): \(word.shortened()) holds a sign that parts cells or rows (| ；)"
                )
            }
        }
        if let hoursColumn, column(hoursColumn)?.kind != .schedule {
            problems.append(
                "\(subject): the hours column \(hoursColumn.shortened()) is no column of kind schedule")
        }
        return problems
    }

    /// Signs that an option of a column must not hold: a cell would end there.
    private static let parts: Set<Character> = ["|", "｜", "\t", "\n", "\r\n", ";", "；"]
}

extension AttributeKind {
    /// Every word for an option, where the kind has options.
    fileprivate var optionWords: [String] {
        switch self {
        case .oneOf(let options), .manyOf(let options):
            options.flatMap { [$0.key, $0.name.zh, $0.name.en] + $0.aliases }
        case .bool, .whole, .decimal, .money, .text, .schedule, .date, .rows: []
        }
    }
}
