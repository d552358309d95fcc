import DirectoryAPI
import DirectoryModel
import Foundation
import Registers
import TableFiles
import Testing

@testable import DirectoryEngine

/// Made-up registers with every fault sown in by a seeded generator: each is found and named in its cell, and no sound
/// row is refused.
@Suite struct SownFaultTests {
    private static let headers = [
        "编号", "店铺名称", "业态", "坐标", "详细地址", "营业时间", "联系电话", "统一社会信用代码", "所属社区", "无障碍通行", "绘本", "备注",
    ]

    /// Faults that a row may have, each with the column that it is to be named in, and whether the row is refused.
    private enum Fault: String, CaseIterable {
        case name_missing, type_missing, type_unknown, row_repeated, digits_lost_key, digits_lost_code
        case credit_code_invalid, phone_personal, phone_invalid, community_unknown, hours_unreadable
        case coordinate_zero, coordinate_range, coordinate_unreadable, coordinate_projected, coordinate_rough
        case unplaced, personal_data, value_unreadable, id_number, option_unknown, control_characters,
            value_too_long

        var code: String {
            switch self {
            case .digits_lost_key, .digits_lost_code: "digits_lost"
            case .id_number: "personal_data"
            default: rawValue
            }
        }

        var column: String? {
            switch self {
            case .row_repeated, .digits_lost_key: "编号"
            case .name_missing: "店铺名称"
            case .type_missing, .type_unknown: "业态"
            case .coordinate_zero, .coordinate_range, .coordinate_unreadable, .coordinate_projected,
                .coordinate_rough:
                "坐标"
            case .unplaced: nil
            case .personal_data: "详细地址"
            case .value_unreadable: "绘本"
            case .option_unknown: "无障碍通行"
            case .id_number, .control_characters, .value_too_long: "店铺名称"
            case .hours_unreadable: "营业时间"
            case .phone_personal, .phone_invalid: "联系电话"
            case .credit_code_invalid, .digits_lost_code: "统一社会信用代码"
            case .community_unknown: "所属社区"
            }
        }

        var isRefusal: Bool {
            switch self {
            // A number in a name is masked; an address that holds one cannot be stored.
            case .name_missing, .type_missing, .type_unknown, .row_repeated, .digits_lost_key, .personal_data,
                .value_too_long:
                true
            default: false
            }
        }
    }

    /// A code whose last character is right by GB 32100, and whose organisation is wrong by GB 11714.
    private static let innerWrong = "121200004013590829"

    private struct Sown {
        var rows: [[TableCell]] = []
        /// The fault of a row, by its number in the sheet.
        var faults: [Int: Fault] = [:]
    }

    private static func sow(_ count: Int, seed: UInt64) -> Sown {
        var random = SeededGenerator(state: seed)
        var sown = Sown()
        // Every fourth row, and of long tables as many as a report lists.
        let step = max(4, count / 5_000)
        for index in 0..<count {
            var cells = sound(index, &random)
            if index > 0, Int.random(in: 0..<step, using: &random) == 0,
                let fault = Fault.allCases.randomElement(using: &random)
            {
                spoil(&cells, fault, earlier: sown.rows[0], &random)
                sown.faults[index + 2] = fault
            }
            sown.rows.append(cells)
        }
        return sown
    }

    private static func sound(_ index: Int, _ random: inout SeededGenerator) -> [TableCell] {
        let point = SmallTown.point(
            east: Double.random(in: 1...900, using: &random), north: Double.random(in: 1...50, using: &random)
        )
        func pick(_ words: [String]) -> String { words.randomElement(using: &random) ?? "" }
        return [
            .text("B\(index)"),
            .text("\(pick(["福满", "新华", "康宁", "𠮷祥"]))\(pick(["书店", "书屋", "文具店"]))\(index)"),
            .text(pick(["书店", "新式书店", "bookshop", " 书 店 "])),
            .text("\(pick(["", "东经"]))\(point.longitude.value),\(point.latitude.value)"),
            .text(pick(["竹园路\(index)号", ""])),
            .text(pick(["9:00-21:00", "周一至周五 8:30-17:30", "全天", "每天上午8点-下午5点半", ""])),
            .text(pick(["025-84412345", "12345", "400-812-3123", ""])),
            .text(pick(["92340602MA2UK33127", "121200004013590816", "无", ""])),
            .text(pick(["c1", "社区c1", ""])), .text(pick(["是", "部分", ""])),
            .text(pick(["有", "无", ""])), .text(pick(["新开", ""])),
        ]
    }

