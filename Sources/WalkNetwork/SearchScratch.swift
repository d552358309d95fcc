import DirectoryModel
import Synchronization

/// An entry of a bucket: a vertex with the key that it was reached with.
struct VertexEntry {
    /// The key; the entry is stale where the vertex has been reached with a lower one since.
    var key: UInt32
    /// The vertex.
    var vertex: UInt32
    /// The next entry of the bucket; 0: none.
    var next: UInt32
}

/// An entry of a bucket: a target with the total that it was reached with.
struct TargetEntry {
    /// First leg + network + last leg, in metres.
    var total: Double
    /// The target.
    var slot: Int32
    /// The next entry of the bucket; 0: none.
    var next: UInt32
}

/// What a bucket holds.
struct Bucket {
    /// The first vertex entry; 0: none.
    var vertices: UInt32
    /// The first target entry; 0: none.
    var targets: UInt32
}

/// The least total that a target has been reached with.
struct TargetState {
    /// Metres.
    var total: Double
    /// The search in which that was.
    var epoch: UInt32
}

/// The working memory of searches on one network: allocated once, used again and again.
///
/// Not to be used by two searches at once; `SearchPool` hands it out.
package final class SearchScratch {
    /// A bucket spans 2^8 keys, which is 1.28 m: narrower than most edges, so that vertices are seldom taken
    /// twice.
    ///
    /// Measured with bounded.cpp as the best of 2^3 … 2^10 on Malta and on 1.06 million nodes.
    static let bucketShift: UInt32 = 8

    let vertexCount: Int
    /// Epoch in the upper, key in the lower half; epochs fall, so that older labels are always greater.
    let labels: UnsafeMutablePointer<UInt64>
    /// The half-edge (`edgeAndFlags`) that the label came over; allocated by the first search that asks.
    var parents: UnsafeMutablePointer<UInt32>?
    var epoch = UInt32.max
    var vertexEntries: UnsafeMutablePointer<VertexEntry>
    var vertexCapacity: Int
    var targetEntries: UnsafeMutablePointer<TargetEntry>
    var targetCapacity: Int
    var targetStates: UnsafeMutablePointer<TargetState>
    var stateCapacity: Int
    var buckets: UnsafeMutablePointer<Bucket>
    var occupied: UnsafeMutablePointer<UInt64>
    /// A multiple of 64.
    var bucketCapacity: Int
    /// Targets of the bucket at hand, in order; as many as there can be target entries.
    var due: UnsafeMutablePointer<ReachedTarget>
    /// Targets of the answer; as many as there can be target entries.
    var found: UnsafeMutablePointer<ReachedTarget>
    /// What searches over labels work with; allocated by the first of them.
    private(set) lazy var labelled = LabelScratch(vertexCount: vertexCount)

    init(vertexCount: Int) {
        self.vertexCount = vertexCount
        labels = .allocate(capacity: max(1, vertexCount))
        labels.initialize(repeating: .max, count: max(1, vertexCount))
        vertexCapacity = 1 << 10
        vertexEntries = .allocate(capacity: vertexCapacity)
        targetCapacity = 1 << 10
        targetEntries = .allocate(capacity: targetCapacity)
        due = .allocate(capacity: targetCapacity)
        found = .allocate(capacity: targetCapacity)
        stateCapacity = 0
        targetStates = .allocate(capacity: 1)
        bucketCapacity = 1 << 13
        buckets = .allocate(capacity: bucketCapacity)
        buckets.initialize(repeating: Bucket(vertices: 0, targets: 0), count: bucketCapacity)
        occupied = .allocate(capacity: bucketCapacity / 64)
        occupied.initialize(repeating: 0, count: bucketCapacity / 64)
    }

    deinit {
        labels.deallocate()
        parents?.deallocate()
        vertexEntries.deallocate()
        targetEntries.deallocate()
        due.deallocate()
        found.deallocate()
        targetStates.deallocate()
        buckets.deallocate()
        occupied.deallocate()
    }

    /// Starts a search: no vertex and no target has been reached.
    func begin(bucketCount: Int, slotLimit: Int, keepsParents: Bool) {
        epoch &-= 1
        if epoch == 0 {
            epoch = UInt32.max - 1
            labels.update(repeating: .max, count: max(1, vertexCount))
            for slot in 0..<stateCapacity { targetStates[slot].epoch = 0 }
        }
        if keepsParents && parents == nil {
            let fresh = UnsafeMutablePointer<UInt32>.allocate(capacity: max(1, vertexCount))
            fresh.initialize(repeating: 0, count: max(1, vertexCount))
            parents = fresh
        }
        if slotLimit > stateCapacity {
            targetStates.deallocate()
            stateCapacity = slotLimit + slotLimit / 4
            targetStates = .allocate(capacity: stateCapacity)
            targetStates.initialize(repeating: TargetState(total: 0, epoch: 0), count: stateCapacity)
        }
        if bucketCount > bucketCapacity { growBuckets(to: bucketCount) }
    }

    private func growBuckets(to count: Int) {
        buckets.deallocate()
        occupied.deallocate()
        bucketCapacity = (count + 63) & ~63
        buckets = .allocate(capacity: bucketCapacity)
        buckets.initialize(repeating: Bucket(vertices: 0, targets: 0), count: bucketCapacity)
        occupied = .allocate(capacity: bucketCapacity / 64)
        occupied.initialize(repeating: 0, count: bucketCapacity / 64)
    }

    /// Doubles the room for vertex entries.
    @inline(never) func growVertexEntries() {
        vertexEntries = Self.doubled(vertexEntries, vertexCapacity)
        vertexCapacity *= 2
    }

    /// Doubles the room for target entries, and for what becomes of them.
    @inline(never) func growTargetEntries() {
        targetEntries = Self.doubled(targetEntries, targetCapacity)
        due = Self.doubled(due, targetCapacity)
        found = Self.doubled(found, targetCapacity)
        targetCapacity *= 2
    }

    private static func doubled<Element>(
        _ memory: UnsafeMutablePointer<Element>, _ capacity: Int
    ) -> UnsafeMutablePointer<Element> {
        let larger = UnsafeMutablePointer<Element>.allocate(capacity: capacity * 2)
        larger.moveInitialize(from: memory, count: capacity)
        memory.deallocate()
        return larger
    }
}

/// Hands out working memory, so that each search at work has its own.
package final class SearchPool: Sendable {
    private let vertexCount: Int
    private let idle = Mutex<[Idle]>([])

    /// Working memory that nobody uses.
    private struct Idle: @unchecked Sendable {
        let scratch: SearchScratch
    }

    /// A pool for searches on one network.
    package init(network: WalkNetwork) { vertexCount = network.vertexCount }

    /// Runs `body` with working memory that nobody else uses meanwhile.
    package func withScratch<Result, Failure: Error>(
        _ body: (SearchScratch) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let taken = idle.withLock { $0.popLast() } ?? Idle(scratch: SearchScratch(vertexCount: vertexCount))
        defer { idle.withLock { $0.append(taken) } }
        return try body(taken.scratch)
    }
}
