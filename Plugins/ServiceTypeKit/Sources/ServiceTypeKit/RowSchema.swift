public import DirectoryModel

/// What the rows of a table are: the stalls of a market, the sittings of a canteen, the courses of a class.
///
/// Since: 2.0
public struct RowSchema: Hashable, Sendable {
    /// The columns in the order in which they are shown, and in which a register's cells are read.
    ///
    /// Attributes of any kind but `rows`. A row without a required column is left out with a finding.
    ///
    /// Since: 2.0
    public var columns: [AttributeDescription] { didSet { indexBox = SchemaIndexBox() } }
    /// What one row is called: 摊位, stall.
    ///
    /// Since: 2.0
    public var rowName: LocalizedText
    /// The key of the column, of kind `schedule`, with each row's own opening times; a row without them has the
    /// place's.
    ///
    /// Since: 2.0
    public var hoursColumn: String?
    /// The most rows, 1 to `maximumRowLimit`.
    ///
    /// Since: 2.0
    public var maximumRows: Int
    /// The columns made ready for lookups.
    private var indexBox = SchemaIndexBox()

    /// A table's rows; see the fields.
    ///
    /// Since: 2.0
    public init(
        columns: [AttributeDescription], rowName: LocalizedText, hoursColumn: String? = nil,
        maximumRows: Int = 1_000
    ) {
        self.columns = columns
        self.rowName = rowName
        self.hoursColumn = hoursColumn
        self.maximumRows = maximumRows
    }

    /// The most that `maximumRows` may be.
    ///
    /// Chosen, not measured: the largest wholesale market of a city has 4,000 stalls.
    ///
    /// Since: 2.0
    public static var maximumRowLimit: Int { 5_000 }

    /// The most columns of a table.
    ///
    /// Chosen, not measured.
    ///
    /// Since: 2.0
    public static var maximumColumns: Int { 40 }

    /// The most bytes of text in a table, and of a register's cell that holds one.
    ///
    /// Chosen, not measured: 5,000 rows of 200 bytes.
    ///
    /// Since: 2.0
    public static var maximumBytes: Int { 1_000_000 }

    /// The most findings about one table; what goes beyond is said in one more.
    ///
    /// Chosen, not measured: a page of a report.
    ///
    /// Since: 2.0
    public static var maximumFindings: Int { 20 }

    /// The column with this key.
    ///
    /// Since: 2.0
    public func column(_ key: String) -> AttributeDescription? { columns.first { $0.key == key } }

    /// The keys of the columns whose values are opening times.
    ///
    /// Since: 2.0
    public var scheduleColumns: [String] {
        columns.filter { $0.kind == .schedule }.map(\.key)
    }

    /// The columns made ready for lookups.
    var index: SchemaIndex { indexBox.index(of: columns) }
}

extension AttributeRow {
    /// The bytes of text that the row holds: what a table's size is measured by.
    ///
    /// Since: 2.0
    public var textBytes: Int {
        values.reduce(0) { sum, entry in
            switch entry.value {
            case .text(let text): sum + text.utf8.count
            case .texts(let texts): texts.reduce(sum) { $0 + $1.utf8.count }
            case .rows(let rows): rows.reduce(sum) { $0 + $1.textBytes }
            case .bool, .whole, .decimal, .money: sum + 8
            }
        }
    }
}
