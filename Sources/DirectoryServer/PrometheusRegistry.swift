package import CoreMetrics
internal import Synchronization

/// A swift-metrics backend that keeps its figures in memory and writes them as Prometheus text (0.0.4).
package final class PrometheusRegistry: MetricsFactory {
    private struct Key: Hashable {
        let label: String
        let dimensions: String
    }

    private let series = Mutex<[Key: any PrometheusSeries]>([:])

    /// An empty registry.
    package init() {}

    /// A counter; the same one for the same label and dimensions.
    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        one(label, dimensions) { CounterSeries() }
    }

    /// A gauge that can go up and down.
    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        one(label, dimensions) { GaugeSeries() }
    }

    /// A gauge for a recorder that keeps the last value, a histogram for one that aggregates.
    package func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool)
        -> any RecorderHandler
    {
        if aggregate { return one(label, dimensions) { HistogramSeries() } }
        return one(label, dimensions) { GaugeSeries() }
    }

    /// A histogram of seconds.
    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        one(label, dimensions) { HistogramSeries() }
    }

    /// Series live as long as the registry: a figure that vanished would look like a restart.
    package func destroyCounter(_ handler: any CounterHandler) {}
    /// See `destroyCounter`.
    package func destroyMeter(_ handler: any MeterHandler) {}
    /// See `destroyCounter`.
    package func destroyRecorder(_ handler: any RecorderHandler) {}
    /// See `destroyCounter`.
    package func destroyTimer(_ handler: any TimerHandler) {}

    private func one<Series: PrometheusSeries>(
        _ label: String, _ dimensions: [(String, String)], _ make: () -> Series
    ) -> Series {
        let key = Key(label: Self.name(label), dimensions: Self.labels(dimensions))
        return series.withLock { series in
            if let known = series[key] as? Series { return known }
            let made = make()
            // A label that another kind of figure has keeps its first owner; this one counts unseen.
            if series[key] == nil { series[key] = made }
            return made
        }
    }

    /// All figures, by name and then by labels.
    package func text() -> String {
        let all = series.withLock { $0 }.sorted {
            ($0.key.label, $0.key.dimensions) < ($1.key.label, $1.key.dimensions)
        }
        var text = ""
        var last = ""
        for (key, series) in all where !series.isUntouched {
            if key.label != last {
                text += "# TYPE \(key.label) \(series.kind)\n"
                last = key.label
            }
            series.write(name: key.label, labels: key.dimensions, to: &text)
        }
        return text
    }

    /// A figure that is read when it is asked for.
    package static func gauge(_ label: String, _ dimensions: [(String, String)] = [], _ value: Double)
        -> String
    {
        let labels = Self.labels(dimensions)
        return "\(name(label))\(labels.isEmpty ? "" : "{\(labels)}") \(Self.number(value))\n"
    }

    static func name(_ label: String) -> String {
        let letters = label.unicodeScalars.map { scalar -> UInt8 in
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9": UInt8(truncatingIfNeeded: scalar.value)
            default: UInt8(ascii: "_")
            }
        }
        return String(decoding: letters, as: UTF8.self)
    }

    static func labels(_ dimensions: [(String, String)]) -> String {
        dimensions.map { key, value in
            "\(name(key))=\"\(escaped(value))\""
        }.joined(separator: ",")
    }

    private static func escaped(_ value: String) -> String {
        guard value.utf8.contains(where: { $0 == 0x5C || $0 == 0x22 || $0 == 0x0A }) else { return value }
        return value.unicodeScalars.map { scalar -> String in
            switch scalar {
            case "\\": "\\\\"
            case "\"": "\\\""
            case "\n": "\\n"
            default: String(scalar)
            }
        }.joined()
    }

    static func number(_ value: Double) -> String {
        value == value.rounded() && value.magnitude < 1e15 ? "\(Int(value))" : value.description
    }
}