    private static func spoil(
        _ cells: inout [TableCell], _ fault: Fault, earlier: [TableCell], _ random: inout SeededGenerator
    ) {
        func pick(_ words: [String]) -> TableCell { .text(words.randomElement(using: &random) ?? "") }
        switch fault {
        case .name_missing: cells[1] = .empty
        case .type_missing: cells[2] = .empty
        case .type_unknown: cells[2] = pick(["火星店", "？？", "书店书店"])
        case .row_repeated: cells[0] = earlier[0]
        case .digits_lost_key: cells[0] = pick(["9.13201E+17", "1.1010E+17"])
        case .digits_lost_code: cells[7] = pick(["9.13201E+17"])
        case .credit_code_invalid:
            cells[7] = pick(["91320104MA1MABCD12", "123", "92340602MA2UK33128", innerWrong])
        case .phone_personal: cells[6] = pick(["13812345678", "１３８ 1234 5678", "+86 139-8765-4321"])
        case .phone_invalid: cells[6] = pick(["1381234", "000000000000"])
        case .community_unknown: cells[8] = pick(["没有的社区", "320104999"])
        case .hours_unreadable: cells[5] = pick(["看心情", "25:00-26:00", "早上"])
        case .coordinate_zero: cells[3] = pick(["0,0", "0.0000, 0.0000"])
        case .coordinate_range: cells[3] = pick(["218.7,32.04", "190.5,32.1"])
        case .coordinate_unreadable: cells[3] = pick(["在路口", "N/A,", "abc,def"])
        case .coordinate_projected: cells[3] = pick(["3548123.4,40385712.9", "3548123, 385712"])
        case .coordinate_rough: cells[3] = .text("118.70,32.00")
        case .unplaced:
            cells[3] = .empty
            cells[4] = .empty
        case .option_unknown: cells[9] = pick(["也许", "3"])
        case .value_unreadable: cells[10] = pick(["也许", "看情况"])
        case .control_characters: cells[1] = .text("书店\u{202E}\(Int.random(in: 0...9_999, using: &random))")
        case .value_too_long: cells[1] = .text(String(repeating: "店", count: 300))
        case .id_number: cells[1] = pick(["书店 320104198001011234", "王记13812345678书屋"])
        case .personal_data: cells[4] = pick(["竹园路1号 王13812345678", "竹园路2号(320104198001011234)"])
        }
    }

    private static func write(_ sown: Sown, to path: String) throws {
        let writer = try TableWriter(path: path, format: path.hasSuffix("xlsx") ? .xlsx : .csv)
        try writer.addSheet(
            name: "台账", columns: headers.map { TableColumn(title: $0, isText: true) })
        for row in sown.rows { try writer.append(row) }
        try writer.close()
    }

    /// QUARTER_SOWN_ROWS asks for more than a test run has time for.
    private static let more = ProcessInfo.processInfo.environment["QUARTER_SOWN_ROWS"].flatMap(Int.init)

    private static let tables: [(String, Int, UInt64)] =
        [("csv", 10_000, 1), ("xlsx", 10_000, 2), ("csv", 100, 3), ("xlsx", 100, 4)]
        + (more.map { [("csv", $0, 5), ("xlsx", $0, 6)] } ?? [])

    @Test(arguments: tables)
    func eachIsFoundInItsCellAndNoSoundRowIsRefused(format: String, count: Int, seed: UInt64) throws {
        let town = try SmallTown()
        try town.putCommunity("c1", east: -100...1_000)
        let sown = Self.sow(count, seed: seed)
        #expect(count < 1_000 || Set(sown.faults.values).count == Fault.allCases.count)
        let path = town.folder + "/台账." + format
        try Self.write(sown, to: path)
        var table = TableInstructions()
        table.datum = .wgs84
        let report = try RegisterReader(sink: town.engine).take(
            RegisterRequest(
                path: path, fileName: "台账." + format, format: "table",
                source: SourceID(unchecked: "office"), actor: town.actor, table: table)
        ) { _, _ in }
        let refused = sown.faults.values.filter(\.isRefusal).count
        let counts = try #require(report.batch.counts[.place])
        #expect(counts.given == count)
        #expect(counts.rejected == refused)
        #expect(counts.created == count - refused)
        var found: [Int: [RecordFinding]] = [:]
        for finding in report.batch.findings { found[finding.cell?.row ?? 0, default: []].append(finding) }
        for (row, fault) in sown.faults {
            let findings = found[row] ?? []
            let named = findings.first { $0.code == fault.code }
            #expect(named != nil, "row \(row): \(fault) is not found, but \(findings.map(\.code))")
            #expect(
                named?.cell?.header == fault.column,
                "row \(row): \(fault) in \(named?.cell?.header ?? "no column")")
            #expect((named?.severity == "error") == fault.isRefusal, "row \(row): \(fault)")
        }
        for (row, findings) in found where sown.faults[row] == nil {
            Issue.record("row \(row) is sound, but \(findings.map { "\($0.code) \($0.value ?? "")" })")
        }
    }
}

/// A generator of numbers that is the same everywhere (SplitMix64).
private struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
