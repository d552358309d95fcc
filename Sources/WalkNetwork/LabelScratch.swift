/// The shortest walks to a target that a search over labels has met.
///
/// 24 bytes.
struct HubState {
    /// A total of targets that are met and not in order yet.
    static let isMet = -1.0

    /// The walk of the answer so far, in metres; infinite: not waiting for its turn.
    var total: Double
    /// The least order of a walk in over the tail of its edge, and over the head; UInt32.max: none.
    var tail: UInt32
    var head: UInt32
    /// The search in which that was.
    var epoch: UInt32
}

/// A hub of the origin, and how far its list has been read.
struct HubCursor {
    /// The next word of its list.
    var next: UnsafePointer<UInt64>
    /// Behind the last one.
    var end: UnsafePointer<UInt64>
    /// The key of the hub, as of a vertex in a bounded search.
    var key: UInt32
}

/// Memory for plain values that grows by doubling and is never given back.
struct GrowingMemory<Element> {
    private(set) var start: UnsafeMutablePointer<Element>
    private(set) var capacity: Int

    init(capacity: Int) {
        self.capacity = capacity
        start = .allocate(capacity: capacity)
    }

    /// Makes room for `count` elements and keeps the first `kept`.
    @inline(__always) mutating func ensure(_ count: Int, keeping kept: Int) {
        if count > capacity { grow(to: count, keeping: kept) }
    }

    @inline(never) private mutating func grow(to count: Int, keeping kept: Int) {
        let larger = UnsafeMutablePointer<Element>.allocate(capacity: max(count, capacity * 2))
        larger.moveInitialize(from: start, count: kept)
        start.deallocate()
        start = larger
        capacity = max(count, capacity * 2)
    }
}

/// Lists that a search over labels fills.
struct LabelMemory {
    var cursors = GrowingMemory<HubCursor>(capacity: 256)
    /// Orders and numbers of cursors, the least first.
    var queue = GrowingMemory<UInt64>(capacity: 256)
    /// Targets that wait for their turn, in order.
    var waiting = GrowingMemory<ReachedTarget>(capacity: 256)
    /// Targets of the answer.
    var found = GrowingMemory<ReachedTarget>(capacity: 256)
    /// Slots that were met when lists were read to their ends.
    var met = GrowingMemory<Int32>(capacity: 1_024)
    /// The same as targets, by bucket.
    var sorted = GrowingMemory<ReachedTarget>(capacity: 1_024)

    func deallocate() {
        cursors.start.deallocate()
        queue.start.deallocate()
        waiting.start.deallocate()
        found.start.deallocate()
        met.start.deallocate()
        sorted.start.deallocate()
    }
}

/// The working memory of searches over labels.
final class LabelScratch {
    private(set) var states: UnsafeMutablePointer<HubState>
    private var stateCapacity = 0
    var epoch: UInt32 = 0
    /// What a search takes for its time, so that nothing of a class is looked at on its way.
    var memory = LabelMemory()
    /// By vertex, the search in which its list was opened last.
    let opened: UnsafeMutablePointer<UInt32>
    private let vertexCount: Int
    /// By bucket, where its targets start.
    let bucketStarts: UnsafeMutablePointer<Int32>

    /// A bucket of targets spans 2^7 cm; chosen, not measured: a few targets each in a dense city.
    static let bucketShift = 7
    static let bucketCount = Int(LabelBound.centimetres) >> bucketShift + 2

    init(vertexCount: Int) {
        self.vertexCount = vertexCount
        states = .allocate(capacity: 1)
        opened = .allocate(capacity: max(1, vertexCount))
        opened.initialize(repeating: 0, count: max(1, vertexCount))
        bucketStarts = .allocate(capacity: Self.bucketCount + 1)
    }

    deinit {
        states.deallocate()
        memory.deallocate()
        bucketStarts.deallocate()
        opened.deallocate()
    }

    /// Starts a search: no target has been met.
    func begin(slotLimit: Int) {
        if slotLimit > stateCapacity {
            states.deallocate()
            stateCapacity = slotLimit + slotLimit / 4
            states = .allocate(capacity: stateCapacity)
            states.initialize(
                repeating: HubState(total: .infinity, tail: .max, head: .max, epoch: 0), count: stateCapacity)
        }
        epoch &+= 1
        if epoch == 0 {
            for slot in 0..<stateCapacity { states[slot].epoch = 0 }
            opened.update(repeating: 0, count: vertexCount)
            epoch = 1
        }
    }
}
