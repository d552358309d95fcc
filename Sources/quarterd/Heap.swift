import Foundation

/// What the daemon asks of glibc's heap, whose functions for it are not in Swift's module of the C library.
///
/// Where another C library has none of them, nothing is asked.
enum Heap {
    /// Has all threads share two heaps, for the time of the process.
    ///
    /// Else each has its own, and keeps what another one could use: 72 MB instead of 67 after a start with 50,000 places.
    /// With one heap they wait for each other: such a start took a third longer.
    static func share() {
        guard let symbol = dlsym(nil, "mallopt") else { return }
        /// `M_ARENA_MAX` of malloc.h.
        let mostHeaps: CInt = -8
        _ = unsafeBitCast(symbol, to: (@convention(c) (CInt, CInt) -> CInt).self)(mostHeaps, 2)
    }

    /// Gives memory that nobody uses back to the system: after work that took much of it once.
    static func giveBack() {
        guard let symbol = dlsym(nil, "malloc_trim") else { return }
        _ = unsafeBitCast(symbol, to: (@convention(c) (Int) -> CInt).self)(0)
    }
}
