import Foundation

/// What the daemon asks of glibc's heap, whose functions for it are not in Swift's module of the C library.
///
/// Where another C library has none of them, nothing is asked.
enum Heap {
    /// Has all threads share one heap, for the time of the process.
    ///
    /// Else each has its own, grows it page by page with a call of the kernel for each, and keeps what another one could
    /// use.
    static func share() {
        guard let symbol = dlsym(nil, "mallopt") else { return }
        /// `M_ARENA_MAX` of malloc.h.
        let mostHeaps: CInt = -8
        _ = unsafeBitCast(symbol, to: (@convention(c) (CInt, CInt) -> CInt).self)(mostHeaps, 1)
    }

    /// Gives memory that nobody uses back to the system: after work that took much of it once.
    static func giveBack() {
        guard let symbol = dlsym(nil, "malloc_trim") else { return }
        _ = unsafeBitCast(symbol, to: (@convention(c) (Int) -> CInt).self)(0)
    }
}
