internal import Glibc
internal import Synchronization

/// One object that any number of threads read while one thread at a time puts another in its place: readers wait for
/// nobody, who puts a new one waits for those who still read the old one.
///
/// Source: P. Ramalhete and A. Correia, "Left-Right: A Concurrency Control Technique with Wait-Free Population
/// Oblivious Reads" (2013), from which the two counters of readers are.
final class SnapshotCell<Snapshot: AnyObject & Sendable>: Sendable {
    /// The bits of an unmanaged reference.
    private let present: Atomic<UInt>
    /// The counter that readers begin in: 0 or 1.
    private let side = Atomic<Int>(0)
    private let first = Readers()
    private let second = Readers()

    /// How many read, on a line of the processor's cache of its own.
    private struct Readers: ~Copyable {
        let count = Atomic<Int>(0)
        private let rest: (Int, Int, Int, Int, Int, Int, Int) = (0, 0, 0, 0, 0, 0, 0)
    }

    /// A cell that holds an object.
    init(_ snapshot: Snapshot) {
        present = Atomic(Self.bits(.passRetained(snapshot)))
    }

    deinit { Self.reference(present.load(ordering: .acquiring)).release() }

    private static func bits(_ reference: Unmanaged<Snapshot>) -> UInt {
        UInt(bitPattern: reference.toOpaque())
    }

    @inline(__always) private static func reference(_ bits: UInt) -> Unmanaged<Snapshot> {
        guard let pointer = UnsafeRawPointer(bitPattern: bits) else {
            preconditionFailure("a cell always holds an object")
        }
        return .fromOpaque(pointer)
    }

    /// Runs `body` with the present object, which stays what it is until `body` returns.
    ///
    /// Never waits. May be nested; must not wait for a writer.
    @inline(__always)
    func reading<R, E: Error>(_ body: (Snapshot) throws(E) -> R) throws(E) -> R {
        let isFirst = side.load(ordering: .sequentiallyConsistent) == 0
        if isFirst {
            first.count.add(1, ordering: .sequentiallyConsistent)
        } else {
            second.count.add(1, ordering: .sequentiallyConsistent)
        }
        defer {
            if isFirst {
                first.count.subtract(1, ordering: .releasing)
            } else {
                second.count.subtract(1, ordering: .releasing)
            }
        }
        return try body(
            Self.reference(present.load(ordering: .sequentiallyConsistent)).takeUnretainedValue())
    }

    /// Puts another object in the place of the present one: who begins to read from now on has it.
    ///
    /// One caller at a time.
    ///
    /// - Returns: the object that was there, which others may still be reading until `waitForReaders` returns.
    func replace(by snapshot: Snapshot) -> Snapshot {
        let old = present.exchange(
            Self.bits(.passRetained(snapshot)), ordering: .sequentiallyConsistent)
        return Self.reference(old).takeRetainedValue()
    }

    /// Waits until all have ended who began to read before the call.
    ///
    /// One caller at a time.
    func waitForReaders() {
        let before = side.load(ordering: .sequentiallyConsistent)
        // Late ones of the time before: they read the side just before it changed.
        waitForSide(1 - before)
        side.store(1 - before, ordering: .sequentiallyConsistent)
        waitForSide(before)
    }

    private func waitForSide(_ number: Int) {
        var turns = 0
        while true {
            let count =
                number == 0
                ? first.count.load(ordering: .sequentiallyConsistent)
                : second.count.load(ordering: .sequentiallyConsistent)
            if count == 0 { return }
            turns += 1
            // A read takes microseconds; one that takes longer may need the processor.
            if turns < Self.turnsOfYielding { sched_yield() } else { usleep(Self.nap) }
        }
    }

    /// Chosen, not measured.
    private static var turnsOfYielding: Int { 100 }
    /// Microseconds.
    private static var nap: UInt32 { 100 }
}
