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
        var parts: [Int: NewEntries.Part] = [:]
        var count = 0
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
    /// - Returns: the entries in the order of the places.
    func run(progress: (Int) -> Void) -> NewEntries {
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
        let made = made.withLock { made in
            defer { made = Made() }
            return made
        }
        return NewEntries((0..<made.parts.count).compactMap { made.parts[$0] }, count: made.count)
    }

    /// - Returns: how many entries are made so far.
    @discardableResult
    private func make(_ portion: StoreReading.Portion) -> Int {
        var part = NewEntries.Part(capacity: portion.places.count)
        for place in portion.places {
            let type = part.number(of: place.type, isSettled: settled.contains)
            if part.types[type].isSettled {
                part.add(PlaceEntry(place, host: host, writesRecord: false), type: type)
            } else {
                let entry = PlaceEntry(renewing: place, host: host, writesRecord: false)
                if entry.record.place != place { part.types[type].isUnsettled = true }
                part.add(entry, type: type)
            }
        }
        return made.withLock { made in
            made.parts[portion.number] = part
            made.count += part.places.count
            return made.count
        }
    }
}

/// Entries of all places of a store, and what is asked of them first, side by side: entries lie anywhere in memory, and
/// each that is looked into is waited for.
final class NewEntries: @unchecked Sendable {
    // Unchecked: constant but for `take`, which one thread calls.

    /// In the order of their ids.
    private(set) var places: [NewEntry] = []
    /// Their ids, in order, in pages.
    let ids: [[PlaceID]]
    /// The types in the order in which they come first; a place's `kind` counts them.
    private(set) var types: [ServiceTypeID] = []
    /// Types of which some place is stored otherwise than it would be normalised now.
    private(set) var unsettled: Set<ServiceTypeID> = []
    /// Active places by type, and by community.
    private(set) var countByType: [ServiceTypeID: Int] = [:]
    private(set) var countByCommunity: [CommunityID: Int] = [:]
    /// Those whose records name others.
    private(set) var related: [PlaceEntry] = []
    /// Places before this one were taken.
    private var taken = 0

    /// Puts parts together, which follow each other.
    fileprivate init(_ parts: [Part], count: Int) {
        ids = parts.map(\.ids)
        places.reserveCapacity(count)
        var kinds: [ServiceTypeID: UInt16] = [:]
        for part in parts {
            let numbers = part.types.map { type in
                if let kind = kinds[type.id] { return kind }
                let kind = UInt16(truncatingIfNeeded: kinds.count)
                kinds[type.id] = kind
                types.append(type.id)
                return kind
            }
            for var place in part.places {
                place.kind = numbers[Int(place.kind)]
                places.append(place)
            }
            for type in part.types {
                if type.count > 0 { countByType[type.id, default: 0] += type.count }
                if type.isUnsettled { unsettled.insert(type.id) }
            }
            countByCommunity.merge(part.countByCommunity, uniquingKeysWith: +)
            related += part.related
        }
    }

    deinit {
        for place in places[taken...] { place.entry.release() }
    }

    /// The number of places.
    var count: Int { places.count }

    /// Hands over the entry of the next place, in order.
    func takeNext() -> PlaceEntry {
        defer { taken += 1 }
        return places[taken].entry.takeRetainedValue()
    }

    /// Entries of places that follow each other.
    fileprivate struct Part {
        var ids: [PlaceID] = []
        /// Their `kind` is the number of the type here.
        var places: [NewEntry] = []
        var types: [PartType] = []
        private var numbers: [ServiceTypeID: Int] = [:]
        var countByCommunity: [CommunityID: Int] = [:]
        var related: [PlaceEntry] = []

        init(capacity: Int) {
            ids.reserveCapacity(capacity)
            places.reserveCapacity(capacity)
        }

        /// The number of a type here, given to it when it is first seen.
        mutating func number(of type: ServiceTypeID, isSettled: (ServiceTypeID) -> Bool) -> Int {
            if let number = numbers[type] { return number }
            let number = types.count
            numbers[type] = number
            types.append(PartType(id: type, isSettled: isSettled(type)))
            return number
        }

        mutating func add(_ entry: PlaceEntry, type: Int) {
            ids.append(entry.record.id)
            places.append(
                NewEntry(
                    entry: .passRetained(entry), point: entry.listedPoint,
                    kind: UInt16(truncatingIfNeeded: type)))
            if entry.hasRelations { related.append(entry) }
            guard entry.isActive else { return }
            types[type].count += 1
            if let community = entry.community { countByCommunity[community, default: 0] += 1 }
        }
    }

    fileprivate struct PartType {
        let id: ServiceTypeID
        /// Whether its places are stored as they would be normalised now.
        let isSettled: Bool
        /// Whether some place is not.
        var isUnsettled = false
        /// Active places.
        var count = 0
    }
}

/// A new entry, with what is asked of it first; without anything that would be counted when it is copied.
struct NewEntry {
    let entry: Unmanaged<PlaceEntry>
    /// Where it is, if it is listed in answers.
    let point: Coordinate?
    /// The number of its type.
    var kind: UInt16
}
