internal import DirectoryModel
internal import ServiceTypeKit
internal import TableFiles

/// One attribute of one service type as a column: its title, and how its values are written so that they read back.
struct AttributeColumn {
    let attribute: AttributeDescription
    /// What stands at its head: a word by which the type reads the column, with the unit behind it.
    let title: String
    /// The column of an attribute.
    ///
    /// - Parameters:
    ///   - type: the attribute's type.
    ///   - types: every type of the directory, in the catalogue's order.
    ///   - taken: titles that stand for something else.
    /// - Returns: nil where no word names this attribute alone.
    init?(
        _ attribute: AttributeDescription, of type: ServiceTypeDescription,
        among types: [ServiceTypeDescription],
        taken: Set<String>
    ) {
        let words = (attribute.columnNames + [attribute.name.zh, attribute.key]).map {
            $0 + Self.unit(of: attribute)
        }
        // A reader of a table with all types takes a column for the attribute of the first type in the catalogue's order
        // that knows its word: under a word which that type has for something else, what an office changes would not
        // count.
        let own = words.first { title in
            !taken.contains(title) && !ReaderWords.holds(title)
                && type.attribute(forColumn: title)?.key == attribute.key
                && types.lazy.compactMap { $0.attribute(forColumn: title)?.key }.first == attribute.key
        }
        guard let own else { return nil }
        self.attribute = attribute
        title = own
    }

    /// The unit in brackets, where values are written as bare numbers.
    static func unit(of attribute: AttributeDescription) -> String {
        switch attribute.kind {
        case .whole(let unit?, _), .decimal(let unit?, _): "（\(unit.zh)）"
        case .money: "（元）"
        default: ""
        }
    }

    /// The cell of a value, and whether it reads back as that value.
    static func cell(of value: AttributeValue, _ attribute: AttributeDescription) -> (
        cell: TableCell, readsBack: Bool
    ) {
        let number: Double? =
            switch value {
            case .whole(let number): Double(number)
            case .decimal(let number): number
            case .money(let amount): Double(amount.fen) / 100
            default: nil
            }
        if let number {
            let cell = TableCell.number(number)
            if survives(cell.text), attribute.read(cell.text).value == value { return (cell, true) }
        }
        let text = attribute.text(of: value, in: .zh)
        return (.text(orEmpty: text), survives(text) && attribute.read(text).value == value)
    }

    /// Whether a text is the same when it was written to a table and read again.
    static func survives(_ text: String) -> Bool {
        text.utf16.count < 32_767 && !text.isEmpty
            && text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F || $0 == "\n" }
    }

    var width: Double {
        switch attribute.kind {
        case .bool, .whole, .decimal, .money, .date: 12
        case .oneOf: 16
        case .manyOf, .text, .schedule: 30
        case .rows: 50
        }
    }
}
