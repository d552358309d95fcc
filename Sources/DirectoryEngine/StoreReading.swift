internal import DequeModule
internal import DirectoryModel
internal import DirectoryStore
internal import Foundation

/// One reading of the whole store, on a thread of its own, while who asked for it opens modules and network.
///
/// Places come in portions, as they are read; the other records all at once at the end. All are of one revision.
final class StoreReading: Sendable {
    /// What is not a place.
    struct Records: Sendable {
        var revision: Revision
        var communities: [Community]
        var grids: [Grid]
        var sources: [Source]
        var confirmations: [PlaceConfirmation]
        var organisations: [Organisation]
        var activities: [Activity]
        var notices: [Notice]
        /// Ascending by id.
        var origins: [Origin]
    }

    /// Some places that follow each other.
    struct Portion: Sendable {
        /// Counts portions, from 0.
        let number: Int
        /// Ascending by id.
        let places: [Place]
    }

    /// Places of a portion; chosen, not measured.
    static let portion = 512
    /// Portions that wait at most; chosen, not measured: some 40 MB.
    static let mostWaiting = 256

    private let found: Found
    private let records: Ahead<Records>

    /// Begins to read.
    ///
    /// - Parameter mostWaiting: portions that wait at most.
    init(_ store: DirectoryStore, mostWaiting: Int = StoreReading.mostWaiting) {
        found = Found(mostWaiting: mostWaiting)
        records = Ahead { [found] () throws(DirectoryError) in
            defer { found.end() }
            return try store.read { reader in
                var places: [Place] = []
                try reader.forEachPlace { place in
                    places.append(place)
                    if places.count == StoreReading.portion { try found.put(&places) }
                }
                try found.put(&places)
                return try Records(reader)
            }
        }
    }

    /// The portion that was read first of those that nobody has, or nil when there are no more.
    ///
    /// Waits for it. From any number of threads.
    func next() -> Portion? { found.next() }

    /// What is not a place; waits until all is read, and so until all portions but the last ones are taken.
    func rest() throws(DirectoryError) -> Records { try records.value() }

    /// Ends the reading; returns when the store is not used any more.
    func abandon() {
        found.end()
        _ = try? records.value()
    }

    /// Portions that wait for somebody.
    private final class Found: @unchecked Sendable {
        // Unchecked: all is under the condition's lock.
        private let condition = NSCondition()
        private let mostWaiting: Int
        private var portions: Deque<Portion> = []
        private var count = 0
        private var isEnded = false

        init(mostWaiting: Int) { self.mostWaiting = mostWaiting }

        /// Waits while very many wait.
        func put(_ places: inout [Place]) throws(DirectoryError) {
            let isTaken = condition.withLock {
                while portions.count >= mostWaiting && !isEnded { condition.wait() }
                if isEnded { return false }
                portions.append(Portion(number: count, places: places))
                count += 1
                condition.broadcast()
                return true
            }
            guard isTaken else { throw DirectoryError(.unavailable, "the reading of the store was given up") }
            places = []
            places.reserveCapacity(StoreReading.portion)
        }

        func end() {
            condition.withLock {
                isEnded = true
                condition.broadcast()
            }
        }

        func next() -> Portion? {
            condition.withLock {
                while portions.isEmpty && !isEnded { condition.wait() }
                // Who reads may wait for room.
                condition.broadcast()
                return portions.popFirst()
            }
        }
    }
}

extension StoreReading.Records {
    fileprivate init(_ reader: borrowing StoreReader) throws(DirectoryError) {
        revision = try reader.revision()
        communities = try reader.communities()
        grids = try reader.grids()
        sources = try reader.sources()
        confirmations = try reader.lastConfirmations()
        organisations = try reader.organisations()
        activities = try reader.activities()
        notices = try reader.notices()
        var origins: [Origin] = []
        try reader.forEachOrigin { origins.append($0) }
        self.origins = origins
    }
}
