internal import DirectoryAPI
package import DirectoryModel
package import TableFiles

/// A table that is ready to be written: one sheet of a workbook.
package struct ExportTable: Sendable {
    /// What stands on its tab.
    package var name: String
    /// Its columns.
    package var columns: [TableColumn]
    /// Its rows, each a cell for a column.
    package var rows: [[TableCell]]

    /// A table; see the fields.
    package init(name: String, columns: [TableColumn], rows: [[TableCell]]) {
        self.name = name
        self.columns = columns
        self.rows = rows
    }
}

/// Tables with what is to be said of them: one file.
package struct ExportBook: Sendable {
    /// The tables, at least one; a text file holds one only.
    package var tables: [ExportTable]
    /// The revision that they are of.
    package var revision: Revision
    /// Whom to credit.
    package var attributions: [String]
    /// Titles of columns that are to be seen only: an import does not read them.
    package var viewOnly: [String]

    /// Rows of all tables.
    package var rowCount: Int { tables.reduce(0) { $0 + $1.rows.count } }

    /// A book; see the fields.
    package init(
        tables: [ExportTable], revision: Revision, attributions: [String], viewOnly: [String] = []
    ) {
        self.tables = tables
        self.revision = revision
        self.attributions = attributions
        self.viewOnly = viewOnly
    }

    /// Writes the tables as one file, whole or not at all.
    ///
    /// A workbook has a last sheet (说明) with the revision and whom to credit.
    /// - Throws: `store_unwritable`; `invalid_request` for several tables in a text file.
    package func write(to path: String, format: TableFormat) throws(DirectoryError) {
        let writer = try TableWriter(path: path, format: format)
        for table in tables {
            try writer.addSheet(name: table.name, columns: table.columns)
            for row in table.rows { try writer.append(row) }
        }
        if format == .xlsx {
            try writer.addSheet(
                name: "说明",
                columns: [TableColumn(title: "项目", width: 16), TableColumn(title: "内容", width: 90)])
            for (item, words) in remarks { try writer.append([.text(item), .text(words)]) }
        }
        try writer.close()
    }

    /// What a reader should know, item by item.
    private var remarks: [(item: String, words: String)] {
        var remarks = [(item: "修订号", words: "\(revision.number)")]
        for attribution in attributions { remarks.append(("数据来源", attribution)) }
        if !viewOnly.isEmpty {
            remarks.append(("仅供查看的列", viewOnly.joined(separator: "；") + "。导入时不读取，修改无效"))
        }
        return remarks
    }

    /// The tables as JSON: revision, attribution, and each table's rows as objects by the titles of their columns.
    package func json() -> [UInt8] {
        var json = JSONWriter(capacity: 1 << 16)
        json.beginObject()
        json.key("revision")
        json.whole(revision.number)
        json.attribution(attributions)
        json.key("tables")
        json.beginArray()
        for table in tables {
            json.beginObject()
            json.key("name")
            json.string(table.name)
            json.key("columns")
            json.strings(table.columns.map(\.title))
            json.key("rows")
            json.beginArray()
            for row in table.rows {
                json.beginObject()
                for (column, cell) in zip(table.columns, row) {
                    json.key(column.title)
                    json.cell(cell)
                }
                json.endObject()
            }
            json.endArray()
            json.endObject()
        }
        json.endArray()
        json.endObject()
        return json.bytes()
    }
}

extension JSONWriter {
    /// A cell's value.
    fileprivate mutating func cell(_ cell: TableCell) {
        switch cell {
        case .empty: null()
        case .number(let value, _):
            if let number = Int(exactly: value) { whole(number) } else { decimal(value) }
        case .bool(let value): bool(value)
        case .text, .moment, .failure: string(cell.text)
        }
    }
}

extension TableCell {
    /// A number with its shortest digits that read back as it.
    static func number(_ value: Double) -> TableCell {
        .number(value, written: Int(exactly: value).map { "\($0)" } ?? "\(value)")
    }

    /// A text; empty where there is none.
    static func text(orEmpty text: String?) -> TableCell {
        text.flatMap { $0.isEmpty ? nil : .text($0) } ?? .empty
    }
}
