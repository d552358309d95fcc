internal import DirectoryAPI
internal import DirectoryModel
internal import TableFiles

/// A register's own rows with what became of each, for the clerk to mend and send again.
final class AnswerFile {
    /// Where it lies.
    let path: String
    private let writer: TableWriter
    private var width = 0

    /// Begins the answer to a table, in the table's own format.
    ///
    /// - Parameter path: without its extension.
    init(path: String, format: TableFormat) throws(DirectoryError) {
        self.path = path + "." + format.rawValue
        writer = try TableWriter(path: self.path, format: format)
    }

    /// Begins a sheet: the columns of its head, and those of the answer.
    func addSheet(name: String, head: SheetHead) throws(DirectoryError) {
        // What an earlier answer had is not carried along: it is made anew.
        kept = head.headers.indices.filter { !AnswerColumn.headers.contains(head.headers[$0]) }
        width = kept.count
        var columns = kept.map { index in
            TableColumn(
                title: head.headers[index], width: 16, isText: head.targets[index].map(Self.isCode) ?? false)
        }
        for column in AnswerColumn.allCases {
            columns.append(
                TableColumn(title: column.header, width: column == .problem ? 60 : 14, isText: true))
        }
        try writer.addSheet(name: name, columns: columns)
    }

    private var kept: [Int] = []

    private static func isCode(_ target: ColumnTarget) -> Bool {
        switch target {
        case .field(let field): [.id, .key, .phone, .creditCode, .community].contains(field)
        case .attribute, .ignored: false
        }
    }

    /// Writes a row with what became of it.
    ///
    /// - Parameter result: nil for a row that is no record, such as a total.
    func add(_ row: TableRow, _ result: RowResult?, head: SheetHead) throws(DirectoryError) {
        var cells = kept.map { row[$0] }
        guard let result else {
            return try writer.append(cells)
        }
        cells += [
            .text(result.outcome.words), result.id.map { .text($0.rawValue) } ?? .empty,
            result.findings.isEmpty ? .empty : .text(Self.words(of: result.findings)),
        ]
        var tinted: [Int: RowTint] = [:]
        var notes: [Int: String] = [:]
        for finding in result.findings {
            guard let header = finding.cell?.header, let index = head.headers.firstIndex(of: header),
                let place = kept.firstIndex(of: index)
            else { continue }
            let tint = finding.tint
            if tint == .error || tinted[place] == nil { tinted[place] = tint }
            notes[place] = [notes[place], finding.message.zh].compactMap { $0 }.joined(separator: "\n")
        }
        tinted[width] = result.tint
        try writer.append(cells, tinted: tinted, notes: notes)
    }

    /// Ends the file.
    func close() throws(DirectoryError) { try writer.close() }

    private static func words(of findings: [RecordFinding]) -> String {
        findings.map { finding in
            [finding.cell?.header, finding.message.zh].compactMap { $0 }.joined(separator: "：")
        }.joined(separator: "\n")
    }
}

extension RowOutcome {
    /// For a clerk.
    fileprivate var words: String {
        switch self {
        case .created: "新增"
        case .changed: "已更新"
        case .unchanged: "无变化"
        case .rejected: "未导入"
        case .held: "待确认"
        }
    }
}

extension RowResult {
    fileprivate var tint: RowTint {
        switch outcome {
        case .rejected: .error
        case .held: .warning
        case .created: .good
        case .changed: .changed
        case .unchanged: .none
        }
    }
}

extension RecordFinding {
    fileprivate var tint: RowTint {
        switch severity {
        case "error": .error
        case "warning": .warning
        default: .none
        }
    }
}
