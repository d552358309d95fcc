internal import CExpat
internal import DirectoryModel

/// `xl/worksheets/sheet1.xml`, row by row.
final class SheetReader: XMLReader {
    /// So many cells, and bytes of their texts, wait at most before they are handed on.
    private static let waitingLimit = 1 << 16
    private static let waitingByteLimit = 4 << 20
    /// The most rows that a sheet may have: a spreadsheet's own limit.
    private static let rowLimit = 1_048_576

    private enum Kind { case number, shared, text, inline, bool, failure, date }

    private let formats: [NumberFormat]
    private let counts1904: Bool
    private let texts: SharedTexts?
    /// Rows that are read and not yet handed on; those without a value are left out.
    private var rows: [TableRow] = []
    private var waitingCount = 0
    private var waitingByteCount = 0
    /// The texts of the row in work, in bytes.
    private var rowByteCount = 0

    private var isInSheetData = false
    private var rowNumber = 0
    private var cells: [TableCell] = []
    private var column = -1
    private var kind = Kind.number
    private var style = 0
    private var hasValue = false
    private var value = XMLText()
    private var isInValue = false
    private var isInPhonetic = false

    init(
        _ container: ZipContainer, part: String, site: FaultSite, formats: [NumberFormat], counts1904: Bool,
        texts: SharedTexts?
    ) throws(DirectoryError) {
        self.formats = formats
        self.counts1904 = counts1904
        self.texts = texts
        try super.init(container, part: part, site: site)
    }

    override var row: Int? { rowNumber > 0 ? rowNumber : nil }

    /// Takes the rows that are ready.
    func takeRows() -> [TableRow] {
        let taken = rows
        rows = []
        waitingCount = 0
        waitingByteCount = 0
        return taken
    }

    override func started(_ name: XMLName, _ attributes: XMLAttributes) {
        switch depth {
        case 2: isInSheetData = name == "sheetData"
        case 3 where isInSheetData && name == "row": startRow(attributes)
        case 4 where isInSheetData && name == "c": startCell(attributes)
        case 5 where isInSheetData && column >= 0:
            isInValue = kind != .inline && name == "v"
            if isInValue { value.clear() }
            if kind == .inline, name == "is" { value.clear(); hasValue = true }
        case 6 where kind == .inline && isInSheetData: startInline(name)
        case 7 where kind == .inline && isInSheetData: startInline(name)
        default: break
        }
    }

    private func startInline(_ name: XMLName) {
        if name == "rPh" { isInPhonetic = true }
        isInValue = !isInPhonetic && name == "t"
    }

    private func startRow(_ attributes: XMLAttributes) {
        var next = attributes.list
        var number = rowNumber + 1
        while let key = next[0], let text = next[1] {
            if key[0] == CChar(UInt8(ascii: "r")), key[1] == 0 {
                guard let given = Self.integer(text) else {
                    fail(site.invalid("a row's number is \"\(Self.word(text))\"", row: row))
                    return
                }
                number = given
            }
            next += 2
        }
        guard number > rowNumber else {
            fail(site.invalid("row \(number) comes after row \(rowNumber)", row: number))
            return
        }
        guard number <= Self.rowLimit else {
            fail(site.invalid("the sheet goes beyond row \(Self.rowLimit)", row: number))
            return
        }
        rowNumber = number
        cells = []
        rowByteCount = 0
        column = -1
    }

    private func startCell(_ attributes: XMLAttributes) {
        var next = attributes.list
        var given = column + 1
        kind = .number
        style = 0
        hasValue = false
        while let key = next[0], let text = next[1] {
            next += 2
            guard key[0] != 0, key[1] == 0 else { continue }
            switch UInt8(bitPattern: key[0]) {
            case UInt8(ascii: "r"):
                guard let letters = Self.column(text) else {
                    fail(site.invalid("a cell's name is \"\(Self.word(text))\"", row: row))
                    return
                }
                given = letters
            case UInt8(ascii: "s"): style = Self.integer(text) ?? 0
            case UInt8(ascii: "t"): kind = Self.kind(text)
            default: break
            }
        }
        guard given < options.columnLimit else {
            fail(site.invalid("the row has more than \(options.columnLimit) columns", row: row))
            return
        }
        column = given
    }

