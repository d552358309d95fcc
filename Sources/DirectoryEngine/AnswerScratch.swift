internal import DirectoryAPI
internal import DirectoryModel
internal import Synchronization
internal import WalkNetwork

/// A place that a search found.
///
/// Good for as long as somebody holds the index that was searched, which holds all its entries: to hold each entry
/// besides would be to wait for its memory one after another.
struct FoundPlace {
    private let held: Unmanaged<PlaceEntry>
    let metres: Metres

    @inline(__always)
    init(_ entry: Unmanaged<PlaceEntry>, _ metres: Metres) {
        held = entry
        self.metres = metres
    }

    /// The entry, held.
    var entry: PlaceEntry { held.takeUnretainedValue() }

    /// Runs `body` with the entry.
    @inline(__always)
    func withEntry<R>(_ body: (PlaceEntry) -> R) -> R { held._withUnsafeGuaranteedRef(body) }
}

/// What making an answer needs and the next one can use again: used by one answer at a time.
final class AnswerScratch {
    var targets: [ReachedTarget] = []
    /// Good while the index that was searched is held.
    var found: [FoundPlace] = []
    /// How they were found, where a text was looked for.
    var matches: [TextMatch] = []
    /// What `touch` has read: so that it has to.
    private var touched: UInt = 0
    /// Behind a pointer, since who uses a scratch is alone with it: nothing is to be checked at each access.
    let openings: UnsafeMutablePointer<OpeningShelf>

    init() {
        openings = .allocate(capacity: 1)
        openings.initialize(to: OpeningShelf())
    }

    /// Reads something of each piece of memory that an answer about the found places is made from.
    ///
    /// They lie anywhere. Whoever reads them place by place waits for each; those of all places, which do not depend on
    /// each other, come together.
    func touch() {
        var sum: UInt = 0
        for place in found { sum &+= place.withEntry { UInt(truncatingIfNeeded: $0.openingNumber) } }
        for place in found { sum &+= place.withEntry { $0.record.recordTouch } }
        for place in found { sum &+= place.withEntry { $0.record.membersTouch } }
        touched = sum
    }

    deinit {
        openings.deinitialize(count: 1)
        openings.deallocate()
    }
}

/// Scratches that nobody uses.
///
/// As many as answers have been made at the same time.
final class AnswerPool: Sendable {
    private struct Idle: @unchecked Sendable {
        let scratch: AnswerScratch
    }

    private let idle = Mutex<[Idle]>([])

    /// Runs `body` with a scratch that nobody else uses meanwhile.
    func withScratch<R, E: Error>(_ body: (AnswerScratch) throws(E) -> R) throws(E) -> R {
        let taken = idle.withLock { $0.popLast() } ?? Idle(scratch: AnswerScratch())
        defer {
            taken.scratch.found.removeAll(keepingCapacity: true)
            taken.scratch.matches.removeAll()
            idle.withLock { $0.append(taken) }
        }
        return try body(taken.scratch)
    }
}
