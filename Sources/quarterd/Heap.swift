import DirectoryServer
import Foundation

/// What the daemon asks of glibc's heap, whose functions for it are not in Swift's module of the C library.
///
/// Where another C library has none of them, nothing is asked.
enum Heap {
    /// Has all threads share as many heaps as work at once during a start, for the time of the process.
    ///
    /// One for each processor, and one for who reads the store. They give back what is free at their ends. Else each has
    /// its own, and keeps what another one could use: 72 MB instead of 67 after a start with 50,000 places. With fewer
    /// heaps they wait for each other: on two processors such a start took 350 ms with two, 260 with three
    /// or four. They grow by a megabyte, which saves the system's work of small steps; and else the end of a heap may
    /// keep twice the largest piece that was ever free, 7 MB of them after such a start.
    static func share() {
        guard let symbol = dlsym(nil, "mallopt") else { return }
        let set = unsafeBitCast(symbol, to: (@convention(c) (CInt, CInt) -> CInt).self)
        // Of malloc.h: M_ARENA_MAX, M_MMAP_THRESHOLD, M_TRIM_THRESHOLD and M_TOP_PAD. The middle two are chosen, not
        // measured: an answer takes no such pieces.
        let heaps = CInt(Processors.usable + 1)
        for (option, value) in [(-8, heaps), (-3, 1 << 20), (-1, 2 << 20), (-2, 1 << 20)] as [(CInt, CInt)] {
            _ = set(option, value)
        }
    }

    /// Gives memory that nobody uses back to the system: after work that took much of it once, by who did it.
    static func giveBack() {
        // The end of the heap of this thread is looked at when a large piece there becomes free.
        free(malloc(128 << 10))
        guard let symbol = dlsym(nil, "malloc_trim") else { return }
        _ = unsafeBitCast(symbol, to: (@convention(c) (Int) -> CInt).self)(0)
    }
}
