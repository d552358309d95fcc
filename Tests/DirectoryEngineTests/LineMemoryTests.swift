import DirectoryAPI
import DirectoryModel
import ServiceTypeKit
import Synchronization
import Testing

@testable import DirectoryEngine

/// Lines are made once a minute, and anew for what they depend on.
@Suite struct LineMemoryTests {
    private func line(_ text: String) -> [Highlight] { [Highlight(LocalizedText(zh: text, en: text))] }

    private func key(_ now: Int64, _ arrival: Int64? = nil, judge: UInt64 = 1) -> LineMemory.Key {
        LineMemory.Key(now: now, arrival: arrival, judge: judge)
    }

    @Test func theSameQuestionIsAnsweredFromMemory() {
        let memory = LineMemory()
        var made = 0
        func ask(_ key: LineMemory.Key) -> String? {
            memory.lines(key) {
                made += 1
                return line("\(key.now) \(key.arrival ?? -1) \(key.judge)")
            }.first?.text.zh
        }
        for _ in 0..<3 { #expect(ask(key(60, 600)) == "60 600 1") }
        #expect(made == 1)
        // Another arrival, another minute, other calendars: each is another question.
        #expect(ask(key(60, 660)) == "60 660 1")
        #expect(ask(key(60)) == "60 -1 1")
        #expect(ask(key(60, 600, judge: 2)) == "60 600 2")
        #expect(made == 4)
        #expect(ask(key(60, 600)) == "60 600 1")
        #expect(made == 4, "all are kept")
        for minute in 0..<Int64(LineMemory.most) - 1 { _ = ask(key(120, minute * 60)) }
        #expect(ask(key(60, 600)) == "60 600 1")
        #expect(made == 4 + LineMemory.most, "the oldest has made room")
    }

    @Test func whatIsWrittenIsWhatTheLinesAre() {
        let memory = LineMemory()
        for lines in [[], line("一\"二"), line("a") + line("b")] {
            let fresh = key(Int64(lines.count) * 60 + 7)
            for language in [Language.zh, .en] {
                var expected = JSONWriter()
                expected.highlights(lines, in: language)
                for isKnown in [false, true] {
                    var json = JSONWriter()
                    memory.write(fresh, to: &json, in: language) {
                        #expect(!isKnown && language == .zh, "made once")
                        return lines
                    }
                    #expect(json.bytes() == expected.bytes())
                }
            }
        }
    }

    @Test(
        arguments: [(0, 0), (59, 0), (60, 60), (119, 60), (-1, -60), (-60, -60), (-61, -120)]
            as [(Int64, Int64)])
    func aMinuteIsFloored(_ second: Int64, _ minute: Int64) {
        #expect(Timestamp(secondsSince1970: second).fullMinute == Timestamp(secondsSince1970: minute))
    }
}
