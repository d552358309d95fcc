internal import DirectoryModel
internal import Glibc
internal import ServiceTypeKit
internal import Synchronization

/// A module with its place in the crash marker and its counters.
///
/// All calls go through `call`.
final class GuardedModule: Sendable {
    /// A call that takes longer is counted as slow.
    ///
    /// Source: ServiceTypeModule's contract, 50 ms.
    static let slowNanoseconds: UInt64 = 50_000_000

    let module: any ServiceTypeModule
    private let marker: CrashMarker
    private let number: UInt64
    private let calls = Atomic<Int>(0)
    private let slowCalls = Atomic<Int>(0)
    private let failures = Atomic<Int>(0)
    private let nanoseconds = Atomic<UInt64>(0)
    private let longest = Atomic<UInt64>(0)
    private let lastFailure = Mutex<String?>(nil)

    init(_ module: any ServiceTypeModule, file: String, id: ModuleID, marker: CrashMarker) {
        self.module = module
        self.marker = marker
        number = marker.number(ofFile: file, id: id)
    }

    /// Calls the module, noted in the marker and counted.
    @inline(__always)
    func call<Result>(_ call: ModuleCall, _ body: (any ServiceTypeModule) -> Result) -> Result {
        let slot = marker.slot()
        let start = monotonicNanoseconds()
        slot[1] = start
        slot[0] = number | call.rawValue << 32
        let result = body(module)
        slot[0] = 0
        let elapsed = monotonicNanoseconds() &- start
        calls.wrappingAdd(1, ordering: .relaxed)
        nanoseconds.wrappingAdd(elapsed, ordering: .relaxed)
        longest.max(elapsed, ordering: .relaxed)
        if elapsed > Self.slowNanoseconds { slowCalls.wrappingAdd(1, ordering: .relaxed) }
        return result
    }

    /// Counts a result of which something had to be left out.
    func fail(_ call: ModuleCall, _ reason: String) {
        failures.wrappingAdd(1, ordering: .relaxed)
        lastFailure.withLock { $0 = "\(call.word): \(reason)" }
    }

    /// The counters now.
    var usage: ModuleUsage {
        ModuleUsage(
            calls: calls.load(ordering: .relaxed), slowCalls: slowCalls.load(ordering: .relaxed),
            failures: failures.load(ordering: .relaxed), lastFailure: lastFailure.withLock { $0 },
            time: Seconds(Double(nanoseconds.load(ordering: .relaxed)) / 1e9),
            longest: Seconds(Double(longest.load(ordering: .relaxed)) / 1e9))
    }
}

/// Nanoseconds of the machine's monotonic clock.
@inline(__always)
func monotonicNanoseconds() -> UInt64 {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC_COARSE, &now)
    return UInt64(truncatingIfNeeded: now.tv_sec) &* 1_000_000_000 &+ UInt64(truncatingIfNeeded: now.tv_nsec)
}
