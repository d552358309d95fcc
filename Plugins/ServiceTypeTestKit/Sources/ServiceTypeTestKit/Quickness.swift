import DirectoryModel
import ServiceTypeKit
import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// How long a call may take, in milliseconds of processor time: far above what any sound module needs, even in a debug
/// build on a loaded machine, so that only work that grows without bound fails.
enum Quickness {
    /// The host reports a call of 50 ms as slow.
    ///
    /// Chosen, not measured.
    static let ordinary: Double = 50
    /// Ten megabytes in every field: one look at each byte is fine, several at each are not.
    ///
    /// Chosen, not measured.
    static let hostile: Double = 5_000
}

/// The processor time of this thread alone: other programs on the machine do not count.
enum ProcessorTime {
    /// The least of up to five runs, in milliseconds; one within `limit` ends the series.
    static func least(within limit: Double, _ work: () -> Void) -> Double {
        var least = Double.infinity
        for _ in 0..<5 {
            let start = now()
            work()
            least = min(least, now() - start)
            if least <= limit { break }
        }
        return least
    }

    private static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) * 1_000 + Double(time.tv_nsec) / 1_000_000
    }
}

/// Moments at which highlights are asked for.
enum Moments {
    /// Monday, 2026-03-02, 11:40 in China.
    static let ordinary = HighlightContext(
        now: Timestamp(secondsSince1970: 1_772_422_800), arrival: Timestamp(secondsSince1970: 1_772_423_220),
        utcOffset: 28_800)

    /// The ends of time, leap days, both sides of midnight, far offsets.
    static let odd: [HighlightContext] = {
        let moments: [Int64] = [
            .min, .max, .min + 86_400, -1, 0, 1, 1_709_164_800, 1_709_222_399, 1_772_294_400, 4_102_444_800,
        ]
        let hours = (0..<24).map {
            HighlightContext(now: Timestamp(secondsSince1970: 1_772_380_800 + $0 * 3_600), utcOffset: 28_800)
        }
        return hours
            + moments.flatMap { moment in
                [0, 28_800, -64_800, 64_800].map {
                    HighlightContext(
                        now: Timestamp(secondsSince1970: moment),
                        arrival: $0 == 0 ? nil : Timestamp(secondsSince1970: moment),
                        utcOffset: $0)
                }
            }
    }()
}

/// Answers gathered from several threads.
final class Gathered<Value: Sendable>: Sendable {
    private let values = Mutex<[Value]>([])

    var all: [Value] { values.withLock { $0 } }

    func add(_ value: Value) { values.withLock { $0.append(value) } }
}
