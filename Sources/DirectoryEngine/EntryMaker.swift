internal import DirectoryModel
internal import Dispatch
internal import Foundation
internal import ModuleHost
internal import Synchronization

/// Makes entries of stored places on all processors, as they are read.
///
/// As a reload does: a type or module may have changed while nobody was here to see it.
final class EntryMaker: Sendable {
    private let reading: StoreReading
    private let host: ModuleHost
    private let settled: Set<ServiceTypeID>
    private let made = Mutex<Made>(Made())

    private struct Made {
        var entries: [Int: [PlaceEntry]] = [:]
        var count = 0
        var unsettled: Set<ServiceTypeID> = []
    }

    /// A maker of entries by modules.
    ///
    /// - Parameter settled: types whose places are stored as they would be normalised now.
    init(of reading: StoreReading, host: ModuleHost, settled: Set<ServiceTypeID>) {
        self.reading = reading
        self.host = host
        self.settled = settled
    }

    /// Makes all entries.
    ///
    /// - Parameter progress: told again and again how many are made.
    /// - Returns: the entries in the order of the places, and the types of which some place is stored otherwise than it
    ///   would be normalised now.
    func run(progress: (Int) -> Void) -> (entries: [PlaceEntry], unsettled: Set<ServiceTypeID>) {
        let group = DispatchGroup()
        for _ in 1..<max(2, ProcessInfo.processInfo.activeProcessorCount) {
            group.enter()
            // A thread of its own: it waits for places.
            Thread.detachNewThread { [self] in
                while let portion = reading.next() { make(portion) }
                group.leave()
            }
        }
        while let portion = reading.next() { progress(make(portion)) }
        group.wait()
        return made.withLock { made in
            var entries: [PlaceEntry] = []
            entries.reserveCapacity(made.count)
            for number in 0..<made.entries.count { entries += made.entries[number] ?? [] }
            made.entries = [:]
            return (entries, made.unsettled)
        }
    }

    /// - Returns: how many entries are made so far.
    @discardableResult
    private func make(_ portion: StoreReading.Portion) -> Int {
        var entries: [PlaceEntry] = []
        entries.reserveCapacity(portion.places.count)
        var unsettled: Set<ServiceTypeID> = []
        for place in portion.places {
            if settled.contains(place.type) {
                entries.append(PlaceEntry(place, host: host, writesRecord: false))
            } else {
                let entry = PlaceEntry(renewing: place, host: host, writesRecord: false)
                if entry.record.place != place { unsettled.insert(place.type) }
                entries.append(entry)
            }
        }
        return made.withLock { made in
            made.entries[portion.number] = entries
            made.count += entries.count
            made.unsettled.formUnion(unsettled)
            return made.count
        }
    }
}
