internal import CoreMetrics
internal import Synchronization

/// One figure with its labels.
protocol PrometheusSeries: AnyObject, Sendable {
    /// Prometheus' word for it.
    var kind: String { get }
    /// Whether nothing was ever recorded: then it is not written.
    var isUntouched: Bool { get }
    func write(name: String, labels: String, to text: inout String)
}

extension PrometheusSeries {
    func braced(_ labels: String, _ more: String = "") -> String {
        let both = [labels, more].filter { !$0.isEmpty }.joined(separator: ",")
        return both.isEmpty ? "" : "{\(both)}"
    }
}

/// A count that only grows.
final class CounterSeries: PrometheusSeries, CounterHandler {
    private let count = Atomic<Int64>(0)
    var kind: String { "counter" }
    var isUntouched: Bool { count.load(ordering: .relaxed) == 0 }

    func increment(by amount: Int64) { count.wrappingAdd(amount, ordering: .relaxed) }
    func reset() { count.store(0, ordering: .relaxed) }

    func write(name: String, labels: String, to text: inout String) {
        text += "\(name)\(braced(labels)) \(count.load(ordering: .relaxed))\n"
    }
}

/// A value that goes up and down.
final class GaugeSeries: PrometheusSeries, MeterHandler, RecorderHandler {
    private let value = Mutex<Double?>(nil)
    var kind: String { "gauge" }
    var isUntouched: Bool { value.withLock { $0 == nil } }

    func set(_ value: Int64) { set(Double(value)) }
    func set(_ value: Double) { self.value.withLock { $0 = value } }
    func increment(by amount: Double) { value.withLock { $0 = ($0 ?? 0) + amount } }
    func decrement(by amount: Double) { value.withLock { $0 = ($0 ?? 0) - amount } }
    func record(_ value: Int64) { set(Double(value)) }
    func record(_ value: Double) { set(value) }

    func write(name: String, labels: String, to text: inout String) {
        text += "\(name)\(braced(labels)) \(PrometheusRegistry.number(value.withLock { $0 ?? 0 }))\n"
    }
}

/// How often values fell under each of a few bounds.
final class HistogramSeries: PrometheusSeries, TimerHandler, RecorderHandler {
    /// Upper bounds in seconds, from an answer out of memory (25 µs) to an import (a minute).
    ///
    /// Chosen, not measured.
    static let bounds: [Double] = [
        0.000_025, 0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.01, 0.1, 1, 10, 60,
    ]

    private struct State {
        var counts = [Int](repeating: 0, count: HistogramSeries.bounds.count + 1)
        var total = 0
        var sum = 0.0
    }

    private let state = Mutex(State())
    var kind: String { "histogram" }
    var isUntouched: Bool { state.withLock { $0.total == 0 } }

    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }
    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        let index = Self.bounds.firstIndex { value <= $0 } ?? Self.bounds.count
        state.withLock { state in
            state.counts[index] += 1
            state.total += 1
            state.sum += value
        }
    }

    func write(name: String, labels: String, to text: inout String) {
        let state = state.withLock { $0 }
        var below = 0
        for (index, bound) in Self.bounds.enumerated() {
            below += state.counts[index]
            text += "\(name)_bucket\(braced(labels, "le=\"\(bound.description)\"")) \(below)\n"
        }
        text += "\(name)_bucket\(braced(labels, "le=\"+Inf\"")) \(state.total)\n"
        text += "\(name)_sum\(braced(labels)) \(state.sum)\n"
        text += "\(name)_count\(braced(labels)) \(state.total)\n"
    }
}
