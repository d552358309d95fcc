import Synchronization
import Testing

@testable import quarterctl

@Suite("Progress")
struct ProgressReportTests {
    private final class Sink: Sendable {
        let written = Mutex("")
        func report(isLive: Bool) -> ProgressReport {
            ProgressReport(isLive: isLive) { text in self.written.withLock { $0 += text } }
        }
    }

    @Test("Away from a terminal each stage is one plain line")
    func plain() {
        let sink = Sink()
        let report = sink.report(isLive: false)
        for step in 0...100 { report.show("reading", Double(step) / 100) }
        report.show("storing", nil)
        report.finish()
        #expect(sink.written.withLock { $0 } == "reading\nstoring\n")
    }

    @Test("On a terminal one line is drawn over, once for each percent, and ended")
    func live() {
        let sink = Sink()
        let report = sink.report(isLive: true)
        for step in 0...1000 { report.show("reading", Double(step) / 1000) }
        report.finish()
        let text = sink.written.withLock { $0 }
        #expect(text.split(separator: "\r").count == 101)
        #expect(text.hasSuffix("100 %  reading\n"))
        #expect(text.filter { $0 == "\n" }.count == 1)
    }

    @Test("The bar fills from the left", arguments: [(0, 0), (50, 12), (99, 23), (100, 24)])
    func bar(percent: Int, filled: Int) {
        let line = ProgressReport.line("s", percent)
        #expect(line.filter { $0 == "━" }.count == filled)
        #expect(DisplayWidth.of(line) == 24 + 4 + 5)
    }

    @Test("Fractions out of range are taken to the nearest end")
    func range() {
        let sink = Sink()
        let report = sink.report(isLive: true)
        report.show("a", 7)
        report.show("b", -3)
        let text = sink.written.withLock { $0 }
        #expect(text.contains("100 %  a") && text.contains("   0 %  b"))
    }
}
