import DirectoryModel
import Testing

@testable import TableFiles

@Suite("Cells")
struct CellTests {
    private func number(_ written: String) -> TableCell {
        .number(Double(written) ?? .nan, written: written)
    }

    @Test(
        "A number's text is what a person writes",
        arguments: [
            ("120", "120"), ("120.0", "120"), ("-7", "-7"), ("31.230000000000001", "31.23"), ("0.1", "0.1"),
            ("9.1320114E+17", "913201140000000000"), ("9.132011400000000E+17", "913201140000000000"),
            ("913201140000000123", "913201140000000123"), ("1E+15", "1000000000000000"), ("0", "0"),
            ("1E-7", "0.0000001"), ("-1.5E+16", "-15000000000000000"), ("1E+300", "1E+300"), ("-0", "0"),
        ])
    func numbers(written: String, text: String) {
        #expect(number(written).text == text)
    }

    @Test("Digits are lost beyond fifteen, in numbers and in a spreadsheet's short form of them")
    func lostDigits() {
        for written in ["913201140000000123", "9.13201E+17", "1000000000000000"] {
            #expect(number(written).hasLostDigits, "\(written)")
        }
        for written in ["999999999999999", "31.230000000000001", "0"] {
            #expect(!number(written).hasLostDigits, "\(written)")
        }
        for text in ["9.13201E+17", "9.1E+11", "1E+10", "-9.13201e+17", "1.38E+10"] {
            #expect(TableCell.text(text).hasLostDigits, "\(text)")
        }
        for text in [
            "2E12", "913201140000000123", "1.5E+01", "E+17", "1.E+17", "9.13201E+17号", "3E-5", "",
            "1.2345E+04",
        ] {
            #expect(!TableCell.text(text).hasLostDigits, "\(text)")
        }
    }

    @Test("The quick reading of numbers is the library's")
    func quickNumbers() {
        var generator = SplitMix(seed: 7)
        func read(_ text: String) -> Double? {
            Array(text.utf8).withUnsafeBufferPointer { NumberText.number($0) }
        }
        for _ in 0..<20_000 {
            let digits = (0..<Int.random(in: 1...17, using: &generator)).map { _ in
                String(Int.random(in: 0...9, using: &generator))
            }
            var text = digits.joined()
            if Bool.random(using: &generator) {
                text.insert(
                    ".",
                    at: text.index(
                        text.startIndex, offsetBy: Int.random(in: 0...text.count, using: &generator)))
            }
            if Bool.random(using: &generator) { text = "-" + text }
            if Int.random(in: 0...4, using: &generator) == 0 {
                text += "E\(Int.random(in: -30...30, using: &generator))"
            }
            #expect(read(text) == Double(text), "\(text)")
        }
        for text in ["", "-", ".", "1.2.3", "0x10", "nan", "inf", "1,5", "1 ", "1E999", "--1"] {
            #expect(read(text) == nil, "\(text)")
        }
    }

    @Test("Moments are written as dates and clock times")
    func moments() {
        #expect(TableMoment(year: 2024, month: 5, day: 1).text == "2024-05-01")
        #expect(TableMoment(hour: 8, minute: 5).text == "08:05")
        #expect(TableMoment(hour: 36, minute: 15, second: 9).text == "36:15:09")
        #expect(
            TableMoment(year: 2024, month: 5, day: 1, hour: 0, minute: 0, second: 0).text
                == "2024-05-01 00:00")
        let empty = TableMoment()
        #expect(empty.text.isEmpty && empty.year == nil && empty.hour == nil && empty.second == nil)
        // Out of range: kept within its type, never a trap.
        _ = TableMoment(year: .max, month: .max, day: .min, hour: .max, minute: .max, second: .min).text
    }

    @Test("A row has no end of empty cells")
    func rowSubscript() {
        let row = TableRow(number: 1, line: 1, cells: [.text("甲")])
        #expect(row[0] == .text("甲") && row[1] == .empty && row[-1] == .empty && row[.max] == .empty)
        #expect(TableCell.bool(true).text == "TRUE" && TableCell.failure("#N/A").text == "#N/A")
        #expect(TableCell.text("").isEmpty && TableCell.empty.text.isEmpty)
    }
}

/// The same numbers from the same seed.
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
