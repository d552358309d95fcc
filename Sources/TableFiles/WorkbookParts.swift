internal import DirectoryModel

/// What one part says of the others: `_rels/.rels` and its kind.
final class RelationshipsReader: XMLReader {
    /// What it says is held in memory.
    override class var byteLimit: Int { 64 << 20 }

    /// The last word of the kind ("worksheet") and the target as written, by id.
    private(set) var targets: [String: (kind: String, target: String)] = [:]

    override func started(_ name: XMLName, _ attributes: XMLAttributes) {
        guard depth == 2, name == "Relationship", let id = attributes["Id"], let kind = attributes["Type"],
            let target = attributes["Target"], attributes["TargetMode"] != "External", targets.count < 10_000
        else { return }
        targets[id] = (kind.split(separator: "/").last.map(String.init) ?? "", target)
    }

    /// The name of the part that a target means, seen from a part in `folder`.
    static func resolve(_ target: String, from folder: String) -> String {
        let isAbsolute = target.hasPrefix("/") || target.hasPrefix("\\")
        var steps = isAbsolute ? [] : folder.split(separator: "/").map(String.init)
        for step in target.split(whereSeparator: { $0 == "/" || $0 == "\\" }) {
            switch step {
            case ".": continue
            case "..": _ = steps.popLast()
            default: steps.append(decoded(step))
            }
        }
        return steps.joined(separator: "/")
    }

    /// Without %20 and its kind.
    private static func decoded(_ step: Substring) -> String {
        guard step.utf8.contains(UInt8(ascii: "%")) else { return String(step) }
        var bytes: [UInt8] = []
        var rest = Array(step.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2,
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// The list of sheets: `xl/workbook.xml`.
final class WorkbookReader: XMLReader {
    /// What it says is held in memory.
    override class var byteLimit: Int { 64 << 20 }

    /// A sheet as the workbook lists it.
    struct Entry {
        var name: String
        var isHidden: Bool
        var relationship: String
    }

    private(set) var entries: [Entry] = []
    /// Whether days are counted from 1 January 1904.
    private(set) var counts1904 = false

    override func started(_ name: XMLName, _ attributes: XMLAttributes) {
        if depth == 2, name == "workbookPr" {
            counts1904 = attributes.isOn("date1904")
        } else if depth == 3, name == "sheet", let title = attributes["name"],
            let relationship = attributes.prefixed("id")
        {
            guard entries.count < 4096 else {
                fail(site.invalid("the workbook has more than 4,096 sheets", advice: "split it"))
                return
            }
            let state = attributes["state"]
            entries.append(
                Entry(
                    name: String(title.prefix(255)), isHidden: state == "hidden" || state == "veryHidden",
                    relationship: relationship))
        }
    }
}

/// What the numbers of cells stand for: `xl/styles.xml`.
final class StylesReader: XMLReader {
    /// What it says is held in memory.
    override class var byteLimit: Int { 64 << 20 }

    /// More formats than a spreadsheet program can hold (65,490) are no workbook's.
    private static let limit = 1 << 18

    private var codes: [Int: NumberFormat] = [:]
    private var ids: [Int] = []
    private var isInCellFormats = false

    override func started(_ name: XMLName, _ attributes: XMLAttributes) {
        if depth == 2 {
            isInCellFormats = name == "cellXfs"
        } else if depth == 3, name == "numFmt", let id = attributes["numFmtId"].flatMap({ Int($0) }),
            let code = attributes["formatCode"], codes.count < Self.limit
        {
            codes[id] = NumberFormat(code: String(code.prefix(1000)))
        } else if depth == 3, isInCellFormats, name == "xf", ids.count < Self.limit {
            ids.append(attributes["numFmtId"].flatMap { Int($0) } ?? 0)
        }
    }

    /// By the number that a cell's `s` names.
    var formats: [NumberFormat] { ids.map { codes[$0] ?? NumberFormat(builtIn: $0) } }
}
