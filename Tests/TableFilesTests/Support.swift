import DirectoryModel
import Foundation
import Testing

@testable import TableFiles

/// A Python for fixtures, and one that has openpyxl, if there are.
enum Python {
    /// `QUARTER_TABLE_PYTHON`, else the first that is there; Debian's own has Debian's packages.
    private static let candidates =
        [ProcessInfo.processInfo.environment["QUARTER_TABLE_PYTHON"], "/usr/bin/python3", "python3"]
        .compactMap { $0 }
    private static let plain = candidates.first { (try? run($0, ["-c", "import zipfile"])) != nil }
    private static let withOpenpyxl = candidates.first { (try? run($0, ["-c", "import openpyxl"])) != nil }
    static let isThere = plain != nil
    static let hasOpenpyxl = withOpenpyxl != nil
    private static let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("oracle.py").path

    /// Runs a command of oracle.py.
    @discardableResult
    static func oracle(_ words: [String], input: Data = Data(), needsOpenpyxl: Bool = false) throws -> Data {
        let python = try #require(needsOpenpyxl ? withOpenpyxl : plain)
        return try run(python, [script] + words, input: input)
    }

    private static func run(_ python: String, _ words: [String], input: Data = Data()) throws -> Data {
        let process = Process()
        let (questions, answers) = (Pipe(), Pipe())
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [python] + words
        process.standardInput = questions
        process.standardOutput = answers
        process.standardError = FileHandle.nullDevice
        try process.run()
        try questions.fileHandleForWriting.write(contentsOf: input)
        try questions.fileHandleForWriting.close()
        let answer = answers.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw CocoaError(.executableLoad) }
        return answer
    }
}

/// A folder that is gone after the test.
final class Folder {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "quarter-tables-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String, _ bytes: some Sequence<UInt8>) throws -> String {
        let path = path + "/" + name
        try Data(Array(bytes)).write(to: URL(fileURLWithPath: path))
        return path
    }

    /// Opens a text file of these bytes as "台账.csv".
    func text(_ bytes: some Sequence<UInt8>, _ options: TableOptions = TableOptions()) throws -> TableFile {
        try TableFile.open(
            path: file(UUID().uuidString, bytes), fileName: "台账.csv", options: options)
    }
}

extension TableFile {
    func rows(_ sheet: Int = 0) throws -> [TableRow] {
        var rows: [TableRow] = []
        try forEachRow(of: sheet) { row throws(DirectoryError) in
            rows.append(row)
            return true
        }
        return rows
    }

    func texts(_ sheet: Int = 0) throws -> [[String]] { try rows(sheet).map { $0.cells.map(\.text) } }
}

/// The error of a call, which is expected to have one.
func error(_ body: () throws -> some Any, sourceLocation: SourceLocation = #_sourceLocation) throws
    -> DirectoryError
{
    let thrown = #expect(throws: DirectoryError.self, sourceLocation: sourceLocation) { _ = try body() }
    let error = try #require(thrown, sourceLocation: sourceLocation)
    #expect(!error.description.contains { $0.isNewline }, "one line", sourceLocation: sourceLocation)
    #expect(error.advice != nil, "what to do", sourceLocation: sourceLocation)
    #expect(error.location != nil, "on which thing", sourceLocation: sourceLocation)
    return error
}

/// A workbook by hand: its parts as texts, zipped by Python.
struct HandmadeWorkbook {
    static let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    static let relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    private static let package = "http://schemas.openxmlformats.org/package/2006/relationships"

    var parts: [String: String]

    /// One sheet "表" of these rows.
    init(
        rows: String, after: String = "", shared: String? = nil, styles: String? = nil, workbook: String = ""
    ) {
        let relations = Self.relations
        parts = [
            "_rels/.rels": Self.relationships([("officeDocument", "xl/workbook.xml")]),
            "xl/workbook.xml": """
            <?xml version="1.0"?><workbook xmlns="\(Self.main)" xmlns:r="\(relations)">\(workbook)<sheets>\
            <sheet name="表" sheetId="1" r:id="r0"/></sheets></workbook>
            """,
            "xl/_rels/workbook.xml.rels": Self.relationships([
                ("worksheet", "worksheets/sheet1.xml"), ("sharedStrings", "sharedStrings.xml"),
                ("styles", "styles.xml"),
            ]),
            "xl/worksheets/sheet1.xml": """
            <worksheet xmlns="\(Self.main)"><dimension ref="A1"/><sheetData>\(rows)</sheetData>\(after)</worksheet>
            """,
            "xl/sharedStrings.xml": "<sst xmlns=\"\(Self.main)\">\(shared ?? "")</sst>",
            "xl/styles.xml": "<styleSheet xmlns=\"\(Self.main)\">\(styles ?? "")</styleSheet>",
        ]
    }

    static func relationships(_ list: [(String, String)]) -> String {
        let entries = list.enumerated().map {
            "<Relationship Id=\"r\($0.offset)\" Type=\"\(relations)/\($0.element.0)\" Target=\"\($0.element.1)\"/>"
        }
        return "<Relationships xmlns=\"\(package)\">\(entries.joined())</Relationships>"
    }

    /// The file, named "台账.xlsx" for messages.
    func open(_ folder: Folder, _ options: TableOptions = TableOptions()) throws -> TableFile {
        try TableFile.open(path: write(folder), fileName: "台账.xlsx", options: options)
    }

    func write(_ folder: Folder) throws -> String {
        let path = folder.path + "/" + UUID().uuidString
        try Python.oracle(["zip", path], input: JSONEncoder().encode(parts))
        return path
    }
}
