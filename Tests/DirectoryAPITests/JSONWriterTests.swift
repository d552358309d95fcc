import DirectoryModel
import Foundation
import Testing

@testable import DirectoryAPI

/// The writer against Foundation's own JSON reader.
@Suite struct JSONWriterTests {
    private func parsed(_ body: (inout JSONWriter) -> Void) throws -> Any {
        var json = JSONWriter(capacity: 64)
        body(&json)
        return try JSONSerialization.jsonObject(with: Data(json.bytes()), options: .fragmentsAllowed)
    }

    @Test func stringsComeBackAsTheyWere() throws {
        let texts = [
            "", "菜市场", "a\"b\\c/d", "\u{0}\u{1}\u{1F}\u{7F}\u{80}", "行\n列\t\r", "👨‍👩‍👧", "\u{202E}رقم",
            "\u{2028}", String(repeating: "长", count: 5_000), String(repeating: "\u{1}", count: 400),
        ]
        for text in texts {
            #expect(try parsed { $0.string(text) } as? String == text)
        }
    }

    @Test func wholeNumbersComeBackAsTheyWere() throws {
        for number in [0, 1, -1, 9, 10, 99, 100, 1_234_567_890, Int.max, Int.min, Int.max - 1] {
            #expect(try parsed { $0.whole(number) } as? Int == number)
        }
        var json = JSONWriter()
        json.whole(UInt64.max)
        #expect(String(decoding: json.bytes(), as: UTF8.self) == "18446744073709551615")
    }

    @Test func fixedDecimalsAreRoundedOnce() {
        func text(_ number: Double, _ places: Int) -> String {
            var json = JSONWriter()
            json.fixed(number, places: places)
            return String(decoding: json.bytes(), as: UTF8.self)
        }
        #expect(text(0, 1) == "0.0")
        #expect(text(999.96, 1) == "1000.0")
        #expect(text(-0.04, 1) == "0.0")
        #expect(text(-118.7654321, 7) == "-118.7654321")
        #expect(text(32.0000001, 7) == "32.0000001")
        #expect(text(5, 0) == "5")
        #expect(text(.nan, 1) == "null")
        #expect(text(.infinity, 1) == "null")
        #expect(text(1e300, 1) == "null")
        // One place has a way of its own: as a longer one has it.
        for step in stride(from: -30_000, through: 30_000, by: 7) {
            let number = Double(step) / 16 + 0.001
            let tenths = (number * 10).rounded()
            let expected = String(format: "%.1f", tenths == 0 ? 0 : tenths / 10)
            #expect(text(number, 1) == expected)
        }
    }

    @Test func partsOfAStringAreOneString() throws {
        for text in ["", "a\"b", "长\n", String(repeating: "\u{1}", count: 100)] {
            let value = try parsed { json in
                json.beginArray()
                json.beginString(text)
                json.stringPart("|" + text)
                json.plainPart("，您走到")
                json.endString(text)
                json.whole(1)
                json.endArray()
            }
            #expect((value as? [Any])?.first as? String == text + "|" + text + "，您走到" + text)
        }
        for number in [0, 1, 0xF, 0x10, 0xABC_DEF0, UInt64.max, 1 << 63] {
            #expect(
                try parsed {
                    $0.beginString("")
                    $0.hexadecimalPart(number)
                    $0.endString("")
                } as? String == String(number, radix: 16))
        }
    }

    @Test(arguments: [0, 63, 64, 100, 4_096])
    func lentMemoryIsUsedAsLongAsItIsLargeEnough(_ size: Int) {
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: size + 16, alignment: 1)
        defer { memory.deallocate() }
        for byte in memory.indices { memory[byte] = 0xEE }
        let lent = UnsafeMutableRawBufferPointer(rebasing: memory[..<size])
        for length in [10, 60, 61, 62, 90, 2_000, 5_000] {
            var json = JSONWriter(into: lent)
            json.beginArray()
            for _ in 0..<length { json.whole(1) }
            json.endArray()
            let expected = "[" + Array(repeating: "1", count: length).joined(separator: ",") + "]"
            #expect(String(decoding: json.bytes(), as: UTF8.self) == expected)
            let isLent = json.isLent
            if isLent { #expect(size >= 64 && lent.starts(with: expected.utf8)) }
            if size < 64 || length * 2 > size { #expect(!isLent) }
            #expect(memory[size...].allSatisfy { $0 == 0xEE })
        }
    }

    @Test func commasAndNestingMakeJSON() throws {
        let value = try parsed { json in
            json.beginObject()
            json.key("a")
            json.beginArray()
            json.whole(1)
            json.beginObject()
            json.endObject()
            json.beginArray()
            json.endArray()
            json.null()
            json.bool(true)
            json.endArray()
            json.key("键\"")
            json.decimal(0.1)
            json.key("b")
            json.string(nil)
            json.endObject()
        }
        let object = try #require(value as? [String: Any])
        #expect(object.keys.sorted() == ["a", "b", "键\""])
        #expect((object["a"] as? [Any])?.count == 5)
        #expect(object["键\""] as? Double == 0.1)
    }

    @Test func decimalsKeepTheirExactValue() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<2_000 {
            let number = Double(bitPattern: random.next())
            guard number.isFinite else { continue }
            var json = JSONWriter()
            json.decimal(number)
            // Foundation's reader is off by a last bit for some exponents: the standard library's is exact.
            #expect(Double(String(decoding: json.bytes(), as: UTF8.self)) == number)
        }
    }

    @Test func timesAreWrittenAsRFC3339() {
        #expect(Timestamp(secondsSince1970: 0).rfc3339 == "1970-01-01T00:00:00Z")
        #expect(Timestamp(secondsSince1970: -1).rfc3339 == "1969-12-31T23:59:59Z")
        let formatter = ISO8601DateFormatter()
        for step in 0..<3_000 {
            let seconds = Int64(step) * 1_234_567 - 500_000_000
            #expect(
                Timestamp(secondsSince1970: seconds).rfc3339
                    == formatter.string(from: Date(timeIntervalSince1970: Double(seconds))))
        }
    }
}
