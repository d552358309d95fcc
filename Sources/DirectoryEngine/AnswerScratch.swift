internal import DirectoryAPI
internal import DirectoryModel
internal import Synchronization
internal import WalkNetwork

/// A place that a search found.
struct FoundPlace {
    let entry: PlaceEntry
    let metres: Metres
    /// How it was found, where a text was looked for.
    var match: TextMatch?
}

/// What making an answer needs and the next one can use again: used by one answer at a time.
final class AnswerScratch {
    var targets: [ReachedTarget] = []
    var found: [FoundPlace] = []
    /// Behind a pointer, since who uses a scratch is alone with it: nothing is to be checked at each access.
    let openings: UnsafeMutablePointer<OpeningShelf>

    init() {
        openings = .allocate(capacity: 1)
        openings.initialize(to: OpeningShelf())
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
            // Places that are gone by the next answer must not be held by it.
            taken.scratch.found.removeAll(keepingCapacity: true)
            idle.withLock { $0.append(taken) }
        }
        return try body(taken.scratch)
    }
}
