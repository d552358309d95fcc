// Measures registers: tables of places from the file to the commit, new and again.

import Assembly
import DirectoryAPI
import DirectoryModel
import Glibc
import Registers
import TableFiles

enum RegisterBench {
    /// The fewest rows a second that are asked, by format.
    ///
    /// Source: the requirement, end to end on two cores.
    private static let asked: [(TableFormat, Double)] = [(.csv, 20_000), (.xlsx, 5_000)]

    /// Brings a made-up table of each format into an empty state folder, with an answer file, and then again.
    static func run(folder: String, rows: Int) throws {
        for (format, asked) in asked {
            let path = "\(folder)/register.\(format.rawValue)"
            try write(rows, to: path, format: format)
            let state = "\(folder)/\(format.rawValue)"
            mkdir(state, 0o755)
            let assembly = try Assembly(Layout(stateFolder: state))
            let before = residentMegabytes()
            var times: [String] = []
            for word in ["new", "again"] {
                let start = now()
                let report = try assembly.intake.take(request(path, format)) { _, _ in }
                let seconds = (now() - start) / 1e6
                let counts = report.batch.counts[.place] ?? BatchCounts()
                guard counts.given == rows else {
                    throw DirectoryError(.internalError, "\(counts.given) rows")
                }
                times.append("\(word) \(Int(Double(rows) / seconds)) rows/s (\(rounded(seconds)) s)")
            }
            print(
                "\(format.rawValue), \(rows) rows of 12 columns with an answer file: "
                    + times.joined(separator: ", ") + " (asked: \(Int(asked)) rows/s); memory grew by "
                    + "\(residentMegabytes() - before) MB, the places themselves among it")
            try assembly.close()
        }
    }

    private static func request(_ path: String, _ format: TableFormat) -> RegisterRequest {
        var table = TableInstructions()
        table.datum = .wgs84
        table.answerPath = path + ".answer"
        return RegisterRequest(
            path: path, fileName: "register." + format.rawValue, format: "table",
            source: SourceID(unchecked: "bench"), actor: Actor(name: "bench", uid: nil), table: table)
    }

    private static func write(_ rows: Int, to path: String, format: TableFormat) throws {
        let headers = [
            "编号", "名称", "业态", "地址", "经度", "纬度", "营业时间", "联系电话", "统一社会信用代码", "备注", "步行可达", "面积",
        ]
        var numbers = SeededNumbers(state: 5)
        func pick(_ words: [String]) -> String { words.randomElement(using: &numbers) ?? "" }
        let writer = try TableWriter(path: path, format: format)
        try writer.addSheet(name: "台账", columns: headers.map { TableColumn(title: $0) })
        for row in 0..<rows {
            let cells = [
                "A\(row)", pick(["福满", "新华", "康宁", "永和"]) + pick(["超市", "书店", "药房", "小吃店"]) + "\(row)",
                pick(["便利店", "书店", "菜市场", "药店", "社区食堂", "洗染店"]),
                "竹园路\(Int.random(in: 1...900, using: &numbers))号",
                "\(rounded(118.7 + Double.random(in: 0...0.1, using: &numbers)))\(Int.random(in: 1_000...9_999, using: &numbers))",
                "32.0\(Int.random(in: 10_000...89_999, using: &numbers))",
                pick(["9:00-21:00", "周一至周五 8:00-17:30", "每天7点到20点", "24小时"]),
                "025-8\(Int.random(in: 1_000_000...9_999_999, using: &numbers))",
                pick(["92340602MA2UK33127", ""]), "", pick(["是", ""]),
                "\(Int.random(in: 10...400, using: &numbers))",
            ]
            try writer.append(cells.map { $0.isEmpty ? .empty : .text($0) })
        }
        try writer.close()
    }

    /// What the process has in memory.
    private static func residentMegabytes() -> Int {
        guard let file = fopen("/proc/self/statm", "r") else { return 0 }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 128)
        guard fgets(&line, Int32(line.count), file) != nil else { return 0 }
        let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let words = text.split(separator: " ")
        return words.count > 1 ? (Int(words[1]) ?? 0) * 4 / 1_024 : 0
    }
}
