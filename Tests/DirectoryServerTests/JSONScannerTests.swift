import Foundation
import Testing

@testable import DirectoryServer

/// The scanner of calls against Foundation's reader of JSON.
@Suite struct JSONScannerTests {
    /// SplitMix64 (Steele, Lea and Flood, 2014).
    private struct SeededNumbers: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }

    private static func takes(_ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBufferPointer { bytes in
            var scanner = JSONScanner(bytes)
            do throws(JSONScanner.Fault) {
                _ = try scanner.value()
                try scanner.finish()
            } catch {
                #expect(error.offset <= bytes.count)
                return false
            }
            return !scanner.hasWideText || String(validating: bytes, as: UTF8.self) != nil
        }
    }

    private static func text(_ numbers: inout SeededNumbers) -> String {
        let pieces = [
            "a", "食堂", "😀", #"\n"#, #"\""#, #"\\"#, #"\/"#, #"\u98df"#, #"\ud83d\ude00"#, #"\u0000"#, "é",
            " ",
        ]
        return "\""
            + (0..<Int.random(in: 0...5, using: &numbers)).map { _ in
                pieces.randomElement(using: &numbers) ?? ""
            }.joined() + "\""
    }

    private static func value(_ numbers: inout SeededNumbers, depth: Int) -> String {
        func several(_ make: (inout SeededNumbers) -> String) -> String {
            (0..<Int.random(in: 0...3, using: &numbers)).map { _ in make(&numbers) }.joined(separator: ", ")
        }
        switch Int.random(in: 0..<(depth < 4 ? 9 : 7), using: &numbers) {
        case 0: return "null"
        case 1: return Bool.random(using: &numbers) ? "true" : " false "
        case 2: return "\(Int.random(in: -1_000...1_000, using: &numbers))"
        case 3:
            return ["0", "-0", "1.50", "1e5", "2E-3", "-7.25e+2", "1200"].randomElement(using: &numbers) ?? ""
        case 4, 5, 6: return text(&numbers)
        case 7: return "[" + several { value(&$0, depth: depth + 1) } + "]"
        default: return "{" + several { text(&$0) + " :\t" + value(&$0, depth: depth + 1) } + "}"
        }
    }

    @Test func takesWhatFoundationTakesAndNothingElse() {
        var numbers = SeededNumbers(state: 8)
        let alphabet = Array("{}[]\",:\\/u0189dDeE+-. tfn\u{01}\n食".utf8) + [0x80, 0xC3, 0xED, 0xFF]
        var counts = (taken: 0, refused: 0)
        for round in 0..<30_000 {
            var bytes = Array(Self.value(&numbers, depth: 0).utf8)
            for _ in 0..<(round % 3) {
                let place = Int.random(in: 0...bytes.count, using: &numbers)
                let byte = alphabet.randomElement(using: &numbers) ?? 0
                switch Int.random(in: 0..<3, using: &numbers) {
                case 0: bytes.insert(byte, at: place)
                case 1 where place < bytes.count: bytes[place] = byte
                default: if place < bytes.count { bytes.remove(at: place) }
                }
            }
            let isJSON =
                (try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)) != nil
            let taken = Self.takes(bytes)
            if taken { counts.taken += 1 } else { counts.refused += 1 }
            // Foundation takes a comma behind the last element of an array, which RFC 8259 does not.
            let text = String(decoding: bytes, as: UTF8.self)
            if isJSON, !taken, text.contains(#/,\s*\]/#) { continue }
            #expect(taken == isJSON, "\(text) \(bytes)")
        }
        #expect(counts.taken > 10_000 && counts.refused > 5_000)
    }

    @Test func textsSayWhatFoundationReads() throws {
        var numbers = SeededNumbers(state: 9)
        for _ in 0..<5_000 {
            let text = Self.text(&numbers)
            let wanted = try JSONDecoder().decode(String.self, from: Data(text.utf8))
            try Array(text.utf8).withUnsafeBufferPointer { bytes in
                var scanner = JSONScanner(bytes)
                let value = try scanner.value()
                #expect(scanner.string(value) == wanted)
            }
        }
    }

    @Test func nestsAsDeepAsItSays() {
        func nested(_ depth: Int) -> [UInt8] {
            Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8)
        }
        #expect(Self.takes(nested(JSONScanner.maximumDepth)))
        #expect(!Self.takes(nested(JSONScanner.maximumDepth + 1)))
    }
}