    override func ended(_ name: XMLName) {
        guard isInSheetData else { return }
        switch depth {
        case 2: isInSheetData = false
        case 3: if name == "row" { endRow() }
        case 4: if name == "c" { endCell() }
        case 5:
            if isInValue {
                isInValue = false
                hasValue = true
            }
        default:
            if name == "rPh" { isInPhonetic = false }
            if isInValue {
                isInValue = false
                value.endPiece(keepsSpace: keepsSpace)
            }
        }
    }

    override func characters(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard isInValue else { return }
        guard value.bytes.count + bytes.count <= options.fieldLimit else {
            fail(
                site.invalid(
                    "cell \(cellName) is longer than \(options.fieldLimit) bytes", advice: "shorten it",
                    row: row))
            return
        }
        value.append(bytes)
    }

    private func endRow() {
        while let last = cells.last, last.isEmpty { cells.removeLast() }
        guard !cells.isEmpty else { return }
        waitingCount += cells.count
        waitingByteCount += rowByteCount
        rows.append(TableRow(number: rowNumber, line: rowNumber, cells: cells))
        cells = []
        if waitingCount > Self.waitingLimit || waitingByteCount > Self.waitingByteLimit { pause() }
    }

    private func endCell() {
        guard hasValue, column >= 0 else { return }
        let cell: TableCell
        do { cell = try finished() } catch {
            fail(error)
            return
        }
        guard !cell.isEmpty else { return }
        if case .text(let text) = cell {
            rowByteCount += text.utf8.count
            guard rowByteCount <= options.rowLimit else {
                fail(
                    site.invalid(
                        "the texts of the row are longer than \(options.rowLimit) bytes",
                        advice: "shorten them",
                        row: row))
                return
            }
        }
        if cells.isEmpty { cells.reserveCapacity(max(16, column + 1)) }
        while cells.count < column { cells.append(.empty) }
        if cells.count == column { cells.append(cell) } else { cells[column] = cell }
    }

    private func finished() throws(DirectoryError) -> TableCell {
        switch kind {
        case .shared:
            guard
                let index = value.bytes.withUnsafeBufferPointer({ Self.integer($0) }),
                let text = try texts?.text(index)
            else {
                throw site.invalid(
                    "cell \(cellName) names text \(FaultSite.plain(value.string)), which the workbook does not have",
                    row: row)
            }
            return text.isEmpty ? .empty : .text(text)
        case .text, .inline:
            if kind == .text { value.endPiece(keepsSpace: keepsSpace) }
            value.decodeEscapes()
            return value.bytes.isEmpty ? .empty : .text(value.string)
        case .number: return try number()
        case .bool:
            value.endPiece(keepsSpace: false)
            switch value.string {
            case "1", "true": return .bool(true)
            case "0", "false": return .bool(false)
            case "": return .empty
            case let other:
                throw site.invalid(
                    "cell \(cellName) is \"\(FaultSite.plain(other))\", neither true nor false", row: row)
            }
        case .failure:
            value.endPiece(keepsSpace: false)
            return value.bytes.isEmpty ? .empty : .failure(value.string)
        case .date:
            value.endPiece(keepsSpace: false)
            guard !value.bytes.isEmpty else { return .empty }
            return TableMoment(written: value.string).map { .moment($0) } ?? .text(value.string)
        }
    }

    private func number() throws(DirectoryError) -> TableCell {
        if let first = value.bytes.first, let last = value.bytes.last, first <= 0x20 || last <= 0x20 {
            value.endPiece(keepsSpace: false)
        }
        guard !value.bytes.isEmpty else { return .empty }
        guard let number = value.bytes.withUnsafeBufferPointer({ NumberText.number($0) }) else {
            throw site.invalid(
                "cell \(cellName) is \"\(FaultSite.plain(value.string))\", which is no number", row: row)
        }
        if style < formats.count, formats[style] != .number,
            let moment = formats[style].moment(of: number, counts1904: counts1904)
        {
            return .moment(moment)
        }
        return .number(number, written: value.string)
    }

