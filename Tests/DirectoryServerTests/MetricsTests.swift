import CoreMetrics
import Testing

@testable import DirectoryServer

@Suite struct MetricsTests {
    @Test func writesPrometheusText() {
        let registry = PrometheusRegistry()
        let counter = Counter(
            label: "quarter.requests", dimensions: [("route", "a\"b\\c\nd")], factory: registry)
        counter.increment(by: 3)
        // The same label and dimensions are the same series.
        Counter(label: "quarter.requests", dimensions: [("route", "a\"b\\c\nd")], factory: registry)
            .increment()
        let timer = Timer(
            label: "time_seconds", dimensions: [], preferredDisplayUnit: .seconds, factory: registry)
        timer.recordNanoseconds(30_000)
        timer.recordNanoseconds(2_000_000_000)
        timer.recordNanoseconds(500_000_000_000)
        _ = Counter(label: "never", dimensions: [], factory: registry)
        let gauge = Meter(label: "open", dimensions: [], factory: registry)
        gauge.increment()
        gauge.increment()
        gauge.decrement()
        let text = registry.text()
        #expect(
            text.contains("# TYPE quarter_requests counter\nquarter_requests{route=\"a\\\"b\\\\c\\nd\"} 4\n"))
        #expect(text.contains("time_seconds_bucket{le=\"2.5e-05\"} 0\n"))
        #expect(text.contains("time_seconds_bucket{le=\"5e-05\"} 1\n"))
        #expect(text.contains("time_seconds_bucket{le=\"10.0\"} 2\n"))
        #expect(text.contains("time_seconds_bucket{le=\"+Inf\"} 3\ntime_seconds_sum 502.00003\n"))
        #expect(text.contains("open 1\n"))
        #expect(!text.contains("never"))
    }
}