    /// "C12".
    private var cellName: String { Self.letters(column) + String(rowNumber) }

    /// "A" for 0, "AA" for 26.
    static func letters(_ column: Int) -> String {
        var rest = column + 1
        var letters: [UInt8] = []
        while rest > 0 {
            letters.insert(UInt8(ascii: "A") + UInt8((rest - 1) % 26), at: 0)
            rest = (rest - 1) / 26
        }
        return String(decoding: letters, as: UTF8.self)
    }

    /// The column of "C12" or "$C$12", from 0; nil when it names none.
    static func column(_ text: UnsafePointer<CChar>) -> Int? {
        var next = text
        var column = 0
        while next.pointee != 0 {
            let byte = UInt8(bitPattern: next.pointee)
            let letter = byte & 0xDF
            if letter >= UInt8(ascii: "A"), letter <= UInt8(ascii: "Z") {
                column = column * 26 + Int(letter - UInt8(ascii: "A")) + 1
                if column > 1 << 20 { return nil }
            } else if byte != UInt8(ascii: "$") {
                break
            }
            next += 1
        }
        return column > 0 ? column - 1 : nil
    }

    /// A number of up to nine digits.
    static func integer(_ text: UnsafePointer<CChar>) -> Int? {
        var value = 0
        var count = 0
        while text[count] != 0 {
            let digit = UInt8(bitPattern: text[count]) &- UInt8(ascii: "0")
            guard digit < 10, count < 9 else { return nil }
            value = value * 10 + Int(digit)
            count += 1
        }
        return count > 0 ? value : nil
    }

    private static func integer(_ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
        var value = 0
        guard !bytes.isEmpty, bytes.count < 10 else { return nil }
        for byte in bytes {
            let digit = byte &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            value = value * 10 + Int(digit)
        }
        return value
    }

    private static func kind(_ text: UnsafePointer<CChar>) -> Kind {
        let name = XMLName(text)
        if name == "s" { return .shared }
        if name == "n" { return .number }
        if name == "str" { return .text }
        if name == "inlineStr" { return .inline }
        if name == "b" { return .bool }
        if name == "e" { return .failure }
        if name == "d" { return .date }
        return .text
    }

    private static func word(_ text: UnsafePointer<CChar>) -> String {
        FaultSite.plain(String(String(cString: text).prefix(40)))
    }
}

extension TableMoment {
    /// The moment of an ISO 8601 text: "2024-05-01", "2024-05-01T08:30:00", "08:30:00"; fractions of a second and
    /// a zone are left out.
    init?(written text: String) {
        func number(_ part: Substring) -> Int? {
            part.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 } && part.utf8.count < 5 ? Int(part) : nil
        }
        let halves = text.split(separator: "T", omittingEmptySubsequences: false)
        guard let first = halves.first, halves.count <= 2 else { return nil }
        var date: [Int]?
        var clock: Substring?
        if first.contains("-"), !first.contains(":") {
            let parts = first.split(separator: "-").compactMap(number)
            guard parts.count == 3, (1...12).contains(parts[1]), (1...31).contains(parts[2]) else {
                return nil
            }
            date = parts
            clock = halves.count == 2 ? halves[1] : nil
        } else {
            clock = first.isEmpty && halves.count == 2 ? halves[1] : first
        }
        var time: [Int]?
        if let clock {
            let plain = clock.prefix { $0 != "." && $0 != "Z" && $0 != "+" && $0 != "-" }
            let parts = plain.split(separator: ":").compactMap(number)
            guard (2...3).contains(parts.count), parts[0] < 25, parts[1] < 60, parts.last ?? 0 < 61 else {
                return nil
            }
            time = parts
        }
        self.init(
            year: date?[0], month: date?[1], day: date?[2], hour: time?[0], minute: time?[1],
            second: time.map { $0.count == 3 ? $0[2] : 0 })
    }
}
